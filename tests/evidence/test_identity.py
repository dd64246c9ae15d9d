"""Whether a record describes the work its identifiers lead to, and what is made of what a
service says.
"""

from django.test import SimpleTestCase, TestCase

from articles.models import AuditEntry
from references import checking, identity
from references.lookup import crossref
from references.models import Identity, Integrity
from tests.builders import LATER, NOON, a_clinician, a_reference
from tests.evidence.recordings import (
    CROSSREF,
    a_work,
    an_article,
    crossref_knows_nothing,
    crossref_work,
    pubmed_article,
    recorded,
)

TYPED = {
    "type": "article-journal",
    "title": "Needles for sore necks",
    "author": [{"family": "Osei", "given": "A"}, {"family": "Lind", "given": "B"}],
    "container-title": "J Ex",
    "issued": {"date-parts": [[2019]]},
    "volume": "7",
    "issue": "2",
    "page": "11-9",
    "DOI": "10.5555/needles.1",
}


def typed(**changed):
    return {**TYPED, **changed}


class TwoRecords(SimpleTestCase):
    def same(self, ours, theirs):
        return identity.compare(ours, theirs).is_same

    def test_are_one_work_when_title_year_and_first_author_agree(self):
        theirs = crossref_csl = typed(
            title="Needles for <i>sore</i> necks.", author=[{"family": "OSEI", "given": "Ama"}]
        )
        self.assertTrue(self.same(TYPED, theirs))
        self.assertTrue(self.same(TYPED, typed(issued={"date-parts": [[2020, 1]]})))
        self.assertTrue(self.same(typed(title="Needles for sore neck"), crossref_csl))

    def test_are_not_when_one_of_them_does_not(self):
        for changed in (
            {"title": "Cupping for runners"},
            {"issued": {"date-parts": [[2021]]}},
            {"author": [{"family": "Lind", "given": "B"}]},
        ):
            with self.subTest(changed=changed):
                self.assertFalse(self.same(TYPED, typed(**changed)))

    def test_are_one_work_with_and_without_its_subtitle(self):
        long = "Trigger point dry needling for the treatment of pain: current perspectives"
        self.assertTrue(self.same(typed(title=long), typed(title=long.split(":")[0])))
        self.assertFalse(
            self.same(typed(title="Pain: a trial"), typed(title="Pain: a review of reviews"))
        )

    def test_are_one_work_however_a_particle_is_stored(self):
        theirs = typed(
            author=[{"family": "Berg", "non-dropping-particle": "van der", "given": "P"}]
        )
        self.assertTrue(self.same(typed(author=[{"family": "van der Berg", "given": "P"}]), theirs))

    def test_need_more_than_a_title(self):
        bare = {"title": TYPED["title"]}
        self.assertFalse(self.same(bare, TYPED))
        self.assertTrue(self.same(bare | {"issued": TYPED["issued"]}, TYPED))
        self.assertFalse(self.same({}, {}))
        self.assertFalse(
            self.same(
                {"title": "…", "issued": TYPED["issued"]}, {"title": "!", "issued": TYPED["issued"]}
            )
        )

    def test_are_surely_one_only_with_volume_or_page_besides(self):
        self.assertTrue(identity.is_certainly_same(TYPED, typed(volume="8")))
        self.assertTrue(identity.is_certainly_same(TYPED, typed(page="99", DOI="")))
        self.assertFalse(
            identity.is_certainly_same(TYPED, typed(volume="8", page="99", DOI="10.5555/other"))
        )
        self.assertFalse(identity.is_certainly_same(TYPED, typed(title="Needle for a sore neck")))


