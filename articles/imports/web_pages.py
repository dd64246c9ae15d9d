"""Read the lines of a web page (.html), or of the page that mammoth makes of a Word file."""

import re

import nh3

from articles.richtext.cleaning import entities, nesting

from .documents import LinesRead
from .footnotes import PageFootnotes
from .left_out import messages_about_links, messages_about_words
from .limits import CannotRead, check_amount, check_size
from .main_part import ATTRIBUTES, main_part
from .page_lines import EMBEDDED_TAGS, INLINE_TAGS, STRUCK_TAGS, PageLines
from .typed_marks import INVISIBLE

MAX_DEPTH = 200

#: Tags that put their text on a line of its own. nh3 unwraps tags that it does not know, and would
#: join their words.
_BLOCKS = set(
    "h1 h2 h3 h4 h5 h6 p div li ul ol br hr table caption thead tbody tfoot tr td th blockquote"
    " section article header footer main aside nav figure figcaption dl dt dd pre address details"
    " summary".split()
)


def read_page(html: str, *, is_word: bool = False) -> LinesRead:
    """Return what is read of the page `html`. `is_word` means that mammoth made it."""
    html = INVISIBLE.sub("", html)
    cells = len(re.findall(r"<t[dh]\b", html, re.IGNORECASE))
    check_amount(entities=entities(html), pieces=cells)
    if nesting(html)[1] > MAX_DEPTH:
        raise CannotRead(
            "This page is nested too deeply to be read, so copy its text into a .txt file and try"
            " again."
        )
    # Once more, because "&#1;" has become a control character.
    html, words_around = INVISIBLE.sub("", _cleaned(html)), 0
    if not is_word:
        html, words_around = main_part(html)
    reader = PageLines(PageFootnotes(html), is_word=is_word)
    reader.feed(html)
    reader.close()
    reader.end_line()
    if not reader.lines:
        if reader.missing:
            raise CannotRead(
                "This file has pictures and no words, so type the text of the pictures into it and"
                " try again."
            )
        check_size(0)
    check_amount(lines=len(reader.lines))
    messages = [
        *_message_about_words_around(words_around),
        *messages_about_words("struck through", reader.struck),
        *reader.messages,
        *messages_about_links(reader.lost_links, reader.links_within),
    ]
    return LinesRead(reader.lines, messages, reader.missing)


def _cleaned(html: str) -> str:
    """Return the page in the tags that are read, well formed. Links are judged later."""
    return nh3.clean(
        html,
        tags=_BLOCKS | set(INLINE_TAGS) | STRUCK_TAGS | EMBEDDED_TAGS | {"a", "button", "img"},
        attributes={
            "*": ATTRIBUTES,
            "a": {"href"},
            "ol": {"start", "reversed", "type"},
            "li": {"value"},
            "img": {"alt", "src"},
            "iframe": {"title"},
            "video": {"title"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan", "scope"},
        },
        url_schemes={"http", "https", "mailto", "tel", "ftp", "file", "javascript"},
        link_rel=None,
        clean_content_tags={
            *("script", "style", "title", "template", "noscript", "svg", "math"),
            *("select", "textarea", "datalist", "canvas"),
        },
    )


def _message_about_words_around(words: int) -> list[str]:
    if not words:
        return []
    were = "1 word" if words == 1 else f"{words} words"
    return [
        f"Only the main part of the page was read: {were} of menus, banners, footers and the like"
        " around it were left out."
    ]
