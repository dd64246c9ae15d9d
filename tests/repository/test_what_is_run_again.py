"""With CI=true a browser test that failed is run once more and listed; no other test ever is."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.test import SimpleTestCase

#: Run beside the tests it is about: they start pytest, and that a browser.
pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent.parent
#: Tests that fail as often as their name says, then pass.
TESTS = """
import pathlib
import unittest

import pytest

from tests.browser import BrowserTestCase

TIMES = pathlib.Path(__file__).parent


def fail(name, times):
    before = len(list(TIMES.glob(f"{name}-*")))
    (TIMES / f"{name}-{before}").touch()
    assert before >= times


@pytest.mark.browser
class InABrowser(unittest.TestCase):
    subTest = BrowserTestCase.subTest

    def test_that_fails_once(self):
        fail("browser-once", 1)

    def test_that_fails_in_a_part(self):
        with self.subTest("part"):
            fail("browser-part", 1)

    def test_that_passes(self):
        fail("browser-passes", 0)


@pytest.mark.browser
class AlwaysInABrowser(unittest.TestCase):
    def test_that_fails_always(self):
        fail("browser-always", 9)


class WithoutABrowser(unittest.TestCase):
    def test_that_fails_once(self):
        fail("plain-once", 1)
"""


class AFailedTest(SimpleTestCase):
    def run_tests(self, *options, ci="true"):
        """(how often each test ran, what the run said, its exit code) of TESTS."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "test_made_up.py").write_text(TESTS)
            run = subprocess.run(
                [
                    *(sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml")),
                    *("--rootdir", folder, "-p", "tests.conftest", "-p", "no:cacheprovider"),
                    *(*options, folder),
                ],
                cwd=ROOT,
                env={**_environment(), "CI": ci},
                capture_output=True,
                text=True,
                check=False,
            )
            runs = {}
            for path in Path(folder).glob("*-*-*"):
                name = path.name.rpartition("-")[0]
                runs[name] = runs.get(name, 0) + 1
            return runs, run.stdout + run.stderr, run.returncode

    def test_is_run_once_more_if_it_drives_a_browser(self):
        for options in ((), ("-n", "2")):
            runs, said, code = self.run_tests(*options)

            with self.subTest(options):
                self.assertEqual(
                    runs,
                    {
                        "browser-once": 2,
                        "browser-part": 2,
                        "browser-passes": 1,
                        "browser-always": 2,
                        "plain-once": 1,
                    },
                    said,
                )
                self.assertEqual(
                    re.findall(r"^rerun: .*::(\w+::\w+)$", said, re.M),
                    [
                        "AlwaysInABrowser::test_that_fails_always",
                        "InABrowser::test_that_fails_in_a_part",
                        "InABrowser::test_that_fails_once",
                    ],
                    said,
                )
                self.assertEqual(code, 1)
                self.assertIn("2 failed", said)

    def test_that_passes_then_does_not_fail_the_run(self):
        _runs, said, code = self.run_tests("-k", "InABrowser and not Always")

        self.assertEqual(code, 0, said)
        self.assertIn("rerun: ", said)

    def test_is_not_run_again_on_a_developers_machine(self):
        runs, said, code = self.run_tests(ci="")

        self.assertEqual(set(runs.values()), {1})
        self.assertNotIn("rerun: ", said)
        self.assertEqual(code, 1)


def _environment():
    # Inside a worker of pytest-xdist its variables would make the run below take itself for one.
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
