"""The rich-text editor can be replaced.

Only one module, its scripts and the settings know which one it is.
"""

import re
from pathlib import Path

from django.test import SimpleTestCase, override_settings

from articles.richtext import ckeditor, editor
from tests.repository.test_script_modules import PANEL, modules_of, scripts

ROOT = Path(__file__).resolve().parent.parent.parent
KNOWS = [
    "articles/richtext/ckeditor.py",
    "physiohub/assets/articles/ckeditor/",
    "physiohub/settings.py",
    "requirements.in",
    "requirements.txt",
    "requirements-dev.txt",
    "docs/",
    "tests/",
]
CONTRACT = "on list mark unmark reveal decorate pasting words isDirty focus flush fill".split()


def _sources():
    for folder in ("articles", "references", "physiohub", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".js", ".css", ".html"}:
                yield path.relative_to(ROOT).as_posix(), path.read_text()


class TheEditor(SimpleTestCase):
    def test_is_named_in_one_module_its_scripts_and_the_settings(self):
        naming = [
            name
            for name, source in _sources()
            if re.search("ckeditor|cke_", source, re.I)
            and not any(name.startswith(place) for place in KNOWS)
        ]

        self.assertEqual(naming, [])

    def test_speaks_through_an_adapter_that_offers_all_the_panel_asks_for(self):
        adapter = (ROOT / "physiohub/assets" / editor.load().ADAPTER).read_text()
        texts = scripts()
        panel = "\n".join(texts[name] for name in modules_of(PANEL, texts))
        asked = set(re.findall(r"\beditor\??\.(\w+)\(", panel))

        self.assertLessEqual({"list", "decorate", "reveal", "flush"}, asked)
        self.assertLessEqual(asked, set(CONTRACT))
        for name in CONTRACT:
            self.assertRegex(adapter, rf"\b{name}(:|\()")


class TheContainment(SimpleTestCase):
    def errors(self, **changed):
        config = {**ckeditor.CKEDITOR_CONFIGS["default"], **changed}
        with override_settings(CKEDITOR_CONFIGS={"default": config}):
            return [error.msg for error in ckeditor.check_containment(None)]

    def test_holds(self):
        self.assertEqual(self.errors(), [])

    def test_is_an_error_when_one_precaution_is_lost(self):
        for changed in (
            {"allowedContent": True},
            {"allowedContent": "p script"},
            {"allowedContent": ckeditor.ALLOWED_CONTENT + "; img[src]"},
            {"fullPage": True},
            {"versionCheck": True},
            {"removePlugins": "scayt"},
            {"extraAllowedContent": "div"},
            {"extra_plugins": ["claim", "codesnippetgeshi"]},
            {"extraPlugins": "uploadimage"},
        ):
            with self.subTest(changed=changed):
                self.assertTrue(self.errors(**changed))

    def test_is_an_error_when_the_uploader_is_installed(self):
        with (
            override_settings(CKEDITOR_UPLOAD_PATH="uploads/"),  # it refuses to be imported without
            override_settings(INSTALLED_APPS=["ckeditor", "ckeditor_uploader"]),
        ):
            self.assertTrue(ckeditor.check_containment(None))
