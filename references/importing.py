"""Bringing the records of a file into the library: each work once, and every record accounted for.

Records go in by small batches, each in a transaction of its own. A process that dies leaves whole
batches and nothing else. Importing the same file again finds what is there already, and adds the
rest.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, cast

from django.contrib.auth.models import User
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone

from . import changes, citing, formats, integrity, matching, versions
from .formats import conforming
from .formats.decoding import storable
from .formats.records import Record
from .models import (
    Identity,
    ImportedFile,
    Notice,
    Origin,
    Reference,
    ReferenceImport,
    SourceRecord,
)

BATCH = 100
#: Notes about records that did go in: enough to act on, not a second copy of the file.
MOST_NOTES = 500
#: All refusals are counted, and as many kept as a person reads: each batch writes the report again.
MOST_REFUSALS = 5000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """A record of a file that did not go in, and why."""

    file: str
    number: int
    line: int
    reason: str


@dataclass(frozen=True)
class ImportNote:
    """Something to know about a record that went in.

    `compare` holds uids of references that may be the same work.
    """

    number: int
    line: int
    text: str
    compare: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkedRecord:
    """A work that is retracted, doubted or corrected by what its record says.

    `text` is its printed line, `state` a value of references.models.Integrity.
    """

    number: int
    line: int
    text: str
    state: str


@dataclass
class Report:
    """What became of the records of one file: found = created + merged + refused.

    It is stored as JSON in ReferenceImport.report, which gives `remarks` (the notes) its name.
    """

    file_name: str
    created: int = 0
    merged: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[ImportNote] = field(default_factory=list)
    remarks_left_out: int = 0
    refusals_left_out: int = 0
    marked: list[MarkedRecord] = field(default_factory=list)

    @property
    def found(self) -> int:
        return self.created + self.merged + self.refused

    def refuse(self, record: Record, reason: str) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(Refusal(self.file_name, record.number, record.line, reason))
        else:
            self.refusals_left_out += 1

    def add_note(self, record: Record, text: str, compare: Iterable[Reference] = ()) -> None:
        if len(self.remarks) < MOST_NOTES:
            self.remarks.append(
                ImportNote(record.number, record.line, text, tuple(str(row.uid) for row in compare))
            )
        else:
            self.remarks_left_out += 1

    def add_if_marked(self, record: Record) -> None:
        if said := integrity.what_a_record_says(record):
            self.marked.append(
                MarkedRecord(record.number, record.line, citing.ama(record.csl)[:600], said)
            )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"found": self.found}


def import_records(
    records: Iterable[Record],
    *,
    file_name: str,
    by: User | None,
    at: datetime,
    origin: Origin = Origin.MANUAL,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Bring `records` (as formats.read gives them; may be endless) into the library.

    A record of a work that the library has is merged into it: that fills empty fields and
    overwrites none. `by` may be None for the site itself. `progress` is called with the Report
    after each batch, outside any transaction.
    """
    file_name = storable(file_name)
    report = Report(file_name)
    remaining, next_refresh = iter(records), 4 * BATCH
    while batch := list(islice(remaining, BATCH)):
        _import_batch(batch, report, file_name=file_name, by=by, at=at, origin=origin)
        if report.created >= next_refresh:
            _refresh_statistics()
            next_refresh *= 2
        if progress:
            progress(report)
    return report


def _import_batch(batch, report, **options):
    batch = [conforming.conform_record(record) for record in batch]
    for record in batch:
        if record.refused:
            report.refuse(record, record.refused)
    _write_together([record for record in batch if not record.refused], report, **options)


def _refresh_statistics():
    """Let PostgreSQL see how the table has grown.

    Otherwise it plans for the small table, and reads all of the large one.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Reference._meta.db_table)}")


#: A number that no other lock uses: the letters "refs".
_LOCK = 0x72656673


def _wait_for_other_imports():
    """Let no other import read until this transaction ends.

    Otherwise both would add a work that neither sees yet. On SQLite a transaction that writes is
    alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _write_together(records, report, **options):
    """Write all of `records`; where the database refuses them together, each that it accepts."""
    if not records:
        return
    try:
        with transaction.atomic():
            _wait_for_other_imports()
            batch = _BatchWriter(records, **options)
            batch.write()
    except (OperationalError, InterfaceError):
        # The database is busy or away: the record is not at fault.
        raise
    except Exception as error:
        # One record is bad, or somebody else added the same work at this moment.
        if not isinstance(error, (IntegrityError, DataError, ValueError)):
            logger.exception("A batch of %s records could not be kept.", len(records))
        if len(records) == 1:
            report.refuse(
                records[0],
                f"The library could not keep it ({type(error).__name__}). Try it once more.",
            )
            return
        for record in records:
            _write_together([record], report, **options)
        return
    report.created += len(batch.new)
    report.merged += batch.merged
    for record in records:
        report.add_if_marked(record)
    for record, text, compare in batch.notes:
        report.add_note(record, text, compare)


