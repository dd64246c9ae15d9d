"""What review promises, pressed in Chromium where people press.

Everybody who takes part has a browser of their own.
"""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from articles.drafts import edits
from articles.models import (
    Article,
    ArticleContraindication,
    AuditEntry,
    Buffer,
    Citation,
    Claim,
    Comment,
    Decision,
    Publication,
    Revision,
    Schedule,
)
from articles.publishing import publishing
from articles.review import comments, reviewing
from articles.richtext.markers import mark_first, new_key
from physiohub import roles
from references.models import Reference
from tests.authoring.desk import Desk
from tests.browser import BrowserTestCase
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_contraindication,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    edited,
    link,
    mark,
    published,
    reviewed,
    set_claim,
)


@pytest.mark.browser
class Promise(BrowserTestCase):
    def setUp(self):
        for config in apps.get_app_configs():  # emptying the database took the roles along
            roles.set_up_after_migrate(config)

    # --- going somewhere -----------------------------------------------------------------------
    def enter(self, user, address):
        """A page of `user`, in a browser nobody else is in."""
        self.client = (
            self.client_class()
        )  # one session each: logging in a second person ends the first one's
        page = self.open(address, width=1280, user=user)
        # A form that closes keeps its work once more; not while the database is emptied after the
        # test.
        self.addCleanup(page.context.set_offline, True)
        return page

    def go(self, page, address):
        page.goto(self.live_server_url + address)

    def form(self, user, article):
        return self.enter(user, f"/admin/articles/article/{article.pk}/change/")

    def review(self, user, article):
        return self.enter(user, f"/admin/articles/article/{article.pk}/review/")

    def as_a_reader(self, slug):
        """What a patient's browser gets at the article's address, byte for byte.

        None where there is nothing.
        """
        context = self.chromium.new_context()
        self.addCleanup(context.close)
        answer = context.request.get(f"{self.live_server_url}/articles/{slug}/")
        return answer.body() if answer.ok else None

    # --- pressing ------------------------------------------------------------------------------
    def offers(self, page, act):
        return page.locator(f'form [name="act"][value="{act}"]').count() > 0

    def press(self, page, act, *, row=0, **fields):
        """Press the button of `act` on the review page, its `row`-th, with `fields` filled in.

        Say yes if asked.
        """
        form = page.locator("form", has=page.locator(f'[name="act"][value="{act}"]')).nth(row)
        for closed in form.locator("xpath=ancestor::details[not(@open)]").all():
            closed.locator("summary").first.click()
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"]:not([type="hidden"])').first
            field.fill(value)
        self.click_button(page, form, act)
        # A page in between that asks once more shows the act alone, and not the article.
        if not page.locator("[data-reviewed]").count() and self.offers(page, act):
            self.click_button(
                page, page.locator("form", has=page.locator(f'[name="act"][value="{act}"]')), act
            )

    def click_button(self, page, form, act):
        named = form.locator(f'button[name="act"][value="{act}"]')
        button = named.first if named.count() else form.locator('button[type="submit"]').first
        with page.expect_navigation():
            button.click()

    def says(self, page, words):
        self.assertIn(words, page.locator("body").inner_text())

    def says_or_offers_not(self, page, act, words, **fields):
        """`act` is not to be had: there is no button, or pressing it answers `words`."""
        if self.offers(page, act):
            self.press(page, act, **fields)
            self.says(page, words)

    def save(self, page):
        page.click('.submit-row:last-of-type input[name="_save"] >> nth=-1')

    def until(self, page, is_so):
        for _ in range(100):
            if is_so():
                return
            page.wait_for_timeout(100)
        self.fail("It did not come about within ten seconds.")


class TwoEditorsAndOneStaleSave(Promise):
    def test_lose_nothing(self):
        article = a_draft(title="Old title")
        theirs, mine = self.form(an_editor(), article), self.form(article.owner, article)
        theirs.fill("#id_summary", "Theirs.")
        theirs.fill("#id_title", "Their title")
        self.save(theirs)
        theirs.wait_for_selector(".messagelist .success")
        mine.fill("#id_summary", "Mine.")
        self.save(mine)

        mine.wait_for_selector("#content-main.merge")
        for words in ("Mine.", "Theirs.", "Their title"):
            self.says(mine, words)
        self.assertEqual(Article.objects.get().summary, "Theirs.")
        for unit in mine.query_selector_all(".merge-unit"):
            if not unit.query_selector("input:checked"):
                unit.query_selector('input[value="mine"]').check()
        mine.click('input[value="Save the result"]')
        mine.wait_for_selector(".messagelist .success")

        saved = Article.objects.get()
        self.assertEqual((saved.summary, saved.title), ("Mine.", "Their title"))


