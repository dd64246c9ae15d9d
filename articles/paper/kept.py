"""The files of PDFs that were made, in MEDIA_ROOT/handouts.

All processes and machines share them, for a timed process makes most of them. A folder holds those
of one publication under the notices that are open; a new notice means another folder. The name of a
file has the state of what it was made from, so a file is read only for the text it shows.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.models import Publication, SafetyNotice

_ROOT = "handouts"


class KeptFile(NamedTuple):
    """A PDF in the storage, and how many steps of articles.paper.sheet.ORDER were taken for it."""

    path: str
    steps: int

    @property
    def size(self) -> int | None:
        """How many bytes it has; None where it has just been removed."""
        try:
            return default_storage.size(self.path)
        except FileNotFoundError:
            return None


class FilesSeen(NamedTuple):
    """Which files a folder had when a page was made that says something of them."""

    folder: str
    names: str

    def are_the_same(self) -> bool:
        return self == files_in(self.folder)


def files_in(folder: str) -> FilesSeen:
    """Look which files `folder` has. To be asked before any of them is read."""
    return FilesSeen(folder, " ".join(sorted(_listed(f"{_ROOT}/{folder}")[1])))


def folder_of(publication: Publication, notices: Iterable[SafetyNotice]) -> str:
    """Return the name of the folder for `publication` while `notices` are open over it."""
    revision = publication.revision
    said = [revision.digest, publication.slug, publication.number, publication.at.isoformat()]
    said += sorted(f"{notice.pk} {notice.kind} {notice.text}" for notice in notices)
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:32]


def newest(folder: str, kind: str) -> KeptFile | None:
    """Return the PDF of this kind, whatever state it was made from; None where there is none."""
    return next(iter(_files(folder, kind)), None)


def data_of(folder: str, kind: str, state: str) -> bytes | None:
    """Return the PDF made from `state`; None where there is none, or it is not whole yet."""
    for file in _files(folder, kind, state):
        try:
            with default_storage.open(file.path) as opened:
                data = opened.read()
        except FileNotFoundError:
            continue
        # Another process may be writing it.
        if data.rstrip().endswith(b"%%EOF"):
            return data
    return None


def keep(folder: str, kind: str, state: str, steps: int, data: bytes) -> None:
    """Keep a PDF, and drop what this kind was before."""
    for file in _files(folder, kind):
        default_storage.delete(file.path)
    default_storage.save(f"{_ROOT}/{folder}/{kind}-{state}-{steps}.pdf", ContentFile(data))


def folders() -> set[str]:
    """Return the names of all folders."""
    return set(_listed(_ROOT)[0])


def folders_with(kind: str) -> set[str]:
    """Return the names of the folders that have a PDF of this kind."""
    return {folder for folder in folders() if newest(folder, kind)}


def drop(folder: str) -> None:
    """Remove a folder with all its files."""
    path = f"{_ROOT}/{folder}"
    for name in _listed(path)[1]:
        default_storage.delete(f"{path}/{name}")
    default_storage.delete(path)


def _files(folder: str, kind: str, state: str = "[0-9a-f]+") -> list[KeptFile]:
    # The storage adds letters to the name of a file that two processes save at once.
    pattern = re.compile(rf"{kind}-{state}-(\d+)(?:_\w+)?\.pdf")
    path = f"{_ROOT}/{folder}"
    return [
        KeptFile(f"{path}/{name}", int(found[1]))
        for name in _listed(path)[1]
        if (found := pattern.fullmatch(name))
    ]


def _listed(path: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []
