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
