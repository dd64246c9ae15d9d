"""manage.py reset_second_factor: let somebody in who lost phone and recovery codes."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles.accounts import factor_links


class Command(BaseCommand):
    help = (
        "Takes the second factor of an account away: the next log-in sets up another. All its"
        " log-ins end. The person and the administrators are told, and the audit log says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")
        parser.add_argument("--yes", action="store_true", help="do not ask first")

    def handle(self, *, name: str, yes: bool, **options: Any) -> None:
        account = User.objects.filter(username=name).first()
        if account is None:
            raise CommandError(f"There is no account “{name}”.")
        if not yes:
            self.stdout.write(
                f"Anybody who knows the password of {name} can then set up a second factor. Make"
                " sure that you speak with the person."
            )
            if input(f"Type the user name to go on ({name}): ") != name:
                raise CommandError("Nothing was changed.")
        if not factor_links.reset_on_the_server(account, at=timezone.now()):
            raise CommandError(f"{name} has no second factor. The next log-in sets one up.")
        self.stdout.write(f"{name} sets up a new second factor with the next log-in.")
