"""A page that went out in an emergency names nobody who did not check it, and is checked after."""

import csv
import json
import re
from datetime import date, timedelta
from unittest import mock

from django.core import mail
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from django.utils import timezone

from articles.admin import dashboard
from articles.drafts import edits
from articles.models import (
    Citation,
    Confirmation,
    Delivery,
    Notification,
    Publication,
    ReviewRequest,
    ReviewTask,
)
from articles.notifications import email
from articles.page.imprint import Imprint
from articles.paper import typesetting
from articles.publishing import publishing, reminders
from articles.refusals import NotReadyToPublish, Refused
from articles.review import override_reasons, reviewing
from physiohub import roles
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_user,
    agreed,
    agreed_in_form,
    an_editor,
    approved,
    edited,
)
from tests.frozen import digest_now

REASON = "The old page gave ten times the right dose of heat."
UNCHECKED = "This page was published in an emergency before a colleague checked it."
UNFINISHED = "This page was published in an emergency before all its checks were done."


class InAnEmergency(TestCase):
    kinds = ("clinical",)

    def setUp(self):
        self.author = an_editor(first_name="Wilhelmina", last_name="Writer")
        self.colleague = an_editor(first_name="Carla", last_name="Colleague")
        self.article = a_draft(by=self.author, slug="stretching", title="Stretching")
        for citation in Citation.objects.all():
            reviewing.check_evidence(citation, by=self.colleague, at=NOON)
        self.request = reviewing.submit(
            self.article, by=self.author, at=NOON, kinds=list(self.kinds)
        )

    def act(self, user, act, **data):
        self.client.force_login(user)
        data = {"act": act, "digest": digest_now(self.article), **data}
        return self.client.post(
            reverse("admin:articles_article_review", args=[self.article.pk]), data, follow=True
        )

    def review_page(self, user):
        self.client.force_login(user)
        return self.client.get(reverse("admin:articles_article_review", args=[self.article.pk]))

    def override(self, kind="clinical", reason=REASON):
        return self.act(self.author, "approve", override_reason=reason, **agreed_in_form(kind))

    def break_glass(self):
        """Approve and publish as the author, as the form does it."""
        for kind in self.kinds:
            self.override(kind)
        self.assertContains(self.act(self.author, "publish"), "Published.")
        self.client.logout()
        return Publication.objects.live_of(self.article)

    def read(self, address="/articles/stretching/"):
        self.client.logout()
        return self.client.get(address).content.decode()

    def linked_data(self):
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', self.read(), re.S)
        return json.loads(found[1])["@graph"][0]


