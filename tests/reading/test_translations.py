"""A translation knows what it was made from, and says so when that has moved on."""

from unittest import mock

from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from articles import preflight
from articles.drafts import edits, translations
from articles.models import AuditEntry, Claim, PublishedTranslation
from articles.publishing import publishing
from articles.publishing.publishing import Publication
from articles.refusals import Refused
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    a_user,
    link,
    published,
    reviewed,
    set_claim,
    with_condition,
    with_side_effect,
)
from tests.reading.large import an_arabic_draft


def content(**parts):
    rows = "conditions indications side_effects contraindications recommendations"
    words = "key_points help questions comparison"
    return {
        **{name: [] for name in f"claims {rows} {words}".split()},
        "title": "",
        "summary": "",
        "body": "",
        **parts,
    }


def claim(uid, text="It helps.", **fields):
    return {
        "uid": uid,
        "key": f"k{uid}",
        "text": text,
        "certainty": "low",
        "direction": "better",
        "size": "small",
        "citations": [],
        **fields,
    }


class ChangesBetweenTwoVersions(SimpleTestCase):
    def changes(self, before, after):
        return translations.changes_of_original(content(**before), content(**after))

    def test_are_none_between_equals(self):
        same = {
            "claims": [claim("1")],
            "help": [{"uid": "h", "kind": "now", "text": "Call."}],
            "title": "A",
        }

        self.assertEqual(self.changes(same, same), [])

    def test_follow_a_claim_by_its_uid_wherever_it_stands(self):
        (change,) = self.changes(
            {"claims": [claim("1"), claim("2", "It is cheap.")]},
            {"claims": [claim("2", "It is dear."), claim("1")]},
        )

        self.assertEqual(
            (change.uid, change.before, change.after), ("2", "It is cheap.", "It is dear.")
        )
        self.assertTrue(change.is_clinical)

    def test_tell_new_and_gone_claims(self):
        new, gone = self.changes({"claims": [claim("1", "Old.")]}, {"claims": [claim("2", "New.")]})

        self.assertEqual((new.before, new.after), ("", "New."))
        self.assertEqual((gone.before, gone.after), ("Old.", ""))

    def test_count_how_sure_we_are_and_the_numbers_of_a_row(self):
        row = {
            "uid": "r",
            "claim": "k1",
            "side_effect": {"uid": "s", "name": "a bruise", "icd10": ""},
            "n": 1,
            "base": 100,
        }

        (surer,) = self.changes(
            {"claims": [claim("1")]}, {"claims": [claim("1", certainty="high")]}
        )
        (count,) = self.changes(
            {"claims": [claim("1")], "side_effects": [row]},
            {"claims": [claim("1")], "side_effects": [{**row, "n": 2}]},
        )
        coded = {**row, "side_effect": {**row["side_effect"], "icd10": "T14"}}

        self.assertTrue(surer.is_clinical and count.is_clinical)
        self.assertEqual(
            self.changes(
                {"claims": [claim("1")], "side_effects": [row]},
                {"claims": [claim("1")], "side_effects": [coded]},
            ),
            [],
        )

    def test_of_sources_are_for_translators_and_not_for_readers(self):
        cited = claim("1", citations=[{"reference": "x", "stance": "supports"}])

        (change,) = self.changes({"claims": [claim("1")]}, {"claims": [cited]})

        self.assertFalse(change.is_clinical)
        self.assertEqual(change.differences, ["Its sources have changed."])

    def test_of_when_to_get_help_concern_readers_and_those_of_a_question_do_not(self):
        for name, concerns in (("help", True), ("questions", False), ("key_points", False)):
            with self.subTest(name):
                before, after = (
                    {name: [{"uid": "h", "kind": "now", "text": text}]} for text in ("A", "B")
                )
                self.assertIs(self.changes(before, after)[0].is_clinical, concerns)

    def test_of_the_text_around_the_claims_are_one(self):
        (change,) = self.changes({"body": "<p>One.</p>"}, {"body": "<p>Two.</p>"})

        self.assertEqual((change.uid, change.is_clinical), ("", False))
        self.assertEqual(
            self.changes({"body": "<p>One.</p>"}, {"body": "<p><strong>One.</strong></p>"}), []
        )


