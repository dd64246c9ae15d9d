"""Pictures that are inside a document. They wait under Pictures of the draft."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import NamedTuple

from articles.pictures import processing

from .left_out import Missing, message_about, named

#: A page or Markdown text holds a picture as an address of its own.
_DATA_ADDRESS = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]*)", re.I)
#: What stands in its place while the text is read. It works as an address in no other document.
_NAME = "physiohub-picture-"
#: More pictures than a page can bear. Each takes up to a second to read.
_MOST_PICTURES = 20
_LONGEST_ALT = 300  # as Picture.alt
#: What Word and file systems write by themselves says nothing about what the picture shows.
_MADE_BY_A_MACHINE = re.compile(
    r"automatically generated|AI-generated content|generad[ao] automáticamente"
    r"|\A[^\n]{0,200}\.(?:png|jpe?g|gif|webp|bmp|tiff?|emf|wmf|svg)\Z",
    re.I,
)


class DocumentPicture(NamedTuple):
    """A picture of a document, encoded again, so that nothing else of its file is left.

    It stands in the line with the number `line`, or after it; 0 is before all lines. `alt` is what
    the document says that it shows.
    """

    line: int
    alt: str
    data: bytes


def stand_in(number: int) -> str:
    """Return the address that stands for the picture with this number, from 0."""
    return f"{_NAME}{number}"


def number_in(address: str) -> int | None:
    """Return the number of the picture an address stands for; None for any other address."""
    number = address.removeprefix(_NAME)
    is_ours = number != address and number.isdecimal() and len(number) < 10
    return int(number) if is_ours else None


def take_out(text: str) -> tuple[str, list[bytes]]:
    """Return `text` with a name in place of each picture in it, and the bytes of the pictures.

    They would count as letters of the text otherwise. What cannot be read is b"".
    """
    found: list[bytes] = []

    def name(address: re.Match[str]) -> str:
        try:
            found.append(base64.b64decode(address[1]))
        except binascii.Error:
            found.append(b"")
        return stand_in(len(found) - 1)

    return _DATA_ADDRESS.sub(name, text), found


def kept_pictures(
    missing: Sequence[Missing], data: Sequence[bytes]
) -> tuple[list[DocumentPicture], list[Missing], list[str]]:
    """Return (the pictures to keep, what is still missing, sentences about both).

    `data` are the bytes of the pictures by their number. A picture that stands in several places
    is kept where it stands first, since an article shows it once.
    """
    kept: dict[bytes, DocumentPicture] = {}
    lost: list[Missing] = []
    told: list[str] = []
    for one in missing:
        upload = data[one.picture] if one.picture is not None and one.picture < len(data) else b""
        if not upload:
            lost.append(one)
            continue
        if upload in kept:
            continue
        if len(kept) == _MOST_PICTURES:
            told.append(f"{message_about(one)} A document brings in at most {_MOST_PICTURES}.")
            continue
        try:
            encoded = processing.encode_again(upload).data
        except processing.NotAPicture as refusal:
            told.append(f"{message_about(one)} {refusal}")
            continue
        kept[upload] = DocumentPicture(one.line, _alt_in(one.words), encoded)
        told.append(_waits(kept[upload], one))
    return list(kept.values()), lost, told


def _alt_in(words: str) -> str:
    words = " ".join(words.split())
    return "" if _MADE_BY_A_MACHINE.search(words) else words[:_LONGEST_ALT]


def _waits(picture: DocumentPicture, one: Missing) -> str:
    what_to_do = "look if that is what it shows" if picture.alt else "say there what it shows"
    place = f"{one.place} waits under Pictures of the draft"
    return f"A picture{named(picture.alt)} {place}: {what_to_do}."
