"""A study is taken back: what stands above the page, and beside each point that cites it."""

import re
from html import unescape

from django.test import TestCase
from django.utils import translation

from articles import wording
from articles.drafts import edits
from articles.live import source_notices
from articles.models import (
    ArticleCondition,
    Claim,
    Condition,
    LiveFinding,
    LiveTerm,
    ReadingListEntry,
    SafetyNotice,
    Stance,
)
from articles.page.page import Page
from articles.publishing import publishing
from articles.revisions import contents
from articles.richtext.cleaning import plain_text
from references import integrity, merging
from references.formats.records import FoundNotice
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
    mark,
    published,
    reviewed,
    set_claim,
    with_advice,
    with_finding,
    with_side_effect,
)
from tests.reading.test_what_machines_read import data_of

RETRACTION = FoundNotice("retraction", None, "10.5555/taken-back")
DOUBT = FoundNotice("expression_of_concern", None, "10.5555/in-doubt")
WORDS = "We are checking this again"
#: What ends the place of a claim on the page, by the list it is in. A new kind of claim says here
#: where a reader who follows the link of a notice finds the words.
END_OF_PLACE = {
    "text": "</p>",
    "conditions": "</dd>",
    "indications": "</li>",
    "findings": '<div class="finding"',
    "contraindications": "</li>",
    "side_effects": r"<h[2345]",
    "recommendations": "</li>",
}


def take_back(reference, notice=RETRACTION):
    return integrity.record_notices(reference, [notice], by=None, at=LATER)


def said(html):
    return " ".join(unescape(plain_text(html)).split())


def words_of_certainty():
    """Every fixed sentence and label by which a page says how sure we are of a claim."""
    for words in wording.CERTAINTY_LEVELS.values():
        yield from filter(None, map(str, (words.chip, words.brief, words.better, words.harm)))
        yield from filter(None, map(str, (words.no_difference, words.because)))


class APage(TestCase):
    def html(self, address=""):
        return self.client.get(f"{self.publication.get_absolute_url()}{address}").content.decode()

    def notice(self, address=""):
        """The line on top, and where it goes on after the key points."""
        html = self.html(address)
        found = re.findall(
            r'<section class="strip strip-notice".*?</section>|<section class="card card-stop"'
            r' aria-labelledby="in-doubt".*?</section>',
            html,
            flags=re.S,
        )
        return " ".join(found)

    def page(self):
        return self.client.get(self.publication.get_absolute_url()).context["page"]


class EveryKindOfClaim(APage):
    @classmethod
    def setUpTestData(cls):
        cls.publication = published(a_full_article())
        cls.content = cls.publication.revision.content
        cls.keys = [claim["key"] for claim in cls.content["claims"]]

    def open(self, keys):
        return SafetyNotice.objects.create(
            article=self.publication.article,
            kind="retracted_source",
            text="This study was taken back.",
            notice_uid=self.publication.article.uid,
            claim_keys=keys,
            opened_at=LATER,
        )

    def kinds(self):
        """(list, key) of every claim of the page."""
        in_text = [
            ("text", claim["key"])
            for claim in self.content["claims"]
            if claim["kind"] == Claim.Kind.TEXT
        ]
        rows = contents.rows_that_are_claims(self.content)
        return [*in_text, *((kind.name, row["claim"]) for kind, row in rows)]

    def test_is_on_the_page_of_this_test(self):
        kinds = {kind for kind, _key in self.kinds()}

        self.assertEqual(kinds, {"text", *(rows.name for rows in contents.CLAIM_ROWS)})
        self.assertEqual(kinds, set(END_OF_PLACE))
        self.assertEqual(sorted(key for _kind, key in self.kinds()), sorted(self.keys))

    def test_says_at_its_place_that_it_is_checked_again_and_the_notice_leads_there(self):
        before = self.html()
        for kind, key in self.kinds():
            notice = self.open([key])
            html = self.html()
            notice.delete()
            with self.subTest(kind):
                self.assertEqual(html.count(f'id="claim-{key}"'), 1)
                self.assertEqual(html.count(f'href="#claim-{key}"'), 1)
                place = html.split(f'id="claim-{key}"')[1]
                place = re.split(END_OF_PLACE[kind], place)[0]
                self.assertIn(WORDS.lower(), said(f"<p {place}</p>").lower())
        self.assertNotIn("claim-", before)
        self.assertNotIn(WORDS.lower(), before.lower())

    def test_shows_its_certainty_nowhere_on_the_page_or_its_handout(self):
        self.open(self.keys)
        # One sheet of paper has no room for what studies show.
        on_paper = ("side_effects", "contraindications")
        on_sheet = [key for kind, key in self.kinds() if kind in on_paper]
        for address, keys in (
            ("", self.keys),
            ("handout/?with=sources", self.keys),
            ("handout/", on_sheet),
            ("handout/?size=large", on_sheet),
        ):
            html = said(self.html(address))
            with self.subTest(address):
                self.assertEqual([words for words in words_of_certainty() if words in html], [])
                self.assertGreaterEqual(html.lower().count(WORDS.lower()), len(keys))

    def test_does_not_say_what_it_does_as_if_we_knew(self):
        before = Page(self.content)
        page = Page(self.content, checked_again=self.keys)
        with translation.override("en"):
            for old, new in zip(before.findings, page.findings, strict=True):
                self.assertEqual(new.text.effect, "")
                self.assertEqual(new.text.numbers, old.text.numbers)
                self.assertEqual(new.picture, old.picture)
                self.assertTrue(any("itself" in words for words in old.line.source_says))
                self.assertEqual(new.line.source_says, ["It counts a study that was taken back."])
            sentences = [one for entry in page.references for one in entry.cited_sentences]
            self.assertTrue(sentences)
            self.assertTrue(all(f"{WORDS}." in one.certainty for one in sentences))
        self.assertEqual(
            [outcome.is_disputed for outcome in page.outcomes],
            [outcome.is_disputed for outcome in before.outcomes],
        )

    def test_leaves_a_warning_a_warning(self):
        page = Page(self.content, checked_again=self.keys)

        self.assertEqual(page.overall_certainty["stop"].says, "We warn you to be safe.")
        self.assertEqual(page.overall_certainty["ask_first"].says, "We warn you to be safe.")

    def test_is_again_as_it_was_when_an_editor_settles_the_notice(self):
        before, frozen = self.html(), self.publication.revision.frozen
        notice = self.open(self.keys)
        self.assertNotEqual(self.html(), before)

        source_notices.resolve(notice, by=an_editor(), at=LATER, resolution="It stands.")

        self.assertEqual(self.html(), before)
        self.publication.revision.refresh_from_db()
        self.assertEqual(self.publication.revision.frozen, frozen)

    def test_costs_no_query_more(self):
        with self.assertNumQueries(4):
            self.html()
        self.open(self.keys)
        with self.assertNumQueries(4):
            self.html()


