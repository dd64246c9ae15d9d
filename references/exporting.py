"""The library, or a part of it, as a file that others can read.

Importing our own file gives the same rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.http import content_disposition_header

from . import citing
from .csl import Csl
from .formats import FORMATS


class Exportable(Protocol):
    """What can be exported: a Reference, or the record of one in a frozen text."""

    @property
    def csl(self) -> Csl: ...

    @property
    def uid(self) -> object: ...


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


def export(references: Iterable[Exportable], kind: str) -> Iterator[str]:
    """Yield the text of the file, piece by piece, so that a library of any size can be sent.

    `kind` is a key of KINDS. The text is to be encoded as UTF-8.
    """
    layout = KINDS[kind]
    yield layout.before
    for place, reference in enumerate(references):
        if place:
            yield layout.between
        yield _as_text(reference, kind)
    yield layout.after


def _as_text(reference, kind):
    if kind == "ama":
        return citing.ama(reference.csl)
    if kind == "nlm":
        return citing.nlm(reference.csl)
    return FORMATS[kind].write(reference.csl, reference.uid)
