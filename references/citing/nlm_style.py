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


def _nlm(item, with_doi):
    people, _ = names_of(item, "author", at_most=6, shown=6)
    is_part = item.type in _NLM_PARTS
    if not people and not is_part:
        people = _nlm_editors(item)
    if item.type in _NLM_JOURNALS:
        sentences = [item.title, _on_internet(item, item.journal), _nlm_numeration(item)]
    elif item.type == "article" and item.container:
        sentences = _nlm_preprint(item)
    else:
        sentences = _nlm_part(item) if is_part else _nlm_whole(item)
    tail = f"doi:{item.doi}" if item.doi and with_doi else ""
    if _is_on_internet(item):
        tail = f"Available from: {item.url}"
    return line([people, *sentences], tail)


def _is_on_internet(item):
    return bool(item.url) and not item.doi


def _on_internet(item, title):
    """Return `title` with “[Internet]” where the work is found by its address.

    Citing Medicine, chapters 18 to 26: the medium stands behind the title of what was consulted,
    and “[cited 2020 Jan 5]” behind the date of publication.
    """
    return f"{title} [Internet]" if title and _is_on_internet(item) else title


def _with_cited(item, date):
    """Return `date` of publication with the day on which the work was consulted."""
    cited = short_date(item.date("accessed")) if _is_on_internet(item) else ""
    return f"{date} [cited {cited}]".strip() if cited else date


def _nlm_editors(item):
    editors, count = names_of(item, "editor", at_most=6, shown=6)
    return f"{editors}, {'editor' if count == 1 else 'editors'}" if editors else ""


def _nlm_numeration(item):
    date = _with_cited(item, short_date(item.date("issued")))
    volume, issue = _nlm_number(item.volume), _nlm_number(item.issue)
    if found := numbers.supplement(issue):
        # “159 Suppl 1:S3”, but “29(3 Suppl 9):9” (Citing Medicine, chapter 1, volume and issue)
        before, part = found
        name = f"Suppl {part}".strip()
        if volume and not before:
            volume, issue = f"{volume} {name}", ""
        else:
            issue = f"{before} {name}".strip()
    numeration = numbers.numeration(volume, issue, _nlm_pages(item.page))
    return ";".join(filter(None, [date, numeration.removeprefix(":")]))


def _nlm_preprint(item):
    """“medRxiv [Preprint]. 2021 Mar 3”: with the whole date, as NLM's own page on preprints has it.

    One that names no server is printed as any other work.
    """
    date = _with_cited(item, short_date(item.date("issued")))
    return [item.title, f"{item.container} [Preprint]", date]


def _nlm_pages(page):
    return numbers.pages(page, lambda first, last: f"{first}–{numbers.shortened(first, last)}")


def _nlm_number(number):
    """Return a volume or issue; a double issue gets an en dash."""
    return re.sub(r"^([0-9]+)\s*[-–]\s*([0-9]+)$", r"\1–\2", number)


def _nlm_imprint(item):
    place = item.text("publisher-place")
    publisher = f"{place}: {item.publisher}" if place and item.publisher else item.publisher
    imprint = "; ".join(filter(None, [publisher, item.year()]))
    return _with_cited(item, imprint)


def _nlm_part(item):
    book = in_book(_nlm_editors(item), _on_internet(item, item.container))
    pages = _nlm_pages(item.page)
    return [item.title, *book, item.edition, _nlm_imprint(item), f"p. {pages}" if pages else ""]


def _nlm_whole(item):
    title = _on_internet(item, item.title)
    if title and item.type == "thesis" and (genre := item.text("genre")):
        title += f" [{genre}]"
    return [title, item.container, item.edition, _nlm_imprint(item)]
