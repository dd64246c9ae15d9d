"""Whether any page is stale, read under load by several processes while articles change.

    .venv/bin/python bench/check_freshness.py [--database URL] [--reads 100000] [--minutes 60]
        [--redis]

Makes a small site in a temporary folder (or in the empty database that --database names), starts
the production server with two workers, and beside it one that keeps nothing and so says the truth.
Then it publishes, withdraws, renames, confirms, retracts and opens notices, one act after another.
A read that began after an act had returned must show what the truth was after that act, or after
one that began before the read ended. With --redis it runs the second place for kept answers too,
and kills it, starts it again and makes it hang under load. It exits with 1 if a read was wrong.
"""

import argparse
import contextlib
import hashlib
import json
import mmap
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


# What readers and the one who acts share ---------------------------------------------------------


def _number(place):
    """Return a property: the number at this place of what is shared."""

    def read(self):
        return struct.unpack_from("q", self._shared, 8 * place)[0]

    def write(self, value):
        struct.pack_into("q", self._shared, 8 * place, value)

    return property(read, write)


class Progress:
    """Numbers in a file: acts that have begun, acts that have returned, "stop", reads by reader."""

    FORM = struct.Struct("19q")
    _READS = 3

    def __init__(self, path):
        self._file = open(path, "r+b")  # noqa: SIM115  as long as the process
        self._shared = mmap.mmap(self._file.fileno(), self.FORM.size)

    @classmethod
    def new(cls, path):
        Path(path).write_bytes(bytes(cls.FORM.size))
        return cls(path)

    begun, returned, stop = _number(0), _number(1), _number(2)

    def set_reads(self, reader, count):
        struct.pack_into("q", self._shared, 8 * (self._READS + reader), count)

    @property
    def reads(self):
        return sum(self.FORM.unpack_from(self._shared)[self._READS :])


def digest(status, body):
    return f"{status} {hashlib.sha256(body).hexdigest()[:16]}"


# Readers: processes of their own ------------------------------------------------------------------


class Connection:
    """One connection that is kept open, with as little work for a read as can be."""

    def __init__(self, port):
        self.port, self.socket, self.patience = port, None, 30

    def get(self, path):
        """Return (status, body). Raises OSError; the next call opens a new connection then."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), self.patience)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            return self._answer()
        except (OSError, ValueError):
            self.close()
            raise

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def _answer(self):
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more(had=got)
        head, _line, body = got.partition(b"\r\n\r\n")
        length = None
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        if length is None:
            raise ValueError("an answer without a length")
        while len(body) < length:
            body += self._more(had=got)
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), body

    def _more(self, had):
        more = self.socket.recv(65_536)
        if not more:
            raise ConnectionResetError if had else ConnectionAbortedError
        return more


def read_on(port, progress, addresses, reader):
    """Read until told to stop. Prints what was seen, counted, as JSON."""
    seen, failed, slowest = Counter(), Counter(), 0.0
    connection, chance = Connection(port), random.Random(reader)  # noqa: S311  no secret
    for reads in count():
        progress.set_reads(reader, reads)
        if progress.stop:
            break
        number = chance.randrange(len(addresses))
        returned, began = progress.returned, time.perf_counter()
        try:
            status, body = connection.get(addresses[number])
        except ConnectionAbortedError:
            continue  # an idle connection that the server closed: nothing was read
        except (OSError, ValueError) as error:
            failed[repr(error)] += 1
            continue
        slowest = max(slowest, time.perf_counter() - began)
        seen[json.dumps([number, returned, progress.begun, digest(status, body)])] += 1
    print(json.dumps({"seen": seen, "failed": failed, "slowest": slowest}))


# Servers -----------------------------------------------------------------------------------------


def free_port():
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def server(env, *, workers):
    """The server as `make run` starts it; gives its port when it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "physiohub.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--threads", "4", "--preload", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(port):
    for _attempt in range(600):
        with contextlib.suppress(OSError):
            Connection(port).get("/healthz")
            return
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


