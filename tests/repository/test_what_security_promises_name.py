"""docs/security.md names tests; each of them is there, and no item is left out."""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

ROOT = Path(settings.BASE_DIR)
#: The items of ASVS 5.0 that apply most here. 3.7.1 and 6.3.3 are in words below the table.
ITEMS = """
    1.2.1 1.2.2 1.2.3 1.2.4 1.3.1 1.3.4 1.3.6 1.5.1 2.2.2 2.3.1 2.3.3 2.3.4 2.4.1 3.2.1 3.3.1 3.3.3
    3.4.1 3.4.3 3.4.4 3.4.6 3.5.1 3.5.3 3.7.1 5.2.1 5.2.2 5.2.3 5.3.2 6.2.4 6.3.1 6.3.3 7.2.4
    7.3.1 7.4.2 8.2.1 8.2.2 8.2.3 13.4.2 13.4.4 14.3.2 15.3.3 16.3.1 16.3.2 16.4.2 16.5.1 16.5.3
""".split()


@cache
def names_in(path):
    """Return {"Class::test"} of a file of tests."""
    return {
        f"{node.name}::{method.name}"
        for node in ast.parse((ROOT / "tests" / path).read_text()).body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    }


class ThePageAboutSecurity(SimpleTestCase):
    def setUp(self):
        self.text = (ROOT / "docs/security.md").read_text()

    def test_names_tests_that_exist(self):
        named = re.findall(r"`([\w/]+\.py)::(\w+::\w+)`", self.text)
        self.assertGreater(len(named), 50)
        for path, test in named:
            with self.subTest(path, test=test):
                self.assertIn(test, names_in(path))

    def test_says_how_each_item_is_shown(self):
        rows = set(re.findall(r"^\| ([\d.]+) \| .* \| `", self.text, re.M))
        in_words = set(re.findall(r"\*\*([\d.]+)\*\*", self.text))
        self.assertFalse(rows & in_words)
        self.assertEqual(set(ITEMS) - rows - in_words, set())

    def test_is_led_to_from_the_page_on_reporting(self):
        self.assertIn("docs/security.md", (ROOT / "SECURITY.md").read_text())
        self.assertIn("SECURITY.md", (ROOT / "README.md").read_text())
