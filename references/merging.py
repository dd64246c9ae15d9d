"""Merging two references that turn out to be one work, and undoing that.

The merged row stays in the library with all it holds. It points at the row that stands for it now,
and its uid leads there. Rows that belong to it move, in any app: they are found through the
relations of Reference. An app whose rows need more care than a new foreign key registers a function
with `resolves`. An app whose rows must stay where they are sets `stays_when_merged` on the model.
"""

import copy
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction

from . import changes
from .integrity import GRAVITY
from .models import Identity, Merge, Notice, Reference


class CannotMerge(Exception):
    """Merging, or undoing it, was refused; str() says what to do."""


#: What the kept row takes from the other where it has nothing of its own.
_COLUMNS = (
    "pmid",
    "pmcid",
    "isbn13",
    "nct",
    "url",
    "archive_url",
    "free_url",
    "language",
    "design",
    "peer_reviewed",
)
Resolver = Callable[[Any, Any], None]
_resolvers: dict[type[models.Model], Resolver] = {}


class RowName(TypedDict):
    """A row of any app, as a Merge remembers it."""

    model: str
    pk: Any


class MovedRow(RowName):
    """A row whose foreign key `field` points at the kept reference now."""

    field: str


class FoldedRow(RowName):
    """A kept row that took something from its double: {column: [before, after]}."""

    fields: dict[str, list]


class DroppedRow(RowName):
    """A row that was deleted because the kept reference had its double; `row` has its columns."""

    row: dict[str, Any]


class Moved(TypedDict, total=False):
    """`Merge.moved`: all that undoing the merge takes.

    `fields` has what changed in the two references, as “keep” and “lose”.
    """

    links: list[MovedRow]
    folded: list[FoldedRow]
    dropped: list[DroppedRow]
    fields: dict[str, dict[str, list]]


def resolves(model: type[models.Model]) -> Callable[[Resolver], Resolver]:
    """Register a function(kept, lost) for two rows of `model` that cannot belong to one reference.

    It changes `kept` (not saved) so that nothing worth keeping in `lost` is missing. `lost` is
    deleted, and comes back when the merge is undone.
    """

    def register(function: Resolver) -> Resolver:
        _resolvers[model] = function
        return function

    return register


@transaction.atomic
def merge(keep: Reference, lose: Reference, *, by: User, at: datetime) -> Merge:
    """Let `keep` stand for `lose` as well, on the word of user `by`.

    Raises CannotMerge, changing nothing.
    """
    both = Reference.objects.select_for_update().filter(pk__in=[keep.pk, lose.pk]).order_by("pk")
    rows = {row.pk: row for row in both}
    _refuse_unless_mergeable(keep, lose, rows)
    keep_now, lose_now = rows[keep.pk], rows[lose.pk]
    merge_row = Merge(keep=keep_now, lose=lose_now, by=by, at=at)
    before = {"keep": _values(keep_now), "lose": _values(lose_now)}
    moved: Moved = {"links": [], "folded": [], "dropped": []}
    changed_rows: list[models.Model] = []
    for relation in relations_to_move():
        _move(relation, keep_now, lose_now, moved, changed_rows)
    _fill_from_lost(keep_now, lose_now)
    # The lost row gives up its identifiers first: no two rows may have one.
    lose_now.merged_into = keep_now
    lose_now.save()
    keep_now.save()
    after = {"keep": _values(keep_now), "lose": _values(lose_now)}
    moved["fields"] = {name: _difference(before[name], after[name]) for name in before}
    merge_row.moved = moved
    merge_row.save()
    for given, row in ((keep, keep_now), (lose, lose_now)):
        if given is not row:
            given.refresh_from_db()
    _announce(merge_row, changed_rows, by, at, f"Merged with “{lose_now}” ({lose_now.uid}).")
    for notice in keep_now.notices.all():
        # A notice about one row is new to the pages that cite the other.
        changes.notice_arrived.send(Notice, reference=keep_now, notice=notice, by=by, at=at)
    return merge_row


def _refuse_unless_mergeable(keep, lose, rows):
    if keep.pk == lose.pk:
        raise CannotMerge(
            "This is one and the same reference. Choose another one to merge it with."
        )
    if len(rows) < 2:
        raise CannotMerge("One of the two is no longer in the library. Search for it once more.")
    for row in rows.values():
        if row.merged_into_id is not None:
            raise CannotMerge(
                f"“{row}” was merged already, into “{row.survivor}”. Choose that one instead."
            )


