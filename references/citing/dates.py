"""Dates in words."""

_MONTHS = (
    "January February March April May June July August September October November December".split()
)


#: Year, month and day, with None for what is not known.
PartialDate = tuple[int | None, int | None, int | None]


def long_date(date: PartialDate) -> str:
    """Return “October 3, 2017”, shorter when less is known."""
    year, month, day = date
    if year is None:
        return ""
    if month is None:
        return str(year)
    return f"{_MONTHS[month - 1]} {day}, {year}" if day else f"{_MONTHS[month - 1]} {year}"


def short_date(date: PartialDate) -> str:
    """Return “2017 Oct 3”, shorter when less is known."""
    year, month, day = date
    if year is None:
        return ""
    return " ".join(map(str, filter(None, (year, _MONTHS[month - 1][:3] if month else None, day))))
