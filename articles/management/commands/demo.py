"""manage.py demo: add the demonstration library, and people to log in as."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from articles.demonstration import library, people


class Command(BaseCommand):
    help = (
        "Brings in the demonstration through the real importer, linking, review and publishing."
        " Keeps what is there."
    )

    def add_arguments(self, parser):
        parser.add_argument("--small", action="store_true", help="Only one page, as tests need it.")
        parser.add_argument(
            "--new-passwords", action="store_true", help="Draw new passwords for the demo people."
        )

    def handle(self, *, small=False, new_passwords=False, **options):
        passwords = people.add(new_passwords=new_passwords)
        bar = tqdm(
            total=library.number_of_steps(is_small=small),
            desc="Demonstration",
            unit=" pages",
            disable=not self.stdout.isatty(),
        )

        def progress(done):
            bar.update()
            if bar.disable and options["verbosity"] > 0:
                self.stdout.write(f"Demonstration: {done}")

        with bar:
            new = library.add(now=timezone.now(), is_small=small, progress=progress)
        if new:
            self.stdout.write(f"The demonstration has {len(new)} new live pages.")
        if passwords:
            self.stdout.write("Log-ins for /admin/, drawn on this machine and shown only now:")
            for username, password, role in passwords:
                self.stdout.write(f"  {username:<10} {password:<14} ({role})")
            if settings.SECOND_FACTOR:
                self.stdout.write(
                    "Each log-in also asks for a code: `make code NAME=writer`, in a second"
                    " terminal, prints one."
                )
        else:
            self.stdout.write(
                "Log-ins as shown the first time. `manage.py demo --new-passwords` draws new ones."
            )