class Redis:
    """A redis-server of our own that can be killed, started and made to hang."""

    def __init__(self):
        self.port, self.process = free_port(), None
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        if self.process is None:
            command = [
                "redis-server",
                "--port",
                str(self.port),
                "--save",
                "",
                "--bind",
                "127.0.0.1",
            ]
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/tmp")  # noqa: S108

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def suffer(self, act):
        """Be killed, come back, hang or go on, as it is the turn of the act with this number."""
        turn = act % 24
        if turn == 4:
            self.kill()
        elif turn == 10:
            self.start()
        elif turn == 16:
            self.process.send_signal(signal.SIGSTOP)
        elif turn == 22:
            self.process.send_signal(signal.SIGCONT)


# Acts --------------------------------------------------------------------------------------------


class Site:
    """A page and its neighbours, and all that can happen to them."""

    def __init__(self):
        from tests import builders

        self.build, self.minute = builders, count(1)
        self.editor, self.article = builders.an_editor(), builders.a_full_article(slug="warmth")
        builders.published(self.article)
        self.publish_neighbour(0)
        self.first_source = self.source

    def addresses(self):
        condition = self.article.articlecondition_rows.first().condition
        return [
            *["/articles/warmth/", "/articles/warmth/handout/", "/articles/warmth/versions/"],
            *["/articles/warmth/versions/1/", "/", "/articles/", "/conditions/", "/feed/"],
            *["/sitemap.xml", f"/conditions/{condition.slug}/", "/words/", "/references/"],
            *["/articles/cold-0/", f"/references/{self.first_source.uid}/"],
        ]

    def now(self):
        return self.build.LATER + timedelta(minutes=next(self.minute))

    def acts(self):
        """Acts without an end, each to be called."""
        for cycle in count():
            yield self.open_notice
            yield self.settle_notice
            yield self.confirm
            yield lambda cycle=cycle: self.rename(self.neighbour, f"Ice {cycle}")
            yield self.retract
            yield lambda cycle=cycle: self.rename(self.article, f"Warmth {cycle}")
            yield self.withdraw_neighbour
            yield lambda cycle=cycle: self.publish_neighbour(cycle + 1)
            if cycle % 4 == 1:
                yield self.make_sheets

    def publish_neighbour(self, number):
        build = self.build
        self.neighbour = build.a_draft(title=f"Cold {number}", slug=f"cold-{number}")
        row = build.with_condition(self.neighbour)
        row.condition = self.article.articlecondition_rows.first().condition
        row.save()
        self.source = build.a_reference(design="systematic_review")
        build.link(row.claim, self.source, by=self.neighbour.owner)
        build.set_claim(row.claim, certainty="very-low", direction="better")
        build.published(self.neighbour, at=self.now())

    def rename(self, article, title):
        article.title = title
        article.save()
        self.build.published(self.build.edited(article), at=self.now())

    def open_notice(self):
        from articles.models import SafetyNotice

        self.notice = SafetyNotice.objects.create(
            article=self.article, text="Stop for now.", opened_at=self.now()
        )

    def settle_notice(self):
        from articles.live import source_notices

        source_notices.resolve(self.notice, by=self.editor, at=self.now(), resolution="Looked at.")

    def confirm(self):
        from articles.publishing import publishing

        at = self.now()
        publishing.confirm(self.article, by=self.editor, at=at, evidence_searched_on=at.date())

    def retract(self):
        from references import integrity
        from tests.evidence.test_impact import RETRACTION

        integrity.record_notices(self.source, [RETRACTION], by=None, at=self.now())

    def withdraw_neighbour(self):
        from articles.publishing import publishing

        publishing.withdraw(self.neighbour, by=self.editor, at=self.now(), reason="It is old.")

    def make_sheets(self):
        from articles.paper import handouts

        handouts.make_missing(seconds=1)


# The check ---------------------------------------------------------------------------------------


