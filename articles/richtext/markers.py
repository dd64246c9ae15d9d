"""Claims marked in a body: `<mark data-claim="KEY">a phrase</mark>`.

One claim may be several fragments with one key: bold inside it, two paragraphs, list items, or the
same claim said in two places.
"""

import re
import secrets
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Marked:
    key: str
    text: str  # all its fragments, white space folded
    position: int  # 0 for the first claim in the text


def new_key():
    """A claim key: it must exist before the first save, so it is drawn, not counted."""
    return "c" + "".join(secrets.choice(_LETTERS) for _ in range(9))


def claims_in(html):
    """The claims marked in cleaned `html`, in the order they first appear."""
    reader = _MarkReader()
    reader.feed(html)
    reader.close()
    return [
        Marked(key, " ".join("".join(parts).split()), position)
        for position, (key, parts) in enumerate(reader.texts.items())
    ]


def mark_first(html, phrase, key):
    """`html` with the first unmarked occurrence of the plain `phrase` marked as the claim `key`.

    White space counts as alike however much there is. Where formatting runs through the phrase each
    piece of it is marked. Raises LookupError when the text does not say it.
    """
    pieces = re.split(r"(<mark\b.*?</mark>|<[^>]+>)", html, flags=re.DOTALL)
    # Letter by letter, an entity being one: where each stands. Marked text counts as a letter
    # nobody searches for.
    plain, places = [], []
    for number, piece in enumerate(pieces):
        if number % 2:
            if piece.startswith("<mark"):
                plain.append("\x00")
                places.append(None)
            continue
        for letter in re.finditer(r"&(?:#\w+|\w+);|.", piece, re.DOTALL):
            plain.append(unescape(letter[0])[:1] or "\ufffd")
            places.append((number, letter.start(), letter.end()))
    words = r"\s+".join(map(re.escape, phrase.split()))
    found = re.search(words, "".join(plain)) if words else None
    if found is None:
        raise LookupError(f"The text does not say “{phrase}”.")
    ends = {}
    for number, start, end in places[found.start() : found.end()]:
        first, _ = ends.get(number, (start, end))
        ends[number] = (first, end)
    for number, (start, end) in ends.items():
        piece = pieces[number]
        if piece[start:end].strip():
            pieces[number] = (
                f'{piece[:start]}<mark data-claim="{key}">{piece[start:end]}</mark>{piece[end:]}'
            )
    return "".join(pieces)


class _MarkReader(HTMLParser):
    """The editor's adapter reads its own document in the same way: change both."""

    _INLINE = {"strong", "em", "sub", "sup", "a", "mark"}

    def __init__(self):
        super().__init__()
        self.texts, self._open, self._goes_on = {}, [], False

    def handle_starttag(self, tag, attrs):
        if tag == "mark":
            parts = self.texts.setdefault(dict(attrs).get("data-claim"), [])
            if not self._goes_on:
                # Words of two list items must not run together; "mov<em>ing</em>" is one word all
                # the same.
                parts.append(" ")
            self._open.append(parts)
        elif tag not in self._INLINE:
            self._break()

    def handle_endtag(self, tag):
        if tag == "mark" and self._open:
            self._open.pop()
            self._goes_on = True
        elif tag not in self._INLINE:
            self._break()

    def handle_data(self, data):
        if self._open:
            self._open[-1].append(data)
        else:
            self._goes_on = False

    def _break(self):
        self._goes_on = False
        for parts in self._open:
            parts.append(" ")
