"""manage.py rebuild_search: rebuild the catalogue and the search index from what is live."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles.live import catalogue
from articles.models import Publication


class Command(BaseCommand):
    help = (
        "Builds the lists and the search index again from what is live. Readers see the old ones"
        " until it is done."
    )

    def handle(self, **options):
        count = 0
        live = Publication.objects.live().count()
        for _ in tqdm(
            catalogue.rebuild(), total=live, unit="page", disable=not sys.stderr.isatty()
        ):
            count += 1
        self.stdout.write(f"{count} live pages can be found.")
