"""Answers that are kept: sent at once while they hold, and never a moment longer."""

import re
from datetime import date, timedelta
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import (
    Client,
    RequestFactory,
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
)
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import urls
from articles.drafts import translations
from articles.live import public_state, source_notices
from articles.models import Publication, PublicState, PublishedWork, SafetyNotice
from articles.paper import kept
from articles.public import finished_pages
from articles.public.finished_pages import Finished, Keeper
from articles.publishing import publishing
from physiohub import roles
from references import merging
from references.models import Notice, Reference
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_full_article,
    a_reference,
    a_superuser,
    an_editor,
    edited,
    link,
    published,
    set_claim,
    with_condition,
)
from tests.evidence.test_impact import retract


def kept_names():
    """The names of all addresses whose answers are kept."""
    return {
        pattern.name for pattern in urls.urlpatterns if hasattr(pattern.callback, "kept_parameters")
    }


def addresses(article):
    """{name: an address of each kind that is kept}, of a page that is live."""
    work = PublishedWork.objects.order_by("pk").first()
    condition = article.articlecondition_rows.order_by("pk").first()
    digest = Publication.objects.get(article=article, number=1).revision.digest[:8]
    of = {
        "article": [article.slug],
        "card": [article.slug, Publication.objects.filter(article=article).count()],
        "handout": [article.slug],
        "handout_pdf": [article.slug],
        "paper": [article.slug, 1, digest],
        "version_pdf": [article.slug, 1],
        "versions": [article.slug],
        "version": [article.slug, 1],
        "article_references": [article.slug, "ris"],
        "condition": [condition.condition.slug],
        "reference": [work.uid],
        "sitemap_part": [1],
        "feed_in": ["es"],
    }
    return {
        name: reverse(f"articles:{name}", args=of.get(name, ())) for name in sorted(kept_names())
    }


class WhatIsNotKept(SimpleTestCase):
    #: {name: why}
    WHY = {
        "feedback": "of one person",
        "feedback_thanks": "of one person",
        "invited": "of one person",
        "invited_picture": "of one person",
        "search": "no memory may hold what a person searched for",
        "picture": "a file already, and browsers keep it for a year",
    }

    def test_is_known_with_its_reason(self):
        names = {pattern.name for pattern in urls.urlpatterns}

        self.assertEqual(names - kept_names(), set(self.WHY))


class WhatIsWatched(TestCase):
    """Reads within a transaction, so nothing is kept and every query is seen."""

    #: Tables that public pages read and no trigger watches.
    WRITTEN_ONCE = {"articles_revision": "seen only through a publication, which is watched"}

    def tables_and_columns(self):
        article = a_full_article()
        published(article)
        published(edited(article), at=LATER)
        found = {}
        for name, address in addresses(article).items():
            with CaptureQueriesContext(connection) as queries:
                response = self.client.get(address)
            self.assertIn(response.status_code, (200, 302), name)
            for query in queries:
                sql = query["sql"].split(" ORDER BY ")[0]
                for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"]):
                    found.setdefault(table, set())
                for table, column in re.findall(r'"((?:articles|references)_\w+)"\."(\w+)"', sql):
                    found.setdefault(table, set()).add(column)
        return found

    def test_is_every_table_that_they_are_made_from(self):
        watched = {one.table for one in public_state.WATCHED}
        read = set(self.tables_and_columns()) - set(self.WRITTEN_ONCE)

        self.assertEqual(read - watched, set())
        self.assertIn("articles_livearticle", read)

    def test_of_a_draft_is_only_what_never_changes(self):
        self.assertLessEqual(self.tables_and_columns()["articles_article"], {"id", "uid"})

    def test_has_all_its_triggers(self):
        self.assertEqual(public_state.missing_triggers(connection), [])

    def test_is_missed_when_a_trigger_is_gone(self):
        of = " ON articles_withdrawal" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER articles_withdrawal_seen_insert{of}")

        with self.assertRaises(SystemExit):
            call_command("verify_publications", stdout=mock.Mock())


