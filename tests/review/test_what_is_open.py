"""The status of a page names all that is open, the most serious first, and says what to do next.

Each thing the house knows to be open is made once, about a page of which nothing else is open.
"""

import contextlib
import shutil
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from articles.admin import dashboard
from articles.drafts import edits
from articles.models import (
    Article,
    Citation,
    Claim,
    ReadingListEntry,
    ReviewTask,
    SafetyNotice,
    Schedule,
)
from articles.publishing import open_points, publishing, scheduling
from articles.review import comments, reviewing
from references.models import Identity, Integrity, Notice, Reference
from tests.builders import (
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    approved,
    link,
    mark,
    published,
    with_picture,
)

NOTHING = "Nothing has to be done"
#: Where the dashboard names what its list of left-over points does not.
ON_THE_DASHBOARD = {
    "source_taken_back": "taken_back",
    "notice_open": "notices",
    "due": "again",
    "search_old": "searches",
    "evidence_to_check": "to_check",
    "words_changed": "drafts",
    "evidence_without_phrase": "drafts",
}


def a_quiet_page(*, has_picture=False, **fields):
    """A live page about which nothing is open."""
    now = timezone.now()
    draft = a_draft(at=now, **{"evidence_searched_on": timezone.localdate(now), **fields})
    if has_picture:
        with_picture(draft)
    return published(draft, at=now).article


def citation_of(article):
    return Citation.objects.filter(claim__article=article).first()


def known_as(article, **what_became_of_it):
    Reference.objects.filter(pk=citation_of(article).reference_id).update(
        integrity_checked_at=timezone.now(), **what_became_of_it
    )


def take_back_a_source(article):
    known_as(article, integrity=Integrity.RETRACTED)


def doubt_a_source(article):
    known_as(article, integrity=Integrity.CONCERN)


def list_a_work_that_was_taken_back(article):
    reference = a_reference(integrity=Integrity.WITHDRAWN, integrity_checked_at=timezone.now())
    ReadingListEntry.objects.create(article=article, reference=reference)


def open_a_notice(article):
    SafetyNotice.objects.create(article=article, text="A notice.", opened_at=timezone.now())


def publish_in_an_emergency(article):
    editor, now = an_editor(), timezone.now()
    revision = approved_again(article, editor, override_reason="A wrong dose stood there.")
    publishing.publish(revision, by=editor, at=now)


def approved_again(article, editor=None, **how):
    """A revision of the article, edited by `editor`, that may go out."""
    editor, other = editor or article.owner, an_editor()
    article.refresh_from_db()
    article.summary = "Another summary."
    article.save()
    edits.record_edit(article, by=editor, at=timezone.now())
    request = reviewing.submit(article, by=article.owner, at=timezone.now())
    by = editor if how else other
    approved(request.revision, by=by, at=timezone.now(), **how)
    return request.revision


def set_a_time(article):
    revision, now = approved_again(article), timezone.now()
    return scheduling.schedule(
        revision, by=an_editor(), at=now, publish_at=now + timedelta(hours=1)
    )


def take_the_address_of_another_page(article):
    other = a_quiet_page(slug="wanted")
    Article.objects.filter(pk=other.pk).update(slug="another")
    Article.objects.filter(pk=article.pk).update(slug="wanted")


def let_a_time_pass(article):
    late = timezone.now() - timedelta(hours=1)
    Schedule.objects.filter(pk=set_a_time(article).pk).update(publish_at=late)


def be_refused_at_its_time(article):
    set_a_time(article)
    change_the_words_of(article)
    scheduling.publish_due(at=timezone.now() + timedelta(hours=2))


def edit_after_a_time_was_set(article):
    set_a_time(article)
    change_the_words_of(article)


def change_the_words_of(article):
    article.refresh_from_db()
    article.summary = "Yet another summary."
    article.save()
    edits.record_edit(article, by=article.owner, at=timezone.now())


def say(article, **how):
    comments.add_comment(
        article.revisions.first(), by=an_editor(), at=timezone.now(), text="Why?", **how
    )


def change_words_under_evidence(article):
    claim = citation_of(article).claim
    Claim.objects.filter(pk=claim.pk).update(checked_text="other words")
    edits.record_edit(article, by=article.owner, at=timezone.now())


def take_back_a_check(article):
    Citation.objects.filter(pk=citation_of(article).pk).update(checked_by=None, checked_at=None)


def fall_behind_its_original(article):
    original = a_quiet_page(language="es")
    Article.objects.filter(pk=article.pk).update(
        translation_of=original,
        translated_from=original.revisions.get(),
        translated_on=timezone.localdate(),
    )
    publishing.publish(approved_again(original), by=an_editor(), at=timezone.now())


