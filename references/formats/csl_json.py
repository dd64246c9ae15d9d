"""CSL-JSON: one item, a list of them, or {"items".

[…]}; read an item at a time, however long the file is.
"""

import json
import re

from . import carrying, decoding, limits
from .limits import LONGEST_RECORD
from .records import Record

_BLANKS = re.compile(r"[\s,]*")
_CHUNK = 1 << 16
_ITEMS = re.compile(r'\s*\{\s*"(?:items|references)"\s*:\s*\[')


def read(data):
    """A Record, still to be settled, for each item in `data` (bytes, text or a binary file)."""
    for number, (line, raw, item, problem) in enumerate(items(data), start=1):
        if problem:
            yield Record(number, line, {}, raw, refused=problem)
        elif not isinstance(item, dict):
            yield Record(
                number,
                line,
                {},
                raw,
                refused="This is no record: an object with fields was expected.",
            )
        else:
            yield limits.attempted(number, line, raw, _record, number, line, raw, item)


def _record(number, line, raw, item):
    limits.check_depth(item)
    return Record(number, line, item, raw, uid=carrying.uid_in(item.get("id")))


def items(data):
    """(line, raw text, value, problem) of each value in a JSON list, or of the one value there is.

    A list that breaks off or goes wrong ends with an item that names the problem: JSON has no place
    to go on from.
    """
    text = decoding.as_text(decoding.opened(data))
    decoder = json.JSONDecoder(parse_constant=lambda name: None)
    # What is read already stays before `place`: cutting it off for each small item would copy all
    # the rest.
    buffer, place, line, is_over = "", 0, 1, False

    def more():
        nonlocal buffer, place, is_over
        # As much again as waits already, so that one item of many chunks is not decoded once a
        # chunk.
        chunk = text.read(max(_CHUNK, len(buffer) - place))
        is_over = not chunk
        buffer, place = buffer[place:] + decoding.storable(chunk), 0

    def skip_to(end):
        nonlocal place, line
        line += buffer.count("\n", place, end)
        place = end

    more()
    buffer = buffer.removeprefix("\ufeff")
    opening = re.match(r"\s*\[", buffer) or _ITEMS.match(buffer)
    if opening:
        skip_to(opening.end())
    while True:
        skip_to(_BLANKS.match(buffer, place).end())
        if place == len(buffer):
            if not is_over:
                more()
                continue
            if opening:
                yield line, "", None, "The file ends in the middle of its list of records."
            return
        if opening and buffer[place] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, place)
        except (ValueError, RecursionError) as problem:
            if not is_over and len(buffer) - place < LONGEST_RECORD:
                more()
                continue
            yield line, buffer[place : place + 2000], None, _why(problem, buffer, place, line)
            return
        if end == len(buffer) and not is_over:
            # A number at the end of a chunk may go on in the next.
            more()
            continue
        raw = buffer[place:end]
        yield line, raw, value, ""
        skip_to(end)
        if not opening:
            return


def _why(problem, buffer, place, line):
    if isinstance(problem, json.JSONDecodeError):
        wrong = line + buffer.count("\n", place, problem.pos)
        return (
            f"The JSON breaks off or goes wrong near line {wrong}; nothing behind it can be read."
        )
    return (
        "The JSON is nested or numbered beyond what a record can be; nothing behind it can be read."
    )


def write(csl, uid=""):
    """`csl` as one object on its own lines, with `uid` as its "id"."""
    item = {
        "id": str(uid) or csl.get("DOI") or csl.get("title", "")[:60] or "item",
        **carrying.csl_of(csl),
    }
    return json.dumps(item, ensure_ascii=False, indent=2)
