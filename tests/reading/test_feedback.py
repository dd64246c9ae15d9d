"""Did this page help you: answered without scripts or cookies, and by nobody in particular."""

import re
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase, override_settings

from articles.drafts import edits
from articles.models import Feedback
from articles.public import feedback, feedback_views
from articles.publishing import publishing
from physiohub import rate_limits
from tests import stored
from tests.builders import LATER, NOON, a_clinician, a_draft, a_user, an_editor, published, reviewed

ADDRESS = "/articles/cupping/feedback/"


class Answering(TestCase):
    def setUp(self):
        cache.clear()
        self.client = Client(enforce_csrf_checks=True)
        self.article = a_draft(
            title="Cupping",
            slug="cupping",
            body="<p>It may suit.</p><h2>At a visit</h2><p>Sit.</p>",
        )
        self.publication = published(self.article)

    def answer(self, helped="no", version=1, **headers):
        return self.client.post(ADDRESS, {"helped": helped, "version": version}, headers=headers)

    def ticket(self, response):
        return parse_qs(urlsplit(response["Location"]).query)["ticket"][0]

    def write(self, ticket, text, section="", **headers):
        return self.client.post(
            ADDRESS, {"ticket": ticket, "text": text, "section": section}, headers=headers
        )


class AReader(Answering):
    def test_is_asked_at_the_end_of_the_page_and_answers_without_scripts_or_cookies(self):
        page = self.client.get("/articles/cupping/")
        self.assertContains(page, "Did this page help you?")
        self.assertContains(page, f'action="{ADDRESS}"')
        self.assertContains(page, '<input type="hidden" name="version" value="1">')

        given = self.answer("no")
        box = self.client.get(given["Location"])
        self.assertContains(box, "What was missing or hard to follow?")
        self.assertContains(box, "Do not include names or health details. We cannot reply.")
        thanks = self.client.get(self.write(self.ticket(given), "Too long.", "part-1")["Location"])
        self.assertContains(thanks, "We read every answer.")

        kept = Feedback.objects.get()
        self.assertEqual(
            (kept.publication, kept.helped, kept.text, kept.section, kept.heading),
            (self.publication, False, "Too long.", "part-1", "At a visit"),
        )
        self.assertFalse(self.client.cookies)
        for response in (page, given, box, thanks):
            self.assertFalse(response.cookies)

    def test_may_stop_after_yes_or_no(self):
        self.answer("yes")

        self.assertEqual(list(Feedback.objects.values_list("helped", "text")), [(True, "")])

    def test_is_asked_in_a_preview_of_a_draft_by_nobody(self):
        self.client.force_login(a_clinician())

        preview = self.client.get(f"/admin/articles/article/{self.article.pk}/preview/")

        self.assertNotContains(preview, "Did this page help you?")

    def test_is_heard_about_the_version_they_read(self):
        self.article.body += "<p>More.</p>"
        self.article.save()
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        revision, editor = reviewed(self.article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)

        self.answer(version=1)
        self.answer(version=2)
        self.answer(version=77)
        self.answer(version="9" * 60)

        self.assertEqual(
            list(Feedback.objects.order_by("pk").values_list("publication__number", flat=True)),
            [1, 2, 2, 2],
        )

    def test_who_writes_too_much_is_told_and_keeps_what_they_wrote(self):
        ticket = self.ticket(self.answer())

        refused = self.write(ticket, "a<b>" * 300)

        self.assertContains(
            refused, "Please make it shorter: at most 1000 letters.", status_code=400
        )
        self.assertContains(refused, "a&lt;b&gt;" * 300, status_code=400)
        self.assertEqual(Feedback.objects.get().text, "")
        self.assertEqual(self.write(ticket, ("b" * 99 + "\r\n") * 10).status_code, 303)

    def test_who_chooses_neither_is_asked_again(self):
        self.assertContains(self.answer("perhaps"), "Please choose “Yes” or “No”.", status_code=400)
        self.assertFalse(Feedback.objects.exists())

    def test_who_comes_back_too_late_is_asked_again_and_keeps_what_they_wrote(self):
        ticket = self.ticket(self.answer())
        real = signing.loads
        with patch.object(
            signing, "loads", lambda value, **how: real(value, **{**how, "max_age": -1})
        ):
            late = self.write(ticket, "It was fine.")

        self.assertContains(late, "It was fine.", status_code=400)
        self.assertContains(late, "Please choose “Yes” or “No”.", status_code=400)
        self.assertEqual(Feedback.objects.get().text, "")

    def test_writes_control_letters_and_half_letters_without_an_error(self):
        self.assertEqual(self.write(self.ticket(self.answer()), "a\x00b\x1fc").status_code, 303)

        self.assertEqual(Feedback.objects.get().text, "abc")

    def test_of_a_withdrawn_page_is_led_to_the_reason(self):
        publishing.withdraw(
            self.article, by=self.publication.by, at=LATER, reason="It may be wrong."
        )

        self.assertRedirects(self.answer(), "/articles/cupping/", target_status_code=410)
        self.assertFalse(Feedback.objects.exists())


