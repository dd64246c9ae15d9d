"""What every reader of a file of references yields.

One Record for each record in it, readable or not.
"""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class FoundNotice:
    """What a record says became of the work; the fields are those of references.models.Notice."""

    kind: str
    date: datetime.date | None = None
    doi: str = ""
    pmid: str = ""
    source: str = ""
    label: str = ""


@dataclass(frozen=True)
class Record:
    """One record of a file.

    `number` counts from 1 in the file, `line` is where it begins, `raw` its text untouched. `csl`
    holds what is in CSL-JSON ("DOI", "PMID", "PMCID" and "ISBN" included); the identifiers beside
    it are in the form they are compared in, "" when missing. `integrity` is a state of
    references.models.Integrity where the record states one itself. `repairs` holds rule codes,
    `warnings` sentences. `refused` is the reason why the record could not be read; such a record
    has no `csl`. `payload` is the answer of a service, where the record is one.
    """

    number: int
    line: int
    csl: dict
    raw: str
    pmid: str = ""
    pmcid: str = ""
    isbn13: str = ""
    nct: str = ""
    url: str = ""
    language: str = ""
    design: str = ""
    notices: tuple[FoundNotice, ...] = ()
    integrity: str = ""
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    refused: str = ""
    uid: str = ""  # the uid of the reference this was exported from, by us
    payload: dict | None = None
