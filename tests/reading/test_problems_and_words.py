"""The pages of problems and the word list: from what is live, never from what is being edited."""

from django.test import TestCase

from articles import editing, publishing
from articles.models import ArticleCondition, Condition, GlossaryTerm, SafetyNotice
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_condition,
    a_draft,
    a_reference,
    an_editor,
    link,
    published,
    reviewed,
    set_claim,
    with_side_effect,
)


def tries(article, condition, certainty="very-low", note=""):
    """`article` is tried for `condition`, with evidence that carries the certainty."""
    row = ArticleCondition.objects.create(article=article, condition=condition, note=note)
    if certainty != "none":
        link(row.claim, a_reference(design="systematic_review"), by=article.owner)
    set_claim(row.claim, certainty=certainty, direction="better")
    return row


class AProblem(TestCase):
    def setUp(self):
        self.condition = Condition.objects.create(
            name="stiff neck", slug="stiff-neck", clinical_name="Cervicalgia", other_names=["sore neck"],
            summary="A neck that is hard to turn.",
        )  # fmt: skip
        self.article = a_draft(title="Cupping", slug="cupping")
        tries(self.article, self.condition, certainty="very-low", note="For a day or two.")
        self.publication = published(self.article)

    def page(self, slug="stiff-neck", **query):
        return self.client.get(f"/conditions/{slug}/", query)

    def test_says_what_it_is_and_what_people_and_doctors_call_it(self):
        for words in ("Stiff neck", "A neck that is hard to turn.", "Cervicalgia", "sore neck"):
            self.assertContains(self.page(), words)

    def test_says_of_each_treatment_how_sure_we_are_in_words(self):
        page = self.page()

        self.assertContains(page, 'href="/articles/cupping/"')
        self.assertContains(page, "We do not know if it helps.")
        self.assertContains(page, "Not sure at all")
        self.assertContains(page, "For a day or two.")

    def test_is_linked_from_the_article_once_it_is_live(self):
        link_to_it = 'href="/conditions/stiff-neck/"'
        self.assertContains(self.client.get("/articles/cupping/"), link_to_it)
        self.client.force_login(a_clinician())

        preview = self.client.get(f"/admin/articles/article/{self.article.pk}/preview/")

        self.assertNotContains(preview, link_to_it)

    def test_lists_the_surest_first(self):
        for title, slug, certainty in (
            ("Aaa", "aaa", "none"),
            ("Exercise", "exercise", "low"),
            ("Zzz", "zzz", "very-low"),
        ):
            article = a_draft(title=title, slug=slug)
            tries(article, self.condition, certainty=certainty)
            published(article)

        html = self.page().content.decode()
        places = [html.index(f"/articles/{slug}/") for slug in ("exercise", "cupping", "zzz", "aaa")]

        self.assertEqual(places, sorted(places))

    def test_says_that_studies_do_not_agree(self):
        article = a_draft(title="Taping", slug="taping")
        row = tries(article, self.condition)
        link(row.claim, a_reference(), by=article.owner, stance="contradicts", quote="It did not help.")
        published(article)

        self.assertContains(self.page(), "Studies do not agree on this.")

    def test_warns_where_a_safety_notice_lies_over_a_page(self):
        self.assertNotContains(self.page(), "safety notice")
        SafetyNotice.objects.create(article=self.article, text="Taken back.", opened_at=LATER)

        self.assertContains(self.page(), "There is a safety notice on this page.")

    def test_does_not_change_by_a_byte_when_the_working_rows_do(self):
        before = self.page().content
        Condition.objects.update(name="quokka", summary="Quokka.", clinical_name="Quokka", other_names=["quokka"])
        ArticleCondition.objects.update(note="quokka")
        self.article.claims.update(certainty="high")
        self.article.title = "Quokka"
        self.article.save()
        tries(a_draft(title="Draft"), self.condition)

        self.assertEqual(self.page().content, before)

    def test_has_the_name_of_the_article_published_last(self):
        self.condition.name = "sore, stiff neck"
        self.condition.summary = ""
        self.condition.save()
        article = a_draft(slug="taping")
        tries(article, self.condition)
        published(article, at=LATER)

        page = self.page()
        self.assertContains(page, "<bdi>Sore, stiff neck</bdi>")
        self.assertContains(page, "A neck that is hard to turn.")  # said by the other one

    def test_is_not_there_for_drafts_alone_and_goes_when_the_last_page_goes(self):
        tries(a_draft(), Condition.objects.create(name="quokka", slug="quokka"))
        self.assertEqual(self.page("quokka").status_code, 404)
        self.assertNotContains(self.client.get("/conditions/"), "uokka")

        publishing.withdraw(self.article, by=self.publication.by, at=LATER, reason="It may be wrong.")

        self.assertEqual(self.page().status_code, 404)
        self.assertNotContains(self.client.get("/conditions/"), "neck")

    def test_leaves_an_article_that_is_published_again_without_it(self):
        other = a_draft(slug="other")
        tries(other, self.condition)
        published(other)
        ArticleCondition.objects.filter(article=self.article).first().delete()
        editing.record_edit(self.article, by=self.article.owner, at=LATER)
        revision, editor = reviewed(self.article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)

        self.assertNotContains(self.page(), "/articles/cupping/")
        self.assertContains(self.page(), "/articles/other/")

    def test_costs_the_same_however_many_articles_speak_of_it(self):
        for number in range(5):
            article = a_draft(slug=f"more-{number}")
            tries(article, self.condition)
            published(article)

        with self.assertNumQueries(3):
            self.page()
        with self.assertNumQueries(2):
            self.client.get("/conditions/")

    def test_has_no_page_beyond_its_last(self):
        for page in ("2", "0", "9" * 30, "x"):
            self.assertIn(self.page(page=page).status_code, {200, 404})
        self.assertEqual(self.page(page="2").status_code, 404)

    def test_carries_its_way_and_name_for_machines(self):
        self.assertContains(self.page(), '"@type":"BreadcrumbList"')
        self.assertContains(self.page(), '"alternateName":["Cervicalgia","sore neck"]')

    def test_keeps_its_address_once_it_is_made(self):
        editor = an_editor(is_superuser=True)
        self.client.force_login(editor)

        form = self.client.get(f"/admin/articles/condition/{self.condition.pk}/change/")

        self.assertNotContains(form, 'name="slug"')


