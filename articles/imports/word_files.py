"""Read the lines of a Word file (.docx)."""

import io
import zipfile
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from . import pictures, word
from .documents import LinesRead
from .file_types import DAMAGED
from .limits import MEGABYTE, CannotRead, check_amount
from .record_lines import lines_of_records
from .web_pages import read_page
from .word_package import MAIN, messages_about_parts, with_main_part_in_its_place

_NOT_WORD = "This is not a Word document, so save it in Word as .docx and try again."
#: A .docx is a zip file. These limits are checked before anything in it is unpacked.
MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO = 2000, 50 * MEGABYTE, 200


def read_word_file(data: bytes) -> LinesRead:
    """Return what is read of the .docx in the bytes `data`. Raises CannotRead."""
    _refuse_zip_bombs(data)
    data = _with_main_part(data)
    import mammoth

    found: list[bytes] = []

    def keep(image):
        found.append(_bytes_of(image))
        return {"src": pictures.stand_in(len(found) - 1)}

    try:
        prepared = word.prepared(data)
        result = mammoth.convert_to_html(
            io.BytesIO(prepared.data),
            style_map=prepared.style_map,
            include_default_style_map=False,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(keep),
            external_file_access=False,
        )
    except Exception as error:  # mammoth raises whatever its XML reader does
        raise CannotRead(
            "This Word file is damaged, so open it in Word, save it again as .docx and try again."
        ) from error
    read = read_page(result.value, is_word=True)
    read.lines.extend(lines_of_records(prepared.records, read.lines[-1].number + 1))
    messages = [*messages_about_parts(data), *prepared.messages, *read.messages]
    return read._replace(messages=messages, pictures=found)


def _bytes_of(image):
    """Return the bytes of a picture of mammoth; b"" for one that is not inside the file."""
    try:
        with image.open() as file:
            return file.read()
    except Exception:  # whatever is wrong with a picture, the text is read
        return b""


def _refuse_zip_bombs(data: bytes) -> None:
    bomb = CannotRead(
        "This Word file unpacks to far more than an article, so copy its text into a new document."
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if (
                len(members) > MAX_MEMBERS
                or unpacked > MAX_UNPACKED
                or unpacked > MAX_RATIO * len(data)
            ):
                raise bomb
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        if b"<!DOCTYPE" in part.read(4096) or member.file_size > MAX_UNPACKED:
                            raise bomb
    except DAMAGED as error:
        raise CannotRead(_NOT_WORD) from error


def _with_main_part(data: bytes) -> bytes:
    """Return `data` with its main part in its place, if that is not more than an article."""
    try:
        data = with_main_part_in_its_place(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if MAIN not in archive.namelist():
                raise CannotRead(_NOT_WORD)
            document = archive.read(MAIN)
    except (*DAMAGED, ParseError, DefusedXmlException) as error:
        raise CannotRead(_NOT_WORD) from error
    # Every piece becomes an object, and ten thousand of them take seconds to read.
    check_amount(
        pieces=document.count(b"<w:r>") + document.count(b"<w:r ") + document.count(b"<w:tc")
    )
    return data
