"""The handout: a published page made for paper, to print or as a PDF."""

import hashlib
from urllib.parse import unquote

import segno
from django.conf import settings
from django.core.cache import cache

from . import typesetting

#: A PDF is kept this long (seconds); asking for it keeps no longer what nobody asks for.
_KEPT = 30 * 24 * 60 * 60
_BORDER = 4  # empty modules that must surround a QR code


def options(request, publication):
    """What the template needs beside the page."""
    address = address_of(publication)
    return {
        "is_large": request.GET.get("size") == "large",
        "address": address,
        # As people read and type it: in its own letters.
        "printed_address": unquote(address.split("://", 1)[1]).rstrip("/"),
        "qr": qr(address),
    }


def address_of(publication):
    return settings.SITE_URL + publication.get_absolute_url()


def qr(text):
    """A QR code as {size, path}.

    The side of its square in modules and the drawing of its dark ones.
    """
    # Level M: a fold or a stain on a handout does no harm, and the modules stay large.
    code = segno.make_qr(text, error="m")
    rows = [list(row) for row in code.matrix_iter(border=_BORDER)]
    return {"size": len(rows), "path": "".join(_runs(rows))}


def _runs(rows):
    """Neighbours in a row as one bar: a path weighs far less than a square a module."""
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


def known_size(publication, *, is_large=False):
    """How many bytes the PDF has, where one was made already; None where nobody knows yet.

    Makes nothing.
    """
    return cache.get(_size_key(publication, is_large))


def pdf_of(publication, html, *, is_large=False):
    """The handout `html` as a PDF, made once a text.

    Its key names the revision and all that lies over it (notices, dates, the look of the site):
    none of it grows stale.
    """
    content = publication.revision.content
    pictures = {row["picture"]["sha256"] for row in content.get("pictures", ())}
    seen = hashlib.sha256(html.encode()).hexdigest()
    pdf = typesetting.once_made(
        cache,
        f"handout:{publication.revision.digest}:{seen}",
        lambda: typesetting.pdf(html, base=address_of(publication), pictures=pictures),
        timeout=_KEPT,
    )
    # Told beside the link from now on. A notice added since makes another PDF, of nearly the same
    # size.
    cache.set(_size_key(publication, is_large), len(pdf), _KEPT)
    return pdf


def _size_key(publication, is_large):
    return f"handout-size:{publication.revision.digest}:{'large' if is_large else 'normal'}"
