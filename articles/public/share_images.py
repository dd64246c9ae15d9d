"""The picture that other sites show beside a link to an article.

It is drawn once for each revision, with fonts of this machine and without the network, and stored
beside the pictures.
"""

import hashlib
import io
import re
from collections.abc import Sequence

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from PIL import Image, ImageDraw, ImageFont

from articles.models import Publication
from physiohub import branding, colours, default_logo

Font = ImageFont.FreeTypeFont

WIDTH, HEIGHT = 1200, 630
_MARGIN = 80
_TEXT_WIDTH = WIDTH - 2 * _MARGIN
#: Sizes of the title, largest first. At the smallest there is room for this many lines.
_SIZES, _MOST_LINES = (92, 80, 68, 56, 46, 38), 6
#: Change this with the drawing, so that images drawn before are no longer used.
_DRAWING_VERSION = "2"
#: The first of these that has every letter is used, else the one in Pillow with Latin letters.
_FONTS = (
    "NotoSerif-Bold.ttf",
    "DejaVuSerif-Bold.ttf",
    "NotoSans-Bold.ttf",
    "DejaVuSans-Bold.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "Georgia Bold.ttf",
    "georgiab.ttf",
    "Arial.ttf",
    "arial.ttf",
)


def share_image(slug: str, number: int) -> bytes:
    """Return the image for this version of a live article, as a PNG.

    Raises Http404 if that version is not live.
    """
    publication = (
        Publication.objects.live()
        .filter(slug=slug, number=number)
        .select_related("revision")
        .first()
    )
    if publication is None:
        raise Http404
    name = _file_name(publication.revision.digest)
    try:
        with default_storage.open(name) as file:
            return file.read()
    except FileNotFoundError:
        png = draw(publication.revision.content["title"], settings.SITE_NAME)
        saved_as = default_storage.save(name, ContentFile(png))
        if saved_as != name:  # another request was quicker and drew the same
            default_storage.delete(saved_as)
        return png


def draw(title: str, site_name: str) -> bytes:
    """Return a PNG of 1200 by 630 pixels: the title and the name of the site on its colour.

    A text is left out where no font here has all its letters, rather than drawn as boxes.
    """
    ground = branding.ground()
    image = Image.new("RGB", (WIDTH, HEIGHT), ground)
    pen = ImageDraw.Draw(image)
    width = _draw_mark(image, pen, ground)
    if name_font := _font_for(site_name, 44):
        pen.text(
            (_MARGIN + width, _MARGIN + 48),
            site_name,
            fill=default_logo.INK,
            font=name_font,
            anchor="lm",
        )
    for size in _SIZES:
        font = _font_for(title, size)
        if font is None:
            break
        lines = _lines(title, font)
        if _fits(lines, font) or size == _SIZES[-1]:
            _draw_lines(pen, lines[:_MOST_LINES], font)
            break
    pen.rectangle((0, HEIGHT - 18, WIDTH, HEIGHT), fill=default_logo.SUN)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_mark(image: Image.Image, pen: ImageDraw.ImageDraw, ground: str) -> int:
    """Draw the logo of the site, or our mark, and return the width it takes.

    A logo that cannot be drawn (an SVG) takes none.
    """
    side = 96
    if not settings.SITE_LOGO:
        darker = colours.mix(ground, colours.BLACK, 0.24)
        image.paste(default_logo.image(side, darker, behind=ground), (_MARGIN, _MARGIN))
        return side + 28
    own = branding.picture(side - 16)
    if own is None:
        return 0
    pen.rounded_rectangle(
        (_MARGIN, _MARGIN, _MARGIN + side, _MARGIN + side), radius=20, fill=colours.WHITE
    )
    image.paste(own, (_MARGIN + (side - own.width) // 2, _MARGIN + (side - own.height) // 2), own)
    return side + 28


def _fits(lines: Sequence[str], font: Font) -> bool:
    height = HEIGHT - 3 * _MARGIN - 96  # under the mark
    return len(lines) * font.size * 1.2 <= height and all(
        font.getlength(line) <= _TEXT_WIDTH for line in lines
    )


def _draw_lines(pen: ImageDraw.ImageDraw, lines: Sequence[str], font: Font) -> None:
    step = font.size * 1.2
    for number, line in enumerate(lines):
        y = HEIGHT - _MARGIN - (len(lines) - number) * step
        if _runs_to_the_left(line):
            pen.text((WIDTH - _MARGIN, y), line, fill=default_logo.INK, font=font, anchor="ra")
        else:
            pen.text((_MARGIN, y), line, fill=default_logo.INK, font=font, anchor="la")


def _lines(text: str, font: Font) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > _TEXT_WIDTH:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font_for(text: str, size: int) -> Font | None:
    """Return a font of this machine that has every letter of `text`; None when there is none."""
    for name in _FONTS:
        try:
            font = ImageFont.truetype(name, size)
        except OSError:
            continue
        if _has_all(font, text):
            return font
    built_in = ImageFont.load_default(size)
    # Pillow without FreeType has a font of bitmaps, which has no sizes.
    if isinstance(built_in, ImageFont.FreeTypeFont) and _has_all(built_in, text):
        return built_in
    return None


def _has_all(font: Font, text: str) -> bool:
    """Return whether `font` has every letter. Fonts draw the same box for each they lack."""
    box = bytes(font.getmask("\U0010ffff"))
    return all(bytes(font.getmask(letter)) != box for letter in set(text) if not letter.isspace())


def _runs_to_the_left(text: str) -> bool:
    return bool(re.match(r"[^A-Za-z]*[\u0590-\u08ff]", text))


def _file_name(digest: str) -> str:
    parts = "\n".join(
        [_DRAWING_VERSION, settings.SITE_NAME, branding.ground(), branding.icon().name, digest]
    )
    return f"cards/{hashlib.sha256(parts.encode()).hexdigest()[:32]}.png"
