"""What the review page tells and keeps.

Whose turn it is, what was asked, evidence, refusals, confirmations.
"""

import re

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.drafts import edits
from articles.models import (
    AuditEntry,
    Citation,
    Comment,
    Decision,
    Invitation,
    Publication,
    Schedule,
    Withdrawal,
)
from articles.publishing import publishing, scheduling
from articles.refusals import Refused
from articles.review import comments, invitations, reviewing
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    approved,
    link,
    mark,
    published,
    reviewed,
    with_condition,
    with_picture,
    with_side_effect,
)
from tests.forms import filled_in
from tests.frozen import digest_now


class OnTheReviewPage(TestCase):
    def setUp(self):
        self.editor = an_editor()

    def address(self, article, name="review"):
        return reverse(f"admin:articles_article_{name}", args=[article.pk])

    def read(self, user, article):
        self.client.force_login(user)
        return self.client.get(self.address(article))

    def act(self, user, article, act, *, follow=True, **data):
        self.client.force_login(user)
        data = {"act": act, "digest": digest_now(article), **data}
        return self.client.post(self.address(article), data, follow=follow)

    def confirm(self, user, article, act, **data):
        self.client.force_login(user)
        return self.client.post(
            self.address(article, "review_confirm"),
            {"act": act, "digest": digest_now(article), **data},
        )

    def edit(self, article, **fields):
        article.refresh_from_db()
        for name, value in (fields or {"summary": "Another summary."}).items():
            setattr(article, name, value)
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)


class EvidenceToCheck(OnTheReviewPage):
    def setUp(self):
        super().setUp()
        self.article = a_draft()
        self.claim = mark(self.article, "may suit some people")
        reference = a_reference(pmid="30000001", free_url="https://example.org/free")
        self.citation = link(
            self.claim,
            reference,
            by=self.article.owner,
            quote="Pain fell.",
            note_private="Mind the drop-outs.",
        )

    def test_comes_with_all_that_is_needed_to_check_it(self):
        page = self.read(self.editor, self.article)

        for wanted in (
            self.citation.reference.title,
            "2020",
            'href="https://pubmed.ncbi.nlm.nih.gov/30000001/"',
            'href="https://example.org/free"',
            'rel="noopener',
            "new tab",
            "page 3",
            "Pain fell.",
            "supports it",
            "Mind the drop-outs.",
            "0 of 2 checked",
        ):
            self.assertContains(page, wanted)

    def test_leads_on_to_the_next_when_one_is_checked(self):
        page = self.read(self.editor, self.article).content.decode()
        checked = f'value="{self.citation.uid}">'
        after_it = rf'{checked}\s*<input type="hidden" name="next" value="([^"]+)"'
        offered = re.search(after_it, page)[1]

        answer = self.act(
            self.editor,
            self.article,
            "check",
            citation=self.citation.uid,
            next=offered,
            follow=False,
        )

        self.assertEqual(answer["Location"], f"{self.address(self.article)}#evidence-{offered}")
        page = self.client.get(self.address(self.article))
        self.assertRegex(page.content.decode(), rf'id="evidence-{offered}"\s+tabindex="-1"')
        self.assertContains(page, "1 of 2 checked")

    def test_leads_nowhere_that_was_made_up(self):
        answer = self.act(
            self.editor,
            self.article,
            "check",
            citation=self.citation.uid,
            next="//example.org",
            follow=False,
        )

        self.assertEqual(answer["Location"], f"{self.address(self.article)}#evidence")

    def test_that_does_not_say_it_stops_publishing_and_is_logged(self):
        reviewing.check_evidence(self.citation, by=an_editor(), at=NOON)

        self.act(
            self.editor,
            self.article,
            "dispute",
            citation=self.citation.uid,
            note="It is about knees.",
        )

        comment = Comment.objects.get()
        self.assertEqual((comment.row_uid, comment.is_blocking), (self.claim.uid, True))
        self.assertIn("does not say this: It is about knees.", comment.text)
        self.citation.refresh_from_db()
        self.assertIsNone(self.citation.checked_by)
        self.assertTrue(
            AuditEntry.objects.filter(
                act="disputed_evidence", subject_uid=self.article.uid
            ).exists()
        )
        self.assertContains(self.read(self.article.owner, self.article), "Settle the comment of")

    def test_is_not_disputed_without_saying_why_nor_by_authors(self):
        for by, note in ((self.editor, " "), (self.article.owner, "It is about knees.")):
            with self.assertRaises(Refused):
                reviewing.dispute_evidence(self.citation, by=by, at=NOON, note=note)

    def test_is_not_offered_to_whoever_added_it(self):
        Citation.objects.update(added_by=self.editor)

        page = self.read(self.editor, self.article)

        self.assertContains(page, "You added this link yourself")
        self.assertNotContains(page, "I read the source and it says this")


