"""Claims marked in a body: `<mark data-claim="KEY">a phrase</mark>`.

One claim may be several fragments with one key: bold inside it, two paragraphs, list items, or the
same claim said in two places.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

from .cleaning import CLEAN_TAG, LINES

_KEY = re.compile('data-claim="([^"]*)"')
_MARK = re.compile("(<mark\\b[^>]*>|</mark>)")
_WHITE_SPACE = re.compile(r"\s+")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Marked:
    """A claim in a text."""

    key: str
    text: str  # all its fragments, white space folded
    position: int  # 0 for the first claim in the text


def new_key() -> str:
    """Return a claim key: it must exist before the first save, so it is drawn, not counted."""
    return "c" + "".join(secrets.choice(_LETTERS) for _ in range(9))


def claims_in(html: str) -> list[Marked]:
    """Return the claims marked in cleaned `html`, in the order they first appear."""
    reader = _MarkReader()
    reader.feed(html)
    reader.close()
    return [
        Marked(key, " ".join("".join(parts).split()), position)
        for position, (key, parts) in enumerate(reader.texts.items())
    ]


def mark_first(html: str, phrase: str, key: str) -> str:
    """Return `html` with the first unmarked place of the plain `phrase` marked as claim `key`.

    Any white space matches any other. Where formatting runs through the phrase, each piece of it is
    marked. Raises LookupError when the text does not have the phrase.
    """
    pieces = re.split(r"(<mark\b.*?</mark>|<[^>]+>)", html, flags=re.DOTALL)
    letters = list(_letters_of(pieces))
    words = r"\s+".join(map(re.escape, phrase.split()))
    found = re.search(words, "".join(one.letter for one in letters)) if words else None
    if found is None:
        raise LookupError(f"The text does not say “{phrase}”.")
    ends: dict[int, tuple[int, int]] = {}
    for one in letters[found.start() : found.end()]:
        start, _end = ends.get(one.piece, (one.start, one.end))
        ends[one.piece] = (start, one.end)
    for number, (start, end) in ends.items():
        piece = pieces[number]
        if piece[start:end].strip():
            pieces[number] = (
                f'{piece[:start]}<mark data-claim="{key}">{piece[start:end]}</mark>{piece[end:]}'
            )
    return "".join(pieces)


class Span(NamedTuple):
    """A piece of a plain text that is a claim."""

    start: int
    end: int
    key: str


def text_and_spans(html: str) -> tuple[str, list[Span]]:
    """The words of cleaned `html`, a line for each block, and which of them are claims.

    The words are those of `cleaning.plain_text`.
    """
    spans: list[Span] = []
    lines: list[str] = []
    length = 0
    open_keys: list[str] = []  # a mark may stand in a mark
    for line in _lines(html):
        words = ""
        for piece in _MARK.split(line):
            if piece == "</mark>":
                open_keys = open_keys[:-1]
                continue
            if piece.startswith("<"):
                open_keys += _KEY.findall(piece) or [""]
                continue
            # White space is folded over the ends of marks too.
            piece = _WHITE_SPACE.sub(" ", unescape(piece))
            piece = piece.lstrip() if not words or words.endswith(" ") else piece
            start = length + len(words)
            words += piece
            if open_keys and open_keys[-1] and piece.strip():
                spans.append(Span(start, length + len(words), open_keys[-1]))
        if words.strip():
            lines.append(words.rstrip())
            length += len(words.rstrip()) + 1
        else:
            spans = [span for span in spans if span.start < length]
    return "\n".join(lines), spans


def _lines(html: str) -> list[str]:
    """Return cleaned `html` without tags but marks, a piece for each line a reader sees."""
    kept = CLEAN_TAG.sub(
        lambda tag: tag[0] if tag[3] == "mark" else "\n" if tag[3] in LINES else "",
        html.replace("\n", " "),
    )
    return kept.split("\n")


class _Letter(NamedTuple):
    letter: str
    piece: int  # the number of the piece of HTML it is in
    start: int  # its place in that piece: an entity is one letter
    end: int


def _letters_of(pieces: Sequence[str]) -> Iterator[_Letter]:
    """Yield the letters of the texts in `pieces`, whose odd ones are tags or marked texts.

    A marked text counts as one letter that nobody searches for.
    """
    for number, piece in enumerate(pieces):
        if number % 2:
            if piece.startswith("<mark"):
                yield _Letter("\x00", number, 0, 0)
            continue
        for found in re.finditer(r"&(?:#\w+|\w+);|.", piece, re.DOTALL):
            letter = unescape(found[0])[:1] or "\ufffd"
            yield _Letter(letter, number, found.start(), found.end())


class _MarkReader(HTMLParser):
    """Collects the words of each claim.

    The editor's adapter, a script among the assets, reads its own document in the same way:
    change both.
    """

    _INLINE = {"strong", "em", "sub", "sup", "a", "mark"}

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}  # {key: fragments}
        self._open: list[list[str]] = []
        self._goes_on = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "mark":
            parts = self.texts.setdefault(dict(attrs).get("data-claim") or "", [])
            if not self._goes_on:
                # Words of two list items must not run together; "mov<em>ing</em>" is one word.
                parts.append(" ")
            self._open.append(parts)
        elif tag not in self._INLINE:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark" and self._open:
            self._open.pop()
            self._goes_on = True
        elif tag not in self._INLINE:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].append(data)
        else:
            self._goes_on = False

    def _break(self) -> None:
        self._goes_on = False
        for parts in self._open:
            parts.append(" ")
