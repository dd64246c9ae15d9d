"""The figures of a finding as readers get them: rounded, on one base, nothing that is not shown.

People and events are whole numbers, halves up. Points of a scale up to ten units long have one
decimal, those of a longer one none. Two counts that differ never look equal, and rounding leaves
the gap between them about as wide as it is: the base grows from 100 to 1000 for the whole list.
Sources of these rules: FDA 2023 on whole numbers, IPDAS 2021 and Making Numbers Meaningful 2025 on
one base.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from articles.revisions.frozen_content import FindingRow

BASES = (100, 1000, 10_000)
_ARMS = ("without", "with")
_LONGEST_FINE_SCALE = 10
#: The part of a gap between two counts that rounding may add or take away. 57 and 50 in 1000 are 6
#: and 5 in 100: a gap of 10 in 1000, where it is 7.
_MOST_GAP_ROUNDED = Decimal("0.2")


@dataclass(frozen=True)
class Figures:
    """What is printed of a finding, each rounded; None where it is not known or not shown.

    `reckoned` says that the value with the treatment is the other one and the difference.
    """

    base: int | None = None
    without: Decimal | None = None
    with_treatment: Decimal | None = None
    difference: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    mid: Decimal | None = None
    reckoned: bool = False

    @property
    def has_both(self) -> bool:
        return self.without is not None and self.with_treatment is not None

    @property
    def change(self) -> Decimal | None:
        """How much more there is with the treatment; None where nobody knows."""
        if self.difference is not None:
            return self.difference
        if self.without is None or self.with_treatment is None:
            return None
        return self.with_treatment - self.without


NOTHING = Figures()


def exact(row: FindingRow, name: str) -> Decimal | None:
    """Return the figure under the key `name` of a frozen row, as the source has it."""
    held = row[name]  # type: ignore[literal-required]
    return None if held is None else Decimal(held)


def with_value(row: FindingRow) -> tuple[Decimal | None, bool]:
    """Return (the value with the treatment, whether it is reckoned from the difference)."""
    value, without = exact(row, "with"), exact(row, "without")
    difference = exact(row, "difference")
    if value is None and without is not None and difference is not None:
        return without + difference, True
    return value, False


def is_shown_in_numbers(row: FindingRow) -> bool:
    """What is reckoned from a ratio is kept, and never shown."""
    return row["kind"] != "words" and not row["is_derived"]


def common_base(rows: Iterable[FindingRow]) -> int:
    """Return out of how many people the counts of one list are told.

    100; but 1000 where a count is under 1 in 100, or where two would look equal that differ, or
    much closer or further apart than they are. 10,000 only where a finding stands alone and a
    thousand does not do either.
    """
    counts = [row for row in rows if _is_count_of_people(row)]
    bases = BASES if len(counts) == 1 else BASES[:2]
    return next((base for base in bases if all(_tells(row, base) for row in counts)), bases[-1])


def is_small_count(row: FindingRow) -> bool:
    """Return whether it is a count of people that cannot be told out of 100.

    Where one of a list is, all of them are told out of 1000.
    """
    return _is_count_of_people(row) and not _tells(row, BASES[0])


def _is_count_of_people(row: FindingRow) -> bool:
    return row["kind"] == "count" and row["unit"] == "people" and is_shown_in_numbers(row)


def _tells(row: FindingRow, base: int) -> bool:
    """Whether the counts of `row` can be told out of `base` in whole numbers."""
    without, value = exact(row, "without"), with_value(row)[0]
    if without is None or value is None:
        pairs = [(exact(row, "difference") or Decimal(0), Decimal(0))]
    else:
        risks = row["starting_risks"]
        pairs = [
            (without, value),
            *((Decimal(one["without"]), Decimal(one["with"])) for one in risks),
        ]
    factor = Decimal(base) / Decimal(row["base"] or base)
    return all(_can_be_told(first * factor, second * factor) for first, second in pairs)


def _can_be_told(first: Decimal, second: Decimal) -> bool:
    if any(0 < abs(value) < 1 for value in (first, second)):
        return False
    gap, shown = first - second, rounded(first) - rounded(second)
    return abs(shown - gap) <= _MOST_GAP_ROUNDED * abs(gap)


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """Return `value` with so many decimals, halves up (away from nothing)."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def figures_of(row: FindingRow, base: int) -> Figures:
    """Return the figures of `row`; counts of people out of `base`, those of events out of its own.

    NOTHING where readers get words only.
    """
    if not is_shown_in_numbers(row):
        return NOTHING
    is_people = row["kind"] == "count" and row["unit"] == "people"
    factor = Decimal(base) / Decimal(row["base"] or base) if is_people else Decimal(1)
    value, reckoned = with_value(row)
    places = _places(row)
    without, difference = exact(row, "without"), exact(row, "difference")
    # Where the printed values do not differ by what is printed as the difference.
    if row["kind"] != "count" and not _agree(without, value, difference, places):
        places += 1

    def shown(held: Decimal | None) -> Decimal | None:
        return None if held is None else rounded(held * factor, places)

    return Figures(
        base=(base if is_people else row["base"]) if row["kind"] == "count" else None,
        without=shown(without),
        with_treatment=shown(value),
        difference=shown(difference),
        low=shown(exact(row, "low")),
        high=shown(exact(row, "high")),
        mid=exact(row, "mid"),
        reckoned=reckoned,
    )


def _agree(
    without: Decimal | None, value: Decimal | None, difference: Decimal | None, places: int
) -> bool:
    if without is None or value is None or difference is None:
        return True
    printed = rounded(value, places) - rounded(without, places)
    return printed == rounded(difference, places)


def _places(row: FindingRow) -> int:
    """How many decimals the values of `row` have."""
    if row["kind"] == "count":
        return 0
    low, high = exact(row, "scale_low"), exact(row, "scale_high")
    if low is not None and high is not None:
        return 1 if high - low <= _LONGEST_FINE_SCALE else 0
    largest = _largest([exact(row, name) for name in (*_ARMS, "difference")])
    return 1 if largest < _LONGEST_FINE_SCALE else 0


def _largest(values: Sequence[Decimal | None]) -> Decimal:
    return max((abs(value) for value in values if value is not None), default=Decimal(0))
