"""One thing, one name: a shared term renamed is renamed in every draft, and counts as new words."""

import importlib
import tempfile
import threading
from io import StringIO
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from articles import preflight
from articles.drafts import restoring
from articles.models import (
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    AuditEntry,
    Citation,
    Claim,
    Condition,
    Contraindication,
    Notification,
    SideEffect,
)
from articles.publishing import publishing
from articles.review import contributors, reviewing
from articles.revisions import freezing
from articles.revisions.storing import save_revision
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_condition,
    a_contraindication,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    link,
    published,
    reviewed,
)
from tests.forms import filled_in

ROWS = {
    Condition: (ArticleCondition, "condition"),
    SideEffect: (ArticleSideEffect, "side_effect"),
    Contraindication: (ArticleContraindication, "contraindication"),
}


def address_of(thing):
    return reverse(f"admin:articles_{thing._meta.model_name}_change", args=[thing.pk])


class Renaming(TestCase):
    """A term that two pages name, each with evidence that a colleague checked."""

    def setUp(self):
        self.editor, self.librarian = an_editor(), a_superuser()
        self.term = SideEffect.objects.create(name="a bruise")
        self.articles = [a_draft(by=a_clinician()) for _ in range(2)]
        for article in self.articles:
            self.name_in(article, n=8, base=100, unit="visits")
        self.client.force_login(self.librarian)

    def name_in(self, article, term=None, **fields):
        term = term or self.term
        model, field = ROWS[type(term)]
        row = model.objects.create(article=article, **{field: term}, **fields)
        link(row.claim, a_reference(), by=article.owner, checked_by=self.editor)
        return row

    def change(self, term=None, **changed):
        term = term or self.term
        answer = self.client.get(address_of(term))
        return self.client.post(address_of(term), filled_in(answer, **changed), follow=True)

    def claims(self, term=None):
        rows = (term or self.term).article_rows.order_by("pk")
        return [row.claim for row in rows.select_related("claim")]

    def checks(self, term=None):
        claims = (term or self.term).article_rows.values("claim")
        return Citation.objects.filter(claim__in=claims, checked_by__isnull=False).count()

    def told(self, person):
        return list(Notification.objects.filter(recipient=person, kind="term"))


class AnyShared(Renaming):
    def test_term_is_renamed_in_every_claim_of_every_draft_and_in_all_that_is_shown(self):
        terms = [self.term, a_condition("a sore neck"), a_contraindication("an open wound")]
        for term in terms[1:]:
            for article in self.articles:
                self.name_in(article, term)
        for term in terms:
            old = term.name
            with self.subTest(term=old):
                self.change(term, name="another thing")

                for claim in self.claims(term):
                    self.assertTrue(claim.text.startswith("another thing"), claim.text)
                for article in self.articles:
                    self.assertNotIn(old, freezing.canonical(freezing.freeze(article)))
                    page = self.client.get(
                        reverse("admin:articles_article_preview", args=[article.pk])
                    )
                    self.assertNotContains(page, old)
                    self.assertContains(page, "another thing")
            term.refresh_from_db()
            term.name = old
            term.save()

    def test_term_keeps_what_each_row_says_of_it(self):
        ArticleSideEffect.objects.filter(article=self.articles[1]).update(
            n=None, base=None, unit=""
        )
        self.change(name="bruising")
        self.assertEqual(
            [claim.text for claim in self.claims()],
            ["bruising: 8 in 100 visits", "bruising"],
        )

    def test_term_gives_the_same_words_in_whatever_language_it_is_saved(self):
        with translation.override("es"):
            self.change(name="bruising")
        self.assertEqual({claim.text for claim in self.claims()}, {"bruising: 8 in 100 visits"})
        row = ArticleSideEffect.objects.first()
        with translation.override("ar"):
            self.assertEqual(str(row), "bruising: 8 in 100 visits")

    def test_term_that_is_renamed_in_the_list_is_renamed_everywhere_too(self):
        list_admin = admin.site.get_model_admin(SideEffect)
        with (
            mock.patch.object(list_admin, "list_editable", ["name"], create=True),
            mock.patch.object(list_admin, "list_display_links", None),
        ):
            self.client.post(
                reverse("admin:articles_sideeffect_changelist"),
                {
                    "form-TOTAL_FORMS": 1,
                    "form-INITIAL_FORMS": 1,
                    "form-0-id": self.term.pk,
                    "form-0-name": "bruising",
                    "_save": "Save",
                },
            )
        self.assertEqual({claim.text for claim in self.claims()}, {"bruising: 8 in 100 visits"})
        self.assertEqual(len(self.told(self.articles[0].owner)), 1)

    def test_term_that_a_script_saves_is_renamed_everywhere_too(self):
        self.term.name = "bruising"
        self.term.save()
        self.assertEqual({claim.text for claim in self.claims()}, {"bruising: 8 in 100 visits"})
        self.assertEqual(self.checks(), 0)

    def test_term_that_is_saved_as_it_was_changes_nothing_and_tells_nobody(self):
        versions = list(Article.objects.order_by("pk").values_list("lock_version", flat=True))
        self.change()
        self.assertEqual(
            list(Article.objects.order_by("pk").values_list("lock_version", flat=True)), versions
        )
        self.assertEqual(self.checks(), 2)
        self.assertFalse(Notification.objects.filter(kind="term").exists())


