"""Colours, and how well text in one can be read on another.

Relative luminance and contrast ratio are those of WCAG 2.2. A colour is written "#rrggbb", in lower
case. Every function here is pure.
"""

import re

WHITE, BLACK = "#ffffff", "#000000"
#: The backgrounds of text in physiohub/assets/site/site.css.
PAPER, SAND, DARK_PAPER, DARK_SAND = "#fdfbf7", "#f3ece0", "#151d1d", "#1d2827"


class NoColour(ValueError):
    """The text is not a colour."""


def parse(typed: str) -> str:
    """Read "#0F5", "0f5450" and the like as "#rrggbb". Raises NoColour."""
    digits = typed.strip().lstrip("#").lower()
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch(r"[0-9a-f]{6}", digits):
        raise NoColour(typed)
    return f"#{digits}"


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, from 1 (the same colour) to 21 (black and white).

    Text needs 4.5, and is easy to read from 7 on.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return `one` mixed with a `share`, from 0 to 1, of `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, *, on: str, at_least: float) -> str:
    """Make `colour` darker or lighter until its contrast with the background `on` is `at_least`.

    The hue stays the same.
    """
    towards = BLACK if _luminance(on) > 0.18 else WHITE
    steps = (mix(colour, towards, step / 50) for step in range(51))
    return next((shade for shade in steps if contrast(shade, on) >= at_least), towards)


def theme(brand: str) -> dict[str, dict[str, str]]:
    """Return {"light": {…}, "dark": {…}} with the colours of site.css for a site in `brand`."""
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


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
