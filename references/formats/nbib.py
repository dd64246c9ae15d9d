"""MEDLINE, the format that PubMed exports as .nbib and .txt.

Tags have up to four letters, filled with blanks, and a dash. A record ends at a blank line, or at
the next PMID where that is missing. A saved web page puts everything into <pre>. RIN, EIN, ECI and
similar tags say what became of a work, and must not be lost.
"""

import datetime
import html
import re
from collections import defaultdict
from collections.abc import Iterator

from . import carrying, dates, decoding, languages, limits, names, pages
from .decoding import Source
from .limits import LONGEST_RECORD, MOST_TRIED
from .records import FoundNotice, Record

_TAG_LINE = re.compile(r"(?:<pre>)?([A-Z][A-Z0-9]{1,3})(\s{0,2})-(?:\s(.*)|(\S.*)|)$")
_WRAPPING = re.compile(r"\s{0,9}</?(?:pre|html|body|head|title)\b[^>]{0,200}>", re.I)

#: What became of the work, by the tag that points at the notice.
_NOTICES = {
    "RIN": "retraction",
    "EIN": "correction",
    "ECI": "expression_of_concern",
    "RRI": "reinstatement",
    "CRI": "correction",
    "UIN": "new_version",
}
_INTEGRITY_OF_TYPES = {
    "retracted publication": "retracted",
    "retraction of publication": "notice",
    "expression of concern": "notice",
    "published erratum": "notice",
}
_INTEGRITY_OF_TAGS = {
    "RRI": "reinstated",
    "RIN": "retracted",
    "ECI": "concern",
    "EIN": "corrected",
    "CRI": "corrected",
}
#: ERIC's publication types of works that are in no journal, the most particular first.
_ERIC_TYPES = (
    ("dissertations/theses", "thesis"),
    ("books", "book"),
    ("speeches/meeting papers", "paper-conference"),
    ("journal articles", "article-journal"),
)
#: Publication types to kinds of study, the strongest first.
_DESIGNS = (
    ("meta-analysis", "systematic_review"),
    ("systematic review", "systematic_review"),
    ("network meta-analysis", "systematic_review"),
    ("practice guideline", "guideline"),
    ("guideline", "guideline"),
    ("randomized controlled trial", "rct"),
    ("pragmatic clinical trial", "rct"),
    ("controlled clinical trial", "nonrandomised"),
    ("case reports", "case_series"),
    ("review", "narrative_review"),
    ("editorial", "opinion"),
    ("comment", "opinion"),
    ("letter", "opinion"),
)


def read(data: Source) -> Iterator[Record]:
    """Yield a Record, not conforming yet, for each record in `data`."""
    records = _records(decoding.lines(decoding.as_stream(data)))
    for number, (line, raw, pairs) in enumerate(records, start=1):
        if pairs is None:
            yield Record(number, line, {}, raw, refused=limits.TOO_LONG)
        else:
            yield limits.read_or_refuse(number, line, raw, _record, number, line, raw, pairs)


def _records(lines):
    """Yield line, raw text and [[tag, lines]…] of each record.

    None for the list when it is too long.
    """
    start, raw, pairs, length = 0, [], [], 0
    for number, text in lines:
        text = _WRAPPING.sub("", text) if "<" in text[:40] else text
        match = _TAG_LINE.match(text)
        tag = match[1] if match and len(match[1]) + len(match[2]) <= 5 else ""
        if start and (not text.strip() or (tag == "PMID" and _has_pmid(pairs))):
            yield start, "\n".join(raw), pairs
            start = 0
        if tag and not start:
            start, raw, pairs, length = number, [], [], 0
        if not start:
            continue
        length += len(text)
        if length > LONGEST_RECORD:
            pairs, raw = None, raw[:1]
        if pairs is None:
            continue
        if tag:
            raw.append(text)
            value = next((part for part in match.groups()[2:] if part), "")
            pairs.append([tag, [value.strip()]])
        elif text[0].isspace():
            raw.append(text)
            pairs[-1][1].append(text.strip())
        # A line with no indent and no tag is not part of a record.
    if start:
        yield start, "\n".join(raw), pairs


def _has_pmid(pairs):
    return pairs is None or any(tag == "PMID" for tag, _ in pairs)


def _record(number, line, raw, pairs):
    fields = defaultdict(list)
    for tag, values in pairs:
        if text := " ".join(" ".join(values).split()):
            fields[tag].append(text)
    first = {tag: values[0] for tag, values in fields.items()}
    kinds = [kind.lower() for kind in fields["PT"]]
    csl = _csl(pairs, fields, first, kinds)
    if carried := first.get("XCSL"):
        csl = carrying.with_line(csl, carried)
    own_ids = [
        value.removeprefix("PhysioHub: ")
        for value in fields["OID"]
        if value.startswith("PhysioHub: ")
    ]
    trials = [
        value.rpartition("/")[2]
        for value in fields["SI"]
        if value.lower().startswith("clinicaltrials.gov/")
    ]
    return Record(
        number,
        line,
        csl,
        raw,
        nct=trials[0][:40] if trials else "",
        uid=carrying.uid_in(own_ids[0]) if own_ids else "",
        design=next((design for kind, design in _DESIGNS if kind in kinds), ""),
        notices=tuple(_notices(fields)),
        integrity=_integrity(kinds, fields),
    )


