"""manage.py demo: add the demonstration article, and people to log in as."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles.demonstration import making_pages, page_files, people
from articles.models import Publication

SLUG = "dry-needling"


class Command(BaseCommand):
    help = (
        "Brings in the demonstration article through the real importer, review and publishing."
        " Keeps what is there."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--new-passwords", action="store_true", help="Draw new passwords for the demo people."
        )

    @transaction.atomic
    def handle(self, *, new_passwords=False, **options):
        logins = people.add(new_passwords=new_passwords)
        publication = Publication.objects.newest().filter(slug=SLUG).first() or _published()
        self.stdout.write(f"Demonstration article: /articles/{SLUG}/, version {publication.number}")
        if logins:
            self.stdout.write("Log-ins for /admin/, drawn on this machine and shown only now:")
            for username, password, role in logins:
                self.stdout.write(f"  {username:<10} {password:<14} ({role})")
        else:
            self.stdout.write(
                "Log-ins as shown the first time. `manage.py demo --new-passwords` draws new ones."
            )


def _published():
    page, now = page_files.read(SLUG), timezone.now()
    article = making_pages.import_draft(page, now=now)
    making_pages.complete(page, article, now=now)
    article.refresh_from_db()
    return making_pages.review_and_publish(page, article, now=now)
