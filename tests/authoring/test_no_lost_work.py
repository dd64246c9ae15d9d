"""Two people, two tabs, a colleague's deleted row.

The later save loses nothing and overwrites nothing.
"""

from django.apps import apps
from django.contrib import admin
from django.test import TestCase

from articles.admin.conflicts.pages import ResolvesSaveConflicts
from articles.drafts import edits
from articles.evidence import linking
from articles.evidence.panel_state import CitationState
from articles.models import Article, ArticleSideEffect, AuditEntry, Citation, Claim, KeyPoint
from tests.builders import (
    LATER,
    a_clinician,
    a_draft,
    a_reference,
    link,
    mark,
    with_side_effect,
)
from tests.forms import add_row, filled_in


class Saves(TestCase):
    """What these tests share: an article, two people, and the merge page."""

    def setUp(self):
        self.clinician, self.colleague = (
            a_clinician(),
            a_clinician(first_name="Ada", last_name="Osei"),
        )
        self.article = a_draft(by=self.clinician, title="Old title", summary="Old summary.")
        self.address = f"/admin/articles/article/{self.article.pk}/change/"
        self.client.force_login(self.clinician)

    def opened(self, address=None):
        return filled_in(self.client.get(address or self.address))

    def saves(self, data, address=None, *, by=None, **changed):
        client = self.client_class() if by else self.client
        if by:
            client.force_login(by)
        return client.post(address or self.address, {**data, **changed})

    def colleague_saves(self, data, address=None, **changed):
        answer = self.saves(data, address, by=self.colleague, **changed)
        self.assertEqual(
            answer.status_code,
            302,
            getattr(answer, "context", None) and answer.context.get("errors"),
        )

    def units(self, page):
        self.assertEqual(page.status_code, 409, page.context and page.context.get("errors"))
        return {unit["legend"]: unit for _, units in page.context["parts"] for unit in units}

    def chooses(self, page, choices=None, boxes=None, address=None):
        """Sends the page as a browser would.

        Its radios, but for `choices` ({legend: choice}), and its boxes.
        """
        data = {"merge-posted": page.context["posted"], "merge-against": page.context["against"]}
        for legend, unit in self.units(page).items():
            if choice := (choices or {}).get(legend, unit["choice"]):
                data[f"merge-choice-{unit['key']}"] = choice
            data |= {box["name"]: (boxes or {}).get(legend, box["text"]) for box in unit["boxes"]}
        return self.client.post(address or self.address, data)

    def now(self):
        return Article.objects.get(pk=self.article.pk)


