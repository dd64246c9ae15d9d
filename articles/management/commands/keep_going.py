"""manage.py keep_going: do all timed work, every minute until it is told to stop."""

import signal
import sys
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from articles.publishing import jobs
from physiohub.told_to_stop import ToldToStop

SECONDS = 60


class Command(BaseCommand):
    help = (
        "Each minute: publishes what has its time set, tells what is due, sends e-mail, tidies"
        " background tasks. Several of them at once do no harm. Ends on SIGTERM or Ctrl+C."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--once",
            action="store_true",
            help="Do it once and end, for cron. Exits 1 when something failed.",
        )

    def handle(self, *, once, **options):
        if once:
            if jobs.tick(at=timezone.now(), say=self._say):
                sys.exit(1)
            return
        told_to_stop = ToldToStop([signal.SIGTERM, signal.SIGINT])
        try:
            while not told_to_stop:
                begun = time.monotonic()
                # If the database went away and came back, the next query opens a new connection.
                close_old_connections()
                jobs.tick(at=timezone.now(), say=self._say, should_stop=lambda: bool(told_to_stop))
                told_to_stop.wait(max(1, SECONDS - (time.monotonic() - begun)))
        finally:
            told_to_stop.close()

    def _say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()
