"""Finding a page by its words, and never by those of a draft."""

import io
import re
from datetime import timedelta
from html import unescape
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection, transaction
from django.test import SimpleTestCase, TestCase, TransactionTestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.drafts import edits
from articles.live import catalogue
from articles.live.search import excerpts, index, results
from articles.live.search.query import SearchTerm, terms
from articles.models import LiveArticle, LiveTerm, LiveTotal
from articles.publishing import publishing
from articles.review import reviewing
from tests import stored
from tests.builders import (
    LATER,
    a_draft,
    published,
    reviewed,
    set_claim,
    with_advice,
    with_condition,
    with_side_effect,
)


def titles(query):
    return [result.live.title for result in results.search(query).results]


def lose_the_index():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")


class WhatSomebodyTyped(SimpleTestCase):
    def test_is_taken_word_by_word_and_the_last_may_go_on(self):
        self.assertEqual(
            terms("Neck  PAIN"), [SearchTerm(("neck",)), SearchTerm(("pain",), is_prefix=True)]
        )

    def test_stands_together_in_quotes_of_any_kind(self):
        for typed in ('"neck pain"', "“neck pain”", "«neck pain»"):
            with self.subTest(typed):
                self.assertEqual(terms(typed), [SearchTerm(("neck", "pain"))])

    def test_is_plain_words_where_a_quote_is_never_closed(self):
        self.assertEqual(
            terms('neck "pain'), [SearchTerm(("neck",)), SearchTerm(("pain",), is_prefix=True)]
        )

    def test_does_not_go_on_from_a_single_letter(self):
        self.assertEqual(terms("a"), [SearchTerm(("a",))])

    def test_holds_letters_and_digits_alone_and_not_too_many(self):
        asked = terms("a* OR b) NEAR(c, title:d -- '; \x00" + " word" * 100)

        self.assertLessEqual(len([word for term in asked for word in term.words]), 10)
        self.assertTrue(all(word.isalnum() for term in asked for word in term.words))

    def test_is_nothing_where_it_has_no_word(self):
        self.assertEqual(terms(' "" ?!* () '), [])


