"""A text that is more than a page can hold, however that comes about.

A sentence in the form, and nothing lost.
"""

from html import escape
from html.parser import HTMLParser
from unittest import mock

from django.db import transaction
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from hypothesis import given

from articles import imports
from articles.imports import making_drafts
from articles.models import Article, Buffer
from articles.richtext import cleaning, headings
from tests.builders import NOON, a_clinician, a_draft
from tests.forms import add_row, filled_in

from .test_cleaning import FRAGMENTS

MARK = '<mark data-claim="c123456789">'
#: Short as they are typed, and too long or too deep once they are written as HTML has it; or
#: plainly too much.
TOO_MUCH = {
    "no-break spaces": "x" + "\xa0" * 60_000 + "x",
    "ampersands": "&" * 70_000,
    "many ampersands": "&" * 290_000,
    "halves of entities": "&#" * 140_000,
    "opening brackets": "<" * 100_000,
    "ends of comments": "]]>" * 90_000,
    "entities without their end": "&lt" * 99_000,
    "bold that never ends": "<b>" * 90_000,
    "bold across paragraphs": "<b><p></b></p>" * 4_900,
    "claims that never end": MARK * 9_900,
    "headings that never end": "<h2>" * 70_000,
    "letters": "a" * 300_001,
}
SOME = ("no-break spaces", "many ampersands", "headings that never end")
#: As long as they may be typed, and of no great length once cleaned; each was slow for some step on
#: the way.
A_LOT = {
    "comments that never end": "<!--" * 70_000,
    "links that never end": "<a </a " * 9_900 + "x" * 200_000,
    "headings and nothing else": "<h2>" * 90 + "x" * 290_000,
    "entities": "&lt;" * 70_000,
    "empty claims": f"{MARK}</mark>" * 7_000,
    "claims": f"{MARK}a</mark>" * 7_000,
    "paragraphs": "<p>a</p>" * 9_000,
    "blanks": " \n" * 140_000,
    "tags cut short": "</" * 140_000,
}


class Cleaning(SimpleTestCase):
    def test_refuses_what_it_could_not_clean_again(self):
        for name, typed in TOO_MUCH.items():
            with self.subTest(name), self.assertRaises(cleaning.TooMuchHtml):
                cleaning.clean(typed)

    def test_of_all_else_can_be_done_again(self):
        for name, typed in A_LOT.items():
            with self.subTest(name):
                cleaned = cleaning.clean(typed)
                self.assertEqual(cleaning.clean(cleaned), cleaned)
                self.assertLessEqual(len(cleaned.encode()), cleaning.MAX_BYTES)

    @given(FRAGMENTS)
    def test_near_the_cap_is_refused_the_first_time_or_never(self, html):
        with mock.patch.object(cleaning, "MAX_BYTES", 60):
            try:
                cleaned = cleaning.clean(html)
            except cleaning.TooMuchHtml:
                return
            self.assertEqual(cleaning.clean(cleaned), cleaned)

    def test_counts_what_will_be_written_out_before_it_begins(self):
        """The sanitiser needs the square of their number."""
        with (
            mock.patch.object(cleaning, "_sanitise") as sanitise,
            self.assertRaises(cleaning.TooMuchHtml),
        ):
            cleaning.clean("&" * 290_000)

        sanitise.assert_not_called()

    def test_tells_of_a_lost_link_however_its_tag_was_written(self):
        told = cleaning.clean_and_describe(
            '<p><a class="x" href="javascript:x()">x</a> <a\nHREF=ftp://x>y</a></p>'
        )

        self.assertEqual(told.removed, ("the address of 2 links",))


