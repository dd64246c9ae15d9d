"""Rows that trade with one another what may stand in one place only once."""


def make_room(rows):
    """Take out of their table those of `rows` that hold what another of them is about to get.

    Saved one after the other, two rows that trade a condition or a source would meet the unique
    constraint half way. `rows` are of one model, with their new values. Each has to be saved or
    deleted afterwards; saving puts one that was taken out back under its old primary key. A query
    for each unique constraint, and one more where rows trade.
    """
    rows = [row for row in rows if row.pk is not None]
    if len(rows) < 2:
        return
    model, taken = type(rows[0]), set()
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