class ALivePage(TestCase):
    def setUp(self):
        article = a_draft(
            title="Cupping",
            slug="cupping",
            summary="Cups are put on the skin.",
            other_names=["glass therapy"],
            body=(
                "<p>Some people try it.</p><h2>At a visit</h2><p>The therapist warms a"
                " <b>quokka</b> cup first.</p>"
            ),
        )
        with_condition(article, "stiff neck", certainty="none")
        set_claim(
            with_side_effect(article, "round bruises", note="They fade.").claim, certainty="none"
        )
        set_claim(with_advice(article, "Drink a glass of water.").claim, certainty="none")
        self.publication = published(article)

    def test_is_found_by_every_part_of_it(self):
        for query in (
            "cupping",
            "glass therapy",
            "stiff neck",
            "skin",
            "quokka",
            "bruises",
            "drink",
            "infection",
        ):
            with self.subTest(query):
                self.assertEqual(titles(query), ["Cupping"])

    def test_is_found_by_the_beginning_of_the_last_word_alone(self):
        self.assertEqual(titles("stiff quok"), ["Cupping"])
        self.assertEqual(titles("quok stiff"), ["Cupping"])  # by one of the words
        self.assertTrue(results.search("quok stiff").are_partial)
        self.assertEqual(titles("quok zebra"), [])

    def test_is_found_by_a_word_in_another_form(self):
        self.assertEqual(titles("warm cups"), ["Cupping"])

    def test_is_found_by_words_in_quotes_only_where_they_stand_together(self):
        self.assertEqual(titles('"warms a quokka cup"'), ["Cupping"])
        self.assertEqual(titles('"quokka warms"'), [])

    def test_is_found_whatever_accents_and_capitals_are_typed(self):
        published(title="Thérapie", slug="therapie", body="<p>Une légère douleur.</p>")

        self.assertEqual(titles("LÉGÈRE"), ["Thérapie"])
        self.assertEqual(titles("legere"), ["Thérapie"])
        self.assertEqual(titles('"une legere douleur"'), ["Thérapie"])

    def test_comes_before_pages_that_only_mention_it(self):
        published(
            title="Stretching",
            body="<p>Unlike cupping, it needs no cups. Cupping is another thing.</p>",
        )

        self.assertEqual(titles("cupping"), ["Cupping", "Stretching"])

    def test_is_shown_with_the_part_that_answers_and_the_words_marked(self):
        html = self.client.get("/search/", {"q": "quokka"}).content.decode()

        self.assertIn("<b>At a visit:</b>", html)
        self.assertIn("warms a <mark>quokka</mark> cup", html)
        self.assertIn("1 page for “quokka”", html)

    def test_is_not_found_by_its_draft(self):
        article = self.publication.article
        article.body += "<p>Wombat.</p>"
        article.title = "Wombat cups"
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)

        self.assertEqual(titles("wombat"), [])
        self.assertEqual(titles("cupping"), ["Cupping"])

    def test_is_found_as_it_is_now_once_it_is_published_again(self):
        article = self.publication.article
        article.body = "<p>Wombat.</p>"
        article.save()
        edits.match_claims_to_text(article)
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)

        self.assertEqual(titles("wombat"), ["Cupping"])
        self.assertEqual(titles("quokka"), [])

    def test_is_not_found_once_it_is_withdrawn(self):
        publishing.withdraw(
            self.publication.article, by=self.publication.by, at=LATER, reason="It may be wrong."
        )

        self.assertEqual(titles("cupping"), [])
        self.assertEqual(index.find(terms("cupping")), [])

    def test_stays_findable_when_publishing_or_withdrawing_fails(self):
        with self.assertRaises(publishing.Refused):
            publishing.withdraw(
                self.publication.article, by=self.publication.by, at=LATER, reason=" "
            )

        self.assertEqual(titles("cupping"), ["Cupping"])

    def test_costs_two_queries_however_many_there_are(self):
        for number in range(4):
            published(title=f"Cupping {number}", slug=f"cupping-{number}")

        with self.assertNumQueries(2):
            self.client.get("/search/", {"q": "cupping"})


class APageInSpanish(TestCase):
    def setUp(self):
        article = a_draft(
            title="Ejercicio para la ciática",
            language="es",
            summary="Para el dolor de pierna.",
            body="<p>Las articulaciones rígidas duelen. La lesión de muñeca también.</p>",
        )
        published(article)

    def test_is_found_with_accents_and_without(self):
        for query in (
            "ciática",
            "ciatica",
            "CIÁTICA",
            "ciática",
            "rigidas",
            "muñeca",
            "muneca",
            "lesion",
            "lesión",
        ):
            with self.subTest(query):
                self.assertEqual(titles(query), ["Ejercicio para la ciática"])
        self.assertEqual(titles('"lesion de muneca"'), ["Ejercicio para la ciática"])

    def test_is_found_by_an_accent_its_writer_left_out(self):
        published(
            title="Estiramiento", language="es", body="<p>Para la tendinitis rotuliana cronica.</p>"
        )

        self.assertEqual(titles("crónica"), ["Estiramiento"])

    def test_shows_the_words_marked_in_the_spelling_of_the_page(self):
        (result,) = results.search("ciatica").results

        self.assertEqual([piece.text for piece in result.title if piece.is_hit], ["ciática"])


