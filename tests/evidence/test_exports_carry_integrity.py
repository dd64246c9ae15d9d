"""What the library knows of a work goes out with it, in every kind of file, and comes back."""

import json
from datetime import date, timedelta
from itertools import cycle, islice, product

from django.test import SimpleTestCase, TestCase

from references import exporting, formats, importing
from references.formats import Facts, FoundNotice
from references.models import Design, Integrity, Notice, Reference
from tests.builders import LATER, NOON
from tests.shared_data import shared

WRITTEN = ("csl", "ris", "bibtex", "nbib")
LISTS = ("ama", "nlm")
Kind = Notice.Kind

#: Notices by what they make of the work.
NOTICES = {
    Integrity.CORRECTED: [FoundNotice(Kind.CORRECTION, date(2016, 2, 1), "10.5555/c.1")],
    Integrity.CONCERN: [FoundNotice(Kind.CONCERN, None, "", "34000098", "PubMed", "J T. 2016;1:2")],
    Integrity.RETRACTED: [
        FoundNotice(Kind.RETRACTION, date(2017, 1, 3), "10.5555/n(1)2", "34000099", "publisher"),
        FoundNotice(Kind.CORRECTION, None, "", "", "PubMed", "J {Test}. 2015;  5 \\ %"),
    ],
    Integrity.WITHDRAWN: [FoundNotice(Kind.WITHDRAWAL, source="publisher", label="Withdrawn")],
    Integrity.REINSTATED: [
        FoundNotice(Kind.RETRACTION, date(2017, 1, 3), source="Retraction Watch"),
        FoundNotice(Kind.REINSTATEMENT, date(2018, 1, 3), source="Retraction Watch"),
    ],
    Integrity.NONE_FOUND: [FoundNotice(Kind.OTHER, label="Addendum")],
}
TITLES = (
    "Heat and knees",
    "RETRACTED: a word in capitals",
    "Retraction: heat and knees",
    "Heat (Expression of concern)",
    "WITHDRAWN: RETRACTED: heat",
    "Is it {heat}?",
)
TRIALS = ("", "NCT01234567", "ISRCTN12345678", "U1111-1111-1111", "ACTRN12605000000000")
TYPES = ("article-journal", "book", "chapter", "webpage", "thesis", "article")


def _everything_known():
    """Every state, with and without notices, with every kind of study, title and registry."""
    states = [(state, with_notices) for state in Integrity for with_notices in (True, False)]
    designs, others = (
        ["", *Design.values],
        zip(cycle(TITLES), cycle(TRIALS), cycle(TYPES), strict=False),
    )
    for (state, with_notices), design in product(states, designs):
        title, nct, kind = next(others)
        notices = NOTICES.get(state, []) if with_notices else []
        checked = None if state == Integrity.UNCHECKED else NOON - timedelta(days=40)
        yield kind, title, Facts(state, checked, tuple(notices), design, nct)


