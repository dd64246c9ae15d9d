"""manage.py tell_what_is_due: pages to be looked at again and reviews that are late.

Run it as often as you like.
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
