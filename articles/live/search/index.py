"""The full-text index of the live articles.

FTS5 on SQLite, tsvector columns with GIN indexes on PostgreSQL. It is a table of its own beside the
models, because the two databases need two kinds of table. It is made after every `migrate` (see
articles.apps), so it does not depend on the order of migrations. Rows are named by the primary key
of a LiveArticle. It is only a copy: `manage.py rebuild_search` makes it again.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.errors import QueryCanceled

from articles.live.languages import in_order
from articles.richtext.letters import plain

from .query import SearchTerm

#: The form of the catalogue, and in which words are put into the index. With another number, older
#: ones are made again.
INDEX_VERSION = 5
#: No more hits than this are sorted; the page says "more than" then, and nobody turns that many
#: pages.
MOST = 1000
#: A search that takes longer is stopped: it would cost all other readers, and nobody waits for it.
MOST_MILLISECONDS = 2000
#: Steps of SQLite's machine, some tens of them in a microsecond, between two looks at the clock.
_STEPS_BETWEEN_LOOKS = 20_000


@dataclass(frozen=True)
class Words:
    """The texts an article is found by, from what counts most to what counts least."""

    title: str
    names: str
    conditions: str
    summary: str
    body: str


class TookTooLong(Exception):
    """The search was stopped."""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the index where there is none yet."""
    with connection.cursor() as cursor:
        for statement in _dialect(connection).INSTALL:
            cursor.execute(statement)
        cursor.execute("CREATE TABLE IF NOT EXISTS articles_search_form (form integer NOT NULL)")


