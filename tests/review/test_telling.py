"""Who is told of what: every act tells the right people, never the one who did it, and
nobody when it is undone.
"""

from datetime import timedelta
from unittest import mock

from django.db import IntegrityError, transaction
from django.test import TestCase

from articles.drafts import edits
from articles.live import source_notices
from articles.models import Notification, ReviewTask
from articles.notifications import email, inbox
from articles.publishing import publishing, scheduling
from articles.refusals import Refused
from articles.review import comments, invitations, reviewing
from physiohub import roles
from references.models import Notice
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    a_user,
    an_editor,
    link,
    published,
    reviewed,
)


class Telling(TestCase):
    def setUp(self):
        self.owner, self.editor, self.other = a_clinician(), an_editor(), an_editor()
        self.article = a_draft(by=self.owner, title="Needles")

    def told(self, since=0):
        """{account: [texts]} of all that was told, by those who were."""
        found = {}
        for each in Notification.objects.filter(pk__gt=since).order_by("pk"):
            found.setdefault(each.recipient, []).append(each.text)
        return found

    def during(self, act, *args, **kwargs):
        """What `act` tells: {account: [texts]}."""
        before = Notification.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        self.outcome = act(*args, **kwargs)
        return self.told(since=before)

    def submitted(self):
        return reviewing.submit(self.article, by=self.owner, at=NOON)


class AskingForAReview(Telling):
    def test_tells_all_editors_while_nobody_has_it(self):
        told = self.during(self.submitted)

        self.assertEqual(set(told), {self.editor, self.other})
        self.assertIn(
            "asks for a review of “Needles”. Nobody has taken it yet.", told[self.editor][0]
        )

    def test_tells_nobody_when_it_is_asked_for_twice(self):
        self.submitted()

        self.assertEqual(self.during(self.submitted), {})

    def test_tells_those_who_do_it_when_the_text_is_sent_again_and_nobody_else(self):
        task = self.submitted().tasks.get()
        told = self.during(
            reviewing.assign, task, to=self.other, due_on=LATER.date(), by=self.editor, at=NOON
        )
        self.assertEqual(set(told), {self.other})
        self.assertIn(
            "the clinical review of “Needles”. It is wanted by 1 March 2026.", told[self.other][0]
        )

        self.article.summary = "Another."
        self.article.save()
        edits.record_edit(self.article, by=self.owner, at=LATER)
        told = self.during(reviewing.submit, self.article, by=self.owner, at=LATER)

        self.assertEqual(set(told), {self.other})
        self.assertIn("a newer text of “Needles” for the review you are doing", told[self.other][0])

    def test_does_not_tell_of_a_review_handed_out_as_it_was(self):
        task = self.submitted().tasks.get()
        reviewing.assign(task, to=self.other, due_on=None, by=self.editor, at=NOON)

        self.assertEqual(
            self.during(
                reviewing.assign, task, to=self.other, due_on=None, by=self.editor, at=NOON
            ),
            {},
        )

    def test_does_not_tell_who_takes_it_themselves(self):
        task = self.submitted().tasks.get()

        self.assertEqual(
            self.during(
                reviewing.assign, task, to=self.editor, due_on=None, by=self.editor, at=NOON
            ),
            {},
        )

    def test_tells_superusers_on_a_site_without_editors(self):
        type(self.owner).objects.filter(pk__in=[self.editor.pk, self.other.pk]).update(
            is_active=False
        )
        superuser = a_superuser()

        self.assertEqual(set(self.during(self.submitted)), {superuser})


