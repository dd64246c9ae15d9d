"""Eight people press Save at the same moment, on a real server.

One is saved, seven get the merge page.
"""

import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase

from tests.builders import a_clinician, a_draft
from tests.forms import filled_in

EIGHT = 8


class EightSavesAtOnce(TransactionTestCase):
    def setUp(self):
        self.people = [a_clinician() for _ in range(EIGHT)]
        self.article = a_draft(by=self.people[0])
        self.address = f"/admin/articles/article/{self.article.pk}/change/"

    def database(self, folder):
        """The address of a database a server of its own can open.

        A copy of the tests' where that is in memory.
        """
        if connection.vendor == "sqlite":
            path = Path(folder, "together.sqlite3")
            with sqlite3.connect(path) as copy:
                connection.ensure_connection()
                connection.connection.backup(copy)
            copy.close()
            return f"sqlite:///{path}"
        parts = connection.settings_dict
        password = f":{quote(parts['PASSWORD'])}" if parts["PASSWORD"] else ""
        place = f"{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"
        return f"postgres://{parts['USER']}{password}@{place}"

    def start(self, database):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "physiohub.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "2",
                "--threads",
                "4",
                "--log-level",
                "error",
            ],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database, "DEBUG": "true"},
        )
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    return port
            except OSError:
                time.sleep(0.1)
        self.fail("The server does not start.")

    def test_are_one_saved_and_seven_asked(self):
        posts = []
        for number, person in enumerate(self.people):
            client = Client()
            client.force_login(person)
            answer = client.get(self.address)
            data = filled_in(answer, title=f"Title {number}", summary="A new summary.")
            body = urlencode({**data, "csrfmiddlewaretoken": str(answer.context["csrf_token"])})
            cookies = "; ".join(
                f"{cookie.key}={cookie.value}" for cookie in client.cookies.values()
            )
            posts.append((body, cookies))
        with tempfile.TemporaryDirectory() as folder:
            port = self.start(self.database(folder))
            together, answers = threading.Barrier(EIGHT), [None] * EIGHT

            def post(number, body, cookies):
                caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
                together.wait()
                caller.request("POST", self.address, body, headers)
                answer = caller.getresponse()
                answers[number] = (answer.status, b"Changed meanwhile" in answer.read())
                caller.close()

            threads = [
                threading.Thread(target=post, args=(number, *sent))
                for number, sent in enumerate(posts)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        self.assertEqual(Counter(answers), {(302, False): 1, (409, True): EIGHT - 1})