def relations_to_move(model: type[models.Model] = Reference) -> Iterator[Any]:
    """Yield the relations whose rows, in any app, move with a reference when it is merged."""
    relation: Any  # Django's stubs know these as plain fields
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = (
            relation.auto_created
            and not relation.concrete
            and (relation.one_to_many or relation.one_to_one)
        )
        if not points_here or getattr(relation.related_model, "stays_when_merged", False):
            continue
        if relation.related_model is Reference and relation.field.name == "merged_into":
            continue
        yield relation


def _move(relation, keep, lose, moved, changed_rows):
    """Move the rows of one relation from `lose` to `keep`; notes each in `moved`."""
    model, field = relation.related_model, relation.field
    for row in model._base_manager.filter(**{field.name: lose}).order_by("pk"):
        if model is Reference and row.pk == keep.pk:
            # A preprint that is merged with its article is not a preprint of itself.
            continue
        kept_row = _row_in_the_way(row, field, keep)
        if kept_row is None:
            setattr(row, field.name, keep)
            row.save(update_fields=[field.name])
            moved["links"].append({"model": model._meta.label, "pk": row.pk, "field": field.name})
            changed_rows.append(row)
            continue
        before = _values(kept_row)
        _resolvers.get(model, _fill_blanks)(kept_row, row)
        kept_row.save()
        moved["folded"].append(
            {
                "model": model._meta.label,
                "pk": kept_row.pk,
                "fields": _difference(before, _values(kept_row)),
            }
        )
        moved["dropped"].append({"model": model._meta.label, "pk": row.pk, "row": _values(row)})
        changed_rows.append(kept_row)
        _refuse_if_rows_depend_on(row)
        # Not through the model's own delete(): undoing the merge brings the row back.
        model._base_manager.filter(pk=row.pk).delete()


def _refuse_if_rows_depend_on(row):
    for relation in row._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete and not relation.many_to_many
        if (
            points_here
            and relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        ):
            raise CannotMerge(
                f"Both references have “{row}”, and something hangs on it. Settle that by hand"
                " first."
            )


def _row_in_the_way(row, field, keep):
    """Return the row of `keep` that a unique constraint allows no second one beside, or None."""
    model = type(row)
    keys = [constraint.fields for constraint in model._meta.total_unique_constraints]
    keys += list(model._meta.unique_together)
    keys += [[field.name]] if field.unique else []
    for key in keys:
        if field.name in key:
            values = {name: getattr(row, name) for name in key if name != field.name}
            kept_row = model._base_manager.filter(**{field.name: keep}, **values).first()
            if kept_row is not None:
                return kept_row
    return None


def _fill_blanks(kept, lost):
    """Fill what is empty in `kept` from `lost`: the rule where an app registered none."""
    for field in kept._meta.concrete_fields:
        if (
            not field.primary_key
            and not field.is_relation
            and getattr(kept, field.attname) in (None, "", [], {})
        ):
            setattr(kept, field.attname, getattr(lost, field.attname))


def _fill_from_lost(keep, lose):
    """Fill what is empty in `keep` from `lose`, which gives up the identifiers that it gives."""
    for name, value in lose.csl.items():
        if keep.csl.get(name) in (None, "", [], {}) and keep.field_source.get(name) != "human":
            keep.csl[name] = value
            keep.field_source[name] = lose.field_source.get(name, "file")
    if not keep.doi and lose.doi:
        keep.doi, lose.doi_key = lose.doi, None
    for column in _COLUMNS:
        if getattr(keep, column) in (None, "") and getattr(lose, column) not in (None, ""):
            setattr(keep, column, getattr(lose, column))
            if column in ("pmid", "pmcid", "isbn13"):
                setattr(lose, column, None)
    if keep.payload is None and lose.payload is not None:
        keep.payload, keep.payload_at = lose.payload, lose.payload_at
    if GRAVITY.index(lose.integrity) > GRAVITY.index(keep.integrity):
        keep.integrity, keep.integrity_checked_at = lose.integrity, lose.integrity_checked_at
    if keep.identity == Identity.NO_IDENTIFIER and (keep.doi or keep.pmid or keep.pmcid):
        keep.identity = (
            lose.identity if lose.identity != Identity.NO_IDENTIFIER else Identity.UNRESOLVED
        )
    for column in ("preprint_of_id", "version_of_id"):
        if getattr(keep, column) == lose.pk:
            setattr(keep, column, None)


