"""Collect the lines of a cleaned web page: one for each paragraph, heading and item of a list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser

from . import pictures, raised, word
from .documents import DocumentLine
from .footnotes import FOOTNOTE_ATTRIBUTES, PageFootnotes
from .left_out import (
    Missing,
    works_outside,
)
from .page_tables import TABLE_TAGS, OpenTable
from .tables import row_lines
from .typed_marks import BULLET, FENCE, LETTERED, NUMBERED, TICK, tidy

#: Tags that can hold a whole footnote.
_NOTE_TAGS = set(FOOTNOTE_ATTRIBUTES) | {"li"}
_LONGEST_MARK = 4  # "viii"
#: What leads back from a reference to the text: an arrow, or a letter for each place that cites it.
_ARROW = re.compile(r"[\s^↑↩⤴⬆▲\ufe0e]*\Z")
_ARROW_BEFORE = re.compile(r"[\^↑]\s+(?=\S)")
_BACK_TO_TEXT = "#cite_ref"  # as wikis name it
#: Words in these no longer hold.
STRUCK_TAGS = frozenset({"s", "del", "strike"})
#: What is in these is for browsers that cannot show them.
EMBEDDED_TAGS = frozenset({"iframe", "video", "audio", "object"})
#: The class that Word gives to the title of a page.
_WORD_TITLE = "MsoTitle"
#: Tags of formatting that a line keeps, and the names under which it keeps them.
INLINE_TAGS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sub": "sub",
    "sup": "sup",
}


@dataclass
class _OpenList:
    """A list that is not closed yet.

    `number` is that of its next item, and `opened_at` how many lines came before it.
    """

    tag: str
    number: int | None
    opened_at: int
    counts_down: bool
    start: int | None


class PageLines(HTMLParser):
    """Collects one line for each block of a page.

    `is_word` means that mammoth made the page, so its bookmarks are those of articles.imports.word.
    """

    def __init__(self, footnotes: PageFootnotes, *, is_word: bool) -> None:
        super().__init__()
        self.lines: list[DocumentLine] = []
        #: Links whose address is left out: to what only the document's site knows, and within it.
        self.lost_links = self.links_within = 0
        self.messages: list[str] = []  # about tables
        self.struck: list[str] = []  # words that no longer hold
        self._unread: list[str] = []  # open tags whose words are no part of the text
        self._leads_within = self._leads_back = False  # of the open link
        self.missing: list[Missing] = []
        self._open_tables: list[OpenTable] = []
        self._tables = 0  # how many tables there were so far
        self._footnotes, self._is_word = footnotes, is_word
        self._lists: list[_OpenList] = []
        #: (tag, name of the footnote it is in or "") of each open element that can hold one.
        self._blocks: list[tuple[str, str]] = []
        self._goes_on = False
        #: (name of the footnote or "", words) of an open link to a footnote, or back from one.
        self._footnote_link: tuple[str, list[str]] | None = None
        self._missing_in_line: list[tuple[str, str, int | None]] = []
        self._list_number: int | None = None  # of the item whose first line comes next
        self._begin()

    def _begin(self, kind: str = "text", level: int = 0) -> None:
        self._text: list[str] = []
        self._html: list[str] = []
        self._open: list[tuple[str, str]] = []  # (start tag, end tag) of open formatting
        self._kind, self._level = kind, level

    def end_line(self) -> None:
        """Keep the line so far, if it has any text.

        Formatting that is still open continues in the next line.
        """
        still_open = list(self._open)
        html = "".join([*self._html, *(end for _, end in reversed(still_open))])
        text = tidy("".join(self._text))
        if text:
            html = " ".join(without_empty_tags(html).split())
            if (raised_html := raised.raise_in_html(html)) != html:
                html, text = raised_html, raised.plain_text_of(raised_html)
            self.lines.append(self._line(text, html))
            self._goes_on, self._list_number = False, None
        self._place_what_is_missing("in" if text else "after")
        self._begin()
        for start, end in still_open:
            self._html.append(start)
            self._open.append((start, end))

    def _line(self, text: str, html: str) -> DocumentLine:
        number, kind, level, mark = len(self.lines) + 1, self._kind, self._level, ""
        if kind == "item" and (arrow := _ARROW_BEFORE.match(text)):
            text, html = text[arrow.end() :], _without_first(html, arrow[0].strip())
        if note := self._blocks[-1][1] if self._blocks else "":
            return DocumentLine(number, text, html, note=note, goes_on=self._goes_on)
        is_bold = kind == "text" and html.startswith("<strong>") and html.count("<strong>") == 1
        if is_bold and html.endswith("</strong>") and len(text) <= 90:
            kind, level, html = "heading", 3, escape(text, quote=False)
        ticked = kind in {"text", "item"} and bool(TICK.match(text))
        numbered = kind == "item" and self._lists[-1:] != [] and self._lists[-1].tag == "ol"
        if typed := (ticked and TICK.match(text)) or (
            kind in {"text", "item"} and BULLET.match(text)
        ):
            kind, mark = "item", typed[0].strip()
            text, html = text[typed.end() :], _without_first(html, mark)
        elif kind == "text" and (typed := NUMBERED.match(text) or LETTERED.match(text)):
            kind, numbered, mark = "item", True, typed[0].strip()
            text, html = text[typed.end() :], _without_first(html, mark)
        elif kind == "text" and (fence := FENCE.match(text)):
            kind, level, text, mark = "fence", 2, fence[1], "<"
            html = escape(text, quote=False)
        drawn, goes_on = self._list_number, self._goes_on
        return DocumentLine(
            number, text, html, kind, level, 1, ticked, numbered, mark, drawn, "", goes_on,
            depth=max(0, len(self._lists) - 1) if kind == "item" else 0,
        )  # fmt: skip

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in STRUCK_TAGS or tag in EMBEDDED_TAGS:
            self._unread.append(tag)
            if tag in EMBEDDED_TAGS:
                self._missing_in_line.append(
                    ("video or frame", dict(attrs).get("title") or "", None)
                )
        elif name := INLINE_TAGS.get(tag):
            self._inline(f"<{name}>", f"</{name}>")
        elif tag == "a":
            self._anchor(dict(attrs))
        elif tag == "img":
            said = dict(attrs)
            number = pictures.number_in(said.get("src") or "")
            self._missing_in_line.append(("picture", said.get("alt") or "", number))
        else:
            self._block(tag, dict(attrs))

    def _anchor(self, attrs):
        href = attrs.get("href") or ""
        if self._is_word:
            self._bookmark(attrs.get("id") or "")
        if (name := self._footnotes.name_of_mark(href)) or self._footnotes.leads_back(href):
            self._footnote_link = (name, [])
        elif href.startswith("#"):
            self.links_within += 1
            self._leads_within, self._leads_back = True, href.startswith(_BACK_TO_TEXT)
        elif href and not works_outside(href):
            self.lost_links += 1
        elif href:
            self._inline(f'<a href="{escape(href)}">', "</a>")

    def _bookmark(self, name):
        number, letters = word.list_number(name), word.formula(name)
        if number is not None:
            self._list_number = number
        if letters is not None:
            self._missing_in_line.append(("formula", letters, None))

    def _place_what_is_missing(self, where):
        for kind, words, picture in self._missing_in_line:
            self.missing.append(Missing(kind, words, where, len(self.lines), picture))
        self._missing_in_line = []

    def _block(self, tag, attrs):
        has_text = tidy("".join(self._text))
        # A paragraph at the start of an item is the item itself.
        if has_text or self._kind == "text" or tag not in {"p", "div"}:
            self.end_line()
        self._goes_on = tag == "br" and bool(has_text)
        if tag in _NOTE_TAGS:
            inherited = self._blocks[-1][1] if self._blocks else ""
            self._blocks.append(
                (tag, self._footnotes.name_of_footnote(attrs.get("id") or "") or inherited)
            )
        if tag in {"ul", "ol"}:
            self._open_list(tag, attrs)
        elif tag == "li":
            self._begin("item")
            self._list_number = self._next_number(attrs)
        elif tag == "p" and _WORD_TITLE in (attrs.get("class") or "").split():
            self._begin("heading")
        elif re.fullmatch("h[1-6]", tag):
            self._begin("heading", int(tag[1]))
            if self._open_tables:
                self._open_tables[-1].is_layout = True
        elif tag in TABLE_TAGS:
            self._open_in_table(tag, attrs)

    def _open_in_table(self, tag, attrs):
        if tag == "table":
            is_layout = attrs.get("role") in {"presentation", "none"}
            self._open_tables.append(OpenTable(len(self.lines), is_layout))
        elif self._open_tables:
            self._open_tables[-1].open(tag, attrs, len(self.lines))

    def _close_in_table(self, tag):
        if self._open_tables and tag != "table":
            self._open_tables[-1].close(tag, len(self.lines))
        elif self._open_tables:
            self._fold(self._open_tables.pop())

    def _fold(self, table):
        """Make a line of each row of a table that is closed, unless it only lays out the page."""
        inner = self.lines[table.first :]
        rows = table.rows_of(self.lines)
        if not rows or table.is_layout or any(line.table or line.note for line in inner):
            return
        self._tables += 1
        number_of_row: dict[int, int] = {}  # {number of a line before: of its row}
        del self.lines[table.first :]
        caption = " ".join(line.html for line in inner[table.caption])
        if caption:
            text = " ".join(line.text for line in inner[table.caption])
            self.lines.append(
                DocumentLine(len(self.lines) + 1, text, caption, "caption", table=self._tables)
            )
        first = len(self.lines) + 1
        numbered = [(number, cells) for number, (cells, _old) in enumerate(rows, start=first)]
        for number, (_cells, old) in enumerate(rows, start=first):
            number_of_row |= dict.fromkeys(old, number)
        lines, message = row_lines(numbered, self._tables)
        self.lines += lines
        self.messages += [message] if message else []
        self.missing = [
            one._replace(line=number_of_row.get(one.line, one.line)) for one in self.missing
        ]

    def _open_list(self, tag, attrs):
        number = _first_number(tag, attrs) if not self._is_word else None
        opened = _OpenList(
            tag, number, len(self.lines), "reversed" in attrs, _integer(attrs.get("start"))
        )
        self._lists.append(opened)

    def _next_number(self, attrs):
        if not self._lists or self._lists[-1].number is None:
            return None
        number = _integer(attrs.get("value")) or self._lists[-1].number
        self._lists[-1].number = number + 1
        return number

    def _close_list(self):
        """Number a list that counts down: how many items it has is known at its end."""
        closed = self._lists.pop()
        if not closed.counts_down or closed.number is None:
            return
        first = closed.start or closed.number - 1
        for place, line in enumerate(self.lines[closed.opened_at :], start=closed.opened_at):
            if line.list_number is not None and closed.tag == "ol":
                self.lines[place] = replace(line, list_number=first + 1 - line.list_number)

    def _inline(self, start, end):
        self._html.append(start)
        self._open.append((start, end))

    def handle_endtag(self, tag: str) -> None:
        if tag in STRUCK_TAGS or tag in EMBEDDED_TAGS:
            if self._unread[-1:] == [tag]:
                self._unread.pop()
            return
        if tag == "a":
            self._leads_within = self._leads_back = False
            if self._footnote_link is not None:
                self._end_link()
                return
        name = INLINE_TAGS.get(tag, tag)
        if name in {*INLINE_TAGS.values(), "a"}:
            ends = [end for _, end in self._open]
            if f"</{name}>" not in ends:
                return
            # nh3 nests tags well, so the one that closes is the last that was opened.
            self._html.append(self._open.pop(len(ends) - 1 - ends[::-1].index(f"</{name}>"))[1])
        else:
            self.end_line()
            self._goes_on = False
            if tag in _NOTE_TAGS and self._blocks:
                self._blocks.pop()
            if tag in {"ul", "ol"} and self._lists:
                self._close_list()
            if tag == "li":
                self._list_number = None
            if tag in TABLE_TAGS:
                self._close_in_table(tag)

    def _end_link(self):
        """Write the mark of a footnote as "[note 1]", and leave out the arrow back to the text.

        The words of a link stay if they are more than a mark.
        """
        (name, words), self._footnote_link = self._footnote_link, None
        if len(re.findall(r"\w", "".join(words))) > _LONGEST_MARK:
            self.handle_data("".join(words))
        if name:
            self.handle_data(f"[{name}]")

    def handle_data(self, data: str) -> None:
        if self._unread:
            if self._unread[-1] in STRUCK_TAGS:
                self.struck.append(data)
            return
        if self._footnote_link is not None:
            self._footnote_link[1].append(data)
            return
        if self._leads_back or (self._leads_within and _ARROW.match(data)):
            return
        self._text.append(data)
        self._html.append(escape(data, quote=False))


def _first_number(tag: str, attrs: Mapping[str, str | None]) -> int | None:
    """Return the number of the first item, and None where items have no numbers.

    A list that counts down is numbered from 1 here, and turned round when it ends.
    """
    if tag != "ol" or (attrs.get("type") or "1") != "1":
        return None
    return 1 if "reversed" in attrs else _integer(attrs.get("start")) or 1


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text.strip()) else None


_EMPTY_TAG = re.compile(r"<(strong|em|sub|sup|a)\b[^>]*>(\s*)</\1>")


def without_empty_tags(html: str) -> str:
    """Return `html` of a line without empty formatting.

    Superscript marks side by side are joined.
    """
    html, before = re.sub(r"\]</sup>([,;]?\s*)<sup>\[", r"]\1[", html), None
    while html != before:
        before, html = html, _EMPTY_TAG.sub(r"\2", html)
    return html


def _without_first(html: str, mark: str) -> str:
    """Return `html` of a line without the typed mark before it, which can be inside formatting."""
    return " ".join(
        re.sub(
            rf"\A((?:\s|<[^>]*>)*){re.escape(escape(mark, quote=False))}\s*", r"\1", html
        ).split()
    )
