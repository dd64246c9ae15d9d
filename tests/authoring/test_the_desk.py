"""The first page of the admin: what concerns each person, and nothing else."""

from datetime import date, timedelta

from django.test import TestCase
from django.utils import timezone

from articles.admin import dashboard
from articles.drafts import edits
from articles.models import Article, Claim, ReviewTask, SafetyNotice
from articles.publishing import open_points, publishing
from articles.review import reviewing
from physiohub import roles
from references.models import Identity, Integrity, Reference
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    a_user,
    an_editor,
    approved,
    link,
    published,
    reviewed,
)

TODAY = date(2026, 3, 2)


def retracted(reference):
    Reference.objects.filter(pk=reference.pk).update(
        integrity=Integrity.RETRACTED, integrity_checked_at=timezone.now()
    )
    return reference


class YourDrafts(TestCase):
    def setUp(self):
        self.writer = a_clinician()

    def titles(self):
        return [article.title for article in dashboard.dashboard_of(self.writer, on=TODAY).drafts]

    def test_are_those_you_own_the_one_touched_last_first(self):
        a_draft(by=self.writer, title="Older", at=NOON)
        a_draft(by=self.writer, title="Newer", at=LATER)
        a_draft(title="Somebody else's")

        self.assertEqual(self.titles(), ["Newer", "Older"])

    def test_leave_out_what_is_live_as_it_stands_until_it_is_changed(self):
        article = published(a_draft(by=self.writer, title="Live")).article
        self.assertEqual(self.titles(), [])

        edits.record_edit(article, by=self.writer, at=LATER)
        self.assertEqual(self.titles(), ["Live"])

    def test_hold_what_was_withdrawn(self):
        publication = published(a_draft(by=self.writer, title="Down"))
        publishing.withdraw(publication.article, by=publication.by, at=LATER, reason="Out of date.")

        self.assertEqual(self.titles(), ["Down"])

    def test_say_which_are_in_review(self):
        article = a_draft(by=self.writer)
        reviewing.submit(article, by=self.writer, at=NOON)

        self.assertTrue(dashboard.dashboard_of(self.writer, on=TODAY).drafts[0].is_in_review)

    def test_are_the_newest_few_and_a_way_to_all(self):
        Article.objects.bulk_create(
            Article(title=f"Draft {number}", slug=f"d{number}", owner=self.writer)
            for number in range(30)
        )
        self.client.force_login(self.writer)

        self.assertEqual(len(self.titles()), dashboard.MOST)
        all_of_them = f"/admin/articles/article/?owner__id__exact={self.writer.pk}"
        self.assertContains(self.client.get("/admin/"), all_of_them)
        self.assertContains(self.client.get(all_of_them), "30 articles")


