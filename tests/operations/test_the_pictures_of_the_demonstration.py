"""The pictures of the demonstration pages, which code draws and `make drawings` writes."""

from hashlib import sha256
from pathlib import Path
from unittest import TestCase

from django.conf import settings
from PIL import Image

from articles.demonstration import drawings
from articles.demonstration.page_files import FOLDER
from articles.pictures import processing
from physiohub import colours

MOST_BYTES = 20_000


def picture_of(slug):
    return FOLDER / slug / "picture.png"


class EveryDrawing(TestCase):
    def test_is_the_same_when_it_is_drawn_again(self):
        for slug in drawings.DRAWINGS:
            with self.subTest(slug):
                drawing = drawings.svg(slug)

                self.assertEqual(drawing, drawings.svg(slug))
                with Image.open(picture_of(slug)) as picture:
                    self.assertEqual(picture.size, (drawings.WIDTH, drawings.HEIGHT))
                    # Wrong: the drawing has changed since, so run `make drawings`.
                    self.assertEqual(picture.text["drawing"], sha256(drawing.encode()).hexdigest())

    def test_holds_shapes_and_no_words(self):
        for slug in drawings.DRAWINGS:
            with self.subTest(slug):
                self.assertNotRegex(drawings.svg(slug), r"<text|<title|>\s*[^<\s]")

    def test_costs_a_reader_little(self):
        for slug in drawings.DRAWINGS:
            with self.subTest(slug):
                renditions = processing.prepare(picture_of(slug).read_bytes()).renditions

                self.assertEqual({file.width for file in renditions}, {400, 800})
                self.assertLessEqual(max(len(file.data) for file in renditions), MOST_BYTES)

    def test_belongs_to_a_page_and_every_picture_was_drawn(self):
        self.assertEqual(
            {path.parent.name for path in FOLDER.glob("*/picture.png")}, set(drawings.DRAWINGS)
        )


class TheColours(TestCase):
    def test_stand_out_from_what_is_behind_them(self):
        for colour in (drawings.BODY, drawings.ACCENT):
            self.assertGreaterEqual(colours.contrast(colour, drawings.GROUND), 3)

    def test_are_those_of_the_site(self):
        sheet = Path(settings.BASE_DIR, "physiohub/assets/site/site.css").read_text()

        for colour in (drawings.GROUND, drawings.BODY, drawings.ACCENT):
            self.assertIn(colour, sheet)
