"""The page where people answer checklists, and what editors and readers see of the result."""

import re
from unittest import mock

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.checklists import answering, items, recording
from articles.checklists.answering import Given, UserTestEntry
from articles.models import ChecklistAnswer, ChecklistResult, Citation, UserTest
from articles.review import reviewing
from physiohub import policy, roles
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_user,
    agreed,
    an_editor,
    approved,
    published,
    reviewed,
)


def plain(answer):
    """The words of a page, on one line."""
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


class ThePageOfChecklists(TestCase):
    def setUp(self):
        self.article = a_draft()
        self.client.force_login(self.article.owner)
        self.address = reverse("admin:articles_article_checklists", args=[self.article.pk])

    def sent(self):
        """What a browser posts: all the page holds."""
        page = self.client.get(self.address).context
        data = {}
        for _score, rows in page["lists"]:
            for row in rows:
                for name, held in (("answer", row.given.answer), ("reason", row.given.reason)):
                    data[f"{name}-{row.code}"] = data[f"shown-{name}-{row.code}"] = held
        for form in [*page["tests"], page["new_test"]]:
            for field in form:
                if field.name != "is_removed":
                    data[field.html_name] = field.value() or ""
        return data

    def answered(self, code, answer, reason=""):
        return {f"answer-{code}": answer, f"reason-{code}": reason}

    def a_test(self, prefix="test-new", **values):
        told = {"tested_on": "2026-03-01", "people": "4", "who": "people who sit", "changed": ""}
        return {f"{prefix}-{name}": value for name, value in {**told, **values}.items()}

    def test_shows_what_was_seen_and_where(self):
        page = self.client.get(self.address)

        self.assertIn("Seen. 3 key points in a box.", plain(page))
        self.assertIn("Not seen. It does not say who paid. About this page", plain(page))
        self.assertIn("Does not apply. It tells no chances in numbers.", plain(page))
        self.assertContains(page, f"{self.address.replace('checklists', 'preview')}#key")

    def test_says_while_a_review_is_open_that_an_answer_changes_the_draft(self):
        self.assertNotIn("ask for the review again", plain(self.client.get(self.address)))

        reviewing.submit(self.article, by=self.article.owner, at=NOON)

        self.assertIn("ask for the review again", plain(self.client.get(self.address)))

    def test_is_led_to_from_the_form_and_from_the_review_page(self):
        for name in ("change", "review"):
            address = reverse(f"admin:articles_article_{name}", args=[self.article.pk])
            self.assertContains(self.client.get(address), self.address)

    def test_saves_answers_and_tests_in_one_go(self):
        data = self.sent() | self.answered("discern-1", "yes") | self.a_test()

        response = self.client.post(self.address, data)

        self.assertRedirects(response, self.address)
        self.assertEqual(ChecklistAnswer.objects.get().code, "discern-1")
        self.assertEqual(UserTest.objects.get().who, "people who sit")

    def test_saved_untouched_changes_nothing(self):
        self.client.post(self.address, self.sent() | self.a_test())
        version = type(self.article).objects.get().lock_version

        self.assertRedirects(self.client.post(self.address, self.sent()), self.address)

        self.assertEqual(type(self.article).objects.get().lock_version, version)

    def test_keeps_what_was_typed_where_a_reason_is_missing(self):
        data = self.sent() | self.answered("cdc-3", "no") | self.answered("discern-1", "yes")
        data |= self.a_test()

        response = self.client.post(self.address, data)

        self.assertContains(response, "Say why")
        self.assertContains(response, '<a href="#cdc-3">')
        self.assertContains(response, 'value="people who sit"')
        self.assertFalse(ChecklistAnswer.objects.exists() or UserTest.objects.exists())
        data |= self.answered("cdc-3", "no", "Too low.")
        self.assertRedirects(self.client.post(self.address, data), self.address)
        self.assertEqual(ChecklistAnswer.objects.count(), 2)

    def test_keeps_what_was_typed_where_a_test_is_not_whole(self):
        data = self.sent() | self.answered("discern-1", "yes") | self.a_test(who="")

        response = self.client.post(self.address, data)

        self.assertContains(response, '<a href="#test-new">')
        self.assertFalse(ChecklistAnswer.objects.exists())
        given = {row.code: row.given for _score, rows in response.context["lists"] for row in rows}
        self.assertEqual(given["discern-1"], Given("yes"))

    def test_loses_no_answer_of_a_colleague_in_a_stale_save(self):
        stale = self.sent() | self.answered("discern-1", "no", "Vague.")
        theirs = {"discern-1": Given("yes", "Clear."), "discern-2": Given("yes")}
        answering.save_answers(self.article, theirs, shown={}, by=a_clinician(), at=LATER)

        response = self.client.post(self.address, stale)

        self.assertContains(response, "Clear.")
        self.assertContains(response, 'value="Vague."')
        self.assertEqual(ChecklistAnswer.objects.get(code="discern-1").answer, "yes")
        # The page now shows theirs, so the next save is a decision.
        again = {name: row for name, row in self.sent().items() if name.startswith("shown-")}
        self.client.post(self.address, stale | again | self.answered("discern-2", "yes"))
        self.assertEqual(ChecklistAnswer.objects.get(code="discern-1").answer, "no")
        self.assertEqual(ChecklistAnswer.objects.get(code="discern-2").answer, "yes")

    def test_loses_no_test_that_a_colleague_took_out(self):
        told = UserTestEntry(NOON.date(), 3, "three people")
        how = {"by": a_clinician(), "at": LATER}
        test = answering.save_user_test(self.article, told, **how)
        stale = self.sent() | self.a_test(f"test-{test.uid}", who="three tall people")
        answering.remove_user_test(self.article, test, shown=answering.as_shown(test), **how)

        response = self.client.post(self.address, stale)

        self.assertContains(response, "three tall people")
        (form,) = response.context["tests"]
        again = stale | {f"test-{test.uid}-shown": form["shown"].value()}
        self.assertRedirects(self.client.post(self.address, again), self.address)
        self.assertEqual(UserTest.objects.get().who, "three tall people")

    def test_is_where_a_promise_in_a_test_is_mended(self):
        self.client.post(self.address, self.sent() | self.a_test(changed="It cures all pain."))

        review = self.client.get(reverse("admin:articles_article_review", args=[self.article.pk]))

        self.assertContains(review, f"{self.address}#usertest_rows-0")
        self.assertContains(self.client.get(self.address), 'id="usertest_rows-0"')

    def test_takes_a_test_out(self):
        self.client.post(self.address, self.sent() | self.a_test())
        test = UserTest.objects.get()

        self.client.post(self.address, self.sent() | {f"test-{test.uid}-is_removed": "on"})

        self.assertFalse(UserTest.objects.exists())

    def test_is_answered_by_an_editor_too_who_then_may_not_approve(self):
        self.client.force_login(editor := an_editor())
        self.client.post(self.address, self.sent() | self.answered("discern-1", "yes"))

        review = self.client.get(reverse("admin:articles_article_review", args=[self.article.pk]))
        self.assertTrue(review.context["has_edited"], editor)

    def test_is_read_only_for_those_who_may_not_edit(self):
        reader = a_user()
        names = [right.partition(".")[2] for right in policy.READ_DRAFT.needs]
        reader.user_permissions.set(Permission.objects.filter(codename__in=names))
        self.client.force_login(reader)

        page = self.client.get(self.address)

        self.assertEqual(page.status_code, 200)
        self.assertNotContains(page, 'type="radio"')
        refused = self.client.post(self.address, self.answered("discern-1", "yes"))
        self.assertEqual(refused.status_code, 403)

    def test_is_closed_to_those_who_may_not_read_drafts(self):
        for role in (None, roles.LIBRARIAN, roles.ADMINISTRATOR):
            self.client.force_login(a_user(role))

            self.assertEqual(self.client.get(self.address).status_code, 403)

    def test_costs_no_more_for_more_answers(self):
        with CaptureQueriesContext(connection) as few:
            self.client.get(self.address)
        given = dict.fromkeys(items.ITEMS, Given("yes", "I looked."))
        answering.save_answers(self.article, given, shown={}, by=self.article.owner, at=LATER)
        with CaptureQueriesContext(connection) as many:
            self.client.get(self.address)

        self.assertLessEqual(len(many), len(few) + 2)  # freezing asks for rows that are there
        self.assertLess(len(many), 30)


