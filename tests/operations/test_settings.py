"""A wrong setting stops the start with one plain sentence."""

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase

from physiohub import environment

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "a key for the tests alone, long enough to be taken",
    "DATABASE_URL": "sqlite:////tmp/none.sqlite3",
}


class AWrongSetting(SimpleTestCase):
    def start(self, **wrong):
        done = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **GOOD, **wrong},
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1)
        return done.stderr

    def test_is_named_with_what_to_write_instead(self):
        for name, value, words in (
            ("DEBUG", "yes", 'DEBUG is "yes". Set it to "true" or "false".'),
            ("SECRET_KEY", "short", "too easy to guess"),
            (
                "DATABASE_URL",
                "mysql://me:secret@db/physio",
                'must start with "sqlite:///" or "postgres://"',
            ),
            ("ALLOWED_HOSTS", "*", "List the host names"),
            ("SECOND_FACTOR", "no", 'Set it to "on" or "off".'),
            ("REMEMBER_DEVICE_DAYS", "31", "from 0 to 30"),
            ("ALLOWED_HOSTS", "physio.example,*.example", "List the host names"),
            ("ALLOWED_HOSTS", ".example", "List the host names"),
            ("ALLOWED_HOSTS", ".", "List the host names"),
            ("SITE_URL", "physio.example", "the address readers use"),
            ("SITE_URL", "http://physio.example", "would travel in the open"),
            ("SITE_URL", "http://8.8.8.8:8000", "would travel in the open"),
            ("SITE_URL", "http://[2a00:1450::1]", "would travel in the open"),
            ("SECRET_KEY", "changemechangemechangemechangemechangeme", "too easy to guess"),
            ("SECRET_KEY", "0123456789" * 5, "too easy to guess"),
            (
                "SECRET_KEY",
                "django-insecure-8#k!q2z^v9@w4r$t6y&u1i0p-3s5d7f",
                "too easy to guess",
            ),
            ("MEDIA_ROOT", str(ROOT / "static-collected" / "media"), "is served to anybody"),
            ("MEDIA_ROOT", str(ROOT), "is served to anybody"),
            (
                "DATABASE_URL",
                "postgres://me@db/physio?options=-c%20synchronous_commit%3Doff",
                "switches synchronous_commit off",
            ),
            ("EMAIL_URL", "carrier-pigeon://", "EMAIL_URL cannot be read"),
            ("CACHE_URL", "nonsense://", "CACHE_URL cannot be read"),
            ("CACHE_URL", "memcached://127.0.0.1:11211", "CACHE_URL cannot be read"),
            ("PURGE_URL", "cdn.example/purge", 'Write it like "https://cdn.example/purge"'),
            ("PURGE_HEADER", "Bearer abc", 'Write it like "Authorization: Bearer abc"'),
            ("LOOKUP", "yes", 'Set it to "on", "off" or "recorded:/full/path/of/a/folder"'),
            ("LOOKUP", "recorded:/nowhere/at/all", "names a folder that is not there"),
            ("LOOKUP_CONTACT", "nobody", "is no e-mail address"),
            ("SITE_CONTACT", "somebody", "SITE_CONTACT is no e-mail address"),
            ("OWN_TEMPLATES", "/there/is/none", "OWN_TEMPLATES names a folder that is not there"),
            ("SITE_COLOUR", "teal", 'Write it like "#0f5450"'),
            ("SITE_COLOUR", "#7fd1c7", "Take a darker one, for example"),
            ("SITE_LOGO", "/nowhere/logo.svg", "names a file that is not there"),
            ("SITE_LOGO", __file__, "Its name must end in .svg or .png or .webp"),
            (
                "EMAIL_URL",
                "smtp://mail.example?timeout=soon",
                "is no number of seconds from 1 to 60",
            ),
            (
                "EMAIL_URL",
                "smtp://mail.example?timeout=600",
                "is no number of seconds from 1 to 60",
            ),
            ("EMAIL_FROM", "PhysioHub", "EMAIL_FROM is no e-mail address"),
            ("TASKS", "celery", 'TASKS is "celery". Set it to "immediate" or "database".'),
            (
                "DIGEST_HOUR",
                "24",
                'DIGEST_HOUR is "24". Set it to an hour of the day from 0 to 23.',
            ),
            ("DIGEST_HOUR", "7:30", "Set it to an hour of the day"),
            ("REPLICA_URL", "postgres://db/physiohub", "does not use it yet"),
        ):
            with self.subTest(setting=name):
                self.assertIn(words, self.start(**{name: value}))

    def test_to_debug_on_a_public_host_is_refused(self):
        for public in (
            {"SITE_URL": "https://physio.example"},
            {"ALLOWED_HOSTS": "127.0.0.1,physio.example"},
        ):
            with self.subTest(public):
                self.assertIn('Set DEBUG to "false"', self.start(DEBUG="true", **public))

    def test_to_do_without_a_second_factor_is_refused_where_others_reach_the_site(self):
        words = self.start(SECOND_FACTOR="off", SITE_URL="https://physio.example")
        self.assertIn("A password alone must not be enough", words)
        for host in ("physio.example", "192.168.1.20", "physio.local", "clinic", "[2a00:1450::1]"):
            with (
                self.subTest(host),
                mock.patch.dict(os.environ, SECOND_FACTOR="off"),
                self.assertRaises(ImproperlyConfigured),
            ):
                environment.second_factor("SECOND_FACTOR", hosts=["127.0.0.1", host])
        for here in ("127.0.0.1", "[::1]", "localhost", "site.localhost"):
            with self.subTest(here), mock.patch.dict(os.environ, SECOND_FACTOR="off"):
                self.assertFalse(environment.second_factor("SECOND_FACTOR", hosts=[here]))

    def test_never_repeats_a_password(self):
        self.assertNotIn("secret", self.start(DATABASE_URL="mysql://me:secret@db/physio"))


