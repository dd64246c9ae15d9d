"""Reading one line, from its end, into the fields of CSL-JSON."""

import re
from dataclasses import dataclass
from typing import cast

from references import identifiers, title_marks
from references.csl import Csl

from .author_date import fields_by_author_and_date
from .dates import as_date
from .doubts import field_in_doubt
from .endings import (
    Ending,
    take_access_date,
    take_addresses,
    take_bare_doi,
    take_dates_in_brackets,
    take_doi,
    take_extent,
    take_language,
    take_numbers,
    take_series,
    without_left_overs,
)
from .imprints import fields_by_imprint
from .limits import MOST_TRIED
from .lists import without_list_marker
from .mending import mend
from .sentences import bare
from .theses import take_genre

#: A reference that names 500 authors.
_LONGEST_LINE = 6000


class NotAReference(ValueError):
    """The line cannot be read as a reference; str() is one sentence that says what to do."""


class InDoubt(NotAReference):
    """The line is a reference, and part of it would be read into the wrong place."""


@dataclass(frozen=True)
class TypedReference:
    """What a line was read as.

    `raw` is the line as it was. `repairs` holds rule codes, those of identifiers.REPAIRS first and
    then those of typed_lines.REPAIRS. `offered` holds identifiers that a person must confirm before
    they go into `csl`. `needs_lookup`: an identifier was repaired or is offered. Where the authors
    of the line end in “et al”, csl["custom"]["more-authors"] is true. `integrity` is what the title
    says became of the work (references.title_marks).
    """

    raw: str
    csl: Csl
    repairs: tuple[str, ...] = ()
    needs_lookup: bool = False
    offered: tuple[identifiers.Identifier, ...] = ()
    integrity: str = ""

    @property
    def doi_key(self) -> str:
        """The DOI as it is compared, or ""."""
        return self.csl.get("DOI", "").lower()


def parse(line: str) -> TypedReference:
    """Return the TypedReference in one line; raises NotAReference.

    Reads journal articles (also ahead of print), preprints, books, chapters, theses, papers of
    meetings and web pages. A line that leaves a part of its end in its title is refused. Surnames
    keep their particles (“van der Berg”). Initials are stored apart (“N G”), so that they are never
    taken for a name.
    """
    text = _one_line(line)
    ending = Ending()
    text = _GERMAN_EDITION.sub(r"\1th ed.", without_list_marker(text))
    for take_off in _TAKEN_OFF:
        text = take_off(text, ending)
    text, thesis = take_genre(_without_database_links(without_left_overs(text)))
    for take_off in (take_language, take_series, take_extent):
        text = take_off(text, ending)
    csl = fields_by_author_and_date(text, ending.fields)
    if not csl and _OTHER_STYLE.search(text) and "Preprint at" not in text:
        raise NotAReference(
            "This reference is in another style: paste its DOI, or write it as Authors. Title."
            " Journal. Year;volume(issue):pages."
        )
    csl = csl or fields_by_imprint(text, ending.fields)
    if not csl or not re.search(r"[^\W\d_]", csl.get("title", "")):
        raise NotAReference(
            "This does not read as a reference yet: write it as Authors. Title. Journal."
            " Year;volume(issue):pages. DOI."
        )
    integrity = title_marks.read(csl["title"]).state
    csl |= thesis
    if _PREPRINT_SERVER.fullmatch(csl.get("container-title", "")) and not csl.get("volume"):
        csl |= {"type": "article", "page": ""}
    if ending.updated:
        csl.setdefault("issued", as_date(ending.updated))
    if translated := re.fullmatch(r"\[([^\[\]]+)\]", csl["title"]):
        # PubMed and NLM put a title that they translated in brackets.
        csl["title"] = bare(translated[1])
    repairs = mend(csl)
    csl |= ending.fields
    if field := field_in_doubt(csl):
        raise InDoubt(
            f"Part of this reference would be read into the wrong place ({_FIELD_NAMES[field]}):"
            " write it as Authors. Title. Journal. Year;volume(issue):pages. DOI."
        )
    return TypedReference(
        raw=line,
        csl=cast(Csl, {field: value for field, value in csl.items() if value}),
        repairs=tuple(dict.fromkeys(ending.repairs + repairs)),
        needs_lookup=ending.needs_lookup,
        offered=tuple(ending.offered),
        integrity=integrity,
    )


_TAKEN_OFF = (
    take_dates_in_brackets,
    take_numbers,
    take_doi,
    take_access_date,
    take_addresses,
    take_bare_doi,
)
#: What they hold is no article of a journal, whatever the style of the line.
_PREPRINT_SERVER = re.compile(
    r"(?:med|bio|chem|sport|psya|soca|eda|a)rxiv|SSRN|Research Square|OSF Preprints"
    r"|Preprints(?:\.org)?",
    re.I,
)
_GERMAN_EDITION = re.compile(r"(?<=[.?!] )([0-9]{1,2})\. (?:[\w.,-]{2,20} ){0,4}?Aufl(?:age)?\b\.?")
_FIELD_NAMES = {
    "title": "its title",
    "container-title": "its journal",
    "volume": "its volume",
    "issue": "its issue",
    "page": "its pages",
    "publisher": "its publisher",
    "publisher-place": "its place",
    "author": "its authors",
}


def _one_line(line):
    text = line if isinstance(line, str) else ""
    if not text.strip():
        raise NotAReference("Type or paste a reference first.")
    if len(text) > _LONGEST_LINE:
        raise NotAReference(
            "This is too long for one reference: put each reference on a line of its own."
        )
    return " ".join(_INVISIBLE.sub("", text).split())


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)
_OTHER_STYLE = re.compile(r"\((?:1[89]|20)[0-9]{2}[a-z]?(?:, [A-Z][a-z]{2,8}(?: [0-9]{1,2})?)?\)\.")
_LINK_AT_THE_END = re.compile(
    r" ?\[(?:Crossref|PubMed|Google Scholar|Medline|Free Full Text|Web of Science)\] ?$", re.I
)
_LONGEST_LINK = 25


def _without_database_links(text):
    """Return `text` without the “[PubMed]” and the like that a web page puts behind a reference."""
    for _ in range(MOST_TRIED):
        link = _LINK_AT_THE_END.search(text, max(0, len(text) - _LONGEST_LINK))
        if not link:
            break
        text = text[: link.start()]
    return text
