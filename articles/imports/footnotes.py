"""Footnotes and endnotes: a mark in the text and its note get one name, such as "note 1"."""

import re
from collections.abc import Collection

#: The tags that can hold a whole note, and the attribute that names it. A list item can hold one
#: too.
FOOTNOTE_ATTRIBUTES = {"div": {"id"}, "p": {"id"}, "section": {"id"}}

_DIGITS = "[0-9]{1,6}"
#: How notes are named by mammoth, by Word when it saves a web page, and by Markdown converters.
_WORD_NOTE = rf"(footnote|endnote)-({_DIGITS})"
_MARKDOWN_NOTE_ID = r"(?:user-content-)?(fn)[:-]?"
_MARK = re.compile(rf"#(?:{_WORD_NOTE}|_(ftn|edn)({_DIGITS})|{_MARKDOWN_NOTE_ID}({_DIGITS}))")
_NOTE = re.compile(rf"(?:{_WORD_NOTE}|(ftn|edn)({_DIGITS})|{_MARKDOWN_NOTE_ID}({_DIGITS}))")
_BACK_REFERENCE = r"(?:(?:foot|end)note-ref-|_(?:ftn|edn)ref|(?:user-content-)?fnref[:-]?)"
_BACK = re.compile(rf"#{_BACK_REFERENCE}{_DIGITS}(?:[:-]{_DIGITS})?")
_LINK_TARGETS = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
_IDS_OF_BLOCKS = re.compile(r'<(?:li|div|p|section)\b[^>]*\bid="([^"]*)"')
_ENDNOTES = {"endnote", "edn"}

#: What tells notes apart: (kind, number).
_Key = tuple[str, str]


class PageFootnotes:
    """The notes of a cleaned page, numbered in the order of their marks.

    Notes without a mark come last.
    """

    def __init__(self, html: str) -> None:
        marks = [_kind_and_number(_MARK, href) for href in _LINK_TARGETS.findall(html)]
        notes = dict.fromkeys(
            _kind_and_number(_NOTE, name) for name in _IDS_OF_BLOCKS.findall(html)
        )
        keys = dict.fromkeys([key for key in marks if key in notes] + list(notes))
        self._names = _names_by_key([key for key in keys if key])

    def name_of_mark(self, href: str) -> str:
        """Return the name of the note whose mark is a link to `href`, or ""."""
        key = _kind_and_number(_MARK, href)
        return self._names.get(key, "") if key else ""

    def name_of_footnote(self, name: str) -> str:
        """Return the name of the note in the element with the id `name`, or ""."""
        key = _kind_and_number(_NOTE, name)
        return self._names.get(key, "") if key else ""

    def leads_back(self, href: str) -> bool:
        """Return whether a link to `href` leads from a note back to its mark."""
        return bool(self._names and _BACK.fullmatch(href))


def _kind_and_number(pattern: re.Pattern[str], text: str) -> _Key | None:
    """Return (kind, number) of a note from its id or address; None where `text` is neither."""
    found = pattern.fullmatch(text)
    if not found:
        return None
    kind, number = filter(None, found.groups())
    return kind, number


def _names_by_key(keys: Collection[_Key]) -> dict[_Key, str]:
    """Number the footnotes in the order of `keys`, footnotes and endnotes each from 1.

    Endnotes are called "endnote" only where the document has footnotes too.
    """
    counts, names = {False: 0, True: 0}, {}
    has_both = len({kind in _ENDNOTES for kind, _number in keys}) == 2
    for kind, number in keys:
        is_endnote = kind in _ENDNOTES
        counts[is_endnote] += 1
        word = "endnote" if is_endnote and has_both else "note"
        names[kind, number] = f"{word} {counts[is_endnote]}"
    return names


_MARKDOWN_NOTE = re.compile(r"\s{0,3}\[\^([\w-]{1,80})\]:\s+(?=\S)")
_MARKDOWN_MARK = re.compile(r"\[\^([\w-]{1,80})\](?!:)")


class MarkdownFootnotes:
    """The footnotes of a Markdown text: the mark is "[^1]", the note a line "[^1]: words"."""

    def __init__(self, text: str) -> None:
        notes = {found[1] for line in text.splitlines() if (found := _MARKDOWN_NOTE.match(line))}
        marks = [mark for mark in _MARKDOWN_MARK.findall(text) if mark in notes]
        self._names = _names_by_key(
            [("note", mark) for mark in dict.fromkeys([*marks, *sorted(notes)])]
        )

    def name_of(self, label: str) -> str:
        """Return the name of the note that is typed as `label`, or "" where there is none."""
        return self._names.get(("note", label), "")
