"""What review promises: nothing goes live that nobody approved, and nothing is lost.

Each promise is tried through what people click or run.
"""

import re
import uuid

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.drafts import edits
from articles.models import (
    Article,
    ArticleContraindication,
    AuditEntry,
    Citation,
    Claim,
    Comment,
    Decision,
    Invitation,
    Publication,
    Revision,
    Schedule,
)
from articles.publishing import publishing, scheduling
from articles.review import comments, contributors, reviewing
from articles.revisions.comparing import ADDED, CHANGED, REMOVED, compare
from references.models import Reference
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_contraindication,
    a_draft,
    a_reference,
    a_superuser,
    agreed_in_form,
    an_editor,
    edited,
    link,
    mark,
    published,
    reviewed,
    set_claim,
)
from tests.forms import filled_in
from tests.frozen import digest_now


class Promise(TestCase):
    def act(self, user, article, act, **data):
        """Press a button of the review page, as `user`, with the text before them that
        stands there now.
        """
        self.client.force_login(user)
        address = reverse("admin:articles_article_review", args=[article.pk])
        return self.client.post(
            address, {"act": act, "digest": digest_now(article), **data}, follow=True
        )


class TwoEditorsAndOneStaleSave(Promise):
    def test_lose_nothing(self):
        article = a_draft()
        self.client.force_login(article.owner)
        address = reverse("admin:articles_article_change", args=[article.pk])
        mine, theirs = (
            filled_in(self.client.get(address), summary="Mine."),
            filled_in(self.client.get(address), summary="Theirs."),
        )
        self.assertEqual(self.client.post(address, theirs).status_code, 302)

        answer = self.client.post(address, mine)

        self.assertContains(answer, "Changed meanwhile", status_code=409)
        self.assertContains(answer, "Mine", status_code=409)
        self.assertContains(answer, "Theirs", status_code=409)
        self.assertEqual(Article.objects.get().summary, "Theirs.")


class AnAuthor(Promise):
    def test_even_a_superuser_cannot_approve_their_own_text(self):
        author, editor = a_superuser(), an_editor()
        article = a_draft(by=author)
        for citation in Citation.objects.all():
            self.act(editor, article, "check", citation=citation.uid)
        self.act(author, article, "submit")

        self.assertContains(self.act(author, article, "approve"), "You edited this text")
        self.assertContains(
            self.act(author, article, "publish"), "Nobody has approved this text yet"
        )

        self.assertFalse(Decision.objects.exists() or Publication.objects.exists())


class NoPathPublishesWithoutTheService(Promise):
    def test_is_held_to_by_the_list_of_all_ways_to_write(self):
        from . import test_every_way_to_write

        self.assertTrue(issubclass(test_every_way_to_write.EveryWayToWrite, TestCase))

    def test_and_only_the_service_makes_publications(self):
        from pathlib import Path

        from django.conf import settings

        makers = {
            str(path.relative_to(settings.BASE_DIR))
            for folder in ("articles", "references", "physiohub")
            for path in (settings.BASE_DIR / folder).rglob("*.py")
            if "Publication.objects.create(" in path.read_text()
            or "Publication(" in path.read_text().split("\nclass ")[0]
        }
        self.assertEqual(makers, {str(Path("articles/publishing/publishing.py"))})


class ASaveThatChangesNothing(Promise):
    def test_keeps_approvals_and_publishes(self):
        article = a_draft()
        _, editor = reviewed(article)
        self.client.force_login(article.owner)
        address = reverse("admin:articles_article_change", args=[article.pk])

        self.assertEqual(
            self.client.post(address, filled_in(self.client.get(address))).status_code, 302
        )

        self.assertContains(self.act(editor, article, "publish"), "Published.")


