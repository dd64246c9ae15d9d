"""Importing files, merging side by side, checking in bulk, exporting, and what bad news
touches: in the admin.
"""

from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.live import source_notices
from physiohub import roles
from references import bulk_checking, importing, integrity, merging, possible_pairs, previewing
from references.formats.records import FoundNotice
from references.models import (
    BulkCheck,
    Distinct,
    Integrity,
    Merge,
    Notice,
    Reference,
    ReferenceImport,
)
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_user,
    an_editor,
    link,
    mark,
    published,
)
from tests.evidence.recordings import a_work, crossref_work, recorded
from tests.shared_data import shared

UPLOAD = "/admin/references/referenceimport/upload/"
LIST = "/admin/references/reference/"


def ris(number, title=None, doi=None):
    title, doi = title or f"A title of its own {number}", doi or f"10.5555/{number}"
    return f"TY  - JOUR\nTI  - {title}\nAU  - Gröbli, C\nPY  - 2019\nDO  - {doi}\nER  - \n\n"


def a_file(text, name="a.ris"):
    return SimpleUploadedFile(name, text.encode(), content_type="application/octet-stream")


def progress(upload):
    return reverse("admin:references_referenceimport_progress", args=[upload.pk])


class ALibrarian(TestCase):
    def setUp(self):
        self.librarian = a_user(roles.LIBRARIAN)
        self.client.force_login(self.librarian)

    def upload(self, *files, text=""):
        return self.client.post(UPLOAD, {"files": list(files), "text": text}, follow=True)

    def act(self, upload, act):
        return self.client.post(progress(upload), {"act": act}, follow=True)


