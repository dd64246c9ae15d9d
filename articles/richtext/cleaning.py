"""The HTML boundary: every body goes through `clean`, on the way in and again on the way out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

import nh3
from django.utils.safestring import SafeString, mark_safe

from physiohub.control_characters import without_control_characters

from .allowed_html import CLAIM_KEY, DROPPED_WITH_CONTENT, HREF, SAME_AS, SCOPE, SPAN, START, TAGS

#: Caps that hold before the sanitiser runs, and for what it makes: deep nesting makes any tree
#: builder take minutes, and what is stored must pass again.
MAX_BYTES, MAX_TAGS, MAX_DEPTH = 300_000, 20_000, 100
#: Letters that are written out as entities, each of four bytes or more. Counted by themselves
#: before the sanitiser runs, because it takes the square of their number.
MAX_ENTITIES = MAX_BYTES // 4

_MOST_PASSES = 10

#: Void tags, and tags that HTML closes by itself: an open one is no nesting.
_NEED_NO_END = frozenset(
    "br img hr input meta link area base col embed source track wbr "
    "p li td th tr thead tbody tfoot dt dd option".split()
)
_SYNONYM = re.compile(rf"<(/?)({'|'.join(SAME_AS)})(?=[\s/>])", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
#: A tag as nh3 writes it: all of it, whether it is a closing tag, its name. The quotes matter: an
#: address may hold a ">".
CLEAN_TAG = re.compile(r'(<(/?)([a-z][a-z0-9]*)(?:\s+[a-z-]+="[^"]*")*\s*>)')
#: At one of these, a line ends.
LINES = frozenset("p h2 h3 li blockquote tr caption table ul ol br th td".split())


class TooMuchHtml(ValueError):
    """The text is too large or too deeply nested to be cleaned. str() says what to do."""


@dataclass(frozen=True)
class Cleaned:
    html: str
    removed: tuple[str, ...]  # plain words for the author, most frequent first, e.g. "2 pictures"


def clean(html: str) -> str:
    """Return `html` within the vocabulary: safe to store and to show, written in one way only.

    Cleaning twice changes nothing more.

    One way only, because editors write the same text with other line breaks and empty paragraphs: a
    save that changes nothing must leave the digest what it was.

    Raises TooMuchHtml over the caps. Costs some 3 ms for a long article.
    """
    html = normalise_newlines(html)
    html = _SYNONYM.sub(lambda tag: f"<{tag[1]}{SAME_AS[tag[2].lower()]}", html)
    for _ in range(_MOST_PASSES):
        # Before each pass: a letter may become six ("&nbsp;"), and one open tag many.
        _refuse_too_much(html)
        # Once is not always enough: a heading in a heading, in a table, comes apart only when it is
        # read again. Line ends again: "&#11;" is a control character once the sanitiser has read
        # it.
        before, html = html, normalise_newlines(_sanitise(html))
        html = _canonical_blanks(_without_keyless_marks(html))
        if html == before:
            return html
    raise TooMuchHtml(
        "The formatting is too deeply nested. Paste it as plain text, then set headings and lists."
    )


def clean_and_describe(html: str) -> Cleaned:
    """Return `clean`, and what it took out, in words an author understands."""
    cleaned = clean(html)
    return Cleaned(cleaned, tuple(_what_is_missed(normalise_newlines(html), cleaned)))


def normalise_newlines(text: str) -> str:
    """Return one kind of line end and no control characters.

    With \\r in it cleaning twice would differ from once.
    """
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return without_control_characters(text, line_break="\n")


def plain_text(html: str) -> str:
    """Return the words of cleaned `html`, a line for each block.

    It serves the reading level, search and comparisons.

    Of any other text it gives something like its words, in one pass too.
    """
    words = unescape(CLEAN_TAG.sub(lambda tag: "\n" if tag[3] in LINES else "", html))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def safe_slices(html: str, places: Iterable[int]) -> list[SafeString]:
    """Return the pieces of `html` between `places` in it, each safe; put together they are `html`.

    For what has passed `clean` and is shown in parts: a slice of a SafeString is no SafeString.
    format_html_join puts the pieces together again and escapes what came between them. Raises
    TypeError for `html` that is no SafeString.
    """
    if not isinstance(html, SafeString):
        raise TypeError("Only what has passed the boundary is cut into safe pieces.")
    ends = sorted({0, *places, len(html)})
    return [mark_safe(html[start:end]) for start, end in pairwise(ends)]  # noqa: S308


def nesting(html: str) -> tuple[int, int]:
    """Return (number of tags, how deep they nest) of any HTML, read without building a tree."""
    count = depth = deepest = 0
    open_tags: Counter[str] = Counter()
    for closing, name in _ANY_TAG.findall(html):
        count += 1
        name = name.lower()
        if name in _NEED_NO_END:
            continue
        # A closing tag counts only against its own kind: a stray </b> does not close a <div>.
        if not closing:
            open_tags[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
    return count, deepest


def entities(html: str) -> int:
    """Return how many letters of any HTML are, or will be, written as entities, < and > aside."""
    return html.count("&") + html.count("\xa0")


def _refuse_too_much(html: str) -> None:
    if entities(html) > MAX_ENTITIES or len(html.encode("utf-8", "replace")) > MAX_BYTES:
        raise TooMuchHtml("The text is too long for one page. Split it into two articles.")
    count, deepest = nesting(html)
    if count > MAX_TAGS or deepest > MAX_DEPTH:
        raise TooMuchHtml(
            "The formatting is too deeply nested. Paste it as plain text, then set headings and"
            " lists."
        )


def _sanitise(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes={tag: attributes for tag, attributes in TAGS.items() if attributes},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return the attribute's value as it may stand, or None to take it out."""
    if name == "href":
        # As browsers write them; the steps after this one take every < and > for the edge of a tag.
        value = value.strip().replace("<", "%3C").replace(">", "%3E")
        return value if HREF.match(value) else None
    if name == "data-claim":
        return value if CLAIM_KEY.match(value) else None
    if name == "scope":
        return value if value in SCOPE else None
    if name == "start":
        return value if START.match(value) else None
    if name in {"colspan", "rowspan"}:
        return value if SPAN.match(value) else None
    return None