def own_isbn(record: Record) -> str | None:
    """Return the ISBN of a record that names the work itself, not the book it is in."""
    return record.isbn13 if record.isbn13 and matching.owns_isbn(record.csl["type"]) else None


class _BatchWriter:
    """What is to be written for a few records.

    `changed` has, by primary key (by id() for a new row), a reference and the names of its filled
    fields. `sources` pairs a reference with a record to keep beside it, `with_integrity` with a
    record whose notices count, and `exact` a new reference with a record of our own export, whose
    notices are all there are.
    """

    def __init__(self, records, *, file_name, by, at, origin):
        self.by, self.at, self.origin, self.file_name = by, at, origin, file_name
        self.new, self.merged, self.changed = [], 0, {}
        self.sources, self.with_integrity, self.notes = [], [], []
        self.exact = []
        drafts = [self._draft(record) for record in records]
        self.library = matching.Library(drafts, [record.uid for record in records], lock=True)
        for record, draft in zip(records, drafts, strict=True):
            self._create_or_merge(record, draft)

    def _draft(self, record):
        draft = Reference(
            csl=record.csl,
            isbn13=own_isbn(record),
            nct=record.nct[:40],
            url=record.url if len(record.url) <= 1000 else "",
            language=record.language[:20],
            raw=record.raw,
            origin=self.origin,
            origin_detail=self._origin_detail(record),
            payload=record.payload,
            payload_at=self.at if record.payload else None,
            repairs=list(record.repairs),
            design=record.design,
        )
        if record.is_exact and record.integrity:
            # What our export says is written as it is said. It was checked then, not now.
            draft.integrity = record.integrity
            draft.integrity_checked_at = min(record.checked_at or self.at, self.at)
        draft.derive()
        return draft

    def _origin_detail(self, record):
        return f"{self.file_name[-250:]}, record {record.number}, line {record.line}"

    def _create_or_merge(self, record, draft):
        for warning in record.warnings:
            self.notes.append((record, warning, ()))
        match = self.library.match(draft, record.uid)
        if match is None:
            self._create(record, draft)
        else:
            self.merged += 1
            self._merge(record, draft, match)

    def _create(self, record, draft):
        for name, holder in self.library.give_up_identifiers(draft):
            text = f"has the {name} of another work, and was added without it: compare the two"
            self.notes.append((record, text, [draft, holder]))
        if to_compare := self.library.to_compare(draft):
            text = "has the title of a reference that is here already: compare the two"
            self.notes.append((record, text, [draft, *to_compare]))
        draft.field_source = dict.fromkeys(draft.csl, "file")
        if not (draft.doi_key or draft.pmid or draft.pmcid):
            draft.identity = Identity.NO_IDENTIFIER
        self.new.append(draft)
        self.library.add(draft)
        if record.is_exact:
            self.exact.append((draft, record))
        else:
            self.with_integrity.append((draft, record))

    def _merge(self, record, draft, match):
        known = match.reference
        if record.raw != known.raw:
            self.sources.append((known, record))
        is_other = known.title and draft.title and not matching.same_title(known.title, draft.title)
        if is_other and match.matched_by != "uid":
            name = match.matched_by.upper()
            text = f"has the {name} of a work with another title, and was taken for it: look at it"
            self.notes.append((record, text, [known]))
            return
        self.with_integrity.append((known, record))
        if filled := self._fill(record, known, draft):
            key = known.pk or id(known)
            before = self.changed.get(key, (known, set()))[1]
            self.changed[key] = (known, before | filled)

    def _fill(self, record, known, draft):
        """Fill what is empty in `known` from `draft`; returns the names of what was filled."""
        filled = set()
        for name, value in draft.csl.items():
            # A field that a person emptied stays empty.
            is_settled = (
                known.csl.get(name) not in (None, "", [], {})
                or known.field_source.get(name) == "human"
            )
            if is_settled or not self._is_free(record, known, name, value):
                continue
            known.csl[name] = value
            known.field_source[name] = "file"
            filled.add(name)
        for column in ("nct", "url", "language", "design"):
            if getattr(draft, column) and not getattr(known, column):
                setattr(known, column, getattr(draft, column))
                filled.add(column)
        takes_isbn = draft.isbn13 and not known.isbn13 and matching.owns_isbn(known.type)
        if takes_isbn and not self.library.holder("isbn13", draft.isbn13):
            known.isbn13 = draft.isbn13
            filled.add("isbn13")
        if draft.payload and not known.payload and known.pk is None:
            known.payload, known.payload_at = draft.payload, self.at
        if filled:
            known.derive()
            if known.identity == Identity.NO_IDENTIFIER and (
                known.doi_key or known.pmid or known.pmcid
            ):
                known.identity = Identity.UNRESOLVED
            self.library.add(known)
        return filled

    def _is_free(self, record, known, name, value):
        """Return whether `known` may take the value: no other reference has it as an identifier."""
        column = {"DOI": "doi_key", "PMID": "pmid", "PMCID": "pmcid"}.get(name)
        if not column:
            return True
        holder = self.library.holder(column, value.lower() if column == "doi_key" else value)
        if holder is None or holder.pk == known.pk:
            return True
        text = f"names the {name} {value}, which another reference has: compare the two"
        self.notes.append((record, text, [holder, known]))
        return False

    def write(self):
        """Write all of it. Must run inside a transaction."""
        created = Reference.objects.bulk_create(self.new)
        for known, filled in self.changed.values():
            if known in created:
                continue
            known.save()
            changes.reference_edited.send(
                Reference,
                reference=known,
                by=self.by,
                at=self.at,
                summary=f"Filled from {self.file_name}: {', '.join(sorted(filled))}",
            )
        SourceRecord.objects.bulk_create(
            [
                SourceRecord(
                    reference=known,
                    raw=record.raw,
                    digest=hashlib.sha256(record.raw.encode()).hexdigest(),
                    origin=self.origin,
                    origin_detail=self._origin_detail(record),
                    payload=record.payload,
                    added_at=self.at,
                )
                for known, record in self.sources
            ],
            ignore_conflicts=True,
        )
        Notice.objects.bulk_create(
            Notice(reference=reference, **asdict(notice))
            for reference, record in self.exact
            for notice in record.notices
        )
        filled = [known for known, _names in self.changed.values() if known not in created]
        versions.note_newer_versions([*created, *filled], by=self.by, at=self.at)
        for reference, record in self.with_integrity:
            if record.integrity or record.notices:
                # A file says what it knows of a work. Saying nothing does not make the work clean.
                integrity.record_notices(
                    reference,
                    record.notices,
                    by=self.by,
                    at=self.at,
                    stated=record.integrity,
                    is_checked=False,
                )


