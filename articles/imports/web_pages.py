"""Read the lines of a web page (.html), or of the page that mammoth makes of a Word file."""

import re

import nh3

from articles.richtext.cleaning import entities, nesting

from .documents import DocumentLine
from .footnotes import FOOTNOTE_ATTRIBUTES, PageFootnotes
from .left_out import messages_about_losses
from .limits import CannotRead, check_amount, check_size
from .page_lines import INLINE_TAGS, PageLines
from .typed_marks import INVISIBLE

MAX_DEPTH = 200

#: Tags that put their text on a line of its own. nh3 unwraps tags that it does not know, and would
#: join their words.
_BLOCKS = set(
    "h1 h2 h3 h4 h5 h6 p div li ul ol br hr table caption thead tbody tfoot tr td th blockquote"
    " section article header footer main aside nav figure figcaption dl dt dd pre address details"
    " summary".split()
)


def read_page(html: str, *, is_word: bool = False) -> tuple[list[DocumentLine], list[str]]:
    """Return (lines, messages) of the page `html`. `is_word` means that mammoth made it."""
    html = INVISIBLE.sub("", html)
    check_amount(entities=entities(html))
    pictures = len(re.findall(r"<img\b", html, re.IGNORECASE))
    addresses = len(re.findall(r"<a\s[^<>]*href\s*=\s*[\"']?(?!#)", html, re.IGNORECASE))
    if nesting(html)[1] > MAX_DEPTH:
        raise CannotRead(
            "This page is nested too deeply to be read, so copy its text into a .txt file and try"
            " again."
        )
    html = nh3.clean(
        html,
        tags=_BLOCKS | set(INLINE_TAGS) | {"a"},
        attributes={
            "a": {"href", "id"},
            "ol": {"start", "reversed", "type"},
            "li": {"id", "value"},
            "table": {"role"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan", "scope"},
            **FOOTNOTE_ATTRIBUTES,
        },
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style", "title", "template", "noscript", "svg", "math"},
    )
    reader = PageLines(PageFootnotes(html), is_word=is_word)
    # Once more, because "&#1;" has become a control character.
    reader.feed(INVISIBLE.sub("", html))
    reader.close()
    reader.end_line()
    if not reader.lines:
        check_size(0)
    check_amount(lines=len(reader.lines))
    lost_links = max(0, addresses - reader.links - reader.footnote_links)
    return reader.lines, [
        *reader.formulas,
        *reader.messages,
        *messages_about_losses(pictures, lost_links),
    ]
