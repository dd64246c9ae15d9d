"""How much a file of references may hold, so that reading it costs what its size explains.

No real record comes near these limits. But a file may be made to break its reader, or be something
else altogether. Then the record is refused with a sentence, instead of taking the site's time and
memory.
"""

import logging
from collections.abc import Callable
from typing import Any

from .records import Record

#: Characters. A trial with 5,000 authors, its abstract and its references takes a quarter of it.
LONGEST_RECORD = 2_000_000
#: A file of 100 megabytes whose records have their abstracts holds about 35,000.
MOST_RECORDS = 50_000
#: A collaboration of physicists names 5,000 authors.
MOST_NAMES = 20_000
#: Lists in lists, elements in elements. Crossref's records reach 8, PubMed's 12.
DEEPEST = 100
#: Elements of one record of PubMed. One with 5,000 authors and their affiliations has about 60,000.
MOST_ELEMENTS = 200_000
#: Notices about one work: each is compared with every other.
MOST_NOTICES = 50
#: Dates, addresses or numbers of one kind that are tried in one record.
MOST_TRIED = 50

TOO_LONG = "It is too long to be one record."
TOO_DEEP = (
    "It is nested deeper than any record is. Export it again, or add the work by its DOI or PMID."
)
UNREADABLE = (
    "It is written in a way that cannot be read. Add the work by its DOI or PMID, or export it in"
    " another format."
)

logger = logging.getLogger(__name__)


class TooMuch(ValueError):
    """The record holds more than a record can; str() is the sentence that refuses it."""


def read_or_refuse(
    number: int, line: int, raw: str, read: Callable[..., Record], *arguments: Any
) -> Record:
    """Return the Record of `read(*arguments)`.

    A refused one where it fails, so that others are read.
    """
    try:
        return read(*arguments)
    except TooMuch as error:
        reason = str(error)
    except Exception:
        logger.exception("Record %s could not be read.", number)
        reason = UNREADABLE
    return Record(number, line, {}, raw, refused=reason)


def check_names(count: int, what: str = "author") -> None:
    """Raise TooMuch for `count` people, before any of their names is read."""
    if count > MOST_NAMES:
        raise TooMuch(f"It names {count:,} people as {what}.")


def check_notices(count: int) -> None:
    """Raise TooMuch for `count` notices about one work."""
    if count > MOST_NOTICES:
        raise TooMuch(
            f"It names {count:,} notices about the work, which no record does. Add the work by its"
            " DOI."
        )


def check_depth(value: Any) -> None:
    """Raise TooMuch where `value` (any JSON) is nested too deep."""
    level, depth = [value] if isinstance(value, (dict, list)) else [], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise TooMuch(TOO_DEEP)
        level = [
            entry
            for parent in level
            for entry in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(entry, (dict, list))
        ]