class AnEditOfOneClaim(Promise):
    def test_reopens_that_claim_alone(self):
        article = a_draft()
        claim = mark(article, "may suit some people", certainty="none")
        _, editor = reviewed(article)
        set_claim(claim, certainty="not-rated")
        link(claim, a_reference(), by=article.owner, checked_by=editor)
        edits.record_edit(article, by=article.owner, at=LATER)
        request = reviewing.submit(article, by=article.owner, at=LATER)

        reopened = reviewing.approval_state(request.revision).open_rows["clinical"]

        new_source = Reference.objects.order_by("-pk").first()
        self.assertEqual(set(reopened), {str(claim.uid), str(new_source.uid)})
        self.act(editor, article, "approve", **agreed_in_form())
        self.assertEqual(reviewing.approval_state(request.revision).open_rows["clinical"], [])

    def test_that_changes_its_words_reopens_it_and_its_paragraph(self):
        article = a_draft(
            body="<p>It may suit.</p><p>It uses a needle.</p><h2>More</h2><p>Rest.</p>"
        )
        claim = mark(article, "It may suit.", certainty="none")
        reviewed(article)
        article.body = article.body.replace("may suit", "might suit")
        article.save()
        edits.match_claims_to_text(article)
        request = reviewing.submit(article, by=article.owner, at=LATER)

        reopened = reviewing.approval_state(request.revision).open_rows["clinical"]

        self.assertEqual(set(reopened), {str(claim.uid), f"text:{claim.key}"})


class TheDifferenceOfAnyTwoVersions(Promise):
    def test_lists_claims_contraindications_and_citations(self):
        article = a_draft()
        claim = mark(article, "may suit some people", certainty="none")
        first, _ = reviewed(article)
        ArticleContraindication.objects.get(article=article).delete()
        link(
            ArticleContraindication.objects.create(
                article=article, contraindication=a_contraindication("a pacemaker")
            ).claim,
            a_reference(csl={"type": "book", "title": "Pacemakers"}),
        )
        set_claim(claim, certainty="low")
        second = reviewing.submit(article, by=article.owner, at=LATER).revision

        found = {
            (change.code, change.kind) for change in compare(first.content, second.content).changes
        }

        for wanted in (
            ("contraindications", ADDED),
            ("contraindications", REMOVED),
            ("claims", CHANGED),
            ("citations", ADDED),
            ("citations", REMOVED),
        ):
            self.assertIn(wanted, found)
        self.client.force_login(an_editor())
        page = self.client.get(
            reverse("admin:articles_article_compare", args=[article.pk]), {"before": 1, "after": 2}
        )
        self.assertContains(page, "a pacemaker")
        self.assertContains(page, "Pacemakers")
        self.assertLess(
            page.content.decode().index("Who should not have it"),
            page.content.decode().index("How sure we are"),
        )


class WhatIsRestored(Promise):
    def test_never_goes_live_unreviewed(self):
        first = published(a_draft())
        article = edited(first.article)
        second, editor = reviewed(article, at=LATER)
        publishing.publish(second, by=editor, at=LATER)
        self.client.force_login(article.owner)
        address = reverse("admin:articles_article_compare", args=[article.pk])
        self.client.post(address, {"revision": first.revision.pk})
        self.assertEqual(digest_now(article), first.revision.digest)

        self.assertContains(
            self.act(first.by, article, "publish"), "Nobody has approved this text yet"
        )

        self.assertEqual(Publication.objects.live_of(article).revision, second)

    def test_a_withdrawn_text_is_not_put_back_by_its_old_approval(self):
        publication = published()
        publishing.withdraw(
            publication.article, by=publication.by, at=LATER, reason="A study was retracted."
        )

        answer = self.act(publication.by, publication.article, "publish")

        self.assertContains(answer, "Nobody has approved this text yet")
        self.assertIsNone(Publication.objects.live_of(publication.article))


class AnArticleOf120ClaimsAnd120Citations(Promise):
    def setUp(self):
        body = "".join(f"<p>Sentence number {n} may suit.</p>" for n in range(119))
        self.article = a_draft(body=body)
        for n in range(119):
            link(
                mark(self.article, f"Sentence number {n} may"), a_reference(), by=self.article.owner
            )

    def test_is_edited_and_saved(self):
        self.assertEqual(Citation.objects.count(), 120)
        self.client.force_login(self.article.owner)
        address = reverse("admin:articles_article_change", args=[self.article.pk])
        data = filled_in(self.client.get(address), summary="Saved.")

        self.assertLess(len(data), 1000)
        self.assertEqual(self.client.post(address, data).status_code, 302)
        self.article.refresh_from_db()
        self.assertEqual(self.article.summary, "Saved.")

    def test_is_reviewed_and_compared_in_under_30_queries(self):
        editor = an_editor()
        revision, _ = reviewed(self.article, editor=editor)
        publishing.publish(revision, by=editor, at=NOON)
        edited(self.article)
        reviewing.submit(self.article, by=self.article.owner, at=LATER)
        comments.add_comment(
            Revision.objects.first(), by=editor, at=LATER, text="Good.", quoted="Sentence number 7"
        )
        self.client.force_login(editor)
        for name, args, query in (
            ("review", [self.article.pk], {}),
            ("review", [self.article.pk], {"against": 1}),
            ("compare", [self.article.pk], {"before": 1, "after": 2}),
            ("queue", [], {}),
        ):
            with self.subTest(name=name, query=query):
                address = reverse(f"admin:articles_article_{name}", args=args)
                self.client.get(address, query)
                with self.assertNumQueriesUnder(30):
                    self.assertEqual(self.client.get(address, query).status_code, 200)

    def assertNumQueriesUnder(self, most):  # noqa: N802
        from contextlib import contextmanager

        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        @contextmanager
        def counted():
            with CaptureQueriesContext(connection) as queries:
                yield
            self.assertLess(len(queries), most, "\n".join(query["sql"][:150] for query in queries))

        return counted()