def be_late_with_a_review(article):
    change_the_words_of(article)
    request = reviewing.submit(article, by=article.owner, at=timezone.now())
    yesterday = timezone.localdate() - timedelta(days=1)
    ReviewTask.objects.filter(request=request).update(due_on=yesterday)


def close_the_account_of_its_owner(article):
    article.owner.is_active = False
    article.owner.save()


def lose_the_mark_of_a_phrase(article):
    article.refresh_from_db()
    link(mark(article, "thin needle"), a_reference(), by=article.owner)
    article.body = "<p>It uses something else.</p>"
    article.save()
    edits.match_claims_to_text(article)


def have_a_newer_version_of_a_source(article):
    Notice.objects.create(
        reference=citation_of(article).reference, kind="new_version", doi="10.5555/new", source="x"
    )


def break_an_identifier(article):
    known_as(article, identity=Identity.MISMATCH)


def lose_a_file(article):
    shutil.rmtree(settings.MEDIA_ROOT)


def nothing_more(article):
    """The page is published so that it is open by itself."""


#: {code: (how it comes about, what is special about the page)}
OPEN = {
    "source_taken_back": (take_back_a_source, {}),
    "reading_taken_back": (list_a_work_that_was_taken_back, {}),
    "notice_open": (open_a_notice, {}),
    "source_in_doubt": (doubt_a_source, {}),
    "emergency": (publish_in_an_emergency, {}),
    "schedule_late": (let_a_time_pass, {}),
    "schedule_refused": (be_refused_at_its_time, {}),
    "schedule_outdated": (edit_after_a_time_was_set, {}),
    "address_taken": (take_the_address_of_another_page, {}),
    "due": (nothing_more, {"evidence_searched_on": timezone.localdate() - timedelta(days=500)}),
    "remarks_block": (lambda article: say(article, is_blocking=True), {}),
    "words_changed": (change_words_under_evidence, {}),
    "evidence_to_check": (take_back_a_check, {}),
    "translation_behind": (fall_behind_its_original, {}),
    "review_late": (be_late_with_a_review, {}),
    "search_old": (nothing_more, {"evidence_searched_on": None}),
    "newer_version": (have_a_newer_version_of_a_source, {}),
    "remarks_open": (say, {}),
    "nobody_keeps_it": (close_the_account_of_its_owner, {}),
    "evidence_without_phrase": (lose_the_mark_of_a_phrase, {}),
    "blockers": (break_an_identifier, {}),
    "picture_lost": (lose_a_file, {"has_picture": True}),
}


class AllThatCanBeOpen(TestCase):
    def setUp(self):
        self.client.force_login(a_superuser())

    @contextlib.contextmanager
    def page_with(self, code):
        """A page about which this is open; undone afterwards."""
        comes_about, special = OPEN[code]
        with self.subTest(code), transaction.atomic():
            article = a_quiet_page(**special)
            comes_about(article)
            yield article
            transaction.set_rollback(True)

    def review(self, article):
        return self.client.get(reverse("admin:articles_article_review", args=[article.pk]))

    def test_is_in_the_table_of_this_test(self):
        kinds = {kind.code for kind in open_points.KINDS}
        self.assertEqual(kinds | {"blockers", "picture_lost"}, set(OPEN))

    def test_is_named_by_the_status_which_leads_to_where_it_is_done(self):
        for code in OPEN:
            with self.page_with(code) as article:
                answer = self.review(article)
                points = {point.code: point for point in answer.context["progress"].open}
                self.assertIn(code, points)
                self.assertContains(answer, escape(points[code].says))
                self.assertContains(answer, escape(points[code].next))
                self.assertNotContains(answer, NOTHING)
                address, _hash, fragment = points[code].address.partition("#")
                review = reverse("admin:articles_article_review", args=[article.pk])
                there = answer if address == review else self.client.get(address)
                self.assertEqual(there.status_code, 200)
                if fragment:
                    self.assertContains(there, f'id="{fragment}"')

    def test_stands_in_the_list_in_the_filter_and_on_the_form(self):
        for kind in open_points.KINDS:
            with self.page_with(kind.code) as article:
                lists = reverse("admin:articles_article_changelist")
                found = self.client.get(lists, {"open": kind.code})
                self.assertEqual([one.pk for one in found.context["cl"].result_list], [article.pk])
                self.assertContains(found, '<strong class="open-point">')
                form = self.client.get(reverse("admin:articles_article_change", args=[article.pk]))
                self.assertContains(form, escape(kind.next))

    def test_stands_on_the_dashboard(self):
        kinds = {kind.code for kind in open_points.KINDS}
        self.assertEqual(dashboard.LEFT_OPEN | ON_THE_DASHBOARD.keys(), kinds)
        for code in kinds:
            with self.page_with(code) as article:
                user = an_editor() if code == "evidence_to_check" else article.owner
                desk = dashboard.dashboard_of(user, on=timezone.localdate())
                if code in dashboard.LEFT_OPEN and user.is_active:
                    points = {one.pk: one.points for one in desk.left_open}
                    self.assertIn(code, [point.code for point in points[article.pk]])
                elif user.is_active:
                    self.assertTrue(getattr(desk, ON_THE_DASHBOARD[code]))
                self.assertFalse(desk.is_empty and user.is_active)