class WhatWasAsked(OnTheReviewPage):
    def setUp(self):
        super().setUp()
        self.article = a_draft()
        reviewing.submit(self.article, by=self.article.owner, at=NOON, note="Look at the bruises.")

    def test_stands_on_the_page_with_who_asked(self):
        page = self.read(self.editor, self.article)

        self.assertContains(page, "Look at the bruises.")
        self.assertContains(page, self.article.owner.get_full_name())

    def test_of_the_author_is_told_everywhere_until_they_ask_again(self):
        self.act(self.editor, self.article, "changes", note="Too strong.")

        page = self.read(self.article.owner, self.article)
        self.assertContains(page, "Too strong.")
        self.assertContains(page, "Not dealt with yet")
        self.assertContains(page, "It is your turn: make the changes")
        self.assertContains(self.client.get("/admin/"), "changes asked for")
        self.assertContains(self.client.get("/admin/articles/article/"), "changes asked for")

        self.edit(self.article)
        self.assertContains(
            self.read(self.article.owner, self.article), "The text was changed since."
        )
        reviewing.submit(self.article, by=self.article.owner, at=LATER)
        self.assertContains(self.client.get("/admin/articles/article/"), "in review")
        self.assertContains(self.read(self.editor, self.article), "Too strong.")


class ARefusedAct(OnTheReviewPage):
    def setUp(self):
        super().setUp()
        self.article = a_draft()

    def keeps(self, answer, *typed):
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(answer.redirect_chain)
        self.assertContains(answer, 'role="alert"')
        for words in typed:
            self.assertContains(answer, words)

    def test_keeps_what_was_typed_and_ticked(self):
        reviewing.submit(self.article, by=self.article.owner, at=NOON)
        answer = self.act(
            self.editor,
            self.article,
            "approve",
            kind="clinical",
            note="Typed for an hour.",
            **{"answer-clinical-" + code: "no" for code in ("evidence",)},
        )
        self.keeps(answer, "Typed for an hour.", "Check the evidence for")

    def test_of_an_older_text_does_too(self):
        revision, _ = reviewed(self.article)
        self.edit(self.article)
        reviewing.submit(self.article, by=self.article.owner, at=LATER)

        answer = self.act(
            self.editor, self.article, "approve", digest=revision.digest, note="Typed for an hour."
        )

        self.keeps(answer, "Typed for an hour.", "The text has changed since you opened it")

    def test_keeps_words_without_a_note_a_reason_or_a_right(self):
        revision, _ = reviewed(self.article)
        remark = comments.add_comment(revision, by=self.editor, at=NOON, text="Why?")
        for user, act, data, kept in (
            (
                self.editor,
                "changes",
                {"note": " ", "answer-clinical-x": "yes"},
                "Say in a few words",
            ),
            (self.editor, "remark", {"text": "My remark.", "quoted": "never there"}, "My remark."),
            (
                self.editor,
                "remark",
                {"text": " ", "parent": remark.pk},
                "Write down what you want to say",
            ),
            (
                self.editor,
                "invite",
                {"name": " ", "questions": "What is it, Kim?"},
                "What is it, Kim?",
            ),
            (self.article.owner, "publish", {"note": "The first."}, "Only editors publish"),
            (
                self.editor,
                "schedule",
                {"note": "The first.", "publish_at": "2001-01-01T10:00"},
                "2001-01-01T10:00",
            ),
            (self.editor, "withdraw", {"note": "Gone."}, "Nothing of this article is live"),
        ):
            with self.subTest(act=act):
                self.keeps(self.act(user, self.article, act, **data), kept)

    def test_is_said_in_the_words_of_whoever_reads_it(self):
        editor = an_editor()
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=editor, at=NOON)
        reviewing.submit(self.article, by=self.article.owner, at=NOON)

        self.assertContains(
            self.act(self.editor, self.article, "publish"), "read it, and approve it first"
        )
        edits.record_edit(self.article, by=self.editor, at=NOON)
        self.assertContains(
            self.act(self.editor, self.article, "publish"), "Ask a colleague who did not edit it"
        )

    def test_by_the_four_eyes_is_announced_before_the_buttons(self):
        reviewing.submit(self.article, by=self.article.owner, at=NOON)
        edits.record_edit(self.article, by=self.editor, at=NOON)

        page = self.read(self.editor, self.article).content.decode()

        self.assertIn("You edited this text", page)
        self.assertLess(page.index("You edited this text"), page.index('value="changes"'))


