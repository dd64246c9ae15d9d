"""manage.py rebuild_search: write the catalogue and the search index again from what is live."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles.live import catalogue
from articles.models import Publication


class Command(BaseCommand):
    help = (
        "Writes the lists and the search index again from what is live, a few hundred pages at a"
        " time. Readers go on searching: a page has its old rows until it has new ones."
    )

    def handle(self, **options):
        live = Publication.objects.live().count()
        # Each page comes twice: its rows, then its place in the index.
        with tqdm(total=2 * live, unit="page", disable=not sys.stderr.isatty()) as bar:
            for done in catalogue.rebuild():
                bar.update(done)
        self.stdout.write(f"{live} live pages can be found.")
