"""A translation starts as a draft that holds all of the live page, and nothing that vouches
for the new words.
"""

from django.test import TestCase

from articles import preflight
from articles.drafts import translation_drafts, translations
from articles.models import Article, AuditEntry, Citation, Claim
from articles.publishing import publishing
from articles.refusals import NotAllowed, Refused
from articles.revisions import freezing
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_user,
    link,
    mark,
    published,
    reviewed,
    set_claim,
    with_advice,
    with_condition,
    with_picture,
    with_side_effect,
)
from tests.reading.large import a_large_draft


def a_live_page(**fields):
    article = a_draft(slug="needling", title="Needling", other_names=["dry needling"], **fields)
    article.tags.add("needles")
    link(with_condition(article, "neck pain").claim, a_reference(), by=article.owner)
    link(
        with_side_effect(article, "a bruise", n=8, base=100, unit="visits").claim,
        a_reference(),
        by=article.owner,
    )
    link(with_advice(article).claim, a_reference(), by=article.owner, quote="Moving helped.")
    link(mark(article, "may suit some people"), a_reference(), by=article.owner)
    with_picture(article)
    return published(article)


def without_names(content):
    """What a content says, without what says whose it is."""
    own = ("uid", "slug", "language", "translation_of", "translated_from")
    rows = {}
    for name, value in content.items():
        if isinstance(value, list) and name != "references":
            value = [
                (
                    {key: said for key, said in row.items() if key != "uid"}
                    if isinstance(row, dict)
                    else row
                )
                for row in value
            ]
            for row in value:
                if isinstance(row, dict) and "citations" in row:
                    row["citations"] = [
                        {k: v for k, v in one.items() if k != "uid"} for one in row["citations"]
                    ]
        rows[name] = value
    return {name: value for name, value in rows.items() if name not in own}


class AStartedTranslation(TestCase):
    def setUp(self):
        self.live = a_live_page()
        self.original = self.live.article
        self.translator = a_clinician()
        self.draft = translation_drafts.start(self.original, "es", by=self.translator, at=LATER)

    def test_says_all_that_the_live_page_says(self):
        frozen = freezing.freeze(self.draft)

        self.assertEqual(without_names(frozen), without_names(self.live.revision.content))
        self.assertEqual(frozen["translation_of"], str(self.original.uid))
        self.assertEqual(frozen["translated_from"]["digest"], self.live.revision.digest)

    def test_is_made_of_what_readers_have_and_not_of_the_draft(self):
        Article.objects.filter(pk=self.original.pk).update(summary="Quokka.", body="<p>Quokka.</p>")

        arabic = translation_drafts.start(self.original, "ar", by=self.translator, at=LATER)

        self.assertNotIn("Quokka", freezing.canonical(freezing.freeze(arabic)))

    def test_belongs_to_whoever_started_it_and_is_pinned_to_the_live_revision(self):
        self.assertEqual(self.draft.owner, self.translator)
        self.assertEqual((self.draft.language, self.draft.slug), ("es", "needling-es"))
        self.assertEqual(self.draft.translated_from, self.live.revision)
        self.assertEqual(self.draft.translated_on, LATER.date())
        self.assertTrue(translations.translation_state(self.draft).is_up_to_date)

    def test_shares_no_row_with_its_original(self):
        theirs, own = self.live.revision.content, freezing.freeze(self.draft)
        uids = lambda content: {  # noqa: E731
            row["uid"]
            for name, rows in content.items()
            if isinstance(rows, list) and name != "references"
            for row in rows
            if isinstance(row, dict)
        }

        self.assertEqual(uids(theirs) & uids(own), set())
        self.assertEqual(
            {translation_drafts.counterpart(self.draft, uid) for uid in uids(theirs)}, uids(own)
        )

    def test_waits_for_a_second_person_to_check_every_source_against_the_new_words(self):
        links = Citation.objects.filter(claim__article=self.draft)

        self.assertEqual(links.count(), 5)
        self.assertEqual(
            set(links.values_list("checked_by", "added_by")), {(None, self.translator.pk)}
        )
        self.assertTrue(
            Citation.objects.filter(claim__article=self.original).exclude(checked_by=None).count(),
            "left alone",
        )

    def test_asks_of_each_claim_that_is_said_anew_whether_its_evidence_still_fits(self):
        row = self.draft.recommendation_rows.get()
        row.text = "Siga moviéndose."
        row.save()

        found = [str(finding.message) for finding in preflight.check(self.draft)]

        self.assertIn("“Siga moviéndose.” changed since evidence was linked", " ".join(found))

    def test_leaves_the_original_and_its_page_alone(self):
        self.original.refresh_from_db()
        before = self.client.get("/articles/needling/").content

        translation_drafts.start(self.original, "ar", by=self.translator, at=LATER)

        self.assertEqual(self.client.get("/articles/needling/").content, before)
        self.assertEqual(self.client.get("/articles/needling-es/").status_code, 404)

    def test_is_in_the_audit_log_as_an_edit_so_that_its_translator_does_not_approve_it(self):
        entry = AuditEntry.objects.get(subject_uid=self.draft.uid)

        self.assertEqual((entry.act, entry.actor_id), (AuditEntry.Act.EDITED, self.translator.pk))
        self.assertEqual(
            entry.summary, "Started as a translation of “Needling”, from its revision 1."
        )

    def test_can_be_published_once_it_went_the_whole_way(self):
        publication = published(self.draft, at=LATER)

        self.assertEqual(publication.translation.of, self.original)
        self.assertContains(self.client.get("/articles/needling/"), 'hreflang="es"')

    def test_leads_from_a_claim_that_changed_to_its_own_words_for_it(self):
        row = self.draft.recommendation_rows.get()
        row.text = "Siga moviéndose."
        row.save()
        set_claim(Claim.objects.get(article=self.original, kind="recommendation"), certainty="none")
        revision, editor = reviewed(self.original, at=LATER)
        publishing.publish(revision, by=editor, at=LATER)
        self.client.force_login(self.translator)

        page = self.client.get(f"/admin/articles/article/{self.draft.pk}/translation/")

        self.assertContains(page, "Siga moviéndose.")
        self.assertContains(page, "How sure we are has changed.")


