"""Which kind a finding is, its starting risks, and what a person must look at in it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from articles.models import Certainty

from .columns import Columns
from .outcome_cells import OutcomeWords
from .results import FLAGS, FindingInTable, RiskInTable
from .row_numbers import RowNumbers

MOST_STARTING_RISKS = 3

_EVENTS = re.compile(
    r"\W*(?:(?:rate|number|tasa|número) (?:of|de)\s+(?!(?:people|participants|patients|women|men"
    r"|adults|children|personas|pacientes)\b)|falls? per\b"
    r"|(?:falls|episodes|exacerbations) \(?rate)",
    re.I,
)
_EVENTS_COUNTED = re.compile(
    r"(?:falls|events|episodes|exacerbations|attacks|relapses|caídas|episodios)\b", re.I
)
_OF_A_SCALE = re.compile(
    r"\b(?:VAS|NRS|NPRS|EVA|WOMAC|KOOS|ODI|NDI|DASH|SPADI|SF-\d+|scale|score|index|questionnaire"
    r"|escala|puntuación|cuestionario)\b",
    re.I,
)
_UNIT_OF_NAME = re.compile(
    r"(?:[(,]\s*|\bin\s+)(days|weeks|months|hours|minutes|seconds|metres|meters|kilometres|km|cm|mm"
    r"|kg|kilograms?|degrees|steps|litres|ml|m/s|m|s|°|días|metros|horas|minutos|kilos|grados|pasos)"
    r"\)?\s*(?:\Z|[,;\n])",
    re.I,
)
_NO_STUDIES = re.compile(
    r"\b(?:no (?:(?:randomi[sz]ed |eligible |included )?(?:studies|trials|RCTs))\b"
    r"|not (?:measured|reported|assessed)\b|sin estudios|ningún estudio)",
    re.I,
)
_ORDER = list(FLAGS)


def with_kind(found: FindingInTable, main: RowNumbers, outcome: OutcomeWords) -> FindingInTable:
    """Return `found` with the numbers of `main`, and the kind that they make it."""
    if main.smd or not main.is_numeric or "base_unknown" in main.flags:
        return found
    interval = main.with_interval or main.difference_interval
    interval_of = ("with" if main.with_interval else "difference") if interval else None
    found = replace(
        found,
        without=main.without,
        with_=main.with_,
        difference=main.difference,
        interval=interval,
        interval_of=interval_of,
    )
    if main.is_count:
        unit = "events" if _is_of_events(found, main) else "people"
        return _within_base(replace(found, kind="count", unit=unit, base=main.base), main)
    counted = _UNIT_OF_NAME.search(outcome.text)
    unit = main.unit or (counted[1] if counted else "")
    is_scale = not unit or (found.scale is not None and found.scale.low is not None)
    # Millimetres of a visual analogue scale are no length.
    is_scale = is_scale or (unit in {"mm", "cm", "%"} and bool(_OF_A_SCALE.search(outcome.text)))
    if is_scale:
        return _within_scale(replace(found, kind="scale"), main)
    return replace(found, kind="amount", unit=unit)


def _is_of_events(found: FindingInTable, main: RowNumbers) -> bool:
    counts = [number for number in (main.without, main.with_) if number is not None]
    return bool(
        (found.relative and found.relative.measure == "Rate ratio")
        or main.is_events
        or _EVENTS.match(found.outcome)
        or _EVENTS_COUNTED.match(main.unit)
        # One person may fall twice, but is one person.
        or any(main.base and number > main.base for number in counts)
    )


def _within_base(found: FindingInTable, main: RowNumbers) -> FindingInTable:
    """Return `found` without counts below 0."""
    if any(number is not None and number < 0 for number in (found.without, found.with_)):
        main.flags.add("outside_scale")
        return replace(found, without=None, with_=None, interval=None, interval_of=None)
    return found


def _within_scale(found: FindingInTable, main: RowNumbers) -> FindingInTable:
    """Return `found` without values that lie outside of the ends of its scale."""
    scale = found.scale
    if scale is None or scale.low is None or scale.high is None:
        return found
    is_in = {
        number: scale.low <= number <= scale.high
        for number in (found.without, found.with_)
        if number is not None
    }
    if all(is_in.values()):
        return found
    main.flags.add("outside_scale")
    if found.without is not None and not is_in[found.without]:
        found = replace(found, without=None)
    if found.with_ is not None and not is_in[found.with_]:
        main.flags.discard("with_reckoned")
        found = replace(found, with_=None)
    if found.interval_of == "with" and found.with_ is None:
        found = replace(found, interval=None, interval_of=None)
    return found


def with_starting_risks(
    found: FindingInTable, rows: Sequence[RowNumbers], main: RowNumbers
) -> FindingInTable:
    """Return `found` with its starting risks, where the table has more than one.

    Of more than three stay the lowest, the one that is shown, and the highest.
    """
    given = [row for row in rows if row.without is not None or row.with_ is not None]
    if len(given) < 2 or found.kind != "count":
        return found
    if len(given) > MOST_STARTING_RISKS:
        by_risk = sorted(given, key=lambda row: row.without or Decimal(0))
        kept = [by_risk[0], main, by_risk[-1]]
        given = [row for row in given if any(row is one for one in kept)]
    risks = []
    for row in given:
        low, high = row.with_interval or (None, None)
        label = row.label or f"{row.without} per {row.base}"
        risks.append(RiskInTable(label[:100], row.without, row.with_, low, high))
    return replace(found, starting_risks=tuple(risks))


def with_flags(
    found: FindingInTable, flags: set[str], columns: Columns, *, says_none: bool, said: str
) -> FindingInTable:
    """Return `found` with `flags` and those that follow from the whole of it.

    `says_none` means that a cell counts no study, `said` is what the other cells say.
    """
    if columns.arms_unknown:
        flags |= {"arms_unknown"}
    is_smd, is_asked = "smd" in flags, bool(flags & {"base_unknown", "arms_unknown"})
    if found.kind == "words" and not is_smd and not is_asked:
        has_people = found.people or found.studies
        is_unmeasured = says_none or (not has_people and bool(_NO_STUDIES.search(said)))
        flags |= {"no_studies" if is_unmeasured else "not_estimable"}
        if is_unmeasured and found.certainty == Certainty.NOT_RATED:
            found = replace(found, certainty=Certainty.NONE.value)
    has_better_end = found.scale is not None and found.scale.better is not None
    if (found.kind in {"scale", "amount"} or is_smd) and not has_better_end:
        flags |= {"better_end_unknown"}
    if found.kind != "words":
        if columns.are_swapped:
            flags |= {"columns_swapped"}
        has_other = found.with_ is not None or found.difference is not None
        if found.without is None and has_other:
            flags |= {"no_starting_value"}
    return replace(found, flags=tuple(sorted(flags, key=_ORDER.index)))
