"""A pasted or typed list of references, in AMA or Vancouver style, one Record a reference."""

from references import typed_lines

from . import decoding, limits
from .records import Record


def read(data):
    """A Record, still to be settled, for each reference in `data` (bytes, text or a binary
    file).
    """
    text = decoding.whole(decoding.opened(data))
    for number, (line, raw) in enumerate(typed_lines.placed(text), start=1):
        yield limits.attempted(number, line, raw, _record, number, line, raw)


def _record(number, line, raw):
    try:
        typed = typed_lines.parse(raw)
    except typed_lines.NotAReference as problem:
        return Record(number, line, {}, raw, refused=str(problem))
    warnings = tuple(
        f"is this the {found.kind.upper()}: {found.display}?" for found in typed.offered
    )
    return Record(number, line, dict(typed.csl), raw, repairs=typed.repairs, warnings=warnings)
