"""The pages around the article in a real browser.

For every reader, at every size, with no word to another host.
"""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.core.management import call_command

from articles.models import Feedback, LiveArticle
from tests.browser import BrowserTestCase
from tests.builders import a_draft, a_reference, link, mark, published
from tests.reading.large import a_large_draft
from tests.reading.test_points_checked_again import take_back

PAGES = (
    "/",
    "/articles/",
    "/conditions/",
    "/conditions/neck-pain/",
    "/words/",
    "/search/",
    "/search/?q=thin+needle",
    "/search/?q=xyzzy",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/articles/dry-needling/feedback/",
    "/articles/dry-needling/feedback/thanks/",
)
#: What stands outside a screen 320 wide, hidden words aside.
BESIDE_THE_SCREEN = """
    [...document.querySelectorAll("main *, header *, footer *")]
        .filter((part) => !part.closest(".vh, .skip, svg"))
        .filter((part) => {
            const box = part.getBoundingClientRect();
            return box.right > 321 || box.left < -1;
        })
        .map((part) => part.outerHTML.slice(0, 90))
"""

#: Title, sentence, two ways to safety, two key points.
WHERE_THEY_END = """
    [
        ...document.querySelectorAll("h1, .summary, .key .safety a"),
        ...[...document.querySelectorAll(".key li")].slice(0, 2)
    ].map((part) => part.getBoundingClientRect().bottom)
"""