class ThePageOfConfirmation(OnTheReviewPage):
    def setUp(self):
        super().setUp()
        self.article = a_draft(slug="stretching")
        self.revision, _ = reviewed(self.article, editor=self.editor)

    def test_says_what_publishing_does_and_does_nothing(self):
        page = self.confirm(self.editor, self.article, "publish", note="The first one.")

        for words in (
            "Publish this text?",
            self.revision.digest[:8],
            "version 1",
            "/articles/stretching/",
            "The first one.",
            "Nothing has happened yet",
        ):
            self.assertContains(page, words)
        self.assertFalse(Publication.objects.exists())
        self.assertFalse(AuditEntry.objects.filter(act="published").exists())

    def test_leads_to_the_act_itself(self):
        page = self.confirm(
            self.editor, self.article, "publish", note="The first one."
        ).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        hidden.pop("csrfmiddlewaretoken", None)

        self.client.post(self.address(self.article), {**hidden, "act": "publish"})

        self.assertEqual(Publication.objects.get().change_note, "The first one.")

    def test_stands_before_a_time_is_set_a_page_withdrawn_and_a_text_declined(self):
        page = self.confirm(
            self.editor, self.article, "schedule", publish_at="2999-01-01T10:00", note="Soon."
        )
        self.assertContains(page, "1 January 2999, 10:00")
        self.assertContains(
            self.confirm(self.editor, self.article, "decline", note="No."), "Decline this text?"
        )
        publishing.publish(self.revision, by=self.editor, at=NOON)
        page = self.confirm(self.editor, self.article, "withdraw", note="Out of date.")
        self.assertContains(page, "Out of date.")
        self.assertContains(page, "version 1")

        self.assertFalse(Schedule.objects.exists() or Withdrawal.objects.exists())
        self.assertFalse(Decision.objects.exclude(verdict="approve").exists())

    def test_is_not_shown_for_what_would_be_refused(self):
        for act in ("withdraw", "decline", "schedule"):
            with self.subTest(act=act):
                page = self.confirm(self.editor, self.article, act, note=" ", publish_at="")
                self.assertContains(page, 'role="alert"')

    def test_gives_what_was_typed_back_when_called_off(self):
        page = self.confirm(self.editor, self.article, "", back="publish", note="The first one.")

        self.assertContains(page, "The first one.</textarea>")
        self.assertNotContains(page, 'role="alert"')

    def test_leads_back_where_nothing_is_to_be_confirmed(self):
        self.client.force_login(self.editor)
        address = self.address(self.article, "review_confirm")
        self.assertRedirects(self.client.get(address), self.address(self.article))
        self.assertRedirects(
            self.client.post(address, {"act": "submit"}), self.address(self.article)
        )


