"""Home, lists, the pages about the site itself, and what stands where there is no page."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.test import SimpleTestCase, TestCase, override_settings

from articles.preflight.reading_level import measure
from articles.publishing import publishing
from articles.richtext.cleaning import plain_text
from tests.builders import LATER, a_draft, published, with_condition

OWN_PAGES = ("/about/", "/accessibility/", "/privacy/")


class TheFrontPage(TestCase):
    def test_leads_to_problems_new_pages_and_how_they_are_made(self):
        article = a_draft(title="Cupping", slug="cupping")
        with_condition(article, "stiff neck", certainty="none")
        published(article)

        page = self.client.get("/")

        for words in (
            "Stiff neck",
            "Cupping",
            'href="/about/"',
            'role="search"',
            'href="/conditions/"',
        ):
            self.assertContains(page, words)

    def test_costs_five_queries_and_reads_no_whole_page(self):
        for number in range(8):
            with_condition(article := a_draft(slug=f"page-{number}"), certainty="none")
            published(article)

        with self.assertNumQueries(5) as queries:
            self.client.get("/")

        self.assertFalse([query for query in queries.captured_queries if "frozen" in query["sql"]])

    def test_says_so_while_nothing_is_published(self):
        self.assertContains(self.client.get("/"), "No page is published yet.")


class TheListOfArticles(TestCase):
    def test_is_by_title_whatever_accents_and_capitals(self):
        for title, slug in (("zebra", "z"), ("Éclair", "e"), ("apple", "a"), ("Fig", "f")):
            published(title=title, slug=slug)

        html = self.client.get("/articles/").content.decode()

        self.assertEqual(re.findall(r'href="/articles/(\w)/"', html), ["a", "e", "f", "z"])

    def test_is_cut_in_pages(self):
        from unittest.mock import patch

        from articles.public import views

        for number in range(5):
            published(title=f"Page {number}", slug=f"page-{number}")
        with patch.object(views, "ON_A_PAGE", 2):
            with self.assertNumQueries(2):
                middle = self.client.get("/articles/?page=2")
            self.assertContains(middle, "Page 2 of 3")
            self.assertContains(middle, 'rel="prev" href="?page=1"')
            self.assertContains(middle, 'rel="next" href="?page=3&amp;page_after=')
            self.assertContains(middle, "/articles/page-2/")
            self.assertNotContains(self.client.get("/articles/?page=3"), 'rel="next"')
            self.assertEqual(self.client.get("/articles/?page=4").status_code, 404)


class ThePagesAboutTheSite(TestCase):
    def test_are_linked_from_every_page(self):
        for address in OWN_PAGES:
            self.assertContains(self.client.get("/articles/"), f'href="{address}"')

    def test_can_be_read_by_people_who_find_reading_hard(self):
        for address in OWN_PAGES:
            with self.subTest(address):
                main = re.search(
                    r"<main.*</main>", self.client.get(address).content.decode(), re.S
                )[0]
                sentences = "".join(
                    re.findall(r"<(?:p|li|dd)\b[^>]*>.*?</(?:p|li|dd)>", main, re.S)
                )
                level = measure(plain_text(re.sub(r"<(/?)dd\b", r"<\1p", sentences)))

                self.assertGreater(level.sentences, 5)
                self.assertLessEqual(level.grade, 6)
                self.assertEqual(level.long_sentences, ())

    def test_ask_the_database_nothing_and_set_no_cookie(self):
        for address in OWN_PAGES:
            with self.subTest(address), self.assertNumQueries(0):
                self.assertFalse(self.client.get(address).cookies)

    @override_settings(SITE_OPERATOR="Riverside <Clinic>", SITE_CONTACT="hello@clinic.example")
    def test_say_who_runs_the_site_where_the_operator_did(self):
        for address in OWN_PAGES:
            self.assertContains(self.client.get(address), "Riverside &lt;Clinic&gt;")
            self.assertContains(self.client.get(address), "mailto:hello@clinic.example")

    def test_say_nothing_of_an_operator_who_did_not(self):
        self.assertNotContains(self.client.get("/privacy/"), "Who runs this site")

    def test_give_way_to_those_of_an_operator(self):
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "pages").mkdir()
            (Path(folder) / "pages" / "privacy.html").write_text(
                '{% extends "base.html" %}{% block main %}<h1>Ours</h1>{% endblock main %}'
            )
            templates = [
                {**settings.TEMPLATES[0], "DIRS": [Path(folder), *settings.TEMPLATES[0]["DIRS"]]}
            ]
            with self.settings(TEMPLATES=templates):
                self.assertContains(self.client.get("/privacy/"), "<h1>Ours</h1>")
                self.assertContains(self.client.get("/about/"), "How we make our pages")


class WhereThereIsNoPage(TestCase):
    def test_there_is_a_way_on(self):
        page = self.client.get("/nothing/")

        for words in ('href="/articles/"', 'href="/conditions/"', 'role="search"', 'href="/"'):
            self.assertContains(page, words, status_code=404)

    def test_a_withdrawn_one_leads_to_others(self):
        publication = published(slug="cupping")
        publishing.withdraw(
            publication.article, by=publication.by, at=LATER, reason="It may be wrong."
        )

        page = self.client.get("/articles/cupping/")

        for words in ("It may be wrong.", 'href="/conditions/"', 'role="search"'):
            self.assertContains(page, words, status_code=410)

    def test_an_error_of_ours_leads_on_and_asks_nothing_of_what_may_be_broken(self):
        with self.assertNumQueries(0):
            html = render_to_string("500.html")

        self.assertIn('href="/"', html)
        self.assertIn('href=""', html)


class APageAsItIsSent(TestCase):
    def test_is_compressed_where_the_browser_takes_that(self):
        page = self.client.get("/about/", headers={"Accept-Encoding": "gzip"})

        self.assertEqual(page["Content-Encoding"], "gzip")
        self.assertIn("Accept-Encoding", page["Vary"])

    def test_is_not_compressed_beside_secrets(self):
        page = self.client.get("/admin/login/", headers={"Accept-Encoding": "gzip"})

        self.assertNotIn("Content-Encoding", page)

    def test_sets_no_cookie_and_depends_on_none_but_the_choice_of_a_language(self):
        for address in ("/", "/articles/", "/about/", "/words/", "/search/?q=knee"):
            with self.subTest(address):
                plain = self.client.get(address)
                self.client.cookies["session"] = "x"
                with_another = self.client.get(address)
                self.client.cookies.clear()

                self.assertEqual(plain.cookies, {})
                self.assertEqual(plain.content, with_another.content)

    def test_is_the_same_for_everybody_where_it_speaks_the_articles_language(self):
        published(slug="stretching")

        self.assertNotIn("Cookie", self.client.get("/articles/stretching/").get("Vary", ""))


class ASiteWhoseDatabaseIsDown(SimpleTestCase):
    def test_says_so_in_the_readers_language_and_what_to_do(self):
        # A SimpleTestCase lets nobody ask the database: whatever asks it fails, as when it is down.
        self.client.raise_request_exception = False
        with self.assertLogs("django.request", "ERROR"):
            answers = [
                self.client.get("/", headers={"accept-language": code})
                for code in ("en", "es", "ar")
            ]

        self.assertEqual([answer.status_code for answer in answers], [500] * 3)
        self.assertContains(answers[0], "call your emergency number now", status_code=500)
        self.assertContains(answers[1], '<html lang="es" dir="ltr">', status_code=500)
        self.assertContains(answers[2], '<html lang="ar" dir="rtl">', status_code=500)
