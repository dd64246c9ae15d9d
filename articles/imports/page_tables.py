"""Collect the tables of a web page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from articles.richtext.allowed_html import SCOPE, SPAN

from .documents import DocumentLine
from .tables import Cell, Row

#: More lines in one cell are no entry of a table, but text that a table lays out.
_MOST_LINES_IN_A_CELL = 12
TABLE_TAGS = frozenset("table caption thead tr td th".split())


@dataclass
class _OpenCell:
    """A cell, and the lines that are in it."""

    tag: str
    attributes: str
    first: int
    last: int | None = None


@dataclass
class OpenTable:
    """A table of a page that is not closed yet. `first` is how many lines came before it."""

    first: int
    is_layout: bool
    is_in_head: bool = False
    rows: list[list[_OpenCell]] = field(default_factory=list)
    caption: slice = field(default_factory=lambda: slice(0, 0))  # of the lines of the table

    def open(self, tag: str, attrs: Mapping[str, str | None], lines: int) -> None:
        """Begin a part of the table, with `lines` lines of the document before it."""
        if tag == "caption":
            self.caption = slice(lines - self.first, None)
        elif tag == "thead":
            self.is_in_head = True
        elif tag == "tr":
            self.rows.append([])
        elif self.rows:
            name = "th" if self.is_in_head else tag
            self.rows[-1].append(_OpenCell(name, _attributes_of_cell(name, attrs), lines))

    def close(self, tag: str, lines: int) -> None:
        """End a part of the table, with `lines` lines of the document so far."""
        if tag == "caption":
            self.caption = slice(self.caption.start, lines - self.first)
        elif tag == "thead":
            self.is_in_head = False
        elif tag in {"td", "th"} and self.rows and self.rows[-1]:
            self.rows[-1][-1].last = lines

    def rows_of(self, lines: Sequence[DocumentLine]) -> list[tuple[Row, list[int]]]:
        """Return (cells, numbers of their lines) of each row with words.

        Returns nothing where it is no table of entries: it has one column, or whole texts in it.
        """
        found = []
        for row in self.rows:
            inside = [lines[cell.first : cell.last] for cell in row]
            if any(len(one) > _MOST_LINES_IN_A_CELL for one in inside):
                return []
            if any(inside):
                cells = [_cell(cell, own) for cell, own in zip(row, inside, strict=True)]
                found.append((cells, [line.number for own in inside for line in own]))
        columns = max((len(cells) for cells, _numbers in found), default=0)
        return found if columns > 1 else []


def _attributes_of_cell(tag: str, attrs: Mapping[str, str | None]) -> str:
    known = {"scope": SCOPE} if tag == "th" else {}
    scopes = [f' {name}="{attrs[name]}"' for name in known if attrs.get(name) in known[name]]
    spans = [
        f' {name}="{attrs[name]}"'
        for name in ("colspan", "rowspan")
        if SPAN.match(attrs.get(name) or "") and attrs[name] != "1"
    ]
    return "".join(scopes + spans)


def _cell(cell: _OpenCell, lines: Sequence[DocumentLine]) -> Cell:
    """Return a cell with all its lines. A mark of a single line goes back: that is no list."""
    is_bold = bool(lines) and all(line.kind == "heading" for line in lines)
    if len(lines) == 1 and (mark := lines[0].mark):
        end = " >" if lines[0].kind == "fence" else ""
        text = f"{mark} {lines[0].text}{end}"
        html = f"{escape(mark, quote=False)} {lines[0].html}{escape(end, quote=False)}"
        return Cell(text, html, cell.tag == "th", cell.attributes)
    parts: list[str] = []
    for line in lines:
        if line.kind == "item":
            tag = "ol" if line.is_numbered else "ul"
            item = f"<li>{line.html}</li></{tag}>"
            if parts and parts[-1].endswith(f"</{tag}>"):
                parts[-1] = parts[-1].removesuffix(f"</{tag}>") + item
            else:
                parts.append(f"<{tag}>{item}")
        elif line.kind == "heading" and cell.tag == "td":
            parts.append(f"<strong>{line.html}</strong>")
        else:
            parts.append(line.html)
    html = re.sub(r"<br>(?=<[uo]l>)|(?<=</[uo]l>)<br>", "", "<br>".join(parts))
    text = " ".join(line.text for line in lines)
    return Cell(text, html, cell.tag == "th", cell.attributes, is_bold)