class AnUpload(ALibrarian):
    def test_is_shown_before_anything_is_written(self):
        known = a_reference(
            csl={
                "type": "article-journal",
                "title": "A title of its own 1",
                "author": [{"family": "Gröbli", "given": "C"}],
                "DOI": "10.5555/1",
            }
        )
        a_reference(
            csl={
                "type": "article-journal",
                "title": "A title that two works carry",
                "DOI": "10.5555/other",
                "issued": {"date-parts": [[2019]]},
            }
        )
        text = (
            ris(1)
            + ris(2)
            + ris(2)
            + ris(3, title="A title that two works carry")
            + "TY  - JOUR\nER  - \n\n"
        )
        self.upload(a_file(text))
        upload = ReferenceImport.objects.get()
        answer = self.act(upload, "go_on")

        self.assertContains(answer, "Found 5: 1 new, 2 known already, 1 to compare, 1 refused.")
        self.assertContains(answer, str(known)[:20])
        self.assertContains(answer, "It has neither a title nor an identifier.")
        self.assertEqual(Reference.objects.count(), 2)

        answer = self.act(upload, "start")
        self.assertContains(answer, "Done. Found 5: 2 new, 2 known already, 1 refused.")
        self.assertEqual(Reference.objects.count(), 4)

    def test_takes_several_files_and_a_pasted_list(self):
        self.upload(a_file(ris(1)), a_file(ris(2), "b.ris"), text=ris(3))
        self.assertEqual(ReferenceImport.objects.count(), 3)
        for upload in ReferenceImport.objects.all():
            self.act(upload, "go_on")
            self.act(upload, "start")
        self.assertEqual(Reference.objects.count(), 3)

    def test_keeps_what_was_pasted_when_it_cannot_be_read(self):
        answer = self.upload(text="hello world")
        self.assertContains(answer, "holds no references we can read")
        self.assertContains(answer, "hello world")
        self.assertFalse(ReferenceImport.objects.exists())
        self.assertContains(self.upload(), "Choose a file, or paste the records.")

    def test_can_be_thrown_away(self):
        self.upload(a_file(ris(1)))
        self.act(ReferenceImport.objects.get(), "discard")
        self.assertFalse(ReferenceImport.objects.exists())

    def test_goes_on_by_slices_and_counts_each_record_once(self):
        self.upload(a_file("".join(map(ris, range(250)))))
        upload = ReferenceImport.objects.get()
        with mock.patch("references.admin.uploading.SLICE_SECONDS", -1):
            self.assertContains(self.act(upload, "go_on"), "Looked through 100 records so far")
            self.act(upload, "go_on")
            self.act(upload, "go_on")
            self.assertContains(self.act(upload, "go_on"), "Found 250: 250 new")
            self.assertContains(self.act(upload, "start"), "100 records taken so far")
            self.act(upload, "go_on")
            self.act(upload, "go_on")
            answer = self.act(upload, "go_on")
        self.assertContains(answer, "Done. Found 250: 250 new, 0 known already, 0 refused.")
        self.assertEqual(Reference.objects.count(), 250)

    def test_lets_nobody_import_twice_at_once(self):
        upload = importing.receive(
            "".join(map(ris, range(150))).encode(), file_name="a.ris", by=None, at=NOON
        )
        other = ReferenceImport.objects.get(pk=upload.pk)
        importing.import_upload(upload, until=lambda: True)
        importing.import_upload(other)
        other.refresh_from_db()
        self.assertEqual((other.found, other.state), (100, "running"))
        importing.import_upload(ReferenceImport.objects.get(pk=upload.pk))
        self.assertEqual(Reference.objects.count(), 150)

    def test_is_for_those_who_keep_the_library(self):
        upload = importing.receive(ris(1).encode(), file_name="a.ris", by=None, at=NOON)
        for user in (a_clinician(), a_user(is_staff=True)):
            self.client.force_login(user)
            self.assertEqual(self.client.get(UPLOAD).status_code, 403)
            self.assertEqual(self.client.post(progress(upload), {"act": "start"}).status_code, 403)
        self.assertFalse(Reference.objects.exists())

    def test_tells_everything_in_its_report_and_nothing_a_spreadsheet_would_run(self):
        text = "".join(map(ris, range(3))) + "TY  - JOUR\nER  - \n\n" * 60
        upload = importing.receive(
            text.encode(), file_name="=cmd|x.ris", by=self.librarian, at=NOON
        )
        importing.import_upload(upload)
        for suffix in ("csv", "txt"):
            answer = self.client.get(
                f"/admin/references/referenceimport/{upload.pk}/report.{suffix}"
            )
            told = answer.content.decode()
            self.assertEqual(told.count("It has neither a title nor an identifier."), 60)
            self.assertIn("attachment", answer["Content-Disposition"])
        csv = self.client.get(
            f"/admin/references/referenceimport/{upload.pk}/report.csv"
        ).content.decode()
        self.assertIn("\n'=cmd|x.ris,4,", csv.replace("\r", ""))

    def test_shows_nothing_of_a_file_as_html(self):
        self.upload(a_file(ris(1, title="<script>alert(1)</script> title"), "<img src=x>.ris"))
        answer = self.act(ReferenceImport.objects.get(), "go_on")
        self.assertNotContains(answer, "<script>alert")
        self.assertNotContains(answer, "<img src=x>")

    def test_counts_before_as_it_does_after_for_real_files(self):
        for path in sorted(shared("data", "references").rglob("*")):
            if path.suffix not in {".ris", ".bib", ".nbib"} or path.stat().st_size > 400_000:
                continue
            with self.subTest(file=path.name):
                upload = importing.receive(
                    path.read_bytes(), file_name=path.name, by=None, at=NOON, preview_first=True
                )
                counts = dict(previewing.preview_upload(upload)["counts"])
                importing.import_upload(upload)
                self.assertEqual(upload.refused, counts["refused"])
                self.assertEqual(upload.created, counts["new"] + counts["compare"])
                self.assertEqual(upload.merged, counts["known"])


