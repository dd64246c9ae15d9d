"""Bringing earlier text back: as it was, by uid, and never past review."""

from datetime import date, timedelta

from django.test import TestCase
from django.urls import reverse

from articles.drafts import edits, restoring, translations
from articles.models import (
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticlePicture,
    Citation,
    Claim,
    KeyPoint,
    Publication,
    PublishedTranslation,
    Revision,
)
from articles.publishing import publishing
from articles.refusals import NotAllowed, NotReadyToPublish, Refused
from articles.review import contributors
from articles.revisions import freezing
from articles.revisions.comparing import compare
from articles.revisions.storing import save_revision
from references import merging
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_superuser,
    a_user,
    an_editor,
    link,
    mark,
    published,
    reviewed,
    with_condition,
    with_picture,
)
from tests.frozen import digest_now
from tests.reading.large import an_arabic_draft

from .test_comparing import everything


def changed(article):
    """The article after much of it was changed by its owner."""
    article.refresh_from_db()
    article.title, article.body = "Another title", "<p>Another text.</p>"
    article.save()
    edits.match_claims_to_text(article)
    ArticleContraindication.objects.get(article=article).delete()
    ArticlePicture.objects.get(article=article).delete()
    article.keypoint_rows.all()[0].delete()
    article.articlesideeffect_rows.update(n=1)
    edits.record_edit(article, by=article.owner, at=LATER)
    return article


class AWholeRevision(TestCase):
    def test_comes_back_to_the_digest_it_had(self):
        article = everything()
        revision = save_revision(article, by=article.owner, at=NOON)
        changed(article)
        self.assertTrue(compare(revision.content, freezing.freeze(article)))

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual(compare(revision.content, freezing.freeze(article)).changes, [])
        self.assertEqual(digest_now(article), revision.digest)

    def test_that_is_what_the_draft_says_changes_nothing_and_keeps_the_checks(self):
        article = everything()
        editor = an_editor()
        revision, _ = reviewed(article, editor=editor)

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual(digest_now(article), revision.digest)
        self.assertFalse(Citation.objects.filter(checked_by=None).exists())

    def test_is_not_brought_back_by_people_who_may_not_edit(self):
        revision = save_revision(a_draft(), by=None, at=NOON)

        with self.assertRaises(NotAllowed):
            restoring.restore(revision, by=a_user(), at=LATER)


class OneRow(TestCase):
    def test_comes_back_with_its_claim_and_evidence_and_leaves_the_rest(self):
        article = everything()
        revision = save_revision(article, by=article.owner, at=NOON)
        row = revision.content["contraindications"][0]
        changed(article)
        before = freezing.freeze(article)

        restoring.restore_row(revision, row["uid"], by=article.owner, at=LATER)

        after = freezing.freeze(article)
        self.assertEqual(after["contraindications"], [row])
        self.assertEqual(after["title"], "Another title")
        self.assertEqual(
            {change.code for change in compare(before, after).changes},
            {"contraindications", "claims", "citations", "references"},
        )

    def test_may_be_a_picture(self):
        article = everything()
        revision = save_revision(article, by=article.owner, at=NOON)
        changed(article)

        restoring.restore_row(
            revision, revision.content["pictures"][0]["uid"], by=article.owner, at=LATER
        )

        self.assertEqual(freezing.freeze(article)["pictures"], revision.content["pictures"])

    def test_that_was_never_there_is_refused(self):
        article = a_draft()
        revision = save_revision(article, by=article.owner, at=NOON)

        with self.assertRaises(Refused):
            restoring.restore_row(revision, article.uid, by=article.owner, at=LATER)


class WhatCameBack(TestCase):
    def test_is_reviewed_again_though_it_was_live_once(self):
        first = published(a_draft())
        article = first.article
        article.refresh_from_db()
        article.summary = "Second."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, _ = reviewed(article, at=LATER)
        publishing.publish(revision, by=first.by, at=LATER)

        restoring.restore(first.revision, by=article.owner, at=LATER)

        self.assertEqual(digest_now(article), first.revision.digest)
        with self.assertRaisesMessage(NotReadyToPublish, "Nobody has approved this text yet"):
            publishing.publish(first.revision, by=first.by, at=LATER)
        self.assertEqual(Publication.objects.count(), 2)

    def test_is_not_approved_by_whoever_brought_it_back(self):
        first = published(a_draft())
        editor = an_editor()
        article = first.article
        article.refresh_from_db()
        mark(article, "may suit some people", certainty="none")
        restoring.restore(first.revision, by=editor, at=LATER)

        self.assertIn("You edited this text", contributors.may_not_approve(first.revision, editor))
        self.assertEqual(contributors.may_not_approve(first.revision, a_clinician()), "")