class APagePublishedInAnEmergency(InAnEmergency):
    def test_names_nobody_as_having_checked_it(self):
        self.break_glass()
        for address in ("", "handout/", "handout/?with=sources"):
            with self.subTest(address):
                page = self.read(f"/articles/stretching/{address}")
                self.assertIn(UNCHECKED, page)
                for words in ("Checked by", "Checked in", "Next check due", "Wilhelmina"):
                    self.assertNotIn(words, page)
                # One sheet has no room for who wrote and checked it.
                if address != "handout/":
                    self.assertIn("We did not wait until a colleague had checked it.", page)

    def test_tells_machines_of_no_check(self):
        self.break_glass()

        self.assertFalse({"reviewedBy", "lastReviewed"} & set(self.linked_data()))
        self.assertIn("before all its checks were done", self.read("/feed/"))

    def test_says_so_before_all_else_on_the_page_and_on_paper(self):
        self.break_glass()
        for address in ("/articles/stretching/", "/articles/stretching/handout/"):
            page = self.read(address)
            self.assertLess(page.index(UNCHECKED), page.index("<h1"))

    def test_says_so_in_the_pdf_and_names_nobody_there(self):
        self.break_glass()
        for kind in ("", "?with=sources"):
            made = []

            def typeset(html, made=made, **how):
                made.append(html)
                return mock.Mock(pages=2, pdf=lambda: b"%PDF %%EOF")

            with (
                mock.patch.object(typesetting, "is_possible", return_value=True),
                mock.patch.object(typesetting, "typeset", side_effect=typeset),
            ):
                self.client.get(f"/articles/stretching/handout.pdf{kind}", follow=True)

            self.assertIn(UNCHECKED, made[0])
            self.assertNotIn("Wilhelmina", made[0])
            self.assertNotIn("Checked", made[0])

    def test_says_so_among_its_versions_and_as_an_old_version(self):
        self.break_glass()
        self.assertIn(REASON, self.read("/articles/stretching/versions/"))
        self.check_afterwards()

        old = self.read("/articles/stretching/versions/1/")
        self.assertIn(UNCHECKED, old)
        self.assertNotIn("Checked by", old)
        self.assertNotIn("We have asked for the check", old)

    def check_afterwards(self):
        self.act(self.colleague, "approve", **agreed_in_form())
        self.assertContains(self.act(self.colleague, "publish"), "Published.")

    def test_says_so_in_the_language_of_the_page(self):
        type(self.article).objects.filter(pk=self.article.pk).update(language="es")
        self.article.refresh_from_db()
        reviewing.submit(self.article, by=self.author, at=NOON)
        self.break_glass()

        page = self.read()
        self.assertIn("Esta página se publicó en una emergencia", page)
        self.assertNotIn(UNCHECKED, page)

    def test_kept_from_before_this_rule_names_nobody_either(self):
        publication = self.break_glass()
        decision = publication.revision.decisions.get()
        publication.approvals = [
            {
                "name": decision.by_name,
                "role": "",
                "at": decision.at.isoformat(),
                "kind": "clinical",
            }
        ]

        imprint = Imprint.of(publication)

        self.assertEqual(imprint.checked_by, [])
        self.assertIsNone(imprint.checked_at)

    def test_is_logged_as_what_it_is_and_not_as_approved(self):
        self.break_glass()
        self.client.force_login(self.colleague)
        address = reverse("admin:articles_article_log", args=[self.article.pk])

        rows = list(csv.reader(self.client.get(address).content.decode().splitlines()))

        acts = [row[2] for row in rows]
        self.assertIn("overrode", acts)
        self.assertNotIn("approved", acts)
        said = next(row[4] for row in rows if row[2] == "published")
        self.assertIn("In an emergency, before a colleague checked it", said)

    def test_is_not_told_to_anybody_as_approved(self):
        self.override()
        self.act(self.author, "publish")

        texts = " ".join(Notification.objects.values_list("text", flat=True))
        self.assertNotIn("approved", texts)

    def test_is_shown_to_reviewers_as_not_checked(self):
        self.override()
        page = self.review_page(self.colleague)
        self.assertContains(page, "No colleague has approved all of it")
        self.assertContains(page, "This text can go out in an emergency.")
        self.assertNotContains(page, "This text is approved.")
        self.act(self.author, "publish")

        page = self.review_page(self.colleague)
        self.assertNotContains(page, "Nothing has to be done until the draft changes")
        self.assertContains(page, "published in an emergency, before colleagues had done")

    def test_says_before_it_is_published_what_will_follow(self):
        self.override()
        address = reverse("admin:articles_article_review_confirm", args=[self.article.pk])

        asked = self.client.post(address, {"act": "publish", "digest": digest_now(self.article)})

        self.assertContains(asked, "All editors and administrators are told at once")
        self.assertNotContains(asked, "Approved by")
        self.assertFalse(Notification.objects.filter(key__startswith="emergency:").exists())


