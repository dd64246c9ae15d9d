"""Read the lines of a plain text (.txt)."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape

from .documents import DocumentLine, LinesRead
from .limits import check_size
from .raised import raise_in_markup
from .recognising import is_references_heading
from .tables import plain_cell, row_lines
from .typed_marks import BULLET, FENCE, INVISIBLE, LETTERED, NUMBERED, TICK, tidy
from .wrapped_text import JoinedText, join_lines

#: Gives (plain text, HTML) of the text of a line.
Inline = Callable[[str], tuple[str, str]]
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def raw_lines(text: str) -> list[str]:
    """Return the lines of `text`, wherever it breaks them, without letters nobody sees."""
    return [INVISIBLE.sub("", line) for line in _LINE_ENDS.split(raise_in_markup(text))]


def read_plain_text(text: str) -> LinesRead:
    """Return what is read of a plain text.

    Lines with tabs between words are a table. Lines that a printed page broke are joined.
    """
    raws = raw_lines(text)
    ends = _ends_of_tables(raws)
    joined = join_lines(
        raws,
        apart={row for start, end in ends.items() for row in range(start, end)},
        end=next((at for at, raw in enumerate(raws) if is_references_heading(raw)), len(raws)),
        cut={at for at, raw in enumerate(_LINE_ENDS.split(text)) if raw.endswith("\u00ad")},
    )
    lines: list[DocumentLine] = []
    messages = list(joined.messages)
    gap, at = 1, 0
    while at < len(raws):
        if end := ends.get(at):
            found, message = _table(raws, at, end, 1 + len({line.table for line in lines} - {0}))
            lines += found
            messages += [message] if message else []
            gap, at = 0, end
            continue
        raw = joined.texts.get(at, raws[at])
        if not raw.strip():
            gap += 1
        elif at not in joined.absorbed:
            lines.append(_line(at + 1, raw, gap, joined))
            gap = 0
        at += 1
    if not lines:
        check_size(0)
    return LinesRead(_with_depths(lines, raws), messages)


def _with_depths(lines: list[DocumentLine], raws: list[str]) -> list[DocumentLine]:
    """Return `lines` with the depth of items: those further in, and letters under a number."""
    found: list[DocumentLine] = []
    indents: list[int] = []  # of the lists that are open
    letters_under: int | None = None  # the depth of the number that letters stand under
    for line in lines:
        if line.kind != "item":
            indents, letters_under = [], None
            found.append(line)
            continue
        raw = raws[line.number - 1].expandtabs(4)
        indent = len(raw) - len(raw.lstrip())
        while indents and indents[-1] > indent:
            indents.pop()
        if not indents or indents[-1] < indent:
            indents.append(indent)
        depth = len(indents) - 1
        if line.mark_kind == "letter":
            depth = depth if letters_under is None else max(depth, letters_under + 1)
        else:
            letters_under = depth if line.mark_kind == "number" else None
        found.append(replace(line, depth=depth))
    return found


def _table(raws: list[str], at: int, end: int, table: int) -> tuple[list[DocumentLine], str]:
    rows = [
        (number, [plain_cell(tidy(cell)) for cell in raw.rstrip(" ").split("\t")])
        for number, raw in enumerate(raws[at:end], start=at + 1)
    ]
    return row_lines(rows, table)


def _line(number: int, raw: str, gap: int, joined: JoinedText) -> DocumentLine:
    if number - 1 in joined.page_marks:
        return DocumentLine(number, *plain_inline(tidy(raw)), "page_mark", 0, gap)
    if number - 1 in joined.headings:
        return DocumentLine(number, *plain_inline(tidy(raw)), "heading", 2, gap)
    return typed_line(number, raw, gap, plain_inline)


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
        (LETTERED, False, True),
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
