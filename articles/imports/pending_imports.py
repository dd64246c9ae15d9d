"""A document that one person is looking through before it becomes a draft.

It ends in a draft, or it is thrown away.
"""

import re
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from articles import imports
from articles.models import PendingImport, PendingPicture
from articles.richtext.cleaning import plain_text

from . import Choices, Document, DocumentLine, making_drafts, raised
from .pictures import DocumentPicture

#: The fields of a DocumentLine as JSON values.
StoredLine = dict[str, Any]


class Gone(Exception):
    """Another window has made a draft of this import, or thrown it away."""


def begin(data: bytes, file_name: str, *, by: User, at: datetime) -> tuple[PendingImport, bool]:
    """Return (pending import, whether it is new) for the document in the bytes `data`.

    If `by` has begun with the same document before, that import comes back. Raises
    imports.CannotRead and then stores nothing.
    """
    document = imports.read_document(data, file_name)
    imported = imports.structure(document.lines, document.messages)
    imports.check_body(imported.body_html)
    with transaction.atomic():
        pending, is_new = PendingImport.objects.get_or_create(
            by=by,
            sha256=document.sha256,
            defaults={
                "begun_at": at,
                "changed_at": at,
                "title": (imported.title or document.file_name)[:150],
                "file_name": document.file_name,
                "lines": [asdict(line) for line in document.lines],
                "notes": document.messages,
            },
        )
        if is_new:
            PendingPicture.objects.bulk_create(
                PendingPicture(pending=pending, **picture._asdict())
                for picture in document.pictures
            )
    return pending, is_new


def document_of(pending: PendingImport, *, with_pictures: bool = False) -> Document:
    """Return the document as it was read when the import began.

    Its pictures come only `with_pictures`: they may be megabytes.
    """
    stored = pending.lines
    if pending.file_name.lower().endswith(".docx") and not any("note" in line for line in stored):
        stored = _with_footnotes(stored)
    lines = [DocumentLine(**_with_raised_digits(line)) for line in stored]
    pictures = [
        DocumentPicture(one.line, one.alt, bytes(one.data))
        for one in (pending.pictures.all() if with_pictures else ())
    ]
    return Document(pending.file_name, pending.sha256, lines, pending.notes, pictures)


def _with_footnotes(stored: list[StoredLine]) -> list[StoredLine]:
    """Return the stored lines of a Word file as they are stored today, with named footnotes.

    Older versions stored a footnote as a line that ends in an arrow, and its mark like the number
    of a reference.
    """
    arrows = [line["number"] for line in stored if line["text"].endswith("↑")]
    names = {number: f"note {count}" for count, number in enumerate(arrows, start=1)}
    return [
        _with_footnote(line, names.get(line["number"], ""), set(names.values())) for line in stored
    ]


def _with_footnote(line: StoredLine, name: str, names: Collection[str]) -> StoredLine:
    """Return `line` as the footnote `name`, or, without a name, with the marks of `names`."""
    if name:
        words = {kind: line[kind].removesuffix("↑").rstrip() for kind in ("text", "html")}
        return line | words | {"kind": "text", "is_numbered": False, "mark": "", "note": name}

    def mark_of_footnote(found: re.Match[str]) -> str:
        return f"[note {found[1]}]" if f"note {found[1]}" in names else found[0]

    html = re.sub(r"<sup>\[(\d+)\]</sup>", mark_of_footnote, line["html"])
    if html == line["html"]:
        return line
    return line | {"html": html, "text": " ".join(plain_text(html).split())}


def _with_raised_digits(line: StoredLine) -> StoredLine:
    """Return `line` as it is stored today. Older versions glued raised digits to their words."""
    html = raised.raise_in_html(line["html"])
    return (
        line if html == line["html"] else line | {"html": html, "text": raised.plain_text_of(html)}
    )


def choices_of(pending: PendingImport) -> Choices:
    return Choices.from_json(pending.choices)


def keep_choices(pending: PendingImport, choices: Choices, *, at: datetime) -> None:
    """Store what was decided so far."""
    pending.choices, pending.changed_at = choices.as_json(), at
    pending.save(update_fields=["choices", "changed_at"])


@transaction.atomic
def make(
    pending: PendingImport, *, by: User, at: datetime, allow_duplicate: bool = False
) -> making_drafts.ImportedDraft:
    """Make a draft of the pending import, and delete the import.

    Raises Gone if another window was quicker, and whatever making_drafts.make_draft raises. Then
    nothing changes.
    """
    document = document_of(pending, with_pictures=True)
    # Deleted before a draft is made: of two windows only one gets a row to delete.
    deleted, _ = PendingImport.objects.filter(pk=pending.pk, by=by).delete()
    if not deleted:
        raise Gone
    return making_drafts.make_draft(
        document,
        by=by,
        at=at,
        allow_duplicate=allow_duplicate,
        choices=choices_of(pending),
    )