class ADecision(Telling):
    def test_is_told_to_the_owner_and_to_who_asked(self):
        asking = a_clinician()
        revision = reviewing.submit(self.article, by=asking, at=NOON).revision
        for act, words in (
            (reviewing.ask_for_changes, "asks for changes in"),
            (reviewing.decline, "declined"),
        ):
            told = self.during(act, revision, by=self.editor, at=NOON, note="Too strong.")

            self.assertEqual(set(told), {self.owner, asking})
            self.assertIn(words, told[asking][0])
            self.assertNotIn("Too strong", told[asking][0])

    def test_is_told_when_it_is_an_approval(self):
        told = self.during(reviewed, self.article, editor=self.editor)

        self.assertIn("approved “Needles”", told[self.owner][-1])
        self.assertNotIn("approved", " ".join(told.get(self.editor, [])))

    def test_that_is_undone_tells_nobody(self):
        revision = self.submitted().revision
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            told = self.during(
                reviewing.ask_for_changes, revision, by=self.editor, at=NOON, note="No."
            )
            self.assertTrue(told)
            raise ZeroDivisionError

        self.assertFalse(Notification.objects.filter(kind="decision").exists())

    def test_that_is_undone_passes_nothing_on(self):
        heard = mock.Mock()
        inbox.notified.connect(heard, weak=False)
        self.addCleanup(inbox.notified.disconnect, heard)
        revision = self.submitted().revision
        callbacks = self.captureOnCommitCallbacks(execute=True)
        with callbacks, self.assertRaises(ZeroDivisionError), transaction.atomic():
            reviewing.ask_for_changes(revision, by=self.editor, at=NOON, note="No.")
            raise ZeroDivisionError
        heard.assert_not_called()

    def test_stands_though_passing_it_on_fails(self):
        def fails(**kwargs):
            raise ConnectionError

        inbox.notified.connect(fails, weak=False)
        self.addCleanup(inbox.notified.disconnect, fails)
        revision = self.submitted().revision

        with (
            self.assertLogs("django.dispatch", "ERROR"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            reviewing.ask_for_changes(revision, by=self.editor, at=NOON, note="No.")

        self.assertTrue(Notification.objects.filter(recipient=self.owner, kind="decision").exists())


class APublication(Telling):
    def test_is_told_to_the_owner(self):
        revision, editor = reviewed(self.article, editor=self.editor)

        told = self.during(publishing.publish, revision, by=editor, at=NOON)

        self.assertEqual(set(told), {self.owner})
        self.assertIn("published “Needles”", told[self.owner][0])

    def test_is_not_told_to_an_owner_who_published_it(self):
        article = a_draft(by=a_clinician(), owner=self.editor)
        revision, _ = reviewed(article, by=self.other, editor=self.other)

        self.assertEqual(self.during(publishing.publish, revision, by=self.editor, at=NOON), {})

    def test_at_its_time_is_told_to_owner_and_editors_once(self):
        revision, editor = reviewed(self.article, editor=self.editor)
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)

        told = self.during(scheduling.publish_due, at=LATER)

        self.assertEqual(set(told), {self.owner, self.editor, self.other})
        self.assertEqual({len(texts) for texts in told.values()}, {1})

    def test_that_is_refused_at_its_time_is_told_with_the_reason(self):
        revision, editor = reviewed(self.article, editor=self.editor)
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)
        self.article.summary = "Another."
        self.article.save()

        told = self.during(scheduling.publish_due, at=LATER)

        self.assertEqual(set(told), {self.owner, self.editor, self.other})
        self.assertIn(
            "was not published at the time set: The text has changed", told[self.owner][0]
        )
        self.assertEqual(self.during(scheduling.publish_due, at=LATER), {})

    def test_that_corrects_is_told_once_and_not_as_an_approval(self):
        article = published(self.article).article
        article.refresh_from_db()
        article.body = article.body.replace("needle", "needles")
        article.save()
        edits.record_edit(article, by=self.owner, at=LATER)
        from tests.frozen import digest_now

        told = self.during(
            publishing.correct,
            article,
            by=self.editor,
            at=LATER,
            change_note="A word.",
            seen=digest_now(article),
        )

        self.assertEqual(list(told), [self.owner])
        self.assertEqual(len(told[self.owner]), 1)
        self.assertIn("corrected the page “Needles”", told[self.owner][0])

    def test_that_is_withdrawn_is_told_to_the_owner(self):
        article = published(self.article).article

        told = self.during(
            publishing.withdraw, article, by=self.editor, at=LATER, reason="Out of date."
        )

        self.assertEqual(list(told), [self.owner])
        self.assertIn("took the page “Needles” off the site", told[self.owner][0])


class AComment(Telling):
    def setUp(self):
        super().setUp()
        self.revision = self.submitted().revision

    def remark(self, by, **how):
        return comments.add_comment(self.revision, by=by, at=NOON, text="How fine?", **how)

    def test_that_blocks_is_told_to_the_owner(self):
        told = self.during(self.remark, self.editor, is_blocking=True)

        self.assertEqual(list(told), [self.owner])
        self.assertNotIn("How fine", told[self.owner][0])
        self.assertEqual(self.during(self.remark, self.editor), {})

    def test_that_is_answered_is_told_to_who_takes_part(self):
        first = self.remark(self.editor)
        told = self.during(self.remark, self.owner, parent=first)
        self.assertEqual(list(told), [self.editor])

        told = self.during(self.remark, self.other, parent=first)

        self.assertEqual(set(told), {self.editor, self.owner})

    def test_of_an_invited_reader_is_told_once_to_who_invited_them_and_the_answers_to_the_owner_too(
        self,
    ):
        invitation, _ = invitations.invite(
            self.revision, by=self.editor, at=NOON, name="Robin", questions=["Clear?"]
        )

        told = self.during(comments.add_guest_comment, invitation, at=NOON, text="What is this?")
        self.assertEqual(list(told), [self.editor])
        self.assertEqual(
            self.during(comments.add_guest_comment, invitation, at=NOON, text="And this?"), {}
        )

        told = self.during(invitations.keep_answers, invitation, at=NOON, answers=["Yes."])
        self.assertEqual(set(told), {self.editor, self.owner})


