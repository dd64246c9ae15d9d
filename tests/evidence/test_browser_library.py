"""The library's pages in a real browser.

Usable, without barriers, by keyboard, and without scripts.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from physiohub import roles
from references.models import Notice, Reference
from tests.browser import BrowserTestCase
from tests.builders import a_reference, a_user
from tests.evidence.recordings import a_work

LINE = "Osei A, Lind B. Needles for sore necks. J Ex. 2019;Volume 7(2):11-19. doi:5555/needles.1"
ADD = "/admin/references/reference/add/"


@pytest.mark.browser
class TheLibrary(BrowserTestCase):
    def logged_in(self, address, **how):
        """The page at `address` as a librarian sees it."""
        client = Client()
        client.force_login(a_user(roles.LIBRARIAN))
        page = self.open("/healthz", **how)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.live_server_url}]
        )
        self.complaints.clear()
        page.goto(self.live_server_url + address)
        return page

    def assert_without_barriers(self, page):
        found = Axe().run(page).response["violations"]
        told = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
        self.assertEqual(told, [])
        self.assertEqual(self.complaints, [])
        width = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        self.assertLessEqual(width, 0, "the page moves sideways")

    def compared(self):
        reference = a_reference(
            csl={
                "type": "article-journal",
                "title": "Needles for sore necks",
                "author": [{"family": "Osei", "given": "A"}],
                "issued": {"date-parts": [[2019]]},
                "volume": "8",
                "DOI": "10.5555/needles.1",
            },
            payload=a_work(),
            payload_at="2026-03-01T12:00Z",
        )
        Notice.objects.create(
            reference=reference, kind="correction", source="publisher", doi="10.5555/notice"
        )
        return f"/admin/references/reference/{reference.pk}/compare/"

    def test_has_no_barriers_on_a_phone_or_a_desk_in_light_or_dark(self):
        compare = self.compared()
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                with self.subTest(width=width, scheme=scheme):
                    page = self.logged_in(compare, width=width, scheme=scheme)
                    self.assert_without_barriers(page)
                    page.goto(self.live_server_url + ADD)
                    page.get_by_label("Paste anything about the work").fill(
                        f"{LINE}\n\n10.5555/needles.1\n\nsome words"
                    )
                    page.get_by_role("button", name="Read it").click()
                    page.get_by_text("We put “10.” in front").wait_for()
                    self.assert_without_barriers(page)

    def test_takes_a_work_from_paste_to_library_without_scripts(self):
        page = self.logged_in(ADD, scripts=False)

        page.get_by_label("Paste anything about the work").fill(LINE)
        page.get_by_role("button", name="Read it").click()
        self.assertFalse(Reference.objects.exists())
        page.get_by_role("button", name="Add it to the library").click()

        page.get_by_text("Added: Osei 2019.").wait_for()
        self.assertEqual(Reference.objects.get().doi, "10.5555/needles.1")

    def test_begins_with_the_box_for_those_who_use_the_keyboard(self):
        page = self.logged_in(ADD)
        page.get_by_label("Paste anything about the work").focus()
        page.keyboard.type("10.5555/needles.1")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        page.get_by_text("it is looked up first").wait_for()
