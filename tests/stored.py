"""Everything the database holds, for tests of what is never kept."""

from django.db import connection

#: Indexes that give no rows: what is in them stands in their own tables, which are read.
_NO_ROWS = {"references_searchindex"}


def tables():
    """The quoted name of every table that has rows to read."""
    names = connection.introspection.table_names()
    return [connection.ops.quote_name(name) for name in names if name not in _NO_ROWS]
