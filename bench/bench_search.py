"""What search and lists cost with many live articles.

    .venv/bin/python bench/bench_search.py [--articles 10000] [--rounds 7]

Fills a test database of its own, on the database DATABASE_URL names, with articles of about 560
words drawn from a fixed list by Zipf's law, puts them on the shelf through articles.live.catalogue,
and prints the median milliseconds of a request and of the index alone, with the number of hits.
"""

import argparse
import os
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi xo yu za".split()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def vocabulary(size, draw):
    words = set()
    while len(words) < size:
        words.add("".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))))
    return sorted(sorted(words), key=lambda word: draw.random())


def fill(count):
    """`count` live articles; returns the words, the most common first."""
    from tests.builders import a_user

    draw = random.Random(7)  # noqa: S311  (the same text every time)
    words = vocabulary(8000, draw)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    conditions = [a_condition(word) for word in words[100:300]]
    user = a_user()
    for start in range(0, count, 500):
        contents = [
            a_content(
                f"page-{number}", draw.choices(words, weights, k=560), draw.sample(conditions, 4)
            )
            for number in range(start, min(count, start + 500))
        ]
        publish_all(contents, user, NOON + timedelta(minutes=start))
    return words


def a_condition(word):
    return {
        "uid": word,
        "name": f"{word} pain",
        "clinical_name": "",
        "other_names": [],
        "slug": f"{word}-pain",
    }


def a_content(slug, text, conditions):
    paragraphs = ["<p>" + " ".join(text[at : at + 20]) + ".</p>" for at in range(0, len(text), 20)]
    empty = (
        "tags key_points help questions indications comparison claims side_effects"
        " contraindications recommendations"
    )
    return {
        **{name: [] for name in empty.split()},
        "slug": slug,
        "title": " ".join(text[:4]),
        "summary": " ".join(text[4:16]),
        "kicker": "",
        "language": "en",
        "other_names": text[16:18],
        "is_demonstration": False,
        "body": "".join(
            ("<h2>Part</h2>" if at % 4 == 3 else "") + p for at, p in enumerate(paragraphs)
        ),
        "conditions": [
            {"claim": None, "note": "", "condition": condition} for condition in conditions
        ],
    }


def publish_all(contents, user, at):
    """Rows as publishing leaves them, many at once.

    Nobody reviewed them, so they are for measuring alone.
    """
    from articles.models import Article, Decision, Publication, Revision
    from articles.revisions import freezing

    articles = Article.objects.bulk_create(
        Article(title=content["title"], slug=content["slug"], body=content["body"])
        for content in contents
    )
    frozen = [freezing.canonical(content) for content in contents]
    revisions = Revision.objects.bulk_create(
        Revision(
            article=article,
            number=1,
            schema=1,
            digest=freezing.digest_of(text),
            frozen=text,
            created_by=user,
            created_at=at,
        )
        for article, text in zip(articles, frozen, strict=True)
    )
    Decision.objects.bulk_create(
        Decision(
            revision=revision,
            verdict="approve",
            digest=revision.digest,
            by=user,
            by_name="Sam",
            at=at,
        )
        for revision in revisions
    )
    Publication.objects.bulk_create(
        Publication(
            article=revision.article,
            revision=revision,
            number=1,
            slug=revision.article.slug,
            language="en",
            by=user,
            by_name="Sam",
            at=at,
        )
        for revision in revisions
    )


def median(act, rounds):
    """(milliseconds by the clock, of this process's own work).

    The second is steady beside busy neighbours.
    """
    act()
    times = []
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        act()
        times.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - worked)))
    return tuple(map(statistics.median, zip(*times, strict=True)))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=7)
    options = options.parse_args()

    from articles.live import catalogue
    from articles.live.search import index
    from articles.live.search.query import terms

    start = time.perf_counter()
    words = fill(options.articles)
    print(
        f"{connection.vendor}, {options.articles} articles, filled in"
        f" {time.perf_counter() - start:.0f} s"
    )
    start = time.perf_counter()
    for _ in catalogue.rebuild():
        pass
    seconds = time.perf_counter() - start
    print(f"  rebuild_search: {seconds:.1f} s, {1000 * seconds / options.articles:.2f} ms a page")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    client = Client()
    queries = {
        "rare": words[2500],
        "mid": words[150],
        "common": words[0],
        "two common": f"{words[0]} {words[1]}",
        "phrase": f'"{words[0]} {words[1]}"',
        "prefix, 2 letters": "ba",
        "none": "qqqqqq",
        "ten common": " ".join(words[:10]),
        "ten, none has all": " ".join([*words[:9], "qqqqqq"]),
    }
    print(f"{'':22} hits   request ms (own work)   index ms (own work)")
    for name, query in queries.items():
        request = median(lambda query=query: client.get("/search/", {"q": query}), options.rounds)
        alone = median(lambda query=query: index.find(terms(query)), options.rounds)
        hits = len(index.find(terms(query)))
        figures = f"{request[0]:12.1f} {request[1]:8.1f} {alone[0]:12.1f} {alone[1]:8.1f}"
        print(f"  {name:<20} {hits:4} {figures}")
    condition = f"/conditions/{words[100]}-pain/"
    for address in (
        "/",
        "/articles/",
        "/articles/?page=100",
        "/conditions/",
        condition,
        "/sitemap.xml",
        "/feed/",
    ):
        with CaptureQueriesContext(connection) as captured:
            status = client.get(address).status_code
        count = len(captured)
        request = median(lambda address=address: client.get(address), options.rounds)
        print(f"  {address:<30} {status} {request[0]:8.1f} ms ({request[1]:.1f}) {count:3} queries")


if __name__ == "__main__":
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = [
        "testserver"
    ]  # not the environment of tests, whose templates are slower
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        main()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
