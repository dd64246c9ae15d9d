"""Pictures: what is taken, what is refused, and what becomes of what is taken."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.forms import inlineformset_factory
from django.test import SimpleTestCase, TestCase
from PIL import Image, ImageCms
from PIL.ExifTags import GPS, IFD, Base

from articles import preflight
from articles.admin.article.pictures import PictureRowForm, PictureRows
from articles.models import Article, ArticlePicture, AuditEntry, Picture
from articles.pictures import processing
from articles.richtext.headings import headings_in
from tests.builders import a_clinician, a_draft, a_picture, an_image, with_picture


def opened(data):
    return Image.open(io.BytesIO(data))


def a_png(width, height, pixels=b""):
    """A PNG that says it has this size, whatever it holds."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


def moving(format):
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, format, save_all=True, append_images=frames[1:])
    return out.getvalue()


class AnUploadedPicture(SimpleTestCase):
    def test_is_offered_at_three_widths_each_as_webp_and_as_what_every_browser_reads(self):
        prepared = processing.prepare(an_image(3000, 2000))

        self.assertEqual(
            [(file.width, file.height, file.suffix) for file in prepared.renditions],
            [
                (400, 267, "webp"),
                (400, 267, "jpg"),
                (800, 533, "webp"),
                (800, 533, "jpg"),
                (1200, 800, "webp"),
                (1200, 800, "jpg"),
            ],
        )
        for file in prepared.renditions:
            self.assertEqual(opened(file.data).size, (file.width, file.height))
            self.assertEqual(opened(file.data).format, {"webp": "WEBP", "jpg": "JPEG"}[file.suffix])
        self.assertEqual(prepared.full_size.width, processing.KEPT_SIDE)

    def test_is_never_made_larger(self):
        for width, widths in (
            (300, {300}),
            (400, {400}),
            (600, {400, 600}),
            (1000, {400, 800, 1000}),
        ):
            with self.subTest(width=width):
                prepared = processing.prepare(an_image(width, 200))

                self.assertEqual({file.width for file in prepared.renditions}, widths)

    def test_is_taken_as_jpeg_png_and_webp(self):
        for format in processing.FORMATS:
            with self.subTest(format=format):
                self.assertTrue(processing.prepare(an_image(format=format)).renditions)

    def test_loses_the_place_it_was_taken_and_every_other_note(self):
        exif = Image.Exif()
        exif[Base.Make] = "Quokka cameras"
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (51.0, 30.0, 0.0)
        upload = an_image(
            exif=exif,
            comment=b"quokka comment",
            icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        )
        self.assertTrue(opened(upload).getexif().get_ifd(IFD.GPSInfo))

        prepared = processing.prepare(upload)

        for file in (prepared.full_size, *prepared.renditions):
            self.assertNotIn(b"uokka", file.data)
            self.assertEqual(dict(opened(file.data).getexif()), {})
            self.assertFalse(
                {"exif", "comment", "icc_profile", "xmp"} & set(opened(file.data).info)
            )

    def test_stands_upright_as_the_camera_was_held(self):
        exif = Image.Exif()
        exif[Base.Orientation] = 6  # a quarter turn

        prepared = processing.prepare(an_image(900, 600, exif=exif))

        self.assertEqual((prepared.full_size.width, prepared.full_size.height), (600, 900))

    def test_keeps_what_can_be_seen_through(self):
        image = Image.new("RGBA", (500, 300), (200, 0, 0, 90))
        out = io.BytesIO()
        image.save(out, "PNG")

        prepared = processing.prepare(out.getvalue())

        self.assertEqual({file.suffix for file in prepared.renditions}, {"webp", "png"})
        for file in prepared.renditions:
            self.assertAlmostEqual(
                opened(file.data).convert("RGBA").getpixel((9, 9))[3], 90, delta=2
            )

    def test_is_taken_in_every_kind_of_colours(self):
        grey = Image.linear_gradient("L").resize((300, 200))
        of_16_bits = grey.convert("I").point(lambda value: value * 256).convert("I;16")
        for name, image, format in (
            ("palette", grey.convert("P"), "PNG"),
            ("two colours", grey.convert("1"), "PNG"),
            ("grey and alpha", grey.convert("LA"), "PNG"),
            ("print colours", grey.convert("CMYK"), "JPEG"),
            ("an X-ray of 16 bits", of_16_bits, "PNG"),
        ):
            with self.subTest(name):
                out = io.BytesIO()
                image.save(out, format, icc_profile=b"no profile at all")

                kept = opened(processing.prepare(out.getvalue()).full_size.data).convert("L")

                self.assertLess(kept.getpixel((150, 2)), 30)
                self.assertGreater(kept.getpixel((150, 197)), 225)

    def test_has_one_name_for_the_same_picture(self):
        upload = an_image(colour=(9, 9, 9))

        self.assertEqual(processing.prepare(upload).sha256, processing.prepare(upload).sha256)
        self.assertNotEqual(
            processing.prepare(upload).sha256, processing.prepare(an_image()).sha256
        )


