"""The text of a field: its markup, its character codes and its quotation marks.

Markup that a title really has passes through formatting as marks: single characters that nobody
types, so that rules about the last letter or the first word can look past them.
"""

import html
import re

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

#: Each mark and its tag. Nothing but these eight becomes a tag.
TAGS = {
    "\ue000": "<i>",
    "\ue001": "</i>",
    "\ue002": "<b>",
    "\ue003": "</b>",
    "\ue004": "<sub>",
    "\ue005": "</sub>",
    "\ue006": "<sup>",
    "\ue007": "</sup>",
}
_MARKS = {tag: mark for mark, tag in TAGS.items()}
_ANY_MARK = re.compile("([\ue000-\ue007])")
_BLANK_IN_MARKS = re.compile("([\ue000\ue002\ue004\ue006]) +| +([\ue001\ue003\ue005\ue007])")
_ELEMENTS = {"em": "i", "italic": "i", "strong": "b", "bold": "b"}
_TAG = re.compile(r"<(/?)((?:(?:jats|mml):)?[A-Za-z][A-Za-z0-9]{0,20})(?:\s[^<>]{0,300})?/?>")
_MEANINGLESS = {"span", "scp", "sc"}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\ue007\ud800-\udfff]")


def one_line(value: object) -> str:
    """Return `value` on one line, or "" when it is not text.

    Crossref gives a list where CSL has one string; the first text in it counts.
    """
    if isinstance(value, list):
        value = next((entry for entry in value if isinstance(entry, str) and entry.strip()), "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_UNPRINTABLE.sub("", text).split())


def unescaped(text: str) -> str:
    """Return `text` with its HTML character codes decoded."""
    if "&" not in text:
        return text
    # one_line again, because a code may stand for one of our marks or a line end.
    return one_line(_ENTITY.sub(lambda entity: html.unescape(entity.group()), text))


def with_marks(text: str) -> str:
    """Return `text` with <i>, <b>, <sub> and <sup> as marks where they come in pairs.

    Any other “<” is a letter.
    """
    if "<" not in text:
        return text
    pieces: list[str] = []
    open_tags: list[tuple[str, int]] = []
    position = 0
    for tag in _TAG.finditer(text):
        pieces.append(text[position : tag.start()])
        position = tag.end()
        is_closing, name = bool(tag[1]), tag[2].lower()
        element = name.removeprefix("jats:")
        element = _ELEMENTS.get(element, element)
        if f"<{element}>" not in _MARKS:
            pieces.append("" if name in _MEANINGLESS or ":" in name else tag[0])
        elif not is_closing:
            open_tags.append((element, len(pieces)))
            pieces.append(tag[0])
        elif open_tags and open_tags[-1][0] == element:
            _, opening = open_tags.pop()
            pieces[opening] = _MARKS[f"<{element}>"]
            pieces.append(_MARKS[f"</{element}>"])
        else:
            pieces.append(tag[0])
    pieces.append(text[position:])
    # A file that breaks lines at its tags leaves blanks on both sides of them.
    return " ".join(_BLANK_IN_MARKS.sub(_blank_outside, "".join(pieces)).split())


def _blank_outside(blank):
    return f" {blank[1]}" if blank[1] else f"{blank[2]} "


_QUOTES = re.compile(
    r"""[“”]|"|(?<![\w’'])'(?=[^\s'])((?:[^'"]|(?<=\w)'(?=\w))*)(?<=\S)'(?!\w)|'"""
)
_BEFORE_OPENING = re.compile("[\\s(\\[{–—/-]$")


def typographic(text: str) -> str:
    """Return `text` with curly quotes: double outside and single inside, as in American English."""
    if "'" not in text and '"' not in text:
        return text
    depth = 0

    def curl(match):
        nonlocal depth
        quote = match[0]
        if quote == '"':
            before = _ANY_MARK.sub("", text[max(0, match.start() - 4) : match.start()])
            quote = "“" if depth == 0 and (not before or _BEFORE_OPENING.search(before)) else "”"
        if quote == "“":
            depth += 1
        elif quote == "”":
            depth = max(0, depth - 1)
        elif quote == "'":
            quote = "’"
        else:
            inner = match[1].replace("'", "’")
            quote = f"‘{inner}’" if depth else f"“{inner}”"
        return quote

    return _QUOTES.sub(curl, text)


def plain(marked: str) -> str:
    """Return `marked` without its marks."""
    return _ANY_MARK.sub("", marked)


def as_html(marked: str) -> SafeString:
    """Return `marked` as safe HTML: all text escaped, and each mark as its tag."""
    pieces = _ANY_MARK.split(marked)
    if len(pieces) == 1:
        return escape(marked)
    return format_html_join(
        "", "{}", ((SafeString(TAGS.get(piece, "")) or piece,) for piece in pieces)
    )
