"""Which words of the word list a text uses: what readers of it get explained beside it. Pure."""

import re

from .richtext.cleaning import plain_text
from .searching.letters import plain

#: Lists of rows whose own words a reader sees.
_ROWS = ("key_points", "indications", "recommendations", "help", "questions", "steps", "alternatives")
#: Lists of rows named by the shared vocabulary.
_TERMS = {"conditions": "condition", "side_effects": "side_effect", "contraindications": "contraindication"}
#: What Arabic writes before a word and as part of it: and, so, with, for, like, the.
_BEFORE = "(?:[وف]?[بلك]?(?:ال|لل?)?)"


def words_in(content, explained):
    """[{uid, word, meaning}] of those of `explained` that frozen `content` uses, by word.

    `explained` is (uid, word, meaning) of the words of its language. A word counts in any letters, with or without
    accents, and as a simple plural; never as a part of another word.
    """
    text = _said(content)
    found = [
        {"uid": str(uid), "word": word, "meaning": meaning}
        for uid, word, meaning in explained
        if _is_said(plain(word), text)
    ]
    return sorted(found, key=lambda row: (plain(row["word"]), row["uid"]))


def _said(content):
    """Everything a reader of the page reads that its author wrote, in plain letters (articles.searching.letters)."""
    texts = [content["title"], content["kicker"], content["summary"], plain_text(content["body"])]
    texts += [content["compared_with"], *(row["text"] for name in _ROWS for row in content.get(name, ()))]
    for name, term in _TERMS.items():
        for row in content[name]:
            texts += [row[term]["name"], row["note"], row.get("how_long", "")]
    texts += [text for row in content["comparison"] for text in (row["aspect"], row["here"], row["there"])]
    texts += [row["caption"] for row in content.get("pictures", ())]
    return plain("\n".join(texts))


def _is_said(word, text):
    parts = re.split(r"[\s-]+", word.strip())
    if parts[0] not in text or not re.search(r"\w", word):
        return False
    # Between its parts stands a blank, a hyphen or a line end.
    said = r"[\s-]{1,3}".join(map(re.escape, parts))
    return re.search(rf"(?<!\w){_BEFORE}{said}(?:e?s)?(?!\w)", text) is not None
