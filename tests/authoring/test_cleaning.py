"""The HTML boundary: harmless, settled, and honest about what it takes out."""

import json
import re

from django.test import SimpleTestCase, TestCase
from hypothesis import example, given
from hypothesis import strategies as st

from articles.models import Article
from articles.richtext import cleaning
from articles.richtext.markers import claims_in
from tests.builders import a_draft
from tests.shared_data import shared

FRAGMENTS = st.lists(
    st.sampled_from(
        "<p> </p> <b> </b> <i> <div> </div> <ul><li> </li></ul> <script> </script> <svg> <math>"
        ' <style> </style> x & < > <a href="javascript:x()"> <a href="https://example.org"> </a>'
        ' <mark> <mark data-claim="c123456789"> </mark> <img src=x onerror=x()> <li><p> </p> <br>'
        ' &nbsp; <blockquote> </blockquote> <a href="/<li><p>"> <table> <td> <!-- --> \r\n \x03'
        " <h1> </h1>".split(" ")
    ),
    max_size=30,
).map("".join)


class CleanedHtml(SimpleTestCase):
    @given(FRAGMENTS)
    @example("<h1><table><h1>")
    @example("<h1><img<p><h1>")
    @example(
        "<h1> </table><mark></table><caption><b><h1><blockquote>"
        "<b><caption><mark><td><p></p><blockquote>"
    )
    def test_is_the_same_cleaned_again(self, html):
        once = cleaning.clean(html)

        self.assertEqual(cleaning.clean(once), once)

    @given(FRAGMENTS)
    def test_holds_nothing_active(self, html):
        tags = " ".join(re.findall(r"<[^>]*>", cleaning.clean(html).lower()))

        for active in ("<script", "<svg", "<math", "<style", "<img", "onerror=", "javascript:"):
            self.assertNotIn(active, tags)

    def test_is_harmless_for_every_hostile_input(self):
        for html in json.loads(shared("data", "hostile_dev.json").read_text())["html"]:
            with self.subTest(html=html[:60]):
                cleaned = cleaning.clean(html)
                self.assertEqual(cleaning.clean(cleaned), cleaned)
                self.assertNotRegex(
                    cleaned.lower(),
                    r"<script|<svg|<img|<iframe|<form| on\w+=|javascript:|style=| id=",
                )

    def test_keeps_words_of_other_tags_for_the_same_thing(self):
        self.assertEqual(cleaning.clean("<h1>t</h1><b>b</b>"), "<h2>t</h2><strong>b</strong>")

    def test_keeps_claims_and_unwraps_other_highlighting(self):
        cleaned = cleaning.clean(
            '<mark>x <mark data-claim="c123456789">y</mark></mark><mark data-claim="bad">z</mark>'
        )

        self.assertEqual(cleaned, 'x <mark data-claim="c123456789">y</mark>z')
        self.assertEqual([claim.text for claim in claims_in(cleaned)], ["y"])

    def test_is_the_same_however_an_editor_breaks_its_lines(self):
        written = (
            "<p>One <strong>two</strong>"
            " three.</p><ul><li>four<ul><li>five</li></ul></li></ul><p>six<br>seven</p>"
        )
        by_an_editor = (
            "<p>One\n<strong>two</strong> three.</p>\n\n<p>&nbsp;</p>\n\n"
            "<ul>\n\t<li>four\n\t<ul>\n\t\t<li><p>five</p></li>\n\t</ul>\n\t</li>\n</ul>\n\n"
            "<p>six<br />\nseven</p>\n"
        )

        self.assertEqual(cleaning.clean(by_an_editor), written)
        self.assertEqual(cleaning.clean(written), written)

    def test_takes_no_address_for_a_tag(self):
        cleaned = cleaning.clean(
            '<ul><li><p><a href="https://example.org/<li><p>">x</a></p></li></ul>'
        )

        self.assertEqual(
            cleaned, '<ul><li><a href="https://example.org/%3Cli%3E%3Cp%3E">x</a></li></ul>'
        )

    def test_keeps_the_blanks_between_words(self):
        html = (
            '<p><strong>a</strong> <em>b</em> c&nbsp;d <mark data-claim="c123456789">e</mark> f</p>'
        )

        self.assertEqual(cleaning.clean(html), html)

    def test_gives_the_words_of_a_claim_as_they_are_read(self):
        html = (
            '<p><mark data-claim="c123456789">mov</mark><em><mark'
            ' data-claim="c123456789">ing</mark></em> a lot</p><ul><li><mark'
            ' data-claim="c123456789">helps</mark></li></ul>'
        )

        self.assertEqual([claim.text for claim in claims_in(html)], ["moving helps"])

    def test_tells_what_was_taken_out(self):
        self.assertEqual(
            cleaning.clean_and_describe(
                '<p>a<img src=x><img src=y><a href="javascript:x()">b</a></p>'
            ).removed,
            ("2 pictures", "the address of 1 link"),
        )

    def test_refuses_what_would_take_minutes(self):
        for html in ("<ul><li>" * 20_000, "<div>" * 200_000, "<b>" * 150, "x" * 400_000):
            with self.assertRaises(cleaning.TooMuchHtml):
                cleaning.clean(html)


class ABody(TestCase):
    HOSTILE, CLEAN = "<p>a<script>x()</script></p>", "<p>a</p>"

    def test_is_cleaned_on_every_path_into_the_database(self):
        article = a_draft()
        article.body = self.HOSTILE
        article.save()
        self.assertEqual(Article.objects.get().body, self.CLEAN)
        Article.objects.update(body=self.HOSTILE + "b")
        self.assertEqual(Article.objects.get().body, self.CLEAN + "b")
        Article.objects.bulk_create([Article(title="t", slug="t", body=self.HOSTILE)])
        self.assertEqual(Article.objects.get(slug="t").body, self.CLEAN)
