"""manage.py make_library: a made-up library of any size, to measure the site with."""

import os
import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles.made_library import growing


class Command(BaseCommand):
    help = (
        "Grows a made-up library to a number of articles, to measure how the site behaves. Every"
        " page says that it is only an example: nothing on it is true. Run it again with a larger"
        " number and it adds the rest."
    )

    def add_arguments(self, parser):
        parser.add_argument("--articles", type=int, required=True, help="How many it will have.")
        parser.add_argument(
            "--references", type=int, help="Works they cite; else one for four articles, and 40."
        )
        parser.add_argument("--seed", type=int, default=1, help="Another seed, another library.")
        parser.add_argument(
            "--beside-real-pages",
            action="store_true",
            help="Go on although this site has published pages that are no examples.",
        )

        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count(),
            help="How many work at it; else one for each processor.",
        )

    def handle(self, *, articles, references, seed, beside_real_pages, processes, **options):
        if references is None:
            references = articles // 4 + 40
        if articles < 1 or references < 10:
            raise CommandError("Ask for at least 1 article and 10 references.")
        if growing.has_pages_of_its_own() and not beside_real_pages:
            raise CommandError(
                "This site has pages for real readers. Made-up pages would stand in their lists and"
                " searches. Use another database, or add --beside-real-pages if you mean it."
            )
        there = growing.number_made(seed)
        if there >= articles:
            self.stdout.write(f"The library has {there} articles already.")
            return
        with tqdm(total=articles - there, unit=" articles", file=sys.stderr, disable=None) as bar:
            for made in growing.grow(
                articles=articles, references=references, seed=seed, processes=processes
            ):
                bar.update(made)
                if bar.disable and options["verbosity"] > 0:
                    self.stderr.write(f"{growing.number_made(seed)} of {articles} articles")
        self.stdout.write(f"{articles - there} made-up articles were added.")
