"""manage.py publish_due: publish every text whose time has come. Run it every minute."""

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.models import Schedule
from articles.publishing import scheduling


class Command(BaseCommand):
    help = (
        "Publishes every text whose time has come. Exits 1, and says why, when one could not be"
        " published."
    )

    def handle(self, **options):
        ended = scheduling.publish_due(at=timezone.now())
        refused = [schedule for schedule in ended if schedule.outcome == Schedule.Outcome.REFUSED]
        for schedule in ended:
            if schedule in refused:
                self.stderr.write(f"NOT published: {schedule.revision}. {schedule.said}")
            else:
                self.stdout.write(f"Published: {schedule.revision}")
        if refused:
            sys.exit(1)
