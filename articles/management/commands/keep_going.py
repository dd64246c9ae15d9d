"""manage.py keep_going: do all timed work, every minute until it is told to stop."""

import signal
import sys
import threading
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from articles.publishing import jobs

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
        stop = threading.Event()
        handlers_before = {
            number: signal.signal(number, lambda *_: stop.set())
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            while not stop.is_set():
                begun = time.monotonic()
                # If the database went away and came back, the next query opens a new connection.
                close_old_connections()
                jobs.tick(at=timezone.now(), say=self._say, should_stop=stop.is_set)
                stop.wait(max(1, SECONDS - (time.monotonic() - begun)))
        finally:
            for number, handler in handlers_before.items():
                signal.signal(number, handler)

    def _say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()
