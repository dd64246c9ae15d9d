"""At most ten wrong passwords for one name from one address in a quarter of an hour."""

from datetime import timedelta
from unittest import mock

from django.test import TestCase

from articles.accounts import log_ins
from articles.models import WrongPassword
from tests.builders import NOON, a_clinician

RIGHT, WRONG = "correct horse 7 battery", "wrong"


class TheLogIn(TestCase):
    def setUp(self):
        self.person = a_clinician(username="wren", password=RIGHT)
        a_clinician(username="casey", password=RIGHT)

    def log_in(self, name="wren", password=WRONG, address="192.0.2.1"):
        return self.client.post(
            "/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address
        )

    def test_looks_at_no_eleventh_password(self):
        answers = [self.log_in().status_code for _ in range(10)]
        self.assertEqual(set(answers), {200})

        answer = self.log_in(password=RIGHT)

        self.assertContains(answer, "Too many wrong passwords", status_code=429)
        self.assertGreater(int(answer["Retry-After"]), 0)
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_counts_a_name_in_capitals_as_the_same(self):
        for name in ["wren", "WREN"] * 5:
            self.log_in(name)

        self.assertEqual(self.log_in("Wren").status_code, 429)

    def test_keeps_neither_a_colleague_out_nor_the_same_person_elsewhere(self):
        for _ in range(12):
            self.log_in()

        self.assertEqual(self.log_in("casey", RIGHT).status_code, 302)
        self.client.logout()
        self.assertEqual(self.log_in(password=RIGHT, address="192.0.2.2").status_code, 302)

    def test_counts_nothing_for_a_right_password(self):
        for _ in range(15):
            self.assertEqual(self.log_in(password=RIGHT).status_code, 302)
            self.client.logout()

        self.assertEqual(WrongPassword.objects.count(), 0)

    def test_counts_names_nobody_has_as_well(self):
        for _ in range(10):
            self.log_in("nobody")

        self.assertEqual(self.log_in("nobody").status_code, 429)

    def test_opens_again_after_a_quarter_of_an_hour(self):
        with mock.patch("articles.accounts.forms.timezone.now", return_value=NOON):
            for _ in range(11):
                self.log_in()
        later = NOON + log_ins.WITHIN + timedelta(seconds=1)
        with mock.patch("articles.accounts.forms.timezone.now", return_value=later):
            self.assertEqual(self.log_in(password=RIGHT).status_code, 302)

    def test_keeps_no_name_and_no_address(self):
        self.log_in()

        self.assertNotRegex(str(list(WrongPassword.objects.values())), "wren|192")
