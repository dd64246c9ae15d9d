"""Dates as typed references have them, in words or in figures."""

import re

from references.csl import CslDate

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
YEAR = r"(?:1[5-9]|20)[0-9]{2}"
DATE = (
    rf"(?:{MONTH} [0-9]{{1,2}}, {YEAR}|[0-9]{{1,2}}(?:st|nd|rd|th)? {MONTH} {YEAR}|{MONTH},? {YEAR}"
    rf"|{YEAR}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}[./][0-9]{{1,2}}[./]{YEAR}"
    rf"|{YEAR}(?: {MONTH}(?: [0-9]{{1,2}})?)?)"
)


def _date_parts(text):
    """Return [year], [year, month] or [year, month, day] of a date in words."""
    year = int(re.search(YEAR, text)[0])
    if numbers := re.search(rf"{YEAR}-([0-9]{{2}})-([0-9]{{2}})", text):
        month, day = int(numbers[1]), int(numbers[2])
        return [year, month, day] if 1 <= month <= 12 and 1 <= day <= 31 else [year]
    if numbers := re.search(rf"([0-9]{{1,2}})([./])([0-9]{{1,2}})[./]{YEAR}", text):
        return [year, *_month_and_day(int(numbers[1]), int(numbers[3]), numbers[2])]
    named = re.search(MONTH, text, re.I)
    if not named:
        return [year]
    month = _MONTH_NAMES.index(named[0][:3].lower()) + 1
    day = re.search(r"(?<![0-9])([0-9]{1,2})(?:st|nd|rd|th)?(?![0-9])", text)
    return [year, month, int(day[1])] if day and 1 <= int(day[1]) <= 31 else [year, month]


def _month_and_day(first, second, mark):
    """Return month and day of “5.1.2022” (day first); of “5/1/2022” only where one is no month."""
    if mark == "." or first > 12:
        day, month = first, second
    elif second > 12:
        month, day = first, second
    else:
        return []
    return [month, day] if 1 <= month <= 12 and 1 <= day <= 31 else []


def as_date(text: str) -> CslDate:
    """Return the CSL date of a text that DATE matches, or a part of DATE."""
    return {"date-parts": [_date_parts(text)]}


#: The days of a congress: “May 10-13, 2019”, “2019 May 10-13”, “10–13 May 2019”, “2019”.
_DAYS = r"[0-9]{1,2}(?: ?[-–] ?[0-9]{1,2})?"
DAYS_OF_A_MEETING = (
    rf"(?:{MONTH} {_DAYS}(?: ?[-–] ?{MONTH} [0-9]{{1,2}})?, {YEAR}|{_DAYS} {MONTH},? {YEAR}"
    rf"|{MONTH},? {YEAR}|{YEAR}(?: {MONTH}(?: {_DAYS})?)?)"
)
