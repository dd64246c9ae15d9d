"""What happens, what else there is, how sure we are, where to read on.

Each in its place on the page.
"""

from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import translation

from articles import preflight
from articles.drafts import restoring, translations
from articles.models import (
    Alternative,
    Article,
    ArticleCondition,
    Certainty,
    Claim,
    RelatedPage,
    Step,
)
from articles.page.certainty import OverallCertainty
from articles.page.marked_changes import MarkedPage
from articles.page.page import Page
from articles.publishing import publishing
from articles.revisions import comparing, freezing, storing
from articles.wording import (
    CERTAINTY_LEVELS,
    CERTAINTY_SUBJECTS,
    STUDIES_DISAGREE,
    certainty_sentence,
    how_long,
)
from tests.builders import (
    LATER,
    NOON,
    a_condition,
    a_draft,
    a_person,
    a_picture,
    a_reference,
    an_editor,
    link,
    mark,
    published,
    reviewed,
    set_claim,
    with_advice,
    with_condition,
    with_picture,
    with_side_effect,
)


def with_steps(article):
    for position, (kind, text) in enumerate(
        [
            ("during", "The needle goes in."),
            ("before", "You say what you take."),
            ("after", "You move."),
        ]
    ):
        Step.objects.create(article=article, kind=kind, text=text, position=position)


class HowSureWeAre(SimpleTestCase):
    def test_is_asked_of_a_number_where_there_is_one_and_never_as_if_harm_were_help(self):
        self.assertEqual(
            certainty_sentence("low", "number"),
            "We are not very sure of the count. New studies are likely to change this.",
        )
        self.assertIn("that it causes this", certainty_sentence("moderate", "harm"))
        self.assertIn("It may still happen.", certainty_sentence("none", "number"))
        for about in ("number", "harm", "warning", "ask_first"):
            for level in CERTAINTY_LEVELS:
                self.assertNotIn("help", certainty_sentence(level, about))

    def test_is_no_leave_to_ignore_a_warning(self):
        for level in ("low", "very-low", "none", "not-rated"):
            for about, order in (
                ("warning", "To be safe, do not have it"),
                ("ask_first", "To be safe, tell your physio first"),
            ):
                said = certainty_sentence(level, about)
                self.assertTrue(said.startswith(order), said)
        self.assertNotIn("To be safe", certainty_sentence("high", "warning"))

    def test_of_what_only_describes_is_not_said_where_nobody_rated_it(self):
        self.assertEqual(certainty_sentence("not-rated", "fact"), "")
        self.assertEqual(
            certainty_sentence("moderate", "fact"), certainty_sentence("moderate", "effect")
        )

    def test_has_a_whole_sentence_for_every_level_and_subject_in_every_language(self):
        for language in ("en", "es", "ar"):
            with translation.override(language):
                for about in CERTAINTY_SUBJECTS:
                    said = [certainty_sentence(level, about) for level in Certainty.values]
                    self.assertEqual(len(set(said)), 6)
                    unsaid = [""] if about == "fact" else []  # nobody rates what only describes
                    self.assertEqual(
                        [sentence for sentence in said if not sentence.endswith(".")], unsaid
                    )
                self.assertEqual(len({str(sure.brief) for sure in CERTAINTY_LEVELS.values()}), 6)

    def test_is_not_asked_of_an_opinion(self):
        self.assertEqual(certainty_sentence("high", "opinion"), "This is an opinion, not proof.")


class HowLongASideEffectLasts(SimpleTestCase):
    def test_is_a_sentence_however_it_was_typed(self):
        for language, typed, said in (
            ("en", "lasts 1 to 2 days", "It lasts 1 to 2 days."),
            ("en", "1 to 2 days", "It lasts 1 to 2 days."),
            ("en", "goes away in a day.", "It goes away in a day."),
            ("en", "Most people feel well again in a day", "Most people feel well again in a day."),
            ("es", "de 1 a 2 días", "Dura de 1 a 2 días."),
            ("es", "suele durar un día", "Suele durar un día."),
            ("ar", "يومًا أو يومين", "يستمر يومًا أو يومين."),
            ("ar", "يزول خلال يوم", "يزول خلال يوم."),
            ("en", "", ""),
        ):
            with self.subTest(typed), translation.override(language):
                self.assertEqual(how_long(typed), said)


