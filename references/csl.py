"""CSL-JSON: the shape a reference is stored in, and the few facts read out of it for search."""

import re
import unicodedata

#: CSL-JSON 1.0.2 (citation-style-language/schema, csl-data.json): the item fields we keep.
NAME_FIELDS = {
    "author", "chair", "collection-editor", "compiler", "composer", "container-author",
    "contributor", "curator", "director", "editor", "editorial-director", "executive-producer",
    "guest", "host", "illustrator", "interviewer", "narrator", "organizer", "original-author",
    "performer", "producer", "recipient", "reviewed-author", "script-writer", "series-creator",
    "translator",
}  # fmt: skip
DATE_FIELDS = {"accessed", "available-date", "event-date", "issued", "original-date", "submitted"}

_TAGS = re.compile(r"<[^<>]*>")


def year(csl):
    """The year of `issued`, or None. Negative and absurd years count as none."""
    try:
        found = int(csl["issued"]["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return found if 1000 <= found <= 2999 else None


def first_author(csl):
    """Family name (or literal) of the first author, else "" ."""
    names = csl.get("author") or csl.get("editor") or []
    first = names[0] if isinstance(names, list) and names and isinstance(names[0], dict) else {}
    return str(first.get("family") or first.get("literal") or first.get("name") or "")


#: Letters that NFKD does not take apart, as people without them on the keyboard write them.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)


def name_key(text):
    """What a name is searched by.

    As title_key, and in plain letters, so that “Grobli” finds “Gröbli”.
    """
    return title_key(str(text or "").lower().translate(_PLAIN))


def words_key(text):
    """The words of `text` as they are searched for.

    Plain letters, lower case, a blank between two.
    """
    folded = unicodedata.normalize("NFKD", without_tags(text).lower().translate(_PLAIN))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def authors_key(csl):
    """Family names (or literals) of everyone who wrote or edited the work, as name_key, a blank
    between two.
    """
    named = [
        name
        for role in ("author", "editor")
        for name in csl.get(role) or ()
        if isinstance(name, dict)
    ]
    keys = (
        name_key(name.get("family") or name.get("literal") or name.get("name")) for name in named
    )
    return " ".join(dict.fromkeys(filter(None, keys)))[:_LONGEST_AUTHORS]


#: Large trials name hundreds of authors; whoever looks for the last one looks by title.
_LONGEST_AUTHORS = 2000


def without_tags(text):
    """`text` without markup, white space folded: titles in the wild carry <i> and <sub>."""
    return " ".join(_TAGS.sub("", str(text or "")).split())


#: PostgreSQL indexes no text longer than about 2,700 bytes; no two titles first differ behind this.
_LONGEST_KEY = 600
#: One letter may unfold into eighteen, and a thousand accents on one letter are put in order one by
#: one.
_LONGEST_FOLDED = 4 * _LONGEST_KEY


def title_key(title):
    """What two spellings of one title share.

    NFKD, tags out, letters and digits only, lower case.
    """
    folded = unicodedata.normalize("NFKD", without_tags(title)[:_LONGEST_FOLDED]).lower()
    return "".join(letter for letter in folded if letter.isalnum())[:_LONGEST_KEY]
