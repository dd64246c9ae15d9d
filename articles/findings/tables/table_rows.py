"""A whole finding from what the cells of its rows say."""

import re
from dataclasses import replace
from decimal import Decimal

from articles.models import Claim

from .certainty_cells import CertaintyInCell, certainty_in, reasons_of
from .columns import Columns
from .effects import effect_in, ratio_in, without_ratio
from .entries import Entry
from .finding_kinds import with_flags, with_kind, with_starting_risks
from .footnotes import reasons_in
from .numerals import without_marks
from .outcome_cells import OutcomeWords, is_time, outcome_in
from .people_cells import PeopleAndStudies, people_in, studies_in
from .results import FindingInTable, RelativeEffect, ScaleInTable
from .row_numbers import RowNumbers, row_numbers
from .row_texts import Numbers

_OF_ALL_PEOPLE = re.compile(r"\A\W*(?:all|study|overall|general|whole|población)\b", re.I)
_SAYS_NOTHING = re.compile(
    r"\W*(?:(?:see|ver)\s+(?:the\s+)?comment(?:s|ario)?|comments?|ver comentarios?|not? estimable"
    r"|not (?:pooled|applicable|reported|measured|available|calculated|assessed)|n/?[aer]"
    r"|no studies|no aplicable|no estimable)?\W*\Z",
    re.I,
)
_LIMITATIONS = re.compile(r"\W*(?:(?:very )?serious )?limitations", re.I)
#: "Sleep - not measured"
_NOT_MEASURED = re.compile(r"\s*[-:,]?\s*[(]?\bnot (?:reported|measured|assessed)\b[)]?\W*\Z", re.I)
#: Short, medium and long term.
_TERMS = frozenset({"ST", "MT", "LT"})
_DOWNGRADED = re.compile(r"\b(?:down-?graded|rated down|due to)\b", re.I)
#: A cell in an evidence profile's column for a reason: "serious a", but not "not serious".
_SERIOUS = re.compile(
    r"\A\W*(?:(?:very |extremely |muy )?(?:serious|grave|serio)|suspected|strongly suspected"
    r"|detected|yes|-\s?[123])\b",
    re.I,
)


def finding_of(entry: Entry, columns: Columns, footnotes: dict[str, str]) -> FindingInTable:
    """Return the finding that the texts of `entry` hold; `footnotes` are those of the table."""
    measured = without_marks(entry.texts.get("measured", ""))
    outcome = outcome_in(entry.outcome, measured)
    ratio = _ratio(entry, measured, columns)
    rows = [
        row_numbers(
            numbers,
            outcome.scale.better,
            _labels(columns) | {"outcome": outcome.text},
            arms_count_people=columns.arms_count_people,
        )
        for numbers in _printed(entry)
    ]
    _compare_with_ratio(rows, ratio)
    main = _main(rows)
    certainty = certainty_in(entry.texts.get("certainty", ""))
    people = _people(entry, outcome, measured, main)
    found = FindingInTable(
        entry.row,
        _name(entry, outcome),
        time=_time(entry, outcome),
        scale=outcome.scale if outcome.scale != ScaleInTable() else None,
        relative=main.smd or ratio,
        people=people.people,
        studies=people.studies,
        certainty=certainty.level,
        reasons=tuple(_reasons(entry, certainty, footnotes)),
        note=_note(entry, is_in_words=_is_in_words(main)),
    )
    found = with_starting_risks(with_kind(found, main, outcome), rows, main)
    flags = set().union(*(row.flags for row in rows))
    if certainty.differ:
        flags.add("symbols_say_low")
    printed = [text for one in entry.numbers for text in (one.without, one.with_, one.difference)]
    said = " ".join([entry.outcome, *entry.texts.values(), *printed])
    return with_flags(found, flags, columns, says_none=people.says_none, said=without_marks(said))


def _time(entry: Entry, outcome: OutcomeWords) -> str:
    """Return the time that stands closest to the numbers."""
    column = " ".join(without_marks(entry.texts.get("time", "")).split())
    detail = _detail(entry)
    beside = detail if is_time(detail) or detail in _TERMS else ""
    lines = without_marks(entry.texts.get("people", "")).split("\n")
    followed = next((line for line in lines if is_time(line)), "")
    times = (entry.time, beside, column, outcome.time, entry.time_of_section, followed)
    return next((time for time in times if time), "").strip(" .;:")[:200]


def _detail(entry: Entry) -> str:
    """Return what a second column below "Outcome" says."""
    return " ".join(without_marks(entry.texts.get("detail", "")).split())


def _name(entry: Entry, outcome: OutcomeWords) -> str:
    name, detail = outcome.name or " ".join(entry.outcome.split()), _detail(entry)
    name = _NOT_MEASURED.sub("", name) or name
    if detail and not is_time(detail) and detail not in _TERMS:
        name = f"{name}, {detail}"
    return name[:300]


def _labels(columns: Columns) -> dict[str, str]:
    places = {
        "without": columns.without,
        "with_": columns.with_,
        "difference": columns.first("difference"),
    }
    return {
        name: columns.labels.get(-1 if one is None else one, "") for name, one in places.items()
    }


