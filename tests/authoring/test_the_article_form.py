"""The form an article is written in, as the server sees it."""

import json
import re
import uuid

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.drafts import edits
from articles.models import Article, AuditEntry, Citation, Claim, Condition, SideEffect
from articles.richtext.markers import claims_in, new_key
from tests.builders import (
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    link,
    mark,
    published,
    with_condition,
    with_side_effect,
)
from tests.forms import add_row, filled_in, findings_in


def evidence(claims, removed=()):
    return json.dumps({"claims": claims, "removed": list(removed)})


def a_link(reference, **fields):
    return {"uid": str(uuid.uuid4()), "reference": str(reference.uid), **fields}


class ABigArticle(TestCase):
    """120 claims and 240 links, the size the form must bear."""

    @classmethod
    def setUpTestData(cls):
        cls.author = a_clinician()
        keys = [new_key() for _ in range(100)]
        cls.article = a_draft(
            by=cls.author,
            body="".join(
                f'<p><mark data-claim="{key}">Sentence {n} may suit.</mark></p>'
                for n, key in enumerate(keys)
            ),
        )
        for n in range(20):
            if n % 2:
                with_side_effect(cls.article, f"effect {n}")
            else:
                condition = Condition.objects.create(name=f"condition {n}", slug=f"condition-{n}")
                cls.article.articlecondition_rows.create(condition=condition)
        references = [a_reference() for _ in range(60)]
        claims = list(Claim.objects.filter(article=cls.article, citations=None))
        for n, claim in enumerate(claims):
            for offset in (0, 1):
                link(
                    claim,
                    references[(2 * n + offset) % 60],
                    by=cls.author,
                    quote="It eased pain for some. " * 4,
                )
        cls.address = reverse("admin:articles_article_change", args=[cls.article.pk])

    def setUp(self):
        self.client.force_login(self.author)

    def test_opens_in_25_queries_and_600_kilobytes(self):
        self.client.get(self.address)
        with CaptureQueriesContext(connection) as queries:
            answer = self.client.get(self.address)

        self.assertEqual(Claim.objects.filter(article=self.article).count(), 121)
        self.assertEqual(Citation.objects.filter(claim__article=self.article).count(), 241)
        self.assertLessEqual(len(queries), 25)
        self.assertLess(len(answer.content), 600_000)

    def test_leads_to_other_pages_and_never_to_itself(self):
        data = filled_in(self.client.get(self.address))
        for prefix, more in (("relatedpage_rows", {}), ("alternative_rows", {"text": "Moving."})):
            with self.subTest(prefix):
                answer = self.client.post(
                    self.address, add_row(data, prefix, page=self.article.pk, position=0, **more)
                )
                self.assertContains(answer, "Choose another page: this is the page itself.")

    def test_is_saved_with_far_fewer_fields_than_django_takes(self):
        entry = {
            claim.key: {
                "links": [
                    a_link(citation.reference, quote="New.") for citation in claim.citations.all()
                ]
            }
            for claim in Claim.objects.filter(article=self.article).prefetch_related(
                "citations__reference"
            )
        }
        data = filled_in(self.client.get(self.address), evidence=evidence(entry))

        answer = self.client.post(self.address, data)

        self.assertEqual(answer.status_code, 302)
        self.assertEqual(
            Citation.objects.filter(claim__article=self.article, quote="New.").count(), 241
        )
        self.assertLess(len(data), 400)


