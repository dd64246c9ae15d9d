"""What was I told, and when: the history of a page for readers."""

from datetime import date
from unittest import mock

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.drafts import edits
from articles.live import version_history
from articles.models import ArticleContraindication
from articles.publishing import publishing
from articles.refusals import NotAllowed, Refused
from tests.builders import (
    LATER,
    NOON,
    a_contraindication,
    a_draft,
    a_reference,
    an_editor,
    link,
    published,
    reviewed,
)
from tests.frozen import digest_now


class TheHistoryOfAPage(TestCase):
    def setUp(self):
        self.first = published(
            a_draft(slug="stretching", summary="First."), change_note="First version."
        )
        self.article = self.first.article
        self.article.refresh_from_db()
        self.article.summary = "Second."
        self.article.save()
        row = ArticleContraindication.objects.create(
            article=self.article, contraindication=a_contraindication("a fever")
        )
        link(row.claim, a_reference(), by=self.article.owner)
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        revision, self.editor = reviewed(self.article, at=LATER)
        publishing.publish(revision, by=self.editor, at=LATER, change_note="We added fever.")

    def test_says_what_changed_and_why_the_clinical_things_first(self):
        html = self.client.get("/articles/stretching/versions/").content.decode()

        self.assertIn("We added fever.", html)
        self.assertLess(
            html.index("reason not to have it, added: <bdi>a fever</bdi>"),
            html.index("summary, changed"),
        )

    def test_is_told_in_the_language_of_the_page_whatever_the_browser_asks_for(self):
        for address in ("", "1/"):
            page = self.client.get(
                f"/articles/stretching/versions/{address}", headers={"accept-language": "es"}
            )
            self.assertContains(page, "reason not to have it, added:")
            self.assertNotContains(page, "resumen")

    def test_shows_an_old_version_marked_as_old_with_what_has_changed_since(self):
        page = self.client.get("/articles/stretching/versions/1/")

        self.assertContains(page, "First.")
        self.assertContains(page, "This is old: version 1")
        self.assertContains(page, "reason not to have it, added: <bdi>a fever</bdi>")
        self.assertContains(page, 'content="noindex"')

    def test_leads_from_the_newest_version_to_the_page(self):
        self.assertRedirects(
            self.client.get("/articles/stretching/versions/2/"), "/articles/stretching/"
        )
        self.assertContains(
            self.client.get("/articles/stretching/"), "/articles/stretching/versions/"
        )

    def test_shows_nothing_of_the_draft(self):
        self.article.summary = "Quokka."
        self.article.save()

        for address in ("versions/", "versions/1/"):
            self.assertNotContains(self.client.get(f"/articles/stretching/{address}"), "uokka")
        self.assertEqual(self.client.get("/articles/stretching/versions/3/").status_code, 404)
        self.assertEqual(self.client.get("/articles/nothing/versions/").status_code, 404)

    def test_stays_after_the_page_was_withdrawn_and_says_why(self):
        publishing.withdraw(self.article, by=self.editor, at=LATER, reason="A study was retracted.")

        self.assertContains(
            self.client.get("/articles/stretching/versions/"), "A study was retracted."
        )
        self.assertContains(
            self.client.get("/articles/stretching/versions/2/"), "This is old", status_code=410
        )

    def test_takes_four_queries_at_most(self):
        with self.assertNumQueries(3):
            self.client.get("/articles/stretching/versions/")
        with self.assertNumQueries(3):
            self.client.get("/articles/stretching/versions/1/")

    def test_compares_two_texts_for_the_first_who_asks_and_never_again(self):
        for address in ("", "1/"):
            first = self.client.get(f"/articles/stretching/versions/{address}").content
            with mock.patch.object(version_history, "compare") as compare:
                again = self.client.get(f"/articles/stretching/versions/{address}").content

            compare.assert_not_called()
            self.assertEqual(again, first)

    def test_reads_no_text_but_the_newest_once_it_has_compared_them(self):
        self.client.get("/articles/stretching/versions/")

        with CaptureQueriesContext(connection) as queries:
            self.client.get("/articles/stretching/versions/")

        self.assertEqual(sum('"frozen"' in query["sql"] for query in queries), 1)

    def test_names_so_many_changes_of_a_kind_and_says_how_many_more_there_are(self):
        with mock.patch.object(version_history, "MOST_SHOWN", 1):
            self.article.refresh_from_db()
            self.article.title, self.article.summary = "Stretches", "Third."
            self.article.save()
            edits.record_edit(self.article, by=self.article.owner, at=LATER)
            revision, editor = reviewed(self.article, at=LATER)
            publishing.publish(revision, by=editor, at=LATER, change_note="More.")

            page = self.client.get("/articles/stretching/versions/1/")

        self.assertContains(page, "title, changed: <bdi>Stretches</bdi>")
        self.assertNotContains(page, "summary, changed")
        self.assertContains(page, "Further changes of this kind: 1")

    def test_gives_the_day_it_was_confirmed(self):
        publishing.confirm(
            self.article, by=self.editor, at=LATER, evidence_searched_on=date(2026, 3, 1)
        )

        self.assertContains(self.client.get("/articles/stretching/versions/"), "1 March 2026")
        with self.assertRaises(Refused):
            publishing.confirm(
                self.article, by=self.editor, at=LATER, evidence_searched_on=date(2030, 1, 1)
            )


class ASmallCorrection(TestCase):
    def setUp(self):
        self.article = published(a_draft(slug="stretching")).article
        self.article.refresh_from_db()
        self.article.body = self.article.body.replace("thin needle", "thin needles")
        self.article.save()
        edits.record_edit(self.article, by=self.article.owner, at=LATER)

    def correct(self, by):
        return publishing.correct(
            self.article,
            by=by,
            at=LATER,
            change_note="A letter was wrong.",
            seen=digest_now(self.article),
        )

    def test_goes_out_in_one_act_under_its_own_label(self):
        self.correct(an_editor())

        self.assertContains(self.client.get("/articles/stretching/versions/"), "Correction")
        self.assertContains(self.client.get("/articles/stretching/"), "thin needles.")

    def test_is_not_published_by_whoever_made_it(self):
        editor = an_editor()
        edits.record_edit(self.article, by=editor, at=LATER)

        with self.assertRaises(NotAllowed):
            self.correct(editor)

    def test_is_none_once_anything_clinical_differs(self):
        edits.record_edit(self.article, by=self.article.owner, at=NOON)
        row = ArticleContraindication.objects.get(article=self.article)
        row.action = "ask_first"
        row.save()

        with self.assertRaisesMessage(Refused, "more than a small correction"):
            self.correct(an_editor())
