"""What people answer for: exceptions, interests, checklists, tasks; and when a page is due."""

import csv
from datetime import date, timedelta
from unittest import mock

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles import preflight
from articles.drafts import edits
from articles.models import Citation, Publication, ReviewTask
from articles.publishing import publishing
from articles.refusals import NotReadyToPublish, Refused
from articles.review import checklists, exceptions, interests, reviewing
from articles.revisions import freezing, review_dates
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    an_editor,
    approved,
    link,
    published,
    reviewed,
    set_claim,
)

CODE = "links_say_where_they_lead"


class AFindingSomebodySignsFor(TestCase):
    def setUp(self):
        self.article = a_draft(
            body='<p>It may suit. <a href="https://example.org/">Click here</a></p>'
        )
        self.assertIn(CODE, [finding.code for finding in preflight.blockers(self.article)])

    def sign(self, **changed):
        how = {
            "code": CODE,
            "place": "",
            "by": self.article.owner,
            "at": NOON,
            "reason": "It is a quote.",
            **changed,
        }
        return exceptions.sign(self.article, **how)

    def test_passes_and_is_frozen_with_the_approval_and_the_publication(self):
        self.sign()
        revision, editor = reviewed(self.article)
        publication = publishing.publish(revision, by=editor, at=NOON)

        self.assertEqual(revision.decisions.get().exceptions[0]["reason"], "It is a quote.")
        self.assertEqual(publication.exceptions[0]["by_name"], self.article.owner.get_full_name())

    def test_counts_again_once_the_words_change(self):
        self.sign()
        self.article.summary = "Another summary."
        self.article.save()

        self.assertIn(CODE, [finding.code for finding in preflight.blockers(self.article)])

    def test_needs_a_reason(self):
        with self.assertRaises(Refused):
            self.sign(reason=" ")

    def test_is_none_that_protects_a_patient(self):
        claim = self.article.claims.first()
        with self.assertRaisesMessage(Refused, "Nobody can sign for this"):
            self.sign(code="evidence_is_checked_by_a_second_person", place=str(claim.uid))


class ADeclaredInterest(TestCase):
    def test_is_frozen_with_the_approval_where_it_bears_on_the_article(self):
        editor, article = an_editor(), a_draft(title="Dry needling", slug="dry-needling")
        interests.declare(by=editor, at=NOON, text="I teach it.", topic="needling")
        interests.declare(by=editor, at=NOON, text="I sell tape.", topic="taping")

        revision, _ = reviewed(article, editor=editor)
        publication = publishing.publish(revision, by=editor, at=NOON)

        self.assertEqual(revision.decisions.get().interests, "needling: I teach it.")
        self.assertEqual(publication.approvals[0]["interests"], "needling: I teach it.")

    def test_holds_no_longer_once_ended(self):
        editor = an_editor()
        interest = interests.declare(by=editor, at=NOON, text="I teach it.")
        interests.end(interest, by=editor, at=LATER)

        self.assertEqual(interests.relevant_to(freezing.freeze(a_draft()), editor), "")


class TasksInParallel(TestCase):
    def setUp(self):
        self.article = a_draft()
        self.editor, self.second = an_editor(), an_editor()
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=self.editor, at=NOON)
        kinds = [ReviewTask.Kind.CLINICAL, ReviewTask.Kind.PLAIN_LANGUAGE]
        self.request = reviewing.submit(self.article, by=self.article.owner, at=NOON, kinds=kinds)
        self.plain = self.request.tasks.get(kind="plain_language")

    def answers(self):
        return {code: "yes" for code, _ in checklists.QUESTIONS["plain_language"]}

    def test_are_all_needed_before_publishing(self):
        approved(self.request.revision, by=self.editor)
        with self.assertRaisesMessage(
            NotReadyToPublish, "The plain language review is not finished"
        ):
            publishing.publish(self.request.revision, by=self.editor, at=NOON)

        reviewing.approve(
            self.request.revision, by=self.second, at=NOON, task=self.plain, answers=self.answers()
        )

        publication = publishing.publish(self.request.revision, by=self.editor, at=NOON)
        self.assertEqual(
            [said["kind"] for said in publication.approvals], ["clinical", "plain_language"]
        )

    def test_freeze_questions_with_their_answers_and_want_each(self):
        with self.assertRaisesMessage(Refused, "Answer each question"):
            reviewing.approve(
                self.request.revision, by=self.second, at=NOON, task=self.plain, answers={}
            )

        decision = reviewing.approve(
            self.request.revision, by=self.second, at=NOON, task=self.plain, answers=self.answers()
        )
        self.assertEqual(decision.answers[2]["question"], "Its words are everyday words.")
        self.assertEqual(decision.answers[2]["answer"], "agree")

    def test_keep_an_approval_through_an_edit_elsewhere_until_the_rest_is_approved(self):
        reviewing.approve(
            self.request.revision, by=self.second, at=NOON, task=self.plain, answers=self.answers()
        )
        self.article.keypoint_rows.filter(position=1).update(text="Keep on moving.")
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        again = reviewing.submit(self.article, by=self.article.owner, at=LATER)

        point = str(self.article.keypoint_rows.get(position=1).uid)
        self.assertEqual(
            reviewing.approval_state(again.revision).open_rows["plain_language"], [point]
        )
        self.assertEqual({task.kind for task in again.tasks.all()}, {"clinical", "plain_language"})

    def test_are_handed_to_editors_who_did_not_edit(self):
        reviewing.assign(
            self.plain, to=self.second, due_on=date(2026, 3, 9), by=self.editor, at=NOON
        )
        self.assertEqual(ReviewTask.objects.get(pk=self.plain.pk).assigned_to, self.second)
        for nobody in (a_clinician(), self.article.owner):
            with self.assertRaises(Refused):
                reviewing.assign(self.plain, to=nobody, due_on=None, by=self.editor, at=NOON)


