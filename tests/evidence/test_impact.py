"""What a notice about a work does to the articles that cite it, the moment it arrives."""

import importlib
from datetime import date
from io import StringIO
from types import SimpleNamespace

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import TestCase

from articles import preflight
from articles.drafts import edits
from articles.live import source_notices
from articles.models import (
    AuditEntry,
    Citation,
    PublishedCitation,
    ReadingListEntry,
    SafetyNotice,
    triggers,
)
from articles.publishing import publishing
from articles.refusals import NotAllowed, NotReadyToPublish, Refused
from articles.review import reviewing
from references import integrity, merging
from references.formats.records import FoundNotice
from references.models import Integrity
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    link,
    mark,
    published,
    reviewed,
    with_condition,
)
from tests.shared_data import shared

RETRACTION = FoundNotice(
    "retraction", date(2026, 2, 1), "10.5555/notice", "", "publisher", "Retraction"
)
REINSTATEMENT = FoundNotice("reinstatement", date(2026, 2, 20), "10.5555/back", "", "publisher")
WORDS = "This study was taken back by its publisher. We no longer use it as proof."
ON_TOP = "One study behind this page was taken back."
CLAIM = "may suit some people"


def retract(reference, notice=RETRACTION, *more):
    return integrity.record_notices(reference, [notice, *more], by=None, at=LATER)


class ALivePage(TestCase):
    def setUp(self):
        self.reference = a_reference()
        self.article = a_draft()
        self.claim = mark(self.article, CLAIM)
        link(self.claim, self.reference, by=self.article.owner)
        edits.record_edit(self.article, by=self.article.owner, at=NOON)
        self.publication = published(self.article)

    def page(self):
        return self.client.get(self.publication.get_absolute_url()).content.decode()


