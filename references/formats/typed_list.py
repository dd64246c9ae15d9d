"""A pasted or typed list of references, in AMA or Vancouver style."""

from collections.abc import Iterator

from references import typed_lines

from . import decoding, limits
from .decoding import Source
from .records import Record


def read(data: Source) -> Iterator[Record]:
    """Yield a Record, not conforming yet, for each reference in `data`."""
    text = decoding.whole_text(decoding.as_stream(data))
    for number, (line, raw) in enumerate(typed_lines.placed(text), start=1):
        yield limits.read_or_refuse(number, line, raw, _record, number, line, raw)


#: How many lines of a file are tried, from all over its beginning.
_MOST_TRIED_LINES = 60
_LONGEST_HEAD = 60_000


def is_one(text: str) -> bool:
    """Return whether `text` is a list of references: most of what it holds reads as one.

    Program code, letters and pages about other things have a line or two that could be one.
    """
    head = text[:_LONGEST_HEAD]
    if len(text) > _LONGEST_HEAD:
        # The last line may be cut off.
        head = head.rpartition("\n")[0] or head
    pieces = [raw for _, raw in typed_lines.placed(head)]
    tried = pieces[:: len(pieces) // _MOST_TRIED_LINES + 1]
    return bool(tried) and 2 * sum(map(_names_a_work, tried)) > len(tried)


def _names_a_work(raw):
    """Return whether `raw` reads as a reference that says who wrote a work, and when or where."""
    try:
        csl = typed_lines.parse(raw).csl
    except typed_lines.NotAReference:
        return False
    has_people = bool(csl.get("author") or csl.get("editor"))
    return has_people and bool(csl.keys() & {"issued", "DOI", "PMID", "PMCID", "URL"})


def _record(number, line, raw):
    try:
        typed = typed_lines.parse(raw)
    except typed_lines.NotAReference as error:
        return Record(number, line, {}, raw, refused=str(error))
    warnings = tuple(
        f"is this the {offered.kind.upper()}: {offered.display}?" for offered in typed.offered
    )
    return Record(
        number,
        line,
        typed.csl,
        raw,
        integrity=typed.integrity,
        repairs=typed.repairs,
        warnings=warnings,
    )
