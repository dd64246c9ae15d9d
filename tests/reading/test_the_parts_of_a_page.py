"""The parts of an article: in which order, and what each must say."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from articles import wording
from articles.drafts import edits
from articles.models import (
    ArticleCondition,
    ArticleContraindication,
    ComparisonRow,
    GlossaryTerm,
    Person,
    SafetyNotice,
    Stance,
)
from articles.page.imprint import Imprint
from tests.builders import (
    LATER,
    NOON,
    a_contraindication,
    a_draft,
    a_reference,
    link,
    mark,
    published,
    set_claim,
    with_advice,
    with_condition,
    with_side_effect,
)


class APage(TestCase):
    def setUp(self):
        GlossaryTerm.objects.create(word="Tendon", meaning="A cord between muscle and bone.")
        self.article = article = a_draft(
            slug="stretching",
            body=(
                "<h2>What it is</h2><p>It may suit some people.</p><h2>How it works</h2><p>It pulls"
                " at tendons.</p>"
            ),
        )
        ComparisonRow.objects.create(article=article, here="A pull", there="A rub")
        link(mark(article, "may suit some people"), a_reference(), by=article.owner)
        self.row = with_condition(article, "stiff neck")
        link(self.row.claim, a_reference(), by=article.owner)
        link(
            self.row.claim,
            a_reference(),
            by=article.owner,
            stance=Stance.CONTRADICTS,
            quote="No better.",
        )
        for name, serious, n in (("a bruise", False, 8), ("a punctured lung", True, 1)):
            effect = with_side_effect(
                article, name, n=n, base=100 if n > 1 else 10_000, unit="visits", is_serious=serious
            )
            set_claim(effect.claim, direction="harm")
            link(effect.claim, a_reference(), by=article.owner)
        advice = with_advice(article, "Do not rest for long.", kind="dont")
        link(advice.claim, a_reference(), by=article.owner)
        expert = Person.objects.create(
            name="Kim Lee", role="Physiotherapist", registration="PH012345"
        )
        view = with_advice(article, "I like it.", kind="expert", expert=expert)
        link(view.claim, a_reference(), by=article.owner)
        article.helpadvice_rows.create(kind="today", text="your skin is red", position=2)
        self.publication = published(article)

    def html(self):
        """The page, each run of blanks as one: where a template breaks its lines is not seen."""
        return " ".join(self.client.get("/articles/stretching/").content.decode().split())

    def test_stands_in_the_order_readers_need_it(self):
        html = self.html()
        order = [
            'class="skip"',
            'class="emergency"',
            "<h1",
            'id="key"',
            'class="safety"',
            'class="small checked"',
            'class="crumbs"',
            'id="toc"',
            'class="tools',
            "What it is</h2>",
            'id="not"',
            'id="stop"',
            'id="compared"',
            "How it works</h2>",
            'id="studies"',
            'id="effects"',
            'id="help"',
            'id="advice"',
            'id="ask"',
            'id="experts"',
            'id="words"',
            'id="references"',
            'id="about"',
            'class="disclaimer"',
            'class="foot"',
        ]

        places = [html.index(part) for part in order]

        self.assertEqual(places, sorted(places))

    def test_has_one_name_and_skips_no_level_of_heading(self):
        levels = [
            int(level)
            for level in re.findall(
                r"<h([1-6])\b", re.sub(r"<template.*?</template>", "", self.html(), flags=re.S)
            )
        ]

        self.assertEqual(levels.count(1), 1)
        self.assertEqual(levels[0], 1)
        self.assertTrue(all(after <= before + 1 for before, after in itertools.pairwise(levels)))

    def test_says_a_count_its_other_side_and_draws_it(self):
        html = self.html()

        self.assertRegex(
            html, r"<strong>8 in 100 visits\.</strong> In the other 92 there was none\."
        )
        self.assertIn("<title>8 of 100 dots are filled. 8 in 100 visits.</title>", html)
        # One in ten thousand is not one dot, and not none: it is said and not drawn.
        self.assertIn("1 in 10,000 visits.", html)
        self.assertEqual(html.count("dots are filled"), 1)

    def test_shows_that_studies_do_not_agree_and_who_says_what(self):
        html = self.html()

        self.assertIn(
            "<strong>Studies do not agree on this.</strong> 1 source agrees. 1 source says"
            " otherwise.",
            html,
        )
        self.assertIn("This source says otherwise.", html)

    def test_keeps_opinion_apart_and_in_a_name(self):
        html = self.html()
        opinion = html[html.index('id="experts"') : html.index('id="references"')]

        self.assertIn("It is opinion, not proof.", opinion)
        self.assertIn(
            "<bdi>Kim Lee</bdi>, <bdi>Physiotherapist</bdi>, <bdi>PH012345</bdi>", opinion
        )
        self.assertEqual(
            html.count("I like it."), 1 + len(re.findall(r'data-for="[^"]*">I like it\.', html))
        )

    def test_folds_only_what_few_readers_need(self):
        for word in ("tendon", "rub"):  # one in the text, one in the comparison
            GlossaryTerm.objects.create(word=word, meaning=f"What a {word} is.")
        article = self.publication.revision.article
        edits.record_edit(article, by=article.owner, at=LATER)
        published(article, at=LATER, change_note="Words.")
        html = self.html()
        folded = re.findall(r"<details>(.*?)</details>", html, flags=re.S)

        self.assertEqual(html.count("<details"), len(folded))
        summaries = set()
        for part in folded:
            summary, kept = re.search(r"<summary>(.*?)</summary>(.*)", part, flags=re.S).groups()
            summary = " ".join(re.sub(r"<[^>]+>|\d+", "", summary).split())
            summaries.add(summary)
            with self.subTest(summary):
                # What keeps readers safe, what a source is, and who stands for the page until when
                # stay open.
                self.assertNotRegex(kept, r'class="(?:card|ama|flag|kind)|doi\.org')
                self.assertNotRegex(kept, "(Written|Checked) by<|Next check due")
                for word in re.findall(r'<div\s+id="(w\d+)"', kept):
                    self.assertNotIn(f'href="#{word}"', html)
        self.assertEqual(
            summaries,
            {
                "On this page, and to print",
                "We use it once",
                "What other word means",
                "More about this page",
            },
        )

    def test_says_how_sure_it_is_of_all_that_studies_show_once(self):
        """Its problem, side effects and advice have one level: their lists leave it out."""
        html = re.sub(r"<details>.*?</details>", "", self.html())

        self.assertEqual(html.count("We cannot be sure"), 1)
        self.assertIn("This is true of the lists below too, unless a line says something", html)
        self.assertLess(html.index("We cannot be sure"), html.index('id="effects"'))

    def test_says_what_is_the_same_for_many_problems_once_and_lists_them(self):
        self.same_for_many_problems()
        studies = self.section("studies")

        self.assertEqual(studies.count("We do not know if it helps."), 1)
        self.assertRegex(studies, r"<li class=.begins.>.*stiff neck.*<li class=.begins.>.*sore hip")
        self.assertNotIn('class="sure"', studies)

    def test_says_beside_a_problem_what_is_different_about_it(self):
        self.same_for_many_problems(note="Only in adults.")
        studies = self.section("studies")

        self.assertEqual(studies.count("We do not know if it helps."), 2)
        self.assertIn("Only in adults.", studies)

    def same_for_many_problems(self, **fields):
        """A second version in which studies show the same of two problems, or nearly."""
        article = self.publication.revision.article
        article.claims.get(pk=self.row.claim_id).citations.filter(stance="contradicts").delete()
        other = with_condition(article, "sore hip", direction="better")
        set_claim(self.row.claim, direction="better")
        link(other.claim, a_reference(), by=article.owner)
        ArticleCondition.objects.filter(pk=other.pk).update(**fields)
        edits.record_edit(article, by=article.owner, at=LATER)
        published(article, at=LATER, change_note="More.")

    def section(self, anchor):
        html = self.html()
        found = html[html.index(f'id="{anchor}"') :]
        return found[: found.index("<h2 ")]

    def test_says_once_that_nobody_knows_how_many_get_side_effects(self):
        article = self.publication.revision.article
        for name, how_long in (("soreness", "lasts 1 to 2 days"), ("feeling tired", "a day")):
            effect = with_side_effect(article, name, how_long=how_long)
            link(set_claim(effect.claim, direction="harm"), a_reference(), by=article.owner)
        edits.record_edit(article, by=article.owner, at=LATER)
        published(article, at=LATER, change_note="More.")
        effects = self.section("effects")

        self.assertEqual(effects.count("We do not know how many people get these."), 1)
        self.assertRegex(
            effects,
            "soreness</bdi>.</strong> It lasts 1 to 2 days.*"
            "feeling tired</bdi>.</strong> It lasts a day",
        )

    def test_leads_from_its_key_points_to_what_keeps_readers_safe(self):
        html = self.html()
        key = html[html.index('aria-labelledby="key"') :]
        key = key[: key.index("</section>")]

        self.assertIn('href="#not"', key)
        self.assertIn('href="#help"', key)
        self.assertLess(key.index('href="#help"'), key.index("<li"))

    def test_says_that_a_study_was_taken_back_before_it_says_that_one_is_in_doubt(self):
        for kind, text in (("retracted_source", "Taken back."), ("concern_source", "In doubt.")):
            SafetyNotice.objects.create(article=self.article, kind=kind, text=text, opened_at=NOON)

        html = self.html()

        self.assertLess(html.index("Taken back."), html.index("In doubt."))

    def test_carries_safety_notices_above_everything_it_says(self):
        SafetyNotice.objects.create(
            article=self.article, kind="advice_withdrawn", text="Do not stretch.", opened_at=NOON
        )
        html = self.html()

        self.assertLess(html.index("Do not stretch."), html.index("<h1"))
        self.assertLess(html.index("Do not stretch."), html.index('class="crumbs"'))

    def test_leads_to_its_handout_after_the_message(self):
        html = self.html()

        for address in ("handout/", "handout/?size=large", "handout.pdf"):
            self.assertIn(f'href="/articles/stretching/{address}"', html)

    def test_says_when_it_should_be_checked_next_and_says_itself_when_that_is_past(self):
        with mock.patch.object(timezone, "now", return_value=NOON + timedelta(days=30)):
            html = self.html()
        self.assertIn("Next check due", html)
        self.assertIn('<time datetime="2027-03-01">March 2027</time>', html)
        self.assertNotIn("late for a check", html)

        with mock.patch.object(timezone, "now", return_value=datetime(2027, 3, 2, 12, tzinfo=UTC)):
            html = self.html()
        self.assertLess(html.index("This page is late for a check."), html.index("<h1"))
        self.assertIn("It was due in March 2027. Ask your physio if anything has changed.", html)


class TheReasonsNotToHaveIt(TestCase):
    def html(self, *names):
        article = a_draft(slug="needles")
        for name in names:
            row = ArticleContraindication.objects.create(
                article=article, contraindication=a_contraindication(name), action="ask_first"
            )
            link(row.claim, a_reference(), by=article.owner)
        published(article)
        return self.client.get("/articles/needles/").content.decode()

    def test_go_on_from_their_heading_when_they_speak_to_the_reader(self):
        html = self.html("you are pregnant", "your skin is sore")

        self.assertIn("Tell your physio first if:", html)
        self.assertNotIn("Tell your physio first if you have:", html)
        self.assertIn("Do not have it if you have:", html)  # an infection

    def test_are_things_to_have_when_one_of_them_is(self):
        self.assertIn(
            "Tell your physio first if you have:", self.html("you are pregnant", "a cold")
        )


class TheDayOfTheNextCheck(SimpleTestCase):
    def imprint(self, *days):
        people = [
            {"name": "Kim", "role": "", "at": datetime(*day, 12, tzinfo=UTC), "kind": "clinical"}
            for day in days
        ]
        return Imprint(1, NOON, "", people)

    def test_is_two_years_after_the_last_check(self):
        self.assertEqual(str(self.imprint((2025, 5, 1), (2026, 3, 1)).next_check_on), "2028-03-01")
        self.assertEqual(str(self.imprint((2024, 2, 29)).next_check_on), "2026-02-28")

    def test_is_unknown_where_nobody_is_named(self):
        self.assertIsNone(self.imprint().next_check_on)
        self.assertIs(self.imprint().is_late, False)


class WhereToLookInASource(SimpleTestCase):
    def test_is_one_page_or_several(self):
        for place, words in (
            ("9", "page 9"),
            ("70E-87E", "pages 70E-87E"),
            ("3, 7", "pages 3, 7"),
            ("", ""),
        ):
            with self.subTest(place):
                self.assertEqual(wording.locator("page", place), words)
