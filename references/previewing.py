"""What an import would do, before anything is written: all records counted, the first ones shown.

Records are looked up as references.importing does, and in slices from one request to the next, so
that no request for a large file takes too long.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypedDict

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from . import citing, importing, integrity, matching
from .formats import limits
from .importing import BATCH
from .models import Reference, ReferenceImport

SHOWN = 50
#: How many refusals the preview names; the report of the import has all of them.
_REFUSALS = 200

NEW, KNOWN, COMPARE, REFUSED = "new", "known", "compare", "refused"


logger = logging.getLogger(__name__)


#: One record of the file. “is” is NEW, KNOWN, COMPARE or REFUSED; “why” says why it was refused.
#: “pk” is the reference that it is, or is to be compared with. It is None for a new work, and where
#: the same work came earlier in the file.
PreviewRow = TypedDict(
    "PreviewRow",
    {
        "number": int,
        "line": int,
        "is": str,
        "text": str,
        "why": str,
        "remarks": list[str],
        "pk": int | None,
    },
    total=False,
)


class MarkedRow(TypedDict):
    """A work of the file that is retracted, doubted or corrected by what its record says."""

    number: int
    line: int
    text: str
    state: str


class Preview(TypedDict):
    """What ReferenceImport.preview holds.

    `rows` are the first records of the file, `marked` all whose works are in question.
    """

    counts: dict[str, int]
    rows: list[PreviewRow]
    marked: list[MarkedRow]
    refusals: list[PreviewRow]


def preview_upload(
    upload: ReferenceImport,
    *,
    until: Callable[[], bool] | None = None,
    now: Callable[[], datetime] = timezone.now,
) -> Preview:
    """Look through a ReferenceImport, from where the last call stopped; its `preview` so far.

    Records that a person should compare are counted as such, and the import adds them as new ones.
    `until` is called after each batch and says whether to pause. Raises formats.CannotRead where
    the file cannot be read to its end; the import has failed then.
    """
    if upload.state != ReferenceImport.State.LOOKING:
        return upload.preview
    try:
        return _preview_rest(upload, until)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Another process may have gone further with it meanwhile.
        ahead = ReferenceImport.objects.exclude(state=ReferenceImport.State.LOOKING)
        if ahead.filter(pk=upload.pk).exists():
            upload.refresh_from_db()
            return upload.preview
        raise importing.mark_failed(upload, error, at=now()) from error


def _preview_rest(upload, until):
    preview = upload.preview or {
        "counts": dict.fromkeys((NEW, KNOWN, COMPARE, REFUSED), 0),
        "rows": [],
        "marked": [],
        "refusals": [],
    }
    earlier = matching.Library([])
    records = importing.records_of(upload)
    for record in islice(records, sum(preview["counts"].values())):
        # Counted by an earlier call. Later records of the file may be the same work.
        record, draft = _record_and_draft(record)
        if draft is not None:
            earlier.add(draft)
    while batch := list(islice(records, BATCH)):
        _add_rows(batch, earlier, preview)
        if until and until():
            break
    else:
        upload.state = ReferenceImport.State.WAITING
    upload.preview = preview
    upload.save(update_fields=["preview", "state"])
    return preview


def _add_rows(batch, earlier, preview):
    drafted = [_record_and_draft(record) for record in batch]
    drafts = {record.number: draft for record, draft in drafted if draft is not None}
    library = matching.Library(drafts.values(), [record.uid for record in batch])
    for record, _draft in drafted:
        row = {"number": record.number, "line": record.line}
        if record.refused:
            row |= {"is": REFUSED, "text": record.raw.strip()[:200], "why": record.refused}
            if len(preview["refusals"]) < _REFUSALS:
                preview["refusals"].append(row)
        else:
            try:
                row |= _outcome(record, drafts[record.number], library, earlier)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("Record %s could not be compared with the library.", record.number)
                row |= {"is": REFUSED, "text": record.raw.strip()[:200], "why": limits.UNREADABLE}
                preview["refusals"].append(row)
        if said := not record.refused and integrity.what_a_record_says(record):
            # A preview that began before this was kept has no such list.
            preview.setdefault("marked", []).append(
                {
                    "number": record.number,
                    "line": record.line,
                    "text": row["text"][:600],
                    "state": said,
                }
            )
        preview["counts"][row["is"]] += 1
        if len(preview["rows"]) < SHOWN:
            preview["rows"].append(row)


def _outcome(record, draft, library, earlier):
    """Return what the import would make of a record that can be read."""
    row = {"text": citing.ama(draft.csl), "remarks": list(record.warnings)[:3]}
    if match := library.match(draft, record.uid):
        return row | {"is": KNOWN, "pk": match.reference.pk}
    if earlier.match(draft):
        return row | {"is": KNOWN, "pk": None}
    to_compare = [holder for _name, holder in library.give_up_identifiers(draft)]
    to_compare += library.to_compare(draft)
    for name, _holder in earlier.give_up_identifiers(draft):
        row["remarks"].append(
            f"It has the {name} of another work in this file, and is added without it."
        )
    earlier.add(draft)
    if to_compare:
        return row | {"is": COMPARE, "pk": to_compare[0].pk}
    return row | {"is": NEW, "pk": None}


def _record_and_draft(record):
    """Return `record` and what it would be in the library.

    For a refused record, itself and None.
    """
    if record.refused:
        return record, None
    try:
        return record, _draft_of(record)
    except Exception:
        logger.exception("Record %s could not be looked at.", record.number)
        return replace(record, csl={}, refused=limits.UNREADABLE), None


def _draft_of(record):
    draft = Reference(csl=record.csl, isbn13=importing.own_isbn(record))
    draft.derive()
    return draft
