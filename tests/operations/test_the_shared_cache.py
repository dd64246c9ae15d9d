"""A cache in Redis: used while it is there, missed by nobody when it is not."""

import contextlib
import pickle
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import SimpleTestCase, override_settings
from django.utils import timezone, translation

from articles.models import SafetyNotice
from articles.public import finished_pages, shared_answers
from physiohub import rate_limits, shared_cache
from tests.builders import LATER
from tests.reading.test_finished_pages import KeptAnswers, addresses

pytestmark = pytest.mark.skipif(
    not shutil.which("redis-server"), reason="needs the package redis-server"
)


class Redis:
    """A redis-server of our own."""

    def __init__(self):
        with contextlib.closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir()
        )
        for _attempt in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def settings(self):
        """The settings of a site that uses it, with patience for a machine that does much else."""
        address = f"redis://127.0.0.1:{self.port}/0"
        found = {
            "BACKEND": "physiohub.shared_cache.SharedCache",
            "LOCATION": address,
            "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
        }
        return override_settings(CACHES={**settings.CACHES, "default": found})


class WithRedis:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.redis = Redis()
        cls.addClassCleanup(lambda: cls.redis.stop())

    def setUp(self):
        super().setUp()
        shared_cache._asked_again_at.clear()
        use = self.redis.settings()
        use.enable()
        self.addCleanup(use.disable)
        cache.clear()

    def in_redis(self):
        return caches["default"]._raw


class TheSharedCache(WithRedis, SimpleTestCase):
    def test_holds_numbers_texts_and_yes_or_no(self):
        for value in (3, 0, "words", "7", True, None, ["a", 1]):
            cache.set("key", value, 60)
            self.assertEqual(cache.get("key", "nothing"), value)

    def test_never_runs_what_another_put_there(self):
        self.in_redis().set(caches["default"].make_and_validate_key("key"), pickle.dumps("words"))

        self.assertIsNone(cache.get("key"))

    def test_counts_for_all_workers(self):
        for _time in range(3):
            self.assertFalse(self.once_more(most=3))
        self.assertTrue(self.once_more(most=3))

    def once_more(self, most):
        return rate_limits.is_too_often(
            "answer", "192.0.2.1", at=timezone.now(), most=most, most_of_all=1000
        )

    def test_that_is_away_leaves_each_worker_its_own_count(self):
        self.redis.stop()
        self.addCleanup(self.redis.start)

        self.assertEqual([self.once_more(most=2) for _time in range(3)], [False, False, True])

    def test_is_asked_again_after_a_while(self):
        cache.set("key", "there", 60)
        shared_cache._asked_again_at[caches["default"]._address] = time.monotonic() + 0.1
        self.assertIsNone(cache.get("key"))
        time.sleep(0.1)

        self.assertEqual(cache.get("key"), "there")

    def test_that_hangs_costs_one_short_wait(self):
        patient = shared_cache.SharedCache(caches["default"]._address, {})
        patient.set("key", "there", 60)
        shared_cache._asked_again_at.clear()
        self.redis.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.redis.process.send_signal, signal.SIGCONT)
        asked = []
        with mock.patch.object(patient, "_cache", wraps=patient._cache) as talk:
            for _time in range(50):
                asked.append(patient.get("key"))

        self.assertEqual(asked, [None] * 50)
        self.assertEqual(talk.get.call_count, 1)
        options = patient._cache._pool_options
        self.assertLessEqual(options["socket_timeout"], 0.02)
        self.assertLessEqual(options["socket_connect_timeout"], 0.02)


class AnAnswerThatWorkersShare(WithRedis, KeptAnswers):
    def from_redis(self, address="/articles/warmth/", **headers):
        """Ask as another worker: what this one has in its memory is gone."""
        finished_pages.keeper.clear()
        with mock.patch.object(
            finished_pages.FinishedPages, "_make", side_effect=AssertionError("it was made again")
        ):
            return self.get(address, **headers)

    def test_is_the_same_as_the_one_that_was_made_at_every_address(self):
        for name, address in addresses(self.article).items():
            with self.subTest(name):
                made = self.get(address)
                again = self.from_redis(address)

                self.assertEqual(
                    (again.status_code, again.content), (made.status_code, made.content)
                )
                self.assertEqual(dict(again.items()), dict(made.items()))

    def test_is_in_the_language_of_the_reader(self):
        for language in ("en", "es"):
            made = self.get("/", **{"accept-language": language})
            self.assertEqual(
                self.from_redis("/", **{"accept-language": language}).content, made.content
            )

    def test_does_not_outlive_what_it_shows(self):
        self.get()
        SafetyNotice.objects.create(article=self.article, text="Stop for now.", opened_at=LATER)
        finished_pages.keeper.clear()

        self.assertContains(self.get(), "Stop for now.")

    def test_of_another_build_is_not_found(self):
        self.get()
        finished_pages.keeper.clear()
        with (
            mock.patch.object(shared_answers, "build_of_site", return_value="another"),
            mock.patch.object(shared_answers, "_redis", wraps=shared_answers._redis) as asked,
        ):
            self.assertEqual(self.get().status_code, 200)
            self.assertIsNone(shared_answers.fetch("key"))
        self.assertTrue(asked.called)

    def test_that_somebody_else_wrote_or_changed_is_not_sent(self):
        self.get()
        for name in self.in_redis().keys("page:*"):
            kept = self.in_redis().get(name)
            self.in_redis().set(name, kept[:-1] + b"!")

        finished_pages.keeper.clear()
        self.assertContains(self.get(), "</html>")

    def test_of_another_page_under_its_name_is_not_sent(self):
        self.get("/about/")
        other = self.in_redis().get(self.in_redis().keys("page:*")[0])
        self.get()
        for name in self.in_redis().keys("page:*"):
            self.in_redis().set(name, other)

        finished_pages.keeper.clear()
        self.assertContains(self.get(), "warmth")

    def test_is_kept_for_a_bounded_time(self):
        self.get()

        left = [self.in_redis().ttl(name) for name in self.in_redis().keys("page:*")]
        self.assertTrue(left)
        self.assertTrue(all(0 < seconds <= 3600 for seconds in left), left)

    def test_is_missed_by_nobody_when_redis_is_gone(self):
        made = self.get()
        self.redis.stop()
        self.addCleanup(self.redis.start)
        finished_pages.keeper.clear()

        self.assertEqual(self.get().content, made.content)


class TheBuildOfTheSite(SimpleTestCase):
    def build(self):
        shared_answers.build_of_site.cache_clear()
        self.addCleanup(shared_answers.build_of_site.cache_clear)
        return shared_answers.build_of_site()

    def test_is_the_same_in_all_workers_whatever_language_the_reader_had(self):
        one = self.build()
        with translation.override("es"):
            self.assertEqual(self.build(), one)

    def test_is_another_with_another_setting_or_template(self):
        builds = {self.build()}
        with override_settings(SITE_NAME="Knees"):
            builds.add(self.build())
        with tempfile.TemporaryDirectory() as folder:
            engine = {**settings.TEMPLATES[0], "DIRS": [folder]}
            for words in ("one", "two"):
                with open(f"{folder}/about.html", "w") as template:
                    template.write(words)
                with override_settings(TEMPLATES=[engine]):
                    builds.add(self.build())

        self.assertEqual(len(builds), 4)
