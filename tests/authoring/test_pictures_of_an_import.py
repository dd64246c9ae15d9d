"""Pictures inside of an imported document wait under Pictures, at their place, for their words."""

import base64
import io

from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from PIL import Image

from articles import preflight
from articles.imports import making_drafts, pending_imports, read_document
from articles.models import ArticlePicture, PendingPicture, Picture
from tests.builders import NOON, a_clinician
from tests.documents import Photo, a_docx
from tests.forms import filled_in


def photo(colour, alt="", *, format="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, format)
    return Photo(file.getvalue(), alt)


RED, GREEN = photo("red", "A heat pack on a knee"), photo("green")


def a_document():
    return a_docx(
        ("Title", "Heat"),
        ("Heading1", "What it is"),
        ("", ["A pack you warm up.", RED]),
        ("Heading1", "How to use it"),
        ("", ["Wrap it in a towel.", GREEN, RED]),
    )


def data_address(photo):
    return f"data:image/png;base64,{base64.b64encode(photo.data).decode()}"


class APictureInADocument(SimpleTestCase):
    def read(self, name, text):
        return read_document(text if isinstance(text, bytes) else text.encode(), name)

    def test_is_kept_at_its_place_with_its_words_whatever_the_format(self):
        for name, text in {
            "a.docx": a_document(),
            "a.html": "<h1>Heat</h1><h2>What it is</h2><p>A pack you warm up."
            f'<img alt="{RED.alt}" src="{data_address(RED)}"></p><h2>How to use it</h2>'
            f'<p>Wrap it in a towel.<img src="{data_address(GREEN)}"></p>',
            "a.md": "# Heat\n## What it is\n"
            f"A pack you warm up. ![{RED.alt}]({data_address(RED)})\n"
            f"## How to use it\nWrap it in a towel. ![][image1]\n\n"
            f"[image1]: <{data_address(GREEN)}>\n",
        }.items():
            with self.subTest(name):
                document = self.read(name, text)
                self.assertEqual(
                    [(one.line, one.alt) for one in document.pictures], [(3, RED.alt), (5, "")]
                )
                self.assertEqual(
                    [line.text for line in document.lines],
                    [
                        "Heat",
                        "What it is",
                        "A pack you warm up.",
                        "How to use it",
                        "Wrap it in a towel.",
                    ],
                )
                self.assertEqual(
                    document.messages,
                    [
                        f"A picture ({RED.alt}) in line 3 waits under Pictures of the draft: look"
                        " if that is what it shows.",
                        "A picture in line 5 waits under Pictures of the draft: say there what it"
                        " shows.",
                    ],
                )

    def test_holds_nothing_of_its_file_but_what_one_sees(self):
        file = io.BytesIO()
        with_place = Image.Exif()
        with_place[0x010E] = "taken at the house of a patient"
        Image.new("RGB", (60, 40), "blue").save(file, "JPEG", exif=with_place)
        document = self.read(
            "a.docx", a_docx(("Title", "Heat"), ("", ["A.", Photo(file.getvalue())]))
        )
        self.assertNotIn(b"patient", document.pictures[0].data)

    def test_of_megabytes_does_not_make_the_text_too_long(self):
        file = io.BytesIO()
        Image.effect_noise((1100, 1100), 90).save(file, "PNG")
        page = f'<h1>Heat</h1><p>A pack.<img src="{data_address(Photo(file.getvalue()))}"></p>'
        self.assertGreater(len(page), 1_000_000)
        self.assertEqual(len(self.read("a.html", page).pictures), 1)

    def test_that_cannot_be_shown_is_told_with_what_to_do(self):
        for data, said in (
            (b"\x01\x00\x00\x00 EMF", "Save it as JPEG, PNG or WebP"),
            (photo("red", format="GIF").data, "Save it as JPEG, PNG or WebP"),
            (b"<svg onload='alert(1)'/>", "choose"),
            (b"", "add it under Pictures"),
        ):
            document = self.read("a.docx", a_docx(("Title", "Heat"), ("", ["A.", Photo(data)])))
            self.assertEqual((document.pictures, len(document.messages)), ([], 1), data)
            self.assertIn("was left out in line 2: add it under Pictures.", document.messages[0])
            self.assertIn(said, document.messages[0])

    def test_has_no_words_where_only_a_machine_wrote_some(self):
        for alt in (
            "A picture containing indoor, person Description automatically generated",
            "Diagram AI-generated content may be incorrect.",
            "image1.png",
            r"C:\Users\me\IMG_2041.JPG",
        ):
            data = a_docx(("Title", "Heat"), ("", ["A.", Photo(RED.data, alt)]))
            self.assertEqual(self.read("a.docx", data).pictures[0].alt, "", alt)

    def test_that_is_more_than_a_page_can_bear_is_told(self):
        many = [photo((shade, 0, 0)) for shade in range(0, 230, 10)]
        document = self.read("a.docx", a_docx(("Title", "Heat"), ("", ["A.", *many])))
        self.assertEqual(len(document.pictures), 20)
        self.assertEqual(sum("brings in at most 20" in one for one in document.messages), 3)

    def test_named_like_ours_in_somebody_elses_page_is_just_missing(self):
        for address in ("physiohub-picture-0", "physiohub-picture-²", "physiohub-picture-"):
            document = self.read("a.html", f'<h1>Heat</h1><p>A pack.<img src="{address}"></p>')
            self.assertEqual(document.pictures, [])
            self.assertIn("A picture was left out", document.messages[0])


class ADraftOfADocumentWithPictures(TestCase):
    def setUp(self):
        self.author = a_clinician()

    def draft(self):
        pending, _ = pending_imports.begin(a_document(), "a.docx", by=self.author, at=NOON)
        return pending_imports.make(pending, by=self.author, at=NOON).article

    def test_shows_each_once_under_its_heading_and_waits_for_its_words(self):
        article = self.draft()
        rows = ArticlePicture.objects.filter(article=article).order_by("position")
        self.assertEqual(
            [(row.heading, row.picture.alt, row.picture.needs_alt) for row in rows],
            [("What it is", RED.alt, False), ("How to use it", "", True)],
        )
        self.assertFalse(PendingPicture.objects.exists())
        self.assertEqual(
            [one.code for one in preflight.blockers(article) if "picture" in one.code],
            ["pictures_say_what_they_show"],
        )

    def test_takes_the_picture_that_the_library_has(self):
        first, second = self.draft(), None
        Picture.objects.filter(needs_alt=True).update(alt="A towel", needs_alt=False)
        second = making_drafts.import_article(
            a_document(), "a.docx", by=self.author, at=NOON, allow_duplicate=True
        ).article
        self.assertEqual(
            *(
                set(ArticlePicture.objects.filter(article=one).values_list("picture", flat=True))
                for one in (first, second)
            )
        )
        self.assertEqual(Picture.objects.count(), 2)

    def test_takes_the_words_in_the_articles_own_form(self):
        article = self.draft()
        self.client.force_login(self.author)
        address = reverse("admin:articles_article_change", args=[article.pk])
        data = filled_in(self.client.get(address))
        told = {"articlepicture_rows-0-alt": "hostile", "articlepicture_rows-1-alt": "A wet towel"}
        self.assertRedirects(self.client.post(address, {**data, **told, "_continue": "1"}), address)
        self.assertEqual(
            list(Picture.objects.order_by("pk").values_list("alt", "needs_alt")),
            [(RED.alt, False), ("A wet towel", False)],
        )
        self.assertEqual(
            [one.code for one in preflight.blockers(article) if "picture" in one.code], []
        )

    def test_is_not_made_of_an_import_that_was_cancelled(self):
        pending, _ = pending_imports.begin(a_document(), "a.docx", by=self.author, at=NOON)
        self.assertEqual(pending.pictures.count(), 2)
        pending.delete()
        self.assertFalse(PendingPicture.objects.exists() or Picture.objects.exists())
