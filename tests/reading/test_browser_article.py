"""The article in a browser: for every reader, and with no word to another host."""

import io
import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from articles.drafts import translations
from tests.browser import BrowserTestCase
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    link,
    mark,
    published,
    set_claim,
    with_condition,
    with_side_effect,
)
from tests.reading.large import an_arabic_draft

#: The name of the focused element, as a screen reader would say it, shortened.
FOCUSED = (
    "(document.activeElement.textContent || document.activeElement.tagName).trim().slice(0, 40)"
)

#: A browser that passes pages on, or refuses to with the error ANSWER.
SHARES = """
    navigator.share = async (data) => {
        window.shared = data;
        if ("ANSWER") throw new DOMException("", "ANSWER");
    };
"""


@pytest.mark.browser
class TheDemonstrationInABrowser(BrowserTestCase):
    def setUp(self):
        call_command("demo", small=True, stdout=io.StringIO())

    def article(self, **how):
        return self.open("/articles/dry-needling/", **how)

    def test_has_no_barrier_and_moves_no_way_but_down(self):
        for address in ("", "handout/", "handout/?with=sources"):
            address = f"/articles/dry-needling/{address}"
            for width, scheme in ((320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
                with self.subTest(address=address, width=width, scheme=scheme):
                    page = self.open(address, width=width, scheme=scheme)

                    self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                    self.assertEqual(
                        [found["id"] for found in Axe().run(page).response["violations"]], []
                    )
                    self.assertEqual(self.complaints, [])

    def test_asks_no_other_host_for_anything(self):
        self.article()

        self.assertEqual(
            [url for url in self.asked if not url.startswith(self.live_server_url)], []
        )

    def test_reads_the_same_without_scripts_and_leads_to_the_source_and_back(self):
        page = self.article(scripts=False)

        self.assertIn("We do not know if it helps.", page.inner_text("main"))
        page.click("#c1-1")
        page.wait_for_url("**#r1")
        page.click("#r1 summary")
        page.click('a[href="#c1-1"]')
        page.wait_for_url("**#c1-1")

    def test_opens_a_source_in_place_by_keyboard_and_gives_the_place_back(self):
        page = self.article()
        place = page.url
        page.focus("#c2-1")

        page.keyboard.press("Enter")

        card = page.locator(".ref-card")
        self.assertTrue(card.is_visible())
        self.assertEqual(card.get_attribute("role"), "dialog")
        self.assertEqual(page.evaluate(FOCUSED), "Reference 2")
        page.wait_for_selector('#c2-1[aria-expanded="true"]')
        self.assertEqual(page.get_attribute("#c1-1", "aria-expanded"), "false")
        for words in ("An expert's overview.", "Used for:", "Pages 223-227.", "Dommerholt J."):
            self.assertIn(words, card.inner_text())
        walked = []
        for _step in range(5):
            page.keyboard.press("Tab")
            walked.append(page.evaluate(FOCUSED))
        self.assertEqual(walked[0], "doi:10.1179/106698111X13129729552065")
        self.assertTrue(walked[1].startswith("More on this source: Dry needling"))
        self.assertEqual(walked[2:4], ["See all references", "Close"])
        self.assertTrue(
            page.evaluate("!!document.activeElement.closest('main .text')")
        )  # the next link in the text

        page.focus("#c2-1")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")

        self.assertFalse(card.is_visible())
        self.assertEqual(page.evaluate("document.activeElement.id"), "c2-1")
        page.wait_for_selector(
            '#c2-1[aria-expanded="false"]'
        )  # told in an event of its own, a moment later
        self.assertEqual(page.url, place)

    def test_closes_the_card_with_its_button_and_leads_from_it_to_the_list(self):
        page = self.article()
        page.focus("#c3-1")
        page.keyboard.press("Enter")
        page.keyboard.press("Shift+Tab")
        page.focus(".ref-card button")
        page.keyboard.press("Enter")
        self.assertEqual(page.evaluate("document.activeElement.id"), "c3-1")

        page.keyboard.press("Enter")
        page.focus(".ref-card [data-all]")
        page.keyboard.press("Enter")

        self.assertFalse(page.locator(".ref-card").is_visible())
        self.assertEqual(page.evaluate("document.activeElement.id"), "r3")
        self.assertTrue(page.url.endswith("#r3"))
        page.click("#r3 summary")
        page.click('#r3 a[role="doc-backlink"]')
        page.wait_for_url("**#c3-1")

    def test_explains_a_word_in_place_by_keyboard_and_gives_the_place_back(self):
        page = self.article()
        word = page.locator('.body a[role="doc-glossref"]', has_text="trigger point")
        word.focus()
        page.keyboard.press("Enter")

        card = page.locator(".ref-card")
        self.assertIn("A sore, tight spot in a muscle.", card.inner_text())
        self.assertNotIn("Back to text", card.inner_text())
        self.assertEqual(page.evaluate(FOCUSED), "Trigger point")
        walked = []
        for _step in range(2):
            page.keyboard.press("Tab")
            walked.append(page.evaluate(FOCUSED))
        self.assertEqual(walked, ["See all words we used", "Close"])
        page.keyboard.press("Escape")

        self.assertFalse(card.is_visible())
        self.assertEqual(page.evaluate("document.activeElement.textContent"), "trigger point")
        page.focus("#c2-1")
        page.keyboard.press("Enter")
        self.assertIn("See all references", card.inner_text())
        self.assertNotIn("See all words", card.inner_text())

    def test_leads_from_a_word_to_its_meaning_and_back_without_scripts(self):
        page = self.article(scripts=False)

        page.click('.body a[role="doc-glossref"] >> text=trigger point')
        page.wait_for_url("**#w*")
        page.click(':target a[role="doc-backlink"]')
        page.wait_for_url("**#w*-1")
        self.assertEqual(page.inner_text(":target"), "trigger point")

    def test_keeps_the_way_out_of_a_card_and_what_it_is_about_in_sight(self):
        for width, height in ((390, 844), (320, 568), (320, 256), (1280, 800)):
            with self.subTest(width=width, height=height):
                page = self.article(width=width)
                page.set_viewport_size({"width": width, "height": height})
                page.locator("#c6-1").evaluate(
                    "mark => mark.scrollIntoView({block: 'end', behavior: 'instant'})"
                )
                page.focus("#c6-1")
                page.keyboard.press("Enter")

                place = "document.querySelector('%s').getBoundingClientRect()"
                card, mark, button = (
                    place % ".ref-card",
                    place % "#c6-1",
                    place % ".ref-card button",
                )
                # The page may glide there.
                self.becomes_true(
                    page, f"{mark}.bottom <= {card}.top + 1 || {mark}.top >= {card}.bottom - 1"
                )
                self.becomes_true(page, f"{mark}.top >= -1 && {mark}.bottom <= innerHeight + 1")
                self.assertTrue(
                    page.evaluate(f"{button}.bottom <= Math.min(innerHeight, {card}.bottom)")
                )

    def test_gives_a_finger_room_at_every_number(self):
        """WCAG 2.2, 2.5.8: a circle of 24 px round one target meets no other."""
        for width in (320, 390, 1280):
            page = self.article(width=width, touch=True)
            middles = page.eval_on_selector_all(
                ".cite a",
                "marks => marks.map(mark => mark.getBoundingClientRect()).map(box => [box.x +"
                " box.width / 2, box.y])",
            )

            self.assertGreater(len(middles), 20)
            near = [
                (one, other)
                for one, other in itertools.pairwise(middles)
                if abs(one[1] - other[1]) < 12 and abs(one[0] - other[0]) < 24
            ]
            self.assertEqual(near, [])

    def test_takes_the_keyboard_along_from_the_table_of_contents(self):
        page = self.article()
        page.click(".toc summary")
        page.click(".toc a >> text=Side effects")

        self.becomes_true(page, "document.activeElement.id === 'effects'")
        page.keyboard.press("Tab")
        self.assertTrue(
            page.evaluate("document.activeElement.matches('#effects ~ *, #effects ~ * *')")
        )

    def test_copies_its_address(self):
        page = self.article()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.click(".toc summary")
        page.click("text=Copy link")

        page.wait_for_selector("[data-copy] >> text=Copied")
        self.assertTrue(
            page.evaluate("navigator.clipboard.readText()").endswith("/articles/dry-needling/")
        )
        without = self.article(scripts=False)
        without.click(".toc summary")
        self.assertFalse(without.locator("text=Copy link").is_visible())

    def test_is_passed_on_where_the_browser_can_do_that(self):
        for answer, says in (("", ""), ("AbortError", ""), ("NotAllowedError", "Copied")):
            with self.subTest(answer=answer):
                page = self.article()
                page.context.grant_permissions(["clipboard-read", "clipboard-write"])
                page.add_init_script(SHARES.replace("ANSWER", answer))
                page.reload()
                page.click(".toc summary")
                page.click("text=Share this page")

                self.becomes_true(page, "'shared' in window")
                self.assertEqual(page.evaluate("shared.title"), "Dry needling")
                self.assertTrue(page.evaluate("shared.url").endswith("/articles/dry-needling/"))
                self.becomes_true(
                    page, f"document.querySelector('[data-copy] [role]').textContent === '{says}'"
                )

    def test_has_no_barrier_while_a_card_is_open(self):
        for width, scheme in ((390, "light"), (1280, "dark")):
            with self.subTest(width=width, scheme=scheme):
                page = self.article(width=width, scheme=scheme)
                for opens in ("#c1-1", '.body a[role="doc-glossref"] >> nth=0'):
                    page.click(opens)

                    self.assertTrue(page.locator(".ref-card").is_visible())
                    box = page.locator(".ref-card").bounding_box()
                    self.assertGreaterEqual(box["x"], 0)
                    self.assertLessEqual(box["x"] + box["width"], width)
                    self.assertEqual(
                        [found["id"] for found in Axe().run(page).response["violations"]], []
                    )
                    page.keyboard.press("Escape")

    def test_opens_a_source_at_a_touch_and_closes_it_at_a_touch_elsewhere(self):
        page = self.article(touch=True)

        page.tap("#c1-1")
        self.assertTrue(page.locator(".ref-card").is_visible())
        page.touchscreen.tap(60, 20)

        self.assertFalse(page.locator(".ref-card").is_visible())

    def test_leaves_clicks_that_mean_something_else_alone(self):
        page = self.article()
        before = len(page.context.pages)

        # However long a busy machine takes to open it.
        with page.context.expect_page():
            page.click("#c1-1", modifiers=["Control"])

        self.assertFalse(page.locator(".ref-card").is_visible())
        self.assertEqual(len(page.context.pages), before + 1)

    def test_prints_everything_unfolded_and_dark_on_light(self):
        page = self.article(scheme="dark")
        page.evaluate(
            """() => { const folded = document.createElement("details"); folded.id = "folded";
            folded.innerHTML = "<summary>More</summary><p>Deep down.</p>";
            document.querySelector(".text").append(folded) }"""
        )
        page.emulate_media(media="print")

        self.assertGreater(page.locator("#folded p").bounding_box()["height"], 5)
        for shown in ("#references", "#help", ".disclaimer", ".ama >> nth=6"):
            self.assertTrue(page.locator(shown).is_visible(), shown)
        for hidden in (".top", ".toc", ".foot", ".tools", ".crumbs", ".back >> nth=0"):
            self.assertFalse(page.locator(hidden).is_visible(), hidden)
        style = "getComputedStyle(document.body)"
        ink, paper = page.evaluate(f"[{style}.color, {style}.backgroundColor]")
        self.assertEqual((ink, paper), ("rgb(0, 0, 0)", "rgb(255, 255, 255)"))

    def test_reads_well_in_both_themes(self):
        """Body text has a contrast of 7 or more, and words in cards of 4.5 or more (axe
        looks for 4.5 only).
        """
        for scheme in ("light", "dark"):
            page = self.article(scheme=scheme)
            worst = page.evaluate(CONTRASTS)
            with self.subTest(scheme=scheme):
                self.assertGreater(len(worst), 50)
                self.assertEqual([found for found in worst if found["ratio"] < found["least"]], [])

    def test_at_four_hundred_percent_is_one_column_with_everything_in_it(self):
        # 1280 pixels at 400% are 320.
        page = self.article(width=320, zoom=4)

        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 320)
        self.assertEqual(page.evaluate(CUT_OFF), [])
        page.click("#c1-1")
        box = page.locator(".ref-card").bounding_box()
        self.assertLessEqual(box["x"] + box["width"], 320)
        self.assertLess(box["height"], 844)

    def test_keeps_edges_and_dots_when_the_reader_chooses_the_colours(self):
        page = self.article(forced_colours=True)

        edge = "getComputedStyle(document.querySelector('.card-stop')).borderTopStyle"
        self.assertEqual(page.evaluate(edge), "solid")
        self.assertEqual(
            page.evaluate("getComputedStyle(document.querySelector('.dots')).forcedColorAdjust"),
            "none",
        )
        self.assertEqual([found["id"] for found in Axe().run(page).response["violations"]], [])

    def test_moves_smoothly_only_for_those_who_did_not_ask_for_stillness(self):
        for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
            page = self.article(motion=wish)
            self.assertEqual(
                page.evaluate("getComputedStyle(document.documentElement).scrollBehavior"),
                behaviour,
            )
            self.assertEqual(page.evaluate("document.getAnimations().length"), 0)

    def test_prints_from_a_button_that_needs_scripts_and_is_not_there_without(self):
        page = self.open("/articles/dry-needling/handout/")
        page.evaluate("window.print = () => { window.printed = true }")
        page.click("text=Print >> nth=0")
        self.assertTrue(page.evaluate("window.printed"))

        page = self.open("/articles/dry-needling/handout/", scripts=False)
        self.assertFalse(page.locator("button:has-text('Print')").is_visible())


@pytest.mark.browser
class AnArabicArticleInABrowser(BrowserTestCase):
    def test_runs_from_right_to_left_in_every_part(self):
        publication = published(an_arabic_draft())
        for address, line in (
            ("", ".body p"),
            ("handout/", ".ask li"),
            ("handout/?with=sources", ".body p"),
        ):
            address = publication.get_absolute_url() + address
            for width, scheme in ((320, "light"), (1280, "dark")):
                with self.subTest(address=address, width=width):
                    page = self.open(address, width=width, scheme=scheme)

                    self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                    self.assertEqual(
                        [found["id"] for found in Axe().run(page).response["violations"]], []
                    )
                    heading = page.locator("h1").bounding_box()
                    words = page.evaluate(
                        "(() => { const r = document.createRange();"
                        " r.selectNodeContents(document.querySelector('h1')); return"
                        " r.getBoundingClientRect().right })()"
                    )
                    self.assertAlmostEqual(words, heading["x"] + heading["width"], delta=2)
                    self.assertAlmostEqual(
                        page.evaluate(
                            "line => { const look = getComputedStyle("
                            "document.querySelector(line)); return"
                            " parseFloat(look.lineHeight) / parseFloat(look.fontSize) }",
                            line,
                        ),
                        1.8,
                        delta=0.01,
                    )
        page.goto(self.live_server_url + publication.get_absolute_url())
        page.click("#c2-1")
        self.assertIn("عرض كل المراجع", page.locator(".ref-card").inner_text())


@pytest.mark.browser
class TheTranslationPageInABrowser(BrowserTestCase):
    def test_has_no_barrier(self):
        original = a_draft(slug="needling")
        row = with_condition(original)
        link(row.claim, a_reference(), by=original.owner)
        published(original)
        arabic = an_arabic_draft(translation_of=original)
        translations.pin_new(arabic, at=NOON)
        arabic.save()
        set_claim(row.claim, certainty="none")
        published(original, at=LATER)
        for width, scheme in ((390, "light"), (1280, "dark")):
            with self.subTest(width=width, scheme=scheme):
                page = self.open(
                    f"/admin/articles/article/{arabic.pk}/translation/",
                    width=width,
                    scheme=scheme,
                    user=arabic.owner,
                )

                self.assertIn(
                    "How sure we are has changed.", page.inner_text("#content-main table")
                )
                self.assertEqual(
                    [found["id"] for found in Axe().run(page).response["violations"]], []
                )
                self.assertEqual(self.complaints, [])


@pytest.mark.browser
class APageInABrandOfItsOwn(BrowserTestCase):
    def test_reads_as_well_as_in_ours(self):
        article = a_draft(slug="stretching")
        link(mark(article, "may suit some people"), a_reference(), by=article.owner)
        link(with_condition(article).claim, a_reference(), by=article.owner)
        effect = with_side_effect(article, n=8, base=100, unit="visits")
        link(effect.claim, a_reference(), by=article.owner)
        published(article)
        for colour in ("#7a1f6b", "#b3261e", "#1a4fa3", "#4d5700", "#000000"):
            for scheme in ("light", "dark"):
                with self.settings(SITE_COLOUR=colour), self.subTest(colour=colour, scheme=scheme):
                    page = self.open("/articles/stretching/", width=1280, scheme=scheme)

                    self.assertEqual(
                        [found["id"] for found in Axe().run(page).response["violations"]], []
                    )
                    self.assertEqual(
                        [
                            found
                            for found in page.evaluate(CONTRASTS)
                            if found["ratio"] < found["least"]
                        ],
                        [],
                    )
                    self.assertEqual(self.complaints, [])


#: Every piece of visible text with the contrast it has, from computed colours.
CONTRASTS = """() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) =>
    0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const found = channels(getComputedStyle(e).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return channels(getComputedStyle(document.documentElement).backgroundColor);
  };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim().slice(0, 30);
    if (!text || !element.checkVisibility() || element.closest("script, template, svg")) continue;
    const ink = light(channels(getComputedStyle(element).color)), paper = light(ground(element));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    const isBody = element.matches(".body p, .text > p, .summary, .body li, .key li");
    found.push({ text, ratio, least: isBody ? 7 : 4.5 });
  }
  return found;
}"""

#: Elements whose words run out of them and are cut.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => e.checkVisibility() && !e.closest(".vh, .skip, svg")
    && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).overflowX === "hidden").map((e) => e.className || e.tagName)"""
