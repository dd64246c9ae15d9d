"""Database triggers that keep rows that are written once as they are, on every connection.

Installed after every `migrate` (see articles.apps). `manage.py verify_publications` looks for them.

Each database has a gap that needs a trigger of its own. SQLite's INSERT OR REPLACE deletes the old
row without firing delete triggers unless the connection sets recursive_triggers, so an insert
trigger refuses a row whose key is taken. PostgreSQL's TRUNCATE does not fire row triggers, so there
is a statement trigger too.

New rows are checked as well, on every path (a fixture, a shell, an INSERT by hand). A revision must
be the text its digest was made of. A decision must name the digest of its revision. A publication
takes only a text of its own article that somebody approved; what patients said is no approval. Who
may approve is decided by the services; that nobody did is visible to the table.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from .insert_only import InsertOnly

#: What must be true of a new row, in SQL both databases understand, and what is wrong otherwise.
_TRUE_OF_NEW_ROWS = {
    "articles_revision": (
        "NEW.digest = {sha256}",
        "the text is not the one its digest was made of",
    ),
    "articles_decision": (
        (
            "EXISTS (SELECT 1 FROM articles_revision r WHERE r.id = NEW.revision_id AND r.digest ="
            " NEW.digest)"
        ),
        "the text decided on is another one",
    ),
    "articles_publication": (
        (
            "EXISTS (SELECT 1 FROM articles_revision r JOIN articles_decision d ON d.revision_id ="
            " r.id WHERE r.id = NEW.revision_id AND r.article_id = NEW.article_id AND d.verdict ="
            " 'approve' AND d.digest = r.digest AND (d.task_id IS NULL OR d.task_id NOT IN (SELECT"
            " t.id FROM articles_reviewtask t WHERE t.kind = 'patient_reader')))"
        ),
        "nobody approved this text of this article",
    ),
}


def guarded_models() -> list[type[Model]]:
    """Return every model whose rows are written once, by table."""
    return sorted(
        (
            model
            for model in apps.get_app_config("articles").get_models()
            if issubclass(model, InsertOnly)
        ),
        key=lambda model: model._meta.db_table,
    )


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger again. Safe to run at any time; the tables must exist."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in guarded_models():
            if model._meta.db_table in present:
                for statement in _dialect(connection).create(model, connection.ops.quote_name):
                    cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for deleting a test database."""
    with connection.cursor() as cursor:
        for model in guarded_models():
            for statement in _dialect(connection).drop(model, connection.ops.quote_name):
                cursor.execute(statement)


def lift_before_migrate(sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Drop triggers before migrations run: a pre_migrate receiver.

    SQLite renames no table that a trigger of another table names.
    """
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for table in _TRUE_OF_NEW_ROWS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_guard_of(table)}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return names of triggers that should be there and are not, or are switched off."""
    dialect = _dialect(connection)
    wanted = {name for model in guarded_models() for name in dialect.names(model)}
    return sorted(wanted - present(connection))


def present(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of all triggers that are there and not switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_dialect(connection).PRESENT)
        return {row[0] for row in cursor.fetchall()}


def install_after_migrate(sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    install(connections[using])


def _dialect(connection: BaseDatabaseWrapper) -> Any:
    return {"sqlite": _SQLite, "postgresql": _PostgreSQL}[connection.vendor]


def _guard_of(table: str) -> str:
    return f"{table}_no_forgery"


class _SQLite:
    PRESENT = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

    @staticmethod
    def names(model: type[Model]) -> list[str]:
        table = model._meta.db_table
        guard = [_guard_of(table)] if table in _TRUE_OF_NEW_ROWS else []
        return [f"{table}_no_update", f"{table}_no_delete", f"{table}_no_replace", *guard]

    @classmethod
    def create(cls, model: type[Model], quote: Callable[[str], str]) -> Iterator[str]:
        yield from cls.drop(model, quote)
        table = quote(model._meta.db_table)
        update, delete, replace = map(quote, cls.names(model)[:3])
        refuse = f"SELECT RAISE(ABORT, '{model._meta.db_table} is written once')"
        yield f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} BEGIN {refuse}; END"
        yield f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} BEGIN {refuse}; END"
        taken = " OR ".join(
            "(" + " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in key) + ")"
            for key in cls._unique_keys(model)
        )
        # Names of our own tables and columns, quoted by Django: nothing anybody typed.
        exists = f"SELECT 1 FROM {table} WHERE {taken}"  # noqa: S608
        yield (
            f"CREATE TRIGGER {replace} BEFORE INSERT ON {table} BEGIN {refuse} WHERE EXISTS"
            f" ({exists}); END"
        )
        if found := _TRUE_OF_NEW_ROWS.get(model._meta.db_table):
            # Django gives its connections SHA256; without it (the sqlite3 shell) nothing is added
            # at all.
            is_true, otherwise = (
                found[0].format(sha256="SHA256(NEW.frozen)"),
                f"{model._meta.db_table}: {found[1]}",
            )
            yield (
                f"CREATE TRIGGER {_guard_of(model._meta.db_table)} BEFORE INSERT ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{otherwise}') WHERE NOT ({is_true}); END"
            )

    @classmethod
    def drop(cls, model: type[Model], quote: Callable[[str], str]) -> Iterator[str]:
        for name in cls.names(model):
            yield f"DROP TRIGGER IF EXISTS {quote(name)}"

    @staticmethod
    def _unique_keys(model: type[Model]) -> Iterator[list[str]]:
        columns = {field.name: str(field.column) for field in model._meta.local_fields}
        yield from ([columns[field.name]] for field in model._meta.local_fields if field.unique)
        for constraint in model._meta.total_unique_constraints:
            yield [columns[name] for name in constraint.fields]


class _PostgreSQL:
    # tgenabled is 'D' for a trigger somebody switched off.
    PRESENT = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    FUNCTION = """
        CREATE OR REPLACE FUNCTION articles_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$
    """

    @staticmethod
    def names(model: type[Model]) -> list[str]:
        table = model._meta.db_table
        guard = [_guard_of(table)] if table in _TRUE_OF_NEW_ROWS else []
        return [f"{table}_no_change", f"{table}_no_truncate", *guard]

    @classmethod
    def create(cls, model: type[Model], quote: Callable[[str], str]) -> Iterator[str]:
        yield cls.FUNCTION
        yield from cls.drop(model, quote)
        table = quote(model._meta.db_table)
        change, truncate = map(quote, cls.names(model)[:2])
        yield (
            f"CREATE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION articles_written_once()"
        )
        yield (
            f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION articles_written_once()"
        )
        if found := _TRUE_OF_NEW_ROWS.get(model._meta.db_table):
            guard = _guard_of(model._meta.db_table)
            is_true = found[0].format(
                sha256="encode(sha256(convert_to(NEW.frozen, 'UTF8')), 'hex')"
            )
            refuse = f"RAISE EXCEPTION '{model._meta.db_table}: {found[1]}';"
            yield f"""
                CREATE OR REPLACE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NOT ({is_true}) THEN {refuse} END IF;
                    RETURN NEW;
                END $$
            """
            yield (
                f"CREATE TRIGGER {guard} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION"
                f" {guard}()"
            )

    @classmethod
    def drop(cls, model: type[Model], quote: Callable[[str], str]) -> Iterator[str]:
        for name in cls.names(model):
            yield f"DROP TRIGGER IF EXISTS {quote(name)} ON {quote(model._meta.db_table)}"
