"""Writing MEDLINE (NBIB)."""

from uuid import UUID

from references.csl import Csl
from references.formats import carrying, dates, languages, names, plain
from references.formats.facts import NOTHING_KNOWN, Facts
from references.formats.nbib import read
from references.formats.records import Record
from references.models import Design, Integrity, Notice

#: PubMed's publication types for kinds of study, as our reader knows them. It has none for how an
#: observational study was made.
_TYPE_OF_DESIGN = {
    Design.SYSTEMATIC_REVIEW: "Systematic Review",
    Design.GUIDELINE: "Practice Guideline",
    Design.RCT: "Randomized Controlled Trial",
    Design.NONRANDOMISED: "Controlled Clinical Trial",
    Design.COHORT: "Observational Study",
    Design.CASE_CONTROL: "Observational Study",
    Design.CROSS_SECTIONAL: "Observational Study",
    Design.CASE_SERIES: "Case Reports",
    Design.NARRATIVE_REVIEW: "Review",
    Design.OPINION: "Editorial",
}
#: What a record is that is itself a notice, by a word of its title.
_TYPE_OF_NOTICE = {
    "retract": "Retraction of Publication",
    "withdraw": "Retraction of Publication",
    "concern": "Expression of Concern",
}
_TAG_OF_NOTICE = {
    Notice.Kind.RETRACTION: "RIN",
    Notice.Kind.WITHDRAWAL: "RIN",
    Notice.Kind.CONCERN: "ECI",
    Notice.Kind.CORRECTION: "EIN",
    Notice.Kind.NEW_VERSION: "UIN",
}
#: Registries by how their numbers begin, with the names that MEDLINE has for them.
_REGISTRIES = {
    "NCT": "ClinicalTrials.gov",
    "ISRCTN": "ISRCTN",
    "ACTRN": "ANZCTR",
    "DRKS": "DRKS",
    "CHICTR": "ChiCTR",
    "EUCTR": "EudraCT",
    "CTRI": "CTRI",
    "IRCT": "IRCT",
    "PACTR": "PACTR",
}
_TYPE_NAMES = {"book": "Book", "chapter": "Book Chapter", "article": "Preprint"}

#: Fields of CSL that this format has no tag for, or whose tag is not read back for an article.
#: What a plain work has under them goes into the private field.
_NEVER_WRITTEN = frozenset({"custom", "accessed", "source", "publisher-place"})


def write(csl: Csl, uid: UUID | str = "", known: Facts = NOTHING_KNOWN) -> str:
    """Return `csl` as one MEDLINE record; XCSL carries what MEDLINE has no place for."""
    csl, is_plain = carrying.to_write(csl, known)
    lines = list(_lines(csl, uid, known))
    text = _text(lines)
    if is_plain:
        missing = plain.loss(csl, _NEVER_WRITTEN)
    else:
        missing = carrying.difference(csl, next(read(text), Record(1, 1, {}, "")))
    if missing:
        text = _text([*lines, ("XCSL", carrying.as_line(missing))])
    return text


def _text(lines):
    record = "".join(
        f"{tag:<4}- {' '.join(value.split())}\n" for tag, value in lines if value.strip()
    )
    return record + "\n"


def _lines(csl, uid, known):
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
    yield from (("PT", name) for name in _more_types(csl, known))
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
    yield "SI", _trial(known.nct)
    yield from (
        (tag, _citation(notice))
        for notice in known.notices
        if (tag := _TAG_OF_NOTICE.get(notice.kind))
    )
    if uid:
        yield "OID", f"PhysioHub: {uid}"


def _more_types(csl, known):
    """Yield the publication types that say what kind of study the work is, and what became of it.

    MEDLINE has one type for works that were retracted and for those that were withdrawn.
    """
    if design := _TYPE_OF_DESIGN.get(known.design):
        yield design
    if known.integrity in (Integrity.RETRACTED, Integrity.WITHDRAWN):
        yield "Retracted Publication"
    elif known.integrity == Integrity.NOTICE:
        title = csl.get("title", "").lower()
        yield next(
            (name for word, name in _TYPE_OF_NOTICE.items() if word in title),
            "Published Erratum",
        )


def _trial(number):
    """Return a registration number behind its registry, as MEDLINE writes it."""
    registry = next(
        (name for sign, name in _REGISTRIES.items() if number.upper().startswith(sign)), ""
    )
    return f"{registry}/{number}" if registry else ""


def _citation(notice):
    """Return where a notice was published: “J Test. 2017 Jan 3;7(1):1. doi: 10.… PMID: 34000099”.

    As the source has it, with what is known beside it. "" where nothing says where.
    """
    if notice.source == "title":
        return ""
    parts = [notice.label.rstrip(". ")]
    if notice.date and not _says(notice.label, notice.date):
        month = dates.month_name(notice.date.month)
        parts.append(f"{notice.date.year} {month} {notice.date.day}")
    if notice.doi and notice.doi.lower() not in notice.label.lower():
        parts.append(f"doi: {notice.doi}")
    if notice.pmid and notice.pmid not in notice.label:
        parts.append(f"PMID: {notice.pmid}")
    return ". ".join(filter(None, parts)) or Notice.Kind(notice.kind).value.replace("_", " ")


def _says(text, day):
    return dates.parts(dates.read(text)) == [day.year, day.month, day.day]
