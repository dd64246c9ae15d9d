"""A newer version of a cited work: who learns of it, and how a draft comes to cite it."""

import json

from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles.drafts import newer_versions as drafts
from articles.live import newer_versions as live
from articles.models import Citation, Notification, ReadingListEntry, SafetyNotice
from articles.refusals import Refused
from articles.revisions import freezing
from references import adding, formats, importing, integrity, versions
from references.formats import FoundNotice, crossref
from references.models import Design, Notice, Reference
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    a_user,
    an_editor,
    link,
    mark,
    published,
    reviewed,
)

REVIEW = "10.1002/14651858.CD003523"
NEW = Notice.Kind.NEW_VERSION


def a_version(number, **fields):
    doi = REVIEW if number == 1 else f"{REVIEW}.pub{number}"
    csl = {"type": "article-journal", "title": "Exercise for knees", "DOI": doi}
    csl |= {"issued": {"date-parts": [[2000 + number]]}}
    return a_reference(csl=csl, doi=doi, design=Design.SYSTEMATIC_REVIEW, **fields)


def an_update(**fields):
    return FoundNotice(**{"kind": NEW, "doi": f"{REVIEW}.pub3", "source": "publisher", **fields})


def told_of(reference):
    return [notice.doi for notice in reference.notices.filter(kind=NEW)]


class ARecord(SimpleTestCase):
    def test_of_crossref_names_the_newer_version(self):
        update = {"type": "new_version", "DOI": "10.5555/b", "label": "New version"}
        record = crossref.record({"title": ["T"], "DOI": "10.5555/a", "updated-by": [update]})
        self.assertEqual([(each.kind, each.doi) for each in record.notices], [(NEW, "10.5555/b")])
        self.assertEqual(integrity.state_of(record.notices), "none_found")
        self.assertIsNone(integrity.what_a_record_says(record))

    def test_of_the_newer_version_is_no_notice(self):
        update = {"type": "new_version", "DOI": "10.5555/a"}
        record = crossref.record({"title": ["T"], "DOI": "10.5555/b", "update-to": [update]})
        self.assertEqual((record.integrity, record.notices), ("", ()))

    def test_is_not_the_newer_version_of_itself(self):
        update = {"type": "new_version", "DOI": "10.5555/A"}
        for field in ("updated-by", "update-to"):
            record = crossref.record({"title": ["T"], "DOI": "10.5555/a", field: [update]})
            self.assertEqual(record.notices, ())

    def test_of_pubmed_names_it_too(self):
        xml = (
            "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
            "<ArticleTitle>Knees.</ArticleTitle></Article><CommentsCorrectionsList>"
            '<CommentsCorrections RefType="UpdateIn"><RefSource>Cochrane Database Syst Rev. 2019;4:'
            "CD003523. doi: 10.1002/14651858.CD003523.pub3</RefSource><PMID>31000000</PMID>"
            "</CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
            "</PubmedArticleSet>"
        )
        medline = (
            "PMID- 1\nTI  - Knees.\nUIN - Cochrane Database Syst Rev. 2019;4:CD003523. doi:"
            " 10.1002/14651858.CD003523.pub3. PMID: 31000000\n"
        )
        for text in (xml, medline):
            (record,) = formats.read(text)
            (notice,) = record.notices
            self.assertEqual(
                (notice.kind, notice.doi, notice.pmid), (NEW, f"{REVIEW}.pub3", "31000000")
            )
            self.assertEqual(record.integrity, "")


