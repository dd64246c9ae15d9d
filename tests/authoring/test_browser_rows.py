"""The typed rows and the form itself by keyboard and buttons, in a real browser."""

import pytest

from articles.models import Article, KeyPoint
from tests.browser import BrowserTestCase
from tests.builders import a_clinician, a_draft

from .desk import Desk


@pytest.mark.browser
class RowsOfAnArticle(BrowserTestCase):
    def setUp(self):
        self.author = a_clinician(is_superuser=True)
        self.article = a_draft(by=self.author, body="<p>It uses a thin needle.</p>")
        KeyPoint.objects.filter(article=self.article).delete()
        for position, text in enumerate(("One", "Two", "Three")):
            KeyPoint.objects.create(article=self.article, text=text, position=position)
        self.desk = Desk.at(self, self.article, user=self.author)
        self.group = self.desk.page.locator("#keypoint_rows-group")

    def written(self):
        return list(KeyPoint.objects.filter(article=self.article).values_list("text", flat=True))

    def test_are_moved_by_buttons(self):
        self.group.get_by_role("button", name="Move up: Three").click()
        self.group.get_by_role("button", name="Move down: One").press("Enter")

        self.desk.save()

        self.assertEqual(self.written(), ["Three", "One", "Two"])

    def test_are_added_at_the_end(self):
        self.group.locator(".add-row a").click()
        self.group.locator("#keypoint_rows-3 [name$='-text']").fill("Four")
        self.group.locator(".add-row a").click()  # one that stays empty

        self.desk.save()

        self.assertEqual(self.written(), ["One", "Two", "Three", "Four"])

    def test_say_where_they_are_now_and_that_there_is_nothing_above_the_first(self):
        self.group.get_by_role("button", name="Move up: Two").click()
        self.assertIn(
            "Now in place 1.",
            self.desk.page.locator("#article_form > .visually-hidden[role=status]").inner_text(),
        )
        self.group.get_by_role("button", name="Move up: Two").click()
        self.assertIn(
            "the first already",
            self.desk.page.locator("#article_form > .visually-hidden[role=status]").inner_text(),
        )


@pytest.mark.browser
class TheForm(BrowserTestCase):
    def setUp(self):
        self.author = a_clinician(is_superuser=True)
        self.article = a_draft(by=self.author, body="<p>It uses a thin needle.</p>")

    def test_is_saved_by_the_keyboard_in_the_sheet_and_beside_it(self):
        desk = Desk.at(self, self.article, user=self.author)
        desk.select("needle.", only_caret="end")
        desk.type(" Always.")
        with desk.page.expect_navigation():
            desk.press("Control+s")
        desk.ready()
        desk.page.fill("#id_title", "Needles")
        with desk.page.expect_navigation():
            desk.press("Control+s")

        article = Article.objects.get(pk=self.article.pk)
        self.assertEqual(
            (article.title, article.body), ("Needles", "<p>It uses a thin needle. Always.</p>")
        )

    def test_is_dark_in_the_sheet_too_where_it_is_dark(self):
        desk = Desk.at(self, self.article, user=self.author, scheme="dark")
        ground = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(desk.text.evaluate(ground), "rgb(22, 32, 31)")

        desk.page.evaluate("document.documentElement.dataset.theme = 'light'")
        desk.page.wait_for_timeout(100)

        self.assertEqual(desk.text.evaluate(ground), "rgb(255, 253, 249)")
        self.assertEqual(desk.html().strip(), "<p>It uses a thin needle.</p>")
