"""The printed line by Citing Medicine, 2nd edition: the style that most people call Vancouver."""

import re

from django.utils.safestring import SafeString

from references.csl import Csl

from . import numbers
from .dates import short_date
from .item import Item
from .markup import as_html, plain
from .names import names_of
from .sentences import in_book, line


def nlm(csl: Csl, *, doi: bool = True) -> str:
    """Return the reference in NLM (Vancouver) style, as plain text.

    Page ranges lose the digits they repeat. More than six authors are shown as six and “et al”.
    With `doi` false, the closing “doi:…” is left off.
    """
    return plain(_nlm(Item(csl), doi))


def nlm_html(csl: Csl, *, doi: bool = True) -> SafeString:
    """Return `nlm` as safe HTML: all text escaped, with italics, bold, sub- and superscript."""
    return as_html(_nlm(Item(csl), doi))


_NLM_JOURNALS = {"article-journal", "article-magazine", "article-newspaper"}
_NLM_PARTS = {"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"}
_NLM_PAGES_ONLINE = {"webpage", "post", "post-weblog"}


def _nlm(item, with_doi):
    people, _ = names_of(item, "author", at_most=6, shown=6)
    is_part = item.type in _NLM_PARTS
    if not people and not is_part:
        people = _nlm_editors(item)
    if item.type in _NLM_JOURNALS:
        sentences = [people, item.title, item.journal, _nlm_numeration(item)]
    else:
        sentences = [people, *(_nlm_part(item) if is_part else _nlm_whole(item))]
    tail = f"doi:{item.doi}" if item.doi and with_doi else ""
    if not item.doi and item.url:
        tail = f"Available from: {item.url}"
    return line(sentences, tail)


def _nlm_editors(item):
    editors, count = names_of(item, "editor", at_most=6, shown=6)
    return f"{editors}, {'editor' if count == 1 else 'editors'}" if editors else ""


def _nlm_numeration(item):
    date = short_date(item.date("issued"))
    numeration = numbers.numeration(
        _nlm_number(item.volume), _nlm_number(item.issue), _nlm_pages(item.page)
    )
    return ";".join(filter(None, [date, numeration.removeprefix(":")]))


def _nlm_pages(page):
    return numbers.pages(page, lambda first, last: f"{first}–{numbers.shortened(first, last)}")


def _nlm_number(number):
    """Return a volume or issue; a double issue gets an en dash."""
    return re.sub(r"^([0-9]+)\s*[-–]\s*([0-9]+)$", r"\1–\2", number)


def _nlm_imprint(item):
    place = item.text("publisher-place")
    publisher = f"{place}: {item.publisher}" if place and item.publisher else item.publisher
    cited = short_date(item.date("accessed")) if item.type in _NLM_PAGES_ONLINE else ""
    imprint = "; ".join(filter(None, [publisher, item.year()]))
    return f"{imprint} [cited {cited}]".strip() if cited else imprint


def _nlm_part(item):
    book = in_book(_nlm_editors(item), item.container)
    pages = _nlm_pages(item.page)
    return [item.title, *book, item.edition, _nlm_imprint(item), f"p. {pages}" if pages else ""]


def _nlm_whole(item):
    title = item.title
    if title and item.type in _NLM_PAGES_ONLINE:
        title += " [Internet]"
    elif title and item.type == "thesis" and (genre := item.text("genre")):
        title += f" [{genre}]"
    return [title, item.container, item.edition, _nlm_imprint(item)]