class WhatIsAskedOfYou(TestCase):
    def setUp(self):
        self.writer, self.editor = a_clinician(), an_editor()
        self.article = a_draft(by=self.writer, title="Stretching")

    def of(self, user):
        return dashboard.dashboard_of(user, on=TODAY)

    def test_is_a_review_for_every_editor_but_the_one_who_asked(self):
        reviewing.submit(self.article, by=self.editor, at=NOON, note="Look at the knee.")
        other = an_editor()

        self.assertEqual([task.request.article for task in self.of(other).tasks], [self.article])
        self.assertEqual(self.of(self.editor).tasks, [])
        self.assertEqual(self.of(self.writer).tasks, [])

    def test_is_a_review_for_the_one_it_was_assigned_to_alone(self):
        request = reviewing.submit(self.article, by=self.writer, at=NOON)
        reader = a_clinician()
        ReviewTask.objects.filter(request=request).update(assigned_to=reader)

        self.assertEqual(len(self.of(reader).tasks), 1)
        self.assertEqual(self.of(self.editor).tasks, [])

    def test_is_over_once_you_decided(self):
        request = reviewing.submit(self.article, by=self.writer, at=NOON)
        reviewing.ask_for_changes(request.revision, by=self.editor, at=NOON, note="Say more.")

        self.assertEqual(self.of(self.editor).tasks, [])

    def test_is_a_change_a_reviewer_wants_until_the_text_is_sent_again(self):
        request = reviewing.submit(self.article, by=self.writer, at=NOON)
        reviewing.ask_for_changes(request.revision, by=self.editor, at=NOON, note="Say who.")
        self.assertEqual([decision.note for decision in self.of(self.writer).changes], ["Say who."])
        self.assertEqual(self.of(a_clinician()).changes, [])

        self.article.refresh_from_db()
        self.article.summary = "For those with sore backs."
        self.article.save()
        reviewing.submit(self.article, by=self.writer, at=LATER)
        self.assertEqual(self.of(self.writer).changes, [])

    def test_is_no_change_when_the_same_reviewer_approved_after_all(self):
        for citation in self.article.claims.get().citations.all():
            reviewing.check_evidence(citation, by=self.editor, at=NOON)
        request = reviewing.submit(self.article, by=self.writer, at=NOON)
        reviewing.ask_for_changes(request.revision, by=self.editor, at=NOON, note="Say who.")
        approved(request.revision, by=self.editor, at=LATER)

        self.assertEqual(self.of(self.writer).changes, [])

    def test_is_evidence_to_check_that_you_did_not_add(self):
        link(self.article.claims.get(), a_reference(), by=self.editor)
        removed = Claim.objects.create(
            article=self.article, text="A marker that is gone", position=None
        )
        link(removed, a_reference(), by=self.writer)

        self.assertEqual(
            self.of(self.editor).to_check,
            [{"article": self.article.pk, "title": "Stretching", "citations": 1}],
        )
        self.assertEqual(self.of(an_editor()).to_check[0]["citations"], 2)
        self.assertEqual(self.of(self.writer).to_check, [])

    def test_is_a_source_of_yours_that_was_taken_back_unless_it_is_cited_on_purpose(self):
        citation = link(self.article.claims.get(), retracted(a_reference()), by=self.writer)
        self.assertEqual(
            [found["title"] for found in self.of(self.writer).taken_back], ["Stretching"]
        )
        self.assertEqual(self.of(a_clinician()).taken_back, [])

        citation.override_reason = "To say that it was taken back."
        citation.save()
        self.assertEqual(self.of(self.writer).taken_back, [])


class WhatIsDue(TestCase):
    def setUp(self):
        self.writer = a_clinician()

    def searches(self, user):
        return [article.title for article in dashboard.dashboard_of(user, on=TODAY).searches]

    def test_is_a_search_for_new_studies_after_two_years_or_when_nobody_says(self):
        old = TODAY - open_points.SEARCH_HOLDS
        for title, searched_on in (
            ("Fresh", old),
            ("Old", old - timedelta(days=1)),
            ("Never", None),
        ):
            published(a_draft(by=self.writer, title=title, evidence_searched_on=searched_on))
        a_draft(by=self.writer, title="A draft nobody reads")

        self.assertEqual(self.searches(self.writer), ["Never", "Old"])
        self.assertEqual(self.searches(an_editor()), ["Never", "Old"])
        self.assertEqual(self.searches(a_clinician()), [])

    def test_is_an_open_notice_for_the_owner_and_every_editor(self):
        article = a_draft(by=self.writer)
        notice = SafetyNotice.objects.create(
            article=article, text="A study was taken back.", opened_at=NOON
        )
        for user, sees in ((self.writer, True), (an_editor(), True), (a_clinician(), False)):
            self.assertEqual(
                dashboard.dashboard_of(user, on=TODAY).notices, [notice] if sees else []
            )

    def test_is_the_order_of_the_library_for_those_who_keep_it(self):
        a_reference(repairs=["a letter"])
        Reference.objects.filter(pk=a_reference().pk).update(identity=Identity.MISMATCH)

        self.assertEqual(
            dashboard.dashboard_of(a_user(roles.LIBRARIAN), on=TODAY).library,
            dashboard.LibraryCounts(1, 1, 2),
        )
        self.assertFalse(dashboard.dashboard_of(self.writer, on=TODAY).library)

    def test_is_an_account_without_a_role_for_administrators(self):
        stranger = a_user()

        self.assertEqual(
            dashboard.dashboard_of(a_user(roles.ADMINISTRATOR), on=TODAY).without_role, [stranger]
        )
        self.assertEqual(dashboard.dashboard_of(an_editor(), on=TODAY).without_role, [])


