"""The handout with all sources: the same page for paper, and as a PDF for screen readers."""

import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from html import unescape
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils.html import strip_tags

from articles.checks import pdfs_can_be_made
from articles.models import SafetyNotice
from articles.paper import codes, typesetting
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_picture,
    a_reference,
    link,
    mark,
    published,
    with_condition,
    with_side_effect,
)
from tests.reading.large import a_large_draft

SPACES = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2060-\u2069]+")


def poppler(command, pdf, *arguments):
    """What a tool of poppler-utils says of a PDF (bytes).

    Without it the test is skipped, and with CI=true fails.
    """
    if not shutil.which(command):
        pytest.skip(f"{command} is not installed: apt-get install poppler-utils")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        done = subprocess.run(
            [command, *arguments, file.name, *(["-"] if command == "pdftotext" else [])],
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout


def objects_of(pdf):
    """The objects of a PDF that lie in packed streams, as text."""
    packed = re.findall(rb"/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return "".join(zlib.decompress(stream).decode("latin-1") for stream in packed)


def words_of(html):
    """The words of the main part of a page, those in drawings left out, in order."""
    main = re.search(r"<main.*?</main>", html, re.DOTALL)[0]
    main = re.sub(
        r'<svg.*?</svg>|<div class="tools-bar">.*?</div>|<p class="back">.*?</p>'
        # How we measured the page is for who reads it on the site.
        r'|<p class="small list-scores">.*?</p>',
        " ",
        main,
        flags=re.DOTALL,
    )
    # A number in the text is glued to the word before it; the hidden word between them is one of
    # its own.
    main = re.sub(r"<(?!/?(?:bdi|strong|a)\b)", " <", main)
    return unescape(strip_tags(main)).replace("\u2060", " ").split()


class AHandoutWithAllSources(TestCase):
    def setUp(self):
        cache.clear()
        article = a_draft(slug="stretching", title="Stretching")
        link(mark(article, "may suit some people"), a_reference(), by=article.owner)
        link(with_condition(article, "stiff neck").claim, a_reference(), by=article.owner)
        effect = with_side_effect(article, "a bruise", n=8, base=100, unit="visits")
        link(effect.claim, a_reference(), by=article.owner)
        self.publication = published(article)

    def html(self, size=""):
        address = f"/articles/stretching/handout/?with=sources{size}"
        return self.client.get(address).content.decode()

    def pdf(self, size=""):
        address = f"/articles/stretching/handout.pdf?with=sources{size}"
        return self.client.get(address, follow=True).content

    def test_says_all_that_the_page_says(self):
        page = words_of(self.client.get("/articles/stretching/").content.decode())
        said = set(words_of(self.html()))

        links = (
            "Handout to print or save Large print Handout (PDF) Copy link Home All topics On this"
            " page, and to print We use it once times More about this page Who should not have it"
            " When to get help Reference See all references Close Did this page help you? Yes No"
            " All versions of this page, and what changed How we make our pages"
        )
        self.assertEqual({word for word in page if word not in said} - set(links.split()), set())

    def test_counts_the_steps_of_what_happens_on_as_the_page_does(self):
        for kind, text in (
            ("before", "You ask."),
            ("during", "You lie down."),
            ("after", "You get up."),
        ):
            self.publication.article.step_rows.create(kind=kind, text=text)
        published(self.publication.article, at=LATER)

        printed = " ".join(poppler("pdftotext", self.pdf(), "-layout").split())
        for step in ("1. You ask.", "2. You lie down.", "3. You get up."):
            self.assertIn(step, printed)

    def test_tells_the_sentences_of_a_source_from_one_another_on_paper(self):
        printed = " ".join(poppler("pdftotext", self.pdf(), "-raw").split())

        for sentence in ("a bruise", "stiff neck"):
            self.assertIn(f"• {sentence}", printed)

    def test_has_room_for_a_name_and_a_date_and_a_code_for_this_very_text(self):
        html = self.html()

        for words in ("Name:", "Date:", "Your physio:"):
            self.assertIn(words, html)
        self.assertIn(f"1-{self.publication.revision.digest[:8]}", html)

    def test_leads_machines_to_the_page(self):
        self.assertIn(
            '<link rel="canonical" href="http://127.0.0.1:8000/articles/stretching/">', self.html()
        )

    def test_is_larger_when_asked(self):
        self.assertIn('class="handout large"', self.html("&size=large"))
        self.assertNotEqual(self.pdf(), self.pdf("&size=large"))
        self.assertIn('class="handout"', self.html("&size=<script>"))

    def test_as_a_pdf_is_tagged_titled_and_in_its_language(self):
        pdf = self.pdf()
        info = poppler("pdfinfo", pdf)

        self.assertRegex(info, r"Tagged:\s+yes")
        self.assertRegex(info, r"Title:\s+Stretching: handout with all sources – PhysioHub")
        self.assertIn("/Lang (en)", objects_of(pdf))
        self.assertIn("pdfuaid:part", poppler("pdfinfo", pdf, "-meta"))
        structure = poppler("pdfinfo", pdf, "-struct-text")
        for tag in ("H1", "H2", "H3", "L ", "Figure"):
            self.assertIn(tag, structure)
        self.assertIn("(8 of 100 dots are filled", objects_of(pdf))

    def test_as_a_pdf_misses_no_word_of_the_page(self):
        for size in ("", "&size=large"):
            with self.subTest(size=size):
                printed = SPACES.sub("", poppler("pdftotext", self.pdf(size), "-raw"))

                lost = [
                    word
                    for word in words_of(self.html(size))
                    if SPACES.sub("", word) not in printed
                ]
                self.assertEqual(lost, [])

    def test_as_a_pdf_is_made_once_and_anew_for_another_text_or_a_notice_over_it(self):
        with mock.patch.object(typesetting, "typeset", wraps=typesetting.typeset) as make:
            first = self.pdf()
            self.assertEqual(self.pdf(), first)
            self.assertEqual(make.call_count, 1)

            SafetyNotice.objects.create(
                article=self.publication.article,
                kind="other",
                text="Wait for news.",
                opened_at=NOON,
            )
            self.assertIn("Wait for news.", poppler("pdftotext", self.pdf()))
            self.assertEqual(make.call_count, 2)

    def test_sets_no_cookie_and_asks_for_no_more_than_the_page(self):
        with self.assertNumQueries(3):
            answer = self.client.get("/articles/stretching/handout/?with=sources")
        self.assertFalse(answer.cookies)


class ADraftsHandout(TestCase):
    def test_is_not_there(self):
        a_draft(slug="quokka")

        self.assertEqual(self.client.get("/articles/quokka/handout/").status_code, 404)
        self.assertEqual(self.client.get("/articles/quokka/handout.pdf").status_code, 404)


class ALargeHandout(TestCase):
    def test_is_made_with_its_pictures(self):
        published(a_large_draft())

        pdf = self.client.get("/articles/very-long/handout.pdf?with=sources", follow=True).content

        self.assertEqual(
            len(
                re.findall(
                    r"^\s+\d+\s+\d+\s+image", poppler("pdfimages", pdf, "-list"), re.MULTILINE
                )
            ),
            10,
        )


class APdfInTheMaking(TestCase):
    def fetch(self, url, pictures=()):
        return typesetting.own_file(url, frozenset(pictures))

    def test_gets_our_own_files(self):
        kind, data = self.fetch("http://127.0.0.1:8000/static/site/site.css")

        self.assertEqual(kind, "text/css")
        self.assertIn(b"--paper", data)

    def test_gets_the_pictures_of_its_own_page_and_no_other(self):
        picture = a_picture()
        url = f"http://127.0.0.1:8000/pictures/{picture.sha256}-400.webp"

        self.assertEqual(self.fetch(url, [picture.sha256])[0], "image/webp")
        with self.assertRaises(typesetting.NotOurs):
            self.fetch(url)

    def test_gets_nothing_else_from_anywhere(self):
        for url in (
            "http://evil.example/a.css",
            "https://127.0.0.1:8000/static/site/site.css",
            "file:///etc/passwd",
            "http://127.0.0.1:8000/static/../../../etc/passwd",
            "http://127.0.0.1:8000/static/%2e%2e/settings.css",
            "http://127.0.0.1:8000/static/site/site.js",
            "http://127.0.0.1:8000/admin/",
            "data:text/css,a{}",
            "ftp://a/b",
            "http://127.0.0.1:8000@evil.example/static/site/site.css",
            "http://127.0.0.1:8000/healthz",
        ):
            with (
                self.subTest(url),
                self.assertRaises((typesetting.NotOurs, SuspiciousFileOperation)),
            ):
                self.fetch(url)

    def test_opens_no_connection_and_no_file_for_what_the_text_names(self):
        html = """<!DOCTYPE html><html lang="en"><head><title>x</title>
            <style>@import url("http://127.0.0.1:9/a.css");
            @font-face{font-family:x;src:url(file:///etc/passwd)}
            body{background:url(http://127.0.0.1:9/b.png);font-family:x}</style></head>
            <body><img src="file:///etc/passwd" alt="a">
            <img src="http://127.0.0.1:9/c.png" alt="b">words</body>"""
        with mock.patch("socket.socket.connect", side_effect=AssertionError("a connection")):
            pdf = typesetting.pdf(html, base="http://127.0.0.1:8000/")

        text = poppler("pdftotext", pdf)
        self.assertIn("words", text)
        self.assertNotIn("root:", text)


class AMachineWithoutTheLibraries(TestCase):
    def setUp(self):
        patch = mock.patch.object(typesetting, "is_possible", return_value=False)
        patch.start()
        self.addCleanup(patch.stop)
        published(slug="stretching")

    def test_shows_pages_without_a_link_to_a_pdf(self):
        for address in ("/articles/stretching/", "/articles/stretching/handout/"):
            self.assertNotContains(self.client.get(address), "handout.pdf")
        self.assertEqual(self.client.get("/articles/stretching/handout.pdf").status_code, 404)

    def test_is_told_by_check_what_to_install(self):
        (warning,) = pdfs_can_be_made(None)

        self.assertEqual(warning.id, "physiohub.W001")
        self.assertIn(
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0", warning.hint
        )


class AMachineWithThem(SimpleTestCase):
    def test_is_told_nothing(self):
        self.assertEqual(pdfs_can_be_made(None), [])

    def test_that_lacks_pango_counts_as_one_without(self):
        for found in (typesetting._weasyprint, typesetting._finds_all_it_needs):
            found.cache_clear()
            self.addCleanup(found.cache_clear)
        missing = OSError("cannot load library 'libpango-1.0-0'")
        with (
            mock.patch("ctypes.CDLL", side_effect=missing),
            mock.patch("builtins.__import__", side_effect=missing),
        ):
            self.assertFalse(typesetting.is_possible())

    def test_knows_it_without_the_library_in_its_memory(self):
        asked = (
            "import sys; from articles.paper import typesetting;"
            " print(typesetting.is_possible(), 'weasyprint' in sys.modules)"
        )
        said = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", asked],
            capture_output=True,
            text=True,
            check=True,
            cwd=settings.BASE_DIR,
        ).stdout
        self.assertEqual(said.split(), ["True", "False"])


class TheCodeOnPaper(SimpleTestCase):
    def test_draws_the_very_modules_of_the_code(self):
        import segno

        drawn = codes.qr("https://physio.example/articles/dry-needling/")
        rows = [[0] * drawn["size"] for _ in range(drawn["size"])]
        for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", drawn["path"]):
            self.assertEqual(x, back)
            for column in range(int(x), int(x) + int(width)):
                rows[int(y)][column] = 1

        code = segno.make_qr("https://physio.example/articles/dry-needling/", error="m")
        self.assertEqual(rows, [list(row) for row in code.matrix_iter(border=4)])


class ThePublicFaceOfASite(TestCase):
    @override_settings(SITE_NAME="Clinic & Sons")
    def test_is_named_on_its_handouts(self):
        published(slug="stretching")

        self.assertContains(
            self.client.get("/articles/stretching/handout/"), "<bdi>Clinic &amp; Sons</bdi>"
        )
