"""manage.py tell_what_is_due: notify people of pages to check again, and of reviews that are late.

It can run as often as you like: nobody is notified twice of the same step.
"""

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.publishing import reminders


class Command(BaseCommand):
    help = "Tells people in their inbox what is due, once for each step. `keep_going` does it too."

    def handle(self, **options):
        now = timezone.now()
        count = reminders.send_reminders(on=timezone.localdate(now), at=now)
        self.stdout.write(f"Told: {count}")