class AnAuthor(Promise):
    def test_even_a_superuser_cannot_approve_their_own_text(self):
        author = a_superuser()
        article = a_draft(by=author)
        editors = self.review(an_editor(), article)
        while self.offers(editors, "check"):
            self.press(editors, "check")
        self.assertFalse(Citation.objects.filter(checked_by=None).exists())

        page = self.review(author, article)
        self.press(page, "submit")
        self.says_or_offers_not(page, "approve", "You edited this text")
        self.says(page, "You edited this text")
        self.says_or_offers_not(page, "publish", "Nobody has approved this text yet")

        self.assertFalse(Decision.objects.exists() or Publication.objects.exists())
        self.assertIsNone(self.as_a_reader(article.slug))


class NoPathPublishesWithoutTheService(Promise):
    def test_neither_a_button_nor_a_form_of_the_admin(self):
        article = a_draft()
        reviewing.submit(article, by=article.owner, at=NOON)
        page = self.review(article.owner, article)
        for act in ("publish", "schedule", "correct", "withdraw", "approve"):
            self.assertFalse(self.offers(page, act), act)

        page = self.enter(a_superuser(), "/admin/articles/publication/")
        self.assertEqual(
            page.locator("#content :is(.addlink, .object-tools a, [name=action])").count(), 0
        )
        self.assertEqual(
            page.goto(f"{self.live_server_url}/admin/articles/publication/add/").status, 403
        )

        self.assertIsNone(self.as_a_reader(article.slug))


class ASaveThatChangesNothing(Promise):
    def test_keeps_approvals_and_publishes(self):
        article = a_draft()
        _, editor = reviewed(article)
        page = self.form(article.owner, article)
        page.wait_for_selector("#evidence-panel[data-ready]")
        self.save(page)
        page.wait_for_selector(".messagelist .success")

        page = self.review(editor, article)
        self.press(page, "publish", note="The first version.")

        self.says(page, "Published.")
        self.assertIn(article.title.encode(), self.as_a_reader(article.slug))


class AnEditOfOneClaim(Promise):
    def test_reopens_that_claim_alone(self):
        article = a_draft(
            body="<p>It uses a needle.</p><p>It may suit some people.</p><h2>More</h2><p>Rest.</p>"
        )
        claim = mark(article, "may suit some people", certainty="none")
        _, editor = reviewed(article)
        a_reference(csl={"type": "article-journal", "title": "Needling for necks"})
        desk = Desk(self.form(article.owner, article))
        self.addCleanup(desk.page.context.set_offline, True)
        desk.card("may suit some people").locator(".ep-head").click()
        desk.current.get_by_label("How sure are we").select_option("very-low")
        desk.add_source("needling necks")
        desk.save()
        self.go(desk.page, f"/admin/articles/article/{article.pk}/review/")
        self.press(desk.page, "submit")
        revision = Revision.objects.first()

        reopened = reviewing.approval_state(revision).open_rows["clinical"]

        source = Reference.objects.get(title="Needling for necks")
        self.assertEqual(set(reopened), {str(claim.uid), str(source.uid)})
        page = self.review(editor, article)
        while self.offers(page, "check"):
            self.press(page, "check")
        # Who is asked to look where: two parts, and not the page.
        self.says(page, "2 parts are not approved as they stand")
        self.assertEqual(Citation.objects.get(reference=source).checked_by, editor)


class TheDifferenceOfAnyTwoVersions(Promise):
    def test_lists_claims_contraindications_and_citations(self):
        article = a_draft()
        claim = mark(article, "may suit some people", certainty="none")
        reviewed(article)
        ArticleContraindication.objects.get(article=article).delete()
        row = ArticleContraindication.objects.create(
            article=article, contraindication=a_contraindication("a pacemaker")
        )
        link(row.claim, a_reference(csl={"type": "book", "title": "Pacemakers"}))
        set_claim(claim, certainty="low")
        reviewing.submit(article, by=article.owner, at=LATER)
        reviewing.submit(edited(article), by=article.owner, at=LATER)
        page = self.review(an_editor(), article)
        page.get_by_role("link", name="Versions").click()
        self.says(page, "Another summary.")
        self.assertNotIn("a pacemaker", page.locator(".review-list").inner_text())

        page.select_option('[name="before"]', "1")
        page.select_option('[name="after"]', "2")
        page.get_by_role("button", name="Compare").click()

        page.wait_for_url("**before=1&after=2**")
        told = page.locator(".review-list").inner_text()
        for words in ("a pacemaker", "Pacemakers", "an infection", "may suit some people"):
            self.assertIn(words, told)
        self.assertNotIn("Another summary.", told)