def _csl(pairs, fields, first, kinds):
    """Return the work. `first` has the first value of each tag, `kinds` the publication types."""
    csl = {
        "type": _type(kinds, first),
        "title": _title(first, fields),
        "DOI": _doi(fields),
    }
    csl |= _container(csl["type"], first)
    csl |= {
        "author": _people(pairs, "FAU", "AU", fields["CN"]),
        "editor": _people(pairs, "FED", "ED", []),
    }
    # The date of the issue is the one that is cited; DEP is the day of first publication online.
    days = (dates.read(value) for tag in ("DP", "DEP") for value in fields[tag][:MOST_TRIED])
    csl["issued"] = next(filter(None, days), {})
    csl |= {"volume": first.get("VI", ""), "issue": first.get("IP", "")}
    csl["page"] = pages.full_range(first.get("PG", "")) or _article_number(fields, first)
    # ERIC writes “ISSN-0031-9023”.
    issn = first.get("IS") or first.get("ISSN", "")
    csl["ISSN"] = issn.removeprefix("ISSN-").partition(" ")[0]
    csl["language"] = languages.short(first.get("LA", ""))
    csl["PMID"] = first.get("PMID", "").split(" ")[0]
    csl["PMCID"] = _pmcid(first, fields)
    csl |= {
        "publisher": first.get("PB", ""),
        "edition": first.get("EN", ""),
        "URL": first.get("URL", ""),
    }
    if csl["type"] in ("book", "chapter"):
        csl |= {
            "ISBN": first.get("ISBN", "").partition(" ")[0],
            "publisher-place": first.get("PL", ""),
        }
    csl["keyword"] = ", ".join(fields["OT"])[:5000]
    return csl


def _type(kinds, first):
    if first.get("OWN") == "ERIC" and not first.get("JT"):
        return next((csl for words, csl in _ERIC_TYPES if words in "; ".join(kinds)), "report")
    if "BTI" in first or "book" in kinds or "books" in kinds or first.get("PT") == "Book Chapter":
        is_part = bool(first.get("TI") and first.get("BTI")) or "book chapter" in kinds
        return "chapter" if is_part else "book"
    if "preprint" in kinds:
        return "article"
    return "article-journal"


def _title(first, fields):
    """Return the title without MEDLINE's full stop and its brackets around translations."""
    title = " ".join(fields["TI"]) or first.get("BTI") or first.get("CTI") or first.get("TT", "")
    if bracketed := re.fullmatch(r"\[(.*)\]\.?", title):
        title = bracketed[1]
    if title.endswith(".") and not title.endswith("..."):
        title = title[:-1]
    # Web pages that were saved as text keep their character codes.
    return html.unescape(title) if re.search(r"&(?:amp|lt|gt|quot|#[0-9]{1,5});", title) else title


def _container(kind, first):
    if kind == "book":
        return {"collection-title": first.get("CTI", "")}
    if kind == "chapter":
        return {"container-title": first.get("BTI", ""), "collection-title": first.get("CTI", "")}
    journal, short = first.get("JT", ""), first.get("TA", "")
    return {
        "container-title": journal or short,
        "container-title-short": short if journal and short != journal else "",
    }


def _people(pairs, full, short, bodies):
    """Return authors in order.

    A full name comes before its short form, and counts instead of it.
    """
    limits.check_names(sum(tag in (full, short, "CN") for tag, _ in pairs) // 2)
    people, awaits_short = [], False
    for tag, values in pairs:
        text = " ".join(" ".join(values).split())
        if tag == full and text:
            people += names.people([text])
            awaits_short = True
        elif tag == short and text:
            if not awaits_short:
                people += names.people([text])
            awaits_short = False
        elif tag == "CN" and text and bodies:
            people += names.bodies([text])
    return [name for name in people if name]


def _doi(fields):
    """Return the DOI in AID, LID or SO."""
    for value in [*fields["AID"], *fields["LID"]]:
        identifier, _, label = value.rpartition(" ")
        if label == "[doi]":
            return identifier
        if value.lower().startswith("doi:"):
            return value[4:].strip()
    cited = re.search(r"\bdoi: ?(10\.\S+?)\.?(?:\s|$)", " ".join(fields["SO"]))
    return cited[1] if cited else ""


def _article_number(fields, first):
    """Return the number an article has instead of pages.

    LID has it as “1042 [pii]”. Before there is a volume, that is a number of the publisher's.
    """
    values = [*fields["LID"], *fields["AID"]] if first.get("VI") or first.get("IP") else []
    numbers = [pages.article_number(value) for value in values if not value.endswith("[doi]")]
    plain = [value for value in fields["LID"] if not value.endswith("]")]
    return next(filter(None, [*numbers, *map(pages.article_number, plain)]), "")


def _pmcid(first, fields):
    number = (
        first.get("PMC", "")
        or next((value for value in fields["OID"] if "PMC" in value), "").rpartition(" ")[2]
    )
    return f"PMC{number}" if number.isdigit() else number


_PMID = re.compile(r"PMID:? ?([0-9]{1,8})(?![0-9])")
_DOI = re.compile(r"doi:? ?(10\.[0-9]{4,9}/\S+?)[.,;]?(?:\s|$)", re.I)


def _notices(fields):
    limits.check_notices(sum(len(fields[tag]) for tag in _NOTICES))
    for tag, kind in _NOTICES.items():
        for value in fields[tag]:
            pmid, doi = _PMID.search(value), _DOI.search(value)
            yield FoundNotice(
                kind=kind,
                date=_full_date(dates.parts(dates.read(value))),
                pmid=pmid[1] if pmid else "",
                doi=doi[1] if doi else "",
                source="PubMed",
                label=value[:300],
            )


def _full_date(parts):
    """Return the date where year, month and day are known.

    None otherwise, for no part may be guessed.
    """
    try:
        return datetime.date(*parts) if len(parts) == 3 else None
    except ValueError:
        return None


def _integrity(kinds, fields):
    stated = next((state for kind, state in _INTEGRITY_OF_TYPES.items() if kind in kinds), "")
    if stated:
        return stated
    return next((state for tag, state in _INTEGRITY_OF_TAGS.items() if fields[tag]), "")