class ARename(Renaming):
    def test_takes_back_the_checks_of_the_evidence_and_of_no_other(self):
        other = link(
            Claim.objects.filter(article=self.articles[0]).first(),
            a_reference(),
            by=self.articles[0].owner,
            checked_by=self.editor,
        )
        self.change(name="bruising")

        self.assertEqual(self.checks(), 0)
        other.refresh_from_db()
        self.assertEqual(other.checked_by, self.editor)

    def test_counts_as_changed_words(self):
        self.change(name="bruising")
        for claim in self.claims():
            self.assertTrue(claim.wording_has_changed)
        codes = [message.code for message in preflight.blockers(self.articles[0])]
        self.assertIn("words_are_those_the_evidence_was_linked_to", codes)
        self.assertIn("evidence_is_checked_by_a_second_person", codes)

    def test_ends_the_approval_of_a_draft_under_review(self):
        revision, _editor = reviewed(self.articles[0])
        self.assertEqual(publishing.missing_approvals(reviewing.approval_state(revision)), [])

        self.change(name="bruising")

        now = save_revision(self.articles[0], by=None, at=LATER)
        self.assertTrue(publishing.missing_approvals(reviewing.approval_state(now)))
        self.assertIn(self.librarian.pk, contributors.contributors(now))
        answer = self.client.get(
            reverse("admin:articles_article_review", args=[self.articles[0].pk])
        )
        self.assertEqual(answer.context["progress"].code, "changed_in_review")

    def test_leaves_the_live_page_as_it_was_published(self):
        publication = published(self.articles[0])
        before = self.client.get(publication.get_absolute_url()).content
        self.change(name="bruising")
        self.assertEqual(self.client.get(publication.get_absolute_url()).content, before)
        self.assertEqual(list(publishing.verify(publication)), [])

    def test_stands_in_the_history_of_every_draft(self):
        self.change(name="bruising")
        for article in self.articles:
            entry = AuditEntry.objects.filter(subject_uid=article.uid, act="edited").first()
            self.assertEqual(entry.summary, "The side effect “a bruise” is called “bruising” now.")
            self.assertEqual(entry.actor_id, self.librarian.pk)

    def test_takes_as_many_queries_whatever_the_number_of_drafts(self):
        def queries(name):
            self.term.refresh_from_db()
            with CaptureQueriesContext(
                connection,
            ) as captured:
                data = filled_in(self.client.get(address_of(self.term)), name=name)
                self.client.post(address_of(self.term), data)
            return len(captured)

        queries("what is fetched once only")
        few = queries("bruising")
        for _ in range(9):
            self.name_in(a_draft(by=a_clinician()))
        self.assertEqual(queries("bruises"), few)


