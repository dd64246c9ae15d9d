"""Two versions of one form compared, unit by unit: fields, text, rows, evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .body import compare_bodies
from .form_state import (
    BaseHashes,
    BaseRow,
    Entry,
    FormRow,
    FormState,
    hash_of,
    hashes_of,
    hashes_of_entry,
    rating,
)
from .units import (
    AnyUnit,
    BlocksUnit,
    EvidenceUnit,
    FieldUnit,
    FormComparison,
    Happened,
    RowUnit,
    who_changed,
    who_changed_one_side,
)


def compare_forms(was: BaseHashes | None, mine: FormState, theirs: FormState) -> FormComparison:
    """Return what differs between `mine` and `theirs`.

    `was` is what mine was opened on, or None.
    """
    mine = _with_partners(was, mine, theirs)
    body = list(compare_bodies(was, mine.body, theirs.body))
    units: list[AnyUnit] = [
        *_compare_fields(was, mine, theirs),
        *(piece for piece in body if isinstance(piece, BlocksUnit)),
        *_compare_rows(was, mine, theirs),
        *_compare_evidence(was, mine, theirs),
    ]
    return FormComparison(mine, theirs, units, body)


def _compare_fields(
    was: BaseHashes | None, mine: FormState, theirs: FormState
) -> Iterator[FieldUnit]:
    for name, their in theirs.fields.items():
        own = mine.fields.get(name, their)
        if own != their:
            before = was["fields"].get(name) if was else None
            happened = who_changed(before, hash_of(own), hash_of(their))
            yield FieldUnit(f"f-{name}", name, own, their, happened, before)


# --- rows --------------------------------------------------------------------------------------
def _with_partners(was: BaseHashes | None, mine: FormState, theirs: FormState) -> FormState:
    """Return `mine` with its new rows under the key of the row they are, where there is one.

    A row that both added is one row; else a save sent twice would add every row twice. It is known
    by the value an article has only once, or by being the same in everything. A row that they
    deleted and the form made again goes back to its old key.
    """
    known = was["rows"] if was else {}
    free = _added(known, theirs, mine)
    gone = {
        key: row for key, row in known.items() if key not in theirs.rows and key not in mine.rows
    }
    rows = {}
    for key, row in mine.rows.items():
        if not row.pk and key not in known:
            partner = _partner(row, free) or _earlier_self(row, gone)
            if partner:
                free.pop(partner, None)
                gone.pop(partner, None)
                key = partner
        rows[key] = row
    return replace(mine, rows=rows)


def _added(known: Mapping[str, BaseRow], theirs: FormState, mine: FormState) -> dict[str, FormRow]:
    """Return the rows that only they added."""
    return {
        key: row for key, row in theirs.rows.items() if key not in known and key not in mine.rows
    }


def _partner(row: FormRow, candidates: Mapping[str, FormRow]) -> str | None:
    for key, other in candidates.items():
        has_its_value = row.natural and other.natural == row.natural
        if other.group == row.group and (has_its_value or other.values == row.values):
            return key
    return None


def _earlier_self(row: FormRow, gone: Mapping[str, BaseRow]) -> str | None:
    hashes = hashes_of(row.values)
    for key, was in gone.items():
        has_its_claim = row.claim and was["claim"] == row.claim
        if was["group"] == row.group and (was["values"] == hashes or has_its_claim):
            return key
    return None


def _compare_rows(was: BaseHashes | None, mine: FormState, theirs: FormState) -> list[RowUnit]:
    known = was["rows"] if was else {}
    rows = {**theirs.rows, **mine.rows}
    found = []
    for key in rows:
        own, their = mine.rows.get(key), theirs.rows.get(key)
        before = known[key]["values"] if key in known else None
        if own and their and own.values == their.values:
            continue
        happened = _row_happened(was, before, own, their)
        found.append(RowUnit(f"r-{key}", key, own, their, happened, before))
    groups = list(dict.fromkeys((mine.rows.get(key) or theirs.rows[key]).group for key in rows))
    return sorted(found, key=lambda unit: groups.index(unit.group))


def _row_happened(
    was: BaseHashes | None,
    before: dict[str, str] | None,
    own: FormRow | None,
    their: FormRow | None,
) -> Happened:
    if own and their:
        if before is None and was is not None:
            return Happened.BOTH_CHANGED  # both added it, and not quite the same
        return who_changed(before, hashes_of(own.values), hashes_of(their.values))
    if own and not own.pk and before is None:
        return Happened.I_ADDED  # it was never saved, so nothing needs to be remembered of it
    row = own or their
    hashes = hashes_of(row.values) if row else {}
    return who_changed_one_side(was, before, hashes, is_mine=own is not None)


# --- evidence ----------------------------------------------------------------------------------
def _compare_evidence(
    was: BaseHashes | None, mine: FormState, theirs: FormState
) -> Iterator[EvidenceUnit]:
    """Yield a unit for each claim whose evidence differs.

    Evidence of a row that only one side has goes with the row, and is no unit of its own.
    """
    if mine.evidence is None or theirs.evidence is None:
        return
    known = was["evidence"] if was else {}
    with_rows = _claims_of_rows_on_one_side(was, mine, theirs)
    for key in dict.fromkeys([*theirs.evidence, *mine.evidence]):
        own, their, before = mine.evidence.get(key), theirs.evidence.get(key), known.get(key)
        if key in mine.removed:
            own = None
        elif own is None:
            continue  # a claim the form does not name is left as it is
        if key in with_rows or (_is_bare(own) and _is_bare(their)):
            continue
        if own is not None and their is not None and hashes_of_entry(own) == hashes_of_entry(their):
            continue
        happened = _evidence_happened(was, before, own, their)
        yield EvidenceUnit(f"e-{key}", key, own, their, happened, before)


def _evidence_happened(
    was: BaseHashes | None, before: list[str] | None, own: Entry | None, their: Entry | None
) -> Happened:
    if own is not None and their is not None:
        if before is None and was is not None:
            return Happened.BOTH_CHANGED
        return who_changed(before, hashes_of_entry(own), hashes_of_entry(their))
    return who_changed_one_side(
        was, before, hashes_of_entry(own or their or {}), is_mine=own is not None
    )


def _claims_of_rows_on_one_side(
    was: BaseHashes | None, mine: FormState, theirs: FormState
) -> set[str]:
    known = was["rows"] if was else {}
    one_sided = set(mine.rows) ^ set(theirs.rows)
    rows = [*mine.rows.items(), *theirs.rows.items()]
    claims = {row.claim for key, row in rows if key in one_sided}
    return (claims | {known[key]["claim"] for key in one_sided if key in known}) - {""}


def _is_bare(entry: Entry | None) -> bool:
    """Return whether nobody rated the claim or cited anything for it."""
    return entry is None or (
        not entry.get("links") and rating(entry) in (rating({}), rating({"certainty": "not-rated"}))
    )


# --- a form opened again -----------------------------------------------------------------------
def rebased(was: BaseHashes | None, mine: FormState, theirs: FormState) -> FormState:
    """Return `mine`, opened on `was`, as on a form opened now, with a colleague's new rows.

    It decides nothing: when it is saved, it is compared like any other form opened on `was`.
    """
    mine = _with_partners(was, mine, theirs)
    added = _added(was["rows"] if was else {}, theirs, mine)
    rows = {
        key: replace(row, pk=theirs.rows[key].pk if key in theirs.rows else "")
        for key, row in mine.rows.items()
    }
    return replace(mine, rows={**rows, **added})
