"""Colours and how well they read on each other, after WCAG 2.2 (relative luminance, contrast
ratio). Pure.

A colour is written "#rrggbb", in lower case.
"""

import re

WHITE, BLACK = "#ffffff", "#000000"
#: The grounds words stand on in physiohub/assets/site/site.css.
PAPER, SAND, DARK_PAPER, DARK_SAND = "#fdfbf7", "#f3ece0", "#151d1d", "#1d2827"


class NoColour(ValueError):
    """What was written is no colour."""


def parse(typed):
    """ "#0F5", "0f5450" and the like as "#rrggbb"; raises NoColour."""
    digits = typed.strip().lstrip("#").lower()
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch(r"[0-9a-f]{6}", digits):
        raise NoColour(typed)
    return f"#{digits}"


def contrast(one, other):
    """From 1 (the same) to 21 (black and white); words need 4.5, and read well at 7."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one, other, share):
    """`one` with a `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour, *, on, at_least):
    """`colour`, made darker or lighter until its contrast with the ground `on` is `at_least`.

    Its hue is kept.
    """
    towards = BLACK if _luminance(on) > 0.18 else WHITE
    steps = (mix(colour, towards, step / 50) for step in range(51))
    return next((shade for shade in steps if contrast(shade, on) >= at_least), towards)


def theme(brand):
    """{"light": {…}, "dark": {…}}: what the names in site.css are when the site has the colour
    `brand`.
    """
    light_tint, dark_tint = mix(brand, WHITE, 0.91), mix(brand, DARK_PAPER, 0.82)
    return {
        "light": {
            "brand": brand,
            "calm": readable(brand, on=SAND, at_least=3.2),
            "on-calm": readable(brand, on=light_tint, at_least=7),
            "calm-tint": light_tint,
            "link": readable(brand, on=SAND, at_least=7),
        },
        "dark": {
            "brand": readable(brand, on=WHITE, at_least=9),
            "calm": readable(brand, on=DARK_PAPER, at_least=5),
            "on-calm": readable(brand, on=dark_tint, at_least=7),
            "calm-tint": dark_tint,
            "link": readable(brand, on=DARK_SAND, at_least=7),
        },
    }


def _channels(colour):
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour):
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
