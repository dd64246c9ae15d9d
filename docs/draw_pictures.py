"""The pictures of the demonstration pages, from articles/demonstration/drawings.py: draws each in a
browser and writes it as articles/demonstration/pages/SLUG/picture.png.

`make drawings`. Needs what the browser tests need. A picture has few colours, so that readers load
little, and its note "drawing" names the SVG it was made from: a test compares the two.
"""

import io
import sys
from hashlib import sha256
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from articles.demonstration import drawings  # noqa: E402
from tests.browser import CHROMIUM, FLAGS  # noqa: E402

PAGES = ROOT / "articles" / "demonstration" / "pages"
COLOURS = 24


def draw(page, slug):
    """Write the picture of one demonstration page; `page` is one of the browser."""
    drawing = drawings.svg(slug)
    page.set_content(f'<body style="margin:0">{drawing}</body>')
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    note = PngImagePlugin.PngInfo()
    note.add_text("drawing", sha256(drawing.encode()).hexdigest())
    folder = PAGES / slug
    folder.mkdir(exist_ok=True)
    few.save(folder / "picture.png", optimize=True, pnginfo=note)


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(
            viewport={"width": drawings.WIDTH, "height": drawings.HEIGHT}, device_scale_factor=1
        )
        for slug in drawings.DRAWINGS:
            draw(page, slug)
        browser.close()


if __name__ == "__main__":
    main()
