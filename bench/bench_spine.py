"""What the spine costs: freeze, publish and page view of an article with 120 claims and 240
evidence links.

    .venv/bin/python bench/bench_spine.py [--claims 120] [--rounds 5]

Runs in a test database of its own, on the database DATABASE_URL names, and prints milliseconds of
processor time (median), queries, and each figure as a ratio to the page view measured in the same
run.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)


def build(claims):
    from tests.builders import a_draft, a_reference, link, mark

    body = "".join(f"<p>Sentence number {n} may help.</p>" for n in range(claims))
    article = a_draft(body=body, slug=f"bench-{claims}")
    references = [a_reference() for _ in range(60)]
    for n in range(claims - 1):  # the draft's contraindication is a claim too
        claim = mark(article, f"Sentence number {n} may")
        for offset in (0, 1):
            link(claim, references[(2 * n + offset) % 60], by=article.owner)
    return article


def measured(act, rounds):
    """(median milliseconds of processor time, queries of one run)"""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        act()
        times.append(1000 * (time.process_time() - start))
    with CaptureQueriesContext(connection) as queries:
        act()
    return statistics.median(times), len(queries)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--claims", type=int, default=120)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()

    from articles.publishing import publishing
    from articles.revisions import freezing
    from tests.builders import NOON, reviewed

    article = build(options.claims)
    small = build(2)
    revision, editor = reviewed(article, at=NOON)

    def publish_and_undo():
        with transaction.atomic():
            publishing.publish(revision, by=editor, at=NOON)
            transaction.set_rollback(True)

    figures = {
        "freeze, 2 claims": measured(lambda: freezing.freeze(small), options.rounds),
        f"freeze, {options.claims} claims": measured(
            lambda: freezing.freeze(article), options.rounds
        ),
        "publish": measured(publish_and_undo, options.rounds),
    }
    publishing.publish(revision, by=editor, at=NOON)
    client = Client()
    figures["page view"] = measured(
        lambda: client.get(f"/articles/{article.slug}/"), options.rounds
    )
    base = figures["page view"][0]
    print(
        f"{connection.vendor}, {options.claims} claims, {2 * options.claims} links, median of"
        f" {options.rounds}"
    )
    for name, (milliseconds, queries) in figures.items():
        print(
            f"  {name:<20} {milliseconds:8.1f} ms {queries:4} queries   {milliseconds / base:6.2f}"
            " x page view"
        )


if __name__ == "__main__":
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        main()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()