class ASaveOpenedBeforeAnothers(Saves):
    def test_is_answered_with_both_versions_and_who_saved_what(self):
        data = self.opened()
        self.colleague_saves(data, title="Their title", summary="Old summary.")

        page = self.saves(data, title="My title")

        self.assertContains(page, "Ada Osei", status_code=409)
        self.assertNotIn("unsafe-inline", page["Content-Security-Policy"])
        self.assertContains(page, "<del>Their</del>", status_code=409, html=False)
        self.assertContains(page, "<ins>My</ins>", status_code=409, html=False)
        self.assertEqual(list(self.units(page)), ["Plain title"])
        self.assertIsNone(self.units(page)["Plain title"]["choice"])
        self.assertEqual(self.now().title, "Their title")

    def test_keeps_both_where_each_changed_something_else(self):
        data = self.opened()
        self.colleague_saves(data, summary="Theirs.")
        page = self.saves(data, title="Mine")

        answer = self.chooses(page)

        self.assertEqual(answer.status_code, 302)
        self.assertEqual((self.now().title, self.now().summary), ("Mine", "Theirs."))
        self.assertEqual(AuditEntry.objects.filter(act="edited").count(), 3)

    def test_offers_lists_combined_to_what_is_on_either(self):
        data = self.opened()
        self.colleague_saves(data, tags="neck, back", other_names="needling, theirs")

        page = self.saves(data, tags='back, "sore knee"', other_names="needling, mine")
        units = self.units(page)
        self.assertEqual(units["Other names"]["boxes"][0]["text"], "needling, mine, theirs")
        self.chooses(page, {"Other names": "combined", "Tags": "combined"})

        self.assertEqual(self.now().other_names, ["needling", "mine", "theirs"])
        self.assertEqual(sorted(self.now().tags.names()), ["back", "neck", "sore knee"])

    def test_saves_nothing_while_a_place_is_undecided(self):
        data = self.opened()
        self.colleague_saves(data, title="Theirs", summary="Theirs.")
        page = self.saves(data, title="Mine")

        again = self.chooses(page)

        self.assertIs(self.units(again)["Plain title"]["is_undecided"], True)
        self.assertContains(again, "One place is still undecided", status_code=409)
        self.assertEqual(self.now().title, "Theirs")
        self.assertEqual(self.chooses(again, {"Plain title": "mine"}).status_code, 302)
        self.assertEqual((self.now().title, self.now().summary), ("Mine", "Theirs."))

    def test_comes_again_with_its_choices_when_a_third_save_came_between(self):
        data = self.opened()
        self.colleague_saves(data, title="Theirs")
        page = self.saves(data, title="Mine", kicker="My kicker")
        self.colleague_saves(self.opened(), summary="Third.")

        again = self.chooses(page, {"Plain title": "combined"}, {"Plain title": "Ours"})

        self.assertContains(again, "yet another save", status_code=409)
        units = self.units(again)
        self.assertEqual(units["Plain title"]["choice"], "combined")
        self.assertEqual(units["Plain title"]["boxes"][0]["text"], "Ours")
        self.assertEqual(self.chooses(again).status_code, 302)
        now = self.now()
        self.assertEqual((now.title, now.summary, now.kicker), ("Ours", "Third.", "My kicker"))

    def test_keeps_what_was_chosen_when_the_form_then_finds_a_mistake(self):
        data = self.opened()
        self.colleague_saves(data, title="Theirs", kicker="Their kicker")
        page = self.saves(data, title="Mine", summary="Mine.")

        form = self.chooses(page, {"Plain title": "combined"}, {"Plain title": "Long " * 60})

        self.assertEqual(form.status_code, 200)
        self.assertEqual(list(form.context["adminform"].form.errors), ["title"])
        corrected = self.saves(filled_in(form), title="Short")
        self.assertEqual(corrected.status_code, 302)
        now = self.now()
        self.assertEqual((now.title, now.summary, now.kicker), ("Short", "Mine.", "Their kicker"))

    def test_of_the_same_person_in_another_tab_says_so(self):
        data = self.opened()
        self.saves(data, title="First tab")

        self.assertContains(
            self.saves(data, title="Second tab"), "in another window", status_code=409
        )
        self.assertEqual(self.now().title, "First tab")

    def test_sent_twice_is_saved_once(self):
        data = add_row(self.opened(), "keypoint_rows", text="New point", kind="point", position=9)

        self.assertEqual([self.saves(data, title="New").status_code for _ in range(2)], [302, 302])

        self.assertEqual(KeyPoint.objects.filter(text="New point").count(), 1)

    def test_without_memory_of_what_it_was_opened_on_must_be_decided_everywhere(self):
        data = self.opened()
        self.colleague_saves(data, summary="Theirs.")

        page = self.saves(data, title="Mine", opened_on="{")

        self.assertEqual({unit["choice"] for unit in self.units(page).values()}, {None})

    def test_keeps_the_button_that_was_pressed(self):
        data = self.opened()
        self.colleague_saves(data, summary="Theirs.")
        page = self.saves(data, title="Mine", _continue="1")

        self.assertEqual(self.chooses(page).url, self.address)

    def test_refuses_a_page_somebody_made_up(self):
        for text in ("", "{", "[1]", '[["a", 1]]', "[[]]", '[["title", "\\ud800"]]'):
            with self.subTest(text=text):
                self.assertEqual(
                    self.client.post(self.address, {"merge-posted": text}).status_code, 400
                )

    def test_is_not_shown_to_those_who_may_not_change_the_article(self):
        data = self.opened()
        reader = a_clinician()
        reader.groups.clear()

        self.assertEqual(self.saves(data, by=reader).status_code, 403)


