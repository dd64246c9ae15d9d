"""When a document cannot be read, and how much of one is too much."""

from articles.richtext import cleaning

MEGABYTE = 1_000_000

#: The largest file that is looked at. An article with a few pictures in Word stays well under it.
MAX_BYTES = 5 * MEGABYTE
#: A long article has 20,000 characters. Beyond these figures it is a book, or an attack.
MAX_CHARACTERS = 1_000_000
MAX_LINES = 20_000
#: Runs of text and table cells of a Word file: 20,000 take seven seconds to read. A long article
#: has 3,000.
MAX_PIECES = 20_000


TOO_LONG = "This document is too long for one article, so split it and bring in one part at a time."


class CannotRead(Exception):
    """The document cannot be read; str() is one sentence that tells the author what to do next."""


def check_size(size):
    """Refuse a file of `size` bytes before any of it is read, when it is empty or too large."""
    if size <= 0:
        raise CannotRead("This file is empty, so choose the file that holds the article.")
    if size > MAX_BYTES:
        raise CannotRead(
            f"This file is larger than {MAX_BYTES // MEGABYTE} MB, so take out the pictures, save"
            " it and try again."
        )


def check_amount(*, characters=0, lines=0, pieces=0, entities=0):
    """Refuse a text that unpacked to more than an article can be, so that no later step grinds on
    it.
    """
    if entities > cleaning.MAX_ENTITIES:
        raise CannotRead(TOO_LONG)
    if characters > MAX_CHARACTERS or lines > MAX_LINES or pieces > MAX_PIECES:
        raise CannotRead(TOO_LONG)


def check_body(html):
    """Refuse a text that is more than the body of one article can hold."""
    try:
        cleaning.clean(html)
    except cleaning.TooMuchHtml as problem:
        raise CannotRead(TOO_LONG) from problem
