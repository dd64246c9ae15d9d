"""Read the lines of a plain text (.txt)."""

import re
from collections.abc import Callable
from html import escape

from .documents import DocumentLine
from .limits import check_size
from .raised import raise_in_markup
from .tables import plain_cell, row_lines
from .typed_marks import BULLET, FENCE, INVISIBLE, NUMBERED, TICK, tidy

#: Gives (plain text, HTML) of the text of a line.
Inline = Callable[[str], tuple[str, str]]


def raw_lines(text: str) -> list[str]:
    """Return the lines of `text`, wherever it breaks them, without letters nobody sees."""
    lines = re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", raise_in_markup(text))
    return [INVISIBLE.sub("", line) for line in lines]


def read_plain_text(text: str) -> tuple[list[DocumentLine], list[str]]:
    """Return (lines, messages) of a plain text. Lines with tabs between words are a table."""
    lines: list[DocumentLine] = []
    messages: list[str] = []
    raws = raw_lines(text)
    ends = _ends_of_tables(raws)
    gap, tables, number = 1, 0, 0
    while number < len(raws):
        raw = raws[number]
        if end := ends.get(number):
            tables += 1
            rows = [
                (at + 1, [plain_cell(tidy(cell)) for cell in raws[at].rstrip(" ").split("\t")])
                for at in range(number, end)
            ]
            found, message = row_lines(rows, tables)
            lines += found
            messages += [message] if message else []
            gap, number = 0, end
            continue
        number += 1
        if not raw.strip():
            gap += 1
            continue
        lines.append(typed_line(number, raw, gap, plain_inline))
        gap = 0
    if not lines:
        check_size(0)
    return lines, messages


def _ends_of_tables(raws: list[str]) -> dict[int, int]:
    """Return {place of the first row: place after the last} of the tables pasted into a text.

    Cells that are copied from a table have a tab between them. One line alone is no table.
    """
    ends, start = {}, 0
    tabs = [_tabs_between_cells(raw) for raw in raws]
    while start < len(raws):
        end, known = start, {max(0, 0, *tabs[start + 1 : start + 2])}
        while end < len(raws) and tabs[end] and (tabs[end] > 0 or -tabs[end] in known):
            known.add(tabs[end])
            end += 1
        if end - start > 1:
            ends[start] = end
        start = max(end, start + 1)
    return ends


def _tabs_between_cells(raw: str) -> int:
    """Return how many tabs are between the cells of a row, and 0 where `raw` is no row.

    The number is negative for a line with words on one side of its tabs only: it may be a row with
    an empty cell, or an indented line. A mark before an item is no cell.
    """
    mark = BULLET.match(raw) or TICK.match(raw) or NUMBERED.match(raw)
    row = raw[mark.end() if mark else 0 :].rstrip("\n")
    if not row.strip() or "\t" not in row:
        return 0
    return row.count("\t") if "\t" in row.strip() else -row.count("\t")


def typed_line(number: int, raw: str, gap: int, inline: Inline) -> DocumentLine:
    """Return the line `raw` without the mark that was typed before it."""
    if fence := FENCE.match(raw):
        words = tidy(fence[1])
        html = escape(words, quote=False)
        return DocumentLine(number, words, html, "fence", 2, gap, mark="<")
    for pattern, ticked, numbered in (
        (TICK, True, False),
        (BULLET, False, False),
        (NUMBERED, False, True),
    ):
        if mark := pattern.match(raw):
            text, html = inline(tidy(raw[mark.end() :]))
            return DocumentLine(
                number, text, html, "item", 0, gap, ticked, numbered, mark[0].strip()
            )
    return DocumentLine(number, *inline(tidy(raw)), "text", 0, gap)


def plain_inline(text: str) -> tuple[str, str]:
    """Return (plain text, HTML) of a line in which nothing is formatting."""
    return text, escape(text, quote=False)
