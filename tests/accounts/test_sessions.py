"""How long a log-in lasts, and what its owner sees of it."""

from datetime import timedelta
from unittest import mock

from django.contrib.sessions.models import Session
from django.test import Client, TestCase
from django.utils import timezone

from articles.accounts import sessions
from articles.models import Article
from articles.publishing import jobs
from tests.builders import a_clinician, a_draft
from tests.forms import filled_in
from tests.second_factor import log_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


class ALogIn(TestCase):
    def setUp(self):
        self.clinician = a_clinician()
        self.client.force_login(self.clinician)
        self.began = timezone.now()

    def at(self, **later):
        moment = self.began + timedelta(**later)
        return mock.patch("articles.accounts.sessions.timezone.now", return_value=moment)

    def is_in(self):
        return self.client.get("/admin/").status_code == 200

    def test_ends_after_half_an_hour_in_which_nothing_was_asked_for(self):
        for minutes, expected in ((25, True), (50, True), (79, True), (110, False)):
            with self.subTest(minutes=minutes), self.at(minutes=minutes):
                self.assertEqual(self.is_in(), expected)

    def test_ends_after_twelve_hours_in_any_case(self):
        for step in range(1, 29):
            with self.at(minutes=25 * step):
                self.assertTrue(self.is_in(), step)
        with self.at(hours=12, minutes=1):
            self.assertFalse(self.is_in())

    def test_is_kept_open_by_what_a_page_asks_for_while_somebody_writes(self):
        with self.at(minutes=20):
            self.client.get("/admin/articles/notification/inbox/count/")
        with self.at(minutes=45):
            self.assertTrue(self.is_in())

    def test_writes_no_more_than_once_a_minute(self):
        with self.at(minutes=2):
            self.client.get("/admin/")
        with self.at(minutes=2, seconds=30):
            before = Session.objects.get().session_data
            self.client.get("/admin/")
        self.assertEqual(Session.objects.get().session_data, before)

    def test_that_ended_while_somebody_wrote_gives_back_all_that_was_typed(self):
        article = a_draft(by=self.clinician)
        address = f"/admin/articles/article/{article.pk}/change/"
        data = {**filled_in(self.client.get(address)), "title": "Typed for an hour"}

        with self.at(minutes=61):
            answer = self.client.post(address, data)

        self.assertContains(answer, "Typed for an hour", status_code=403)
        self.client.force_login(self.clinician)
        self.client.post(address, dict(answer.context["fields"]))
        self.assertEqual(Article.objects.get().title, "Typed for an hour")

    def test_survives_a_clock_that_is_set_back(self):
        with self.at(hours=-2):
            self.assertTrue(self.is_in())
        with self.at(hours=-2, minutes=29):
            self.assertTrue(self.is_in())
        with self.at(hours=-1):
            self.assertFalse(self.is_in())


class OpenLogIns(TestCase):
    def setUp(self):
        self.clinician = a_clinician(password="correct horse 7 battery")
        self.client.force_login(self.clinician)
        self.elsewhere = Client(headers={"user-agent": FIREFOX})
        log_in(self.elsewhere, self.clinician, "correct horse 7 battery")
        self.colleague = Client()
        self.colleague.force_login(a_clinician())

    def test_are_shown_to_their_owner_alone(self):
        answer = self.client.get("/admin/your-log-ins/")

        self.assertEqual(len(answer.context["log_ins"]), 2)
        self.assertContains(answer, "Firefox, Windows")
        self.assertContains(answer, "(this one)", count=1)
        self.assertNotContains(answer, self.elsewhere.session.session_key)

    def test_are_ended_by_their_owner_alone(self):
        now = timezone.now()
        [other] = [
            one
            for one in sessions.open_log_ins(
                self.clinician, this=self.client.session.session_key, at=now
            )
            if not one.is_this
        ]
        self.colleague.post("/admin/your-log-ins/", {"log_in": other.name})
        self.assertEqual(self.elsewhere.get("/admin/").status_code, 200)

        self.client.post("/admin/your-log-ins/", {"log_in": other.name})

        self.assertEqual(self.elsewhere.get("/admin/").status_code, 302)
        self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_end_with_the_account_and_with_a_new_password(self):
        self.clinician.set_password("another horse 8 battery")
        self.clinician.save()
        self.assertEqual(self.elsewhere.get("/admin/").status_code, 302)

    def test_that_are_over_are_cleared_away(self):
        jobs.clear_log_ins(timezone.now() + timedelta(days=1))
        self.assertEqual(list(jobs.clear_log_ins(timezone.now() + timedelta(days=1))), [])

        self.assertEqual(Session.objects.count(), 0)


class AnAgent(TestCase):
    def test_is_put_into_words_people_know(self):
        for agent, words in {
            FIREFOX: "Firefox, Windows",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1": (
                "Safari, iPhone"
            ),
            "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36 Edg/126.0": "Edge, Linux",
            "<script>alert(1)</script>": "",
            "": "",
        }.items():
            with self.subTest(agent):
                self.assertEqual(sessions._agent_in_words(agent), words)