class TheNoticeOfAnEmergency(InAnEmergency):
    def vanished(self):
        page = self.read()
        self.assertNotIn("emergency before", page)
        self.assertIn("Carla Colleague", page)
        self.assertEqual(self.linked_data()["reviewedBy"][0]["name"], "Carla Colleague")

    def test_vanishes_when_a_colleague_approves_the_same_text_and_it_is_published_again(self):
        first = self.break_glass()
        self.assertContains(self.act(self.colleague, "approve", **agreed_in_form()), "Approved")
        self.assertIn(UNCHECKED, self.read())

        self.act(self.colleague, "publish")

        self.vanished()
        second = Publication.objects.live_of(self.article)
        self.assertEqual((second.number, second.revision), (2, first.revision))
        self.assertIn("A colleague has checked this page now.", self.read())
        self.assertFalse(ReviewRequest.objects.filter(closed_at=None).exists())

    def test_vanishes_with_another_text_that_a_colleague_approved(self):
        self.break_glass()
        edited(self.article, by=self.author)
        self.act(self.author, "submit")
        self.act(self.colleague, "approve", **agreed_in_form())

        self.act(self.colleague, "publish")

        self.vanished()

    def test_stays_while_only_the_author_looks_again(self):
        self.break_glass()

        self.assertContains(self.act(self.author, "approve", **agreed_in_form()), "You edited this")
        self.assertContains(self.act(self.author, "publish"), "Nobody has approved this text yet")

        self.assertIn(UNCHECKED, self.read())
        self.assertEqual(Publication.objects.count(), 1)

    def test_stays_when_the_author_breaks_the_glass_again(self):
        self.break_glass()
        self.override()
        self.act(self.author, "publish")

        self.assertEqual(Publication.objects.count(), 1)
        self.assertTrue(ReviewRequest.objects.filter(closed_at=None).exists())

    def test_stays_through_a_small_correction(self):
        self.break_glass()
        edited(self.article, summary=self.article.summary, by=self.author)
        self.article.body = self.article.body.replace("a thin needle", "the thin needle")
        self.article.save()
        edits.record_edit(self.article, by=self.author, at=LATER)

        self.assertContains(self.review_page(self.colleague), "not for this text")
        page = self.act(self.colleague, "correct", note="A word.")

        self.assertContains(page, "A small correction is not enough")
        self.assertIn(UNCHECKED, self.read())

    def test_stays_and_cannot_be_confirmed_away(self):
        self.break_glass()

        page = self.act(self.colleague, "confirm", searched_on=timezone.localdate().isoformat())

        self.assertContains(page, "must be reviewed and published again")
        self.assertFalse(Confirmation.objects.exists())

    def test_is_on_no_page_that_went_the_usual_way(self):
        self.act(self.colleague, "approve", **agreed_in_form())
        self.act(self.colleague, "publish")

        self.vanished()

    def test_is_not_put_up_when_a_colleague_approved_the_text_too(self):
        self.override()
        self.act(self.colleague, "approve", **agreed_in_form())
        self.act(self.author, "publish")

        self.vanished()
        self.assertNotIn("Wilhelmina", self.read())


class SomeChecksBeforeAnEmergency(InAnEmergency):
    kinds = ("clinical", "plain_language")

    def test_are_named_if_a_colleague_approved_that_very_text(self):
        self.act(self.colleague, "approve", **agreed_in_form("clinical"))
        self.override("plain_language")
        self.act(self.author, "publish")

        page = self.read()
        self.assertIn(UNFINISHED, page)
        self.assertNotIn(UNCHECKED, page)
        self.assertIn("Carla Colleague", page)
        self.assertNotIn("Wilhelmina", page)

    def test_are_not_named_if_the_text_was_another_one(self):
        self.act(self.colleague, "approve", **agreed_in_form("clinical"))
        edited(self.article, by=self.author)
        self.act(self.author, "submit")
        self.break_glass()

        page = self.read()
        self.assertIn(UNCHECKED, page)
        self.assertNotIn("Carla Colleague", page)

    def test_are_all_asked_for_again_by_those_who_do_them(self):
        plain = self.request.tasks.get(kind="plain_language")
        reviewing.assign(plain, to=self.colleague, due_on=None, by=self.colleague, at=NOON)
        self.break_glass()

        again = ReviewRequest.objects.get(closed_at=None).tasks
        self.assertEqual({task.kind for task in again.all()}, set(self.kinds))
        self.assertEqual(again.get(kind="plain_language").assigned_to, self.colleague)


