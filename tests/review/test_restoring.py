"""Bringing earlier text back: as it was, by uid, and never past review."""

from django.test import TestCase

from articles.drafts import edits, restoring
from articles.models import ArticleContraindication, ArticlePicture, Citation, Publication
from articles.publishing import publishing
from articles.refusals import NotAllowed, NotReadyToPublish, Refused
from articles.review import reviewing
from articles.revisions import freezing
from articles.revisions.comparing import compare
from articles.revisions.storing import digest_now, keep_revision
from tests.builders import LATER, NOON, a_clinician, a_draft, a_user, an_editor, mark, published, reviewed

from .test_comparing import everything


def changed(article):
    """The article after much of it was changed by its owner."""
    article.refresh_from_db()
    article.title, article.body = "Another title", "<p>Another text.</p>"
    article.save()
    edits.match_claims_to_text(article)
    ArticleContraindication.objects.get(article=article).delete()
    ArticlePicture.objects.get(article=article).delete()
    article.keypoint_rows.all()[0].delete()
    article.articlesideeffect_rows.update(n=1)
    edits.record_edit(article, by=article.owner, at=LATER)
    return article


class AWholeRevision(TestCase):
    def test_comes_back_to_the_digest_it_had(self):
        article = everything()
        revision = keep_revision(article, by=article.owner, at=NOON)
        changed(article)
        self.assertTrue(compare(revision.content, freezing.freeze(article)))

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual(compare(revision.content, freezing.freeze(article)).changes, [])
        self.assertEqual(digest_now(article), revision.digest)

    def test_that_is_what_the_draft_says_changes_nothing_and_keeps_the_checks(self):
        article = everything()
        editor = an_editor()
        revision, _ = reviewed(article, editor=editor)

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual(digest_now(article), revision.digest)
        self.assertFalse(Citation.objects.filter(checked_by=None).exists())

    def test_is_not_brought_back_by_people_who_may_not_edit(self):
        revision = keep_revision(a_draft(), by=None, at=NOON)

        with self.assertRaises(NotAllowed):
            restoring.restore(revision, by=a_user(), at=LATER)


class OneRow(TestCase):
    def test_comes_back_with_its_claim_and_evidence_and_leaves_the_rest(self):
        article = everything()
        revision = keep_revision(article, by=article.owner, at=NOON)
        row = revision.content["contraindications"][0]
        changed(article)
        before = freezing.freeze(article)

        restoring.restore_row(revision, row["uid"], by=article.owner, at=LATER)

        after = freezing.freeze(article)
        self.assertEqual(after["contraindications"], [row])
        self.assertEqual(after["title"], "Another title")
        self.assertEqual(
            {change.code for change in compare(before, after).changes},
            {"contraindications", "claims", "citations", "references"},
        )

    def test_may_be_a_picture(self):
        article = everything()
        revision = keep_revision(article, by=article.owner, at=NOON)
        changed(article)

        restoring.restore_row(revision, revision.content["pictures"][0]["uid"], by=article.owner, at=LATER)

        self.assertEqual(freezing.freeze(article)["pictures"], revision.content["pictures"])

    def test_that_was_never_there_is_refused(self):
        article = a_draft()
        revision = keep_revision(article, by=article.owner, at=NOON)

        with self.assertRaises(Refused):
            restoring.restore_row(revision, article.uid, by=article.owner, at=LATER)


class WhatCameBack(TestCase):
    def test_is_reviewed_again_though_it_was_live_once(self):
        first = published(a_draft())
        article = first.article
        article.refresh_from_db()
        article.summary = "Second."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, _ = reviewed(article, at=LATER)
        publishing.publish(revision, by=first.by, at=LATER)

        restoring.restore(first.revision, by=article.owner, at=LATER)

        self.assertEqual(digest_now(article), first.revision.digest)
        with self.assertRaisesMessage(NotReadyToPublish, "Nobody has approved this text yet"):
            publishing.publish(first.revision, by=first.by, at=LATER)
        self.assertEqual(Publication.objects.count(), 2)

    def test_is_not_approved_by_whoever_brought_it_back(self):
        first = published(a_draft())
        editor = an_editor()
        article = first.article
        article.refresh_from_db()
        mark(article, "may help some people", certainty="none")
        restoring.restore(first.revision, by=editor, at=LATER)

        self.assertIn("You edited this text", reviewing.may_not_approve(first.revision, editor))
        self.assertEqual(reviewing.may_not_approve(first.revision, a_clinician()), "")
