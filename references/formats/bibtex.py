"""BibTeX, and what biblatex and the exports of databases made of it; read by hand, an entry at a
time.

Braces are counted as BibTeX counts them. An entry that is never closed ends where a line begins the
next one, so that one missing brace does not swallow the file. Names of macros nobody defined stay
as they stand; url and doi are taken as written, because "%" and "_" mean something else there than
in LaTeX.
"""

import re
from contextlib import suppress

from . import carrying, dates, decoding, latex, limits
from .conforming import LONGEST_TEXT, isbn13_in
from .limits import LONGEST_RECORD, TooMuch
from .records import Record

_ENTRY = re.compile(r"@\s{0,9}([A-Za-z]{1,40})\s{0,9}([{(])")
_ENTRY_AT_START = re.compile(r"\s{0,9}@[A-Za-z]{1,40}\s{0,9}[{(]")
_HEAD_ALONE = re.compile(r"\s{0,9}@\s{0,9}[A-Za-z]{1,40}\s*$")
_BRACES = re.compile(r"[{}]")
_BRACES_AND_BRACKET = re.compile(r"[{})]")
_NOT_RECORDS = {"comment", "preamble", "string"}
_MONTHS = {month: month for month in "jan feb mar apr may jun jul aug sep oct nov dec".split()}


def read(data):
    """A Record, still to be settled, for each entry in `data` (bytes, text or a binary file)."""
    stream = decoding.opened(data)
    start = stream.tell()
    parents = _parents(stream)
    stream.seek(start)
    macros = _Macros()
    number = 0
    for line, kind, raw, body, notes in _entries(decoding.lines(stream)):
        macros.give_room(len(raw))
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
            yield limits.attempted(number, line, raw, _record, *given)


def _entries(lines):
    """(line, kind, raw, body, notes) of each @entry."""
    opened, waiting = None, None
    for number, text in lines:
        if waiting is not None:
            number, text, waiting = waiting[0], f"{waiting[1]} {text}", None
        if not opened and _HEAD_ALONE.match(text):
            waiting = number, text
            continue
        position = 0
        while True:
            if not opened:
                found = _ENTRY.search(text, position)
                if not found:
                    break
                opened = _Open(number, found)
                position = found.end()
            elif position == 0 and _ENTRY_AT_START.match(text):
                yield opened.closed("has no closing brace")
                opened = None
                continue
            end = opened.take(text, position)
            if end < 0:
                break
            yield opened.closed()
            opened, position = None, end
    if opened:
        yield opened.closed("has no closing brace")


class _Open:
    """An entry whose end is not found yet."""

    def __init__(self, line, head):
        self.line, self.kind, self.head = line, head[1].lower(), head[0]
        self.closing, self.marks = (")", _BRACES_AND_BRACKET) if head[2] == "(" else ("}", _BRACES)
        self.depth, self.body, self.end, self.length = 0, [], "", 0

    def take(self, text, position):
        """The place behind the closing brace in `text`, or -1 when it is not there."""
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

    def closed(self, *notes):
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
#: Behind a brace or a quotation mark that is missing nothing can be read, and each try takes to the
#: end of the entry.
_MOST_UNREADABLE = 20
_LONGEST_MACRO = 50_000
_LENT_AT_LEAST = 1_000_000


class _Macros:
    """The texts that stand behind names (@string), and how many characters an entry may yet take
    from elsewhere.

    A macro may name others, so a few lines can stand for more text than any machine holds. All that
    macros and parents lend may be no more than what the file has said itself so far, and a little
    that a short file needs.
    """

    def __init__(self):
        self._texts = dict(_MONTHS)
        self._room = _LENT_AT_LEAST

    def define(self, body):
        """Take the macros of one @string; one that grows too long stays known as that."""
        try:
            for name, text in _fields(body, self, []):
                self._texts[name] = text if len(text) <= _LONGEST_MACRO else None
        except TooMuch:
            if name := _NAME.match(body):
                self._texts[name[1].lower()] = None

    def text_of(self, word):
        """The text behind `word`; a name that nobody defined stands for itself."""
        text = self._texts.get(word.lower(), word)
        if text is None:
            raise TooMuch(
                f"The abbreviation “{word[:40]}” in it stands for too long a text. Write the words"
                " out."
            )
        if text is not word:
            self.lend(len(text))
        return text

    def give_room(self, length):
        self._room += length

    def lend(self, length):
        if length > self._room:
            raise TooMuch(
                "Too much of its text comes from other entries. Write the words out, and import it"
                " again."
            )
        self._room -= length


def _key_of(body):
    """(the key of an entry, the place behind it); the key is "" where there is none."""
    start = len(body) - len(body.lstrip())
    key = _KEY.match(body, start)
    return (key[1] or "", key.end()) if key else ("", 0)


