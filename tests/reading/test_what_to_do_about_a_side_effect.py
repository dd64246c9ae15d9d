"""Each side effect can say what to do: on the page, on paper, in search and to the gate."""

import re

from django.test import SimpleTestCase, TestCase

from articles import preflight
from articles.drafts import edits, restoring, translation_drafts
from articles.imports import read_article
from articles.models import ArticleSideEffect
from articles.revisions import comparing, freezing
from articles.revisions.storing import save_revision
from articles.richtext.cleaning import plain_text
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    link,
    published,
    with_side_effect,
)

WORDS = "Press on it with a clean cloth."
MISSING = "says_what_to_do_about_what_goes_wrong"


def said(html):
    return " ".join(plain_text(html).split())


class ASideEffect(TestCase):
    def setUp(self):
        self.article = a_draft(slug="needling")
        self.row = with_side_effect(self.article, "a small bleed", what_to_do=WORDS)
        self.serious = with_side_effect(
            self.article, "a deep bleed", position=1, is_serious=True, what_to_do="Call 999 now."
        )
        for row in (self.row, self.serious):
            link(row.claim, a_reference(), by=self.article.owner)
        edits.record_edit(self.article, by=self.article.owner, at=NOON)

    def messages(self):
        self.article.refresh_from_db()
        return preflight.check(self.article)

    def test_says_what_to_do_under_its_name_on_the_page_and_on_paper(self):
        published(self.article)

        for address in ("", "handout/", "handout/?size=large"):
            html = self.client.get(f"/articles/needling/{address}").content.decode()
            for name, words in (("a small bleed", WORDS), ("a deep bleed", "Call 999 now.")):
                with self.subTest(address, name=name):
                    place = re.split(r"<h[2345]|</li>", html.split(f"<bdi>{name}</bdi>")[-1])[0]
                    self.assertIn(f"What to do: {words}", said(f"<p>{place}</p>"))

    def test_is_found_by_what_to_do(self):
        published(self.article)

        html = self.client.get("/search/", {"q": "cloth"}).content.decode()
        self.assertIn("/articles/needling/", html)
        self.assertIn("Press on it with a clean <mark>cloth</mark>", html)

    def test_freezes_as_before_while_nobody_said_it(self):
        self.row.what_to_do = ""
        self.row.save()

        first, second = freezing.freeze(self.article)["side_effects"]
        self.assertNotIn("what_to_do", first)
        self.assertEqual(second["what_to_do"], "Call 999 now.")

    def test_shows_its_change_in_a_comparison_and_is_restored(self):
        revision = save_revision(self.article, by=self.article.owner, at=NOON)
        self.row.what_to_do = "Rub it."
        self.row.save()
        after = freezing.freeze(self.article)

        (change,) = comparing.compare(revision.content, after).changes
        (value,) = change.values
        self.assertEqual(
            (str(value.label), value.before, value.after),
            ("what to do about it", WORDS, "Rub it."),
        )
        restoring.restore(revision, by=self.article.owner, at=LATER)
        self.assertEqual(freezing.freeze(self.article), revision.content)

    def test_starts_a_translation_with_the_words_of_the_original(self):
        published(self.article)

        draft = translation_drafts.start(self.article, "es", by=self.article.owner, at=LATER)
        rows = ArticleSideEffect.objects.filter(article=draft).order_by("position")
        self.assertEqual([row.what_to_do for row in rows], [WORDS, "Call 999 now."])

    def test_that_is_serious_and_says_nothing_gets_a_quiet_hint(self):
        self.assertNotIn(MISSING, {message.code for message in self.messages()})
        ArticleSideEffect.objects.filter(article=self.article).update(what_to_do="")

        (message,) = (one for one in self.messages() if one.code == MISSING)
        self.assertFalse(message.is_blocker)
        self.assertEqual(message.place, str(self.serious.uid))
        self.assertIn("a deep bleed", message.message)

    def test_promises_no_more_than_its_evidence_carries(self):
        before = {m.code for m in self.messages() if m.place == str(self.row.uid) and m.is_blocker}
        self.row.what_to_do = "Rest. It is completely safe and always goes away."
        self.row.save()

        after = {m.code for m in self.messages() if m.place == str(self.row.uid) and m.is_blocker}
        self.assertTrue(after - before)


class AnImportedSideEffect(SimpleTestCase):
    def test_takes_what_to_do_out_of_its_line(self):
        read = read_article(
            b"# Needling\n\n## Side effects\n"
            b"- A bleed: 2 in 100 people, lasts 3 days. What to do: Press on it for 2 days.\n"
            b"- A bruise: what to do: leave it\n"
            b"- A rash: it itches a lot. What to do: Call your doctor.\n",
            "needling.md",
        )

        bleed, bruise, rash = read.side_effects
        self.assertEqual(
            (bleed.text, bleed.n, bleed.how_long, bleed.what_to_do, bleed.note),
            ("A bleed", 2, "lasts 3 days", "Press on it for 2 days.", ""),
        )
        self.assertEqual(
            (bruise.text, bruise.what_to_do, bruise.note), ("A bruise", "leave it", "")
        )
        self.assertEqual(
            (rash.text, rash.what_to_do, rash.note),
            ("A rash", "Call your doctor.", "it itches a lot"),
        )
