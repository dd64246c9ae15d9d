"""What studies found, as readers get it: words, numbers and pictures that say the same."""

import json
import re
from decimal import Decimal

from django.test import SimpleTestCase, TestCase
from django.utils import translation

from articles.findings.arms import arm
from articles.findings.figures import common_base, figures_of, rounded
from articles.findings.pictures import picture_of
from articles.findings.sentences import finding_text
from articles.findings.source_certainty import source_level
from articles.models import Finding
from articles.models.findings import figure_text
from articles.page.page import Page
from articles.revisions import freezing
from tests.builders import (
    a_draft,
    a_reference,
    link,
    published,
    with_count,
    with_finding,
    with_side_effect,
)
from tests.shared_data import shared

#: How each finding of the worked examples says what happened, in the past.
HAPPENED = {
    "stopped early": "stopped early",
    "side effect": "had a side effect",
    "spinning gone": "got rid of the spinning",
}
NOTHING = {"difference": None, "low": None, "high": None, "mid": None}


def a_row(**values):
    """A frozen finding of points on a scale from 0 to 100."""
    columns = Finding._meta.concrete_fields
    empty = {one.name: "" for one in columns if one.get_internal_type() == "CharField"}
    return {
        **empty,
        **NOTHING,
        "claim": "c1",
        "outcome": "knee pain",
        "intervention": "exercise",
        "comparator": "no exercise",
        "kind": "scale",
        "unit": "",
        "base": None,
        "without": "44",
        "with": "32",
        "scale_low": "0",
        "scale_high": "100",
        "better": "low",
        "direction": "better",
        "size": "unknown",
        "starting_risks": [],
        "is_derived": False,
        "is_converted": False,
        "show_interval": None,
        "people": None,
        "studies": None,
        "side_effect": None,
        **values,
    }


def a_count(**values):
    scale = {"scale_low": None, "scale_high": None, "better": ""}
    return a_row(
        **{
            "kind": "count",
            "unit": "people",
            "base": 100,
            "happened": "had a side effect",
            "outcome": "side effect",
            "without": "8",
            "with": "31",
            "direction": "worse",
            **scale,
            **values,
        }
    )


def said(row, level="high", base=None):
    claim = {"certainty": level}
    return finding_text(row, claim, base or common_base([row])).whole