class TheTextOfAStaleSave(Saves):
    def setUp(self):
        super().setUp()
        self.article.body = "<p>One may suit.</p><p>Two.</p><p>Three.</p><ul><li>a</li></ul>"
        self.article.save()
        self.claim = mark(self.article, "may suit")
        self.body = self.now().body

    def test_is_merged_block_by_block_and_its_claims_stay_marked(self):
        data = self.opened()
        self.colleague_saves(data, body=self.body.replace("Two.", "Two, theirs."))
        page = self.saves(data, body=self.body.replace("<li>a</li>", "<li>a</li><li>mine</li>"))

        self.assertEqual(self.chooses(page).status_code, 302)

        body = self.now().body
        self.assertIn("Two, theirs.", body)
        self.assertIn("<li>mine</li>", body)
        self.assertIn(f'<mark data-claim="{self.claim.key}">may suit</mark>', body)
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).position, 0)

    def test_can_hold_both_versions_of_a_block(self):
        data = self.opened()
        self.colleague_saves(data, body=self.body.replace("Two.", "Theirs."))
        page = self.saves(data, body=self.body.replace("Two.", "Mine."))

        self.chooses(page, {"Theirs.": "combined"})

        self.assertLess(
            self.now().body.index("<p>Mine.</p>"), self.now().body.index("<p>Theirs.</p>")
        )

    def test_is_shown_as_words_and_saved_clean(self):
        data = self.opened()
        self.colleague_saves(data, body=self.body.replace("Two.", "Theirs."))

        page = self.saves(
            data, body=self.body.replace("Two.", 'Mine<script>alert("x")</script>&lt;b&gt;.')
        )

        self.assertContains(page, "Mine&lt;b&gt;", status_code=409)
        self.chooses(page, {"Theirs.": "mine"})
        self.assertIn("<p>Mine&lt;b&gt;.</p>", self.now().body)

    def test_far_too_long_is_still_kept(self):
        data = self.opened()
        self.colleague_saves(data, title="Theirs")

        page = self.saves(data, body="<p>x</p>" * 60_000)

        form = self.chooses(page)
        self.assertEqual(list(form.context["adminform"].form.errors), ["body"])
        self.assertEqual(
            len(form.context["adminform"].form["body"].value()), len("<p>x</p>" * 60_000)
        )