class Nobody(Answering):
    def test_can_be_known_from_what_is_kept(self):
        with patch.object(feedback_views.timezone, "now", lambda: NOON):
            given = self.client.post(
                ADDRESS,
                {"helped": "no", "version": 1},
                REMOTE_ADDR="203.0.113.77",
                headers={
                    "User-Agent": "Quokka/7",
                    "Accept-Language": "xx",
                    "Referer": "http://testserver/articles/cupping/",
                },
            )
            self.write(self.ticket(given), "Fine.")

        fields = {field.name for field in Feedback._meta.get_fields()}
        self.assertEqual(
            fields, {"id", "publication", "helped", "text", "section", "heading", "on"}
        )
        self.assertEqual(str(Feedback.objects.get().on), "2026-03-01")
        self.assertNotIn("203.0.113.77", self.everything_stored())
        self.assertNotIn("Quokka/7", self.everything_stored())

    def everything_stored(self):
        with connection.cursor() as cursor:
            found = []
            for table in stored.tables():
                cursor.execute(f"SELECT * FROM {table}")
                found += map(str, cursor.fetchall())
        return "\n".join([*found, *map(str, cache._cache)])

    def test_can_answer_from_another_site(self):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            with self.subTest(headers):
                self.assertEqual(self.answer(**headers).status_code, 403)
        self.assertFalse(Feedback.objects.exists())
        self.assertEqual(
            self.answer(
                **{"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
            ).status_code,
            303,
        )

    def test_can_add_words_to_the_answer_of_another(self):
        ticket = self.ticket(self.answer())
        other = published(title="Taping", slug="taping")

        for forged in (
            "",
            "1",
            ticket[:-1],
            ticket + "x",
            signing.dumps(1),
            signing.dumps(1, salt="other"),
        ):
            with self.subTest(forged):
                self.assertEqual(self.write(forged, "Forged.").status_code, 400)
        elsewhere = self.client.post(
            "/articles/taping/feedback/", {"ticket": ticket, "text": "Elsewhere."}
        )
        self.assertEqual(elsewhere.status_code, 400)
        self.assertEqual(Feedback.objects.get().text, "")
        self.assertEqual(other.feedback.count(), 0)

    def test_can_name_a_part_the_page_does_not_have(self):
        self.write(self.ticket(self.answer()), "Fine.", "<script>")

        self.assertEqual((Feedback.objects.get().section, Feedback.objects.get().heading), ("", ""))

    def test_can_answer_without_end(self):
        with patch.object(feedback_views, "MOST", 3):
            answers = [self.answer().status_code for _ in range(5)]

        self.assertEqual(answers, [303, 303, 303, 429, 429])
        self.assertEqual(Feedback.objects.count(), 3)

    def test_can_flood_the_site_from_many_networks(self):
        with patch.object(feedback_views, "MOST_OF_ALL", 3):
            answers = [
                self.client.post(
                    ADDRESS, {"helped": "no"}, REMOTE_ADDR=f"203.0.113.{number}"
                ).status_code
                for number in range(5)
            ]

        self.assertEqual(answers, [303, 303, 303, 429, 429])

    def test_loses_what_they_wrote_to_the_limit(self):
        ticket = self.ticket(self.answer())
        with patch.object(feedback_views, "MOST", 0):
            refused = self.write(ticket, "It took me an hour.")

        self.assertContains(refused, "It took me an hour.", status_code=429)
        self.assertContains(refused, "try again in an hour", status_code=429)

    @override_settings(IS_HTTPS=True)
    def test_gets_round_the_limit_by_naming_another_address(self):
        with patch.object(feedback_views, "MOST", 2):
            answers = [
                self.answer(**{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}).status_code
                for number in range(4)
            ]

        self.assertEqual(answers, [303, 303, 429, 429])


class TheLimit(TestCase):
    def setUp(self):
        cache.clear()

    def count(self, address, at=NOON, most=1):
        return rate_limits.is_too_often("feedback", address, at=at, most=most, most_of_all=100)

    def test_is_for_one_network_and_one_hour(self):
        self.assertFalse(self.count("203.0.113.7"))
        self.assertTrue(self.count("203.0.113.7"))
        self.assertFalse(self.count("203.0.113.8"))
        self.assertFalse(self.count("203.0.113.7", at=NOON + timedelta(hours=1)))

    def test_takes_a_household_of_ipv6_addresses_as_one(self):
        self.assertFalse(self.count("2001:db8:1:2::1"))
        self.assertTrue(self.count("2001:db8:1:2:ffff::9"))
        self.assertFalse(self.count("2001:db8:1:3::1"))

    def test_holds_whatever_stands_for_an_address(self):
        self.assertFalse(self.count("<script>"))
        self.assertTrue(self.count(""))

    def test_keeps_a_count_under_a_name_nobody_can_take_back_to_the_address(self):
        self.count("203.0.113.7")

        names = " ".join(cache._cache)
        self.assertNotIn("203.0.113.7", names)
        self.assertTrue(re.search(r"often:feedback:\d+:[0-9a-f]{64}", names))
        self.assertTrue(all(ends is not None for ends in cache._expire_info.values()))


class AnEditor(Answering):
    def setUp(self):
        super().setUp()
        given, _ticket = feedback.keep_answer(self.publication, helped=False, on=NOON.date())
        feedback.add_words(given, "What is <b>it</b>?\nTell me.", section="part-1")
        feedback.keep_answer(self.publication, helped=True, on=NOON.date())
        self.page = f"/admin/articles/article/{self.article.pk}/feedback/"

    def test_sees_the_answers_beside_the_article_and_part_they_came_from(self):
        self.client.force_login(an_editor())

        page = self.client.get(self.page)

        self.assertContains(page, "It helped 1 reader.")
        self.assertContains(page, "<h2>At a visit</h2>")
        self.assertContains(page, "What is &lt;b&gt;it&lt;/b&gt;?<br>Tell me.")
        self.assertContains(page, "/articles/cupping/#part-1")
        self.assertContains(
            self.client.get(f"/admin/articles/article/{self.article.pk}/change/"), self.page
        )
        self.assertContains(self.client.get("/admin/articles/feedback/"), "Cupping")

    def test_can_delete_one_that_says_too_much_but_not_change_it(self):
        self.client = Client()
        self.client.force_login(an_editor())
        address = f"/admin/articles/feedback/{Feedback.objects.exclude(text='').get().pk}"

        self.assertEqual(self.client.post(f"{address}/change/", {"text": "Mine."}).status_code, 403)
        self.client.post(f"{address}/delete/", {"post": "yes"})

        self.assertEqual(Feedback.objects.count(), 1)

    def test_alone_may_delete_and_only_staff_may_look(self):
        self.client.force_login(a_clinician())
        self.assertNotContains(self.client.get(self.page), "delete</a>")
        self.client.force_login(a_user())
        self.assertEqual(self.client.get(self.page).status_code, 403)
        self.client.logout()
        self.assertIn(settings.LOGIN_URL.split(":")[0], self.client.get(self.page)["Location"])
