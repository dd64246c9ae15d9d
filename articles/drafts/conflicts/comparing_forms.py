"""Two versions of one form compared, unit by unit: fields, text, rows, evidence."""

from dataclasses import replace

from .body import compare_bodies
from .opened_on import hash_of, of_entry, rating
from .units import FormComparison, Happened, Unit, who, who_one_sided


def compare_forms(was, mine, theirs):
    """A Comparison of `mine` with `theirs`; `was` is what mine was opened on (`recall`), or None.

    Its units stand in the order of the form: fields, text, rows, evidence.
    """
    mine = _with_partners(was, mine, theirs)
    body = list(compare_bodies(was, mine.body, theirs.body))
    units = [
        *_compare_fields(was, mine, theirs),
        *(piece for piece in body if isinstance(piece, Unit)),
        *_compare_rows(was, mine, theirs),
    ]
    units += _compare_evidence(was, mine, theirs)
    return FormComparison(mine, theirs, units, body)


def _compare_fields(was, mine, theirs):
    for name, text in theirs.fields.items():
        own = mine.fields.get(name, text)
        if own != text:
            before = was["fields"].get(name) if was else None
            yield Unit(
                f"f-{name}",
                "field",
                name,
                own,
                text,
                who(before, hash_of(own), hash_of(text)),
                before,
            )


def _with_partners(was, mine, theirs):
    """`mine` with its new rows under the key of the row they are, where there is one.

    A row both added, told by the value an article holds once or by being the same in everything, is
    one row; else a save sent twice would add every row twice. A row they deleted and the form made
    anew goes back to its old key.
    """
    known = was["rows"] if was else {}
    free = {
        key: row for key, row in theirs.rows.items() if key not in known and key not in mine.rows
    }
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


def _partner(row, candidates):
    for key, other in candidates.items():
        if other.group == row.group and (
            (row.natural and other.natural == row.natural) or other.values == row.values
        ):
            return key
    return None


def _earlier_self(row, gone):
    hashed = {name: hash_of(text) for name, text in row.values.items()}
    for key, was in gone.items():
        if was["group"] == row.group and (
            was["values"] == hashed or (row.claim and was["claim"] == row.claim)
        ):
            return key
    return None


def _compare_rows(was, mine, theirs):
    known = was["rows"] if was else {}
    keys = [*theirs.rows, *(key for key in mine.rows if key not in theirs.rows)]
    groups = list(dict.fromkeys((mine.rows.get(key) or theirs.rows[key]).group for key in keys))
    found = []
    for key in keys:
        own, their = mine.rows.get(key), theirs.rows.get(key)
        before = known[key]["values"] if key in known else None
        if own and their:
            if own.values == their.values:
                continue
            happened = who(before, _hashes(own), _hashes(their))
            if before is None and was is not None:
                happened = Happened.BOTH_CHANGED  # both added it, and not quite the same
        else:
            happened = who_one_sided(was, before, _hashes(own or their), is_mine=own is not None)
            if own and not own.pk and before is None:
                happened = Happened.I_ADDED  # known without any memory: it was never saved
        found.append(Unit(f"r-{key}", "row", key, own, their, happened, before))
    return sorted(found, key=lambda unit: groups.index(unit.group))


def _hashes(row):
    return {name: hash_of(text) for name, text in row.values.items()}


def _compare_evidence(was, mine, theirs):
    """Evidence of a row that only one side has goes with the row, and is no unit of its own."""
    if mine.evidence is None or theirs.evidence is None:
        return
    known = was["evidence"] if was else {}
    with_rows = _claims_of_rows_on_one_side(was, mine, theirs)
    for key in [*theirs.evidence, *(key for key in mine.evidence if key not in theirs.evidence)]:
        own, their, before = mine.evidence.get(key), theirs.evidence.get(key), known.get(key)
        if key in mine.removed:
            own = None
        elif own is None:
            continue  # a claim the form does not name is left as it is
        if key in with_rows or (_is_bare(own) and _is_bare(their)):
            continue
        if own is not None and their is not None:
            if of_entry(own) == of_entry(their):
                continue
            happened = who(before, of_entry(own), of_entry(their))
            if before is None and was is not None:
                happened = Happened.BOTH_CHANGED
        else:
            happened = who_one_sided(was, before, of_entry(own or their), is_mine=own is not None)
        yield Unit(f"e-{key}", "evidence", key, own, their, happened, before)


def _claims_of_rows_on_one_side(was, mine, theirs):
    known = was["rows"] if was else {}
    one_sided = set(mine.rows) ^ set(theirs.rows)
    claims = {
        row.claim for key, row in [*mine.rows.items(), *theirs.rows.items()] if key in one_sided
    }
    return (claims | {known[key]["claim"] for key in one_sided if key in known}) - {""}


def _is_bare(entry):
    return entry is None or (
        not entry.get("links") and rating(entry) in (rating({}), rating({"certainty": "not-rated"}))
    )


def onto(was, mine, theirs):
    """`mine`, opened on `was`, as it would look on a form opened now: a colleague's new rows stand
    in it unchanged.

    Nothing is decided by it: saved, it is compared like any other form opened on `was`.
    """
    mine = _with_partners(was, mine, theirs)
    known = was["rows"] if was else {}
    added = {
        key: row for key, row in theirs.rows.items() if key not in known and key not in mine.rows
    }
    rows = {
        key: replace(row, pk=theirs.rows[key].pk if key in theirs.rows else "")
        for key, row in mine.rows.items()
    }
    return replace(mine, rows={**rows, **added})
