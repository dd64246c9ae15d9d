"""A real Chromium against a real server, for what only a browser can show."""

import mimetypes
import os
import shutil
import threading
import time
import unittest
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.core.signals import request_finished, request_started
from django.test import Client

#: The headless shell is the same engine without the windows of a desktop browser: a page opens five
#: times as fast.
CHROMIUM = (
    shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-sync".split()
)


class _Unanswered:
    """Counts the requests that the live server has begun to answer and not finished.

    A page that is closed may still have one on its way (a text kept while leaving). Emptying the
    tables beside it is a deadlock on PostgreSQL.
    """

    def __init__(self):
        self.changed, self.begun = threading.Condition(), set()
        request_started.connect(self.begins)
        request_finished.connect(self.ends)

    def begins(self, **said):
        with self.changed:
            self.begun.add(threading.get_ident())

    def ends(self, **said):
        with self.changed:
            self.begun.discard(threading.get_ident())
            self.changed.notify_all()

    def wait(self, *, longest=20, quiet=0.05):
        """Return once nothing is being answered for `quiet` seconds.

        AssertionError after `longest`.
        """
        until = time.monotonic() + longest
        while True:
            with self.changed:
                self.begun.discard(
                    threading.get_ident()
                )  # a client of this very thread has its answer
                if not self.changed.wait_for(
                    lambda: not self.begun, timeout=until - time.monotonic()
                ):
                    raise AssertionError(
                        "The live server is still busy with a request of this test."
                    )
            time.sleep(quiet)
            if not self.begun:
                return


UNANSWERED = _Unanswered()


@cache
def _static_file(path):
    """(headers, bytes) of a static file; FileNotFoundError."""
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(path)
    body = Path(found).read_bytes()
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return [("Content-Type", kind), ("Content-Length", str(len(body)))], body


class _StaticFilesFromMemory(StaticFilesHandler):
    """A page of the editor asks for 80 static files, and each took a search of its own."""

    def __call__(self, environ, start_response):
        address = environ.get("PATH_INFO", "")
        if not self._should_handle(address):
            return super().__call__(environ, start_response)
        try:
            headers, body = _static_file(self.file_path(address))
        except FileNotFoundError:
            return super().__call__(environ, start_response)
        start_response("200 OK", headers)
        return [body]


class BrowserTestCase(StaticLiveServerTestCase):
    """Gives `self.open(address, width, scheme)`.

    Without Chromium it is skipped, and with CI=true it fails.
    """

    static_handler = _StaticFilesFromMemory

    @classmethod
    def setUpClass(cls):
        if not os.path.exists(CHROMIUM):
            if os.environ.get("CI") == "true":
                raise AssertionError(
                    "Chromium is not installed: apt-get install chromium-headless-shell"
                )
            raise unittest.SkipTest("Chromium is not installed")
        from playwright.sync_api import sync_playwright

        # Playwright runs an event loop in this thread; Django would refuse the database beside one.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        super().setUpClass()
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.chromium = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cls.addClassCleanup(cls.chromium.close)

    def _fixture_teardown(self):
        UNANSWERED.wait()
        super()._fixture_teardown()

    @contextmanager
    def subTest(self, message="", **parameters):  # noqa: N802 - Django and unittest call it so
        """A part of a test. Here one that fails fails the test: only a whole test can run again."""
        try:
            yield
        except Exception as problem:
            problem.add_note(f"In the part {message or ''} {parameters or ''}")
            raise

    def becomes_true(self, page, expression, *, longest=10):
        """Wait until the script `expression` is true on `page`.

        Playwright's own runs into the pages' policy.
        """
        until = time.monotonic() + longest
        while not page.evaluate(expression):
            self.assertLess(time.monotonic(), until, f"It never became true: {expression}")
            page.wait_for_timeout(50)

    def open(
        self,
        address,
        *,
        width=390,
        scheme="light",
        scripts=True,
        user=None,
        touch=False,
        zoom=1,
        motion="no-preference",
        forced_colours=False,
    ):
        """The page at `address`, with `user` logged in if one is given.

        `self.complaints` and `self.asked` fill up.
        """
        context = self.chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            java_script_enabled=scripts,
            has_touch=touch,
            device_scale_factor=zoom,
            reduced_motion=motion,
            forced_colors="active" if forced_colours else "none",
        )
        self.addCleanup(context.close)
        if user:
            client = Client()  # of its own: several people may be logged in at once
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": session,
                        "url": self.live_server_url,
                    }
                ]
            )
        page = context.new_page()
        self.complaints = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.asked = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(self.live_server_url + address)
        return page