class TheNotice(APage):
    def setUp(self):
        self.reference = a_reference()
        self.article = article = a_draft(slug="stretching")
        self.claim = mark(article, "may suit some people")
        self.bruise = with_side_effect(article, "a bruise", n=8, base=100, unit="visits")
        for claim in (self.claim, self.bruise.claim):
            link(claim, self.reference, by=article.owner)

    def publish(self):
        edits.record_edit(self.article, by=self.article.owner, at=NOON)
        self.publication = published(self.article)

    def republish(self):
        edits.match_claims_to_text(self.article)
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        revision, editor = reviewed(self.article, at=LATER)
        self.publication = publishing.publish(revision, by=editor, at=LATER)

    def test_names_the_points_in_the_order_of_the_page_and_no_title_of_a_study(self):
        self.publish()
        take_back(self.reference)

        html = self.html()
        self.assertNotIn(self.reference.title, html[: html.index("<h1")])
        self.assertEqual(
            said(self.notice()),
            "One study behind this page was taken back. See what this means. Studies in doubt One"
            " study behind this page was taken back. We are checking these points: part of “What it"
            " is”, a bruise. Ask your physio about this until we know more. See reference"
            f" {self.number()}.",
        )

    def number(self):
        return next(
            entry.number for entry in self.page().references if entry.uid == str(self.reference.uid)
        )

    def test_is_one_for_all_studies_and_says_doubt_apart(self):
        more, doubtful = a_reference(), a_reference()
        link(self.claim, more, by=self.article.owner)
        link(self.claim, doubtful, by=self.article.owner)
        self.publish()
        take_back(self.reference)
        take_back(more)
        take_back(doubtful, DOUBT)

        html = said(self.notice())
        self.assertTrue(html.startswith("2 studies behind this page were taken back. See what"))
        self.assertIn("Experts have doubts about one more. We are checking these points:", html)
        self.assertEqual(html.count("part of “What it is”"), 1)

    def test_of_doubt_lays_the_same_words_over_the_certainty(self):
        self.publish()
        take_back(self.reference, DOUBT)

        self.assertIn("Experts have doubts about one study behind", said(self.notice()))
        self.assertIn("(we are checking this again)", self.html())

    def test_counts_a_study_in_doubt_that_was_then_taken_back_once(self):
        self.publish()
        take_back(self.reference, DOUBT)
        take_back(self.reference)

        self.assertNotIn("Experts have doubts", said(self.notice()))
        self.assertIn("One study behind this page was taken back.", said(self.notice()))

    def test_is_about_a_claim_that_other_studies_support_as_well(self):
        other = a_reference()
        link(self.claim, other, by=self.article.owner)
        kept = mark(self.article, "thin needle")
        link(kept, other, by=self.article.owner)
        self.publish()
        take_back(self.reference)

        page, html = self.page(), self.html()
        self.assertIn("(we are checking this again)", html)
        (entry,) = (one for one in page.references if one.uid == str(other.uid))
        said_of = {one.text: one.certainty for one in entry.cited_sentences}
        self.assertEqual(said_of["may suit some people"], f"{WORDS}.")
        self.assertNotIn(WORDS, said_of["thin needle"])
        self.assertNotIn(f"claim-{kept.key}", html)

    def test_names_sentences_of_one_section_once_and_never_by_what_they_promise(self):
        more = mark(self.article, "thin needle")
        link(more, self.reference, by=self.article.owner)
        self.publish()
        take_back(self.reference)

        notice = said(self.notice())
        self.assertIn("these points: part of “What it is”, a bruise.", notice)
        self.assertNotIn("may suit some people", notice)

    def test_names_a_few_points_and_counts_the_rest(self):
        for number in range(5):
            row = with_advice(self.article, f"Keep moving {number}.", position=number)
            link(row.claim, self.reference, by=self.article.owner)
        self.publish()
        take_back(self.reference)

        notice = self.notice()
        self.assertEqual(notice.count('href="#claim-'), 4)
        self.assertIn("a bruise, Keep moving 0, Keep moving 1 and 3 more.", said(notice))

    def test_tells_findings_on_one_outcome_apart(self):
        for tried in ("walking", "swimming"):
            row = with_finding(self.article, "pain", intervention=tried)
            link(row.claim, self.reference, by=self.article.owner)
        self.publish()
        take_back(self.reference)

        self.assertIn("pain (walking), pain (swimming)", said(self.notice()))

    def test_leaves_out_a_point_that_is_no_longer_on_the_page(self):
        self.publish()
        take_back(self.reference)
        SafetyNotice.objects.update(claim_keys=[self.claim.key, "cgonegone0"])

        self.assertEqual(self.notice().count('href="#claim-'), 1)
        self.assertIn("We are checking this point: part of", said(self.notice()))

    def test_follows_the_claims_of_the_next_version(self):
        self.publish()
        take_back(self.reference)
        self.bruise.claim.citations.all().delete()
        link(self.bruise.claim, a_reference(), by=self.article.owner)
        advice = with_advice(self.article, "Rest a day.")
        link(advice.claim, self.reference, by=self.article.owner)
        self.article.claims.get(key=self.claim.key).citations.update(
            override_reason="To say that it was taken back.",
            checked_by=an_editor(),
            checked_at=NOON,
        )
        advice.claim.citations.update(override_reason="To say that it was taken back.")
        self.republish()

        self.assertEqual(
            SafetyNotice.objects.get(resolved_at=None).claim_keys,
            [self.claim.key, advice.claim.key],
        )
        self.assertIn("part of “What it is”, Rest a day.", said(self.notice()))

    def test_about_further_reading_says_so_simply(self):
        listed = a_reference()
        ReadingListEntry.objects.create(article=self.article, reference=listed)
        self.publish()
        take_back(listed)

        self.assertEqual(
            said(self.notice()),
            "Studies in doubt One study in our further reading was taken back. Nothing on this page"
            " rests on it. See further reading.",
        )
        self.assertNotIn(WORDS, self.html())

    def test_that_a_person_wrote_keeps_its_words_beside_it(self):
        self.publish()
        take_back(self.reference)
        SafetyNotice.objects.create(
            article=self.article,
            kind="advice_withdrawn",
            text="Do not stretch.",
            claim_keys=[self.bruise.claim.key],
            opened_at=LATER,
        )

        self.assertEqual(self.html().count("strip-notice"), 1)
        self.assertIn(
            "Safety notice. We no longer give some of the advice on this page. Do not stretch.",
            said(self.notice()),
        )

    def test_is_also_on_a_translation_in_its_language(self):
        self.article = a_draft(slug="estirar", language="es", translation_of=published().article)
        claim = mark(self.article, "may suit some people")
        link(claim, self.reference, by=self.article.owner)
        self.article.translated_from = self.article.translation_of.revisions.get()
        self.article.translated_on = NOON.date()
        self.article.save()
        self.publish()
        take_back(self.reference)

        with translation.override("es"):
            words = translation.gettext("We are checking this again")
        self.assertNotEqual(words, WORDS)
        self.assertIn(words.lower(), self.html().lower())
        self.assertNotIn("One study behind", self.notice())

    def test_is_above_an_old_version_which_keeps_what_it_said(self):
        self.publish()
        sure = self.page().overall_certainty["side_effects"].says
        self.article = edited(self.article)
        self.republish()
        take_back(self.reference)

        address = f"{self.publication.get_absolute_url()}versions/1/"
        html = self.client.get(address).content.decode()
        self.assertIn("One study behind this page was taken back.", html)
        self.assertNotIn(WORDS.lower(), html.lower())
        self.assertTrue(sure)
        self.assertIn(sure, said(html))

    def test_reaches_both_rows_of_a_page_that_names_one_work_twice(self):
        twin, survivor = a_reference(), a_reference()
        link(self.bruise.claim, twin, by=self.article.owner)
        self.publish()
        for row in (self.reference, twin):
            row.refresh_from_db()
            merging.merge(survivor, row, by=a_superuser(), at=LATER)
            survivor.refresh_from_db()
        take_back(survivor)

        html = self.html()
        self.assertEqual(SafetyNotice.objects.count(), 1)
        self.assertTrue(
            said(self.notice()).startswith("One study behind this page was taken back.")
        )
        self.assertEqual(html.count('class="flag"'), 2)
        cited = [work.get("sameAs") for work in data_of(html)[0].get("citation", ())]
        self.assertFalse(
            {f"https://doi.org/{row.doi}" for row in (self.reference, twin)} & {*cited}
        )

    def test_keeps_only_a_work_in_doubt_among_what_machines_are_told_it_cites(self):
        doubtful = a_reference()
        link(self.claim, doubtful, by=self.article.owner)
        self.publish()
        take_back(self.reference, FoundNotice("withdrawal", None, "10.5555/withdrawn"))
        take_back(doubtful, DOUBT)

        cited = {work["sameAs"] for work in data_of(self.html())[0]["citation"]}
        self.assertIn(f"https://doi.org/{doubtful.doi}", cited)
        self.assertNotIn(f"https://doi.org/{self.reference.doi}", cited)


