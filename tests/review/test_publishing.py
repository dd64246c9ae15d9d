"""Publishing: what is refused, and what readers get when it is not."""

from datetime import timedelta

from django.test import TestCase

from articles.drafts import edits
from articles.models import AuditEntry, Citation, Publication, Revision
from articles.publishing import publishing, scheduling
from articles.refusals import NotAllowed, NotReadyToPublish, Refused
from articles.review import reviewing
from articles.revisions.storing import save_revision
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    approved,
    link,
    mark,
    published,
    reviewed,
    with_condition,
)


class AnArticleNobodyApproved(TestCase):
    def test_is_refused_with_what_to_do_next(self):
        article = a_draft()
        editor = an_editor()
        for citation in Citation.objects.filter(claim__article=article):
            reviewing.check_evidence(citation, by=editor, at=NOON)
        revision = reviewing.submit(article, by=article.owner, at=NOON).revision

        with self.assertRaisesMessage(
            NotReadyToPublish, "You did not edit it: read it, and approve it first."
        ):
            publishing.publish(revision, by=editor, at=NOON)
        edits.record_edit(article, by=editor, at=NOON)
        with self.assertRaisesMessage(NotReadyToPublish, "Ask a colleague who did not edit it"):
            publishing.publish(revision, by=editor, at=NOON)

        self.assertFalse(Publication.objects.exists())

    def test_stays_refused_when_a_reviewer_asked_for_changes_after_another_approved(self):
        article = a_draft()
        revision, editor = reviewed(article)
        second = an_editor()
        reviewing.ask_for_changes(
            revision, by=second, at=LATER, note="The second key point is too strong."
        )

        with self.assertRaisesMessage(NotReadyToPublish, "asked for changes"):
            publishing.publish(revision, by=editor, at=LATER)


class AnApprovedText(TestCase):
    def test_becomes_the_live_page(self):
        article = a_draft()
        revision, editor = reviewed(article)

        publication = publishing.publish(revision, by=editor, at=NOON, change_note="First version.")

        self.assertEqual(Publication.objects.live_of(article), publication)
        self.assertEqual(publication.approvals[0]["name"], editor.get_full_name())

    def test_ends_the_time_set_for_it_as_kept_and_that_of_an_older_text_as_called_off(self):
        article = a_draft()
        revision, editor = reviewed(article)
        older = scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)
        article.refresh_from_db()
        article.summary = "It is a thin needle."
        article.save()
        newer, _ = reviewed(article, editor=editor)

        publishing.publish(newer, by=editor, at=NOON)

        older.refresh_from_db()
        self.assertEqual(
            (older.outcome, older.said),
            ("cancelled", "A newer text was published before the time came."),
        )

    def test_is_refused_once_the_draft_has_moved_on(self):
        article = a_draft()
        revision, editor = reviewed(article)
        article.body = "<p>It cures everything.</p>"
        article.save()

        with self.assertRaisesMessage(NotReadyToPublish, "changed since it was approved"):
            publishing.publish(revision, by=editor, at=LATER)

    def test_is_refused_once_a_shared_condition_was_renamed(self):
        article = a_draft()
        row = with_condition(article)
        link(row.claim, a_reference(), by=article.owner)
        revision, editor = reviewed(article)
        row.condition.name = "cured neck"
        row.condition.save()

        with self.assertRaisesMessage(NotReadyToPublish, "changed since it was approved"):
            publishing.publish(revision, by=editor, at=LATER)

    def test_is_published_once_however_often_it_is_asked_for(self):
        first = published()

        again = publishing.publish(first.revision, by=first.by, at=LATER)

        self.assertEqual(again, first)
        self.assertEqual(Publication.objects.count(), 1)

    def test_may_not_take_the_address_of_another_live_page(self):
        theirs = published(slug="dry-needling")
        theirs.article.slug = "needling"
        theirs.article.save()
        revision, editor = reviewed(a_draft(slug="dry-needling"))

        with self.assertRaisesMessage(NotReadyToPublish, "Choose another"):
            publishing.publish(revision, by=editor, at=LATER)

    def test_is_published_by_editors_only(self):
        revision, _ = reviewed(a_draft())

        with self.assertRaises(NotAllowed):
            publishing.publish(revision, by=a_clinician(), at=NOON)


