"""How a finding is drawn: marks for people, bars for all else, both arms at the same size.

A part always stands in its whole (Ancker 2006). People are two squares of a hundred marks, filled
from the bottom row (events in one block are compared best, Ancker 2011); out of a thousand, events,
points and amounts they are two bars on one axis. Where nobody can tell, nothing is drawn.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext

from articles.revisions.frozen_content import FindingRow, FrozenClaim

from .figures import Figures, exact, figures_of, rounded
from .sentences import figure_in_words, out_of, shows_interval, tells_numbers, with_unit

_ROW = 10  # marks in a row, and rows in a square
_PITCH, _MARGIN = Decimal("13.6"), Decimal("6.8")
_SIDE = 136
#: Where an axis of events or amounts may end, times a power of ten.
_ENDS = [Decimal(end) for end in ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")]


@dataclass(frozen=True)
class ArmPicture:
    """One arm, drawn from left to right: the style sheet mirrors it where lines begin at the right.

    Lengths are per cent of the axis, as SVG writes numbers in every language.
    """

    name: str  # of the treatment, or of what it was compared with
    shows: str  # its number, as it is written beside it
    filled: str = ""  # a path of filled marks; "" where it is a bar
    empty: str = ""
    length: str = ""
    band_start: str = ""
    band_length: str = ""  # "" where no interval is drawn


@dataclass(frozen=True)
class FindingPicture:
    arms: tuple[ArmPicture, ArmPicture]  # without first
    is_of_people: bool
    low: str = ""  # the ends of the axis, as they are written
    high: str = ""
    better: str = ""  # "low" or "high": at which end a mark says so
    is_level: bool = False  # no difference: the gap has no colour of its own


def picture_of(row: FindingRow, claim: FrozenClaim | None, base: int) -> FindingPicture | None:
    """Return how `row` is drawn, its numbers in the active language; None where it is not drawn."""
    figures = figures_of(row, base)
    level = claim["certainty"] if claim else "not-rated"
    if not figures.has_both or not tells_numbers(row, level):
        return None
    if figures.base == _ROW * _ROW and row["unit"] == "people":
        return _people(row, figures)
    return _bars(row, figures)


def _people(row: FindingRow, figures: Figures) -> FindingPicture:
    arms = [
        ArmPicture(
            name,
            out_of(value, _ROW * _ROW),
            filled=_marks(0, int(value)),
            empty=_marks(int(value), _ROW * _ROW),
        )
        for name, value in _values(row, figures)
    ]
    return FindingPicture((arms[0], arms[1]), True, is_level=row["direction"] == "no_difference")


def _values(row: FindingRow, figures: Figures) -> list[tuple[str, Decimal]]:
    values = (figures.without or Decimal(0), figures.with_treatment or Decimal(0))
    return list(zip((row["comparator"], row["intervention"]), values, strict=True))


def _marks(first: int, last: int) -> str:
    """Return the path of marks `first` to `last` (not included), from the bottom row up."""
    parts = []
    for line in range(first // _ROW, -(-last // _ROW)):
        begin, end = max(first, line * _ROW), min(last, (line + 1) * _ROW)
        if begin >= end:
            continue
        x = _MARGIN + (begin % _ROW) * _PITCH
        y = _SIDE - _MARGIN - line * _PITCH
        # A little longer than to its last mark, or rounding may lose that.
        length = (end - begin - 1) * _PITCH + Decimal("0.1")
        parts.append(f"M{x} {y}h{length}")
    return "".join(parts)


def _bars(row: FindingRow, figures: Figures) -> FindingPicture | None:
    low, high = _axis(row, figures)
    values = _values(row, figures)
    if high <= low or any(not low <= value <= high for _name, value in values):
        return None

    def per_cent(value: Decimal) -> Decimal:
        return rounded((min(max(value, low), high) - low) / (high - low) * 100, 1)

    arms = []
    for name, value in values:
        arms.append(ArmPicture(name, figure_in_words(value), length=f"{per_cent(value)}"))
    if band := _band(row, figures):
        start, end = map(per_cent, band)
        arms[1] = replace(arms[1], band_start=f"{start}", band_length=f"{end - start}")
    return FindingPicture(
        (arms[0], arms[1]),
        False,
        low=figure_in_words(low),
        high=with_unit(high, _counted(row)),
        better=row["better"] if row["kind"] == "scale" else "",
        is_level=row["direction"] == "no_difference",
    )


def _counted(row: FindingRow) -> str:
    """What the axis counts, in words; "" for points."""
    if row["kind"] == "count":
        return row["outcome"] if row["unit"] == "events" else gettext("people")
    return row["unit"]


def _axis(row: FindingRow, figures: Figures) -> tuple[Decimal, Decimal]:
    """A scale from end to end; people out of all; events and amounts from nothing."""
    low, high = exact(row, "scale_low"), exact(row, "scale_high")
    if low is not None and high is not None:
        return low, high
    if row["unit"] == "people" and figures.base:
        return Decimal(0), Decimal(figures.base)
    band = _band(row, figures)
    largest = max(value for _name, value in _values(row, figures))
    return Decimal(0), _round_end(max(largest, band[1] if band else largest))


def _round_end(largest: Decimal) -> Decimal:
    """Return a round number that is no less than `largest`."""
    if largest <= 0:
        return Decimal(0)
    power = Decimal(1).scaleb(largest.adjusted())
    return next(end * power for end in _ENDS if end * power >= largest)


def _band(row: FindingRow, figures: Figures) -> tuple[Decimal, Decimal] | None:
    """The interval of the value with the treatment; None where it is not shown."""
    if not shows_interval(row) or figures.low is None or figures.high is None:
        return None
    if row["interval_of"] == "with":
        return figures.low, figures.high
    without = figures.without or Decimal(0)
    return without + figures.low, without + figures.high
