"""Footnotes and endnotes: marks in a text and the notes themselves, by one name such as
"note 1".
"""

import re

#: Tags that hold a note as a whole and are known by their id; a list item holds one too.
NOTE_IS = {"div": {"id"}, "p": {"id"}, "section": {"id"}}

_DIGITS = "[0-9]{1,6}"
#: By mammoth, by Word when it saves a web page, and by what makes web pages of Markdown.
_IS = rf"(footnote|endnote)-({_DIGITS})"
_FN = r"(?:user-content-)?(fn)[:-]?"
_MARK = re.compile(rf"#(?:{_IS}|_(ftn|edn)({_DIGITS})|{_FN}({_DIGITS}))")
_NOTE = re.compile(rf"(?:{_IS}|(ftn|edn)({_DIGITS})|{_FN}({_DIGITS}))")
_REF = r"(?:(?:foot|end)note-ref-|_(?:ftn|edn)ref|(?:user-content-)?fnref[:-]?)"
_BACK = re.compile(rf"#{_REF}{_DIGITS}(?:[:-]{_DIGITS})?")
_LINKS = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
_HOLDERS = re.compile(r'<(?:li|div|p|section)\b[^>]*\bid="([^"]*)"')
_ENDNOTES = {"endnote", "edn"}


#: A mark as it stands in a line once it was read.
_MARK_IN_TEXT = re.compile(r"\[(?:end)?note [0-9]{1,6}\]")


def has_mark(text):
    """Whether the mark of a note stands in `text` of a line."""
    return bool(_MARK_IN_TEXT.search(text))


class NotesOfAPage:
    """The notes of cleaned `html`, named in the order of their marks.

    Those without one come last.
    """

    def __init__(self, html):
        marks = [_key(_MARK, href) for href in _LINKS.findall(html)]
        notes = dict.fromkeys(_key(_NOTE, name) for name in _HOLDERS.findall(html))
        keys = dict.fromkeys([key for key in marks if key in notes] + list(notes))
        self._names = _named([key for key in keys if key])

    def marked_by(self, href):
        """The name of the note whose mark is a link to `href`, or ""."""
        return self._names.get(_key(_MARK, href), "")

    def told_in(self, name):
        """The name of the note an element of the id `name` holds, or ""."""
        return self._names.get(_key(_NOTE, name), "")

    def leads_back(self, href):
        """Whether a link to `href` leads from a note to its mark."""
        return bool(self._names and _BACK.fullmatch(href))


def _key(pattern, text):
    """(kind, number) or None."""
    found = pattern.fullmatch(text)
    return tuple(filter(None, found.groups())) if found else None


def _named(keys):
    counts, names = {False: 0, True: 0}, {}
    both = len({kind in _ENDNOTES for kind, _number in keys}) == 2
    for kind, number in keys:
        is_endnote = kind in _ENDNOTES
        counts[is_endnote] += 1
        names[kind, number] = f"{'endnote' if is_endnote and both else 'note'} {counts[is_endnote]}"
    return names


_MARKDOWN_NOTE = re.compile(r"\s{0,3}\[\^([\w-]{1,80})\]:\s+(?=\S)")
_MARKDOWN_MARK = re.compile(r"\[\^([\w-]{1,80})\](?!:)")


class MarkdownNotes:
    """The footnotes of a Markdown `text`: "[^1]" and, at the head of a line, "[^1]: words"."""

    def __init__(self, text):
        notes = {found[1] for line in text.splitlines() if (found := _MARKDOWN_NOTE.match(line))}
        marks = [mark for mark in _MARKDOWN_MARK.findall(text) if mark in notes]
        self._names = _named([("note", mark) for mark in dict.fromkeys([*marks, *sorted(notes)])])

    def read(self, line):
        """(name of the note the line tells or "", the line with marks as every format has them)."""
        found = _MARKDOWN_NOTE.match(line)
        name = self._names[("note", found[1])] if found else ""
        words = line[found.end() :] if found else line
        return name, _MARKDOWN_MARK.sub(self._mark, words)

    def _mark(self, found):
        name = self._names.get(("note", found[1]))
        return f"[{name}]" if name else found[0]
