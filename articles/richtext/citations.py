"""Putting citation marks into a body, at render."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from . import cleaning

_MARK = re.compile(r'<mark data-claim="(c[0-9a-z]{9})">|</mark>')
#: Between two fragments of one claim: only tags and white space, so the claim goes straight on.
_GOES_ON = re.compile(r'(?:<[^>]*>|\s)*?<mark data-claim="(c[0-9a-z]{9})">')


class Mark(Protocol):
    """A superscript number (articles.page.sources.CitationMark)."""

    @property
    def number(self) -> int: ...

    @property
    def anchor(self) -> str: ...

    @property
    def target(self) -> str: ...


def body_with_citations(
    html: str,
    marks_for: Callable[[str], Sequence[Mark]],
    *,
    id_for: Callable[[str], str] = lambda key: "",
    note_for: Callable[[str], str] = lambda key: "",
) -> SafeString:
    """Return stored `html` for a reader: claims as plain spans with their superscript numbers.

    All three functions take the key of a claim and are called in the order of the text. `marks_for`
    gives the marks of one occurrence; `id_for` its id, or "", for pages with links to claims;
    `note_for` what readers must know of the claim at once, as plain text for brackets, or "".

    Cleans first, whatever was done before: what is marked safe here has passed the boundary on the
    way out too.
    """
    html = cleaning.clean(html)
    pieces, position, key = [], 0, ""
    for tag in _MARK.finditer(html):
        pieces.append(html[position : tag.start()])
        position = tag.end()
        if tag[1]:
            key = tag[1]
            pieces.append(_opened(id_for(key)))
            continue
        pieces.append("</span>")
        goes_on = _GOES_ON.match(html, position)
        if not (goes_on and goes_on[1] == key):
            pieces.append(superscript(marks_for(key)))
            if note := note_for(key):
                pieces.append(format_html(' <span class="said">({})</span>', note))
    pieces.append(html[position:])
    # Everything in `pieces` came out of nh3 above or out of format_html.
    return mark_safe("".join(pieces))  # noqa: S308


def _opened(anchor: str) -> str:
    if anchor:
        return format_html('<span class="claim" id="{}">', anchor)
    return '<span class="claim">'


def superscript(marks: Sequence[Mark]) -> SafeString:
    """Return the numbers after a claim, as links to the list of sources.

    Glued to the last word, so that none starts a line alone.
    """
    if not marks:
        return SafeString("")
    links = format_html_join(
        ", ",
        # Named by an attribute: hidden words would be copied with the sentence, and a long page has
        # hundreds of marks.
        '<a id="{}" href="#{}" role="doc-noteref" aria-label="{} {}">{}</a>',
        (
            (mark.anchor, mark.target, gettext("Reference"), mark.number, mark.number)
            for mark in marks
        ),
    )
    return format_html('<sup class="cite">\u2060{}</sup>', links)
