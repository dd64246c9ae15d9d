"""Which server serves the site best: gunicorn and, where it is installed, granian.

    .venv/bin/pip install granian     # in an environment of your own
    .venv/bin/python bench/bench_servers.py [--requests 2000] [--slow 60]

Takes the site that DATABASE_URL names. Says of each server, with two workers of four threads: the
time to its first page, CPU a request of a kept page and of the smallest view, memory of a worker
(PSS), how long a reader waits while many slow clients hold their connections, directly and behind
nginx where that is installed, and how many requests fail when it reloads or a worker is killed.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.check_freshness import Connection, free_port, wait_for

PAGE = "/articles/exercise-to-prevent-falls/"
TICKS = os.sysconf("SC_CLK_TCK")
NGINX = """
pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  upstream site {{ server 127.0.0.1:{behind}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://site; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $host;
    }}
  }}
}}
"""


def commands(port):
    bind = f"127.0.0.1:{port}"
    found = {"gunicorn": ["gunicorn", "physiohub.wsgi", "--bind", bind, "--log-level", "error"]}
    if find_spec("granian"):
        found["granian"] = [
            *["granian", "--interface", "wsgi", "physiohub.wsgi:application", "--no-ws"],
            *["--host", "127.0.0.1", "--port", str(port), "--workers", "2"],
            *["--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "error"],
        ]
    return {name: [sys.executable, "-m", *command] for name, command in found.items()}


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def family(process):
    """The process and its children, by pid."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if process.pid in (int(stat.parent.name), int(fields[1])):
                found[int(stat.parent.name)] = int(fields[11]) + int(fields[12])
    return found


def cpu_of(process, connection, path, requests):
    before = sum(family(process).values())
    for _request in range(requests):
        connection.get(path)
    return (sum(family(process).values()) - before) / TICKS / requests * 1000


def memory_of(pid):
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def wait_beside(slow, port):
    """Milliseconds a reader waits while `slow` clients have sent half a request: (median, most)."""
    clients = [socket.create_connection(("127.0.0.1", port), 5) for _each in range(slow)]
    try:
        for client in clients:
            client.sendall(f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow".encode())
        time.sleep(0.5)
        waits = []
        for _read in range(10):
            began = time.perf_counter()
            with contextlib.suppress(OSError):
                connection = Connection(port)
                connection.patience = 10
                connection.get(PAGE)
                connection.close()
            waits.append((time.perf_counter() - began) * 1000)
        return statistics.median(waits), max(waits)
    finally:
        for client in clients:
            client.close()


def failures_during(act, port):
    """Requests that failed while `act` was done and for some seconds after it, of how many."""
    counts, is_over = {"failed": 0, "asked": 0}, threading.Event()

    def read():
        connection = Connection(port)
        while not is_over.is_set():
            counts["asked"] += 1
            try:
                status, _body = connection.get(PAGE)
                counts["failed"] += status != 200
            except ConnectionAbortedError:
                continue
            except (OSError, ValueError):
                counts["failed"] += 1
                time.sleep(0.01)

    readers = [threading.Thread(target=read) for _each in range(3)]
    for reader in readers:
        reader.start()
    act()
    time.sleep(8)
    is_over.set()
    for reader in readers:
        reader.join()
    return f"{counts['failed']} of {counts['asked']}"


def measure(name, port, command, requests, slow):
    began = time.monotonic()
    with running(command) as process:
        wait_for(port)
        Connection(port).get(PAGE)
        print(f"{name}: first page after {time.monotonic() - began:.2f} s")
        connection = Connection(port)
        for path in (PAGE, "/healthz"):
            cpu_of(process, connection, path, 50)
            cost = cpu_of(process, connection, path, requests)
            print(f"{name}: {cost:.2f} ms of CPU a request of {path}")
        connection.close()
        workers = sorted(set(family(process)) - {process.pid})
        print(f"{name}: memory of workers, MB:", [round(memory_of(pid)) for pid in workers])
        median, most = wait_beside(slow, port)
        print(f"{name}: beside {slow} slow clients a reader waits {median:.0f} ms, most {most:.0f}")
        behind_nginx(name, port, slow)
        killed = failures_during(lambda: os.kill(workers[0], signal.SIGKILL), port)
        print(f"{name}: failed when a worker was killed: {killed}")
        loaded = failures_during(lambda: process.send_signal(signal.SIGHUP), port)
        print(f"{name}: failed when it reloaded: {loaded}")


def behind_nginx(name, behind, slow):
    if not shutil.which("nginx"):
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conf").write_text(NGINX.format(folder=folder, port=port, behind=behind))
        with running(["nginx", "-p", folder, "-c", f"{folder}/conf"]):
            wait_for(port)
            median, most = wait_beside(slow, port)
    print(f"{name}: the same behind nginx {median:.0f} ms, most {most:.0f}")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=2_000)
    options.add_argument("--slow", type=int, default=60)
    given = options.parse_args()
    port = free_port()
    for name, command in commands(port).items():
        measure(name, port, command, given.requests, given.slow)


if __name__ == "__main__":
    main()
