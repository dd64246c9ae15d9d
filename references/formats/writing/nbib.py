"""Writing MEDLINE (NBIB)."""

from uuid import UUID

from references.csl import Csl
from references.formats import carrying, dates, languages, names
from references.formats.nbib import read
from references.formats.records import Record

_TYPE_NAMES = {"book": "Book", "chapter": "Book Chapter", "article": "Preprint"}


def write(csl: Csl, uid: UUID | str = "") -> str:
    """Return `csl` as one MEDLINE record; XCSL carries what MEDLINE has no place for."""
    csl = carrying.csl_of(csl)
    lines = list(_lines(csl, uid))
    text = _text(lines)
    read_back = next(read(text), Record(1, 1, {}, ""))
    if missing := carrying.difference(csl, read_back):
        text = _text([*lines, ("XCSL", carrying.as_line(missing))])
    return text


def _text(lines):
    record = "".join(
        f"{tag:<4}- {' '.join(value.split())}\n" for tag, value in lines if value.strip()
    )
    return record + "\n"


def _lines(csl, uid):
    kind = csl.get("type", "document")
    # PMID is first: an empty line with that tag would still begin the record.
    yield "PMID", csl.get("PMID", "")
    yield "OWN", "PhysioHub"
    issn = csl.get("ISSN", "")
    yield "IS", issn
    yield "VI", csl.get("volume", "")
    yield "IP", csl.get("issue", "")
    issued = dates.parts(csl.get("issued"))
    if issued:
        month = [dates.month_name(issued[1])] if len(issued) > 1 else []
        yield "DP", " ".join([f"{issued[0]:04}", *month, *map(str, issued[2:3])])
    title = csl.get("title", "")
    yield (
        "TI" if kind != "book" else "BTI",
        f"{title}." if title and not title.endswith((".", "?", "!")) else title,
    )
    yield "PG", csl.get("page", "")
    if doi := csl.get("DOI"):
        yield "LID", f"{doi} [doi]"
    for full, short, role in (("FAU", "AU", "author"), ("FED", "ED", "editor")):
        for name in csl.get(role, ()):
            if name.get("family"):
                yield full, names.as_inverted(name)
                yield short, names.surname_and_initials(name)
            else:
                yield "CN" if role == "author" else full, name.get("literal", "")
    yield "LA", languages.long(csl.get("language", ""))
    yield "PT", _TYPE_NAMES.get(kind, "Journal Article")
    yield "PL", csl.get("publisher-place", "")
    yield "PB", csl.get("publisher", "")
    yield "EN", csl.get("edition", "")
    container = csl.get("container-title", "")
    if kind == "chapter":
        yield "BTI", container
    elif kind != "book":
        yield "TA", csl.get("container-title-short", "")
        yield "JT", container
    if kind in ("book", "chapter"):
        yield "CTI", csl.get("collection-title", "")
        yield "ISBN", csl.get("ISBN", "")
    yield "PMC", csl.get("PMCID", "")
    yield "URL", csl.get("URL", "")
    yield from (("OT", word) for word in csl.get("keyword", "").split(", "))
    if uid:
        yield "OID", f"PhysioHub: {uid}"