class ARowOfAStaleSave(Saves):
    def setUp(self):
        super().setUp()
        self.effect = with_side_effect(self.article, "a bruise", note="Old note.")
        self.prefix = "articlesideeffect_rows"

    def delete_effect(self):
        key = self.effect.claim.key
        self.colleague_saves(self.opened(), **{f"{self.prefix}-0-DELETE": "on"})
        return key

    def test_that_a_colleague_deleted_is_made_again_with_its_uid_and_the_key_of_its_claim(self):
        data = self.opened()
        key = self.delete_effect()
        page = self.saves(data, **{f"{self.prefix}-0-note": "My note."})
        self.assertContains(page, "took this away, and you changed it", status_code=409)
        self.assertIsNone(self.units(page)["a bruise"]["choice"])

        self.assertEqual(self.chooses(page, {"a bruise": "mine"}).status_code, 302)

        row = ArticleSideEffect.objects.get()
        self.assertEqual((row.note, row.uid, row.claim.key), ("My note.", self.effect.uid, key))

    def test_that_a_colleague_deleted_stays_deleted_when_i_had_not_touched_it(self):
        data = self.opened()
        self.delete_effect()

        self.assertEqual(self.chooses(self.saves(data, title="Mine")).status_code, 302)

        self.assertFalse(ArticleSideEffect.objects.exists())
        self.assertEqual(self.now().title, "Mine")

    def test_that_went_without_a_word_is_explained_all_the_same(self):
        data = self.opened()
        self.effect.delete()  # by a script that says nothing to the article's version

        page = self.saves(data, **{f"{self.prefix}-0-note": "My note."})

        self.assertIn("a bruise", self.units(page))

    def test_that_i_deleted_and_a_colleague_changed_must_be_decided(self):
        data = self.opened()
        self.colleague_saves(data, **{f"{self.prefix}-0-note": "Their note."})
        page = self.saves(data, **{f"{self.prefix}-0-DELETE": "on"})
        self.assertIsNone(self.units(page)["a bruise"]["choice"])

        self.chooses(page, {"a bruise": "theirs"})
        self.assertEqual(ArticleSideEffect.objects.get().note, "Their note.")

        page = self.saves(data, **{f"{self.prefix}-0-DELETE": "on"})
        self.chooses(page, {"a bruise": "mine"})
        self.assertFalse(ArticleSideEffect.objects.exists())

    def test_that_each_added_is_there_twice_only_if_it_is_two_things(self):
        data = self.opened()
        self.colleague_saves(add_row(data, "question_rows", text="Theirs?", position=1))

        page = self.saves(add_row(data, "question_rows", text="Mine?", position=1))

        self.assertEqual(self.chooses(page).status_code, 302)
        self.assertEqual(
            sorted(self.article.question_rows.values_list("text", flat=True)),
            ["How many visits will I need?", "Mine?", "Theirs?"],
        )

    def test_keeps_the_steps_of_both_and_leads_to_a_page_once(self):
        other = a_draft(title="Exercise")
        data = self.opened()
        theirs = add_row(data, "step_rows", kind="before", text="Theirs.", position=0)
        theirs = add_row(theirs, "alternative_rows", text="Doing nothing.", page="", position=0)
        self.colleague_saves(add_row(theirs, "relatedpage_rows", page=other.pk, position=0))
        mine = add_row(data, "step_rows", kind="during", text="Mine.", position=0)
        mine = add_row(mine, "alternative_rows", text="Moving.", page=other.pk, position=0)

        page = self.saves(add_row(mine, "relatedpage_rows", page=other.pk, position=0))

        self.assertEqual(self.chooses(page).status_code, 302)
        self.assertEqual(
            sorted(self.article.step_rows.values_list("kind", "text")),
            [("before", "Theirs."), ("during", "Mine.")],
        )
        self.assertEqual(
            sorted(self.article.alternative_rows.values_list("text", "page")),
            [("Doing nothing.", None), ("Moving.", other.pk)],
        )
        self.assertEqual([row.page for row in self.article.relatedpage_rows.all()], [other])

    def test_both_changed_can_be_written_anew(self):
        data = self.opened()
        self.colleague_saves(data, **{f"{self.prefix}-0-note": "Theirs."})
        page = self.saves(data, **{f"{self.prefix}-0-note": "Mine."})
        self.assertEqual(
            [box["text"] for box in self.units(page)["a bruise"]["boxes"]], ["Mine.\nTheirs."]
        )

        self.chooses(page, {"a bruise": "combined"}, {"a bruise": "Mine\nand theirs."})

        self.assertEqual(ArticleSideEffect.objects.get().note, "Mine and theirs.")


