"""The standard logo of the site, a person who stretches, as a picture on any colour.

It is the same drawing as in templates/components/logo.html.
"""

from PIL import Image, ImageDraw

from . import colours

GROUND, INK, SUN = "#0f5450", colours.WHITE, "#f4b183"
_BODY = ((6.5, 25.5), (11, 25), (14.5, 22.5), (16.3, 19.3), (17, 16), (15.6, 12.8), (13, 10.5))
_ARM = ((16.3, 19.3), (19.5, 20), (22.3, 22.2), (24.5, 25.5))


def image(size: int, ground: str = GROUND, *, behind: str | None = None) -> Image.Image:
    """Draw the mark as a square PIL picture of `size` pixels.

    With a colour `behind` it, the corners are round. That colour can be transparent ("#0000"). The
    mark is drawn four times as large and then reduced, for smooth edges.
    """
    unit = size * 4 / 32
    picture = Image.new("RGBA", (size * 4, size * 4), behind or ground)
    pen = ImageDraw.Draw(picture)
    if behind:
        pen.rounded_rectangle((0, 0, size * 4, size * 4), radius=9 * unit, fill=ground)
    pen.ellipse((18.3 * unit, 5.8 * unit, 24.7 * unit, 12.2 * unit), fill=SUN)
    for line in (_BODY, _ARM):
        points = [(a * unit, b * unit) for a, b in line]
        pen.line(points, fill=INK, width=round(3 * unit), joint="curve")
        for a, b in (points[0], points[-1]):
            pen.ellipse((a - 1.5 * unit, b - 1.5 * unit, a + 1.5 * unit, b + 1.5 * unit), fill=INK)
    return picture.resize((size, size), Image.Resampling.LANCZOS)
