"""Unsaved work: kept apart, offered to its author alone, taken back unsaved, thrown away on
a second word.
"""

import json
from datetime import timedelta
from unittest import mock

from django.contrib.auth.models import Permission
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, AuditEntry, Buffer, KeyPoint, Revision
from physiohub import request_limits
from tests.builders import a_clinician, a_draft, a_user, with_side_effect
from tests.forms import add_row, filled_in

KEY = "a-key-of-an-open-form"
KEEP = "/admin/articles/article/unsaved/"
ADD = "/admin/articles/article/add/"


class UnsavedWork(TestCase):
    def setUp(self):
        self.clinician, self.colleague = a_clinician(), a_clinician()
        self.article = a_draft(
            by=self.clinician, title="Old title", at=timezone.now() - timedelta(hours=1)
        )
        self.address = f"/admin/articles/article/{self.article.pk}/change/"
        self.client.force_login(self.clinician)

    def opened(self, address=None):
        return filled_in(self.client.get(address or self.address))

    def keep(self, data, *, key=KEY, article="this", **changed):
        """Sends what the script in the form would."""
        form = [
            [name, str(value)]
            for name, value in {**data, **changed}.items()
            if name != "buffer_key"
        ]
        article = self.article.pk if article == "this" else article
        return self.client.post(
            KEEP,
            json.dumps({"key": key, "article": article, "form": form}),
            content_type="application/json",
        )

    def offers(self, address=None):
        return self.client.get(address or self.address).context["offers"]

    def take_back(self, address=None, key=KEY):
        return self.client.get(f"{address or self.address}?take_back={key}")


class WorkKeptWhileTyping(UnsavedWork):
    def test_touches_nothing_else(self):
        version, entries = self.article.lock_version, AuditEntry.objects.count()

        self.assertEqual(self.keep(self.opened(), title="Half a ti").status_code, 200)

        self.article.refresh_from_db()
        self.assertEqual(
            (self.article.title, self.article.lock_version), ("Old title", version + 1)
        )
        self.assertEqual((AuditEntry.objects.count(), Revision.objects.count()), (entries, 0))
        self.assertEqual(Buffer.objects.get().based_on, self.article.lock_version)

    def test_takes_the_place_of_what_the_same_form_kept_before(self):
        for title in ("H", "Ha", "Half"):
            self.keep(self.opened(), title=title)

        self.assertEqual(dict(Buffer.objects.get().form)["title"], "Half")

    def test_is_nobody_elses(self):
        self.keep(self.opened(), title="Half")
        self.client.force_login(self.colleague)

        self.assertEqual(self.offers(), [])
        self.assertRedirects(self.take_back(), self.address)
        self.assertEqual(self.client.post(f"{KEEP}{KEY}/throw-away/").status_code, 404)
        self.assertEqual(Buffer.objects.count(), 1)

    def test_can_be_given_to_no_role(self):
        self.assertFalse(Permission.objects.filter(content_type__model="buffer").exists())

    def test_never_holds_a_token(self):
        self.keep(self.opened(), csrfmiddlewaretoken="x")

        self.assertNotIn("csrfmiddlewaretoken", dict(Buffer.objects.get().form))

    def test_goes_when_it_is_older_than_thirty_days(self):
        for days, key in ((31, "k" * 16), (29, "l" * 16)):
            Buffer.objects.create(
                user=self.colleague,
                key=key,
                form=[],
                saved_at=timezone.now() - timedelta(days=days),
            )

        self.keep(self.opened())

        self.assertEqual(set(Buffer.objects.values_list("key", flat=True)), {"l" * 16, KEY})

    def test_does_not_pile_up(self):
        data = self.opened()
        with mock.patch("articles.models.buffers.MOST_PER_PERSON", 3):
            for number in range(5):
                self.keep(data, key=f"{KEY}-{number}")

        self.assertEqual(
            set(Buffer.objects.values_list("key", flat=True)), {f"{KEY}-{n}" for n in (2, 3, 4)}
        )

    def test_is_refused_from_those_who_may_not_change_the_article(self):
        data = self.opened()
        self.client.force_login(a_user())

        self.assertEqual(self.keep(data).status_code, 403)
        self.assertEqual(self.keep(data, article=None).status_code, 403)

    def test_is_refused_when_it_is_no_form(self):
        sent = {"key": KEY, "article": None, "form": []}
        for body in (
            "",
            "{",
            "[]",
            "1",
            '"a"',
            "[" * 100_000,
            json.dumps({**sent, "more": 1}),
            json.dumps({**sent, "key": "../x"}),
            json.dumps({**sent, "article": True}),
            json.dumps({**sent, "article": -1}),
            json.dumps({**sent, "form": [["a"]]}),
            json.dumps({**sent, "form": [["a", 1]]}),
            json.dumps({**sent, "form": {"a": "b"}}),
            json.dumps({**sent, "form": [["a", "\ud800"]]}),
        ):
            with self.subTest(body=body[:60]):
                self.assertEqual(
                    self.client.post(KEEP, body, content_type="application/json").status_code, 400
                )
        self.assertEqual(self.client.get(KEEP).status_code, 405)
        self.assertEqual(self.keep({}, article=99_999).status_code, 404)
        self.assertEqual(self.keep({"body": "x" * request_limits.MOST_BYTES}).status_code, 413)
        self.assertFalse(Buffer.objects.exists())

    def test_with_characters_no_database_takes_is_kept_without_them(self):
        self.assertEqual(self.keep(self.opened(), title="a\0b\r\nc").status_code, 200)

        self.assertEqual(dict(Buffer.objects.get().form)["title"], "ab\nc")