class TheReviewPage(TestCase):
    def read(self, article):
        self.client.force_login(an_editor())
        return self.client.get(reverse("admin:articles_article_review", args=[article.pk]))

    def test_shows_scores_and_what_is_not_met_with_its_place(self):
        revision, _editor = reviewed(a_draft())
        page = self.read(revision.article)

        words = plain(page)
        self.assertIn("PIF TICK: 4 of 10. Not answered: 5.", words)
        self.assertIn("90 are needed to pass.", words)
        self.assertIn("It does not say who paid. About this page", words)
        missed = {item["code"] for _score, items in page.context["not_met"] for item in items}
        self.assertIn("ipdas-p-1", missed)
        self.assertNotIn("cdc-3", missed)

    def test_says_of_a_draft_that_it_is_measured_when_it_is_sent(self):
        self.assertContains(self.read(a_draft()), "is measured when it is sent for review")

    def test_reads_what_was_stored(self):
        revision, _editor = reviewed(a_draft())

        scores = self.read(revision.article).context["list_scores"]

        self.assertEqual(scores, ChecklistResult.objects.get(revision=revision).scores)


class AReader(TestCase):
    def page(self, slug="warmth", **fields):
        article = a_draft(slug=slug, **fields)
        answering.save_user_test(
            article,
            UserTestEntry(NOON.date(), 5, "people with a sore neck", "We cut two lines."),
            by=article.owner,
            at=NOON,
        )
        published(article)
        return self.client.get(f"/articles/{slug}/")

    def test_gets_one_quiet_line_that_says_who_measured(self):
        words = plain(self.page())

        self.assertIn("We measured this page ourselves by 5 lists", words)
        self.assertIn("PIF TICK 4 of 10,", words)
        self.assertIn("A question we have not answered yet counts as not met.", words)

    def test_gets_it_in_spanish_and_in_arabic(self):
        for language, line, tried in (
            ("es", "Nosotros mismos medimos esta página con 5 listas", "5 personas probaron"),
            ("ar", "قسنا هذه الصفحة بأنفسنا بـ5 قوائم", "جرّب 5 أشخاص"),
        ):
            with self.subTest(language):
                words = plain(self.page(language, language=language))
                self.assertIn(line, words)
                self.assertIn(tried, words)

    def test_sees_who_tried_the_page(self):
        words = plain(self.page())

        self.assertIn("5 people tried this page: people with a sore neck , 1 March 2026", words)
        self.assertIn("What we changed for them: We cut two lines.", words)

    def test_gets_no_line_about_a_text_that_was_not_measured(self):
        with mock.patch.object(recording, "record_result"):  # as before there were results
            published(slug="warmth")

        self.assertNotContains(self.client.get("/articles/warmth/"), "measured this page")

    def test_gets_none_on_paper(self):
        self.page()

        self.assertNotIn("measured this page", plain(self.client.get("/articles/warmth/handout/")))

    def test_is_not_told_of_answers_among_what_changed(self):
        publication = published(a_draft(slug="warmth"))
        article = publication.article
        answering.save_answers(
            article, {"discern-1": Given("yes")}, shown={}, by=article.owner, at=LATER
        )
        published(article, at=LATER)

        self.assertNotIn("discern-1", plain(self.client.get("/articles/warmth/versions/")))