class KeptAnswers(TransactionTestCase):
    def setUp(self):
        finished_pages.keeper.clear()
        # Emptying the database took the roles along; they are made after each migrate.
        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)
        self.article = a_full_article(slug="warmth")
        self.page = published(self.article)

    def get(self, address="/articles/warmth/", **headers):
        return self.client.get(address, headers=headers)


class AKeptAnswer(KeptAnswers):
    def test_costs_one_query_at_every_address(self):
        for name, address in addresses(self.article).items():
            with self.subTest(name):
                before = self.get(address)
                with CaptureQueriesContext(connection) as queries:
                    again = self.get(address)

                self.assertEqual(again.content, before.content)
                self.assertEqual(again.headers, before.headers)
                asked = [query["sql"] for query in queries if "publicstate" in query["sql"]]
                self.assertEqual(len(asked), 1)
                self.assertEqual(len(queries), 1)

    def test_is_not_sent_again_to_who_has_it(self):
        etag = self.get()["ETag"]

        for asked in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            answer = self.get(**{"if-none-match": asked})
            self.assertEqual((answer.status_code, answer.content), (304, b""), asked)
            self.assertEqual(answer["ETag"], etag)
        self.assertEqual(self.get(**{"if-none-match": '"other"'}).status_code, 200)

    def test_of_a_handout_holds_until_its_pdf_is_made(self):
        address = "/articles/warmth/handout/"
        self.get(address)
        folder = kept.folder_of(self.page, [])
        kept.keep(folder, "sheet", "0" * 12, 0, b"%PDF" + b" " * 54_321 + b"%%EOF")
        after = self.get(address)
        finished_pages.keeper.clear()

        self.assertContains(after, "54")
        self.assertEqual(after.content, self.get(address).content)
        with CaptureQueriesContext(connection) as queries:
            self.get(address)
        self.assertEqual(len(queries), 1)

    def test_of_a_handout_is_one_for_each_kind(self):
        address = "/articles/warmth/handout/"
        kinds = [address + query for query in ("", "?size=large", "?with=sources")]
        made = [self.get(kind).content for kind in kinds]

        self.assertEqual(len(set(made)), 3)
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual([self.get(kind).content for kind in kinds], made)
        self.assertEqual(len(queries), 3)

    def test_is_one_for_each_coding_and_each_has_its_own_tag(self):
        answers = [self.get(**{"accept-encoding": coding}) for coding in ("br", "gzip", "")] * 2

        self.assertEqual(len({answer["ETag"] for answer in answers}), 3)
        self.assertEqual(
            [answer.get("Content-Encoding", "") for answer in answers[3:]], ["br", "gzip", ""]
        )
        self.assertIn("Accept-Encoding", answers[0]["Vary"])

    def test_of_a_list_is_in_the_language_of_the_reader(self):
        for _round in range(2):
            for language in ("en", "es", "ar"):
                answer = self.get("/", **{"accept-language": language})
                self.assertIn(f'<html lang="{language}"'.encode(), answer.content)
                self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
                chosen = self.get("/", **{"accept-language": "ar"})
                self.client.cookies.clear()
                self.assertIn(b'<html lang="es"', chosen.content)

    def test_of_an_article_is_one_for_all_languages(self):
        self.get(**{"accept-language": "en"})

        with CaptureQueriesContext(connection) as queries:
            self.get(**{"accept-language": "ar"})
        self.assertEqual(len(queries), 1)

    def test_carries_every_header_of_a_fresh_one(self):
        first, again = self.get(), self.get()
        finished_pages.keeper.clear()

        self.assertEqual(dict(self.get().items()), dict(again.items()))
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control"):
            self.assertEqual(first[name], again[name])
        self.assertNotIn("Set-Cookie", again)

    def test_has_no_body_where_only_its_head_is_asked_for(self):
        length = self.get()["Content-Length"]

        answer = self.client.head("/articles/warmth/")
        self.assertEqual((answer.content, answer["Content-Length"]), (b"", length))

    def test_is_not_made_of_an_address_somebody_made_up(self):
        for query in ("?utm=1", "?page=2", "?size=large"):
            self.get(f"/articles/warmth/{query}")
        for query in ("?size=huge", "?size=", "?size=large&size=large", "?with=sources&size=x"):
            self.get(f"/articles/warmth/handout/{query}")
        self.get("/articles/no-such-page/")

        self.assertEqual(len(finished_pages.keeper._found), 0)

    def test_is_not_sent_to_a_host_that_is_not_ours_nor_without_https_where_that_is_asked_for(self):
        self.get()

        self.assertEqual(self.get(host="evil.example").status_code, 400)
        with override_settings(SECURE_SSL_REDIRECT=True):
            self.assertEqual(Client().get("/articles/warmth/").status_code, 301)

    def test_is_of_no_page_of_the_admin_or_of_a_guest_and_of_no_search(self):
        self.client.force_login(a_superuser())
        for address in ("/admin/", "/search/?q=warmth", "/articles/warmth/feedback/", "/healthz"):
            self.assertEqual(self.get(address).status_code, 200)

        self.assertEqual(len(finished_pages.keeper._found), 0)

    def made_by(self, change_at):
        """How the site answers if something changes while it makes these of its answers."""
        made = []

        def make(request):
            made.append(request)
            if len(made) in change_at:
                SafetyNotice.objects.create(article=self.article, text="Stop.", opened_at=LATER)
            response = HttpResponse(f"made {len(made)}")
            response.may_be_kept = True
            return response

        return finished_pages.FinishedPages(make)

    def test_is_made_again_where_something_changed_while_it_was_made(self):
        answer = self.made_by(change_at={1})

        for _time in range(2):
            request = RequestFactory().get("/articles/warmth/")
            self.assertEqual(answer(request).content, b"made 2")

    def test_is_sent_unkept_where_something_changes_all_the_time(self):
        answer = self.made_by(change_at=range(100))

        self.assertEqual(answer(RequestFactory().get("/articles/warmth/")).content, b"made 3")
        self.assertEqual(len(finished_pages.keeper._found), 0)

    def test_of_yesterday_is_not_sent_today(self):
        self.get()
        tomorrow = timezone.localdate() + timedelta(days=1)

        with (
            mock.patch.object(timezone, "localdate", return_value=tomorrow),
            CaptureQueriesContext(connection) as queries,
        ):
            self.get()
        self.assertGreater(len(queries), 1)

    def test_is_not_there_where_the_operator_wants_none(self):
        with mock.patch.object(finished_pages, "keeper", Keeper(0)):
            first, second = self.get(), self.get()

        self.assertEqual(first.content, second.content)
        self.assertFalse(second.has_header("ETag"))

    def test_is_made_by_the_site_itself_where_the_database_gives_no_token(self):
        PublicState.objects.all().delete()

        self.assertEqual(self.get().status_code, 200)
        self.assertEqual(len(finished_pages.keeper._found), 0)


