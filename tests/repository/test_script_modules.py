"""Modules of scripts that import one another are renamed together.

So a browser never runs old ones with new ones.

A missing module would be found by `make run` alone: in tests static files keep their own names.
"""

import re
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.test import SimpleTestCase, override_settings
from django.utils.module_loading import import_string

from physiohub import settings as of_the_site

ASSETS = Path(__file__).resolve().parent.parent.parent / "physiohub" / "assets"
AN_IMPORT = re.compile(r"""^import\b[^;]*?["'](\.[^"']+)["'];""", re.MULTILINE)
PANEL = "articles/evidence-panel.js"


def scripts():
    """{static path: text} of our own scripts."""
    return {path.relative_to(ASSETS).as_posix(): path.read_text() for path in ASSETS.rglob("*.js")}


def imports_of(name, text):
    """The static paths of the modules that the one at `name` imports."""
    folder = (ASSETS / name).parent
    return [
        (folder / other).resolve().relative_to(ASSETS).as_posix()
        for other in AN_IMPORT.findall(text)
    ]


def modules_of(name, texts):
    """The module at `name` and all it imports, and they import."""
    found, to_read = set(), [name]
    while to_read:
        one = to_read.pop()
        if one not in found:
            found.add(one)
            to_read += imports_of(one, texts[one])
    return found


def published(texts):
    """{static path: (name it is published under, its text there)}, as collectstatic does it."""
    with tempfile.TemporaryDirectory() as folder, override_settings(DEBUG=False):
        in_use = import_string(of_the_site.STORAGES["staticfiles"]["BACKEND"])
        storage = in_use(location=folder, base_url="/static/")
        for name, text in texts.items():
            storage.save(name, ContentFile(text.encode()))
        paths = {name: (storage, name) for name in texts}
        for name, _hashed, outcome in storage.post_process(paths):
            if isinstance(outcome, Exception):
                raise AssertionError(f"{name}: {outcome}") from outcome
        names = {name: storage.stored_name(name) for name in texts}
        return {name: (kept, Path(folder, kept).read_text()) for name, kept in names.items()}


class AModule(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts = scripts()
        cls.published = published(cls.texts)

    def test_that_another_imports_is_there(self):
        imported = {other for name, text in self.texts.items() for other in imports_of(name, text)}

        self.assertGreater(len(imported), 5)
        self.assertLessEqual(imported, set(self.texts))

    def test_of_the_panel_is_used(self):
        used = modules_of(PANEL, self.texts)

        self.assertEqual(
            [
                name
                for name in self.texts
                if name.startswith("articles/panel/") and name not in used
            ],
            [],
        )

    def test_is_imported_by_the_name_it_is_published_under(self):
        names = {kept for kept, _text in self.published.values()}
        for name, (kept, text) in self.published.items():
            with self.subTest(name):
                self.assertRegex(kept, r"\.[0-9a-f]{12}\.js$")
                self.assertLessEqual(set(imports_of(kept, text)), names)
                self.assertEqual(
                    len(imports_of(kept, text)), len(imports_of(name, self.texts[name]))
                )

    def test_that_changes_renames_all_that_import_it(self):
        changed = "articles/panel/rules.js"
        after = published({**self.texts, changed: self.texts[changed] + "// Another line.\n"})
        renamed = {name for name, (kept, _text) in after.items() if kept != self.published[name][0]}

        using_it = {name for name in self.texts if changed in modules_of(name, self.texts)}
        self.assertEqual(renamed, using_it)
        self.assertIn(PANEL, renamed)
        self.assertNotIn("site/site.js", renamed)