class TheSearch(ALibrarian):
    def test_finds_names_without_accents_and_later_authors(self):
        wanted = a_reference(
            csl={"title": "Trigger", "author": [{"family": "Osei"}, {"family": "Gröbli"}]}
        )
        other = a_reference()
        for words in ("Grobli", "gröbli", "osei grobli", "Trigger"):
            answer = self.client.get(LIST, {"q": words})
            self.assertEqual(list(answer.context["cl"].queryset), [wanted], words)
        self.assertNotEqual(other, wanted)
        found = self.client.get(LIST + "find/", {"q": "Grobli"}).json()["references"]
        self.assertEqual([row["id"] for row in found], [wanted.pk])


class TwoThatMayBeOne(ALibrarian):
    def pair(self):
        csl = {
            "type": "article-journal",
            "title": "One work under two rows of the library",
            "volume": "3",
            "page": "7",
            "author": [{"family": "Osei"}],
            "issued": {"date-parts": [[2020]]},
        }
        return a_reference(csl=dict(csl)), a_reference(csl=dict(csl) | {"DOI": "10.5555/one"})

    def test_stand_in_the_queue_until_somebody_says_they_are_not(self):
        one, other = self.pair()
        queue = LIST + "duplicates/"
        self.assertContains(self.client.get(queue), "1 pair may be one work")
        self.client.post(LIST + "merge/", {"pk": [one.pk, other.pk], "act": "apart"})
        self.assertContains(self.client.get(queue), "No two references look like one work.")
        self.assertEqual(Distinct.objects.get().by, self.librarian)
        self.assertEqual(Reference.objects.filter(merged_into=None).count(), 2)

    def test_stand_side_by_side_with_what_differs_and_what_hangs_on_them(self):
        one, other = self.pair()
        article = a_draft()
        link(mark(article, "may suit"), other, by=article.owner)
        published(article)
        page = self.client.get(LIST + "merge/", {"pk": [one.pk, other.pk]})
        self.assertContains(page, "surely one work")
        self.assertEqual([line.name for line in page.context["lines"] if line.differs], ["DOI"])
        self.assertEqual(page.context["keep"], other.pk)
        self.assertContains(page, f'href="/articles/{article.slug}/"')

    def test_are_merged_with_one_click_and_stand_apart_with_another(self):
        one, other = self.pair()
        answer = self.client.post(
            LIST + "merge/",
            {"pk": [one.pk, other.pk], "keep": other.pk, "act": "merge"},
            follow=True,
        )
        self.assertContains(answer, "They are one reference now")
        one.refresh_from_db()
        self.assertEqual(one.merged_into, other)
        self.client.post(
            reverse("admin:references_reference_merged", args=[Merge.objects.get().pk])
        )
        one.refresh_from_db()
        self.assertIsNone(one.merged_into)

    def test_are_merged_all_or_none(self):
        one, other = self.pair()
        third = a_reference()
        merging.merge(a_reference(), third, by=self.librarian, at=NOON)
        answer = self.client.post(
            LIST + "merge/",
            {"pk": [one.pk, other.pk, third.pk], "keep": one.pk, "act": "merge"},
            follow=True,
        )
        self.assertContains(answer, "was merged already")
        other.refresh_from_db()
        self.assertIsNone(other.merged_into)

    def test_are_listed_with_as_many_questions_for_many_as_for_few(self):
        def queries():
            possible_pairs.compare_new()
            with CaptureQueriesContext(connection) as captured:
                answer = self.client.get(LIST + "duplicates/")
            return len(captured), answer.context["page"].paginator.count

        self.pair()
        few, count = queries()
        self.assertEqual(count, 1)
        for number in range(40):
            a_reference(csl={"title": f"A longer title that is here twice {number // 2}"})
        many, count = queries()
        self.assertEqual(count, 21)
        self.assertEqual(few, many)

    def test_are_listed_and_linked_for_those_who_may_merge(self):
        self.pair()
        self.assertContains(self.client.get(LIST), LIST + "duplicates/")
        self.assertContains(self.client.get(LIST + "duplicates/"), "1 pair may be one work")

    def test_are_tied_as_preprint_and_article_and_never_asked_about_again(self):
        preprint, article = self.pair()
        self.client.post(
            LIST + "merge/",
            {"pk": [preprint.pk, article.pk], "keep": article.pk, "act": "preprint"},
        )
        preprint.refresh_from_db()
        self.assertEqual((preprint.preprint_of, preprint.merged_into), (article, None))
        self.assertContains(self.client.get(LIST + "duplicates/"), "No two references look like")

    def test_with_one_doi_in_one_file_are_told_before_they_go_in(self):
        text = ris(1) + ris(2, title="A work of its own by somebody else", doi="10.5555/1").replace(
            "Gröbli", "Osei"
        )
        self.client.post(UPLOAD, {"files": [a_file(text)]}, follow=True)
        answer = self.client.post(
            progress(ReferenceImport.objects.get()), {"act": "go_on"}, follow=True
        )
        self.assertContains(answer, "It has the DOI of another work in this file")

    def test_are_a_click_away_from_the_report_of_an_import_and_counted_on_the_dashboard(self):
        text = ris(1) + ris(2, title="A work of its own by somebody else", doi="10.5555/1").replace(
            "Gröbli", "Osei"
        )
        self.client.post(UPLOAD, {"files": [a_file(text)]}, follow=True)
        upload = ReferenceImport.objects.get()
        for act in ("go_on", "start"):
            answer = self.client.post(progress(upload), {"act": act}, follow=True)
        first, second = Reference.objects.order_by("pk")
        self.assertContains(answer, f"merge/?pk={second.pk}&amp;pk={first.pk}")
        self.pair()
        possible_pairs.compare_new()
        self.assertContains(self.client.get("/admin/"), "1 pair")

    def test_are_for_those_who_may_change_references(self):
        one, other = self.pair()
        self.client.force_login(a_user(roles.ADMINISTRATOR))
        for address in (LIST + "duplicates/", f"{LIST}merge/?pk={one.pk}&pk={other.pk}"):
            self.assertEqual(self.client.get(address).status_code, 403)


