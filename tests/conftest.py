"""What every test stands on: quick passwords, and databases that can be emptied though their rows may not."""

import pytest


@pytest.fixture(autouse=True)
def _quick_and_plain(settings):
    """Passwords need not be slow to hash here, and static files need not be collected first."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session", autouse=True)
def _databases_can_be_emptied():
    """Tests with a live server empty every table afterwards; the triggers would refuse, so they come off for that.

    Emptying ends with post_migrate, which puts them back on.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    from articles import insert_only

    empty = TransactionTestCase._fixture_teardown

    def lift_then_empty(self):
        for name in self._databases_names(include_mirrors=False):
            insert_only.remove(connections[name])
        empty(self)

    TransactionTestCase._fixture_teardown = lift_then_empty
    yield
    TransactionTestCase._fixture_teardown = empty