class PlainText(SimpleTestCase):
    @given(FRAGMENTS)
    def test_of_a_cleaned_text_is_what_a_parser_reads_in_it(self, html):
        cleaned = cleaning.clean(html)
        parser = Parser()
        parser.feed(cleaned)
        parser.close()

        lines = [" ".join(line.split()) for line in "".join(parser.parts).split("\n")]
        self.assertEqual(cleaning.plain_text(cleaned), "\n".join(filter(None, lines)))

    def test_of_any_other_is_read_in_one_pass(self):
        for typed in ("<!--" * 70_000, "<a " * 90_000, '<a href="' * 30_000, "</" * 140_000):
            with self.subTest(typed[:9]):
                self.assertTrue(cleaning.plain_text(typed))


class Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"strong", "em", "sub", "sup", "a", "mark"}:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        self.handle_starttag(tag, ())

    def handle_data(self, data):
        self.parts.append(data)


class Headings(SimpleTestCase):
    def test_are_found_once_each_and_only_where_they_end(self):
        self.assertEqual(
            headings.headings_in("<h2><h2>One <em>two</em></h2><h2> </h2><h2>x"), ["One two"]
        )
        self.assertEqual(headings.headings_in("<h2>" * 70_000), [])


class TheForm(TestCase):
    def setUp(self):
        self.author = a_clinician()
        self.client.force_login(self.author)
        self.article = a_draft(by=self.author)
        self.change = reverse("admin:articles_article_change", args=[self.article.pk])
        self.add = reverse("admin:articles_article_add")

    def assert_refused(self, answer, typed):
        self.assertEqual(answer.status_code, 200)
        form = answer.context["adminform"].form
        self.assertEqual([error.code for error in form.errors["body"].as_data()], ["too_much_html"])
        self.assertContains(answer, escape(form.errors["body"][0]))
        self.assertEqual(form["body"].value(), typed)

    def test_says_so_and_keeps_what_was_typed(self):
        data = filled_in(self.client.get(self.change))
        for name, typed in TOO_MUCH.items():
            with self.subTest(name):
                self.assert_refused(self.client.post(self.change, {**data, "body": typed}), typed)
        self.article.refresh_from_db()
        self.assertIn("thin needle", self.article.body)

    def test_says_so_of_a_new_article(self):
        data = filled_in(self.client.get(self.add), title="New", slug="new")
        for name in SOME:
            typed = TOO_MUCH[name]
            with self.subTest(name):
                self.assert_refused(self.client.post(self.add, {**data, "body": typed}), typed)
        self.assertFalse(Article.objects.filter(slug="new").exists())

    def test_saves_what_is_a_lot_and_not_too_much(self):
        for name, typed in A_LOT.items():
            with self.subTest(name):
                data = filled_in(self.client.get(self.change), body=typed)
                self.assertEqual(self.client.post(self.change, data).status_code, 302)
                self.article.refresh_from_db()
                self.assertEqual(self.article.body, cleaning.clean(typed))

    def test_says_so_beside_a_picture_under_a_heading(self):
        data = add_row(
            filled_in(self.client.get(self.change)),
            "articlepicture_rows",
            heading="How",
            position=0,
        )
        for name in SOME:
            typed = TOO_MUCH[name]
            with self.subTest(name):
                self.assert_refused(self.client.post(self.change, {**data, "body": typed}), typed)

    def test_says_so_where_the_author_stands(self):
        standing = reverse("admin:articles_article_standing", args=[self.article.pk])
        data = filled_in(self.client.get(self.change))
        for name in SOME:
            typed = TOO_MUCH[name]
            with self.subTest(name):
                answer = self.client.post(standing, {**data, "body": typed})
                self.assertEqual(answer.status_code, 200)
                self.assertIn("cannot_save", answer.json())

    def chooses(self, page, choice):
        """Choose `choice` for every thing that differs on the page of a stale save."""
        self.assertEqual(page.status_code, 409)
        units = [unit for _heading, units in page.context["parts"] for unit in units]
        choices = {f"merge-choice-{unit['key']}": choice for unit in units}
        posted = {"merge-posted": page.context["posted"], "merge-against": page.context["against"]}
        return self.client.post(self.change, {**posted, **choices})

    def test_says_so_after_somebody_else_saved(self):
        data = filled_in(self.client.get(self.change))
        self.client.post(self.change, {**data, "summary": "Saved meanwhile."})
        for name in [*SOME, "bold across paragraphs"]:
            with self.subTest(name):
                page = self.client.post(self.change, {**data, "body": TOO_MUCH[name]})
                self.assert_refused(self.chooses(page, "mine"), TOO_MUCH[name])

    def test_says_so_of_two_texts_that_are_too_much_together(self):
        data = filled_in(self.client.get(self.change))
        self.client.post(self.change, {**data, "body": f"<p>{'a' * 200_000}</p>"})
        page = self.client.post(self.change, {**data, "body": f"<p>{'b' * 200_000}</p>"})

        self.assert_refused(
            self.chooses(page, "combined"), f"<p>{'b' * 200_000}</p>\n<p>{'a' * 200_000}</p>"
        )

    def test_gives_back_what_was_kept_unsaved(self):
        data = filled_in(self.client.get(self.change))
        names = [
            "no-break spaces",
            "headings that never end",
            "comments that never end",
            "links that never end",
        ]
        for number, name in enumerate(names):
            typed = {**TOO_MUCH, **A_LOT}[name]
            with self.subTest(name):
                key = f"{number:016}"
                form = [[field, str(text)] for field, text in {**data, "body": typed}.items()]
                self.client.post(
                    reverse("admin:articles_article_unsaved"),
                    {"key": key, "article": self.article.pk, "form": form},
                    content_type="application/json",
                )
                self.assertTrue(Buffer.objects.filter(key=key).exists())
                self.assertEqual(self.client.get(self.change).status_code, 200)
                answer = self.client.get(f"{self.change}?take_back={key}")
                self.assertEqual(answer.status_code, 200)
                if name in TOO_MUCH:
                    self.assertEqual(answer.context["adminform"].form["body"].value(), typed)
                Buffer.objects.all().delete()