class TheEvidenceOfAStaleSave(Saves):
    """What the form's evidence field is given to save."""

    def setUp(self):
        super().setUp()
        self.claim = self.article.claims.get()
        self.mine, self.theirs = a_reference(), a_reference()

    def state_with(self, reference):
        """The evidence as it stands, and one more source of mine."""
        state = linking.state_of(self.article)
        state.claims[self.claim.key].links.append(
            CitationState(uid="7d1f6e0e-0000-4000-8000-000000000001", reference=str(reference.uid))
        )
        return state.to_json_text()

    def sources(self):
        return set(
            Citation.objects.filter(claim__key=self.claim.key).values_list("reference", flat=True)
        )

    def test_is_listed_and_combined_to_the_sources_of_both(self):
        data, evidence = self.opened(), self.state_with(self.mine)
        before = self.sources()
        link(self.claim, self.theirs, by=self.colleague)
        edits.record_edit(self.article, by=self.colleague, at=LATER)

        page = self.saves(data, evidence=evidence)

        self.assertContains(page, f"<ins>Supports it: {self.mine}</ins>", status_code=409)
        self.assertIsNone(self.units(page)[self.claim.text]["choice"])
        self.assertEqual(self.chooses(page, {self.claim.text: "combined"}).status_code, 302)
        self.assertEqual(self.sources(), before | {self.mine.pk, self.theirs.pk})

    def test_can_be_mine_or_theirs_alone(self):
        data, evidence = self.opened(), self.state_with(self.mine)
        before = self.sources()
        link(self.claim, self.theirs, by=self.colleague)
        edits.record_edit(self.article, by=self.colleague, at=LATER)

        self.chooses(self.saves(data, evidence=evidence), {self.claim.text: "theirs"})
        self.assertEqual(self.sources(), before | {self.theirs.pk})
        self.chooses(self.saves(data, evidence=evidence), {self.claim.text: "mine"})
        self.assertEqual(self.sources(), before | {self.mine.pk})

    def test_that_a_colleague_added_survives_a_save_about_something_else(self):
        data, evidence = self.opened(), linking.state_of(self.article).to_json_text()
        link(self.claim, self.theirs, by=self.colleague)
        edits.record_edit(self.article, by=self.colleague, at=LATER)

        self.assertEqual(
            self.chooses(self.saves(data, title="Mine", evidence=evidence)).status_code, 302
        )

        self.assertIn(self.theirs.pk, self.sources())
        self.assertEqual(self.now().title, "Mine")

    def test_comes_back_with_a_row_that_is_made_again(self):
        data, evidence = self.opened(), self.state_with(self.mine)
        before = self.sources()
        self.article.articlecontraindication_rows.get().delete()
        edits.record_edit(self.article, by=self.colleague, at=LATER)
        self.assertEqual(self.sources(), set())
        page = self.saves(
            data, evidence=evidence, **{"articlecontraindication_rows-0-note": "Mine."}
        )
        self.assertEqual(list(self.units(page)), [self.claim.text])

        self.assertEqual(self.chooses(page, {self.claim.text: "mine"}).status_code, 302)

        row = self.article.articlecontraindication_rows.get()
        self.assertEqual((row.note, row.claim.key), ("Mine.", self.claim.key))
        self.assertEqual(self.sources(), before | {self.mine.pk})

    def test_goes_with_a_row_that_stays_deleted(self):
        data, evidence = self.opened(), self.state_with(self.mine)
        self.article.articlecontraindication_rows.get().delete()
        edits.record_edit(self.article, by=self.colleague, at=LATER)
        page = self.saves(
            data, evidence=evidence, **{"articlecontraindication_rows-0-note": "Mine."}
        )

        self.chooses(page, {self.claim.text: "theirs"})

        self.assertFalse(Claim.objects.filter(article=self.article).exists())

    def test_of_a_phrase_whose_marker_a_colleague_took_away_follows_the_text(self):
        phrase = mark(self.article, "may suit", certainty="low")
        link(phrase, self.theirs, by=self.clinician)
        data, evidence = self.opened(), linking.state_of(self.article).to_json_text()
        self.colleague_saves(
            data, evidence=evidence, body="<p>It uses a thin needle. It may suit some people.</p>"
        )

        page = self.saves(data, evidence=evidence, title="Mine")
        self.assertEqual(self.chooses(page).status_code, 302)

        phrase.refresh_from_db()
        self.assertIsNone(phrase.position)
        self.assertEqual(phrase.citations.count(), 1)


