"""`python -m tests.fuzzing.run SECONDS|RUNSx [READER…]`: feed each reader for so many seconds.

With "2000x" instead of seconds each gets so many texts, the same ones at every run of the same
code: for CI, where what fails has to come from the change.

atheris leads what it makes up by the lines of our code that a text reaches. Where it cannot be
installed, texts are changed by chance alone, which finds much less, and the run says so. Each
reader has a process of its own. What made one fail is kept in var/fuzzing and makes a small test.
"""

import os
import random
import shutil
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzzing.readers import Reader

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "fuzzing"
#: Seconds for one text, and megabytes: a reader that needs more has failed.
SLOWEST, MOST_MEMORY, LONGEST = 10, 2_000, 20_000
#: The rooms whose lines lead atheris: those that read.
_WATCHED = [
    "articles.evidence.panel_state",
    "articles.findings",
    "articles.imports",
    "articles.richtext",
    "references.citing",
    "references.csl",
    "references.finding",
    "references.formats",
    "references.identifiers",
    "references.typed_lines",
]


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
    os.environ.setdefault("SECRET_KEY", "only for feeding readers, 0123456789-abcdefghij")
    import django

    django.setup()


def _load() -> ModuleType:
    """Import the readers, watched by atheris where it is there. Done once, for it takes seconds."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: texts are changed by chance alone.")
        _set_up()
        from tests.fuzzing import readers
    else:
        with atheris.instrument_imports(include=_WATCHED):
            _set_up()
            from tests.fuzzing import readers
    readers.strict()
    return readers


def _feed_one(one: "Reader", folder: Path, how_long: str) -> None:
    try:
        import atheris
    except ImportError:
        _by_chance(one, folder, how_long)
        return
    is_counted = how_long.endswith("x")
    seeds = folder / "seeds"
    if is_counted:
        shutil.rmtree(seeds, ignore_errors=True)  # what earlier runs found would change this one
    seeds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(one.seeds):
        (seeds / f"given-{number}").write_bytes(seed)
    until = ["-seed=1", f"-runs={how_long[:-1]}"] if is_counted else [f"-max_total_time={how_long}"]
    limits = [*until, f"-timeout={SLOWEST}", f"-max_len={LONGEST}"]
    limits += [f"-rss_limit_mb={MOST_MEMORY}", f"-artifact_prefix={folder}/", "-verbosity=0"]
    atheris.Setup([sys.argv[0], str(seeds), *limits, "-print_final_stats=1"], one)
    atheris.Fuzz()


def _by_chance(one: "Reader", folder: Path, how_long: str) -> None:
    chance, began_at, tried = random.Random(1), time.time(), 0
    most = int(how_long[:-1]) if how_long.endswith("x") else None
    folder.mkdir(parents=True, exist_ok=True)
    while tried < most if most else time.time() - began_at < int(how_long):
        data = _changed(chance.choice(one.seeds), chance)
        began = time.process_time()
        try:
            one(data)
        except BaseException:
            (folder / "crash-by-chance").write_bytes(data)
            raise
        if time.process_time() - began > SLOWEST:
            (folder / "slow-by-chance").write_bytes(data)
            raise RuntimeError(f"over {SLOWEST} seconds for one text")
        tried += 1
    print(f"stat::number_of_executed_units: {tried}")


def _changed(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with pieces cut out, doubled, moved or replaced."""
    for _time in range(chance.randint(1, 8)):
        start, end = sorted(chance.randint(0, len(data)) for _end in range(2))
        piece = data[start:end]
        put = chance.choice(
            [
                b"",
                piece * chance.randint(2, 50),
                piece[::-1],
                chance.randbytes(chance.randint(1, 9)),
            ]
        )
        data = (data[:start] + put + data[end:])[:LONGEST]
    return data


def _start(name: str, one: "Reader", how_long: str) -> int:
    """Feed `one` in a process of its own, and return the number of that process."""
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    if child := os.fork():
        return child
    said = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(said, 1)
    os.dup2(said, 2)
    try:
        _feed_one(one, folder, how_long)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _finish(name: str, status: int) -> bool:
    """Say how it ended, and return whether it failed."""
    said = (KEPT / name / "said.txt").read_text(errors="replace").splitlines()
    tried = [line.split()[-1] for line in said if "executed_units" in line]
    print(f"{name:32} {tried[-1] if tried else '?':>9} texts  {'FAILED' if status else 'ok'}")
    if status:
        print("\n".join(said[-40:]))
    return bool(status)


def main(arguments: list[str]) -> int:
    """Feed the named readers, or all, one on each core. Returns 1 if one failed."""
    how_long, readers = arguments[0], _load().READERS
    waiting = arguments[1:] or sorted(readers)
    failed, running = False, {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            name = waiting.pop(0)
            running[_start(name, readers[name], how_long)] = name
        child, status = os.wait()
        failed = _finish(running.pop(child), status) or failed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
