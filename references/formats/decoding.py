"""Decoding files of references, whatever program wrote them.

Real exports are UTF-8 with or without a byte order mark, UTF-16, Latin-1 or Windows-1252, with any
line end, and sometimes two of these in one file. So bytes that are not UTF-8 are read as
Windows-1252 where they stand, and the rest of the file is left alone.
"""

import codecs
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO, cast

from physiohub.control_characters import without_control_characters


def _as_windows_1252(error):
    if not isinstance(error, UnicodeDecodeError):
        raise error
    not_utf_8 = error.object[error.start : error.end]
    return "".join([_WINDOWS_1252[byte] for byte in not_utf_8]), error.end


# The five bytes Windows-1252 leaves empty are control characters in Latin-1.
_WINDOWS_1252 = tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


codecs.register_error("windows-1252", _as_windows_1252)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def storable(text: str) -> str:
    """Return `text` as a field stores it, so that a record that is read again is recognised."""
    return without_control_characters(text)


def encoding_of(head: bytes) -> str:
    """Return the encoding of text that begins with the bytes `head`."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    # UTF-16 without a mark has a NUL in every other byte.
    pairs = head[: len(head) // 2 * 2][:2000]
    if len(pairs) >= 8:
        if pairs[1::2].count(0) > len(pairs) * 0.3 and not pairs[::2].count(0) > len(pairs) * 0.1:
            return "utf-16-le"
        if pairs[::2].count(0) > len(pairs) * 0.3 and not pairs[1::2].count(0) > len(pairs) * 0.1:
            return "utf-16-be"
    return "utf-8"


#: A file of references. A binary file must be able to seek.
Source = bytes | bytearray | memoryview | str | BinaryIO


def as_stream(data: Source) -> BinaryIO:
    """Return a binary stream over `data`; a binary file is read from its present position."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if isinstance(data, (bytes, bytearray, memoryview)):
        return io.BytesIO(data)
    return data


def head_of(stream: BinaryIO, size: int) -> bytes:
    """Return the first `size` bytes; the position of the stream stays."""
    position = stream.tell()
    head = stream.read(size)
    stream.seek(position)
    return head


def text_stream(stream: BinaryIO) -> TextIO:
    """Return a text stream over the binary `stream` in which every line ends in "\\n"."""
    encoding = encoding_of(head_of(stream, 4096))
    errors = "windows-1252" if encoding.startswith("utf-8") else "replace"
    left_open = cast(Any, _LeftOpen(stream))
    return io.TextIOWrapper(left_open, encoding=encoding, errors=errors, newline=None)


def lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield each line of the binary `stream` without its end, and its number from 1.

    Few of them are in memory at one time.
    """
    for number, line in enumerate(text_stream(stream), start=1):
        yield number, storable(line).rstrip("\n").removeprefix("\ufeff")


def whole_text(stream: BinaryIO) -> str:
    """Return all of the binary `stream` as text."""
    return storable(text_stream(stream).read()).removeprefix("\ufeff")


class _LeftOpen(io.BufferedIOBase):
    """A stream that stays open when the text layer over it is closed."""

    def __init__(self, stream):
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size=-1, /):
        return self._stream.read(size)

    def read1(self, size=-1, /):
        return self._stream.read(size if size is not None and size >= 0 else 65536)
