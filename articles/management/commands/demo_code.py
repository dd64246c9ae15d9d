"""manage.py demo_code: the code that the app of a person of the demonstration would show now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.demonstration import people


class Command(BaseCommand):
    help = "Prints a code to log in with as a person of the demonstration, and as nobody else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name, for example writer")

    def handle(self, *, name: str, **options: Any) -> None:
        try:
            code = people.code_for(name)
        except people.NoCode as error:
            raise CommandError(str(error)) from error
        self.stdout.write(code)
