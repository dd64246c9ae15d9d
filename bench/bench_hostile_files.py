"""What reading a hostile file of references costs at most: seconds of processor time and megabytes,
for each.

    .venv/bin/python bench/bench_hostile_files.py [--megabytes 5] [NAME…]

Each file of tests/evidence/hostile_files.py is read in a process of its own, and once more at half
the size: where the time of the whole is much more than twice that of the half, the reader goes over
something again and again. Each record is also printed in both styles, as the page before an import
does.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")

#: Seconds after which a reader is given up.
PATIENCE = 120


def measure(name, size):
    """Read one file in this process, and print its seconds, megabytes, records and refusals."""
    import django

    django.setup()
    from references import citing, formats, previewing
    from tests.evidence.hostile_files import HOSTILE

    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    known_as, make = HOSTILE[name]
    data = make(size)
    data = data if isinstance(data, bytes) else data.encode()
    before, begun = _megabytes(), time.process_time()
    records = refused = 0
    for record in formats.read(data, name, as_format=known_as):
        records, refused = records + 1, refused + bool(record.refused)
        if not record.refused:
            csl = previewing._draft_of(record).csl
            citing.ama(csl), citing.nlm(csl)
    print(time.process_time() - begun, _megabytes() - before, records, refused)


def _megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(name, size):
    run = [sys.executable, __file__, "--one", str(size), name]
    ended = subprocess.run(run, capture_output=True, text=True)
    return [float(word) for word in ended.stdout.split()] if ended.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--megabytes", type=float, default=5)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        return measure(given.names[0], given.one)
    from tests.evidence.hostile_files import HOSTILE

    size = int(given.megabytes * 1e6)
    print(f"{'file':42} {'seconds':>8} {'of half':>8} {'MB':>6} {'records':>8} {'refused':>8}")
    for name in given.names or HOSTILE:
        half, whole = _measured(name, size // 2), _measured(name, size)
        if whole is None:
            print(f"{name:42} did not end in {PATIENCE} seconds, or died")
            continue
        of_half = f"{half[0]:8.2f}" if half else "    died"
        print(
            f"{name:42} {whole[0]:8.2f} {of_half} {whole[1]:6.0f} {whole[2]:8.0f} {whole[3]:8.0f}",
            flush=True,
        )
    return None


if __name__ == "__main__":
    main()
