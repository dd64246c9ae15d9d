"""BibTeX, with what biblatex and the exports of databases made of it; read an entry at a time.

Braces are counted as BibTeX counts them. An entry that is never closed ends where a line begins the
next one, so that one missing brace does not swallow the file. Names of macros that nobody defined
stay as they are. The values of url and doi are verbatim, because “%” and “_” mean something else in
them than in LaTeX.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

from . import carrying, decoding, limits
from .bibtex_csl import csl_of_fields
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


# Records ---------------------------------------------------------------------------------------


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
    csl = csl_of_fields(kind, fields)
    if "x-csl" in fields:
        csl = carrying.with_line(csl, fields["x-csl"])
    return Record(number, line, csl, raw, uid=carrying.uid_in(key), warnings=tuple(warnings))
