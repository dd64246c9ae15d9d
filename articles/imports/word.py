"""Save what mammoth drops from a Word file: drawn numbers of lines, formulas, and citations.

Numbers and formulas become bookmarks before mammoth reads the file, because mammoth keeps bookmarks
in their place. Citations become the names of their records.
"""

import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from .records import Records
from .word_citations import WordCitations, parts_with_sources
from .word_contents import WordContents, WordStyles
from .word_runs import make_lean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: Names with spaces: no bookmark that was made in Word has one in its name.
_LIST_NUMBER, _FORMULA = "physiohub list number ", "physiohub formula "
_XML_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_STYLES = "word/styles.xml"
_DECIMAL_FORMATS = {"decimal", "decimalZero", None}
_MAX_STYLES = 20
#: How mammoth maps lists: an item of a deeper one goes into the item above it.
_LISTS = "".join(
    f"\np:{kind}-list({depth}) => {'ul|ol > li > ' * (depth - 1)}{tag} > li:fresh"
    for depth in range(1, 6)
    for kind, tag in (("unordered", "ul"), ("ordered", "ol"))
)
_LONGEST_FORMULA = 80


def list_number(bookmark: str) -> int | None:
    """Return the number Word draws before the line of `bookmark`; None for other bookmarks."""
    return int(bookmark.removeprefix(_LIST_NUMBER)) if bookmark.startswith(_LIST_NUMBER) else None


def formula(bookmark: str) -> str | None:
    """Return the letters of the formula that stood at `bookmark`; None for other bookmarks."""
    return bookmark.removeprefix(_FORMULA) if bookmark.startswith(_FORMULA) else None


@dataclass(frozen=True)
class PreparedFile:
    """A .docx as mammoth is to read it: `style_map` is how it maps styles.

    `messages` say what was left out.
    """

    data: bytes
    style_map: str
    records: Records
    messages: list[str]


def prepared(data: bytes) -> PreparedFile:
    """Return the .docx in the bytes `data` as mammoth is to read it.

    It has bookmarks for list numbers and formulas, and the names of records where it cites them.
    """
    records = Records()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        changed = {}
        styles = archive.read(_STYLES) if _STYLES in names else None
        contents = WordContents(WordStyles(styles))
        citations = WordCitations(map(archive.read, sorted(parts_with_sources(names))), records)
        for name in _XML_PARTS:
            if name not in names:
                continue
            root = fromstring(archive.read(name))
            make_lean(root)
            contents.settle(root)
            _mark_formulas(root)
            citations.name_records_in(root)
            if name == _XML_PARTS[0] and "word/numbering.xml" in names:
                _Numbering(archive, names).bookmark_numbers(root)
            changed[name] = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        style_map = contents.styles.map_of(contents.used)
        if "word/numbering.xml" in names:
            style_map += _LISTS
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in names:
                copy.writestr(name, changed[name] if name in changed else archive.read(name))
        return PreparedFile(file.getvalue(), style_map, records, contents.messages)


def _bookmark(name: str) -> Element:
    return ElementTree.Element(f"{_W}bookmarkStart", {f"{_W}id": "0", f"{_W}name": name})


def _mark_formulas(root: Element) -> None:
    """Put a bookmark before every formula."""
    for parent in list(root.iter()):
        if parent.tag.startswith(_MATH):
            continue
        children = []
        for child in parent:
            for formula in _formulas_in(child):
                letters = "".join(text.text or "" for text in formula.iter(f"{_MATH}t"))
                children.append(_bookmark(_FORMULA + " ".join(letters.split())[:_LONGEST_FORMULA]))
            children.append(child)
        if len(children) > len(parent):
            parent[:] = children


def _formulas_in(element: Element) -> list[Element]:
    """Return the formulas that `element` is or holds. Mammoth leaves out all of them."""
    if element.tag == f"{_MATH}oMath":
        return [element]
    return element.findall(f"{_MATH}oMath") if element.tag == f"{_MATH}oMathPara" else []