class AnArticleForm(TestCase):
    def setUp(self):
        self.author = a_clinician()
        self.article = a_draft(by=self.author)
        self.claim = mark(self.article, "may suit")
        self.client.force_login(self.author)
        self.address = reverse("admin:articles_article_change", args=[self.article.pk])

    def save(self, **changed):
        return self.client.post(self.address, filled_in(self.client.get(self.address), **changed))

    def errors(self, answer):
        return [
            str(error)
            for errors in answer.context["adminform"].form.errors.values()
            for error in errors
        ]

    def test_saves_evidence_with_the_text_in_one_step(self):
        key = new_key()
        reference = a_reference()

        answer = self.save(
            body=f'<p><mark data-claim="{key}">It eases pain.</mark></p>',
            evidence=evidence({key: {"certainty": "low", "links": [a_link(reference)]}}),
        )

        self.assertEqual(answer.status_code, 302)
        claim = Claim.objects.get(key=key)
        self.assertEqual(
            (claim.text, claim.certainty, claim.checked_text),
            ("It eases pain.", "low", "It eases pain."),
        )
        self.assertEqual(claim.citations.get().added_by, self.author)
        entry = AuditEntry.objects.filter(act="edited").first()
        self.assertEqual(
            entry.summary, "changed: Body; 1 source linked; certainty of 1 claim rated"
        )

    def test_without_the_field_leaves_all_evidence_alone(self):
        link(self.claim, a_reference(), by=self.author)

        self.save(title="Needles")

        self.assertEqual(self.claim.citations.count(), 1)

    def test_answers_malformed_evidence_with_a_sentence_and_keeps_the_text(self):
        for text in (
            "[",
            "[]",
            '{"claims": {"x": 1}}',
            '{"claims": {"c123456789": {"links": ["x"]}}}',
        ):
            with self.subTest(text=text):
                answer = self.save(evidence=text, body="<p>Typed for an hour.</p>")

                self.assertEqual(answer.status_code, 200)
                self.assertContains(answer, "Typed for an hour.")
                self.assertIn("Your text is still here", " ".join(self.errors(answer)))

    def test_keeps_the_evidence_typed_when_another_field_is_wrong(self):
        reference = a_reference()
        state = evidence({self.claim.key: {"links": [a_link(reference, quote="Kept.")]}})

        answer = self.save(title="", evidence=state)

        self.assertEqual(answer.context["adminform"].form["evidence"].value(), state)
        self.assertIn(str(reference.uid), answer.context["evidence_panel"]["references"])

    def test_tells_the_history_what_happened_in_words(self):
        self.save(evidence=evidence({self.claim.key: {"links": [a_link(a_reference())]}}))

        history = self.client.get(reverse("admin:articles_article_history", args=[self.article.pk]))

        self.assertContains(history, "1 source linked")

    def test_changes_nothing_when_nothing_was_changed(self):
        link(self.claim, a_reference(), by=self.author)
        published(self.article)
        before = Article.objects.get(pk=self.article.pk)
        with_editors_line_ends = (
            before.body.replace("><", ">\n\n<").replace(". ", ".\n") + "<p>&nbsp;</p>"
        )

        self.save(body=with_editors_line_ends)

        now = Article.objects.get(pk=self.article.pk)
        self.assertEqual((now.lock_version, now.body), (before.lock_version, before.body))

    def test_gives_a_new_row_the_claim_its_evidence_was_linked_to(self):
        effect, key, reference = (
            SideEffect.objects.create(name="a bruise"),
            new_key(),
            a_reference(),
        )
        row = {
            "articlesideeffect_rows-TOTAL_FORMS": "1",
            "articlesideeffect_rows-0-side_effect": effect.pk,
            "articlesideeffect_rows-0-claim_key": key,
            "articlesideeffect_rows-0-position": "0",
            "articlesideeffect_rows-0-article": self.article.pk,
        }

        answer = self.save(**row, evidence=evidence({key: {"links": [a_link(reference)]}}))

        self.assertEqual(answer.status_code, 302, answer.context and answer.context["errors"])
        claim = Claim.objects.get(article=self.article, key=key)
        self.assertEqual((claim.kind, claim.citations.get().reference), ("side_effect", reference))

    def test_takes_a_deleted_rows_evidence_away_with_it(self):
        row = with_side_effect(self.article, "a bruise")
        link(row.claim, a_reference(), by=self.author)

        answer = self.save(**{"articlesideeffect_rows-0-DELETE": "on"})

        self.assertEqual(answer.status_code, 302)
        self.assertFalse(Claim.objects.filter(article=self.article, key=row.claim.key).exists())

    def test_takes_no_key_from_a_row_that_belongs_to_another_claim(self):
        effect = SideEffect.objects.create(name="a bruise")
        for key in (self.claim.key, "x", "c" + "'" * 9):
            self.article.articlesideeffect_rows.all().delete()
            row = {
                "articlesideeffect_rows-TOTAL_FORMS": "1",
                "articlesideeffect_rows-0-side_effect": effect.pk,
                "articlesideeffect_rows-0-claim_key": key,
                "articlesideeffect_rows-0-position": "0",
                "articlesideeffect_rows-0-article": self.article.pk,
            }
            with self.subTest(key=key):
                self.assertEqual(self.save(**row).status_code, 302)
                claim = self.article.articlesideeffect_rows.get().claim
                self.assertNotEqual(claim.key, key)
                self.assertEqual(claim.kind, "side_effect")

    def test_lets_only_viewers_see_no_panel(self):
        from physiohub import roles
        from tests.builders import a_user

        self.client.force_login(a_user(roles.LIBRARIAN))

        self.assertNotIn("evidence_panel", self.client.get(self.address).context)


