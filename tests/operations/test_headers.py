"""What every answer says besides its words."""

from django.test import TestCase

from tests.builders import an_editor, published
from tests.reading.test_finished_pages import a_full_article, addresses


class EveryAnswer(TestCase):
    def setUp(self):
        article = a_full_article()
        published(article)
        self.client.force_login(an_editor())
        self.addresses = [
            *addresses(article).values(),
            "/admin/",
            "/admin/login/",
            "/there/is/no/such/page/",
            "/healthz",
            "/readyz",
            "/robots.txt",
        ]

    def test_says_what_no_page_may_ask_a_browser_for(self):
        for address in self.addresses:
            with self.subTest(address):
                answer = self.client.get(address)
                self.assertIn("camera=()", answer.get("Permissions-Policy", ""))

    def test_says_in_which_letters_it_is_written(self):
        for address in self.addresses:
            kind = self.client.get(address).get("Content-Type", "").lower()
            if kind.startswith("text/") or kind.split(";")[0].endswith("xml"):
                with self.subTest(address):
                    self.assertIn("charset=utf-8", kind)
