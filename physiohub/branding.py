"""What every template may know about the site itself, and what follows from an operator's colour
and logo.
"""

import functools
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from . import colours, mark

ICON_SIZE = 64  # pixels: 32 on a screen with two to a point
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


def site(request):
    """Context processor: the site's name, public address, look, who runs it, and the emergency
    number of its region.
    """
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_operator": settings.SITE_OPERATOR,
        "site_contact": settings.SITE_CONTACT,
        "site_licence": settings.SITE_LICENCE,
        "site_look": _address(look()),
        "site_logo": _address(logo()),
        "site_icon": _address(icon()),
        "site_icon_type": icon().content_type,
        "site_touch_icon": _address(touch_icon()),
        "emergency_number": settings.EMERGENCY_NUMBER,
    }


@dataclass(frozen=True)
class BrandFile:
    """A file with an address that changes with its content, so that browsers may keep it."""

    data: bytes
    content_type: str
    suffix: str

    @property
    def name(self):
        return hashlib.sha256(self.data).hexdigest()[:12] + self.suffix


def look():
    """The style sheet of the site's own colour; None where it has the one we give it."""
    return _look(settings.SITE_COLOUR) if settings.SITE_COLOUR else None


def logo():
    """The site's own logo; None where it has none."""
    return _logo(settings.SITE_LOGO) if settings.SITE_LOGO else None


def icon():
    """What browsers show beside the name of a page: the site's own logo, else our mark in the
    site's colour.

    A small picture wherever we can draw it: for an SVG a browser sets up a document of its own,
    which on an old phone takes longer than the text of a page.
    """
    return _icon(settings.SITE_LOGO, ground())


def touch_icon():
    """What telephones show where a reader keeps a link to the site: a square PNG."""
    return _touch_icon(settings.SITE_LOGO, ground(), settings.SITE_NAME)


def ground():
    """The site's colour, as dark as white on it needs it."""
    return (
        colours.readable(settings.SITE_COLOUR, on=colours.WHITE, at_least=7)
        if settings.SITE_COLOUR
        else mark.GROUND
    )


def picture(size):
    """The site's own logo as a picture (PIL, with transparency) of at most `size` pixels a side.

    None where it has none, or one we cannot draw: an SVG.
    """
    return _picture(settings.SITE_LOGO, size) if settings.SITE_LOGO else None


def file_at(path):
    """The BrandFile at this path of the site, or None."""
    return next((file for file in _files() if path == _address(file)), None)


def _files():
    return [file for file in (look(), logo(), icon(), touch_icon()) if file]


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_file(request, name):
    file = next((file for file in _files() if file.name == name), None)
    if file is None:
        raise Http404
    # An SVG opened by itself is a page of its own: it may do nothing at all.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return HttpResponse(file.data, content_type=file.content_type, headers=headers)


@functools.lru_cache(maxsize=4)
def _look(colour):
    theme = colours.theme(colour)
    light, dark = (
        ":root{" + "".join(f"--{name}:{value};" for name, value in theme[scheme].items()) + "}"
        for scheme in ("light", "dark")
    )
    # Not for paper: there everything is black on white.
    css = f"@media screen{{{light}}}@media screen and (prefers-color-scheme:dark){{{dark}}}"
    return BrandFile(css.encode(), "text/css", ".css")


@functools.lru_cache(maxsize=4)
def _logo(path):
    return BrandFile(
        Path(path).read_bytes(), LOGO_TYPES[Path(path).suffix.lower()], Path(path).suffix.lower()
    )


@functools.lru_cache(maxsize=4)
def _icon(logo_path, colour):
    drawn = (
        _picture(logo_path, ICON_SIZE)
        if logo_path
        else mark.image(ICON_SIZE, colour, behind="#0000")
    )
    return _png(drawn) if drawn else _logo(logo_path)


@functools.lru_cache(maxsize=4)
def _touch_icon(logo_path, colour, name):
    size = 180
    image = mark.image(size, colour)
    if logo_path:
        image = Image.new("RGB", (size, size), colours.WHITE)
        if own := _picture(logo_path, size - 32):
            image.paste(own, ((size - own.width) // 2, (size - own.height) // 2), own)
        else:
            # A logo we cannot draw must not become our mark: the name of the site begins with
            # something.
            image.paste(colour, (0, 0, size, size))
            font = ImageFont.load_default(110)
            ImageDraw.Draw(image).text(
                (size / 2, size / 2), name[:1].upper(), fill=colours.WHITE, font=font, anchor="mm"
            )
    return _png(image.convert("RGB"))


def _png(image):
    out = io.BytesIO()
    # The way that keeps what is see-through is the only one that changes a colour, by a shade
    # nobody sees.
    method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
    image.quantize(64, method).save(out, "PNG", optimize=True)
    return BrandFile(out.getvalue(), "image/png", ".png")


@functools.lru_cache(maxsize=8)
def _picture(path, size):
    if Path(path).suffix.lower() == ".svg":
        return None
    with Image.open(path) as own:
        own = own.convert("RGBA")
    own.thumbnail((size, size), Image.Resampling.LANCZOS)
    return own


def _address(file):
    return reverse("brand_file", args=[file.name]) if file else ""