class EveryFormat(SimpleTestCase):
    def test_brings_back_all_that_is_known_of_a_work(self):
        cases = list(_everything_known())
        self.assertGreater(len(cases), 200)
        for kind in WRITTEN:
            for work_type, title, known in cases:
                csl = {"type": work_type, "title": title, "issued": {"date-parts": [[2015]]}}
                text = formats.FORMATS[kind].write(csl, "", known)
                (record,) = formats.read(text, as_format=kind)
                read = Facts(
                    record.integrity or Integrity.UNCHECKED,
                    record.checked_at,
                    record.notices,
                    record.design,
                    record.nct,
                )
                with self.subTest(kind, title=title, known=known):
                    self.assertEqual(record.csl, csl)
                    self.assertEqual(read, known)

    def test_says_it_where_every_program_shows_it(self):
        for kind in WRITTEN:
            for state, words in (
                ("retracted", "RETRACTED: Heat and knees"),
                ("withdrawn", "WITHDRAWN: Heat and knees"),
                ("concern", "Heat and knees (Expression of concern)"),
            ):
                text = formats.FORMATS[kind].write({"title": "Heat and knees"}, "", Facts(state))
                with self.subTest(kind, state=state):
                    self.assertIn(words, text)

    def test_is_read_by_its_title_where_another_program_left_off_the_rest(self):
        for kind, private in (("ris", "C8"), ("bibtex", "  x-csl"), ("nbib", "XCSL")):
            for state in ("retracted", "withdrawn", "concern"):
                uid = "0b0f5c1e-6a5e-4a63-9f0f-000000000001"
                text = formats.FORMATS[kind].write({"title": "Heat"}, uid, Facts(state))
                text = "\n".join(
                    line
                    for line in text.split("\n")
                    if not line.startswith((private, "PT  - Retracted"))
                )
                (record,) = formats.read(text, as_format=kind)
                with self.subTest(kind, state=state):
                    self.assertEqual((record.csl["title"], record.integrity), ("Heat", state))

    def test_takes_no_rubbish_for_what_is_known(self):
        for rubbish in (
            None,
            [],
            "retracted",
            {"integrity": "gone", "design": 3, "nct": ["x"], "checked": "yesterday"},
            {"notices": [None, {"kind": "party"}, {"kind": "retraction", "date": "2017-99-99"}]},
            {"integrity": {"a": 1}, "notices": {"kind": "retraction"}, "checked": "2017-01-01"},
        ):
            item = {"type": "book", "title": "Heat", "custom": {"physiohub": rubbish}}
            (record,) = formats.read(json.dumps([item]), as_format="csl")
            with self.subTest(rubbish=rubbish):
                self.assertEqual(record.csl, {"type": "book", "title": "Heat"})
                self.assertEqual(
                    (record.integrity, record.design, record.nct, record.checked_at),
                    ("", "", "", None),
                )
                self.assertIn([notice.date for notice in record.notices], ([], [None]))

    def test_has_as_many_notices_as_a_work_can_have(self):
        notices = [{"kind": "correction", "doi": f"10.5555/{number}"} for number in range(5000)]
        item = {"title": "Heat", "custom": {"physiohub": {"notices": notices}}}
        (record,) = formats.read(json.dumps([item]), as_format="csl")
        self.assertTrue(record.refused)


class MedlineOf(SimpleTestCase):
    def written(self, state, *notices, **more):
        known = Facts(state, None, notices, **more)
        csl = {"type": "article-journal", "title": "Heat", "PMID": "34000001"}
        return formats.FORMATS["nbib"].write(csl, "", known)

    def test_a_retracted_work_names_type_and_notice_as_pubmed_does(self):
        text = self.written("retracted", *NOTICES[Integrity.RETRACTED][:1])
        self.assertIn("PT  - Journal Article\nPT  - Retracted Publication\n", text)
        self.assertIn("RIN - 2017 Jan 3. doi: 10.5555/n(1)2. PMID: 34000099\n", text)

    def test_a_notice_keeps_the_words_of_its_source(self):
        label = "J Test. 2017 Jan 3;7(1):1. doi: 10.5555/notice.1. PMID: 34000099"
        notice = FoundNotice(
            "retraction", date(2017, 1, 3), "10.5555/notice.1", "34000099", "", label
        )
        self.assertIn(f"RIN - {label}\n", self.written("retracted", notice))

    def test_a_doubted_or_corrected_work_names_its_notice(self):
        self.assertIn(
            "ECI - J T. 2016;1:2. PMID: 34000098\n", self.written("concern", *NOTICES["concern"])
        )
        self.assertIn(
            "EIN - 2016 Feb 1. doi: 10.5555/c.1\n", self.written("corrected", *NOTICES["corrected"])
        )

    def test_a_work_of_which_only_the_title_spoke_invents_no_notice(self):
        notice = FoundNotice("retraction", source="title", label="Only the title says so.")
        self.assertNotIn("RIN", self.written("retracted", notice))

    def test_a_trial_names_its_kind_and_registry(self):
        text = self.written("", design="rct", nct="NCT01234567")
        self.assertIn("PT  - Randomized Controlled Trial\n", text)
        self.assertIn("SI  - ClinicalTrials.gov/NCT01234567\n", text)

    def test_a_notice_has_the_type_of_one(self):
        csl = {"type": "article-journal", "title": "Retraction: heat"}
        text = formats.FORMATS["nbib"].write(csl, "", Facts("notice"))
        self.assertIn("PT  - Retraction of Publication\n", text)


def _library():
    rows = Reference.objects.order_by("pk").prefetch_related("notices")
    return [
        (
            row.title,
            row.integrity,
            row.integrity_checked_at,
            row.design,
            row.nct,
            sorted(
                (each.kind, str(each.date), each.doi, each.pmid, each.source, each.label)
                for each in row.notices.all()
            ),
        )
        for row in rows
    ]


