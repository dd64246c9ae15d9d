"""Read the lines of a Markdown text (.md): CommonMark with tables, footnotes and front matter."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from . import pandoc, pictures
from .documents import DocumentLine, LinesRead
from .footnotes import MarkdownFootnotes
from .left_out import (
    Missing,
    messages_about_links,
    messages_about_words,
    works_outside,
)
from .limits import CannotRead, check_amount, check_size
from .page_lines import INLINE_TAGS, STRUCK_TAGS, without_empty_tags
from .plain_text import raw_lines, typed_line
from .recognising import is_references_heading
from .record_lines import lines_of_records
from .tables import Cell, Row, row_lines
from .typed_marks import BULLET, FENCE, LETTERED, NUMBERED, TICK, tidy
from .web_pages import read_page

_TYPED_MARKS = (BULLET, TICK, NUMBERED, LETTERED, FENCE)
#: "[ ]" or "[x]" before a task.
_BOX = re.compile(r"\[[ xX]\]\s+(?=\S)")
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
#: The lines that Pandoc puts around a part of a text, such as "::: {#refs}".
_FENCED_DIV = re.compile(r"^:{3,}[ \t]*(?:\{[^{}\n]{0,200}\}|[\w-]{1,60})?[ \t]*:*[ \t]*$", re.M)
_TITLE = re.compile(r"title\s*:\s*[\"']?(.*?)[\"']?\s*\Z", re.I)

#: (text, HTML, number of the line in its paragraph, whether a hard break stands before it).
_Part = tuple[str, str, int, bool]


_SIGN = re.compile(r"[*_`\[\]<>&~|!\\]")


@cache
def _parser() -> MarkdownIt:
    """Return the parser. Footnotes stay where they were typed, so that none is lost unseen."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    return parser.use(front_matter_plugin)


def read_markdown(text: str) -> LinesRead:
    """Return what is read of a Markdown text. Raises CannotRead."""
    check_amount(signs=len(_SIGN.findall(text)), footnotes=text.count("[^"))
    text = _FENCED_DIV.sub("", "\n".join(raw_lines(text)))
    text, records, told = pandoc.with_records(text)
    reader = _MarkdownLines(MarkdownFootnotes(text))
    tokens = _parser().parse(text)
    check_amount(html=sum(token.type == "html_block" for token in tokens))
    for token in tokens:
        reader.read(token)
    if not reader.lines:
        check_size(0)
    lines = [*reader.lines, *lines_of_records(records, reader.lines[-1].number + 1)]
    messages = [
        *told,
        *reader.messages,
        *messages_about_words("struck through", reader.struck),
        *messages_about_links(reader.lost_links, reader.links_within),
    ]
    return LinesRead(lines, messages, reader.missing)


