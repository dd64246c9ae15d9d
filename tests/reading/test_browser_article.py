"""The article in a browser: for every reader, and with no word to another host."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.browser import BrowserTestCase


@pytest.mark.browser
class TheDemonstrationInABrowser(BrowserTestCase):
    def setUp(self):
        call_command("demo", stdout=io.StringIO())

    def test_has_no_barrier_and_moves_no_way_but_down(self):
        for width, scheme in ((320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
            with self.subTest(width=width, scheme=scheme):
                page = self.open("/articles/dry-needling/", width=width, scheme=scheme)

                self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                self.assertEqual([found["id"] for found in Axe().run(page).response["violations"]], [])
                self.assertEqual(self.complaints, [])

    def test_asks_no_other_host_for_anything(self):
        self.open("/articles/dry-needling/")

        self.assertEqual([url for url in self.asked if not url.startswith(self.live_server_url)], [])

    def test_reads_the_same_without_scripts_and_leads_to_the_source_and_back(self):
        page = self.open("/articles/dry-needling/", scripts=False)

        self.assertIn("We do not know if it helps.", page.inner_text("main"))
        page.click("#c1-1")
        self.assertTrue(page.url.endswith("#r1"))
        page.click('a[href="#c1-1"]')
        self.assertTrue(page.url.endswith("#c1-1"))
