"""Database triggers that keep what is written once as it was written, whoever holds the connection.

Installed after every `migrate` (see articles.apps) and looked for by `manage.py verify_publications`.

What each database needs, learned the hard way: SQLite's INSERT OR REPLACE deletes the old row without firing
delete triggers unless the connection sets recursive_triggers, so an insert trigger refuses a row whose key is
taken; PostgreSQL's TRUNCATE walks past row triggers, so there is a statement trigger too.
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

from .models.insert_only import InsertOnly


def guarded_models():
    """Every model that is written once, in a settled order."""
    return sorted(
        (model for model in apps.get_app_config("articles").get_models() if issubclass(model, InsertOnly)),
        key=lambda model: model._meta.db_table,
    )


def install(connection):
    """Make every trigger anew. Safe to run at any time; the tables must exist."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in guarded_models():
            if model._meta.db_table in present:
                for statement in _dialect(connection).create(model, connection.ops.quote_name):
                    cursor.execute(statement)


def remove(connection):
    """Take the triggers off. For taking a test database apart, nothing else."""
    with connection.cursor() as cursor:
        for model in guarded_models():
            for statement in _dialect(connection).drop(model, connection.ops.quote_name):
                cursor.execute(statement)


def missing(connection):
    """Names of triggers that should be there and are not, or are switched off. Empty: all is well."""
    dialect = _dialect(connection)
    wanted = {name for model in guarded_models() for name in dialect.names(model)}
    with connection.cursor() as cursor:
        cursor.execute(dialect.PRESENT)
        return sorted(wanted - {row[0] for row in cursor.fetchall()})


def install_after_migrate(sender, using=DEFAULT_DB_ALIAS, **kwargs):
    """post_migrate receiver."""
    install(connections[using])


def _dialect(connection):
    return {"sqlite": _SQLite, "postgresql": _PostgreSQL}[connection.vendor]


class _SQLite:
    PRESENT = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

    @staticmethod
    def names(model):
        table = model._meta.db_table
        return [f"{table}_no_update", f"{table}_no_delete", f"{table}_no_replace"]

    @classmethod
    def create(cls, model, quote):
        yield from cls.drop(model, quote)
        table = quote(model._meta.db_table)
        update, delete, replace = map(quote, cls.names(model))
        refuse = f"SELECT RAISE(ABORT, '{model._meta.db_table} is written once')"
        yield f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} BEGIN {refuse}; END"
        yield f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} BEGIN {refuse}; END"
        taken = " OR ".join(
            "(" + " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in key) + ")"
            for key in cls._unique_keys(model)
        )
        # Names of our own tables and columns, quoted by Django: nothing anybody typed.
        exists = f"SELECT 1 FROM {table} WHERE {taken}"  # noqa: S608
        yield f"CREATE TRIGGER {replace} BEFORE INSERT ON {table} BEGIN {refuse} WHERE EXISTS ({exists}); END"

    @classmethod
    def drop(cls, model, quote):
        for name in cls.names(model):
            yield f"DROP TRIGGER IF EXISTS {quote(name)}"

    @staticmethod
    def _unique_keys(model):
        columns = {field.name: field.column for field in model._meta.local_fields}
        yield from ([field.column] for field in model._meta.local_fields if field.unique)
        for fields in model._meta.total_unique_constraints:
            yield [columns[name] for name in fields.fields]


class _PostgreSQL:
    # tgenabled 'D' is a trigger somebody switched off.
    PRESENT = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    FUNCTION = """
        CREATE OR REPLACE FUNCTION articles_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$
    """

    @staticmethod
    def names(model):
        table = model._meta.db_table
        return [f"{table}_no_change", f"{table}_no_truncate"]

    @classmethod
    def create(cls, model, quote):
        yield cls.FUNCTION
        yield from cls.drop(model, quote)
        table = quote(model._meta.db_table)
        change, truncate = map(quote, cls.names(model))
        yield (
            f"CREATE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION articles_written_once()"
        )
        yield (
            f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION articles_written_once()"
        )

    @classmethod
    def drop(cls, model, quote):
        for name in cls.names(model):
            yield f"DROP TRIGGER IF EXISTS {quote(name)} ON {quote(model._meta.db_table)}"
