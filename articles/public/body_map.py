"""The drawing of the body on which readers find a problem: from the front and from behind.

The drawing is ours: one outline, and over it the parts, cut to that outline. What it leads to
stands as text beside it, so it is hidden from screen readers and left out of the order of the Tab
key.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

WIDTH = 120  # of one figure, in units of its drawing; it is 300 high
_MIDDLE = WIDTH // 2


@dataclass(frozen=True)
class Shape:
    """One part of a figure, left and right in one path. `part` is a key of wording.BODY_PARTS."""

    part: str
    path: str
    leads: bool  # to the problems of this part


@dataclass(frozen=True)
class BodyFigure:
    """The body from one side. `start` is where it begins, counted from the left."""

    start: int
    shapes: list[Shape]


@dataclass(frozen=True)
class BodyMap:
    """Both figures, and the outline that each is cut to."""

    outline: str
    figures: list[BodyFigure]


def leading_to(parts: Collection[str]) -> BodyMap | None:
    """Return the body from the front and from behind, leading to `parts`.

    None where none of them is on it: the whole body is no place.
    """
    if not set(parts) & _PARTS:
        return None
    figures = [
        BodyFigure(
            start, [Shape(part, path, part != "" and part in parts) for part, path in shapes]
        )
        for start, shapes in ((0, _FRONT), (WIDTH, _BEHIND))
    ]
    return BodyMap(_OUTLINE, figures)


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """Draw a closed curve through `points` (a Catmull-Rom spline as Bezier curves)."""
    count = len(points)
    curves = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for place, (x, y) in enumerate(points):
        before, after, next_one = (points[(place + step) % count] for step in (-1, 1, 2))
        leaving = x + (after[0] - before[0]) / 6, y + (after[1] - before[1]) / 6
        coming = after[0] - (next_one[0] - x) / 6, after[1] - (next_one[1] - y) / 6
        ends = " ".join(f"{round(value, 1):g}" for value in (*leaving, *coming, *after))
        curves.append(f"C{ends}")
    return "".join(curves) + "z"


#: Half of the outline, from the top of the head to between the legs. Each point is how far it is
#: from the middle, and from above.
_HALF = """
    0:3 10:5.5 15.5:14 16.5:25 14:35 9:43 8:47 8.5:53 12:58 21:61.5 30:65 36:72 38.5:82 40:97
    42.5:112 45:126 48.5:142 50.5:156 53:166 54.5:176 53:187 49.5:192 45.5:188 44:178 42.5:168
    40.5:158 37:146 33.5:134 31.5:122 29.5:108 27:94 25.5:93 25:104 23:116 22:127 23.5:138
    27:150 29:162 29.5:176 28:194 25:212 23:224 22.5:236 23.5:250 21:266 17:281 19:288 23:294
    20:297.5 11:297.5 6:295 6:286 7:278 5:262 3.5:250 4.5:238 4:226 3:210 1.5:190 0:172
"""


def _outline() -> str:
    half = [tuple(map(float, point.split(":"))) for point in _HALF.split()]
    right = [(_MIDDLE + away, down) for away, down in half]
    return _smooth(right + [(2 * _MIDDLE - across, down) for across, down in right[-2:0:-1]])


_OUTLINE = _outline()


def _band(width: float, top: float, bottom: float) -> str:
    """Draw a part that lies across the middle, so far to each side."""
    return f"M{_MIDDLE - width:g} {top:g}h{2 * width:g}v{bottom - top:g}h{-2 * width:g}z"


def _both(near: float, far: float, top: float, bottom: float) -> str:
    """Draw a part that is left and right, from `near` to `far` from the middle."""
    width, height = far - near, bottom - top
    return "".join(
        f"M{start:g} {top:g}h{width:g}v{height:g}h{-width:g}z"
        for start in (_MIDDLE - far, _MIDDLE + near)
    )


_ARMS = [("arm", _both(24, 60, 88, 163)), ("hand", _both(36, 60, 163, 200))]
_LEGS = [
    ("leg", _band(32, 172, 214) + _band(32, 242, 278)),
    ("knee", _band(32, 214, 242)),
    ("foot", _band(32, 278, 300)),
]
_HEAD_AND_NECK = [("head", _band(20, 0, 45)), ("neck", _band(21, 45, 62))]
_SHOULDERS = ("shoulder", _both(20, 42, 60, 90))
#: [(part, path)] in the order they are drawn: what comes later lies on top.
_FRONT = [
    *_ARMS,
    ("chest", _band(25.5, 61, 106)),
    ("", _band(25.5, 106, 140)),
    ("pelvis", _band(18, 140, 172)),
    ("hip", _both(18, 31, 140, 172)),
    _SHOULDERS,
    *_HEAD_AND_NECK,
    *_LEGS,
]
_BEHIND = [
    *_ARMS,
    ("back", _band(25.5, 61, 138)),
    ("hip", _band(31, 138, 176)),
    _SHOULDERS,
    *_HEAD_AND_NECK,
    *_LEGS,
]
_PARTS = {part for part, _path in [*_FRONT, *_BEHIND]} - {""}