@dataclass
class Found:
    """What readers saw. `wrong` and `failed` say what and how often."""

    reads: int = 0
    acts: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    wrong: Counter = field(default_factory=Counter)
    failed: Counter = field(default_factory=Counter)

    def add(self, said, addresses, truths):
        self.failed.update(said["failed"])
        self.slowest = max(self.slowest, said["slowest"])
        for key, times in said["seen"].items():
            number, returned, begun, saw = json.loads(key)
            self.reads += times
            if all(truths[act][number] != saw for act in range(returned, begun + 1)):
                self.wrong[f"{addresses[number]} after act {returned} to {begun}: {saw}"] += times


def check(env, *, reads, acts=1, readers=3, minutes=60, redis=None):
    """Act and read until there were so many reads and acts on the site `env` names; returns Found.

    It ends after so many `minutes` in any case.

    Django must be set up in this process, with the database of `env`, which must be empty.
    """
    site, found = Site(), Found()
    addresses, truths = site.addresses(), []
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        progress = Progress.new(f"{folder}/progress")
        env = {**env, "PYTHONPATH": str(ROOT)}
        if redis:
            env["CACHE_URL"] = redis.url
        port = stack.enter_context(server(env, workers=2))
        truth_port = stack.enter_context(server({**env, "PAGE_MEMORY": "0"}, workers=1))
        wait_for(port), wait_for(truth_port)
        truth = Connection(truth_port)

        def look():
            truths.append([digest(*truth.get(address)) for address in addresses])

        look()
        given = [str(port), f"{folder}/progress", json.dumps(addresses)]
        command = [sys.executable, __file__, "--reader", *given]
        began = time.monotonic()
        stack.callback(setattr, progress, "stop", 1)  # whatever happens
        processes = [
            subprocess.Popen([*command, str(reader)], stdout=subprocess.PIPE, text=True)
            for reader in range(readers)
        ]
        for number, act in enumerate(site.acts()):
            is_enough = progress.reads >= reads and number >= acts
            if is_enough or time.monotonic() - began > minutes * 60:
                break
            if redis:
                redis.suffer(number)
            progress.begun += 1
            act()
            progress.returned += 1
            truth.close()
            look()
        progress.stop = 1
        found.seconds, found.acts = time.monotonic() - began, progress.returned
        for process in processes:
            found.add(json.loads(process.communicate(timeout=60)[0]), addresses, truths)
    return found


def a_site(folder, database):
    """The environment of an empty site that is ready for the server, made in `folder`."""
    env = {
        **os.environ,
        "SECRET_KEY": "a key for this check alone, long enough to be taken",
        "DATABASE_URL": database or f"sqlite:///{folder}/check.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "SITE_URL": "http://127.0.0.1:8000",
    }
    commands = [["migrate", "-v0"]]
    if not (ROOT / "static-collected" / "staticfiles.json").exists():
        commands.append(["collectstatic", "--noinput", "-v0"])
    for command in commands:
        subprocess.run([sys.executable, ROOT / "manage.py", *command], env=env, check=True)
    return env


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", default="")
    options.add_argument("--reads", type=int, default=100_000)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--redis", action="store_true")
    options.add_argument("--reader", nargs=4, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.reader:
        port, path, addresses, reader = given.reader
        return read_on(int(port), Progress(path), json.loads(addresses), int(reader))
    redis = Redis() if given.redis else None
    try:
        with tempfile.TemporaryDirectory() as folder:
            env = a_site(folder, given.database)
            os.environ.update(env, DJANGO_SETTINGS_MODULE="physiohub.settings")
            sys.path.insert(0, str(ROOT))
            import django

            django.setup()
            found = check(env, reads=given.reads, minutes=given.minutes, redis=redis)
    finally:
        if redis:
            redis.kill()
    report(found)
    sys.exit(bool(found.wrong or found.failed))


def report(found):
    print(
        f"{found.reads} reads in {found.seconds:.0f} seconds, {found.acts} acts, slowest read"
        f" {found.slowest * 1000:.0f} ms:"
        f" {found.wrong.total()} wrong, {found.failed.total()} failed"
    )
    for what, times in (found.wrong + found.failed).most_common(20):
        print(f"{times:>7}  {what}")


if __name__ == "__main__":
    main()
