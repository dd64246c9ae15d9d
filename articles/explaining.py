"""Which words of the word list a text says, and the way from them to what they mean. Pure."""

import re

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .richtext.cleaning import plain_text
from .searching.letters import letter_for_letter, plain, spelt

#: Lists of rows whose own words a reader sees.
_ROWS = ("key_points", "indications", "recommendations", "help", "questions", "steps", "alternatives")
#: Lists of rows named by the shared vocabulary.
_TERMS = {"conditions": "condition", "side_effects": "side_effect", "contraindications": "contraindication"}
#: What Arabic writes before a word and as part of it: and, so, with, for, like, the.
_BEFORE = "(?:[وف]?[بلك]?(?:ال|لل?)?)"
#: What of a text leads nowhere: headings, links, citation numbers, our own words, tags. "&" begins a letter's name.
_NO_WORDS = re.compile(
    r'<(h[23]|a|sup)\b.*?</\1>|<span class="said">.*?</span>|<[^>]*>|&#?\w+;', re.DOTALL
)  # fmt: skip


def words_in(content, explained):
    """[{uid, word, meaning}] of those of `explained` that frozen `content` says, by word.

    `explained` is (uid, word, meaning) of the words of its language. A word counts in any letters, with or without
    accents, and as a simple plural; never as a part of another word.
    """
    text = letter_for_letter(_said(content))
    found = [
        {"uid": str(uid), "word": word, "meaning": meaning}
        for uid, word, meaning in explained
        if re.search(r"\w", word) and re.search(_pattern(word), text)
    ]
    return sorted(found, key=lambda row: (plain(row["word"]), row["uid"]))


def with_links(html, words):
    """(`html` of a reader's page where the first place that says each word leads to what it means, numbers led to).

    Word number n of `words` stands at #wn, and its place in the text is #wn-1. Headings and links are left alone.
    """
    if not words:
        return html, set()
    by_length = sorted(enumerate(words, 1), key=lambda numbered: -len(numbered[1]))
    pattern = re.compile("|".join(f"(?P<w{number}>{_pattern(word)})" for number, word in by_length))
    pieces, led_to, end = [], set(), 0

    def link(text):
        done = 0
        for said in pattern.finditer(letter_for_letter(text)):
            number = said.lastgroup
            if number not in led_to:
                led_to.add(number)
                # A part of what has passed nh3, as it stands there.
                words = mark_safe(text[said.start() : said.end()])  # noqa: S308
                pieces.append(text[done : said.start()])
                pieces.append(
                    format_html('<a id="{0}-1" href="#{0}" role="doc-glossref">{1}</a>', number, words)
                )  # fmt: skip
                done = said.end()
        pieces.append(text[done:])

    for apart in _NO_WORDS.finditer(html):
        link(html[end : apart.start()])
        pieces.append(apart[0])
        end = apart.end()
    link(html[end:])
    # Pieces of `html`, which is safe, and links made by format_html.
    return mark_safe("".join(pieces)), {int(number[1:]) for number in led_to}  # noqa: S308


def _said(content):
    """Everything a reader of the page reads that its author wrote."""
    texts = [content["title"], content["kicker"], content["summary"], plain_text(content["body"])]
    texts += [content["compared_with"], *(row["text"] for name in _ROWS for row in content.get(name, ()))]
    for name, term in _TERMS.items():
        for row in content[name]:
            texts += [row[term]["name"], row["note"], row.get("how_long", "")]
    texts += [text for row in content["comparison"] for text in (row["aspect"], row["here"], row["there"])]
    texts += [row["caption"] for row in content.get("pictures", ())]
    return "\n".join(texts)


def _pattern(word):
    """Where a text in plain letters says `word`."""
    # Between its parts stands a blank, a hyphen or a line end.
    said = r"[\s-]{1,3}".join(map(spelt, re.split(r"[\s-]+", plain(word.strip()))))
    return rf"(?<!\w){_BEFORE}{said}(?:e?s)?(?!\w)"