class WhereATextStands(OnTheReviewPage):
    def says(self, article, words, user=None):
        self.assertContains(self.read(user or self.editor, article), words)

    def test_is_told_in_one_sentence_all_the_way(self):
        article = a_draft()
        self.says(article, "Nobody has asked for a review, and readers do not have it.")
        reviewing.submit(article, by=article.owner, at=NOON)
        self.says(article, "asked for a review on")
        self.says(article, "That may be you")
        revision, editor = reviewed(article)
        self.says(article, "This text is approved.")
        now = timezone.now()
        scheduling.schedule(
            revision, by=editor, at=now, publish_at=now + timezone.timedelta(days=1)
        )
        self.says(article, "goes to readers on")
        publishing.publish(revision, by=editor, at=now)
        self.says(article, "Readers have this text, as version 1.")
        self.edit(article)
        self.says(article, "The draft differs from it")
        publishing.withdraw(article, by=editor, at=now, reason="A study was retracted.")
        self.says(article, "it was taken down on")
        self.says(article, "A study was retracted.")
        self.says(article, "To put the page back")

    def test_tells_of_a_time_that_was_refused(self):
        article = a_draft()
        revision, editor = reviewed(article)
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)
        self.edit(article)
        scheduling.publish_due(at=LATER)

        self.says(article, "Not published at the time set")

    def test_leads_from_every_link_to_something_that_is_there(self):
        article = a_draft()
        link(mark(article, "may suit some people"), a_reference(), by=article.owner)
        link(with_condition(article).claim, a_reference(), by=article.owner)
        with_side_effect(article, n=1, base=10, unit="people")
        revision = reviewing.submit(article, by=article.owner, at=NOON).revision
        comments.add_comment(
            revision, by=self.editor, at=NOON, text="Why?", row_uid=str(article.claims.first().uid)
        )

        page = self.read(self.editor, article).content.decode()

        ids = re.findall(r'\sid="([^"]+)"', page)
        self.assertEqual(len(ids), len(set(ids)))
        targets = set(re.findall(r'href="(?:\?[^"]*)?#([^"]+)"', page)) - {"words-1"}
        self.assertEqual(
            {target for target in targets if not target.startswith("words-")} - set(ids), set()
        )


class AnEmergency(OnTheReviewPage):
    def test_is_told_to_readers_on_the_page_itself(self):
        author = a_superuser()
        article = a_draft(by=author, slug="stretching")
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=self.editor, at=NOON)
        revision = reviewing.submit(article, by=author, at=NOON).revision
        approved(revision, by=author, at=NOON, override_reason="A wrong dose stood there.")
        self.assertContains(self.read(self.editor, article), "approved this text in an emergency")
        publishing.publish(revision, by=author, at=NOON)
        self.client.logout()

        page = self.client.get("/articles/stretching/")

        self.assertContains(page, "We put this version out in an emergency.")
        self.assertContains(page, "A wrong dose stood there.")

    def test_is_not_told_where_there_was_none(self):
        published(slug="stretching")

        self.assertNotContains(self.client.get("/articles/stretching/"), "emergency.</strong>")


class AComment(OnTheReviewPage):
    def setUp(self):
        super().setUp()
        self.article = a_draft()
        self.revision = reviewing.submit(self.article, by=self.article.owner, at=NOON).revision
        self.remark = comments.add_comment(
            self.revision, by=self.editor, at=NOON, text="Why?", quoted="a thin needle"
        )

    def test_is_settled_folded_and_opened_again(self):
        self.assertContains(self.read(self.editor, self.article), "1 is open.")
        self.act(self.editor, self.article, "settle", comment=self.remark.pk)
        self.assertContains(self.read(self.editor, self.article), "Settled (1)")

        self.act(self.article.owner, self.article, "reopen", comment=self.remark.pk)

        self.remark.refresh_from_db()
        self.assertIsNone(self.remark.resolved_at)
        self.assertTrue(AuditEntry.objects.filter(act="unsettled").exists())

    def test_is_answered_in_a_form_of_its_own(self):
        self.act(self.article.owner, self.article, "remark", parent=self.remark.pk, text="Because.")

        self.remark.refresh_from_db()
        self.assertIsNone(self.remark.resolved_at)
        self.assertContains(self.read(self.editor, self.article), "Because.")

    def test_says_who_settles_it_where_one_may_not(self):
        blocking = comments.add_comment(
            self.revision, by=self.editor, at=NOON, text="Stop.", is_blocking=True
        )

        self.assertContains(
            self.read(self.article.owner, self.article), "asked for this to be settled first"
        )
        with self.assertRaises(Refused):
            comments.resolve(blocking, by=self.article.owner, at=NOON)