class APageInArabic(TestCase):
    TITLE = "الوخز بالإبر الجافة"

    def setUp(self):
        article = a_draft(
            title=self.TITLE,
            language="ar",
            summary="لا نعرف هل يخفّف آلام الظهر.",
            other_names=[],
            body=(
                "<p>يشعر بعض النّاس بأَلَمٍ خفيف بعد المَشْي. يضع المعالج إبرة رفيعة على مستوى"
                " العضلة.</p>"
            ),
        )
        published(article)

    def test_is_found_whatever_form_of_alef_and_hamza_is_typed(self):
        for query in ("إبرة", "ابرة", "أبرة", "آلام", "الام", "الوخز بالابر"):
            with self.subTest(query):
                self.assertEqual(titles(query), [self.TITLE])

    def test_is_found_with_vowel_signs_and_without(self):
        for query in (
            "الناس",
            "النّاس",
            "المشي",
            "المَشْي",
            "رَفِيعَة",
            "يخفف",
            "يخفّف",
            "رفيـــعة",
        ):
            with self.subTest(query):
                self.assertEqual(titles(query), [self.TITLE])

    def test_is_found_by_letters_typed_for_one_another(self):
        for query in ("الجافه", "ابره", "مستوي", "المشى"):
            with self.subTest(query):
                self.assertEqual(titles(query), [self.TITLE])

    def test_shows_the_words_marked_under_their_signs(self):
        (result,) = results.search("المشي").results

        self.assertEqual([piece.text for piece in result.excerpt.pieces if piece.is_hit], ["المَشْي"])


class TheIndex(TestCase):
    def test_made_another_way_than_today_is_made_anew_by_migrate(self):
        published(title="Cupping", slug="cupping")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_search")
            cursor.execute("UPDATE articles_search_form SET form = 1")
        self.assertEqual(titles("cupping"), [])

        call_command("migrate", verbosity=0)

        self.assertEqual(titles("cupping"), ["Cupping"])
        self.assertTrue(index.is_current())

    def test_is_read_and_not_every_page(self):
        sql, params = index._dialect(connection).find(terms("needle"), False, ["en", "es"])
        explained = (
            sql.replace("WITH", "EXPLAIN WITH", 1) if "WITH" in sql else f"EXPLAIN QUERY PLAN {sql}"
        )
        with connection.cursor() as cursor:
            cursor.execute(explained, params)
            plan = str(cursor.fetchall())

        self.assertNotIn("Seq Scan", plan)
        self.assertIn(
            "VIRTUAL TABLE INDEX" if connection.vendor == "sqlite" else "articles_search_document",
            plan,
        )


class ADraftInSearch(TestCase):
    """Looks as an outsider would.

    An answer about a draft's word must be the answer about a word that is nowhere.
    """

    def answer(self, query):
        page = self.client.get("/search/", {"q": query})
        return page.status_code, unescape(page.content.decode()).replace(query, "W").replace(
            query.lower(), "W"
        )

    def test_cannot_be_told_from_nothing(self):
        article = a_draft(
            title="Narwhaliota",
            slug="narwhaliota",
            summary="Narwhaliota.",
            body="<p>Narwhaliota.</p>",
        )
        with_condition(article, "narwhaliota", certainty="none")
        published(title="Live", slug="live")
        reviewing.submit(a_draft(title="Narwhaliota 2"), by=article.owner, at=LATER)

        for bait, other in (
            ("Narwhaliota", "Xylophonist"),
            ("Narwh", "Xylop"),
            ('"Narwhaliota"', '"Xylophonist"'),
        ):
            with self.subTest(bait):
                self.assertEqual(self.answer(bait), self.answer(other))

    def test_shows_in_no_list(self):
        article = a_draft(title="Narwhaliota", slug="narwhaliota")
        with_condition(article, "narwhaliota", certainty="none")
        published(title="Live", slug="live")

        for address in (
            "/",
            "/articles/",
            "/conditions/",
            "/words/",
            "/sitemap.xml",
            "/feed/",
            "/search/",
        ):
            with self.subTest(address):
                self.assertNotIn("narwhal", self.client.get(address).content.decode().lower())
        self.assertEqual(self.client.get("/articles/narwhaliota/card-1.png").status_code, 404)
        self.assertEqual(self.client.get("/articles/narwhaliota/feedback/").status_code, 404)


