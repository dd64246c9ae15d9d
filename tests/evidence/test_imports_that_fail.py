"""An import that meets what nobody thought of ends with a sentence, and can be left."""

import re
import tempfile
from io import StringIO
from pathlib import Path
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse

from physiohub import roles
from references import citing, formats, importing
from references.formats import limits
from references.models import Reference, ReferenceImport
from tests.builders import LATER, NOON, a_user
from tests.evidence.hostile_files import HOSTILE

UPLOAD = "/admin/references/referenceimport/upload/"
IMPORTS = "/admin/references/referenceimport/"
#: Five values where items of CSL-JSON should be.
FIVE = b'[{"DOI":""},2,3,4,5]'
GOOD = "TY  - JOUR\nTI  - A title of its own\nDO  - 10.5555/a\nER  - \n"


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


class AnImport(TestCase):
    def test_of_a_record_that_fails_while_it_is_kept_refuses_that_record_alone(self):
        good = GOOD.replace("10.5555/a", "10.5555/b").replace("own", "own too")
        real = importing._BatchWriter._create_or_merge

        def place(batch, record, draft):
            if record.number == 1:
                raise AttributeError("not thought of")
            return real(batch, record, draft)

        with (
            mock.patch.object(importing._BatchWriter, "_create_or_merge", place),
            self.assertLogs("references"),
        ):
            report = importing.import_file(
                (GOOD + good).encode(), file_name="a.ris", by=None, at=NOON
            )

        self.assertEqual((report.created, report.refused), (1, 1))
        self.assertIn("Try it once more", report.refusals[0].reason)

    def test_tells_as_many_refusals_as_a_person_reads_and_counts_the_others(self):
        with mock.patch.object(importing, "MOST_REFUSALS", 3):
            report = importing.import_file(FIVE, file_name="a.json", by=None, at=NOON)

        self.assertEqual(
            (report.refused, len(report.refusals), report.refusals_left_out), (5, 3, 2)
        )

    def test_of_too_many_records_stops_there_and_says_so(self):
        with mock.patch.object(limits, "MOST_RECORDS", 2):
            report = importing.import_file(FIVE, file_name="a.json", by=None, at=NOON)

        self.assertEqual(report.found, 3)
        self.assertIn("Export what follows in parts", report.refusals[-1].reason)


class Librarians(TestCase):
    def setUp(self):
        self.client.force_login(a_user(roles.LIBRARIAN))

    def upload(self, data, name="a.ris"):
        file = SimpleUploadedFile(name, data, content_type="application/octet-stream")
        return self.client.post(UPLOAD, {"files": [file], "text": ""}, follow=True)

    def act(self, upload, act):
        address = reverse("admin:references_referenceimport_progress", args=[upload.pk])
        return self.client.post(address, {"act": act}, follow=True)


@mock.patch("references.admin.uploading.SLICE_SECONDS", 600)
class TheUploadPage(Librarians):
    def test_takes_each_hostile_file_to_its_end(self):
        for name, (_known_as, make) in HOSTILE.items():
            with self.subTest(name):
                ReferenceImport.objects.all().delete()
                self.assertEqual(self.upload(as_bytes(make(800)), name).status_code, 200)
                # A text in no format we know is refused at once, and nothing is kept of it.
                if upload := ReferenceImport.objects.first():
                    for act, state in (("go_on", "waiting"), ("start", "done")):
                        self.assertEqual(self.act(upload, act).status_code, 200)
                        upload.refresh_from_db()
                        self.assertEqual(upload.state, state)
                self.assertEqual(self.client.get(IMPORTS).status_code, 200)

    def test_refuses_a_file_of_which_nothing_can_be_told(self):
        with (
            mock.patch.object(formats.detecting, "key_of", side_effect=ZeroDivisionError),
            self.assertLogs("references"),
        ):
            answer = self.upload(GOOD.encode())

        self.assertContains(
            answer,
            "“a.ris” is not RIS: no record begins in it. Export the references again as RIS.",
        )
        self.assertFalse(ReferenceImport.objects.exists())