class APageAboutWhichNothingIsOpen(TestCase):
    def setUp(self):
        self.client.force_login(a_superuser())
        self.article = a_quiet_page()
        self.review = reverse("admin:articles_article_review", args=[self.article.pk])

    def test_says_so(self):
        answer = self.client.get(self.review)
        self.assertEqual(answer.context["progress"].open, [])
        self.assertContains(answer, NOTHING)
        listed = self.client.get(reverse("admin:articles_article_changelist"))
        self.assertNotContains(listed, "open-point")

    def test_says_so_while_it_waits_for_its_time_and_no_longer_when_a_source_falls(self):
        set_a_time(self.article)
        self.assertContains(self.client.get(self.review), f"{NOTHING}. If the text changes")

        take_back_a_source(self.article)
        answer = self.client.get(self.review)
        self.assertNotContains(answer, NOTHING)
        self.assertContains(answer, "it would be refused then")

    def test_says_so_where_a_work_that_fell_is_cited_on_purpose_with_a_reason(self):
        take_back_a_source(self.article)
        Citation.objects.filter(pk=citation_of(self.article).pk).update(override_reason="It fell.")
        self.assertContains(self.client.get(self.review), NOTHING)


class TheMostSerious(TestCase):
    def test_comes_first_and_the_others_are_counted_in_lists(self):
        article = a_quiet_page(evidence_searched_on=None)
        say(article)
        take_back_a_source(article)
        self.client.force_login(a_superuser())

        answer = self.client.get(reverse("admin:articles_article_review", args=[article.pk]))
        codes = [point.code for point in answer.context["progress"].open]
        self.assertEqual(codes, ["source_taken_back", "blockers", "search_old", "remarks_open"])
        self.assertIn("Take it out", answer.context["progress"].next)
        listed = self.client.get(reverse("admin:articles_article_changelist"))
        self.assertContains(listed, "a source was taken back (2 more)")


class AnEmergency(TestCase):
    def test_is_answered_once_a_text_that_a_colleague_approved_is_published(self):
        article = a_quiet_page()
        publish_in_an_emergency(article)
        self.assertEqual(codes_of(article), ["emergency"])

        revision = approved_again(article, article.owner)
        self.assertEqual(codes_of(article), ["emergency"])
        publishing.publish(revision, by=an_editor(), at=timezone.now())

        self.assertEqual(codes_of(article), [])


class ASearchForEvidence(TestCase):
    def test_that_was_confirmed_is_no_longer_due(self):
        article, now = a_quiet_page(evidence_searched_on=None), timezone.now()
        self.assertEqual(codes_of(article), ["search_old"])
        publishing.confirm(
            article, by=an_editor(), at=now, evidence_searched_on=timezone.localdate(now)
        )
        self.assertEqual(codes_of(article), [])
        desk = dashboard.dashboard_of(article.owner, on=timezone.localdate(now))
        self.assertEqual(desk.searches, [])


class SomebodyWhoDoesNotPublish(TestCase):
    def test_gets_no_link_to_a_part_of_the_page_they_do_not_have(self):
        article = a_quiet_page(evidence_searched_on=timezone.localdate() - timedelta(days=500))
        self.client.force_login(article.owner)
        answer = self.client.get(reverse("admin:articles_article_review", args=[article.pk]))
        self.assertContains(answer, "due for another look")
        self.assertNotContains(answer, '#publish"')


class TheListOfArticles(TestCase):
    def test_takes_as_many_queries_whatever_is_open(self):
        self.client.force_login(a_superuser())
        address = reverse("admin:articles_article_changelist")

        def queries():
            with CaptureQueriesContext(connection) as captured:
                self.client.get(address)
            return len(captured)

        say(a_quiet_page())
        few = queries()
        for code in ("source_taken_back", "notice_open", "emergency", "schedule_refused"):
            comes_about, special = OPEN[code]
            comes_about(a_quiet_page(**special))
        self.assertEqual(queries(), few)


def codes_of(article):
    found = open_points.open_articles([article.pk], at=timezone.now())
    return [point.code for point in found[article.pk].points] if found else []