class TheResultsPage(TestCase):
    def test_asks_what_to_look_for_where_nothing_was_typed(self):
        with_condition(article := a_draft(slug="a"), "stiff neck", certainty="none")
        published(article)

        for query in ("", "   ", "?!"):
            with self.subTest(query):
                page = self.client.get("/search/", {"q": query})
                self.assertContains(page, "Type a treatment, a problem or a part of the body")
                self.assertContains(page, "Stiff neck")

    def test_leads_on_where_nothing_was_found(self):
        page = self.client.get("/search/", {"q": "xyzzy"})

        self.assertContains(page, "We found nothing for “xyzzy”")
        self.assertContains(page, "/articles/")

    def test_shows_what_was_typed_as_text(self):
        page = self.client.get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()

        self.assertNotIn("<script>alert", page)
        self.assertIn("&lt;script&gt;", page)

    def test_shows_markup_of_a_page_as_text(self):
        published(title="Codes", body="<p>Write &lt;b&gt;bold&lt;/b&gt; &amp; quokka.</p>")

        page = self.client.get("/search/", {"q": "quokka"}).content.decode()

        self.assertIn("&lt;b&gt;bold&lt;/b&gt; &amp; <mark>quokka</mark>", page)

    def test_has_twenty_on_a_page_and_links_to_the_rest(self):
        for number in range(25):
            published(title=f"Quokka {number}", slug=f"quokka-{number}")

        page = self.client.get("/search/", {"q": "quokka"})
        self.assertContains(page, "25 pages for “quokka”")
        self.assertEqual(len(re.findall("<h3>", page.content.decode())), 20)
        self.assertContains(page, 'href="?q=quokka&amp;page=2"')

        second = self.client.get("/search/?q=quokka&page=2")
        self.assertEqual(len(re.findall("<h3>", second.content.decode())), 5)
        self.assertEqual(self.client.get("/search/?q=quokka&page=3").status_code, 404)

    def test_is_kept_by_no_cache_and_sets_no_cookie(self):
        page = self.client.get("/search/", {"q": "knee"})

        self.assertIn("no-store", page["Cache-Control"])
        self.assertFalse(page.cookies)

    def test_names_one_address_for_all_searches(self):
        self.assertContains(
            self.client.get("/search/", {"q": "knee"}),
            'rel="canonical" href="http://127.0.0.1:8000/search/"',
        )

    def test_is_read_only(self):
        self.assertEqual(self.client.post("/search/", {"q": "knee"}).status_code, 405)

    def test_writes_nothing_down(self):
        published(title="Live")
        before = self.rows()

        self.client.get("/search/", {"q": "live"})
        self.client.get("/search/", {"q": "xyzzy"})

        self.assertEqual(self.rows(), before)

    def rows(self):
        with connection.cursor() as cursor:
            counts = {}
            for table in stored.tables():
                cursor.execute(f"SELECT count(*) FROM {table}")
                counts[table] = cursor.fetchone()[0]
        return counts


HOSTILE = [
    "'",
    '"',
    '""',
    '"""',
    "*",
    "a*",
    "NEAR(",
    "NEAR(a b, 3)",
    "title:needle",
    "-needle",
    "^needle",
    "AND",
    "OR",
    "NOT",
    "a AND",
    "(",
    ")",
    "a & b",
    "a | !b",
    "a <-> b",
    "':*",
    "\\",
    "a\\'b",
    "%",
    "%%",
    "%s",
    "\x00",
    "a\x00b",
    "\ud800",
    "' OR 1=1 --",
    "'; DROP TABLE articles_search; --",
    "﷽" * 60,
    "é" * 300,
    "e\u0301" * 200,
    "𝕒𝕓𝕔",
    "²",
    "١٢٣",
    "ﬁ",
    "İ",
    "ß",
    "\u202e",
    "10e999",
    "1.5.2",
    "http://a.b/c?d",
    "a@b.c",
    "x" * 5000,
    "a " * 2500,
    '"a' * 500,
]


