"""The fields of a CSL-JSON item, as they are printed."""

import re
from collections.abc import Mapping
from typing import Any

from references.csl import Csl

from .dates import PartialDate
from .markup import one_line, plain, typographic, unescaped, with_marks

_EDITION_WORD = re.compile(r"[ ,]{0,2}\bed(?:ition|n)?\.?$", re.I)
_WEB_ADDRESS = re.compile(r"https?://\S+$", re.I)


def _whole_number(value):
    if isinstance(value, (bool, float)):
        return None
    try:
        return int(value) if len(str(value)) < 6 else None
    except (TypeError, ValueError):
        return None


class Item:
    """The fields of a CSL-JSON item that are printed, each "" when it is missing or unreadable."""

    def __init__(self, csl: Csl) -> None:
        self.csl: Mapping[str, Any] = csl if isinstance(csl, dict) else {}
        self.type = one_line(self.csl.get("type"))
        self.title = typographic(with_marks(unescaped(self._verbatim("title"))))
        self.container = self.text("container-title")
        self.publisher = self.text("publisher")
        self.volume = self.text("volume")
        self.issue = self.text("issue")
        self.page = self._verbatim("page")
        self.doi = self._verbatim("DOI")
        url = self._verbatim("URL")
        self.url = url if _WEB_ADDRESS.match(url) else ""

    def _verbatim(self, field):
        return one_line(self.csl.get(field))

    def text(self, field: str) -> str:
        """Return the field in plain text, without markup and with curly quotes."""
        text = self._verbatim(field)
        return typographic(plain(with_marks(unescaped(text)))) if text else ""

    @property
    def journal(self) -> str:
        """The abbreviated title where there is one. Both styles print it without full stops."""
        short = self.text("container-title-short") or self.text("journalAbbreviation")
        return (short or self.container).replace(".", "")

    @property
    def edition(self) -> str:
        """“2nd ed”; "" where no edition is named, and for the first, which is not printed."""
        edition = self.text("edition")
        number = re.match(r"([0-9]{1,3})(?:st|nd|rd|th)?\b", edition)
        if number:
            return "" if number[1] == "1" else f"{_ordinal(int(number[1]))} ed"
        return f"{_EDITION_WORD.sub('', edition)} ed" if edition else ""

    def date(self, field: str) -> PartialDate:
        """Return year, month and day, with None for what is not known."""
        value = self.csl.get(field)
        parts = value.get("date-parts") if isinstance(value, dict) else None
        first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
        year, month, day = ([_whole_number(part) for part in first[:3]] + [None] * 3)[:3]
        if year is None:
            if isinstance(value, dict):
                value = value.get("raw") or value.get("literal")
            in_words = re.search(r"(?<![0-9])[12][0-9]{3}(?![0-9])", one_line(value))
            return (int(in_words[0]) if in_words else None), None, None
        if month is None or not 1 <= month <= 12:
            return year, None, None
        return year, month, day if day is not None and 1 <= day <= 31 else None

    def year(self) -> str:
        """Return the year of issue, as text."""
        year = self.date("issued")[0]
        return "" if year is None else str(year)


def _ordinal(number):
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
