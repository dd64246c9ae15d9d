"""References with the year behind the authors, as APA and Harvard have them.

Beyer, R., & Kongsgaard, M. (2015). Heavy slow resistance. Am J Sports Med, 43(7), 1704–1711.
"""

import re
from collections.abc import Mapping
from typing import Any

from .dates import MONTH, YEAR, as_date
from .people import organisation, people_in
from .sentences import bare, split_off_journal, split_sentences, title_of

_DAY = rf"(?:{MONTH}(?: [0-9]{{1,2}})?|[0-9]{{1,2}} {MONTH})"
_FRONT = re.compile(
    rf"(?P<who>\S.{{1,1500}}?)[.,]? "
    rf"(?:\((?P<year>{YEAR}|n\. ?d\.)[a-z]?(?:, (?P<day>{_DAY}))?\)[.,:]?"
    rf"|(?P<bare_year>{YEAR})[a-z]?[.:])"
    r" ?(?P<rest>\S.+)"
)
_QUOTED = re.compile(
    r"[‘“'\"](?P<title>.{2,600}?)[’”'\"][,.]? (?P<container>[^\W\d_].*)|"
    r"[‘“'\"](?P<title_before_stop>.{2,600}?)[,.][’”'\"] (?P<container_behind>[^\W\d_].*)"
)
_PAGES = r"(?:pp?\.? ?|págs?\.? ?|Article |article )?(?P<page>[A-Za-z]{0,3}[0-9][^,;:()\s]{0,30})"
_VOLUME = r"(?:(?:[Vv]ol(?:ume|umen)?\.? ?)?(?P<volume>[0-9]{1,4}|[IVXLC]{1,8})(?![0-9]))?"
_ISSUE = (
    r"(?:,? ?\((?P<issue>[^()]{1,40})\)|"
    r", ?(?:[Nn]o|[Ii]ss(?:ue)?|[Nn]úm)\.? ?(?P<number>\w{1,12}))?"
)
_JOURNAL = re.compile(
    rf"(?P<journal>[^\d\s].{{1,200}}?)[,.]? {_VOLUME}{_ISSUE}(?:(?:, ?|: ?){_PAGES})?\.?"
)
#: A journal title with abbreviations is several sentences.
_MOST_SENTENCES = 7
_EDITORS = re.compile(r" \([Ee]ds?\.?\)[.,]? ")
_IN = re.compile(r"[.,?!’”'\"]\s[Ii]n:? ")
_BOOK = re.compile(
    r"(?P<book>.{2,400}?)(?: ?[(,] ?(?:(?P<edition>[^(),]{1,20}ed\.?), )?"
    r"pp?\.? ?(?P<page>[0-9ivx]{1,6}(?:[-–][0-9ivx]{1,6})?)\)?)?\. (?P<imprint>[^.].{1,120}?)\.?"
)
_EDITION = re.compile(r" ?\(?([0-9]{1,2})(?:st|nd|rd|th)?\.? (?:edn?|edition|ed)\.?\)?\.?$", re.I)
_PLACE = re.compile(r"([^\W\d_][^\d:;]{1,40}): ?(\S.*)")
_MEDIUM = re.compile(r" ?\[(?:Online|Internet|Web ?page|Website|PDF)\]", re.I)
_AVAILABLE = re.compile(r" ?\(?(?:Available (?:at|from)|Disponible en|Accessed)\b.*$", re.I)