class StartingATranslation(TestCase):
    def setUp(self):
        self.live = a_live_page()
        self.original, self.translator = self.live.article, a_clinician()

    def start(self, original=None, language="es", by=None):
        return translation_drafts.start(
            original or self.original, language, by=by or self.translator, at=LATER
        )

    def test_is_refused_where_there_is_one_already(self):
        first = self.start()

        with self.assertRaises(translation_drafts.AlreadyThere) as refused:
            self.start()

        self.assertEqual(refused.exception.translation, first)
        self.assertEqual(Article.objects.filter(translation_of=self.original).count(), 1)

    def test_is_refused_for_its_own_language_and_for_one_the_site_does_not_speak(self):
        for language in ("en", "tlh", ""):
            with self.subTest(language), self.assertRaises(Refused):
                self.start(language=language)

    def test_is_refused_of_a_draft_of_a_page_taken_down_and_of_a_translation(self):
        spanish = self.start()
        publishing.withdraw(self.original, by=self.live.by, at=LATER, reason="It may be wrong.")
        for original in (a_draft(), self.original, spanish):
            with self.subTest(original), self.assertRaises(Refused):
                self.start(original, "ar")

    def test_is_refused_to_whoever_may_not_write(self):
        with self.assertRaises(NotAllowed):
            self.start(by=a_user())

    def test_takes_an_address_that_is_free(self):
        a_draft(slug="needling-es")

        self.assertEqual(self.start().slug, "needling-es-2")

    def test_of_an_article_as_large_as_they_come_is_whole(self):
        live = published(a_large_draft(), at=NOON)

        draft = self.start(live.article)

        self.assertEqual(draft.claims.count(), 120)
        self.assertEqual(
            without_names(freezing.freeze(draft)), without_names(live.revision.content)
        )


class ThePageThatStartsOne(TestCase):
    def setUp(self):
        self.original = a_live_page().article
        self.page = f"/admin/articles/article/{self.original.pk}/translate/"
        self.translator = a_clinician()
        self.client.force_login(self.translator)

    def test_leads_from_the_form_and_offers_every_other_language(self):
        self.assertContains(
            self.client.get(f"/admin/articles/article/{self.original.pk}/change/"), self.page
        )
        page = self.client.get(self.page)
        self.assertContains(page, "Translate into Español")
        self.assertContains(page, "Translate into العربيّة")
        self.assertNotContains(page, "Translate into English")

    def test_makes_the_draft_and_opens_it(self):
        answer = self.client.post(self.page, {"language": "es"}, follow=True)

        draft = Article.objects.get(translation_of=self.original)
        self.assertEqual(
            answer.redirect_chain[-1][0], f"/admin/articles/article/{draft.pk}/change/"
        )
        self.assertContains(answer, "The draft holds all of the original.")

    def test_leads_to_the_one_there_is_already(self):
        draft = translation_drafts.start(self.original, "es", by=self.translator, at=LATER)

        self.assertContains(
            self.client.get(self.page), f"/admin/articles/article/{draft.pk}/change/"
        )
        answer = self.client.post(self.page, {"language": "es"}, follow=True)
        self.assertEqual(
            answer.redirect_chain[-1][0], f"/admin/articles/article/{draft.pk}/change/"
        )
        self.assertContains(answer, "There is a translation into this language already")
        # Asked from the translation it speaks of the original.
        self.assertContains(
            self.client.get(f"/admin/articles/article/{draft.pk}/translate/"), "Translate: Needling"
        )

    def test_says_what_to_do_where_nothing_is_live(self):
        draft = a_draft()
        address = f"/admin/articles/article/{draft.pk}/translate/"

        self.assertContains(self.client.get(address), "Publish it first.")
        self.assertContains(
            self.client.post(address, {"language": "es"}, follow=True), "Publish it first."
        )

    def test_is_for_those_who_may_write(self):
        self.client.force_login(a_user())
        self.assertEqual(self.client.get(self.page).status_code, 403)
        self.client.force_login(a_user("Librarian"))
        self.assertNotContains(self.client.get(self.page), "Translate into Español")
        self.assertEqual(self.client.post(self.page, {"language": "es"}).status_code, 403)
