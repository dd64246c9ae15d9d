"""What references are searched in: a SearchText for each, kept by triggers on every way to write.

On SQLite an index of every three letters narrows a search down. PostgreSQL reads the small table as
fast without one. The triggers are made after every `migrate` (see references.apps), and so are the
texts that are missing or differ: SQLite rebuilds a table to alter it, and its triggers are lost.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

_TABLE, _TEXTS, _INDEX = "references_reference", "references_searchtext", "references_searchindex"
_COLUMNS = ["title", "first_author", "container_title", "doi", "doi_key", "pmid", "pmcid", "raw"]
_KEYS = ["title_key", "authors_key"]
#: Stands between two columns. No text field stores it, so nobody can search across it.
_BETWEEN = "\x1f"
#: The index holds every three letters in a row.
_SHORTEST = 3
#: So many keys are passed on; of more, the statement that finds them.
_FEW = 500
_EVENTS = ["INSERT", "UPDATE", "DELETE"]


def likely(
    spellings: Iterable[Iterable[str]], *, most: int, using: str
) -> list[int] | RawSQL | None:
    """Return the keys of all references that may have every word of one of `spellings`.

    None where the index cannot tell, and where these are more than `most`.
    """
    connection = connections[using]
    words = {tuple(word.lower() for word in spelling) for spelling in spellings}
    if connection.vendor != "sqlite" or any(len(word) < _SHORTEST for word in sum(words, ())):
        return None
    # In double quotes a word is a word: AND, NOT and the rest of FTS5's language are not read.
    match = " OR ".join(
        "(" + " AND ".join('"' + word.replace('"', '""') + '"' for word in spelling) + ")"
        for spelling in words
        if spelling
    )
    hits = f"SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{hits} LIMIT %s", [match, _FEW + 1])
        keys = [key for (key,) in cursor]
        if len(keys) <= _FEW or most <= _FEW:
            return keys if len(keys) <= most else None
        cursor.execute(f"SELECT count(*) FROM ({hits} LIMIT %s)", [match, most + 1])  # noqa: S608
        return RawSQL(hits, [match]) if cursor.fetchone()[0] <= most else None  # noqa: S611


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers again, and every text that is missing or differs. Safe at any time."""
    remove(connection)
    create = _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql()
    with connection.cursor() as cursor:
        for statement in create:
            cursor.execute(statement)
        cursor.execute(_put("r", f"FROM {_TABLE} r WHERE true"))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    tables = [_TABLE, _TEXTS] if connection.vendor == "sqlite" else [_TABLE]
    with connection.cursor() as cursor:
        for table in tables:
            of_table = "" if connection.vendor == "sqlite" else f" ON {table}"
            for event in _EVENTS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{of_table}")


def remove_before_migrate(sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """SQLite alters no table or column that a trigger names: a pre_migrate receiver."""
    if connections[using].vendor == "sqlite":
        remove(connections[using])


def install_after_migrate(sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    # A migration may have gone back to before there was the table.
    if _TEXTS in connections[using].introspection.table_names():
        install(connections[using])


def _name(table: str, event: str) -> str:
    return f"{table}_searched_{event.lower()}"


# Names of our own tables and columns are all that goes into these: nothing anybody typed.


def _put(row: str, source: str) -> str:
    """Return the SQL that writes the text of `row`, where there is none or it differs."""
    words, keys = (
        f" || '{_BETWEEN}' || ".join(f"COALESCE({row}.{column}, '')" for column in columns)
        for columns in (_COLUMNS, _KEYS)
    )
    return (
        f"INSERT INTO {_TEXTS} (reference_id, words, keys)"
        f" SELECT {row}.id, UPPER({words}), {keys} {source}"
        " ON CONFLICT (reference_id) DO UPDATE SET words = excluded.words, keys = excluded.keys"
        f" WHERE {_TEXTS}.words <> excluded.words OR {_TEXTS}.keys <> excluded.keys"
    )


def _acts() -> Iterator[tuple[str, str]]:
    put = _put("NEW", "WHERE true")
    delete = f"DELETE FROM {_TEXTS} WHERE reference_id = OLD.id"  # noqa: S608
    return zip(_EVENTS, [put, put, delete], strict=True)


def _on_postgresql() -> Iterator[str]:
    for event, act in _acts():
        name = _name(_TABLE, event)
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {act}; RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION"
            f" {name}()"
        )


def _on_sqlite() -> Iterator[str]:
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {_INDEX} USING"
        " fts5(text, tokenize = 'trigram', content = '', columnsize = 0)"
    )
    new, old = (f"{row}.reference_id, {row}.words || {row}.keys" for row in ("NEW", "OLD"))
    add = f"INSERT INTO {_INDEX} (rowid, text) SELECT {new};"
    # It keeps no text of its own: to forget one, it has to be told it again.
    forget = f"INSERT INTO {_INDEX} ({_INDEX}, rowid, text) SELECT 'delete', {old};"
    for event, act in zip(_EVENTS, [add, forget + add, forget], strict=True):
        yield f"CREATE TRIGGER {_name(_TEXTS, event)} AFTER {event} ON {_TEXTS} BEGIN {act} END"
    for event, act in _acts():
        columns = f" OF {', '.join(_COLUMNS + _KEYS)}" if event == "UPDATE" else ""
        name = _name(_TABLE, event)
        yield f"CREATE TRIGGER {name} AFTER {event}{columns} ON {_TABLE} BEGIN {act}; END"
