"""The page of a condition: what live pages found for it, by outcome, the surest first."""

import re
from html import unescape
from unittest import mock

from django.core.management import call_command
from django.db import connection
from django.test import TestCase

from articles.drafts import edits
from articles.live import catalogue
from articles.models import ArticleCondition, Condition, Finding, LiveFinding, SafetyNotice
from articles.page.page import Page
from articles.preflight.reading_level import measure
from articles.public import views
from articles.publishing import publishing
from articles.richtext.cleaning import plain_text
from articles.richtext.markers import mark_first, new_key
from tests.builders import (
    LATER,
    a_draft,
    a_reference,
    link,
    mark,
    published,
    reviewed,
    set_claim,
    with_count,
    with_finding,
)

HEADING = "What helps, and how sure are we?"


def with_evidence(row, *, certainty="low", source_certainty="low"):
    """`row`, which is a claim, with a review that carries the certainty."""
    review = a_reference(design="systematic_review")
    link(row.claim, review, source_certainty=source_certainty, source_scheme="GRADE")
    set_claim(row.claim, certainty=certainty)
    return row


def said(html):
    """What is said in `html`, in one line, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


class TopicPage(TestCase):
    """Makes live pages about one condition, and looks at the page of that condition."""

    def setUp(self):
        self.condition = Condition.objects.create(
            name="sore knee", slug="sore-knee", summary="A knee that hurts."
        )

    def a_page_about_it(self, title="Exercise", **fields):
        article = a_draft(title=title, **fields)
        row = ArticleCondition.objects.create(article=article, condition=self.condition)
        with_evidence(row)
        return article

    def a_live_page(self, title="Exercise", outcome="knee pain", **fields):
        article = self.a_page_about_it(title, language=fields.pop("language", "en"))
        self.found_on(article, outcome, **fields)
        published(article)
        return article

    def found_on(self, article, outcome="knee pain", make=with_finding, certainty="low", **fields):
        source_certainty = certainty if certainty != "very-low" else "low"
        return with_evidence(
            make(article, outcome, **fields),
            certainty=certainty,
            source_certainty=source_certainty,
        )

    def page(self, **query):
        return self.client.get("/conditions/sore-knee/", query)

    def found(self, **query):
        """The part of the page that says what was found."""
        html = self.page(**query).content.decode()
        return unescape(re.search(r'<h2 id="found">.*?(?=</main>)', html, re.S)[0])

    def text(self, **query):
        return said(self.found(**query))


class WhatLivePagesFound(TopicPage):
    def test_stands_by_outcome_whatever_its_capitals_and_in_alphabetical_order(self):
        self.a_live_page("Exercise", "walking")
        self.a_live_page("Cupping", "Knee pain")
        self.a_live_page("Taping", "knee Pain")
        self.a_live_page("Rest", "Éase of use")

        outcomes = re.findall(r"<h3[^>]*>(.*?)</h3>", self.found())

        self.assertEqual(outcomes, ["Éase of use", "Knee pain", "Walking"])

    def test_has_the_surest_first_and_what_made_no_difference_among_them(self):
        for title, certainty, direction in (
            ("Aaa", "very-low", "better"),
            ("Cupping", "low", "unclear"),
            ("Taping", "moderate", "no_difference"),
            ("Exercise", "high", "better"),
        ):
            self.a_live_page(title, certainty=certainty, direction=direction, intervention=title)

        text = self.text()
        places = [
            text.index(words)
            for words in (
                "With Exercise, there is less knee pain.",
                "With Taping, there is probably little or no difference in knee pain.",
                "We cannot tell if there is a difference in knee pain.",
                "With Aaa, we do not know if there is a difference in knee pain.",
            )
        ]
        self.assertEqual(places, sorted(places))
        self.assertEqual(self.found().count("<strong>"), 4)

    def test_says_what_its_own_page_says(self):
        article = self.a_live_page(
            people=12981,
            studies=59,
            population="older people",
            time="1 year",
            low=-15,
            high=-9,
            interval_of="difference",
            note="Most people did it twice a week.",
            certainty="moderate",
        )
        publication = article.publications.get()
        own = Page(publication.revision.content).findings[0]

        text = self.text()

        for words in (
            own.text.effect,
            *own.text.numbers,
            own.rests_on,
            "Who: older people.",
            "Compared with: no exercise.",
            "When: 1 year.",
            "Rests on: 59 studies, 12,981 people.",
            "Most people did it twice a week.",
            "The source itself is fairly sure.",
            "Fairly sure",
        ):
            self.assertIn(words, text)
        self.assertIn(f'<a href="/articles/{article.slug}/">Exercise</a>', self.found())

    def test_names_what_was_tried_where_neither_title_nor_sentence_does(self):
        self.a_live_page("Moving more", intervention="hydrotherapy", direction="unclear")
        self.assertIn("What was tried: hydrotherapy.", self.text())

        self.a_live_page("Cupping of the back", intervention="cupping", direction="unclear")
        self.a_live_page("Using a band", intervention="taping")
        self.assertEqual(self.text().count("What was tried:"), 1)

    def test_that_does_not_agree_stands_under_one_outcome(self):
        self.a_live_page("Exercise", intervention="exercise", certainty="low")
        self.a_live_page("Moving", intervention="exercise", direction="worse", with_value=50)

        found = self.found()

        self.assertEqual(found.count("<h3"), 1)
        self.assertIn("there may be less knee pain", found)
        self.assertIn("there may be more knee pain", found)

    def test_says_where_the_sources_of_a_page_do_not_agree(self):
        article = self.a_page_about_it()
        row = self.found_on(article)
        link(row.claim, a_reference(), stance="contradicts", quote="It did not help.")
        published(article)

        self.assertIn("Studies do not agree on this. 1 source agrees.", self.text())

    def test_warns_where_a_safety_notice_lies_over_its_page(self):
        article = self.a_live_page()
        self.assertNotIn("safety notice", self.text())
        SafetyNotice.objects.create(article=article, text="Taken back.", opened_at=LATER)

        self.assertIn("There is a safety notice on this page. Read it first.", self.text())

    def test_has_the_phrases_of_a_text_that_name_an_outcome(self):
        article = self.a_page_about_it()
        self.found_on(article)
        article.body += "<p>Some of them walk further.</p>"
        article.body = mark_first(article.body, "Some of them walk further", new_key())
        article.save()
        phrase = mark(
            article,
            "It may suit some people",
            outcome="Knee  pain",
            population="adults",
            comparator="rest",
            direction="better",
            certainty="very-low",
        )
        for claim in article.claims.filter(citations=None):
            link(claim, a_reference())
        self.assertEqual(article.claims.filter(kind="text").exclude(pk=phrase.pk).count(), 1)
        published(article)

        text = self.text()

        self.assertEqual(self.found().count("<h3"), 1)
        self.assertLess(text.index("With exercise"), text.index("It may suit some people"))
        self.assertIn("Who: adults. Compared with: rest.", text)
        self.assertNotIn("walk further", text)

    def test_is_of_pages_about_this_condition_alone(self):
        self.a_live_page()
        other = a_draft(title="Cupping")
        self.found_on(other, "sleep")
        published(other)

        self.assertNotIn("Sleep", self.found())

    def test_is_missing_where_no_page_found_anything(self):
        published(self.a_page_about_it())

        self.assertNotContains(self.page(), HEADING)
        self.assertNotContains(self.page(), 'id="found"')


class TheLanguageOfWhatWasFound(TopicPage):
    ARABIC = {
        "intervention": "التمارين",
        "comparator": "بدون التمارين",
        "language": "ar",
        "scale_low_words": "لا ألم",
        "scale_high_words": "أسوأ ألم",
    }

    def test_is_that_of_its_page_whatever_the_reader_speaks(self):
        self.a_live_page("Exercise")
        self.a_live_page("تمارين", "ألم الركبة", people=20, **self.ARABIC)

        for accepted in ("en", "ar", "es"):
            self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = accepted
            found = self.found()
            with self.subTest(accepted):
                self.assertIn('<h3 lang="ar" dir="rtl">ألم الركبة</h3>', found)
                arabic = re.search(r'<div lang="ar" dir="rtl">.*?</div>', found, re.S)[0]
                english = re.search(r'<div lang="en" dir="ltr">.*?</div>', found, re.S)[0]
                self.assertEqual(re.findall("[A-Za-z]{4,}", said(arabic)), [])
                self.assertIn("قد", arabic)
                self.assertIn("With exercise, there may be less knee pain.", english)
                self.assertIn("Not very sure", english)

    def test_leaves_the_words_around_it_to_the_reader(self):
        self.a_live_page("تمارين", "ألم الركبة", **self.ARABIC)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"

        self.assertContains(self.page(), "¿Qué ayuda y qué tan seguros estamos?")

    def test_is_plain(self):
        self.a_live_page()
        introduction = re.search(r"</h2>\s*(<p>.*?</p>)", self.found(), re.S)[1]

        level = measure(plain_text(introduction))

        self.assertGreater(level.sentences, 2)
        self.assertLessEqual(level.grade, 4)
        self.assertEqual(level.long_sentences, ())


class CountsOnOneOutcome(TopicPage):
    def small_count(self, title, **fields):
        return self.a_live_page(
            title, "side effect", make=with_count, intervention=title, comparator="rest", **fields
        )

    def test_are_out_of_one_base(self):
        self.small_count("Exercise", without_value=8, with_value=31)
        self.small_count("Cupping", base=1000, without_value=4, with_value=2, direction="better")
        self.a_live_page("Taping", "walking", make=with_count)

        text = self.text()

        self.assertIn("With Exercise, 310 in 1000 did", text)
        self.assertIn("With Cupping, 2 in 1000 did", text)
        self.assertIn("With exercise, 31 in 100 did", text)

    def test_are_out_of_it_on_every_page_of_the_list(self):
        self.small_count("Exercise", without_value=8, with_value=31, certainty="high")
        self.small_count("Cupping", base=1000, without_value=4, with_value=2, direction="better")

        with mock.patch.object(views, "ON_A_PAGE", 1):
            self.assertIn("With Exercise, 310 in 1000 did", self.text(findings=1))
            self.assertIn("With Cupping, 2 in 1000 did", self.text(findings=2))


class TheListOfWhatWasFound(TopicPage):
    def test_is_cut_in_pages_without_moving_the_list_of_treatments(self):
        for number in range(3):
            self.a_live_page(f"Treatment {number}", f"outcome {number}")

        with mock.patch.object(views, "ON_A_PAGE", 2):
            self.assertRegex(
                self.found(), r'rel="next" href="\?findings=2&(?:amp;)?findings_after=[\w-]+#found"'
            )
            self.assertNotIn("Outcome 2", self.found())
            last = self.page(findings=2)
            self.assertContains(last, 'rel="prev" href="?findings=1#found"')
            self.assertContains(last, "Outcome 2")
            self.assertNotContains(last, "Outcome 1")
            self.assertContains(last, 'rel="next" href="?page=2&amp;page_after=')
            self.assertEqual(self.page(findings=3).status_code, 404)
            labels = re.findall(r'<nav class="pages" aria-label="(.*?)"', last.content.decode())
        self.assertEqual(len(set(labels)), 2)

    def test_costs_the_same_for_two_pages_and_for_forty(self):
        for number in range(2):
            self.a_live_page(f"Treatment {number}", people=30)
        with self.assertNumQueries(6):
            self.page()
        for number in range(2, 40):
            article = self.a_page_about_it(f"Treatment {number}")
            self.found_on(article, "knee pain")
            self.found_on(article, f"outcome {number}", make=with_count)
            published(article)

        self.assertEqual(LiveFinding.objects.count(), 78)
        with self.assertNumQueries(6) as queries:
            self.page()
        with self.assertNumQueries(6):
            self.page(findings=2)

        self.assertFalse([query for query in queries.captured_queries if "frozen" in query["sql"]])


class TheExampleOnTheFrontPage(TopicPage):
    def example(self, language="en"):
        html = self.client.get("/", headers={"accept-language": language}).content.decode()
        found = re.search(r'<section class="example">.*?</section>', html, re.S)
        return unescape(found[0]) if found else ""

    def test_shows_what_a_page_found_with_its_numbers_drawn_and_leads_there(self):
        article = self.a_live_page(outcome="falls", direction="better")
        row = article.finding_rows.get()
        html = self.example()

        self.assertIn(f'href="/articles/{article.slug}/#finding-{row.uid}"', html)
        self.assertIn('class="arms', html)
        page = self.client.get(article.get_absolute_url()).content.decode()
        self.assertIn(f'id="finding-{row.uid}"', page)

    def test_is_the_surest_of_those_where_something_gets_better(self):
        for title, certainty, fields in (
            ("Harm", "high", {"direction": "worse", "with_value": 60}),
            ("Weak", "low", {}),
            ("Strong", "moderate", {}),
        ):
            self.a_live_page(title=title, certainty=certainty, **fields)

        self.assertIn(">Strong<", self.example())

    def test_is_never_of_a_page_with_a_safety_notice(self):
        article = self.a_live_page()
        SafetyNotice.objects.create(article=article, text="Taken back.", opened_at=LATER)

        self.assertEqual(self.example(), "")

    def test_is_in_the_language_of_the_reader_where_there_is_one(self):
        self.a_live_page()
        self.assertIn('class="finding" lang="en"', self.example("es"))

        self.a_live_page("Ejercicio", language="es")
        self.assertIn('class="finding" lang="es"', self.example("es"))
        self.assertIn('class="finding" lang="en"', self.example("en"))

    def test_is_not_there_where_no_page_has_a_number_that_is_rated(self):
        published(self.a_page_about_it())
        article = self.a_live_page()
        LiveFinding.objects.filter(live__article=article).update(claim={})

        self.assertEqual(self.example(), "")
        self.assertEqual(self.client.get("/").status_code, 200)


class TheCopiesOfFindings(TopicPage):
    def copies(self):
        rows = LiveFinding.objects.order_by("live__slug", "pk")
        return list(
            rows.values("outcome", "outcome_key", "sort_key", "certainty_rank", "row", "claim")
        )

    def test_do_not_change_by_a_byte_when_the_working_rows_do(self):
        article = self.a_live_page()
        before = self.page().content
        Finding.objects.update(outcome="quokka", without_value=80, population="quokkas")
        article.claims.update(certainty="high", outcome="quokka")
        draft = self.a_page_about_it("Quokka")
        self.found_on(draft, "quokka")

        self.assertEqual(self.page().content, before)

    def test_go_when_their_page_goes(self):
        article = self.a_live_page()
        self.a_live_page("Cupping", "walking")

        publication = article.publications.get()
        publishing.withdraw(article, by=publication.by, at=LATER, reason="It may be wrong.")

        self.assertNotIn("Knee pain", self.found())
        self.assertEqual([row["outcome"] for row in self.copies()], ["walking"])

    def test_are_replaced_when_their_page_is_published_again(self):
        article = self.a_live_page()
        Finding.objects.filter(article=article).first().delete()
        self.found_on(article, "walking")
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        self.assertIn("Knee pain", self.found())

        publishing.publish(revision, by=editor, at=LATER)

        self.assertEqual(re.findall(r"<h3[^>]*>(.*?)</h3>", self.found()), ["Walking"])

    def test_come_back_the_same_when_the_catalogue_is_made_again(self):
        article = self.a_page_about_it()
        self.found_on(article)
        mark(article, "It may suit some people", outcome="sleep", certainty="very-low")
        for claim in article.claims.filter(citations=None):
            link(claim, a_reference())
        published(article)
        self.a_live_page("Cupping", "walking", certainty="high")
        before, page = self.copies(), self.page().content
        LiveFinding.objects.all().delete()
        self.assertEqual(self.copies(), [])

        call_command("rebuild_search", verbosity=0)

        self.assertEqual(len(before), 3)
        self.assertEqual(self.copies(), before)
        self.assertEqual(self.page().content, page)

    def test_are_made_after_an_update_of_a_site_whose_catalogue_had_none(self):
        self.a_live_page()
        LiveFinding.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE articles_search_form SET form = 2")

        catalogue.install_after_migrate(sender=None)

        self.assertEqual([row["outcome"] for row in self.copies()], ["knee pain"])

    def test_hold_nothing_that_is_not_shown(self):
        article = self.a_page_about_it()
        row = self.found_on(article)
        row.claim.citations.update(quote="quokka")
        published(article)
        self.assertIn("quokka", str(article.publications.get().revision.content))

        self.assertNotIn("quokka", str(self.copies()))