class WhatIsRestored(Promise):
    def test_never_goes_live_unreviewed(self):
        first = published(a_draft(slug="stretching"))
        article = edited(first.article)
        second, editor = reviewed(article, at=LATER)
        publishing.publish(second, by=editor, at=LATER)
        page = self.enter(
            article.owner, f"/admin/articles/article/{article.pk}/compare/?before=1&after=2"
        )
        with page.expect_navigation():
            page.get_by_role("button", name="Bring back all of version 1").click()
        self.says(page, "The text is back in the draft")

        page = self.review(editor, article)
        self.says_or_offers_not(
            page, "publish", "Nobody has approved this text yet", note="Back again."
        )

        self.assertEqual(Publication.objects.count(), 2)
        self.assertIn(b"Another summary.", self.as_a_reader("stretching"))


class AnArticleOf120ClaimsAnd120Citations(Promise):
    def test_is_edited_and_saved(self):
        article = a_draft(body="".join(f"<p>Sentence number {n} may suit.</p>" for n in range(119)))
        for n in range(119):
            article.body = mark_first(article.body, f"Sentence number {n} may", new_key())
        article.save()
        edits.match_claims_to_text(article)
        source = a_reference()
        Citation.objects.bulk_create(
            Citation(claim=claim, reference=source, stance="supports", added_by=article.owner)
            for claim in Claim.objects.filter(kind="text")
        )
        self.assertEqual((Claim.objects.count(), Citation.objects.count()), (120, 120))
        desk = Desk(self.form(article.owner, article))
        self.assertEqual(len(desk.marks()), 119)
        desk.page.fill("#id_summary", "Saved.")
        desk.select("Sentence number 118 may suit.", only_caret="end")
        desk.type(" So they say.")
        desk.save()

        article.refresh_from_db()
        self.assertEqual(article.summary, "Saved.")
        self.assertIn("So they say.", article.body)
        self.assertEqual((Claim.objects.count(), Citation.objects.count()), (120, 120))


class WhatIsSavedByItself(Promise):
    def test_leaves_no_entry_in_any_history(self):
        article = a_draft()
        before = self.histories()
        page = self.form(article.owner, article)
        page.wait_for_selector("#evidence-panel[data-ready]")
        page.click("#id_summary")
        page.keyboard.type("Half a sen")
        page.wait_for_selector(".autosave-mark:has-text('kept at')")
        self.until(page, lambda: "Half a sen" in dict(Buffer.objects.get().form)["summary"])

        self.assertEqual(self.histories(), before)

    def histories(self):
        version = Article.objects.get().lock_version
        return (
            of_articles().count(),
            Revision.objects.count(),
            LogEntry.objects.count(),
            version,
        )


class AnOutsideReviewer(Promise):
    def test_without_an_account_comments_on_a_sentence_of_the_exact_version(self):
        article, editor = a_draft(), an_editor()
        revision = reviewing.submit(article, by=article.owner, at=NOON).revision
        page = self.review(editor, article)
        self.press(page, "invite", name="Kim, a patient", questions="What is it?")
        address = re.search(r"/invited/[\w-]+/", page.content())[0]
        edited(article, summary="Quokka.")

        outside = self.enter(None, address)
        self.assertNotIn("session", [cookie["name"] for cookie in outside.context.cookies()])
        self.says(outside, "thin needle")
        self.assertNotIn("Quokka", outside.content())
        form = outside.locator("form", has=outside.locator('[name="quoted"]'))
        form.locator('[name="quoted"]').fill("a thin needle")
        form.locator('[name="text"]').fill("How thin?")
        with outside.expect_navigation():
            form.locator("button").first.click()
        form = outside.locator("form", has=outside.locator('[name="answer-0"]'))
        form.locator('[name="answer-0"]').fill("Needles.")
        with outside.expect_navigation():
            form.locator("button").first.click()

        comment = Comment.objects.get()
        self.assertEqual((comment.revision, comment.quoted), (revision, "a thin needle"))
        self.assertEqual((comment.by, comment.by_name), (None, "Kim, a patient"))
        page = self.review(editor, article)
        for words in ("How thin?", "Needles."):
            self.assertIn(words, page.content())
        log = AuditEntry.objects.filter(actor_name="Kim, a patient").values_list("act", flat=True)
        self.assertEqual(set(log), {"opened", "commented", "answered"})


