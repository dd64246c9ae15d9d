"""What readers get, and what they do not."""

from django.test import TestCase

from articles.drafts import edits
from articles.models import Publication, SafetyNotice
from articles.publishing import publishing
from tests.builders import (
    LATER,
    a_draft,
    a_reference,
    link,
    mark,
    published,
    reviewed,
    with_condition,
)


class ALiveArticle(TestCase):
    def setUp(self):
        article = a_draft(slug="stretching")
        self.reference = a_reference()
        link(mark(article, "may suit some people"), self.reference, by=article.owner)
        self.row = with_condition(article, "stiff neck")
        link(self.row.claim, self.reference, by=article.owner)
        self.publication = published(article)

    def page(self):
        return self.client.get("/articles/stretching/")

    def test_is_read_with_at_most_four_queries(self):
        with self.assertNumQueries(4):
            self.assertContains(self.page(), "thin needle")

    def test_shows_its_sources_numbered_with_a_way_back_to_every_use(self):
        html = self.page().content.decode()

        self.assertIn('href="#r1"', html)
        self.assertIn('id="r1"', html)
        self.assertIn('href="#c1-1"', html)
        self.assertIn('href="#c1-2"', html)

    def test_warns_of_a_source_taken_back_since_its_list_was_first_shown_and_no_longer_than_that(
        self,
    ):
        self.page()
        notice = SafetyNotice.objects.create(
            article=self.publication.article,
            kind="retracted_source",
            text="Mind this.",
            reference=self.reference,
            opened_at=LATER,
        )

        self.assertContains(self.page(), "It was taken back by its publisher.")
        SafetyNotice.objects.filter(pk=notice.pk).update(
            resolved_at=LATER,
            resolved_by=self.publication.article.owner,
            resolution="It was a mistake.",
        )
        self.assertNotContains(self.page(), "It was taken back by its publisher.")

    def test_does_not_change_by_a_byte_when_the_draft_or_what_it_shares_changes(self):
        before = self.page().content
        article = self.publication.article
        article.title, article.slug, article.body = "Quokka", "quokka", "<p>Quokka.</p>"
        article.save()
        self.row.condition.name = "quokka"
        self.row.condition.save()
        self.reference.csl["title"] = "Quokka"
        self.reference.save()

        self.assertEqual(self.page().content, before)

    def test_says_who_checked_it(self):
        self.assertContains(self.page(), self.publication.approvals[0]["name"])

    def test_sets_no_cookie(self):
        self.assertFalse(self.page().cookies)

    def test_carries_a_policy_without_anything_inline(self):
        policy = self.page()["Content-Security-Policy"]

        self.assertIn("script-src 'self'", policy)
        self.assertNotIn("unsafe", policy)

    def test_is_found_under_its_old_address_after_it_moved(self):
        article = self.publication.article
        article.slug = "gentle-stretching"
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)

        self.assertRedirects(self.page(), "/articles/gentle-stretching/", status_code=301)


class ADraft(TestCase):
    def test_is_not_found_under_any_address_and_looks_like_nothing_at_all(self):
        article = a_draft(slug="quokka", title="Quokka therapy")

        for address in (
            f"/articles/{article.slug}/",
            f"/articles/{article.pk}/",
            f"/articles/{article.uid}/",
        ):
            answer = self.client.get(address)
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(
                answer.content.replace(address.encode(), b""),
                self.client.get("/articles/nothing/").content.replace(b"/articles/nothing/", b""),
            )
        for address in ("/", "/articles/"):
            self.assertNotContains(self.client.get(address), "uokka")

    def test_is_not_previewed_by_anyone_without_an_account(self):
        article = a_draft()

        answer = self.client.get(f"/admin/articles/article/{article.pk}/preview/")

        self.assertEqual(answer.status_code, 302)
        self.assertIn("/admin/login/", answer["Location"])


class AWithdrawnArticle(TestCase):
    def test_says_so_and_why_instead_of_vanishing(self):
        publication = published(slug="cupping")
        publishing.withdraw(
            publication.article,
            by=publication.by,
            at=LATER,
            reason="The main study was taken back.",
        )

        answer = self.client.get("/articles/cupping/")

        self.assertContains(answer, "The main study was taken back.", status_code=410)
        self.assertNotContains(self.client.get("/articles/"), "cupping")
        self.assertTrue(Publication.objects.filter(slug="cupping").exists())