def _fields(body, macros, warnings):
    """(name in small letters, value still in LaTeX) for each field in `body`, which begins behind
    the key.

    `macros` is a _Macros. Raises TooMuch.
    """
    position, unreadable = 0, 0
    while True:
        found = _NAME.match(body, position)
        value = None
        if found:
            value, end = _value(body, found.end(), macros)
        if value is not None:
            yield found[1].lower(), value
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
        following = _NEXT_NAME.search(body, found.end() if found else position)
        if not following:
            return
        position = following.start()


def _value(body, position, macros):
    """The value at `position` and the place behind it; (None, position) when there is none."""
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


# Entries that lend fields to others ------------------------------------------------------------

_CROSSREF = re.compile(r"crossref\s*=\s*[{\"]\s*([^{}\",\s]{1,200})", re.I)
_NOT_LENT = {"title", "subtitle", "crossref", "doi", "url", "pages", "note", "key"}


def _parents(stream):
    """Fields of the entries that others in the same file name as their `crossref`, by key."""
    start = stream.tell()
    wanted = {
        found[1].lower() for _, text in decoding.lines(stream) for found in _CROSSREF.finditer(text)
    }
    if not wanted:
        return {}
    stream.seek(start)
    parents = {}
    for _, kind, _, body, _ in _entries(decoding.lines(stream)):
        key, end = _key_of(body)
        if kind not in _NOT_RECORDS and key.lower() in wanted:
            with suppress(
                TooMuch
            ):  # the entry itself is refused with the reason, and lends nothing
                parents[key.lower()] = dict(_fields(body[end:], _Macros(), []))
    return parents


def _with_lent(fields, parents, macros):
    name = fields.get("crossref", "").lower()
    parent = parents.get(name)
    if not parent:
        return fields
    lent = {field: value for field, value in parent.items() if field not in _NOT_LENT}
    lent = {"booktitle": parent.get("title", ""), **lent}
    macros.lend(sum(map(len, lent.values())))
    return {**lent, **fields}


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
_GENRES = {"mastersthesis": "Master's thesis", "phdthesis": "PhD thesis"}
_THESIS_TYPES = {"mathesis": "Master's thesis", "phdthesis": "PhD thesis"}
#: Names of fields whose values are taken as they stand.
_RAW = {"url", "doi", "x-csl", "eprint", "pmid", "pmcid", "isbn", "issn", "urldate", "date", "file"}


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
    fields = _with_lent(fields, parents, macros)
    plain = {name: _raw(value) if name in _RAW else _plain(value) for name, value in fields.items()}
    csl = _csl(kind, plain, fields)
    if "x-csl" in fields:
        csl = carrying.laid_over(csl, fields["x-csl"])
    return Record(number, line, csl, raw, uid=carrying.uid_in(key), warnings=tuple(warnings))


def _plain(value):
    return re.sub(r"[ \t\n\r\f\v]+", " ", latex.to_text(value)).strip(" ")


def _raw(value):
    """`value` without the braces around it and with the few escapes that LaTeX forces on addresses
    undone.
    """
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
    for field, names in _TEXTS.items():
        csl[field] = next((plain[name] for name in names if plain.get(name)), "")
    number = get("number", "") or get("issue", "")
    csl[
        _NUMBER_IS.get(
            csl_type, "number" if csl_type in ("report", "patent", "standard") else "issue"
        )
    ] = number
    csl["page"] = re.sub(r"\s{0,3}[-–—]+\s{0,3}", "-", get("pages", ""))
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


_NUMBER_IS = {"book": "collection-number", "chapter": "collection-number"}
_TEXTS = {
    "volume": ("volume",),
    "edition": ("edition",),
    "chapter-number": ("chapter",),
    "publisher": ("publisher", "school", "institution", "organization", "howpublished"),
    "publisher-place": ("address", "location"),
    "note": ("note", "annote"),
    "keyword": ("keywords",),
    "language": ("language", "langid"),
    "number-of-pages": ("pagetotal",),
    "version": ("version",),
}


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
    """(CSL names in a field of names, whether it ends in “and others”)."""
    pieces = _split(_FOLDED.sub(" ", value), _AND)
    limits.check_names(len(pieces))
    has_more = bool(pieces) and pieces[-1].strip().lower() in ("others", "et al", "et al.")
    if has_more:
        pieces.pop()
    return [name for name in map(_person, pieces) if name], has_more


_FOLDED = re.compile(r"\s+")
_AND = re.compile(r"\sand\s", re.I)
_COMMA = re.compile(r",")
_SPACE = re.compile(r"[\s~]+")