class WhatAFindingSays(SimpleTestCase):
    def test_is_as_sure_as_its_certainty_and_no_surer(self):
        for level, words in (
            ("high", "With exercise, there is less knee pain."),
            ("moderate", "With exercise, there is probably less knee pain."),
            ("low", "With exercise, there may be less knee pain."),
            ("very-low", "With exercise, we do not know if there is a difference in knee pain."),
            ("none", "No one has tested this well yet."),
        ):
            with self.subTest(level):
                self.assertTrue(said(a_row(), level).startswith(words), said(a_row(), level))

    def test_has_one_word_of_doubt_and_nowhere_else(self):
        for row in (a_row(), a_count(), a_row(direction="no_difference", low="-3", high="2")):
            for level in ("high", "moderate", "low"):
                words = re.findall(r"\b(may|might|could|can|probably|likely)\b", said(row, level))
                with self.subTest(row=row["outcome"], level=level):
                    expected = {"high": [], "moderate": ["probably"], "low": ["may"]}[level]
                    self.assertEqual(words, expected)

    def test_says_how_large_it_is_before_the_numbers(self):
        for size, words in (
            ("large", "far less knee pain"),
            ("small", "slightly less knee pain"),
            ("moderate", "less knee pain"),
            ("none", "little or no difference in knee pain"),
        ):
            with self.subTest(size):
                self.assertIn(f" {words}.", said(a_row(size=size)))

    def test_gives_no_number_where_nobody_knows(self):
        for row, level in (
            (a_row(), "very-low"),
            (a_row(), "none"),
            (a_row(is_derived=True), "high"),
            (a_row(direction="unclear"), "high"),
        ):
            with self.subTest(level=level, direction=row["direction"]):
                self.assertIsNone(re.search(r"\d", said(row, level)))
                self.assertIsNone(picture_of(row, {"certainty": level}, 100))

    def test_that_cannot_tell_says_with_what_the_studies_fit(self):
        row = a_row(
            direction="unclear",
            difference="2",
            without="44",
            low="-8.4",
            high="13",
            interval_of="difference",
            **{"with": "46"},
        )

        self.assertEqual(
            said(row),
            "We cannot tell if there is a difference in knee pain. The studies leave room for"
            " anything from 8 less to 13 more.",
        )

    def test_gives_numbers_without_a_verb_where_nobody_rated_it(self):
        self.assertEqual(
            said(a_count(), "not-rated"),
            "Without exercise, 8 in 100 people had a side effect and 92 did not. With exercise, 31"
            " in 100 did and 69 did not.",
        )

    def test_never_has_a_percentage_a_ratio_or_a_word_for_how_often(self):
        for row in (a_row(), a_count(), a_count(unit="events", without="850", with_="655")):
            self.assertIsNone(re.search(r"%|common|rare|ratio|risk|\b1 in ", said(row)))

    def test_of_events_counts_no_people(self):
        row = a_count(
            outcome="falls",
            unit="events",
            base=1000,
            without="850",
            direction="better",
            population="older people",
            time="1 year",
            **{"with": "655"},
        )

        self.assertEqual(
            said(row),
            "With exercise, there are fewer falls. Think of 1000 older people (time: 1 year)."
            " Without exercise, they have 850 falls. With exercise, they have 655. One person"
            " can count more than once.",
        )

    def test_of_people_fits_with_fewer_and_with_more_of_so_many(self):
        row = a_count(
            direction="unclear", interval_of="difference", low="-2", high="34", show_interval=True
        )

        self.assertIn(
            "The studies leave room for anything from 2 fewer to 34 more in 100.",
            said(row, "moderate"),
        )

    def test_of_an_amount_has_its_unit_each_time(self):
        row = a_row(
            kind="amount",
            unit="metres",
            outcome="walking distance",
            without="310",
            difference="34",
            low="12",
            high="56",
            interval_of="difference",
            scale_low=None,
            scale_high=None,
            better="high",
            mid="30",
            **{"with": None},
        )

        self.assertEqual(
            said(row),
            "With exercise, there is better walking distance. Without exercise, it was 310 metres"
            " on average. With exercise, it was 344 metres. That is 34 metres more. The studies"
            " leave room for anything from 12 to 56. People notice a change of about 30 metres. We"
            " worked out the second number from the difference.",
        )

    def test_of_a_difference_alone_sets_one_beside_the_other(self):
        alone = {"without": None, "with": None}
        for row, words in (
            (
                a_row(**alone, difference="-12"),
                "With exercise, people scored 12 points less on average than without exercise.",
            ),
            (
                a_count(**alone, difference="3"),
                "With exercise, 3 more people in 100 had a side effect than without exercise.",
            ),
            (
                a_count(**alone, difference="-195", unit="events", base=1000, outcome="falls"),
                "With exercise, there are 195 fewer falls than without exercise.",
            ),
        ):
            with self.subTest(words):
                self.assertIn(words, said(row))
                self.assertIsNone(picture_of(row, {"certainty": "high"}, 100))

    def test_is_said_in_every_language_of_the_site(self):
        rows = [
            a_row(low="-15", high="-10", difference="-12", interval_of="difference", mid="10"),
            a_count(),
            a_count(unit="events"),
            a_row(kind="amount", unit="m", scale_low=None, scale_high=None),
            a_row(direction="no_difference"),
            a_row(direction="unclear"),
        ]
        english = {said(row, level) for row in rows for level in ("high", "moderate", "low")}
        words = {word for one in english for word in re.findall(r"[A-Za-z]{3,}", one)}
        ours = {"exercise", "knee", "pain", "had", "side", "effect", "Exercise", "Side"}
        for language in ("es", "ar"):
            with translation.override(language):
                for row in rows:
                    for level in ("high", "moderate", "low", "very-low", "none"):
                        found = set(re.findall(r"[A-Za-z]{3,}", said(row, level))) - ours
                        allowed = {"media", "con", "sin", "no"} if language == "es" else set()
                        with self.subTest(language=language, level=level):
                            self.assertEqual(found & words - allowed, set())