@transaction.atomic
def unmerge(merge_row: Merge, *, by: User, at: datetime) -> Merge:
    """Undo a Merge exactly: moved rows, folded rows and fields become what they were.

    What people changed since then stays as they left it. Raises CannotMerge, changing nothing.
    """
    merge_row = Merge.objects.select_for_update().get(pk=merge_row.pk)
    if merge_row.undone_at is not None:
        raise CannotMerge("This merge was undone already.")
    both = (
        Reference.objects.select_for_update()
        .filter(pk__in=[merge_row.keep_id, merge_row.lose_id])
        .order_by("pk")
    )
    rows = {row.pk: row for row in both}
    keep, lose = rows[merge_row.keep_id], rows[merge_row.lose_id]
    if lose.merged_into_id != keep.pk:
        raise CannotMerge("These two are not merged any more. Nothing is left to undo.")
    if keep.merged_into_id is not None:
        raise CannotMerge(
            f"“{keep}” was merged into another reference since. Undo that merge first."
        )
    _restore(keep, merge_row.moved["fields"]["keep"])
    _restore(lose, merge_row.moved["fields"]["lose"])
    try:
        with transaction.atomic():
            keep.save()
            lose.save()
    except IntegrityError as error:
        raise CannotMerge(
            f"“{keep}” was given an identifier since that belongs to “{lose}”. Take it off there"
            " first."
        ) from error
    changed_rows = [
        *_move_back(merge_row.moved["links"], keep, lose),
        *_unfold(merge_row.moved),
    ]
    merge_row.undone_by, merge_row.undone_at = by, at
    merge_row.save(update_fields=["undone_by", "undone_at"])
    _announce(merge_row, changed_rows, by, at, f"No longer merged with “{lose}” ({lose.uid}).")
    return merge_row


def _move_back(entries, keep, lose):
    for entry in entries:
        model = _model_of(entry)
        row = model._base_manager.filter(pk=entry["pk"], **{entry["field"]: keep}).first()
        if row is not None:
            setattr(row, entry["field"], lose)
            row.save(update_fields=[entry["field"]])
            yield row


def _unfold(moved):
    for entry in moved["folded"]:
        kept_row = _model_of(entry)._base_manager.filter(pk=entry["pk"]).first()
        if kept_row is not None:
            _restore(kept_row, entry["fields"])
            kept_row.save()
            yield kept_row
    for entry in moved["dropped"]:
        model = _model_of(entry)
        if not model._base_manager.filter(pk=entry["pk"]).exists():
            fields = {field.attname: field for field in model._meta.concrete_fields}
            values = {name: fields[name].to_python(value) for name, value in entry["row"].items()}
            row = model(**{"pk": entry["pk"], **values})
            # As it was, with no regard to defaults and dates that saving sets.
            models.Model.save_base(row, raw=True, force_insert=True)
            yield row


def _model_of(entry):
    return apps.get_model(entry["model"])


def _values(row):
    """Return every column of `row` but its key, by attribute name, exact to the last digit."""
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        is_plain = value is None or isinstance(value, (bool, int, float, str, list, dict))
        if not field.primary_key:
            values[field.attname] = value if is_plain else field.value_to_string(row)
    return copy.deepcopy(values)


#: Columns that save() fills by itself.
_FILLED_BY_SAVING = {"modified_at"}


def _difference(before, after):
    """Return {column: [before, after]} for the columns that changed."""
    return {
        name: [value, after[name]]
        for name, value in before.items()
        if after[name] != value and name not in _FILLED_BY_SAVING
    }


def _restore(row, differences):
    """Put back what a merge changed in `row`, except what somebody changed again since."""
    now = _values(row)
    fields = {field.attname: field for field in row._meta.concrete_fields}
    for name, (before, after) in differences.items():
        if isinstance(now[name], dict) and isinstance(before, dict) and isinstance(after, dict):
            setattr(row, name, _restored_keys(now[name], before, after))
        elif now[name] == after:
            setattr(row, name, fields[name].to_python(before) if before is not None else None)


def _restored_keys(now, before, after):
    """Return the object `now` with each key put back that a merge changed and nobody since."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    back = {key for key in changed if now.get(key) == after.get(key)}
    kept = {key: value for key, value in now.items() if key not in back}
    return kept | {key: before[key] for key in back if key in before}


def _announce(merge_row, changed_rows, by, at, summary):
    changes.reference_edited.send(
        Reference, reference=merge_row.keep, by=by, at=at, summary=summary
    )
    changes.links_moved.send(
        Merge, merge=merge_row, rows=changed_rows, by=by, at=at, summary=summary
    )


def uids_of(reference: Reference) -> set[UUID]:
    """Return the uids that lead to `reference`: its own and those of every row merged into it.

    Costs a query for each generation.
    """
    uids, newest = {reference.uid}, [reference.pk]
    while newest:
        rows = list(Reference.objects.filter(merged_into__in=newest).values_list("pk", "uid"))
        uids |= {uid for _, uid in rows}
        newest = [pk for pk, _ in rows]
    return uids


def by_uid(uid: UUID | str) -> Reference | None:
    """Return the reference that `uid` leads to now, through any merges.

    None when no reference has it.
    """
    row = Reference.objects.filter(uid=uid).first()
    return row.survivor if row else None
