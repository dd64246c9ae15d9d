"""What the site costs to run, beside the least it could cost: `make bench`.

    .venv/bin/python bench/bench_performance.py [--sizes 100,10000] [--postgres URL] [--quick]
        [--wagtail] [--write] [--libraries FOLDER]

Starts the site as `make run` does, with one article page that is asked for in turn with the same
bytes from a bare Django view (under the same server), from nginx (if it is installed) and, on
request, with the same words from Wagtail. Then it grows made-up libraries and measures every public
page, with and without kept answers, and what editors do. On SQLite; on PostgreSQL too with the
address of a server where databases may be made, like postgres://postgres@127.0.0.1:5432/. All of it
is in temporary folders and databases. --write saves docs/performance.json, .md and .svg.
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import performance_page, serving, wagtail_site
from bench.databases import SQLite, a_database, environment_of, libraries

ROOT = serving.ROOT
ARTICLE = "/articles/exercise-to-prevent-falls/"
COLLECTED = ROOT / "static-collected"


def say(words):
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


@dataclass
class Target:
    """One thing that is asked for, and what each round of asking gave."""

    name: str
    server: serving.Server
    path: str
    headers: tuple[str, ...] = ()
    rates: dict[int, list[float]] = field(default_factory=dict)
    costs: dict[int, list[float]] = field(default_factory=dict)
    last: serving.Answers | None = None

    def measure(self, seconds, connections=1):
        before = self.server.cost()
        answers = serving.ask(
            self.server.port,
            self.path,
            seconds=seconds,
            connections=connections,
            headers=self.headers,
        )
        used = 1000 * (self.server.cost() - before)
        self.last = answers
        self.rates.setdefault(connections, []).append(answers.count / answers.seconds)
        # Together, not a median: a tick of the clock is ten milliseconds.
        self.costs.setdefault(connections, []).append((used, answers.count))

    def cost(self, connections=1):
        used, count = map(sum, zip(*self.costs[connections], strict=True))
        return used / count

    def figures(self):
        return {
            "name": self.name,
            "status": self.last.status,
            "bytes": len(self.last.body),
            "cpu_ms": {str(c): round(self.cost(c), 4) for c in self.costs},
            "rate": {str(c): round(statistics.median(self.rates[c]), 1) for c in self.rates},
        }


def etag_of(answers):
    return re.search(rb"(?i)\r\netag: *([^\r]+)", answers.head)[1].decode()


def one_page(kind, given):
    """What one page costs beside the least it could cost."""
    with contextlib.ExitStack() as stack:
        bare, still = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
        database = stack.enter_context(a_database(kind, given.postgres))
        folder, name, env = database.folder, database.name, environment_of(database)
        serving.manage("demo", env=env)
        kept = stack.enter_context(serving.site(folder, env, name))
        fresh = stack.enter_context(serving.site(folder, {**env, "PAGE_MEMORY": "0"}, name))
        answers = serving.ask(kept.port, ARTICLE, seconds=0)
        floor = stack.enter_context(serving.bare_view(bare, answers.body))
        targets = [
            Target("bare", floor, "/"),
            Target("kept", kept, ARTICLE),
            Target("unchanged", kept, ARTICLE, (f"If-None-Match: {etag_of(answers)}",)),
            Target("fresh", fresh, ARTICLE),
        ]
        if serving.nginx_program():
            limit = stack.enter_context(serving.nginx(still, answers.body))
            targets.insert(0, Target("nginx", limit, "/"))
        if given.wagtail:
            other = stack.enter_context(wagtail_site.running(answers.body, database.address, name))
            targets.append(Target("wagtail", other, wagtail_site.PATH))
        in_turn(targets, given.rounds, given.seconds, (1, 16))
        return {
            "rows": [target.figures() for target in targets],
            "memory_mb": kept.memory() and round(kept.memory()),
        }


def in_turn(targets, rounds, seconds, connections):
    for target in targets:
        serving.ask(target.server.port, target.path, seconds=0.3, headers=target.headers)
    for _round in range(rounds):
        for target in targets:
            for count in connections:
                target.measure(seconds, count)


def growth(kind, given):
    """{size: what pages and acts cost}: a library of each size, and all of them asked in turn."""
    with (
        libraries(kind, given.postgres, given.sizes, given.libraries, say) as databases,
        contextlib.ExitStack() as servers,
    ):
        acts = {size: acts_in(environment_of(database)) for size, database in databases.items()}
        targets = {
            size: targets_in(servers, environment_of(database), database)
            for size, database in databases.items()
        }
        every = [target for of_size in targets.values() for target in of_size]
        in_turn(
            sorted(every, key=lambda target: target.name), given.rounds, given.seconds / 2, (1,)
        )
        memory = {size: of_size[0].server.memory() for size, of_size in targets.items()}
        servers.close()
        return {
            str(size): {
                "pages": pages_of(targets[size]),
                "acts": acts[size],
                "memory_mb": memory[size] and round(memory[size]),
                "database_mb": database.megabytes(),
            }
            for size, database in databases.items()
        }


def targets_in(servers, env, database):
    """[what is asked for] in one library: the site that keeps answers comes first."""
    kept = servers.enter_context(serving.site(database.folder, env, database.name))
    without = {**env, "PAGE_MEMORY": "0"}
    fresh = servers.enter_context(serving.site(database.folder, without, database.name))
    targets = []
    for page, (address, is_kept) in asked_inside(env, "addresses").items():
        if serving.ask(fresh.port, address, seconds=0).status != 200:
            continue
        if is_kept:
            targets.append(Target(f"{page} kept", kept, address))
        targets.append(Target(f"{page} fresh", fresh, address))
    return targets


def pages_of(targets):
    """{page: {"fresh": milliseconds, "kept": milliseconds or None}}"""
    costs = {target.name: round(target.cost(), 3) for target in targets}
    pages = [name.removesuffix(" fresh") for name in costs if name.endswith(" fresh")]
    return {
        page: {"fresh": costs[f"{page} fresh"], "kept": costs.get(f"{page} kept")} for page in pages
    }


def acts_in(env):
    return {act: round(ms, 2) for act, ms in asked_inside(env, "acts").items()}


def asked_inside(env, what):
    command = [sys.executable, ROOT / "bench/acts.py", what]
    answer = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout)


def machine(given):
    """What it was measured on, in words for a reader."""
    import django

    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "python": platform.python_version(),
        "django": django.get_version(),
        "server": serving.server_of_make_run(),
        "load_before": round(os.getloadavg()[0], 1),
        "rounds": given.rounds,
        "seconds": given.seconds,
    }


@contextlib.contextmanager
def collected_files():
    """Have the static files in the place where the site looks for them, as after `make run`."""
    were_there = COLLECTED.exists()
    env = environment_of(SQLite("/nowhere", "none"))
    serving.manage("collectstatic", "--noinput", "-v0", env=env)
    try:
        yield
    finally:
        if not were_there:
            shutil.rmtree(COLLECTED)


def options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="100,10000", help="how many articles, with commas")
    parser.add_argument("--postgres", default="", help="the address of a PostgreSQL server")
    parser.add_argument("--libraries", default="", help="a folder where the libraries are kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one round of one page")
    parser.add_argument("--quick", action="store_true", help="two minutes, rough figures")
    parser.add_argument("--wagtail", action="store_true", help="measure Wagtail as well")
    parser.add_argument("--write", action="store_true", help="write docs/performance.*")
    parser.add_argument(
        "--rewrite", action="store_true", help="write the page again from the saved figures"
    )
    given = parser.parse_args()
    if given.quick:
        given.sizes, given.rounds, given.seconds = "20,200", 1, 0.6
    given.sizes = sorted(int(size) for size in given.sizes.split(","))
    return given


def main():
    given = options()
    if given.rewrite:
        saved = json.loads((ROOT / "docs/performance.json").read_text())
        return performance_page.write(saved, ROOT / "docs")
    figures = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(given),
        "one_page": {},
        "growth": {},
    }
    if not serving.nginx_program():
        say("nginx is not installed, so its row is missing.")
    kinds = ["sqlite", "postgresql"] if given.postgres else ["sqlite"]
    with collected_files():
        for kind in kinds:
            say(f"{kind}: one page beside others")
            figures["one_page"][kind] = one_page(kind, given)
            figures["growth"][kind] = growth(kind, given)
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if given.write:
        performance_page.write(figures, ROOT / "docs")
        say("docs/performance.json, .md and .svg are written.")
    else:
        print(performance_page.page_of(figures))


if __name__ == "__main__":
    main()
