"""manage.py gather_words: brings the catalogues in locale/ up to the code, and compiles them.

For developers.
"""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Gathers the words readers get into locale/, keeps their translations, compiles them, names"
        " what is missing."
    )

    def handle(self, **options):
        try:
            from physiohub import message_catalogues
        except ImportError as missing:
            raise CommandError("This needs Babel: pip install -r requirements-dev.txt") from missing
        lacking = 0
        for language in message_catalogues.LANGUAGES:
            for message in message_catalogues.update(language):
                lacking += 1
                self.stdout.write(f"{language}: {message.id}")
        if lacking:
            raise CommandError(
                f"{lacking} translations are missing. Write them into locale/ and run this again."
            )
        self.stdout.write("Every word has its translations.")
