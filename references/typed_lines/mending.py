"""Slips in the fields of a record that a rule can mend, whether the record was typed or read from a
file.
"""

import re

#: Codes of the repairs that are not about identifiers, with what the author is told.
REPAIRS = {
    "volume-word": "left off the word before the volume number",
    "issue-word": "left off the word before the issue number",
    "page-word": "left off the word before the pages",
    "empty-word": "left out a word that stands for nothing",
    "single-page": "wrote a range of one page as that page",
    "retracted-prefix": "took the word “retracted” out of the title",
}

_NUMBER_WORD = re.compile(
    r"^(?:volume|vol|v|issue|iss|number|num|no|nr|n°|nº|№)\b\.?:? ?(?=[0-9IVXLC])|^(?:n°|nº|№)"
    r" ?(?=[0-9])",
    re.I,
)
_PAGE_WORD = re.compile(r"^(?:pages?|pp?)\b\.?:? ?(?=[A-Za-z]?[0-9])", re.I)
_STANDS_FOR_NOTHING = re.compile(
    r"(?:null|nan|none|n/a|undefined|no(?:t)? specified|n\.?d\.?)", re.I
)
_ONE_PAGE = re.compile(r"([A-Za-z]?[0-9]+[A-Za-z]?)[-–—‐‑]\1")
_RETRACTED = re.compile(r"^\[?(?:RETRACTED(?: ARTICLE)?|Retracted(?: article)?)\]?\s*[:.]\s*(?=\S)")


def _without_nothing(text):
    return "" if _STANDS_FOR_NOTHING.fullmatch(text) else text


def _on_one_page(text):
    one = _ONE_PAGE.fullmatch(text)
    return one[1] if one else text


#: Which field, the code, and what is done to it.
_REPAIR_STEPS = (
    ("volume", "volume-word", lambda text: _NUMBER_WORD.sub("", text)),
    ("issue", "issue-word", lambda text: _NUMBER_WORD.sub("", text)),
    ("page", "page-word", lambda text: _PAGE_WORD.sub("", text)),
    ("volume", "empty-word", _without_nothing),
    ("issue", "empty-word", _without_nothing),
    ("page", "empty-word", _without_nothing),
    ("page", "single-page", _on_one_page),
    ("title", "retracted-prefix", lambda text: _RETRACTED.sub("", text)),
)


def mend(csl):
    """Mend the fields of `csl` in place; the codes of what was done, in order."""
    codes = []
    for field, code, step in _REPAIR_STEPS:
        before = (csl.get(field) or "").strip()
        after = step(before).strip()
        if after != before:
            csl[field] = after
            codes.append(code)
    return codes