class AReasonForAnEmergency(InAnEmergency):
    def test_must_hold_twenty_letters_and_what_was_typed_is_kept(self):
        page = self.override(reason="Wrong dose!")

        self.assertContains(page, "at least 20 letters")
        self.assertContains(page, "Wrong dose!</textarea>")
        self.assertFalse(self.request.revision.decisions.exists())


class TheLettersOfAReason(SimpleTestCase):
    def test_say_something(self):
        for reason in (
            "",
            " " * 40,
            "1234567890" * 4,
            "!?…—" * 10,
            "a" * 40,
            "a " * 40,
            "Aa" * 20,
            "aáàâ" * 10,
            "ab" * 20,
            "asdf" * 10,
            "ههههههههههههههههههههههههه",
            "нннннннннннннннннннннннннн",
            "ーーーーーーーーーーーーーーーーーーーーーーーーー",
            "Wrong dose 1234567890",
            "Wrong dose." + " " * 40,
            "Wrong doseeeeeeeeeeeeeeeee",
        ):
            with self.subTest(reason), self.assertRaises(Refused):
                override_reasons.reason_in_words(reason)

    def test_may_be_of_any_script(self):
        for reason in (
            "A wrong dose stood there.",
            "La página daba una dosis equivocada.",
            "كانت الجرعة المكتوبة في الصفحة خاطئة وخطيرة",
            "На странице стояла неверная доза.",
            "この頁には誤った用量が記載されており患者に害を及ぼすため",
        ):
            with self.subTest(reason):
                self.assertEqual(override_reasons.reason_in_words(f" {reason}\n"), reason)


