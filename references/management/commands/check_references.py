"""manage.py check_references: check that works are what they say, and that none was retracted."""

import sys
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from references import checking, integrity, retraction_watch
from references.models import Identity, Integrity, Reference

#: Exit codes of every command: all was done, something was refused, nothing could be done.
ALL, SOME, NOTHING = 0, 1, 2

#: After this many look-ups in a row without an answer, the command stops.
_MAX_FAILURES_IN_A_ROW = 5


class Command(BaseCommand):
    help = (
        "Looks references up with Crossref and PubMed, or in the Retraction Watch file. What cannot"
        " be asked stays as it was. Pages that cite a retracted work are marked in the same run."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "uid", nargs="*", help="Only these references; without any, all of them."
        )
        parser.add_argument(
            "--retraction-watch", type=Path, metavar="FILE", help="Read this file; asks nobody."
        )
        parser.add_argument(
            "--identity",
            action="store_true",
            help="Only: do identifiers lead to the work described?",
        )
        parser.add_argument(
            "--integrity", action="store_true", help="Only: was anything retracted or corrected?"
        )

    def handle(self, **options):
        references = self._references(options["uid"])
        of_identity, of_integrity = options["identity"], options["integrity"]
        if options["retraction_watch"]:
            self._read_file(options["retraction_watch"], references)
            if not (of_identity or of_integrity):
                return
        if settings.LOOKUP == "off":
            raise CommandError('LOOKUP is "off": this site looks nothing up.', returncode=NOTHING)
        if not (of_identity or of_integrity):
            of_identity = of_integrity = True
        self._look_up(references, of_identity=of_identity, of_integrity=of_integrity)

    @staticmethod
    def _references(uids):
        references = Reference.objects.current().order_by("pk")
        if not uids:
            return references
        try:
            chosen = references.filter(uid__in=uids)
            unknown = set(uids) - {str(uid) for uid in chosen.values_list("uid", flat=True)}
        except ValidationError:
            raise CommandError(
                "Write each reference as its uid, as its page shows it.", returncode=NOTHING
            ) from None
        if unknown:
            raise CommandError(
                f"No reference has the uid {', '.join(sorted(unknown))}.", returncode=NOTHING
            )
        return chosen

    def _read_file(self, path, references):
        try:
            lines, matches = retraction_watch.matches(path, references)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be opened: {error.strerror}.", returncode=NOTHING
            ) from error
        except retraction_watch.NotTheFile as error:
            raise CommandError(str(error), returncode=NOTHING) from error
        new = 0
        for match in matches:
            reference = Reference.objects.get(pk=match.pk)
            stated = Integrity.NOTICE if match.is_notice and not match.notices else ""
            rows = integrity.record_notices(
                reference,
                match.notices,
                stated=stated,
                is_checked=False,
                by=None,
                at=timezone.now(),
            )
            reference.refresh_from_db()
            new += len(rows)
            _write_notices(self.stdout.write, reference, rows)
        self.stdout.write(
            f"{lines} lines read, {len(matches)} references named in them, {new} new notices"
        )

    def _look_up(self, references, *, of_identity, of_integrity):
        counts, failures_in_a_row, total = Counter(), 0, references.count()
        # Read the keys first: this can take hours, and no cursor should stay open that long.
        keys = list(references.values_list("pk", flat=True))
        bar = tqdm(keys, disable=not self.stdout.isatty(), unit=" references")
        write = self.stdout.write if bar.disable else bar.write
        for pk in bar:
            reference = Reference.objects.get(pk=pk)
            checked = checking.check(
                reference,
                by=None,
                at=timezone.now(),
                of_identity=of_identity,
                of_integrity=of_integrity,
            )
            counts["checked" if checked.is_checked else "not checked"] += 1
            counts["another work"] += (
                of_identity and checked.reference.identity == Identity.MISMATCH
            )
            counts["new notices"] += len(checked.new)
            write(f"{checked.reference.uid} {checked.reference}: {checked.sentence}"[:600])
            _write_notices(write, checked.reference, checked.new)
            has_failed = checked.answers and all(answer.is_failure for answer in checked.answers)
            failures_in_a_row = failures_in_a_row + 1 if has_failed else 0
            if failures_in_a_row == _MAX_FAILURES_IN_A_ROW:
                write(
                    f"Stopped: {_MAX_FAILURES_IN_A_ROW} look-ups in a row failed."
                    " Run it again later."
                )
                break
        not_asked = total - counts["checked"] - counts["not checked"]
        self.stdout.write(
            f"found {total}, checked {counts['checked']}, another work {counts['another work']}, "
            f"new notices {counts['new notices']}, not checked {counts['not checked'] + not_asked}"
        )
        if total and not counts["checked"]:
            sys.exit(NOTHING)
        if counts["checked"] < total:
            sys.exit(SOME)


def _write_notices(write, reference, rows):
    for row in rows:
        label = f" ({row.label})" if row.label else ""
        write(f"  new: {row.get_kind_display()} of {reference}, by {row.source}{label}")
        for sentence in row.consequences:
            write(f"    {sentence}")
