"""Records of a file into the library: each one once, and every one accounted for.

Records go in by small batches, each in a transaction of its own. A process that dies leaves whole
batches behind and nothing else, and running the same file again finds what is in already and adds
the rest.
"""

import hashlib
import logging
from dataclasses import asdict, dataclass, field
from itertools import islice

from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone

from . import changes, formats, integrity, matching
from .formats import conforming
from .formats.decoding import storable
from .models import Identity, ImportedFile, Origin, Reference, ReferenceImport, SourceRecord

BATCH = 100
#: What is told about records that did go in: enough to act on, not a second copy of the file.
MOST_REMARKS = 500
#: Refusals are counted all, and told as far as a person reads: the report is written again after
#: each batch.
MOST_REFUSALS = 5000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    file: str
    number: int
    line: int
    reason: str


@dataclass(frozen=True)
class Remark:
    """Something to know about a record that went in.

    `compare` holds uids of references it may be the same as.
    """

    number: int
    line: int
    text: str
    compare: tuple[str, ...] = ()


@dataclass
class Report:
    """What became of the records of one file: found = created + merged + refused."""

    file_name: str
    created: int = 0
    merged: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    remarks_left_out: int = 0
    refusals_left_out: int = 0

    @property
    def found(self):
        return self.created + self.merged + self.refused

    def refuse(self, record, reason):
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(Refusal(self.file_name, record.number, record.line, reason))
        else:
            self.refusals_left_out += 1

    def remark(self, record, text, compare=()):
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(
                Remark(record.number, record.line, text, tuple(str(row.uid) for row in compare))
            )
        else:
            self.remarks_left_out += 1

    def as_json(self):
        return asdict(self) | {"found": self.found}


def import_records(records, *, file_name, by, at, origin=Origin.MANUAL, progress=None):
    """Bring `records` (formats.read gives them; may be endless) into the library; the Report.

    A record of a work the library has is merged into it: that fills empty fields and overwrites
    none. `by` may be None for the site itself. `progress` is called with the Report after each
    batch, in no transaction.
    """
    file_name = storable(file_name)
    report = Report(file_name)
    records, look_again = iter(records), 4 * BATCH
    while batch := list(islice(records, BATCH)):
        _take_batch(batch, report, file_name=file_name, by=by, at=at, origin=origin)
        if report.created >= look_again:
            _refresh_statistics()
            look_again *= 2
        if progress:
            progress(report)
    return report


def _take_batch(batch, report, **options):
    batch = [conforming.settled(record) for record in batch]
    for record in batch:
        if record.refused:
            report.refuse(record, record.refused)
    _take([record for record in batch if not record.refused], report, **options)


def _refresh_statistics():
    """Let PostgreSQL see how the table has grown.

    It would go on planning for the small one, and read all of it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Reference._meta.db_table)}")


#: Any number, so long as it is always the same and nobody else's: "refs" as it lies in memory.
_LOCK = 0x72656673


def _one_at_a_time():
    """Let no other import look until this transaction ends: both would add the work that neither
    sees yet.

    On SQLite a transaction that writes is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _take(records, report, **options):
    """Write all of `records`, or, where the database will not have them together, each that it will
    have.
    """
    if not records:
        return
    try:
        with transaction.atomic():
            _one_at_a_time()
            outcome = _Batch(records, **options)
            outcome.write()
    except (OperationalError, InterfaceError):
        raise  # the database is busy or away, whatever the record says
    except Exception as problem:
        # One bad record, or somebody else added the same work this moment.
        if not isinstance(problem, (IntegrityError, DataError, ValueError)):
            logger.exception("A batch of %s records could not be kept.", len(records))
        if len(records) == 1:
            report.refuse(
                records[0],
                f"The library could not keep it ({type(problem).__name__}). Try it once more.",
            )
            return
        for record in records:
            _take([record], report, **options)
        return
    report.created += len(outcome.new)
    report.merged += outcome.merged
    for record, text, compare in outcome.remarks:
        report.remark(record, text, compare)