class TheOwners(Renaming):
    def test_are_told_once_with_the_names_of_their_pages(self):
        owner = self.articles[0].owner
        Article.objects.filter(pk=self.articles[1].pk).update(owner=owner)
        more = a_draft(by=owner)
        row = self.name_in(more)
        link(row.claim, a_reference(), by=owner, checked_by=self.editor)

        self.change(name="bruising")

        (notification,) = self.told(owner)
        for words in (
            "“a bruise”",
            "“bruising”",
            *(f"“{one}”" for one in self.articles),
            str(more),
        ):
            self.assertIn(words, notification.text)
        self.client.force_login(owner)
        self.assertContains(self.client.get(notification.address), self.articles[1].title)

    def test_are_not_told_of_what_they_did_themselves(self):
        owner = self.articles[0].owner
        self.client.force_login(owner)
        self.change(name="bruising")
        self.assertEqual(self.told(owner), [])
        self.assertEqual(len(self.told(self.articles[1].owner)), 1)

    def test_who_have_left_are_stood_in_for_by_the_editors(self):
        owner = self.articles[0].owner
        owner.is_active = False
        owner.save()
        self.change(name="bruising")
        self.assertIn(f"“{self.articles[0]}”", self.told(self.editor)[0].text)

    def test_of_very_many_pages_get_one_line_that_fits(self):
        owner = self.articles[0].owner
        for number in range(12):
            article = a_draft(
                by=owner, title=f"A treatment with a very long title, number {number}"
            )
            self.name_in(article)
        self.change(name="b" * 120)
        (notification,) = self.told(owner)
        self.assertRegex(notification.text, r"and \d+ more, and see if the evidence still fits\.$")


class WhoeverRenames(Renaming):
    def test_reads_beforehand_how_much_is_touched(self):
        published(self.articles[0])
        answer = self.client.get(address_of(self.term))
        self.assertContains(answer, "2 pages name it.")
        self.assertContains(answer, "2 checks of evidence are taken back")
        self.assertContains(answer, "What readers have stays as it is")
        for article in self.articles:
            self.assertContains(answer, article.title)

    def test_reads_afterwards_how_much_was(self):
        answer = self.change(name="bruising")
        self.assertContains(answer, "Changed in the drafts of 2 pages.")
        self.assertContains(answer, "2 checks of evidence were taken back")

    def test_is_told_where_no_page_names_it(self):
        answer = self.client.get(address_of(SideEffect.objects.create(name="a rash")))
        self.assertContains(answer, "No page names it yet.")


class AnotherFieldOfIt(Renaming):
    """Readers see its other names, and what it is."""

    def test_is_an_edit_of_the_drafts_but_leaves_words_and_checks(self):
        self.term = a_condition("a sore neck")
        for article in self.articles:
            self.name_in(article)
        before = self.claims()
        versions = [article.lock_version for article in Article.objects.order_by("pk")]

        answer = self.change(summary="Your neck hurts.", other_names="stiff neck")

        self.assertEqual([claim.text for claim in self.claims()], [one.text for one in before])
        self.assertEqual(self.checks(), 2)
        self.assertEqual(
            [article.lock_version for article in Article.objects.order_by("pk")],
            [version + 1 for version in versions],
        )
        self.assertNotContains(answer, "taken back")
        (notification,) = self.told(self.articles[0].owner)
        self.assertIn("What is said of the condition “a sore neck” has changed.", notification.text)


class AFormOpenedBefore(Renaming):
    def test_of_the_article_is_compared_and_does_not_save_unseen(self):
        self.client.force_login(self.articles[0].owner)
        stale = filled_in(self.client.get(address_of(self.articles[0])), summary="Another.")
        self.client.force_login(self.librarian)
        self.change(name="bruising")

        self.client.force_login(self.articles[0].owner)
        answer = self.client.post(address_of(self.articles[0]), stale)

        self.assertContains(answer, "is called “bruising” now", status_code=409)
        self.assertNotEqual(Article.objects.get(pk=self.articles[0].pk).summary, "Another.")

    def test_of_a_claim_does_not_rate_or_confirm_words_nobody_read(self):
        claim = self.claims()[0]
        self.client.force_login(self.articles[0].owner)
        stale = filled_in(self.client.get(address_of(claim)), certainty="high")
        self.client.force_login(self.librarian)
        self.change(name="bruising")

        self.client.force_login(self.articles[0].owner)
        answer = self.client.post(address_of(claim), stale)

        self.assertEqual(answer.status_code, 409)
        self.assertContains(answer, "bruising", status_code=409)
        claim.refresh_from_db()
        self.assertNotEqual(claim.certainty, "high")

    def test_of_the_review_does_not_check_words_nobody_read(self):
        self.change(name="bruises")
        self.client.force_login(self.editor)
        review = reverse("admin:articles_article_review", args=[self.articles[0].pk])
        shown = next(
            each for each in self.client.get(review).context["evidence"] if "bruise" in each.claim
        )
        self.change(name="bruising")
        data = {"act": "check", "citation": shown.uid, "read": shown.read}

        answer = self.client.post(review, data, follow=True)
        self.assertContains(answer, "changed since you opened the page")
        self.assertEqual(self.checks(), 0)

        shown = next(each for each in answer.context["evidence"] if "bruising" in each.claim)
        self.client.post(review, {**data, "read": shown.read})
        self.assertEqual(self.checks(), 1)


