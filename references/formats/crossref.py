"""Crossref's description of a work, to CSL-JSON.

It looks like CSL-JSON and is not: lists where CSL has text, null for missing years, types of its
own, entities and JATS markup in titles. Nothing is asked here: the answer of the API goes in, or a
file of such answers, and Records come out.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from references import identifiers, integrity, title_marks, typed_lines

from . import limits
from .records import Record

#: Crossref's types, and those of CSL. Any other is a “document”.
_TYPES = {
    "journal-article": "article-journal",
    "posted-content": "article",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "book-track": "chapter",
    "reference-entry": "entry",
    "proceedings-article": "paper-conference",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "book-series": "book",
    "proceedings": "book",
    "dissertation": "thesis",
    "report": "report",
    "report-component": "report",
    "report-series": "report",
    "standard": "standard",
    "dataset": "dataset",
    "database": "dataset",
    "peer-review": "review",
    "journal": "periodical",
    "journal-issue": "periodical",
    "journal-volume": "periodical",
}
#: What nobody cites as a work: parts of works, reviews of manuscripts, grants.
NOT_WORKS = {
    "component",
    "peer-review",
    "grant",
    "dataset",
    "database",
    "journal",
    "journal-issue",
    "journal-volume",
}

_MOST_YEARS_APART = 5


def read(data: bytes | str) -> Iterator[Record]:
    """Yield a Record for each work in `data`: one work, a list, or an answer of the API."""
    text = data.decode("utf-8-sig", errors="replace") if isinstance(data, bytes) else data
    try:
        works = _works(json.loads(text))
    except json.JSONDecodeError:
        yield Record(
            1, 1, {}, text, refused="This is no JSON. Save the answer of Crossref as it comes."
        )
        return
    except (ValueError, RecursionError):
        # Numbers with thousands of digits, or lists nested without end.
        reason = (
            "It is nested or numbered beyond what a record can be. Save the answer of Crossref as"
            " it comes."
        )
        yield Record(1, 1, {}, text, refused=reason)
        return
    for number, work in enumerate(works, start=1):
        yield record(work, number=number)


def _works(answer):
    if isinstance(answer, dict):
        answer = answer.get("message", answer)
    if isinstance(answer, dict):
        answer = answer["items"] if isinstance(answer.get("items"), list) else [answer]
    return answer if isinstance(answer, list) else [answer]


def record(work: object, *, number: int = 1, line: int = 1) -> Record:
    """Return the Record of one work, as the API has it under “message”; refused without a title."""
    return limits.read_or_refuse(number, line, "", _record, work, number, line)


def _record(work, number, line):
    limits.check_depth(work)
    raw = json.dumps(work, ensure_ascii=False)
    if len(raw) > limits.LONGEST_RECORD:
        raise limits.TooMuch(limits.TOO_LONG)
    if not isinstance(work, dict):
        return Record(number, line, {}, raw, refused="This is no record of a work.")
    marked = title_marks.read(_title(work))
    title, stated = marked.title, marked.state
    if not title:
        return Record(number, line, {}, raw, refused="The record has no title.", payload=work)
    limits.check_notices(
        sum(len(work[field]) for field in _UPDATES if isinstance(work.get(field), list))
    )
    notices, is_notice = integrity.read_crossref(work)
    csl = {"type": _TYPES.get(str(work.get("type")), "document"), "title": title}
    csl |= {role: people for role in _ROLES if (people := _people(work.get(role)))}
    csl |= {name: text for name, text in _texts(work, csl["type"]) if text}
    if issued := _issued(work, has_volume="volume" in csl):
        csl["issued"] = {"date-parts": [issued]}
    repairs = typed_lines.mend(csl) + (["retracted-prefix"] if title != _title(work) else [])
    csl = {field: value for field, value in csl.items() if value}
    isbn13 = _isbn13(work)
    if isbn13:
        csl["ISBN"] = isbn13
    return Record(
        number=number,
        line=line,
        csl=csl,
        raw=raw,
        isbn13=isbn13,
        language=csl.get("language", "")[:20],
        url=csl.get("URL", ""),
        notices=notices,
        integrity=is_notice or ("" if notices and stated == "notice" else stated),
        repairs=tuple(repairs),
        warnings=tuple(_warnings(csl)),
        payload=work,
    )


_ROLES = ("author", "editor", "translator", "chair")
_UPDATES = ("updated-by", "update-to")

# Text ------------------------------------------------------------------------------------------

_TAG = re.compile(r"<(/?)((?:jats:|mml:)?[A-Za-z][A-Za-z0-9]{0,20})(?:\s[^<>]{0,300})?/?>")
_KEPT = {
    "i": "i",
    "b": "b",
    "sub": "sub",
    "sup": "sup",
    "em": "i",
    "italic": "i",
    "strong": "b",
    "bold": "b",
}
_DROPPED = {
    "span",
    "scp",
    "sc",
    "p",
    "title",
    "u",
    "tt",
    "br",
    "underline",
    "small",
    "font",
    "div",
    "inf",
}
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def text_of(value: object) -> str:
    """Return the first text in `value` on one line, with entities decoded.

    Of markup, only <i>, <b>, <sub> and <sup> are left.
    """
    if isinstance(value, list):
        value = next((entry for entry in value if isinstance(entry, str) and entry.strip()), "")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value)
    for _ in range(2):
        # Records that passed through two systems are encoded twice.
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return " ".join(_UNPRINTABLE.sub("", _TAG.sub(_plain_tag, text)).split())


def _plain_tag(tag):
    closing, name = tag.groups()
    name = name.lower()
    bare = name.removeprefix("jats:")
    if bare in _KEPT:
        return f"<{closing}{_KEPT[bare]}>"
    if bare == "subtitle":
        return "" if closing else ": "
    return "" if ":" in name or bare in _DROPPED else tag[0]


def _title(work):
    titles = (text_of(work.get(field)) for field in ("title", "original-title", "short-title"))
    title = next(filter(None, titles), "")
    subtitle = text_of(work.get("subtitle"))
    if not subtitle or subtitle.lower() in title.lower():
        return title
    colon = "" if title[-1:] in (":", "?", "!", "–", "—") else ":"
    return f"{title}{colon} {subtitle}"


def _texts(work, kind):
    """Yield CSL field and text, for each field that is text in both."""
    yield "DOI", text_of(work.get("DOI"))[:255]
    container = text_of(work.get("container-title"))
    if kind == "article" and not container:
        container = _institution(work)
    yield "container-title", container
    short = text_of(work.get("short-container-title"))
    yield "container-title-short", short
    if kind == "paper-conference" and isinstance(work.get("event"), dict):
        yield "event-title", text_of(work["event"].get("name"))
    for field, key in (
        ("publisher", "publisher"),
        ("publisher-place", "publisher-location"),
        ("volume", "volume"),
        ("issue", "issue"),
        ("edition", "edition-number"),
        ("language", "language"),
        ("ISSN", "ISSN"),
    ):
        yield field, text_of(work.get(key))
    if kind == "thesis":
        yield "genre", text_of(work.get("degree"))
    yield "page", text_of(work.get("page")) or text_of(work.get("article-number"))


def _institution(work):
    institutions = work.get("institution")
    first = institutions[0] if isinstance(institutions, list) and institutions else institutions
    return text_of(first.get("name")) if isinstance(first, dict) else ""


# People, dates, identifiers --------------------------------------------------------------------


def _people(listed):
    limits.check_names(len(listed) if isinstance(listed, list) else 0)
    names = (
        (_name(entry) for entry in listed if isinstance(entry, dict))
        if isinstance(listed, list)
        else ()
    )
    return [name for name in names if name]


def _name(entry):
    family, given, suffix = (text_of(entry.get(part)) for part in ("family", "given", "suffix"))
    if not family:
        literal = text_of(entry.get("name")) or given
        return {"literal": literal} if literal else None
    return {"family": family} | {
        part: text for part, text in (("given", given), ("suffix", suffix)) if text
    }


def _issued(work, *, has_volume):
    """Return [year], [year, month] or [year, month, day]; of the print where there is one.

    The year of the print is the one that is cited.
    """
    fields = ["issued", "published-print", "published-online", "posted", "published", "approved"]
    if has_volume or work.get("type") != "journal-article":
        fields.insert(0, "published-print")
    for field in fields:
        value = work.get(field)
        parts = value.get("date-parts") if isinstance(value, dict) else None
        if whole := date_parts(parts):
            return whole
    return None


def date_parts(parts: Any) -> list[int] | None:
    """Return the first of `date-parts` as at most three numbers of a date; None without a year."""
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    kept: list[int] = []
    for value, low, high in zip(first[:3], (1000, 1, 1), (2999, 12, 31), strict=False):
        text = str(value)
        if (
            isinstance(value, (bool, float))
            or not text.isascii()
            or not text.isdigit()
            or len(text) > 4
        ):
            break
        if not low <= int(text) <= high:
            break
        kept.append(int(text))
    return kept or None


def _isbn13(work):
    isbns = work.get("ISBN")
    identifiers_read = (
        (identifiers.isbn(isbn) for isbn in isbns if isinstance(isbn, str))
        if isinstance(isbns, list)
        else ()
    )
    return next((isbn.key for isbn in identifiers_read if isbn.is_usable), "")


# Warnings --------------------------------------------------------------------------------------


def _warnings(csl):
    """Yield sentences about what a person should look at. Nothing is changed."""
    if len(csl["title"]) > 12 and csl["title"].isupper():
        yield "The title is in capitals throughout."
    if any(
        len(name.get("family", "")) > 3 and name["family"].isupper()
        for name in csl.get("author", ())
    ):
        yield "A surname is in capitals throughout."
    year = csl.get("issued", {}).get("date-parts", [[None]])[0][0]
    year_in_doi = re.search(
        r"(?<![0-9])(19[0-9]{2}|20[0-2][0-9])(?![0-9]|-[0-9]{3}[0-9x])",
        csl.get("DOI", "").partition("/")[2],
    )
    # Some publishers give the year in which an old volume was put online.
    if year and year_in_doi and year - int(year_in_doi[1]) > _MOST_YEARS_APART:
        yield f"The DOI speaks of {year_in_doi[1]}, the record of {year}. Check the year."
