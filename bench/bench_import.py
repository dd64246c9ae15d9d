"""What importing references costs: 1,000 records, then 20,000 at a steady rate with flat memory,
then all again.

    .venv/bin/python bench/bench_import.py [--records 20000] [--format ris]

Runs in a test database of its own, on the database DATABASE_URL names. Prints seconds, records a
second and megabytes resident for each fifth of the file, and each fifth's rate as a ratio to the
first. The milliseconds of processor time a record are those of this process; they hold on a busy
machine too, and with SQLite they are all there is.
"""

import argparse
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")

import django

django.setup()

from django.db import connection
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils import timezone

_WORDS = (
    "effect of dry needling manual therapy exercise on pain function disability in people with"
    " chronic acute low back neck shoulder knee a randomised controlled trial systematic review"
    " cohort study protocol long term outcomes"
).split()


def work(number):
    """A made-up article, different from every other by DOI, title and pages."""
    words = [
        _WORDS[(number * 7 + place * (place + number % 11)) % len(_WORDS)] for place in range(12)
    ]
    return {
        "type": "article-journal",
        "title": f"{' '.join(words).capitalize()} ({number})",
        "author": [
            {"family": f"Osei{number % 997}", "given": "A. B."},
            {"family": "Lindqvist", "given": "Maja"},
        ],
        "container-title": f"Journal of Examples {number % 40}",
        "issued": {"date-parts": [[1990 + number % 35, 1 + number % 12]]},
        "volume": str(1 + number % 60),
        "issue": str(1 + number % 12),
        "page": f"{number}-{number + 9}",
        "DOI": f"10.5555/bench.{number}",
        "PMID": str(10_000_000 + number),
    }


def file_of(count, format_key):
    """A temporary file with `count` records, each with an abstract of a kilobyte where the
    format has them.
    """
    from references import formats

    abstract = "AB  - " + "Results were measured at twelve weeks. " * 26 + "\nER  - "
    file = tempfile.NamedTemporaryFile("w+", suffix=f".{format_key}", encoding="utf-8")  # noqa: SIM115  closed by the caller
    for number in range(count):
        text = formats.FORMATS[format_key].write(work(number))
        file.write(text.replace("ER  - ", abstract) + "\n" if format_key == "ris" else text + "\n")
    file.flush()
    return file


def resident():
    """Megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def timed_import(name, format_key, steps):
    """([(records, seconds, processor seconds, megabytes)…] at each of `steps`, the Report,
    seconds).
    """
    from references import importing

    start, start_processor = time.perf_counter(), time.process_time()
    marks = [(0, 0.0, 0.0, resident())]

    def progress(report):
        if report.found >= steps[min(len(marks) - 1, len(steps) - 1)]:
            now, processor = time.perf_counter() - start, time.process_time() - start_processor
            marks.append((report.found, now, processor, resident()))

    with Path(name).open("rb") as stream:
        report = importing.import_file(
            stream, file_name=f"bench.{format_key}", by=None, at=timezone.now(), progress=progress
        )
    return marks, report, time.perf_counter() - start


def told(title, marks, report, seconds):
    print(f"{title}: {seconds:.2f} s, {report.found / seconds:,.0f} records a second")
    print(
        f"  found {report.found}, created {report.created}, merged {report.merged}, refused"
        f" {report.refused}"
    )
    first = None
    for (before, earlier, used, _), (after, later, used_now, megabytes) in pairwise(marks):
        rate, cost = (
            (after - before) / (later - earlier),
            1000 * (used_now - used) / (after - before),
        )
        first = first or (rate, cost)
        print(
            f"  to {after:>7,}: {rate:>6,.0f} records a second ({rate / first[0]:.2f} of the"
            f" first), {cost:.2f} ms processor ({cost / first[1]:.2f}), {megabytes:.0f} MB"
        )


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--records", type=int, default=20_000)
    options.add_argument("--format", default="ris", choices=["ris", "nbib", "bibtex"])
    options = options.parse_args()

    from references.models import Reference

    fifths = [options.records * part // 5 for part in range(1, 6)]
    with file_of(1000, options.format) as small, file_of(options.records, options.format) as large:
        told("1,000 records", *timed_import(small.name, options.format, [1000]))
        Reference.objects.all().delete()
        size = Path(large.name).stat().st_size / 1e6
        told(
            f"{options.records:,} records, {size:.0f} MB",
            *timed_import(large.name, options.format, fifths),
        )
        told("the same file again", *timed_import(large.name, options.format, fifths))


if __name__ == "__main__":
    setup_test_environment()
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            # A database in memory would show as memory of the import.
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            print(connection.vendor)
            main()
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
            teardown_test_environment()
