"""Two references that turn out to be one work, made one; and that undone.

The row that goes stays in the library with all it holds, points at the row that stands for it, and
its uid leads there. What hung on it moves, whatever app it belongs to: models are found through
Reference's own relations. An app whose rows need more care than a new foreign key says so with
`resolves`; one whose rows must stay where they are sets `stays_when_merged` on the model.
"""

import copy
from collections.abc import Callable

from django.apps import apps
from django.db import IntegrityError, models, transaction

from . import changes
from .integrity import GRAVITY
from .models import Identity, Merge, Notice, Reference


class CannotMerge(Exception):
    """Merging, or undoing it, was refused; str() says what to do."""


#: What the kept row may take from the other where it has nothing of its own.
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
_resolvers: dict[type[models.Model], Callable] = {}


def resolves(model):
    """Register a function(kept, lost) for rows of `model` that cannot both hang on one reference.

    It changes `kept` (not saved) so that nothing worth keeping in `lost` is missing; `lost` goes,
    and comes back when the merge is undone.
    """

    def register(function):
        _resolvers[model] = function
        return function

    return register


@transaction.atomic
def merge(keep, lose, *, by, at):
    """Let `keep` stand for `lose` as well, on the word of user `by`; the Merge.

    Raises CannotMerge, changing nothing.
    """
    both = Reference.objects.select_for_update().filter(pk__in=[keep.pk, lose.pk]).order_by("pk")
    rows = {row.pk: row for row in both}
    _check(keep, lose, rows)
    keep_now, lose_now = rows[keep.pk], rows[lose.pk]
    done = Merge(keep=keep_now, lose=lose_now, by=by, at=at)
    before = {"keep": _values(keep_now), "lose": _values(lose_now)}
    record = {"links": [], "folded": [], "dropped": []}
    touched = []
    for relation in links():
        _move(relation, keep_now, lose_now, record, touched)
    _complete(keep_now, lose_now)
    # The row that goes lets go of its identifiers first: no two rows may hold one.
    lose_now.merged_into = keep_now
    lose_now.save()
    keep_now.save()
    after = {"keep": _values(keep_now), "lose": _values(lose_now)}
    record["fields"] = {name: _difference(before[name], after[name]) for name in before}
    done.moved = record
    done.save()
    for given, row in ((keep, keep_now), (lose, lose_now)):
        if given is not row:
            given.refresh_from_db()
    _tell(done, touched, by, at, f"Merged with “{lose_now}” ({lose_now.uid}).")
    for notice in keep_now.notices.all():
        # What was known of one row is news to the pages that name the other.
        changes.notice_arrived.send(Notice, reference=keep_now, notice=notice, by=by, at=at)
    return done


def _check(keep, lose, rows):
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


