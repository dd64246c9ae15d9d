"""What every reader hands on, whatever the format: numbered lines made of runs of text."""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

#: Blanks that look like a blank but are not one, and marks nobody sees. Joiners (U+200C, U+200D) and the marks
#: that set the direction of Arabic and Hebrew stay: words are spelled with them. The two "overrides" (U+202D,
#: U+202E) go, because they make a reader see other words than the ones that are stored.
_INVISIBLE = {code: None for code in [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x2060, 0xFEFF, 0x202D, 0x202E]}
_INVISIBLE |= {0x09: " ", 0x0A: " ", 0x0D: " ", 0xA0: " "}

_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

#: A link may lead to the web or a mailbox. The host needs a dotted name, so that no address of the reader's own
#: network, written as a number or a bare word, becomes something to click.
_WEB = re.compile(r"https?://((?:[\w-]{1,63}\.){1,10}[\w-]{2,63})(?::(?:80|443))?(?:[/?#][^\s<>\"\\]*)?", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s<>\"\\@:/]{1,64}@[\w.-]{3,255}(?:\?[^\s<>\"\\]*)?", re.IGNORECASE)
_LONGEST_ADDRESS = 2000


class Kind(StrEnum):
    """What a line is, as far as its format says so. Only structuring decides what it means."""

    TEXT = "text"
    HEADING = "heading"  # with a level
    FENCE = "fence"  # a title typed between < and >
    ITEM = "item"  # a line of a list
    ROW = "row"  # a line of a table
    FOOTNOTE = "footnote"
    RULE = "rule"  # dashes and other marks that only separate
    PICTURE = "picture"


class Mark(StrEnum):
    """What stands before a line of a list."""

    BULLET = "bullet"
    NUMBER = "number"
    TICK = "tick"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that share one look. `href` is a safe web or mail address, or empty."""

    text: str
    strong: bool = False
    em: bool = False
    raised: bool = False  # superscript
    href: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line as its author sees it; `raw` is what was typed, `runs` what is left of it to read."""

    number: int  # counted from 1
    raw: str
    runs: tuple[Run, ...]
    kind: Kind = Kind.TEXT
    level: int = 0  # heading: 1 to 6
    mark: Mark = Mark.BULLET
    typed_number: int | None = None  # the 3 of "3."
    indent: int = 0  # columns, counted for lists inside lists
    gap: int = 1  # blank lines before it
    goes_on: bool = False  # the format says it continues the line before
    table: int = 0  # rows with the same number belong together
    is_header: bool = False  # the row of column names
    cells: tuple[tuple[Run, ...], ...] = ()

    @property
    def text(self):
        return plain(self.runs)

    @property
    def is_bold(self):
        return bool(self.runs) and all(run.strong for run in self.runs if run.text.strip())


@dataclass(frozen=True)
class Note:
    """Something that was repaired or needs a look. Line 0 means the whole document."""

    line: int
    text: str


@dataclass(frozen=True)
class Source:
    """A document, read. `wraps`: lines that touch are one paragraph, as in Markdown."""

    lines: tuple[SourceLine, ...]
    notes: tuple[Note, ...] = ()
    wraps: bool = False


def split_lines(text):
    """The lines of `text`, numbered as an editor numbers them."""
    return _LINE_END.split(text)


def without_invisible(text):
    """Rule 1: `text` with plain blanks for special ones and without what nobody sees."""
    return text.translate(_INVISIBLE)


def has_visible(text):
    """Is there anything to see? A line of direction marks alone is a blank line."""
    return any(not (character.isspace() or unicodedata.category(character) == "Cf") for character in text)


def plain(runs):
    return "".join(run.text for run in runs)


def tidy(runs):
    """Single blanks, none at the ends, neighbours of one look made one."""
    kept, blank_before = [], True
    for run in runs:
        text = re.sub(r"\s+", " ", run.text)
        if blank_before:
            text = text.lstrip(" ")
        if not text:
            continue
        blank_before = text.endswith(" ")
        if kept and replace(run, text="") == replace(kept[-1][0], text=""):
            kept[-1][1].append(text)
        else:
            kept.append((run, [text]))
    if kept:
        kept[-1][1][-1] = kept[-1][1][-1].rstrip(" ")
    return tuple(replace(run, text="".join(texts)) for run, texts in kept if any(texts))


def cut(runs, start, end=None):
    """The characters from `start` up to `end`, with their looks."""
    position, kept = 0, []
    for run in runs:
        piece = run.text[max(start - position, 0) : None if end is None else max(end - position, 0)]
        if piece:
            kept.append(replace(run, text=piece))
        position += len(run.text)
    return tuple(kept)


def together(parts):
    """Several lots of runs as one text, a blank between them."""
    runs = []
    for part in parts:
        if runs:
            runs.append(Run(" "))
        runs.extend(part)
    return tidy(runs)


def safe_address(address):
    """`address` if a patient may be sent there, otherwise an empty string."""
    address = address.strip()
    if len(address) > _LONGEST_ADDRESS or has_control(address):
        return ""
    if _MAIL.fullmatch(address):
        return address
    web = _WEB.fullmatch(address)
    if web is None:
        return ""
    last = web[1].rsplit(".", 1)[-1].lower()
    return address if last.isalpha() or (last.startswith("xn--") and len(last) > 4) else ""


def has_control(text):
    return any(unicodedata.category(character) == "Cc" for character in text)