class WhoeverEditedTheText(TestCase):
    def approve(self, article, user, **kwargs):
        second = an_editor()
        for citation in Citation.objects.filter(claim__article=article, checked_by=None):
            reviewing.check_evidence(citation, by=second, at=NOON)
        revision = reviewing.submit(article, by=article.owner, at=NOON).revision
        return approved(revision, by=user, at=LATER, **kwargs)

    def test_may_not_approve_it(self):
        editor = an_editor()
        article = a_draft()
        edits.record_edit(article, by=editor, at=NOON)

        with self.assertRaisesMessage(NotAllowed, "You edited this text"):
            self.approve(article, editor)

    def test_may_not_approve_it_as_a_superuser_either(self):
        superuser = a_superuser()

        with self.assertRaisesMessage(NotAllowed, "You edited this text"):
            self.approve(a_draft(by=superuser), superuser)

    def test_may_not_approve_what_shows_a_condition_they_edited(self):
        editor = an_editor()
        article = a_draft()
        row = with_condition(article)
        link(row.claim, a_reference(), by=article.owner)
        edits.record_edit(row.condition, by=editor, at=NOON)

        with self.assertRaisesMessage(NotAllowed, "You edited this text"):
            self.approve(article, editor)

    def test_may_override_in_an_emergency_with_a_reason_that_is_logged(self):
        editor = an_editor()
        article = a_draft(by=editor)

        decision = self.approve(
            article, editor, override_reason="The old page told people to do harm."
        )

        self.assertEqual(decision.override_reason, "The old page told people to do harm.")
        self.assertTrue(
            AuditEntry.objects.filter(act=AuditEntry.Act.OVERRODE, actor_id=editor.pk).exists()
        )
        publication = publishing.publish(decision.revision, by=editor, at=LATER)
        self.assertEqual(publication.override_reason, "The old page told people to do harm.")

    def test_may_approve_again_after_the_next_publication(self):
        editor = an_editor()
        article = a_draft()
        edits.record_edit(article, by=editor, at=NOON - timedelta(days=1))
        published(article)
        article.refresh_from_db()
        article.summary = "Another summary."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)

        self.assertEqual(self.approve(article, editor).verdict, "approve")


class ASaveThatChangesNothing(TestCase):
    def test_makes_no_revision_and_keeps_the_approval(self):
        article = a_draft()
        revision, editor = reviewed(article)
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)

        self.assertEqual(save_revision(article, by=article.owner, at=LATER), revision)
        self.assertEqual(Revision.objects.count(), 1)
        self.assertTrue(publishing.publish(revision, by=editor, at=LATER))


class AWithdrawnPage(TestCase):
    def test_is_not_live_until_it_is_published_again(self):
        publication = published()
        publishing.withdraw(
            publication.article, by=publication.by, at=LATER, reason="A study was retracted."
        )
        self.assertIsNone(Publication.objects.live_of(publication.article))

        article = publication.article
        article.summary = "Better now."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)

        self.assertEqual(Publication.objects.live_of(article).number, 2)

    def test_needs_a_reason(self):
        publication = published()

        with self.assertRaisesMessage(Refused, "why the page is taken down"):
            publishing.withdraw(publication.article, by=publication.by, at=LATER, reason="  ")


class AClaimSurerThanItsEvidence(TestCase):
    def test_stops_the_publication(self):
        article = a_draft()
        claim = mark(article, "may suit some people")
        link(claim, a_reference(), by=article.owner)
        claim.certainty = "high"
        claim.save()

        with self.assertRaisesMessage(Refused, "its evidence carries very low at most"):
            reviewed(article)
