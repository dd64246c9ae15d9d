"""The rooms of articles: imports go from later rooms to earlier ones, and no two modules
import each other.
"""

import ast
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.test import Client, SimpleTestCase, TestCase

from tests import entry

ROOT = Path(settings.BASE_DIR)

#: From the ground floor up; docs/walk.md says what each is for.
ORDER = """
    refusals permissions wording richtext models audit revisions findings notifications accounts
    page drafts live pictures paper preflight checklists review publishing evidence imports public
    admin demonstration made_library management templatetags urls checks apps mailing
""".split()

#: Modules that may lie outside of rooms. The alias has a day on which it goes.
GROUND_FLOOR = {"__init__", "apps", "audit", "checks", "permissions", "refusals", "urls", "wording"}
ALIASES = {"mailing"}


@cache
def modules(app="articles"):
    """{dotted name: path} of every module but migrations."""
    found = {}
    for path in (ROOT / app).rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def imports(app="articles"):
    """{module: modules of ours it imports}, those inside functions and for types alone included."""
    known, found = (
        {**modules("articles"), **modules("references"), **modules("physiohub")},
        defaultdict(set),
    )
    for name, path in modules(app).items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names} & set(known)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    above = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join([*above, *filter(None, [node.module])])
                for alias in node.names:
                    target = f"{base}.{alias.name}"
                    found[name] |= {target if target in known else base} & set(known)
    return found


def room_of(module):
    return module.split(".")[1] if "." in module else ""


class TheRoomsOfArticles(SimpleTestCase):
    def test_import_only_what_is_below_them(self):
        upwards = [
            f"{module} imports {target}"
            for module, targets in imports().items()
            for target in targets
            if target.startswith("articles.") and module != "articles"
            if ORDER.index(room_of(target)) > ORDER.index(room_of(module))
        ]
        self.assertEqual(
            sorted(upwards), [], "Move what both need down, or the code that needs it up."
        )

    def test_are_all_in_the_order(self):
        rooms = {room_of(module) for module in modules() if module != "articles"}
        self.assertEqual(
            rooms - set(ORDER),
            set(),
            "Give a new room its place in ORDER and a line in docs/walk.md.",
        )

    def test_leave_few_modules_outside(self):
        outside = {path.stem for path in (ROOT / "articles").glob("*.py")}
        self.assertLessEqual(outside, GROUND_FLOOR | ALIASES)
        self.assertLessEqual(len(outside - ALIASES), 9)

    def test_are_described_for_a_newcomer(self):
        walk = (ROOT / "docs" / "walk.md").read_text()
        rooms = [room for room in ORDER if (ROOT / "articles" / room).is_dir()]
        self.assertEqual([room for room in rooms if f"| `{room}/` |" not in walk], [])


class Modules(SimpleTestCase):
    def test_never_import_each_other_in_a_circle(self):
        for app in ("articles", "references", "physiohub"):
            with self.subTest(app):
                # A package that hands on the names of its modules is no circle with them.
                graph = {
                    module: {
                        target for target in targets if not f"{module}.".startswith(f"{target}.")
                    }
                    for module, targets in imports(app).items()
                }
                try:
                    TopologicalSorter(graph).prepare()
                except CycleError as circle:
                    self.fail(" -> ".join(circle.args[1]))

    def test_of_the_evidence_library_know_nothing_of_articles(self):
        found = {target for targets in imports("references").values() for target in targets}
        self.assertFalse({target for target in found if target.startswith("articles")})


class TheEntryForToolsFromOutside(TestCase):
    def test_makes_people_who_log_in_and_articles_that_can_be_approved(self):
        writer, reviewer = (
            entry.an_editor("sam", "a-long-word"),
            entry.an_editor("kim", "another-word"),
        )

        article = entry.a_draft_ready_for_review(
            by=writer, checked_by=reviewer, slug="a-page", body="<p>Start</p>"
        )

        self.assertTrue(self.client.login(username="sam", password="a-long-word"))
        self.assertFalse(article.claims.filter(citations__checked_by=None).exists())

    def test_logs_in_where_no_test_stands_in_for_the_second_factor(self):
        person = entry.an_editor("sam", "a-long-word")
        for log_in, status in ((Client.force_login, 302), (entry.logged_in, 200)):
            client = Client()
            with mock.patch.object(user_logged_in, "receivers", []):
                log_in(client, person)
            self.assertEqual(client.get("/admin/your-log-ins/").status_code, status)