class TheLibrary(TestCase):
    def test_sees_by_its_doi_that_it_has_a_newer_cochrane_review(self):
        first, second = a_version(1), a_version(2)
        ris = f"TY  - JOUR\nTI  - Exercise for knees, again\nDO  - {REVIEW}.pub4\nER  - \n"
        importing.import_file(ris.encode(), file_name="a.ris", by=None, at=NOON)
        newest = Reference.objects.get(doi_key=f"{REVIEW}.pub4".lower())
        for older in (first, second):
            self.assertEqual(told_of(older), [newest.doi])
            self.assertEqual(versions.newer_versions([older])[older.pk].reference, newest)
        self.assertEqual(versions.newer_versions([newest]), {})

    def test_sees_it_for_an_older_one_that_comes_later(self):
        newest = a_version(3)
        line = (
            f"Roe J. Exercise for knees. Cochrane Database Syst Rev. 2002;1:CD003523. doi:{REVIEW}"
        )
        older = adding.add_typed_line(line).reference
        self.assertEqual(told_of(older), [newest.doi])

    def test_sees_what_a_person_ties_in_the_form(self):
        older, newer = a_reference(), a_version(3)
        self.client.force_login(a_superuser())
        address = reverse("admin:references_reference_change", args=[newer.pk])
        form = self.client.get(address).context["adminform"].form
        values = {name: value for name, value in form.initial.items() if value is not None}
        values |= {"kind": "article-journal", "version_of": older.pk, "csl": json.dumps(newer.csl)}
        prefix = "notices-"
        values |= {f"{prefix}TOTAL_FORMS": 0, f"{prefix}INITIAL_FORMS": 0}
        answer = self.client.post(address, values)
        self.assertEqual(answer.status_code, 302, getattr(answer, "context", None))
        self.assertEqual(told_of(older), [newer.doi])

    def test_takes_no_other_review_for_a_version(self):
        other = a_reference(csl={"title": "Other"}, doi="10.1002/14651858.CD003524.pub9")
        older = a_version(2)
        versions.note_newer_versions([other, older], by=None, at=NOON)
        self.assertFalse(Notice.objects.exists())

    def test_believes_a_person_who_says_that_one_is_a_version_of_another(self):
        older, newer = a_reference(), a_reference()
        newer.version_of = older
        newer.save()
        versions.note_newer_versions([newer], by=None, at=NOON)
        self.assertEqual(versions.newer_versions([older])[older.pk].reference, newer)

    def test_shows_the_newest_and_none_that_was_retracted(self):
        older, third = a_version(2), a_version(3)
        notices = [an_update(), an_update(doi=f"{REVIEW}.pub4")]
        integrity.record_notices(older, notices, by=None, at=NOON)
        newest = versions.newer_versions([older])[older.pk]
        self.assertEqual((newest.doi, newest.reference), (f"{REVIEW}.pub4", None))
        fourth = a_version(4, integrity="retracted", integrity_checked_at=NOON)
        self.assertEqual(versions.newer_versions([older])[older.pk].reference, third)
        self.assertEqual(versions.newer_versions([fourth]), {})

    def test_tells_of_a_row_that_was_merged_by_what_it_became(self):
        kept, lost = a_version(2), a_reference()
        Reference.objects.filter(pk=lost.pk).update(merged_into=kept)
        integrity.record_notices(kept, [an_update()], by=None, at=NOON)
        found = versions.newer_versions_by_uid([kept.uid, lost.uid, a_reference().uid])
        self.assertEqual(set(found), {str(kept.uid), str(lost.uid)})

    def test_asks_nothing_of_the_database_for_ordinary_works(self):
        rows = [a_reference(), a_reference(doi="10.5555/x")]
        with self.assertNumQueries(0):
            versions.note_newer_versions(rows, by=None, at=NOON)

    def test_keeps_the_state_of_a_work_that_came_out_again(self):
        reference = a_version(2)
        integrity.record_notices(reference, [an_update()], by=None, at=NOON, is_checked=False)
        reference.refresh_from_db()
        self.assertEqual(reference.integrity, "unchecked")
        integrity.update_after_edit(reference, [], by=an_editor(), at=NOON)
        reference.refresh_from_db()
        self.assertEqual(reference.integrity, "unchecked")