class ARetraction(Telling):
    def setUp(self):
        super().setUp()
        self.reference = a_reference()
        link(self.article.claims.get(), self.reference, by=self.owner)
        published(self.article)

    def test_is_told_to_the_owner_and_every_editor_once_and_to_owners_of_drafts(self):
        writer = a_clinician()
        draft = a_draft(by=writer, title="A draft")
        link(draft.claims.get(), self.reference, by=writer)
        librarian = a_user(roles.LIBRARIAN)
        notice = Notice.objects.create(
            reference=self.reference, kind=Notice.Kind.RETRACTION, source="crossref"
        )
        type(self.reference).objects.filter(pk=self.reference.pk).update(
            integrity="retracted", integrity_checked_at=LATER
        )
        self.reference.refresh_from_db()

        told = self.during(
            source_notices.apply_notice, self.reference, notice, by=librarian, at=LATER
        )

        self.assertLessEqual({self.owner, self.editor, self.other, writer}, set(told))
        self.assertNotIn(librarian, told)
        self.assertEqual({len(texts) for texts in told.values()}, {1})
        self.assertIn("A source of the live page “Needles” has a notice", told[self.owner][0])
        self.assertIn("A source of your draft “A draft” has a notice", told[writer][0])
        self.assertEqual(
            self.during(
                source_notices.apply_notice, self.reference, notice, by=librarian, at=LATER
            ),
            {},
        )
        for each in Notification.objects.filter(kind="source"):
            self.client.force_login(self.editor)
            self.assertEqual(self.client.get(each.address).status_code, 200)


