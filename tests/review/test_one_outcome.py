"""Two editors at the same moment, a worker that is killed: one outcome, and nothing half done."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase

from articles import publishing, reviewing, scheduling
from articles.models import AuditEntry, Decision, Publication, Schedule
from articles.refusals import Refused
from physiohub import roles
from tests.builders import LATER, NOON, a_draft, an_editor, reviewed


class OneOutcome(TransactionTestCase):
    def setUp(self):
        # Emptying the database took the roles along; they are made after each migrate.
        from django.apps import apps

        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)

    def at_once(self, *acts):
        """Run the acts at the same moment, each with a connection of its own; what each gave or raised."""
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

            published, asked = self.at_once(
                lambda revision=revision, editor=editor: publishing.publish(revision, by=editor, at=NOON),
                lambda revision=revision, second=second: reviewing.ask_for_changes(
                    revision, by=second, at=NOON, note="Too strong."
                ),
            )

            # Whoever came second met what the first had done: changes asked for first stop the publication; asked for
            # after it, they speak for the next round.
            decision = Decision.objects.get(pk=asked.pk)
            if isinstance(published, Refused):
                self.assertIn("asked for changes", str(published))
                self.assertEqual(decision.round, 0)
                self.assertIsNone(publishing.live_publication(revision.article))
            else:
                self.assertEqual(decision.round, 1)
                self.assertEqual(publishing.live_publication(revision.article), published)

    def test_two_runs_of_the_clock_publish_once(self):
        revision, editor = reviewed(a_draft())
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)

        ended = self.at_once(lambda: scheduling.publish_due(at=LATER), lambda: scheduling.publish_due(at=LATER))

        self.assertEqual(sorted(map(len, ended)), [0, 1])
        self.assertEqual(Publication.objects.count(), 1)


class AWorkerKilledWhilePublishing(OneOutcome):
    def test_leaves_nothing_behind_and_the_next_one_publishes(self):
        revision, editor = reviewed(a_draft())
        scheduling.schedule(revision, by=editor, at=NOON, publish_at=LATER)
        log = AuditEntry.objects.count()
        marker = Path(tempfile.mkdtemp(), "in-the-middle")
        database = json.dumps({"NAME": str(connection.settings_dict["NAME"])})
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.review.publishing_worker", str(marker), database],
            cwd=settings.BASE_DIR, env={**os.environ},
        )  # fmt: skip
        try:
            for _ in range(300):
                if marker.exists() or worker.poll() is not None:
                    break
                time.sleep(0.1)
            self.assertTrue(marker.exists(), "the worker never came to publish")
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)

        self.assertEqual(worker.returncode, -signal.SIGKILL)
        self.assertFalse(Publication.objects.exists())
        self.assertEqual(AuditEntry.objects.count(), log)
        self.assertEqual(Schedule.objects.get().outcome, "")

        scheduling.publish_due(at=LATER)

        self.assertEqual(Publication.objects.count(), 1)
        self.assertEqual(Schedule.objects.get().outcome, "published")
