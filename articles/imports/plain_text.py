"""Read the lines of a plain text (.txt)."""

import re
from collections.abc import Callable
from html import escape

from .documents import DocumentLine
from .limits import check_size
from .typed_marks import BULLET, FENCE, INVISIBLE, NUMBERED, TICK, tidy

#: Gives (plain text, HTML) of the text of a line.
Inline = Callable[[str], tuple[str, str]]


def raw_lines(text: str) -> list[str]:
    """Return the lines of `text`, wherever it breaks them, without letters nobody sees."""
    lines = re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", text)
    return [INVISIBLE.sub("", line) for line in lines]


def read_plain_text(text: str) -> tuple[list[DocumentLine], list[str]]:
    """Return (lines, messages) of a plain text."""
    lines, gap = [], 1
    for number, raw in enumerate(raw_lines(text), start=1):
        if not raw.strip():
            gap += 1
            continue
        lines.append(typed_line(number, raw, gap, plain_inline))
        gap = 0
    if not lines:
        check_size(0)
    return lines, []


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