def _empty():
    Notice.objects.all().delete()
    Reference.objects.all().delete()


class ALibrary(TestCase):
    def fill(self):
        for number, (kind, title, known) in enumerate(islice(_everything_known(), 0, None, 5)):
            row = Reference.objects.create(
                csl={"type": kind, "title": f"{title} {number}", "DOI": f"10.5555/w.{number}"},
                integrity=known.integrity,
                integrity_checked_at=known.checked_at,
                design=known.design,
                nct=known.nct,
            )
            for notice in known.notices:
                Notice.objects.create(reference=row, **vars(notice))

    def test_is_the_same_after_it_went_out_and_into_an_empty_one(self):
        self.fill()
        rows = Reference.objects.order_by("pk")
        texts = {kind: "".join(exporting.export(rows, kind)) for kind in WRITTEN}
        before = _library()
        for kind, text in texts.items():
            with self.subTest(kind):
                _empty()
                importing.import_file(text.encode(), file_name=f"a.{kind}", by=None, at=LATER)
                self.assertEqual(_library(), before)

    def test_that_has_the_works_already_is_told_what_became_of_them(self):
        csl = {"type": "article-journal", "title": "Heat and knees", "DOI": "10.5555/a"}
        notice = NOTICES[Integrity.RETRACTED][0]
        text = formats.FORMATS["ris"].write(csl, "", Facts("retracted", NOON, (notice,)))
        known = Reference.objects.create(csl=csl)
        importing.import_file(text.encode(), file_name="a.ris", by=None, at=LATER)
        known.refresh_from_db()
        self.assertEqual((known.integrity, known.notices.get().doi), ("retracted", notice.doi))

    def test_that_knows_more_forgets_nothing(self):
        csl = {"type": "article-journal", "title": "Heat and knees", "DOI": "10.5555/a"}
        known = Reference.objects.create(csl=csl, integrity="retracted", integrity_checked_at=NOON)
        Notice.objects.create(reference=known, kind="retraction")
        for state in ("", "none_found", "corrected"):
            text = formats.FORMATS["csl"].write(csl, str(known.uid), Facts(state, NOON))
            importing.import_file(text.encode(), file_name="a.json", by=None, at=LATER)
            known.refresh_from_db()
            self.assertEqual(known.integrity, "retracted")

    def test_says_it_in_lists_that_people_and_our_import_read(self):
        for state in ("retracted", "withdrawn", "concern"):
            csl = {
                "type": "article-journal",
                "title": "Heat and knees",
                "container-title": "J Test",
                "volume": "4",
                "page": "1-9",
                "issued": {"date-parts": [[2011]]},
                "author": [{"family": "Roe", "given": "J"}],
            }
            row = Reference(csl=csl, integrity=state)
            for kind in LISTS:
                with self.subTest(kind, state=state):
                    text = "".join(exporting.export([row], kind))
                    self.assertEqual(len(text.strip().split("\n")), 1)
                    (record,) = formats.read(text, as_format="paste")
                    self.assertEqual(record.csl["title"], "Heat and knees")
                    self.assertEqual(record.integrity, state)

    def test_asks_for_all_notices_at_once(self):
        self.fill()
        with self.assertNumQueries(2):
            list(exporting.export(Reference.objects.order_by("pk"), "ris"))


class TheSampleOfARetractedWork(TestCase):
    def test_stays_retracted_through_every_format(self):
        data = shared(
            "data", "references", "faults", "10-export-keeps-retraction.nbib"
        ).read_bytes()
        importing.import_file(data, file_name="a.nbib", by=None, at=NOON)
        rows = Reference.objects.all()
        texts = {kind: "".join(exporting.export(rows, kind)) for kind in exporting.KINDS}
        before = _library()
        self.assertEqual(before[0][1], "retracted")
        self.assertEqual(before[0][4], "NCT01234567")
        self.assertEqual(before[0][5][0][2:4], ("10.5555/notice.1", "34000099"))
        for kind in WRITTEN:
            with self.subTest(kind):
                _empty()
                importing.import_file(
                    texts[kind].encode(), file_name=f"a.{kind}", by=None, at=LATER
                )
                self.assertEqual(_library(), before)
        self.assertIn("PT  - Retracted Publication", texts["nbib"])
        self.assertIn("RIN - J Test. 2017 Jan 3", texts["nbib"])
        for kind in LISTS:
            self.assertIn("RETRACTED: Lasers cure knees.", texts[kind])
