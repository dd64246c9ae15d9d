"""Read the bytes of a file into numbered lines: .txt, .md, .html and .docx."""

import contextlib
import gc
import hashlib
from collections.abc import Iterator

from .documents import Document, LinesRead
from .file_types import ending_of
from .left_out import messages_about_missing
from .limits import CannotRead, check_amount, check_size
from .markdown import read_markdown
from .pictures import kept_pictures, take_out
from .plain_text import read_plain_text
from .tables import with_captions
from .web_pages import read_page
from .word_files import read_word_file


def read_document(data: bytes, file_name: str) -> Document:
    """Read the document in the bytes `data`. The ending of `file_name` names the format.

    Raises CannotRead.
    """
    with _garbage_left_alone():
        read = read_lines(data, file_name)
        lines = with_captions(read.lines)
    kept, missing, told = kept_pictures(read.missing, read.pictures)
    messages = [*messages_about_missing(missing), *told, *read.messages]
    return Document(file_name[:255], hashlib.sha256(data).hexdigest(), lines, messages, kept)


@contextlib.contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Look for no garbage while a document is read.

    Reading makes a great many objects and keeps them all, and looking through them again and again
    takes two thirds of the time of a long Word file. The limits bound how many there can be.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_lines(data: bytes, file_name: str) -> LinesRead:
    """Return the lines of a file that are not blank, and what was left out of them."""
    check_size(len(data))
    ending = ending_of(data, file_name)
    if ending == ".txt":
        text = _decoded(data)
        _check_amount(text)
        return read_plain_text(text)
    if ending in {".md", ".markdown", ".html", ".htm"}:
        text, pictures = take_out(_decoded(data))
        _check_amount(text)
        read = read_page(text) if ending.startswith(".htm") else read_markdown(text)
        return read._replace(pictures=pictures)
    if ending == ".docx":
        return read_word_file(data)
    raise CannotRead(
        "This kind of file cannot be read, so save the article as .docx, .txt, .md or .html and try"
        " again."
    )


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
        if b"\x00" in data:
            raise CannotRead(
                "This file is not text, so save the article as .docx, .txt, .md or .html and try"
                " again."
            )
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and not _is_plausible(text):
            break
        return text
    raise CannotRead(
        "The letters of this file cannot be read, so save it again with the encoding UTF-8."
    )


def _check_amount(text: str) -> None:
    check_amount(characters=len(text), lines=text.count("\n"))


def _is_plausible(text: str) -> bool:
    """Return whether bytes read as Windows-1252 gave a text.

    Almost any byte is a letter of that encoding. So the letters outside ASCII must be few, and most
    of them must be letters or signs that people type.
    """
    others = [letter for letter in text if ord(letter) > 0x7F]
    typed = sum(letter.isalpha() or letter in "’‘“”–—…•\u00a0°±×½é" for letter in others)
    return len(others) <= 0.1 * len(text) and typed >= 0.9 * len(others)
