"""The parts of a Word file: find its main part, and say what in them is not read."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

MAIN = "word/document.xml"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PACKAGE = "_rels/.rels"


def with_main_part_in_its_place(data: bytes) -> bytes:
    """Return the .docx in the bytes `data` with its main part as word/document.xml.

    A Word file says itself which part that is, and some programs give it another name. Returns
    `data` itself where it has that name, or where no part says that it is the main one.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        main = _main_part(archive, names)
        if main in {"", MAIN}:
            return data
        rels = _rels_of(main)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in sorted(names - {_PACKAGE, MAIN, _rels_of(MAIN)}):
                new_name = {main: MAIN, rels: _rels_of(MAIN)}.get(name, name)
                content = archive.read(name)
                copy.writestr(new_name, _absolute(content, main) if name == rels else content)
        return file.getvalue()


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _main_part(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Return the name of the main part, as the relations or the types of the parts say; or ""."""
    found: list[str] = []
    if _PACKAGE in names:
        relations = fromstring(archive.read(_PACKAGE)).findall(f"{_RELATIONSHIPS}Relationship")
        found += [
            one.get("Target") or ""
            for one in relations
            if (one.get("Type") or "").endswith("/relationships/officeDocument")
        ]
    if "[Content_Types].xml" in names:
        types = fromstring(archive.read("[Content_Types].xml")).findall(f"{_TYPES}Override")
        found += [
            one.get("PartName") or ""
            for one in types
            if (one.get("ContentType") or "").endswith("wordprocessingml.document.main+xml")
        ]
    targets = [target.lstrip("/") for target in found]
    return next((target for target in targets if target in names), "")


def _absolute(relations: bytes, main: str) -> bytes:
    """Return the relations of the main part with targets that hold in any folder."""
    root = fromstring(relations)
    folder = posixpath.dirname(main)
    for one in root.findall(f"{_RELATIONSHIPS}Relationship"):
        target = one.get("Target") or ""
        if one.get("TargetMode") != "External" and not target.startswith(("/", "#")):
            one.set("Target", f"/{posixpath.normpath(posixpath.join(folder, target))}")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


#: What to say about what is not read, or is read as if somebody had decided: (pattern in the main
#: part, what one is, what many are, the rest of the sentence).
_IN_THE_MAIN_PART = (
    (rb"<w:commentReference\b", "comment", "comments", "left out: read them in Word."),
    (
        rb"<w:del [^>]*>",
        "deletion that is still tracked",
        "deletions that are still tracked",
        "left out.",
    ),
    (
        rb"<w:ins [^>]*>",
        "insertion that is still tracked",
        "insertions that are still tracked",
        "kept, as if somebody had accepted them.",
    ),
    (
        rb"<w:moveTo [^>]*>",
        "move that is still tracked",
        "moves that are still tracked",
        "kept, as if somebody had accepted them.",
    ),
    (
        rb"<w:altChunk\b",
        "document inside of the document",
        "documents inside of the document",
        "left out: open the file in Word, save it again and bring it in.",
    ),
    (rb"<c:chart\b", "chart", "charts", "left out: add them as pictures."),
    (rb"<dgm:relIds\b", "diagram", "diagrams", "left out: add them as pictures."),
    (rb"<o:OLEObject\b", "embedded object", "embedded objects", "left out."),
)
_HEAD_OR_FOOT = re.compile(r"word/(?:header|footer)\d*\.xml\Z")
_WORDS = re.compile(rb"<w:t(?: [^>]*)?>[^<]*[^<\s][^<]*</w:t>")


def messages_about_parts(data: bytes) -> Iterator[str]:
    """Give a sentence about everything in a Word file that is not read as it stands there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        main = archive.read(MAIN)
        for pattern, one, many, rest in _IN_THE_MAIN_PART:
            count = len(re.findall(pattern, main))
            if count:
                yield f"{count} {one if count == 1 else many} {_were(count)} {rest}"
        heads = [name for name in archive.namelist() if _HEAD_OR_FOOT.match(name)]
        if any(_WORDS.search(archive.read(name)) for name in heads):
            yield "The heads and feet of the pages were left out."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
