"""Letting rows swap values that must be unique."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model


def delete_rows_in_the_way(rows: Iterable[Model]) -> None:
    """Delete those of `rows` whose stored values another of them is about to get.

    Saved one after the other, two rows that swap a condition or a source would break the unique
    constraint in between. `rows` are of one model, with their new values. Each has to be saved or
    deleted afterwards; saving puts a deleted one back under its old primary key. One query for each
    unique constraint, and one more where rows swap values.
    """
    rows = [row for row in rows if row.pk is not None]
    if len(rows) < 2:
        return
    model: Any = type(rows[0])
    taken = set()
    keys = {row.pk for row in rows}
    for constraint in model._meta.total_unique_constraints:
        columns = [model._meta.get_field(name).attname for name in constraint.fields]
        held = model._base_manager.filter(pk__in=keys).values_list("pk", *columns)
        holders = {tuple(values): pk for pk, *values in held}
        for row in rows:
            holder = holders.get(tuple(getattr(row, column) for column in columns), row.pk)
            if holder != row.pk:
                taken.add(holder)
    if taken:
        model._base_manager.filter(pk__in=taken).delete()
