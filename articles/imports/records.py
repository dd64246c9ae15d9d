"""Records of works that came with a document: from Zotero, Mendeley, EndNote, Word or Pandoc.

In the text a record is cited by its name in brackets, such as "[source 1]". The record itself
becomes a line at the end of the document. That line has the record's fields, as CSL-JSON, so
nothing has to be read out of its words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from references import citing, title_marks
from references.csl import Csl
from references.formats import Record, conforming

from .authors_and_years import plain_letters

#: More works than an article cites. Those beyond are not read.
MOST_RECORDS = 500
_FEWEST_LETTERS_OF_A_TITLE = 12
_PMID = re.compile(r"\bPMID:? ?([0-9]{1,9})\b")


class Records:
    """The records of a document, each once, in the order in which the text cites them."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._csl: dict[str, Csl] = {}

    def name_of(self, item: object) -> str:
        """Return the name of the record `item`, such as "source 1"; "" where it is none.

        `item` is CSL-JSON as a program wrote it.
        """
        csl = conforming_record(item)
        if not csl or not csl.get("title"):
            return ""
        key = _key(csl)
        if key not in self._names:
            if len(self._names) >= MOST_RECORDS:
                return ""
            self._names[key] = f"source {len(self._names) + 1}"
            self._csl[self._names[key]] = csl
        return self._names[key]

    def __iter__(self) -> Iterator[tuple[str, str, Csl]]:
        """Yield (name, printed line, CSL-JSON) of each record."""
        for name, csl in self._csl.items():
            yield name, citing.ama(csl), csl


def conforming_record(item: object) -> Csl | None:
    """Return the CSL-JSON of `item`, with identifiers as the library writes them; None for none."""
    if not isinstance(item, dict):
        return None
    note = item.get("note")
    if isinstance(note, str) and not item.get("PMID") and (pmid := _PMID.search(note[:2000])):
        item = item | {"PMID": pmid[1]}  # where Zotero keeps it
    record = conforming.conform_record(Record(1, 1, cast(Csl, item), ""))
    if record.refused:
        return None
    # The mark of a retraction stays in the line, and goes with it to the library.
    title = title_marks.mark(record.csl.get("title", ""), record.integrity)
    return cast(Csl, record.csl | {"title": title}) if title else record.csl


def mark_of(cited: Iterable[tuple[str, str, str]]) -> str:
    """Return the mark for a text that cites (name, kind of place, place) of records."""
    marks = []
    for name, kind, place in cited:
        plain = re.sub(r"[^0-9ivxlc–-]", "", place)
        where = f", {kind} {plain}" if plain and kind in _KINDS_OF_PLACES else ""
        marks.append(f"[{name}{where}]")
    return "".join(marks)


#: CSL's names of places that a citation of ours can name too.
_KINDS_OF_PLACES = frozenset({"page", "section", "table", "figure", "paragraph"})


def is_printed_mark(words: str) -> bool:
    """Return whether printed words are only a mark: numbers, raised or in brackets.

    Such words go out of the text. The words of "(Beyer 2015)" stay, as those that are typed do.
    """
    return not re.search(r"[^\W\d_]", words)


def is_work_of(csl: Mapping[str, Any], line: str, doi: str) -> bool:
    """Return whether a typed `line` with `doi` gives the work of a record."""
    own = str(csl.get("DOI", "")).lower()
    if own and doi:
        return own == doi.lower()
    title = _letters(title_marks.read(csl.get("title", "")).title)
    letters = _letters(line)
    year = year_of(csl)
    if len(title) < _FEWEST_LETTERS_OF_A_TITLE or title not in letters:
        return False
    return year is None or bool(re.search(rf"(?<!\d){year}", line))


def year_of(csl: Mapping[str, Any]) -> int | None:
    """Return the year of a record; None where it has none."""
    parts = csl.get("issued", {}).get("date-parts") or [[None]]
    return parts[0][0] if parts[0] else None


def authors_of(csl: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the authors of a record, or else its editors."""
    return csl.get("author") or csl.get("editor") or []


def _key(csl: Csl) -> tuple[str, ...]:
    if doi := csl.get("DOI", ""):
        return ("doi", doi.lower())
    if pmid := csl.get("PMID", ""):
        return ("pmid", pmid)
    return ("title", _letters(csl.get("title", "")), str(year_of(csl)), str(csl.get("page", "")))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, plain_letters(text)))
