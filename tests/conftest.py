"""What every test stands on.

Quick passwords, and databases that can be emptied though their rows may not.
"""

import gc
import os

import pytest
from _pytest.unittest import TestCaseFunction
from django.conf import settings
from django.db import connection
from django.template import Template
from django.test import SimpleTestCase, TransactionTestCase, override_settings
from django.test.signals import setting_changed, template_rendered
from django.utils import translation

from tests import environment


@pytest.fixture(scope="session", autouse=True)
def _quick_and_plain(django_test_environment):
    """Passwords need not be slow to hash, and static files need not be collected first.

    For the whole run: what a class makes for all its tests is made under it as well.
    """
    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Collected or not: looking through thousands of files for each client would be most of the
        # time tests take.
        WHITENOISE_AUTOREFRESH=True,
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    )
    with quick:
        yield


@pytest.fixture(autouse=True)
def _pictures_leave_no_trace(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session", autouse=True)
def _a_changed_setting_counts_at_once():
    """As after a restart: what was kept of pages with other settings is gone."""
    from articles.public import finished_pages

    def forget(**kwargs):
        finished_pages.keeper.clear()

    setting_changed.connect(forget, weak=False)
    yield
    setting_changed.disconnect(forget)


@pytest.fixture(scope="session", autouse=True)
def _logged_in_by_a_test_has_shown_both_factors():
    """`client.force_login` and `client.login` stand for a whole log-in, and cost no query more.

    They ask for no page, so their request has no method. A log-in through the pages does it all:
    tests.second_factor.
    """
    from django.contrib.auth.signals import user_logged_in

    from articles.accounts import logging_in

    def mark(sender, request, **kwargs):
        if request.method is None:
            logging_in.mark_as_whole(request.session)

    user_logged_in.connect(mark, weak=False)
    yield
    user_logged_in.disconnect(mark)


@pytest.fixture(autouse=True)
def _in_the_language_of_the_site(settings):
    """A request leaves its language active in the thread.

    No test begins in that of the one before.
    """
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory):
    """SQLite in a file, as the site runs it.

    In memory, a live server's threads would share one connection.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder = environment.IN_MEMORY or tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(
            folder / f"physiohub-tests-{os.getpid()}.sqlite3"
        )
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session", autouse=True)
def _databases_can_be_emptied():
    """Tests with a live server empty every table afterwards; the triggers would refuse, so they
    come off for that.

    Emptying ends with post_migrate, which puts them back on.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    from articles.models import triggers

    empty = TransactionTestCase._fixture_teardown

    def lift_then_empty(self):
        for name in self._databases_names(include_mirrors=False):
            triggers.remove(connections[name])
        empty(self)

    TransactionTestCase._fixture_teardown = lift_then_empty
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_widgets_are_not_kept(django_test_environment):
    """The test client copies the context of every template.

    A form has a thousand widgets; no test asks for those.
    """
    rendered = Template._render

    def render(self, context):
        if self.name and self.name.startswith("django/forms/"):
            return self.nodelist.render(context)
        template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    Template._render = render
    yield
    Template._render = rendered


@pytest.fixture(scope="session", autouse=True)
def _only_subtests_that_fail_are_reported(request):
    """A report for each of sixteen thousand that pass, sent from process to process, costs more
    than many of them.

    With -v each is reported.
    """
    report = TestCaseFunction.addSubTest

    def report_failure(self, test_case, test, exc_info):
        if exc_info is not None:
            report(self, test_case, test, exc_info)

    if request.config.get_verbosity() > 0:
        yield
        return
    TestCaseFunction.addSubTest = report_failure
    yield
    TestCaseFunction.addSubTest = report


def pytest_configure():
    """The garbage collector looks more rarely.

    A page of forms makes and drops a hundred thousand objects.
    """
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(config, items):
    """With CI=true a browser test that fails is run once more: a browser may be late by itself.

    No other test is. What fails without a browser and then passes is a fault to be found.

    CI runs all tests on SQLite, and then on PostgreSQL those that may ask the database. Django
    raises where a SimpleTestCase does, so a second run of these says nothing new.
    """
    if os.environ.get("CI") == "true" and connection.vendor == "postgresql":
        asks_nothing = [item for item in items if _may_not_ask_the_database(item)]
        config.hook.pytest_deselected(items=asks_nothing)
        items[:] = [item for item in items if not _may_not_ask_the_database(item)]
    for item in items:
        is_in_browser = item.get_closest_marker("browser") is not None
        if item.get_closest_marker("flaky") and not is_in_browser:
            raise pytest.UsageError(f"Only tests in a browser may run again: {item.nodeid}")
        if is_in_browser and os.environ.get("CI") == "true":
            item.add_marker(pytest.mark.flaky(reruns=1))


def _may_not_ask_the_database(item):
    case = getattr(item, "cls", None)
    return (
        case is not None
        and issubclass(case, SimpleTestCase)
        and not issubclass(case, TransactionTestCase)
        and not case.databases
    )


def pytest_terminal_summary(terminalreporter):
    """Name the tests that were run again, so that one that often needs it is seen."""
    again = {report.nodeid for report in terminalreporter.stats.get("rerun", ())}
    for test in sorted(again):
        terminalreporter.write_line(f"rerun: {test}", yellow=True)


def pytest_sessionfinish(session, exitstatus):
    """With CI=true a skipped test is a failure.

    A run that is meant to prove something may leave nothing out.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        os.environ.get("CI") == "true"
        and reporter
        and reporter.stats.get("skipped")
        and exitstatus == 0
    ):
        reporter.write_line("Tests were skipped, and with CI=true none may be.", red=True)
        session.exitstatus = 1
