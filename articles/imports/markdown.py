"""Read the lines of a Markdown text (.md)."""

import re
from html import escape

from .documents import DocumentLine
from .footnotes import MarkdownFootnotes
from .left_out import messages_about_losses, works_outside
from .limits import check_size
from .plain_text import raw_lines, typed_line
from .typed_marks import tidy

_HEADING = re.compile(r"\s*(#{1,6})\s+(.*?)\s*#*\s*\Z")
_RULE = re.compile(r"\s*([-*_]\s*){3,}")
_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]{1,500})\*\*|\*(?P<em>[^*\s][^*\n]{0,500})\*|"
    r"(?P<picture>!?)\[(?P<words>[^\]\n]{1,300})\]\((?P<href>[^)\s]{1,2000})\)"
)


def read_markdown(text: str) -> tuple[list[DocumentLine], list[str]]:
    """Return (lines, messages) of a Markdown text."""
    lines, gap = [], 1
    footnotes = MarkdownFootnotes(text)
    for number, raw in enumerate(raw_lines(text), start=1):
        name, raw = footnotes.read(raw)
        if not raw.strip() or _RULE.fullmatch(raw):
            gap += 1
            continue
        lines.append(_line(number, raw, gap, name))
        gap = 0
    if not lines:
        check_size(0)
    links = list(_INLINE.finditer(text))
    pictures = sum(bool(link["picture"]) for link in links)
    lost_links = sum(
        bool(link["href"] and not link["picture"] and not works_outside(link["href"]))
        for link in links
    )
    return lines, messages_about_losses(pictures, lost_links)


def _line(number: int, raw: str, gap: int, note: str) -> DocumentLine:
    if note:
        return DocumentLine(number, *_markdown_inline(tidy(raw)), gap=gap, note=note)
    if heading := _HEADING.match(raw):
        text, html = _markdown_inline(tidy(heading[2]))
        return DocumentLine(number, text, html, "heading", len(heading[1]), gap)
    return typed_line(number, raw, gap, _markdown_inline)


def _markdown_inline(text: str) -> tuple[str, str]:
    """Return (plain text, HTML) of a line of Markdown with bold, emphasis and links."""
    plain, html, position = [], [], 0
    for found in _INLINE.finditer(text):
        before = text[position : found.start()]
        words = found["strong"] or found["em"] or found["words"]
        shown = escape(words, quote=False)
        if found["strong"]:
            shown = f"<strong>{shown}</strong>"
        elif found["em"]:
            shown = f"<em>{shown}</em>"
        elif not found["picture"] and works_outside(found["href"]):
            shown = f'<a href="{escape(found["href"])}">{shown}</a>'
        plain += [before, words]
        html += [escape(before, quote=False), shown]
        position = found.end()
    return "".join([*plain, text[position:]]), "".join(
        [*html, escape(text[position:], quote=False)]
    )
