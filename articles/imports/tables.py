"""Tables: one line of the document for each row, and one for the caption.

The text of such a line has a tab between its cells. Its HTML has the cells as the body of an
article has them, so that merged cells and heads stay what they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from .documents import DocumentLine

BETWEEN_CELLS = "\t"
_CELL = re.compile(r"<(t[hd])( [^>]*)?>(.*?)</\1>", re.DOTALL)
_NO_WORDS = re.compile(r"[\W_]*\Z")
_BEGINS_WITH_A_FIGURE = re.compile(r"[\W_]*\d")
_LONGEST_HEAD = 80
_LONGEST_CAPTION = 200
#: "Table 2: How long it takes", but not "Table 2 shows how long it takes."
_CAPTION = re.compile(
    r"(?:table|tabla|cuadro|جدول|الجدول)\s*\d{1,3}(?:\s*[.:–—-]\s*|\s+)(\S)", re.I
)


@dataclass(frozen=True)
class Cell:
    """One cell. `attributes` is HTML, such as ' colspan="2"'."""

    text: str
    html: str
    is_head: bool = False
    attributes: str = ""
    is_bold: bool = False

    def as_html(self, scope: str) -> str:
        """Return the cell as HTML. `scope` says whose head it is, where the cell says nothing."""
        if not self.is_head:
            return f"<td{self.attributes}>{self.html}</td>"
        given = "" if "scope=" in self.attributes else f' scope="{scope}"'
        return f"<th{given}{self.attributes}>{self.html}</th>"


#: The cells of one row.
Row = list[Cell]


def row_lines(
    rows: Sequence[tuple[int, Row]], table: int, *, has_head: bool | None = None
) -> tuple[list[DocumentLine], str]:
    """Return (a line for each of `rows`, a message about the head of the table or "").

    `rows` holds (line number, cells), `table` tells the tables of a document apart. With `has_head`
    None the head is the row of heads, else the first row if it has words only.
    """
    message = ""
    first_number, first = rows[0]
    if has_head or (has_head is None and _may_be_the_head(rows)):
        if has_head is None:
            message = f"Line {first_number} was read as the head of its table."
        first = [replace(cell, is_head=True) for cell in first]
    lines: list[DocumentLine] = []
    for number, cells in [(first_number, first), *rows[1:]]:
        scope = "col" if all(cell.is_head for cell in cells) else "row"
        lines.append(
            DocumentLine(
                number,
                BETWEEN_CELLS.join(cell.text for cell in cells),
                "".join(cell.as_html(scope) for cell in cells),
                "row",
                gap=0 if lines else 1,
                table=table,
            )
        )
    return lines, message


def _may_be_the_head(rows: Sequence[tuple[int, Row]]) -> bool:
    """Return whether the first row only names what the others say."""
    first = rows[0][1]
    if len(rows) < 2 or any(cell.is_head for _number, cells in rows for cell in cells):
        return False
    if all(cell.is_bold or not cell.text for cell in first):
        return True
    named = all(cell.text and not _BEGINS_WITH_A_FIGURE.match(cell.text) for cell in first[1:])
    return (
        named
        and not _BEGINS_WITH_A_FIGURE.match(first[0].text)
        and all(len(cell.text) <= _LONGEST_HEAD and cell.text[-1:] != "." for cell in first)
    )


def cells_of(line: DocumentLine) -> Iterator[tuple[str, str, str, str]]:
    """Give (plain text, start tag, HTML, end tag) of each cell of a row."""
    texts = line.text.split(BETWEEN_CELLS)
    for text, cell in zip(texts, _CELL.finditer(line.html), strict=False):
        yield text, f"<{cell[1]}{cell[2] or ''}>", cell[3], f"</{cell[1]}>"


def words_of_row(text: str) -> str:
    """Return the text of a row as one line that a person reads; other texts stay as they are."""
    return " | ".join(cell for cell in text.split(BETWEEN_CELLS) if cell)


def as_sentence(line: DocumentLine) -> DocumentLine:
    """Return a row as a line outside of any table: "Exercise: 6 to 12, each day".

    Its head names the others, as in a list with one thing a line.
    """
    if line.kind == "caption":
        return replace(line, kind="text", table=0)
    return _unfolded(line, [": ", ", "])


def as_reference(line: DocumentLine) -> DocumentLine:
    """Return a row of a table of references as the reference it holds.

    A row of heads becomes a heading.
    """
    unfolded = as_sentence(line) if line.kind == "caption" else _unfolded(line, [" ", " "])
    is_head = line.kind == "row" and 'scope="col"' in line.html and "<td" not in line.html
    return replace(unfolded, kind="heading", level=6) if is_head else unfolded


def _unfolded(line: DocumentLine, separators: Sequence[str]) -> DocumentLine:
    texts, htmls = [], []
    for text, _start, html, _end in cells_of(line):
        if text and not _NO_WORDS.match(text):
            texts.append(text)
            htmls.append(re.sub(r"</?(?:ul|ol|li|br)\b[^>]*>", " ", html).strip())
    first, others = separators

    def joined(parts: Sequence[str]) -> str:
        between = first if parts and parts[0][-1:] not in ":;,." else " "
        return between.join([*parts[:1], *([others.join(parts[1:])] if parts[1:] else [])])

    text, html = joined(texts), joined(htmls)
    return replace(line, kind="text", text=text, html=html, gap=1, table=0)


def with_captions(lines: Sequence[DocumentLine]) -> list[DocumentLine]:
    """Return `lines` with the line "Table 1: …" above or under a table as its caption."""
    found = list(lines)
    captioned = {line.table for line in lines if line.kind == "caption"}
    # What stands above a table is its caption before what stands under it.
    for step in (1, -1):
        for place, line in enumerate(found):
            beside = found[place + step] if 0 <= place + step < len(found) else None
            if (
                beside is not None
                and beside.kind == "row"
                and beside.table not in captioned
                and _is_caption(line)
            ):
                captioned.add(beside.table)
                found[place] = replace(line, kind="caption", level=0, table=beside.table)
    return found


def _is_caption(line: DocumentLine) -> bool:
    begins = _CAPTION.match(line.text)
    return bool(
        begins
        and line.kind in {"text", "heading"}
        and len(line.text) <= _LONGEST_CAPTION
        and not begins[1].islower()
    )


def plain_cell(text: str) -> Cell:
    """Return the cell that was typed as `text`, in which nothing is formatting."""
    return Cell(text, escape(text, quote=False))