class ThePageOfAProblem(APage):
    def setUp(self):
        self.condition = Condition.objects.create(name="sore knee", slug="sore-knee")
        self.reference = a_reference(design="systematic_review")
        self.first = self.a_live_page("Walking", self.reference, "high")
        self.second = self.a_live_page("Resting", a_reference(design="systematic_review"), "low")

    def a_live_page(self, title, reference, certainty):
        article = a_draft(title=title)
        row = ArticleCondition.objects.create(article=article, condition=self.condition)
        finding = with_finding(article, "pain", intervention=title.lower())
        phrase = mark(article, "may suit some people", outcome="stiffness", direction="better")
        for claim in (row.claim, finding.claim, phrase):
            link(claim, reference, source_certainty=certainty, source_scheme="GRADE")
            set_claim(claim, certainty=certainty, direction="better")
        edits.match_claims_to_text(article)
        return published(article)

    def lines(self):
        html = self.client.get("/conditions/sore-knee/").content.decode()
        return [said(one) for one in re.findall(r"<div lang=.*?</dd>", html, flags=re.S)]

    def test_says_it_of_each_point_and_lists_these_last(self):
        self.assertEqual(len(self.lines()), 6)
        self.assertIn("Walking", self.lines()[0])
        take_back(self.reference)

        lines = self.lines()
        self.assertEqual(["Walking" in line for line in lines], [False, True] * 3)
        for line in lines[1::2]:
            self.assertIn(WORDS, line)
            self.assertEqual([words for words in words_of_certainty() if words in line], [])
        for line in lines[::2]:
            self.assertIn("Not very sure", line)
            self.assertNotIn(WORDS, line)

    def test_says_it_only_of_the_points_that_cite_the_study(self):
        other = a_draft(title="Stretching")
        ArticleCondition.objects.create(article=other, condition=self.condition)
        row = other.articlecondition_rows.get()
        review = a_reference(design="systematic_review")
        link(row.claim, review, source_certainty="low", source_scheme="GRADE")
        set_claim(row.claim, certainty="low", direction="better")
        advice = with_advice(other)
        link(advice.claim, self.reference, stance=Stance.SUPPORTS)
        published(other)
        take_back(self.reference)

        (line,) = (one for one in self.lines() if "Stretching" in one)
        self.assertIn("There is a safety notice on this page.", line)
        self.assertNotIn(WORDS, line)

    def test_is_as_before_when_the_notice_is_settled(self):
        before = self.lines()
        take_back(self.reference)
        notice = SafetyNotice.objects.get()
        source_notices.resolve(notice, by=an_editor(), at=LATER, resolution="It stands.")

        self.assertEqual(self.lines(), before)

    def test_takes_no_point_without_a_key_for_one_of_them(self):
        LiveTerm.objects.update(claim_key="")
        LiveFinding.objects.update(claim_key="")
        take_back(self.reference)

        self.assertFalse([line for line in self.lines() if WORDS in line])
