"""What `make bench` measures, and that docs/performance.md says what it found."""

import copy
import http.server
import itertools
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from defusedxml import ElementTree
from django.test import SimpleTestCase, TestCase

from articles import urls
from bench import acts, performance_page, serving
from tests.builders import LATER, a_full_article, edited, published

ROOT = Path(__file__).resolve().parent.parent.parent


SAVED = ROOT / "docs/performance.json"


def some_figures():
    """Figures of the shape `make bench` saves, no two alike."""
    count = itertools.count(1)
    rows = [
        {
            "name": name,
            "status": 200,
            "bytes": next(count),
            "cpu_ms": {"1": next(count), "16": next(count)},
            "rate": {"1": next(count), "16": next(count)},
        }
        for name in ("nginx", "bare", "kept", "unchanged", "fresh")
    ]

    def at_a_size():
        return {
            "pages": {
                name: {"fresh": next(count), "kept": next(count)}
                for name in ("home", "article", "condition", "search, common word")
            },
            "acts": {"publish it": next(count)},
            "memory_mb": next(count),
            "database_mb": next(count),
        }

    databases = ("sqlite", "postgresql")
    return {
        "date": "2026-12-01",
        "machine": {
            "processor": "A processor",
            "cores": 2,
            "memory_gb": 16,
            "python": "3.11",
            "django": "5.2",
            "server": "a server",
            "load_before": 0.1,
            "rounds": 3,
            "seconds": 2,
        },
        "one_page": {one: {"rows": copy.deepcopy(rows), "memory_mb": 200} for one in databases},
        "growth": {one: {size: at_a_size() for size in ("100", "10000")} for one in databases},
    }


class ThePageOfFigures(SimpleTestCase):
    def test_and_its_picture_are_what_is_made_of_the_saved_figures(self):
        page, picture = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
        if not SAVED.exists():
            # `make bench WRITE=1` writes all three. None stands without its figures.
            self.assertEqual([path.exists() for path in (page, picture)], [False, False])
            return
        figures = json.loads(SAVED.read_text())

        self.assertEqual(page.read_text(), performance_page.page_of(figures))
        self.assertEqual(picture.read_text(), performance_page.picture_of(figures))

    def test_changes_with_every_figure_of_its_tables(self):
        figures = some_figures()
        before = performance_page.page_of(figures)
        for database in figures["growth"].values():
            for at in database.values():
                for page, kind in itertools.product(at["pages"], ("fresh", "kept")):
                    at["pages"][page][kind] *= 3
                    changed = performance_page.page_of(figures)
                    self.assertNotEqual(changed, before, page)
                    before = changed

    def test_says_that_other_work_ran(self):
        figures = some_figures()
        self.assertNotIn("Other work ran", performance_page.page_of(figures))
        figures["machine"]["load_before"] = 1.5
        self.assertIn("Other work ran", performance_page.page_of(figures))

    def test_has_a_picture_with_words_as_text_for_light_and_dark(self):
        picture = performance_page.picture_of(some_figures())

        self.assertEqual(picture.count('class="title"'), 2)
        self.assertIn(">10,000 articles</text>", picture)
        self.assertIn("prefers-color-scheme: dark", picture)
        ElementTree.fromstring(picture)

    def test_makes_do_without_what_was_not_measured(self):
        figures = some_figures()
        for name in ("growth", "one_page"):
            del figures[name]["postgresql"]
        del figures["one_page"]["sqlite"]["rows"][0]

        page = performance_page.page_of(figures)

        self.assertNotIn("nginx sends", page)
        self.assertNotIn("| PostgreSQL", page)
        self.assertEqual(performance_page.picture_of(figures).count('class="title"'), 1)


class WhatIsMeasured(TestCase):
    def test_is_every_public_address_but_those_with_a_reason(self):
        published(a_full_article())
        measured = {name.split(",")[0] for name in acts.addresses()}
        names = {pattern.name for pattern in urls.urlpatterns}

        self.assertEqual(measured | acts.NOT_MEASURED.keys(), names)
        self.assertFalse(measured & acts.NOT_MEASURED.keys())

    def test_is_there_to_be_asked_for(self):
        article = a_full_article()
        published(article)
        published(edited(article), at=LATER)
        # A library of two pages has one page of its list.
        for name, (address, _is_kept) in acts.addresses().items():
            wanted = 404 if name == "article_list, page 5" else 200
            self.assertEqual(self.client.get(address).status_code, wanted, name)


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    body = b"x" * 300_000

    def do_GET(self):
        is_known = self.headers["If-None-Match"] == "known"
        self.send_response(304 if is_known else 200)
        if not is_known:
            self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        if not is_known:
            self.wfile.write(self.body)

    def log_message(self, *args):
        self.server.asked += 1


class AskingAServer(SimpleTestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        self.server.asked = 0
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def ask(self, **how):
        return serving.ask(self.server.server_port, "/", **{"seconds": 0.2, **how})

    def test_counts_whole_answers_and_no_others(self):
        for connections in (1, 16):
            before = self.server.asked
            answers = self.ask(connections=connections)
            self.assertEqual(answers.count, self.server.asked - before)
            self.assertGreaterEqual(answers.count, connections)
            self.assertEqual(len(answers.body), len(_Answers.body))
            self.assertEqual(answers.status, 200)

    def test_takes_an_answer_that_has_no_body(self):
        answers = self.ask(headers=["If-None-Match: known"])
        self.assertEqual((answers.status, answers.body), (304, b""))


class TheCostOfAServer(SimpleTestCase):
    def test_is_that_of_all_its_processes(self):
        # More than is waited for: the kernel rounds each of two figures down to a hundredth.
        work = "import time\nwhile time.process_time() < 0.4: pass\n"
        parent = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {work!r}"
        parent += " + 'time.sleep(60)'])\nprint('begun', flush=True)\ntime.sleep(60)"
        process = subprocess.Popen(
            [sys.executable, "-c", parent], stdout=subprocess.PIPE, start_new_session=True
        )
        server = serving.Server(0, process.pid)
        self.addCleanup(self.end, server, process)
        process.stdout.readline()
        until = time.monotonic() + 60
        while server.cost() < 0.3 and time.monotonic() < until:
            time.sleep(0.05)

        self.assertGreaterEqual(server.cost(), 0.3)
        self.assertGreater(server.memory(), 5)

    def end(self, server, process):
        for pid in reversed(serving._descendants(server.pid)):
            subprocess.run(["kill", str(pid)], check=False)
        process.wait()
        process.stdout.close()

    def test_is_measured_under_the_server_of_make_run(self):
        said = serving.server_of_make_run()
        self.assertIn(said.split(" --")[0], (ROOT / "Makefile").read_text())
        command = serving.command_of_make_run("bare", 8123)
        self.assertIn("8123", " ".join(command))
        self.assertNotIn("physiohub.wsgi", " ".join(command))