class ARetraction(ALivePage):
    def test_that_arrives_by_file_marks_the_page_in_the_same_command_and_names_the_claims(self):
        self.reference.csl["DOI"] = self.reference.doi = "10.1016/S0140-6736(97)11096-0"
        self.reference.save()
        self.assertNotIn(WORDS, self.page())

        out = StringIO()
        sample = shared("data", "references", "expected", "retraction_watch_format_sample.csv")
        call_command("check_references", retraction_watch=sample, stdout=out)

        self.assertIn(WORDS, self.page())
        self.assertIn(f"Marked {self.publication.get_absolute_url()}: “{CLAIM}”.", out.getvalue())
        self.assertIn(f"Reopened in the draft “{self.article}”: “{CLAIM}”.", out.getvalue())
        notice = SafetyNotice.objects.get()
        self.assertEqual((notice.kind, notice.claim_keys), ("retracted_source", [self.claim.key]))
        for act in ("notice_opened", "reopened"):
            entry = AuditEntry.objects.get(act=act, subject_uid=self.article.uid)
            self.assertIn(CLAIM, entry.summary)
            self.assertEqual(entry.actor_name, "the site")

    def test_says_so_at_the_top_and_at_the_source(self):
        retract(self.reference)

        html = " ".join(self.page().split())
        # Once in the line on top, once where it says what that means.
        self.assertEqual((html.count(ON_TOP), html.count(WORDS)), (2, 1))
        self.assertLess(html.index(ON_TOP), html.index("<h1"))
        self.assertLess(html.index('role="doc-endnotes"'), html.index(WORDS))

    def test_is_passed_on_once_however_often_it_is_told(self):
        retract(self.reference)
        retract(self.reference)
        (row,) = self.reference.notices.all()
        self.reference.refresh_from_db()
        source_notices.apply_notice(self.reference, row, by=None, at=LATER)

        self.assertEqual(SafetyNotice.objects.count(), 1)
        self.assertEqual(AuditEntry.objects.filter(act="notice_opened").count(), 1)

    def test_reopens_the_claim_and_stops_the_next_publication(self):
        retract(self.reference)

        citation = Citation.objects.get(claim=self.claim)
        self.assertEqual((citation.checked_by, citation.checked_at), (None, None))
        codes = {finding.code for finding in preflight.blockers(self.article)}
        self.assertLessEqual(
            {"sources_still_stand", "evidence_is_checked_by_a_second_person"}, codes
        )
        self.article.title = "Another title"
        self.article.save()
        request = reviewing.submit(self.article, by=self.article.owner, at=LATER)
        with self.assertRaisesMessage(NotReadyToPublish, "is retracted"):
            publishing.publish(request.revision, by=self.publication.by, at=LATER)

    def test_leaves_other_articles_and_other_links_alone(self):
        other = published()
        retract(self.reference)

        self.assertFalse(SafetyNotice.objects.filter(article=other.article).exists())
        self.assertFalse(
            Citation.objects.filter(claim__article=other.article, checked_by=None).exists()
        )
        self.assertEqual(
            Citation.objects.filter(claim__article=self.article, checked_by=None).count(), 1
        )

    def test_reaches_the_page_of_a_row_that_was_merged(self):
        whole = a_reference()
        self.reference.merged_into = whole
        self.reference.save()

        retract(whole)

        html = " ".join(self.page().split())
        # Once in the line on top, once where it says what that means.
        self.assertEqual((html.count(ON_TOP), html.count(WORDS)), (2, 1))

    def test_is_said_once_when_two_rows_that_both_have_it_are_merged(self):
        whole = a_reference()
        retract(self.reference)
        retract(whole)

        merging.merge(whole, self.reference, by=a_superuser(), at=LATER)

        self.assertEqual(SafetyNotice.objects.count(), 1)
        html = " ".join(self.page().split())
        # Once in the line on top, once where it says what that means.
        self.assertEqual((html.count(ON_TOP), html.count(WORDS)), (2, 1))

    def test_does_not_change_what_was_approved(self):
        digest, frozen = self.publication.revision.digest, self.publication.revision.frozen
        retract(self.reference)
        self.publication.revision.refresh_from_db()
        self.assertEqual(
            (self.publication.revision.digest, self.publication.revision.frozen), (digest, frozen)
        )
        self.assertEqual(list(publishing.verify(self.publication)), [])

    def test_finds_its_pages_in_as_many_queries_whatever_else_is_live(self):
        self.reference.refresh_from_db()
        with self.assertNumQueries(4):
            source_notices.impact(self.reference)
        for _ in range(3):
            published()
        with self.assertNumQueries(4):
            found = source_notices.impact(self.reference)
        self.assertEqual([use.publication for use in found.live], [self.publication])

    def test_marks_nothing_once_the_page_is_withdrawn(self):
        publishing.withdraw(self.article, by=self.publication.by, at=NOON, reason="Out of date.")
        retract(self.reference)
        self.assertFalse(SafetyNotice.objects.exists())


class OtherNotices(ALivePage):
    def test_of_concern_mark_the_page_too(self):
        retract(self.reference, FoundNotice("expression_of_concern", None, "10.5555/e"))
        self.assertIn("Experts have doubts about this study.", self.page())
        self.assertEqual(SafetyNotice.objects.get().kind, "concern_source")

    def test_of_a_correction_reopen_the_claim_and_tell_readers_nothing(self):
        retract(self.reference, FoundNotice("correction", None, "10.5555/c"))
        self.assertFalse(SafetyNotice.objects.exists())
        self.assertTrue(Citation.objects.filter(claim=self.claim, checked_by=None).exists())

    def test_that_change_nothing_do_nothing(self):
        retract(self.reference, FoundNotice("other", None, "10.5555/o"))
        self.assertFalse(SafetyNotice.objects.exists())
        self.assertFalse(Citation.objects.filter(claim=self.claim, checked_by=None).exists())

    def test_of_a_retraction_already_lifted_mark_nothing(self):
        retract(self.reference, RETRACTION, REINSTATEMENT)
        self.assertFalse(SafetyNotice.objects.exists())

    def test_of_a_reinstatement_leave_settling_to_an_editor(self):
        retract(self.reference)
        (row,) = retract(self.reference, REINSTATEMENT)

        self.assertEqual(len(row.consequences), 1)
        self.assertIn("An editor can settle it.", row.consequences[0])
        notice = SafetyNotice.objects.get()
        self.assertIsNone(notice.resolved_at)
        with self.assertRaises(NotAllowed):
            source_notices.resolve(
                notice, by=a_clinician(), at=LATER, resolution="It stands again."
            )
        with self.assertRaises(Refused):
            source_notices.resolve(notice, by=an_editor(), at=LATER, resolution=" ")
        source_notices.resolve(
            notice, by=an_editor(), at=LATER, resolution="The publisher reinstated it."
        )
        self.assertNotIn(WORDS, self.page())
        self.assertTrue(
            AuditEntry.objects.filter(act="notice_resolved", subject_uid=self.article.uid).exists()
        )


