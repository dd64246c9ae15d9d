"""What becomes of works: notices kept once, the file of Retraction Watch, and the command
that checks.
"""

import csv
import json
import tempfile
import tracemalloc
from datetime import date
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase, override_settings

from references import integrity, retraction_watch
from references.formats.records import FoundNotice
from references.models import Identity, Integrity, Notice, Reference
from tests.builders import LATER, NOON, a_reference
from tests.evidence.recordings import a_work, crossref_work, recorded
from tests.shared_data import shared

RETRACTION = FoundNotice(
    "retraction", date(2020, 2, 3), "10.5555/notice", "", "publisher", "Retraction"
)


def keep(reference, *notices, at=NOON, **known):
    new = integrity.record_notices(reference, notices, by=None, at=at, **known)
    reference.refresh_from_db()
    return new


class ANotice(TestCase):
    def setUp(self):
        self.reference = a_reference()

    def test_is_kept_once_whoever_tells_of_it(self):
        told_again = [
            RETRACTION,
            FoundNotice(
                "retraction",
                date(2020, 2, 3),
                "10.5555/NOTICE",
                "",
                "Retraction Watch",
                "Retraction: +fraud",
            ),
            FoundNotice("retraction", None, "", "8000000", "PubMed", "J Ex. 2020"),
        ]
        self.assertEqual(len(keep(self.reference, *told_again)), 1)
        self.assertEqual(keep(self.reference, *reversed(told_again), at=LATER), [])

        notice = self.reference.notices.get()
        self.assertEqual(
            (notice.source, notice.doi, notice.pmid), ("publisher", "10.5555/notice", "8000000")
        )

    def test_learns_its_date_from_a_second_source(self):
        keep(self.reference, FoundNotice("retraction", None, "", "8000000", "PubMed"))
        keep(self.reference, RETRACTION)

        notice = self.reference.notices.get()
        self.assertEqual(
            (notice.date, notice.doi, notice.pmid), (date(2020, 2, 3), "10.5555/notice", "8000000")
        )

    def test_makes_the_state_and_the_gravest_wins(self):
        keep(self.reference, FoundNotice("correction", date(2021, 1, 1), "10.5555/c"))
        self.assertEqual(self.reference.integrity, Integrity.CORRECTED)
        keep(self.reference, RETRACTION)
        keep(self.reference, FoundNotice("expression_of_concern", date(2022, 1, 1), "10.5555/e"))
        self.assertEqual(self.reference.integrity, Integrity.RETRACTED)

    def test_of_a_reinstatement_lifts_an_earlier_retraction_and_stays_visible(self):
        keep(
            self.reference, RETRACTION, FoundNotice("reinstatement", date(2021, 1, 1), "10.5555/r")
        )
        self.assertEqual(
            (self.reference.integrity, self.reference.notices.count()), (Integrity.REINSTATED, 2)
        )

        keep(self.reference, FoundNotice("retraction", date(2023, 1, 1), "10.5555/again"))
        self.assertEqual(self.reference.integrity, Integrity.RETRACTED)

    def test_in_a_title_has_no_date_and_gives_way_to_a_real_one(self):
        keep(self.reference, stated=Integrity.RETRACTED)
        notice = self.reference.notices.get()
        self.assertEqual(
            (self.reference.integrity, notice.date, notice.source), ("retracted", None, "title")
        )

        keep(self.reference, RETRACTION, stated=Integrity.RETRACTED)
        self.assertEqual(self.reference.notices.get().date, date(2020, 2, 3))

    def test_makes_nothing_clean_unless_a_source_answered(self):
        keep(self.reference, is_checked=False)
        self.assertEqual(
            (self.reference.integrity, self.reference.integrity_checked_at), ("unchecked", None)
        )
        keep(self.reference, is_checked=True)
        self.assertEqual(
            (self.reference.integrity, self.reference.integrity_checked_at), ("none_found", NOON)
        )
        keep(self.reference, is_checked=False, at=LATER)
        self.assertEqual(self.reference.integrity_checked_at, NOON)


