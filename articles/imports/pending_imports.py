"""A document on its way to a draft: read, looked through by one person, then made or thrown away."""

from dataclasses import asdict

from django.db import transaction

from articles import imports
from articles.models import PendingImport

from . import Choices, Document, Line, drafting


class Gone(Exception):
    """This import was made or thrown away meanwhile."""


def begin(data, file_name, *, by, at):
    """(PendingImport, whether it is new) for the document in the bytes `data`: the one `by` has begun, if there is one.

    Raises importing.CannotRead; then nothing is kept.
    """
    document = imports.read_document(data, file_name)
    read = imports.structure(document.lines, document.notes)
    imports.check_body(read.body_html)
    return PendingImport.objects.get_or_create(
        by=by,
        sha256=document.sha256,
        defaults={
            "begun_at": at,
            "changed_at": at,
            "title": (read.title or document.file_name)[:150],
            "file_name": document.file_name,
            "lines": [asdict(line) for line in document.lines],
            "notes": document.notes,
        },
    )


def document_of(pending):
    lines = [Line(**line) for line in pending.lines]
    return Document(pending.file_name, pending.sha256, lines, pending.notes)


def choices_of(pending):
    return Choices.from_json(pending.choices)


def keep(pending, choices, *, at):
    """Remember what was decided so far."""
    pending.choices, pending.changed_at = choices.as_json(), at
    pending.save(update_fields=["choices", "changed_at"])


@transaction.atomic
def make(pending, *, by, at, again=False):
    """The drafting.Draft of what was looked through; the pending import is gone with it.

    Raises Gone when it was made in another window, and what drafting.make_draft raises; then all stays as it was.
    """
    # Deleted first: of two windows only one gets a row to delete, so only one makes a draft.
    deleted, _ = PendingImport.objects.filter(pk=pending.pk, by=by).delete()
    if not deleted:
        raise Gone
    return drafting.make_draft(document_of(pending), by=by, at=at, again=again, choices=choices_of(pending))
