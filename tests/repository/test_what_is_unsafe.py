"""Rules of our own about what must not stand in the code, beside those of ruff and bandit."""

import ast
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

ROOT = Path(settings.BASE_DIR)
#: What reads XML without a thought for what a hostile file asks for. defusedxml has the same names.
READS_XML = {
    "fromstring",
    "fromstringlist",
    "parse",
    "iterparse",
    "XML",
    "XMLParser",
    "XMLPullParser",
}
#: Calls that nothing in the site needs: (module or "", name).
NEVER = {
    ("", "eval"),
    ("", "exec"),
    ("os", "system"),
    ("os", "popen"),
    ("pickle", "loads"),
    ("pickle", "load"),
    ("marshal", "loads"),
    ("subprocess", "getoutput"),
}
#: What lets other sites post to a view or frame it, and the two modules that may use the first:
#: readers have no cookie, so another site gains nothing by posting in their name.
EXEMPT = {"csrf_exempt", "xframe_options_exempt", "xframe_options_sameorigin"}
MAY_BE_POSTED_TO = {"articles/public/feedback_views.py", "physiohub/languages.py"}


def modules():
    for room in ("articles", "references", "physiohub"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text())


class TheCode(SimpleTestCase):
    def assert_nowhere(self, is_wrong):
        seen = 0
        for path, tree in modules():
            for node in ast.walk(tree):
                seen += 1
                if wrong := is_wrong(node):
                    self.fail(f"{path}:{node.lineno}: {wrong}")
        self.assertGreater(seen, 100_000)

    def test_reads_xml_with_defusedxml_alone(self):
        def is_wrong(node):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xml."):
                return READS_XML & {name.name for name in node.names}
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                return node.value.id in ("ElementTree", "ET") and node.attr in READS_XML
            return isinstance(node, ast.Import) and any(
                name.name.startswith(("lxml", "xml.sax", "xml.dom")) for name in node.names
            )

        self.assert_nowhere(is_wrong)

    def test_runs_nothing_that_it_was_sent(self):
        def is_wrong(node):
            if not isinstance(node, ast.Call):
                return False
            of = node.func
            if isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name):
                return (of.value.id, of.attr) in NEVER
            return isinstance(of, ast.Name) and ("", of.id) in NEVER

        self.assert_nowhere(is_wrong)

    def test_lets_no_other_site_post_or_frame(self):
        found = {
            str(path)
            for path, tree in modules()
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id in EXEMPT
        }
        self.assertEqual(found, MAY_BE_POSTED_TO)

    def test_marks_nothing_safe_in_a_template_but_what_was_cleaned(self):
        """`|safe` hides where a text comes from; what is safe says so in Python."""
        wrong = [
            str(path.relative_to(ROOT))
            for path in (ROOT / "templates").rglob("*.html")
            if "|safe" in path.read_text() or "{% autoescape off" in path.read_text()
        ]
        self.assertEqual(wrong, [])
