"""The printed line by the AMA Manual of Style, 11th edition, chapter 3."""

from django.utils.safestring import SafeString

from references.csl import Csl

from . import numbers
from .dates import long_date
from .item import Item
from .markup import as_html, plain
from .names import names_of
from .sentences import in_book, line, title_case


def ama(csl: Csl, *, doi: bool = True) -> str:
    """Return the reference in AMA style, as plain text.

    More than six authors are shown as three and “et al” (AMA Manual of Style, 11th ed., 3.7). With
    `doi` false, the closing “doi:…” is left off.
    """
    return plain(_ama(Item(csl), doi))


def ama_html(csl: Csl, *, doi: bool = True) -> SafeString:
    """Return `ama` as safe HTML: all text escaped, with italics, bold, sub- and superscript."""
    return as_html(_ama(Item(csl), doi))


def _ama(item, with_doi):
    layout = _AMA_LAYOUTS.get(item.type) or (_ama_periodical if item.container else _ama_document)
    people, _ = names_of(item, "author", at_most=6, shown=3)
    if not people and layout is not _ama_chapter:
        people = _ama_editors(item)
    sentences = [people, *layout(item)]
    tail = f"doi:{item.doi}" if item.doi and with_doi else ""
    if not item.doi and item.url:
        accessed = long_date(item.date("accessed"))
        sentences.append(f"Accessed {accessed}" if accessed else "")
        tail = item.url
    return line(sentences, tail)


def _ama_editors(item):
    editors, count = names_of(item, "editor", at_most=6, shown=3)
    return f"{editors}, {'ed' if count == 1 else 'eds'}" if editors else ""


def _ama_periodical(item):
    pages = _ama_pages(item.page)
    if item.volume or item.issue:
        numeration = _ama_numeration(item.volume, item.issue, pages)
        year = item.year()
        imprint = f"{year};{numeration}" if year else numeration
    else:
        date = long_date(item.date("issued"))
        imprint = ":".join(filter(None, [f"Published online {date}" if date else "", pages]))
    return [item.title, item.journal, imprint]


def _ama_numeration(volume, issue, pages):
    """Return “29(3)(suppl 9):9-16” (AMA Manual of Style, 11th ed., 3.11, supplements)."""
    for number in (issue, volume):
        if found := numbers.supplement(number):
            before, part = found
            if number is volume:
                volume = before
            else:
                issue = before
            place = f"{numbers.numeration(volume, issue, '')}({f'suppl {part}'.strip()})"
            return f"{place}:{pages}" if pages else place
    return numbers.numeration(volume, issue, pages)


def _ama_newspaper(item):
    """“New York Times. December 8, 2015:A24” (AMA Manual of Style, 11th ed., 3.13.1).

    The name of a newspaper is not abbreviated.
    """
    if item.volume or item.issue:
        return _ama_periodical(item)
    imprint = [long_date(item.date("issued")), _ama_pages(item.page)]
    return [item.title, item.container, ":".join(filter(None, imprint))]


def _ama_dataset(item):
    """Return what a data set prints; one without a collection names who keeps it."""
    if item.container:
        return _ama_periodical(item)
    return [item.title, item.publisher, long_date(item.date("issued"))]


def _ama_pages(page):
    return numbers.pages(page, lambda first, last: f"{first}-{last}")


def _ama_book_title(title, item):
    """Return the title of a book in capitals; one in another language only where none is named."""
    language = item.text("language").lower()
    return title if language and not language.startswith("en") else title_case(title)


def _ama_imprint(item):
    imprint = "; ".join(filter(None, [item.publisher, item.year()]))
    return ":".join(filter(None, [imprint, _ama_pages(item.page)]))


def _ama_volume(item):
    return f"Vol {item.volume}" if item.volume else ""


def _ama_book(item):
    title = _ama_book_title(item.title, item)
    genre = item.text("genre") if item.type == "thesis" else ""
    genre = genre[:1].upper() + genre[1:]  # it begins a sentence: "Dissertation."
    return [title, genre, _ama_volume(item), item.edition, _ama_imprint(item)]


def _ama_chapter(item):
    editors = _ama_editors(item)
    book = _ama_book_title(item.container, item)
    imprint = [_ama_volume(item), item.edition, _ama_imprint(item)]
    return [item.title, *in_book(editors, book), *imprint]


def _ama_preprint(item):
    date = long_date(item.date("issued"))
    return [
        item.title,
        item.container or item.publisher,
        f"Preprint posted online {date}" if date else "",
    ]


def _ama_webpage(item):
    # The date stands alone, without “Published” (AMA Manual of Style, 11th ed., 3.15.3).
    return [item.title, item.container or item.publisher, long_date(item.date("issued"))]


def _ama_document(item):
    return [item.title, item.edition, _ama_imprint(item)]


_AMA_LAYOUTS = {
    "article": _ama_preprint,
    "article-journal": _ama_periodical,
    "article-magazine": _ama_periodical,
    "article-newspaper": _ama_newspaper,
    "dataset": _ama_dataset,
    "entry": _ama_periodical,
    "standard": _ama_periodical,
    "book": _ama_book,
    "report": _ama_book,
    "thesis": _ama_book,
    "chapter": _ama_chapter,
    "entry-dictionary": _ama_chapter,
    "entry-encyclopedia": _ama_chapter,
    "paper-conference": _ama_chapter,
    "post": _ama_webpage,
    "post-weblog": _ama_webpage,
    "webpage": _ama_webpage,
}
