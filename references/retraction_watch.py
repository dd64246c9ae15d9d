"""The Retraction Watch file: which works have notices, one line each, sixty thousand of them.

A file names works that have a notice. That a work is not in it proves nothing, so it never makes
one clean.
"""

import csv
import datetime
import re
from dataclasses import dataclass

from . import integrity
from .formats.records import FoundNotice

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
    """One line: a notice, and the work it is about.

    `doi_key` and `pmid` are "" where the file has none.
    """

    line: int
    doi_key: str
    pmid: str
    notice: FoundNotice


def read(path):
    """Every Entry of the file at `path`, a line at a time, so that its size does not matter.

    Raises NotTheFile. The file is not clean UTF-8; what cannot be read is replaced, identifiers are
    plain ASCII.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = csv.DictReader(file)
        try:
            missing = _COLUMNS - set(lines.fieldnames or ())
            if missing:
                names = ", ".join(sorted(missing))
                raise NotTheFile(
                    f"{path} has no column {names}. Use the file of Retraction Watch as it comes."
                )
            for row in lines:
                yield _entry(lines.line_num, row)
        except csv.Error as problem:
            raise NotTheFile(
                f"{path}, line {lines.line_num}: {problem}. Fetch the file once more."
            ) from problem


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
    """The DOI, or "" for “Unavailable” and the like."""
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
    """The day in the American form month/day/year, or None."""
    found = _DATE.fullmatch((cell or "").strip())
    try:
        return datetime.date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _label(nature, reasons):
    listed = [reason.strip(" +") for reason in (reasons or "").split(";")]
    return ": ".join(filter(None, [nature, "; ".join(filter(None, listed))]))[:300]


def matches(path, references):
    """(lines read, [(reference pk, [FoundNotice], whether it is itself a notice)]): what the file
    says of `references`.

    `references` is a queryset. Its identifiers are held in memory, and of the file one line at a
    time.
    """
    by_doi, by_pmid = {}, {}
    for pk, doi_key, pmid in references.values_list("pk", "doi_key", "pmid").iterator(
        chunk_size=5000
    ):
        if doi_key:
            by_doi[doi_key] = pk
        if pmid:
            by_pmid[pmid] = (pk, doi_key)
    found, notices_themselves, lines = {}, set(), 0
    for lines, entry in enumerate(read(path), start=1):  # noqa: B007  (the last number is the count)
        pk = by_doi.get(entry.doi_key)
        if pk is None and entry.pmid in by_pmid:
            pk, doi_key = by_pmid[entry.pmid]
            if entry.doi_key and doi_key:
                pk = None  # two DOIs: one of the numbers is mistyped, and nobody knows which
        if pk is not None:
            found.setdefault(pk, []).append(entry.notice)
        notice_doi = entry.notice.doi.lower()
        if notice_doi in by_doi and notice_doi != entry.doi_key:
            notices_themselves.add(by_doi[notice_doi])
    return lines, [
        (pk, found.get(pk, []), pk in notices_themselves)
        for pk in sorted({*found, *notices_themselves})
    ]