class AnArm(SimpleTestCase):
    def test_is_named_by_what_people_had(self):
        for phrase, words in (
            ("exercise", "With exercise"),
            ("no exercise", "Without exercise"),
            ("No exercise", "Without exercise"),
            ("after pretend surgery", "After pretend surgery"),
            ("doing nothing", "Doing nothing"),
            ("normal care", "With normal care"),
        ):
            with self.subTest(phrase):
                self.assertEqual(arm(phrase), words)

    def test_is_named_in_each_language(self):
        for language, phrase, words in (
            ("es", "ejercicio", "Con ejercicio"),
            ("es", "ningún ejercicio", "Sin ejercicio"),
            ("es", "sin ejercicio", "Sin ejercicio"),
            ("ar", "التمارين", "مع التمارين"),
            ("ar", "بلا تمارين", "بلا تمارين"),
        ):
            with self.subTest(phrase), translation.override(language):
                self.assertEqual(arm(phrase), words)


class AFigure(SimpleTestCase):
    def test_is_rounded_with_halves_up(self):
        for value, places, shown in (
            ("2.64", 1, "2.6"),
            ("2.65", 1, "2.7"),
            ("0.5", 0, "1"),
            ("-0.5", 0, "-1"),
            ("126.4", 0, "126"),
        ):
            with self.subTest(value):
                self.assertEqual(rounded(Decimal(value), places), Decimal(shown))

    def test_has_one_more_digit_where_printed_values_would_not_agree(self):
        figures = figures_of(
            a_row(**{"without": "44.4", "with": "31.6", "difference": "-12.8"}), 100
        )
        self.assertEqual(figures.with_treatment - figures.without, figures.difference)

        figures = figures_of(
            a_row(**{"without": "44.4", "with": "32.4", "difference": "-11.4"}), 100
        )
        self.assertEqual(str(figures.difference), "-11.4")

    def test_of_people_has_one_base_in_a_list(self):
        same = a_count(**{"without": "8", "with": "31"})
        for rows, base in (
            ([same], 100),
            ([same, a_count(base=1000, **{"without": "4", "with": "9"})], 1000),  # under 1 in 100
            ([a_count(base=1000, **{"without": "412", "with": "408"})], 1000),  # both would be 41
            ([a_count(base=1000, **{"without": "57", "with": "50"})], 1000),  # 7 would be 10
            ([a_count(base=1000, **{"without": "48", "with": "35"})], 1000),  # 13 would be 10
            ([a_count(base=1000, **{"without": "699", "with": "635"})], 100),  # 64 would be 60
            ([a_count(base=10000, **{"without": "3", "with": "9"})], 10_000),
            ([same, a_count(base=10000, **{"without": "3", "with": "9"})], 1000),
            ([a_count(**{"without": "0", "with": "0"})], 100),
            ([a_row()], 100),
            ([], 100),
        ):
            with self.subTest(base=base, rows=len(rows)):
                self.assertEqual(common_base(rows), base)

    def test_of_events_keeps_its_own_base(self):
        figures = figures_of(a_count(unit="events", base=1000, without="1204"), 100)
        self.assertEqual((figures.base, figures.without), (1000, Decimal(1204)))


