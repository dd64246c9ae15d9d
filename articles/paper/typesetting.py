"""Make a tagged PDF of HTML with WeasyPrint, which gets files of this site and nothing else.

WeasyPrint needs libraries that pip does not install, such as Pango. Where they are missing the site
runs without PDFs, and articles.checks says what to install.
"""

import ctypes
import functools
import importlib.util
import logging
import re
import threading
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from PIL import ImageFile

from articles.pictures.processing import CONTENT_TYPES, PICTURE_FILE_NAME
from articles.pictures.storage import path_of
from physiohub import branding

#: What to install where the libraries are missing (Debian, Ubuntu).
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

#: The libraries it loads from there.
_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
# WeasyPrint warns about every line of a style sheet that is only for screens.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
#: A process makes one PDF at a time. Each takes seconds, and many readers may ask for the same one.
one_at_a_time = threading.Lock()


@functools.cache
def _weasyprint() -> ModuleType | None:
    """Return the library; None where it, or what it needs, is not installed."""
    # Importing it makes Pillow accept truncated pictures in the whole process. A truncated upload
    # must stay an error (articles.pictures.processing), so the setting is put back.
    takes_truncated = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = takes_truncated
    return weasyprint


@functools.cache
def _finds_all_it_needs() -> bool:
    """Whether WeasyPrint is installed with its libraries, where these have their names of Linux.

    Importing it to find out would take 25 MB in each worker, and most never make a PDF.
    """
    try:
        for library in _LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return False
    return importlib.util.find_spec("weasyprint") is not None


def is_possible() -> bool:
    return _finds_all_it_needs() or _weasyprint() is not None


class TooManyPages(Exception):
    """A document has more pages than it was allowed."""


class _StopAtPage(logging.Filter):
    """Ends a layout when WeasyPrint says in its log that it begins a page too many.

    The last page is the dear one, for there it balances columns by trial. A layout that is only
    tried need not get that far. What it says is kept from every other log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        is_of_page = str(record.msg).startswith("Step 5 - Creating layout - Page %d")
        if is_of_page and isinstance(record.args, tuple):
            page = record.args[0]
            if isinstance(page, int) and page > _most_pages.get():
                raise TooManyPages
        return False


_most_pages: ContextVar[float] = ContextVar("most_pages", default=inf)
_progress = logging.getLogger("weasyprint.progress")
_progress.setLevel(logging.INFO)
_progress.addFilter(_StopAtPage())


@contextmanager
def at_most(pages: int) -> Iterator[None]:
    """Raise TooManyPages as soon as something typeset inside begins one page more than `pages`."""
    before = _most_pages.set(pages)
    try:
        yield
    finally:
        _most_pages.reset(before)


class Typeset:
    """A document laid out on pages."""

    def __init__(self, document: Any, made_with: Mapping[str, object]) -> None:
        self._document = document
        self._made_with = made_with

    @property
    def pages(self) -> int:
        return len(self._document.pages)

    def pdf(self) -> bytes:
        """Return it as a PDF/UA-1."""
        return self._document.write_pdf(**self._made_with)


def typeset(html: str, *, base: str, pictures: Iterable[str] = ()) -> Typeset:
    """Lay out `html`, a whole document with a language and a title.

    `base` is its address. `pictures` are the digests of those it may show. Anything else that it
    asks for is left out. Call this only where `is_possible`.
    """
    weasyprint = _weasyprint()
    if weasyprint is None:
        raise RuntimeError("WeasyPrint, or a library it needs, is not installed.")
    fetcher = _closed_fetcher(weasyprint.urls, frozenset(pictures))
    # Without these hints a list that continues another would start at 1 again.
    options = {
        **weasyprint.DEFAULT_OPTIONS,
        "pdf_variant": "pdf/ua-1",
        "presentational_hints": True,
    }
    document = weasyprint.HTML(string=html, base_url=base, url_fetcher=fetcher)
    return Typeset(document.render(**options), options)


def pdf(html: str, *, base: str, pictures: Iterable[str] = ()) -> bytes:
    """Return `html` as the bytes of a PDF/UA-1, on as many pages as it takes."""
    return typeset(html, base=base, pictures=pictures).pdf()


def _closed_fetcher(urls: Any, pictures: Container[str]) -> object:
    class ClosedFetcher(urls.URLFetcher):
        """Gives our style sheets, the logo and the pictures of this page, and nothing else."""

        def fetch(self, url, headers=None):
            content_type, data = own_file(url, pictures)
            return urls.URLFetcherResponse(url, data, {"Content-Type": content_type})

    return ClosedFetcher()


class NotOurs(ValueError):
    """The address is not that of a public file of this site."""


def own_file(url: str, pictures: Container[str]) -> tuple[str, bytes]:
    """Return (content type, bytes) of a public file of this site by its address.

    Raises NotOurs for any other address.
    """
    parts, site = urlsplit(url), urlsplit(settings.SITE_URL)
    if (parts.scheme, parts.netloc) != (site.scheme, site.netloc):
        raise NotOurs(url)
    path = unquote(parts.path)
    if path.startswith(settings.STATIC_URL) and path.endswith(".css"):
        return "text/css", _static(path.removeprefix(settings.STATIC_URL))
    if found := re.fullmatch(rf"/pictures/{PICTURE_FILE_NAME}", path):
        sha256, width, suffix = found.groups()
        if sha256 in pictures:
            with default_storage.open(path_of(sha256, int(width), suffix)) as file:
                return CONTENT_TYPES[suffix], file.read()
    if brand := branding.file_at(path):
        return brand.content_type, brand.data
    raise NotOurs(url)


def _static(name: str) -> bytes:
    """Return a collected static file, or its source where none was collected.

    Names that lead out of the folder are refused.
    """
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    found = finders.find(name)
    if not found:
        raise NotOurs(name)
    with open(found, "rb") as file:
        return file.read()
