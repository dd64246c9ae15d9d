"""The picture other sites show beside a link to an article: drawn here, with fonts of this machine
and no network.

Drawn once a revision and kept beside the pictures; whoever asks for it later gets the file.
"""

import hashlib
import io
import re

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from PIL import Image, ImageDraw, ImageFont

from articles.models import Publication
from physiohub import branding, colours, mark

WIDTH, HEIGHT = 1200, 630
_MARGIN = 80
_ROOM = WIDTH - 2 * _MARGIN
#: Of the title, biggest first; at the smallest this many lines have room.
_SIZES, _MOST_LINES = (92, 80, 68, 56, 46, 38), 6
#: Changes when the drawing does, so that cards drawn before are not given out any more.
_LOOK = "2"
#: Tried in this order; the first that has every letter is used. Pillow's own knows Latin letters.
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


def share_image(slug, number):
    """The card of this version of a live article, as a response.

    Raises Http404 for anything else.
    """
    publication = (
        Publication.objects.live()
        .filter(slug=slug, number=number)
        .select_related("revision")
        .first()
    )
    if publication is None:
        raise Http404
    name = _name(publication.revision.digest)
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        drawn = draw(publication.revision.content["title"], settings.SITE_NAME)
        kept = default_storage.save(name, ContentFile(drawn))
        if kept != name:  # somebody else was quicker, and drew the same
            default_storage.delete(kept)
        file = io.BytesIO(drawn)
    return FileResponse(file, content_type="image/png")


def draw(title, site_name):
    """A PNG of 1200 by 630 with the title and the name of the site on the site's colour, as bytes.

    Words that no font here has letters for are left out: better none than boxes.
    """
    ground = branding.ground()
    image = Image.new("RGB", (WIDTH, HEIGHT), ground)
    pen = ImageDraw.Draw(image)
    width = _draw_mark(image, pen, ground)
    if name_font := _font_for(site_name, 44):
        pen.text(
            (_MARGIN + width, _MARGIN + 48), site_name, fill=mark.INK, font=name_font, anchor="lm"
        )
    for size in _SIZES:
        font = _font_for(title, size)
        if font is None:
            break
        lines = _lines(title, font)
        if _fits(lines, font) or size == _SIZES[-1]:
            _draw_lines(pen, lines[:_MOST_LINES], font)
            break
    pen.rectangle((0, HEIGHT - 18, WIDTH, HEIGHT), fill=mark.SUN)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_mark(image, pen, ground):
    """The site's logo, or our mark; returns the room it takes.

    A logo we cannot draw leaves the name alone.
    """
    side = 96
    if not settings.SITE_LOGO:
        darker = colours.mix(ground, colours.BLACK, 0.24)
        image.paste(mark.image(side, darker, behind=ground), (_MARGIN, _MARGIN))
        return side + 28
    own = branding.picture(side - 16)
    if own is None:
        return 0
    pen.rounded_rectangle(
        (_MARGIN, _MARGIN, _MARGIN + side, _MARGIN + side), radius=20, fill=colours.WHITE
    )
    image.paste(own, (_MARGIN + (side - own.width) // 2, _MARGIN + (side - own.height) // 2), own)
    return side + 28


def _fits(lines, font):
    room = HEIGHT - 3 * _MARGIN - 96  # under the mark
    return len(lines) * font.size * 1.2 <= room and all(
        font.getlength(line) <= _ROOM for line in lines
    )


def _draw_lines(pen, lines, font):
    step = font.size * 1.2
    for number, line in enumerate(lines):
        y = HEIGHT - _MARGIN - (len(lines) - number) * step
        if _runs_to_the_left(line):
            pen.text((WIDTH - _MARGIN, y), line, fill=mark.INK, font=font, anchor="ra")
        else:
            pen.text((_MARGIN, y), line, fill=mark.INK, font=font, anchor="la")


def _lines(text, font):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > _ROOM:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font_for(text, size):
    """A font of this machine that has every letter of `text`; None when there is none."""
    for name in _FONTS:
        try:
            font = ImageFont.truetype(name, size)
        except OSError:
            continue
        if _has_all(font, text):
            return font
    built_in = ImageFont.load_default(size)
    return built_in if _has_all(built_in, text) else None


def _has_all(font, text):
    """Fonts draw one and the same box for what they do not have."""
    box = bytes(font.getmask("\U0010ffff"))
    return all(bytes(font.getmask(letter)) != box for letter in set(text) if not letter.isspace())


def _runs_to_the_left(text):
    return bool(re.match(r"[^A-Za-z]*[\u0590-\u08ff]", text))


def _name(digest):
    made_of = "\n".join(
        [_LOOK, settings.SITE_NAME, branding.ground(), branding.icon().name, digest]
    )
    return f"cards/{hashlib.sha256(made_of.encode()).hexdigest()[:32]}.png"
