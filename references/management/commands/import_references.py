"""manage.py import_references FILE…: import files of references into the evidence library."""

import logging
import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone
from tqdm import tqdm

from references import formats, importing, integrity

#: Exit codes of every command: all was done, something was refused, nothing could be done.
ALL, SOME, NOTHING = 0, 1, 2
#: Where no progress bar can be shown, a line says how far it is after this many records.
_RECORDS_PER_LINE = 2000

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Brings references into the library from RIS, BibTeX, NBIB, CSL-JSON, Crossref JSON or"
        " PubMed XML files, or typed lists. A work that is there already is not added again, so a"
        " file may be imported twice."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--by", help="The user name of the person who imports, for the records."
        )

    def handle(self, *, files, by=None, **options):
        by = self._person(by)
        reports, unread = [], 0
        for file in files:
            try:
                reports.append(self._import(file, by))
            except OSError as error:
                unread += 1
                self.stderr.write(f"{file} cannot be opened: {error.strerror}.")
            except formats.CannotRead as error:
                unread += 1
                self.stderr.write(str(error))
            except OperationalError:
                unread += 1
                self.stderr.write(
                    f"{file} broke off: the database is busy or out of reach. Run the same command"
                    " again. What went in stays, and the rest follows."
                )
            except Exception:
                unread += 1
                logger.exception("The import of %s failed.", file)
                self.stderr.write(
                    f"{file} broke off. What went in stays. Export the references again, or in"
                    " another format, and import that file."
                )
        totals = [sum(getattr(report, count) for report in reports) for count in _COUNTS]
        self.stdout.write("found {}, created {}, merged {}, refused {}".format(*totals))
        if not reports:
            sys.exit(NOTHING)
        if unread or totals[-1]:
            sys.exit(SOME)

    def _import(self, file, by):
        size = file.stat().st_size
        formats.check_size(size)
        with file.open("rb") as stream:
            is_terminal = sys.stderr.isatty()
            bar = tqdm(
                total=size,
                unit="B",
                unit_scale=True,
                desc=file.name,
                disable=not is_terminal,
                leave=False,
            )
            last_line_at = 0

            def progress(report):
                nonlocal last_line_at
                bar.update(max(0, stream.tell() - bar.n))
                bar.set_postfix_str(f"{report.found:,} records", refresh=False)
                if not is_terminal and report.found - last_line_at >= _RECORDS_PER_LINE:
                    last_line_at = report.found
                    self.stdout.write(f"{file.name}: {report.found:,} records so far")
                    self.stdout.flush()

            with bar:
                report = importing.import_file(
                    stream, file_name=file.name, by=by, at=timezone.now(), progress=progress
                )
        for line in lines_of_report(report):
            self.stdout.write(line)
        return report

    @staticmethod
    def _person(name):
        if not name:
            return None
        try:
            return get_user_model().objects.get(username=name)
        except get_user_model().DoesNotExist:
            raise CommandError(
                f"Nobody here is called “{name}”. Give a user name.", returncode=NOTHING
            ) from None


_COUNTS = ("found", "created", "merged", "refused")


def lines_of_report(report):
    """Give lines about one file: the counts, every refusal, and what a person should look at."""
    counts = ", ".join(f"{name} {getattr(report, name)}" for name in _COUNTS)
    yield f"{report.file_name}: {counts}"
    for marked in sorted(report.marked, key=lambda one: -integrity.GRAVITY.index(one.state)):
        yield f"  {marked.state}: record {marked.number}, line {marked.line}: {marked.text}"
    for refusal in report.refusals:
        yield (
            f"  refused: {refusal.file}, record {refusal.number}, line {refusal.line}:"
            f" {refusal.reason}"
        )
    if report.refusals_left_out:
        yield f"  and {report.refusals_left_out} more refused"
    for note in report.remarks:
        compare = f" ({', '.join(note.compare)})" if note.compare else ""
        yield f"  note: record {note.number}, line {note.line}: {note.text}{compare}"
    if report.remarks_left_out:
        yield f"  and {report.remarks_left_out} more notes"