class SurenessOfAList(TestCase):
    def page(self, *levels):
        article = a_draft()
        for number, level in enumerate(levels):
            set_claim(with_advice(article, f"Move, way {number}.").claim, certainty=level)
        return Page(freezing.freeze(article))

    def test_is_said_once_where_all_agree(self):
        page = self.page("low", "low")

        self.assertEqual(page.overall_certainty["do"].level, "low")
        self.assertTrue(
            page.overall_certainty["do"].says.startswith("We are not very sure. New studies")
        )

    def test_is_said_of_most_and_beside_the_line_that_differs(self):
        article = a_draft(slug="moving")
        for number, level in enumerate(("very-low", "very-low", "moderate")):
            set_claim(
                with_advice(article, f"Move, way {number}.").claim,
                certainty=level,
                certainty_note="Why.",
            )
        for claim in Claim.objects.filter(article=article, citations=None):
            link(claim, a_reference(), by=article.owner)
        published(article)

        page = self.client.get("/articles/moving/")

        self.assertContains(
            page, "there are too few good studies. If a line is different, it says so."
        )
        self.assertContains(page, "How sure: fairly", count=1)
        self.assertNotContains(page, "How sure: not at all")

    def test_is_said_beside_every_line_where_no_level_holds_for_most(self):
        self.assertEqual(
            self.page("low", "moderate").overall_certainty["do"], OverallCertainty("", "")
        )

    def test_of_warnings_begins_with_what_they_are_for_where_they_are_in_doubt(self):
        page = Page(freezing.freeze(a_draft()))

        self.assertTrue(
            page.overall_certainty["stop"].says.startswith("To be safe, do not have it")
        )

    def test_leaves_opinions_alone(self):
        article = a_draft()
        with_advice(article, "I like it.", kind="expert", expert=a_person())

        self.assertEqual(
            Page(freezing.freeze(article)).overall_certainty["do"], OverallCertainty("", "")
        )


class ASource(TestCase):
    """What the list of sources, and the card a number opens, say of each sentence it stands
    behind.
    """

    def setUp(self):
        self.article = a_draft(
            slug="warmth",
            body="<p>It may suit some people. It hurts a few. Cold was not tried.</p>",
        )
        self.claim = mark(self.article, "may suit some people", direction="better")
        link(self.claim, a_reference(), by=self.article.owner)

    def uses(self):
        content = freezing.freeze(self.article)
        return {
            use.text: use for entry in Page(content).references for use in entry.cited_sentences
        }

    def test_says_overall_certainty_we_are_of_each_sentence(self):
        effect = with_side_effect(self.article, "A bruise", n=8, base=100, unit="people")
        link(effect.claim, a_reference(), by=self.article.owner)
        harm = mark(self.article, "It hurts a few", direction="harm")
        link(harm, a_reference(), by=self.article.owner)
        view = with_advice(self.article, "I like it.", kind="expert", expert=a_person())
        link(view.claim, a_reference(), by=self.article.owner)

        uses = self.uses()

        self.assertTrue(uses["may suit some people"].certainty.startswith("We cannot be sure: "))
        self.assertIn("of the count", uses["A bruise: 8 in 100 people"].certainty)
        self.assertIn("that it causes this", uses["It hurts a few"].certainty)
        self.assertEqual(uses["I like it."].certainty, "This is an opinion, not proof.")

    def test_gives_a_count_in_the_language_of_the_page(self):
        Article.objects.filter(pk=self.article.pk).update(language="es")
        effect = with_side_effect(self.article, "Un moratón", n=8, base=100, unit="visits")
        link(effect.claim, a_reference(), by=self.article.owner)

        self.assertIn("Un moratón: 8 de cada 100 visitas", self.uses())

    def test_and_the_text_itself_say_that_studies_do_not_agree(self):
        link(
            self.claim,
            a_reference(),
            by=self.article.owner,
            stance="contradicts",
            quote="It did nothing.",
        )
        published(self.article)

        page = self.client.get("/articles/warmth/")

        self.assertContains(page, "(studies do not agree on this)")
        self.assertEqual({use.disagreement for use in self.uses().values()}, {"", STUDIES_DISAGREE})

    def test_is_not_needed_to_hear_that_nobody_tested_it(self):
        set_claim(mark(self.article, "Cold was not tried"), certainty="none")

        self.assertIn(
            "(we found no good studies on this)", Page(freezing.freeze(self.article)).body
        )

    def test_leaves_no_trace_of_its_brackets_in_the_changes_a_reviewer_sees(self):
        link(
            self.claim,
            a_reference(),
            by=self.article.owner,
            stance="contradicts",
            quote="It did nothing.",
        )
        before = freezing.freeze(self.article)
        self.article.body = self.article.body.replace("some people", "many people")
        self.article.save()
        after = freezing.freeze(self.article)

        page = MarkedPage(after, comparing.compare(before, after))

        self.assertIn("<ins>many</ins>", page.body)
        self.assertNotIn("<ins>studies", page.body)