class AHostileFile(SimpleTestCase):
    def refused(self, upload):
        with self.assertRaises(processing.NotAPicture) as refusal:
            processing.prepare(upload)
        return str(refusal.exception)

    def test_is_refused_when_it_is_no_picture_whatever_its_name_says(self):
        for name, upload in {
            "nothing": b"",
            "a word": b"hello",
            "a page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
            "a drawing that may run scripts": (
                b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'
            ),
            "a document": b"%PDF-1.7\n1 0 obj",
            "half a picture": an_image()[:2000],
            "a start and nothing else": b"\xff\xd8\xff\xe0",
            "another kind of picture": an_image(format="TIFF"),
            "a bitmap": an_image(format="BMP"),
        }.items():
            with self.subTest(name):
                self.assertTrue(self.refused(upload))

    def test_is_refused_when_it_moves(self):
        self.assertIn("cannot be read", self.refused(moving("GIF")))
        for format in ("PNG", "WEBP"):
            with self.subTest(format=format):
                self.assertIn("moves", self.refused(moving(format)))

    def test_is_refused_before_it_is_unpacked_when_it_says_it_is_huge(self):
        for width, height in ((50_000, 50_000), (100_000, 20), (12_001, 20), (8_000, 4_000)):
            with self.subTest(width=width, height=height):
                self.assertIn("too many pixels", self.refused(a_png(width, height)))

    def test_is_refused_when_it_unpacks_to_far_more_than_it_says(self):
        self.refused(a_png(100, 100, b"\0" * 100) + b"\0" * 50)
        bomb = a_png(100, 100)
        notes = zlib.compress(b"x" * 60_000_000)
        chunk = b"zTXt" + b"Comment\0\0" + notes
        bomb = (
            bomb[:33]
            + struct.pack(">I", len(chunk) - 4)
            + chunk
            + struct.pack(">I", zlib.crc32(chunk))
            + bomb[33:]
        )
        self.refused(bomb)

    def test_is_refused_when_it_has_too_many_bytes_or_can_hardly_be_seen(self):
        self.assertIn("12 MB", self.refused(b"\xff" * (processing.MAX_BYTES + 1)))
        self.assertIn("too small", self.refused(an_image(10, 10)))

    def test_is_refused_when_it_is_two_things_at_once(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("x.html", "x" * 20)
        for name, upload in {
            "a picture and an archive": an_image() + archive.getvalue(),
            "a picture and a page": an_image() + b"<html><body>",
            "a page in the notes of a picture": an_image(comment=b"<script>alert(1)</script>"),
            "a program behind a PNG": an_image(format="PNG") + b"MZ\x90\x00",
            "something behind a WebP": an_image(format="WEBP") + b"more than a picture",
            "a document behind a JPEG": an_image() + b"%PDF-1.4",
        }.items():
            with self.subTest(name):
                self.assertIn("something else", self.refused(upload))

    def test_with_a_harmless_tail_as_cameras_write_it_is_taken_without_it(self):
        upload = an_image() + b"camera notes" * 9

        self.assertNotIn(b"camera", processing.prepare(upload).full_size.data)


class ThePictureForm(TestCase):
    def setUp(self):
        self.clinician = a_clinician()
        self.client.force_login(self.clinician)

    def add(self, upload, name="knee.jpg", **fields):
        data = {"upload": SimpleUploadedFile(name, upload), "alt": "A knee.", **fields}
        return self.client.post("/admin/articles/picture/add/", data)

    def test_keeps_the_picture_under_the_name_of_its_content(self):
        answer = self.add(
            an_image(), name="../../Mrs Smith.jpg", caption="A <b>bold</b> caption", credit="Sam"
        )

        self.assertEqual(answer.status_code, 302)
        picture = Picture.objects.get()
        self.assertEqual(picture.file.name, f"pictures/{picture.sha256[:2]}/{picture.sha256}.jpg")
        self.assertTrue(picture.file.storage.exists(picture.file.name))
        self.assertEqual(
            (picture.width, picture.height, picture.added_by), (900, 600, self.clinician)
        )
        self.assertTrue(AuditEntry.objects.filter(subject_uid=picture.uid, act="edited").exists())
        self.assertContains(
            self.client.get("/admin/articles/picture/"), "A &lt;b&gt;bold&lt;/b&gt; caption"
        )

    def test_refuses_a_page_named_like_a_picture_in_a_sentence(self):
        answer = self.add(
            b"<html><script>alert(1)</script></html>", name="knee.jpg", caption="Kept caption"
        )

        self.assertContains(answer, "This file holds something else beside a picture.")
        self.assertContains(answer, "Kept caption")
        self.assertFalse(Picture.objects.exists())

    def test_asks_for_words_or_the_word_that_none_are_needed(self):
        answer = self.add(an_image(), alt="  ")
        self.assertContains(answer, "Say what the picture shows")
        self.assertContains(answer, "Choose the file again")

        self.assertEqual(self.add(an_image(), alt="", is_decorative="on").status_code, 302)
        self.assertEqual(Picture.objects.get().alt_shown, "")

    def test_gives_another_file_another_name_and_leaves_the_old_one_where_it_is(self):
        self.add(an_image())
        picture = Picture.objects.get()
        old, address = picture.file, f"/admin/articles/picture/{picture.pk}/change/"

        self.client.post(
            address,
            {"alt": "A hip.", "upload": SimpleUploadedFile("hip.png", an_image(format="PNG"))},
        )

        picture.refresh_from_db()
        self.assertNotEqual(picture.file.name, old.name)
        self.assertTrue(picture.file.name.endswith(".png"))
        self.assertTrue(old.storage.exists(old.name))
        self.assertEqual(self.client.get(address).status_code, 200)

    def test_saves_new_words_without_a_new_file(self):
        picture = a_picture()

        self.client.post(f"/admin/articles/picture/{picture.pk}/change/", {"alt": "A shoulder."})

        self.assertEqual(Picture.objects.get().alt, "A shoulder.")
        self.assertEqual(Picture.objects.get().sha256, picture.sha256)


class APicture(TestCase):
    def test_without_words_and_not_decorative_is_refused_by_the_database_too(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Picture.objects.filter(pk=a_picture().pk).update(alt="")

    def test_that_an_article_shows_is_not_deleted(self):
        row = with_picture(a_draft())
        self.client.force_login(a_clinician(is_superuser=True))

        self.client.post(f"/admin/articles/picture/{row.picture.pk}/delete/", {"post": "yes"})

        self.assertTrue(Picture.objects.filter(pk=row.picture.pk).exists())


class TheRowOfAPicture(TestCase):
    def rows(self, article, data=None):
        made = inlineformset_factory(
            Article, ArticlePicture, form=PictureRowForm, formset=PictureRows, extra=0
        )
        return made(data=data, instance=article)

    def test_offers_the_headings_of_the_text(self):
        article = a_draft(
            body=(
                "<h2>What <em>it</em> is &amp; does</h2><p>a</p><h2> </h2><h3>no</h3><h2>After</h2>"
            )
        )

        choices = self.rows(article).empty_form.fields["heading"].choices

        self.assertEqual([heading for heading, _ in choices], ["", "What it is & does", "After"])

    def test_takes_a_heading_that_was_typed_just_now_and_no_other(self):
        article, picture = a_draft(), a_picture()
        row = {"picture": picture.pk, "position": 0, "caption": ""}
        for heading, is_taken in (("New part", True), ("Nowhere", False)):
            prefixed = {
                f"articlepicture_rows-0-{name}": value
                for name, value in {**row, "heading": heading}.items()
            }
            management = {
                "articlepicture_rows-TOTAL_FORMS": 1,
                "articlepicture_rows-INITIAL_FORMS": 0,
            }
            formset = self.rows(article, {"body": "<h2>New part</h2>", **management, **prefixed})
            self.assertEqual(formset.is_valid(), is_taken, formset.errors)

    def test_keeps_a_heading_that_is_gone_until_another_is_chosen(self):
        row = with_picture(a_draft(body="<h2>Here</h2>"), heading="Gone")
        form = PictureRowForm(instance=row, body="<h2>Here</h2>")

        self.assertIn(("Gone", "Gone (not in the text any more)"), form.fields["heading"].choices)


class ThePreflight(TestCase):
    def findings(self, article):
        return {finding.code: finding for finding in preflight.check(article)}

    def test_has_nothing_to_say_of_a_picture_in_order(self):
        article = a_draft(body="<h2>Here</h2><p>It may suit.</p>")
        with_picture(article, heading="Here")

        self.assertFalse([code for code in self.findings(article) if code.startswith("picture")])

    def test_stops_a_picture_nobody_described(self):
        article = a_draft()
        row = with_picture(article)
        draft = preflight.DraftToCheck.of(article)
        draft.content["pictures"][0]["picture"]["alt"] = " "

        found = [
            finding
            for finding in preflight.check_draft(draft)
            if finding.code == "pictures_say_what_they_show"
        ]

        self.assertTrue(found[0].is_blocker)
        self.assertEqual(found[0].place, str(row.uid))

    def test_hints_at_a_heading_that_is_gone_and_at_a_missing_licence(self):
        article = a_draft()
        with_picture(article, a_picture(licence=""), heading="Gone")

        found = self.findings(article)

        self.assertIn(
            "“Gone” is not in the text", found["pictures_stand_under_a_heading_of_the_text"].message
        )
        self.assertFalse(found["pictures_say_what_lets_us_show_them"].is_blocker)


class TheHeadingsOfAText(SimpleTestCase):
    def test_are_words_without_tags(self):
        self.assertEqual(
            headings_in('<h2>A\n <mark data-claim="c123456789">b</mark></h2><h2>c</h2>'),
            ["A b", "c"],
        )
