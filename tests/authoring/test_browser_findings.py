"""A finding typed by hand, its evidence linked, and the page a patient gets, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from articles.models import Citation, Finding
from tests.browser import BrowserTestCase
from tests.builders import a_clinician, a_draft, a_reference, link, mark, published, with_count

from .desk import Desk
from .test_pasting_findings import TABLE


@pytest.mark.browser
class AFindingTypedByHand(BrowserTestCase):
    def setUp(self):
        self.author = a_clinician(is_superuser=True)
        self.article = a_draft(by=self.author, body="<p>Move every day.</p>")
        self.desk = Desk.at(self, self.article, user=self.author)
        self.group = self.desk.page.locator("#finding_rows-group")
        self.group.locator(".add-row a").click()
        self.block = self.group.locator("#finding_rows-0")

    def field(self, name):
        return self.block.locator(f"[name='finding_rows-0-{name}']")

    def seen(self, *names):
        return [name for name in names if self.field(name).is_visible()]

    def test_shows_the_fields_of_its_kind_alone(self):
        every = ("happened", "base", "scale_low", "better", "with_value", "interval_of")
        for kind, names in (
            ("count", ["happened", "base", "better", "with_value", "interval_of"]),
            ("scale", ["scale_low", "better", "with_value", "interval_of"]),
            ("amount", ["better", "with_value", "interval_of"]),
            ("words", ["better"]),
        ):
            self.field("kind").select_option(kind)
            with self.subTest(kind):
                self.assertEqual(self.seen(*every), names)

    def test_keeps_in_sight_what_was_typed_for_another_kind(self):
        self.field("base").fill("100")
        self.field("kind").select_option("scale")
        self.assertEqual(self.seen("base", "happened"), ["base"])

    def test_is_saved_with_its_evidence_and_how_sure_the_source_is(self):
        reference = a_reference(csl={"title": "Moving review", "DOI": "10.5555/moving"})
        for name, words in (
            ("outcome", "falls"),
            ("intervention", "exercise"),
            ("comparator", "no exercise"),
            ("unit", "events"),
            ("base", "1000"),
            ("without_value", "850"),
            ("with_value", "655"),
        ):
            self.field(name).fill(words)
        self.field("direction").select_option("better")
        self.block.locator("[data-row-evidence]").click()
        self.desk.add_source("Moving review")
        card = self.desk.current
        self.assertIn("falls: 850 → 655", card.inner_text())
        card.get_by_label("How sure it says it is, in its own words").fill("High")
        card.get_by_label("On which scale").select_option("GRADE")

        self.desk.save()

        citation = Citation.objects.get(claim__finding__outcome="falls")
        self.assertEqual(citation.reference, reference)
        self.assertEqual((citation.source_certainty, citation.source_scheme), ("High", "GRADE"))
        # Nobody touched it since, so nothing asks to look at the evidence again.
        card = self.desk.card("falls")
        self.assertNotIn("Wording changed", card.inner_text())
        self.field("with_value").fill("640")
        self.desk.card("falls: 850 → 640").get_by_text("Wording changed").wait_for()

    def test_has_its_place_by_buttons(self):
        for number, outcome in enumerate(("falls", "pain")):
            if number:
                self.group.locator(".add-row a").click()
            for name, words in (
                ("outcome", outcome),
                ("intervention", "exercise"),
                ("comparator", "no exercise"),
                ("unit", "events"),
                ("base", "100"),
                ("without_value", "8"),
                ("with_value", "6"),
            ):
                self.group.locator(f"[name='finding_rows-{number}-{name}']").fill(words)
        self.group.locator("#finding_rows-1 .row-moves button").first.click()

        self.desk.save()

        self.assertEqual(
            list(Finding.objects.order_by("position").values_list("outcome", flat=True)),
            ["pain", "falls"],
        )


@pytest.mark.browser
class WhomAClaimIsAbout(BrowserTestCase):
    def test_is_typed_in_its_card(self):
        author = a_clinician(is_superuser=True)
        article = a_draft(by=author, body="<p>Moving may help.</p>")
        claim = mark(article, "Moving may help.")
        desk = Desk.at(self, article, user=author)
        desk.card("Moving may help.").locator(".ep-head").click()
        card = desk.current
        card.get_by_text("Whom and what it is about").click()
        card.get_by_label("People", exact=True).fill("adults")
        card.get_by_label("Compared with").fill("rest")

        desk.save()

        claim.refresh_from_db()
        self.assertEqual((claim.population, claim.comparator), ("adults", "rest"))


@pytest.mark.browser
class ATableOnTheClipboard(BrowserTestCase):
    def test_is_read_as_a_table_as_soon_as_it_is_pasted(self):
        author = a_clinician(is_superuser=True)
        address = reverse("admin:articles_article_findings", args=[a_draft(by=author).pk])
        page = self.open(address, user=author, width=1280)
        with page.expect_navigation():
            page.evaluate(
                """(html) => {
                    const data = new DataTransfer();
                    data.setData("text/html", html);
                    data.setData("text/plain", "Red skin 40 per 1000");
                    document.getElementById("id_html").dispatchEvent(new ClipboardEvent("paste",
                        { clipboardData: data, bubbles: true, cancelable: true }));
                }""",
                TABLE,
            )
        page.locator("#make-findings").wait_for()

        self.assertEqual(page.locator(".found-row").count(), 3)
        self.assertEqual(page.locator("#id_comparator").input_value(), "no heat wrap")
        self.assertEqual(Axe().run(page).response["violations"], [])


@pytest.mark.browser
class AFindingOnASmallScreen(BrowserTestCase):
    def test_has_both_squares_side_by_side_and_nothing_beyond_the_edge(self):
        for language in ("en", "ar"):
            article = a_draft(language=language)
            row = with_count(article, claim_certainty="low")
            link(
                row.claim,
                a_reference(),
                design="systematic_review",
                source_certainty="low",
                source_scheme="GRADE",
            )
            page = self.open(published(article).get_absolute_url(), width=320)
            first, second = (each.bounding_box() for each in page.locator(".squares").all())
            with self.subTest(language):
                self.assertEqual(first["y"], second["y"])
                self.assertEqual(first["width"], second["width"])
                self.assertEqual(first["x"] < second["x"], language == "en")
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 320)