def _split(text, separator):
    """`text` cut at each `separator` that stands outside all braces."""
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
    """CSL name of “von Last, Jr, First” or “First von Last”.

    Words in braces are one word, all of it a body.
    """
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise TooMuch(f"One of the names in it has {len(text):,} characters, which no name has.")
    if re.fullmatch(r"\{(?:[^{}]|\{[^{}]*\})*\}", text) and not re.match(r"\{\\[^\w\s]", text):
        return {"literal": body} if (body := _plain(text)) else {}
    parts = [part.strip() for part in _split(text, _COMMA)]
    if len(parts) > 1 and all(_LABELLED.match(part) for part in parts):
        return _labelled(parts)
    if len(parts) == 1:
        words = [word for word in _split(text, _SPACE) if word]
        start = _family_begins(words)
        given, family = words[:start], words[start:]
        name = {"family": _plain(" ".join(family)), "given": _plain(" ".join(given))}
    else:
        middle = parts[1] if len(parts) > 2 else ""
        name = {
            "family": _plain(parts[0]),
            "given": _plain(" ".join(parts[2:]) if len(parts) > 2 else parts[1]),
        }
        name["suffix"] = _plain(middle)
    name = {part: value for part, value in name.items() if value}
    if set(name) == {"given"}:
        return {"literal": name["given"]}
    if set(name) == {"family"}:
        return {"literal": name["family"]} if " " in name["family"] else name
    return name


def _family_begins(words):
    """Where the family name begins among `words`.

    At the first small letter, else at the last word.
    """
    for place, word in enumerate(words[:-1]):
        if place and _plain(word)[:1].islower():
            return place
    return max(0, len(words) - 1)


def _labelled(parts):
    found = {}
    for part in parts:
        label, _, value = part.partition("=")
        found[label.strip().lower()] = _plain(value)
    family = " ".join(filter(None, [found.get("prefix"), found.get("family")]))
    name = {"family": family, "given": found.get("given", ""), "suffix": found.get("suffix", "")}
    return {part: value for part, value in name.items() if value}


# Writing ---------------------------------------------------------------------------------------


def write(csl, uid=""):
    """`csl` as one BibTeX entry.

    What BibTeX cannot hold travels in x-csl, which BibTeX passes by.
    """
    csl = carrying.csl_of(csl)
    key = str(uid) or "reference"
    fields = list(_written(csl))
    text = _text(csl, key, fields)
    if missing := carrying.difference(csl, next(read(text))):
        text = _text(csl, key, [*fields, ("x-csl", carrying.as_line(missing))])
    return text


def _text(csl, key, fields):
    entry = _ENTRY_OF_TYPE.get(csl.get("type"), "misc")
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields if value]
    return f"@{entry}{{{key},\n{''.join(lines)}}}\n"


def _written(csl):
    kind = csl.get("type", "document")
    for role in ("author", "editor", "translator"):
        people = [_written_name(name) for name in csl.get(role, ())]
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
    number = csl.get(
        _NUMBER_IS.get(kind, "number" if kind in ("report", "patent", "standard") else "issue"), ""
    )
    yield "number", latex.from_text(number)
    yield "pages", latex.from_text(csl.get("page", "")).replace("-", "--", 1)
    issued = dates.parts(csl.get("issued"))
    for name, part in zip(("year", "month", "day"), issued, strict=False):
        yield name, str(part)
    yield _PUBLISHER.get(kind, "publisher"), latex.from_text(csl.get("publisher", ""))
    yield "address", latex.from_text(csl.get("publisher-place", ""))
    yield "type", latex.from_text(csl.get("genre", ""))
    for field, name in _WRITTEN_RAW.items():
        value = csl.get(field, "")
        # A value with braces of its own would end the field; it travels in x-csl.
        yield name, "" if re.search(r"[{}\\]", value) else value
    if accessed := dates.parts(csl.get("accessed")):
        yield "urldate", "-".join(f"{part:02}" for part in accessed)
    for field, name in _WRITTEN_LAST.items():
        yield name, latex.from_text(csl.get(field, ""))


_WRITTEN_RAW = {
    "DOI": "doi",
    "PMID": "pmid",
    "PMCID": "pmcid",
    "ISBN": "isbn",
    "ISSN": "issn",
    "URL": "url",
}
_WRITTEN_LAST = {
    "language": "language",
    "keyword": "keywords",
    "note": "note",
    "version": "version",
    "number-of-pages": "pagetotal",
}
_PUBLISHER = {"thesis": "school", "report": "institution"}


def _written_name(name):
    if not name.get("family"):
        return f"{{{latex.from_text(name.get('literal', ''))}}}"
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    parts = [
        " ".join(filter(None, [*particles, name["family"]])),
        name.get("suffix"),
        name.get("given"),
    ]
    written = [latex.from_text(part) for part in parts if part]
    if len(written) == 1:
        return f"{written[0]},"
    return ", ".join(
        f"{{{part}}}" if re.search(r",|\band\b", part, re.I) else part for part in written
    )
