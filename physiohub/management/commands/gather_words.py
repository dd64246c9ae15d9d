"""manage.py gather_words: update the catalogues in locale/ and docs/sentences.md from the code.

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
            from physiohub import message_catalogues, sentence_table
        except ImportError as missing:
            raise CommandError("This needs Babel: pip install -r requirements-dev.txt") from missing
        for sentence in sentence_table.update():
            self.stdout.write(f"docs/sentences.md lacks a reason: {sentence}")
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
