"""Tell what a file is by its bytes, and what to do with one that cannot be read."""

import io
import zipfile
import zlib
from pathlib import PurePath

from .limits import CannotRead

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How Office names what is inside of a document with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LONGEST_MIMETYPE = 200
#: What Python's reader of zip files raises for one that is damaged.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)

_WHAT_TO_DO = {
    ".pdf": "This is a PDF, so open it in Word, which makes a document of it, save that as .docx"
    " and try again.",
    ".doc": "This is a document of an old Word (.doc), so open it in Word, choose “Save as”, then"
    " “Word document (.docx)”, and try again.",
    ".odt": "This is an OpenDocument text (.odt), so open it in LibreOffice or Word, choose “Save"
    " as”, then “Word (.docx)”, and try again.",
    ".rtf": "This is a rich text document (.rtf), so open it in Word or LibreOffice, choose “Save"
    " as”, then “Word (.docx)”, and try again.",
}
_PROTECTED = (
    "This document is protected with a password, so open it in Word, take the password away, save"
    " it as .docx and try again."
)


def ending_of(data: bytes, file_name: str) -> str:
    """Return the ending that names the format: of a Word file by its bytes, else of its name.

    Raises CannotRead, with what to do, for a document that Word or LibreOffice can save as .docx.
    """
    named = PurePath(file_name).suffix.lower()
    if data.startswith(_OLD_OFFICE):
        raise CannotRead(_PROTECTED if _ENCRYPTED in data else _WHAT_TO_DO[".doc"])
    if data[:1024].lstrip().startswith(b"%PDF-"):
        raise CannotRead(_WHAT_TO_DO[".pdf"])
    if data[:1024].lstrip().startswith(b"{\\rtf"):
        raise CannotRead(_WHAT_TO_DO[".rtf"])
    if data.startswith(b"PK\x03\x04"):
        inside = _inside_of_zip(data)
        if inside in _WHAT_TO_DO:
            raise CannotRead(_WHAT_TO_DO[inside])
        return inside or named
    if named in _WHAT_TO_DO:
        raise CannotRead(_WHAT_TO_DO[named])
    return named


def _inside_of_zip(data: bytes) -> str:
    """Return ".docx" or ".odt" for a zip file that is one of these, else ""."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return ".docx"
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    kind = file.read(_LONGEST_MIMETYPE)
                return ".odt" if kind.startswith(b"application/vnd.oasis.opendocument") else ""
    except DAMAGED:
        pass
    return ""
