"""What a title says became of the work, in every format; and titles that only look like it."""

import json

from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from physiohub import roles
from references import adding, formats, importing, integrity, previewing, title_marks, typed_lines
from references.formats import crossref
from references.models import Reference, ReferenceImport
from tests.builders import NOON, a_user
from tests.shared_data import shared

#: (as it is written, title, state)
MARKED = [
    ("RETRACTED: Heat", "Heat", "retracted"),
    ("Retracted: Heat", "Heat", "retracted"),
    ("RETRACTED ARTICLE: Heat", "Heat", "retracted"),
    ("Retracted Article: Heat", "Heat", "retracted"),
    ("RETRACTED CHAPTER: Heat", "Heat", "retracted"),
    ("[Retracted] Heat", "Heat", "retracted"),
    ("[RETRACTED ARTICLE] Heat", "Heat", "retracted"),
    ("<b>RETRACTED:</b> Heat", "Heat", "retracted"),
    ("RETRACTED: <i>E. coli</i>", "<i>E. coli</i>", "retracted"),
    ("Heat [Retracted]", "Heat", "retracted"),
    ("Heat (RETRACTED)", "Heat", "retracted"),
    ("Heat - RETRACTED", "Heat", "retracted"),
    ("Heat (Retracted article. See vol. 3, pg. 1, 2012)", "Heat", "retracted"),
    ("Heat (Retracted Article. See vol 3(2), pg 1, 2012)", "Heat", "retracted"),
    ("RETRACTED ARTICLE: Heat (Retracted article. See vol. 3, pg. 1, 2012)", "Heat", "retracted"),
    ("WITHDRAWN: Heat", "Heat", "withdrawn"),
    ("Withdrawn: Heat", "Heat", "withdrawn"),
    ("[Withdrawn] Heat", "Heat", "withdrawn"),
    ("REMOVED: Heat", "Heat", "withdrawn"),
    ("TEMPORARY REMOVAL: Heat", "Heat", "withdrawn"),
    ("Heat (Withdrawn paper. See vol 3, pg 1, 2012)", "Heat", "withdrawn"),
    ("Heat (Expression of Concern. See vol. 3, pg. 1, 2012)", "Heat", "concern"),
    ("Heat (Expression of concern)", "Heat", "concern"),
    ("Heat [published erratum appears in Lancet 1999;1:2]", "Heat", "corrected"),
]
NOTICES = [
    "Retraction: Heat",
    "RETRACTION: Heat",
    "Retraction",
    "Retraction note to: Heat",
    "Retraction Note to “Heat”",
    'Retraction notice to "Heat" [J Test 2001]',
    "Retraction of “Heat”",
    "Retraction for Smith et al., Heat",
    "Partial retraction: Heat",
    "Notice of Retraction and Replacement: Heat",
    "Statement of Retraction: Heat",
    "[Retraction] Heat",
    "Heat (Retraction of Vol 3, Pg 1, 2012)",
    "Expression of concern: Heat",
    "Editorial Expression of Concern: Heat",
    "Expression of Concern for “Heat”",
    "Correction: Heat",
    "Correction to: Heat",
    "Author Correction: Heat",
    "Publisher’s Correction: Heat",
    "Erratum",
    "Erratum to: Heat",
    "Erratum to Heat and cold",
    "Corrigendum: Heat",
    "Heat (vol 12, pg 34, 2010)",
]
ORDINARY = [
    "Retraction of the scapula in swimmers",
    "Retraction and protraction of the shoulder girdle: a review",
    "Retraction exercises: which are best?",
    "Retraction in scapular dyskinesis: a review",
    "Retraction-induced brain injury",
    "A retraction: the story",
    "Correction of posture",
    "Correction to leg length measurement",
    "Correction for multiple testing in trials",
    "Correction in scoliosis: a cohort",
    "Corrective exercise: a trial",
    "Withdrawal of opioids",
    "Withdrawal: a clinical syndrome",
    "Withdrawn patients: a cohort",
    "Withdrawn or lost to follow-up: what to do",
    "retracted: a word",
    "RETRACTED:",
    "Retracted eardrums in children",
    "Scapula position (protracted or retracted)",
    "Nonlinear processes fostering a North Pacific jet retraction",
    "Errata in medical publications",
    "Retraction notices in medical journals: a study",
    "Expressions of concern in nursing journals",
    "Expression of concern among nurses",
    "The effect of expression of concern (a survey)",
    "Splints for clubfoot (vol 2)",
]