class APageThatCitesAnOlderVersion(TestCase):
    ON_THE_DESK = "There is a newer version of a source of the draft."

    def setUp(self):
        self.older = a_version(2)
        article = a_draft(body="<p>Sentence one says something.</p>")
        link(mark(article, "Sentence one says something"), self.older, by=article.owner)
        self.publication = published(article)
        self.article = self.publication.article

    def tell(self, reference=None):
        reference = reference or self.older
        integrity.record_notices(reference, [an_update()], by=None, at=LATER, is_checked=False)

    def test_says_so_in_its_list_of_sources_and_keeps_its_text(self):
        digest = self.publication.revision.digest
        address = self.publication.get_absolute_url()
        words = "There is a newer version of this review."
        self.assertNotContains(self.client.get(address), words)
        self.tell()
        self.assertContains(
            self.client.get(address),
            f'<a href="https://doi.org/{REVIEW}.pub3">{words}</a>',
            count=1,
        )
        self.assertContains(self.client.get(f"/references/{self.older.uid}/"), words)
        self.assertEqual(freezing.freeze(self.article), self.publication.revision.content)
        self.publication.revision.refresh_from_db()
        self.assertEqual(self.publication.revision.digest, digest)

    def test_speaks_of_a_guideline_or_a_work_by_its_kind(self):
        self.tell()
        entry = dict(self.publication.revision.content["references"][0], uid=str(self.older.uid))
        for design, word in (("guideline", "guideline"), ("rct", "work"), ("", "work")):
            lines = live.lines_by_uid([{**entry, "design": design}])
            self.assertEqual(
                str(lines[entry["uid"]].words), f"There is a newer version of this {word}."
            )

    def test_gets_no_safety_notice_and_loses_no_check(self):
        checked = Citation.objects.exclude(checked_by=None).count()
        self.tell()
        self.assertFalse(SafetyNotice.objects.exists())
        self.assertEqual(Citation.objects.exclude(checked_by=None).count(), checked)

    def test_has_its_owner_told_once_and_reminded_on_the_desk(self):
        self.tell()
        self.tell()
        texts = Notification.objects.filter(recipient=self.article.owner).values_list(
            "text", flat=True
        )
        about = [text for text in texts if "newer version" in text]
        self.assertEqual(len(about), 1)
        self.client.force_login(self.article.owner)
        self.assertContains(self.client.get("/admin/"), self.ON_THE_DESK)
        address = reverse("admin:articles_newer_version", args=[self.older.pk])
        impacts = self.client.get(reverse("admin:articles_impact_list"))
        self.assertContains(impacts, reverse("admin:articles_impact", args=[self.older.pk]))
        impact = self.client.get(reverse("admin:articles_impact", args=[self.older.pk]))
        self.assertContains(impact, address)

    def test_leads_from_the_reference_to_the_comparison(self):
        self.tell()
        self.client.force_login(a_superuser())
        change = reverse("admin:references_reference_change", args=[self.older.pk])
        address = reverse("admin:articles_newer_version", args=[self.older.pk])
        self.assertContains(self.client.get(change), f'href="{address}"')
        page = self.client.get(address)
        self.assertContains(page, "Look it up and add it")
        self.assertContains(page, f'value="{REVIEW}.pub3"')
        newer = a_version(3)
        page = self.client.get(address)
        self.assertContains(page, "Move the citations over")
        self.assertContains(page, newer.doi)
        self.assertContains(page, "“Sentence one says something”")

    def test_is_moved_over_in_the_draft_alone(self):
        self.tell()
        newer = a_version(3)
        self.client.force_login(self.article.owner)
        address = reverse("admin:articles_newer_version", args=[self.older.pk])
        none = self.client.post(address, {}, follow=True)
        self.assertContains(none, "Choose at least one draft.")
        answer = self.client.post(address, {"article": [self.article.pk]}, follow=True)
        self.assertContains(answer, "cites the newer version now")
        self.assertContains(answer, "No draft cites the older one.")
        citation = Citation.objects.get(claim__article=self.article, reference=newer)
        self.assertIsNone(citation.checked_by)
        self.assertIn("Moved here from", citation.note_private)
        live_text = self.client.get(self.publication.get_absolute_url()).content.decode()
        self.assertIn(f"{REVIEW}.pub2", live_text)
        self.assertFalse(Citation.objects.filter(reference=self.older).exists())
        self.client.force_login(self.article.owner)
        self.assertNotContains(self.client.get("/admin/"), self.ON_THE_DESK)


class MovingCitations(TestCase):
    def setUp(self):
        self.older, self.newer = a_version(2), a_version(3)
        self.article = a_draft(body="<p>Sentence one says something.</p>")
        self.claim = mark(self.article, "Sentence one says something")

    def move(self, by=None):
        by = by or self.article.owner
        return drafts.move_citations(self.older, self.newer, [self.article], by=by, at=LATER)

    def test_makes_one_of_two_that_say_the_same(self):
        link(self.claim, self.older, by=self.article.owner, quote="It helps.")
        link(self.claim, self.newer, by=self.article.owner)
        self.assertEqual(self.move(), [self.article])
        citation = Citation.objects.get(claim=self.claim)
        self.assertEqual((citation.reference, citation.quote), (self.newer, "It helps."))

    def test_moves_the_reading_list_along(self):
        ReadingListEntry.objects.create(article=self.article, reference=self.older)
        self.assertEqual(self.move(), [self.article])
        self.assertEqual(self.article.reading_entries.get().reference, self.newer)
        self.assertEqual(self.move(), [])

    def test_lists_no_work_twice(self):
        for reference in (self.older, self.newer):
            ReadingListEntry.objects.create(article=self.article, reference=reference)
        self.move()
        self.assertEqual(self.article.reading_entries.get().reference, self.newer)

    def test_is_an_edit_that_a_second_person_must_see(self):
        link(self.claim, self.older, by=self.article.owner)
        reviewed(self.article)
        before = self.article.lock_version
        self.move()
        self.article.refresh_from_db()
        self.assertGreater(self.article.lock_version, before)

    def test_is_for_people_who_write_articles(self):
        link(self.claim, self.older, by=self.article.owner)
        with self.assertRaises(Refused):
            self.move(by=a_user())
        self.assertTrue(self.move(by=a_clinician()))