class HostileInput(TestCase):
    def test_is_never_an_error(self):
        published(title="Needle", slug="needle", body="<p>1.5 mm needle, 10e5, ²</p>")
        for typed in HOSTILE:
            for query in (typed, f"needle {typed}", f'"{typed} needle"'):
                with self.subTest(ascii(query[:40])):
                    self.assertEqual(
                        self.client.get(
                            "/search/", {"q": query.encode("utf-8", "replace")}
                        ).status_code,
                        200,
                    )

    def test_in_the_number_of_the_page_is_never_an_error_either(self):
        for page in ("-1", "0", "x", "1e9", "9" * 40, "١", ""):
            with self.subTest(page):
                self.assertIn(
                    self.client.get("/search/", {"q": "needle", "page": page}).status_code,
                    {200, 404},
                )

    def test_in_bytes_that_are_no_text_is_never_an_error(self):
        self.assertEqual(self.client.get("/search/?q=%ff%fe%00%c3").status_code, 200)


class ASearchThatTakesTooLong(TransactionTestCase):
    """With real statements that would run for minutes."""

    #: {vendor of the database: a statement that takes for ever}
    ENDLESS = {
        "sqlite": (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
            " SELECT count(*), 'en' FROM n"
        ),
        "postgresql": "SET LOCAL statement_timeout = 200; SELECT pg_sleep(60), 'en'",
    }

    def setUp(self):
        endless = self.ENDLESS[connection.vendor], []
        dialect = type(index._dialect(connection)()).__name__
        for one in (
            patch.object(index, "MOST_MILLISECONDS", 200),
            patch.object(getattr(index, dialect), "find", lambda *args: endless),
        ):
            one.start()
            self.addCleanup(one.stop)

    def test_is_stopped_and_says_what_to_do(self):
        answer = self.client.get("/search/", {"q": "knee"})

        self.assertContains(answer, "That search took too long", status_code=503)
        self.assertContains(answer, "Try one word", status_code=503)
        self.assertEqual(answer["Retry-After"], "60")

    def test_does_not_stop_what_the_same_connection_does_next(self):
        self.client.get("/search/", {"q": "knee"})

        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            self.assertEqual(cursor.fetchone(), (1,))
        self.assertEqual(self.client.get("/").status_code, 200)


class TheTimeOfASearch(SimpleTestCase):
    def test_is_bounded_in_the_statement_itself_on_postgresql(self):
        statement, _params = index._PostgreSQL.find([SearchTerm(("knee",))], False, ["en"])

        self.assertIn(f"SET LOCAL statement_timeout = {index.MOST_MILLISECONDS};", statement)


class AnyInput(HypothesisTestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=60))
    def test_is_looked_for_without_an_error(self, typed):
        index.find(terms(typed))
        index.find(terms(f"needle {typed}"), any_of=True)


class AnExcerpt(SimpleTestCase):
    def said(self, text, query):
        found = excerpts.best([["", text]], terms(query))
        return (
            "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in found.pieces)
            if found
            else None
        )

    def test_marks_the_words_in_any_form_and_no_others(self):
        self.assertEqual(
            self.said("Needling uses needles, not a needlessly long wait.", "needle"),
            "[Needling] uses [needles], not a needlessly long wait.",
        )
        self.assertEqual(self.said("A pain in the paint.", "pain"), "A [pain] in the [paint].")
        self.assertEqual(self.said("The arm, no alarm.", "arm"), "The [arm], no alarm.")

    def test_marks_whatever_the_accents(self):
        self.assertEqual(self.said("Une légère douleur.", "legere"), "Une [légère] douleur.")
        self.assertEqual(
            self.said("Une le\u0301ge\u0300re douleur.", "legere"),
            "Une [le\u0301ge\u0300re] douleur.",
        )

    def test_is_cut_to_about_two_lines_between_words(self):
        found = excerpts.best([["", "word " * 100 + "quokka " + "word " * 100]], terms("quokka"))
        text = "".join(piece.text for piece in found.pieces)

        self.assertLess(len(text), 200)
        self.assertTrue(text.startswith("… word"))
        self.assertTrue(text.endswith("word …"))

    def test_comes_from_the_part_with_most_of_the_words(self):
        parts = [["One", "A needle."], ["Two", "A thin needle."], ["Three", "Thin."]]

        self.assertEqual(excerpts.best(parts, terms("thin needle")).heading, "Two")

    def test_put_together_is_the_text(self):
        text = "İstanbul ß ﬁ é e\u0301 knee"
        self.assertEqual(
            "".join(piece.text for piece in excerpts.parts_of_excerpt(text, terms("knee"))), text
        )

    def test_is_none_where_no_word_is_in_the_text(self):
        self.assertIsNone(excerpts.best([["", "A needle."]], terms("quokka")))