def fields_by_author_and_date(text: str, ending_fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the CSL fields of a line without its ending; None where it is in no such style.

    The line must name people or a body before the year, and after it a title and where that came
    out. `ending_fields` are the CSL fields that its ending gave.
    """
    front = _FRONT.fullmatch(text.strip())
    if not front:
        return None
    has_link = bool(ending_fields.keys() & {"DOI", "PMID", "PMCID", "URL"})
    people = people_in(front["who"])
    if not people and front["year"]:
        people = organisation(front["who"], is_surely_one=has_link)
    if not people:
        return None
    work = _work(_MEDIUM.sub("", front["rest"]).strip(), ending_fields)
    if work is None:
        return None
    year = front["year"] or front["bare_year"]
    if year.startswith("n"):
        return people | work
    date = f"{front['day']} {year}" if front["day"] else year
    return people | work | {"issued": as_date(date)}


def _work(rest: str, ending_fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields of title and container."""
    is_named = bool(ending_fields.keys() & {"DOI", "PMID", "PMCID"})
    if quoted := _QUOTED.fullmatch(rest):
        title = quoted["title"] or quoted["title_before_stop"]
        container = quoted["container"] or quoted["container_behind"]
        if journal := _journal(container):
            return journal | {"title": bare(title.rstrip(","))}
        if is_named or "URL" in ending_fields:
            container = bare(_AVAILABLE.sub("", container)).strip(" ()")
            kind = "article-journal" if is_named else "webpage"
            return {"type": kind, "title": bare(title), "container-title": container}
        return None
    if chapter := _chapter(rest):
        return chapter
    if not (sentences := split_sentences(rest)):
        return None  # nothing but full stops
    *title, last = sentences
    for count in range(1, min(_MOST_SENTENCES, len(title)) + 1):
        if journal := _journal(" ".join(sentences[-count:])):
            front, name = split_off_journal([*sentences[:-count], journal["container-title"]])
            return journal | {"title": title_of(front), "container-title": name}
    if is_named:
        container = {"container-title": bare(last)} if title else {}
        return {"type": "article-journal", "title": title_of(title or [last])} | container
    if "URL" in ending_fields:
        text = re.sub(r" ?\( ?\)", "", bare(_AVAILABLE.sub("", rest))).rstrip(" .(")
        *title, last = split_sentences(text) or [text]
        container = {"container-title": bare(last)} if title else {}
        return {"type": "webpage", "title": title_of(title or [last])} | container
    return _book(title, last) if title else None


def _journal(text: str) -> dict[str, Any] | None:
    """Return the fields of "Am J Sports Med, 43(7), 1704–1711"; None where it is no such place."""
    found = _JOURNAL.fullmatch(text.strip())
    if not found or not (found["volume"] or found["issue"] or found["page"]):
        return None
    if not (found["issue"] or found["number"] or found["page"]):
        return None
    return {
        "type": "article-journal",
        "container-title": found["journal"].strip(" ,."),
        "volume": found["volume"] or "",
        "issue": found["issue"] or found["number"] or "",
        "page": (found["page"] or "").rstrip("."),
    }


def _chapter(text: str) -> dict[str, Any] | None:
    """Return the fields of "Loading. In C. Roe (Ed.), Tendons (pp. 12–34). Springer."."""
    named = _EDITORS.search(text)
    within = _IN.search(text, 0, named.start()) if named else None
    found = _BOOK.fullmatch(text, named.end()) if named and within else None
    if not named or not within or not found:
        return None
    editors = text[within.end() : named.start()]
    people = people_in(editors, is_given_first=True) or people_in(editors)
    return {
        "type": "chapter",
        "title": bare(text[: within.start() + 1].strip("‘’“”'\",")),
        "container-title": bare(found["book"]),
        "page": found["page"] or "",
        "editor": people.get("author", []),
        "edition": found["edition"] or "",
    } | _publisher(found["imprint"])


def _book(title: list[str], imprint: str) -> dict[str, Any] | None:
    """Return the fields of a book, whose last sentence names the publisher."""
    publisher = bare(imprint)
    if not 0 < len(publisher.split()) <= 8 or not publisher[0].isupper() or "," in publisher[:-20]:
        return None
    name, csl = title_of(title), {}
    if edition := _EDITION.search(name):
        name, csl = name[: edition.start()].strip(" ,."), {"edition": edition[1]}
    return {"type": "book", "title": name} | csl | _publisher(publisher)


def _publisher(imprint: str) -> dict[str, str]:
    place = _PLACE.fullmatch(imprint)
    return {"publisher-place": place[1], "publisher": place[2]} if place else {"publisher": imprint}