class WorkFoundOnOpening(UnsavedWork):
    def test_is_offered_with_what_differs(self):
        self.keep(
            add_row(self.opened(), "keypoint_rows", text="A new point", kind="point"), title="Half"
        )

        page = self.client.get(self.address)

        self.assertContains(page, "You have unsaved work from")
        self.assertEqual(
            page.context["offers"][0][1],
            [("Title and details", ["Plain title"]), ("Key points", ["A new point"])],
        )
        self.assertEqual(page.context["adminform"].form["title"].value(), "Old title")

    def test_is_not_offered_when_nothing_differs(self):
        self.keep(self.opened())

        self.assertEqual(self.offers(), [])
        self.assertFalse(Buffer.objects.exists())

    def test_is_not_offered_when_only_a_colleague_changed_something(self):
        data = self.opened()
        self.client.force_login(self.colleague)
        self.client.post(self.address, {**self.opened(), "summary": "Theirs."})
        self.client.force_login(self.clinician)
        self.keep(data)

        self.assertEqual(self.offers(), [])

    def test_is_not_offered_when_it_is_older_than_ones_own_last_save(self):
        self.keep(self.opened(), title="Half")
        self.client.post(self.address, {**self.opened(), "summary": "Saved elsewhere, later."})

        self.assertEqual(self.offers(), [])

    def test_is_gone_once_its_form_is_saved(self):
        data = self.opened()
        self.keep(data, key=data["buffer_key"], title="Half")

        self.assertEqual(
            self.client.post(self.address, {**data, "title": "Whole"}).status_code, 302
        )

        self.assertFalse(Buffer.objects.exists())

    def test_stays_when_the_save_is_refused(self):
        data = self.opened()
        self.keep(data, key=data["buffer_key"], title="Half")

        answer = self.client.post(self.address, {**data, "title": ""})

        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.context["buffer_key"], data["buffer_key"])
        self.assertTrue(Buffer.objects.exists())