@pytest.mark.browser
class ThePagesInABrowser(BrowserTestCase):
    def setUp(self):
        cache.clear()
        call_command("demo", small=True, stdout=io.StringIO())

    def test_have_no_barrier_and_move_no_way_but_down(self):
        for address in PAGES:
            for width, scheme in ((320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
                with self.subTest(address=address, width=width, scheme=scheme):
                    page = self.open(address, width=width, scheme=scheme)

                    self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                    self.assertEqual(
                        [found["id"] for found in Axe().run(page).response["violations"]], []
                    )
                    self.assertEqual(self.complaints, [])
                    page.context.close()

    def test_ask_no_other_host_for_anything_and_leave_no_cookie(self):
        for address in PAGES:
            with self.subTest(address=address):
                page = self.open(address)

                self.assertEqual(
                    [url for url in self.asked if not url.startswith(self.live_server_url)], []
                )
                self.assertEqual(page.context.cookies(), [])

    def test_can_be_read_four_times_as_big(self):
        # A window of 1280 by 1024 at 400 % has room for 320 by 256 letters' worth of page.
        for address in (*PAGES, "/nothing/"):
            with self.subTest(address=address):
                page = self.open(address, width=320)
                page.set_viewport_size({"width": 320, "height": 256})

                self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 320)
                self.assertEqual(page.evaluate(BESIDE_THE_SCREEN), [])

    def test_where_there_is_none_have_no_barrier_either(self):
        page = self.open("/nothing/", width=320)

        self.assertEqual([found["id"] for found in Axe().run(page).response["violations"]], [])


@pytest.mark.browser
class SearchingInABrowser(BrowserTestCase):
    def setUp(self):
        call_command("demo", small=True, stdout=io.StringIO())

    def test_goes_from_any_page_to_the_answer_with_the_keyboard_alone_and_without_scripts(self):
        for width, stops in ((1280, 5), (390, 4)):  # skip, brand, topics, problems and the box
            page = self.open("/privacy/", scripts=False, width=width)
            for _stop in range(stops):
                page.keyboard.press("Tab")
            if width == 390:  # a link in place of problems and the box
                page.keyboard.press("Enter")
                page.wait_for_url("**/search/")
                while page.evaluate("document.activeElement.name") != "q":
                    page.keyboard.press("Tab")
            page.keyboard.type("thin needle")
            page.keyboard.press("Enter")
            page.wait_for_url("**/search/?q=thin+needle")

        self.assertEqual(page.inner_text("h2#found"), "1 page for “thin needle”")
        page.click("text=Dry needling")
        page.wait_for_url("**/articles/dry-needling/**")
        self.assertEqual(page.inner_text("h1"), "Dry needling")


@pytest.mark.browser
class AnsweringInABrowser(BrowserTestCase):
    def setUp(self):
        cache.clear()
        call_command("demo", small=True, stdout=io.StringIO())

    def test_works_without_scripts_and_is_for_everybody(self):
        page = self.open("/articles/dry-needling/", scripts=False)

        page.click(".feedback >> text=No")
        page.fill("textarea", "What is a trigger point?")
        page.select_option("select", label="Side effects")
        page.click("main >> text=Send")

        page.wait_for_selector("main >> text=We read every answer.")
        kept = Feedback.objects.get()
        self.assertEqual(
            (kept.helped, kept.text, kept.section), (False, "What is a trigger point?", "effects")
        )
        self.assertEqual(page.context.cookies(), [])

    def test_has_no_barrier_in_the_box_either(self):
        for width, scheme in ((320, "light"), (1280, "dark")):
            with self.subTest(width=width, scheme=scheme):
                page = self.open("/articles/dry-needling/feedback/", width=width, scheme=scheme)
                with page.expect_navigation():
                    page.click(".feedback >> text=Yes")

                self.assertEqual(
                    [found["id"] for found in Axe().run(page).response["violations"]], []
                )
                self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                self.assertEqual(self.complaints, [])


@pytest.mark.browser
class TheArticleOnAPhone(BrowserTestCase):
    def test_says_what_matters_in_the_first_screen(self):
        call_command("demo", small=True, stdout=io.StringIO())
        page = self.open("/articles/dry-needling/")
        page.set_viewport_size({"width": 412, "height": 823})

        self.assertLessEqual(
            page.evaluate("document.querySelector('.key').getBoundingClientRect().bottom"), 823
        )


@pytest.mark.browser
class TheFirstScreenOfASmallPhone(BrowserTestCase):
    """Of every page of the demonstration, with what stands above some of them."""

    SCREENS = ((320, 568), (360, 640), (390, 844))

    def test_has_the_title_what_it_is_two_key_points_and_the_ways_to_safety(self):
        call_command("demo", stdout=io.StringIO())
        live = [one.get_absolute_url() for one in LiveArticle.objects.order_by("pk")]
        self.assertEqual(len(live), 11)
        page = self.open("/")
        for width, height in self.SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            for address in live:
                page.goto(self.live_server_url + address)
                ends = page.evaluate(WHERE_THEY_END)
                with self.subTest(address=address, width=width):
                    self.assertEqual(len(ends), 6)
                    self.assertLessEqual(max(ends), height)

    def test_says_that_a_study_was_taken_back_and_leads_to_what_that_means(self):
        article, reference = a_draft(slug="stretching"), a_reference()
        link(mark(article, "may suit some people"), reference, by=article.owner)
        published(article)
        take_back(reference)
        page = self.open("/articles/stretching/", scripts=False, motion="reduce")
        page.set_viewport_size({"width": 320, "height": 568})
        line = page.locator(".strip-notice")

        self.assertIn("One study behind this page was taken back.", line.inner_text())
        line.get_by_role("link").click()
        whole = page.locator("section", has=page.locator("#in-doubt"))
        self.assertIn("We are checking this point", whole.inner_text())
        self.assertLess(page.locator("#in-doubt").bounding_box()["y"], 568)


@pytest.mark.browser
class AVeryLongListOfSources(BrowserTestCase):
    """It is laid out when a reader comes near, and no reader may notice."""

    IN_VIEW = (
        "(e => { const box = e.getBoundingClientRect(); return box.top >= -1 && box.top <"
        " innerHeight; })"
    )

    def setUp(self):
        published(a_large_draft())

    def test_lets_a_mark_lead_to_its_source_and_back(self):
        for width in (320, 1280):
            with self.subTest(width=width):
                page = self.open("/articles/very-long/", width=width, scripts=False)

                page.click("#c50-1")  # glides there, as nobody asked for less motion
                self.becomes_true(page, f"{self.IN_VIEW}(document.getElementById('r50'))")
                page.click("#r50 summary")
                page.click('#r50 a[href="#c50-1"]')
                self.becomes_true(page, f"{self.IN_VIEW}(document.getElementById('c50-1'))")

    def test_keeps_the_room_its_lines_will_need(self):
        for width in (320, 390, 1280):
            with self.subTest(width=width):
                page = self.open("/articles/very-long/", width=width)
                before = page.evaluate("document.querySelector('.refs ol').offsetHeight")
                page.evaluate(
                    "document.querySelectorAll('[data-lines]').forEach(e =>"
                    " e.removeAttribute('data-lines'))"
                )
                after = page.evaluate("document.querySelector('.refs ol').offsetHeight")

                self.assertGreaterEqual(before, after)
                self.assertLess(before, 1.3 * after)

    def test_has_no_barrier(self):
        found = Axe().run(self.open("/articles/very-long/", width=320)).response

        self.assertEqual([rule["id"] for rule in (*found["violations"], *found["incomplete"])], [])