class AMarkInATitle(SimpleTestCase):
    def test_is_taken_off_and_read(self):
        for written, title, state in MARKED:
            with self.subTest(written):
                self.assertEqual(title_marks.read(written), title_marks.MarkedTitle(title, state))

    def test_may_say_that_the_record_is_the_notice_which_keeps_its_title(self):
        for title in NOTICES:
            with self.subTest(title):
                self.assertEqual(title_marks.read(title), title_marks.MarkedTitle(title, "notice"))

    def test_is_no_mark_where_it_is_a_word(self):
        for title in ORDINARY:
            with self.subTest(title):
                self.assertEqual(title_marks.read(title), title_marks.MarkedTitle(title, ""))

    def test_that_we_write_is_read_and_taken_off(self):
        for state in ("retracted", "withdrawn", "concern"):
            marked = title_marks.mark("Heat and knees", state)
            self.assertEqual(
                title_marks.read(marked), title_marks.MarkedTitle("Heat and knees", state)
            )
            self.assertEqual(title_marks.unmark(marked, state), "Heat and knees")


def _files(title):
    """The work in each format that is read, with `title`; the year and place are the same."""
    return {
        "ris": f"TY  - JOUR\nTI  - {title}\nAU  - Roe, J\nPY  - 2011\nER  - \n",
        "nbib": f"PMID- 34000001\nTI  - {title}.\nFAU - Roe, J\nPT  - Journal Article\n",
        "bibtex": f"@article{{roe, title = {{{title}}}, author = {{Roe, J}}, year = 2011}}",
        "csl": json.dumps([{"type": "article-journal", "title": title}]),
        "crossref": json.dumps({"message": {"title": [title], "type": "journal-article"}}),
        "pubmed_xml": (
            "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>34000001</PMID><Article>"
            f"<ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
            "</PubmedArticleSet>"
        ),
        "paste": f"1. Roe J. {title}. J Test. 2011;4(1):1-9.\n2. Poe B. Cold. J Test. 2012;5:1.",
    }


class AMarkedWork(SimpleTestCase):
    def test_is_known_as_such_in_every_format(self):
        for written, title, state in (
            ("RETRACTED ARTICLE: Heat and knees", "Heat and knees", "retracted"),
            ("[Retracted] Heat and knees", "Heat and knees", "retracted"),
            ("WITHDRAWN: Heat and knees", "Heat and knees", "withdrawn"),
            ("Retraction: Heat and knees", "Retraction: Heat and knees", "notice"),
            ("Correction to: Heat and knees", "Correction to: Heat and knees", "notice"),
            ("Retraction of the scapula", "Retraction of the scapula", ""),
        ):
            for kind, text in _files(written).items():
                with self.subTest(kind, title=written):
                    record = next(formats.read(text, as_format=kind))
                    self.assertEqual((record.csl["title"], record.integrity), (title, state))

    def test_says_that_the_mark_was_taken_off(self):
        for kind, text in _files("WITHDRAWN: Heat and knees").items():
            with self.subTest(kind):
                self.assertIn("retracted-prefix", next(formats.read(text, as_format=kind)).repairs)

    def test_counts_what_the_record_says_more_than_a_title_like_that_of_a_notice(self):
        work = {"title": ["Correction: a way to walk"], "DOI": "10.5555/a"}
        notice = {"type": "retraction", "DOI": "10.5555/n"}
        record = crossref.record(work | {"updated-by": [notice]})
        self.assertEqual(record.integrity, "")

    def test_is_known_as_such_in_one_typed_line(self):
        typed = typed_lines.parse("Roe J. WITHDRAWN: Heat and knees. J Test. 2011;4(1):1-9.")
        self.assertEqual((typed.csl["title"], typed.integrity), ("Heat and knees", "withdrawn"))


