"""What the server itself adds to an answer, and says where a request is none."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase


def _free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class TheServer(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.port = _free_port()
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "wsgiref.simple_server:demo_app",
                "--workers=1",
                f"--config={Path(settings.BASE_DIR) / 'gunicorn.conf.py'}",
                f"--bind=127.0.0.1:{cls.port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)

    def answer_to(self, request):
        until = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=20) as talking:
                    talking.sendall(request)
                    return b"".join(iter(lambda: talking.recv(65536), b"")).decode("latin1")
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def test_does_not_name_itself(self):
        answer = self.answer_to(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

        self.assertTrue(answer.startswith("HTTP/1.1 200"))
        head = answer.split("\r\n\r\n")[0].lower()
        self.assertIn("date:", head)
        self.assertNotIn("server:", head)

    def test_says_of_what_is_no_request_only_that(self):
        for request in (
            b"<script>alert(1)</script>\r\n\r\n",
            b"GET /%b\r\n\r\n" % (b"a" * 9_000),
        ):
            answer = self.answer_to(request)

            self.assertIn("charset=utf-8", answer)
            self.assertIn("Permissions-Policy", answer)
            self.assertIn("This request cannot be read.", answer)
            self.assertNotIn("script>", answer)
            self.assertNotIn("gunicorn", answer.lower())
