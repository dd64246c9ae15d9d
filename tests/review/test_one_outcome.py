"""Two editors at the same moment, a worker that is killed: one outcome, and nothing half done."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from django.urls import reverse

from articles.drafts import edits
from articles.models import AuditEntry, Citation, Decision, LiveArticle, Publication, Schedule
from articles.publishing import publishing, scheduling
from articles.refusals import Refused
from articles.review import contributors, reviewing
from articles.revisions.storing import lock, save_revision
from physiohub import roles
from references.models import Reference
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_reference,
    an_editor,
    approved,
    link,
    published,
    reviewed,
    with_condition,
    with_picture,
    with_side_effect,
)
from tests.frozen import digest_now

from . import publishing_worker

DAY = timedelta(days=1)


class OneOutcome(TransactionTestCase):
    def setUp(self):
        # Emptying the database took the roles along; they are made after each migrate.
        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)

    def at_once(self, *acts):
        """Run the acts at the same moment, each with a connection of its own.

        What each gave or raised.
        """
        start, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

        def run(number, act):
            try:
                start.wait(10)
                outcomes[number] = act()
            except Refused as refusal:
                outcomes[number] = refusal
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return outcomes


class TwoEditorsAtTheSameMoment(OneOutcome):
    def test_publish_once(self):
        revision, editor = reviewed(a_draft())
        second = an_editor()

        first, other = self.at_once(
            lambda: publishing.publish(revision, by=editor, at=NOON),
            lambda: publishing.publish(revision, by=second, at=NOON),
        )

        self.assertEqual(first, other)
        self.assertEqual(Publication.objects.count(), 1)
        self.assertEqual(AuditEntry.objects.filter(act="published").count(), 1)

    def test_one_who_asks_for_changes_and_one_who_publishes_do_not_both_win(self):
        for _ in range(5):
            revision, editor = reviewed(a_draft())
            second = an_editor()

            put_up, asked = self.at_once(
                lambda revision=revision, editor=editor: publishing.publish(
                    revision, by=editor, at=NOON
                ),
                lambda revision=revision, second=second: reviewing.ask_for_changes(
                    revision, by=second, at=NOON, note="Too strong."
                ),
            )

            # Whoever came second met what the first had done: changes asked for first stop the
            # publication; asked for after it, they speak for the next round.
            decision = Decision.objects.get(pk=asked.pk)
            if isinstance(put_up, Refused):
                self.assertIn("asked for changes", str(put_up))
                self.assertEqual(decision.round, 0)
                self.assertIsNone(Publication.objects.live_of(revision.article))
            else:
                self.assertEqual(decision.round, 1)
                self.assertEqual(Publication.objects.live_of(revision.article), put_up)

    def test_two_runs_of_the_clock_publish_once(self):
        revision, editor = reviewed(a_draft())
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)

        ended = self.at_once(
            lambda: scheduling.publish_due(at=LATER), lambda: scheduling.publish_due(at=LATER)
        )

        self.assertEqual(sorted(map(len, ended)), [0, 1])
        self.assertEqual(Publication.objects.count(), 1)


class PublishingAndWithdrawingAtTheSameMoment(OneOutcome):
    def test_end_with_nothing_live_and_the_record_says_why(self):
        for _ in range(3):
            first = published()
            article, second = first.article, an_editor()
            changed(article)
            revision, editor = reviewed(article, at=LATER)

            put_up, withdrawn = self.at_once(
                lambda revision=revision, editor=editor: publishing.publish(
                    revision, by=editor, at=LATER
                ),
                lambda article=article, second=second: publishing.withdraw(
                    article, by=second, at=LATER, reason="A study was retracted."
                ),
            )

            if isinstance(
                put_up, Refused
            ):  # withdrawn first: the approval was for the round before
                self.assertEqual(withdrawn.publication, first)
            else:
                self.assertEqual(withdrawn.publication, put_up)
            self.assertIsNone(Publication.objects.live_of(article))
            self.assertFalse(LiveArticle.objects.filter(article=article).exists())

    def test_withdraw_once(self):
        publication = published()
        editors = an_editor(), an_editor()

        outcomes = self.at_once(
            *(
                lambda by=by: publishing.withdraw(
                    publication.article, by=by, at=LATER, reason="Wrong."
                )
                for by in editors
            )
        )

        self.assertEqual(
            sorted(isinstance(outcome, Refused) for outcome in outcomes), [False, True]
        )
        self.assertEqual(AuditEntry.objects.filter(act="withdrawn").count(), 1)


class ApprovingAndEditingAtTheSameMoment(OneOutcome):
    def test_never_lets_out_words_the_reviewer_did_not_see(self):
        for _ in range(3):
            article, editor = a_draft(), an_editor()
            for citation in Citation.objects.filter(claim__article=article):
                reviewing.check_evidence(citation, by=editor, at=NOON)
            revision = reviewing.submit(article, by=article.owner, at=NOON).revision

            self.at_once(
                lambda revision=revision, editor=editor: approved(revision, by=editor, at=LATER),
                lambda article=article: changed(article),
            )

            self.assertNotEqual(digest_now(article), revision.digest)
            for decision in Decision.objects.filter(revision__article=article):
                self.assertEqual((decision.revision, decision.digest), (revision, revision.digest))
            with self.assertRaises(Refused):
                publishing.publish(revision, by=editor, at=LATER)
            self.assertIsNone(Publication.objects.live_of(article))


class ASharedThingEditedWhilePublishingRuns(OneOutcome):
    """A condition, a person, a source, a picture.

    None of them belongs to the article whose row is locked.
    """

    def test_puts_no_other_words_before_readers_than_were_approved_and_counts_as_an_edit(self):
        for kind in (
            "condition",
            "side effect",
            "contraindication",
            "person",
            "picture",
            "reference",
        ):
            with self.subTest(kind=kind):
                article, row = self.article_that_shows(kind)
                revision, editor = reviewed(article)
                second, edited = an_editor(), threading.Event()

                outcome, _ = self.at_once(
                    lambda revision=revision, editor=editor, edited=edited: self.publish(
                        revision, editor, edited
                    ),
                    lambda row=row, second=second, edited=edited: self.edit(row, second, edited),
                )

                live = Publication.objects.live_of(article)
                if isinstance(outcome, Refused):
                    self.assertIn("changed since it was approved", str(outcome))
                    self.assertIsNone(live)
                else:
                    self.assertEqual(live.revision.frozen, revision.frozen)
                # Whoever came first: the one who edited may not let their own words out.
                now = save_revision(article, by=article.owner, at=LATER)
                self.assertIn("Quokka", now.frozen)
                self.assertIn("You edited", contributors.may_not_approve(now, second))

    def article_that_shows(self, kind):
        """(article, the shared thing of that kind with other words, not yet saved)"""
        article = a_draft()
        if kind == "reference":
            row = Reference.objects.get(citations__claim__article=article)
            row.csl["title"] = "Quokka"
            return article, row
        if kind == "condition":
            made = with_condition(article)
            link(made.claim, a_reference(), by=article.owner)
            row = made.condition
        elif kind == "side effect":
            made = with_side_effect(article, n=1, base=9, unit="people")
            link(made.claim, a_reference(), by=article.owner)
            row = made.side_effect
        elif kind == "contraindication":
            row = article.articlecontraindication_rows.get().contraindication
        elif kind == "picture":
            row = with_picture(article).picture
        else:
            row = article.written_by
        setattr(row, "alt" if kind == "picture" else "name", "Quokka")
        return article, row

    def edit(self, row, by, edited):
        with transaction.atomic():
            row.save()
            edits.record_edit(row, by=by, at=LATER)
            edited.set()
            time.sleep(0.5)  # meanwhile the other one publishes, if nothing holds them back

    def publish(self, revision, editor, edited):
        edited.wait(10)
        return publishing.publish(revision, by=editor, at=LATER)


class AWorkerKilledWhilePublishing(OneOutcome):
    def test_leaves_nothing_behind_and_the_next_one_publishes(self):
        for point in publishing_worker.POINTS:
            with self.subTest(point=point):
                revision, editor = reviewed(a_draft())
                waiting = scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)
                before = self.rows()

                self.kill_at(point)

                self.assertEqual(self.rows(), before)
                self.assertIsNone(Publication.objects.live_of(revision.article))
                waiting.refresh_from_db()
                self.assertEqual(waiting.outcome, "")
                scheduling.publish_due(at=LATER)
                self.assertEqual(Publication.objects.live_of(revision.article).revision, revision)
                waiting.refresh_from_db()
                self.assertEqual(waiting.outcome, "published")

    def rows(self):
        return {
            model._meta.label: model.objects.count()
            for model in apps.get_app_config("articles").get_models()
        }

    def kill_at(self, point):
        marker = Path(tempfile.mkdtemp(), "in-the-middle")
        database = json.dumps({"NAME": str(connection.settings_dict["NAME"])})
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.review.publishing_worker", point, str(marker), database],
            cwd=settings.BASE_DIR,
            env={**os.environ},
        )
        try:
            for _ in range(600):
                if marker.exists() or worker.poll() is not None:
                    break
                time.sleep(0.05)
            self.assertTrue(marker.exists(), "the worker never came to publish")
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        self.assertEqual(worker.returncode, -signal.SIGKILL)


class AClockThatJumps(OneOutcome):
    def test_back_between_approval_and_publishing_changes_nothing_about_who_approved_what(self):
        revision, editor = reviewed(a_draft(at=LATER), at=LATER)

        publication = publishing.publish(revision, by=editor, at=NOON)

        self.assertEqual(Publication.objects.live_of(revision.article), publication)
        # The same text, taken off, is read again before it comes back.
        publishing.withdraw(revision.article, by=editor, at=NOON - DAY, reason="Wrong.")
        with self.assertRaises(Refused):
            publishing.publish(revision, by=editor, at=NOON - 2 * DAY)

    def test_far_ahead_and_back_publishes_once(self):
        revision, editor = reviewed(a_draft())
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)

        ended = [
            len(scheduling.publish_due(at=at))
            for at in (NOON, NOON - DAY, NOON + 400 * DAY, NOON, LATER)
        ]

        self.assertEqual(ended, [0, 0, 1, 0, 0])
        self.assertEqual(Publication.objects.count(), 1)

    def test_over_the_hour_that_is_missing_in_spring_or_comes_twice_in_autumn_publishes_once(self):
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
        for local, utc in (
            (
                "2026-03-29T02:30",
                datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
            ),  # no clock ever shows it
            (
                "2026-10-25T02:30",
                datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            ),  # shown twice: the first of the two
        ):
            with self.subTest(local=local), self.settings(TIME_ZONE="Europe/Berlin"):
                revision, editor = reviewed(a_draft())
                self.client.force_login(editor)
                address = reverse("admin:articles_article_review", args=[revision.article.pk])
                with mock.patch("articles.admin.review.reviewing.timezone.now", return_value=NOON):
                    self.client.post(
                        address, {"act": "schedule", "digest": revision.digest, "publish_at": local}
                    )
                waiting = Schedule.objects.get(article=revision.article)
                self.assertEqual(waiting.publish_at, utc)

                minutes = [
                    waiting.publish_at + timedelta(minutes=m) for m in (-61, -1, 0, 1, 59, 60, 61)
                ]
                ended = [
                    len(scheduling.publish_due(at=minute.astimezone(berlin))) for minute in minutes
                ]

                self.assertEqual(ended, [0, 0, 1, 0, 0, 0, 0])


def changed(article):
    """Other words in the article, by its owner."""
    with transaction.atomic():
        article = lock(article)
        article.summary += " Quokka."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
