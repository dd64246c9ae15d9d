"""What mammoth does not pass on of a Word file: the numbers Word draws before lines, and formulas.

Before mammoth reads the file both become bookmarks, which mammoth keeps where they are.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: No bookmark made in Word has a blank in its name.
_LIST_NUMBER, _FORMULA = "physiohub list number ", "physiohub formula "
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_DECIMAL = {"decimal", "decimalZero", None}
_DEEPEST_STYLE = 20
_LONGEST_FORMULA = 80


def list_number(bookmark):
    """The number Word draws before the line of `bookmark`, or None where it is another bookmark."""
    return int(bookmark.removeprefix(_LIST_NUMBER)) if bookmark.startswith(_LIST_NUMBER) else None


def formula(bookmark):
    """The letters of the formula that stood at `bookmark`, or None where it is another bookmark."""
    return bookmark.removeprefix(_FORMULA) if bookmark.startswith(_FORMULA) else None


def with_bookmarks(data):
    """The bytes `data` of a .docx with these bookmarks.

    `data` itself where nothing is to be marked.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        changed = {}
        for name in _PARTS:
            if name not in names:
                continue
            root = fromstring(archive.read(name))
            marked = _mark_formulas(root)
            if name == _PARTS[0] and "word/numbering.xml" in names:
                marked += _Numbering(archive, names).mark(root)
            if marked:
                changed[name] = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        if not changed:
            return data
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in names:
                copy.writestr(name, changed[name] if name in changed else archive.read(name))
        return file.getvalue()


def _bookmark(name):
    return ElementTree.Element(f"{_W}bookmarkStart", {f"{_W}id": "0", f"{_W}name": name})


def _mark_formulas(root):
    """How many formulas got a bookmark in front of them."""
    marked = 0
    for parent in list(root.iter()):
        if parent.tag.startswith(_MATH):
            continue
        children = []
        for child in parent:
            for formula in _formulas_in(child):
                letters = "".join(text.text or "" for text in formula.iter(f"{_MATH}t"))
                children.append(_bookmark(_FORMULA + " ".join(letters.split())[:_LONGEST_FORMULA]))
                marked += 1
            children.append(child)
        if len(children) > len(parent):
            parent[:] = children
    return marked


def _formulas_in(element):
    """A formula in a line, or those of a block of formulas; mammoth leaves out either whole."""
    if element.tag == f"{_MATH}oMath":
        return [element]
    return element.findall(f"{_MATH}oMath") if element.tag == f"{_MATH}oMathPara" else []


@dataclass
class _Level:
    start: int = 1
    is_plain: bool = True  # a decimal number and nothing of the levels above it


@dataclass
class _Counted:
    """One list of Word: several "num" may share it."""

    levels: dict = field(default_factory=dict)
    at: dict = field(default_factory=dict)  # level: the number drawn last


class _Numbering:
    def __init__(self, archive, names):
        root = fromstring(archive.read("word/numbering.xml"))
        counted = {}
        for abstract in root.findall(f"{_W}abstractNum"):
            levels = abstract.findall(f"{_W}lvl")
            counted[abstract.get(f"{_W}abstractNumId")] = _Counted(
                {_integer(level.get(f"{_W}ilvl"), 0): _level(level) for level in levels}
            )
        self.lists, self.starts_again = {}, {}
        for num in root.findall(f"{_W}num"):
            number = num.get(f"{_W}numId")
            self.lists[number] = counted.get(_value(num.find(f"{_W}abstractNumId")))
            for override in num.findall(f"{_W}lvlOverride"):
                start = _value(override.find(f"{_W}startOverride"))
                if start is not None:
                    self.starts_again[number, _integer(override.get(f"{_W}ilvl"), 0)] = _integer(
                        start,
                        1,
                    )
        self.styles = {}
        if "word/styles.xml" in names:
            styles = fromstring(archive.read("word/styles.xml"))
            styles = styles.findall(f"{_W}style")
            self.styles = {style.get(f"{_W}styleId"): style for style in styles}

    def mark(self, root):
        """How many paragraphs got a bookmark with the number Word draws before them."""
        marked = 0
        for paragraph in root.iter(f"{_W}p"):
            number = self._number_of(paragraph)
            if number is not None:
                properties = paragraph.find(f"{_W}pPr")
                place = 0 if properties is None else list(paragraph).index(properties) + 1
                paragraph.insert(place, _bookmark(f"{_LIST_NUMBER}{number}"))
                marked += 1
        return marked

    def _number_of(self, paragraph):
        num, depth = self._numbered_by(paragraph)
        counted = self.lists.get(num)
        if counted is None:
            return None
        level = counted.levels.get(depth, _Level())
        # The first paragraph of a list that starts again does so; those after it go on.
        again = self.starts_again.pop((num, depth), None)
        number = again if again is not None else counted.at.get(depth, level.start - 1) + 1
        counted.at = {deep: at for deep, at in counted.at.items() if deep < depth} | {depth: number}
        return number if level.is_plain else None

    def _numbered_by(self, paragraph):
        """(id of the "num", level) of a paragraph by itself or by its style, which may have
        others.
        """
        element, num, depth = paragraph, None, None
        for _step in range(_DEEPEST_STYLE):
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


def _level(element):
    depth = _integer(element.get(f"{_W}ilvl"), 0)
    text = _value(element.find(f"{_W}lvlText"))
    is_plain = _value(element.find(f"{_W}numFmt")) in _DECIMAL and (
        text is None or re.findall(r"%\d", text) == [f"%{depth + 1}"]
    )
    return _Level(_integer(_value(element.find(f"{_W}start")), 1), is_plain)


def _value(element):
    return None if element is None else element.get(f"{_W}val")


def _integer(text, otherwise):
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text) else otherwise
