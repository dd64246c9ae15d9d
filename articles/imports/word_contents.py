"""Bring a part of a Word file into a form that mammoth reads whole, and say what leaves it.

Mammoth drops text boxes that are drawn, some elements around words, and boxes to tick. It knows no
formatting from styles, and reads words that are hidden or struck through as if they stood there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from .left_out import messages_about_words

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
#: Elements around words that mammoth does not know. Their words stay.
_UNWRAPPED = frozenset(
    [f"{_W}{name}" for name in ("bdo", "dir", "ruby", "rubyBase")]
    + [f"{_V}{name}" for name in ("oval", "line", "polyline", "arc", "curve", "textpath")]
)
#: How words are pronounced, written above them.
_LEFT_OUT = frozenset({f"{_W}rt"})
_DRAWN = frozenset({f"{_WP}inline", f"{_WP}anchor"})
_OF_CONTENTS = re.compile(r"toc (?:\d|heading)|table of (?:figures|authorities)", re.I)
_HEADING = re.compile(r"heading ?([1-6])?", re.I)
#: Half points. Less is a correction of the line, not a raised figure.
_RAISED_FROM = 4
_MOST_STYLES = 20


class WordStyles:
    """The styles of a Word file, each with what it takes from those it is based on."""

    def __init__(self, part: bytes | None) -> None:
        styles = fromstring(part).findall(f"{_W}style") if part else []
        self._styles = {style.get(f"{_W}styleId"): style for style in styles}
        self._properties: dict[str | None, list[Element]] = {}

    def properties_of(self, style: str | None) -> list[Element]:
        """Return the formatting of a style: its own first, then that of those it is based on."""
        if style not in self._properties:
            found: list[Element] = []
            element = self._styles.get(style)
            while element is not None and len(found) < _MOST_STYLES:
                own = element.find(f"{_W}rPr")
                found.append(own if own is not None else Element(f"{_W}rPr"))
                element = self._styles.get(_value(element.find(f"{_W}basedOn")))
            self._properties[style] = found
        return self._properties[style]

    def map_of(self, used: Iterable[str]) -> str:
        """Return how mammoth is to map the styles with the ids `used`, a line for each.

        Mammoth tries every line on every paragraph and run, so lines that match nothing cost time.
        A style that is based on a heading is a heading.
        """
        lines = set()
        for style in used:
            name = self._name_of(style)
            quoted = name.replace("\\", "\\\\").replace("'", "\\'")
            heading = self._heading(style)
            if name.casefold() == "title":
                lines.add(f"p[style-name='{quoted}'] => p.MsoTitle:fresh")
            elif name.casefold() == "strong":
                lines.add(f"r[style-name='{quoted}'] => strong")
            elif heading and name:
                lines.add(f"p[style-name='{quoted}'] => h{heading}:fresh")
            elif heading:
                lines.add(f"p.{style} => h{heading}:fresh")
        return "\n".join(sorted(lines))

    def _heading(self, style: str) -> str:
        """Return the level of the heading that a style is or is based on; "" for other styles."""
        current: str | None = style
        for _step in range(_MOST_STYLES):
            found = _HEADING.fullmatch(self._name_of(current) or current or "")
            if found:
                return found[1] or "1"
            element = self._styles.get(current)
            current = _value(element.find(f"{_W}basedOn")) if element is not None else None
            if current is None:
                break
        return ""

    def _name_of(self, style: str | None) -> str:
        """Return the name of a style, which is the same in every language of Word; or ""."""
        element = self._styles.get(style)
        return _value(element.find(f"{_W}name")) or "" if element is not None else ""

    def is_of_contents(self, style: str | None) -> bool:
        """Return whether a paragraph of this style is an entry of a table of contents."""
        return bool(_OF_CONTENTS.match(self._name_of(style) or style or ""))


@dataclass
class WordContents:
    """Changes the parts of one Word file, and collects the words that leave them."""

    styles: WordStyles
    struck: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    contents: int = 0  # entries of a table of contents
    used: set[str] = field(default_factory=set)  # ids of the styles of paragraphs and runs

    @property
    def messages(self) -> list[str]:
        """Sentences about all that was left out."""
        told = [*messages_about_words("struck through", self.struck)]
        told += messages_about_words("hidden", self.hidden)
        if self.contents:
            told.append(
                "The table of contents was left out: its page numbers are those of the printed"
                " document."
            )
        return told

    def settle(self, root: Element) -> None:
        """Change the part `root`."""
        waiting = [root]
        while waiting:
            parent = waiting.pop()
            children = list(parent)
            settled = list(self._settled(children))
            if settled != children:
                parent[:] = settled
            waiting += reversed(settled)
        for run in root.iter(f"{_W}r"):
            self._run(run)

    def _settled(self, children: Iterable[Element]) -> Iterator[Element]:
        """Yield what stands in place of `children`."""
        for child in children:
            if child.tag == f"{_MC}AlternateContent":
                yield from self._settled(_one_of(child))
            elif child.tag in _UNWRAPPED:
                yield from self._settled(child)
            elif child.tag in _LEFT_OUT or self._is_of_contents(child):
                continue
            elif child.tag in _DRAWN:
                yield child
                yield from _boxes_of(child)
            elif child.tag == f"{_W}sdtPr" and child.find(f"{_W14}checkbox") is not None:
                continue  # the box to tick is in the content as a letter
            else:
                yield child

    def _is_of_contents(self, element: Element) -> bool:
        if element.tag == f"{_W}p":
            style = _value(element.find(f"{_W}pPr/{_W}pStyle"))
            if style is None:
                return False
            self.used.add(style)
            is_entry = self.styles.is_of_contents(style)
        elif element.tag == f"{_W}sdt":
            gallery = _value(element.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery"))
            is_entry = gallery == "Table of Contents"
        else:
            return False
        self.contents += is_entry
        return is_entry

    # --- runs ---------------------------------------------------------------------------------
    def _run(self, run: Element) -> None:
        """Raise the run as its style does, and take out words that nobody is to read."""
        own = run.find(f"{_W}rPr")
        words = run.findall(f"{_W}t") if own is not None else []
        if own is None or not words:
            return
        properties = [own]
        if (style := _value(own.find(f"{_W}rStyle"))) is not None:
            self.used.add(style)
            properties += self.styles.properties_of(style)
        for names, told in ((("strike", "dstrike"), self.struck), (("vanish",), self.hidden)):
            if any(_is_on(properties, name) for name in names):
                text = "".join(one.text or "" for one in words)
                told.append(text)
                for one in words:
                    run.remove(one)
                return
        if own.find(f"{_W}vertAlign") is None and _is_raised(properties):
            ElementTree.SubElement(own, f"{_W}vertAlign", {f"{_W}val": "superscript"})


def _one_of(alternatives: Element) -> list[Element]:
    """Return what stands in place of `alternatives`: what mammoth reads, with all of its boxes.

    Word draws the first choice, and offers old programs another. The boxes of both say the same.
    """
    choice, fallback = alternatives.find(f"{_MC}Choice"), alternatives.find(f"{_MC}Fallback")
    if fallback is None:
        return list(choice) if choice is not None else []
    has_boxes = next(fallback.iter(f"{_W}txbxContent"), None) is not None
    boxes = _boxes_of(choice) if choice is not None and not has_boxes else []
    return [*fallback, *boxes]


def _boxes_of(element: Element) -> list[Element]:
    """Take the text boxes out of `element`, and return them as mammoth reads them.

    A box that also stayed in its drawing would be read twice, and a box inside a box more often
    still.
    """
    contents: list[Element] = []
    waiting = [element]
    while waiting:
        one = waiting.pop()
        found = [child for child in one if child.tag == f"{_W}txbxContent"]
        contents += found
        for content in found:
            one.remove(content)
        waiting += reversed(one)
    boxes = []
    for content in contents:
        box = Element(f"{_W}pict")
        ElementTree.SubElement(box, f"{_V}textbox").append(content)
        boxes.append(box)
    return boxes


def _is_on(properties: Iterable[Element], name: str) -> bool:
    """Return whether formatting is switched on. What is nearest to the words decides."""
    for one in properties:
        switch = one.find(f"{_W}{name}")
        if switch is not None:
            return switch.get(f"{_W}val") not in {"0", "false", "off"}
    return False


def _is_raised(properties: Iterable[Element]) -> bool:
    for one in properties:
        aligned, position = one.find(f"{_W}vertAlign"), one.find(f"{_W}position")
        if aligned is not None:
            return aligned.get(f"{_W}val") == "superscript"
        if position is not None:
            half_points = _value(position) or ""
            return half_points[:9].isdecimal() and int(half_points[:9]) >= _RAISED_FROM
    return False


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(f"{_W}val")
