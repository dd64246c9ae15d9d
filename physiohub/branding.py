"""What every template may know about the site itself, and the two files an operator may bring: a colour and a logo."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import colours

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


def site(request):
    """Context processor: the site's name, public address, look, who runs it, and the emergency number of its region."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_operator": settings.SITE_OPERATOR,
        "site_contact": settings.SITE_CONTACT,
        "site_licence": settings.SITE_LICENCE,
        "site_look": _address(look()),
        "site_logo": _address(logo()),
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


def file_at(path):
    """The BrandFile at this path of the site, or None."""
    return next((file for file in (look(), logo()) if file and path == _address(file)), None)


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_file(request, name):
    file = next((file for file in (look(), logo()) if file and file.name == name), None)
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
    return BrandFile(Path(path).read_bytes(), LOGO_TYPES[Path(path).suffix.lower()], Path(path).suffix.lower())


def _address(file):
    return reverse("brand_file", args=[file.name]) if file else ""