class _MarkdownLines:
    """Collects a line for each paragraph, heading, item and row, numbered as in the text."""

    def __init__(self, footnotes: MarkdownFootnotes) -> None:
        self.lines: list[DocumentLine] = []
        self.messages: list[str] = []
        self.missing: list[Missing] = []
        self.struck: list[str] = []  # words that no longer hold
        self._is_struck = False
        self.lost_links = self.links_within = 0
        self._footnotes = footnotes
        self._lists: list[bool] = []  # whether each open list has numbers
        self._item: Token | None = None  # an item of which no words came yet
        self._heading = 0
        self._note = ""
        self._is_in_references = False
        self._tables = 0
        self._rows: list[tuple[int, Row]] | None = None  # of the table that is open
        self._place = 0  # of the paragraph that is read
        self._end = -1  # the place after the last line so far

    def read(self, token: Token) -> None:
        """Take in one token of the parser."""
        kind = token.type
        if kind == "inline":
            self._inline(token)
        elif kind in {"bullet_list_open", "ordered_list_open"}:
            self._lists.append(kind.startswith("ordered"))
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif kind == "list_item_open":
            self._item = token
        elif kind in {"heading_open", "heading_close"}:
            self._heading = int(token.tag[1]) if kind == "heading_open" else 0
        elif kind in {"footnote_reference_open", "footnote_reference_close"}:
            label = (token.meta or {}).get("label", "")
            self._note = self._footnotes.name_of(label) if kind.endswith("open") else ""
        elif kind in {"table_open", "tr_open", "table_close"}:
            self._table(token)
        elif kind in {"fence", "code_block", "front_matter"}:
            self._as_typed(token)
        elif kind == "html_block":
            self._page(token)

    # --- lines --------------------------------------------------------------------------------
    def _add(self, line: DocumentLine, place: int) -> None:
        """Add a line that begins at `place` of the text. Numbers only go up."""
        above = self.lines[-1].number if self.lines else 0
        gap = line.gap if self.lines and self._end > place else max(0, place - self._end)
        self.lines.append(replace(line, number=max(place + 1, above + 1), gap=gap))
        self._end = max(self._end, place + 1)

    def _inline(self, token: Token) -> None:
        start, end = token.map or (0, 1)
        self._place = start
        parts = self._parts(token.children or [])
        if self._rows is not None:
            text = " ".join(text for text, _html, _at, _hard in parts)
            html = "<br>".join(html for _text, html, _at, _hard in parts)
            self._rows[-1][1].append(Cell(text, html, is_head=self._is_head))
            return
        for index, (text, html, at, is_hard) in enumerate(parts):
            line = self._line(text, html, is_first=index == 0)
            self._add(replace(line, goes_on=is_hard), start + at)
        self._end = max(self._end, end)

    def _line(self, text: str, html: str, *, is_first: bool) -> DocumentLine:
        if self._note:
            return DocumentLine(0, text, html, note=self._note)
        if self._heading:
            self._is_in_references = is_references_heading(text)
            return DocumentLine(0, text, html, "heading", self._heading)
        if is_references_heading(text):  # "7. References" is an item to Markdown
            self._is_in_references = True
        if self._item is not None and is_first:
            return self._line_of_item(text, html)
        typed = typed_line(0, text, 0, lambda words: (words, words))
        if not typed.mark:
            return DocumentLine(0, text, html)
        if typed.kind == "fence":
            return replace(typed, html=escape(typed.text, quote=False))
        mark = re.escape(escape(typed.mark, quote=False))
        return replace(typed, html=re.sub(rf"\A((?:<[^>]*>)*)\s*{mark}\s*", r"\1", html))

    def _line_of_item(self, text: str, html: str) -> DocumentLine:
        item, self._item = self._item, None
        is_numbered = bool(self._lists and self._lists[-1])
        mark = f"{item.info}{item.markup}" if item else ""
        tick = TICK.match(text)
        box = tick or _BOX.match(text)
        if box:
            text, html = text[box.end() :], html[len(escape(box[0], quote=False)) :]
            mark = box[0].strip()
        return DocumentLine(
            0, text, html, "item", 0, 0, bool(tick), is_numbered and not box, mark,
            depth=max(0, len(self._lists) - 1),
        )  # fmt: skip

    def _as_typed(self, token: Token) -> None:
        """Keep what is no running text, such as code, a line for each line."""
        start = (token.map or (0, 1))[0] + (token.type != "code_block")
        for at, raw in enumerate(token.content.split("\n"), start=start):
            text = tidy(raw)
            if not text:
                continue
            line = DocumentLine(0, text, escape(text, quote=False))
            if token.type == "front_matter":
                title = _TITLE.match(text)
                kind, words = ("heading", title[1]) if title else ("front_matter", text)
                line = DocumentLine(0, words, escape(words, quote=False), kind, 1 if title else 0)
            self._add(line, at)

    def _page(self, token: Token) -> None:
        """Read HTML in the text as a web page is read."""
        try:
            page = read_page(token.content)
        except CannotRead:  # it has no words
            return
        place = (token.map or (0, 1))[0]
        for line in page.lines:
            table = line.table and self._tables + line.table
            self._add(replace(line, table=table), place)
        self._tables = max([self._tables, *(line.table for line in self.lines)])
        self.messages += page.messages
        self.missing += [one._replace(line=place + 1) for one in page.missing]

    # --- tables -------------------------------------------------------------------------------
    def _table(self, token: Token) -> None:
        place = (token.map or (0, 1))[0]
        if token.type == "table_open":
            self._rows = []
        elif token.type == "tr_open" and self._rows is not None:
            self._rows.append((place, []))
        elif self._rows is not None:
            rows, self._rows = [row for row in self._rows if row[1]], None
            if not rows:
                return
            self._tables += 1
            lines, _message = row_lines(rows, self._tables, has_head=True)
            for line, (at, _cells) in zip(lines, rows, strict=True):
                self._add(line, at)

    @property
    def _is_head(self) -> bool:
        return self._rows is not None and len(self._rows) == 1

    # --- words --------------------------------------------------------------------------------
    def _parts(self, tokens: Sequence[Token]) -> list[_Part]:
        """Split a paragraph where its lines belong apart. Other line ends are spaces."""
        parts: list[_Part] = []
        text: list[str] = []
        html: list[str] = []
        open_tags: list[str] = []
        at, begins_at, is_hard = 0, 0, False
        self._is_struck = False  # no paragraph ends inside of such words

        def end() -> None:
            words = tidy("".join(text))
            if words:
                closing = "".join(f"</{tag.split()[0]}>" for tag in reversed(open_tags))
                shown = without_empty_tags(" ".join(("".join(html) + closing).split()))
                parts.append((words, shown, begins_at, is_hard))
            text.clear()
            html[:] = [f"<{tag}>" for tag in open_tags]

        for index, token in enumerate(tokens):
            is_break = token.type == "hardbreak" or token.content.lower().startswith("<br")
            if is_break or token.type == "softbreak":
                at += 1
                if is_break or self._belongs_apart(tokens[index + 1 : index + 2]):
                    end()
                    begins_at, is_hard = at, is_break
                else:
                    text.append(" ")
                    html.append(" ")
            elif self._strikes(token):
                continue
            elif self._is_struck:
                self.struck.append(token.content)
            elif (tag := self._tag(token)) is not None:
                _change(open_tags, html, tag)
            else:
                words = self._words(token)
                text.append(words)
                html.append(escape(words, quote=False))
        end()
        return parts

    def _strikes(self, token: Token) -> bool:
        """Return whether a token begins or ends words that are struck through."""
        tag = _HTML_TAG.match(token.content) if token.type == "html_inline" else None
        is_tag = bool(tag and tag[2].lower() in STRUCK_TAGS)
        if is_tag or token.type in {"s_open", "s_close"}:
            self._is_struck = token.type == "s_open" or bool(tag and not tag[1])
            return True
        return False

    def _belongs_apart(self, following: Sequence[Token]) -> bool:
        """Return whether the next line of a paragraph is a reference or has a typed mark."""
        words = following[0].content if following else ""
        return self._is_in_references or any(mark.match(words) for mark in _TYPED_MARKS)

    def _words(self, token: Token) -> str:
        if token.type == "footnote_ref":
            label = (token.meta or {}).get("label", "")
            return f"[{self._footnotes.name_of(label) or f'^{label}'}]"
        if token.type == "image":
            number = pictures.number_in(str(token.attrs.get("src", "")))
            self.missing.append(Missing("picture", token.content, "in", self._place + 1, number))
            return token.content if number is None else ""  # what it shows, in words
        return token.content if token.type in {"text", "code_inline", "text_special"} else ""

    def _tag(self, token: Token) -> str | None:
        """Return the formatting a token opens, "/" and its name where it closes it, else None."""
        if token.type in {"strong_open", "em_open"}:
            return token.tag
        if token.type in {"strong_close", "em_close"}:
            return f"/{token.tag}"
        if token.type == "html_inline" and (found := _HTML_TAG.match(token.content)):
            name = INLINE_TAGS.get(found[2].lower())
            return f"{found[1]}{name}" if name else ""
        if token.type == "link_close":
            return "/a"
        if token.type != "link_open":
            return None
        href = str(token.attrs.get("href", ""))
        if works_outside(href):
            return f'a href="{escape(href)}"'
        if href.startswith("#"):
            self.links_within += 1
        else:
            self.lost_links += 1
        return ""


def _change(open_tags: list[str], html: list[str], tag: str) -> None:
    """Open or close formatting. What would not pair up is left out."""
    if tag.startswith("/"):
        if open_tags and open_tags[-1].split()[0] == tag[1:]:
            open_tags.pop()
            html.append(f"<{tag}>")
    elif tag:
        open_tags.append(tag)
        html.append(f"<{tag}>")