def is_current(connection: Any = default_connection) -> bool:
    """Return whether all of the index was made the way it is made today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT form FROM articles_search_form")
        return cursor.fetchall() == [(INDEX_VERSION,)]


#: (primary key of the live article, its language, its words)
Indexed = tuple[int, str, Words]


def put(entries: Sequence[Indexed], connection: Any = default_connection) -> None:
    """Let the words of each of `entries` find its live article, instead of earlier words."""
    if not entries:
        return
    dialect = _dialect(connection)
    with connection.cursor() as cursor:
        if dialect.REMOVE_FIRST:
            cursor.executemany(dialect.REMOVE, [[live_id] for live_id, *_others in entries])
        cursor.executemany(dialect.PUT, [dialect.put(*entry) for entry in entries])


def remove(live_id: int, connection: Any = default_connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_dialect(connection).REMOVE, [live_id])


@transaction.atomic
def finish(connection: Any = default_connection) -> None:
    """Remember that all of it is made the way it is made today, and drop what leads nowhere."""
    dialect = _dialect(connection)
    with connection.cursor() as cursor:
        cursor.execute(dialect.REMOVE_LOST)
        cursor.execute("DELETE FROM articles_search_form")
        cursor.execute("INSERT INTO articles_search_form VALUES (%s)", [INDEX_VERSION])


def find(
    terms: Sequence[SearchTerm],
    *,
    language: str = settings.LANGUAGE_CODE,
    any_of: bool = False,
    connection: Any = default_connection,
) -> list[tuple[int, str]]:
    """Return (primary key, language) of the live articles that have all of these terms (or any).

    Those in `language` come first, the best of each language before others. At most MOST + 1.
    Raises TookTooLong after MOST_MILLISECONDS.
    """
    if not terms:
        return []
    dialect = _dialect(connection)
    try:
        with dialect.bounded(connection), connection.cursor() as cursor:
            cursor.execute(*dialect.find(terms, any_of, in_order(language)))
            return cursor.fetchall()
    except OperationalError as error:
        if dialect.was_stopped(error):
            raise TookTooLong from error
        raise


def _place(codes: Sequence[str]) -> tuple[str, list[Any]]:
    """Return SQL that says at which place the language of a live article is in `codes`."""
    whens = " ".join("WHEN %s THEN %s" for _code in codes)
    params = [part for place, code in enumerate(codes) for part in (code, place)]
    return f"CASE language {whens} ELSE {len(codes)} END", params


def _dialect(connection: BaseDatabaseWrapper) -> Any:
    return {"sqlite": _SQLite, "postgresql": _PostgreSQL}[connection.vendor]


class _SQLite:
    INSTALL = [
        "CREATE VIRTUAL TABLE IF NOT EXISTS articles_search USING fts5("
        "title, names, conditions, summary, body, "
        "tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3')"
    ]
    REMOVE = "DELETE FROM articles_search WHERE rowid = %s"
    REMOVE_FIRST = True
    REMOVE_LOST = (
        "DELETE FROM articles_search WHERE rowid NOT IN (SELECT id FROM articles_livearticle)"
    )
    PUT = (
        "INSERT INTO articles_search (rowid, title, names, conditions, summary, body) "
        "VALUES (%s, %s, %s, %s, %s, %s)"
    )

    @staticmethod
    @contextmanager
    def bounded(connection: Any) -> Iterator[None]:
        """Stop what this connection does once it took too long: SQLite has no setting for it."""
        ends = time.monotonic() + MOST_MILLISECONDS / 1000
        connection.ensure_connection()
        handle = connection.connection.set_progress_handler
        handle(lambda: time.monotonic() > ends, _STEPS_BETWEEN_LOOKS)
        try:
            yield
        finally:
            handle(None, 0)

    @staticmethod
    def was_stopped(error: OperationalError) -> bool:
        return "interrupted" in str(error)

    @staticmethod
    def put(live_id: int, language: str, words: Words) -> list[Any]:
        texts = (words.title, words.names, words.conditions, words.summary, words.body)
        return [live_id, *map(plain, texts)]

    @staticmethod
    def find(
        terms: Sequence[SearchTerm], any_of: bool, codes: Sequence[str]
    ) -> tuple[str, list[Any]]:
        # In double quotes a word is a word: AND, NOT, NEAR, columns and the rest of FTS5's language
        # are not read.
        words = (
            '"' + plain(" ".join(term.words)) + '"' + ("*" if term.is_prefix else "")
            for term in terms
        )
        place, place_params = _place(codes)
        return (
            (
                "SELECT articles_search.rowid, language FROM articles_search "  # noqa: S608  (marks for values: nothing anybody typed is in this text)
                "JOIN articles_livearticle ON articles_livearticle.id = articles_search.rowid "
                f"WHERE articles_search MATCH %s ORDER BY {place}, "
                "bm25(articles_search, 10, 6, 4, 3, 1), articles_search.rowid LIMIT %s"
            ),
            [(" OR " if any_of else " AND ").join(words), *place_params, MOST + 1],
        )


class _PostgreSQL:
    INSTALL = [
        (
            "CREATE TABLE IF NOT EXISTS articles_search "
            "(live_id bigint PRIMARY KEY, names tsvector NOT NULL, document tsvector NOT NULL)"
        ),
        "CREATE INDEX IF NOT EXISTS articles_search_names ON articles_search USING gin (names)",
        (
            "CREATE INDEX IF NOT EXISTS articles_search_document ON articles_search USING gin"
            " (document)"
        ),
    ]
    REMOVE = "DELETE FROM articles_search WHERE live_id = %s"
    #: How words of a language are cut to their stems; of others they are taken as they are.
    STEMMERS = {
        "en": "english",
        "es": "spanish",
        "ar": "arabic",
        "de": "german",
        "fr": "french",
        "pt": "portuguese",
    }

    REMOVE_FIRST = False
    REMOVE_LOST = (
        "DELETE FROM articles_search WHERE live_id NOT IN (SELECT id FROM articles_livearticle)"
    )
    PUT = (
        "INSERT INTO articles_search (live_id, names, document) VALUES (%s,"
        " to_tsvector(%s::regconfig, %s), setweight(to_tsvector(%s::regconfig, %s), 'A') ||"
        " setweight(to_tsvector(%s::regconfig, %s), 'B') ||"
        " setweight(to_tsvector(%s::regconfig, %s), 'C') || to_tsvector(%s::regconfig, %s))"
        " ON CONFLICT (live_id) DO UPDATE SET names = excluded.names, document = excluded.document"
    )

    @staticmethod
    def bounded(connection: Any) -> AbstractContextManager[None]:
        """Do nothing: the statement itself sets its time."""
        return nullcontext()

    @staticmethod
    def was_stopped(error: OperationalError) -> bool:
        return isinstance(error.__cause__, QueryCanceled)

    @classmethod
    def put(cls, live_id: int, language: str, words: Words) -> list[Any]:
        stemmer = cls._stemmer(language)
        words = Words(**{name: cls._both_ways(text) for name, text in vars(words).items()})
        texts = (
            f"{words.title} {words.names} {words.conditions}",
            words.title,
            words.names,
            f"{words.conditions} {words.summary}",
            words.body,
        )
        return [live_id, *(part for text in texts for part in (stemmer, text))]

    @classmethod
    def find(
        cls, terms: Sequence[SearchTerm], any_of: bool, codes: Sequence[str]
    ) -> tuple[str, list[Any]]:
        """Return the SQL that finds hits, those by name first.

        So the limit never cuts off a page about the thing itself.

        The limit keeps a common word fast: ranking reads every hit's whole vector.
        """
        asked = (" | " if any_of else " & ").join(f"({cls._asked(term)})" for term in terms)
        # Pages may be in any language of the site, whatever language the reader's words are in.
        stemmers = sorted({cls._stemmer(code) for code, _ in settings.LANGUAGES})
        query = "(" + " || ".join(["to_tsquery(%s::regconfig, %s)"] * len(stemmers)) + ")"
        query_params = [part for stemmer in stemmers for part in (stemmer, asked)]
        place, place_params = _place(codes)
        return (
            # PostgreSQL stores the vectors apart from the rows (TOAST). So the table looks small,
            # and the planner would read all of it instead of the index. Both statements go in one
            # execute: where no transaction is open, the setting ends with it.
            f"SET LOCAL enable_seqscan = off; SET LOCAL statement_timeout = {MOST_MILLISECONDS}; "  # noqa: S608  (marks for values: nothing anybody typed is in this text)
            "WITH named AS MATERIALIZED ("
            f"SELECT live_id FROM articles_search WHERE names @@ {query} LIMIT %s), "
            "mentioned AS MATERIALIZED ("
            f"SELECT live_id FROM articles_search WHERE document @@ {query} "
            "AND live_id NOT IN (SELECT live_id FROM named) LIMIT %s - (SELECT count(*) FROM"
            " named)) "
            "SELECT live_id, language FROM articles_search "
            "JOIN (SELECT live_id FROM named UNION ALL SELECT live_id FROM mentioned) AS hits USING"
            " (live_id) JOIN articles_livearticle ON articles_livearticle.id = live_id "
            f"ORDER BY {place}, ts_rank('{{0.1, 0.3, 0.6, 1}}', document, {query}) DESC, live_id",
            [*query_params, MOST + 1, *query_params, MOST + 1, *place_params, *query_params],
        )

    @staticmethod
    def _both_ways(text: str) -> str:
        """Return `text` as it is written, for stemmers read accents, and again without accents."""
        bare = plain(text)
        return text if bare == text.casefold() else f"{text} {bare}"

    @staticmethod
    def _asked(term: SearchTerm) -> str:
        spellings = dict.fromkeys([term.words, tuple(map(plain, term.words))])
        return " | ".join(
            "("
            + " <-> ".join(f"'{word}'" for word in words)
            + (":*" if term.is_prefix else "")
            + ")"
            for words in spellings
        )

    @classmethod
    def _stemmer(cls, language: str) -> str:
        return cls.STEMMERS.get(language.split("-")[0], "simple")
