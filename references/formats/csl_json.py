"""CSL-JSON: one item, a list of them, or {"items": […]}; one item in memory at a time."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from references.csl import Csl

from . import carrying, decoding, limits
from .decoding import Source
from .limits import LONGEST_RECORD
from .records import Record

_NO_BLANK = re.compile(r"[^\s,]")
_CHUNK = 1 << 16
_ITEMS = re.compile(r'\s*\{\s*"(?:items|references)"\s*:\s*\[')


def read(data: Source) -> Iterator[Record]:
    """A Record, not conforming yet, for each item in `data`."""
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


def _record(number, line, raw, item):
    limits.check_depth(item)
    return Record(number, line, item, raw, uid=carrying.uid_in(item.get("id")))


def items(data: Source) -> Iterator[tuple[int, str, Any, str]]:
    """Line, raw text, value and "" for each value in a JSON list, or for the one value there is.

    Where a list breaks off or is not JSON, the last entry has a sentence in place of "": JSON
    cannot be read on from there.
    """
    text = decoding.text_stream(decoding.as_stream(data))
    decoder = json.JSONDecoder(parse_constant=lambda name: None)
    # Text that was read stays before `place`: cutting it off for each item would copy all the rest.
    buffer, place, line, is_over = "", 0, 1, False

    def read_more():
        nonlocal buffer, place, is_over
        # Twice as much each time, so that a large item is not decoded again for each chunk.
        chunk = text.read(max(_CHUNK, len(buffer) - place))
        is_over = not chunk
        buffer, place = buffer[place:] + decoding.storable(chunk), 0

    def move_to(end):
        nonlocal place, line
        line += buffer.count("\n", place, end)
        place = end

    read_more()
    buffer = buffer.removeprefix("\ufeff")
    opening = re.match(r"\s*\[", buffer) or _ITEMS.match(buffer)
    if opening:
        move_to(opening.end())
    while True:
        following = _NO_BLANK.search(buffer, place)
        move_to(following.start() if following else len(buffer))
        if place == len(buffer):
            if not is_over:
                read_more()
                continue
            if opening:
                yield line, "", None, "The file ends in the middle of its list of records."
            return
        if opening and buffer[place] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, place)
        except (ValueError, RecursionError) as error:
            if not is_over and len(buffer) - place < LONGEST_RECORD:
                read_more()
                continue
            yield line, buffer[place : place + 2000], None, _why(error, buffer, place, line)
            return
        if end == len(buffer) and not is_over:
            # A number at the end of a chunk may continue in the next.
            read_more()
            continue
        raw = buffer[place:end]
        yield line, raw, value, ""
        move_to(end)
        if not opening:
            return


def _why(error, buffer, place, line):
    if isinstance(error, json.JSONDecodeError):
        wrong = line + buffer.count("\n", place, error.pos)
        return (
            f"The JSON breaks off or goes wrong near line {wrong}; nothing behind it can be read."
        )
    return (
        "The JSON is nested or numbered beyond what a record can be; nothing behind it can be read."
    )


def write(csl: Csl, uid: UUID | str = "") -> str:
    """`csl` as one object on its own lines, with `uid` as its “id”."""
    item = {
        "id": str(uid) or csl.get("DOI") or csl.get("title", "")[:60] or "item",
        **carrying.csl_of(csl),
    }
    return json.dumps(item, ensure_ascii=False, indent=2)