def links(model=Reference):
    """The relations through which rows of any app hang on a reference and move when it is
    merged.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        is_link = (
            relation.auto_created
            and not relation.concrete
            and (relation.one_to_many or relation.one_to_one)
        )
        if not is_link or getattr(relation.related_model, "stays_when_merged", False):
            continue
        if relation.related_model is Reference and relation.field.name == "merged_into":
            continue
        yield relation


def _move(relation, keep, lose, record, touched):
    model, field = relation.related_model, relation.field
    for row in model._base_manager.filter(**{field.name: lose}).order_by("pk"):
        if model is Reference and row.pk == keep.pk:
            # A preprint merged with its article is no preprint of itself.
            continue
        twin = _twin(row, field, keep)
        if twin is None:
            setattr(row, field.name, keep)
            row.save(update_fields=[field.name])
            record["links"].append({"model": model._meta.label, "pk": row.pk, "field": field.name})
            touched.append(row)
            continue
        held = _values(twin)
        _resolvers.get(model, _fill_blanks)(twin, row)
        twin.save()
        record["folded"].append(
            {"model": model._meta.label, "pk": twin.pk, "fields": _difference(held, _values(twin))}
        )
        record["dropped"].append({"model": model._meta.label, "pk": row.pk, "row": _values(row)})
        touched.append(twin)
        _refuse_if_something_hangs_on(row)
        # Past the model's own delete(): nothing is lost, it comes back when the merge is undone.
        model._base_manager.filter(pk=row.pk).delete()


def _refuse_if_something_hangs_on(row):
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


def _twin(row, field, keep):
    """The row hanging on `keep` that leaves no place for `row` there, or None."""
    model = type(row)
    keys = [constraint.fields for constraint in model._meta.total_unique_constraints]
    keys += list(model._meta.unique_together)
    keys += [[field.name]] if field.unique else []
    for key in keys:
        if field.name in key:
            values = {name: getattr(row, name) for name in key if name != field.name}
            twin = model._base_manager.filter(**{field.name: keep}, **values).first()
            if twin is not None:
                return twin
    return None


def _fill_blanks(kept, lost):
    """What two rows that say the same are folded by, where their app registered nothing better."""
    for field in kept._meta.concrete_fields:
        if (
            not field.primary_key
            and not field.is_relation
            and getattr(kept, field.attname) in (None, "", [], {})
        ):
            setattr(kept, field.attname, getattr(lost, field.attname))


def _complete(keep, lose):
    """Fill what is empty in `keep` from `lose`, which lets go of the identifiers it gives."""
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
def unmerge(done, *, by, at):
    """Take the Merge `done` back, exactly: links, folded rows and fields are as they were.

    What people changed since then stays as they left it. Raises CannotMerge, changing nothing.
    """
    done = Merge.objects.select_for_update().get(pk=done.pk)
    if done.undone_at is not None:
        raise CannotMerge("This merge was undone already.")
    both = (
        Reference.objects.select_for_update()
        .filter(pk__in=[done.keep_id, done.lose_id])
        .order_by("pk")
    )
    rows = {row.pk: row for row in both}
    keep, lose = rows[done.keep_id], rows[done.lose_id]
    if lose.merged_into_id != keep.pk:
        raise CannotMerge("These two are not merged any more. Nothing is left to undo.")
    if keep.merged_into_id is not None:
        raise CannotMerge(
            f"“{keep}” was merged into another reference since. Undo that merge first."
        )
    _restore(keep, done.moved["fields"]["keep"])
    _restore(lose, done.moved["fields"]["lose"])
    try:
        with transaction.atomic():
            keep.save()
            lose.save()
    except IntegrityError as problem:
        raise CannotMerge(
            f"“{keep}” was given an identifier since that belongs to “{lose}”. Take it off there"
            " first."
        ) from problem
    touched = [*_moved_back(done.moved["links"], keep, lose), *_unfolded(done.moved)]
    done.undone_by, done.undone_at = by, at
    done.save(update_fields=["undone_by", "undone_at"])
    _tell(done, touched, by, at, f"No longer merged with “{lose}” ({lose.uid}).")
    return done


def _moved_back(entries, keep, lose):
    for entry in entries:
        model = _model(entry)
        row = model._base_manager.filter(pk=entry["pk"], **{entry["field"]: keep}).first()
        if row is not None:
            setattr(row, entry["field"], lose)
            row.save(update_fields=[entry["field"]])
            yield row


def _unfolded(moved):
    for entry in moved["folded"]:
        twin = _model(entry)._base_manager.filter(pk=entry["pk"]).first()
        if twin is not None:
            _restore(twin, entry["fields"])
            twin.save()
            yield twin
    for entry in moved["dropped"]:
        model = _model(entry)
        if not model._base_manager.filter(pk=entry["pk"]).exists():
            fields = {field.attname: field for field in model._meta.concrete_fields}
            values = {name: fields[name].to_python(value) for name, value in entry["row"].items()}
            row = model(**{"pk": entry["pk"], **values})
            # As it was, with no regard to defaults and dates that saving sets.
            models.Model.save_base(row, raw=True, force_insert=True)
            yield row


def _model(entry):
    return apps.get_model(entry["model"])


def _values(row):
    """Every column of `row` but its key, as JSON holds it to the last digit, by the name of its
    attribute.
    """
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        is_plain = value is None or isinstance(value, (bool, int, float, str, list, dict))
        if not field.primary_key:
            values[field.attname] = value if is_plain else field.value_to_string(row)
    return copy.deepcopy(values)


#: Columns that saving fills by itself.
_CLOCKS = {"modified_at"}


def _difference(before, after):
    """{column: [before, after]} for the columns that changed."""
    return {
        name: [value, after[name]]
        for name, value in before.items()
        if after[name] != value and name not in _CLOCKS
    }


def _restore(row, changed):
    """Put back what a merge changed in `row`, save what somebody changed again since."""
    now = _values(row)
    fields = {field.attname: field for field in row._meta.concrete_fields}
    for name, (before, after) in changed.items():
        if isinstance(now[name], dict) and isinstance(before, dict) and isinstance(after, dict):
            setattr(row, name, _restored(now[name], before, after))
        elif now[name] == after:
            setattr(row, name, fields[name].to_python(before) if before is not None else None)


def _restored(now, before, after):
    """The object `now` with each key put back that a merge changed and nobody has since."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    back = {key for key in changed if now.get(key) == after.get(key)}
    kept = {key: value for key, value in now.items() if key not in back}
    return kept | {key: before[key] for key in back if key in before}


def _tell(done, touched, by, at, summary):
    changes.reference_edited.send(Reference, reference=done.keep, by=by, at=at, summary=summary)
    changes.links_moved.send(Merge, merge=done, rows=touched, by=by, at=at, summary=summary)


def uids_of(reference):
    """The uids `reference` answers to: its own and those of every row merged into it.

    A query for each generation.
    """
    found, newest = {reference.uid}, [reference.pk]
    while newest:
        rows = list(Reference.objects.filter(merged_into__in=newest).values_list("pk", "uid"))
        found |= {uid for _, uid in rows}
        newest = [pk for pk, _ in rows]
    return found


def by_uid(uid):
    """The reference that `uid` leads to now, through any merges; None when nobody has it."""
    row = Reference.objects.filter(uid=uid).first()
    return row.survivor if row else None