class TheHistory(OnTheReviewPage):
    def test_tells_all_acts_in_sentences_newest_first(self):
        publication = published()
        self.client.force_login(self.editor)

        page = self.client.get(self.address(publication.article, "history")).content.decode()

        name = publication.by_name
        published_at = page.index(f"{name} published version 1; readers have it as version 1")
        self.assertLess(published_at, page.index(f"{name} approved version 1"))
        self.assertIn("log.csv", page)

    def test_links_each_version_to_what_differs(self):
        article = a_draft()
        reviewed(article)
        self.edit(article)
        reviewing.submit(article, by=article.owner, at=LATER)
        self.client.force_login(self.editor)

        self.assertContains(
            self.client.get(self.address(article, "history")), "?before=1&amp;after=2"
        )

    def test_is_cut_into_pages(self):
        article = a_draft()
        for number in range(60):
            edits.record_edit(article, by=article.owner, at=NOON, summary=f"edit-{number}.")
        self.client.force_login(self.editor)
        address = self.address(article, "history")

        self.assertContains(self.client.get(address), "edit-59.")
        self.assertNotContains(self.client.get(address), "edit-2.")
        self.assertContains(self.client.get(address, {"page": 2}), "edit-2.")

    def test_has_no_line_of_a_save_that_changed_nothing_and_the_fields_of_one_that_did(self):
        from django.contrib.admin.models import LogEntry

        article = a_draft()
        self.client.force_login(article.owner)
        address = self.address(article, "change")
        before = AuditEntry.objects.count()

        self.client.post(address, filled_in(self.client.get(address)))
        self.assertEqual(AuditEntry.objects.count(), before)
        self.assertFalse(LogEntry.objects.exists())

        self.client.post(address, filled_in(self.client.get(address), summary="Another."))
        self.assertContains(self.client.get(self.address(article, "history")), "changed: Summary")

    def test_is_closed_to_those_who_may_not_see_the_article(self):
        self.client.force_login(a_clinician(is_staff=False))

        self.assertNotEqual(self.client.get(self.address(a_draft(), "history")).status_code, 200)


class AnInvitedReader(OnTheReviewPage):
    def test_sees_the_pictures_of_that_text_and_no_other(self):
        article = a_draft()
        row = with_picture(article)
        revision = reviewing.submit(article, by=article.owner, at=NOON).revision
        other = with_picture(a_draft()).picture
        now = timezone.now()
        _invitation, secret = invitations.invite(revision, by=self.editor, at=now, name="Kim")

        page = self.client.get(f"/invited/{secret}/").content.decode()
        addresses = re.findall(rf"/invited/{secret}/pictures/[^ \"]+", page)

        self.assertTrue(addresses)
        answer = self.client.get(addresses[0])
        self.assertEqual((answer.status_code, answer["Cache-Control"]), (200, "no-store, private"))
        self.assertEqual(
            self.client.get(addresses[0].replace(row.picture.sha256, other.sha256)).status_code, 404
        )
        self.assertEqual(self.client.get(addresses[0].replace(secret, "nothing")).status_code, 404)
        invitations.revoke(Invitation.objects.get(), by=self.editor, at=now)
        self.assertEqual(self.client.get(addresses[0]).status_code, 404)
