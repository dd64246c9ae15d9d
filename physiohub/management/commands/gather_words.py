"""manage.py gather_words: update the catalogues in locale/ from the code, and compile them.

This is for developers.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Gathers the words readers get into locale/, keeps their translations, compiles them, names"
        " what is missing."
    )

    def handle(self, **options: Any) -> None:
        try:
            from physiohub import message_catalogues
        except ImportError as missing:
            raise CommandError("This needs Babel: pip install -r requirements-dev.txt") from missing
        count = 0
        for language in message_catalogues.LANGUAGES:
            for message in message_catalogues.update(language):
                count += 1
                self.stdout.write(f"{language}: {message.id}")
        if count:
            raise CommandError(
                f"{count} translations are missing. Write them into locale/ and run this again."
            )
        self.stdout.write("Every word has its translations.")
