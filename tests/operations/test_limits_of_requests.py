"""One limit for what a request sends, said in a sentence; and every answer has its headers."""

import json
from unittest import mock

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import TestCase, override_settings
from django.urls import reverse

from articles.models import Article, Buffer, buffers
from physiohub import request_limits
from tests.builders import NOON, a_clinician, a_draft, published
from tests.forms import filled_in

NOTHING = "Nothing was saved."


class ARequest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.author = a_clinician()
        cls.article = a_draft(slug="page", by=cls.author)
        published(cls.article)
        cls.change = reverse("admin:articles_article_change", args=[cls.article.pk])
        cls.unsaved = reverse("admin:articles_article_unsaved")

    def assert_refused(self, answer, says):
        self.assertEqual(answer.status_code, 413)
        self.assertContains(answer, says, status_code=413)
        self.assertContains(answer, NOTHING, status_code=413)
        self.assert_has_headers(answer)

    def assert_has_headers(self, answer):
        self.assertIn("camera=()", answer.get("Permissions-Policy", ""))
        self.assertIn("charset=utf-8", answer.get("Content-Type", "").lower())
        self.assertIn("default-src 'none'", answer.get("Content-Security-Policy", ""))
        self.assertEqual(answer.get("X-Content-Type-Options"), "nosniff")

    def test_of_a_visitor_that_is_too_large_is_told_so_at_every_address(self):
        large = {"text": "x" * request_limits.MOST_BYTES}
        for address in ("/articles/page/feedback/", "/search/", "/language/", "/admin/login/"):
            with self.subTest(address):
                self.assert_refused(self.client.post(address, large), "A form may hold 2.5 MB")

    def test_with_a_file_for_nobody_is_not_read(self):
        file = SimpleUploadedFile("a.txt", b"a" * request_limits.MOST_BYTES)
        with mock.patch.object(TemporaryFileUploadHandler, "receive_data_chunk") as kept:
            self.assert_refused(self.client.post("/language/", {"file": file}), "too large")
        kept.assert_not_called()

    def test_that_says_no_length_is_told_so(self):
        for length in ("-1", "1e3", "²", "9" * 400):
            answer = self.client.generic("POST", "/language/", b"x", CONTENT_LENGTH=length)
            self.assertContains(answer, "cannot be read", status_code=400)

    def test_with_too_many_fields_is_told_so(self):
        many = {f"x{number}": "" for number in range(request_limits.MOST_FIELDS + 1)}
        self.assert_refused(self.client.post("/articles/page/feedback/", many), "too many parts")
        self.client.force_login(self.author)
        self.assert_refused(self.client.post(self.change, many), "5000 fields and 400 rows")

    def test_with_two_words_announces_no_more_rows_than_a_page_has(self):
        """Each costs milliseconds: 2,000 empty ones in each list took minutes."""
        self.client.force_login(self.author)
        data = filled_in(self.client.get(self.change))
        totals = [name for name in data if name.endswith("-TOTAL_FORMS")]
        self.assertGreater(len(totals), 10)
        many = {**data, **dict.fromkeys(totals, 100)}
        for address in (
            self.change,
            reverse("admin:articles_article_add"),
            reverse("admin:articles_article_standing", args=[self.article.pk]),
        ):
            with self.subTest(address):
                self.assert_refused(self.client.post(address, many), "too many parts")
        resolved = {"merge-posted": json.dumps([[k, str(v)] for k, v in many.items()])}
        self.assert_refused(self.client.post(self.change, resolved), "too many parts")
        self.assertEqual(self.keep(many.items()).status_code, 413)
        self.assertFalse(Buffer.objects.exists())

    def keep(self, form):
        return self.client.post(
            self.unsaved,
            {"key": "0" * 16, "article": None, "form": [[k, str(v)] for k, v in form]},
            content_type="application/json",
        )

    def test_is_kept_while_it_is_typed_where_it_could_be_saved(self):
        """Both have the same limits, so what can be saved is never lost in a crash."""
        self.client.force_login(self.author)
        fields = [(f"x{number}", "") for number in range(request_limits.MOST_FIELDS)]
        self.assertEqual(self.keep(fields).status_code, 200)
        self.assertEqual(self.keep([*fields, ("y", "")]).status_code, 413)
        self.assertEqual(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, request_limits.MOST_FIELDS)
        self.assertEqual(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, request_limits.MOST_BYTES)

    def test_for_another_host_or_with_a_form_that_was_tampered_with_is_told_so(self):
        answer = self.client.get("/", headers={"host": "evil.example"})
        self.assertContains(answer, "cannot be read", status_code=400)
        self.assert_has_headers(answer)
        self.client.force_login(self.author)
        answer = self.client.post(self.change, {"merge-posted": "["})
        self.assertContains(answer, "cannot be read", status_code=400)
        self.assert_has_headers(answer)

    def test_that_fails_is_moved_or_finds_nothing_has_its_headers_too(self):
        self.client.raise_request_exception = False
        with override_settings(ROOT_URLCONF="tests.operations.addresses_that_fail"):
            self.assert_has_headers(self.client.get("/fails/"))
        for address in ("/none/", "/admin", "/admin/", "/articles", "/static/none.css"):
            answer = self.client.get(address)
            with self.subTest(address, status=answer.status_code):
                self.assertIn("camera=()", answer.get("Permissions-Policy", ""))
                self.assertIn("charset=utf-8", answer.get("Content-Type", "").lower())
        for method in ("put", "delete", "trace"):
            answer = getattr(self.client, method)("/articles/page/feedback/")
            with self.subTest(method, status=answer.status_code):
                self.assertGreaterEqual(answer.status_code, 400)
                self.assertIn("camera=()", answer.get("Permissions-Policy", ""))


class WhatIsKeptOfOnePerson(TestCase):
    def test_has_a_budget_and_the_newest_stays(self):
        author, letters = a_clinician(), buffers.MOST_LETTERS_PER_PERSON // 3 + 1
        for number in range(4):
            Buffer.objects.keep(
                user=author,
                key=f"{number:016}",
                article=None,
                form=[["a", "x"]],
                based_on=None,
                at=NOON,
            )
            Buffer.objects.filter(key=f"{number:016}").update(size=letters)
        Buffer.objects.keep(
            user=author, key="n" * 16, article=None, form=[["a", "x" * 9]], based_on=None, at=NOON
        )

        kept = Buffer.objects.filter(user=author)
        self.assertEqual(kept.count(), 3)
        self.assertEqual(kept.get(key="n" * 16).size, 10)
        self.assertFalse(Article.objects.exists())
