"""A pasted or typed list of references, in AMA or Vancouver style, one Record a reference."""

from references import typed_lines

from . import decoding
from .records import Record


def read(data):
    """A Record, still to be settled, for each reference in `data` (bytes, text or a binary file)."""
    text = decoding.whole(decoding.opened(data))
    lines = text.splitlines()
    position = 0
    for number, raw in enumerate(typed_lines.split_list(text), start=1):
        # split_list gives words, not places: each reference begins at or behind where the last one did.
        head = raw[:40]
        position = next((place for place in range(position, len(lines)) if head[:20] in lines[place]), position)
        yield _record(number, position + 1, raw)
        position += 1


def _record(number, line, raw):
    try:
        typed = typed_lines.parse(raw)
    except typed_lines.NotAReference as problem:
        return Record(number, line, {}, raw, refused=str(problem))
    warnings = tuple(f"is this the {found.kind.upper()}: {found.display}?" for found in typed.offered)
    return Record(number, line, dict(typed.csl), raw, repairs=typed.repairs, warnings=warnings)
