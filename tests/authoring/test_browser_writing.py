"""Writing, marking and linking in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import Article, Citation, Claim
from references.models import Reference
from tests.browser import BrowserTestCase
from tests.builders import a_clinician, a_draft, a_reference, link, mark, with_side_effect
from tests.evidence.recordings import a_work, crossref_work, recorded

from .desk import Desk

BODY = (
    "<p>It uses a thin needle. It may help some people. It cures nothing.</p><p>Ask your"
    " physio.</p>"
)


class Writing(BrowserTestCase):
    def setUp(self):
        self.author = a_clinician(is_superuser=True)
        self.article = a_draft(by=self.author, body=BODY)

    def desk(self, **how):
        return Desk.at(self, self.article, user=self.author, **how)

    def claim(self, text):
        return Claim.objects.get(article=self.article, text=text)


@pytest.mark.browser
class AClinician(Writing):
    def test_marks_a_phrase_links_two_sources_and_finds_them_there_again(self):
        known = a_reference(
            csl={
                "type": "article-journal",
                "title": "Dry needling for necks",
                "DOI": "10.5555/known",
            }
        )
        desk = self.desk()
        desk.select("may help")
        desk.press("Control+Alt+m")
        self.assertEqual(desk.marks(), ["may help"])
        with recorded(crossref_work(a_work())):
            desk.add_source("needling neck")
            self.assertIn("Linked", desk.said())
            desk.add_source("https://doi.org/10.5555/needles.1")
            self.assertIn("Linked: Osei 2019", desk.said())
        second = desk.current.locator(".ep-link").nth(1)
        second.get_by_label("This source").select_option("contradicts")
        second.get_by_label("Quote, word for word").fill("It did not ease pain.")
        desk.current.get_by_label("How sure are we").select_option("low")
        address = desk.page.url

        desk.save()

        self.assertEqual(desk.page.url, address)
        claim = self.claim("may help")
        self.assertEqual(claim.certainty, "low")
        first, second = claim.citations.all()
        self.assertEqual((first.reference, first.stance), (known, "supports"))
        self.assertEqual(
            (second.reference.doi_key, second.stance), ("10.5555/needles.1", "contradicts")
        )
        self.assertEqual(second.reference.origin, "doi")
        self.assertEqual(desk.marks(), ["may help"])
        self.assertIn("2 sources", desk.card("may help").inner_text())

        desk.select("some people", only_caret="end")
        desk.type(", not all")
        desk.save()

        self.assertIn("some people, not all.", Article.objects.get(pk=self.article.pk).body)
        self.assertEqual(self.claim("may help").citations.count(), 2)

    def test_marks_the_sentence_at_the_caret_when_nothing_is_selected(self):
        desk = self.desk()
        desk.select("thin", only_caret="end")

        desk.press("Control+Alt+m")

        self.assertEqual(desk.marks(), ["It uses a thin needle."])

    def test_opens_the_claim_that_is_there_rather_than_marking_in_it(self):
        mark(self.article, "may help")
        desk = self.desk()
        desk.select("help")

        desk.press("Control+Alt+m")

        self.assertEqual(desk.marks(), ["may help"])
        self.assertIn("may help", desk.current.inner_text())

    def test_gets_back_by_undo_both_the_marker_and_its_evidence(self):
        link(mark(self.article, "may help"), a_reference(), by=self.author)
        desk = self.desk()
        desk.select("It may help some people.")
        desk.press("Delete")
        self.assertIn("Marker removed", desk.card("may help").inner_text())

        desk.press("Control+z")

        self.assertEqual(desk.marks(), ["may help"])
        self.assertIn("1 source", desk.card("may help").inner_text())
        self.assertNotIn("Marker removed", desk.card("may help").inner_text())

    def test_keeps_the_evidence_of_a_removed_marker_until_saying_otherwise(self):
        link(mark(self.article, "may help"), a_reference(), by=self.author)
        desk = self.desk()
        desk.select("It may help some people.")
        desk.press("Delete")
        desk.save()
        self.assertIsNone(self.claim("may help").position)
        self.assertEqual(self.claim("may help").citations.count(), 1)

        desk.card("may help").locator(".ep-head").click()
        desk.current.get_by_role("button", name="Delete its evidence").click()
        desk.save()

        self.assertFalse(Claim.objects.filter(article=self.article, text="may help").exists())

    def test_may_move_a_claim_by_cut_and_paste(self):
        claim = mark(self.article, "may help")
        link(claim, a_reference(), by=self.author)
        desk = self.desk()
        desk.select("It may help some people.")
        desk.press("Control+x")
        desk.select("Ask your physio.", only_caret="end")
        desk.press("Control+v")
        desk.page.wait_for_timeout(500)
        self.assertEqual(desk.marks(), ["may help"])

        desk.save()

        self.assertIn(
            f'physio.It <mark data-claim="{claim.key}">may help</mark>',
            self.body().replace("&nbsp;", " "),
        )
        self.assertEqual(self.claim("may help").citations.count(), 1)

    def body(self):
        return Article.objects.get(pk=self.article.pk).body

    def test_may_set_bold_across_the_edge_of_a_claim(self):
        claim = mark(self.article, "may help")
        link(claim, a_reference(), by=self.author)
        desk = self.desk()
        desk.select("help some")
        desk.press("Control+b")

        desk.save()

        claim.refresh_from_db()
        self.assertEqual(
            (claim.text, claim.wording_has_changed, claim.citations.count()), ("may help", False, 1)
        )
        self.assertIn("<strong>", self.body())

    def test_types_on_behind_a_claim_without_making_it_grow(self):
        link(mark(self.article, "may help"), a_reference(), by=self.author)
        desk = self.desk()
        desk.select("may help", only_caret="end")
        desk.type(", it cures all.")
        self.assertEqual(desk.marks(), ["may help"])
        desk.select("may help", only_caret="end")
        desk.press("Enter")
        desk.type("New here")
        self.assertEqual(desk.marks(), ["may help"])
        desk.select("may help", only_caret="end")
        desk.type("s")
        self.assertEqual([words.replace("\\u200b", "") for words in desk.marks()], ["may helps"])

    def test_goes_back_behind_the_claim_with_escape_and_writes_on(self):
        desk = self.desk()
        desk.select("may help")
        desk.press("Control+Alt+m")

        desk.press("Escape")
        desk.type(", it seems,")

        self.assertEqual(desk.marks(), ["may help"])
        self.assertIn("</mark>, it seems, some people", desk.html().replace("\u200b", ""))

    def test_is_told_that_the_wording_changed_and_settles_it_on_the_card(self):
        link(mark(self.article, "may help"), a_reference(), by=self.author)
        desk = self.desk()
        desk.select("may")
        desk.type("will surely")
        self.assertIn(
            "Wording changed since evidence was linked", desk.card("will surely help").inner_text()
        )
        desk.save()
        self.assertTrue(self.claim("will surely help").wording_has_changed)
        desk.standing("changed since evidence was linked")

        desk.card("will surely help").locator(".ep-head").click()
        desk.current.get_by_label("I read the sources again").check()
        desk.save()

        self.assertFalse(self.claim("will surely help").wording_has_changed)

    def test_links_evidence_to_a_row_that_was_never_saved(self):
        reference = a_reference(csl={"type": "article-journal", "title": "Bruises after needling"})
        with_side_effect(self.article, "a small bruise")
        desk = self.desk()
        self.assertIn("a small bruise", desk.card("a small bruise").inner_text())
        desk.page.locator("#indication_rows-group .add-row a").click()
        row = desk.page.locator("#indication_rows-0")
        row.locator('input[name$="-text"]').fill("people who sit a lot")
        row.locator("[data-row-evidence]").click()
        desk.add_source("bruises")

        desk.save()

        claim = self.claim("people who sit a lot")
        self.assertEqual((claim.kind, claim.citations.get().reference), ("indication", reference))

    def test_takes_a_source_away_and_puts_it_back(self):
        claim = mark(self.article, "may help")
        link(claim, a_reference(), by=self.author)
        desk = self.desk()
        desk.card("may help").locator(".ep-head").click()

        desk.current.get_by_role("button", name="Take away").click()
        self.assertIn("No evidence", desk.card("may help").inner_text())
        desk.current.get_by_role("button", name="Put back").click()
        desk.save()

        self.assertEqual(claim.citations.count(), 1)

    def test_is_told_what_to_do_when_nothing_can_be_looked_up(self):
        mark(self.article, "may help")
        desk = self.desk()
        desk.card("may help").locator(".ep-head").click()
        desk.add_source("10.5555/never.seen")
        self.assertIn("Add it by hand", desk.said())

        with desk.page.expect_popup() as popup:
            desk.current.get_by_role("button", name="Add it by hand").click()
        popup.value.wait_for_load_state()
        popup.value.fill("#id_title", "Never seen")
        popup.value.click('[name="_save"]')

        desk.current.locator(".ep-link", has_text="Never seen").wait_for()
        desk.save()
        self.assertEqual(
            self.claim("may help").citations.get().reference,
            Reference.objects.get(doi_key="10.5555/never.seen"),
        )

    def test_sees_where_the_article_stands_while_typing(self):
        claim = mark(self.article, "may help")
        link(claim, a_reference(), by=self.author)
        desk = self.desk()
        desk.standing("Ask a colleague to check the evidence for “may help”")
        before = Article.objects.get(pk=self.article.pk)

        desk.select("may")
        desk.type("always")

        desk.standing("changed since evidence was linked")
        now = Article.objects.get(pk=self.article.pk)
        self.assertEqual((now.body, now.lock_version), (before.body, before.lock_version))
        self.assertTrue(Claim.objects.filter(text="may help").exists())

    def test_saves_without_a_change_and_nothing_is_changed(self):
        link(mark(self.article, "may help"), a_reference(), by=self.author)
        before = Article.objects.get(pk=self.article.pk)
        desk = self.desk()
        desk.select("thin", only_caret="end")
        desk.card("may help").locator(".ep-head").click()

        desk.save()

        now = Article.objects.get(pk=self.article.pk)
        self.assertEqual((now.body, now.lock_version), (before.body, before.lock_version))

    def test_writes_a_new_article_from_nothing(self):
        desk = Desk.at(self, None, user=self.author)
        desk.page.fill("#id_title", "Heat packs")
        desk.text.evaluate("document.body.focus()")
        desk.type("Heat may ease pain.")
        desk.press("Control+Alt+m")
        a_reference(csl={"type": "article-journal", "title": "Heat for pain"})
        desk.add_source("heat pain")
        desk.save()

        claim = Claim.objects.get(text="Heat may ease pain.")
        self.assertEqual((claim.article.title, claim.citations.count()), ("Heat packs", 1))


@pytest.mark.browser
class APaste(Writing):
    #: How Word writes a bullet.
    BULLET = (
        "<![if !supportLists]><span style='font-family:Symbol'><span"
        " style='mso-list:Ignore'>·<span>   </span></span></span><![endif]>"
    )

    def pasted(self, html):
        desk = self.desk()
        desk.select("Ask your physio.", only_caret="end")
        desk.paste(html)
        return desk

    def test_from_word_keeps_headings_lists_and_bold_and_drops_its_clutter(self):
        desk = self.pasted(
            '<html xmlns:o="urn:schemas-microsoft-com:office:office"'
            ' xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator'
            " content='Microsoft Word 15'><style>p.MsoNormal{margin:0}</style></head><body><p"
            " class=MsoNormal><b>Sore</b> for <span style='mso-spacerun:yes'> </span>a"
            " day<o:p></o:p></p><p class=MsoListParagraphCxSpFirst"
            " style='text-indent:-18.0pt;mso-list:l0 level1"
            f" lfo1'>{self.BULLET}Rest<o:p></o:p></p><p class=MsoListParagraphCxSpLast"
            " style='text-indent:-18.0pt;mso-list:l0 level1"
            f" lfo1'>{self.BULLET}Walk<o:p></o:p></p></body></html>"
        )
        desk.save()
        body = Article.objects.get(pk=self.article.pk).body

        self.assertIn("<strong>Sore</strong> for", body)
        self.assertIn("<li>Rest</li><li>Walk</li>", body)
        self.assertNotRegex(body, r"Mso|style=|o:p|·")

    def test_from_google_docs_does_not_vanish(self):
        desk = self.pasted(
            '<meta charset="utf-8"><b style="font-weight:normal;"'
            ' id="docs-internal-guid-1a2b3c4d-7fff"><p dir="ltr"'
            ' style="line-height:1.38"><span>From a document</span></p><ul><li dir="ltr"'
            ' style="list-style-type:disc"><p dir="ltr"><span'
            ' style="font-weight:700">first</span></p></li></ul></b>'
        )
        desk.save()
        body = Article.objects.get(pk=self.article.pk).body

        self.assertIn("From a document", body)
        self.assertIn("<li><strong>first</strong></li>", body)

    def test_of_bullets_typed_as_letters_becomes_a_list(self):
        desk = self.pasted("<p>Try this:<br>• Rest for a day.<br>•&nbsp; Walk a little.</p>")
        desk.save()
        body = Article.objects.get(pk=self.article.pk).body

        self.assertIn("<li>Rest for a day.</li><li>Walk a little.</li>", body)
        self.assertNotIn("•", body)

    def test_brings_in_no_marker_of_another_article(self):
        claim = mark(self.article, "may help")
        desk = self.pasted(
            '<p><mark data-claim="czzzzzzzzz">foreign</mark> and <mark'
            f' data-claim="{claim.key}">may help</mark></p>'
        )

        self.assertEqual(desk.marks(), ["may help", "may help"])
        self.assertIn("foreign", desk.html())

    def test_of_something_hostile_is_inert(self):
        desk = self.pasted(
            "<p>x<img src=x onerror=\"document.title='bad'\"><a"
            " href=\"javascript:document.title='bad'\">y</a><svg"
            " onload=\"document.title='bad'\"></svg></p>"
        )
        desk.page.wait_for_timeout(500)
        desk.save()

        self.assertNotEqual(desk.page.title(), "bad")
        self.assertNotRegex(
            Article.objects.get(pk=self.article.pk).body, r"onerror|javascript|svg|<img"
        )


@pytest.mark.browser
class TheForm(Writing):
    def test_has_no_barrier_that_is_ours(self):
        link(mark(self.article, "may help"), a_reference(), by=self.author)
        for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")):
            with self.subTest(width=width, scheme=scheme):
                desk = self.desk(width=width, scheme=scheme)
                if desk.page.is_visible(".ep-bar"):
                    desk.page.click(".ep-bar")
                desk.card("may help").locator(".ep-head").click()
                desk.standing("Before publishing")
                desk.standing("Reading grade")

                found = Axe().run(desk.page).response["violations"]
                self.assertEqual(
                    [
                        (rule["id"], [node["target"] for node in rule["nodes"]][:4])
                        for rule in found
                    ],
                    [],
                )
                self.assertEqual(desk.page.evaluate("document.documentElement.scrollWidth"), width)

    def test_shows_whatever_a_source_is_called_as_text(self):
        hostile = "<img src=x onerror=\"document.title='bad'\">"
        reference = a_reference(
            csl={
                "type": "article-journal",
                "title": hostile,
                "author": [{"family": hostile}],
                "DOI": "10.5555/x",
            }
        )
        link(
            mark(self.article, "may help"),
            reference,
            by=self.author,
            quote=hostile,
            note_public=hostile,
        )
        desk = self.desk()
        desk.card("may help").locator(".ep-head").click()
        desk.add_source("onerror")

        self.assertNotEqual(desk.page.title(), "bad")
        self.assertEqual(desk.page.locator(".evidence-panel img").count(), 0)

    def test_works_without_scripts_by_way_of_each_claims_own_page(self):
        page = self.open(
            f"/admin/articles/article/{self.article.pk}/change/",
            user=self.author,
            scripts=False,
            width=1280,
        )

        self.assertIn("Link it claim by claim instead", page.inner_text("#evidence-panel"))

    def test_saves_120_claims_with_240_links(self):
        sentences = [f"Sentence {n} may help." for n in range(120)]
        self.article.body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        self.article.save()
        references = [a_reference() for _ in range(60)]
        for n, sentence in enumerate(sentences):
            claim = mark(self.article, sentence)
            link(claim, references[n % 60], by=self.author)
            link(claim, references[(n + 7) % 60], by=self.author)
        desk = self.desk()
        desk.card("Sentence 60 may help.").locator(".ep-head").click()
        desk.current.get_by_label("How sure are we").select_option("low")

        desk.save()

        self.assertEqual(self.claim("Sentence 60 may help.").certainty, "low")
        self.assertEqual(Citation.objects.filter(claim__article=self.article).count(), 241)