class WhatHappens(TestCase):
    def test_is_numbered_through_before_during_and_after(self):
        article = a_draft(slug="needling")
        with_steps(article)
        published(article)

        html = self.client.get("/articles/needling/").content.decode()

        places = [
            html.index(text)
            for text in ("You say what you take.", "The needle goes in.", "You move.")
        ]
        self.assertEqual(places, sorted(places))
        self.assertInHTML("<h3>During</h3>", html)
        self.assertIn('<ol class="steps" start="2">', html)
        self.assertIn('<a href="#happens">What happens</a>', html)
        handout = self.client.get("/articles/needling/handout/")
        self.assertContains(handout, "The needle goes in.")
        self.assertContains(
            self.client.get("/search/", {"q": "needle goes"}), "/articles/needling/"
        )

    def test_is_asked_for_by_a_hint(self):
        article = a_draft()
        codes = {finding.code for finding in preflight.check(article)}
        self.assertLessEqual({"says_what_happens", "says_what_else_to_try"}, codes)
        with_steps(article)
        Alternative.objects.create(article=article, text="Doing nothing.")
        codes = {finding.code for finding in preflight.check(article)}
        self.assertFalse({"says_what_happens", "says_what_else_to_try"} & codes)


class WhatElseToTry(TestCase):
    def setUp(self):
        self.other = published(slug="exercise", title="Exercise").article
        self.article = a_draft(slug="needling")
        Alternative.objects.create(article=self.article, text="Moving more.", page=self.other)
        Alternative.objects.create(article=self.article, text="Doing nothing.", position=1)

    def test_leads_to_live_pages_by_the_name_they_have_now(self):
        published(self.article)
        self.assertContains(self.client.get("/articles/needling/"), ">Exercise</bdi>", count=1)
        handout = self.client.get("/articles/needling/handout/?with=sources")
        self.assertContains(handout, "Moving more.")

        self.other.title = "Exercise at home"
        self.other.save()
        revision, editor = reviewed(self.other, at=LATER)
        publishing.publish(revision, by=editor, at=LATER, change_note="Renamed.")
        self.assertContains(
            self.client.get("/articles/needling/"), ">Exercise at home</bdi>", count=1
        )

        publishing.withdraw(self.other, by=editor, at=LATER, reason="It may be wrong.")
        page = self.client.get("/articles/needling/")
        self.assertContains(page, "Moving more.")
        self.assertNotContains(page, "Exercise at home")

    def test_never_names_a_page_that_is_not_live(self):
        draft = a_draft(title="Quokka", slug="quokka")
        Alternative.objects.create(article=self.article, text="Waiting.", page=draft)
        RelatedPage.objects.create(article=self.article, page=draft)

        self.assertNotIn("Quokka", freezing.canonical(freezing.freeze(self.article)))
        self.assertIn(
            "leads_to_live_pages", {finding.code for finding in preflight.check(self.article)}
        )
        published(self.article)
        for address in ("", "handout/", "handout/?with=sources", "versions/"):
            self.assertNotContains(self.client.get(f"/articles/needling/{address}"), "Quokka")


class RelatedPages(TestCase):
    def setUp(self):
        self.condition = a_condition("sore neck")
        self.article = self.about_the_neck("needling")

    def about_the_neck(self, slug, **fields):
        article = a_draft(slug=slug, title=f"Page on {slug}", **fields)
        row = ArticleCondition.objects.create(article=article, condition=self.condition)
        link(row.claim, a_reference(), by=article.owner)
        return article

    def related(self):
        return [live.slug for live in self.client.get("/articles/needling/").context["related"]]

    def test_are_those_about_the_same_problems_in_the_same_language_when_nobody_chose(self):
        published(self.article)
        self.assertEqual(self.related(), [])
        for slug in "bcdefgh":
            published(self.about_the_neck(slug))
        published(self.about_the_neck("spanish", language="es"))
        self.about_the_neck("not-live")
        with_condition(a_draft(), "sore foot")

        self.assertEqual(self.related(), list("bcdef"))

    def test_are_those_an_editor_chose_in_that_order_in_one_query_more(self):
        chosen = [published(slug=slug).article for slug in ("zebra", "yak")]
        published(self.about_the_neck("alike"))
        for position, page in enumerate([*chosen, a_draft()]):
            RelatedPage.objects.create(article=self.article, page=page, position=position)
        Alternative.objects.create(article=self.article, text="Moving.", page=chosen[1])
        published(self.article)

        with self.assertNumQueries(4):
            self.assertEqual(self.related(), ["zebra", "yak"])
        for handout in ("handout/", "handout/?with=sources"):
            self.assertNotContains(
                self.client.get(f"/articles/needling/{handout}"), "/articles/zebra/"
            )

    def test_and_what_else_to_try_are_found_together(self):
        other = published(slug="exercise").article
        published(self.about_the_neck("alike"))
        Alternative.objects.create(article=self.article, text="Moving.", page=other)
        published(self.article)

        with self.assertNumQueries(4):
            page = self.client.get("/articles/needling/")
        self.assertEqual([live.slug for live in page.context["related"]], ["alike"])
        self.assertContains(page, "/articles/exercise/")