class ABulkCheck(ALibrarian):
    def begin(self, *references):
        keys = [reference.pk for reference in references]
        return bulk_checking.begin(keys, by=self.librarian, at=NOON)

    @override_settings(LOOKUP="off")
    def test_says_so_when_the_network_is_off_and_changes_nothing(self):
        check = self.begin(a_reference(), a_reference())
        address = reverse("admin:references_bulkcheck_progress", args=[check.pk])
        answer = self.client.post(address, {"act": "go_on"}, follow=True)
        self.assertContains(answer, "This site looks nothing up")
        self.assertEqual(
            set(Reference.objects.values_list("integrity", flat=True)), {Integrity.UNCHECKED}
        )

    def test_counts_apart_what_could_not_be_checked(self):
        csl = {
            "title": "Needles for sore necks",
            "author": [{"family": "Osei"}],
            "DOI": "10.5555/needles.1",
            "issued": {"date-parts": [[2019]]},
        }
        check = self.begin(a_reference(csl=csl), a_reference(), a_reference())
        with recorded(crossref_work(a_work())):
            bulk_checking.check_remaining(check)
        self.assertEqual(
            (check.state, check.checked, check.unchecked), (BulkCheck.State.DONE, 1, 2)
        )

    def test_can_be_stopped_and_gone_on_with(self):
        check = self.begin(*(a_reference() for _ in range(3)))
        with recorded():
            bulk_checking.check_remaining(check, until=lambda: True)
            bulk_checking.stop(check)
            bulk_checking.check_remaining(check)
            self.assertEqual((check.place, check.state), (1, BulkCheck.State.STOPPED))
            bulk_checking.resume(check)
            bulk_checking.check_remaining(check)
        self.assertEqual((check.place, check.state), (3, BulkCheck.State.DONE))

    def test_stops_by_itself_when_nobody_answers(self):
        check = self.begin(*(a_reference() for _ in range(8)))
        with recorded():
            bulk_checking.check_remaining(check)
        self.assertEqual(
            (check.place, check.state), (bulk_checking.MAX_UNANSWERED, BulkCheck.State.STOPPED)
        )
        self.assertIn("Nobody answered", check.why)


