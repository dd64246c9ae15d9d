"""How large a document may be, and the exception for one that cannot be read."""

from articles.richtext import cleaning

MEGABYTE = 1_000_000

#: Larger files are refused unread. Pictures are what is large: a photograph has three megabytes.
MAX_BYTES = 15 * MEGABYTE
#: A long article has 20,000 characters. Anything above these limits is a book, or an attack.
#: 10,000 lines that are each an item or a row take two seconds to read; a long article has 500.
MAX_CHARACTERS = 1_000_000
MAX_LINES = 10_000
#: Markdown costs by its signs, "*" or "[", more than by its length: 900,000 characters of prose
#: take under a second to read, and 120,000 signs one to two. A long article has 2,000. HTML in it
#: is read piece by piece, each as a page, and 2,000 of them take a second.
MAX_MARKDOWN_SIGNS, MAX_MARKDOWN_HTML = 120_000, 2_000
#: Marks and notes of Markdown, which cost by the square of their number: 12,000 took ten seconds
#: and a gigabyte. A long article has 200.
MAX_FOOTNOTES = 2_000
#: Runs of text and table cells in a Word file, and table cells of a web page. 20,000 of them take
#: seven seconds to read. A long article has 3,000.
MAX_PIECES = 20_000

TOO_LONG = "This document is too long for one article, so split it and bring in one part at a time."


class CannotRead(Exception):
    """The document cannot be read. str() is one sentence that tells the author what to do next."""


def check_size(size: int) -> None:
    """Raise CannotRead if a file of `size` bytes is empty or too large; called before reading."""
    if size <= 0:
        raise CannotRead("This file is empty, so choose the file that holds the article.")
    if size > MAX_BYTES:
        raise CannotRead(
            f"This file is larger than {MAX_BYTES // MEGABYTE} MB, so make its pictures smaller or"
            " take them out, save it and try again."
        )


def check_amount(
    *,
    characters: int = 0,
    lines: int = 0,
    pieces: int = 0,
    entities: int = 0,
    signs: int = 0,
    html: int = 0,
    footnotes: int = 0,
) -> None:
    """Raise CannotRead if an unpacked text is longer than an article can be.

    This comes before the slow steps. `pieces` counts runs of text and table cells, `entities` the
    character references of an HTML page, `signs`, `html` and `footnotes` those of Markdown.
    """
    if signs > MAX_MARKDOWN_SIGNS or html > MAX_MARKDOWN_HTML or footnotes > MAX_FOOTNOTES:
        raise CannotRead(TOO_LONG)
    if entities > cleaning.MAX_ENTITIES:
        raise CannotRead(TOO_LONG)
    if characters > MAX_CHARACTERS or lines > MAX_LINES or pieces > MAX_PIECES:
        raise CannotRead(TOO_LONG)


def check_body(html: str) -> None:
    """Raise CannotRead if `html` is more than the body of one article can hold."""
    try:
        cleaning.clean(html)
    except cleaning.TooMuchHtml as error:
        raise CannotRead(TOO_LONG) from error