class WhatIsSavedByItself(Promise):
    def test_leaves_no_entry_in_any_history(self):
        article = a_draft()
        self.client.force_login(article.owner)
        address = reverse("admin:articles_article_change", args=[article.pk])
        data = filled_in(self.client.get(address), summary="Half a sen")
        before = (
            AuditEntry.objects.count(),
            Revision.objects.count(),
            Article.objects.get().lock_version,
        )

        # What the form sends while somebody writes.
        self.client.post(reverse("admin:articles_article_standing", args=[article.pk]), data)

        after = (
            AuditEntry.objects.count(),
            Revision.objects.count(),
            Article.objects.get().lock_version,
        )
        self.assertEqual(after, before)


class AnOutsideReviewer(Promise):
    def setUp(self):
        self.article = a_draft()
        self.revision = reviewing.submit(self.article, by=self.article.owner, at=NOON).revision
        self.editor = an_editor()
        answer = self.act(
            self.editor, self.article, "invite", name="Kim, a patient", questions="What is it?"
        )
        self.address = re.search(r"/invited/[\w-]+/", answer.content.decode())[0]
        self.client.logout()

    def test_without_an_account_comments_on_a_sentence_of_the_exact_version(self):
        edited(self.article, summary="Quokka.")

        for _time in range(2):  # the log holds one opening a day
            page = self.client.get(self.address)
        self.assertContains(page, "thin needle")
        self.assertNotContains(page, "Quokka")
        self.client.post(self.address, {"text": "How thin?", "quoted": "a thin needle"})
        self.client.post(self.address, {"act": "answer", "answer-0": "Needles."})

        comment = Comment.objects.get()
        self.assertEqual((comment.revision, comment.quoted), (self.revision, "a thin needle"))
        self.assertEqual((comment.by, comment.by_name), (None, "Kim, a patient"))
        self.client.force_login(self.editor)
        review = self.client.get(reverse("admin:articles_article_review", args=[self.article.pk]))
        self.assertContains(review, "How thin?")
        self.assertContains(review, "Needles.")
        log = AuditEntry.objects.filter(actor_name="Kim, a patient").values_list("act", flat=True)
        self.assertEqual(sorted(log), ["answered", "commented", "opened"])

    def test_is_shown_nothing_by_a_link_that_was_taken_back_ran_out_or_was_made_up(self):
        self.act(self.editor, self.article, "revoke", invitation=Invitation.objects.get().pk)
        self.client.logout()
        for address in (self.address, self.address[:-2] + "/", "/invited/nothing/"):
            self.assertEqual(self.client.get(address).status_code, 404)
            self.assertEqual(self.client.post(address, {"text": "Hello."}).status_code, 404)
        Invitation.objects.update(revoked_at=None, expires_at=NOON)
        self.assertEqual(self.client.get(self.address).status_code, 404)

    def test_leaves_no_secret_in_the_database_and_tells_nobody_its_address(self):
        secret = self.address.split("/")[2]

        self.assertNotIn(
            secret, str(list(Invitation.objects.values())) + str(list(AuditEntry.objects.values()))
        )
        page = self.client.get(self.address)
        self.assertEqual(page["Referrer-Policy"], "same-origin")
        self.assertIn("no-store", page["Cache-Control"])


