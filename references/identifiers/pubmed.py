"""The grammars of PMID and PMCID, the numbers of PubMed and PubMed Central."""

import re

from .characters import CHARACTER_STEPS, apply_steps
from .identifier import Identifier, Status, not_of_kind, read, rejected

_NLM = r"(?:https?://)?(?:[a-z]+\.)?(?:pubmed\.ncbi|ncbi|pmc\.ncbi)\.nlm\.nih\.gov/"
_PMID_LABEL = re.compile(
    r"\s*(?:pubmed[ ]?)?pm[ ]?id[ ]{0,3}[:#=]?\s{0,3}|\s*pubmed(?:[ ]id)?[ ]{0,3}[:#=]?\s{1,3}",
    re.I,
)
_PMID_URL = re.compile(
    rf"\s*(?:{_NLM}(?:m/)?(?:pubmed/)?(?:\?(?:[^\s?#]{{0,200}}&)?term=)?"
    r"|(?:https?://)?(?:www\.)?pubmed\.gov/"
    r"|(?:https?://)?(?:www\.)?europepmc\.org/(?:article|abstract)/med/)(?=[0-9])",
    re.I,
)
_NUMBER = re.compile(r"[0-9]+")
_PMCID_LABEL = re.compile(r"\s*(?:pubmed central )?pmc[ ]?id[ ]{0,3}[:#=]?\s{0,3}", re.I)
_PMCID_URL = re.compile(
    rf"\s*(?:{_NLM}(?:pmc/)?articles/|(?:https?://)?(?:www\.)?europepmc\.org/(?:articles?/)(?:pmc/)?)(?=pmc)",
    re.I,
)
PMCID = re.compile(r"(pmc)([ ]{0,3})([0-9]+)(\.[0-9]{1,2})?", re.I)


def read_pmid(pasted: str, *, one_box: bool) -> Identifier:
    """Return the PMID in `pasted`. Offers no identifier of another kind."""
    text, codes = apply_steps(CHARACTER_STEPS, pasted)
    if not text.strip():
        return Identifier("pmid", Status.EMPTY)
    lead = _PMID_URL.match(text) or _PMID_LABEL.match(text)
    start = lead.end() if lead else len(text) - len(text.lstrip())
    number = _NUMBER.match(text, start)
    rest = text[number.end() :] if number else text
    if not number or not _ends_here(rest, is_labelled=bool(lead)):
        return not_of_kind("pmid")
    return _numbered_pmid(number[0], rest, codes, is_labelled=bool(lead), one_box=one_box)


def _ends_here(rest, *, is_labelled):
    """Return whether only punctuation follows an identifier, or other words if it has a label."""
    return not rest.strip(" \n.,;:)]/") or (is_labelled and not rest[0].isalnum())


def _numbered_pmid(digits, rest, codes, *, is_labelled, one_box):
    key = digits.lstrip("0")
    if not key:
        return not_of_kind("pmid")
    if len(key) > 8:
        return rejected("pmid", "too long")
    if key != digits:
        codes.add("zeros")
    if not is_labelled:
        if one_box and len(key) < 5:
            return rejected("pmid", "bare short number")
        if one_box:
            return read("pmid", key, codes, doubt="bare number")
        if 1800 <= int(key) <= 2100:
            return read("pmid", key, codes, doubt="looks like a year")
    if rest.strip(" \n/"):
        codes.add("cut" if is_labelled and any(map(str.isalnum, rest)) else "trailing")
    return read("pmid", key, codes)


def read_pmcid(pasted: str) -> Identifier:
    """Return the PMCID in `pasted`. Offers no identifier of another kind."""
    text, codes = apply_steps(CHARACTER_STEPS, pasted)
    if not text.strip():
        return Identifier("pmcid", Status.EMPTY)
    url, label = _PMCID_URL.match(text), _PMCID_LABEL.match(text)
    lead = url or label
    start = lead.end() if lead else len(text) - len(text.lstrip())
    match = PMCID.match(text, start)
    if match:
        _, gap, digits, version = match.groups()
        codes |= {"space"} if gap else set()
        codes |= {"version"} if version else set()
    elif label and (match := _NUMBER.match(text, start)):
        digits = match[0]
        codes.add("prefix-pmc")
    else:
        return not_of_kind("pmcid")
    rest = text[match.end() :]
    key = digits.lstrip("0")
    if key != digits:
        codes.add("zeros")
    if not key or len(key) > 8 or not _ends_here(rest, is_labelled=bool(lead)):
        return not_of_kind("pmcid")
    if rest.strip(" \n/") and not url:
        codes.add("cut" if any(map(str.isalnum, rest)) else "trailing")
    return read("pmcid", f"PMC{key}", codes)