class EarlierText(Renaming):
    def test_brought_back_calls_a_term_what_it_is_called_today(self):
        article = self.articles[0]
        revision = save_revision(article, by=None, at=NOON)
        self.change(name="bruising")
        claim = self.claims()[0]
        claim.checked_text = claim.text  # somebody confirmed it, and a colleague checked it
        claim.save()
        Citation.objects.filter(claim=claim).update(checked_by=self.editor, checked_at=NOON)

        restoring.restore(revision, by=article.owner, at=LATER)

        claim.refresh_from_db()
        self.assertEqual(claim.text, "bruising: 8 in 100 visits")
        self.assertFalse(claim.wording_has_changed)
        self.assertEqual(Citation.objects.get(claim=claim).checked_by, self.editor)

    def test_brought_back_in_other_words_takes_back_the_checks_made_since(self):
        article = self.articles[0]
        revision = save_revision(article, by=None, at=NOON)
        row = ArticleSideEffect.objects.get(article=article)
        row.n = 3
        row.save()
        Claim.objects.filter(pk=row.claim_id).update(checked_text=row.claim.text)

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual(Claim.objects.get(pk=row.claim_id).text, "a bruise: 8 in 100 visits")
        self.assertIsNone(Citation.objects.get(claim=row.claim_id).checked_by)


class AnImport(Renaming):
    def test_names_the_term_and_does_not_rename_it(self):
        versions = dict(Article.objects.values_list("pk", "lock_version"))
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder, "page.md")
            text.write_text("# Another page\n\n## Side effects\n\n- A BRUISE\n")
            call_command("import_article", str(text), stdout=StringIO())

        self.assertEqual(
            [row.side_effect.name for row in self.term.article_rows.all()][2:], ["a bruise"]
        )
        self.assertEqual(
            dict(Article.objects.filter(pk__in=versions).values_list("pk", "lock_version")),
            versions,
        )


class ClaimsFromBefore(Renaming):
    def test_get_the_words_of_their_terms_once_and_are_to_be_checked_again(self):
        SideEffect.objects.update(name="bruising")  # as a rename did until now
        migration = importlib.import_module(
            "articles.migrations.0018_give_claims_the_words_of_their_terms"
        )
        migration.give_words(apps, None)
        self.assertEqual({claim.text for claim in self.claims()}, {"bruising: 8 in 100 visits"})
        self.assertEqual(self.checks(), 0)

        Citation.objects.update(checked_by=self.editor, checked_at=NOON)
        migration.give_words(apps, None)
        self.assertEqual(self.checks(), 2)


class AtTheSameMoment(TransactionTestCase):
    def test_a_row_that_is_added_while_its_term_is_renamed_says_the_new_name(self):
        term = SideEffect.objects.create(name="a bruise")
        article = a_draft()
        as_it_was = SideEffect.objects.get(pk=term.pk)
        renaming, errors = threading.Event(), []

        def add():
            try:
                renaming.wait(10)
                ArticleSideEffect.objects.create(article=article, side_effect=as_it_was)
            except Exception as error:
                errors.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=add)
        thread.start()
        with transaction.atomic():
            term.name = "bruising"
            term.save()
            renaming.set()
            thread.join(0.5)
        thread.join()

        self.assertEqual(errors, [])
        self.assertEqual(ArticleSideEffect.objects.get().claim.text, "bruising")