def _without_keyless_marks(html: str) -> str:
    """Unwrap <mark> without a valid key: highlighting from a paste, or a key somebody made up.

    nh3's output is well formed, so marks pair up like brackets.
    """
    if "<mark>" not in html:
        return html
    kept, result = [], []
    for piece in re.split(r"(<mark[^>]*>|</mark>)", html):
        if piece.startswith("<mark"):
            kept.append(piece != "<mark>")
            piece = piece if kept[-1] else ""
        elif piece == "</mark>":
            piece = piece if kept.pop() else ""
        result.append(piece)
    return "".join(result)


_BLOCK = "p|h2|h3|blockquote|ul|ol|li|table|caption|thead|tbody|tr|th|td"
_BLANKS = re.compile(r"[ \t\n\f]+")
_BLANKS_AT_A_BLOCK = re.compile(rf" ?(</?(?:{_BLOCK})(?: [^>]*)?>|<br>) ?")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:&nbsp;|<br>| )*</p>")
#: A claim without words claims nothing.
_EMPTY_MARK = re.compile(r'<mark data-claim="[^"]*">((?:&nbsp;| )*)</mark>')
#: A list item with one paragraph, perhaps with a list under it. Some editors write all items so.
_PARAGRAPH_IN_ITEM = re.compile(
    rf"<li><p>((?:(?!</?(?:{_BLOCK})[ >]).)*)</p>(?=</li>|<ul>|<ol(?: [^>]*)?>)", re.DOTALL
)


def _canonical_blanks(html: str) -> str:
    """Write white space and empty paragraphs in one way. No space between words is lost.

    nh3's output has no <pre>, and every < and > in its text is an entity, so a tag is what looks
    like one. No-break spaces are the author's and stay.
    """
    before = None
    while before != html:  # what stood between two things that go may itself be blank now
        before = html
        html = _BLANKS_AT_A_BLOCK.sub(r"\1", _BLANKS.sub(" ", html))
        html = _EMPTY_MARK.sub(r"\1", html)
        html = _PARAGRAPH_IN_ITEM.sub(r"<li>\1", _EMPTY_PARAGRAPH.sub("", html))
    return html.strip(" ")


_NAMES_OF_TAGS = {
    "img": ("picture", "pictures"),
    "script": ("script", "scripts"),
    "style": ("style sheet", "style sheets"),
    "iframe": ("embedded page", "embedded pages"),
    "video": ("video", "videos"),
    "audio": ("sound", "sounds"),
    "form": ("form", "forms"),
    "input": ("form field", "form fields"),
    "svg": ("drawing", "drawings"),
    "math": ("formula", "formulas"),
    "object": ("embedded object", "embedded objects"),
}


def _what_is_missed(before: str, after: str) -> Iterator[str]:
    """Yield what a reader would miss. A dropped span or style changes nothing anyone sees."""
    seen = Counter(name.lower() for closing, name in _ANY_TAG.findall(before) if not closing)
    for tag, count in seen.most_common():
        if tag in _NAMES_OF_TAGS:
            yield f"{count} {_NAMES_OF_TAGS[tag][count > 1]}"
    # Stop at the next "<": tags that never end would cost the square of the length.
    lost_links = len(re.findall(r"<a\s[^<>]*href", before, re.IGNORECASE)) - after.count("<a href")
    if lost_links > 0:
        yield f"the address of {lost_links} link{'s' if lost_links > 1 else ''}"
