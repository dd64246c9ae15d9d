"""The pictures of the demonstration pages, drawn as SVG by code: the same text each time.

People are made of thick round lines, like the person in the logo. The colours are few: the sand of
the site behind, its green for people and bones, lighter greens for what matters less, and one
accent for what matters most. No picture holds text.

`make drawings` turns them into pages/SLUG/picture.png.
"""

from collections.abc import Callable

from physiohub import colours, default_logo

WIDTH, HEIGHT = 800, 500
GROUND, BODY = colours.SAND, default_logo.GROUND
#: The colour --sun of physiohub/assets/site/site.css.
ACCENT = "#c8673a"
FAR = colours.mix(BODY, GROUND, 0.45)
PALE = colours.mix(BODY, GROUND, 0.8)

_FLOOR = 440
_ARM, _LEG, _TRUNK = 27, 34, 58

Point = tuple[float, float]


def svg(slug: str) -> str:
    """Return the picture of the page `slug` as SVG. Raises KeyError if it has none."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke-linecap="round"'
        f' stroke-linejoin="round">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>{DRAWINGS[slug]()}</svg>\n'
    )


# --- pencils ------------------------------------------------------------------------------------


def _path(d: str, width: float, colour: str = BODY, fill: str = "none") -> str:
    return f'<path d="{d}" stroke="{colour}" stroke-width="{width}" fill="{fill}"/>'


def _line(width: float, *points: Point, colour: str = BODY) -> str:
    return _path("M" + " L".join(f"{x:g} {y:g}" for x, y in points), width, colour)


def _shape(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def _disc(x: float, y: float, radius: float, colour: str = BODY) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"/>'


def _ring(x: float, y: float, radius: float, width: float, colour: str = BODY) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" stroke="{colour}" stroke-width="{width:g}"/>'
    )


def _box(x: float, y: float, width: float, height: float, fill: str, round_by: float = 8) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_by:g}"'
        f' fill="{fill}"/>'
    )


def _arrow(d: str, tip: Point, left: Point, right: Point) -> str:
    """An arrow along the path `d`; its head is the line from `left` over `tip` to `right`."""
    return _path(d, 13, ACCENT) + _line(13, left, tip, right, colour=ACCENT)


def _arrow_up(x: float, low: float, high: float) -> str:
    return _arrow(f"M{x:g} {low:g} V{high:g}", (x, high), (x - 24, high + 24), (x + 24, high + 24))


def _floor() -> str:
    return _line(7, (90, _FLOOR + 17), (710, _FLOOR + 17), colour=FAR)


# --- drawings -----------------------------------------------------------------------------------


def _stand_on_one_foot() -> str:
    """A person on one foot, a hand on a worktop."""
    worktop = (
        _box(492, 282, 180, 172, PALE)
        + _box(470, 262, 224, 24, FAR)
        + _line(7, (582, 300), (582, 440), colour=FAR)
        + _line(9, (562, 320), (562, 350), colour=FAR)
        + _line(9, (602, 320), (602, 350), colour=FAR)
    )
    person = (
        _disc(330, 96, 36)
        + _line(_TRUNK, (330, 180), (330, 268))
        + _line(_LEG, (344, 280), (344, _FLOOR), (356, _FLOOR))
        + _line(_LEG, (316, 280), (254, 330), (300, 392), colour=BODY)
        + _line(_ARM, (312, 168), (252, 208), (206, 176))
        + _line(_ARM, (348, 168), (402, 218), (482, 248))
    )
    return _floor() + worktop + person + _arrow_up(206, 404, 310)


def _turn_the_head() -> str:
    """A head from above, turned to one side by two hands."""
    head = _path("M374 140 L400 92 L426 140 Z", 20, BODY, BODY) + _disc(400, 250, 122)
    hands = ((300, 530), (256, 380), (288, 296)), ((500, 530), (544, 380), (512, 296))
    return (
        _box(110, 196, 580, 168, FAR, 84)
        + f'<g transform="rotate(50 400 250)">{head}</g>'
        + "".join(_line(74, *points, colour=GROUND) for points in hands)
        + "".join(_line(50, *points) for points in hands)
        + _arrow("M400 66 A186 186 0 0 1 548 134", (548, 134), (556, 84), (498, 128))
    )


def _space_in_the_shoulder() -> str:
    """A shoulder joint from the front: a tendon runs under the roof of the joint."""
    skin = "M-10 130 C150 160 240 96 360 84 C520 66 670 140 670 300 L670 510 L-10 510 Z"
    blade = (
        "M126 262 C200 240 300 226 356 238 C384 252 384 330 366 352 C320 372 290 400 290 510"
        " L176 510 L176 400 Z"
    )
    arm = "M470 510 L470 392 A88 88 0 1 1 584 310 C588 340 566 350 566 392 L566 510 Z"
    roof = (
        "M-10 158 C200 178 330 134 440 122 C510 116 570 140 576 166 C552 182 490 160 432 162"
        " C330 174 200 214 -10 196 Z"
    )
    tendon = "M182 240 C290 214 400 192 486 198 C556 204 594 240 590 300"
    return (
        _shape(skin, PALE)
        + _shape(blade, BODY)
        + _shape(arm, BODY)
        + _path(tendon, 24, ACCENT)
        + _shape(roof, BODY)
    )


def _hand_on_the_shoulder() -> str:
    """A physio has a hand on the shoulder of somebody who sits and lifts an arm."""
    stool = (
        _box(390, 366, 112, 22, FAR)
        + _line(14, (412, 384), (404, _FLOOR + 8), colour=FAR)
        + _line(14, (480, 384), (488, _FLOOR + 8), colour=FAR)
    )
    physio = (
        _disc(256, 92, 36, FAR)
        + _line(_TRUNK, (254, 176), (254, 268), colour=FAR)
        + _line(_LEG, (242, 280), (236, _FLOOR), (254, _FLOOR), colour=FAR)
        + _line(_LEG, (266, 280), (282, _FLOOR), (300, _FLOOR), colour=FAR)
        + _line(_ARM, (262, 166), (336, 212), (424, 212), colour=FAR)
    )
    patient = (
        _disc(450, 136, 36)
        + _line(_TRUNK, (444, 222), (444, 330))
        + _line(_LEG, (446, 344), (556, 344), (556, _FLOOR), (576, _FLOOR))
        + _line(_ARM, (452, 216), (538, 194), (596, 112))
    )
    hand = _line(_ARM, (424, 212), (444, 213), colour=ACCENT)
    lift = _arrow("M650 236 A206 206 0 0 0 652 120", (652, 120), (622, 146), (680, 148))
    return _floor() + stool + physio + patient + hand + lift


def _lift_the_hips() -> str:
    """Somebody lies on a mat with bent knees and lifts the hips."""
    mat = _box(86, _FLOOR - 2, 520, 18, FAR, 9)
    person = (
        _disc(150, 388, 37)
        + _line(_ARM, (230, 408), (360, 422), colour=FAR)
        + _line(_TRUNK, (226, 390), (374, 300))
        + _line(_LEG + 14, (378, 297), (506, 232))
        + _line(_LEG, (510, 226), (534, _FLOOR - 18), (560, _FLOOR - 18))
    )
    return _floor() + mat + person + _arrow_up(416, 408, 336)


def _rise_from_a_chair() -> str:
    """Somebody rises from a chair; one knee is marked."""
    chair = (
        _box(190, 328, 166, 22, FAR)
        + _line(18, (200, 336), (180, 180), colour=FAR)
        + _line(16, (206, 346), (200, _FLOOR + 8), colour=FAR)
        + _line(16, (340, 346), (346, _FLOOR + 8), colour=FAR)
    )
    person = (
        _disc(452, 106, 36)
        + _line(_TRUNK, (426, 178), (368, 268))
        + _line(_ARM, (428, 182), (496, 232), (574, 214))
        + _line(_LEG + 4, (362, 278), (492, 306))
        + _line(_LEG, (492, 306), (454, _FLOOR), (482, _FLOOR))
    )
    knee = _disc(492, 306, 24, ACCENT)
    return _floor() + chair + person + knee + _arrow_up(268, 282, 190)


def _cycle_for_the_heart() -> str:
    """Somebody rides an exercise bike, beside a heart."""
    bike = (
        _disc(504, 366, 74, FAR)
        + _line(16, (320, 272), (366, 440), colour=FAR)
        + _line(16, (366, 440), (504, 366), (462, 222), (500, 204), colour=FAR)
        + _line(20, (284, 266), (352, 262), colour=FAR)
        + _line(20, (290, _FLOOR + 4), (560, _FLOOR + 4), colour=FAR)
    )
    person = (
        _disc(424, 84, 36)
        + _line(_TRUNK, (396, 152), (334, 226))
        + _line(_ARM, (400, 160), (428, 226), (494, 206))
        + _line(_LEG + 4, (328, 236), (440, 290))
        + _line(_LEG, (440, 290), (396, 396), (424, 402))
    )
    heart = (
        "M640 236 C592 196 560 168 560 128 C560 98 582 80 604 80 C622 80 634 92 640 106"
        " C646 92 658 80 676 80 C698 80 720 98 720 128 C720 168 688 196 640 236 Z"
    )
    return bike + person + _shape(heart, ACCENT)


def _sling_under_the_bladder() -> str:
    """The lower body from the front: the pelvic floor holds up the bladder like a sling."""
    body = (
        "M250 -10 C262 70 236 120 206 176 C168 250 160 330 166 510 L376 510 C380 456 388 434 400"
        " 426 C412 434 420 456 424 510 L634 510 C640 330 632 250 594 176 C564 120 538 70 550 -10 Z"
    )
    hip = (
        "M362 138 C322 88 256 104 242 164 C232 212 262 246 282 282 C290 310 290 336 308 344"
        " C330 346 334 316 330 292 C326 258 350 220 362 138 Z"
    )
    bladder = "M400 206 C446 206 458 250 440 276 C428 292 372 292 360 276 C342 250 354 206 400 206"
    return (
        _shape(body, PALE)
        + _line(44, (400, -30), (400, 100), colour=FAR)
        + _path("M372 112 L428 112 L408 170 L392 170 Z", 24, FAR, FAR)
        + _shape(hip, FAR)
        + f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{_shape(hip, FAR)}</g>'
        + _shape(bladder, BODY)
        + _path("M314 312 C344 352 456 352 486 312", 28, ACCENT)
        + _arrow_up(342, 424, 374)
        + _arrow_up(458, 424, 374)
    )


def _needle_over_a_muscle() -> str:
    """A thin needle goes through the skin into a tight spot of a muscle."""
    gaps = range(280, 500, 56)
    fibres = "".join(_line(7, (-10, y), (WIDTH + 10, y), colour=GROUND) for y in gaps)
    return (
        _box(0, 150, WIDTH, 36, PALE, 0)
        + _box(0, 226, WIDTH, 300, FAR, 0)
        + fibres
        + f'<ellipse cx="400" cy="364" rx="66" ry="38" fill="{ACCENT}"/>'
        + _line(9, (400, 364), (484, 112))
        + _line(28, (488, 98), (512, 30))
    )


def _splint_on_the_wrist() -> str:
    """A hand with a splint that keeps the wrist straight."""
    hand = (
        _line(96, (-60, 268), (430, 262))
        + _line(118, (444, 262), (486, 262))
        + _line(33, (520, 220), (640, 198))
        + _line(35, (530, 250), (694, 240))
        + _line(35, (530, 282), (682, 286))
        + _line(31, (516, 308), (630, 334))
        + _line(34, (440, 236), (494, 150), (556, 132))
    )
    splint = (
        "M180 222 L414 210 C444 208 452 196 462 204 L486 312 C478 322 452 316 414 314 L180 318 Z"
    )
    straps = (
        _line(18, (x, top), (x, low), colour=GROUND)
        for x, top, low in ((226, 218, 318), (312, 214, 316), (398, 210, 314))
    )
    return hand + _path(splint, 10, ACCENT, ACCENT) + "".join(straps)


def _lift_weights() -> str:
    """Somebody lifts two light weights; the neck is marked."""
    weights = "".join(
        _line(14, (x - 50, 84), (x + 50, 84), colour=FAR)
        + _line(30, (x - 50, 66), (x - 50, 102), colour=FAR)
        + _line(30, (x + 50, 66), (x + 50, 102), colour=FAR)
        for x in (222, 578)
    )
    trunk = "M318 520 L318 300 Q318 270 348 270 L452 270 Q482 270 482 300 L482 520"
    person = (
        _path(trunk, 60, BODY, BODY)
        + _line(52, (332, 272), (212, 300), (222, 100))
        + _line(52, (468, 272), (588, 300), (578, 100))
    )
    neck = _line(46, (400, 200), (400, 236), colour=ACCENT)
    return weights + person + neck + _disc(400, 124, 64)


DRAWINGS: dict[str, Callable[[], str]] = {
    "cardiac-rehabilitation": _cycle_for_the_heart,
    "dry-needling": _needle_over_a_muscle,
    "epley-for-spinning-dizziness": _turn_the_head,
    "exercise-for-knee-osteoarthritis": _rise_from_a_chair,
    "exercise-for-long-lasting-back-pain": _lift_the_hips,
    "exercise-for-long-lasting-neck-pain": _lift_weights,
    "exercise-to-prevent-falls": _stand_on_one_foot,
    "manual-therapy-and-exercise-for-the-shoulder": _hand_on_the_shoulder,
    "pelvic-floor-muscle-training": _sling_under_the_bladder,
    "shoulder-decompression-surgery": _space_in_the_shoulder,
    "wrist-splint-for-carpal-tunnel": _splint_on_the_wrist,
}
