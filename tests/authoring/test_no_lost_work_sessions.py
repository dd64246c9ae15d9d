"""A save after the session ended.

It comes back whole, for the form of an article and for nobody else's form.
"""

from django.test import Client, TestCase

from articles.models import Article, Buffer
from tests.builders import a_clinician, a_draft
from tests.forms import filled_in

ADD = "/admin/articles/article/add/"
HERE = {"HTTP_ORIGIN": "http://testserver"}


class SavesWithoutASession(TestCase):
    def setUp(self):
        self.clinician = a_clinician()
        self.article = a_draft(by=self.clinician, title="Old title")
        self.address = f"/admin/articles/article/{self.article.pk}/change/"
        self.client.force_login(self.clinician)
        self.data = {
            **filled_in(self.client.get(self.address)),
            "title": "Typed <b>",
            "summary": "Line\r\nline",
        }
        self.client.logout()

    def test_come_back_with_everything_posted_and_a_way_to_log_in(self):
        page = self.client.post(self.address, self.data)

        self.assertContains(page, "You were logged out before you saved", status_code=403)
        self.assertContains(page, "Send again", status_code=403)
        self.assertContains(page, 'value="Typed &lt;b&gt;"', status_code=403)
        self.assertEqual(
            {name: str(text) for name, text in self.data.items()}, dict(page.context["fields"])
        )
        self.assertEqual(page.context["address"], self.address)
        self.assertIn("no-store", page["Cache-Control"])
        self.assertNotIn("unsafe-inline", page["Content-Security-Policy"])

    def test_store_nothing(self):
        self.client.post(self.address, self.data)

        self.assertEqual(Article.objects.get().title, "Old title")
        self.assertFalse(Buffer.objects.exists())

    def test_go_through_once_somebody_logged_in_again(self):
        fields = dict(self.client.post(self.address, self.data).context["fields"])
        self.client.force_login(self.clinician)

        self.assertEqual(self.client.post(self.address, fields).status_code, 302)
        self.assertEqual(Article.objects.get().title, "Typed <b>")

    def test_of_a_new_article_come_back_too(self):
        page = self.client.post(ADD, {"title": "New", "slug": "new"})

        self.assertEqual((page.status_code, page.context["address"]), (403, ADD))

    def test_of_anything_else_lead_to_the_log_in_as_ever(self):
        for address in (
            "/admin/articles/person/add/",
            f"{self.address[:-7]}delete/",
            "/admin/articles/article/unsaved/",
        ):
            with self.subTest(address=address):
                self.assertEqual(self.client.post(address, self.data).status_code, 302)

    def test_only_to_look_lead_to_the_log_in_as_ever(self):
        self.assertEqual(self.client.get(self.address).status_code, 302)


class ATokenThatNoLongerFits(TestCase):
    """Logging in again changes it, so a form from before carries the old one."""

    def setUp(self):
        self.clinician = a_clinician()
        self.article = a_draft(by=self.clinician, title="Old title")
        self.address = f"/admin/articles/article/{self.article.pk}/change/"
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(self.clinician)
        self.data = {
            **filled_in(self.client.get(self.address)),
            "title": "Typed",
            "csrfmiddlewaretoken": "old" * 10,
        }

    def test_costs_nothing_when_the_form_is_our_own(self):
        page = self.client.post(self.address, self.data, **HERE)

        self.assertContains(page, "Your log-in has changed", status_code=403)
        token = str(page.context["csrf_token"])
        again = {**dict(page.context["fields"]), "csrfmiddlewaretoken": token}
        self.assertEqual(self.client.post(self.address, again, **HERE).status_code, 302)
        self.assertEqual(Article.objects.get().title, "Typed")

    def test_costs_nothing_when_only_the_referrer_says_so(self):
        page = self.client.post(
            self.address, self.data, HTTP_REFERER=f"http://testserver{self.address}"
        )

        self.assertContains(page, "Send again", status_code=403)

    def test_gives_nothing_back_to_a_form_of_another_site(self):
        for said in (
            {},
            {"HTTP_ORIGIN": "http://evil.example"},
            {"HTTP_ORIGIN": "null"},
            {"HTTP_ORIGIN": "https://testserver"},
            {"HTTP_ORIGIN": "http://testserver.evil.example"},
            {"HTTP_REFERER": "http://evil.example/?http://testserver"},
            {"HTTP_ORIGIN": "http://evil.example", "HTTP_REFERER": "http://testserver/"},
            {**HERE, "HTTP_SEC_FETCH_SITE": "cross-site"},
            {**HERE, "HTTP_SEC_FETCH_SITE": "same-site"},
        ):
            with self.subTest(said=said):
                answer = self.client.post(self.address, self.data, **said)

                self.assertEqual(answer.status_code, 403)
                self.assertNotContains(answer, "Typed", status_code=403)

    def test_elsewhere_is_refused_as_ever(self):
        for address in ("/admin/articles/person/add/", "/admin/articles/article/unsaved/"):
            with self.subTest(address=address):
                self.assertNotContains(
                    self.client.post(address, self.data, **HERE), "Send again", status_code=403
                )

    def test_changes_nothing(self):
        self.client.post(self.address, self.data, **HERE)

        self.assertEqual(Article.objects.get().title, "Old title")


class TheQuestionWhoIsLoggedIn(TestCase):
    ALIVE = "/admin/articles/article/alive/"

    def test_is_answered_for_staff_with_a_token_that_fits(self):
        client = Client(enforce_csrf_checks=True)
        clinician = a_clinician()
        client.force_login(clinician)

        answer = client.get(self.ALIVE)

        self.assertEqual(
            (answer.json()["user"], answer.json()["name"]),
            (str(clinician.pk), clinician.get_full_name()),
        )
        self.assertIn("no-store", answer["Cache-Control"])
        token = {"HTTP_X_CSRFTOKEN": answer.json()["token"]}
        kept = client.post(
            "/admin/articles/article/unsaved/", "{", content_type="application/json", **token
        )
        self.assertEqual(kept.status_code, 400)  # it came through, to be told that it is no form

    def test_is_answered_with_nobody_for_everybody_else(self):
        self.assertIsNone(self.client.get(self.ALIVE).json()["user"])
        self.client.force_login(a_clinician(is_staff=False))
        self.assertIsNone(self.client.get(self.ALIVE).json()["user"])
        self.assertEqual(self.client.post(self.ALIVE).status_code, 405)
