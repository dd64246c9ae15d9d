"""What every template knows about the site, and what follows from its colour and logo."""

import functools
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from . import colours, default_logo

ICON_SIZE = 64  # pixels, enough for 32 points on a screen with two pixels to a point
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


def site(request: HttpRequest) -> dict[str, str]:
    """Return what every template knows about the site, the same for every reader."""
    return about_the_site()


def about_the_site() -> dict[str, str]:
    """Return name, address, look, operator and emergency number of the site, for all templates."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_operator": settings.SITE_OPERATOR,
        "site_contact": settings.SITE_CONTACT,
        "site_licence": settings.SITE_LICENCE,
        "site_look": _address_of(look()),
        "site_logo": _address_of(logo()),
        "site_icon": _address_of(icon()),
        "site_icon_type": icon().content_type,
        "site_touch_icon": _address_of(touch_icon()),
        "emergency_number": settings.EMERGENCY_NUMBER,
    }


@dataclass(frozen=True)
class BrandFile:
    """A file whose address changes with its content, so that browsers can keep it for good."""

    data: bytes
    content_type: str
    suffix: str

    @property
    def name(self) -> str:
        return hashlib.sha256(self.data).hexdigest()[:12] + self.suffix


def look() -> BrandFile | None:
    """Return the style sheet for the colour of the site; None where it has the standard colour."""
    return _make_look(settings.SITE_COLOUR) if settings.SITE_COLOUR else None


def logo() -> BrandFile | None:
    """Return the logo of the site; None where it has none."""
    return _make_logo(settings.SITE_LOGO) if settings.SITE_LOGO else None


def icon() -> BrandFile:
    """Return what browsers show beside the name of a page: the logo, else our mark.

    It is a small PNG wherever the logo can be drawn. For an SVG a browser sets up a document of its
    own, which takes an old phone longer than the text of a page.
    """
    return _make_icon(settings.SITE_LOGO, ground())


def touch_icon() -> BrandFile:
    """Return the square PNG that phones show for a link to the site on the home screen."""
    return _make_touch_icon(settings.SITE_LOGO, ground(), settings.SITE_NAME)


def ground() -> str:
    """Return the colour of the site, dark enough for white text on it."""
    return (
        colours.readable(settings.SITE_COLOUR, on=colours.WHITE, at_least=7)
        if settings.SITE_COLOUR
        else default_logo.GROUND
    )


def picture(size: int) -> Image.Image | None:
    """Return the logo as a PIL picture with transparency, of at most `size` pixels a side.

    None where the site has no logo, or an SVG, which cannot be drawn here.
    """
    return _make_picture(settings.SITE_LOGO, size) if settings.SITE_LOGO else None


def file_at(path: str) -> BrandFile | None:
    """Return the brand file at this path of the site, or None."""
    return next((file for file in _files() if path == _address_of(file)), None)


def _files() -> list[BrandFile]:
    return [file for file in (look(), logo(), icon(), touch_icon()) if file]


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_file(request: HttpRequest, name: str) -> HttpResponse:
    file = next((file for file in _files() if file.name == name), None)
    if file is None:
        raise Http404
    # A browser shows an SVG as a page of its own, so it gets a policy that allows nothing.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return HttpResponse(file.data, content_type=file.content_type, headers=headers)


@functools.lru_cache(maxsize=4)
def _make_look(colour: str) -> BrandFile:
    theme = colours.theme(colour)
    light, dark = (
        ":root{" + "".join(f"--{name}:{value};" for name, value in theme[scheme].items()) + "}"
        for scheme in ("light", "dark")
    )
    # Only for screens, because paper is black on white.
    css = f"@media screen{{{light}}}@media screen and (prefers-color-scheme:dark){{{dark}}}"
    return BrandFile(css.encode(), "text/css", ".css")


@functools.lru_cache(maxsize=4)
def _make_logo(path: str) -> BrandFile:
    return BrandFile(
        Path(path).read_bytes(), LOGO_TYPES[Path(path).suffix.lower()], Path(path).suffix.lower()
    )


@functools.lru_cache(maxsize=4)
def _make_icon(logo_path: str, colour: str) -> BrandFile:
    if not logo_path:
        return _png(default_logo.image(ICON_SIZE, colour, behind="#0000"))
    image = _make_picture(logo_path, ICON_SIZE)
    return _png(image) if image else _make_logo(logo_path)


@functools.lru_cache(maxsize=4)
def _make_touch_icon(logo_path: str, colour: str, name: str) -> BrandFile:
    size = 180
    image = default_logo.image(size, colour)
    if logo_path:
        image = Image.new("RGB", (size, size), colours.WHITE)
        if picture := _make_picture(logo_path, size - 32):
            place = (size - picture.width) // 2, (size - picture.height) // 2
            image.paste(picture, place, picture)
        else:
            # A site with a logo must not get our mark, so it gets the first letter of its name.
            image.paste(colour, (0, 0, size, size))
            font = ImageFont.load_default(110)
            ImageDraw.Draw(image).text(
                (size / 2, size / 2), name[:1].upper(), fill=colours.WHITE, font=font, anchor="mm"
            )
    return _png(image.convert("RGB"))


def _png(image: Image.Image) -> BrandFile:
    out = io.BytesIO()
    # Only FASTOCTREE keeps transparency. It changes colours by a shade that nobody sees.
    method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
    image.quantize(64, method).save(out, "PNG", optimize=True)
    return BrandFile(out.getvalue(), "image/png", ".png")


@functools.lru_cache(maxsize=8)
def _make_picture(path: str, size: int) -> Image.Image | None:
    if Path(path).suffix.lower() == ".svg":
        return None
    with Image.open(path) as file:
        image = file.convert("RGBA")
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    return image


def _address_of(file: BrandFile | None) -> str:
    return reverse("brand_file", args=[file.name]) if file else ""