class APartOnAPageOfItsOwn(Saves):
    """Claims, evidence links and rows have pages too, and a stale save there is no different."""

    def setUp(self):
        super().setUp()
        self.citation = Citation.objects.get(claim__article=self.article)
        self.claim = self.citation.claim

    def test_claims_with_their_evidence_are_merged(self):
        address = f"/admin/articles/claim/{self.claim.pk}/change/"
        data = self.opened(address)
        self.colleague_saves(data, address, **{"citations-0-locator": "theirs"})
        page = self.saves(data, address, outcome="Mine", **{"citations-0-quote": "Mine."})
        self.assertContains(page, "theirs", status_code=409)

        legend = next(legend for legend, unit in self.units(page).items() if unit["must_choose"])
        self.assertEqual(self.chooses(page, {legend: "combined"}, address=address).status_code, 302)

        self.citation.refresh_from_db()
        self.claim.refresh_from_db()
        self.assertEqual((self.citation.locator, self.citation.quote), ("theirs", "Mine."))
        self.assertEqual(self.claim.outcome, "Mine")

    def test_evidence_links_are_merged(self):
        address = f"/admin/articles/citation/{self.citation.pk}/change/"
        data = self.opened(address)
        self.colleague_saves(data, address, locator="theirs")

        page = self.saves(data, address, locator="mine")

        self.assertContains(page, "theirs", status_code=409)
        self.citation.refresh_from_db()
        self.assertEqual(self.citation.locator, "theirs")
        self.assertEqual(self.chooses(page, {"Locator": "mine"}, address=address).status_code, 302)

    def test_rows_are_merged_with_what_the_articles_form_saved(self):
        row = KeyPoint.objects.first()
        address = f"/admin/articles/keypoint/{row.pk}/change/"
        data = self.opened(address)
        self.colleague_saves(self.opened(), **{"keypoint_rows-0-text": "Theirs."})

        page = self.saves(data, address, text="Mine.")

        self.assertEqual(page.status_code, 409)
        row.refresh_from_db()
        self.assertEqual(row.text, "Theirs.")

    def test_is_saved_without_more_ado_when_only_something_else_changed(self):
        row = KeyPoint.objects.first()
        address = f"/admin/articles/keypoint/{row.pk}/change/"
        data = self.opened(address)
        self.colleague_saves(self.opened(), summary="Theirs.")

        self.assertEqual(self.saves(data, address, text="Mine.").status_code, 302)

    def test_makes_the_articles_open_form_stale(self):
        data = self.opened()
        address = f"/admin/articles/citation/{self.citation.pk}/change/"
        self.colleague_saves(self.opened(address), address, locator="theirs")

        self.assertEqual(self.saves(data, title="Mine").status_code, 409)


class EveryPageThatEditsAnArticle(TestCase):
    def test_merges_and_none_saves_many_rows_from_a_list(self):
        for model in apps.get_app_config("articles").get_models():
            page = admin.site._registry.get(model)
            if page is None:
                continue
            with self.subTest(model=model._meta.label):
                self.assertEqual(page.list_editable, ())
                is_part = (
                    any(hasattr(model, name) for name in ("article_id", "claim_id"))
                    or model is Article
                )
                if is_part and model._meta.model_name in _WORKING:
                    self.assertIsInstance(page, ResolvesSaveConflicts)


_WORKING = {
    "article",
    "articlecondition",
    "articlecontraindication",
    "articlesideeffect",
    "claim",
    "citation",
    "comparisonrow",
    "helpadvice",
    "indication",
    "keypoint",
    "question",
    "recommendation",
    "readinglistentry",
    "step",
    "alternative",
    "relatedpage",
}
