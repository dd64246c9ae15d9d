"""HTML into a tagged PDF, asking nobody for anything: WeasyPrint with all doors closed but ours.

WeasyPrint needs libraries that pip does not bring (Pango and its own). Where they are missing the
site runs without PDFs; articles.checks says what to install.
"""

import functools
import logging
import re
import threading
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from PIL import ImageFile

from articles.pictures.processing import CONTENT_TYPES
from articles.pictures.storage import path_of
from physiohub import branding

from .converters import PICTURE_FILE_NAME

#: What to install where it is missing (Debian, Ubuntu).
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

# It names every line of a style sheet that is for screens alone.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
# One at a time in a process: each takes a second of work, and many readers may ask for the same one
# at once.
_one_at_a_time = threading.Lock()


@functools.cache
def _weasyprint():
    """The library; None where it, or what it needs, is not installed."""
    # It tells Pillow to take half a picture for a whole one, for the whole process. An upload cut
    # short must stay an error (articles.pictures.processing).
    takes_halves = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = takes_halves
    return weasyprint


def is_possible():
    return _weasyprint() is not None


def pdf(html, *, base, pictures=()):
    """`html` (a whole document in one language, with a title) as the bytes of a PDF/UA-1.

    `base` is its address. `pictures` are the digests of those it may show; what else it asks for is
    left out.
    """
    document = _weasyprint().HTML(
        string=html, base_url=base, url_fetcher=_closed_fetcher(frozenset(pictures))
    )
    # Without its hints a list that goes on from another starts at 1 again.
    return document.write_pdf(pdf_variant="pdf/ua-1", presentational_hints=True)


def once_made(cache, key, make, *, timeout):
    """What `cache` has under `key`, made by `make()` if it has nothing.

    In one process never twice at a time.
    """
    if (kept := cache.get(key)) is not None:
        return kept
    with _one_at_a_time:
        if (kept := cache.get(key)) is not None:
            return kept
        made = make()
        cache.set(key, made, timeout)
        return made


def _closed_fetcher(pictures):
    urls = _weasyprint().urls

    class ClosedFetcher(urls.URLFetcher):
        """Gives our style sheets, the logo and the pictures of this page.

        Opens no connection and no other file.
        """

        def fetch(self, url, headers=None):
            content_type, data = own_file(url, pictures)
            return urls.URLFetcherResponse(url, data, {"Content-Type": content_type})

    return ClosedFetcher()


class NotOurs(ValueError):
    """An address that is no file of this site's public face."""


def own_file(url, pictures):
    """(content type, bytes) of one of our own files by its address.

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


def _static(name):
    """A collected file, or, where none was collected, the file it is made of.

    Names that climb out are refused.
    """
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    found = finders.find(name)
    if not found:
        raise NotOurs(name)
    with open(found, "rb") as file:
        return file.read()
