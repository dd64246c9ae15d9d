"""The fields of a BibTeX entry, to CSL-JSON."""

import re
from collections.abc import Mapping
from typing import Any

from references.typed_lines.mending import means_nothing

from . import dates, latex, limits, names, pages
from .conforming import LONGEST_TEXT, isbn13_in
from .limits import TooMuch

_TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "booklet": "book",
    "collection": "book", "proceedings": "book", "mvproceedings": "book", "inbook": "chapter",
    "incollection": "chapter", "bookinbook": "chapter", "suppbook": "chapter",
    "inproceedings": "paper-conference", "conference": "paper-conference", "inreference": "entry",
    "manual": "report", "report": "report", "techreport": "report", "mastersthesis": "thesis",
    "phdthesis": "thesis", "thesis": "thesis", "unpublished": "manuscript", "online": "webpage",
    "electronic": "webpage", "www": "webpage", "misc": "document", "dataset": "dataset",
    "software": "software", "patent": "patent", "periodical": "periodical", "standard": "standard",
    "legislation": "legislation", "legal": "legal_case", "audio": "song", "video": "motion_picture",
    "movie": "motion_picture", "artwork": "graphic", "letter": "personal_communication",
    "preprint": "article",
}  # fmt: skip
_GENRES = {"mastersthesis": "Master's thesis", "phdthesis": "PhD thesis"}
_THESIS_TYPES = {"mathesis": "Master's thesis", "phdthesis": "PhD thesis"}
#: Fields whose values are not LaTeX; biblatex calls them verbatim.
_VERBATIM = {
    "url",
    "doi",
    "x-csl",
    "eprint",
    "pmid",
    "pmcid",
    "isbn",
    "issn",
    "urldate",
    "date",
    "file",
}


def _plain(value):
    return re.sub(r"[ \t\n\r\f\v]+", " ", latex.to_text(value)).strip(" ")


def _verbatim(value):
    """Return `value` without braces around it and the escapes that LaTeX forces on addresses."""
    value = value.strip()
    for _ in range(limits.DEEPEST):
        if not (value.startswith("{") and value.endswith("}")):
            break
        value = value[1:-1].strip()
    if url := re.fullmatch(r"\\url\{([^{}]*)\}", value):
        value = url[1]
    return re.sub(r"\\([_%#&~{}])", r"\1", value)


