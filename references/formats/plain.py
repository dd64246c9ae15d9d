"""Articles so plain that nothing of them is lost on the way through a format.

A writer reads back what it wrote to learn what its format could not hold. Reading costs far more
than writing, and most of a library are journal articles with nothing in them that a format might
take for something else. Here is what is known of those without reading. What is not certain is not
plain: then the writer reads.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from references import identifiers
from references.csl import Csl

from . import addresses, languages, names

#: Letters, numbers, and signs that mean nothing in any of our formats.
_TEXT = re.compile(r"[^\W_](?:[\w ,:;()\[\]/+=’‘'“”\"°±×≥≤%&?!.–—-]{0,2000}[^\W_])?[?!)]{0,2}")
#: What the formats do fold, close, escape or read as a mark, and an “&” without a blank behind it.
_NO_TEXT = ("  ", "--", "''", "_", " ,", "..")
_NAME = re.compile(r"[^\W\d_]+(?:[ ’'-][^\W\d_]+){0,5}")
_GIVEN = re.compile(r"[^\W\d_]+\.?(?:[ ’'-][^\W\d_]+\.?){0,5}")
#: Names of which no reader can make anything else, so that reading them back need not be tried.
_WORD = r"(?!(?:Prof|Esq|Jnr|Snr|Junior|Senior)\b)[^\W\d_a-z][^\W\d_A-Z]{2,20}"
_CERTAIN_NAME = re.compile(
    rf"[^\W\d_a-z][^\W\d_]{{1,30}}(?:-[^\W\d_]{{1,30}})?,"
    rf" (?:(?:{_WORD}|[A-UW-Z]\.?)(?:[ -]|$)){{1,3}}"
)
_NO_NAMES = frozenset(
    "and others et al author editor contributor translator compiler illustrator".split()
)
_BETWEEN_WORDS = str.maketrans(",.-’'", "     ")
#: DOIs of which identifiers.doi() cuts nothing off; those of preprints and PLOS may have more.
_CERTAIN_DOI = re.compile(
    r"10\.(?!(?:1101|1371|64898)/)[0-9]{4,5}/(?!.{0,100}pm)[a-z0-9](?:[a-z0-9.()-]{0,80}[a-z0-9])?",
    re.A | re.I,
)
_ADDRESS = re.compile(r"https?://[a-z0-9.-]{3,60}(?:/[A-Za-z0-9/_.-]{0,200})?")
#: Addresses that readers take identifiers from.
_TELLS_IDENTIFIER = re.compile(r"doi|10\.|pubmed|pmc|ncbi|pmid", re.I)
_NUMBER = re.compile(r"[A-Za-z1-9](?:[A-Za-z0-9 -]{0,20}[A-Za-z0-9])?")
_PAGES = re.compile(r"([1-9][0-9]{0,5})-([1-9][0-9]{0,5})|[a-z]?[1-9][0-9]{0,6}")
_LONGEST_LIST = 100

_WORDS = frozenset(
    "title container-title container-title-short publisher publisher-place source keyword".split()
)
_PATTERNS = {
    "volume": _NUMBER,
    "issue": _NUMBER,
    "ISSN": re.compile(r"[0-9]{4}-?[0-9]{3}[0-9X]"),
    "PMID": re.compile(r"[1-9][0-9]{0,7}"),
    "PMCID": re.compile(r"PMC[1-9][0-9]{3,7}"),
    "type": re.compile("article-journal"),
}


def as_plain(item: object) -> Csl | None:
    """Return `item` as conforming leaves it, if it is plain; else None."""
    if not isinstance(item, dict) or item.get("type") != "article-journal":
        return None
    if not item.get("title") or not all(map(_is_plain, item, item.values())):
        return None
    if item.get("container-title-short", "") == item.get("container-title", "no journal"):
        return None
    if "container-title-short" in item and "container-title" not in item:
        return None
    if "author" not in item:
        return cast(Csl, item)
    # PostgreSQL keeps no order of keys.
    people = [{"family": name["family"], "given": name["given"]} for name in item["author"]]
    return cast(Csl, {**item, "author": people})


def loss(csl: Mapping[str, Any], never_written: frozenset[str]) -> dict[str, Any]:
    """Return what a format loses of a plain work: the fields that it has no place for."""
    return {field: value for field, value in csl.items() if field in never_written}


def _is_plain(field, value):
    if field in _WORDS:
        return isinstance(value, str) and _is_plain_text(
            # MEDLINE puts a full stop behind a title. “J Appl Physiol.” has one of its own.
            value if field == "title" else value.removesuffix(".")
        )
    if pattern := _PATTERNS.get(field):
        return isinstance(value, str) and bool(pattern.fullmatch(value)) and "  " not in value
    check = _CHECKS.get(field)
    return check is not None and check(value)


def _is_plain_text(text):
    return (
        _TEXT.fullmatch(text) is not None
        and not any(part in text for part in _NO_TEXT)
        and text.count("&") == text.count("& ")
    )


def _are_plain_names(value):
    if not isinstance(value, list) or not 0 < len(value) <= _LONGEST_LIST:
        return False
    for name in value:
        if not isinstance(name, dict) or len(name) != 2:
            return False
        family, given = name.get("family"), name.get("given")
        if not isinstance(family, str) or not isinstance(given, str):
            return False
        if not _is_plain_name(family, given):
            return False
    return True


@lru_cache(50_000)
def _is_plain_name(family, given):
    text = f"{family}, {given}"
    if text[-1] in " -" or not _NO_NAMES.isdisjoint(_words_of(text)):
        return False
    if _CERTAIN_NAME.fullmatch(text):
        return True
    return (
        _NAME.fullmatch(family) is not None
        and _GIVEN.fullmatch(given) is not None
        and names.people([text]) == [{"family": family, "given": given}]
    )


def _words_of(name):
    return name.lower().translate(_BETWEEN_WORDS).split()


def _is_plain_date(value):
    if not isinstance(value, dict) or list(value) != ["date-parts"]:
        return False
    match value["date-parts"]:
        case [[int(year), *rest]] if len(rest) < 3 and 1000 <= year <= 2999:
            most = (12, 28)
            return all(
                type(part) is int and 1 <= part <= limit
                for part, limit in zip(rest, most, strict=False)
            )
    return False


def _is_plain_page(value):
    match = _PAGES.fullmatch(value) if isinstance(value, str) else None
    if not match or not match[1]:
        return bool(match)
    # Formats fold “5-5”, and read “454-81” as “454-481”.
    return match[1] != match[2] and len(match[2]) >= len(match[1])


def _is_plain_doi(value):
    if not isinstance(value, str) or "--" in value:
        return False
    if _CERTAIN_DOI.fullmatch(value):
        return True
    if not re.fullmatch(r"10\.[0-9]{4,9}/[A-Za-z0-9.()/-]+", value):
        return False
    read = identifiers.doi(value)
    return read.is_usable and read.display == value


@lru_cache(100)
def _is_plain_language(value):
    return bool(re.fullmatch("[a-z]{2}", value)) and (
        languages.short(value) == value == languages.short(languages.long(value))
    )


def _is_plain_address(value):
    return (
        isinstance(value, str)
        and bool(_ADDRESS.fullmatch(value))
        and not _TELLS_IDENTIFIER.search(value)
        and addresses.first_lasting([value]) == value
        and "_" not in value
        and "--" not in value
    )


_CHECKS = {
    "author": _are_plain_names,
    "issued": _is_plain_date,
    "accessed": lambda value: _is_plain_date(value) and len(value["date-parts"][0]) == 3,
    "page": _is_plain_page,
    "DOI": _is_plain_doi,
    "language": lambda value: isinstance(value, str) and _is_plain_language(value),
    "URL": _is_plain_address,
}
