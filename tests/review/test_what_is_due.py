"""Dates escalate: each step is told once, to the right people, whatever the clock does."""

from datetime import date, timedelta
from unittest import mock

from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from articles.admin import dashboard
from articles.models import Notification, Publication
from articles.publishing import publishing, reminders
from articles.review import reviewing
from physiohub import roles
from tests.builders import NOON, a_clinician, a_draft, a_user, an_editor, published


class Due(TestCase):
    def on(self, day):
        """{account: [texts]} of what is told on that day."""
        before = Notification.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        self.written = reminders.send_reminders(on=day, at=NOON)
        found = {}
        for each in Notification.objects.filter(pk__gt=before).order_by("pk"):
            self.assertEqual(each.kind, "due")
            found.setdefault(each.recipient, []).append(each.text)
        self.assertEqual(self.written, sum(map(len, found.values())))
        return found


class APageToBeLookedAtAgain(Due):
    def setUp(self):
        self.owner, self.editor = a_clinician(), an_editor()
        self.administrator = a_user(roles.ADMINISTRATOR)
        self.publication = published(a_draft(by=self.owner, title="Needles"))
        self.editors = {self.editor, self.publication.by}
        self.due_on = Publication.objects.due(on=date(2099, 1, 1)).get().due_on

    def day(self, number):
        return self.due_on + timedelta(days=number)

    def test_climbs_from_the_owner_to_the_editors_to_the_administrators_each_step_once(self):
        self.assertEqual(self.on(self.day(-31)), {})
        self.assertEqual(list(self.on(self.day(-30))), [self.owner])
        self.assertEqual(self.on(self.day(-29)), {})
        told = self.on(self.day(0))
        self.assertEqual(list(told), [self.owner])
        self.assertIn("“Needles” is to be looked at again now: it was due on", told[self.owner][0])
        self.assertEqual(self.on(self.day(13)), {})
        self.assertEqual(set(self.on(self.day(14))), self.editors)
        self.assertEqual(self.on(self.day(44)), {})
        self.assertEqual(list(self.on(self.day(45))), [self.administrator])
        self.assertEqual(self.on(self.day(400)), {})

    def test_is_told_once_though_the_clock_jumps(self):
        for number in (14, -30, 45, 0, 14, -31, 45, 14):
            self.on(self.day(number))

        texts = [(each.recipient_id, each.text) for each in Notification.objects.filter(kind="due")]
        self.assertEqual(len(texts), len(set(texts)))
        self.assertEqual(
            Notification.objects.filter(kind="due", recipient=self.administrator).count(), 1
        )

    def test_is_told_whole_to_a_site_that_was_off_for_a_year(self):
        told = self.on(self.day(300))

        self.assertEqual(set(told), {self.owner, self.administrator, *self.editors})
        self.assertEqual({len(texts) for texts in told.values()}, {1})

    def test_begins_anew_with_a_new_date(self):
        self.on(self.day(14))
        day = self.day(20)
        at = NOON.replace(year=day.year, month=day.month, day=day.day)
        publishing.confirm(
            self.publication.article, by=self.editor, at=at, evidence_searched_on=at.date()
        )

        self.assertEqual(self.on(self.day(46)), {})
        self.due_on = Publication.objects.due(on=date(2099, 1, 1)).get().due_on
        self.assertEqual(list(self.on(self.day(-1))), [self.owner])

    def test_is_not_told_of_a_page_that_was_withdrawn(self):
        publishing.withdraw(self.publication.article, by=self.editor, at=NOON, reason="Old.")

        self.assertEqual(self.on(self.day(100)), {})

    def test_falls_to_the_editors_when_its_owner_has_left(self):
        type(self.owner).objects.filter(pk=self.owner.pk).update(is_active=False)

        self.assertEqual(set(self.on(self.day(0))), self.editors)

    def test_stands_on_the_desk_of_its_owner_and_of_every_editor(self):
        for user, sees in ((self.owner, True), (self.editor, True), (a_clinician(), False)):
            self.assertEqual(dashboard.dashboard_of(user, on=self.day(-1)).again, [])
            found = [article.pk for article in dashboard.dashboard_of(user, on=self.day(0)).again]
            self.assertEqual(found, [self.publication.article_id] if sees else [])

    def test_is_shown_there_with_its_day(self):
        self.client.force_login(self.owner)
        with mock.patch.object(timezone, "localdate", return_value=self.day(3)):
            self.assertContains(self.client.get("/admin/"), "To be looked at again, due on")

    def test_costs_the_same_for_many_pages(self):
        self.on(self.day(400))
        with self.assertNumQueries(8):
            reminders.send_reminders(on=self.day(400), at=NOON)
        for _ in range(3):
            published(a_draft(by=self.owner))
        self.on(self.day(400))
        with self.assertNumQueries(8):
            reminders.send_reminders(on=self.day(400), at=NOON)


class AReviewThatIsWanted(Due):
    def setUp(self):
        self.reviewer, self.editor = an_editor(), an_editor()
        self.article = a_draft(title="Needles")
        self.request = reviewing.submit(self.article, by=self.article.owner, at=NOON)
        self.wanted = date(2026, 4, 10)
        self.task = self.request.tasks.get()
        reviewing.assign(self.task, to=self.reviewer, due_on=self.wanted, by=self.editor, at=NOON)

    def day(self, number):
        return self.wanted + timedelta(days=number)

    def test_climbs_from_who_does_it_to_the_editors(self):
        self.assertEqual(self.on(self.day(-4)), {})
        self.assertEqual(list(self.on(self.day(-3))), [self.reviewer])
        self.assertEqual(self.on(self.day(0)), {})
        self.assertIn("is late", self.on(self.day(1))[self.reviewer][0])
        self.assertEqual(self.on(self.day(6)), {})
        self.assertEqual(list(self.on(self.day(7))), [self.editor])
        self.assertEqual(self.on(self.day(60)), {})

    def test_is_not_told_again_for_a_newer_text(self):
        self.on(self.day(1))
        self.article.summary = "Another."
        self.article.save()
        reviewing.submit(self.article, by=self.article.owner, at=NOON)

        self.assertEqual(self.on(self.day(1)), {})

    def test_is_done_with_a_decision(self):
        reviewing.ask_for_changes(
            self.request.revision, by=self.reviewer, at=NOON, note="More.", task=self.task
        )

        self.assertEqual(self.on(self.day(30)), {})

    def test_of_nobody_is_told_to_the_editors_when_it_is_late(self):
        reviewing.assign(self.task, to=None, due_on=self.wanted, by=self.editor, at=NOON)

        self.assertEqual(set(self.on(self.day(8))), {self.editor, self.reviewer})


class TheCommand(TestCase):
    def test_may_be_run_as_often_as_one_likes(self):
        published(a_draft())
        call_command("tell_what_is_due", verbosity=0)
        told = Notification.objects.filter(kind="due").count()
        call_command("tell_what_is_due", verbosity=0)

        self.assertEqual(Notification.objects.filter(kind="due").count(), told)
