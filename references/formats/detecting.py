"""Which format a file of references has. The content decides, never the name."""

import re

from . import csl_json, decoding, typed_list
from .decoding import Source
from .foreign import is_binary, is_foreign

#: How much of a file is looked at.
HEAD = 1 << 18

_RIS = re.compile(r"^\s{0,4}TY\s{0,3}-", re.M | re.I)
_NBIB = re.compile(r"^(?:<pre>)?\s?(?:PMID|PMC |OWN |STAT)\s?-", re.M)
_WEB_OF_SCIENCE = re.compile(r"^(?:FN [^\n]{1,200}\n+VR [0-9]|PT [JBSCP][^\S\n]*$)", re.M)
#: An entry of a type that is known, or one that has a key and a field: “@media (” begins none.
_BIBTEX = re.compile(
    r"^[^\S\n]{0,9}@\s{0,9}(?:(?:article|book|booklet|collection|comment|conference|dataset"
    r"|electronic|in(?:book|collection|proceedings)|manual|mastersthesis|misc|online|patent"
    r"|phdthesis|preamble|proceedings|report|software|string|techreport|thesis|unpublished)"
    r"\s{0,9}[{(]|[A-Za-z]{1,40}\s{0,9}\{[^\s,={}()\"']{0,200}\s{0,9},\s{0,99}[A-Za-z][\w-]{0,60}"
    r"\s{0,9}=)",
    re.M | re.I,
)
_PUBMED = re.compile(
    r"<(?:PubmedArticle|PubmedBookArticle|MedlineCitation)\b|<!DOCTYPE\s+Pubmed", re.I
)
_CROSSREF = re.compile(
    r'"(?:message|message-type)"\s*:|"title"\s*:\s*\[|"(?:short-)?container-title"\s*:\s*\['
)
#: Line beginnings of tagged text whose records have no TY and no PMID: RIS has tags of two letters,
#: MEDLINE has some that RIS has not.
_TAGGED = re.compile(r"^\s?([A-Z][A-Z0-9]{1,3})\s{0,3}- ", re.M)
_RIS_TAGS = frozenset("A1 A2 AU DO EP ER ID IS JA JF JO KW PB PY SN SP T1 T2 TI UR VL Y1".split())
_NBIB_TAGS = frozenset("AID AU DEP DP FAU IP JT LID MH PG PT SO TA TI VI".split())
_LEAST_TAGS = 3


def key_of(data: Source) -> str:
    """Return the key in formats.FORMATS of what `data` holds, or "" when it is none of them."""
    head = decoding.head_of(decoding.as_stream(data), HEAD)
    if is_binary(head):
        return ""
    text = decoding.whole_text(decoding.as_stream(head))
    start = text.lstrip()[:200]
    if start.startswith(("[", "{")) and not re.match(r"\[[^\W\d_]*[0-9]{1,3}\]", start):
        if _CROSSREF.search(text):
            return "crossref"
        return "csl" if csl_json.looks_like_items(text) else ""
    if start.startswith("<") and _PUBMED.search(text):
        return "pubmed_xml"
    if is_foreign(text):
        return ""
    if key := _key_of_first_record(text) or _key_of_tags(text):
        return key
    if start.startswith("<"):
        return ""
    return "paste" if typed_list.is_one(text) else ""


def _key_of_first_record(text):
    begins = {
        key: match.start()
        for key, pattern in (
            ("ris", _RIS),
            ("nbib", _NBIB),
            ("bibtex", _BIBTEX),
            ("wos", _WEB_OF_SCIENCE),
        )
        if (match := pattern.search(text))
    }
    return min(begins, key=begins.get) if begins else ""


def _key_of_tags(text):
    """Return the key of tagged text in which no record begins as its format wants it, or ""."""
    tags = set(_TAGGED.findall(text))
    if not tags & {"TI", "T1"}:
        return ""
    found = {"ris": len(tags & _RIS_TAGS), "nbib": len(tags & _NBIB_TAGS)}
    key = max(found, key=found.get)
    return key if found[key] >= _LEAST_TAGS else ""
