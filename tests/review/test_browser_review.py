"""Review in a real browser: no barrier, nothing inline, and a comment made by selecting words."""

import os
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from articles.drafts import edits
from articles.models import ArticleContraindication, Citation, Comment
from articles.publishing import publishing, scheduling
from articles.review import comments, invitations, reviewing
from tests.browser import BrowserTestCase
from tests.builders import (
    LATER,
    NOON,
    a_contraindication,
    a_draft,
    a_reference,
    an_editor,
    link,
    mark,
    published,
    reviewed,
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
        article = a_draft(
            slug="stretching",
            body="<h2>How it works</h2><p>It uses a thin needle. It may suit.</p>",
        )
        link(with_condition(article, "stiff neck").claim, a_reference(), by=article.owner)
        link(
            with_side_effect(article, "a bruise", n=8, base=100, unit="visits").claim,
            a_reference(),
            by=article.owner,
        )
        self.article = published(article, change_note="First version.").article
        self.article.refresh_from_db()
        self.article.body = (
            "<h2>How it works</h2><p>It uses a fine needle. It may suit.</p><p>Rest after it.</p>"
        )
        self.article.save()
        link(mark(self.article, "It may suit."), a_reference(), by=self.article.owner)
        link(
            ArticleContraindication.objects.create(
                article=self.article, contraindication=a_contraindication("a fever")
            ).claim,
            a_reference(),
            by=self.article.owner,
        )
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        kinds = ["clinical", "plain_language", "patient_reader"]
        self.revision = reviewing.submit(
            self.article, by=self.article.owner, at=LATER, kinds=kinds
        ).revision
        self.editor = an_editor()
        comments.add_comment(
            self.revision,
            by=self.editor,
            at=LATER,
            text="How fine?",
            quoted="a fine needle",
            is_blocking=True,
        )
        self.review = f"/admin/articles/article/{self.article.pk}/review/"

    def has_no_barrier(self, address, user=None):
        for width, scheme in SIZES:
            with self.subTest(address=address, width=width, scheme=scheme):
                page = self.open(address, width=width, scheme=scheme, user=user)
                page.evaluate(
                    "for (const box of document.querySelectorAll('details')) box.open = true"
                )
                if folder := os.environ.get("PICTURES"):
                    name = address.strip("/").split("?")[0].replace("/", "-")[:60]
                    page.screenshot(
                        path=Path(folder, f"{name}-{width}-{scheme}.png"), full_page=True
                    )

                self.assertEqual(self.complaints, [])
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                found = Axe().run(page).response["violations"]
                self.assertEqual(
                    [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found], []
                )

    def test_has_no_barrier(self):
        self.has_no_barrier(self.review, self.editor)

    def test_nor_has_the_queue_or_a_comparison(self):
        self.has_no_barrier("/admin/articles/article/queue/", self.editor)
        self.has_no_barrier(
            f"/admin/articles/article/{self.article.pk}/compare/?before=1&after=2", self.editor
        )

    def test_nor_has_the_history_for_readers(self):
        self.has_no_barrier("/articles/stretching/versions/")

    def test_nor_has_the_page_of_an_invited_reader(self):
        invitation, secret = invitations.invite(
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
        self.assertEqual(
            page.locator('[data-reviewed] li[data-change="added"]').first.inner_text()[:7],
            "a fever",
        )

    def test_takes_a_comment_on_the_words_that_are_selected(self):
        page = self.open(self.review, width=1280, user=self.editor)
        page.evaluate("""() => {
                const row = document.querySelector('[data-reviewed] li[data-change="added"] span');
                const range = document.createRange();
                range.selectNodeContents(row);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
            }""")
        page.get_by_text("Say something about a sentence").click()
        self.becomes_true(
            page, "document.querySelector('form[data-comment]').elements.quoted.value === 'a fever'"
        )
        page.locator("form[data-comment] textarea").fill("Above what temperature?")
        page.get_by_text("Add the comment").click()
        page.wait_for_load_state()

        comment = Comment.objects.order_by("-pk").first()
        row = ArticleContraindication.objects.get(contraindication__name="a fever")
        self.assertEqual(
            (comment.text, comment.quoted, comment.row_uid),
            ("Above what temperature?", "a fever", row.uid),
        )

    def test_goes_on_with_the_next_source_when_one_is_checked_even_without_scripts(self):
        page = self.open(self.review, width=1280, user=self.editor, scripts=False)
        waiting = page.locator("#evidence article")
        before = waiting.count()
        second = waiting.nth(1).get_attribute("id")
        with page.expect_navigation():
            waiting.first.get_by_role("button", name="I read the source and it says this").click()

        self.assertEqual(page.locator("#evidence article").count(), before - 1)
        self.assertTrue(page.url.endswith(f"#{second}"), page.url)
        self.assertEqual(page.locator(":target").get_attribute("id"), second)

    def test_keeps_what_was_typed_when_it_refuses_and_takes_the_focus_there(self):
        page = self.open(self.review, width=390, user=self.editor)
        form = page.locator("#form-decide-clinical")
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        form.locator("textarea").first.fill("Typed for an hour.")
        with page.expect_navigation():
            form.locator('[name="act"][value="approve"]').click()

        self.assertEqual(
            page.locator("#form-decide-clinical textarea").first.input_value(), "Typed for an hour."
        )
        self.becomes_true(page, "document.activeElement.matches('[role=alert]')")

    def test_asks_once_more_before_it_declines_and_gives_the_words_back(self):
        page = self.open(self.review, width=390, user=self.editor, scripts=False)
        form = page.locator("#form-decide-clinical")
        page.locator("details:has(#form-decide-clinical) > summary").click()
        form.locator("textarea").first.fill("Not for patients.")
        with page.expect_navigation():
            form.locator('[name="act"][value="decline"]').click()
        self.assertIn("Decline this text?", page.locator("h1").inner_text())

        with page.expect_navigation():
            page.get_by_role("button", name="Cancel").click()

        self.assertEqual(
            page.locator("#form-decide-clinical textarea").first.input_value(), "Not for patients."
        )

    def test_leads_from_a_comment_to_its_words_and_back_by_keyboard(self):
        page = self.open(self.review, width=1280, user=self.editor)
        way = page.locator("[data-words-of]").first
        way.focus()
        page.keyboard.press("Enter")
        jump = page.locator(":target")
        self.assertEqual(jump.get_attribute("class"), "review-jump")
        jump.focus()
        page.keyboard.press("Enter")

        self.assertTrue(page.locator(":target").get_attribute("id").startswith("remark-"))

    def test_has_buttons_that_a_finger_hits(self):
        page = self.open(self.review, width=390, user=self.editor, touch=True)
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")

        heights = page.evaluate(
            "[...document.querySelectorAll('.review button')].map((button) =>"
            " button.getBoundingClientRect().height)"
        )
        self.assertGreater(len(heights), 8)
        self.assertGreaterEqual(min(heights), 44)


@pytest.mark.browser
class EveryStateOfATextUnderReview(BrowserTestCase):
    """The review page, the pages of confirmation, the history, and what readers see of versions.

    No barrier.
    """

    def setUp(self):
        from django.apps import apps

        from physiohub import roles

        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)
        self.editor = an_editor()

    has_no_barrier = TheReviewPage.has_no_barrier

    def review_of(self, article):
        self.has_no_barrier(f"/admin/articles/article/{article.pk}/review/", self.editor)

    def edited(self, article):
        article.refresh_from_db()
        article.summary = "Another summary."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        return article

    def test_a_draft_never_sent(self):
        self.review_of(a_draft())

    def test_in_review_with_changes_asked_for(self):
        article = a_draft()
        revision = reviewing.submit(
            article, by=article.owner, at=NOON, note="Look at the bruises."
        ).revision
        self.review_of(article)
        citation = Citation.objects.first()
        reviewing.dispute_evidence(citation, by=self.editor, at=NOON, note="It is about knees.")
        reviewing.ask_for_changes(revision, by=self.editor, at=NOON, note="Too strong.")
        self.review_of(article)

    def test_approved_scheduled_and_confirmed(self):
        article = a_draft()
        revision, _ = reviewed(article, editor=self.editor)
        self.review_of(article)
        for width, scheme in SIZES:
            with self.subTest(width=width, scheme=scheme):
                page = self.open(
                    f"/admin/articles/article/{article.pk}/review/",
                    width=width,
                    scheme=scheme,
                    user=self.editor,
                )
                page.locator("#form-publish textarea").fill("The first one.")
                with page.expect_navigation():
                    page.locator('#form-publish [name="act"][value="publish"]').click()
                self.assertIn("Publish this text?", page.locator("h1").inner_text())
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                found = Axe().run(page).response["violations"]
                self.assertEqual(
                    [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found], []
                )
        now = timezone.now()
        scheduling.schedule(
            revision, by=self.editor, at=now, publish_at=now + timezone.timedelta(days=1)
        )
        self.review_of(article)

    def test_live_with_a_newer_draft_and_withdrawn(self):
        article = self.edited(published(a_draft()).article)
        self.review_of(article)
        publishing.withdraw(article, by=self.editor, at=LATER, reason="A study was retracted.")
        self.review_of(article)

    def test_the_versions_for_readers_an_old_one_and_a_page_late_for_its_check(self):
        article = a_draft(slug="late", evidence_searched_on=date(2020, 1, 1))
        self.edited(published(article).article)
        revision, _ = reviewed(article, editor=self.editor, at=LATER)
        publishing.publish(revision, by=self.editor, at=LATER, change_note="Said more plainly.")
        for address in (
            "/articles/late/",
            "/articles/late/versions/",
            "/articles/late/versions/1/",
        ):
            self.has_no_barrier(address)
