"""From an uploaded file to pictures that may be served: checked, then encoded again.

Pure: takes and returns bytes. Nothing of the upload itself is kept: pixels are read and encoded
again, so place and time of a photograph, thumbnails, comments and anything hidden behind the
picture are gone.
"""

import contextlib
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

#: A larger upload is refused before a pixel of it is unpacked.
MAX_BYTES, MAX_PIXELS, MAX_SIDE = 12_000_000, 25_000_000, 12_000
#: A camera's JPEG can be read at half its size, so the largest photographs of telephones cost no
#: more than the rest.
MAX_PIXELS_OF_JPEG = 50_000_000
#: The longest side of the stored picture; no page needs more.
KEPT_SIDE = 2400
#: Widths of the files readers get, in pixels; a smaller picture is never made larger.
WIDTHS = (400, 800, 1200)
MIN_SIDE = 16

FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
#: The name of a file readers get, as a regular expression with three groups.
PICTURE_FILE_NAME = rf"([0-9a-f]{{64}})-([1-9][0-9]{{0,3}})\.({'|'.join(CONTENT_TYPES)})"

#: What does not belong in a picture, and makes a browser or an archive program take the file for
#: something else.
_FOREIGN_CONTENT = re.compile(
    # Long enough that the noise of a large photograph does not spell them by chance.
    rb"<!doctype\s|<(?:html|head|body|script|iframe|svg)[\s/>]|<\?php|javascript:|%PDF-[12]|#!/bin/",
    re.IGNORECASE,
)
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"


class NotAPicture(ValueError):
    """The file is refused; str() says what to do, for the author."""


@dataclass(frozen=True)
class File:
    """One encoded picture."""

    width: int
    height: int
    suffix: str  # a key of CONTENT_TYPES
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be stored."""

    full_size: File  # the whole picture, encoded again; its digest names all files
    # Smallest first; each width as WebP and in a format that every browser reads.
    renditions: tuple[File, ...]

    @property
    def sha256(self) -> str:
        return self.full_size.sha256


def prepare(upload: bytes) -> Prepared:
    """Return `upload` as a picture ready to be stored. Takes about a second for a large photograph.

    Raises NotAPicture for everything but one still JPEG, PNG or WebP of sensible size with nothing
    beside it.
    """
    image, full_size = _whole(upload)
    suffix = full_size.suffix
    widths = sorted({min(width, image.width) for width in WIDTHS})
    renditions = tuple(
        _encode(narrow, written_as)
        for narrow in (_narrowed(image, width) for width in widths)
        for written_as in ("webp", suffix)
    )
    return Prepared(full_size, renditions)


def encode_again(upload: bytes) -> File:
    """Return the whole picture of `upload`, encoded again. Raises NotAPicture as `prepare` does."""
    return _whole(upload)[1]


def _whole(upload: bytes) -> tuple[Image.Image, File]:
    if len(upload) > MAX_BYTES:
        raise NotAPicture(
            _("The file has more than %s MB. Save it smaller, for example 2400 pixels across.")
            % (MAX_BYTES // 1_000_000)
        )
    image, format = _decode(upload)
    suffix = "png" if image.mode == "RGBA" or format == "PNG" else "jpg"
    return image, _encode(image, suffix)


def _decode(upload: bytes) -> tuple[Image.Image, str | None]:
    """Return (upright pixels of `upload` in RGB or RGBA, at most KEPT_SIDE across, its format)."""
    if zipfile.is_zipfile(io.BytesIO(upload)) or _FOREIGN_CONTENT.search(upload):
        raise _holds_something_else()
    try:
        # A picture that claims to be huge must not be unpacked to find out.
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(upload), formats=FORMATS)
            _refuse_bad_sizes(image)
            _refuse_what_is_more_than_a_picture(image, upload)
            format = image.format
            image.draft(None, (KEPT_SIDE, KEPT_SIDE))
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return _in_plain_colours(image), format
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels() from bomb
    except Exception as problem:
        # A file that a decoder cannot read is none we show.
        raise NotAPicture(
            _(
                "This file cannot be read as a picture. Save it as JPEG, PNG or WebP and choose it"
                " again."
            )
        ) from problem


def _refuse_bad_sizes(image: Image.Image) -> None:
    width, height = image.size
    can_be_read_smaller = image.format not in {"PNG", "WEBP"} and not image.info.get("progressive")
    most = MAX_PIXELS_OF_JPEG if can_be_read_smaller else MAX_PIXELS
    if width * height > most or max(width, height) > MAX_SIDE:
        raise _too_many_pixels()
    if min(width, height) < MIN_SIDE:
        raise NotAPicture(_("This picture is too small to be seen. Choose a larger one."))


def _refuse_what_is_more_than_a_picture(image: Any, upload: bytes) -> None:
    # The second frame of a JPEG is the depth or the other eye of a telephone's camera: the first is
    # the picture.
    if image.format in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        raise NotAPicture(
            _("This picture moves. Choose a still one: movement distracts from reading.")
        )
    # Cameras write their own notes after a JPEG; nothing honest comes after the end of the other
    # two.
    if image.format == "PNG" and not upload.rstrip(b"\0").endswith(_PNG_END):
        raise _holds_something_else()
    if image.format == "WEBP" and len(upload) > int.from_bytes(upload[4:8], "little") + 9:
        raise _holds_something_else()


def _in_plain_colours(image: Any) -> Image.Image:
    """Return the picture at most KEPT_SIDE across, eight bits a channel, sRGB.

    Without its profile a picture would have false colours.
    """
    profile, has_alpha = image.info.get("icc_profile"), image.has_transparency_data
    if image.mode.startswith("I"):  # 16 bits of grey, as X-ray pictures have
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    plain = "RGBA" if has_alpha else "RGB"
    if image.mode not in ({plain} if has_alpha else {"L", "CMYK", plain}):
        image = image.convert(plain)
    image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    if profile:
        # With a broken profile the colours are what the numbers say.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            image = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=plain,
            )
    image = image.convert(plain)
    if has_alpha and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    return image


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


_ENCODER_OPTIONS: dict[str, dict[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
    "png": {"format": "PNG", "optimize": True},
}


def _encode(image: Image.Image, suffix: str) -> File:
    # A new image: encoders would copy the metadata of the old one.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, **_ENCODER_OPTIONS[suffix])
    return File(*image.size, suffix, out.getvalue())


def _too_many_pixels() -> NotAPicture:
    return NotAPicture(
        _(
            "This picture has too many pixels: at most %s million. Save it smaller, for example"
            " 2400 pixels across."
        )
        % (MAX_PIXELS // 1_000_000)
    )


def _holds_something_else() -> NotAPicture:
    return NotAPicture(
        _(
            "This file holds something else beside a picture. "
            "Open it in a picture programme, save it as JPEG or PNG and choose it again."
        )
    )