class TheWordList(TestCase):
    def test_explains_the_clinical_words_of_live_articles(self):
        article = a_draft()
        condition = a_condition("heel pain")
        condition.clinical_name = "Plantar fasciitis"
        condition.save()
        tries(article, condition)
        row = with_side_effect(article, "a bruise")
        set_claim(row.claim, certainty="none")
        effect = row.side_effect
        effect.clinical_name = "Haematoma"
        effect.save()
        editing.record_edit(article, by=article.owner, at=NOON)

        self.assertNotContains(self.client.get("/words/"), "Haematoma")
        published(article)
        page = self.client.get("/words/")

        self.assertContains(page, "Haematoma")
        self.assertContains(page, "A bruise.")
        self.assertContains(page, "Plantar fasciitis")
        self.assertContains(page, f"/conditions/{condition.slug}/")

    def test_holds_what_editors_put_in(self):
        self.client.force_login(an_editor())
        self.client.post(
            "/admin/articles/glossaryterm/add/",
            {"word": "Trigger point", "meaning": "A sore spot in a muscle.", "language": "en"},
        )

        self.assertContains(self.client.get("/words/"), "A sore spot in a muscle.")

    def test_is_changed_by_no_clinician(self):
        GlossaryTerm.objects.create(word="Trigger point", meaning="A sore spot.")
        self.client.force_login(a_clinician())

        self.assertEqual(self.client.get("/admin/articles/glossaryterm/add/").status_code, 403)

    def test_costs_three_queries(self):
        for number in range(4):
            GlossaryTerm.objects.create(word=f"Word {number}", meaning="A word.")

        with self.assertNumQueries(2):
            self.client.get("/words/")

    def test_says_so_while_it_is_empty(self):
        self.assertContains(self.client.get("/words/"), "No word is explained here yet.")
