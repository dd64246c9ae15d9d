"""The look: readable in every colour an operator may choose, and the same from right to left."""

import gzip
import io
import re
import tempfile
from operator import sub
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from articles.paper import typesetting
from articles.public import share_images
from articles.templatetags import reading
from physiohub import branding, colours
from tests.builders import published
from tests.reading.large import CLAIMS, PICTURES, REFERENCES, a_large_draft

SHEETS = ["site/site.css", "site/handout.css", "site/sheet.css"]
#: Words that name a side of the screen where a property should name a side of the text.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|(?<![\w-])(?:left|right|top|bottom)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?<![\w-])(?:min-|max-)?(?:width|height)\s*:(?![^{]*\)\s*\{)"
)


def css_of(name):
    return re.sub(r"/\*.*?\*/", "", Path(finders.find(name)).read_text(), flags=re.DOTALL)


class TheStyleSheets(SimpleTestCase):
    def test_name_sides_of_the_text_and_never_of_the_screen(self):
        for name in SHEETS:
            with self.subTest(name):
                # The queries about the size of the screen are about the screen.
                rules = re.sub(r"@media[^{]*\{", "{", css_of(name))
                self.assertEqual(PHYSICAL.findall(rules), [])

    def test_would_notice_one_that_does(self):
        for wrong in (
            "a{margin-left:1px}",
            "a{ left: 0 }",
            "a{text-align:left}",
            "a{ float: right }",
            "a{width:3px}",
        ):
            self.assertTrue(PHYSICAL.search(wrong), wrong)
        for right in (
            "a{margin-inline-start:1px}",
            "a{max-inline-size:3px}",
            "a{border-width:1px}",
        ):
            self.assertFalse(PHYSICAL.search(right), right)

    def test_load_no_font_and_nothing_from_elsewhere(self):
        for name in SHEETS:
            self.assertNotRegex(css_of(name), r"@font-face|@import|url\(|https?:")

    def test_heed_what_readers_ask_of_their_device(self):
        css = css_of("site/site.css")
        for wish in (
            "prefers-color-scheme: dark",
            "forced-colors: active",
            "prefers-reduced-motion",
            "@media print",
        ):
            self.assertIn(wish, css)


class WhatAPageLoads(TestCase):
    def test_of_looks_weighs_little(self):
        published(slug="stretching")
        loaded = set()
        for page in ("", "handout/", "handout/?with=sources"):
            html = self.client.get(f"/articles/stretching/{page}").content.decode()
            names = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)
            with self.subTest(page, loads=names):
                packed = (gzip.compress(Path(finders.find(name)).read_bytes()) for name in names)
                self.assertLess(sum(map(len, packed)), 8_000)
            loaded |= set(names)
        self.assertEqual(loaded, set(SHEETS))


class AColourOfOnesOwn(SimpleTestCase):
    def test_has_the_contrast_that_wcag_says(self):
        self.assertAlmostEqual(colours.contrast("#000000", "#ffffff"), 21, places=2)
        self.assertAlmostEqual(colours.contrast("#777777", "#ffffff"), 4.48, places=2)
        self.assertEqual(colours.contrast("#0f5450", "#0f5450"), 1)

    def test_is_read_however_it_is_written(self):
        for typed in ("#0F5", "00ff55", " #00FF55 "):
            self.assertEqual(colours.parse(typed), "#00ff55")
        for typed in ("", "#12", "teal", "#12345g", "#1234567", "red;}body{"):
            with self.subTest(typed), self.assertRaises(colours.NoColour):
                colours.parse(typed)

    @given(st.integers(0, 0xFFFFFF))
    def test_makes_a_theme_that_can_be_read_whatever_it_is(self, number):
        brand = f"#{number:06x}"
        if colours.contrast(brand, colours.WHITE) < 4.5:
            brand = colours.readable(brand, on=colours.WHITE, at_least=4.6)
        theme = colours.theme(brand)

        for scheme, paper, sand in (
            ("light", colours.PAPER, colours.SAND),
            ("dark", colours.DARK_PAPER, colours.DARK_SAND),
        ):
            look = theme[scheme]
            self.assertGreaterEqual(colours.contrast(look["brand"], colours.WHITE), 4.5)
            self.assertGreaterEqual(colours.contrast(look["link"], paper), 7)
            self.assertGreaterEqual(colours.contrast(look["link"], sand), 7)
            self.assertGreaterEqual(colours.contrast(look["on-calm"], look["calm-tint"]), 7)
            self.assertGreaterEqual(colours.contrast(look["calm"], paper), 3)

    def test_stands_on_the_grounds_the_style_sheet_has(self):
        css = css_of("site/site.css")
        for name, colour in (
            ("paper", colours.PAPER),
            ("sand", colours.SAND),
            ("paper", colours.DARK_PAPER),
            ("sand", colours.DARK_SAND),
        ):
            self.assertIn(f"--{name}: {colour};", css)

    def test_is_carried_by_every_page_as_a_file_that_may_be_kept(self):
        with override_settings(SITE_COLOUR="#7a1f6b"):
            page = self.client_class().get("/language/")  # answered without a database
            self.assertEqual(page.status_code, 405)
            address = branding.site(None)["site_look"]
            sheet = self.client.get(address)

            self.assertEqual(sheet["Content-Type"], "text/css")
            self.assertIn("immutable", sheet["Cache-Control"])
            self.assertIn(b"--brand:#7a1f6b;", sheet.content)
            self.assertEqual(self.client.get("/brand/000000000000.css").status_code, 404)
        self.assertEqual(self.client.get(address).status_code, 404)


