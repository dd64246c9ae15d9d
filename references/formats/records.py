"""What every reader of a file of references yields: one Record for each record in it."""

import datetime
from dataclasses import dataclass
from typing import Any

from references.csl import Csl


@dataclass(frozen=True)
class FoundNotice:
    """What a record says became of the work; its fields are those of references.models.Notice."""

    kind: str
    date: datetime.date | None = None
    doi: str = ""
    pmid: str = ""
    source: str = ""
    label: str = ""


@dataclass(frozen=True)
class Record:
    """One record of a file, readable or not.

    `number` counts from 1 in the file, `line` is where the record begins, `raw` is its text as it
    was. `csl` is the work, with its identifiers. The identifiers beside it are in the form in which
    they are compared, "" when missing. `integrity` is a state of references.models.Integrity where
    the record states one itself, and `checked_at` when it was checked. With `is_exact`, an export
    of ours says all that is known of the work, so nothing is read into its title. `repairs` has
    rule codes, `warnings` sentences. `refused` says why the record could not be read; such a record
    has no `csl`. `uid` is the reference that we exported it from. `payload` is the answer of a
    service, if the record is one.
    """

    number: int
    line: int
    csl: Csl
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
    checked_at: datetime.datetime | None = None
    is_exact: bool = False
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    refused: str = ""
    uid: str = ""
    payload: dict[str, Any] | None = None
