"""manage.py import_article FILE: make a draft of a document."""

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.imports import CannotRead, check_size, making_drafts

#: Exit codes of every command: all was done, something was refused, nothing could be done.
ALL, SOME, NOTHING = 0, 1, 2


class Command(BaseCommand):
    help = "Makes a draft of an article in a .txt, .md, .html or .docx file. Nothing is published."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--owner", help="The user name of the clinician who will own the draft."
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="Import it even if the same file was imported before.",
        )

    def handle(self, *, file, owner=None, again=False, **options):
        by = self._owner(owner)
        try:
            check_size(file.stat().st_size)
            draft = making_drafts.import_article(
                file.read_bytes(), file.name, by=by, at=timezone.now(), allow_duplicate=again
            )
        except OSError as error:
            raise CommandError(
                f"{file} cannot be opened: {error.strerror}.", returncode=NOTHING
            ) from error
        except CannotRead as error:
            raise CommandError(str(error), returncode=NOTHING) from error
        except making_drafts.AlreadyImported as error:
            self.stdout.write(f"{error} Add --again to import it once more.")
            return
        for line in report(draft):
            self.stdout.write(line)
        if draft.unread_references:
            sys.exit(SOME)

    @staticmethod
    def _owner(name):
        if not name:
            return None
        try:
            return get_user_model().objects.get(username=name)
        except get_user_model().DoesNotExist:
            raise CommandError(
                f"Nobody here is called “{name}”. Give a user name.", returncode=NOTHING
            ) from None


def report(draft):
    """Give lines that say what was made, what was repaired, and what a person should look at."""
    yield from _report_on_article(draft)
    yield from _report_on_references(draft)
    yield from _report_on_source(draft.imported)


def _report_on_article(draft):
    imported, article = draft.imported, draft.article
    levels = [section.level for section in imported.sections]
    yield f"Draft made: {article.title}"
    yield f"  address          /admin/articles/article/{article.pk}/change/"
    yield f"  kicker           {article.kicker or '(none)'}"
    yield f"  tags             {len(imported.tags)}: {', '.join(imported.tags) or '(none)'}"
    yield f"  sections         {levels.count(2)} h2 and {levels.count(3)} h3"
    if imported.comparison:
        sides = f"{imported.comparison.here_name} / {imported.comparison.there_name}"
        yield f"  comparison       {sides}, {len(imported.comparison.rows)} lines"
    counts = {
        "key points": imported.key_points,
        "conditions": imported.conditions,
        "indications": imported.indications,
        "what happens": imported.steps,
        "side effects": imported.side_effects,
        "contraindications": imported.contraindications,
        "recommendations": imported.recommendations,
        "when to get help": imported.help_advice,
        "other options": imported.alternatives,
        "questions": imported.questions,
    }
    for name, rows in counts.items():
        yield f"  {name:<16} {len(rows)}"


def _report_on_references(draft):
    new = sum(added.is_new for added in draft.references)
    repaired = [added for added in draft.references if added.reference.repairs]
    yield (
        f"  references       {len(draft.imported.references)}: {new} new,"
        f" {len(draft.references) - new} known already"
    )
    for added in repaired:
        rules = ", ".join(added.reference.repairs)
        yield f"    repaired, verify: {added.reference.doi or added.reference.title} ({rules})"
    for line, text, reason in draft.unread_references:
        yield f"    line {line}, fill in by hand: {text[:80]} ({reason})"


def _report_on_source(imported):
    yield f"  suggested claims {len(imported.suggested_claims)}, none accepted"
    for claim in imported.suggested_claims:
        yield f"    line {claim.line}: {claim.text}"
        for citation in claim.citations:
            yield f"      cites {citation.typed}: {citation.said}"
        for name, words in claim.notes:
            yield f"      {name}: {words}"
    unplaced = [use for use in imported.line_uses if use.is_unplaced]
    yield f"  source lines     {len(imported.line_uses)} accounted for, {len(unplaced)} not placed"
    for use in unplaced:
        yield f"    line {use.line}: {use.text[:100]} ({use.why})"
    for message in imported.messages:
        yield f"  note: {message}"
