"""What docs/security.md promises and no other test shows."""

import json
import os
import subprocess
import sys

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, SimpleTestCase, TestCase, override_settings
from django.urls import reverse

from articles.models import Article, Publication
from tests.builders import a_clinician, a_draft, an_editor
from tests.forms import filled_in

PASSWORD = "correct horse 7 battery"


class ThePromises(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.author = a_clinician()
        cls.editor = an_editor()
        cls.article = a_draft(by=cls.author)
        cls.change = reverse("admin:articles_article_change", args=[cls.article.pk])
        cls.review = reverse("admin:articles_article_review", args=[cls.article.pk])

    def test_a_common_short_or_own_password_is_refused(self):
        for password in ("password1234", "qwertyuiop12", "short 1!", "481516234210815"):
            with self.subTest(password), self.assertRaises(ValidationError):
                validate_password(password, self.author)

    def test_a_log_in_gets_a_session_of_its_own(self):
        self.client.get("/admin/login/")
        session = self.client.session
        session["before"] = "somebody else's"
        session.save()
        given = session.session_key

        person = a_clinician(password=PASSWORD)
        self.assertTrue(self.client.login(username=person.username, password=PASSWORD))

        self.assertNotEqual(self.client.session.session_key, given)

    def test_a_post_without_a_token_changes_nothing(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.editor)
        for address in (
            self.change,
            self.review,
            reverse("admin:articles_article_add"),
            reverse("admin:articles_article_unsaved"),
            reverse("admin:articles_article_import"),
            reverse("admin:logout"),
            "/admin/password_change/",
            "/admin/auth/user/add/",
            "/admin/your-log-ins/",
            "/admin/references/reference/add/",
        ):
            with self.subTest(address):
                self.assertEqual(strict.post(address, {"title": "x"}).status_code, 403)

    def test_opening_an_address_changes_nothing(self):
        self.client.force_login(self.editor)
        before = list(Article.objects.values())
        for act in ("publish", "approve", "withdraw", "invite"):
            self.client.get(f"{self.review}?act={act}")
        self.assertEqual(self.client.get(reverse("admin:logout")).status_code, 405)
        self.assertEqual(list(Article.objects.values()), before)
        self.assertFalse(Publication.objects.exists())

    def test_fields_that_no_form_offers_change_nothing(self):
        self.client.force_login(self.author)
        data = filled_in(self.client.get(self.change), title="Another title")
        more = {
            "status": "published",
            "published_at": "2020-01-01",
            "is_superuser": "1",
            "uid": "0" * 32,
            "lock_version": "99",
            "approved_by": self.author.pk,
        }
        uid = self.article.uid

        self.assertEqual(self.client.post(self.change, {**data, **more}).status_code, 302)

        self.article.refresh_from_db()
        self.author.refresh_from_db()
        self.assertEqual((self.article.title, self.article.uid), ("Another title", uid))
        self.assertNotEqual(self.article.lock_version, 99)
        self.assertFalse(self.author.is_superuser)
        self.assertFalse(Publication.objects.exists())

    def test_pages_of_people_who_work_here_are_kept_by_no_cache(self):
        self.client.force_login(self.editor)
        for address in ("/admin/", self.change, self.review, "/admin/articles/article/"):
            with self.subTest(address):
                self.assertIn("no-store", self.client.get(address).get("Cache-Control", ""))

    def test_a_request_is_not_echoed(self):
        for address in ("/", "/search/", "/admin/login/", "/healthz", "/robots.txt", "/feed/"):
            with self.subTest(address):
                answer = self.client.trace(address, headers={"x-secret": "quokka"})
                self.assertEqual(answer.status_code, 405)
                self.assertNotIn(b"quokka", answer.content)

    def test_an_error_says_nothing_of_the_code(self):
        self.client.raise_request_exception = False
        with override_settings(ROOT_URLCONF="tests.operations.addresses_that_fail"):
            answer = self.client.get("/fails/")
        self.assertEqual(answer.status_code, 500)
        for word in ("Traceback", "RuntimeError", "on purpose", "django", str(settings.BASE_DIR)):
            self.assertNotContains(answer, word, status_code=500)

    def test_every_answer_has_the_headers_that_keep_browsers_strict(self):
        for address in ("/", "/admin/login/", "/none/"):
            answer = self.client.get(address)
            with self.subTest(address):
                self.assertIn("script-src 'self'", answer["Content-Security-Policy"])
                self.assertIn("frame-ancestors 'none'", answer["Content-Security-Policy"])
                self.assertNotIn("unsafe", answer["Content-Security-Policy"])
                self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer["X-Frame-Options"], "DENY")
                self.assertEqual(answer["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertNotIn("Access-Control-Allow-Origin", answer)

    def test_cookies_are_out_of_reach_of_scripts_and_other_sites(self):
        cookie = self.client.get("/admin/login/").cookies[settings.CSRF_COOKIE_NAME]
        self.assertTrue(cookie["httponly"])
        self.assertEqual(cookie["samesite"], "Lax")
        self.assertTrue(settings.SESSION_COOKIE_HTTPONLY)
        self.assertEqual(settings.SESSION_COOKIE_SAMESITE, "Lax")


class ASiteWithHttps(SimpleTestCase):
    def test_is_strict_with_browsers(self):
        names = (
            "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
            " SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT LANGUAGE_COOKIE_SECURE"
        ).split()
        code = "import json; from physiohub import settings as s; "
        code += f"print(json.dumps([getattr(s, name) for name in {names!r}]))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=settings.BASE_DIR,
            env={
                "PATH": os.environ["PATH"],
                "SECRET_KEY": "kT7-wQ2.nV9_xR4!bL6+hJ8=dF3?zG5c",
                "SITE_URL": "https://physio.example",
                "DATABASE_URL": "sqlite:////tmp/none.sqlite3",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

        self.assertEqual(
            json.loads(done.stdout or done.stderr),
            ["__Host-session", "__Host-csrf", True, True, 63_072_000, True, True],
        )
