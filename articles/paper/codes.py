"""QR codes as drawings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

import segno

_BORDER = 4  # empty modules that must surround a QR code


class QRCode(TypedDict):
    """A QR code as a drawing: `size` modules a side, and the SVG path of its dark modules."""

    size: int
    path: str


def qr(text: str) -> QRCode:
    """Draw `text` as a QR code."""
    # Level M survives a fold or a stain on the paper, and keeps the modules large.
    code = segno.make_qr(text, error="m")
    rows = [list(row) for row in code.matrix_iter(border=_BORDER)]
    return {"size": len(rows), "path": "".join(_runs(rows))}


def _runs(rows: Iterable[Sequence[int]]) -> Iterator[str]:
    """Draw dark neighbours in a row as one bar, which is much shorter than a square for each."""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                yield f"M{start} {y}h{x - start}v1H{start}z"
            else:
                x += 1
