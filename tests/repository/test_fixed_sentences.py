"""docs/sentences.md has every fixed sentence of readers' pages and no other, each with a reason."""

import tempfile
from pathlib import Path

from django.test import SimpleTestCase

from physiohub import sentence_table

HOW = "Run manage.py gather_words, and move what is new into the section whose reason holds for it."


class TheTableOfSentences(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = sentence_table.PATH.read_text()
        cls.before, cls.sections = sentence_table.read(cls.text)
        cls.now = sentence_table.sentences()

    def test_has_what_the_pages_say_and_nothing_else(self):
        placed = [said for section in self.sections for said in section.sentences]

        self.assertGreater(len(placed), 400)
        self.assertEqual(sorted(set(self.now) - set(placed)), [], HOW)
        self.assertEqual(sorted(set(placed) - set(self.now)), [], HOW)
        self.assertEqual(len(placed), len(set(placed)), "A sentence stands in two sections.")

    def test_gives_each_a_reason(self):
        for section in self.sections:
            with self.subTest(section.heading):
                self.assertNotEqual(section.heading, sentence_table.NEW, HOW)
                self.assertRegex(section.reason, r"\w{4}.*\.", HOW)

    def test_is_laid_out_as_the_command_lays_it_out(self):
        self.assertEqual(
            sentence_table.written(self.before, self.sections, self.now), self.text, HOW
        )

    def test_loses_a_sentence_that_is_gone_and_gets_a_new_one_without_a_reason(self):
        gone = next(iter(self.sections[0].sentences))
        self.sections[0].sentences["We say this no more."] = "It was kind."
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "sentences.md")
            kept = dict(self.now)
            text = sentence_table.written(self.before, self.sections, kept)
            self.assertNotIn("We say this no more.", text)

            _before, sections = sentence_table.read(text.replace(f"| {gone} |", "| Other. |"))
            path.write_text(sentence_table.written(self.before, sections, kept))

            self.assertEqual(sentence_table.update(path), [gone])
            self.assertIn(f"## {sentence_table.NEW}", path.read_text())
