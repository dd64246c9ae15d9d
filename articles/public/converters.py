"""URL converters for the file name of a picture. Nothing they accept can lead out of a folder."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter

from articles.pictures.processing import CONTENT_TYPES

#: For path(). The view gets `sha256`, `width` and `suffix`.
PICTURE_FILE = "<sha256:sha256>-<picture_width:width>.<picture_suffix:suffix>"


class Sha256(StringConverter):
    regex = r"[0-9a-f]{64}"


class PictureWidth(IntConverter):
    regex = r"[1-9][0-9]{0,3}"


class PictureSuffix(StringConverter):
    regex = "|".join(CONTENT_TYPES)


register_converter(Sha256, "sha256")
register_converter(PictureWidth, "picture_width")
register_converter(PictureSuffix, "picture_suffix")