class AnAddress(SimpleTestCase):
    def test_is_public_unless_it_is_of_a_network_of_ones_own(self):
        for host, public in {
            "127.0.0.1": False,
            "::1": False,
            "192.168.1.20": False,
            "10.0.0.5": False,
            "169.254.3.3": False,
            "localhost": False,
            "physio": False,
            "physio.local": False,
            "web.internal": False,
            "203.0.114.9": True,
            "[2a00:1450::1]": True,
            "physio.example": True,
            "LOCAL.example.": True,
        }.items():
            with self.subTest(host):
                self.assertEqual(environment.is_public(host), public)


class TheDatabase(SimpleTestCase):
    def options(self, url):
        with mock.patch.dict(os.environ, DATABASE_URL=url):
            return environment.database(default="")["OPTIONS"]

    def test_keeps_what_it_acknowledged_and_waits_for_nobody_for_ever(self):
        for url in (
            "postgres://me@db/physio",
            "postgres://me@db/physio?options=-c%20work_mem%3D8MB",
        ):
            options = self.options(url)
            for limit in (
                "synchronous_commit=on",
                "statement_timeout=",
                "lock_timeout=",
                "idle_in_transaction_session_timeout=",
            ):
                self.assertIn(limit, options["options"])
            self.assertTrue(options["connect_timeout"])


class TheMailServer(SimpleTestCase):
    def said(self, url):
        with mock.patch.dict(os.environ, EMAIL_URL=url):
            return environment.email(default="console://")

    def test_is_spoken_to_in_secret_where_the_address_says_so(self):
        for scheme, tls, ssl, port in (
            ("smtp+tls", True, False, 587),
            ("smtp+ssl", False, True, 465),
            ("smtps", True, False, 587),
            ("smtp", False, False, 25),
        ):
            with self.subTest(scheme):
                said = self.said(f"{scheme}://user:p%40ss@mail.example")
                self.assertEqual(
                    (said["EMAIL_USE_TLS"], said["EMAIL_USE_SSL"], said["EMAIL_PORT"]),
                    (tls, ssl, port),
                )
                self.assertEqual(
                    said["EMAIL_BACKEND"], "django.core.mail.backends.smtp.EmailBackend"
                )
                self.assertEqual(
                    (said["EMAIL_HOST"], said["EMAIL_HOST_PASSWORD"]), ("mail.example", "p@ss")
                )

    def test_keeps_nobody_waiting_for_long(self):
        self.assertEqual(self.said("smtp://mail.example")["EMAIL_TIMEOUT"], 5)
        self.assertEqual(self.said("smtp+tls://mail.example:25?timeout=20")["EMAIL_TIMEOUT"], 20)
