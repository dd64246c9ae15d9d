"""The tagged format of Web of Science (.ciw, “plain text file”), as its “field tags” describe it.

A tag of two letters and a blank begins a field, and three blanks continue it. FN and VR open the
file, PT begins a record, ER ends it. https://images.webofknowledge.com, “Web of Science Core
Collection Field Tags”, lists the tags.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from . import dates, decoding, languages, limits, names, pages
from .decoding import Source
from .limits import LONGEST_RECORD
from .records import Record

_TAG_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$")

#: Document types (DT), and publication types (PT) where these say less.
_TYPES = (
    ("book chapter", "chapter"),
    ("proceedings paper", "paper-conference"),
    ("meeting abstract", "article-journal"),
    ("data set", "dataset"),
    ("software", "software"),
    ("patent", "patent"),
    ("book review", "review-book"),
    ("preprint", "article"),
)
_INTEGRITY = (
    ("retracted publication", "retracted"),
    ("withdrawn publication", "withdrawn"),
    ("retraction", "notice"),
    ("expression of concern", "notice"),
    ("correction", "notice"),
)
_MONTHS_OF_SEASON = {"SPR": "spring", "SUM": "summer", "FAL": "autumn", "WIN": "winter"}


def read(data: Source) -> Iterator[Record]:
    """Yield a Record, not conforming yet, for each record in `data`."""
    records = _records(decoding.lines(decoding.as_stream(data)))
    for number, (line, raw, pairs) in enumerate(records, start=1):
        if pairs is None:
            yield Record(number, line, {}, raw, refused=limits.TOO_LONG)
        else:
            yield limits.read_or_refuse(number, line, raw, _record, number, line, raw, pairs)


def _records(lines):
    """Yield line, raw text and [[tag, lines]…] of each record; None for one that is too long."""
    start, raw, pairs, length = 0, [], [], 0
    for number, text in lines:
        match = _TAG_LINE.match(text.rstrip())
        tag = match[1] if match else ""
        if start and (tag in ("PT", "EF") and pairs != []):
            yield start, "\n".join(raw), pairs
            start = 0
        if not start:
            if not tag or tag in ("FN", "VR", "ER", "EF"):
                continue
            start, raw, pairs, length = number, [], [], 0
        length += len(text)
        if length > LONGEST_RECORD:
            pairs, raw = None, raw[:1]
        if tag == "ER":
            yield start, "\n".join(raw), pairs
            start = 0
        elif pairs is not None:
            raw.append(text)
            if tag:
                pairs.append([tag, [(match[2] or "").strip()]])
            elif pairs and text.strip():
                pairs[-1][1].append(text.strip())
    if start:
        yield start, "\n".join(raw), pairs


def _record(number, line, raw, pairs):
    listed = defaultdict(list)
    for tag, values in pairs:
        listed[tag] += [value for value in values if value]
    first = {tag: " ".join(values) for tag, values in listed.items()}
    kinds = [kind.strip().lower() for kind in first.get("DT", "").split(";")]
    csl = _csl(listed, first, kinds)
    return Record(
        number,
        line,
        csl,
        raw,
        integrity=next((state for kind, state in _INTEGRITY if kind in kinds), ""),
    )


def _csl(listed, first, kinds):
    get = first.get
    kind = next((csl_type for name, csl_type in _TYPES if name in kinds), "")
    if not kind:
        kind = {"B": "book", "P": "patent"}.get(get("PT", ""), "article-journal")
    csl = {"type": kind, "title": get("TI", ""), "container-title": get("SO", "")}
    if kind == "book":
        csl |= {"title": get("TI") or get("SO", ""), "container-title": ""}
    csl["collection-title"] = get("SE", "")
    if kind == "article-journal":
        short = get("JI") or get("J9", "")
        csl["container-title-short"] = short if short != csl["container-title"] else ""
    csl |= _people(listed)
    csl["volume"], csl["issue"] = get("VL", ""), _issue(first)
    csl["page"] = pages.from_first_and_last(get("BP", ""), get("EP", ""), get("AR", ""))
    csl["issued"] = _issued(first)
    csl |= {
        "DOI": get("DI") or get("D2", ""),
        "PMID": get("PM", ""),
        "ISSN": get("SN") or get("EI", ""),
        "ISBN": get("BN", ""),
        "publisher": get("PU", ""),
        "publisher-place": get("PI", ""),
        "language": languages.short(get("LA", "")),
        "keyword": ", ".join(word.strip() for word in get("DE", "").split(";"))[:5000],
    }
    if kind == "paper-conference":
        csl |= {"event-title": get("CT", ""), "event-place": get("CL", "")}
    return csl


def _people(listed):
    """Return the people by role. Full names (AF) count where there are as many as short ones."""
    authors = [*listed["AU"], *listed["BA"]]
    full = [*listed["AF"], *listed["BF"]]
    if len(full) >= len(authors):
        authors = full
    groups = [group for line in [*listed["CA"], *listed["GP"]] for group in line.split(";")]
    limits.check_names(len(authors) + len(groups))
    editors = [*listed["BE"], *listed["ED"]]
    return {
        "author": [*names.people(authors), *names.bodies(groups)],
        "editor": names.people(editors),
    }


def _issue(first):
    """Return the issue with its part and supplement, as “2 Suppl 1”."""
    supplement, part = first.get("SU", ""), first.get("PN", "")
    return " ".join(
        filter(
            None,
            [
                first.get("IS", ""),
                f"Pt {part}" if part else "",
                # “S” alone stands for a supplement without a number.
                f"Suppl {supplement.lstrip('Ss.')}".strip() if supplement else "",
            ],
        )
    )


def _issued(first):
    year = first.get("PY") or first.get("EY", "")
    day = first.get("PD", "")
    season = _MONTHS_OF_SEASON.get(day[:3].upper(), "") if len(day) < 8 else ""
    if not year and first.get("EA"):
        return dates.read(first["EA"])
    if year and year not in day:
        day = f"{season or day} {year}"
    return dates.read(day or year) or dates.read(year)
