"""What a summary-of-findings table holds, once it has been read."""

from dataclasses import dataclass
from decimal import Decimal

#: Low end, high end. An end is None where its sign and its word contradict each other.
Interval = tuple[Decimal | None, Decimal | None]

#: {code: what it tells the writer}, in the order in which a finding has them.
FLAGS = {
    "with_reckoned": "The value with the treatment was reckoned: without, plus the difference.",
    "counts_reckoned": "The counts were reckoned for another number of people than printed.",
    "smd": "The table has standard deviations only, so readers get no number.",
    "not_estimable": "The table gives no number here.",
    "no_studies": "Nobody has measured this.",
    "better_end_unknown": "Say which end is better.",
    "no_starting_value": "Add the value without the treatment: the table has the difference alone.",
    "columns_swapped": "The treatment stood first in this table.",
    "symbols_say_low": "The symbols and the word for certainty differ: the lower one was taken.",
    "sign_contradicts_word": "A sign and its word differ, so that number was left empty.",
    "no_interval": "The table says that the interval could not be estimated.",
    "arms_unknown": "Say which column is the treatment: its numbers were left empty.",
    "arms_contradict_ratio": "The two counts fit the ratio only the other way round: left empty.",
    "difference_contradicts_ratio": "The difference and the ratio point apart: left empty.",
    "interval_misses_value": "The interval does not hold the value, so it was left empty.",
    "outside_scale": "A value lies outside of its scale, so it was left empty.",
    "base_unknown": "The counts are for a number of people that pages cannot show: left empty.",
}


@dataclass(frozen=True)
class ScaleInTable:
    """What the table says of a scale. `better` is "low", "high" or None, if it says nothing.

    `mid` is the smallest difference that people notice.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    better: str | None = None
    mid: Decimal | None = None


@dataclass(frozen=True)
class RelativeEffect:
    """A ratio, or a difference in standard deviations.

    `measure` is "RR", "OR", "HR", "Rate ratio", "SMD", or "" where the table does not say.
    """

    measure: str
    value: Decimal | None
    ci: Interval | None = None


@dataclass(frozen=True)
class RiskInTable:
    """One of several starting risks of an outcome. `low` and `high` are ends of the with arm."""

    label: str
    without: Decimal | None
    with_: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class FindingInTable:
    """One outcome, as the table has it. Which way is better for people is never said here.

    `row` counts from 1 within the table, heads included; with `outcome` it says where the numbers
    stand. `kind` is "count", "scale", "amount" or "words". `unit` is "people" or "events" for a
    count, such as "days" for an amount. `interval_of` is "with" or "difference". A difference is
    with minus without. `certainty` and `reasons` have the codes of claims.
    """

    row: int
    outcome: str
    time: str = ""
    kind: str = "words"
    unit: str | None = None
    base: int | None = None
    without: Decimal | None = None
    with_: Decimal | None = None
    difference: Decimal | None = None
    interval_of: str | None = None
    interval: Interval | None = None
    scale: ScaleInTable | None = None
    relative: RelativeEffect | None = None
    people: int | None = None
    studies: int | None = None
    certainty: str = "not-rated"
    reasons: tuple[str, ...] = ()
    note: str = ""
    flags: tuple[str, ...] = ()  # codes of FLAGS
    starting_risks: tuple[RiskInTable, ...] = ()  # none where there is one alone


@dataclass(frozen=True)
class TableOfFindings:
    """A whole table. `message` is one sentence for the author, or "" where nothing is to be said.

    Without findings there is always a message, which says what to do.
    """

    title: str = ""
    population: str = ""
    setting: str = ""
    intervention: str = ""
    comparator: str = ""
    findings: tuple[FindingInTable, ...] = ()
    message: str = ""