class ATranslationBroughtBack(TestCase):
    """It says what it was made from.

    The older version, whatever the draft was compared with since.
    """

    def setUp(self):
        self.original = published(a_draft(slug="needling"))
        self.article = an_arabic_draft(translation_of=self.original.article)
        translations.pin_new(self.article, at=NOON)
        self.article.save()
        self.older = published(self.article).revision
        self.newer = self.bring_up_to_date()
        self.owner = self.article.owner

    def bring_up_to_date(self):
        """The original is published again, and the draft of the translation follows it.

        Returns its revision.
        """
        original = Article.objects.get(pk=self.original.article.pk)
        original.summary = "It is said again."
        original.save()
        edits.record_edit(original, by=original.owner, at=LATER)
        revision, editor = reviewed(original, at=LATER)
        self.live = publishing.publish(revision, by=editor, at=LATER)
        translations.bring_up_to_date(
            self.article, revision=revision, by=self.article.owner, at=LATER
        )
        Article.objects.filter(pk=self.article.pk).update(title="New title")
        KeyPoint.objects.filter(article=self.article).update(text="A newer point.")
        return self.kept(LATER)

    def kept(self, at):
        return save_revision(Article.objects.get(pk=self.article.pk), by=self.article.owner, at=at)

    def bring_back(self, revision, **row):
        self.client.force_login(self.owner)
        address = reverse("admin:articles_article_compare", args=[self.article.pk])
        self.client.post(address, {"revision": revision.pk, **row})
        return Article.objects.select_related("translated_from").get(pk=self.article.pk)

    def test_is_pinned_to_the_version_of_the_original_it_was_made_from(self):
        article = self.bring_back(self.older)

        self.assertEqual(article.translated_from, self.original.revision)
        self.assertEqual(article.translated_on, NOON.date())
        self.assertEqual(digest_now(article), self.older.digest)

    def test_and_published_tells_readers_that_the_original_has_changed_since(self):
        article = self.bring_back(self.older)
        edits.record_edit(article, by=self.owner, at=LATER)
        publication = published(article, at=LATER + timedelta(days=1))

        made = PublishedTranslation.objects.get(publication=publication)
        self.assertEqual(made.made_from, self.original.revision)

    def test_from_a_newer_version_takes_the_newer_pin_with_it(self):
        self.bring_back(self.older)
        article = self.bring_back(self.newer)

        self.assertEqual(
            (article.translated_from, article.translated_on), (self.live.revision, LATER.date())
        )

    def test_from_before_there_were_pins_claims_none(self):
        content = {
            name: value for name, value in self.older.content.items() if name != "translated_from"
        }

        article = self.bring_back(self.a_revision(content))

        self.assertEqual((article.translated_from, article.translated_on), (None, None))

    def test_from_a_version_of_the_original_that_is_gone_claims_none(self):
        lost = {**self.older.content["translated_from"], "digest": "0" * 64}

        article = self.bring_back(self.a_revision({**self.older.content, "translated_from": lost}))

        self.assertEqual((article.translated_from, article.translated_on), (None, None))

    def a_revision(self, content):
        frozen = freezing.canonical(content)
        return Revision.objects.create(
            article=self.article,
            number=90,
            schema=1,
            digest=freezing.digest_of(frozen),
            frozen=frozen,
            created_at=NOON,
        )

    def test_by_one_row_is_as_old_as_that_row(self):
        row = self.older.content["key_points"][0]

        article = self.bring_back(self.older, row=row["uid"])

        self.assertEqual(KeyPoint.objects.get(uid=row["uid"]).text, row["text"])
        self.assertEqual(article.title, "New title")
        self.assertEqual(
            (article.translated_from, article.translated_on), (self.original.revision, NOON.date())
        )

    def test_by_one_row_of_a_newer_version_is_as_old_as_the_rest(self):
        self.bring_back(self.older)

        article = self.bring_back(self.newer, row=self.older.content["key_points"][0]["uid"])

        self.assertEqual(
            (article.translated_from, article.translated_on), (self.original.revision, NOON.date())
        )

    def test_by_one_row_of_a_version_without_a_pin_claims_none(self):
        content = {
            name: value for name, value in self.older.content.items() if name != "translated_from"
        }

        article = self.bring_back(
            self.a_revision(content), row=self.older.content["key_points"][0]["uid"]
        )

        self.assertEqual((article.translated_from, article.translated_on), (None, None))


