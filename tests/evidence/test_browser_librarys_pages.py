"""Importing, merging, checking and the public pages of the evidence in a real browser.

Without barriers, and alone.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from physiohub import roles
from references import bulk_checking, importing, integrity, previewing
from references.formats.records import FoundNotice
from references.models import Design, Notice, Reference, ReferenceImport
from tests.browser import BrowserTestCase
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    a_superuser,
    a_user,
    link,
    mark,
    published,
)

UPLOAD = "/admin/references/referenceimport/upload/"


def records(count):
    one = (
        "TY  - JOUR\nTI  - A title of its own {0}\nAU  - Gröbli, C\nPY  - 2019\nDO  -"
        " 10.5555/{0}\nER  - \n\n"
    )
    return "".join(map(one.format, range(count)))


@pytest.mark.browser
class ThePages(BrowserTestCase):
    def assert_without_barriers(self, page):
        found = Axe().run(page).response["violations"]
        self.assertEqual(
            [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found], []
        )
        self.assertEqual(self.complaints, [])
        width = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        self.assertLessEqual(width, 0, "the page moves sideways")

    def look_at(self, *addresses, user=None, widths=(390, 1280)):
        for width in widths:
            for scheme in ("light", "dark"):
                page = self.open("/references/", width=width, scheme=scheme, user=user)
                for address in addresses:
                    with self.subTest(width=width, scheme=scheme, address=address):
                        self.complaints.clear()
                        page.goto(self.live_server_url + address)
                        self.assert_without_barriers(page)

    def a_cited_reference(self):
        reference = a_reference(design=Design.RCT, free_url="https://example.org/free")
        article = a_draft()
        link(mark(article, "may suit some people"), reference, by=article.owner)
        published(article)
        integrity.record_notices(
            reference, [FoundNotice(Notice.Kind.RETRACTION, source="publisher")], by=None, at=LATER
        )
        return reference, article

    def test_of_the_evidence_have_no_barriers_and_stay_small(self):
        reference, article = self.a_cited_reference()
        addresses = ["/references/", "/references/?q=nothing", f"/references/{reference.uid}/"]
        self.look_at(*addresses, f"/articles/{article.slug}/", widths=(320, 390, 1280))
        for address in addresses:
            self.assertLess(len(self.client.get(address).content), 30_000)

    def test_of_the_library_have_no_barriers(self):
        reference, _article = self.a_cited_reference()
        csl = {
            "title": "One work under two rows of the library",
            "author": [{"family": "Osei"}],
            "volume": "3",
            "issued": {"date-parts": [[2020]]},
        }
        one, other = a_reference(csl=dict(csl)), a_reference(csl=csl | {"DOI": "10.5555/one"})
        user = a_superuser()
        check = bulk_checking.begin([one.pk], by=user, at=NOON)
        bulk_checking.stop(check, why="Nobody answered.")
        upload = importing.receive(
            records(3).encode(), file_name="a.ris", by=user, at=NOON, preview_first=True
        )
        previewing.preview_upload(upload)
        done = importing.receive(records(3).encode(), file_name="b.ris", by=user, at=NOON)
        importing.import_upload(done)
        self.look_at(
            UPLOAD,
            f"/admin/references/referenceimport/{upload.pk}/progress/",
            f"/admin/references/referenceimport/{done.pk}/progress/",
            "/admin/references/referenceimport/",
            "/admin/references/reference/",
            "/admin/references/reference/duplicates/",
            f"/admin/references/reference/merge/?pk={one.pk}&pk={other.pk}",
            "/admin/references/bulkcheck/",
            f"/admin/references/bulkcheck/{check.pk}/progress/",
            "/admin/articles/safetynotice/impact/",
            f"/admin/articles/safetynotice/impact/{reference.pk}/",
            user=user,
        )

    def test_bring_a_file_in_by_themselves(self):
        page = self.open(UPLOAD, user=a_user(roles.LIBRARIAN))
        page.get_by_label("Files").set_input_files(
            {"name": "a.ris", "mimeType": "text/plain", "buffer": records(250).encode()}
        )
        page.get_by_role("button", name="See what is in it").click()
        page.get_by_text("Found 250: 250 new").wait_for()
        self.assertFalse(Reference.objects.exists())
        page.get_by_role("button", name="Import").click()
        page.get_by_text("Done. Found 250: 250 new").wait_for()
        self.assertEqual(self.complaints, [])
        self.assertEqual(Reference.objects.count(), 250)

    def test_bring_a_file_in_by_a_button_where_no_script_runs(self):
        page = self.open(UPLOAD, user=a_user(roles.LIBRARIAN), scripts=False)
        page.get_by_label("Or paste").fill(records(3))
        page.get_by_role("button", name="See what is in it").click()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Import").click()
        page.get_by_text("Done. Found 3: 3 new").wait_for()
        self.assertEqual(ReferenceImport.objects.get().state, "done")

    def test_lead_from_a_number_in_the_text_to_the_page_of_the_source(self):
        reference, article = self.a_cited_reference()
        page = self.open(f"/articles/{article.slug}/")
        page.locator('.body a[role="doc-noteref"]').last.click()
        page.locator(".ref-card").get_by_role("link", name="More on this source").click()
        page.wait_for_url(f"**/references/{reference.uid}/")
        page.get_by_role("link", name="“may suit some people”").click()
        page.wait_for_url(f"**/articles/{article.slug}/#c*")
