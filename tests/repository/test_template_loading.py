"""Templates are indented for people; pages are sent without it."""

import tempfile
from pathlib import Path

from django.template import Context, Engine
from django.test import SimpleTestCase

from physiohub.settings import TEMPLATES


class ATemplate(SimpleTestCase):
    def rendered(self, text, name="page.html"):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, name).write_text(text)
            engine = Engine(dirs=[folder], loaders=TEMPLATES[0]["OPTIONS"]["loaders"])
            return engine.get_template(name).render(Context({"typed": "One\n  two"}))

    def test_loses_its_indentation_and_keeps_its_line_ends(self):
        self.assertEqual(
            self.rendered('<p>\n  One\n\t <a\n    href="/">two</a>\n\n</p>\n'),
            '<p>\nOne\n<a\nhref="/">two</a>\n\n</p>\n',
        )

    def test_keeps_what_somebody_wrote(self):
        self.assertEqual(self.rendered("<p>\n  {{ typed }}</p>"), "<p>\nOne\n  two</p>")

    def test_keeps_every_blank_where_blanks_are_shown(self):
        for text in (
            "<pre>\n  One\n    two</pre>",
            "<p>\n  x</p><textarea name='x'>One\n  two</textarea>",
        ):
            with self.subTest(text):
                self.assertEqual(self.rendered(text), text)

    def test_that_is_no_page_stays_as_it_is(self):
        self.assertEqual(self.rendered("One\n  two\n", name="mail.txt"), "One\n  two\n")