class _Batch:
    """What is to be written for a few records."""

    def __init__(self, records, *, file_name, by, at, origin):
        self.by, self.at, self.origin, self.file_name = by, at, origin, file_name
        self.new, self.changed, self.sources, self.remarks, self.merged = [], {}, [], [], 0
        self.standing = []
        drafts = [self._draft(record) for record in records]
        self.library = matching.Library(drafts, [record.uid for record in records], lock=True)
        for record, draft in zip(records, drafts, strict=True):
            self._place(record, draft)

    def _draft(self, record):
        draft = Reference(
            csl=record.csl,
            isbn13=(
                record.isbn13 if record.isbn13 and matching.is_whole(record.csl["type"]) else None
            ),
            nct=record.nct[:40],
            url=record.url if len(record.url) <= 1000 else "",
            language=record.language[:20],
            raw=record.raw,
            origin=self.origin,
            origin_detail=self._where(record),
            payload=record.payload,
            payload_at=self.at if record.payload else None,
            repairs=list(record.repairs),
            design=record.design,
        )
        draft.derive()
        return draft

    def _where(self, record):
        return f"{self.file_name[-250:]}, record {record.number}, line {record.line}"

    def _place(self, record, draft):
        for warning in record.warnings:
            self.remarks.append((record, warning, ()))
        found = self.library.match(draft, record.uid)
        if found is None:
            self._create(record, draft)
        else:
            self.merged += 1
            self._merge(record, draft, found)

    def _create(self, record, draft):
        if alike := self.library.alike(draft):
            self.remarks.append(
                (
                    record,
                    "has the title of a reference that is here already: compare the two",
                    alike,
                )
            )
        draft.field_source = dict.fromkeys(draft.csl, "file")
        if not (draft.doi_key or draft.pmid or draft.pmcid):
            draft.identity = Identity.NO_IDENTIFIER
        self.new.append(draft)
        self.library.add(draft)
        self.standing.append((draft, record))

    def _merge(self, record, draft, found):
        known = found.reference
        if record.raw != known.raw:
            self.sources.append((known, record))
        is_other = known.title and draft.title and not matching.same_title(known.title, draft.title)
        if is_other and found.why != "uid":
            self.remarks.append(
                (record, f"has the {found.why.upper()} of another title: compare the two", [known])
            )
            return
        self.standing.append((known, record))
        if filled := self._fill(record, known, draft):
            before = self.changed.get(known.pk or id(known), (known, set()))[1]
            self.changed[known.pk or id(known)] = (known, before | filled)

    def _fill(self, record, known, draft):
        """Fill what is empty in `known` from `draft`; the names of what was filled."""
        filled = set()
        for name, value in draft.csl.items():
            # A field a person emptied stays empty.
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
        takes_isbn = draft.isbn13 and not known.isbn13 and matching.is_whole(known.type)
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
        """Whether `known` may take the identifier: no other reference holds it."""
        kind = {"DOI": "doi_key", "PMID": "pmid", "PMCID": "pmcid"}.get(name)
        if not kind:
            return True
        holder = self.library.holder(kind, value.lower() if kind == "doi_key" else value)
        if holder is None or holder.pk == known.pk:
            return True
        text = f"names the {name} {value}, which another reference has: compare the two"
        self.remarks.append((record, text, [holder, known]))
        return False

    def write(self):
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
                    origin_detail=self._where(record),
                    payload=record.payload,
                    added_at=self.at,
                )
                for known, record in self.sources
            ],
            ignore_conflicts=True,
        )
        for reference, record in self.standing:
            if record.integrity or record.notices:
                # A file says what it knows of a work; that it knows nothing does not make the work
                # clean.
                integrity.keep(
                    reference,
                    record.notices,
                    by=self.by,
                    at=self.at,
                    stated=record.integrity,
                    is_checked=False,
                )


# Files -----------------------------------------------------------------------------------------


def import_file(data, *, file_name, by, at, progress=None):
    """Bring the records of one file (bytes, or a binary file) into the library; the Report.

    Raises formats.CannotRead when it is none we know.
    """
    stream = formats.decoding.opened(data)
    found = formats.detect(stream, file_name)
    records = formats.read(stream, file_name, as_format=found)
    return import_records(
        records, file_name=file_name, by=by, at=at, origin=Origin(found), progress=progress
    )


