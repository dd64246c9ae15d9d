"""Bytes of a file of references into text, whatever wrote it.

Real exports come as UTF-8 with and without byte order mark, UTF-16, Latin-1 or Windows-1252, with
any line end, and sometimes as two of these in one file. So bytes that are no UTF-8 are read as
Windows-1252 where they stand, and the rest of the file is left alone.
"""

import codecs
import io

from physiohub.control_characters import taken_out


def _as_windows_1252(problem):
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    wrong = problem.object[problem.start : problem.end]
    return "".join([_WINDOWS_1252[byte] for byte in wrong]), problem.end


# The five bytes Windows-1252 leaves empty are control characters in Latin-1.
_WINDOWS_1252 = tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


codecs.register_error("windows-1252", _as_windows_1252)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def storable(text):
    """`text` as a field keeps it, so that a record read again is known for the same."""
    return taken_out(text)


def encoding_of(head):
    """The encoding of text that begins with the bytes `head`."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # Without a mark UTF-16 shows as a NUL in every other byte.
    pairs = head[: len(head) // 2 * 2][:2000]
    if len(pairs) >= 8:
        if pairs[1::2].count(0) > len(pairs) * 0.3 and not pairs[::2].count(0) > len(pairs) * 0.1:
            return "utf-16-le"
        if pairs[::2].count(0) > len(pairs) * 0.3 and not pairs[1::2].count(0) > len(pairs) * 0.1:
            return "utf-16-be"
    return "utf-8"


def opened(data):
    """A binary stream over `data`.

    Bytes, text, or a binary file that can be read from where it stands.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if isinstance(data, (bytes, bytearray, memoryview)):
        return io.BytesIO(data)
    return data


def head_of(stream, size):
    """The first `size` bytes, with the stream put back to where it stood."""
    position = stream.tell()
    head = stream.read(size)
    stream.seek(position)
    return head


def as_text(stream):
    """A text stream over the binary `stream` in which every line ends in "\\n"."""
    encoding = encoding_of(head_of(stream, 4096))
    errors = "windows-1252" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(_Borrowed(stream), encoding=encoding, errors=errors, newline=None)


def lines(stream):
    """(number from 1, line without its end) for each line of the binary `stream`, a few at a time
    in memory.
    """
    for number, line in enumerate(as_text(stream), start=1):
        yield number, storable(line).rstrip("\n").removeprefix("\ufeff")


def whole(stream):
    """All of the binary `stream` as text."""
    return storable(as_text(stream).read()).removeprefix("\ufeff")


class _Borrowed(io.BufferedIOBase):
    """A stream that is read but not closed when the text layer over it goes."""

    def __init__(self, stream):
        self._stream = stream

    def readable(self):
        return True

    def read(self, size=-1):
        return self._stream.read(size)

    def read1(self, size=-1):
        return self._stream.read(size if size is not None and size >= 0 else 65536)
