"""The library, or a part of it, as a file that others can read.

Importing our own file gives the same rows. A work that was retracted, withdrawn or doubted says so
in every kind of file, where other programs and people see it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from django.utils.http import content_disposition_header

from . import citing, title_marks
from .csl import Csl
from .formats import FORMATS, Facts, FoundNotice
from .models import Notice, Reference

#: What is read of a Reference.
COLUMNS = ("pk", "csl", "uid", "integrity", "integrity_checked_at", "design", "nct")
#: Rows whose notices are fetched together.
_BATCH = 500


class Exportable(Protocol):
    """What can be exported beside a Reference: the record of one in a frozen text."""

    @property
    def csl(self) -> Csl: ...

    @property
    def uid(self) -> object: ...

    @property
    def facts(self) -> Facts: ...


@dataclass(frozen=True)
class ExportKind:
    """One kind of export. `between` is the text between two records."""

    name: str
    content_type: str
    before: str = ""
    between: str = "\n"
    after: str = ""

    @property
    def header(self) -> str:
        """The content type with its encoding, for the header of a response."""
        return f"{self.content_type}; charset=utf-8"


KINDS = {
    "csl": ExportKind("CSL-JSON", "application/vnd.citationstyles.csl+json", "[\n", ",\n", "\n]\n"),
    "ris": ExportKind("RIS", "application/x-research-info-systems"),
    "bibtex": ExportKind("BibTeX", "application/x-bibtex"),
    "nbib": ExportKind("MEDLINE (NBIB)", "application/nbib", between=""),
    "ama": ExportKind("AMA", "text/plain", after="\n"),
    "nlm": ExportKind("NLM (Vancouver)", "text/plain", after="\n"),
}


#: What the address of an export may end in. Plain text is the AMA list.
SUFFIXES = {
    "json": "csl",
    "ris": "ris",
    "bib": "bibtex",
    "nbib": "nbib",
    "txt": "ama",
    "nlm.txt": "nlm",
}


def kind_of(suffix: str) -> str:
    """Return the key in KINDS for the end of an address."""
    return SUFFIXES[suffix]


def disposition(name: str, kind: str) -> str:
    """Return the header that has a browser save the file as `name` (without an ending)."""
    suffix = next(suffix for suffix, key in SUFFIXES.items() if key == kind)
    return content_disposition_header(as_attachment=True, filename=f"{name}.{suffix}")


def export(references: Iterable[Any], kind: str) -> Iterator[str]:
    """Yield the text of the file, piece by piece, so that a library of any size can be sent.

    `references` are Exportable, rows of Reference, or named rows of its COLUMNS.
    `kind` is a key of KINDS. The text is to be encoded as UTF-8.
    """
    layout = KINDS[kind]
    yield layout.before
    for place, (reference, known) in enumerate(_with_facts(references)):
        if place:
            yield layout.between
        yield _as_text(reference, known, kind)
    yield layout.after


def _with_facts(references):
    """Yield each of `references` with its Facts; the notices of many rows are fetched at once."""
    remaining = iter(references)
    while batch := list(islice(remaining, _BATCH)):
        keys = [row.pk for row in batch if not hasattr(row, "facts") and row.pk]
        notices = defaultdict(list)
        for notice in Notice.objects.filter(reference__in=keys) if keys else ():
            notices[notice.reference_id].append(notice)
        for row in batch:
            if hasattr(row, "facts"):
                yield row, row.facts
            else:
                yield row, _facts(row, notices.get(row.pk, ()))


def _as_text(reference, known, kind):
    if kind in ("ama", "nlm"):
        csl = _with_mark(reference.csl, known.integrity)
        return citing.ama(csl) if kind == "ama" else citing.nlm(csl)
    return FORMATS[kind].write(reference.csl, reference.uid, known)


def _with_mark(csl, state):
    """Return `csl` with its title marked: a list of plain lines has no other place for it."""
    title = csl.get("title")
    return {**csl, "title": title_marks.mark(title, state)} if isinstance(title, str) else csl


def facts_of(reference: Reference) -> Facts:
    """Return what the library knows of a work beside its CSL-JSON. A query, unless prefetched."""
    return _facts(reference, reference.notices.all() if reference.pk else ())


def _facts(reference, notices):
    return Facts(
        integrity=reference.integrity,
        checked_at=reference.integrity_checked_at,
        notices=tuple(
            FoundNotice(row.kind, row.date, row.doi, row.pmid, row.source, row.label)
            for row in notices
        ),
        design=reference.design,
        nct=reference.nct,
    )