class WhatNoColumnHolds(TestCase):
    """PostgreSQL refuses what SQLite takes.

    A sentence in the form on both, and no error of the server.
    """

    def setUp(self):
        self.article = a_draft()
        self.client.force_login(self.article.owner)
        self.address = reverse("admin:articles_article_change", args=[self.article.pk])

    def save(self, **typed):
        return self.client.post(self.address, filled_in(self.client.get(self.address), **typed))

    def test_is_told_of_a_tag_that_is_too_long(self):
        self.assertContains(
            self.save(tags=f"neck, {'x' * 101}"), "it has 101 characters, and 100 fit."
        )
        self.assertEqual(self.article.tags.count(), 0)

        self.assertEqual(self.save(tags=f"neck, {'x' * 100}").status_code, 302)
        self.assertEqual(self.article.tags.count(), 2)

    def test_is_no_key_of_unsaved_work(self):
        self.assertEqual(self.save(title="Rest", buffer_key="a\0b").status_code, 302)

        self.article.refresh_from_db()
        self.assertEqual(self.article.title, "Rest")


class WhereAnAuthorStands(TestCase):
    def setUp(self):
        self.author = a_clinician()
        self.article = a_draft(by=self.author)
        self.claim = mark(self.article, "may suit")
        link(self.claim, a_reference(), by=self.author)
        self.client.force_login(self.author)
        self.form = reverse("admin:articles_article_change", args=[self.article.pk])
        self.address = reverse("admin:articles_article_standing", args=[self.article.pk])

    def ask(self, **changed):
        return self.client.post(
            self.address, filled_in(self.client.get(self.form), **changed)
        ).json()

    def test_is_what_the_gate_would_say_of_the_form_as_it_is_and_nothing_is_saved(self):
        before = Article.objects.get(pk=self.article.pk)
        log = AuditEntry.objects.count()
        body = before.body.replace("may suit", "works best")

        answer = self.ask(
            body=body, summary="", evidence=evidence({self.claim.key: {"certainty": "high"}})
        )

        messages = {finding["code"]: finding for finding in findings_in(answer)}
        self.assertIn("says_what_it_is", messages)
        self.assertEqual(messages["every_claim_has_evidence"]["claim"], self.claim.key)
        self.assertIn("certainty_stays_under_its_ceiling", messages)
        now = Article.objects.get(pk=self.article.pk)
        self.assertEqual(
            (now.body, now.summary, now.lock_version),
            (before.body, before.summary, before.lock_version),
        )
        self.assertEqual(AuditEntry.objects.count(), log)
        self.assertEqual(self.claim.citations.count(), 1)

    def test_says_the_same_sentences_as_the_gate(self):
        from articles import preflight

        self.assertEqual(
            [line["message"] for line in self.ask()["lines"]],
            [
                line.words
                for line in preflight.lines_for(self.author, preflight.check(self.article))
            ],
        )

    def test_tells_what_cleaning_would_take_out(self):
        answer = self.ask(body="<p>x<img src=y></p>")

        self.assertIn("1 picture", answer["removed"][0])

    def test_tells_why_the_form_cannot_be_saved_yet(self):
        self.assertEqual(
            self.ask(title="")["cannot_save"], ["Plain title: This field is required."]
        )

    def test_tells_the_reading_grade_and_the_hard_words(self):
        answer = self.ask(
            body=(
                "<p>Musculoskeletal rehabilitation necessitates multidisciplinary"
                " collaboration.</p>"
            )
        )

        figure = re.match(
            r"Reading grade ([\d.]+) \(aim for 6 or below\)$", answer["reading"]["figure"]
        )
        self.assertGreater(float(figure[1]), 12)
        self.assertIn("rehabilitation", answer["reading"]["hard_words"])

    def test_tells_that_somebody_else_saved_meanwhile(self):
        data = filled_in(self.client.get(self.form))
        edits.record_edit(self.article, by=self.author, at=self.article.created_at)

        self.assertTrue(self.client.post(self.address, data).json()["is_stale"])

    def test_is_told_for_an_article_not_saved_yet_as_well(self):
        add = reverse("admin:articles_article_add")
        data = filled_in(self.client.get(add), title="Heat", slug="heat", language="en")

        answer = self.client.post(reverse("admin:articles_article_standing"), data).json()

        self.assertIn("has_key_points", {finding["code"] for finding in findings_in(answer)})
        self.assertFalse(Article.objects.filter(slug="heat").exists())

    def test_is_for_those_who_may_change_it(self):
        from tests.builders import a_user

        data = filled_in(self.client.get(self.form))
        self.client.force_login(a_user())
        self.assertEqual(self.client.post(self.address, data).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.post(self.address, data).status_code, 302)
        self.assertEqual(self.client.get(self.address).status_code, 302)