# Files -----------------------------------------------------------------------------------------


def import_file(
    data: bytes | BinaryIO,
    *,
    file_name: str,
    by: User | None,
    at: datetime,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Bring the records of one file (its bytes, or a binary file) into the library.

    Raises formats.CannotRead for a file of no format that we know.
    """
    stream = formats.decoding.as_stream(data)
    file_format = formats.detect(stream, file_name)
    records = formats.read(stream, file_name, as_format=file_format)
    return import_records(
        records, file_name=file_name, by=by, at=at, origin=Origin(file_format), progress=progress
    )


def receive(
    content: bytes, *, file_name: str, by: User | None, at: datetime, preview_first: bool = False
) -> ReferenceImport:
    """Keep an uploaded file (its bytes) as a ReferenceImport. Imports nothing yet.

    With `preview_first`, references.previewing looks through it first, and a person confirms.
    Raises formats.CannotRead, keeping nothing.
    """
    formats.check_size(len(content))
    file_format = formats.detect(content, file_name)
    formats.read(content, file_name, as_format=file_format)
    state = ReferenceImport.State.LOOKING if preview_first else ReferenceImport.State.WAITING
    with transaction.atomic():
        upload = ReferenceImport.objects.create(
            file_name=storable(file_name)[-255:],
            size=len(content),
            format=file_format,
            by=by,
            at=at,
            state=state,
        )
        ImportedFile.objects.create(upload=upload, content=content)
    return upload


def import_upload(
    upload: ReferenceImport,
    *,
    now: Callable[[], datetime] = timezone.now,
    until: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Carry out a ReferenceImport, or continue it; returns its report so far, as JSON.

    `until` is called after each batch and says whether to leave the rest for another call. Counts
    are written in the transaction of their batch: after a process died, the next one continues
    behind the last whole batch. Of two processes that import the same upload, the second stops.
    """
    if upload.state == ReferenceImport.State.DONE:
        return upload.report
    report = _report_so_far(upload)
    try:
        remaining, next_refresh = islice(records_of(upload), upload.found, None), 4 * BATCH
        while batch := list(islice(remaining, BATCH)):
            if not _import_batch_in_turn(upload, batch, report, now):
                upload.refresh_from_db()
                return upload.report
            if report.created >= next_refresh:
                _refresh_statistics()
                next_refresh = 2 * report.created
            if until and until():
                return upload.report
    except (OperationalError, InterfaceError, ReferenceImport.DoesNotExist):
        raise
    except Exception as error:
        # Another process may have finished it, and then the bytes are gone under this one.
        if _is_done(upload):
            return upload.report
        raise mark_failed(upload, error, at=now()) from error
    upload.report, upload.state = report.as_json(), ReferenceImport.State.DONE
    upload.finished_at = now()
    with transaction.atomic():
        upload.save(update_fields=["report", "state", "finished_at"])
        ImportedFile.objects.filter(upload=upload).delete()
    return upload.report


def _is_done(upload):
    """Return whether some process has finished it; `upload` says so then. One query, or two."""
    done = ReferenceImport.objects.filter(pk=upload.pk, state=ReferenceImport.State.DONE).exists()
    if done:
        upload.refresh_from_db()
    return done


def records_of(upload: ReferenceImport) -> Iterator[Record]:
    """Return the records of an upload whose bytes are still kept."""
    content = bytes(cast(bytes, upload.content))
    return formats.read(content, upload.file_name, as_format=upload.format)


def mark_failed(upload: ReferenceImport, error: Exception, *, at: datetime) -> formats.CannotRead:
    """End an import because of the exception `error`; returns a CannotRead that says what to do.

    What went in stays. The import is not continued: it would fail at the same place again.
    """
    if not isinstance(error, formats.CannotRead):
        logger.exception("The import of %s failed.", upload.file_name)
        error = formats.CannotRead(
            f"“{upload.file_name}” cannot be read to its end. Export the references again, or in"
            " another format, and import that file: what is in the library already is not added"
            " again."
        )
    upload.state, upload.finished_at = ReferenceImport.State.FAILED, at
    upload.report = {**upload.report, "reason": str(error)}
    # Somebody may have deleted the import meanwhile.
    ReferenceImport.objects.filter(pk=upload.pk).update(
        state=upload.state, finished_at=upload.finished_at, report=upload.report
    )
    return error


@transaction.atomic
def _import_batch_in_turn(upload, batch, report, now):
    """Write one batch and its counts together; False when another process wrote it already."""
    locked = ReferenceImport.objects.select_for_update().defer("preview").get(pk=upload.pk)
    if locked.found != report.found or locked.state == ReferenceImport.State.DONE:
        return False
    _import_batch(
        batch,
        report,
        file_name=upload.file_name,
        by=upload.by,
        at=upload.at,
        origin=Origin(upload.format),
    )
    _store_counts(upload, report)
    upload.state, upload.report = ReferenceImport.State.RUNNING, report.as_json()
    upload.progressed_at = now()
    upload.save(
        update_fields=["found", "created", "merged", "refused", "state", "progressed_at", "report"]
    )
    return True


def _report_so_far(upload):
    """Return the Report of what went in before, to be continued."""
    stored = upload.report
    return Report(
        upload.file_name,
        upload.created,
        upload.merged,
        upload.refused,
        [Refusal(**entry) for entry in stored.get("refusals", ())],
        [
            ImportNote(**{**entry, "compare": tuple(entry["compare"])})
            for entry in stored.get("remarks", ())
        ],
        stored.get("remarks_left_out", 0),
        stored.get("refusals_left_out", 0),
        [MarkedRecord(**entry) for entry in stored.get("marked", ())],
    )


def _store_counts(upload, report):
    upload.found, upload.created, upload.merged, upload.refused = (
        report.found,
        report.created,
        report.merged,
        report.refused,
    )