def csl_of_fields(kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the CSL of an entry of this kind: its fields by name, their values in LaTeX."""
    plain = {
        name: _verbatim(value) if name in _VERBATIM else _plain(value)
        for name, value in fields.items()
    }
    csl_type = _TYPES.get(kind, "document")
    get = plain.get
    title = get("title", "")
    if subtitle := get("subtitle"):
        title = f"{title}: {subtitle}"
    csl: dict[str, Any] = {"type": csl_type, "title": title}
    csl["container-title"] = (
        get("journal") or get("journaltitle") or (get("booktitle") if csl_type != "book" else "")
    )
    if not title and csl_type in ("book", "document"):
        csl["title"] = get("booktitle", "")
        csl["container-title"] = ""
    csl["container-title-short"] = get("shortjournal", "")
    csl["collection-title"] = get("series", "")
    for field, sources in _TEXTS.items():
        csl[field] = next((plain[name] for name in sources if plain.get(name)), "")
    csl[NUMBER_FIELDS.get(csl_type, "issue")] = get("number", "") or get("issue", "")
    csl["page"] = _pages(plain)
    csl["issued"] = _issued(plain)
    csl["accessed"] = dates.read(get("urldate", ""))
    genre = get("type") or _GENRES.get(kind, "")
    csl["genre"] = _THESIS_TYPES.get(genre, genre)
    for role in ("author", "editor", "translator"):
        csl[role], has_more = _people(fields.get(role, ""))
        if has_more and role == "author":
            csl["custom"] = {"more-authors": True}
    csl |= {
        "DOI": get("doi", ""),
        "URL": get("url", ""),
        "PMID": get("pmid", ""),
        "PMCID": get("pmcid", ""),
    }
    _take_how_published(csl, fields.get("howpublished", ""))
    if get("eprinttype", "").lower() in ("pubmed", "pmid"):
        csl["PMID"] = csl["PMID"] or get("eprint", "")
    if not csl["DOI"] and (
        in_url := re.match(r"https?://(?:dx\.|www\.)?doi\.org/(10\..+)", csl["URL"])
    ):
        csl["DOI"] = in_url[1]
    csl |= {"ISSN": get("issn", ""), "ISBN": get("isbn", "")}
    if csl["ISSN"] and not csl["ISBN"] and isbn13_in(csl["ISSN"]):
        csl["ISBN"], csl["ISSN"] = csl["ISSN"], ""
    return csl


#: What BibTeX's “number” is in CSL, by type; else it is the issue.
NUMBER_FIELDS = {
    "book": "collection-number",
    "chapter": "collection-number",
    "report": "number",
    "patent": "number",
    "standard": "number",
}
_TEXTS = {
    "volume": ("volume",),
    "edition": ("edition",),
    "chapter-number": ("chapter",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "publisher-place": ("address", "location"),
    "note": ("note", "annote"),
    "keyword": ("keywords",),
    "language": ("language", "langid"),
    "number-of-pages": ("pagetotal",),
    "version": ("version",),
}


def _pages(plain):
    """Return the pages, or the number an article has instead of them.

    biblatex calls that “eid”, MDPI “article-number”, the ACM “articleno”.
    """
    range_of_pages = re.sub(r"\s{0,3}[-–—]+\s{0,3}", "-", plain.get("pages", ""))
    if range_of_pages and not means_nothing(range_of_pages):
        return range_of_pages
    numbers = (pages.article_number(plain.get(field, "")) for field in _ARTICLE_NUMBERS)
    return next(filter(None, numbers), "")


_ARTICLE_NUMBERS = (
    "eid",
    "article-number",
    "articleno",
    "article_number",
    "art_number",
    "elocation-id",
)
_HOW_ADDRESS = re.compile(r"(?:\\url\{|<)?\b(https?://[^\s{}<>\"]{3,1000})[}>]?", re.I)
_HOW_ACCESSED = re.compile(
    r"\b(?:accessed|retrieved|visited|last (?:accessed|visited))(?: on)?:? {0,2}([^;()\[\]]{4,40})",
    re.I,
)
_HOW_WORDS = re.compile(
    r"(?:available(?: online)?(?: from| at)?|online(?: at)?|url|website|web ?page|retrieved"
    r" from)\W*",
    re.I,
)


def _take_how_published(csl, source):
    """Put what “howpublished” says where it belongs: an address, a day of access, a publisher."""
    address = _HOW_ADDRESS.search(source)
    if address:
        csl["URL"] = csl["URL"] or _verbatim(address[1]).rstrip(".,;")
        source = source.replace(address[0], " ")
    text = _plain(source)
    if accessed := _HOW_ACCESSED.search(text):
        csl["accessed"] = csl["accessed"] or dates.read(accessed[1])
        text = text.replace(accessed[0], " ")
    text = text.strip(" .,;:()[]")
    says_only_where = address and _HOW_WORDS.fullmatch(text)
    if text and not csl["publisher"] and not says_only_where:
        csl["publisher"] = text


def _issued(plain):
    if date := dates.read(plain.get("date", "")):
        return date
    year = re.search(r"(?<![0-9])(1[0-9]{3}|2[0-9]{3})(?![0-9])", plain.get("year", ""))
    if not year:
        return {"literal": plain["year"]} if plain.get("year") else {}
    month, parts = plain.get("month", ""), [int(year[1])]
    number = (
        int(month)
        if month.isdecimal() and len(month) < 3
        else dates.month_of(re.split(r"[\s/~,-]", month)[0])
    )
    if 1 <= number <= 12:
        parts.append(number)
        day = plain.get("day", "")
        parts += [int(day)] if day.isdecimal() and len(day) < 3 and 1 <= int(day) <= 31 else []
    return {"date-parts": [parts]}


# People ----------------------------------------------------------------------------------------

_LABELLED = re.compile(r"(given|family|prefix|suffix)\s{0,3}=\s{0,3}", re.I)


def _people(value):
    """Return the CSL names in a field of names, and whether it ends in “and others”."""
    pieces = _split_outside_braces(_FOLDED.sub(" ", value), _AND)
    limits.check_names(len(pieces))
    has_more = bool(pieces) and bool(_OTHERS.fullmatch(pieces[-1].strip(" .")))
    if has_more:
        pieces.pop()
    if pieces and (rest := _OTHERS_BEHIND.sub("", pieces[-1])) != pieces[-1]:
        has_more = True
        pieces[-1:] = [rest] if rest.strip() else []
    people = [name for piece in pieces for name in _names_in(piece)]
    return [name for name in people if name], has_more


def _names_in(piece):
    """Return the CSL names in what stands between two “and”: one, or a list with other marks."""
    if not _IS_BIBTEX.search(piece):
        text = _plain(piece)
        listed = names.split_names(text)
        # “Roe JA” has its family name first, whatever BibTeX makes of it.
        if len(listed) > 1 or (names.is_short_form(text) and not text.isupper()):
            return names.people(listed)
    return [_person(piece)]


#: Braces, commands and labels, which only BibTeX has.
_IS_BIBTEX = re.compile(r"[{}\\=]")
_OTHERS = re.compile(r"others|et\.? ?al", re.I)
_OTHERS_BEHIND = re.compile(r"[,;]?\s+(?:et\.? ?al|and others)\.?\s*$|^et\.? ?al\.?$", re.I)
_FOLDED = re.compile(r"\s+")
_AND = re.compile(r"\sand\s", re.I)
_COMMA = re.compile(r",")
_SPACE = re.compile(r"[\s~]+")


def _split_outside_braces(text, separator):
    """Return `text` split at each `separator` that is outside all braces."""
    pieces, depth, start, position = [], 0, 0, 0
    for mark in re.finditer(rf"[{{}}]|{separator.pattern}", text, re.I):
        if mark.start() < position:
            continue
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append(text[start : mark.start()])
            start = position = mark.end()
    pieces.append(text[start:])
    return pieces


def _person(text):
    """Return the CSL name in “von Last, Jr, First” or “First von Last”.

    A text in braces names a body.
    """
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise TooMuch(f"One of the names in it has {len(text):,} characters, which no name has.")
    if re.fullmatch(r"\{(?:[^{}]|\{[^{}]*\})*\}", text) and not re.match(r"\{\\[^\w\s]", text):
        return {"literal": body} if (body := _plain(text)) else {}
    parts = [part.strip() for part in _split_outside_braces(text, _COMMA)]
    if len(parts) > 1 and all(_LABELLED.match(part) for part in parts):
        return _labelled(parts)
    if len(parts) == 1:
        words = [word for word in _split_outside_braces(text, _SPACE) if word]
        start = _family_begins(words)
        given, family = words[:start], words[start:]
        name = {"family": _plain(" ".join(family)), "given": _plain(" ".join(given))}
    else:
        # Only what is a suffix is one: “Roe, MD, Jane” and “Roe, Jane, Ann” have none.
        return names.from_parts([_plain(part) for part in parts])
    name = {part: value for part, value in name.items() if value}
    if set(name) == {"given"}:
        return {"literal": name["given"]}
    if set(name) == {"family"}:
        return {"literal": name["family"]} if " " in name["family"] else name
    return name


def _family_begins(words):
    """Return the place of the family name in `words`: at the first small letter, else the last."""
    for place, word in enumerate(words[:-1]):
        if place and _plain(word)[:1].islower():
            return place
    return max(0, len(words) - 1)


def _labelled(parts):
    values = {}
    for part in parts:
        label, _, value = part.partition("=")
        values[label.strip().lower()] = _plain(value)
    family = " ".join(filter(None, [values.get("prefix"), values.get("family")]))
    name = {"family": family, "given": values.get("given", ""), "suffix": values.get("suffix", "")}
    return {part: value for part, value in name.items() if value}