def _printed(entry: Entry) -> list[Numbers]:
    """Return the rows of numbers, without the ratios among them.

    A mean difference in the column of ratios counts as a number.
    """
    rows = [
        replace(
            numbers,
            with_=without_ratio(numbers.with_),
            difference=without_ratio(numbers.difference),
        )
        for numbers in entry.numbers
    ]
    relative = " ".join(without_marks(entry.texts.get("relative", "")).split())
    effect = effect_in(without_ratio(relative))
    if effect.value and (effect.is_smd or effect.is_mean_difference or effect.is_difference):
        rows = rows or [Numbers()]
        if not (rows[-1].difference or effect_in(rows[-1].with_).is_difference):
            rows[-1].difference = without_ratio(relative)
    return rows


def _ratio(entry: Entry, measured: str, columns: Columns) -> RelativeEffect | None:
    column = columns.first("relative")
    heading = columns.labels.get(-1 if column is None else column, "")
    relative = " ".join(without_marks(entry.texts.get("relative", "")).split())
    differences = [text for one in entry.numbers for text in (one.difference, one.with_)]
    found = None
    if relative and not effect_in(without_ratio(relative)).is_difference:
        found = ratio_in(relative, heading)
    for text in (relative, " ".join(measured.split()), *differences):
        # Elsewhere only a number that is called a ratio is one.
        named = None if found else ratio_in(text)
        found = named if named and named[0] else found
    if found is None:
        return None
    measure, value, ends = found
    sizes = sorted(end.size for end in ends)
    return RelativeEffect(measure, value.size, (sizes[0], sizes[1]) if sizes else None)


def _compare_with_ratio(rows: list[RowNumbers], ratio: RelativeEffect | None) -> None:
    """Leave numbers empty that point away from the ratio.

    Both arms, where they fit it only if each is taken for the other; and a difference.
    """
    if ratio is None or not ratio.value:
        return
    for row in rows:
        if row.is_count and row.difference and (ratio.value - 1) * row.difference < 0:
            row.empty_difference("difference_contradicts_ratio")
        if ratio.measure not in {"RR", "Rate ratio"}:
            continue
        if row.is_count and row.without and row.with_ and "counts_reckoned" not in row.flags:
            own, other = row.with_ / row.without, row.without / row.with_
            is_far = abs(own - ratio.value) > ratio.value * Decimal("0.15")
            if is_far and abs(other - ratio.value) < ratio.value * Decimal("0.05"):
                row.empty("arms_contradict_ratio")


def _main(rows: list[RowNumbers]) -> RowNumbers:
    """Return the row that a finding shows: of all people, else of the middle starting risk."""
    given = [row for row in rows if row.has_any]
    if not given:
        return rows[0] if rows else RowNumbers()
    for row in given:
        if _OF_ALL_PEOPLE.match(row.label):
            return row
    by_risk = sorted(given, key=lambda row: row.without or Decimal(0))
    return by_risk[(len(by_risk) - 1) // 2]


def _people(
    entry: Entry, outcome: OutcomeWords, measured: str, main: RowNumbers
) -> PeopleAndStudies:
    def text(kind: str) -> str:
        return " ".join(without_marks(entry.texts.get(kind, "")).split())

    found = [
        people_in(text("people")),
        studies_in(text("studies")),
        outcome.people,
        people_in(measured, is_of_people=False),
        people_in(text("relative"), is_of_people=False),
        PeopleAndStudies(main.people),
    ]
    return PeopleAndStudies(
        next((one.people for one in found if one.people), None),
        next((one.studies for one in found if one.studies), None),
        any(one.says_none for one in found),
    )


def _reasons(entry: Entry, certainty: CertaintyInCell, footnotes: dict[str, str]) -> list[str]:
    found = dict.fromkeys(kind for kind in Claim.REASONS if _is_against(entry, kind))
    found |= dict.fromkeys(reasons_in(without_marks(entry.texts.get("other_reasons", ""))))
    found |= dict.fromkeys(reasons_of(certainty, footnotes))
    comment = without_marks(entry.texts.get("comment", ""))
    if not found and _DOWNGRADED.search(comment):
        found |= dict.fromkeys(reasons_in(comment))
    return list(found)


def _is_against(entry: Entry, reason: str) -> bool:
    """Return whether a column of its own has `reason` against the evidence.

    It says "serious", or has the reason by its name, or "limitations" in the column of designs.
    """
    text = without_marks(entry.texts.get(reason, ""))
    is_named = reason in reasons_in(text) and not re.match(r"\W*(?:no|not|none|low)\b", text, re.I)
    is_of_design = reason == "risk_of_bias" and _LIMITATIONS.match(entry.texts.get("design", ""))
    return bool(_SERIOUS.match(text) or is_named or is_of_design)


def _is_in_words(main: RowNumbers) -> bool:
    return not (main.is_numeric or main.smd) or "base_unknown" in main.flags


def _note(entry: Entry, *, is_in_words: bool) -> str:
    """Return the comment; of a row without numbers also what stands in place of them."""
    texts = [without_marks(entry.texts.get("comment", ""))]
    if is_in_words:
        printed = [
            text for one in entry.numbers for text in (one.without, one.with_, one.difference)
        ]
        relative = without_marks(entry.texts.get("relative", ""))
        texts += [*printed, "" if ratio_in(relative) else relative]
    said = dict.fromkeys(" ".join(text.split()) for text in texts)
    kept = [text for text in said if text and not _SAYS_NOTHING.match(text)]
    return " ".join(kept)[:2000]
