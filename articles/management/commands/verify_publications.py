"""manage.py verify_publications: check that everything published is still what was approved."""

import sys

from django.core.management.base import BaseCommand
from django.db import connection

from articles.live import public_state
from articles.models import Publication, Revision, triggers
from articles.publishing import publishing
from articles.revisions import freezing


class Command(BaseCommand):
    help = (
        "Recomputes the digest of every revision and looks for every trigger. Exits 1 when"
        " something is wrong."
    )

    def handle(self, **options):
        errors = []
        revisions = publications = 0
        for revision in Revision.objects.iterator(chunk_size=200):
            revisions += 1
            if freezing.digest_of(revision.frozen) != revision.digest:
                errors.append(
                    f"Revision {revision.number} of article {revision.article_id} is not what was"
                    " frozen."
                )
        stored = Publication.objects.select_related("revision").prefetch_related(
            "revision__decisions"
        )
        for publication in stored.iterator(chunk_size=200):
            publications += 1
            errors += publishing.verify(publication)
        errors += [
            f"The trigger {name} is missing. Run `manage.py migrate`."
            for name in [*triggers.missing(connection), *public_state.missing_triggers(connection)]
        ]
        for error in errors:
            self.stdout.write(error)
        self.stdout.write(
            f"{revisions} revisions, {publications} publications checked, {len(errors)} problems"
        )
        if errors:
            sys.exit(1)
