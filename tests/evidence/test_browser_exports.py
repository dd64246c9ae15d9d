"""Taking the library out in a real browser: how far it is, whole, and without a script."""

import threading
from pathlib import Path
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe

from physiohub import roles
from references import exporting
from tests.browser import BrowserTestCase
from tests.builders import a_reference, a_user

LIST = "/admin/references/reference/"


@pytest.mark.browser
class TheLibraryAsAFile(BrowserTestCase):
    def setUp(self):
        for title in ("Needles", "Cupping", "Tape } ER  - in its title"):
            a_reference(csl={"title": title})

    def the_list(self, **how):
        return self.open(LIST, width=1280, user=a_user(roles.LIBRARIAN), **how)

    def taken_out(self, page, name):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        return download.value.suggested_filename, Path(download.value.path()).read_text()

    def test_is_saved_with_all_its_records_and_says_so(self):
        page = self.the_list()
        for name, suffix in (("Library as RIS", "ris"), ("Library as CSL-JSON", "json")):
            with self.subTest(name):
                sent = self.sent(page, suffix)
                self.assertEqual(self.taken_out(page, name), (f"library.{suffix}", sent))
                page.get_by_text(f"Done. Records in library.{suffix}: 3.").wait_for()
                self.assertFalse(page.locator("progress").is_visible())
        self.assertEqual(self.complaints, [])

    def sent(self, page, suffix):
        return page.request.get(f"{self.live_server_url}{LIST}library.{suffix}").text()

    def test_says_how_many_records_are_written(self):
        goes_on = threading.Event()
        self.addCleanup(goes_on.set)
        export = exporting.export

        def until_told(references, kind):
            """The first record with more behind it than a block of the answer, then the rest."""
            pieces = export(references, kind)
            yield next(pieces) + next(pieces) + "\n" * 70_000
            goes_on.wait(20)
            yield from pieces

        with mock.patch("references.exporting.export", until_told):
            page = self.the_list()
            with page.expect_download():
                page.get_by_role("link", name="Library as RIS").click()
                page.get_by_text("1 of 3 records").wait_for()
                self.assertEqual(
                    page.locator("progress").evaluate("bar => bar.value / bar.max"), 1 / 3
                )
                self.assertEqual(
                    page.get_by_role("status").inner_text(), "The file is being written."
                )
                found = Axe().run(page).response["violations"]
                self.assertEqual([one["id"] for one in found], [])
                goes_on.set()
        page.get_by_text("Done. Records in library.ris: 3.").wait_for()

    def test_saves_nothing_of_a_file_that_breaks_off_and_can_be_tried_again(self):
        page = self.the_list()
        whole = self.sent(page, "ris")
        cut = {"X-Records": "3", "Content-Type": "application/x-research-info-systems"}
        page.route("**/library.ris", lambda route: route.fulfill(body=whole[:-9], headers=cut))
        saved = []
        page.on("download", lambda download: saved.append(download))
        page.get_by_role("link", name="Library as RIS").click()
        page.get_by_text("The site did not send the whole file, so nothing was saved.").wait_for()
        self.assertEqual(saved, [])
        page.unroute("**/library.ris")
        self.assertEqual(self.taken_out(page, "Library as RIS"), ("library.ris", whole))

    def test_is_a_plain_download_where_no_script_runs(self):
        page = self.the_list(scripts=False)
        whole = self.sent(page, "ris")
        self.assertEqual(self.taken_out(page, "Library as RIS"), ("library.ris", whole))
        self.assertEqual(whole.count("TI  - "), 3)
