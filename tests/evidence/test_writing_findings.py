"""Writing down what studies found: what the database refuses, and what the gate asks for."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.urls import reverse

from articles import preflight
from articles.drafts import restoring, translations
from articles.models import Claim, Finding
from articles.models.findings import checked_risks
from articles.revisions import comparing, freezing, storing
from references.models import Design
from tests.builders import (
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    link,
    set_claim,
    with_count,
    with_finding,
    with_side_effect,
)
from tests.forms import add_row, filled_in


class WhatCanNeverBe(TestCase):
    def setUp(self):
        self.article = a_draft()

    def refused(self, make, **values):
        """The database and the form refuse it, the form with a sentence that says what to do."""
        with self.assertRaises(IntegrityError), transaction.atomic():
            make(self.article, **values)
        made = make(self.article)
        for name, value in values.items():
            setattr(made, name, value)
        with self.assertRaises(ValidationError) as refusal:
            made.full_clean()
        made.delete()
        self.assertTrue(all(one.endswith(".") for one in refusal.exception.messages))

    def test_in_a_count(self):
        for values in (
            {"with_value": 101},
            {"without_value": -1},
            {"base": None},
            {"base": 50},
            {"unit": "falls"},
            {"unit": ""},
            {"low": 20, "high": 140, "interval_of": "with"},
            {"scale_low": 0, "scale_high": 10},
        ):
            with self.subTest(values):
                self.refused(with_count, **values)

    def test_in_points_on_a_scale(self):
        for values in (
            {"scale_high": 0},
            {"better": ""},
            {"with_value": 101},
            {"without_value": Decimal("-0.5")},
            {"unit": "points"},
            {"base": 100},
            {"with_value": None},
            {"low": 10, "interval_of": "with"},
            {"low": 20, "high": 10, "interval_of": "with"},
            {"low": 33, "high": 40, "interval_of": "with"},
            {"low": 30, "high": 40},
            {"difference": -12, "low": -10, "high": -5, "interval_of": "difference"},
            {"mid": 12},
            {"mid_source": "Somebody 2020"},
            {"mid": 0, "mid_source": "Somebody 2020"},
            {"people": 0},
            {"studies": 0},
            {"direction": "harm"},
            {"comparator": ""},
            {"kind": "words"},
            {"kind": "amount"},
        ):
            with self.subTest(values):
                self.refused(with_finding, **values)

    def test_of_events_has_no_upper_limit(self):
        with_count(self.article, "falls", unit="events", base=1000, without_value=1675).full_clean()

    def test_may_be_a_difference_alone(self):
        with_finding(
            self.article, without_value=None, with_value=None, difference=Decimal("-0.26")
        ).full_clean()

    def test_starting_risks_are_three_at_most_and_are_numbers(self):
        risk = {"label": "high risk", "without": "1200", "with": "924", "low": "", "high": ""}
        self.assertEqual(checked_risks([risk]), [risk])
        for wrong in (
            [risk] * 4,
            [{**risk, "label": ""}],
            [{**risk, "with": ""}],
            [{**risk, "with": "NaN"}],
            [{**risk, "with": "1e9"}],
            [{**risk, "with": "٩"}],
            [{**risk, "low": "800"}],
            [{**risk, "low": "930", "high": "940"}],
            ["high risk"],
            {"label": "x"},
            None,
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                checked_risks(wrong)


class TheClaimOfAFinding(TestCase):
    def test_follows_its_row(self):
        finding = with_finding(a_draft(), population="adults", size="small")
        claim = Claim.objects.get(pk=finding.claim_id)
        self.assertEqual(
            (
                claim.kind,
                claim.outcome,
                claim.population,
                claim.comparator,
                claim.direction,
                claim.size,
            ),
            ("finding", "knee pain", "adults", "no exercise", "better", "small"),
        )

        finding.direction, finding.population = "no_difference", "older adults"
        finding.save()
        claim.refresh_from_db()

        self.assertEqual((claim.direction, claim.population), ("no_difference", "older adults"))

    def test_has_new_words_when_a_figure_changes(self):
        finding = with_finding(a_draft())
        set_claim(finding.claim, checked_text=finding.claim.text)
        for name, value in (("with_value", 31), ("direction", "worse"), ("time", "1 year")):
            with self.subTest(name):
                before = str(finding)
                setattr(finding, name, value)
                finding.save()
                self.assertNotEqual(str(finding), before)
        self.assertTrue(Claim.objects.get(pk=finding.claim_id).wording_has_changed)

    def test_has_the_same_words_read_from_either_database(self):
        finding = with_finding(a_draft(), with_value=Decimal("2.640"), without_value=Decimal("2.9"))
        self.assertEqual(str(Finding.objects.get()), str(finding))
        self.assertIn("no exercise 2.9, exercise 2.64", finding.claim.text)


class AChangedFinding(TestCase):
    def setUp(self):
        self.article = a_draft()
        self.finding = with_finding(self.article, time="6 weeks")
        self.before = freezing.freeze(self.article)

    def changes(self):
        found = comparing.compare(self.before, freezing.freeze(self.article))
        return [change for change in found.changes if change.code in {"findings", "claims"}]

    def test_names_the_changed_figure_first(self):
        self.finding.with_value, self.finding.time = 31, "8 weeks"
        self.finding.save()

        (change,) = self.changes()

        first = change.values[0]
        self.assertEqual((str(first.label), first.before, first.after), ("with", "32", "31"))
        self.assertEqual(str(change.name), "knee pain")

    def test_is_told_to_translators(self):
        self.finding.with_value = 31
        self.finding.save()
        told = translations.changes_of_original(self.before, freezing.freeze(self.article))
        self.assertTrue(told)

    def test_is_brought_back_to_the_letter(self):
        editor = a_clinician()
        revision = storing.save_revision(self.article, by=editor, at=NOON)
        self.finding.with_value = 31
        self.finding.save()

        restoring.restore(revision, by=editor, at=NOON)

        self.assertEqual(freezing.freeze(self.article)["findings"], self.before["findings"])


class TheGate(TestCase):
    def codes_of(self, article):
        return {message.code for message in preflight.check(article) if message.place}

    def says(self, code, make, **values):
        article = a_draft()
        make(article, **values)
        return code in self.codes_of(article)

    def test_asks_which_way_a_finding_points(self):
        self.assertTrue(self.says("findings_point_one_way", with_finding, direction=""))
        self.assertFalse(self.says("findings_point_one_way", with_finding))

    def test_asks_if_fewer_or_more_is_better_and_holds_the_direction_to_it(self):
        self.assertTrue(self.says("findings_point_one_way", with_count, better=""))
        self.assertFalse(self.says("findings_point_one_way", with_count))
        code = "figures_of_findings_agree"
        for better, direction, is_wrong in (
            ("low", "worse", False),
            ("low", "better", True),
            ("high", "better", False),
            ("high", "worse", True),
        ):
            with self.subTest(better=better, direction=direction):
                found = self.says(code, with_count, better=better, direction=direction)
                self.assertEqual(found, is_wrong)

    def test_asks_for_the_words_readers_need(self):
        code = "findings_can_be_read"
        self.assertTrue(self.says(code, with_count, happened=""))
        self.assertTrue(self.says(code, with_finding, scale_low_words=""))
        self.assertFalse(self.says(code, with_count))
        self.assertFalse(self.says(code, with_finding))

    def test_checks_the_arithmetic(self):
        code = "figures_of_findings_agree"
        for without, value, difference, is_wrong in (
            (44, 32, -12, False),
            (44, 32, 12, True),
            (44, 32, -15, True),
            (Decimal("2.9"), Decimal("2.64"), Decimal("-0.26"), False),
            (Decimal("2.9"), Decimal("2.6"), Decimal("-0.26"), False),  # each is rounded
            (Decimal("2.9"), Decimal("2.1"), Decimal("-0.26"), True),
        ):
            with self.subTest(difference=difference):
                wrong = self.says(
                    code,
                    with_finding,
                    without_value=without,
                    with_value=value,
                    difference=difference,
                )
                self.assertEqual(wrong, is_wrong)

    def test_checks_that_the_direction_is_that_of_the_numbers(self):
        code = "figures_of_findings_agree"
        self.assertTrue(self.says(code, with_finding, direction="worse"))
        self.assertTrue(self.says(code, with_finding, better="high"))
        self.assertFalse(self.says(code, with_finding, direction="no_difference"))

    def test_says_no_more_than_the_range_allows(self):
        code = "findings_say_what_their_range_allows"
        for low, high, direction, size, is_too_much in (
            (-15, -10, "better", "unknown", False),
            (-15, -10, "no_difference", "unknown", True),
            (-9, -2, "better", "unknown", True),  # less than people notice
            (-9, -2, "better", "small", False),
            (-9, -2, "no_difference", "unknown", False),
            (-8, 3, "no_difference", "unknown", False),
            (-8, 3, "better", "unknown", True),
            (-14, 3, "unclear", "unknown", False),
            (-14, 3, "no_difference", "unknown", True),
            (-14, 14, "unclear", "unknown", False),
            (-14, 14, "better", "unknown", True),
        ):
            with self.subTest(low=low, high=high, direction=direction):
                found = self.says(
                    code,
                    with_finding,
                    difference=(low + high) // 2,
                    low=low,
                    high=high,
                    without_value=None,
                    with_value=None,
                    interval_of="difference",
                    mid=10,
                    mid_source="Example 2020",
                    direction=direction,
                    size=size,
                )
                self.assertEqual(found, is_too_much)

    def test_takes_a_quote_where_the_range_reaches_one_side(self):
        article = a_draft()
        finding = with_finding(
            article,
            difference=-5,
            low=-14,
            high=3,
            without_value=None,
            with_value=None,
            interval_of="difference",
            mid=10,
            mid_source="Example 2020",
            direction="no_difference",
        )
        code = "findings_say_what_their_range_allows"
        self.assertIn(code, self.codes_of(article))

        link(finding.claim, a_reference(), quote="There was no important difference.")

        self.assertNotIn(code, self.codes_of(article))

    def test_hints_at_findings_that_point_apart(self):
        article = a_draft()
        with_finding(article)
        other = with_finding(article, position=1, direction="no_difference")
        code = "findings_agree_with_each_other"
        self.assertIn(code, self.codes_of(article))

        other.note = "This review is older."
        other.save()

        self.assertNotIn(code, self.codes_of(article))


class TheCertaintyOfTheSource(TestCase):
    code = "claims_are_no_surer_than_their_sources"

    def setUp(self):
        self.article = a_draft()
        self.claim = with_finding(self.article, claim_certainty="high").claim
        set_claim(self.claim, certainty_note="Two large trials came since.")

    def message(self):
        return next((one for one in preflight.check(self.article) if one.code == self.code), None)

    def cited(self, words, design=Design.SYSTEMATIC_REVIEW, **fields):
        return link(
            self.claim,
            a_reference(),
            design=design,
            source_certainty=words,
            source_scheme="GRADE",
            **fields,
        )

    def test_is_a_ceiling_that_no_note_lifts(self):
        self.cited("low")
        message = self.message()
        self.assertTrue(message.is_blocker and message.may_be_signed)
        self.assertIn("says low of itself", message.message)

    def test_is_that_of_the_surest_source_that_supports_it(self):
        self.cited("low")
        self.cited("high", stance="contradicts", quote="No.")
        self.assertIsNotNone(self.message())

        self.cited("high")

        self.assertIsNone(self.message())

    def test_of_one_that_was_taken_back_is_none(self):
        self.cited("low")
        link(
            self.claim,
            a_reference(integrity="retracted", integrity_checked_at=NOON),
            design=Design.SYSTEMATIC_REVIEW,
            source_certainty="high",
        )
        self.assertIsNotNone(self.message())

    def test_that_nobody_typed_lets_a_review_carry_moderate_at_most(self):
        self.cited("")
        set_claim(self.claim, certainty_note="")
        codes = {one.code for one in preflight.check(self.article)}
        self.assertIn("certainty_stays_under_its_ceiling", codes)
        self.assertIn("reviews_say_how_sure_they_are", codes)

        set_claim(self.claim, certainty="moderate")

        codes = {one.code for one in preflight.check(self.article)}
        self.assertNotIn("certainty_stays_under_its_ceiling", codes)

    def test_in_words_that_name_no_level_counts_as_none(self):
        self.cited("we are not sure")
        codes = {one.code for one in preflight.check(self.article)}
        self.assertIn("reviews_say_how_sure_they_are", codes)

    def test_of_a_review_that_counts_a_retracted_study_is_hinted_at(self):
        self.cited("high", includes_retracted=True)
        codes = {one.code for one in preflight.check(self.article)}
        self.assertIn("reviews_without_retracted_studies", codes)


class TheClaimsOwnForm(TestCase):
    def test_changes_nothing_that_is_typed_in_the_row_of_a_finding(self):
        self.client.force_login(a_superuser())
        finding = with_finding(a_draft(), population="adults")
        address = reverse("admin:articles_claim_change", args=[finding.claim_id])
        data = filled_in(self.client.get(address), comparator="a leaflet", direction="worse")

        self.client.post(address, data)

        claim = Claim.objects.get(pk=finding.claim_id)
        self.assertEqual((claim.comparator, claim.direction), ("no exercise", "better"))


class TheFormOfAFinding(TestCase):
    def setUp(self):
        self.writer = a_clinician()
        self.client.force_login(self.writer)
        self.article = a_draft(by=self.writer)
        self.address = reverse("admin:articles_article_change", args=[self.article.pk])

    def typed(self, **values):
        data = filled_in(self.client.get(self.address))
        row = {
            "position": 0,
            "outcome": "falls",
            "intervention": "exercise",
            "kind": "count",
            "comparator": "usual activities",
            "unit": "Events",
            "base": 1000,
            "size": "unknown",
            "without_value": "850",
            "with_value": "655",
            "direction": "better",
            "starting_risks": "high risk; 1200; 924\nwalks with a frame; 1400; 1078; 900; 1200",
            "show_interval": "unknown",
            **values,
        }
        return self.client.post(self.address, add_row(data, "finding_rows", **row))

    def test_makes_a_row_with_its_claim(self):
        answer = self.typed()

        self.assertEqual(answer.status_code, 302)
        finding = Finding.objects.get()
        self.assertEqual(finding.unit, "events")
        self.assertEqual(
            [(risk["label"], risk["with"], risk["high"]) for risk in finding.starting_risks],
            [("high risk", "924", ""), ("walks with a frame", "1078", "1200")],
        )
        self.assertEqual(finding.claim.kind, "finding")

    def test_saved_again_changes_nothing(self):
        self.typed()
        before = freezing.freeze(self.article)

        answer = self.client.post(self.address, filled_in(self.client.get(self.address)))

        self.assertEqual(answer.status_code, 302)
        self.assertEqual(freezing.freeze(self.article), before)

    def test_says_what_to_do_about_each_mistake_and_keeps_what_was_typed(self):
        for values, words in (
            ({"base": "50"}, "out of how many: 100, 1000 or 10000"),
            ({"unit": "people", "with_value": "1001"}, "choose events"),
            ({"low": "706", "high": "604", "interval_of": "with"}, "the lower first"),
            ({"starting_risks": "high; many; few"}, "Write each starting risk as"),
            ({"starting_risks": "a;1;2\nb;1;2\nc;1;2\nd;1;2"}, "at most three"),
        ):
            with self.subTest(values):
                answer = self.typed(**values)
                self.assertContains(answer, words)
                self.assertContains(answer, 'value="usual activities"')
                self.assertFalse(Finding.objects.exists())

    def test_takes_a_side_effect_of_the_article(self):
        effect = with_side_effect(self.article, "soreness").side_effect
        self.typed(
            unit="people",
            happened="had a side effect",
            base=100,
            without_value=8,
            with_value=31,
            starting_risks="",
            side_effect=effect.pk,
        )
        self.assertEqual(Finding.objects.get().side_effect, effect)