class WhatComesBack(TestCase):
    def test_is_all_of_the_text_and_nothing_of_who_keeps_it_or_where_it_stands(self):
        article = everything()
        article.written_by, article.funding, article.evidence_searched_on = (
            None,
            "The clinic",
            date(2020, 1, 1),
        )
        article.save()
        article.tags.add("knees")
        revision = save_revision(article, by=article.owner, at=NOON)
        owner = a_clinician()
        Article.objects.filter(pk=article.pk).update(
            slug="another-place",
            owner=owner,
            funding="",
            conflicts="Sells needles",
            kicker="New",
            language="es",
            evidence_searched_on=date(2024, 1, 1),
            compared_with="Rest",
            other_names=["x"],
            is_demonstration=True,
        )
        article.tags.set(["elbows"])

        restoring.restore(revision, by=article.owner, at=LATER)

        after = freezing.freeze(article)
        differs = {name for name in revision.content if revision.content[name] != after[name]}
        self.assertEqual((differs, set(after) - set(revision.content)), ({"slug"}, set()))
        article.refresh_from_db()
        self.assertEqual((article.slug, article.owner), ("another-place", owner))

    def test_in_a_field_its_version_did_not_have_is_what_a_new_row_says(self):
        article = everything()
        content = freezing.freeze(article)
        for row in content["side_effects"]:
            row.pop("note")
        frozen = freezing.canonical(content)
        revision = Revision.objects.create(
            article=article,
            number=90,
            schema=1,
            digest=freezing.digest_of(frozen),
            frozen=frozen,
            created_at=NOON,
        )
        article.articlesideeffect_rows.update(note="Written later.")

        restoring.restore(revision, by=article.owner, at=LATER)

        self.assertEqual({row.note for row in article.articlesideeffect_rows.all()}, {""})

    def test_of_a_picture_does_not_make_its_own_caption_one_of_the_page(self):
        article = a_draft()
        row = with_picture(article)
        row.picture.caption, row.caption = "A needle.", ""
        row.picture.save()
        row.save()
        revision = save_revision(article, by=article.owner, at=NOON)
        ArticlePicture.objects.filter(pk=row.pk).update(caption="A thin needle.")

        restoring.restore(revision, by=article.owner, at=LATER)

        row.refresh_from_db()
        self.assertEqual(row.caption, "")
        self.assertEqual(digest_now(article), revision.digest)


class WhatTradedPlaces(TestCase):
    """Rows that an article may name only once, brought back while each holds what the other had."""

    def setUp(self):
        self.article = a_draft()
        self.by = self.article.owner

    def brought_back(self, revision):
        restoring.restore(revision, by=self.by, at=LATER)
        self.assertEqual(digest_now(self.article), revision.digest)

    def test_come_back_where_two_rows_traded_what_they_name(self):
        one, other = with_condition(self.article), with_condition(self.article)
        revision = save_revision(self.article, by=self.by, at=NOON)
        mine, theirs = one.condition, other.condition
        one.delete()
        other.condition = mine
        other.save()
        ArticleCondition.objects.create(uid=one.uid, article=self.article, condition=theirs)

        self.brought_back(revision)

    def test_come_back_where_two_links_traded_what_they_say(self):
        claim, source = self.article.claims.get(), a_reference()
        for_it = link(claim, source, by=self.by)
        against = link(claim, source, by=self.by, stance="contradicts")
        revision = save_revision(self.article, by=self.by, at=NOON)
        for held, stance in ((for_it, "mixed"), (against, "supports"), (for_it, "contradicts")):
            held.stance = stance
            held.save()

        self.brought_back(revision)


class WhatChangedMeanwhile(TestCase):
    def setUp(self):
        self.author, self.editor = a_clinician(), an_editor()
        self.article = a_draft(by=self.author)
        self.claim = mark(self.article, "may suit")
        self.one, self.other = a_reference(), a_reference()
        link(self.claim, self.one, by=self.author, quote="It helped some.")
        link(self.claim, self.other, by=self.author, quote="It helped many.")
        self.revision = save_revision(self.article, by=self.author, at=NOON)

    def restore(self):
        return restoring.restore(self.revision, by=self.editor, at=LATER)

    def test_to_two_sources_that_are_one_today_leaves_one_link_that_says_what_both_said(self):
        merging.merge(self.one, self.other, by=a_superuser(), at=NOON)
        for is_there in (True, False):
            with self.subTest(is_there=is_there):
                if not is_there:
                    self.claim.citations.all().delete()

                self.restore()

                kept = self.claim.citations.get()
                self.assertEqual((kept.reference, kept.quote), (self.one, "It helped some."))
                self.assertIn("It helped many.", kept.note_private)

    def test_to_names_that_rows_of_another_article_took_leaves_those_where_they_are(self):
        elsewhere = mark(a_draft(), "may suit")
        point, uid = self.article.keypoint_rows.first(), self.claim.citations.first().uid
        self.article.keypoint_rows.all().delete()
        self.claim.delete()
        Claim.objects.filter(pk=elsewhere.pk).update(uid=self.claim.uid)
        taken = Citation.objects.create(
            claim=elsewhere, uid=uid, reference=self.one, stance="supports", added_by=self.author
        )
        other = KeyPoint.objects.create(article=elsewhere.article, uid=point.uid, text="Rest.")

        article = self.restore()

        self.assertTrue(article.keypoint_rows.filter(text=point.text).exists())
        self.assertEqual(article.claims.get(kind="text").citations.count(), 2)
        for row in (taken, other):
            row.refresh_from_db()
        self.assertEqual((taken.claim, other.article), (elsewhere, elsewhere.article))

        one = next(row for row in self.revision.content["key_points"] if row["text"] == point.text)
        restoring.restore_row(self.revision, one["uid"], by=self.editor, at=LATER)