class AnImportThatFails(Librarians):
    def setUp(self):
        super().setUp()
        self.upload(GOOD.encode())
        self.it = ReferenceImport.objects.get()

    def test_while_it_is_looked_through_says_what_to_do_and_can_be_thrown_away(self):
        with (
            mock.patch("references.matching.Library", side_effect=KeyError),
            self.assertLogs("references"),
        ):
            answer = self.act(self.it, "go_on")

        self.assertContains(answer, "cannot be read to its end. Export the references again")
        self.it.refresh_from_db()
        self.assertEqual(self.it.state, "failed")
        # It is not tried again, whoever asks for it.
        self.assertEqual(self.act(self.it, "go_on").status_code, 200)
        self.assertContains(self.client.get(IMPORTS), "could not be read")
        self.assertContains(
            self.act(self.it, "discard"), "Nothing of it was taken into the library."
        )
        self.assertFalse(ReferenceImport.objects.exists())

    def test_while_it_goes_in_keeps_what_went_in(self):
        more = "".join(GOOD.replace("/a", f"/{n}").replace("own", f"own {n}") for n in range(150))
        self.act(self.it, "discard")
        self.upload(more.encode())
        upload = ReferenceImport.objects.get()
        self.act(upload, "go_on")
        real = importing._import_batch

        def broken(batch, report, **options):
            if report.found:
                raise TypeError("not thought of")
            real(batch, report, **options)

        with mock.patch.object(importing, "_import_batch", broken), self.assertLogs("references"):
            answer = self.act(upload, "start")

        self.assertContains(answer, "100 records were taken before: 100 new, 0 known, 0 refused.")
        self.assertContains(
            self.act(upload, "discard"), "What had gone in before stays in the library."
        )
        self.assertEqual(Reference.objects.count(), 100)

    def test_does_not_stand_in_the_way_of_another(self):
        with (
            mock.patch("references.matching.Library", side_effect=KeyError),
            self.assertLogs("references"),
        ):
            self.act(self.it, "go_on")
        self.upload(GOOD.encode(), "b.ris")
        other = ReferenceImport.objects.get(file_name="b.ris")
        self.act(other, "go_on")
        self.act(other, "start")

        self.assertEqual(Reference.objects.count(), 1)

    def test_can_be_thrown_away_while_it_is_being_looked_through_or_goes_in(self):
        for state in ("looking", "running"):
            with self.subTest(state):
                upload = importing.receive(
                    GOOD.encode(), file_name="c.ris", by=None, at=LATER, preview_first=True
                )
                ReferenceImport.objects.filter(pk=upload.pk).update(state=state)
                address = reverse("admin:references_referenceimport_progress", args=[upload.pk])
                self.assertContains(self.client.get(address), "Throw away")
                self.act(upload, "discard")
                self.assertFalse(ReferenceImport.objects.filter(pk=upload.pk).exists())

    def test_because_somebody_threw_it_away_leads_to_the_list(self):
        upload = importing.receive(GOOD.encode(), file_name="c.ris", by=None, at=LATER)

        def thrown_away(*given, **options):
            ReferenceImport.objects.filter(pk=upload.pk).delete()
            raise ReferenceImport.DoesNotExist

        with mock.patch.object(importing, "_import_batch_in_turn", thrown_away):
            answer = self.act(upload, "start")

        self.assertEqual(answer.redirect_chain[-1][0], IMPORTS)

    def test_in_one_record_alone_refuses_that_record_in_the_preview(self):
        with mock.patch.object(citing, "ama", side_effect=KeyError), self.assertLogs("references"):
            answer = self.act(self.it, "go_on")

        self.assertContains(answer, "Found 1: 0 new, 0 known already, 0 to compare, 1 refused.")
        self.assertContains(answer, limits.UNREADABLE)


class TheCommand(TestCase):
    def run_it(self, data):
        out, err, code = StringIO(), StringIO(), 0
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.txt"
            path.write_bytes(data)
            try:
                call_command("import_references", str(path), stdout=out, stderr=err)
            except SystemExit as ended:
                code = ended.code
        return code, out.getvalue().splitlines()[-1], err.getvalue()

    def test_ends_each_hostile_file_with_the_counts(self):
        for name, (_known_as, make) in HOSTILE.items():
            with self.subTest(name):
                code, last, errors = self.run_it(as_bytes(make(800)))
                counts = re.fullmatch(
                    r"found ([0-9]+), created ([0-9]+), merged ([0-9]+), refused ([0-9]+)", last
                )
                found, created, merged, refused = map(int, counts.groups())
                self.assertEqual(found, created + merged + refused)
                self.assertEqual(code, 2 if errors else int(refused > 0))

    def test_ends_so_when_the_import_fails_in_a_way_nobody_thought_of(self):
        with (
            mock.patch.object(importing, "import_file", side_effect=KeyError),
            self.assertLogs("references"),
        ):
            code, last, errors = self.run_it(GOOD.encode())

        self.assertEqual((code, last), (2, "found 0, created 0, merged 0, refused 0"))
        self.assertIn("Export the references again", errors)
