"""Names, lengths and types of the code itself. `bench/bench_readability.py` counts them."""

import ast
from pathlib import Path

from django.test import SimpleTestCase

from bench import bench_readability as measured

ROOT = Path(__file__).resolve().parent.parent.parent

#: Public names that two modules share because they mean the same in both.
SHARED = {
    "add": "put a row where it belongs: a picture, a publication in the catalogue",
    "condition": "the page of a condition, and the condition behind it",
    "dashboard_of": "a template asks for it by this name",
    "install": "triggers, and the index of the search, into a database",
    "install_after_migrate": "the same after a migration",
    "listen": "connect a room's receivers, called by apps.py",
    "picture": "a picture for readers, and for readers who are invited",
    "publish_due": "what is due is published, and the job that does it",
    "remove": "the reverse of add and of install",
    "resolve": "what was open is dealt with: a comment, a safety notice",
    "search": "the page of results, and the search behind it",
    "send_reminders": "what is due is said, and the job that does it",
    "share_image": "the address of the picture, and the picture",
    "widget": "the seam of the editor, and the editor behind it",
}


class TheCode(SimpleTestCase):
    app = measured.modules(ROOT, measured.OURS)

    def test_has_no_function_over_60_lines(self):
        long = [
            f"{path}: {function.name}"
            for path, source in self.app.items()
            for function in measured.functions(source)
            if measured.length(function) > 60
        ]
        self.assertEqual(long, [])

    def test_is_laid_out_by_hand_in_tables_of_data_alone(self):
        everything = {**self.app, **measured.modules(ROOT, ["tests", "bench", "docs"])}
        skips = [
            f"{path}:{number}"
            for path, source in everything.items()
            for number, line in enumerate(source.splitlines(), start=1)
            if line.endswith("# fmt: " + "skip")
        ]
        self.assertLessEqual(len(skips), 30, skips)

    def test_gives_no_name_to_two_things(self):
        # An act of the review page has the name of the service that does it.
        services = {
            path: source
            for path, source in self.app.items()
            if path != "articles/admin/review/acts.py"
        }
        self.assertEqual(
            set(measured.shared_names(services)) - SHARED.keys(),
            set(),
            "Two modules of articles/ have a function or class of this name.",
        )

    def test_has_types_wherever_shapes_travel(self):
        bare = [
            f"{path}: {function.name}"
            for path, source in self.app.items()
            if path.startswith(measured.TYPED)
            and not {"admin", "management"} & set(path.split("/"))
            for function in measured.public_functions(ast.parse(source))
            if not measured.is_annotated(function)
        ]
        self.assertEqual(bare, [])