class RebuildingSearch(TestCase):
    def said(self):
        out = io.StringIO()
        call_command("rebuild_search", stdout=out)
        return out.getvalue()

    def shelf(self):
        return [
            (
                live.slug,
                live.title,
                live.sections,
                [(term.kind, term.name) for term in live.terms.all()],
            )
            for live in LiveArticle.objects.order_by("slug")
        ]

    def test_makes_what_publishing_made_and_no_more(self):
        for name in ("stiff neck", "sore knee"):
            article = a_draft(slug=name.replace(" ", "-"))
            with_condition(article, name, certainty="none")
            published(article)
        gone = published(slug="gone", title="Gone")
        publishing.withdraw(gone.article, by=gone.by, at=LATER, reason="It may be wrong.")
        a_draft(title="Draft")
        before = self.shelf()

        self.assertEqual(self.said(), "2 live pages can be found.\n")
        self.assertEqual(self.shelf(), before)
        self.assertEqual(self.said(), "2 live pages can be found.\n")
        self.assertEqual(self.shelf(), before)
        self.assertEqual(titles("knee"), [LiveArticle.objects.get(slug="sore-knee").title])

    def test_mends_an_index_that_was_lost(self):
        published(title="Cupping", slug="cupping")
        lose_the_index()
        self.assertEqual(titles("cupping"), [])

        self.said()

        self.assertEqual(titles("cupping"), ["Cupping"])

    def test_mends_numbers_of_pages_that_were_lost(self):
        published(title="Cupping", slug="cupping")
        LiveTerm.objects.update(total=None)
        LiveTotal.objects.all().delete()

        self.said()

        self.assertEqual(
            [(row.kind, row.pages) for row in LiveTotal.objects.all()][-1], ("page", 1)
        )
        self.assertNotIn(None, LiveTerm.objects.values_list("total", flat=True))

    def test_takes_out_what_is_not_live(self):
        publication = published(title="Cupping", slug="cupping")
        with patch.object(catalogue, "remove"):
            publishing.withdraw(
                publication.article, by=publication.by, at=LATER, reason="It may be wrong."
            )
        self.assertEqual(titles("cupping"), ["Cupping"])

        self.said()

        self.assertEqual(titles("cupping"), [])

    def test_never_leaves_readers_without_a_page_that_is_live(self):
        for number in range(5):
            published(title=f"Cupping {number}", slug=f"cupping-{number}")
        found = []
        with patch.object(catalogue, "IN_A_BATCH", 2):
            for _done in catalogue.rebuild():
                found.append((len(titles("cupping")), LiveArticle.objects.count()))

        self.assertEqual(found, [(5, 5)] * 6)

    def test_keeps_the_old_shelf_when_it_fails_half_way(self):
        published(title="Cupping", slug="cupping")
        published(title="Taping", slug="taping", at=LATER + timedelta(days=1))
        put, calls = index.put, []

        def fail_at_the_second(*args):
            calls.append(args)
            if len(calls) == 2:
                raise RuntimeError("the disk is full")
            return put(*args)

        with (
            patch.object(catalogue, "IN_A_BATCH", 1),
            patch.object(index, "put", fail_at_the_second),
            self.assertRaises(RuntimeError),
            transaction.atomic(),
        ):
            self.said()

        self.assertEqual((titles("cupping"), titles("taping")), (["Cupping"], ["Taping"]))
