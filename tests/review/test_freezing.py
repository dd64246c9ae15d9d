"""Freezing: what is in it, what changes it, and what it costs."""

import json

from django.test import TestCase

from articles.models import Claim, KeyPoint
from articles.revisions import freezing
from articles.revisions.storing import save_revision
from tests.builders import (
    NOON,
    a_draft,
    a_reference,
    link,
    mark,
    with_advice,
    with_condition,
    with_picture,
    with_side_effect,
)


def a_full_draft(claims):
    body = "".join(f"<p>Sentence number {n} may suit.</p>" for n in range(claims))
    article = a_draft(body=body)
    for n in range(claims):
        link(mark(article, f"Sentence number {n} may"), a_reference())
    with_condition(article)
    with_side_effect(article, n=8, base=100, unit="visits")
    with_advice(article)
    for _ in range(min(claims, 10)):
        with_picture(article)
    return article


class FrozenContent(TestCase):
    def test_is_plain_json_and_comes_back_from_its_text(self):
        content = freezing.freeze(a_full_draft(2))

        self.assertEqual(json.loads(freezing.canonical(content)), content)

    def test_is_the_same_for_the_same_rows(self):
        article = a_full_draft(2)

        self.assertEqual(
            freezing.canonical(freezing.freeze(article)),
            freezing.canonical(freezing.freeze(article)),
        )

    def test_holds_full_copies_of_what_it_shows(self):
        article = a_draft()
        reference = a_reference()
        row = with_condition(article, "stiff neck")
        link(row.claim, reference)

        content = freezing.freeze(article)

        self.assertEqual(content["conditions"][0]["condition"]["name"], "stiff neck")
        self.assertIn(reference.csl, [entry["csl"] for entry in content["references"]])

    def test_costs_no_more_queries_for_more_rows(self):
        small, large = a_full_draft(1), a_full_draft(40)
        freezing.freeze(small)  # content types are looked up once

        with self.assertNumQueries(12):
            freezing.freeze(small)
        with self.assertNumQueries(12):
            freezing.freeze(large)

    def test_leaves_out_a_claim_whose_marker_was_removed_though_the_draft_keeps_it(self):
        article = a_draft()
        claim = mark(article, "may suit some people")
        link(claim, a_reference())
        article.body = "<p>It uses a thin needle.</p>"
        article.save()

        content = freezing.freeze(article)

        self.assertNotIn(claim.key, [frozen["key"] for frozen in content["claims"]])
        self.assertTrue(Claim.objects.filter(key=claim.key).exists())


class RowDigests(TestCase):
    def test_name_just_the_row_that_changed(self):
        article = a_draft()
        before = freezing.row_digests(freezing.freeze(article))
        point = KeyPoint.objects.filter(article=article).first()
        point.text = "It may ease pain for a day."
        point.save()

        after = freezing.row_digests(freezing.freeze(article))

        self.assertEqual([uid for uid in after if after[uid] != before.get(uid)], [str(point.uid)])


class ARevision(TestCase):
    def test_is_kept_once_for_the_same_content(self):
        article = a_draft()

        first = save_revision(article, by=article.owner, at=NOON)

        self.assertEqual(save_revision(article, by=article.owner, at=NOON), first)
        self.assertEqual(first.digest, freezing.digest_of(first.frozen))