class WorkTakenBack(UnsavedWork):
    def test_fills_the_whole_form_and_saves_nothing(self):
        with_side_effect(self.article, "a bruise")
        data = add_row(self.opened(), "keypoint_rows", text="A new point", kind="point", position=7)
        evidence = json.dumps({"claims": {}, "removed": []})
        self.keep(
            data,
            title="",
            body="<p>New text.</p>",
            evidence=evidence,
            no_known_contraindications="on",
            **{"question_rows-0-text": "Why?", "articlesideeffect_rows-0-DELETE": "on"},
        )

        page = self.take_back()

        form = page.context["adminform"].form
        self.assertEqual((form["title"].value(), form["body"].value()), ("", "<p>New text.</p>"))
        self.assertIs(form["no_known_contraindications"].value(), True)
        self.assertEqual(json.loads(form.data["evidence"]), json.loads(evidence))
        again = filled_in(page)
        self.assertEqual(
            (again["keypoint_rows-3-text"], again["question_rows-0-text"]), ("A new point", "Why?")
        )
        self.assertEqual(again["articlesideeffect_rows-0-DELETE"], "on")
        self.assertEqual(Article.objects.get().title, "Old title")

    def test_shows_no_mistakes_of_half_finished_work(self):
        self.keep(self.opened(), title="", slug="no good")

        page = self.take_back()

        self.assertNotContains(page, "errornote")
        self.assertNotContains(page, "errorlist")
        self.assertContains(page, "It is not saved yet")

    def test_is_saved_like_any_other_work(self):
        self.keep(
            add_row(self.opened(), "keypoint_rows", text="A new point", kind="point", position=7),
            title="Half",
        )

        answer = self.client.post(self.address, {**filled_in(self.take_back()), "title": "Whole"})

        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Article.objects.get().title, "Whole")
        self.assertTrue(KeyPoint.objects.filter(text="A new point").exists())
        self.assertFalse(Buffer.objects.exists())

    def test_is_compared_with_what_was_saved_meanwhile(self):
        data = add_row(self.opened(), "keypoint_rows", text="Mine", kind="point", position=8)
        self.keep(data, title="Half")
        self.client.force_login(self.colleague)
        theirs = add_row(self.opened(), "keypoint_rows", text="Theirs", kind="point", position=7)
        self.client.post(
            self.address, {**theirs, "title": "Theirs", "keypoint_rows-0-DELETE": "on"}
        )
        self.client.force_login(self.clinician)

        taken_back = self.take_back()
        form = filled_in(taken_back)
        self.assertIn("Theirs", [form[f"keypoint_rows-{number}-text"] for number in range(5)])
        page = self.client.post(self.address, form)

        self.assertEqual(page.status_code, 409)
        units = {
            unit["legend"]: unit["choice"] for _, units in page.context["parts"] for unit in units
        }
        self.assertEqual(
            units,
            {"Plain title": None, "It can leave you sore for a day.": "theirs", "Mine": "mine"},
        )

    def test_stays_kept_until_it_is_saved(self):
        self.keep(self.opened(), title="Half")
        self.take_back()

        self.assertEqual(len(self.offers()), 1)

    def test_is_thrown_away_only_on_a_second_word(self):
        self.keep(self.opened(), title="Half")

        self.assertContains(self.client.get(f"{KEEP}{KEY}/throw-away/"), "Yes, throw it away")
        self.assertEqual(len(self.offers()), 1)
        self.assertRedirects(self.client.post(f"{KEEP}{KEY}/throw-away/"), self.address)
        self.assertEqual(self.offers(), [])


class ANewArticle(UnsavedWork):
    def test_is_kept_offered_taken_back_and_saved(self):
        data = add_row(self.opened(ADD), "keypoint_rows", text="First", kind="point", position=0)
        self.keep(data, article=None, title="Brand new", slug="brand-new", body="<p>Text.</p>")
        self.assertEqual(self.offers(), [])
        self.assertEqual(self.offers(ADD)[0][1][0][0], "Title and details")

        answer = self.client.post(ADD, filled_in(self.take_back(ADD)))

        self.assertEqual(answer.status_code, 302, answer.context and answer.context["errors"])
        article = Article.objects.get(slug="brand-new")
        self.assertEqual(
            (article.body, article.keypoint_rows.get().text), ("<p>Text.</p>", "First")
        )
        self.assertFalse(Buffer.objects.exists())

    def test_is_offered_what_was_being_written_when_the_article_was_deleted(self):
        self.keep(self.opened(), title="Half")
        Article.objects.all().delete()

        data = filled_in(self.take_back(ADD))

        self.assertEqual((data["title"], data["keypoint_rows-INITIAL_FORMS"]), ("Half", "0"))
        self.assertEqual(self.client.post(ADD, data).status_code, 302)
        self.assertEqual(Article.objects.get().keypoint_rows.count(), 3)


class AnArticleDeletedMeanwhile(UnsavedWork):
    def test_can_be_made_anew_with_all_that_was_typed(self):
        data = self.opened()
        Article.objects.all().delete()

        page = self.client.post(self.address, {**data, "title": "Typed"})

        self.assertContains(page, "Somebody deleted this", status_code=409)
        self.assertEqual(page.context["address"], ADD)
        self.assertEqual(self.client.post(ADD, dict(page.context["fields"])).status_code, 302)
        article = Article.objects.get()
        self.assertEqual((article.title, article.keypoint_rows.count()), ("Typed", 3))

    def test_leaves_the_words_typed_into_a_claim_to_be_copied(self):
        claim = self.article.claims.get()
        address = f"/admin/articles/claim/{claim.pk}/change/"
        data = self.opened(address)
        claim.delete()

        page = self.client.post(address, {**data, "outcome": "My words"})

        self.assertIn(("Outcome", "My words"), page.context["typed"])
        self.assertIsNone(page.context["address"])
