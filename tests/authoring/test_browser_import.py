"""Bringing an article in, in a real browser: from a pasted text to the draft."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import Article, Claim, PendingImport
from tests.browser import BrowserTestCase
from tests.builders import a_clinician
from tests.second_factor import log_in_on
from tests.shared_data import shared

START = "/admin/articles/article/import/"


@pytest.mark.browser
class AnImportInABrowser(BrowserTestCase):
    def setUp(self):
        self.clinician = a_clinician(password="needles-and-pins")
        # One line that no reference is, as authors write them under a list of sources.
        seed = shared("seed", "dry-needling.txt").read_text()
        self.text = seed.replace("  • Meakins A.", "  • Ask us for the full list\n  • Meakins A.")
        self.assertNotEqual(seed, self.text)

    def signed_in(self, **options):
        page = self.open(f"/admin/login/?next={START}", **options)
        log_in_on(page, self.clinician, "needles-and-pins")
        return page

    def paste(self, page):
        page.fill("#id_text", self.text)
        page.click("text=Read it")
        page.wait_for_selector("#import-review")

    def find_draft(self, page):
        page.wait_for_url("**/change/")
        self.assertIn("The draft is made", page.inner_text(".messagelist"))
        article = Article.objects.get()
        self.assertEqual(article.title, page.input_value("#id_title"))
        self.assertIn("<p>Ask us for the full list</p>", article.body)
        claim = Claim.objects.get(article=article, kind="text")
        self.assertEqual(
            claim.text,
            "Needling may help increase range of motion when muscles feel guarded or tight.",
        )
        self.assertFalse(PendingImport.objects.exists())
        page.goto(f"{self.live_server_url}/admin/articles/article/")
        self.assertIn(article.title, page.inner_text("#result_list"))

    def test_goes_from_a_paste_to_a_draft_with_what_was_chosen(self):
        page = self.signed_in(width=1280)
        self.paste(page)
        self.assertIn("94 of 94 lines accounted for", page.inner_text("#import-account"))

        page.select_option("#import-points .point-unread select", "p")
        page.wait_for_selector("#import-points .point-unread", state="detached")
        page.check("text=Needling may help increase range")
        page.wait_for_selector("#import-became mark")
        self.assertEqual(self.complaints, [])
        page.click("text=Make the draft")

        self.find_draft(page)

    def test_does_the_same_without_scripts_and_by_the_keyboard(self):
        page = self.signed_in(width=390, scripts=False)
        self.paste(page)

        page.focus("#import-points .point-unread select")
        page.keyboard.type("paragraph")
        page.get_by_label("Needling may help increase range").focus()
        page.keyboard.press("Space")
        page.focus("text=Show the result")
        page.keyboard.press("Enter")
        page.wait_for_selector("#import-became mark")
        self.assertEqual(page.locator("#import-points .point-unread").count(), 0)
        page.focus("text=Make the draft")
        page.keyboard.press("Enter")

        self.find_draft(page)

    def test_shows_on_the_other_side_where_one_is(self):
        page = self.signed_in(width=1280)
        self.paste(page)

        page.focus("#choice-84")
        self.assertEqual(self.highlighted(page), ["line-84", "became-84"])
        self.assertTrue(page.locator("#became-84").is_visible())
        page.click("#became-13")
        self.assertEqual(self.highlighted(page), ["line-13", "became-13"])
        # Choosing keeps the place and the focus.
        page.select_option("#choice-84", "h2")
        page.wait_for_selector("#became-84.piece-h2")
        self.assertEqual(page.get_attribute("#choice-84", "name"), "line-84-h2")

    @staticmethod
    def highlighted(page):
        return page.eval_on_selector_all(
            ".is-here", "elements => elements.map((element) => element.id)"
        )

    def test_says_that_it_is_at_work_while_a_document_is_read(self):
        page = self.signed_in(width=390)
        sign = page.get_by_text("Sending and reading the document")
        self.assertFalse(sign.is_visible())
        page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
        page.fill("#id_text", self.text)
        page.click("text=Read it")

        self.assertTrue(sign.is_visible())

    def test_has_no_barrier_on_either_page(self):
        for width, scheme in ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
            with self.subTest(width=width, scheme=scheme):
                page = self.signed_in(width=width, scheme=scheme)
                page.fill("#id_text", "")
                self.assert_no_barrier(page, width)
                page.click("text=Read it")
                page.wait_for_selector("#import-errors")
                self.assert_no_barrier(page, width)
                self.paste(page)
                # What axe itself logs under the strict policy is not the page's.
                self.assertFalse([said for said in self.complaints if "articles/import" in said])
                page.check("text=Needling may help increase range")
                page.wait_for_selector("#import-became mark")
                page.focus("#choice-84")
                self.assert_no_barrier(page, width)

    def assert_no_barrier(self, page, width):
        page.wait_for_load_state()  # a field can be filled before the styles have come
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
        violations = Axe().run(page).response["violations"]
        self.assertEqual(
            [(found["id"], [node["html"][:90] for node in found["nodes"]]) for found in violations],
            [],
        )
