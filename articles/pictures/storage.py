"""Storing pictures and serving them.

Files are in MEDIA_ROOT/pictures, named by the digest of the picture and their width. They are
written once and never changed: a picture that is replaced gets new names, and what was published
keeps its own. No web server may serve that folder, since it has the pictures of drafts too. Rows of
PublishedPicture say what readers may have; they are written in the transaction that publishes.
(Copying files to a public folder would be worse: a crash between the copy and the commit would
leave a page without its pictures, or a draft's picture in public.) It costs one query for each
picture, once: readers and proxies may keep it forever, because its name is its content.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404

from articles.models import Picture, Publication, PublishedPicture
from articles.revisions.frozen_content import FrozenContent, FrozenPicture, PictureRow

from . import processing
from .processing import CONTENT_TYPES

#: A picture that is opened by itself is a page of its own: it may do nothing at all.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def write_files(
    picture: Picture, prepared: processing.Prepared, *, by: User | None, at: datetime
) -> Picture:
    """Write the files of `prepared` and make `picture` name them. Does not save the row.

    Files that exist already stay as they are: the same name is the same picture.
    """
    for name, file in _names(prepared):
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(file.data))
    picture.file.name = path_of(prepared.sha256, None, prepared.full_size.suffix)
    picture.width, picture.height = prepared.full_size.width, prepared.full_size.height
    picture.sha256 = prepared.sha256
    picture.renditions = [
        {"width": file.width, "height": file.height, "suffix": file.suffix, "sha256": file.sha256}
        for file in prepared.renditions
    ]
    if picture.added_at is None:
        picture.added_by, picture.added_at = by, at
    return picture


def add(upload: bytes, *, by: User | None, at: datetime, **fields: Any) -> Picture:
    """Return a saved picture made of `upload`, with the texts in `fields`. Raises NotAPicture."""
    picture = write_files(Picture(**fields), processing.prepare(upload), by=by, at=at)
    picture.full_clean()
    picture.save()
    return picture


def add_from_document(upload: bytes, *, alt: str, by: User | None, at: datetime) -> Picture:
    """Return the picture made of `upload`, which a document said shows `alt`. Raises NotAPicture.

    The same picture that is in the library already comes back as it is there, with its words.
    Without words it waits for somebody who says what it shows.
    """
    prepared = processing.prepare(upload)
    if known := Picture.objects.filter(sha256=prepared.sha256).first():
        return known
    picture = write_files(Picture(alt=alt, needs_alt=not alt), prepared, by=by, at=at)
    picture.full_clean()
    picture.save()
    return picture


def path_of(sha256: str, width: int | None, suffix: str) -> str:
    """Return where a file is in the storage.

    `width` None is the whole picture, which readers do not get.
    """
    return f"pictures/{sha256[:2]}/{sha256}{'' if width is None else f'-{width}'}.{suffix}"


def publish_pictures(publication: Publication) -> None:
    """Let readers have the pictures that `publication` shows."""
    shown = {row["picture"]["sha256"] for row in publication.revision.content.get("pictures", ())}
    PublishedPicture.objects.bulk_create(
        PublishedPicture(publication=publication, sha256=sha256) for sha256 in sorted(shown)
    )


def picture_name(row: PictureRow) -> str:
    """Return what messages to an author call the picture of a frozen row."""
    return row["caption"] or row["picture"]["alt"] or row["picture"]["sha256"][:8]


def rows_with_missing_files(content: FrozenContent) -> list[PictureRow]:
    """Return the rows of frozen pictures that miss a file in the storage."""
    return [
        row
        for row in content.get("pictures", ())
        if not all(default_storage.exists(path) for path, _ in _frozen_files(row["picture"]))
    ]


def rows_with_altered_files(content: FrozenContent) -> list[PictureRow]:
    """Return rows of frozen pictures with a file that is lost, or whose bytes have changed.

    Reads every file.
    """
    return [
        row
        for row in content.get("pictures", ())
        if not all(_digest(path) == digest for path, digest in _frozen_files(row["picture"]))
    ]


def published_picture(sha256: str, width: int, suffix: str) -> FileResponse:
    """Return the file as a response, if a page that readers can reach shows the picture.

    Earlier versions of a live article count: readers can look them up. When an article is withdrawn
    its pictures go with it, unless another live one shows them. Raises Http404.
    """
    live = Publication.objects.live().filter(article=OuterRef("publication__article"))
    if not PublishedPicture.objects.filter(Exists(live), sha256=sha256).exists():
        raise Http404
    return response(sha256, width, suffix)


def shows_file(content: FrozenContent, sha256: str, width: int, suffix: str) -> bool:
    """Return whether frozen `content` shows this file of this picture."""
    return any(
        row["picture"]["sha256"] == sha256 and (file["width"], file["suffix"]) == (width, suffix)
        for row in content.get("pictures", ())
        for file in row["picture"]["files"]
    )


def response(sha256: str, width: int | None, suffix: str) -> FileResponse:
    """Return the file, for anybody: callers check who asks. Raises Http404 when there is none."""
    try:
        file = default_storage.open(path_of(sha256, width, suffix))
    except FileNotFoundError as missing:
        raise Http404 from missing
    return FileResponse(file, content_type=CONTENT_TYPES[suffix], headers=_HEADERS)


def _names(prepared: processing.Prepared) -> Iterator[tuple[str, processing.File]]:
    yield path_of(prepared.sha256, None, prepared.full_size.suffix), prepared.full_size
    for file in prepared.renditions:
        yield path_of(prepared.sha256, file.width, file.suffix), file


def _frozen_files(picture: FrozenPicture) -> Iterator[tuple[str, str]]:
    for file in picture["files"]:
        yield path_of(picture["sha256"], file["width"], file["suffix"]), file["sha256"]


def _digest(path: str) -> str:
    try:
        with default_storage.open(path) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return ""
