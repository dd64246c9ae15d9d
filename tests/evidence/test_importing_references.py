"""Records into the library: each once, every one accounted for, whatever happens on the way."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from articles.models import AuditEntry
from physiohub import roles
from references import changes, formats, importing, merging, previewing
from references.formats.records import FoundNotice, Record
from references.models import (
    Identity,
    Integrity,
    Notice,
    Origin,
    Reference,
    ReferenceImport,
    SourceRecord,
)
from tests.builders import LATER, NOON, a_reference, a_superuser, a_user, an_editor
from tests.shared_data import shared

PROJECT = Path(__file__).resolve().parent.parent.parent
#: Formats whose readers belong to the look-up of references.
READ_ELSEWHERE = [
    name for name in ("crossref", "pubmed_xml") if find_spec(f"references.formats.{name}")
]


def ris(*, title="Dry needling for neck pain: a trial", doi="", pmid="", **fields):
    lines = {
        "TI": title,
        "AU": "Osei, A.",
        "PY": "2020",
        "VL": "7",
        "SP": "10",
        "EP": "19",
        "JF": "J Ex",
        **fields,
    }
    lines |= {"DO": doi, "U1": f"{pmid}[pmid]" if pmid else ""}
    return (
        "TY  - JOUR\n"
        + "".join(f"{tag}  - {value}\n" for tag, value in lines.items() if value)
        + "ER  - \n\n"
    )


def imported(text, name="file.ris", **options):
    data = text if isinstance(text, bytes) else text.encode()
    return importing.import_file(data, file_name=name, **{"by": None, "at": NOON, **options})


def counts(report):
    return report.created, report.merged, report.refused


class EveryDeveloperFile(TestCase):
    def test_goes_in_with_every_record_accounted_for_and_goes_in_again_as_merged(self):
        for folder in ("ris", "nbib", "bibtex", "csl_json", *READ_ELSEWHERE):
            # The one .yaml is a recording of an answer with its headers, no file anybody exports.
            paths = [
                path
                for path in shared("data", "references", folder).rglob("*.*")
                if path.suffix != ".yaml"
            ]
            for path in sorted(paths):
                with self.subTest(path.name):
                    records = list(formats.read(path.read_bytes(), path.name))
                    before = Reference.objects.count()
                    report = imported(path.read_bytes(), path.name)
                    self.assertEqual(report.found, len(records))
                    self.assertEqual(Reference.objects.count() - before, report.created)
                    self.assertEqual(len(report.refusals), report.refused)
                    self.assertTrue(
                        all(refusal.reason and refusal.line for refusal in report.refusals)
                    )
                    again = imported(path.read_bytes(), path.name)
                    self.assertEqual(
                        counts(again), (0, report.created + report.merged, report.refused)
                    )


class APastedList(TestCase):
    def test_goes_in_once_with_its_identifiers_repaired(self):
        seed = json.loads(
            shared("data", "references", "expected", "seed_references.json").read_text()
        )
        text = "\n".join(f"• {entry['raw']}" for entry in seed)
        self.assertEqual(counts(imported(text, "list.txt")), (7, 0, 0))
        self.assertEqual(counts(imported(text, "list.txt")), (0, 7, 0))
        keys = set(Reference.objects.values_list("doi_key", flat=True))
        self.assertEqual(keys, {entry["expect"]["doi_key"] for entry in seed})
        reference = Reference.objects.first()
        self.assertEqual((reference.origin, reference.repairs), (Origin.PASTE, ["prefix-10"]))


class ANewRecord(TestCase):
    def test_keeps_where_it_came_from(self):
        imported("\n\n" + ris(doi="10.5555/A"), "Export 2026.ris")
        reference = Reference.objects.get()
        self.assertEqual(reference.origin, Origin.RIS)
        self.assertEqual(reference.origin_detail, "Export 2026.ris, record 1, line 3")
        self.assertTrue(reference.raw.startswith("TY  - JOUR\nTI  - Dry needling"))
        self.assertEqual(set(reference.field_source.values()), {"file"})
        self.assertEqual(
            (reference.doi, reference.doi_key, reference.identity),
            ("10.5555/A", "10.5555/a", Identity.UNRESOLVED),
        )

    def test_without_an_identifier_says_so(self):
        imported(ris())
        self.assertEqual(Reference.objects.get().identity, Identity.NO_IDENTIFIER)

    def test_that_is_a_retracted_paper_says_so_from_the_first_moment(self):
        imported(
            "PMID- 12345678\nTI  - One.\nPT  - Retracted Publication\nRIN - Lancet. 2010 Feb 6."
            " PMID: 20137807\n",
            "a.nbib",
        )
        reference = Reference.objects.get()
        self.assertEqual(
            (reference.integrity, reference.integrity_checked_at), (Integrity.RETRACTED, NOON)
        )
        notice = reference.notices.get()
        self.assertEqual(
            (notice.kind, notice.pmid, str(notice.date)), ("retraction", "20137807", "2010-02-06")
        )

    def test_of_a_chapter_or_a_paper_does_not_claim_the_isbn_of_its_book(self):
        text = "".join(
            f"TY  - {kind}\nTI  - Part {number} of a long book\nT2  - The book\nSN  -"
            " 9780781755603\nER  - \n"
            for number, kind in enumerate(["CHAP", "CHAP", "CPAPER", "CPAPER", "BOOK"])
        )
        self.assertEqual(counts(imported(text)), (5, 0, 0))
        self.assertEqual(Reference.objects.get(type="book").isbn13, "9780781755603")


class ARecordOfAKnownWork(TestCase):
    def test_fills_what_is_empty_and_overwrites_nothing(self):
        imported(ris(doi="10.5555/a", VL=""))
        known = Reference.objects.get()
        self.assertEqual(
            counts(
                imported(
                    ris(doi="10.5555/A", VL="7", PB="Them", JF="Another Journal", pmid="99"),
                    at=LATER,
                )
            ),
            (0, 1, 0),
        )
        known.refresh_from_db()
        self.assertEqual((known.volume, known.pmid, known.csl["publisher"]), ("7", "99", "Them"))
        self.assertEqual((known.container_title, known.doi), ("J Ex", "10.5555/a"))

    def test_never_overwrites_what_a_person_set_or_emptied(self):
        imported(ris(doi="10.5555/a"))
        known = Reference.objects.get()
        known.csl["volume"], known.field_source = "8", {"volume": "human", "publisher": "human"}
        known.save()
        imported(ris(doi="10.5555/a", PB="Them"))
        known.refresh_from_db()
        self.assertEqual((known.volume, known.csl.get("publisher")), ("8", None))

    def test_is_kept_as_it_was_beside_the_first(self):
        imported(ris(doi="10.5555/a"))
        for _ in range(2):
            imported(ris(doi="10.5555/a"))
            imported(ris(doi="10.5555/a", KW="needles"))
        known = Reference.objects.get()
        self.assertNotIn("KW", known.raw)
        self.assertIn("KW  - needles", SourceRecord.objects.get(reference=known).raw)

    def test_with_another_title_is_not_mixed_with_it_but_shown(self):
        imported(ris(doi="10.5555/a", VL=""))
        report = imported(ris(doi="10.5555/a", title="La aguja seca para el dolor de cuello"))
        known = Reference.objects.get()
        self.assertEqual((known.volume, counts(report)), ("", (0, 1, 0)))
        self.assertEqual(
            (report.remarks[0].text, report.remarks[0].compare),
            (
                "has the DOI of a work with another title, and was taken for it: look at it",
                (str(known.uid),),
            ),
        )

    def test_that_shares_its_doi_and_nothing_else_is_a_work_of_its_own(self):
        abstracts = [
            ris(doi="10.5555/supplement", title=title, AU=author, SP=page, EP="")
            for title, author, page in (
                ("Glucose and knees: an abstract of the congress", "Roe, J", "S299"),
                ("Insulin and hips: another abstract of the congress", "Doe, A", "S259"),
                ("Insulin and hands: a third abstract by the same person", "Doe, A", "S260"),
            )
        ]
        report = imported("".join(abstracts))
        self.assertEqual(counts(report), (3, 0, 0))
        first, second, third = Reference.objects.order_by("pk")
        self.assertEqual(
            [work.doi for work in (first, second, third)], ["10.5555/supplement", "", ""]
        )
        self.assertIn("10.5555/supplement", second.raw)
        self.assertEqual(
            [(note.text, note.compare) for note in report.remarks],
            [
                (
                    "has the DOI of another work, and was added without it: compare the two",
                    (str(work.uid), str(first.uid)),
                )
                for work in (second, third)
            ],
        )
        with self.subTest("once more"):
            self.assertEqual(counts(imported("".join(abstracts))), (0, 3, 0))

    def test_does_not_take_an_identifier_another_reference_holds(self):
        imported(
            ris(doi="10.5555/a")
            + ris(title="Another title that is long enough", pmid="99", SP="50")
        )
        report = imported(ris(doi="10.5555/a", pmid="99"))
        self.assertEqual(counts(report), (0, 1, 0))
        self.assertIn("names the PMID 99, which another reference has", report.remarks[0].text)

    def test_tells_those_who_listen_what_was_filled(self):
        imported(ris(doi="10.5555/a", VL=""))
        editor = an_editor()
        imported(ris(doi="10.5555/a"), by=editor, at=LATER)
        entry = AuditEntry.objects.get(subject_uid=Reference.objects.get().uid)
        self.assertEqual(
            (entry.actor_id, entry.at, entry.summary),
            (editor.pk, LATER, "Filled from file.ris: volume"),
        )

    def test_does_not_make_a_retraction_look_better(self):
        reference = a_reference(integrity=Integrity.RETRACTED, integrity_checked_at=NOON)
        Notice.objects.create(reference=reference, kind="retraction", source="publisher")
        record = Record(
            1,
            1,
            {**reference.csl},
            "raw",
            integrity="corrected",
            notices=(FoundNotice("correction", pmid="5"),),
        )
        for _ in range(2):
            importing.import_records([record], file_name="a", by=None, at=LATER)
        reference.refresh_from_db()
        self.assertEqual((reference.integrity, Notice.objects.count()), (Integrity.RETRACTED, 2))

    def test_in_the_same_file_is_merged_too(self):
        self.assertEqual(
            counts(
                imported(
                    ris(doi="10.5555/a", VL="")
                    + ris(doi="10.5555/A")
                    + ris(pmid="7")
                    + ris(pmid="7")
                )
            ),
            (1, 3, 0),
        )
        self.assertEqual((Reference.objects.get().volume, Reference.objects.get().pmid), ("7", "7"))


class ATitleThatIsThereAlready(TestCase):
    def test_under_another_doi_is_a_reference_of_its_own_and_shown(self):
        imported(ris(doi="10.5555/a"))
        report = imported(ris(doi="10.5555/b"))
        self.assertEqual(counts(report), (1, 0, 0))
        here, new = Reference.objects.order_by("pk")
        self.assertEqual(report.remarks[0].compare, (str(new.uid), str(here.uid)))


class AnImport(TestCase):
    def test_asks_and_writes_by_batches(self):
        text = "".join(
            ris(title=f"A title of its own {n}", doi=f"10.5555/{n}", SP=str(n + 1))
            for n in range(200)
        )
        for expected in ((200, 0, 0), (0, 200, 0)):
            with CaptureQueriesContext(connection) as queries:
                self.assertEqual(counts(imported(text)), expected)
            statements = [query["sql"].split()[0] for query in queries]
            looks = [
                query["sql"] for query in queries if 'FROM "references_reference"' in query["sql"]
            ]
            self.assertEqual(len(looks), 2)
            # SQLite takes 999 values a statement: a hundred rows of forty columns are five of them.
            self.assertLessEqual(len(statements), 2 * 8)

    def test_goes_on_past_a_record_the_database_will_not_have(self):
        good, bad = ({"type": "book", "title": f"A title long enough {n}"} for n in range(2))
        records = [Record(n, n, csl, csl["title"]) for n, csl in enumerate([good, bad], start=1)]
        create = Reference.objects.bulk_create

        def refusing(rows, **options):
            if any(row.title == bad["title"] for row in rows):
                raise ValueError("A string literal cannot contain NUL")
            return create(rows, **options)

        with mock.patch.object(type(Reference.objects), "bulk_create", side_effect=refusing):
            report = importing.import_records(records, file_name="a", by=None, at=NOON)
        self.assertEqual(counts(report), (1, 0, 1))
        self.assertEqual((report.refusals[0].number, report.refusals[0].line), (2, 2))
        self.assertEqual(Reference.objects.get().title, good["title"])

    def test_takes_what_only_one_database_would(self):
        long = "x" * 5000
        items = [
            {"type": "book", "title": f"One\x00 {long}", "DOI": "10.5555/a"},
            {
                "type": "book",
                "title": "Two \ud800 and three",
                "author": [{"literal": long}],
                "volume": long,
                "page": long,
            },
            {
                "type": "book",
                "title": "漢" * 3000,
                "URL": f"https://example.org/{long}",
                "language": long,
            },
        ]
        report = imported(json.dumps(items), "a.json")
        self.assertEqual(counts(report), (3, 0, 0))
        self.assertEqual(counts(imported(json.dumps(items), "a.json")), (0, 3, 0))

    def test_is_undone_whole_batches_at_a_time_when_it_breaks_off(self):
        def endless():
            for n in range(250):
                yield Record(
                    n + 1, n + 1, {"type": "book", "title": f"A title of its own {n}"}, str(n)
                )
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            importing.import_records(endless(), file_name="a", by=None, at=NOON)
        self.assertEqual(Reference.objects.count(), 200)

    def test_without_a_listener_needs_none(self):
        with mock.patch.object(changes.reference_edited, "receivers", []):
            imported(ris(doi="10.5555/a", VL=""))
            self.assertEqual(counts(imported(ris(doi="10.5555/a"))), (0, 1, 0))


class ARowThatWasMerged(TestCase):
    def test_leads_records_of_either_to_the_row_that_stands_for_it(self):
        imported(
            ris(doi="10.5555/keep", VL="")
            + ris(doi="10.5555/lose", title="Dry needling, the neck: a trial", VL="")
        )
        keep, lose = Reference.objects.order_by("pk")
        merging.merge(keep, lose, by=an_editor(), at=NOON)
        text = (
            ris(doi="10.5555/keep", VL="7")
            + ris(doi="10.5555/lose", VL="", PB="Them")
            + ris(doi="10.5555/LOSE")
        )
        self.assertEqual(counts(imported(text)), (0, 3, 0))
        keep.refresh_from_db()
        self.assertEqual((keep.volume, keep.csl["publisher"]), ("7", "Them"))


class AnUploadedFile(TestCase):
    def receive(self, text=None, name="a.ris"):
        content = (ris(doi="10.5555/a") + "TY  - JOUR\nER  - \n" if text is None else text).encode()
        return importing.receive(content, file_name=name, by=an_editor(), at=NOON)

    def test_is_kept_until_every_record_is_in(self):
        upload = self.receive()
        self.assertEqual((upload.state, upload.format), ("waiting", "ris"))
        importing.import_upload(upload, now=lambda: LATER)
        upload.refresh_from_db()
        self.assertEqual(
            (upload.found, upload.created, upload.merged, upload.refused), (2, 1, 0, 1)
        )
        self.assertEqual((upload.state, upload.content, upload.finished_at), ("done", None, LATER))
        self.assertEqual(upload.report["refusals"][0]["line"], 12)
        self.assertEqual(importing.import_upload(upload), upload.report)

    def test_goes_on_after_it_broke_off(self):
        upload = self.receive(
            "".join(ris(title=f"A title of its own {n}", doi=f"10.5555/{n}") for n in range(250))
        )
        reader = formats.read

        def breaking(*args, **options):
            for record in reader(*args, **options):
                if record.number == 150:
                    raise KeyboardInterrupt
                yield record

        with mock.patch.object(formats, "read", breaking), self.assertRaises(KeyboardInterrupt):
            importing.import_upload(upload)
        upload = ReferenceImport.objects.get()
        self.assertEqual(
            (upload.state, upload.created, Reference.objects.count()), ("running", 100, 100)
        )
        importing.import_upload(upload)
        upload.refresh_from_db()
        self.assertEqual((upload.state, upload.created, upload.merged), ("done", 250, 0))

    def test_stays_done_when_a_second_process_comes_after_its_end(self):
        upload = self.receive()
        late = ReferenceImport.objects.get()
        importing.import_upload(upload)

        self.assertEqual(importing.import_upload(late), upload.report)

        upload.refresh_from_db()
        self.assertEqual((upload.state, upload.created), ("done", 1))

    def test_is_not_failed_by_a_preview_that_comes_after_its_end(self):
        upload = self.receive()
        ReferenceImport.objects.update(state=ReferenceImport.State.LOOKING)
        late = ReferenceImport.objects.get()
        importing.import_upload(upload)

        previewing.preview_upload(late)

        upload.refresh_from_db()
        self.assertEqual(upload.state, "done")

    def test_that_is_none_of_ours_is_refused_at_once(self):
        with self.assertRaises(formats.CannotRead):
            self.receive("hello world")
        with (
            mock.patch.object(formats, "LARGEST", 10),
            self.assertRaisesMessage(formats.CannotRead, "Export it in parts"),
        ):
            self.receive()
        self.assertFalse(ReferenceImport.objects.exists())


class AnImportInTheAdmin(TestCase):
    def test_shows_what_was_refused_and_nothing_of_it_as_html(self):
        text = ris(doi="10.5555/a<script>") + "TY  - JOUR\nER  - \n"
        upload = importing.receive(text.encode(), file_name="<script>.ris", by=an_editor(), at=NOON)
        importing.import_upload(upload)
        self.client.force_login(a_superuser())
        page = self.client.get(
            f"/admin/references/referenceimport/{upload.pk}/change/"
        ).content.decode()
        self.assertIn("Record 2, line 12: It has neither a title nor an identifier.", page)
        self.assertNotIn("<script>.ris", page)


class AMergeInTheAdmin(TestCase):
    def test_is_undone_by_those_who_may_change_references_and_nobody_else(self):
        done = merging.merge(a_reference(), a_reference(), by=an_editor(), at=NOON)
        for user, is_undone in (
            (a_user(is_staff=True), False),
            (a_user(roles.ADMINISTRATOR), False),
            (a_user(roles.LIBRARIAN), True),
        ):
            self.client.force_login(user)
            self.client.post(
                "/admin/references/merge/", {"action": "undo", "_selected_action": [done.pk]}
            )
            done.refresh_from_db()
            self.assertIs(done.undone_at is not None, is_undone)


class TheCommand(TestCase):
    def run_it(self, *texts, **options):
        out, err, code = StringIO(), StringIO(), 0
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, text in enumerate(texts):
                path = Path(folder) / f"file{number}.ris"
                if text is not None:
                    path.write_text(text)
                files.append(str(path))
            try:
                call_command("import_references", *files, stdout=out, stderr=err, **options)
            except SystemExit as ended:
                code = ended.code
        return code, out.getvalue().splitlines(), err.getvalue()

    def test_ends_with_the_counts_and_zero_when_all_went_in(self):
        code, lines, _ = self.run_it(
            ris(doi="10.5555/a"), ris(doi="10.5555/a") + ris(doi="10.5555/b")
        )
        self.assertEqual((code, lines[-1]), (0, "found 3, created 2, merged 1, refused 0"))

    def test_ends_with_one_when_something_was_refused_and_says_where(self):
        code, lines, _ = self.run_it(ris(doi="10.5555/a") + "\nTY  - JOUR\nER  - \n")
        self.assertEqual((code, lines[-1]), (1, "found 2, created 1, merged 0, refused 1"))
        self.assertIn(
            "  refused: file0.ris, record 2, line 13: It has neither a title nor an identifier.",
            lines,
        )

    def test_ends_with_two_when_nothing_could_be_done(self):
        for texts, expected in (
            (("hello",), "is not RIS"),
            ((None,), "cannot be opened: No such file"),
        ):
            with self.subTest(expected):
                code, lines, errors = self.run_it(*texts)
                self.assertEqual((code, lines[-1]), (2, "found 0, created 0, merged 0, refused 0"))
                self.assertIn(expected, errors)

    def test_ends_with_one_when_one_file_of_two_could_not_be_read(self):
        code, lines, errors = self.run_it(ris(doi="10.5555/a"), None)
        self.assertEqual((code, lines[-1]), (1, "found 1, created 1, merged 0, refused 0"))
        self.assertIn("cannot be opened", errors)

    def test_refuses_200_megabytes_with_a_sentence(self):
        with tempfile.NamedTemporaryFile(suffix=".ris") as file:
            os.truncate(file.fileno(), 200_000_000)
            errors = StringIO()
            with self.assertRaises(SystemExit) as ended:
                call_command("import_references", file.name, stdout=StringIO(), stderr=errors)
        self.assertEqual(ended.exception.code, 2)
        self.assertIn("200 MB, and 100 MB is the most", errors.getvalue())

    def test_shows_plain_lines_and_no_bar_where_there_is_no_terminal(self):
        text = "".join(
            ris(title=f"A title of its own {n}", doi=f"10.5555/{n}", SP=str(n + 1))
            for n in range(2100)
        )
        code, lines, errors = self.run_it(text)
        self.assertEqual((code, lines[0], errors), (0, "file0.ris: 2,000 records so far", ""))

    def test_says_how_to_go_on_when_the_database_is_busy(self):
        with mock.patch.object(importing, "import_file", side_effect=OperationalError("locked")):
            code, lines, errors = self.run_it(ris())
        self.assertEqual((code, lines[-1]), (2, "found 0, created 0, merged 0, refused 0"))
        self.assertIn("Run the same command again", errors)

    def test_asks_for_a_name_that_exists(self):
        with self.assertRaisesMessage(CommandError, "Nobody here is called “ghost”"):
            self.run_it(ris(), by="ghost")


class AnImportInAProcess(TransactionTestCase):
    """The real command, in a process of its own on a database in a file (or on PostgreSQL),
    killed without warning.
    """

    COUNT = 2000

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name) / "big.ris"
        records = (
            ris(title=f"A title of its own {n}", doi=f"10.5555/{n}", SP=str(n + 1))
            for n in range(self.COUNT)
        )
        self.file.write_text("".join(records))
        self.environment = {**os.environ, "DATABASE_URL": self._database()}
        if connection.vendor == "sqlite":
            import sqlite3

            # The tests' own database, empty and with every trigger: quicker than to migrate
            # another.
            with sqlite3.connect(f"{self.folder.name}/db.sqlite3") as copy:
                connection.ensure_connection()
                connection.connection.backup(copy)

    def _database(self):
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.folder.name}/db.sqlite3"
        place = connection.settings_dict
        return f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"

    def _manage(self, *arguments):
        return subprocess.run(
            [sys.executable, PROJECT / "manage.py", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )

    def _count(self, what="count(*)"):
        if connection.vendor == "sqlite":
            import sqlite3

            with sqlite3.connect(f"{self.folder.name}/db.sqlite3", timeout=30) as database:
                return database.execute(f"SELECT {what} FROM references_reference").fetchone()[0]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {what} FROM references_reference")
            return cursor.fetchone()[0]

    def _kill_half_way(self):
        command = [sys.executable, PROJECT / "manage.py", "import_references", self.file]
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline and self._count() < 500:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)

    def test_run_twice_at_once_brings_in_each_record_once(self):
        records = (ris(title=f"A title with no identifier {n}", SP=str(n + 1)) for n in range(1000))
        self.file.write_text("".join(records))
        command = [sys.executable, PROJECT / "manage.py", "import_references", self.file]
        processes = [
            subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        lines = [process.communicate(timeout=120)[0].splitlines()[-1] for process in processes]
        self.assertEqual([process.returncode for process in processes], [0, 0])
        self.assertEqual((self._count(), self._count("count(distinct title_key)")), (1000, 1000))
        created = sum(int(re.search(r"created ([0-9]+)", line)[1]) for line in lines)
        self.assertEqual(created, 1000)

    def test_leaves_whole_batches_and_run_again_brings_in_the_rest_once(self):
        self._kill_half_way()
        before = self._count()
        self.assertTrue(500 <= before < self.COUNT, before)
        self.assertEqual(before % importing.BATCH, 0)
        lines = self._manage("import_references", str(self.file)).stdout.splitlines()
        created = self.COUNT - before
        self.assertEqual(
            lines[-1], f"found {self.COUNT}, created {created}, merged {before}, refused 0"
        )
        self.assertEqual(
            (self._count(), self._count("count(distinct doi_key)")), (self.COUNT, self.COUNT)
        )
        self.assertEqual(self._count("count(distinct title_key)"), self.COUNT)
