"""The inbox in a real browser: no barrier, and the count in the header of every page."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.notifications import inbox
from tests.browser import BrowserTestCase
from tests.builders import NOON, a_clinician, a_draft

SIZES = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"))
INBOX = "/admin/articles/notification/inbox/"


@pytest.mark.browser
class TheInbox(BrowserTestCase):
    def setUp(self):
        from django.apps import apps

        from physiohub import roles

        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)
        self.person = a_clinician(email="sam@clinic.example")
        self.article = a_draft(by=self.person, title="Needles")
        for number in range(3):
            inbox.notify(
                [self.person], "due", f"Line {number} of “Needles”.", at=NOON, article=self.article
            )
        inbox.notify([self.person], "source", "Averylongword" * 12, at=NOON, article=self.article)
        inbox.mark_read(inbox.unread(self.person).filter(text__startswith="Line 0"), at=NOON)

    def seen(self, page, name):
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)

    def test_has_no_barrier_and_fits(self):
        for address, name in ((INBOX, "inbox"), (INBOX + "how/", "how"), ("/admin/", "desk")):
            for width, scheme in SIZES:
                with self.subTest(name, width=width, scheme=scheme):
                    page = self.open(address, width=width, scheme=scheme, user=self.person)
                    page.wait_for_load_state("networkidle")
                    self.seen(page, f"{name}-{width}-{scheme}")
                    self.assertEqual(Axe().run(page).response["violations"], [])
                    self.assertLessEqual(
                        page.evaluate("document.documentElement.scrollWidth"), width
                    )
                    self.assertEqual(self.complaints, [])

    def test_is_counted_in_the_header_and_emptied_with_the_keyboard(self):
        page = self.open("/admin/articles/article/", width=1280, user=self.person)
        page.get_by_role("link", name="Inbox (3)", exact=True).wait_for()
        page.focus("#inbox-link")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{INBOX}")
        page.focus(".inbox-lines li button")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Inbox (2)", exact=True).wait_for()
        page.get_by_role("button", name="Mark all as read").press("Enter")
        page.get_by_text("You have read everything.").wait_for()
        page.get_by_role("link", name="Line 0").click()
        page.wait_for_url(f"**/admin/articles/article/{self.article.pk}/review/")

    def test_works_without_scripts(self):
        page = self.open(INBOX, scripts=False, user=self.person)
        page.get_by_role("button", name="Mark all as read").click()

        page.get_by_text("You have read everything.").wait_for()