class NoAnswerIsStale(KeptAnswers):
    """After every act each address answers as if nothing had been kept."""

    def setUp(self):
        super().setUp()
        self.editor = an_editor()
        self.reference = Reference.objects.get(
            uid=self.page.revision.content["claims"][0]["citations"][0]["reference"]
        )

    def neighbour(self):
        """Another page about the same condition, which this one leads to."""
        article = a_draft(title="Cold", slug="cold")
        row = with_condition(article)
        row.condition = self.article.articlecondition_rows.first().condition
        row.save()
        link(row.claim, a_reference(design="systematic_review"), by=article.owner)
        set_claim(row.claim, certainty="very-low", direction="better")
        published(article)
        return article

    def acts(self):
        """(what, an act), in an order in which each can be done."""
        yield "a neighbour is published", self.neighbour
        yield "it is renamed", lambda: self.renamed(Publication.objects.get(slug="cold").article)
        yield "it is withdrawn", lambda: self.withdraw("cold")
        yield "a new version is published", lambda: published(edited(self.article), at=LATER)
        yield "it is confirmed", self.confirm
        yield "a safety notice is opened", self.open_notice
        yield "it is settled", self.settle
        yield "a source has a newer version", lambda: self.notice("new_version")
        yield "a source is retracted", self.retract
        yield "a source is merged", self.merge
        yield "the merge is undone", self.unmerge
        yield "a translation is published", self.translate
        yield "the page is withdrawn", lambda: self.withdraw("warmth")

    def renamed(self, article):
        article.title = "Ice"
        article.save()
        published(edited(article), at=LATER)

    def withdraw(self, slug):
        article = Publication.objects.filter(slug=slug).first().article
        publishing.withdraw(article, by=self.editor, at=LATER, reason="It is out of date.")

    def confirm(self):
        publishing.confirm(
            self.article, by=self.editor, at=LATER, evidence_searched_on=LATER.date()
        )

    def open_notice(self):
        SafetyNotice.objects.create(article=self.article, text="Stop for now.", opened_at=LATER)

    def settle(self):
        source_notices.resolve(
            SafetyNotice.objects.get(), by=self.editor, at=LATER, resolution="Looked at."
        )

    def notice(self, kind):
        return Notice.objects.create(reference=self.reference, kind=kind, date=date(2026, 2, 1))

    def retract(self):
        retract(self.reference)

    def merge(self):
        self.kept_row = a_reference()
        self.merged = merging.merge(self.kept_row, self.reference, by=a_superuser(), at=LATER)

    def unmerge(self):
        merging.unmerge(self.merged, by=a_superuser(), at=LATER)

    def translate(self):
        arabic = a_draft(title="دفء", slug="dif", language="ar", translation_of=self.article)
        translations.pin_new(arabic, at=NOON)
        published(arabic)

    def answers(self):
        found = {}
        for name, address in self.addresses.items():
            answer = self.get(address)
            found[name] = (answer.status_code, answer.content)
        return found

    def test_after_any_act_of_those_who_work_here(self):
        self.addresses = addresses(self.article)
        for what, act in self.acts():
            with self.subTest(what):
                before = self.answers()
                act()
                after = self.answers()
                finished_pages.keeper.clear()

                self.assertEqual(after, self.answers())
                self.assertNotEqual(before, after, "Nobody would have seen this act.")

    def test_whatever_way_a_row_was_changed(self):
        tokens = [public_state.token()]
        for statement in (
            "UPDATE articles_livearticle SET summary = 'x'",
            "UPDATE references_reference SET title = 'x'",
            "DELETE FROM articles_liveterm",
        ):
            with connection.cursor() as cursor:
                cursor.execute(statement)
            tokens.append(public_state.token())

        self.assertEqual(len(set(tokens)), len(tokens))

    def test_and_work_that_nobody_sees_keeps_every_answer(self):
        self.get()
        token = public_state.token()
        draft = a_draft(title="A draft")
        edited(self.article)
        reference = a_reference()
        Reference.objects.filter(pk=reference.pk).update(identity_checked_at=NOON, modified_at=NOON)
        draft.delete()

        self.assertEqual(public_state.token(), token)


class WhatIsKept(SimpleTestCase):
    def an_answer(self, size):
        return Finished(("token", date(2026, 1, 1)), 200, {"ETag": '"x"'}, b"x" * size)

    def test_never_takes_more_memory_than_it_may(self):
        keeper = Keeper(50_000)
        for number in range(500):
            keeper.keep(number % 37, self.an_answer(number * 7 % 9_000))
            self.assertLessEqual(keeper._bytes, 50_000)
            self.assertEqual(
                keeper._bytes, sum(finished_pages._size(one) for one in keeper._found.values())
            )

    def test_is_what_was_asked_for_last(self):
        keeper = Keeper(10_000)
        for name in "abc":
            keeper.keep(name, self.an_answer(1_000))
        keeper.get("a")
        keeper.keep("d", self.an_answer(1_000))

        self.assertIsNone(keeper.get("b"))
        self.assertIsNotNone(keeper.get("a"))

    def test_is_not_an_answer_larger_than_all_memory(self):
        keeper = Keeper(1_000)
        keeper.keep("a", self.an_answer(5_000))

        self.assertIsNone(keeper.get("a"))
