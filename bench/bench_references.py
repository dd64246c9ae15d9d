"""What looking through a large library costs, and taking it out again.

    .venv/bin/python bench/bench_references.py [--references 20000] [--rounds 5]

Fills a test database of its own, on the database DATABASE_URL names, with made-up references that
have a record, the text they came in as and a service's answer. Prints for each page the median
milliseconds of this process's own work and by the clock, with queries and kilobytes, and for each
kind of export the seconds and the records a second. The work of PostgreSQL is in another process:
only the clock sees it. The first line has a fixed loop, for comparing machines.
"""

import argparse
import os
import random
import statistics
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")
os.environ["LOOKUP"] = "off"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client

ADMIN = "/admin/references/reference/"
SURNAMES = "Müller Nguyen Østergård Díaz Smith O'Brien Łukasz Haddad Sørensen Weiß".split()


SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi xo yu za".split()


def vocabulary(size, draw):
    words = set()
    while len(words) < size:
        words.add("".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))))
    return sorted(sorted(words), key=lambda word: draw.random())


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


def fill(count):
    """`count` references; returns the words of their titles, the most common first."""
    from references.models import Notice, Reference

    draw = random.Random(7)  # noqa: S311  (the same library every time)
    words = vocabulary(3000, draw)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    journals = [f"Journal of {word.title()} Care" for word in words[:200]]
    for start in range(0, count, 1000):
        numbers = range(start, min(count, start + 1000))
        rows = [a_reference(number, draw, words, weights, journals) for number in numbers]
        for row in rows:
            row.derive()
        created = Reference.objects.bulk_create(rows)
        Notice.objects.bulk_create(
            Notice(reference=row, kind="retraction", doi=f"10.5555/notice.{row.pk}")
            for row in created
            if row.integrity == "retracted"
        )
    return words


def a_reference(number, draw, words, weights, journals):
    from references.models import Reference
    from tests.builders import NOON

    title = " ".join(draw.choices(words, weights, k=draw.randint(6, 14))).capitalize()
    abstract = " ".join(draw.choices(words, weights, k=150))
    first = draw.randint(1, 900)
    csl = {
        "type": "article-journal",
        "title": title,
        "container-title": draw.choice(journals),
        "author": [
            {"family": f"{draw.choice(SURNAMES)}-{draw.choice(words).title()}", "given": "Ana M"}
            for _ in range(draw.randint(1, 8))
        ],
        "issued": {"date-parts": [[draw.randint(1990, 2025), draw.randint(1, 12)]]},
        "volume": str(draw.randint(1, 80)),
        "issue": str(draw.randint(1, 12)),
        "page": f"{first}-{first + 9}",
        "ISSN": "1234-5679",
        "language": "en",
    }
    if number % 10:
        csl["DOI"] = f"10.5555/jmc.{draw.randint(1000, 9999)}.{number}"
    if number % 3:
        csl["PMID"] = str(10_000_000 + number)
    is_retracted = number % 100 == 7
    people = "".join(f"AU  - {name['family']}, {name['given']}\n" for name in csl["author"])
    return Reference(
        uid=uuid.UUID(int=draw.getrandbits(128), version=4),
        csl=csl,
        raw=f"TY  - JOUR\nTI  - {title}\n{people}T2  - {csl['container-title']}\nAB  - {abstract}\n"
        f"DO  - {csl.get('DOI', '')}\nER  - \n",
        payload={"message": {**csl, "abstract": abstract, "reference": words[:100]}},
        payload_at=NOON,
        origin="ris",
        integrity="retracted" if is_retracted else "unchecked",
        integrity_checked_at=NOON if is_retracted else None,
        design="rct" if number % 7 == 0 else "",
        field_source=dict.fromkeys(csl, "file"),
    )


class Counter:
    """Counts queries: the log of the connection is emptied when a request begins."""

    def __init__(self):
        self.queries = 0

    def __call__(self, execute, *args):
        self.queries += 1
        return execute(*args)


def look(name, client, address, query, rounds):
    with connection.execute_wrapper(counter := Counter()):
        response = client.get(address, query)
    assert response.status_code == 200, response.status_code
    clock, work = median(lambda: client.get(address, query), rounds)
    size = len(response.content) / 1024
    print(f"  {name:<34}{work:9.1f}{clock:9.1f}{counter.queries:9}{size:9.0f}")


def take_out(client, suffix, count):
    with connection.execute_wrapper(counter := Counter()):
        begun, worked = time.perf_counter(), time.process_time()
        size = sum(map(len, client.get(f"{ADMIN}library.{suffix}").streaming_content))
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
    figures = f"{work:9.2f}{seconds:9.2f}{counter.queries:9}{size / 1024:9.0f}{count / work:12.0f}"
    print(f"  library.{suffix:<26}{figures}")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--references", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()

    from references import exporting, possible_pairs
    from references.models import PossiblePair
    from tests import entry
    from tests.builders import a_superuser

    worked, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number * number % 7
    print(f"a fixed loop: {time.process_time() - worked:.2f} s")
    words = fill(options.references)
    possible_pairs.compare_new(most=options.references)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pairs = PossiblePair.objects.count()
    print(f"{connection.vendor}, {options.references} references, {pairs} pairs")
    client = Client()
    entry.logged_in(client, a_superuser())
    of_pairs = {"app_label": "references", "model_name": "reference", "field_name": "preprint_of"}
    rare, common = words[1500], words[0]
    pages = [
        ("list", ADMIN, {}),
        ("list, last page", ADMIN, {"p": options.references // 50}),
        ("list, by year", ADMIN, {"o": "-3"}),
        ("search, common word", ADMIN, {"q": common}),
        ("search, rare word", ADMIN, {"q": rare}),
        ("search, two common words", ADMIN, {"q": f"{common} {words[1]}"}),
        ("search, two letters", ADMIN, {"q": "ba"}),
        ("search, nothing", ADMIN, {"q": "qqqqqq"}),
        ("search, author without accents", ADMIN, {"q": "ostergard"}),
        ("search, DOI", ADMIN, {"q": f"10.5555/jmc.{1234}"}),
        ("autocomplete, one word", "/admin/autocomplete/", {**of_pairs, "term": common}),
        (
            "autocomplete, two words",
            "/admin/autocomplete/",
            {**of_pairs, "term": f"{words[20]} {words[30]}"},
        ),
        ("one box, one word", f"{ADMIN}find/", {"q": common}),
        ("one box, two words", f"{ADMIN}find/", {"q": f"{words[20]} {words[30]}"}),
        ("pairs", f"{ADMIN}duplicates/", {}),
    ]
    print(f"  {'':34}{'work ms':>9}{'clock':>9}{'queries':>9}{'KB':>9}")
    for name, address, query in pages:
        look(name, client, address, query, options.rounds)
    print(f"  {'':34}{'work s':>9}{'clock':>9}{'queries':>9}{'KB':>9}{'records/s':>12}")
    for suffix in exporting.SUFFIXES:
        take_out(client, suffix, options.references)


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
