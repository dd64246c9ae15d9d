"""Slips in the fields of a record that a rule can repair, in typed lines and in files."""

import re
from typing import Any

from references import title_marks

#: Codes of the repairs that are not about identifiers, with what the person reads.
REPAIRS = {
    "volume-word": "left off the word before the volume number",
    "issue-word": "left off the word before the issue number",
    "page-word": "left off the word before the pages",
    "empty-word": "left out a word that stands for nothing",
    "single-page": "wrote a range of one page as that page",
    "retracted-prefix": "took the mark of a retraction out of the title",
}

_NUMBER_WORD = re.compile(
    r"^(?:volume|vol|v|issue|iss|number|num|no|nr|n°|nº|№)\b\.?:? ?(?=[0-9IVXLC])|^(?:n°|nº|№)"
    r" ?(?=[0-9])",
    re.I,
)
_PAGE_WORD = re.compile(
    r"^(?:pages?|pp?)\b\.?:? ?(?=[A-Za-z]?[0-9])"
    # Web of Science writes “ARTN 1306” and “UNSP 12”, other databases “Article No. 1306”.
    r"|^(?:art(?:icle|n)?|unsp|id)\b\.?:? ?(?:(?:no|nr|number|id)\b\.?:? ?)?"
    r"(?=[A-Za-z]{0,6}[0-9])",
    re.I,
)
_NOTHING = r"(?:null|nan|none|n/a|na|undefined|n\.?d\.?|n\.? ?pag\.?|no pagination)"
_MEANS_NOTHING = re.compile(
    rf"\(?{_NOTHING}\)?(?: ?[-–—]{{1,2}} ?{_NOTHING})?|no(?:t)?[ -]specified|[-–—.?]{{1,3}}", re.I
)
_ONE_PAGE = re.compile(r"([A-Za-z]?[0-9]+[A-Za-z]?)[-–—‐‑]\1")


def means_nothing(text: str) -> bool:
    """Return whether `text` is what programs write where there is nothing, such as “n/a”."""
    return bool(_MEANS_NOTHING.fullmatch(text.strip()))


def without_page_word(text: str) -> str:
    """Return `text` without the word before the pages, or before the number of an article."""
    return _PAGE_WORD.sub("", text)


def _without_empty_word(text):
    return "" if means_nothing(text) else text


def _on_one_page(text):
    one = _ONE_PAGE.fullmatch(text)
    return one[1] if one else text


#: For each repair the field, the code, and what is done to the field.
_REPAIR_STEPS = (
    ("volume", "volume-word", lambda text: _NUMBER_WORD.sub("", text)),
    ("issue", "issue-word", lambda text: _NUMBER_WORD.sub("", text)),
    ("page", "page-word", without_page_word),
    ("volume", "empty-word", _without_empty_word),
    ("issue", "empty-word", _without_empty_word),
    ("page", "empty-word", _without_empty_word),
    ("page", "single-page", _on_one_page),
    ("title", "retracted-prefix", lambda text: title_marks.read(text).title),
)


def mend(csl: dict[str, Any]) -> list[str]:
    """Repair the fields of `csl` in place; returns the codes of what was done, in order."""
    codes = []
    for field, code, step in _REPAIR_STEPS:
        before = (csl.get(field) or "").strip()
        after = step(before).strip()
        if after != before:
            csl[field] = after
            codes.append(code)
    return codes