class TheDayAPageIsDue(TestCase):
    def due(self, article):
        return review_dates.review_due(freezing.freeze(article), searched_on=date(2026, 2, 28))

    def test_is_the_earliest_over_its_claims(self):
        article = a_draft()  # its only claim is about harm
        self.assertEqual(self.due(article).on, date(2027, 2, 28))
        self.assertIn("about harm", self.due(article).because)

    def test_is_sooner_where_the_newest_source_is_old(self):
        article = a_draft()
        claim = article.claims.get()
        claim.citations.all().delete()
        old = {"type": "book", "title": "Old", "issued": {"date-parts": [[1999]]}}
        link(set_claim(claim, certainty="low"), a_reference(csl=old))

        self.assertEqual(self.due(article).on, date(2026, 8, 28))

    def test_puts_the_page_on_the_list_until_somebody_confirms_it(self):
        publication = published(a_draft(evidence_searched_on=date(2025, 1, 1)))
        self.assertEqual(
            [found.pk for found in Publication.objects.due(on=date(2026, 3, 1))], [publication.pk]
        )

        publishing.confirm(
            publication.article, by=publication.by, at=NOON, evidence_searched_on=date(2026, 3, 1)
        )

        self.assertEqual(list(Publication.objects.due(on=date(2026, 3, 1))), [])

    def test_puts_the_page_on_the_list_of_editors_from_that_day_on(self):
        publication = published(a_draft(evidence_searched_on=date(2025, 1, 1)))
        due_on = Publication.objects.with_due_on().get(pk=publication.pk).due_on
        self.client.force_login(publication.by)
        for days, is_listed in ((-1, False), (0, True), (1, True)):
            with (
                self.subTest(days=days),
                mock.patch(
                    "articles.admin.review.reviewing.timezone.localdate",
                    return_value=due_on + timedelta(days=days),
                ),
            ):
                page = self.client.get(reverse("admin:articles_article_queue"))
                self.assertEqual(list(page.context["overdue"]), [publication] * is_listed)

    def test_is_told_to_readers_when_it_has_passed_and_not_before(self):
        published(a_draft(slug="late", evidence_searched_on=date(2020, 1, 1)))
        fresh = a_draft(slug="fresh", evidence_searched_on=timezone.localdate())
        published(fresh)

        self.assertContains(self.client.get("/articles/late/"), "This page is late for a check.")
        self.assertNotContains(self.client.get("/articles/fresh/"), "late for a check")


class TheLogOfAnArticle(TestCase):
    def test_is_taken_away_as_a_file_that_runs_nothing(self):
        article = a_draft(title="=cmd()")
        reviewing.submit(article, by=article.owner, at=NOON, note="=1+1")
        self.client.force_login(an_editor())

        answer = self.client.get(reverse("admin:articles_article_log", args=[article.pk]))

        self.assertEqual(answer["Content-Type"], "text/csv; charset=utf-8")
        rows = list(csv.reader(answer.content.decode().splitlines()))
        self.assertEqual([row[2] for row in rows[1:]], ["edited", "submitted"])
        self.assertEqual(rows[2][4], "'=1+1")
