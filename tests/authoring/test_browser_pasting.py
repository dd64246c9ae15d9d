"""What comes into the editor from other programs, and what the writer is told about the rest."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import Article, ArticlePicture, Claim
from tests.builders import a_clinician, a_draft, a_reference, an_image, link, mark

from .clipboards import GOOGLE_DOCS, LIBRE_OFFICE, WORD, word, word_item
from .test_browser_writing import Writing

BODY = "<h2>Care</h2><p>It may help some people.</p><p>Ask your physio.</p>"


@pytest.mark.browser
class WhatIsPasted(Writing):
    def setUp(self):
        self.author = a_clinician(is_superuser=True)
        self.article = a_draft(by=self.author, body=BODY)

    def body(self):
        return Article.objects.get(pk=self.article.pk).body.replace("\n", " ")

    def test_from_word_docs_and_libre_office_keeps_its_shape_and_the_rest_is_told(self):
        desk = self.desk()
        desk.select("Ask your physio.", only_caret="end")

        png = base64.b64encode(an_image(60, 40, format="PNG")).decode()
        picture = f'<p class=MsoNormal><img src="data:image/png;base64,{png}"></p>'
        desk.paste_and_hear(
            WORD.replace("<!--EndFragment", f"{picture}<!--EndFragment"),
            "Left out of what you pasted",
        )
        told = desk.told()
        desk.page.get_by_role("button", name="Leave it out").scroll_into_view_if_needed()
        for words in (
            "formulas (1)",
            "comments (1)",
            "Tracked changes (2)",
            "other program keeps its pictures to itself (1)",
            "Pictures wait above the text (1)",
        ):
            self.assertIn(words, told)
        self.assertNotRegex(told, "headings|items|merged|did not come")
        desk.select("Ask your physio.", only_caret="end")
        desk.paste_and_hear(GOOGLE_DOCS, "Pictures of other sites stay there (1)")
        self.assertIn("Crossed-out words (1)", desk.told())
        self.assertIn("Lists with letters (1)", desk.told())
        desk.select("Ask your physio.", only_caret="end")
        desk.paste_and_hear(LIBRE_OFFICE, "keeps its pictures to itself (1)")
        desk.type("x")
        desk.page.locator(".paste-said", has_text="pictures").wait_for(state="detached")
        desk.save()

        body = self.body()
        for kept in (
            "<h2>Living with neck pain</h2><h2>A styled heading</h2><h3>Seventh level</h3>"
            "<h3>Outline four</h3>",
            "<p><strong>Walk</strong> 10 m<sup>2</sup>, CO<sub>2</sub> and x<sup>3</sup>.</p>",
            '<ol start="3"><li>Third<ul><li>below</li></ul></li><li>Fourth</li></ol>'
            '<p>Between sometimes helps here.</p><ol start="5"><li>Fifth</li></ol>',
            '<td colspan="2">',
            "<h2>The title</h2><h2>First heading</h2>"
            "<p>Plain CO<sub>2</sub><strong> bold</strong> crossed</p><h3>Fourth heading</h3>"
            '<ol start="3"><li>three<ol><li>inner</li></ol></li></ol>',
            "<h2>Top heading</h2><h3>Fifth heading</h3>"
            "<p>Water H<sub>2</sub>O <strong>in red</strong></p>"
            '<ol start="4"><li>four</li></ol><ol start="7"><li>seven',
        ):
            with self.subTest(kept=kept):
                self.assertIn(kept, body)
        self.assertNotRegex(body, r"Mso|style=|o:p|always|Is this true|AB1|<img")

    def test_of_one_picture_asks_what_it_shows_and_puts_it_under_its_heading(self):
        png = base64.b64encode(an_image(300, 200, format="PNG")).decode()
        desk = self.desk()
        desk.select("Ask your physio.", only_caret="end")
        desk.paste_now(f'<h1>Neck</h1><p>Turn it.</p><img src="data:image/png;base64,{png}">')
        asked = desk.page.locator(".paste-picture", has_text="under “Neck”")
        asked.get_by_role("button", name="Add the picture").click()
        asked.locator(".paste-told", has_text="Say what the picture shows").wait_for()
        found = Axe().run(desk.page, ".paste-notice").response["violations"]
        self.assertEqual([rule["id"] for rule in found], [])

        asked.get_by_label("What it shows").fill("A woman turns her head.")
        asked.get_by_role("button", name="Add the picture").click()
        desk.hear("The picture is under “Neck”")
        line = "It may help some people."
        desk.drop_file(an_image(400, 300), "image/jpeg", on=line)
        asked = desk.page.locator(".paste-picture", has_text="under “Care”")
        asked.get_by_role("button", name="Leave it out").click()
        desk.hear("The picture was left out")
        desk.paste_file(b"GIF89a", "image/gif")
        desk.hear("Save them as JPEG, PNG or WebP")
        desk.save()

        row = ArticlePicture.objects.get(article=self.article)
        self.assertEqual((row.heading, row.picture.alt), ("Neck", "A woman turns her head."))
        self.assertEqual((row.picture.width, row.picture.height), (300, 200))
        self.assertNotIn("<img", self.body())

    def test_of_a_claim_that_was_copied_is_a_new_claim_and_of_another_article_plain_text(self):
        claim, reference = mark(self.article, "may help"), a_reference()
        link(claim, reference, by=self.author)
        desk = self.desk()
        marked = f'<mark data-claim="{claim.key}">%s</mark>'
        desk.select("Ask your physio.", only_caret="end")

        desk.paste_and_hear(f"<p>It {marked % 'may help'} us.</p>", "“may help” is a new claim")
        desk.paste_and_hear(f"<p>It {marked % 'may'} go.</p>", "“may” is plain text")
        desk.paste_and_hear(
            '<p><mark data-claim="czzzzzzzzz">It cures.</mark></p>', "Claims of another article (1)"
        )
        self.assertEqual(desk.marks(), ["may help", "may help"])
        desk.save()

        first, second = Claim.objects.filter(article=self.article, text="may help")
        self.assertNotEqual(first.key, second.key)
        self.assertEqual(
            [one.citations.get().reference for one in (first, second)], [reference] * 2
        )

    def test_with_its_list_of_references_is_offered_to_the_import(self):
        desk = self.desk()
        desk.select("Ask your physio.", only_caret="end")
        desk.paste_and_hear(
            word(
                "<p class=MsoNormal>Needles may ease pain [3].</p><h2>References</h2>"
                + word_item("1.", "Osei A. Needles for necks. J Needles. 2019;3:1-9.")
                + word_item("2.", "Lee B. More needles for necks. J Needles. 2020;4:1-9.")
                + word_item("3.", "Diaz C. Needles at last. J Needles. 2021;5:1-9.")
            ),
            "This text cites “[3]”",
        )

        with desk.page.expect_popup() as popup:
            desk.page.get_by_role("button", name="Import this text").click()

        popup.value.wait_for_selector("#import-review")
        self.assertIn("Needles may ease pain", popup.value.content())