class WithATranslation(TestCase):
    """An English page that is live, and its Arabic translation that is live too."""

    def setUp(self):
        self.original = a_draft(slug="needling", title="Needling")
        self.row = with_condition(self.original, "neck pain")
        link(self.row.claim, a_reference(), by=self.original.owner)
        published(self.original)
        self.arabic = an_arabic_draft(translation_of=self.original)
        translations.pin_new(self.arabic, at=NOON)
        self.arabic.save()
        self.publication = published(self.arabic)
        self.address = self.publication.get_absolute_url()

    def republish(self, *, significance=Publication.Significance.CLINICAL):
        self.original.refresh_from_db()
        edits.record_edit(self.original, by=self.original.owner, at=LATER)
        revision, editor = reviewed(self.original, at=LATER)
        return publishing.publish(revision, by=editor, at=LATER, significance=significance)

    def rate_anew(self):
        claim = Claim.objects.get(pk=self.row.claim.pk)
        set_claim(claim, text="neck pain", certainty="none")


class ALiveTranslation(WithATranslation):
    def test_is_led_to_from_its_original_and_back(self):
        page = self.client.get("/articles/needling/")
        self.assertContains(
            page,
            f'<a href="{self.address}" lang="ar" dir="rtl" hreflang="ar">العربيّة</a>',
            html=True,
        )
        self.assertContains(
            page,
            '<link rel="alternate" hreflang="x-default"'
            ' href="http://127.0.0.1:8000/articles/needling/">',
        )
        translated = self.client.get(self.address)
        self.assertContains(
            translated,
            '<a href="/articles/needling/" lang="en" dir="ltr" hreflang="en">English</a>',
            html=True,
        )
        self.assertContains(translated, '<link rel="alternate" hreflang="ar"')
        self.assertContains(translated, '<html lang="ar" dir="rtl">')

    def test_is_found_in_what_is_live_alone(self):
        self.assertEqual(PublishedTranslation.objects.get().of, self.original)
        a_draft(translation_of=self.original, language="es")
        self.original.translation_of = None
        self.original.title = "Quokka"
        self.original.save()

        page = self.client.get("/articles/needling/")
        self.assertNotContains(page, 'hreflang="es"')
        publishing.withdraw(
            self.arabic, by=self.publication.by, at=LATER, reason="It may be wrong."
        )
        self.assertNotContains(self.client.get("/articles/needling/"), "hreflang")

    def test_says_nothing_while_its_original_stands(self):
        with self.assertNumQueries(4):
            self.assertNotContains(self.client.get(self.address), "strip-state")

    def test_tells_readers_when_a_claim_of_its_original_changed(self):
        self.rate_anew()
        self.republish()

        with self.assertNumQueries(7):
            page = self.client.get(self.address)
        self.assertContains(page, "تغيّرت الصفحة الأصلية منذ تُرجمت هذه الصفحة.")
        self.assertNotContains(self.client.get("/articles/needling/"), "strip-state")

    def test_does_not_alarm_readers_about_words_or_layout(self):
        self.original.body += "<p>One more sentence.</p>"
        self.original.save()
        self.republish()
        self.assertNotContains(self.client.get(self.address), "strip-state")

        self.rate_anew()
        self.republish(significance=Publication.Significance.EDITORIAL)
        # The publication before that one was clinical, so the page speaks up: better once too
        # often.
        self.assertContains(self.client.get(self.address), "strip-state")

    def test_trusts_whoever_published_that_only_wording_changed(self):
        self.rate_anew()
        self.republish(significance=Publication.Significance.EDITORIAL)

        self.assertNotContains(self.client.get(self.address), "strip-state")

    def test_is_silent_again_when_it_was_brought_up_to_date_and_published(self):
        self.rate_anew()
        live = self.republish()
        self.arabic.refresh_from_db()
        translations.bring_up_to_date(
            self.arabic, revision=live.revision, by=self.arabic.owner, at=LATER
        )
        published(self.arabic, at=LATER)

        self.assertNotContains(self.client.get(self.address), "strip-state")

    def test_frozen_before_there_were_pins_keeps_its_digest(self):
        from articles.revisions import freezing

        plain = freezing.freeze(a_draft())

        self.assertNotIn("translated_from", plain)
        self.assertEqual(freezing.freeze(self.arabic)["translated_from"]["number"], 1)


