"""Writing BibTeX."""

import re
from uuid import UUID

from references.csl import Csl
from references.formats import carrying, dates, latex, plain
from references.formats.bibtex import read
from references.formats.bibtex_csl import NUMBER_FIELDS
from references.formats.facts import NOTHING_KNOWN, Facts

_ENTRY_OF_TYPE = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "thesis": "thesis",
    "report": "techreport",
    "manuscript": "unpublished",
    "webpage": "online",
    "document": "misc",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    "periodical": "periodical",
    "standard": "standard",
    "article": "preprint",
}

_BRACE = re.compile(r"[{}\\]")
_SEPARATOR = re.compile(r",|\band\b", re.I)

#: Fields of CSL that this format has no tag for, or whose tag is not read back for an article.
#: What a plain work has under them goes into the private field.
_NEVER_WRITTEN = frozenset({"custom", "source"})


def write(csl: Csl, uid: UUID | str = "", known: Facts = NOTHING_KNOWN) -> str:
    """Return `csl` as one BibTeX entry; x-csl carries what BibTeX has no place for.

    That the work was retracted, the title says too.
    """
    csl, is_plain = carrying.to_write(csl, known)
    key = str(uid) or "reference"
    fields = list(_fields_to_write(csl))
    text = _text(csl, key, fields)
    missing = (
        plain.loss(csl, _NEVER_WRITTEN) if is_plain else carrying.difference(csl, next(read(text)))
    )
    if missing:
        text = _text(csl, key, [*fields, ("x-csl", carrying.as_line(missing))])
    return text


def _text(csl, key, fields):
    entry = _ENTRY_OF_TYPE.get(csl.get("type"), "misc")
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields if value]
    return f"@{entry}{{{key},\n{''.join(lines)}}}\n"


def _fields_to_write(csl):
    kind = csl.get("type", "document")
    for role in ("author", "editor", "translator"):
        people = [_name_to_write(name) for name in csl.get(role, ())]
        if role == "author" and people and csl.get("custom", {}).get("more-authors"):
            people.append("others")
        yield role, " and ".join(people)
    yield "title", latex.from_text(csl.get("title", ""))
    container = "journal" if kind.startswith("article") else "booktitle"
    yield container, latex.from_text(csl.get("container-title", ""))
    yield "shortjournal", latex.from_text(csl.get("container-title-short", ""))
    yield "series", latex.from_text(csl.get("collection-title", ""))
    for field, name in (
        ("volume", "volume"),
        ("edition", "edition"),
        ("chapter-number", "chapter"),
    ):
        yield name, latex.from_text(csl.get(field, ""))
    yield "number", latex.from_text(csl.get(NUMBER_FIELDS.get(kind, "issue"), ""))
    yield "pages", latex.from_text(csl.get("page", "")).replace("-", "--", 1)
    issued = dates.parts(csl.get("issued"))
    for name, part in zip(("year", "month", "day"), issued, strict=False):
        yield name, str(part)
    yield _PUBLISHER.get(kind, "publisher"), latex.from_text(csl.get("publisher", ""))
    yield "address", latex.from_text(csl.get("publisher-place", ""))
    yield "type", latex.from_text(csl.get("genre", ""))
    for field, name in _VERBATIM_TO_WRITE.items():
        value = csl.get(field, "")
        # A value with braces of its own would end the field. x-csl carries it.
        yield name, "" if value and _BRACE.search(value) else value
    if accessed := dates.parts(csl.get("accessed")):
        yield "urldate", "-".join(f"{part:02}" for part in accessed)
    for field, name in _LAST_TO_WRITE.items():
        yield name, latex.from_text(csl.get(field, ""))


_VERBATIM_TO_WRITE = {
    "DOI": "doi",
    "PMID": "pmid",
    "PMCID": "pmcid",
    "ISBN": "isbn",
    "ISSN": "issn",
    "URL": "url",
}
_LAST_TO_WRITE = {
    "language": "language",
    "keyword": "keywords",
    "note": "note",
    "version": "version",
    "number-of-pages": "pagetotal",
}
_PUBLISHER = {"thesis": "school", "report": "institution"}


def _name_to_write(name):
    if not name.get("family"):
        return f"{{{latex.from_text(name.get('literal', ''))}}}"
    parts = [name["family"], name.get("suffix"), name.get("given")]
    if len(name) > 2:
        particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
        parts[0] = " ".join(filter(None, [*particles, name["family"]]))
    texts = [latex.from_text(part) for part in parts if part]
    if len(texts) == 1:
        return f"{texts[0]},"
    return ", ".join(f"{{{part}}}" if _separates(part) else part for part in texts)


def _separates(part):
    """Return whether `part` of a name holds what stands between two parts, or two names."""
    return ("," in part or "and" in part.lower()) and bool(_SEPARATOR.search(part))
