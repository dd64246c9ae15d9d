"""The handout: a published page laid out for paper, to print or as a PDF."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict
from urllib.parse import unquote

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from articles.models import Publication

from . import typesetting

#: How long a PDF stays in the cache, in seconds. It is made again for the next who asks.
_KEEP_FOR = 30 * 24 * 60 * 60
_BORDER = 4  # empty modules that must surround a QR code


class QRCode(TypedDict):
    """A QR code as a drawing: `size` modules a side, and the SVG path of its dark modules."""

    size: int
    path: str


class Options(TypedDict):
    """What a handout shows in addition to the page. `printed_address` is for people to type."""

    is_large: bool
    address: str
    printed_address: str
    qr: QRCode


def options(request: HttpRequest, publication: Publication) -> Options:
    """Return what the template needs in addition to the page."""
    address = address_of(publication)
    return {
        "is_large": request.GET.get("size") == "large",
        "address": address,
        # As people read and type it: without %-escapes.
        "printed_address": unquote(address.split("://", 1)[1]).rstrip("/"),
        "qr": qr(address),
    }


def address_of(publication: Publication) -> str:
    return settings.SITE_URL + publication.get_absolute_url()


def qr(text: str) -> QRCode:
    """Draw `text` as a QR code."""
    # Level M survives a fold or a stain on the paper, and keeps the modules large.
    code = segno.make_qr(text, error="m")
    rows = [list(row) for row in code.matrix_iter(border=_BORDER)]
    return {"size": len(rows), "path": "".join(_runs(rows))}


def _runs(rows: Iterable[Sequence[int]]) -> Iterator[str]:
    """Draw dark neighbours in a row as one bar, which is much shorter than a square for each."""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                yield f"M{start} {y}h{x - start}v1H{start}z"
            else:
                x += 1


def known_size(publication: Publication, *, is_large: bool = False) -> int | None:
    """Return how many bytes the PDF has; None if none has been made yet. Makes none."""
    return cache.get(_size_key(publication, is_large))


def pdf_of(publication: Publication, html: str, *, is_large: bool = False) -> bytes:
    """Return the handout `html` as a PDF, which is made once for each text.

    The cache key covers the revision and all that the page adds to it (notices, dates, the look of
    the site), so no PDF goes out of date.
    """
    content = publication.revision.content
    pictures = {row["picture"]["sha256"] for row in content.get("pictures", ())}
    html_digest = hashlib.sha256(html.encode()).hexdigest()
    pdf = typesetting.once_made(
        cache,
        f"handout:{publication.revision.digest}:{html_digest}",
        lambda: typesetting.pdf(html, base=address_of(publication), pictures=pictures),
        timeout=_KEEP_FOR,
    )
    # Pages show this size beside the link from now on. A new notice makes another PDF, but of
    # nearly the same size.
    cache.set(_size_key(publication, is_large), len(pdf), _KEEP_FOR)
    return pdf


def _size_key(publication: Publication, is_large: bool) -> str:
    return f"handout-size:{publication.revision.digest}:{'large' if is_large else 'normal'}"
