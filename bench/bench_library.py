"""What the library costs: pasting a list of references, and reading a Retraction Watch file of
60,000 lines.

    .venv/bin/python bench/bench_library.py [--lines 60000] [--references 2000]

Makes the file itself, in the columns of the real one, runs in a test database of its own on the
database DATABASE_URL names, and prints milliseconds, queries, and the memory at its highest.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")
os.environ["LOOKUP"] = "off"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import (
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)

COLUMNS = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,"
    "RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason,"
    "Paywalled,Notes"
).split(",")


def write(path, lines):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for n in range(lines):
            out.writerow(
                [
                    n,
                    f"Work {n} " + "of a length that is usual " * 3,
                    "(HSC) Medicine;",
                    "University;",
                    "Journal",
                    "Press",
                    "Chile",
                    "A Author;B Author;",
                    "",
                    "Research Article;",
                    "2/6/2010 0:00",
                    f"10.5555/notice.{n}",
                    "0",
                    "2/28/2005 0:00",
                    f"10.5555/work.{n}",
                    "0",
                    "Retraction",
                    "+Reason one;+Reason two;",
                    "No",
                    "",
                ]
            )


def timed(name, act):
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        result = act()
        took = (time.perf_counter() - started) * 1000
    print(f"{name:<52} {took:9.1f} ms {len(queries):6} queries")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=60_000)
    parser.add_argument("--references", type=int, default=2000)
    options = parser.parse_args()
    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        from django.utils import timezone

        from references import finding, retraction_watch
        from references.models import Reference
        from tests.builders import a_clinician, a_reference

        print(
            f"{settings.DATABASES['default']['ENGINE']}, {options.references} references,"
            f" {options.lines} lines"
        )
        for n in range(options.references):
            a_reference(csl={"title": f"Work {n}", "DOI": f"10.5555/work.{n * 7}"})
        by = a_clinician()
        line = (
            "Osei A, Lind B. Needles for sore necks, part {0}. J Ex. 2019;7(2):1{0}-19."
            " doi:5555/needles.{0}"
        )
        pasted = "\n".join(line.format(n) for n in range(7))
        timed(
            "paste a list of 7 references", lambda: finding.find(pasted, by=by, at=timezone.now())
        )
        timed("paste it again", lambda: finding.find(pasted, by=by, at=timezone.now()))
        timed("paste a known DOI", lambda: finding.find("10.5555/work.7", by=by, at=timezone.now()))
        timed("search for two words", lambda: finding.search("needles necks"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "retraction_watch.csv")
            write(path, options.lines)
            print(f"the file has {path.stat().st_size / 1e6:.1f} MB")
            _lines, found = timed(
                "read the file", lambda: retraction_watch.matches(path, Reference.objects.current())
            )
            tracemalloc.start()
            retraction_watch.matches(path, Reference.objects.current())
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            print(f"{len(found)} of our references are in it; memory at its highest {peak:.1f} MB")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