class AReferenceThatIsLookedUp(TestCase):
    def check(self, reference, *replies, **which):
        with recorded(*replies):
            return checking.check(reference, by=self.clinician, at=NOON, **which)

    def setUp(self):
        self.clinician = a_clinician()
        self.reference = a_reference(csl=dict(TYPED))

    def test_is_resolved_when_it_is_the_work_it_says_it_is(self):
        checked = self.check(self.reference, crossref_work(a_work()))

        self.assertTrue(checked.is_checked)
        self.assertIn("It is the work it says it is.", checked.sentence)
        self.reference.refresh_from_db()
        self.assertEqual(self.reference.identity, Identity.RESOLVED)
        self.assertEqual(self.reference.identity_checked_at, NOON)
        self.assertEqual(self.reference.integrity, Integrity.NONE_FOUND)
        self.assertEqual(self.reference.payload["DOI"], "10.5555/needles.1")
        self.assertEqual(self.reference.csl["container-title"], "J Ex")

    def test_is_a_mismatch_when_it_is_not_and_takes_none_of_the_others_notices(self):
        update = {"type": "retraction", "DOI": "10.5555/notice"}
        work = a_work(title=["Cupping for runners"], **{"updated-by": [update]})

        checked = self.check(self.reference, crossref_work(work))

        self.assertEqual(checked.reference.identity, Identity.MISMATCH)
        self.assertIn("belongs to another work: “Cupping for runners” (Crossref)", checked.sentence)
        self.assertEqual((checked.reference.integrity, checked.new), (Integrity.UNCHECKED, []))
        self.assertFalse(checked.reference.notices.exists())

    def test_stays_as_it_was_when_nobody_answers(self):
        for replies in ([], [crossref_knows_nothing("10.5555/needles.1")]):
            checked = self.check(self.reference, *replies)
            self.assertFalse(checked.is_checked)
            self.assertEqual(checked.reference.identity, Identity.UNRESOLVED)
            self.assertEqual(checked.reference.integrity, Integrity.UNCHECKED)
            self.assertIsNone(checked.reference.integrity_checked_at)

    def test_is_asked_about_under_all_its_identifiers(self):
        self.reference.pmid = "7654321"
        self.reference.save()

        one_of_two = self.check(self.reference, crossref_work(a_work()))
        self.assertEqual(one_of_two.reference.integrity, Integrity.UNCHECKED)
        self.assertIn("PubMed cannot be reached", one_of_two.sentence)

        both = self.check(
            self.reference, crossref_work(a_work()), pubmed_article("7654321", an_article())
        )
        self.assertTrue(both.is_checked)
        self.assertEqual(both.reference.integrity, Integrity.NONE_FOUND)

    def test_is_left_alone_where_a_person_compared_it(self):
        identity.verify(self.reference, by=self.clinician, at=NOON)

        checked = self.check(self.reference, crossref_work(a_work(title=["Cupping for runners"])))

        self.assertEqual(checked.reference.identity, Identity.VERIFIED)
        self.assertEqual(checked.reference.identity_checked_by, self.clinician)

    def test_is_not_given_an_answer_about_another_identifier(self):
        stale = type(self.reference).objects.get(pk=self.reference.pk)
        self.reference.doi = "10.5555/other"
        self.reference.save()

        checked = self.check(stale, crossref_work(a_work()))

        self.assertIn("changed while it was looked up", checked.sentence)
        self.assertEqual(checked.reference.identity, Identity.UNRESOLVED)

    def test_without_identifier_is_offered_what_it_may_be(self):
        csl = {name: value for name, value in TYPED.items() if name != "DOI"}
        reference = a_reference(csl=csl)
        query = (
            "query.bibliographic=Needles+for+sore+necks+Osei+2019&rows=8&select="
            + crossref._SELECTED_FIELDS
        )
        items = [
            a_work(title=["Cupping"]),
            a_work(DOI="10.5555/preprint", volume="", page=""),
            a_work(),
        ]

        checked = self.check(
            reference, {"url": f"{CROSSREF}?{query}", "body": {"message": {"items": items}}}
        )

        offered = [record.csl["DOI"] for record in checked.suggestions]
        self.assertEqual(offered, ["10.5555/needles.1", "10.5555/preprint"])
        self.assertEqual(checked.reference.identity, Identity.NO_IDENTIFIER)
        self.assertEqual(checked.reference.doi, "")
        self.assertFalse(checked.is_checked)

    def test_can_be_asked_one_question_only(self):
        self.check(self.reference, crossref_work(a_work()), of_identity=False)
        self.reference.refresh_from_db()
        self.assertEqual(
            (self.reference.identity, self.reference.integrity), ("unresolved", "none_found")
        )


class WhatAServiceSaysDifferently(TestCase):
    def setUp(self):
        self.reference = a_reference(
            csl=typed(volume="8", page="11-19"), field_source={"volume": "human"}
        )
        self.reference.payload = a_work()
        self.reference.save()

    def test_is_offered_field_by_field(self):
        found = {
            difference.field: difference for difference in identity.differences(self.reference)
        }

        self.assertEqual(set(found), {"container-title", "volume"})
        self.assertEqual((found["volume"].ours, found["volume"].theirs), ("8", "7"))
        self.assertEqual((found["volume"].source, found["volume"].is_human), ("Crossref", True))
        self.assertFalse(found["container-title"].is_human)

    def test_is_not_the_same_thing_written_otherwise(self):
        work = a_work(
            title=["Needles for <b>sore</b> necks"],
            page="11–9",
            **{"short-container-title": ["J. Ex."]},
        )
        self.reference.csl["volume"] = "7"
        self.reference.payload = work
        self.assertEqual(identity.differences(self.reference), [])

    def test_may_come_from_pubmed(self):
        self.reference.payload = {
            "format": "pubmed_xml",
            "xml": an_article(title="Needles for very sore necks"),
        }
        found = {
            difference.field: difference.source
            for difference in identity.differences(self.reference)
        }
        self.assertEqual(found, {"title": "PubMed", "author": "PubMed", "volume": "PubMed"})

    def test_is_taken_when_a_person_accepts_it_and_only_then(self):
        clinician = a_clinician()

        identity.accept(self.reference, "volume", by=clinician, at=LATER)
        identity.accept(self.reference, "title", by=clinician, at=LATER)

        self.reference.refresh_from_db()
        self.assertEqual((self.reference.volume, self.reference.csl["volume"]), ("7", "7"))
        self.assertEqual(self.reference.field_source["volume"], "crossref")
        self.assertEqual(self.reference.csl["container-title"], "J Ex")
        entry = AuditEntry.objects.get(subject_uid=self.reference.uid)
        self.assertEqual(entry.summary, "Took from Crossref: volume, “7” instead of “8”.")

    def test_is_nothing_when_nothing_was_looked_up(self):
        for payload in (
            None,
            {},
            [],
            {"format": "pubmed_xml", "xml": "<"},
            {"format": "pubmed_xml"},
        ):
            self.reference.payload = payload
            self.assertEqual(identity.differences(self.reference), [])