class MarkersInAForm(TestCase):
    def test_come_through_a_save_as_they_were(self):
        author = a_clinician()
        article = a_draft(by=author)
        claim = mark(article, "may suit")
        self.client.force_login(author)
        address = reverse("admin:articles_article_change", args=[article.pk])

        self.client.post(address, filled_in(self.client.get(address), title="Other"))

        body = Article.objects.get(pk=article.pk).body
        self.assertEqual([found.key for found in claims_in(body)], [claim.key])


class RowsThatTradeWhatTheyName(TestCase):
    """An article names a condition once, at every moment of a save."""

    def setUp(self):
        self.article = a_draft()
        self.one, self.other = with_condition(self.article), with_condition(self.article)
        self.client.force_login(a_superuser())

    def save(self, **changed):
        address = reverse("admin:articles_article_change", args=[self.article.pk])
        posted = {f"articlecondition_rows-{name}": value for name, value in changed.items()}
        saved = self.client.post(address, filled_in(self.client.get(address), **posted))
        self.assertEqual(saved.status_code, 302)
        return list(self.article.articlecondition_rows.order_by("pk"))

    def test_are_saved(self):
        one, other = self.one, self.other

        rows = self.save(**{"0-condition": other.condition_id, "1-condition": one.condition_id})

        self.assertEqual([row.uid for row in rows], [one.uid, other.uid])
        self.assertEqual([row.condition_id for row in rows], [other.condition_id, one.condition_id])
        self.assertEqual([row.claim.key for row in rows], [one.claim.key, other.claim.key])

    def test_are_saved_where_one_takes_what_a_deleted_one_named(self):
        rows = self.save(**{"0-condition": self.other.condition_id, "1-DELETE": "on"})

        self.assertEqual(
            [(row.uid, row.condition_id) for row in rows], [(self.one.uid, self.other.condition_id)]
        )
        self.assertFalse(Claim.objects.filter(pk=self.other.claim_id).exists())
