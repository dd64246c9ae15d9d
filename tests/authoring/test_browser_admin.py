"""The admin's own pages in a browser.

For every clinician, in both themes, under the strict policy.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import SafetyNotice
from articles.review import reviewing
from tests.browser import BrowserTestCase
from tests.builders import (
    NOON,
    a_clinician,
    a_draft,
    a_picture,
    a_reference,
    an_editor,
    link,
    mark,
    with_condition,
    with_picture,
)

SIZES = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"))


@pytest.mark.browser
class AdminPages(BrowserTestCase):
    def setUp(self):
        self.writer, self.editor = a_clinician(), an_editor()
        self.article = a_draft(
            by=self.writer, title="Stretching", body="<p>It may suit. It may ease pain.</p>"
        )
        link(
            mark(self.article, "It may suit."),
            a_reference(),
            by=self.writer,
            stance="contradicts",
            quote="No.",
        )
        mark(self.article, "It may ease pain.")
        for _ in range(25):
            link(with_condition(self.article).claim, a_reference(), by=self.writer)
        with_picture(self.article, a_picture(caption="Bend your knee.", credit="Kim Osei"))
        request = reviewing.submit(self.article, by=self.writer, at=NOON)
        reviewing.ask_for_changes(request.revision, by=self.editor, at=NOON, note="Say who.")
        SafetyNotice.objects.create(
            article=self.article, text="A study was taken back.", opened_at=NOON
        )

    def signed_in(self, address, user=None, **how):
        return self.open(address, user=user or self.writer, **how)

    def has_no_barrier(self, address, user=None):
        for width, scheme in SIZES:
            with self.subTest(address=address, width=width, scheme=scheme):
                page = self.signed_in(address, user, width=width, scheme=scheme)

                self.assertEqual(self.complaints, [])
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                self.assertEqual(
                    [found["id"] for found in Axe().run(page).response["violations"]], []
                )

    def test_the_desk_has_no_barrier(self):
        self.has_no_barrier("/admin/")
        self.has_no_barrier("/admin/", self.editor)

    def test_the_evidence_has_no_barrier(self):
        self.has_no_barrier(f"/admin/articles/article/{self.article.pk}/evidence/")

    def test_the_review_page_lists_and_short_forms_have_no_barrier(self):
        for address in (
            f"/admin/articles/article/{self.article.pk}/review/",
            "/admin/articles/article/",
            "/admin/articles/picture/",
            "/admin/articles/picture/add/",
            "/admin/articles/condition/add/",
        ):
            self.has_no_barrier(address)

    def test_every_field_of_an_articles_rows_has_a_name(self):
        page = self.signed_in(f"/admin/articles/article/{self.article.pk}/change/", width=1280)
        found = {violation["id"] for violation in Axe().run(page).response["violations"]}

        # What is left is the stock admin's: the empty head over a row's name, and select2 with
        # nothing chosen.
        self.assertEqual(found - {"empty-table-header", "aria-input-field-name"}, set())

    def test_signing_in_has_no_barrier(self):
        page = self.open("/admin/login/", width=390)

        self.assertEqual([found["id"] for found in Axe().run(page).response["violations"]], [])

    def test_a_preview_with_pictures_has_no_barrier_and_shows_them(self):
        address = f"/admin/articles/article/{self.article.pk}/preview/"
        self.has_no_barrier(address)

        page = self.signed_in(address)
        self.assertEqual(
            page.evaluate("document.querySelector('figure img').naturalWidth > 0"), True
        )

    def test_the_evidence_is_scrolled_by_keys_under_heads_that_stay(self):
        page = self.signed_in(f"/admin/articles/article/{self.article.pk}/evidence/", width=1280)
        frame = page.locator(".matrix-frame")
        frame.focus()
        for key in ("ArrowRight", "ArrowDown"):
            for _ in range(20):
                page.keyboard.press(key)
        self.becomes_true(page, "document.querySelector('.matrix-frame').scrollLeft > 100")
        self.becomes_true(page, "document.querySelector('.matrix-frame').scrollTop > 50")

        left, top = frame.evaluate("""frame => {
                const head = frame.querySelector('thead th.claim').getBoundingClientRect();
                const box = frame.getBoundingClientRect();
                return [head.left - box.left, head.top - box.top];
            }""")
        self.assertLess(abs(left) + abs(top), 5)

    def test_a_source_is_told_in_full_when_its_head_is_reached(self):
        page = self.signed_in(f"/admin/articles/article/{self.article.pk}/evidence/", width=1280)
        head = page.locator("thead th.source").nth(3)
        self.assertFalse(head.locator(".full").is_visible())

        head.locator("a").focus()

        self.assertIn("Journal of Examples", head.locator(".full").inner_text())

    def test_the_evidence_is_a_list_where_the_screen_is_small_and_a_table_on_paper(self):
        page = self.signed_in(f"/admin/articles/article/{self.article.pk}/evidence/", width=390)
        table, listed = page.locator(".matrix-frame"), page.locator(".matrix-list")
        self.assertEqual((table.is_visible(), listed.is_visible()), (False, True))

        page.emulate_media(media="print")
        self.assertEqual((table.is_visible(), listed.is_visible()), (True, False))
        self.assertFalse(page.locator("#header").is_visible())
