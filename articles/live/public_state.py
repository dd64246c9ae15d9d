"""A token that is another one after every change that readers could see.

Triggers change it in the transaction of the change itself, on every way into the database, so one
short look says whether what was made from the database still holds: on every worker and machine,
after a restored copy as well, for no token comes twice. What is made has to look first and read
afterwards: then it is at worst newer than its token.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models import PublicState, triggers


@dataclass(frozen=True)
class Watched:
    """A table that public pages are made from, and which of its changes they could show."""

    table: str
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
    #: Columns whose change alone nobody sees.
    ignored: tuple[str, ...] = ()
    #: The only columns whose change is seen; empty for all but `ignored`.
    only: tuple[str, ...] = ()


WATCHED = (
    Watched("articles_publication"),
    Watched("articles_withdrawal"),
    Watched("articles_confirmation"),
    Watched("articles_checklistresult"),
    Watched("articles_safetynotice"),
    Watched("articles_publishedtranslation"),
    Watched("articles_publishedcitation"),
    Watched("articles_publishedwork"),
    Watched("articles_livearticle"),
    Watched("articles_liveterm"),
    Watched("articles_livefinding"),
    Watched("articles_livetopicfinding"),
    Watched("articles_livetotal"),
    Watched("references_notice"),
    # A new reference is on no page before a publication names it.
    Watched(
        "references_reference",
        events=("UPDATE", "DELETE"),
        ignored=("modified_at", "identity_checked_at", "integrity_checked_at", "payload_at"),
    ),
    # Lists name the uid of an article; all else of it is a draft.
    Watched("articles_article", events=("UPDATE",), only=("uid",)),
)


def token() -> str | None:
    """Return the token of now; None before the first change. One short query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        row = cursor.fetchone()
    return str(row[0]) if row else None


_TABLE = PublicState._meta.db_table
_LOOK = f"SELECT token FROM {_TABLE} WHERE id = 1"  # noqa: S608  our own table


def install(on: BaseDatabaseWrapper) -> None:
    """Make every trigger again, of the tables that are there. Safe to run at any time."""
    remove(on)
    present = set(on.introspection.table_names())
    with on.cursor() as cursor:
        if on.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for statement in _create(on, present):
            cursor.execute(statement)


def remove(on: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    with on.cursor() as cursor:
        for watched in WATCHED:
            for event in watched.events:
                name = _name(watched, event)
                table = f" ON {watched.table}" if on.vendor == "postgresql" else ""
                if not table or watched.table in on.introspection.table_names():
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def missing_triggers(on: BaseDatabaseWrapper) -> list[str]:
    """Return names of triggers that should be there and are not, or are switched off."""
    wanted = {_name(watched, event) for watched in WATCHED for event in watched.events}
    return sorted(wanted - triggers.present(on))


def stop_watching_before_migrate(
    sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any
) -> None:
    """Drop triggers before migrations run: a pre_migrate receiver.

    SQLite renames no table that a trigger of another table names. PostgreSQL alters no table with
    changes whose triggers are still to come.
    """
    remove(connections[using])


def install_after_migrate(sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the triggers, and a new token: a post_migrate receiver.

    What a migration did, no trigger saw.
    """
    on = connections[using]
    if _TABLE in on.introspection.table_names():
        install(on)
        with on.cursor() as cursor:
            cursor.execute(_renew(on))


def _name(watched: Watched, event: str) -> str:
    return f"{watched.table}_seen_{event.lower()}"


def _create(on: BaseDatabaseWrapper, present: set[str]) -> Iterator[str]:
    for watched in WATCHED:
        if watched.table not in present:
            continue
        for event in watched.events:
            when = _when(on, watched) if event == "UPDATE" else ""
            if on.vendor == "sqlite":
                yield (
                    f"CREATE TRIGGER {_name(watched, event)} AFTER {event} ON {watched.table}"
                    f" {when} BEGIN {_renew(on)}; END"
                )
            else:
                # At the commit, so that a long act does not keep the next one waiting.
                yield (
                    f"CREATE CONSTRAINT TRIGGER {_name(watched, event)} AFTER {event} ON"
                    f" {watched.table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when}"
                    " EXECUTE FUNCTION articles_readers_see_a_change()"
                )


def _when(on: BaseDatabaseWrapper, watched: Watched) -> str:
    """Return the condition that a change of a row is one that is seen; "" for any change."""
    if not watched.ignored and not watched.only:
        return ""
    model = next(model for model in apps.get_models() if model._meta.db_table == watched.table)
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    seen = watched.only or [column for column in columns if column not in watched.ignored]
    differs = "IS NOT" if on.vendor == "sqlite" else "IS DISTINCT FROM"
    return "WHEN (" + " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in seen) + ")"


def _renew(on: BaseDatabaseWrapper) -> str:
    """Return the statement that sets a new token, once in a transaction on PostgreSQL."""
    if on.vendor == "sqlite":
        return (
            f"INSERT INTO {_TABLE} (id, token, transaction_id) VALUES (1, hex(randomblob(16)), 0)"  # noqa: S608
            " ON CONFLICT (id) DO UPDATE SET token = excluded.token"
        )
    return _POSTGRESQL_RENEW


_POSTGRESQL_RENEW = f"""
    INSERT INTO {_TABLE} AS state (id, token, transaction_id)
    VALUES (1, replace(gen_random_uuid()::text, '-', ''), txid_current())
    ON CONFLICT (id) DO UPDATE SET token = excluded.token, transaction_id = excluded.transaction_id
    WHERE state.transaction_id <> excluded.transaction_id
"""  # noqa: S608  our own table
_POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION articles_readers_see_a_change() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN {_POSTGRESQL_RENEW}; RETURN NULL; END $$
"""
