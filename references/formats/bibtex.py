"""BibTeX, with what biblatex and the exports of databases made of it; read an entry at a time.

Braces are counted as BibTeX counts them. An entry that is never closed ends where a line begins the
next one, so that one missing brace does not swallow the file. Names of macros that nobody defined
stay as they are. The values of url and doi are verbatim, because “%” and “_” mean something else in
them than in LaTeX.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

from references.typed_lines.mending import means_nothing

from . import carrying, dates, decoding, latex, limits, names, pages
from .conforming import LONGEST_TEXT, isbn13_in
from .decoding import Source
from .limits import LONGEST_RECORD, TooMuch
from .records import Record

_ENTRY = re.compile(r"@\s{0,9}([A-Za-z]{1,40})\s{0,9}([{(])")
_ENTRY_AT_START = re.compile(r"\s{0,9}@[A-Za-z]{1,40}\s{0,9}[{(]")
_HEAD_ALONE = re.compile(r"\s{0,9}@\s{0,9}[A-Za-z]{1,40}\s*$")
_BRACES = re.compile(r"[{}]")
_BRACES_AND_BRACKET = re.compile(r"[{})]")
_NOT_RECORDS = {"comment", "preamble", "string"}
_MONTHS = {month: month for month in "jan feb mar apr may jun jul aug sep oct nov dec".split()}


def read(data: Source) -> Iterator[Record]:
    """Yield a Record, not conforming yet, for each entry in `data`."""
    stream = decoding.as_stream(data)
    start = stream.tell()
    parents = _parents(stream)
    stream.seek(start)
    macros = _Macros()
    number = 0
    for line, kind, raw, body, notes in _entries(decoding.lines(stream)):
        macros.add_budget(len(raw))
        if kind == "string":
            macros.define(body)
        if kind in _NOT_RECORDS:
            continue
        number += 1
        warnings = [f"record {number} {note}" for note in notes]
        if len(raw) >= LONGEST_RECORD:
            yield Record(number, line, {}, raw[:2000], refused=limits.TOO_LONG)
        else:
            given = (number, line, kind, raw, body, macros, parents, warnings)
            yield limits.read_or_refuse(number, line, raw, _record, *given)


def _entries(lines):
    """Yield line, kind, raw text, body and notes of each @entry."""
    entry, waiting = None, None
    for number, text in lines:
        if waiting is not None:
            number, text, waiting = waiting[0], f"{waiting[1]} {text}", None
        if not entry and _HEAD_ALONE.match(text):
            waiting = number, text
            continue
        position = 0
        while True:
            if not entry:
                match = _ENTRY.search(text, position)
                if not match:
                    break
                entry = _OpenEntry(number, match)
                position = match.end()
            elif position == 0 and _ENTRY_AT_START.match(text):
                yield entry.finish("has no closing brace")
                entry = None
                continue
            end = entry.take(text, position)
            if end < 0:
                break
            yield entry.finish()
            entry, position = None, end
    if entry:
        yield entry.finish("has no closing brace")


class _OpenEntry:
    """An entry whose end is not found yet."""

    def __init__(self, line, head):
        self.line, self.kind, self.head = line, head[1].lower(), head[0]
        self.closing, self.marks = (")", _BRACES_AND_BRACKET) if head[2] == "(" else ("}", _BRACES)
        self.depth, self.body, self.end, self.length = 0, [], "", 0

    def take(self, text, position):
        """Return the place after the closing brace in `text`, or -1 when it is not there."""
        for mark in self.marks.finditer(text, position):
            if mark[0] == self.closing and self.depth == 0:
                self._keep(text[position : mark.start()])
                self.end = self.closing
                return mark.end()
            if mark[0] == "{":
                self.depth += 1
            elif mark[0] == "}" and self.depth:
                self.depth -= 1
        self._keep(text[position:])
        return -1

    def _keep(self, text):
        self.length += len(text)
        if self.length <= LONGEST_RECORD:
            self.body.append(text)

    def finish(self, *notes):
        body = "\n".join(self.body)
        if self.length > LONGEST_RECORD:
            body = "x" * LONGEST_RECORD
        return self.line, self.kind, f"{self.head}{body}{self.end}", body, notes


# Fields ----------------------------------------------------------------------------------------

_KEY = re.compile(r"([^,\s={}\"#]*)\s*(?:,|$)|()(?=[A-Za-z][\w-]*\s*=)")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]{0,60})\s*=\s*")
_NEXT_NAME = re.compile(r",\s*(?=[A-Za-z][\w:.+/-]{0,60}\s*=)")
_PLAIN = re.compile(r"[^\s,#{}\"()]+")
_JOIN = re.compile(r"\s*#\s*")
_SAYS_SOMETHING = re.compile(r"[^ \t\n,)}]")
#: After a missing brace or quotation mark nothing can be read, and each try searches to the end of
#: the entry.
_MOST_UNREADABLE = 20
_LONGEST_MACRO = 50_000
_LEAST_BUDGET = 1_000_000


class _Macros:
    """The texts of macros (@string), and how many characters entries may still take from elsewhere.

    A macro may name others, so a few lines can stand for more text than any machine holds. Text
    from macros and parents may not exceed the characters read so far, plus a little for short
    files.
    """

    def __init__(self):
        self._texts = dict(_MONTHS)
        self._budget = _LEAST_BUDGET

    def define(self, body):
        """Add the macros of one @string; one that grows too long is known as too long."""
        try:
            for name, text in _fields(body, self, []):
                self._texts[name] = text if len(text) <= _LONGEST_MACRO else None
        except TooMuch:
            if name := _NAME.match(body):
                self._texts[name[1].lower()] = None

    def text_of(self, word):
        """Return the text of the macro `word`; a name that nobody defined stands for itself."""
        text = self._texts.get(word.lower(), word)
        if text is None:
            raise TooMuch(
                f"The abbreviation “{word[:40]}” in it stands for too long a text. Write the words"
                " out."
            )
        if text is not word:
            self.spend_budget(len(text))
        return text

    def add_budget(self, length):
        self._budget += length

    def spend_budget(self, length):
        if length > self._budget:
            raise TooMuch(
                "Too much of its text comes from other entries. Write the words out, and import it"
                " again."
            )
        self._budget -= length


def _key_of(body):
    """Return the key of an entry ("" where it has none) and the place after it."""
    start = len(body) - len(body.lstrip())
    key = _KEY.match(body, start)
    return (key[1] or "", key.end()) if key else ("", 0)


def _fields(body, macros, warnings):
    """Name in small letters and value, still in LaTeX, of each field in `body` after the key.

    `macros` is a _Macros. Raises TooMuch.
    """
    position, unreadable = 0, 0
    while True:
        name = _NAME.match(body, position)
        value = None
        if name:
            value, end = _value(body, name.end(), macros)
        if value is not None:
            yield name[1].lower(), value
            position = end
            continue
        if rest := _SAYS_SOMETHING.search(body, position):
            warnings.append(
                f"could not be read: {body[rest.start() : rest.start() + 40].rstrip(' ,)}')}"
            )
            unreadable += 1
        if unreadable > _MOST_UNREADABLE:
            raise TooMuch(
                "Most of its fields cannot be read: a brace or a quotation mark is missing in it."
            )
        following = _NEXT_NAME.search(body, name.end() if name else position)
        if not following:
            return
        position = following.start()


def _value(body, position, macros):
    """Return the value at `position` and the place after it.

    None and `position` when there is none.
    """
    pieces = []
    while True:
        opening = body[position : position + 1]
        if opening in ("{", '"'):
            end = _end_of(body, position, opening)
            if end < 0:
                return None, position
            pieces.append(body[position + 1 : end])
            position = end + 1
        elif word := _PLAIN.match(body, position):
            pieces.append(macros.text_of(word[0]))
            position = word.end()
        else:
            return ("".join(pieces), position) if pieces else (None, position)
        join = _JOIN.match(body, position)
        if not join:
            return "".join(pieces), position
        position = join.end()


_DELIMITERS = re.compile(r'[{}"]')


def _end_of(body, start, opening):
    depth = 0
    for mark in _DELIMITERS.finditer(body, start + 1):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            if depth == 0:
                return mark.start() if opening == "{" else -1
            depth -= 1
        elif opening == '"' and depth == 0:
            return mark.start()
    return -1


# Entries that others inherit fields from -------------------------------------------------------

_CROSSREF = re.compile(r"crossref\s*=\s*[{\"]\s*([^{}\",\s]{1,200})", re.I)
_NOT_INHERITED = {"title", "subtitle", "crossref", "doi", "url", "pages", "note", "key"}


def _parents(stream):
    """Return, by key, fields of the entries that others in the file name as their `crossref`."""
    start = stream.tell()
    parent_keys = {
        match[1].lower() for _, text in decoding.lines(stream) for match in _CROSSREF.finditer(text)
    }
    if not parent_keys:
        return {}
    stream.seek(start)
    parents = {}
    for _, kind, _, body, _ in _entries(decoding.lines(stream)):
        key, end = _key_of(body)
        if kind not in _NOT_RECORDS and key.lower() in parent_keys:
            # Where it is too much, the entry itself is refused with the reason.
            with suppress(TooMuch):
                parents[key.lower()] = dict(_fields(body[end:], _Macros(), []))
    return parents


def _with_inherited(fields, parents, macros):
    name = fields.get("crossref", "").lower()
    parent = parents.get(name)
    if not parent:
        return fields
    inherited = {field: value for field, value in parent.items() if field not in _NOT_INHERITED}
    inherited = {"booktitle": parent.get("title", ""), **inherited}
    macros.spend_budget(sum(map(len, inherited.values())))
    return {**inherited, **fields}


# CSL -------------------------------------------------------------------------------------------

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


def _record(number, line, kind, raw, body, macros, parents, warnings):
    key, end = _key_of(body)
    pairs = list(_fields(body[end:], macros, warnings))
    fields = {}
    for name, value in pairs:
        if name in fields and fields[name] != value:
            warnings.append(f"“{name}” stands there twice: kept the first")
        fields.setdefault(name, value)
    if not fields:
        return Record(
            number,
            line,
            {},
            raw,
            refused="No field of this entry could be read.",
            warnings=tuple(warnings),
        )
    fields = _with_inherited(fields, parents, macros)
    plain = {
        name: _verbatim(value) if name in _VERBATIM else _plain(value)
        for name, value in fields.items()
    }
    csl = _csl(kind, plain, fields)
    if "x-csl" in fields:
        csl = carrying.with_line(csl, fields["x-csl"])
    return Record(number, line, csl, raw, uid=carrying.uid_in(key), warnings=tuple(warnings))


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


def _csl(kind, plain, fields):
    csl_type = _TYPES.get(kind, "document")
    get = plain.get
    title = get("title", "")
    if subtitle := get("subtitle"):
        title = f"{title}: {subtitle}"
    csl = {"type": csl_type, "title": title}
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


_ARTICLE_NUMBERS = ("eid", "article-number", "articleno", "article_number", "elocation-id")
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
        listed = names.split_list(text)
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
