"""What an import would do, told before anything is written: every record counted, the first ones
shown.

Looks records up the way references.importing does, in slices, so that a large file is looked
through in as many requests as it takes and nobody's browser gives up on it.
"""

import logging
from dataclasses import replace
from itertools import islice

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from . import citing, formats, importing, matching
from .formats import limits
from .importing import BATCH
from .models import Reference, ReferenceImport

SHOWN = 50
#: How many refusals are told before the import; its report has all of them.
_REFUSALS = 200

NEW, KNOWN, COMPARE, REFUSED = "new", "known", "compare", "refused"


logger = logging.getLogger(__name__)


def look(upload, *, until=None, now=timezone.now):
    """Look through a ReferenceImport, going on where the last call stopped; its `preview` so far.

    {"counts": {new, known, compare, refused}, "rows": [the first, as dicts], "refusals": […]}.
    Records that a person should compare are counted as such and go in as new ones. `until` says
    after each batch whether to stop. Raises formats.CannotRead where the file cannot be read to its
    end; the import has failed then.
    """
    if upload.state != ReferenceImport.State.LOOKING:
        return upload.preview
    try:
        return _look(upload, until)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        raise importing.failed(upload, problem, at=now()) from problem


def _look(upload, until):
    preview = upload.preview or {
        "counts": dict.fromkeys((NEW, KNOWN, COMPARE, REFUSED), 0),
        "rows": [],
        "refusals": [],
    }
    seen = matching.Library([])
    records = formats.read(bytes(upload.content), upload.file_name, as_format=upload.format)
    for record in islice(records, sum(preview["counts"].values())):
        # Not looked up again, only remembered: later records of the file may be the same work.
        record, draft = _drafted(record)
        if draft is not None:
            seen.add(draft)
    while batch := list(islice(records, BATCH)):
        _tell(batch, seen, preview)
        if until and until():
            break
    else:
        upload.state = ReferenceImport.State.WAITING
    upload.preview = preview
    upload.save(update_fields=["preview", "state"])
    return preview


def _tell(batch, seen, preview):
    drafted = [_drafted(record) for record in batch]
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
                row |= _standing(record, drafts[record.number], library, seen)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("Record %s could not be compared with the library.", record.number)
                row |= {"is": REFUSED, "text": record.raw.strip()[:200], "why": limits.UNREADABLE}
                preview["refusals"].append(row)
        preview["counts"][row["is"]] += 1
        if len(preview["rows"]) < SHOWN:
            preview["rows"].append(row)


def _standing(record, draft, library, seen):
    row = {"text": citing.ama(draft.csl), "remarks": list(record.warnings)[:3]}
    if found := library.match(draft, record.uid):
        return row | {"is": KNOWN, "pk": found.reference.pk}
    if seen.match(draft):
        return row | {"is": KNOWN, "pk": None}
    alike = library.alike(draft)
    seen.add(draft)
    return row | ({"is": COMPARE, "pk": alike[0].pk} if alike else {"is": NEW, "pk": None})


def _drafted(record):
    """(`record`, what it would be in the library), or (`record` refused, None)."""
    if record.refused:
        return record, None
    try:
        return record, _draft_of(record)
    except Exception:
        logger.exception("Record %s could not be looked at.", record.number)
        return replace(record, csl={}, refused=limits.UNREADABLE), None


def _draft_of(record):
    is_whole = record.isbn13 and matching.is_whole(record.csl["type"])
    draft = Reference(csl=record.csl, isbn13=record.isbn13 if is_whole else None)
    draft.derive()
    return draft
