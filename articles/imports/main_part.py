"""Find the main part of a web page, without the menus, banners and footers around it.

The page comes from nh3, so its tags pair up, and every "<" in it begins a tag. One pass makes a
tree of it, and the words that count decide.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from articles.richtext.cleaning import CLEAN_TAG

#: Attributes that the choice is made by. The page must keep them until it is made.
ATTRIBUTES = {"role", "class", "id"}
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_VOID = {"br", "hr", "img"}
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 summary".split())

_AROUND_TAGS = frozenset({"nav", "footer"})
_AROUND_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar".split()
)
#: Names that sites give to what is around a text, as words of a class or an id.
_AROUND_NAMES = re.compile(
    r"(?:\A|[\s_-])(?:cookies?|cookie-?(?:banner|consent|notice|bar)|gdpr|breadcrumbs?"
    r"|skip-?links?|nav|navbar|navigation|(?:site|page|global|main)-?(?:header|footer|nav|menu)"
    r"|menu|masthead|share|sharing|social|newsletter|pagination|sidebar|related-?(?:links|posts))"
    r"(?:\Z|[\s_-])",
    re.I,
)
#: Ids of footnotes. Converters put these into a footer.
_NOTE_ID = re.compile(r"(?:user-content-)?(?:fn|ftn|edn|footnote|endnote)[\w:-]*\Z")
#: An element with such a name and more of the words than this is the page itself.
_MOST_AROUND = 0.3
#: Beside the main part of a page these are around it. Inside of it they belong to the text.
_BESIDE = frozenset({"header", "aside"})
_CONTAINERS = frozenset("div section article tbody tr td table".split())

_FEWEST_WORDS = 10  # a main part with fewer is a sign, not a text
_MOST_OF_IT = 0.8


@dataclass
class _Element:
    """An element, where it is in the page, and how many words in it are in no link."""

    tag: str
    attributes: dict[str, str]
    start: int
    inner: int  # where its content begins
    inner_end: int = 0
    end: int = 0
    words: int = 0
    holds_title: bool = False  # an h1 with words that are no link; such a link names the site
    holds_note: bool = False
    is_in_heading: bool = False
    children: list["_Element"] = field(default_factory=list)

    @property
    def has_name_of_around(self) -> bool:
        names = f"{self.attributes.get('class', '')} {self.attributes.get('id', '')}"
        return bool(_AROUND_NAMES.search(names))


def main_part(html: str) -> tuple[str, int]:
    """Return (the main part of a page, how many words around it were left out).

    The main part is what the page calls so, else its article, else what holds most of its words. A
    page without menus and the like is all main part, as is what was copied from one.
    """
    elements = _elements(html)
    root = elements[0]
    around = _around(elements)
    main, is_marked = _main(root, elements, around)
    left_out = [one for one in elements if id(one) in around or one.tag == "button"]
    left_out = [one for one in left_out if not one.is_in_heading and not one.holds_title]
    if not is_marked:
        is_page = bool(around) or any(one.tag in _BESIDE for one in elements)
        main = _densest(root, around) if is_page else root
        left_out += [one for one in elements if one.tag in _BESIDE and not one.holds_title]
    kept = _without(html, main, left_out)
    if is_marked and not main.holds_title:
        titles = (one for one in elements if one.tag == "h1" and one.holds_title)
        title = next((one for one in titles if one.end <= main.start), None)
        kept = (html[title.start : title.end] if title else "") + kept
    return kept, _count_words(html) - _count_words(kept)


def _around(elements: Sequence[_Element]) -> set[int]:
    """Return the ids of what is around the text, and count its words no more."""
    all_words = elements[0].words
    around = {id(one) for one in elements if _is_around(one, all_words) and not one.holds_note}
    # Children come after their parents, so from the end each one is counted before its parent.
    lost: dict[int, int] = {}
    for one in reversed(elements):
        lost[id(one)] = sum(
            child.words + lost[id(child)] if id(child) in around else lost[id(child)]
            for child in one.children
        )
        one.words -= lost[id(one)]
    return around


def _is_around(one: _Element, all_words: int) -> bool:
    if one.tag in _AROUND_TAGS or one.attributes.get("role") in _AROUND_ROLES:
        return True
    is_small = not one.holds_title and one.words <= all_words * _MOST_AROUND
    return is_small and one.has_name_of_around


def _main(
    root: _Element, elements: Sequence[_Element], around: Collection[int]
) -> tuple[_Element, bool]:
    """Return (the main part, whether the page says that it is)."""
    marked = [one for one in elements if one.tag == "main" or one.attributes.get("role") == "main"]
    largest = max(marked, key=lambda one: one.words, default=None)
    if largest and largest.words >= _FEWEST_WORDS:
        return largest, True
    articles = [one for one in elements if one.tag == "article" and id(one) not in around]
    largest = max(articles, key=lambda one: one.words, default=None)
    if largest and largest.words >= max(_FEWEST_WORDS, root.words / 2):
        return largest, True
    return root, False


def _densest(root: _Element, around: Collection[int]) -> _Element:
    """Return the innermost element that holds most of the words, and the title with them."""
    found, wanted = root, root.words * _MOST_OF_IT
    while wanted:
        inner = [
            child
            for child in found.children
            if child.tag in _CONTAINERS and id(child) not in around and child.words >= wanted
        ]
        if not inner or (root.holds_title and not inner[0].holds_title):
            break
        found = inner[0]
    return found


def _without(html: str, main: _Element, left_out: Sequence[_Element]) -> str:
    parts, position = [], main.inner
    for one in sorted(left_out, key=lambda one: one.start):
        if position <= one.start < main.inner_end:
            parts.append(html[position : one.start])
            position = one.end
    return "".join([*parts, html[position : main.inner_end]])


def _elements(html: str) -> list[_Element]:
    """Return all elements of a page in their order, after one that holds them all."""
    root = _Element("", {}, 0, 0, len(html), len(html))
    elements, path, position, links = [root], [root], 0, 0
    for tag in CLEAN_TAG.finditer(html):
        words = _count_words(html[position : tag.start()])
        path[-1].words += 0 if links else words
        position = tag.end()
        closing, name = tag[2], tag[3]
        if name in _VOID:
            continue
        if not closing:
            attributes = dict(_ATTRIBUTE.findall(tag[1]))
            element = _Element(name, attributes, tag.start(), tag.end())
            element.is_in_heading = path[-1].is_in_heading or path[-1].tag in _HEADINGS
            path[-1].children.append(element)
            path.append(element)
            elements.append(element)
            links += name == "a"
        elif len(path) > 1 and path[-1].tag == name:
            closed = path.pop()
            links -= name == "a"
            closed.inner_end, closed.end = tag.start(), tag.end()
            path[-1].words += closed.words
            closed.holds_title |= name == "h1" and closed.words > 0
            closed.holds_note |= bool(_NOTE_ID.match(closed.attributes.get("id", "")))
            path[-1].holds_title |= closed.holds_title
            path[-1].holds_note |= closed.holds_note
    for left_open in path[1:]:
        left_open.inner_end = left_open.end = len(html)
    return elements


def _count_words(html: str) -> int:
    return len(re.sub(r"<[^<>]*>", " ", html).split())
