"""Caches on the way are told when pages have changed: a real server that listens."""

import json
import socket
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from articles.live import purging
from articles.models import PublicState, SafetyNotice
from articles.public import finished_pages
from articles.publishing import jobs
from tests.builders import LATER
from tests.reading.test_finished_pages import KeptAnswers


class ACache:
    """A cache on this machine that takes purges. `answers` with this status."""

    def __init__(self):
        self.purges, self.answers = [], 200
        cache = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                cache.purges.append((self.path, dict(self.headers), json.loads(body)))
                self.send_response(cache.answers)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/purge?all=1"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class APurge(KeptAnswers):
    def setUp(self):
        super().setUp()
        self.cache = ACache()
        self.addCleanup(self.cache.close)
        use = override_settings(
            PURGE_URL=self.cache.url,
            PURGE_HEADER={"Authorization": "Bearer abc"},
            SITE_URL="https://physio.example",
        )
        use.enable()
        self.addCleanup(use.disable)
        only = mock.patch.object(jobs, "JOBS", [jobs.purge_caches])
        only.start()
        self.addCleanup(only.stop)
        jobs.tick(at=LATER)
        self.cache.purges.clear()

    def change(self):
        SafetyNotice.objects.create(article=self.article, text="Stop for now.", opened_at=LATER)

    def test_names_the_key_that_every_kept_answer_has(self):
        self.change()
        purging.purge_what_changed()

        ((path, headers, body),) = self.cache.purges
        self.assertEqual(path, "/purge?all=1")
        self.assertEqual(headers["Authorization"], "Bearer abc")
        page = self.get()
        self.assertEqual(page["Surrogate-Key"], headers["Surrogate-Key"])
        self.assertEqual([page["Cache-Tag"]], body["tags"])
        self.assertEqual(page["Cache-Tag"], "physio.example")

    def test_follows_at_once_on_a_request_that_changes_a_page(self):
        def view(request):
            with transaction.atomic():
                self.change()
                self.assertEqual(self.cache.purges, [], "It came within the transaction.")
            return HttpResponse("done")

        finished_pages.FinishedPages(view)(RequestFactory().post("/admin/"))

        self.assertEqual(len(self.cache.purges), 1)

    def test_does_not_follow_on_a_request_that_changes_nothing(self):
        self.client.post("/articles/warmth/feedback/", {})
        self.get()

        self.assertEqual(self.cache.purges, [])

    def test_comes_within_a_minute_whatever_way_a_row_was_changed(self):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE articles_livearticle SET summary = 'x'")
        jobs.tick(at=LATER)
        jobs.tick(at=LATER)

        self.assertEqual(len(self.cache.purges), 1)

    def test_that_is_not_taken_is_tried_again(self):
        self.cache.answers = 503
        self.change()
        self.assertIn("purge_caches", jobs.tick(at=LATER))
        self.cache.answers = 200
        self.assertNotIn("purge_caches", jobs.tick(at=LATER))
        jobs.tick(at=LATER)

        self.assertEqual(len(self.cache.purges), 2)

    def test_does_not_miss_what_changes_meanwhile(self):
        self.change()
        with mock.patch.object(purging, "send_purge", side_effect=self.change):
            purging.purge_what_changed()

        self.assertTrue(purging.purge_what_changed())
        self.assertFalse(purging.purge_what_changed())

    def test_keeps_nobody_waiting_for_long(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
            with (
                override_settings(PURGE_URL=url),
                mock.patch.object(purging, "_SECONDS", 0.2),
            ):
                began = time.monotonic()
                purging.purge_at_once.enqueue()  # says so in the log, and raises nothing
                with self.assertRaises(purging.NotPurged):
                    purging.send_purge()
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(PublicState.objects.count(), 1)

    def test_is_not_sent_where_nobody_is_to_be_told(self):
        with override_settings(PURGE_URL=""):
            self.change()
            jobs.tick(at=LATER)
            self.assertFalse(self.get("/about/").has_header("Surrogate-Key"))

        self.assertEqual(self.cache.purges, [])
