"""The mark of the site, someone who stretches: as an SVG and as a picture, on the ground of any colour.

The same drawing as in templates/components/logo.html.
"""

from PIL import Image, ImageDraw

from . import colours

GROUND, INK, SUN = "#0f5450", colours.WHITE, "#f4b183"
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="{ground}"/>'
    '<circle cx="21.5" cy="9" r="3.2" fill="{sun}"/><path d="M6.5 25.5c5.5 0 8.5-2 9.8-6.2 1-3.3.2-6.2-3.3-8.8'
    'M16.3 19.3c3 .3 6 2.3 8.2 6.2" fill="none" stroke="{ink}" stroke-width="3" stroke-linecap="round"/></svg>'
)
_BODY = ((6.5, 25.5), (11, 25), (14.5, 22.5), (16.3, 19.3), (17, 16), (15.6, 12.8), (13, 10.5))
_ARM = ((16.3, 19.3), (19.5, 20), (22.3, 22.2), (24.5, 25.5))


def svg(ground=GROUND):
    return _SVG.format(ground=ground, sun=SUN, ink=INK)


def image(size, ground=GROUND, *, behind=None):
    """A square picture (PIL) of `size` pixels; its corners are round where there is a colour `behind` it.

    Drawn four times as big, for smooth edges.
    """
    unit = size * 4 / 32
    drawn = Image.new("RGB", (size * 4, size * 4), behind or ground)
    pen = ImageDraw.Draw(drawn)
    if behind:
        pen.rounded_rectangle((0, 0, size * 4, size * 4), radius=9 * unit, fill=ground)
    pen.ellipse((18.3 * unit, 5.8 * unit, 24.7 * unit, 12.2 * unit), fill=SUN)
    for line in (_BODY, _ARM):
        points = [(a * unit, b * unit) for a, b in line]
        pen.line(points, fill=INK, width=round(3 * unit), joint="curve")
        for a, b in (points[0], points[-1]):
            pen.ellipse((a - 1.5 * unit, b - 1.5 * unit, a + 1.5 * unit, b + 1.5 * unit), fill=INK)
    return drawn.resize((size, size), Image.Resampling.LANCZOS)