class WhatAReviewerAnswered(TestCase):
    def test_is_offered_and_kept_with_the_next_save(self):
        article = a_draft()
        request = reviewing.submit(
            article, by=article.owner, at=NOON, kinds=["clinical", "plain_language"]
        )
        task = request.tasks.get(kind="plain_language")
        answers = {**agreed("plain_language"), "pemat-10": "no"}
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=(editor := an_editor()), at=NOON)
        approved(request.revision, by=editor, task=task, answers=answers)
        self.client.force_login(article.owner)
        address = reverse("admin:articles_article_checklists", args=[article.pk])

        page = self.client.get(address)

        rows = {row.code: row for _score, rows in page.context["lists"] for row in rows}
        self.assertTrue(rows["pemat-10"].is_offered)
        self.assertEqual(rows["pemat-10"].given.answer, "no")
        # What the product tells needs nobody's answer.
        self.assertFalse(rows["pemat-11"].is_offered)
        data = {f"answer-{code}": row.given.answer for code, row in rows.items()}
        data |= {f"reason-{code}": row.given.reason for code, row in rows.items()}
        self.client.post(address, data)
        self.assertEqual(ChecklistAnswer.objects.get(code="pemat-10").answer, "no")
        self.assertFalse(ChecklistAnswer.objects.filter(code="pemat-11").exists())