class ATypedLineOfAMarkedWork(TestCase):
    LINE = "Roe J. {}Heat and knees. J Test. 2011;4(1):1-9. doi:10.5555/heat"

    def test_is_added_as_retracted(self):
        reference = adding.add_typed_line(self.LINE.format("RETRACTED: ")).reference
        self.assertEqual((reference.title, reference.integrity), ("Heat and knees", "retracted"))
        self.assertEqual(reference.notices.get().kind, "retraction")

    def test_marks_the_work_that_the_library_has(self):
        known = adding.add_typed_line(self.LINE.format("")).reference
        self.assertEqual(known.integrity, "unchecked")
        again = adding.add_typed_line(self.LINE.format("RETRACTED: ")).reference
        self.assertEqual((again.pk, again.integrity), (known.pk, "retracted"))

    def test_of_fields_is_added_as_retracted_too(self):
        csl = {"type": "article-journal", "title": "RETRACTED: Heat and knees"}
        reference = adding.add_record(csl, "Heat").reference
        self.assertEqual((reference.title, reference.integrity), ("Heat and knees", "retracted"))


class TheSampleOfMarks(TestCase):
    @classmethod
    def setUpTestData(cls):
        folder = shared("data", "references", "faults")
        cls.expected = json.loads((folder / "expected.json").read_text())[
            "09-ris-retraction-marks.ris"
        ]
        cls.data = (folder / "09-ris-retraction-marks.ris").read_bytes()

    def test_goes_into_the_library_as_it_is(self):
        report = importing.import_file(self.data, file_name="marks.ris", by=None, at=NOON)
        rows = list(Reference.objects.order_by("pk"))
        self.assertEqual([row.integrity for row in rows], self.expected["integrity"])
        self.assertEqual([row.title for row in rows][:4], self.expected["titles_first_four"])
        self.assertEqual([one.state for one in report.marked], self.expected["integrity"])

    def test_is_named_in_the_preview_and_in_the_report(self):
        upload = importing.receive(
            self.data, file_name="marks.ris", by=None, at=NOON, preview_first=True
        )
        preview = previewing.preview_upload(upload)
        self.assertEqual([row["state"] for row in preview["marked"]], self.expected["integrity"])
        self.assertIn("Magnets and knees in adults", preview["marked"][0]["text"])
        upload.refresh_from_db()
        self.assertEqual(upload.state, ReferenceImport.State.WAITING)
        report = importing.import_upload(upload)
        self.assertEqual([row["state"] for row in report["marked"]], self.expected["integrity"])


class TheImportPage(TestCase):
    def test_names_the_works_in_question_first_the_gravest_ahead(self):
        text = (
            "TY  - JOUR\nTI  - Rest (Expression of concern)\nER  - \n"
            + _files("RETRACTED: Ice")["ris"]
        )
        upload = importing.receive(
            text.encode(), file_name="a.ris", by=None, at=NOON, preview_first=True
        )
        previewing.preview_upload(upload)
        self.client.force_login(a_user(roles.LIBRARIAN))
        address = reverse("admin:references_referenceimport_progress", args=[upload.pk])
        before = self.client.get(address)
        after = self.client.post(address, {"act": "start"}, follow=True)
        for page in (before, after):
            words = page.content.decode()
            places = [
                words.index(text)
                for text in ("Retracted, doubted or corrected", "Ice.", "Rest.", 'class="acts"')
            ]
            self.assertEqual(places, sorted(places))
        report = reverse("admin:references_referenceimport_report", args=[upload.pk, "txt"])
        lines = self.client.get(report).content.decode().splitlines()
        self.assertEqual(
            "a.ris, record 2, line 4: retracted: Roe J. Ice. Published online 2011.", lines[1]
        )


class ARecordThatSaysNothing(SimpleTestCase):
    def test_is_not_named(self):
        (record,) = formats.read("TY  - JOUR\nTI  - One\nER  - \n")
        self.assertIsNone(integrity.what_a_record_says(record))