class AScheduledTextThatChanged(Promise):
    def test_is_not_published_and_says_so(self):
        article = a_draft()
        revision, editor = reviewed(article)
        now = timezone.now()
        scheduling.schedule(
            revision, by=editor, at=now, publish_at=now + timezone.timedelta(seconds=1)
        )
        edited(article)
        Schedule.objects.update(publish_at=now - timezone.timedelta(seconds=1))

        with self.assertRaises(SystemExit) as stopped:
            call_command("publish_due")

        self.assertEqual(stopped.exception.code, 1)
        self.assertFalse(Publication.objects.exists())
        self.assertIn("changed since it was approved", Schedule.objects.get().said)
        self.assertTrue(AuditEntry.objects.filter(act="schedule_refused").exists())
        self.client.force_login(editor)
        queue = self.client.get(reverse("admin:articles_article_queue"))
        self.assertContains(queue, "Not published at the time set")

    def test_an_unchanged_one_is_published_once(self):
        article = a_draft()
        revision, editor = reviewed(article)
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)

        for at in (NOON, LATER, NOON, LATER):  # a clock that is set back, and forth again
            scheduling.publish_due(at=at)

        self.assertEqual([publication.at for publication in Publication.objects.all()], [LATER])


class EditingSharedEvidence(Promise):
    def test_never_alters_a_live_page(self):
        publication = published(slug="stretching")
        before = self.client.get("/articles/stretching/").content
        for reference in Reference.objects.all():
            reference.csl["title"] = "Quokka"
            reference.save()

        self.assertEqual(self.client.get("/articles/stretching/").content, before)
        self.assertNotIn("Quokka", publication.revision.frozen)


class EvidenceToLiveArticles(Promise):
    def test_is_one_query(self):
        publication = published()
        published()
        reference = publication.revision.content["references"][0]["uid"]

        with self.assertNumQueries(1):
            found = list(Publication.objects.live().citing(uuid.UUID(reference)))

        self.assertEqual(found, [publication])


class DeletingAColleague(Promise):
    def test_removes_no_comment(self):
        article = a_draft()
        revision, _ = reviewed(article)
        colleague = a_clinician(first_name="Robin", last_name="Gone")
        comment = comments.add_comment(
            revision, by=colleague, at=NOON, text="Why?", quoted="a thin needle"
        )
        comments.resolve(comment, by=colleague, at=NOON)
        of_articles = AuditEntry.objects.exclude(act__in=AuditEntry.OF_ACCOUNTS)
        log = of_articles.count()

        colleague.delete()

        comment = Comment.objects.get()
        self.assertEqual(
            (comment.by, comment.by_name, comment.resolved_by_name),
            (None, "Robin Gone", "Robin Gone"),
        )
        self.assertEqual(of_articles.count(), log)
        self.assertTrue(AuditEntry.objects.filter(actor_name="Robin Gone").exists())

    def test_removes_no_approval(self):
        _, editor = reviewed(a_draft())

        with self.assertRaises(ProtectedError):
            editor.delete()

        self.client.force_login(a_superuser())
        address = reverse("admin:auth_user_delete", args=[editor.pk])
        self.client.post(address, {"post": "yes"})
        self.assertTrue(get_user_model().objects.filter(pk=editor.pk).exists())
        self.assertTrue(Decision.objects.filter(by=editor).exists())


class AnEditAfterAClockWasSetBack(Promise):
    def test_still_counts_as_an_edit(self):
        publication = published(at=LATER)
        editor = an_editor()
        article = publication.article
        article.refresh_from_db()
        article.summary = "Another summary."
        article.save()
        edits.record_edit(article, by=editor, at=NOON)
        revision = reviewing.submit(article, by=article.owner, at=NOON).revision

        self.assertIn("You edited this text", contributors.may_not_approve(revision, editor))


class RestoringARow(Promise):
    def test_is_offered_where_versions_are_compared(self):
        article = a_draft()
        first, _ = reviewed(article)
        row = first.content["contraindications"][0]
        ArticleContraindication.objects.get(article=article).delete()
        reviewing.submit(article, by=article.owner, at=LATER)
        self.client.force_login(article.owner)
        address = reverse("admin:articles_article_compare", args=[article.pk]) + "?before=1&after=2"
        self.assertContains(self.client.get(address), "Bring back: ")

        answer = self.client.post(address, {"revision": first.pk, "row": row["uid"]}, follow=True)

        self.assertContains(answer, "The row is back in the draft")
        self.assertEqual(str(ArticleContraindication.objects.get(article=article).uid), row["uid"])
        self.assertEqual(Claim.objects.filter(article=article, kind="contraindication").count(), 1)