class AScheduledTextThatChanged(Promise):
    def test_is_not_published_and_says_so(self):
        article = a_draft()
        _, editor = reviewed(article)
        page = self.review(editor, article)
        soon = timezone.localtime() + timedelta(days=1)
        self.press(page, "schedule", publish_at=f"{soon:%Y-%m-%dT%H:%M}", note="Soon.")
        self.assertEqual(Schedule.objects.get().outcome, "")
        form = self.form(article.owner, article)
        form.fill("#id_summary", "Another summary.")
        self.save(form)
        form.wait_for_selector(".messagelist .success")
        Schedule.objects.update(publish_at=timezone.now() - timedelta(seconds=1))

        with self.assertRaises(SystemExit):
            call_command("publish_due", stdout=StringIO(), stderr=StringIO())

        self.assertFalse(Publication.objects.exists())
        self.assertIsNone(self.as_a_reader(article.slug))
        self.go(page, "/admin/articles/article/queue/")
        self.says(page, "Not published at the time set")
        self.says(page, "changed since it was approved")


class EditingSharedEvidence(Promise):
    def test_never_alters_a_live_page(self):
        publication = published(a_draft(slug="stretching"))
        before = self.as_a_reader("stretching")
        reference = Reference.objects.get()
        self.assertIn(reference.title.encode(), before)
        page = self.enter(an_editor(), f"/admin/references/reference/{reference.pk}/change/")
        page.fill("#id_title", "Quokka")
        self.save(page)
        page.wait_for_selector(".messagelist .success")

        reference.refresh_from_db()
        self.assertEqual(reference.title, "Quokka")
        self.assertEqual(self.as_a_reader("stretching"), before)
        self.assertNotIn("Quokka", publication.revision.frozen)


class EvidenceToLiveArticles(Promise):
    def test_is_one_click(self):
        published(a_draft(slug="stretching", title="Stretching"))
        published(a_draft(slug="elsewhere", title="Elsewhere"))
        reference = Reference.objects.order_by("pk").first()
        page = self.enter(an_editor(), f"/admin/references/reference/{reference.pk}/change/")
        used = page.locator(".uses")
        self.assertIn("Stretching", used.inner_text())
        self.assertNotIn("Elsewhere", used.inner_text())

        self.go(page, f"/admin/articles/safetynotice/impact/{reference.pk}/")
        self.says(page, "1 claim rests on it.")
        page.get_by_role("link", name="Live page").click()

        page.wait_for_url("**/articles/stretching/")


def of_articles():
    """Entries of the log but those about accounts: a log-in is entered as well."""
    return AuditEntry.objects.exclude(act__in=AuditEntry.OF_ACCOUNTS)


class DeletingAColleague(Promise):
    def delete(self, user):
        page = self.enter(a_superuser(), f"/admin/auth/user/{user.pk}/delete/")
        sure = page.locator('input[type="submit"]')
        if sure.count():
            with page.expect_navigation():
                sure.click()
        return page

    def test_removes_no_comment_and_no_log_row(self):
        revision, _ = reviewed(a_draft())
        colleague = a_clinician(first_name="Robin", last_name="Gone")
        comment = comments.add_comment(
            revision, by=colleague, at=NOON, text="Why?", quoted="a thin needle"
        )
        comments.resolve(comment, by=colleague, at=NOON)
        log = of_articles().count()

        self.delete(colleague)

        self.assertFalse(get_user_model().objects.filter(pk=colleague.pk).exists())
        comment = Comment.objects.get()
        self.assertEqual(
            (comment.by, comment.by_name, comment.resolved_by_name),
            (None, "Robin Gone", "Robin Gone"),
        )
        self.assertEqual(of_articles().count(), log)

    def test_removes_no_approval(self):
        _, editor = reviewed(a_draft())

        page = self.delete(editor)

        self.says(page, "403 Forbidden")  # an account that can approve is closed, never deleted
        self.assertTrue(get_user_model().objects.filter(pk=editor.pk).exists())
        self.assertTrue(Decision.objects.filter(by=editor).exists())
