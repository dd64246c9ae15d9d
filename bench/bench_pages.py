"""What a page costs to serve, as ratios to a bare Django view that sends the same bytes.

    .venv/bin/python bench/bench_pages.py [--database URL] [--rounds 5] [--seconds 3]

Makes a site with the demonstration in a temporary folder (or in the empty database DATABASE names),
starts gunicorn for it and for the bare view, and asks both in turn over one kept connection. CPU is
that of all processes behind an address, the database's with them. It says what each kind of page
costs when it is kept, when the reader has it already, and when nothing is kept.
"""

import argparse
import contextlib
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "/articles/exercise-to-prevent-falls/",
    "/articles/exercise-to-prevent-falls/handout/",
    "/articles/exercise-to-prevent-falls/versions/",
    "/",
    "/articles/",
    "/conditions/",
    "/conditions/falls/",
    "/words/",
    "/references/",
    "/feed/",
    "/sitemap.xml",
)
#: The smallest Django site: one view over ready bytes, no middleware.
BARE = """
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

BODY = open({body!r}, "rb").read()
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 50, MIDDLEWARE=[])
urlpatterns = [path("", lambda request: HttpResponse(BODY))]
application = get_wsgi_application()
"""
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def gunicorn(application, folder, env):
    """A server with one worker; gives its port and its process."""
    port = free_port()
    command = [ROOT / ".venv/bin/gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=folder, env=env)
    try:
        for _attempt in range(300):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def processes_of(process, database):
    """The process, its children, and the backends of its database."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = stat.read_text().rpartition(")")[2].split()
            pid, parent = int(stat.parent.name), int(after_name[1])
            is_ours = process.pid in (pid, parent)
            if not is_ours and database:
                command = (stat.parent / "cmdline").read_text()
                is_ours = command.startswith("postgres:") and f" {database} " in command
            if is_ours:
                yield int(after_name[11]) + int(after_name[12])


def ask(port, path, seconds, headers):
    """Ask over one connection for so long. Returns (answers, the last answer)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        count += 1
    connection.close()
    return count, answer, body


class Target:
    def __init__(self, name, port, process, path, database="", **headers):
        self.name, self.port, self.process, self.path = name, port, process, path
        self.database, self.headers = database, headers
        self.rates, self.costs, self.status = [], [], 0

    def measure(self, seconds):
        before = sum(processes_of(self.process, self.database))
        count, answer, _body = ask(self.port, self.path, seconds, self.headers)
        used = sum(processes_of(self.process, self.database)) - before
        self.status = answer.status
        self.rates.append(count / seconds)
        self.costs.append(used / TICKS / count * 1000)


def a_site(folder, database):
    """The environment of a site with the demonstration, made in `folder`."""
    port_name = f"sqlite:///{folder}/bench.sqlite3"
    env = {
        **os.environ,
        "SECRET_KEY": "a key for the benchmark alone, long enough to be taken",
        "DATABASE_URL": database or port_name,
        "MEDIA_ROOT": f"{folder}/media",
        "SITE_URL": "http://127.0.0.1:8000",
        "PATH": os.environ["PATH"],
    }
    for command in (["migrate", "-v0"], ["demo"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run(
            [sys.executable, ROOT / "manage.py", *command],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return env


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", default="")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3)
    given = options.parse_args()
    name = given.database.rpartition("/")[2]
    with tempfile.TemporaryDirectory() as made, contextlib.ExitStack() as stack:
        env = a_site(made, given.database)
        port, kept = stack.enter_context(gunicorn("physiohub.wsgi", ROOT, env))
        fresh_port, fresh = stack.enter_context(
            gunicorn("physiohub.wsgi", ROOT, {**env, "PAGE_MEMORY": "0"})
        )
        _count, answer, body = ask(port, PAGES[0], 0.01, {})
        Path(made, "body").write_bytes(body)
        Path(made, "bare.py").write_text(BARE.format(body=f"{made}/body"))
        bare_port, bare = stack.enter_context(gunicorn("bare", made, env))

        floor = Target("bare view", bare_port, bare, "/")
        etag = answer.headers["ETag"]
        targets = [
            floor,
            *(Target(f"kept {path}", port, kept, path, name) for path in PAGES),
            Target("304", port, kept, PAGES[0], name, **{"If-None-Match": etag}),
            *(Target(f"fresh {path}", fresh_port, fresh, path, name) for path in PAGES),
        ]
        for target in targets:
            ask(target.port, target.path, 0.3, target.headers)  # warm
        for _round in range(given.rounds):
            for target in targets:
                target.measure(given.seconds)
        report(targets, floor, kept)


def report(targets, floor, kept):
    base = statistics.median(floor.costs)
    print(f"{'':<60}{'status':>7}{'req/s':>8}{'CPU ms':>9}{'/ bare':>8}")
    for target in targets:
        cost, rate = statistics.median(target.costs), statistics.median(target.rates)
        print(f"{target.name:<60}{target.status:>7}{rate:>8.0f}{cost:>9.2f}{cost / base:>8.2f}")
    worker = subprocess.run(
        ["pgrep", "-P", str(kept.pid)], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    print(next(line for line in lines if line.startswith("VmRSS")))


if __name__ == "__main__":
    main()