class TheTranslationPage(WithATranslation):
    def setUp(self):
        super().setUp()
        self.page = f"/admin/articles/article/{self.arabic.pk}/translation/"
        self.client.force_login(self.arabic.owner)

    def test_shows_each_claim_that_changed_and_takes_the_word_that_it_is_done(self):
        effect = with_side_effect(self.original, "a bruise")
        link(set_claim(effect.claim, direction="harm"), a_reference(), by=self.original.owner)
        self.rate_anew()
        live = self.republish()

        page = self.client.get(self.page)
        self.assertContains(page, "a bruise")
        self.assertContains(page, "New: translate it.")
        self.assertContains(page, "How sure we are has changed.")
        self.assertContains(page, "What has changed since: 2 places")

        self.client.post(self.page, {"digest": live.revision.digest})

        self.assertContains(self.client.get(self.page), "The original has not changed since.")
        entry = AuditEntry.objects.filter(subject_uid=self.arabic.uid).latest("pk")
        self.assertIn("Brought up to date with revision 2", entry.summary)

    def test_refuses_the_word_for_a_version_that_is_not_live_any_more(self):
        self.rate_anew()
        seen = self.arabic.translated_from.digest
        self.republish()

        page = self.client.post(self.page, {"digest": seen}, follow=True)

        self.assertContains(page, "The original has changed again meanwhile.")
        self.arabic.refresh_from_db()
        self.assertEqual(self.arabic.translated_from.digest, seen)

    def test_is_for_those_who_may_see_drafts_and_for_translations_only(self):
        not_one = f"/admin/articles/article/{self.original.pk}/translation/"
        self.assertEqual(self.client.get(not_one).status_code, 404)
        self.client.force_login(a_user())
        self.assertEqual(self.client.get(self.page).status_code, 403)
        self.assertEqual(self.client.post(self.page, {"digest": ""}).status_code, 403)
        self.client.logout()
        self.assertIn("/admin/login/", self.client.get(self.page)["Location"])

    def test_leads_from_the_form(self):
        self.assertContains(
            self.client.get(f"/admin/articles/article/{self.arabic.pk}/change/"), self.page
        )


class ATranslationWithoutAPin(TestCase):
    def test_is_pinned_when_its_original_is_chosen(self):
        original = published(slug="needling")
        article = an_arabic_draft(translation_of=original.article)
        self.assertIn(
            "Say on the page “Translation”",
            str([found.message for found in preflight.check(article)]),
        )

        translations.pin_new(article, at=timezone.now())
        article.save()

        self.assertEqual(article.translated_from, original.revision)
        self.assertNotIn(
            "Say on the page “Translation”",
            str([found.message for found in preflight.check(article)]),
        )

    def test_of_a_draft_has_nothing_to_be_pinned_to(self):
        original = a_draft()
        article = an_arabic_draft(translation_of=original)

        translations.pin_new(article, at=NOON)

        self.assertIsNone(article.translated_from)
        with self.assertRaises(Refused):
            translations.bring_up_to_date(
                article, revision=mock.Mock(pk=1), by=a_clinician(), at=NOON
            )
