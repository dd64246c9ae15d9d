"""manage.py demo: add the demonstration article, and people to log in as."""

import secrets

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles.demonstration.from_file_to_page import SLUG, publish_demonstration
from articles.models import Person
from physiohub import roles

#: (username, first name, last name, role, title)
PEOPLE = [
    ("writer", "Wren", "Writer", roles.CLINICIAN, "Physiotherapist (made up for this example)"),
    ("editor", "Eden", "Editor", roles.EDITOR, "Physiotherapist (made up for this example)"),
    ("librarian", "Lee", "Librarian", roles.LIBRARIAN, ""),
]


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
        logins = []
        for username, first, last, role, title in PEOPLE:
            user, is_new = User.objects.get_or_create(
                username=username,
                defaults={"first_name": first, "last_name": last, "is_staff": True},
            )
            if is_new:
                user.groups.add(Group.objects.get(name=role))
                Person.objects.create(name=f"{first} {last}", role=title, user=user)
            if is_new or new_passwords:
                password = secrets.token_urlsafe(9)
                user.set_password(password)
                user.save()
                logins.append(f"  {username:<10} {password:<14} ({role})")
        publication = publish_demonstration(
            writer=User.objects.get(username="writer"),
            editor=User.objects.get(username="editor"),
            at=timezone.now(),
        )
        self.stdout.write(f"Demonstration article: /articles/{SLUG}/, version {publication.number}")
        if logins:
            self.stdout.write("Log-ins for /admin/, drawn on this machine and shown only now:")
            self.stdout.write("\n".join(logins))
        else:
            self.stdout.write(
                "Log-ins as shown the first time. `manage.py demo --new-passwords` draws new ones."
            )