@dataclass
class _Level:
    """How one level of a Word list is numbered."""

    start: int = 1
    is_plain: bool = True  # a decimal number and nothing of the levels above it


@dataclass
class _WordList:
    """A list as Word counts it. Several "num" elements can share one."""

    levels: dict[int, _Level] = field(default_factory=dict)
    last_numbers: dict[int, int] = field(default_factory=dict)  # level: the number drawn last


class _Numbering:
    """The lists of a Word file, counted in the order of its paragraphs."""

    def __init__(self, archive: zipfile.ZipFile, names: Collection[str]) -> None:
        root = fromstring(archive.read("word/numbering.xml"))
        word_list = {}
        for abstract in root.findall(f"{_W}abstractNum"):
            levels = abstract.findall(f"{_W}lvl")
            word_list[abstract.get(f"{_W}abstractNumId")] = _WordList(
                {_integer(level.get(f"{_W}ilvl"), 0): _level(level) for level in levels}
            )
        self.lists, self.restarts = {}, {}
        for num in root.findall(f"{_W}num"):
            number = num.get(f"{_W}numId")
            self.lists[number] = word_list.get(_value(num.find(f"{_W}abstractNumId")))
            for override in num.findall(f"{_W}lvlOverride"):
                start = _value(override.find(f"{_W}startOverride"))
                if start is not None:
                    self.restarts[number, _integer(override.get(f"{_W}ilvl"), 0)] = _integer(
                        start,
                        1,
                    )
        self.styles = {}
        if _STYLES in names:
            styles = fromstring(archive.read(_STYLES))
            styles = styles.findall(f"{_W}style")
            self.styles = {style.get(f"{_W}styleId"): style for style in styles}

    def bookmark_numbers(self, root: Element) -> None:
        """Put a bookmark with its number in every numbered paragraph."""
        for paragraph in root.iter(f"{_W}p"):
            number = self._number_of(paragraph)
            if number is not None:
                properties = paragraph.find(f"{_W}pPr")
                place = 0 if properties is None else list(paragraph).index(properties) + 1
                paragraph.insert(place, _bookmark(f"{_LIST_NUMBER}{number}"))

    def _number_of(self, paragraph: Element) -> int | None:
        num, depth = self._list_and_level(paragraph)
        word_list = self.lists.get(num)
        if word_list is None:
            return None
        level = word_list.levels.get(depth, _Level())
        # The first paragraph of a list that starts again does so; those after it go on.
        again = self.restarts.pop((num, depth), None)
        number = (
            again if again is not None else word_list.last_numbers.get(depth, level.start - 1) + 1
        )
        word_list.last_numbers = {
            level_above: last_numbers
            for level_above, last_numbers in word_list.last_numbers.items()
            if level_above < depth
        } | {depth: number}
        return number if level.is_plain else None

    def _list_and_level(self, paragraph: Element) -> tuple[str | None, int]:
        """Return (id of the "num", level) of a paragraph, from itself or from its style.

        A style can take both from the style it is based on.
        """
        element, num, depth = paragraph, None, None
        for _step in range(_MAX_STYLES):
            own = element.find(f"{_W}pPr/{_W}numPr")
            if own is not None:
                num = _value(own.find(f"{_W}numId"))
                depth = depth or _value(own.find(f"{_W}ilvl"))
            style = _value(
                element.find(f"{_W}pPr/{_W}pStyle" if element is paragraph else f"{_W}basedOn"),
            )
            if num is not None or style not in self.styles:
                break
            element = self.styles[style]
        return num, _integer(depth, 0)


def _level(element: Element) -> _Level:
    depth = _integer(element.get(f"{_W}ilvl"), 0)
    text = _value(element.find(f"{_W}lvlText"))
    is_plain = _value(element.find(f"{_W}numFmt")) in _DECIMAL_FORMATS and (
        text is None or re.findall(r"%\d", text) == [f"%{depth + 1}"]
    )
    return _Level(_integer(_value(element.find(f"{_W}start")), 1), is_plain)


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(f"{_W}val")


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text) else otherwise