class TheRetractionWatchFile(TestCase):
    def setUp(self):
        self.path = shared("data", "references", "expected", "retraction_watch_format_sample.csv")

    def test_is_read_line_by_line(self):
        entries = list(retraction_watch.read(self.path))

        self.assertEqual(
            [entry.notice.kind for entry in entries],
            [
                "retraction",
                "correction",
                "expression_of_concern",
                "reinstatement",
                "retraction",
            ],
        )
        classic = entries[0]
        self.assertEqual(
            (classic.doi_key, classic.pmid), ("10.1016/s0140-6736(97)11096-0", "9500320")
        )
        self.assertEqual(classic.notice.date, date(2010, 2, 6))
        self.assertEqual(classic.notice.doi, "10.1016/S0140-6736(10)60175-4")
        self.assertEqual(classic.notice.label, "Retraction: Example Reason One; Example Reason Two")
        self.assertEqual(
            (entries[1].notice.doi, entries[1].notice.pmid, entries[1].pmid), ("", "", "")
        )
        self.assertEqual((entries[4].doi_key, entries[4].pmid, entries[4].notice.doi), ("", "", ""))

    def test_finds_works_by_doi_or_pmid_and_makes_nothing_else_clean(self):
        by_doi = a_reference(csl={"title": "x", "DOI": "10.1016/S0140-6736(97)11096-0"})
        by_pmid = a_reference(csl={"title": "y"}, pmid="12345670")
        corrected = a_reference(csl={"title": "z", "DOI": "10.5555/EXAMPLE.1"})
        the_notice = a_reference(csl={"title": "n", "DOI": "10.5555/example.3.re"})
        mistyped = a_reference(csl={"title": "m", "DOI": "10.5555/something.else"}, pmid="9500320")
        unnamed = a_reference()

        out = StringIO()
        call_command("check_references", retraction_watch=self.path, stdout=out)

        states = dict(Reference.objects.values_list("pk", "integrity"))
        self.assertEqual(
            [states[one.pk] for one in (by_doi, by_pmid, corrected, the_notice, mistyped, unnamed)],
            ["retracted", "concern", "corrected", "notice", "unchecked", "unchecked"],
        )
        self.assertIn("5 lines read, 4 references named in them, 3 new notices", out.getvalue())
        call_command("check_references", retraction_watch=self.path, stdout=(again := StringIO()))
        self.assertIn("0 new notices", again.getvalue())
        self.assertEqual(Notice.objects.count(), 3)

    def test_may_be_as_dirty_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "file.csv")
            head, first, *rest = self.path.read_text().splitlines()
            lines = [
                head,
                first.replace("Lancet", "Lanc\xe9t").replace("2/6/2010", "13/45/2010"),
                "",
                "1,2,3",
                *rest,
            ]
            path.write_bytes("\r\n".join(lines).encode("latin-1", errors="replace"))
            entries = list(retraction_watch.read(path))
        self.assertEqual(
            (entries[0].doi_key, entries[0].notice.date), ("10.1016/s0140-6736(97)11096-0", None)
        )
        self.assertEqual(len(entries), 6)

    def test_is_refused_when_it_is_another_file(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (
                ("a.csv", b"a,b\n1,2\n"),
                ("empty.csv", b""),
                ("x.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
            ):
                path = Path(folder, name)
                path.write_bytes(content)
                with self.assertRaisesMessage(CommandError, "has no column"):
                    call_command("check_references", retraction_watch=path)
            with self.assertRaisesMessage(CommandError, "cannot be opened"):
                call_command("check_references", retraction_watch=Path(folder, "none.csv"))


class ALongRetractionWatchFile(SimpleTestCase):
    def test_takes_no_more_memory_than_a_short_one(self):
        sample = shared("data", "references", "expected", "retraction_watch_format_sample.csv")
        with sample.open(encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        peaks = []
        with tempfile.TemporaryDirectory() as folder:
            for times in (200, 2000):
                path = Path(folder, f"{times}.csv")
                with path.open("w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows([head, *(rows * times)])
                tracemalloc.start()
                count = sum(1 for _ in retraction_watch.read(path))
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
                self.assertEqual(count, 5 * times)
        self.assertLess(peaks[1], 2 * peaks[0])


class TheCommand(TestCase):
    def run_it(self, *replies, uids=(), **options):
        out, code = StringIO(), 0
        with recorded(*replies):
            try:
                call_command("check_references", *uids, stdout=out, **options)
            except SystemExit as end:
                code = end.code
        return code, out.getvalue()

    def setUp(self):
        self.reference = a_reference(
            csl={
                "title": "Needles for sore necks",
                "author": [{"family": "Osei"}],
                "DOI": "10.5555/needles.1",
                "issued": {"date-parts": [[2019]]},
            }
        )

    def test_checks_everything_and_counts(self):
        code, out = self.run_it(crossref_work(a_work()))

        self.assertEqual(code, 0)
        self.assertTrue(
            out.endswith("found 1, checked 1, another work 0, new notices 0, not checked 0\n"), out
        )
        self.reference.refresh_from_db()
        self.assertEqual(
            (self.reference.identity, self.reference.integrity), ("resolved", "none_found")
        )

    def test_says_what_could_not_be_checked_and_leaves_it_unchecked(self):
        other = a_reference()

        code, out = self.run_it(crossref_work(a_work()))

        self.assertEqual(code, 1)
        self.assertIn("could not be checked: Crossref cannot be reached from here.", out)
        self.assertIn("checked 1,", out)
        self.assertIn("not checked 1", out)
        other.refresh_from_db()
        self.assertEqual(
            (other.identity, other.integrity), (Identity.UNRESOLVED, Integrity.UNCHECKED)
        )

    def test_ends_with_two_when_nothing_could_be_checked(self):
        self.assertEqual(self.run_it()[0], 2)
        with (
            override_settings(LOOKUP="off"),
            self.assertRaisesMessage(CommandError, "looks nothing up"),
        ):
            call_command("check_references")

    def test_stops_asking_when_the_line_is_down(self):
        for _ in range(8):
            a_reference()

        _code, out = self.run_it()

        self.assertIn("Stopped: 5 look-ups in a row failed.", out)
        self.assertIn("found 9, checked 0, another work 0, new notices 0, not checked 9", out)

    def test_checks_only_what_is_named(self):
        a_reference()

        code, out = self.run_it(
            crossref_work(a_work()), uids=[str(self.reference.uid)], integrity=True
        )

        self.assertEqual(code, 0)
        self.assertIn("found 1,", out)
        self.reference.refresh_from_db()
        self.assertEqual(
            (self.reference.identity, self.reference.integrity), ("unresolved", "none_found")
        )

    def test_refuses_a_uid_that_is_none(self):
        for uid in ("x", "00000000-0000-0000-0000-000000000000"):
            with self.assertRaises(CommandError) as refused:
                call_command("check_references", uid)
            self.assertEqual(refused.exception.returncode, 2)

    def test_counts_new_notices_of_the_classic_case(self):
        case = json.loads(
            shared("data", "references", "expected", "integrity_cases.json").read_text()
        )
        work = {**case["crossref_work"], "author": [{"family": "Wakefield", "given": "AJ"}]}
        reference = a_reference(
            csl={
                "title": case["expect"]["display_title"],
                "author": [{"family": "Wakefield"}],
                "DOI": work["DOI"],
                "issued": {"date-parts": [[1998]]},
            }
        )

        code, out = self.run_it(crossref_work(work), uids=[str(reference.uid)])

        self.assertEqual(code, 0, out)
        self.assertIn("new notices 2", out)
        reference.refresh_from_db()
        self.assertEqual(reference.integrity, Integrity.RETRACTED)
