"""CSL-JSON: the shape a reference is stored in, and the few facts read out of it for search."""

import re
import unicodedata

#: CSL-JSON 1.0.2 (citation-style-language/schema, csl-data.json): the item fields we keep.
NAME_FIELDS = {
    "author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor", "curator",
    "director", "editor", "editorial-director", "executive-producer", "guest", "host", "illustrator", "interviewer",
    "narrator", "organizer", "original-author", "performer", "producer", "recipient", "reviewed-author",
    "script-writer", "series-creator", "translator",
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


def without_tags(text):
    """`text` without markup, white space folded: titles in the wild carry <i> and <sub>."""
    return " ".join(_TAGS.sub("", str(text or "")).split())


#: PostgreSQL indexes no text longer than about 2,700 bytes; no two titles first differ behind this.
_LONGEST_KEY = 600


def title_key(title):
    """What two spellings of one title share: NFKD, tags out, letters and digits only, lower case."""
    folded = unicodedata.normalize("NFKD", without_tags(title)).lower()
    return "".join(letter for letter in folded if letter.isalnum())[:_LONGEST_KEY]
