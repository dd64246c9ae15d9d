"""CSL-JSON: the shape a reference is stored in, and the few facts read out of it for search."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, TypedDict

CslName = TypedDict(
    "CslName",
    {
        "family": str,
        "given": str,
        "dropping-particle": str,
        "non-dropping-particle": str,
        "suffix": str,
        "literal": str,
        "comma-suffix": bool | str | int,
        "static-ordering": bool | str | int,
        "parse-names": bool | str | int,
    },
    total=False,
)
CslDate = TypedDict(
    "CslDate",
    {
        "date-parts": list[list[int]],
        "season": str | int,
        "circa": str | int | bool,
        "literal": str,
        "raw": str,
    },
    total=False,
)
#: An item of CSL-JSON 1.0.2 (citation-style-language/schema, csl-data.json): the fields we keep.
Csl = TypedDict(
    "Csl",
    {
        "type": str,
        "categories": list[str],
        "custom": dict[str, Any],
        # Names
        "author": list[CslName],
        "chair": list[CslName],
        "collection-editor": list[CslName],
        "compiler": list[CslName],
        "composer": list[CslName],
        "container-author": list[CslName],
        "contributor": list[CslName],
        "curator": list[CslName],
        "director": list[CslName],
        "editor": list[CslName],
        "editorial-director": list[CslName],
        "executive-producer": list[CslName],
        "guest": list[CslName],
        "host": list[CslName],
        "illustrator": list[CslName],
        "interviewer": list[CslName],
        "narrator": list[CslName],
        "organizer": list[CslName],
        "original-author": list[CslName],
        "performer": list[CslName],
        "producer": list[CslName],
        "recipient": list[CslName],
        "reviewed-author": list[CslName],
        "script-writer": list[CslName],
        "series-creator": list[CslName],
        "translator": list[CslName],
        # Dates
        "accessed": CslDate,
        "available-date": CslDate,
        "event-date": CslDate,
        "issued": CslDate,
        "original-date": CslDate,
        "submitted": CslDate,
        # Text
        "annote": str,
        "archive": str,
        "archive-place": str,
        "archive_collection": str,
        "archive_location": str,
        "authority": str,
        "call-number": str,
        "chapter-number": str,
        "citation-key": str,
        "citation-label": str,
        "collection-number": str,
        "collection-title": str,
        "collection-title-short": str,
        "container-title": str,
        "container-title-short": str,
        "dimensions": str,
        "division": str,
        "DOI": str,
        "edition": str,
        "event": str,
        "event-place": str,
        "event-title": str,
        "genre": str,
        "ISBN": str,
        "ISSN": str,
        "issue": str,
        "journalAbbreviation": str,
        "jurisdiction": str,
        "keyword": str,
        "language": str,
        "license": str,
        "locator": str,
        "medium": str,
        "note": str,
        "number": str,
        "number-of-pages": str,
        "number-of-volumes": str,
        "original-publisher": str,
        "original-publisher-place": str,
        "original-title": str,
        "page": str,
        "page-first": str,
        "part": str,
        "part-number": str,
        "part-title": str,
        "PMCID": str,
        "PMID": str,
        "printing": str,
        "printing-number": str,
        "publisher": str,
        "publisher-place": str,
        "references": str,
        "reviewed-genre": str,
        "reviewed-title": str,
        "scale": str,
        "section": str,
        "shortTitle": str,
        "source": str,
        "status": str,
        "supplement": str,
        "supplement-number": str,
        "title": str,
        "title-short": str,
        "URL": str,
        "version": str,
        "volume": str,
        "volume-title": str,
        "volume-title-short": str,
        "year-suffix": str,
    },
    total=False,
)


def _fields_of_kind(kind: object) -> frozenset[str]:
    return frozenset(field for field, known in Csl.__annotations__.items() if known == kind)


NAME_FIELDS = _fields_of_kind(list[CslName])
DATE_FIELDS = _fields_of_kind(CslDate)
TEXT_FIELDS = _fields_of_kind(str) - {"type"}

_TAGS = re.compile(r"<[^<>]*>")
#: Letters that NFKD does not take apart, as people without them on the keyboard write them.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
#: PostgreSQL indexes no text longer than about 2,700 bytes. Two titles differ long before that.
_LONGEST_KEY = 600
#: One letter may unfold into eighteen. A thousand accents on one letter take long to put in order.
_LONGEST_FOLDED = 4 * _LONGEST_KEY
#: Large trials name hundreds of authors. People who look for the last one look by title.
_LONGEST_AUTHORS = 2000


def year(csl: Csl) -> int | None:
    """Return the year of `issued`, or None. Negative and absurd years count as none."""
    try:
        number = int(csl["issued"]["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return number if 1000 <= number <= 2999 else None


def first_contributor(csl: Csl) -> CslName:
    """Return the first author, else the first editor, else an empty name."""
    names = csl.get("author") or csl.get("editor") or []
    return names[0] if isinstance(names, list) and names and isinstance(names[0], dict) else {}


def first_author(csl: Csl) -> str:
    """Return family name (or literal) of the first author or editor, else ""."""
    return str(family_or_literal(first_contributor(csl)) or "")


def family_or_literal(name: Mapping[str, Any]) -> str | None:
    """Return what a name begins with in a list: the family name, or the name of a body."""
    # Crossref's own JSON has "name" where CSL has "literal".
    return name.get("family") or name.get("literal") or name.get("name")


def name_key(text: object) -> str:
    """Return what a name is searched by.

    It is the title_key in plain letters, so that “Grobli” finds “Gröbli”.
    """
    return title_key(str(text or "").lower().translate(_PLAIN))


def words_key(text: object) -> str:
    """Return the words of `text` for a search: plain letters, lower case, single blanks."""
    folded = unicodedata.normalize("NFKD", without_tags(text).lower().translate(_PLAIN))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def authors_key(csl: Csl) -> str:
    """Return the name_key of each author and editor, a blank between two."""
    names = [
        name
        for people in (csl.get("author"), csl.get("editor"))
        for name in people or ()
        if isinstance(name, dict)
    ]
    keys = (name_key(family_or_literal(name)) for name in names)
    return " ".join(dict.fromkeys(filter(None, keys)))[:_LONGEST_AUTHORS]


def without_tags(text: object) -> str:
    """Return `text` without markup, white space folded: titles in the wild carry <i> and <sub>."""
    return " ".join(_TAGS.sub("", str(text or "")).split())


def title_key(title: object) -> str:
    """Return what two spellings of one title share.

    Unicode form NFKD, no tags, letters and digits only, lower case.
    """
    folded = unicodedata.normalize("NFKD", without_tags(title)[:_LONGEST_FOLDED]).lower()
    return "".join(letter for letter in folded if letter.isalnum())[:_LONGEST_KEY]
