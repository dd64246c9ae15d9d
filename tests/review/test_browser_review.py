"""Review in a real browser: no barrier, nothing inline, and a remark made by selecting words."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles import editing, inviting, remarks, reviewing
from articles.models import ArticleContraindication, Comment
from tests.browser import BrowserTestCase
from tests.builders import (
    LATER,
    a_contraindication,
    a_draft,
    a_reference,
    an_editor,
    link,
    mark,
    published,
    with_condition,
    with_side_effect,
)

SIZES = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"))


@pytest.mark.browser
class TheReviewPage(BrowserTestCase):
    def setUp(self):
        from django.apps import apps

        from physiohub import roles

        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)
        article = a_draft(slug="stretching", body="<h2>How it works</h2><p>It uses a thin needle. It may help.</p>")
        link(with_condition(article, "stiff neck").claim, a_reference(), by=article.owner)
        link(with_side_effect(article, "a bruise", n=8, base=100, unit="visits").claim, a_reference(), by=article.owner)
        self.article = published(article, change_note="First version.").article
        self.article.refresh_from_db()
        self.article.body = "<h2>How it works</h2><p>It uses a fine needle. It may help.</p><p>Rest after it.</p>"
        self.article.save()
        mark(self.article, "It may help.")
        link(
            ArticleContraindication.objects.create(
                article=self.article, contraindication=a_contraindication("a fever")
            ).claim,
            a_reference(),
            by=self.article.owner,
        )
        editing.record_edit(self.article, by=self.article.owner, at=LATER)
        kinds = ["clinical", "plain_language", "patient_reader"]
        self.revision = reviewing.submit(self.article, by=self.article.owner, at=LATER, kinds=kinds).revision
        self.editor = an_editor()
        remarks.remark(
            self.revision, by=self.editor, at=LATER, text="How fine?", quoted="a fine needle", is_blocking=True
        )
        self.review = f"/admin/articles/article/{self.article.pk}/review/"

    def has_no_barrier(self, address, user=None):
        for width, scheme in SIZES:
            with self.subTest(address=address, width=width, scheme=scheme):
                page = self.open(address, width=width, scheme=scheme, user=user)
                page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
                if folder := os.environ.get("PICTURES"):
                    name = address.strip("/").split("?")[0].replace("/", "-")[:60]
                    page.screenshot(path=Path(folder, f"{name}-{width}-{scheme}.png"), full_page=True)

                self.assertEqual(self.complaints, [])
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                found = Axe().run(page).response["violations"]
                self.assertEqual([(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found], [])

    def test_has_no_barrier(self):
        self.has_no_barrier(self.review, self.editor)

    def test_nor_has_the_queue_or_a_comparison(self):
        self.has_no_barrier("/admin/articles/article/queue/", self.editor)
        self.has_no_barrier(f"/admin/articles/article/{self.article.pk}/compare/?before=1&after=2", self.editor)

    def test_nor_has_the_history_for_readers(self):
        self.has_no_barrier("/articles/stretching/versions/")

    def test_nor_has_the_page_of_an_invited_reader(self):
        invitation, secret = inviting.invite(
            self.revision, by=self.editor, at=LATER, name="Kim", questions=["What is it?"]
        )
        invitation.expires_at = LATER.replace(year=2999)
        invitation.save()
        self.has_no_barrier(f"/invited/{secret}/")

    def test_marks_on_the_page_what_changed(self):
        page = self.open(self.review, width=1280, user=self.editor)

        paragraph = page.locator("[data-reviewed] .body p").first
        self.assertEqual(paragraph.locator("ins").all_inner_texts(), ["fine"])
        self.assertEqual(paragraph.locator("del").all_inner_texts(), ["thin"])
        self.assertEqual(page.locator('[data-reviewed] li[data-sign="added"]').first.inner_text()[:7], "a fever")

    def test_takes_a_remark_on_the_words_that_are_selected(self):
        page = self.open(self.review, width=1280, user=self.editor)
        page.evaluate(
            """() => {
                const row = document.querySelector('[data-reviewed] li[data-sign="added"] span');
                const range = document.createRange();
                range.selectNodeContents(row);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
            }"""
        )
        page.get_by_text("Say something about a sentence").click()
        page.wait_for_function("document.querySelector('form[data-remark]').elements.quoted.value === 'a fever'")
        page.locator("form[data-remark] textarea").fill("Above what temperature?")
        page.get_by_text("Add the remark").click()
        page.wait_for_load_state()

        comment = Comment.objects.order_by("-pk").first()
        row = ArticleContraindication.objects.get(contraindication__name="a fever")
        self.assertEqual((comment.text, comment.quoted, comment.row_uid), (
            "Above what temperature?", "a fever", row.uid
        ))  # fmt: skip
