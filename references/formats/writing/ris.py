"""Writing RIS."""

from uuid import UUID

from references.csl import Csl
from references.formats import carrying, dates, names, plain
from references.formats.facts import NOTHING_KNOWN, Facts
from references.formats.ris import BOOKS, IN_A_BOOK, TYPES, read

#: As some tools spell a type out; no program writes these.
_SPELT_OUT = ("REPORT", "THESIS", "JOURNAL")
_TAG_OF_TYPE = {
    kind: tag for tag, kind in reversed(TYPES.items()) if len(tag) <= 7 and tag not in _SPELT_OUT
}

#: Fields of CSL that this format has no tag for, or whose tag is not read back for an article.
#: What a plain work has under them goes into the private field.
_NEVER_WRITTEN = frozenset({"custom"})


def write(csl: Csl, uid: UUID | str = "", known: Facts = NOTHING_KNOWN) -> str:
    """Return `csl` as one RIS record, each value on one line.

    C8 carries what RIS has no place for; that the work was retracted, the title says too.
    """
    csl, is_plain = carrying.to_write(csl, known)
    lines = list(_lines(csl, uid, known))
    text = _text(lines)
    missing = (
        plain.loss(csl, _NEVER_WRITTEN) if is_plain else carrying.difference(csl, next(read(text)))
    )
    if missing:
        text = _text([*lines, ("C8", carrying.SIGN + carrying.as_line(missing))])
    return text


def _text(lines):
    record = "".join(
        f"{tag}  - {' '.join(value.split())}\n" for tag, value in lines if value.strip()
    )
    return f"{record}ER  - \n"


def _lines(csl, uid, known):
    kind = csl.get("type", "document")
    is_book, is_in_a_book = kind in BOOKS, kind in IN_A_BOOK
    yield "TY", _TAG_OF_TYPE.get(kind, "GEN")
    yield "ID", str(uid)
    yield "TI", csl.get("title", "")
    yield from (("AU", names.as_inverted(name)) for name in csl.get("author", ()))
    yield from (("A2", names.as_inverted(name)) for name in csl.get("editor", ()))
    yield from (("A3", names.as_inverted(name)) for name in csl.get("collection-editor", ()))
    yield from (("A4", names.as_inverted(name)) for name in csl.get("translator", ()))
    yield "T2", csl.get("collection-title" if is_book else "container-title", "")
    if is_in_a_book:
        yield "T3", csl.get("collection-title", "")
    if not is_book:
        yield "J2", csl.get("container-title-short", "")
    issued = dates.parts(csl.get("issued"))
    if issued:
        yield "PY", f"{issued[0]:04}"
        if len(issued) > 1:
            yield (
                "DA",
                "/".join(f"{part:02}" for part in issued) + ("/" if len(issued) == 2 else ""),
            )
    yield "VL", csl.get("volume", "")
    yield "IS", csl.get("collection-number" if is_book else "issue", "")
    first, dash, last = csl.get("number-of-pages" if is_book else "page", "").partition("-")
    yield "SP", first if last or not dash else f"{first}-"
    yield "EP", last
    yield "ET", csl.get("edition", "")
    yield "PB", csl.get("publisher", "")
    yield "CY", csl.get("publisher-place", "")
    yield "SN", csl.get("ISBN") or csl.get("ISSN", "")
    yield "DO", csl.get("DOI", "")
    if pmid := csl.get("PMID"):
        yield "U1", f"{pmid}[pmid]"
    if pmcid := csl.get("PMCID"):
        yield "U2", f"{pmcid}[pmcid]"
    yield "UR", csl.get("URL", "")
    if accessed := dates.parts(csl.get("accessed")):
        yield "Y2", "/".join(f"{part:02}" for part in accessed) + "/" * (3 - len(accessed))
    yield "LA", csl.get("language", "")
    yield "N1", known.nct
    yield "DP", csl.get("source", "")
    yield from (("KW", word) for word in csl.get("keyword", "").split(", "))
