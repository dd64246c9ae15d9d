"""The admin as clinicians and editors use it."""

from django.apps import apps
from django.contrib import admin
from django.test import TestCase
from django.urls import reverse

from articles.models import (
    Article,
    AuditEntry,
    Buffer,
    Citation,
    LiveTopicFinding,
    LiveTotal,
    PendingPicture,
    Publication,
    PublicState,
    RememberedDevice,
    WrongPassword,
)
from references.models import ImportedFile, MatchingKey, SearchText
from tests.builders import (
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    agreed_in_form,
    an_editor,
    link,
    published,
)
from tests.forms import filled_in


class EveryModel(TestCase):
    def test_is_reachable_and_searchable(self):
        self.client.force_login(a_superuser())
        published()
        for label in ("articles", "references"):
            for model in apps.get_app_config(label).get_models():
                with self.subTest(model=model._meta.label):
                    # What somebody has not saved yet is theirs alone; the bytes of a file or of a
                    # picture are read through its import, and keys serve the list of pairs alone,
                    # and texts to search in the list of references. The state of the public pages
                    # is one token, and of a wrong password there is only a hash for an hour.
                    if model in (
                        Buffer,
                        ImportedFile,
                        PendingPicture,
                        MatchingKey,
                        LiveTopicFinding,
                        LiveTotal,
                        PublicState,
                        RememberedDevice,
                        SearchText,
                        WrongPassword,
                    ):
                        self.assertFalse(admin.site.is_registered(model))
                        continue
                    self.assertTrue(admin.site.get_model_admin(model).search_fields)
                    address = reverse(f"admin:{label}_{model._meta.model_name}_changelist")
                    self.assertEqual(self.client.get(address, {"q": "a"}).status_code, 200)

    def test_is_picked_by_typing_not_from_a_plain_list_of_all(self):
        self.client.force_login(a_superuser())
        article = a_draft()

        html = self.client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()

        self.assertIn("admin-autocomplete", html)


class AnArticleForm(TestCase):
    def setUp(self):
        self.clinician = a_clinician()
        self.article = a_draft(by=self.clinician)
        self.client.force_login(self.clinician)
        self.address = f"/admin/articles/article/{self.article.pk}/change/"

    def filled_in(self, **changed):
        return filled_in(self.client.get(self.address), **changed)

    def test_saves_and_enters_the_change_in_the_audit_log(self):
        answer = self.client.post(self.address, self.filled_in(title="Needles"))

        self.assertEqual(
            answer.status_code, 302, getattr(answer, "context", None) and answer.context["errors"]
        )
        self.assertEqual(Article.objects.get().title, "Needles")
        self.assertEqual(
            AuditEntry.objects.filter(act="edited", actor_id=self.clinician.pk).count(), 2
        )

    def test_refuses_a_save_over_a_colleagues_and_keeps_what_was_typed(self):
        mine, theirs = self.filled_in(summary="Mine."), self.filled_in(summary="Theirs.")
        self.client.post(self.address, theirs)

        answer = self.client.post(self.address, mine)

        self.assertContains(answer, "Somebody changed this meanwhile", status_code=409)
        self.assertContains(answer, "Mine", status_code=409)
        self.assertEqual(Article.objects.get().summary, "Theirs.")

    def test_tells_what_cleaning_took_out(self):
        answer = self.client.post(
            self.address, self.filled_in(body="<p>Text<img src=x></p>"), follow=True
        )

        self.assertContains(answer, "1 picture")
        self.assertEqual(Article.objects.get().body, "<p>Text</p>")

    def test_is_the_only_kind_of_page_whose_policy_is_relaxed(self):
        self.assertIn("unsafe-inline", self.client.get(self.address)["Content-Security-Policy"])
        for address in (
            "/admin/",
            "/admin/articles/article/",
            f"/admin/articles/article/{self.article.pk}/preview/",
        ):
            self.assertNotIn("unsafe", self.client.get(address)["Content-Security-Policy"])


class TheReviewPage(TestCase):
    def setUp(self):
        self.article = a_draft()
        self.address = f"/admin/articles/article/{self.article.pk}/review/"

    def act(self, user, act, **data):
        self.client.force_login(user)
        digest = self.client.get(self.address).context["digest"]
        return self.client.post(self.address, {"act": act, "digest": digest, **data}, follow=True)

    def test_takes_an_article_from_draft_to_page(self):
        editor = an_editor()
        for citation in Citation.objects.all():
            self.act(editor, "check", citation=citation.pk)
        self.act(self.article.owner, "submit")
        self.act(editor, "approve", **agreed_in_form())
        self.act(editor, "publish", note="First version.")

        self.assertEqual(self.client.get(self.article.get_absolute_url()).status_code, 200)
        self.act(editor, "withdraw", note="Out of date.")
        self.assertEqual(self.client.get(self.article.get_absolute_url()).status_code, 410)

    def test_refuses_with_the_sentences_of_the_services(self):
        editor = an_editor()
        self.act(self.article.owner, "submit")

        # In the words of whoever reads them: this editor may check it, its author may not.
        self.assertContains(self.act(editor, "approve"), "Check the evidence for")
        self.assertContains(self.act(editor, "publish"), "Check the evidence for")
        self.client.force_login(self.article.owner)
        self.assertContains(self.client.get(self.address), "Ask a colleague to check the evidence")
        self.assertFalse(Publication.objects.exists())

    def test_is_closed_to_clinicians_who_try_an_editors_act(self):
        self.act(self.article.owner, "submit")

        self.assertContains(
            self.act(self.article.owner, "approve"), "Only editors decide on a review"
        )

    def test_shows_what_is_still_to_do(self):
        self.client.force_login(self.article.owner)

        self.assertContains(self.client.get(self.address), "Before publishing:")


class EditingEvidenceInTheAdmin(TestCase):
    def test_clears_the_second_persons_check(self):
        article = a_draft()
        editor = an_editor()
        citation = link(article.claims.first(), a_reference(), by=article.owner, checked_by=editor)
        self.client.force_login(article.owner)
        address = f"/admin/articles/citation/{citation.pk}/change/"

        answer = self.client.post(address, filled_in(self.client.get(address), locator="9"))

        self.assertEqual(answer.status_code, 302)
        citation.refresh_from_db()
        self.assertIsNone(citation.checked_by)