class EditorsAndAdministrators(InAnEmergency):
    def setUp(self):
        super().setUp()
        self.other = an_editor(email="other@clinic.example")
        self.administrator = a_user(roles.ADMINISTRATOR, email="admin@clinic.example")
        self.clinician = a_user(roles.CLINICIAN, email="clinician@clinic.example")
        self.silent = an_editor(email="silent@clinic.example")
        email.set_delivery(self.silent, Delivery.How.NEVER)

    def test_hear_of_it_at_once(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.break_glass()

        told = Notification.objects.filter(key__startswith="emergency:")
        self.assertEqual(
            {each.recipient for each in told},
            {self.colleague, self.other, self.administrator, self.silent},
        )
        for each in told:
            self.assertIn("“Stretching” in an emergency", each.text)
            self.assertIn(REASON, each.text)

    def test_are_mailed_at_once_though_they_get_one_message_a_day(self):
        email.set_delivery(self.other, Delivery.How.DAILY)
        with self.captureOnCommitCallbacks(execute=True):
            self.break_glass()

        to = [address for message in mail.outbox for address in message.to]
        self.assertEqual(sorted(to), ["admin@clinic.example", "other@clinic.example"])
        self.assertIn("in an emergency", mail.outbox[0].body)

    def test_are_mailed_later_if_the_mail_server_was_away(self):
        self.break_glass()  # nothing was passed on
        at = timezone.now().replace(hour=3)
        with self.settings(DIGEST_HOUR=23):
            self.assertEqual(email.send_waiting(at=at), 2)

    def test_hear_nothing_of_a_page_that_went_the_usual_way(self):
        self.act(self.colleague, "approve", **agreed_in_form())
        self.act(self.colleague, "publish")

        self.assertFalse(Notification.objects.filter(key__startswith="emergency:").exists())


class TheReviewAfterAnEmergency(InAnEmergency):
    def setUp(self):
        super().setUp()
        self.administrator = a_user(roles.ADMINISTRATOR)
        # They decided on this text before; that was in another round.
        reviewing.ask_for_changes(
            self.request.revision, by=self.colleague, at=NOON, note="Too strong."
        )
        approved(self.request.revision, by=self.colleague, at=NOON, answers=agreed(), note="Fine.")
        edited(self.article, by=self.author)
        self.act(self.author, "submit")
        self.publication = self.break_glass()
        self.day = timezone.localdate(self.publication.at)

    def remind(self, days):
        before = set(Notification.objects.filter(kind="due").values_list("pk", flat=True))
        reminders.send_reminders(on=self.day + timedelta(days=days), at=NOON)
        new = Notification.objects.filter(kind="due").exclude(pk__in=before)
        return {each.recipient for each in new if "its review is still not done" in each.text}

    def test_is_asked_for_and_stands_in_the_queue_with_its_day(self):
        request = ReviewRequest.objects.get(closed_at=None)
        self.assertEqual(request.revision, self.publication.revision)
        self.assertEqual(request.tasks.get().due_on, self.day + timedelta(days=3))
        self.client.force_login(self.colleague)

        queue = self.client.get(reverse("admin:articles_article_queue"))

        self.assertContains(queue, "Published in an emergency, before a colleague checked it")
        self.assertContains(queue, REASON)

    def test_stands_on_the_desk_of_colleagues_and_not_of_the_author(self):
        for user, stands in ((self.colleague, True), (self.author, False)):
            tasks = dashboard.dashboard_of(user, on=date(2026, 3, 1)).tasks
            self.assertEqual([task.request.article for task in tasks], [self.article] * stands)

    def test_stands_on_the_desk_of_who_decided_on_the_same_text_before(self):
        other = an_editor()
        request = ReviewRequest.objects.get(closed_at=None)
        reviewing.ask_for_changes(request.revision, by=other, at=LATER, note="No.")
        self.assertEqual(dashboard.dashboard_of(other, on=date(2026, 3, 1)).tasks, [])
        publishing.withdraw(self.article, by=other, at=LATER, reason="Wrong.")

        tasks = dashboard.dashboard_of(other, on=date(2026, 3, 1)).tasks

        self.assertEqual([task.request for task in tasks], [request])

    def test_is_chased_until_it_is_done(self):
        editors = {self.author, self.colleague}
        self.assertEqual(self.remind(2), set())
        self.assertEqual(self.remind(3), editors)
        self.assertEqual(self.remind(4), set())
        self.assertEqual(self.remind(6), {*editors, self.administrator})
        self.assertEqual(self.remind(6), set())
        self.assertEqual(self.remind(300), {*editors, self.administrator})
        approved(self.publication.revision, by=self.colleague)
        self.assertEqual(self.remind(303), {*editors, self.administrator})
        publishing.publish(self.publication.revision, by=self.colleague, at=timezone.now())

        self.assertEqual(self.remind(306), set())

    def test_is_chased_though_changes_were_asked_for_and_no_more_once_it_is_taken_down(self):
        self.act(self.colleague, "changes", note="Too strong.", kind="clinical")
        self.assertTrue(self.remind(9))
        publishing.withdraw(self.article, by=self.colleague, at=LATER, reason="Wrong.")

        self.assertEqual(self.remind(12), set())

    def test_counts_nothing_as_approved_that_went_out_unread(self):
        edited(self.article, summary="One more summary.", by=self.author)
        request = reviewing.submit(self.article, by=self.author, at=LATER)

        state = reviewing.approval_state(request.revision)

        self.assertGreater(len(state.open_rows["clinical"]), 5)

    def test_is_for_nobody_who_edited_it_before_it_went_out(self):
        task = ReviewTask.objects.get(request__closed_at=None)
        with self.assertRaisesMessage(Refused, "may not approve"):
            reviewing.assign(task, to=self.author, due_on=None, by=self.colleague, at=LATER)
        with self.assertRaises(NotReadyToPublish):
            publishing.publish(self.publication.revision, by=self.colleague, at=LATER)