class ThePicture(SimpleTestCase):
    def marks_in(self, path):
        return sum(round(float(length) / 13.6) + 1 for length in re.findall(r"h([\d.]+)", path))

    def test_of_people_has_a_hundred_marks_for_each_arm(self):
        for without in (0, 1, 9, 10, 11, 55, 99, 100):
            row = a_count(**{"without": str(without), "with": "31"})
            first, second = picture_of(row, {"certainty": "low"}, 100).arms
            with self.subTest(without):
                self.assertEqual(self.marks_in(first.filled), without)
                self.assertEqual(self.marks_in(first.empty), 100 - without)
                self.assertEqual(self.marks_in(second.filled), 31)

    def test_of_people_fills_from_the_bottom_row(self):
        row = a_count(**{"without": "3", "with": "31"})
        filled = picture_of(row, {"certainty": "low"}, 100).arms[0].filled
        self.assertEqual(re.match(r"M([\d.]+) ([\d.]+)h", filled).groups(), ("6.8", "129.2"))

    def test_of_a_thousand_is_two_bars_on_one_axis(self):
        row = a_count(base=1000, **{"without": "480", "with": "412"})
        picture = picture_of(row, {"certainty": "low"}, 1000)
        self.assertFalse(picture.is_of_people)
        self.assertEqual([one.length for one in picture.arms], ["48.0", "41.2"])
        self.assertEqual((picture.low, picture.high), ("0", "1000 people"))

    def test_of_a_scale_runs_from_end_to_end_and_has_the_interval(self):
        row = a_row(
            scale_low="0",
            scale_high="10",
            without="2.9",
            difference="-0.26",
            low="-0.84",
            high="0.33",
            interval_of="difference",
            **{"with": "2.64"},
        )
        first, second = picture_of(row, {"certainty": "high"}, 100).arms
        self.assertEqual((first.length, second.length), ("29.0", "26.0"))
        self.assertEqual((second.band_start, second.band_length), ("21.0", "11.0"))
        self.assertEqual(first.band_length, "")

    def test_of_no_difference_says_so(self):
        self.assertTrue(
            picture_of(a_row(direction="no_difference"), {"certainty": "high"}, 100).is_level
        )

    def test_never_leaves_its_axis(self):
        for without, value in (("-5", "3"), ("105", "3")):
            self.assertIsNone(
                picture_of(a_row(**{"without": without, "with": value}), {"certainty": "high"}, 100)
            )


class WhatASourceSaysOfItself(SimpleTestCase):
    def test_is_read_from_its_own_words(self):
        for words, scheme, level in (
            ("high", "GRADE", "high"),
            ("Moderate-quality evidence", "GRADE", "moderate"),
            ("VERY LOW", "", "very-low"),
            ("very-low certainty", "", "very-low"),
            ("⊕⊕⊝⊝", "GRADE", "low"),
            ("⨁⨁⨁◯ MODERATE", "GRADE", "moderate"),
            ("⨁⨁◯◯ VERY LOW", "GRADE", "very-low"),  # they differ: the lower counts
            ("low to moderate", "GRADE", "low"),
            ("certeza muy baja", "GRADE", "very-low"),
            ("evidencia alta", "GRADE", "high"),
            ("يقين منخفض جدًا", "GRADE", "very-low"),
            ("1B", "1A-2C", "moderate"),
            ("2C", "1A-2C", "low"),
            ("A", "SORT", "high"),
            ("level 4", "own", None),
            ("", "GRADE", None),
            ("B", "own", None),
        ):
            with self.subTest(words=words, scheme=scheme):
                self.assertEqual(source_level(words, scheme), level)


def proven(claim):
    """A review that is not very sure stands behind `claim`."""
    return link(
        claim,
        a_reference(),
        design="systematic_review",
        source_certainty="Low",
        source_scheme="GRADE",
    )


