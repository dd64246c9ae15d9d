"""Servers to measure, questions to them, and what an answer costs.

A server runs in processes of its own. Its cost is the processor time of those, and of the
database's processes that work for it, so it can be measured while other things run.
"""

import contextlib
import os
import re
import selectors
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")

#: The smallest Django site: one view over ready bytes, no middleware. The length is given because
#: without middleware nothing else gives it.
_BARE = """
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

BODY = Path({body!r}).read_bytes()
HEADERS = {{"Content-Length": str(len(BODY))}}
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 50, MIDDLEWARE=[])
urlpatterns = [path("", lambda request: HttpResponse(BODY, headers=HEADERS))]
application = get_wsgi_application()
"""

_NGINX = """
daemon off;
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    types {{ text/html html; }}
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def _free_port():
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def command_of_make_run(application, port):
    """Return the server's command as the Makefile has it, for another application and port."""
    recipe = re.search(r"^run:.*\n((?:[\t#].*\n)+)", Path(ROOT, "Makefile").read_text(), re.M)[1]
    lines = [line for line in recipe.splitlines() if "physiohub.wsgi" in line]
    line = lines[-1].strip().lstrip("@").removeprefix("exec ")
    line = line.replace("$(PORT)", str(port)).replace("$(PY)", ".venv/bin/python")
    words = shlex.split(line.replace("physiohub.wsgi", application))
    return [str(ROOT / word) if word.startswith(".venv/") else word for word in words]


def server_of_make_run():
    """Return the command as a reader may see it: without folders."""
    return " ".join(command_of_make_run("physiohub.wsgi", 8000)).replace(f"{ROOT}/.venv/bin/", "")


@dataclass
class Server:
    port: int
    pid: int
    #: The database on a PostgreSQL server of this machine; "" for none.
    database: str = ""

    def cost(self):
        """Return the processor seconds of its processes until now."""
        return sum(_processor_seconds(pid) for pid in self._pids())

    def memory(self):
        """Return its megabytes; what its processes share counts once. None where not told."""
        found = []
        for pid in _descendants(self.pid):
            with contextlib.suppress(OSError):
                text = Path(f"/proc/{pid}/smaps_rollup").read_text()
                found.append(int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) / 1024)
        return sum(found) or None

    def _pids(self):
        return [*_descendants(self.pid), *backends(self.database)]


def _descendants(pid):
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def backends(database):
    """Return the processes of PostgreSQL that work on `database`, if it is on this machine."""
    found = []
    if database:
        for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = cmdline.read_text().replace("\0", " ")
                if words.startswith("postgres:") and f" {database} " in words:
                    found.append(int(cmdline.parent.name))
    return found


def _processor_seconds(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextlib.contextmanager
def _running(command, folder, env, port, database=""):
    log = Path(folder, f"server-{port}.log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait_for(port, process, log)
        yield Server(port, process.pid, database)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port, process, log):
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"A server did not start: {log.read_text()[-2000:]}")


def site(folder, env, database=""):
    """Run the site under the server of `make run`. Its files are found through PYTHONPATH."""
    port = _free_port()
    env = {**env, "PYTHONPATH": str(ROOT)}
    return _running(command_of_make_run("physiohub.wsgi", port), folder, env, port, database)


def bare_view(folder, body):
    """Run a Django view that sends `body` under the same server."""
    Path(folder, "body").write_bytes(body)
    Path(folder, "bare.py").write_text(_BARE.format(body=f"{folder}/body"))
    port = _free_port()
    env = {**os.environ, "PYTHONPATH": str(folder)}
    return _running(command_of_make_run("bare", port), folder, env, port)


def nginx_program():
    """Return the path of nginx, or None where it is not installed."""
    return shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")


def nginx(folder, body):
    """Run nginx that sends `body` from a file."""
    port = _free_port()
    Path(folder, "files").mkdir()
    Path(folder, "files", "index.html").write_bytes(body)
    user = "user root;" if os.geteuid() == 0 else ""
    config = Path(folder, "nginx.conf")
    config.write_text(_NGINX.format(folder=folder, port=port, user=user))
    # -e: else it tries to open the log of the system first.
    command = [nginx_program(), "-p", folder, "-e", f"{folder}/error.log", "-c", config]
    return _running(list(map(str, command)), folder, dict(os.environ), port)


def any_wsgi(application, folder, env, database=""):
    """Run another application under the server of `make run`, in the virtual environment of
    `folder`.
    """
    port = _free_port()
    command = command_of_make_run(application, port)
    command[0] = str(Path(folder, "venv/bin", Path(command[0]).name))
    return _running(command, folder, {**env, "PYTHONPATH": str(folder)}, port, database)


@dataclass
class Answers:
    """What came back to many equal questions."""

    count: int
    seconds: float
    status: int
    head: bytes
    body: bytes


class _Asking:
    """One kept connection that asks again as soon as it was answered."""

    def __init__(self, port, request, selector):
        self._port, self._request, self._selector = port, request, selector
        self._got, self._refused = b"", 0
        self._connect()

    def _connect(self):
        self._socket = socket.create_connection(("127.0.0.1", self._port), 120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(self._socket, selectors.EVENT_READ, self)

    def close(self):
        self._selector.unregister(self._socket)
        self._socket.close()

    def ask(self):
        self._got = b""
        try:
            self._socket.sendall(self._request)
        except OSError:
            self._ask_again()

    def _ask_again(self):
        """A server may end a connection that was quiet for a while, as gunicorn does."""
        self._refused += 1
        if self._refused > 20:
            raise ConnectionError("The server ends every connection.")
        self.close()
        self._connect()
        self.ask()

    def read(self):
        """Return (head, body) once the whole answer is here, else None."""
        try:
            more = self._socket.recv(1 << 18)
        except ConnectionError:
            more = b""
        if not more:
            self._ask_again()
            return None
        self._got += more
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end:
            return None
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        has_none = head[9:12] in (b"304", b"204")
        if not length and not has_none:
            raise ValueError(f"This answer does not say how long it is: {head[:300]!r}")
        if not has_none and len(body) < int(length[1]):
            return None
        self._refused = 0
        return head, body


def ask(port, path, *, seconds, connections=1, headers=()):
    """Ask for `path` over so many connections at once, for so long and at least once each."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers]
    request = "\r\n".join([*lines, "", ""]).encode()
    selector = selectors.DefaultSelector()
    start = time.perf_counter()
    for one in [_Asking(port, request, selector) for _ in range(connections)]:
        one.ask()
    waiting, count, last = connections, 0, None
    while waiting:
        for key, _events in selector.select():
            if answer := key.data.read():
                count, last = count + 1, answer
                if time.perf_counter() - start < seconds:
                    key.data.ask()
                else:
                    key.data.close()
                    waiting -= 1
    selector.close()
    took = time.perf_counter() - start
    head, body = last
    return Answers(count, took, int(head[9:12]), head, body)


def manage(*command, env, quiet=True):
    """Run a command of manage.py."""
    subprocess.run(
        [sys.executable, ROOT / "manage.py", *map(str, command)],
        env=env,
        check=True,
        stdout=subprocess.DEVNULL if quiet else None,
    )