class TheNewRows(TestCase):
    def setUp(self):
        self.article = a_draft(slug="needling")
        self.before = freezing.freeze(self.article)
        self.other = published(slug="exercise", title="Exercise").article

    def fill(self):
        with_steps(self.article)
        Alternative.objects.create(article=self.article, text="Moving.", page=self.other)
        RelatedPage.objects.create(article=self.article, page=self.other)
        return freezing.freeze(self.article)

    def test_leave_what_has_none_with_the_digest_it_had(self):
        self.assertFalse({"steps", "alternatives", "related"} & set(self.before))
        self.assertEqual(Page(self.before).phases, [])

    def test_are_frozen_without_asking_more(self):
        self.fill()
        with self.assertNumQueries(12):
            content = freezing.freeze(self.article)

        self.assertEqual([row["kind"] for row in content["steps"]], ["before", "during", "after"])
        page = {"uid": str(self.other.uid), "title": "Exercise"}
        self.assertEqual(
            [row["page"] for row in (*content["alternatives"], *content["related"])], [page, page]
        )
        self.assertLessEqual(
            {row["uid"] for name in ("steps", "alternatives", "related") for row in content[name]},
            set(freezing.row_digests(content)),
        )

    def test_are_compared_as_clinical_but_for_related_pages(self):
        after = self.fill()
        comparison = comparing.compare(self.before, after)

        self.assertEqual(
            [(change.label, change.name) for change in comparison.clinical][-1],
            ("other thing to try", "Moving."),
        )
        self.assertEqual(len(comparison.clinical), 4)
        last = comparison.changes[-1]
        self.assertEqual((str(last.label), last.name), ("related page", "Exercise"))
        turned = {**after, "steps": after["steps"][::-1]}
        self.assertEqual(
            [str(change.kind_label) for change in comparing.compare(after, turned).clinical],
            ["in another order"],
        )
        self.assertIn("data-change", str(MarkedPage(after, comparison).steps[0]["review"]))

    def test_tell_translators_and_their_readers(self):
        found = list(translations.changes_of_original(self.before, self.fill()))

        self.assertEqual(
            [(change.after, change.is_clinical) for change in found if change.after],
            [
                ("You say what you take.", True),
                ("The needle goes in.", True),
                ("You move.", True),
                ("Moving.", True),
            ],
        )

    def test_come_back_from_an_earlier_version(self):
        full = self.fill()
        revision = storing.save_revision(self.article, by=self.article.owner, at=NOON)
        for rows in (
            self.article.step_rows,
            self.article.alternative_rows,
            self.article.relatedpage_rows,
        ):
            rows.all().delete()

        restoring.restore_row(revision, full["alternatives"][0]["uid"], by=an_editor(), at=LATER)
        self.assertEqual(freezing.freeze(self.article)["alternatives"], full["alternatives"])
        restoring.restore(revision, by=an_editor(), at=LATER)
        self.assertEqual(freezing.freeze(self.article), full)


class TheLicence(TestCase):
    def test_is_told_where_the_operator_set_one(self):
        published(slug="needling")

        self.assertNotContains(self.client.get("/articles/needling/"), "How you may use this page")
        with override_settings(SITE_LICENCE="CC BY 4.0"):
            self.assertContains(self.client.get("/articles/needling/"), "CC BY 4.0")
            handout = self.client.get("/articles/needling/handout/?with=sources")
            self.assertContains(handout, "CC BY 4.0")


class APictureAtTheTop(TestCase):
    def test_stands_between_key_points_and_text_with_its_reasons_right_below_their_heading(
        self,
    ):
        article = a_draft(slug="needling")
        with_picture(article, a_picture(), caption="A thin needle.")
        published(article)

        for address in ("/articles/needling/", "/articles/needling/handout/?with=sources"):
            html = self.client.get(address).content.decode()
            places = [
                html.index(part)
                for part in ('id="key"', "<figure", 'id="what"', 'id="not"', 'id="stop"')
            ]
            self.assertEqual(places, sorted(places), address)