class TheNextPublication(ALivePage):
    def republish(self):
        edits.match_claims_to_text(self.article)
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        revision, editor = reviewed(self.article, at=LATER)
        return publishing.publish(revision, by=editor, at=LATER)

    def test_settles_the_notice_when_it_no_longer_uses_the_source(self):
        retract(self.reference)
        Citation.objects.filter(reference=self.reference).delete()
        link(self.claim, a_reference(), by=self.article.owner)

        self.republish()

        notice = SafetyNotice.objects.get()
        self.assertEqual(
            (notice.resolved_at, notice.resolution), (LATER, "The page no longer uses this source.")
        )
        self.assertNotIn(WORDS, self.page())

    def test_carries_the_notice_when_it_cites_the_source_on_purpose(self):
        retract(self.reference)
        Citation.objects.filter(reference=self.reference).update(
            override_reason="To say that it was withdrawn."
        )

        self.republish()

        self.assertIsNone(SafetyNotice.objects.get().resolved_at)
        self.assertIn(WORDS, self.page())

    def test_is_marked_when_a_new_article_cites_a_source_in_doubt(self):
        doubtful = a_reference()
        integrity.record_notices(
            doubtful, [FoundNotice("expression_of_concern", None, "10.5555/e")], by=None, at=NOON
        )
        article = a_draft()
        row = with_condition(article)
        link(row.claim, doubtful, by=article.owner)
        edits.record_edit(article, by=article.owner, at=NOON)

        publication = published(article)

        notice = SafetyNotice.objects.get()
        self.assertEqual((notice.article, notice.claim_keys), (article, [row.claim.key]))
        self.assertContains(self.client.get(publication.get_absolute_url()), "Experts have doubts")


class TheIndexOfWhatIsCited(ALivePage):
    def test_holds_every_source_a_publication_names(self):
        named = {entry["uid"] for entry in self.publication.revision.content["references"]}
        indexed = self.publication.published_citations.values_list("reference_uid", flat=True)
        self.assertEqual(set(map(str, indexed)), named)

    def test_is_filled_for_publications_made_before_it(self):
        migration = importlib.import_module("articles.migrations.0006_fill_published_citations")
        indexed = PublishedCitation.objects.values_list("publication_id", "reference_uid")
        wanted = set(indexed)
        triggers.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {PublishedCitation._meta.db_table}")
        triggers.install(connection)

        for _ in range(2):
            migration.fill(apps, SimpleNamespace(connection=connection))

        self.assertEqual((set(indexed), len(indexed)), (wanted, len(wanted)))


class Impact(ALivePage):
    def test_is_this_paper_these_claims_these_live_pages_and_drafts(self):
        draft = a_draft()
        ReadingListEntry.objects.create(article=draft, reference=self.reference)

        found = source_notices.impact(self.reference)

        self.assertEqual(found.claims, [CLAIM])
        self.assertEqual([use.publication for use in found.live], [self.publication])
        self.assertEqual(
            {use.article: use.claims for use in found.drafts}, {self.article: [CLAIM], draft: []}
        )
        self.assertEqual(self.reference.integrity, Integrity.UNCHECKED)
