"""CSL-JSON: one item, a list of them, or {"items": […]}; one item in memory at a time."""

import json
import re
from collections.abc import Iterator
from typing import Any

from . import carrying, decoding, limits
from .conforming import TYPES
from .decoding import Source
from .limits import LONGEST_RECORD
from .records import Record

_NO_BLANK = re.compile(r"[^\s,]")
_CHUNK = 1 << 16
_ITEMS = re.compile(r'\s*\{\s*"(?:items|references)"\s*:\s*\[')


def read(data: Source) -> Iterator[Record]:
    """Yield a Record, not conforming yet, for each item in `data`."""
    for number, (line, raw, item, reason) in enumerate(items(data), start=1):
        if reason:
            yield Record(number, line, {}, raw, refused=reason)
        elif not isinstance(item, dict):
            yield Record(
                number,
                line,
                {},
                raw,
                refused="This is no record: an object with fields was expected.",
            )
        else:
            yield limits.read_or_refuse(number, line, raw, _record, number, line, raw, item)


#: What items of CSL have and other JSON has not: configurations and lists of data have titles too.
_OF_CSL = frozenset(
    "container-title container-title-short issued accessed collection-title publisher-place DOI"
    " PMID PMCID ISBN ISSN number-of-pages event-title".split()
)
_SIGN_OF_CSL = re.compile(rf'"(?:{"|".join(sorted(_OF_CSL))}|date-parts)"\s*:')
_OTHER_TYPES = frozenset({"journal-article", "book-chapter", "proceedings-article"})
_MOST_TRIED_ITEMS = 5


def looks_like_items(text: str) -> bool:
    """Return whether JSON that begins with `text` is items of CSL, as far as one can tell.

    JSON that cannot be decoded counts where it has a field of CSL: its reader says what is wrong.
    """
    tried = [entry for _, entry in zip(range(_MOST_TRIED_ITEMS), items(text), strict=False)]
    values = [value for _, _, value, reason in tried if not reason]
    return any(map(_is_item, values)) or (not values and bool(_SIGN_OF_CSL.search(text)))


def _is_item(value):
    if not isinstance(value, dict) or "itemType" in value:
        return False
    kind = value.get("type")
    is_typed = isinstance(kind, str) and (kind.lower() in TYPES or kind.lower() in _OTHER_TYPES)
    says_what = bool(value.keys() & {"title", "author", "issued"})
    return (
        bool(value.keys() & _OF_CSL)
        or (is_typed and says_what)
        or bool(says_what and carrying.uid_in(value.get("id")))
    )


def _record(number, line, raw, item):
    limits.check_depth(item)
    return Record(number, line, item, raw, uid=carrying.uid_in(item.get("id")))


def items(data: Source) -> Iterator[tuple[int, str, Any, str]]:
    """Yield line, raw text, value and "" for each value in a JSON list, or for the only value.

    Where a list breaks off or is not JSON, the last entry has a sentence in place of "": JSON
    cannot be read on from there.
    """
    buffer = _Buffer(decoding.text_stream(decoding.as_stream(data)))
    decoder = json.JSONDecoder(parse_constant=lambda name: None)
    buffer.read_more()
    buffer.text = buffer.text.removeprefix("\ufeff")
    opening = re.match(r"\s*\[", buffer.text) or _ITEMS.match(buffer.text)
    if opening:
        buffer.move_to(opening.end())
    while True:
        buffer.skip_blanks()
        if not buffer.length:
            if not buffer.is_over:
                buffer.read_more()
                continue
            if opening:
                yield buffer.line, "", None, "The file ends in the middle of its list of records."
            return
        if opening and buffer.text[buffer.place] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer.text, buffer.place)
        except (ValueError, RecursionError) as error:
            if not buffer.is_over and buffer.length < LONGEST_RECORD:
                buffer.read_more()
                continue
            raw = buffer.text[buffer.place : buffer.place + 2000]
            yield buffer.line, raw, None, _why(error, buffer)
            return
        if end == len(buffer.text) and not buffer.is_over:
            # A number at the end of a chunk may continue in the next.
            buffer.read_more()
            continue
        yield buffer.line, buffer.text[buffer.place : end], value, ""
        buffer.move_to(end)
        if not opening:
            return


class _Buffer:
    """A part of a text file. What was read of it already is before `place`, on line `line`.

    Cutting that off for each small item would copy all the rest each time.
    """

    def __init__(self, stream):
        self._stream = stream
        self.text, self.place, self.line, self.is_over = "", 0, 1, False

    @property
    def length(self):
        """How many characters are waiting."""
        return len(self.text) - self.place

    def read_more(self):
        """Cut off what was read, and add at least as much as is waiting.

        So a large item is not decoded again for each chunk.
        """
        chunk = self._stream.read(max(_CHUNK, self.length))
        self.is_over = not chunk
        self.text, self.place = self.text[self.place :] + decoding.storable(chunk), 0

    def move_to(self, end):
        self.line += self.text.count("\n", self.place, end)
        self.place = end

    def skip_blanks(self):
        following = _NO_BLANK.search(self.text, self.place)
        self.move_to(following.start() if following else len(self.text))


def _why(error, buffer):
    if isinstance(error, json.JSONDecodeError):
        wrong = buffer.line + buffer.text.count("\n", buffer.place, error.pos)
        return (
            f"The JSON breaks off or goes wrong near line {wrong}; nothing behind it can be read."
        )
    return (
        "The JSON is nested or numbered beyond what a record can be; nothing behind it can be read."
    )
