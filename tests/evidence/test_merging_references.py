"""Two references made one: nothing lost, and undone exactly."""

from django.core import serializers
from django.test import TestCase

from articles.models import Article, AuditEntry, Citation, ReadingListEntry, SafetyNotice, Stance
from references import adding, changes, merging
from references.models import Identity, Integrity, Merge, Notice, Reference, SourceRecord
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    link,
    mark,
    published,
)


def everything():
    """All that merging may touch, to the last microsecond."""
    models = (Reference, Citation, ReadingListEntry, Notice, SourceRecord)
    skipped = {Reference: {"modified_at"}}
    return {
        model: [
            {name: value for name, value in row.items() if name not in skipped.get(model, ())}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


class TwoReferences(TestCase):
    def setUp(self):
        self.by = an_editor()
        self.keep = a_reference()
        self.lose = a_reference(
            pmid="1234567", url="https://example.org/", raw="as it came in", payload={"a": 1}
        )

    def merge(self):
        return merging.merge(self.keep, self.lose, by=self.by, at=NOON)

    def test_become_one_that_answers_to_both_uids(self):
        self.merge()
        self.assertEqual(merging.by_uid(self.lose.uid), self.keep)
        self.assertEqual(merging.by_uid(self.keep.uid), self.keep)
        self.assertEqual(merging.uids_of(self.keep), {self.keep.uid, self.lose.uid})
        self.assertEqual(list(Reference.objects.current()), [self.keep])

    def test_lose_no_raw_record_and_no_payload(self):
        self.merge()
        self.lose.refresh_from_db()
        self.assertEqual((self.lose.raw, self.lose.payload), ("as it came in", {"a": 1}))
        self.assertEqual(self.keep.payload, {"a": 1})

    def test_give_the_kept_one_what_it_lacks_and_change_nothing_it_has(self):
        title, doi = self.keep.title, self.keep.doi
        self.merge()
        self.assertEqual(
            (self.keep.pmid, self.keep.csl["PMID"], self.keep.url),
            ("1234567", "1234567", "https://example.org/"),
        )
        self.assertEqual((self.keep.title, self.keep.doi), (title, doi))

    def test_leave_empty_what_a_person_emptied(self):
        self.keep.csl.pop("volume")
        self.keep.field_source = {"volume": "human"}
        self.keep.save()
        self.merge()
        self.assertNotIn("volume", self.keep.csl)

    def test_are_found_by_the_identifiers_of_either(self):
        self.merge()
        self.assertEqual(
            adding.add_typed_line(
                f"Osei A. {self.keep.title}. J Ex. 2020;7(1). doi:{self.lose.doi}"
            ).reference,
            self.keep,
        )
        self.assertEqual(
            adding.add_typed_line(
                f"Osei A. {self.keep.title}. J Ex. 2020;7(1). PMID: 1234567"
            ).reference,
            self.keep,
        )

    def test_keep_the_graver_state_and_all_notices_and_tell_of_them(self):
        Reference.objects.filter(pk=self.lose.pk).update(
            integrity=Integrity.RETRACTED, integrity_checked_at=NOON
        )
        Notice.objects.create(reference=self.lose, kind="retraction", source="publisher")
        heard = []

        def listener(sender, reference, notice, **kwargs):
            heard.append((reference.pk, reference.integrity, notice.kind))

        changes.notice_arrived.connect(listener)
        self.addCleanup(changes.notice_arrived.disconnect, listener)
        self.merge()
        self.assertEqual(
            (self.keep.integrity, self.keep.integrity_checked_at), (Integrity.RETRACTED, NOON)
        )
        self.assertEqual(self.keep.notices.count(), 1)
        self.assertEqual(heard, [(self.keep.pk, Integrity.RETRACTED, "retraction")])

    def test_saved_again_after_merging_keep_their_identifiers_apart(self):
        self.merge()
        self.lose.refresh_from_db()
        self.lose.save()
        self.lose.refresh_from_db()
        self.assertEqual((self.lose.pmid, self.lose.csl["PMID"]), (None, "1234567"))

    def test_that_were_merged_are_not_merged_again(self):
        self.merge()
        with self.assertRaisesMessage(merging.CannotMerge, "was merged already"):
            self.merge()
        with self.assertRaisesMessage(merging.CannotMerge, "one and the same"):
            merging.merge(self.keep, self.keep, by=self.by, at=NOON)

    def test_merged_in_a_chain_lead_to_the_last(self):
        last = a_reference()
        self.merge()
        second = merging.merge(last, self.keep, by=self.by, at=LATER)
        self.assertEqual(merging.by_uid(self.lose.uid), last)
        first = Merge.objects.get(lose=self.lose)
        with self.assertRaisesMessage(merging.CannotMerge, "Undo that merge first"):
            merging.unmerge(first, by=self.by, at=LATER)
        merging.unmerge(second, by=self.by, at=LATER)
        merging.unmerge(first, by=self.by, at=LATER)
        self.assertEqual(Reference.objects.current().count(), 3)


class EvidenceOnAMergedReference(TestCase):
    def setUp(self):
        self.by = an_editor()
        self.article = a_draft()
        self.claim = mark(self.article, "may suit some people")
        self.keep, self.lose = a_reference(), a_reference()

    def merge(self):
        return merging.merge(self.keep, self.lose, by=self.by, at=LATER)

    def test_moves_with_its_check(self):
        citation = link(
            self.claim, self.lose, by=self.article.owner, quote="It helped.", checked_by=self.by
        )
        done = self.merge()
        citation.refresh_from_db()
        self.assertEqual((citation.reference, citation.checked_by), (self.keep, self.by))
        self.assertEqual([entry["model"] for entry in done.moved["links"]], ["articles.Citation"])

    def test_that_says_the_same_of_one_claim_is_folded_without_losing_a_quote(self):
        kept = link(
            self.claim,
            self.keep,
            by=self.article.owner,
            quote="It helped.",
            checked_by=self.by,
            note_private="A",
        )
        link(
            self.claim,
            self.lose,
            quote="It helped a lot.",
            note_private="B",
            locator="9",
            population_match="same",
        )
        self.merge()
        kept.refresh_from_db()
        self.assertEqual(Citation.objects.filter(claim=self.claim).count(), 1)
        self.assertEqual(
            (kept.quote, kept.population_match, kept.checked_by), ("It helped.", "same", self.by)
        )
        self.assertEqual(kept.note_private, "A\nB\nAlso quoted: “It helped a lot.” (page 9)")

    def test_that_learns_how_sure_the_source_is_has_to_be_checked_again(self):
        kept = link(self.claim, self.keep, by=self.article.owner, checked_by=self.by)
        link(self.claim, self.lose, source_certainty="low", includes_retracted=True)
        self.merge()
        kept.refresh_from_db()
        self.assertEqual(
            (kept.source_certainty, kept.includes_retracted, kept.checked_by), ("low", True, None)
        )

    def test_whose_quote_came_from_the_other_has_to_be_checked_again(self):
        kept = link(self.claim, self.keep, by=self.article.owner, quote="", checked_by=self.by)
        link(self.claim, self.lose, quote="It helped a lot.")
        self.merge()
        kept.refresh_from_db()
        self.assertEqual(
            (kept.quote, kept.checked_by, kept.checked_at), ("It helped a lot.", None, None)
        )

    def test_of_another_stance_stands_beside_it(self):
        link(self.claim, self.keep)
        link(self.claim, self.lose, stance=Stance.MIXED, quote="Some did.")
        self.merge()
        self.assertEqual(Citation.objects.filter(claim=self.claim, reference=self.keep).count(), 2)

    def test_tells_the_audit_log_and_makes_open_forms_stale(self):
        link(self.claim, self.lose)
        version = Article.objects.get(pk=self.article.pk).lock_version
        self.merge()
        self.assertEqual(Article.objects.get(pk=self.article.pk).lock_version, version + 1)
        entries = AuditEntry.objects.filter(
            at=LATER, act=AuditEntry.Act.EDITED, actor_id=self.by.pk
        )
        self.assertEqual(
            {entry.subject_uid for entry in entries}, {self.article.uid, self.keep.uid}
        )
        self.assertTrue(all(str(self.lose.uid) in entry.summary for entry in entries))

    def test_leaves_a_published_page_and_its_safety_notice_as_they_are(self):
        link(self.claim, self.lose, quote="It helped.")
        publication = published(self.article)
        body = publication.revision.content
        notice = SafetyNotice.objects.create(
            article=self.article, reference=self.lose, text="A study was withdrawn.", opened_at=NOON
        )
        self.merge()
        notice.refresh_from_db()
        publication.revision.refresh_from_db()
        self.assertEqual((notice.reference, publication.revision.content), (self.lose, body))


class AMergeUndone(TestCase):
    def test_leaves_everything_exactly_as_it_was(self):
        by, article = an_editor(), a_draft()
        claim, other = mark(article, "may suit some people"), mark(article, "a thin needle")
        keep = a_reference()
        lose = a_reference(
            pmid="7654321",
            nct="NCT00000001",
            raw="raw",
            payload={"a": [1, None]},
            identity=Identity.UNRESOLVED,
        )
        Reference.objects.filter(pk=lose.pk).update(
            integrity=Integrity.CONCERN, integrity_checked_at=NOON
        )
        link(claim, keep, by=article.owner, checked_by=by)
        link(
            claim,
            lose,
            by=article.owner,
            quote="It helped.",
            locator="7",
            checked_by=by,
            effect={"n": 3},
        )
        link(other, lose, stance=Stance.MIXED, quote="Some did.")
        ReadingListEntry.objects.create(article=article, reference=keep, position=3)
        ReadingListEntry.objects.create(article=article, reference=lose, position=4)
        Notice.objects.create(reference=lose, kind="correction", source="publisher")
        a_reference(preprint_of=lose)
        before = everything()
        done = merging.merge(keep, lose, by=by, at=NOON)
        self.assertNotEqual(everything(), before)
        merging.unmerge(done, by=a_superuser(), at=LATER)
        self.assertEqual(everything(), before)
        again = merging.merge(keep, lose, by=by, at=LATER)
        merging.unmerge(again, by=by, at=LATER)
        self.assertEqual(everything(), before)

    def test_leaves_alone_what_people_changed_since(self):
        by, keep, lose = an_editor(), a_reference(), a_reference(url="https://example.org/")
        lose.csl["publisher"] = "Them"
        lose.save()
        done = merging.merge(keep, lose, by=by, at=NOON)
        keep.csl["title"], keep.url = "A better title", "https://example.com/better"
        keep.save()
        merging.unmerge(done, by=by, at=LATER)
        keep.refresh_from_db()
        self.assertEqual((keep.title, keep.url), ("A better title", "https://example.com/better"))
        self.assertNotIn("publisher", keep.csl)

    def test_is_undone_once(self):
        by = an_editor()
        done = merging.merge(a_reference(), a_reference(), by=by, at=NOON)
        merging.unmerge(done, by=by, at=LATER)
        with self.assertRaisesMessage(merging.CannotMerge, "undone already"):
            merging.unmerge(done, by=by, at=LATER)

    def test_of_a_preprint_and_its_article_restores_the_tie_between_them(self):
        by, keep = an_editor(), a_reference()
        lose = a_reference(preprint_of=keep)
        other = a_reference()
        Reference.objects.filter(pk=keep.pk).update(version_of=lose)
        Reference.objects.filter(pk=other.pk).update(preprint_of=lose)
        before = everything()
        done = merging.merge(keep, lose, by=by, at=NOON)
        keep.refresh_from_db()
        other.refresh_from_db()
        self.assertEqual((keep.version_of, other.preprint_of), (None, keep))
        merging.unmerge(done, by=by, at=LATER)
        self.assertEqual(everything(), before)


class EveryModelThatHangsOnAReference(TestCase):
    def test_either_moves_or_says_that_it_stays(self):
        moving = {relation.related_model._meta.label for relation in merging.relations_to_move()}
        self.assertGreaterEqual(
            moving,
            {
                "articles.Citation",
                "articles.ReadingListEntry",
                "references.Notice",
                "references.Reference",
            },
        )
        self.assertFalse(
            moving & {"articles.SafetyNotice", "references.Merge", "references.SourceRecord"}
        )

    def test_can_be_written_down_and_read_back(self):
        # What a merge keeps for undoing is JSON: every column has to survive it.
        reference = a_reference(pmid="1", payload={"a": 1})
        for row in serializers.deserialize("json", serializers.serialize("json", [reference])):
            self.assertEqual(row.object.csl, reference.csl)
