"""One version of two: what follows from the side that was chosen for each unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .form_state import Entry, FormRow, FormState, hash_of, rating
from .units import (
    CHOICES,
    COMBINED,
    MINE,
    AnyUnit,
    BlocksUnit,
    EvidenceUnit,
    FieldUnit,
    FormComparison,
    RowUnit,
)

#: What a person typed into the boxes of "combine", by field.
Texts = Mapping[str, str]


class Undecided(Exception):
    """Units with no choice; `keys` names them."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        super().__init__(", ".join(keys))


def merged_form(
    comparison: FormComparison,
    choices: Mapping[str, str],
    texts: Mapping[str, Texts] | None = None,
) -> FormState:
    """Return the form that follows from `choices`, by unit key: MINE, THEIRS or COMBINED.

    Where only one side changed a unit, it needs no choice. Raises Undecided while a unit that both
    sides changed has none.
    """
    chosen = _chosen(comparison, choices)

    def settled(unit: AnyUnit) -> Any:
        """Return the side of the unit that was chosen, or both combined."""
        if chosen[unit.key] == COMBINED:
            return combined(unit, (texts or {}).get(unit.key, {}))
        return unit.mine if chosen[unit.key] == MINE else unit.theirs

    result = FormState(dict(comparison.theirs.fields), rows=dict(comparison.theirs.rows))
    for piece in comparison.body:
        result.body += (settled(piece) or []) if isinstance(piece, BlocksUnit) else piece
    for unit in comparison.units:
        if isinstance(unit, FieldUnit):
            result.fields[unit.name] = settled(unit)
        elif isinstance(unit, RowUnit):
            _settle_row(result, unit, settled(unit))
    _settle_evidence(result, comparison, settled)
    return result


def _chosen(comparison: FormComparison, choices: Mapping[str, str]) -> dict[str, str]:
    chosen, undecided = {}, []
    for unit in comparison.units:
        choice = choices.get(unit.key)
        if choice not in CHOICES or (choice == COMBINED and not unit.can_combine):
            choice = unit.happened.side
        if choice is None:
            undecided.append(unit.key)
        else:
            chosen[unit.key] = choice
    if undecided:
        raise Undecided(undecided)
    return chosen


def _settle_row(result: FormState, unit: RowUnit, row: FormRow | None) -> None:
    if row is None:
        result.rows.pop(unit.name, None)
        return
    pk = unit.theirs.pk if unit.theirs else ""
    claim = (unit.theirs.claim if unit.theirs else "") or row.claim
    result.rows[unit.name] = replace(row, pk=pk, claim=claim)


def _settle_evidence(
    result: FormState, comparison: FormComparison, settled: Callable[[AnyUnit], Any]
) -> None:
    """Settle the evidence of all that the result still says. A claim without its row keeps none."""
    mine, theirs = comparison.mine, comparison.theirs
    if mine.evidence is None:
        return
    decided = {
        unit.name: settled(unit) for unit in comparison.units if isinstance(unit, EvidenceUnit)
    }
    theirs_evidence = theirs.evidence or {}
    kept_claims = {row.claim for row in result.rows.values()}
    lost_claims = {row.claim for row in [*mine.rows.values(), *theirs.rows.values()]} - kept_claims
    result.evidence = {}
    for key in dict.fromkeys([*theirs_evidence, *mine.evidence]):
        if key in lost_claims:
            continue
        entry = (
            decided[key] if key in decided else theirs_evidence.get(key) or mine.evidence.get(key)
        )
        if entry is not None:
            result.evidence[key] = entry
        elif key in mine.removed:
            result.removed.append(key)


def combined(unit: AnyUnit, texts: Texts | None = None) -> str | list[str] | Entry | FormRow | None:
    """Return both sides of a unit put together; `texts` is what a person typed for it.

    Blocks: mine, then theirs. Evidence: every citation of both. Rows and fields: what was typed;
    else what only one side changed; else both texts of a field, and mine of a row.
    """
    texts = texts or {}
    if unit.mine is None or unit.theirs is None:
        return unit.mine or unit.theirs
    if isinstance(unit, FieldUnit):
        return texts.get(unit.name, both_texts(unit.mine, unit.theirs))
    if isinstance(unit, BlocksUnit):
        return [*unit.mine, *(block for block in unit.theirs if block not in unit.mine)]
    if isinstance(unit, EvidenceUnit):
        return _all_evidence(unit.mine, unit.theirs, unit.was)
    values = {}
    for name in unit.theirs.values:
        one_sided = changed_by_one(unit, name)
        values[name] = texts.get(name, unit.mine.values[name] if one_sided is None else one_sided)
    return replace(unit.mine, values=values)


def changed_by_one(unit: RowUnit, name: str) -> str | None:
    """Return the text of a row that both sides have, if at most one side changed it.

    None if both did.
    """
    if unit.mine is None or unit.theirs is None:
        return None
    mine, theirs = unit.mine.values[name], unit.theirs.values[name]
    before = (unit.was or {}).get(name)
    if mine == theirs or before == hash_of(mine):
        return theirs
    return mine if before == hash_of(theirs) else None


def both_texts(mine: str, theirs: str) -> str:
    """Return what "combine" offers first: one text if it contains the other, else both."""
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{mine}\n{theirs}"


def _all_evidence(mine: Entry, theirs: Entry, was: list[str] | None) -> Entry:
    entry = dict(mine)
    if was and was[0] == hash_of(rating(mine)):
        rated = ("certainty", "reasons", "note")
        entry.update({name: theirs[name] for name in rated if name in theirs})
    citations = list(mine.get("links", []))
    held = {(citation.get("reference"), citation.get("stance")) for citation in citations}
    uids = {citation.get("uid") for citation in citations}
    for citation in theirs.get("links", []):
        is_held = (citation.get("reference"), citation.get("stance")) in held
        if not is_held and citation.get("uid") not in uids:
            citations.append(citation)
    return {**entry, "links": citations}