class ALogoOfOnesOwn(TestCase):
    def test_stands_on_every_page_and_can_do_nothing(self):
        published(slug="stretching")
        with tempfile.NamedTemporaryFile(suffix=".svg") as file:
            file.write(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
            file.flush()
            with override_settings(SITE_LOGO=file.name):
                address = branding.site(None)["site_logo"]
                for page in ("/", "/articles/stretching/", "/articles/stretching/handout/"):
                    self.assertContains(self.client.get(page), f'src="{address}"')
                answer = self.client.get(address)
                self.assertEqual(answer["Content-Type"], "image/svg+xml")
                self.assertIn("sandbox", answer["Content-Security-Policy"])
                self.assertNotIn("script-src 'self'", answer["Content-Security-Policy"])
                self.assertEqual(
                    typesetting.own_file(settings.SITE_URL + address, ())[0], "image/svg+xml"
                )

    def test_is_ours_where_there_is_none(self):
        self.assertContains(self.client.get("/"), '<svg class="logo"')
        self.assertNotContains(self.client.get("/"), "<img")


class TheIconsOfTheSite(TestCase):
    """What browsers, telephones and other sites show for it."""

    def icons(self):
        page = self.client.get("/").content.decode()
        addresses = [
            re.search(rf'<link rel="{rel}" href="([^"]+)"', page)[1]
            for rel in ("icon", "apple-touch-icon")
        ]
        return [self.client.get(address) for address in addresses]

    def test_follow_its_colour_and_may_be_kept(self):
        with override_settings(SITE_COLOUR="#7a1f6b"):
            icon, touch = self.icons()
            card = share_images.draw("Needling", "PhysioHub")

        self.assertEqual((icon["Content-Type"], touch["Content-Type"]), ("image/png", "image/png"))
        small = Image.open(io.BytesIO(icon.content)).convert("RGBA")
        self.assertEqual(small.size, (64, 64))
        self.assertLess(
            max(map(abs, map(sub, small.getpixel((32, 3)), (0x7A, 0x1F, 0x6B, 255)))), 3
        )
        self.assertIn("immutable", touch["Cache-Control"])
        image = Image.open(io.BytesIO(touch.content)).convert("RGB")
        self.assertEqual((image.size, image.getpixel((0, 0))), ((180, 180), (0x7A, 0x1F, 0x6B)))
        self.assertEqual(
            Image.open(io.BytesIO(card)).convert("RGB").getpixel((0, 0)), (0x7A, 0x1F, 0x6B)
        )

    def test_are_ours_where_it_has_no_colour(self):
        icon, touch = self.icons()

        small = Image.open(io.BytesIO(icon.content)).convert("RGBA")
        self.assertLess(
            max(map(abs, map(sub, small.getpixel((32, 3)), (0x0F, 0x54, 0x50, 255)))), 3
        )
        self.assertEqual(small.getpixel((0, 0))[3], 0)
        self.assertEqual(
            Image.open(io.BytesIO(touch.content)).convert("RGB").getpixel((0, 0)),
            (0x0F, 0x54, 0x50),
        )

    def test_are_its_own_logo_where_it_has_one(self):
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            Image.new("RGB", (40, 40), "#a00000").save(file, "PNG")
            file.flush()
            with override_settings(SITE_LOGO=file.name):
                icon, touch = self.icons()
                card = share_images.draw("Needling", "PhysioHub")

        self.assertTrue(icon.content.startswith(b"\x89PNG"))
        image = Image.open(io.BytesIO(touch.content)).convert("RGB")
        self.assertEqual(
            (image.getpixel((0, 0)), image.getpixel((90, 90))), ((255, 255, 255), (0xA0, 0, 0))
        )
        self.assertEqual(
            Image.open(io.BytesIO(card)).convert("RGB").getpixel((128, 128)), (0xA0, 0, 0)
        )

    def test_are_small_pictures_where_they_can_be_drawn_for_an_svg_holds_up_an_old_phone(self):
        self.assertNotContains(self.client.get("/"), 'type="image/svg+xml"')

    def test_are_the_first_letter_of_its_name_where_its_logo_cannot_be_drawn(self):
        with tempfile.NamedTemporaryFile(suffix=".svg") as file:
            file.write(b'<svg xmlns="http://www.w3.org/2000/svg"></svg>')
            file.flush()
            with override_settings(SITE_LOGO=file.name, SITE_NAME="Clinic"):
                clinic = self.icons()[1].content
            with override_settings(SITE_LOGO=file.name, SITE_NAME="Hospital"):
                self.assertNotEqual(self.icons()[1].content, clinic)

    def test_of_another_look_are_another_card(self):
        published(title="Cupping", slug="cupping")
        first = self.client.get("/articles/cupping/card-1.png").content
        with override_settings(SITE_COLOUR="#7a1f6b"):
            again = self.client.get("/articles/cupping/card-1.png").content
        self.assertNotEqual(again, first)


class AVeryLargePage(TestCase):
    def test_weighs_at_most_a_hundred_kilobytes_beside_its_pictures(self):
        publication = published(a_large_draft())
        content = publication.revision.content
        self.assertEqual(
            (len(content["claims"]), len(content["references"]), len(content["pictures"])),
            (CLAIMS, REFERENCES, PICTURES),
        )

        with self.assertNumQueries(4):
            page = self.client.get("/articles/very-long/", HTTP_ACCEPT_ENCODING="gzip")
        smaller = self.client.get("/articles/very-long/", HTTP_ACCEPT_ENCODING="gzip, br")

        self.assertEqual(page["Content-Encoding"], "gzip")
        # Ten packets, which a server sends without waiting for an answer (RFC 6928), head and all.
        self.assertLess(len(smaller.content), 10 * 1460 - 1_000)
        others = [
            Path(finders.find(name)).read_bytes() for name in ("site/site.css", "site/site.js")
        ]
        self.assertLess(
            len(page.content) + sum(len(gzip.compress(data)) for data in others), 100_000
        )
        # Even a browser that takes nothing packed is not kept waiting for long.
        self.assertLess(len(gzip.decompress(page.content)), 250_000)


class WhatIsSentPacked(TestCase):
    def setUp(self):
        published(slug="stretching")

    def get(self, takes, address="/articles/stretching/"):
        return self.client.get(address, HTTP_ACCEPT_ENCODING=takes)

    def test_is_text_and_not_what_is_packed_already(self):
        address = self.get("", "/articles/stretching/handout.pdf")["Location"]
        packed, pdf = self.get("gzip"), self.get("gzip, br", address)

        self.assertEqual(packed["Content-Encoding"], "gzip")
        self.assertNotIn("Content-Encoding", pdf)
        self.assertTrue(pdf.content.startswith(b"%PDF-"))

    def test_is_packed_as_the_browser_takes_it(self):
        plain = self.get("identity").content
        for takes, packing, unpacked in (
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
            ("br;q=0.8, gzip;q=0.5", "br", brotli.decompress),
            ("BR", "br", brotli.decompress),
            ("gzip, br;q=0", "gzip", gzip.decompress),
            ("gzip, br; q=0.000", "gzip", gzip.decompress),
            ("gzip, brotli", "gzip", gzip.decompress),
        ):
            with self.subTest(takes=takes):
                answer = self.get(takes)

                self.assertEqual(answer["Content-Encoding"], packing)
                self.assertEqual(unpacked(answer.content), plain)
                self.assertEqual(answer["Content-Length"], str(len(answer.content)))
                self.assertIn("Accept-Encoding", answer["Vary"])
        for takes in ("", "identity", "br;q=0"):
            with self.subTest(takes=takes):
                self.assertNotIn("Content-Encoding", self.get(takes))

    def test_is_no_page_of_the_admin(self):
        self.assertNotIn("Content-Encoding", self.get("gzip, br", "/admin/login/"))


class TheDotsOfACount(SimpleTestCase):
    def test_are_a_line_a_row_dashed_into_dots(self):
        self.assertEqual(reading.dots(0, 4), "M6 6h37")
        self.assertEqual(reading.dots(39, 41), "M234 18h1M6 30h1")
        self.assertEqual(reading.dots(4, 4), "")
        self.assertEqual(reading.dots(0, 100).count("M"), 5)


class WordsThatStandApart(SimpleTestCase):
    def test_are_those_that_would_turn_the_words_around_them(self):
        for words in ("p. 3–5", "doi:10.1/x (2)", "Müller & Söhne", "½ of 20 %"):
            self.assertEqual(reading.bdi(words), words)
        for words in ("الألم", "pain \u202e", "٣"):
            self.assertEqual(reading.bdi(words), f"<bdi>{words}</bdi>")
        with translation.override("ar"):
            self.assertEqual(reading.bdi("p. 3"), "<bdi>p. 3</bdi>")

    def test_are_never_trusted(self):
        template = Template("{% load reading %}{{ words|bdi }}")

        for words in ("<b>", "<b>الألم"):
            self.assertIn("&lt;b&gt;", template.render(Context({"words": words})))