class Lately(TestCase):
    def test_tells_editors_all_and_others_what_is_theirs(self):
        writer = a_clinician()
        mine, other = a_draft(by=writer, title="Mine"), a_draft(title="Other")
        edits.record_edit(mine, by=other.owner, at=LATER)

        def subjects(user):
            return [
                (entry.subject_name, entry.article_pk)
                for entry in dashboard.dashboard_of(user, on=TODAY).lately
            ]

        self.assertEqual(subjects(writer), [("Mine", mine.pk), ("Mine", mine.pk)])
        self.assertIn(("Other", other.pk), subjects(an_editor()))

    def test_says_once_what_happened_many_times_in_a_day(self):
        writer = a_clinician()
        article = a_draft(by=writer)
        for _ in range(20):
            edits.record_edit(article, by=writer, at=LATER)

        self.assertEqual(
            [entry.times for entry in dashboard.dashboard_of(writer, on=TODAY).lately], [21]
        )


class TheFirstPage(TestCase):
    def test_says_how_to_begin_to_each_role(self):
        for role, words in (
            (roles.CLINICIAN, "Write an article"),
            (roles.EDITOR, "Write an article"),
            (roles.LIBRARIAN, "Add a reference"),
            (roles.ADMINISTRATOR, "Add an account"),
            (None, "Ask an administrator to give you one"),
        ):
            with self.subTest(role=role):
                user = a_user(role)
                self.client.force_login(user)
                answer = self.client.get("/admin/")
                self.assertContains(answer, "Nothing waits for you")
                self.assertContains(answer, words)
                user.delete()

    def test_shows_what_waits_as_plain_text_above_the_list_of_everything(self):
        writer, editor = a_clinician(), an_editor()
        article = a_draft(by=writer, title="Needles <b>&</b> pins")
        request = reviewing.submit(article, by=writer, at=NOON, note="<i>Look</i>")
        self.client.force_login(editor)
        html = self.client.get("/admin/").content.decode()

        self.assertIn("Needles &lt;b&gt;&amp;&lt;/b&gt; pins", html)
        self.assertIn("&lt;i&gt;Look&lt;/i&gt;", html)
        self.assertLess(html.index("What is asked of you"), html.index("Everything"))
        self.assertIn("/admin/references/reference/", html)

        reviewing.ask_for_changes(request.revision, by=editor, at=LATER, note="Say <who>")
        self.client.force_login(writer)
        html = self.client.get("/admin/").content.decode()
        self.assertIn("asks for changes: Say &lt;who&gt;", " ".join(html.split()))

    def test_bears_the_name_of_the_site(self):
        from django.conf import settings

        self.assertContains(self.client.get("/admin/login/"), f'">{settings.SITE_NAME}</a>')

    def test_takes_at_most_16_queries_for_anybody(self):
        writer = a_clinician()
        for number in range(3):
            article = a_draft(by=writer, title=f"Draft {number}")
            link(article.claims.get(), retracted(a_reference()), by=writer)
            request = reviewing.submit(article, by=writer, at=NOON)
            reviewing.ask_for_changes(request.revision, by=an_editor(), at=NOON, note="More.")
            SafetyNotice.objects.create(article=article, text="A notice.", opened_at=NOON)
        published()
        reviewed(a_draft(by=writer))
        a_user()
        for user, queries in (
            (writer, 14),
            (an_editor(), 15),
            (a_user(roles.LIBRARIAN), 8),
            (a_user(roles.ADMINISTRATOR), 9),
            (a_superuser(), 16),
        ):
            self.client.force_login(user)
            with self.subTest(user=user), self.assertNumQueries(queries):
                self.client.get("/admin/")
