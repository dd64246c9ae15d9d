"""Files of references: which format a file has, and its records one after the other.

    for record in formats.read(data, "export.ris"):
        if record.refused: …

Each format is a module with `read(data)`, which yields a Record for every record it finds, readable
or not. Those that we write have a module in references.formats.writing. What the records hold is
made to conform here, the same way for all formats.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from uuid import UUID

from references.csl import Csl

from . import conforming, decoding, detecting, foreign, limits
from .decoding import Source
from .facts import NOTHING_KNOWN, Facts
from .records import FoundNotice, Record

__all__ = [
    "FORMATS",
    "LARGEST",
    "NOTHING_KNOWN",
    "CannotRead",
    "Facts",
    "FoundNotice",
    "Record",
    "check_size",
    "detect",
    "read",
]

#: Bytes. 20,000 records of a database with all their abstracts are about 60 million.
LARGEST = 100_000_000

logger = logging.getLogger(__name__)


class CannotRead(Exception):
    """Nothing in the file can be read; str() says what to do."""


@dataclass(frozen=True)
class Format:
    """One format. `key` is a value of references.models.Origin.

    With `takes_whole_text`, its reader gets all the text at once: it cannot go line by line.
    """

    key: str
    name: str
    module: str
    extensions: tuple[str, ...]
    takes_whole_text: bool = False

    def read(self, data: Source) -> Iterator[Record]:
        """Return its records, not conforming yet."""
        stream = decoding.as_stream(data)
        return import_module(f"{__name__}.{self.module}").read(
            decoding.whole_text(stream) if self.takes_whole_text else stream
        )

    def write(self, csl: Csl, uid: UUID | str = "", known: Facts = NOTHING_KNOWN) -> str:
        """Return `csl` as one record of a file that says all that is `known` of the work."""
        return import_module(f"{__name__}.writing.{self.module}").write(csl, uid, known)


FORMATS = {
    file_format.key: file_format
    for file_format in (
        Format("ris", "RIS", "ris", (".ris",)),
        Format("nbib", "MEDLINE (NBIB)", "nbib", (".nbib", ".medline")),
        Format("bibtex", "BibTeX", "bibtex", (".bib", ".bibtex")),
        Format("wos", "Web of Science", "web_of_science", (".ciw",)),
        Format("csl", "CSL-JSON", "csl_json", (".json", ".csljson")),
        Format("crossref", "Crossref JSON", "crossref", (), takes_whole_text=True),
        Format("pubmed_xml", "PubMed XML", "pubmed_xml", (".xml",), takes_whole_text=True),
        Format("paste", "a list of references", "typed_list", ()),
    )
}


def check_size(size: int) -> None:
    """Raise CannotRead for a file of `size` bytes that is too large."""
    if size > LARGEST:
        raise CannotRead(
            f"This file has {size / 1e6:,.0f} MB, and {LARGEST / 1e6:,.0f} MB is the most that is"
            " read at once. Export it in parts and import these one after the other."
        )


def detect(data: Source, file_name: str = "") -> str:
    """Return the key in FORMATS of what `data` holds, or "" when it is none of them.

    The content decides. `file_name` is for the log only.
    """
    try:
        return detecting.key_of(data)
    except Exception:
        logger.exception("It could not be told what is in %s.", file_name)
        return ""


def read(data: Source, file_name: str = "", *, as_format: str = "") -> Iterator[Record]:
    """Return a conforming Record for each record in `data`, in order.

    Raises CannotRead at once when `data` has no format that we know.
    """
    stream = decoding.as_stream(data)
    key = as_format or detect(stream, file_name)
    if key not in FORMATS:
        raise CannotRead(_why_not(stream, file_name))
    return _conforming_records(FORMATS[key], stream)


def _conforming_records(file_format, stream):
    """Yield every record, made to conform.

    Where the reader fails between two records, one refused record says so, and it is the last.
    """
    number, line = 0, 1
    try:
        for record in file_format.read(stream):
            if number == limits.MOST_RECORDS:
                yield Record(record.number, record.line, {}, "", refused=_TOO_MANY)
                return
            number, line = record.number, record.line
            yield limits.read_or_refuse(
                number, line, decoding.storable(record.raw), _conforming_record, record
            )
    except OSError:
        raise
    except Exception:
        logger.exception("The reader of %s failed behind record %s.", file_format.key, number)
        yield Record(number + 1, line, {}, "", refused=_BROKE_OFF.format(number=number))


def _conforming_record(record):
    return conforming.conform_record(replace(record, raw=decoding.storable(record.raw)))


_TOO_MANY = (
    f"The file has more than {limits.MOST_RECORDS:,} records. Export what follows in parts, and"
    " import these one after the other."
)
_BROKE_OFF = (
    "What stands behind record {number} cannot be read. Export the references again, or in another"
    " format, and import that file: what is in the library already is not added again."
)


def _why_not(stream, file_name):
    what = f"“{file_name}”" if file_name else "This text"
    head = decoding.head_of(stream, detecting.HEAD)
    if not head.strip():
        return f"{what} is empty. Export the references again and choose the new file."
    if foreign.is_binary(head):
        return (
            f"{what} is no text. Export the references as RIS, BibTeX, NBIB or CSL-JSON, or paste"
            " them as text."
        )
    if known := foreign.what_to_export(decoding.whole_text(decoding.as_stream(head))):
        return f"{what} {known}"
    for file_format in FORMATS.values():
        if file_format.extensions and str(file_name).lower().endswith(file_format.extensions):
            return (
                f"{what} is not {file_format.name}: no record begins in it. Export the references"
                f" again as {file_format.name}."
            )
    return (
        f"{what} holds no references we can read. Export them as RIS (EndNote, Zotero, Mendeley,"
        " Embase, Ovid, Scopus, Cochrane), as PubMed's own format (NBIB), as plain text (Web of"
        " Science), as BibTeX (JabRef, Google Scholar) or as CSL-JSON, or paste them as a list in"
        " AMA or Vancouver style."
    )