class TheImporter(TestCase):
    def test_says_so_of_a_pasted_text(self):
        self.client.force_login(a_clinician())
        address = reverse("admin:articles_article_import")
        for name in ("many ampersands", "opening brackets"):
            for kind in ("txt", "md", "html"):
                with self.subTest(name, kind=kind):
                    answer = self.client.post(address, {"text": f"x{TOO_MUCH[name]}", "kind": kind})
                    self.assertContains(answer, "too long for one article")
                    self.assertEqual(answer.context["form"]["text"].value(), f"x{TOO_MUCH[name]}")

    def test_reads_a_web_page_whose_tags_never_end(self):
        for name in ("links that never end", "comments that never end", "tags cut short"):
            with self.subTest(name):
                document = imports.read_document(f"<p>Words</p>{A_LOT[name]}".encode(), "a.html")
                self.assertEqual(document.lines[0].text, "Words")

    def test_refuses_what_only_its_claims_make_too_much(self):
        document = imports.read_document(
            b"Title\n\nIt may ease pain for many people [1].\n\n1. A trial. 2020.", "a.txt"
        )
        read = imports.structure(document.lines, document.messages)
        choices = imports.Choices(claims={claim.id for claim in read.suggested_claims})
        self.assertTrue(choices.claims)

        with (
            mock.patch.object(cleaning, "MAX_BYTES", len(read.body_html.encode()) + 5),
            self.assertRaises(imports.CannotRead),
        ):
            making_drafts.make_draft(document, by=a_clinician(), at=NOON, choices=choices)
        self.assertFalse(Article.objects.exists())


class Code(TestCase):
    def test_is_refused_and_nothing_is_saved(self):
        article = a_draft()
        for name in ("no-break spaces", "ampersands"):
            with self.subTest(name):
                with self.assertRaises(cleaning.TooMuchHtml), transaction.atomic():
                    Article.objects.filter(pk=article.pk).update(body=TOO_MUCH[name])
                article.body = TOO_MUCH[name]
                with self.assertRaises(cleaning.TooMuchHtml), transaction.atomic():
                    article.save()
                article.refresh_from_db()
                self.assertIn("thin needle", article.body)
