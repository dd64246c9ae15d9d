"""What an import would do, told before anything is written: every record counted, the first ones shown.

Looks records up the way references.importing does, in slices, so that a large file is looked through in as many
requests as it takes and nobody's browser gives up on it.
"""

from itertools import islice

from . import citing, formats, matching
from .importing import BATCH
from .models import Reference, ReferenceImport

SHOWN = 50
#: How many refusals are told before the import; its report has all of them.
_REFUSALS = 200

NEW, KNOWN, COMPARE, REFUSED = "new", "known", "compare", "refused"


def look(upload, *, until=None):
    """Look through a ReferenceImport, going on where the last call stopped; its `preview` so far.

    {"counts": {new, known, compare, refused}, "rows": [the first, as dicts], "refusals": […]}. Records that a person
    should compare are counted as such and go in as new ones. `until` says after each batch whether to stop.
    """
    if upload.state != ReferenceImport.State.LOOKING:
        return upload.preview
    preview = upload.preview or {"counts": dict.fromkeys((NEW, KNOWN, COMPARE, REFUSED), 0), "rows": [], "refusals": []}
    seen = matching.Library([])
    records = formats.read(bytes(upload.content), upload.file_name, as_format=upload.format)
    for record in islice(records, sum(preview["counts"].values())):
        # Not looked up again, only remembered: later records of the file may be the same work.
        if not record.refused:
            seen.add(_draft(record))
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
    drafts = {record.number: _draft(record) for record in batch if not record.refused}
    library = matching.Library(drafts.values(), [record.uid for record in batch])
    for record in batch:
        row = {"number": record.number, "line": record.line}
        if record.refused:
            row |= {"is": REFUSED, "text": record.raw.strip()[:200], "why": record.refused}
            if len(preview["refusals"]) < _REFUSALS:
                preview["refusals"].append(row)
        else:
            row |= _standing(record, drafts[record.number], library, seen)
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


def _draft(record):
    is_whole = record.isbn13 and matching.is_whole(record.csl["type"])
    draft = Reference(csl=record.csl, isbn13=record.isbn13 if is_whole else None)
    draft.derive()
    return draft
