"""A real Chromium against a real server, for what only a browser can show."""

import os
import shutil
import unittest

from django.conf import settings
from django.contrib.staticfiles.testing import StaticLiveServerTestCase

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split()
)


class BrowserTestCase(StaticLiveServerTestCase):
    """Gives `self.open(address, width, scheme)`; without Chromium it is skipped, and with CI=true it fails."""

    @classmethod
    def setUpClass(cls):
        if not os.path.exists(CHROMIUM):
            if os.environ.get("CI") == "true":
                raise AssertionError("Chromium is not installed: apt-get install chromium")
            raise unittest.SkipTest("Chromium is not installed")
        from playwright.sync_api import sync_playwright

        # Playwright runs an event loop in this thread; Django would refuse the database beside one.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        super().setUpClass()
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.chromium = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cls.addClassCleanup(cls.chromium.close)

    def open(
        self, address, *, width=390, scheme="light", scripts=True, user=None, touch=False, zoom=1,
        motion="no-preference", forced_colours=False,
    ):  # fmt: skip
        """The page at `address`, with `user` logged in if one is given; `self.complaints` and `self.asked` fill up."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, has_touch=touch,
            device_scale_factor=zoom, reduced_motion=motion, forced_colors="active" if forced_colours else "none",
        )  # fmt: skip
        self.addCleanup(context.close)
        if user:
            self.client.force_login(user)
            session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.live_server_url}])
        page = context.new_page()
        self.complaints = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.asked = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(self.live_server_url + address)
        return page