class AFindingOnThePage(TestCase):
    def page_of(self, article):
        return self.client.get(published(article).get_absolute_url()).content.decode()

    def test_has_words_picture_and_what_it_rests_on(self):
        article = a_draft()
        finding = with_finding(
            article,
            claim_certainty="low",
            population="adults",
            time="6 weeks",
            people=12981,
            studies=59,
        )
        proven(finding.claim)

        page = self.page_of(article)

        for words in (
            "there may be less knee pain",
            "people scored 44 on average",
            'class="bar-value"',
            "adults",
            "6 weeks",
            "12,981 people",
            "59 studies",
            "no exercise",
            "The source itself is not very sure.",
        ):
            with self.subTest(words):
                self.assertIn(words, page)
        label = re.search(r'role="img"\s+aria-labelledby="([^"]+)"', page)[1]
        self.assertIn(f'<figcaption id="{label}">', page)

    def test_about_a_side_effect_stands_under_it_with_its_sources_in_order(self):
        article = a_draft()
        effect = with_side_effect(article, "soreness")
        other = with_side_effect(article, "a bruise", position=1)
        late = with_finding(article, "knee pain")
        about = with_count(article, side_effect=effect.side_effect)
        for row in (other, about, late):
            link(row.claim, a_reference())

        page = Page(freezing.freeze(article))
        first, second = page.side_effects

        (shown,) = page.side_effect_findings[first.uid]
        self.assertEqual(shown.line.uid, str(about.uid))
        self.assertEqual([one.line.uid for one in page.findings], [str(late.uid)])
        numbers = [one.marks[0].number for one in (page.findings[0].line, shown.line, second)]
        self.assertEqual(numbers, sorted(numbers))

    def test_about_a_side_effect_the_page_does_not_list_stands_with_the_studies(self):
        article = a_draft()
        effect = with_side_effect(article, "soreness")
        with_count(article, side_effect=effect.side_effect)
        effect.delete()

        page = Page(freezing.freeze(article))

        self.assertEqual(len(page.findings), 1)
        self.assertEqual(page.side_effect_findings, {})

    def test_that_counts_in_its_note_is_not_said_to_have_no_count(self):
        for name, note, is_said in (
            ("a little bleeding", "About 5 in 100 treatments in one survey.", False),
            ("a bruise", "It soon fades.", True),
        ):
            article = a_draft()
            effect = with_side_effect(article, name, note=note)
            proven(effect.claim)
            with self.subTest(note):
                self.assertEqual(
                    "We do not know how many people get this." in self.page_of(article), is_said
                )

    def test_takes_the_place_of_the_sentence_that_there_is_no_count(self):
        article = a_draft()
        effect = with_side_effect(article, "soreness")
        proven(effect.claim)
        self.assertIn("We do not know how many people get this.", self.page_of(article))

        article = a_draft()
        effect = with_side_effect(article, "a rash")
        row = with_count(
            article, side_effect=effect.side_effect, better="low", claim_certainty="low"
        )
        for claim in (effect.claim, row.claim):
            proven(claim)
        page = self.page_of(article)

        self.assertNotIn("We do not know how many people get this.", page)
        self.assertIn("<h4><bdi>Side effect</bdi></h4>", page)
        # The sources of the side effect itself are still led to, and lead back.
        leads_to = set(re.findall(r'href="#([^"]+)"', page))
        self.assertEqual(leads_to - set(re.findall(r'id="([^"]+)"', page)), set())

    def test_of_a_side_effect_leaves_how_long_and_its_note_apart(self):
        article = a_draft()
        effect = with_side_effect(
            article, "soreness", how_long="lasts a day", note="Trials seldom counted it."
        )
        proven(effect.claim)

        page = " ".join(self.page_of(article).split())

        self.assertIn("It lasts a day. Trials seldom counted it.", page)

    def test_of_two_counts_of_one_side_effect_shows_both(self):
        article = a_draft()
        effect = with_side_effect(article, "soreness")
        for position, value in enumerate((31, 41)):
            row = with_count(
                article,
                side_effect=effect.side_effect,
                with_value=value,
                position=position,
                claim_certainty="low",
            )
            proven(row.claim)
        proven(effect.claim)

        page = self.page_of(article)

        self.assertIn("31 in 100 did", page)
        self.assertIn("41 in 100 did", page)

    def test_stands_beside_one_that_does_not_agree_the_newest_first(self):
        article = a_draft()
        for position, (year, direction, level) in enumerate(
            ((2015, "better", "low"), (2024, "no_difference", "very-low"))
        ):
            row = with_finding(
                article,
                direction=direction,
                claim_certainty=level,
                position=position,
                studies=9,
                note="Newer studies are larger.",
            )
            source = a_reference(csl={"title": "A review", "issued": {"date-parts": [[year]]}})
            link(
                row.claim,
                source,
                design="systematic_review",
                source_certainty="low",
                source_scheme="GRADE",
            )

        page = self.page_of(article)

        table = re.search(r"<table>.*?</table>", page, re.DOTALL)[0]
        self.assertIn("Studies do not agree on this.", table)
        self.assertLess(table.index("2024"), table.index("2015"))

    def test_that_agrees_with_another_gets_no_table(self):
        article = a_draft()
        for position in range(2):
            with_finding(article, position=position)
        (outcome,) = Page(freezing.freeze(article)).outcomes
        self.assertFalse(outcome.is_disputed)

    def test_is_in_the_handout_too(self):
        article = a_draft()
        proven(with_finding(article, claim_certainty="low").claim)
        address = published(article).get_absolute_url()

        handout = self.client.get(f"{address}handout/?with=sources").content.decode()

        self.assertIn("people scored 44 on average", handout)

    def test_without_any_leaves_no_trace_in_what_is_frozen(self):
        article = a_draft()
        self.assertNotIn("findings", freezing.freeze(article))
        self.assertNotIn("includes_retracted", str(freezing.freeze(article)))

    def test_freezes_figures_exactly(self):
        article = a_draft()
        with_finding(article, without_value=Decimal("2.90"), with_value=Decimal("2.64"))
        (row,) = freezing.freeze(article)["findings"]
        self.assertEqual((row["without"], row["with"], row["scale_high"]), ("2.9", "2.64", "100"))


