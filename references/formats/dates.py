"""Dates as files of references write them, to CSL dates."""

import re
from collections.abc import Iterable

from references.csl import CslDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|2[0-9]{3})(?![0-9])")
_NUMERIC = re.compile(r"(1[0-9]{3}|2[0-9]{3})[/.-]([0-9]{1,2})?(?:[/.-]([0-9]{1,2})?)?(?![0-9])")
#: No date is written longer.
_LONGEST = 200
_WORD = re.compile(r"[^\W\d_]{3,}")


def read(text: str) -> CslDate:
    """Return the CSL date in `text`, or {} when it has no year.

    Reads “2012///”, “2016/01/”, “2018 Apr 3”, “2013 Mar-Apr”, “20180330” and the like.
    """
    text = text[:_LONGEST].strip()
    if numeric := _NUMERIC.match(text):
        return _csl_date(*(int(part or 0) for part in numeric.groups()))
    if re.fullmatch(r"[12][0-9]{7}", text):
        return _csl_date(int(text[:4]), int(text[4:6]), int(text[6:]))
    year = _YEAR.search(text)
    if not year:
        return {}
    rest = f"{text[: year.start()]} {text[year.end() :]}".strip()
    month = next((month_of(word) for word in _WORD.findall(rest) if month_of(word)), 0)
    if not month and (
        season := next((_SEASONS.get(word.lower()) for word in _WORD.findall(rest)), None)
    ):
        return {**_csl_date(int(year[1])), "season": season}
    if not month and (numbers := re.fullmatch(r"([0-9]{1,2})(?:[ /-]([0-9]{1,2}))?", rest)):
        # “2013 06 10”
        return _csl_date(int(year[1]), int(numbers[1]), int(numbers[2] or 0))
    day = re.search(r"(?<![0-9])([0-9]{1,2})(?![0-9])", rest) if month and "-" not in rest else None
    return _csl_date(int(year[1]), month, int(day[1]) if day else 0)


def month_of(word: str) -> int:
    """Return 1 to 12 for an English month, whole or cut to three letters or more; else 0."""
    word = word.strip(" .").lower()
    return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS and len(word) <= 9 else 0


def _csl_date(year: int, month: int = 0, day: int = 0) -> CslDate:
    parts = [year]
    if 1 <= month <= 12:
        parts.append(month)
        if 1 <= day <= 31:
            parts.append(day)
    return {"date-parts": [parts]}


def fullest(dates: Iterable[CslDate]) -> CslDate:
    """Return the first of `dates`, or a later one of the same year that says more."""
    known = [date for date in dates if date]
    if not known:
        return {}
    year = known[0]["date-parts"][0][0]
    same_year = [date for date in known if date["date-parts"][0][0] == year]
    return max(same_year, key=lambda date: len(date["date-parts"][0]))


def parts(csl_date: object) -> list[int]:
    """Return year, month, day of a CSL date, as many as there are."""
    listed = csl_date.get("date-parts") if isinstance(csl_date, dict) else None
    return listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], list) else []


def month_name(month: int) -> str:
    """Return “Apr” for 4."""
    return _MONTHS[month - 1].capitalize()
