"""The Retraction Watch file: works that have notices, sixty thousand lines, one notice each.

A work that is not in the file may still have a notice, so the file never makes a work “checked,
none found”.
"""

import csv
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from . import integrity
from .formats.records import FoundNotice
from .models import Reference

SOURCE = "Retraction Watch"
_COLUMNS = {
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
    "Reason",
}
_LONGEST_CELL = 1024 * 1024
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: .*)?")


class NotTheFile(Exception):
    """This is not the Retraction Watch file; str() says what is missing."""


@dataclass(frozen=True)
class Entry:
    """One line of the file: a notice, and the work it is about.

    `doi_key` and `pmid` are "" where the file has none.
    """

    line: int
    doi_key: str
    pmid: str
    notice: FoundNotice


def read(path: str | Path) -> Iterator[Entry]:
    """Yield every Entry of the file at `path`, one line in memory at a time.

    The file is not clean UTF-8. Bytes that cannot be read are replaced; identifiers are plain ASCII
    and stay whole. Raises NotTheFile.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        try:
            missing = _COLUMNS - set(reader.fieldnames or ())
            if missing:
                names = ", ".join(sorted(missing))
                raise NotTheFile(
                    f"{path} has no column {names}. Use the file of Retraction Watch as it comes."
                )
            for row in reader:
                yield _entry(reader.line_num, row)
        except csv.Error as error:
            raise NotTheFile(
                f"{path}, line {reader.line_num}: {error}. Fetch the file once more."
            ) from error


def _entry(line, row):
    nature = (row["RetractionNature"] or "").strip()
    notice = FoundNotice(
        kind=integrity.kind_of(nature),
        date=_date(row["RetractionDate"]),
        doi=_doi(row["RetractionDOI"]),
        pmid=_pmid(row["RetractionPubMedID"]),
        source=SOURCE,
        label=_label(nature, row["Reason"]),
    )
    return Entry(
        line, _doi(row["OriginalPaperDOI"]).lower(), _pmid(row["OriginalPaperPubMedID"]), notice
    )


def _doi(cell):
    """Return the DOI, or "" for “Unavailable” and the like."""
    doi = (cell or "").strip()
    return doi if doi.startswith("10.") and "/" in doi and len(doi) <= 255 else ""


def _pmid(cell):
    pmid = (cell or "").strip().removesuffix(".0")
    return (
        pmid
        if pmid.isascii() and pmid.isdigit() and not pmid.startswith("0") and len(pmid) <= 8
        else ""
    )


def _date(cell):
    """Return the day in the American form month/day/year, or None."""
    found = _DATE.fullmatch((cell or "").strip())
    try:
        return datetime.date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _label(nature, reasons):
    parts = [reason.strip(" +") for reason in (reasons or "").split(";")]
    return ": ".join(filter(None, [nature, "; ".join(filter(None, parts))]))[:300]


@dataclass(frozen=True)
class Match:
    """What the file says of one reference of the library.

    `is_notice`: the reference is itself a notice about another work.
    """

    pk: int
    notices: list[FoundNotice]
    is_notice: bool


def matches(path: str | Path, references: QuerySet[Reference]) -> tuple[int, list[Match]]:
    """Return the number of lines in the file, and a Match for each of `references` that it names.

    The identifiers of all `references` are in memory, and one line of the file at a time.
    """
    by_doi: dict[str, int] = {}
    by_pmid: dict[str, tuple[int, str | None]] = {}
    for pk, doi_key, pmid in references.values_list("pk", "doi_key", "pmid").iterator(
        chunk_size=5000
    ):
        if doi_key:
            by_doi[doi_key] = pk
        if pmid:
            by_pmid[pmid] = (pk, doi_key)
    found: dict[int, list[FoundNotice]] = {}
    are_notices: set[int] = set()
    lines = 0
    for entry in read(path):
        lines += 1
        named_pk = by_doi.get(entry.doi_key)
        if named_pk is None and entry.pmid in by_pmid:
            named_pk, known_doi = by_pmid[entry.pmid]
            if entry.doi_key and known_doi:
                # Two DOIs: one of the numbers is mistyped, and nobody knows which.
                named_pk = None
        if named_pk is not None:
            found.setdefault(named_pk, []).append(entry.notice)
        notice_doi = entry.notice.doi.lower()
        if notice_doi in by_doi and notice_doi != entry.doi_key:
            are_notices.add(by_doi[notice_doi])
    return lines, [
        Match(pk, found.get(pk, []), pk in are_notices) for pk in sorted({*found, *are_notices})
    ]