class TheWorkedExamples(SimpleTestCase):
    """Every number that is printed is the rounded number of the facts, and no other is there."""

    def rows(self):
        for fact in json.loads(shared("data", "findings", "worked.json").read_text())["findings"]:
            figures = {
                name: None if fact.get(name) is None else str(fact[name])
                for name in ("without", "with", "difference", "low", "high", "mid")
            }
            scale = {
                name: None if fact.get(name) is None else str(fact[name])
                for name in ("scale_low", "scale_high")
            }
            yield (
                fact,
                a_row(
                    **figures,
                    **scale,
                    outcome=fact["outcome"],
                    intervention=fact["treatment"],
                    comparator=fact["comparator"],
                    kind=fact["kind"],
                    unit=fact.get("unit", ""),
                    base=fact.get("base"),
                    interval_of=fact.get("interval_of", ""),
                    direction=fact["direction"],
                    better=fact.get("better", ""),
                    population=fact["population"],
                    time=fact.get("time", ""),
                    happened=HAPPENED.get(fact["outcome"], ""),
                    show_interval=True,
                ),
            )

    def test_print_their_own_numbers_and_no_others(self):
        for fact, row in self.rows():
            text = said(row, fact["certainty"])
            printed = set(re.findall(r"\d+(?:\.\d+)?", text))
            places = 1 if fact.get("scale_high") == 10 else 0
            own = {
                figure_text(abs(rounded(Decimal(str(fact[name])), places)))
                for name in ("without", "with", "difference", "low", "high")
                if fact.get(name) is not None
            }
            rest = {
                str(fact["base"] - fact[name])
                for name in ("without", "with")
                if fact.get("unit") == "people"
            }
            around = {
                str(fact[name])
                for name in ("base", "scale_low", "scale_high", "mid")
                if name in fact
            }
            around |= set(re.findall(r"\d+", f"{row['population']} {row['time']}"))
            with self.subTest(fact["outcome"]):
                self.assertEqual(printed - own - rest - around, set())
                self.assertEqual((own | rest) - printed, set())
