"""A document on its way to a draft.

Read, looked through by one person, then made or thrown away.
"""

import re
from dataclasses import asdict

from django.db import transaction

from articles import imports
from articles.models import PendingImport
from articles.richtext.cleaning import plain_text

from . import Choices, Document, DocumentLine, drafting


class Gone(Exception):
    """This import was made or thrown away meanwhile."""


def begin(data, file_name, *, by, at):
    """(PendingImport, whether it is new) for the document in the bytes `data`: the one `by` has
    begun, if there is one.

    Raises imports.CannotRead; then nothing is kept.
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
    stored = pending.lines
    if pending.file_name.lower().endswith(".docx") and not any("note" in line for line in stored):
        stored = _with_notes(stored)
    lines = [DocumentLine(**line) for line in stored]
    return Document(pending.file_name, pending.sha256, lines, pending.notes)


def _with_notes(stored):
    """The `stored` lines of a Word file with its notes told apart, as lines are kept today.

    Before, a note was a line that ends in an arrow, and its mark looked like a reference's number.
    """
    arrows = [line["number"] for line in stored if line["text"].endswith("↑")]
    names = {number: f"note {count}" for count, number in enumerate(arrows, start=1)}
    return [_with_note(line, names.get(line["number"], ""), set(names.values())) for line in stored]


def _with_note(line, name, names):
    if name:
        words = {kind: line[kind].removesuffix("↑").rstrip() for kind in ("text", "html")}
        return line | words | {"kind": "text", "is_numbered": False, "mark": "", "note": name}

    def named(found):
        return f"[note {found[1]}]" if f"note {found[1]}" in names else found[0]

    html = re.sub(r"<sup>\[(\d+)\]</sup>", named, line["html"])
    if html == line["html"]:
        return line
    return line | {"html": html, "text": " ".join(plain_text(html).split())}


def choices_of(pending):
    return Choices.from_json(pending.choices)


def keep_choices(pending, choices, *, at):
    """Remember what was decided so far."""
    pending.choices, pending.changed_at = choices.as_json(), at
    pending.save(update_fields=["choices", "changed_at"])


@transaction.atomic
def make(pending, *, by, at, again=False):
    """The drafting.Draft of what was looked through; the pending import is gone with it.

    Raises Gone when it was made in another window, and what drafting.make_draft raises; then all
    stays as it was.
    """
    # Deleted first: of two windows only one gets a row to delete, so only one makes a draft.
    deleted, _ = PendingImport.objects.filter(pk=pending.pk, by=by).delete()
    if not deleted:
        raise Gone
    return drafting.make_draft(
        document_of(pending), by=by, at=at, again=again, choices=choices_of(pending)
    )