class TheLibraryAsAFile(ALibrarian):
    def test_is_sent_whole_and_comes_back_as_the_same_rows(self):
        for title in ("<script>alert(1)</script>", "Gröbli {braces}", "Plain"):
            a_reference(
                csl={
                    "type": "article-journal",
                    "title": f"{title} and more words",
                    "author": [{"family": "O"}],
                }
            )
        rows = {row.pk: row.csl for row in Reference.objects.all()}
        for suffix in ("ris", "bib", "nbib", "json"):
            answer = self.client.get(f"{LIST}library.{suffix}")
            self.assertEqual(
                answer["Content-Disposition"], f'attachment; filename="library.{suffix}"'
            )
            self.assertEqual(answer["X-Records"], "3")
            report = importing.import_file(
                answer.getvalue(), file_name=f"x.{suffix}", by=None, at=NOON
            )
            self.assertEqual((report.created, report.merged), (0, 3), suffix)
            self.assertEqual({row.pk: row.csl for row in Reference.objects.all()}, rows)
        self.assertEqual(self.client.get(f"{LIST}library.exe").status_code, 404)

    def test_can_be_those_that_were_selected(self):
        one = a_reference()
        a_reference()
        answer = self.client.post(LIST, {"action": "export_ama", "_selected_action": [one.pk]})
        self.assertEqual(len(answer.getvalue().decode().strip().splitlines()), 1)

    def test_of_a_draft_is_for_those_who_see_it(self):
        article = a_draft()
        address = f"/admin/articles/article/{article.pk}/references.ris"
        self.assertEqual(self.client.get(address).content.count(b"TY  - "), 1)
        self.client.force_login(a_user(is_staff=True))
        self.assertEqual(self.client.get(address).status_code, 403)


class BadNewsAboutASource(TestCase):
    def setUp(self):
        self.reference = a_reference()
        self.article = a_draft()
        link(mark(self.article, "may suit some people"), self.reference, by=self.article.owner)
        published(self.article)
        integrity.record_notices(
            self.reference,
            [FoundNotice(Notice.Kind.RETRACTION, source="publisher")],
            by=None,
            at=LATER,
        )

    def test_is_listed_with_its_claims_pages_and_who_must_act(self):
        self.client.force_login(self.article.owner)
        answer = self.client.get("/admin/articles/safetynotice/impact/")
        address = reverse("admin:articles_impact", args=[self.reference.pk])
        self.assertContains(answer, address)
        page = self.client.get(address)
        self.assertContains(page, "“may suit some people”")
        self.assertContains(page, f'href="/articles/{self.article.slug}/"')
        self.assertContains(page, f"To act: {self.article.owner.get_full_name()}")
        self.assertContains(page, "Safety notice opened on")
        self.assertContains(page, "1 link waits for a second person.")
        self.assertNotContains(page, "Settle it")

    def test_is_shown_to_editors_and_owners_and_reached_from_their_desk(self):
        for user, is_theirs in (
            (an_editor(), True),
            (self.article.owner, True),
            (a_clinician(), False),
        ):
            self.client.force_login(user)
            answer = self.client.get("/admin/articles/safetynotice/impact/")
            self.assertEqual(
                list(answer.context["references"]), [self.reference] if is_theirs else []
            )
            check = self.assertContains if is_theirs else self.assertNotContains
            check(self.client.get("/admin/"), "/admin/articles/safetynotice/impact/")
        self.client.force_login(a_user(is_staff=True))
        self.assertEqual(self.client.get("/admin/articles/safetynotice/impact/").status_code, 403)

    def test_asks_as_many_questions_for_many_articles_as_for_two(self):
        for _ in range(6):
            other = a_draft()
            link(mark(other, "may suit some people"), self.reference, by=other.owner)
        with self.assertNumQueries(9):
            found = source_notices.reference_in_question(self.reference)
        self.assertEqual(len(found.articles), 7)
