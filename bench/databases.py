"""Databases to measure on, and libraries of several sizes in them: made once, or kept for later."""

import contextlib
import os
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import serving


@dataclass
class SQLite:
    """A database in a file of `folder`."""

    folder: str
    title: str

    #: What PostgreSQL calls it: it is none of its databases.
    name = ""

    @property
    def file(self):
        return Path(self.folder, f"{self.title}.sqlite3")

    @property
    def address(self):
        return f"sqlite:///{self.file}"

    def is_there(self):
        return self.file.exists()

    def make(self, like=None):
        """Make it, empty or like another one. An empty one is made when it is opened."""
        if like:
            with (
                contextlib.closing(sqlite3.connect(like.file)) as there,
                contextlib.closing(sqlite3.connect(self.file)) as here,
            ):
                there.backup(here)

    def drop(self):
        """Nothing: its folder goes."""

    def megabytes(self):
        return round(sum(file.stat().st_size for file in self.file.parent.glob(self._all)) / 1e6)

    @property
    def _all(self):
        return f"{self.title}.sqlite3*"


@dataclass
class PostgreSQL:
    """A database of a server; `folder` has the pictures."""

    server: str
    folder: str
    title: str

    @property
    def name(self):
        return f"physiohub_bench_{self.title}".replace("-", "_")

    @property
    def address(self):
        return f"{self.server.rstrip('/')}/{self.name}"

    def is_there(self):
        with self._asked("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]) as cursor:
            return cursor.fetchone() is not None

    def make(self, like=None):
        """Make it, empty or like another one, which nobody may be using."""
        template = f' TEMPLATE "{like.name}"' if like else ""
        with self._asked(f'CREATE DATABASE "{self.name}"{template}'):
            pass

    def drop(self):
        with self._asked(f'DROP DATABASE "{self.name}" WITH (FORCE)'):
            pass

    def megabytes(self):
        with self._asked("SELECT pg_database_size(%s)", [self.name]) as cursor:
            return round(cursor.fetchone()[0] / 1e6)

    @contextlib.contextmanager
    def _asked(self, sql, values=None):
        import psycopg2

        with contextlib.closing(psycopg2.connect(f"{self.server.rstrip('/')}/postgres")) as there:
            there.autocommit = True
            cursor = there.cursor()
            cursor.execute(sql, values)
            yield cursor


def environment_of(database):
    """Return the environment of a site on `database`."""
    return {
        **os.environ,
        "SECRET_KEY": "a key for the benchmark alone, long enough to be taken",
        "DATABASE_URL": database.address,
        "MEDIA_ROOT": f"{database.folder}/media",
        "SITE_URL": "http://127.0.0.1:8000",
        "EMAIL_URL": "memory://",
        "LOOKUP": "off",
        "DJANGO_SETTINGS_MODULE": "physiohub.settings",
    }


def _database(kind, server, folder, title):
    return SQLite(folder, title) if kind == "sqlite" else PostgreSQL(server, folder, title)


@contextlib.contextmanager
def a_database(kind, server):
    """Make a database for as long as this lasts, with its tables and nothing in them."""
    with tempfile.TemporaryDirectory() as folder:
        database = _database(kind, server, folder, f"{os.getpid()}-{Path(folder).name}".lower())
        database.make()
        try:
            serving.manage("migrate", "-v0", env=environment_of(database))
            yield database
        finally:
            database.drop()


@contextlib.contextmanager
def libraries(kind, server, sizes, kept_in="", say=print):
    """Give {size: a database with a library of so many articles}.

    Each grows out of a copy of the next smaller one, 50 a second. With a folder `kept_in` they stay
    there (on PostgreSQL under fixed names), and the next run takes them as they are.
    """
    with contextlib.ExitStack() as stack:
        folder = kept_in or stack.enter_context(tempfile.TemporaryDirectory())
        mark = "kept" if kept_in else f"{os.getpid()}"
        found, smaller = {}, None
        for size in sizes:
            database = _database(kind, server, folder, f"{mark}-{size}")
            if not database.is_there():
                say(f"{kind}: a library of {size:,} articles is made")
                database.make(like=smaller)
            if not kept_in:
                stack.callback(database.drop)
            env = environment_of(database)
            serving.manage("migrate", "-v0", env=env)
            # What earlier runs published there is no example.
            serving.manage("make_library", "--articles", size, "--beside-real-pages", env=env)
            found[size] = smaller = database
        yield found