class AnInbox(TestCase):
    def setUp(self):
        self.mine, self.theirs = a_clinician(), an_editor()
        self.article = a_draft(by=self.mine)
        inbox.notify([self.mine], "due", "Mine <b>alone</b>.", at=NOON, article=self.article)
        inbox.notify([self.theirs], "due", "Theirs alone.", at=NOON, article=self.article)
        self.address = "/admin/articles/notification/inbox/"
        self.client.force_login(self.mine)

    def of(self, user):
        return Notification.objects.get(recipient=user)

    def test_shows_a_person_their_own_and_nothing_else_superusers_too(self):
        self.assertContains(self.client.get(self.address), "Mine &lt;b&gt;alone")
        boss = a_superuser()
        self.client.force_login(boss)
        for address in (
            self.address,
            "/admin/articles/notification/",
            "/admin/articles/notification/?q=alone",
        ):
            page = self.client.get(address)
            self.assertEqual(page.status_code, 200)
            self.assertNotContains(page, "Mine &lt;b&gt;alone")
            self.assertNotContains(page, "Theirs alone")
        for address in (f"{self.of(self.mine).pk}/change/", f"inbox/{self.of(self.mine).pk}/"):
            answer = self.client.get(f"/admin/articles/notification/{address}")
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn("review", answer.get("Location", ""))
        self.client.post(self.address, {"notification": self.of(self.mine).pk})
        self.client.post(self.address, {"act": "all", "newest": 10**9})
        self.assertEqual(Notification.objects.filter(read_at=None).count(), 2)

    def test_is_closed_to_who_is_not_signed_in(self):
        self.client.logout()
        for part in ("", "count/", "how/", f"{self.of(self.mine).pk}/"):
            self.assertRedirects(
                self.client.get(self.address + part),
                f"/admin/login/?next={self.address}{part}",
                fetch_redirect_response=False,
            )

    def test_leads_to_the_place_and_is_read_then(self):
        answer = self.client.get(f"{self.address}{self.of(self.mine).pk}/")

        self.assertRedirects(answer, f"/admin/articles/article/{self.article.pk}/review/")
        self.assertIsNotNone(self.of(self.mine).read_at)
        self.assertIsNone(self.of(self.theirs).read_at)

    def test_marks_one_line_or_all_that_were_seen(self):
        first = self.of(self.mine)
        newest = self.client.get(self.address).context["newest"]
        inbox.notify([self.mine], "due", "Came later.", at=NOON, article=self.article)
        self.client.post(self.address, {"act": "all", "newest": newest})

        self.assertEqual([each.text for each in inbox.unread(self.mine)], ["Came later."])
        self.client.post(self.address, {"notification": inbox.unread(self.mine).get().pk})
        self.assertFalse(inbox.unread(self.mine).exists())
        self.assertIsNotNone(Notification.objects.get(pk=first.pk).read_at)

    def test_has_unread_lines_first_and_can_be_narrowed(self):
        self.client.get(f"{self.address}{self.of(self.mine).pk}/")
        inbox.notify(
            [self.mine],
            "remark",
            "Older, unread.",
            at=NOON - timedelta(days=9),
            article=self.article,
        )

        def texts(query=""):
            return [each.text for each in self.client.get(self.address + query).context["entries"]]

        self.assertEqual(texts(), ["Older, unread.", "Mine <b>alone</b>."])
        self.assertEqual(texts("?show=unread"), ["Older, unread."])
        self.assertEqual(texts("?kind=due"), ["Mine <b>alone</b>."])
        self.assertEqual(len(texts("?kind=nonsense&page=nonsense")), 2)

    def test_is_counted_for_the_header_in_one_query_beside_who_asks(self):
        with self.assertNumQueries(3):
            answer = self.client.get(self.address + "count/")
        self.assertEqual(answer.json(), {"unread": 1})
        self.assertIn("no-store", answer["Cache-Control"])

    def test_is_led_to_from_every_page_of_the_admin_without_a_query(self):
        self.assertContains(self.client.get("/admin/articles/article/"), 'id="inbox-link"')
        self.assertNotContains(self.client.get("/admin/password_change/"), "Mine &lt;b&gt;")

    def test_takes_no_more_queries_when_it_is_long(self):
        self.client.get(self.address)
        with self.assertNumQueries(8):
            self.client.get(self.address)
        for number in range(20):
            inbox.notify([self.mine], "due", f"Line {number}.", at=NOON, article=self.article)
        with self.assertNumQueries(8):
            self.client.get(self.address)

    def test_stands_first_on_the_desk(self):
        html = self.client.get("/admin/").content.decode()

        self.assertLess(html.index("Mine &lt;b&gt;alone"), html.index("Your drafts"))
        self.assertNotIn("Theirs alone", html)

    def test_refuses_to_lead_off_the_site(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            inbox.notify(
                [self.mine], "due", "Go.", at=NOON, address="//evil.example/", article=self.article
            )
        Notification.objects.filter(recipient=self.mine).update(address="/\\evil.example")
        self.assertEqual(
            self.client.get(f"{self.address}{self.of(self.mine).pk}/").status_code, 403
        )

    def test_refuses_nonsense_without_an_error(self):
        for data in (
            {},
            {"act": "x"},
            {"notification": "x"},
            {"notification": "٣"},
            {"act": "all", "newest": "-1"},
        ):
            with self.subTest(data):
                self.assertIn(self.client.post(self.address, data).status_code, (302, 403))
        self.assertEqual(
            self.client.post(self.address + "how/", {"how": "weekly"}).status_code, 403
        )
        self.assertIsNone(self.of(self.mine).read_at)


class AnAccountThatIsDeleted(TestCase):
    def test_takes_its_inbox_along_and_is_not_held_back_by_it(self):
        gone, stays = a_clinician(), a_clinician()
        article = a_draft(by=stays)
        email.set_delivery(gone, "never")
        inbox.notify([gone, stays], "due", "Text.", at=NOON, article=article)
        self.client.force_login(a_user(roles.ADMINISTRATOR))

        self.client.post(f"/admin/auth/user/{gone.pk}/delete/", {"post": "yes"})

        self.assertFalse(type(gone).objects.filter(pk=gone.pk).exists())
        self.assertEqual([each.recipient for each in Notification.objects.all()], [stays])
        self.assertNotContains(self.client.get("/admin/articles/delivery/"), "delete_selected")


class TellingTwice(TestCase):
    def test_under_one_key_tells_once(self):
        owner = a_clinician()
        article = a_draft(by=owner)
        for text in ("First.", "Second."):
            inbox.notify([owner, owner], "due", text, at=NOON, article=article, key="the same")

        self.assertEqual([each.text for each in Notification.objects.all()], ["First."])

    def test_leaves_out_closed_accounts_and_nobody(self):
        gone = a_clinician(is_active=False)
        inbox.notify([gone, None], "due", "Text.", at=NOON, article=a_draft())

        self.assertFalse(Notification.objects.exists())

    def test_cuts_what_is_too_long(self):
        owner = a_clinician()
        inbox.notify([owner], "due", "x" * 900, at=NOON, article=a_draft(by=owner))

        self.assertEqual(len(Notification.objects.get().text), 500)


class ATaskOfAReview(TestCase):
    def test_refused_tells_nobody(self):
        article = a_draft()
        request = reviewing.submit(article, by=article.owner, at=NOON)
        before = Notification.objects.count()

        with self.assertRaises(Refused):
            reviewing.assign(
                ReviewTask.objects.get(request=request),
                to=article.owner,
                due_on=None,
                by=an_editor(),
                at=NOON,
            )

        self.assertEqual(Notification.objects.count(), before)
