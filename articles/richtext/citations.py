"""Putting citation marks into a body, at render."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from . import cleaning

_MARK = re.compile(r'<mark data-claim="(c[0-9a-z]{9})">|</mark>')
#: Between two fragments of one claim: only tags and white space, so the claim goes straight on.
_GOES_ON = re.compile(r'(?:<[^>]*>|\s)*?<mark data-claim="(c[0-9a-z]{9})">')


def body_with_citations(html, marks_for, *, id_for=lambda key: "", said_of=lambda key: ""):
    """Stored `html` for a reader: claims as plain spans, each followed by its superscript numbers.

    `marks_for(key)` gives the marks of one occurrence (articles.page.sources.Mark) and is called in
    the order of the text; `id_for(key)` the id of an occurrence, or "", for pages that lead to
    claims; `said_of(key)` what readers must be told of that claim at once, as plain words that go
    in brackets, or "". Cleans first, whatever was done before: what is marked safe here has passed
    the boundary on the way out too.
    """
    html = cleaning.clean(html)
    pieces, position, key = [], 0, None
    for tag in _MARK.finditer(html):
        pieces.append(html[position : tag.start()])
        position = tag.end()
        if tag[1]:
            key = tag[1]
            anchor = id_for(key)
            pieces.append(
                format_html('<span class="claim" id="{}">', anchor)
                if anchor
                else '<span class="claim">'
            )
        else:
            pieces.append("</span>")
            goes_on = _GOES_ON.match(html, position)
            if not (goes_on and goes_on[1] == key):
                pieces.append(superscript(marks_for(key)))
                if said := said_of(key):
                    pieces.append(format_html(' <span class="said">({})</span>', said))
    pieces.append(html[position:])
    # Everything in `pieces` came out of nh3 above or out of format_html below.
    return mark_safe("".join(pieces))  # noqa: S308


def superscript(marks):
    """The numbers after a claim, as links to the list.

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
