"""What sites have kept is read by every later version: frozen texts of all shapes, byte for byte.

The texts lie in tests/golden. None of their sources, people or pictures is in the database: a page
needs nothing but its revision.
"""

import json
import re

from django.core.cache import caches
from django.test import SimpleTestCase, TestCase

from articles import preflight
from articles.drafts import restoring, translation_drafts, translations
from articles.revisions import comparing, freezing
from references.exporting import SUFFIXES
from tests import frozen, golden
from tests.builders import LATER, a_superuser
from tests.repository.test_every_frozen_key import CONDITION, EXCEPT, is_of

TEXTS = golden.texts()


#: What nobody who is handed the page on paper may miss.
ON_PAPER = {"title", "summary", "body", "key_points[].text", "help[].text", "steps[].text"}

#: What nobody who is handed one sheet may miss. No step of articles.paper.sheet.ORDER takes it.
ON_THE_SHEET = {
    "title",
    "summary",
    "key_points[].text",
    "help[].text",
    "contraindications[].contraindication.name",
    "contraindications[].note",
}


def is_excepted(path, what):
    return any(is_of(path, key) for key in EXCEPT[what])


class AGoldenText(SimpleTestCase):
    def test_is_there_in_every_shape(self):
        self.assertLessEqual(
            {
                "arabic-translation",
                "before-pictures",
                "before-steps",
                "demonstration",
                "full-article",
                "minimal",
                "with-checklists",
                "with-pictures",
                "with-words",
            },
            {one.name for one in TEXTS},
        )

    def test_is_byte_for_byte_what_its_digest_was_made_of(self):
        for one in TEXTS:
            with self.subTest(one.name):
                self.assertEqual(freezing.digest_of(one.text), one.digest)
                self.assertEqual(freezing.canonical(one.content), one.text)

    def test_is_never_written_again(self):
        with self.assertRaises(FileExistsError):
            golden.keep("minimal", {})

    def test_is_compared_with_every_other_and_with_itself_changed(self):
        for one in TEXTS:
            changed = {**json.loads(one.text), "title": "Another"}
            self.assertEqual(comparing.compare(one.content, one.content).changes, [])
            self.assertEqual(
                [change.code for change in comparing.compare(one.content, changed).changes],
                ["title"],
            )
            self.assertTrue(list(translations.changes_of_original(one.content, changed)))
            for other in TEXTS:
                with self.subTest(before=one.name, after=other.name):
                    found = comparing.compare(one.content, other.content)
                    self.assertEqual(bool(found.changes), one is not other)
                    list(translations.changes_of_original(one.content, other.content))

    def test_is_named_row_by_row(self):
        for one in TEXTS:
            with self.subTest(one.name):
                digests = freezing.row_digests(one.content)
                rows = {
                    row["uid"]
                    for name, value in one.content.items()
                    if isinstance(value, list)
                    for row in value
                    if isinstance(row, dict)
                }
                self.assertLessEqual(rows, digests.keys())

    def test_passes_through_every_rule(self):
        for one in TEXTS:
            with self.subTest(one.name):
                preflight.check_draft(preflight.DraftToCheck(one.content))


class ThePageOfAGoldenText(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publications = {one.name: frozen.published_as_frozen(one.text) for one in TEXTS}

    def setUp(self):
        caches["pieces"].clear()

    def each(self, look):
        for one in TEXTS:
            with self.subTest(one.name):
                look(one, self.publications[one.name].get_absolute_url())

    def test_says_every_frozen_sentence(self):
        def look(one, address):
            html = self.says(address)
            to_people, to_machines = frozen.letters_of(html), frozen.letters(html)
            unsaid = [
                (path, words)
                for path, words in frozen.sentences_of(one.content)
                if not is_excepted(path, "shown")
                and frozen.letters(words) not in (to_machines if path in CONDITION else to_people)
            ]
            self.assertEqual(unsaid, [])

        self.each(look)

    def test_is_made_for_paper_too(self):
        def look(one, address):
            for size in ("?with=sources", "?with=sources&size=large"):
                said = frozen.letters_of(self.says(f"{address}handout/{size}"))
                for path, words in frozen.sentences_of(one.content):
                    if path in ON_PAPER:
                        self.assertIn(frozen.letters(words), said)

        self.each(look)

    def test_is_on_one_sheet_with_all_that_keeps_a_patient_safe(self):
        def look(one, address):
            for size in ("", "?size=large"):
                said = frozen.letters_of(self.says(f"{address}handout/{size}"))
                for path, words in frozen.sentences_of(one.content):
                    if path in ON_THE_SHEET:
                        self.assertIn(frozen.letters(words), said)

        self.each(look)

    def test_is_told_to_machines(self):
        def look(one, address):
            html = self.says(address)
            script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
            page = json.loads(script[1])["@graph"][0]
            self.assertEqual(page["name"], one.content["title"])
            for suffix in SUFFIXES:
                exported = self.says(f"{address}references.{suffix}").lower()
                for entry in one.content["references"]:
                    self.assertIn(entry["doi"].lower(), exported)

        self.each(look)
        self.assertEqual(self.says("/feed/").count("<entry "), len(TEXTS))

    def test_is_found_listed_and_has_its_history(self):
        def look(one, address):
            self.assertIn(f'"{address}"', self.says(f"/search/?q={one.content['title']}"))
            self.assertIn(f'"{address}"', self.says("/articles/"))
            self.says(f"{address}versions/")

        self.each(look)
        for address in ("/", "/conditions/", "/words/", "/references/", "/sitemap.xml"):
            self.says(address)

    def test_stays_as_an_old_version_of_a_changed_one(self):
        def look(one, address):
            changed = {**json.loads(one.text), "summary": "Another summary."}
            frozen.published_as_frozen(freezing.canonical(changed), at=LATER, change_note="Short.")
            said = frozen.letters_of(self.says(f"{address}versions/1/"))
            self.assertIn(frozen.letters(one.content["summary"]), said)
            self.assertIn("Short.", self.says(f"{address}versions/"))

        self.each(look)

    def says(self, address):
        answer = self.client.get(address)
        self.assertEqual(answer.status_code, 200, address)
        return answer.content.decode()


class TheDraftOfAGoldenText(TestCase):
    def test_says_what_the_text_said(self):
        by = a_superuser()
        for one in TEXTS:
            with self.subTest(one.name):
                frozen.library_of(one.content)
                revision = frozen.revision_of(one.text)

                again = freezing.freeze(restoring.restore(revision, by=by, at=LATER))

                self.assertEqual(self.said(again), self.said(one.content))

    def test_is_begun_in_another_language(self):
        by = a_superuser()
        for one in TEXTS:
            if one.content["translation_of"]:
                continue
            with self.subTest(one.name):
                frozen.library_of(one.content)
                publication = frozen.published_as_frozen(one.text)

                draft = translation_drafts.start(publication.article, "es", by=by, at=LATER)

                self.assertEqual(draft.title, one.content["title"])

    def said(self, content):
        """{path: values by row} of what is brought back. Words come from the word list of today."""
        return {
            path: frozen.values_at(content, path)
            for path in frozen.paths(content)
            if not is_excepted(path, "brought back") and not path.startswith("words[]")
        }
