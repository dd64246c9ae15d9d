"""Pasted HTML as tables: their cells, and the lines of text around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import nh3

from articles.richtext.cleaning import entities, nesting

from .numerals import (
    END_OF_RAISED,
    RAISED,
    decimal_style,
    in_one_style,
    spelled_plainly,
    with_joined_thousands,
    without_invisible,
)

#: A long table has some hundred cells; Word adds megabytes of styles. Both the cleaning of a page
#: and the reading of its cells stay within seconds below these.
MAX_CHARACTERS, MAX_CLEANED = 3_000_000, 1_000_000
MAX_TAGS, MAX_DEPTH, MAX_ENTITIES = 60_000, 200, 40_000
MAX_TABLES = 50
#: Notes may be long. What stands in a cell is shown in full in at most this many letters.
MAX_LETTERS_IN_A_CELL = 6_000
MAX_LINES_AROUND = 400

_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol br hr blockquote section article figure figcaption dl dt dd"
    " pre table caption thead tbody tfoot tr td th".split()
)
_CELLS = frozenset({"td", "th"})
_IS_RAISED = re.compile(
    r"vertical-align\s*:\s*super|mso-text-raise\s*:\s*[1-9]|FootnoteReference", re.I
)
_IS_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)


class TooMuchToRead(ValueError):
    """What was pasted is larger than any table of findings. str() says what to do."""


@dataclass(frozen=True)
class PastedCell:
    """A cell as it was pasted; its text has a line for each block, and raised marks."""

    text: str
    columns: int = 1
    rows: int = 1
    in_head: bool = False


@dataclass
class PastedTable:
    """`before` and `after` are lines of text around the table, the nearest table aside."""

    caption: str = ""
    rows: list[list[PastedCell]] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass
class _Text:
    """Where text goes: the page, a caption or a cell. `cut` is where its last table ended."""

    lines: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    cut: int = 0
    last_table: PastedTable | None = None

    def end_line(self) -> None:
        line = " ".join("".join(self.parts).split())
        if line.strip(RAISED + END_OF_RAISED):
            self.lines.append(spelled_plainly(line))
        self.parts.clear()

    def text(self) -> str:
        self.end_line()
        return "\n".join(self.lines)[:MAX_LETTERS_IN_A_CELL]

    def begin_table(self, table: PastedTable) -> None:
        self.end_line()
        table.before = self.lines[self.cut :][-MAX_LINES_AROUND:]
        self.hand_on()

    def end_table(self, table: PastedTable) -> None:
        self.cut, self.last_table = len(self.lines), table

    def hand_on(self) -> None:
        """Give the lines since the last table to it."""
        self.end_line()
        if self.last_table:
            self.last_table.after = self.lines[self.cut :][:MAX_LINES_AROUND]
            self.last_table = None


class _Tables(HTMLParser):
    """Reads what nh3 wrote: every tag is closed there, and every cell is in a row of a table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[PastedTable] = []
        self._open: list[PastedTable] = []
        self._texts = [_Text()]
        self._cells: list[PastedCell] = []  # open ones, without their text
        self._ends_of_spans: list[str] = []
        self._hidden = 0
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"sup", "span"}:
            self._begin_span(tag, " ".join(value or "" for _name, value in attrs))
        elif tag == "img":
            # Some sites show the symbols of certainty as pictures.
            alternative = dict(attrs).get("alt") or ""
            if not re.search(r"\w", alternative):
                self.handle_data(alternative)
        elif tag == "table":
            table = PastedTable()
            self._texts[-1].begin_table(table)
            self.found.append(table)
            self._open.append(table)
        elif tag in _CELLS | {"caption"}:
            columns, rows = (_span_of(attrs, name) for name in ("colspan", "rowspan"))
            self._cells.append(PastedCell("", columns, rows, self._in_head))
            self._texts.append(_Text())
        elif tag == "tr":
            self._open[-1].rows.append([])
        elif tag == "thead":
            self._in_head = True
        elif tag in _BLOCKS:
            self._texts[-1].end_line()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"sup", "span"}:
            self._end_span()
        elif tag == "table":
            table = self._open.pop()
            self._in_head = False
            self._texts[-1].end_table(table)
        elif tag in _CELLS | {"caption"}:
            text = self._texts.pop()
            text.hand_on()
            cell = replace(self._cells.pop(), text=text.text())
            if tag == "caption":
                self._open[-1].caption = cell.text
            else:
                self._open[-1].rows[-1].append(cell)
        elif tag == "thead":
            self._in_head = False
        elif tag in _BLOCKS:
            self._texts[-1].end_line()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._texts[-1].parts.append(data)

    def close(self) -> None:
        super().close()
        self._texts[0].hand_on()

    def _begin_span(self, tag: str, looks: str) -> None:
        if _IS_HIDDEN.search(looks):
            self._hidden += 1
            self._ends_of_spans.append("hidden")
        elif tag == "sup" or _IS_RAISED.search(looks):
            self._texts[-1].parts.append(RAISED)
            self._ends_of_spans.append("raised")
        else:
            self._ends_of_spans.append("")

    def _end_span(self) -> None:
        end = self._ends_of_spans.pop() if self._ends_of_spans else ""
        if end == "hidden":
            self._hidden -= 1
        elif end == "raised":
            self._texts[-1].parts.append(END_OF_RAISED)


def _span_of(attrs: Iterable[tuple[str, str | None]], name: str) -> int:
    value = (dict(attrs).get(name) or "").strip()
    return max(1, int(value)) if re.fullmatch(r"[0-9]{1,4}", value) else 1


def tables_in(html: str) -> list[PastedTable]:
    """Return the tables of `html` in their order, nested ones too, with decimal points throughout.

    Raises TooMuchToRead.
    """
    found = _Tables()
    found.feed(_cleaned(html))
    found.close()
    return [_in_its_style(table) for table in found.found[:MAX_TABLES]]


def _cleaned(html: str) -> str:
    tags, depth = nesting(html)
    if len(html) > MAX_CHARACTERS or tags > MAX_TAGS or entities(html) > MAX_ENTITIES:
        raise TooMuchToRead("This is too much to read at once, so paste one table by itself.")
    if depth > MAX_DEPTH:
        raise TooMuchToRead(
            "This is nested too deeply to be read, so paste the table into Word and copy it from"
            " there."
        )
    cleaned = nh3.clean(
        without_invisible(html),
        tags={*_BLOCKS, "sup", "span", "img"},
        attributes={
            "span": {"style", "class"},
            "img": {"alt"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
        },
        link_rel=None,
        # What is struck through was taken back by its writer.
        clean_content_tags=set(
            "script style title template noscript svg math select textarea xml del s strike".split()
        ),
    )
    if len(cleaned) > MAX_CLEANED:
        raise TooMuchToRead("This is too much to read at once, so paste one table by itself.")
    # Letters that were written as "&#8203;" are there now.
    return without_invisible(cleaned)


def _in_its_style(table: PastedTable) -> PastedTable:
    """Return `table` with decimals written in one way."""
    style = decimal_style([cell.text for row in table.rows for cell in row])

    def restyled(text: str) -> str:
        text = in_one_style(text, style)
        return with_joined_thousands(text) if style == "point" else text

    return PastedTable(
        restyled(table.caption),
        [[replace(cell, text=restyled(cell.text)) for cell in row] for row in table.rows],
        [restyled(line) for line in table.before],
        [restyled(line) for line in table.after],
    )