def receive(content, *, file_name, by, at, is_looked_at=False):
    """A ReferenceImport for an uploaded file (its bytes), not run yet. Raises formats.CannotRead,
    keeping nothing.

    With `is_looked_at` it is looked through first (references.previewing) and waits for a yes.
    """
    formats.check_size(len(content))
    found = formats.detect(content, file_name)
    formats.read(content, file_name, as_format=found)
    state = ReferenceImport.State.LOOKING if is_looked_at else ReferenceImport.State.WAITING
    with transaction.atomic():
        upload = ReferenceImport.objects.create(
            file_name=storable(file_name)[-255:],
            size=len(content),
            format=found,
            by=by,
            at=at,
            state=state,
        )
        ImportedFile.objects.create(upload=upload, content=content)
    return upload


def run(upload, *, now=timezone.now, until=None):
    """Carry out a ReferenceImport, or go on with one that broke off; its report so far, as JSON.

    `until` is called with nothing after each batch and says whether to leave the rest for another
    call. The counts are written in the transaction of their batch: where a process dies, the next
    one goes on behind the last whole batch. Two that run at once do not get in each other's way;
    the second stops.
    """
    if upload.state == ReferenceImport.State.DONE:
        return upload.report
    report = _report_of(upload)
    try:
        records = formats.read(bytes(upload.content), upload.file_name, as_format=upload.format)
        records, look_again = islice(records, upload.found, None), 4 * BATCH
        while batch := list(islice(records, BATCH)):
            if not _is_taken(upload, batch, report, now):
                upload.refresh_from_db()
                return upload.report
            if report.created >= look_again:
                _refresh_statistics()
                look_again = 2 * report.created
            if until and until():
                return upload.report
    except (OperationalError, InterfaceError, ReferenceImport.DoesNotExist):
        raise
    except Exception as problem:
        raise failed(upload, problem, at=now()) from problem
    upload.report, upload.state, upload.finished_at = (
        report.as_json(),
        ReferenceImport.State.DONE,
        now(),
    )
    with transaction.atomic():
        upload.save(update_fields=["report", "state", "finished_at"])
        ImportedFile.objects.filter(upload=upload).delete()
    return upload.report


def failed(upload, problem, *, at):
    """End an import that cannot go on because of the exception `problem`; a CannotRead that says
    what to do.

    What went in stays. Nobody is asked to go on with it: it would fail at the same place again.
    """
    if not isinstance(problem, formats.CannotRead):
        logger.exception("The import of %s failed.", upload.file_name)
        problem = formats.CannotRead(
            f"“{upload.file_name}” cannot be read to its end. Export the references again, or in"
            " another format, and import that file: what is in the library already is not added"
            " again."
        )
    upload.state, upload.finished_at = ReferenceImport.State.FAILED, at
    upload.report = {**upload.report, "reason": str(problem)}
    # It may have been thrown away meanwhile.
    ReferenceImport.objects.filter(pk=upload.pk).update(
        state=upload.state, finished_at=upload.finished_at, report=upload.report
    )
    return problem


@transaction.atomic
def _is_taken(upload, batch, report, now):
    """Write one batch and what is counted of it, together; whether it was this one's turn."""
    standing = ReferenceImport.objects.select_for_update().defer("preview").get(pk=upload.pk)
    if standing.found != report.found or standing.state == ReferenceImport.State.DONE:
        return False
    _take_batch(
        batch,
        report,
        file_name=upload.file_name,
        by=upload.by,
        at=upload.at,
        origin=Origin(upload.format),
    )
    _count(upload, report)
    upload.state, upload.progressed_at, upload.report = (
        ReferenceImport.State.RUNNING,
        now(),
        report.as_json(),
    )
    upload.save(
        update_fields=["found", "created", "merged", "refused", "state", "progressed_at", "report"]
    )
    return True


def _report_of(upload):
    """The Report of what went in before, to be gone on with."""
    known = upload.report
    return Report(
        upload.file_name,
        upload.created,
        upload.merged,
        upload.refused,
        [Refusal(**entry) for entry in known.get("refusals", ())],
        [
            Remark(**{**entry, "compare": tuple(entry["compare"])})
            for entry in known.get("remarks", ())
        ],
        known.get("remarks_left_out", 0),
        known.get("refusals_left_out", 0),
    )


def _count(upload, report):
    upload.found, upload.created, upload.merged, upload.refused = (
        report.found,
        report.created,
        report.merged,
        report.refused,
    )
