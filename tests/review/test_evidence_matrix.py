"""The evidence of an article as a table: what is in it, what jumps out, what it costs."""

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.utils import timezone

from articles import preflight
from articles.evidence import table
from articles.models import Article, Citation, Claim
from references.models import Design, Integrity, Reference
from tests.builders import (
    a_clinician,
    a_draft,
    a_full_article,
    a_person,
    a_reference,
    a_user,
    an_editor,
    link,
    mark,
    with_advice,
    with_condition,
    with_picture,
    with_side_effect,
)


def a_large_article(claims, references, links=3):
    """An article with many claims and sources, written in bulk: the tenth claim has no evidence."""
    body = "".join(
        f'<p><mark data-claim="c{number:09d}">Sentence {number} may suit.</mark></p>'
        for number in range(claims)
    )
    article = a_draft(body=body)
    Reference.objects.bulk_create(
        _derived(Reference(csl={"title": f"Trial {number}"})) for number in range(references)
    )
    sources = list(Reference.objects.filter(title__startswith="Trial "))[:references]
    rows = list(Claim.objects.filter(article=article, kind=Claim.Kind.TEXT))
    Citation.objects.bulk_create(
        Citation(claim=claim, reference=sources[(number * 7 + nth) % references], locator="3")
        for number, claim in enumerate(rows)
        if number % 10 != 9
        for nth in range(links)
    )
    with_picture(article)
    return article


def _derived(reference):
    reference.derive()
    return reference


def the_matrix(article):
    return table.evidence_table(preflight.DraftToCheck.of(article, evidence_only=True))


class TheMatrix(TestCase):
    def setUp(self):
        self.article = a_draft(
            body="<p>It may suit. It may ease pain. It is old.</p>", written_by=a_person()
        )
        self.first, self.second = a_reference(), a_reference()
        self.help = mark(self.article, "It may suit.")
        self.pain = mark(self.article, "It may ease pain.")

    def rows(self):
        return {row.text: row for group in the_matrix(self.article).groups for row in group.rows}

    def flags(self, text):
        return {flag.code for flag in self.rows()[text].flags}

    def test_shows_claims_in_the_order_of_the_page_grouped_by_kind(self):
        with_side_effect(self.article, "a bruise")
        with_condition(self.article, "stiff neck")
        with_advice(self.article, "Rest.")

        shown = [
            (group.title, [row.text for row in group.rows])
            for group in the_matrix(self.article).groups
        ]

        self.assertEqual(
            [title for title, _ in shown],
            [
                "Reasons not to have it",
                "Phrases in the text",
                "Conditions it is tried for",
                "Side effects",
                "Advice",
            ],
        )
        self.assertEqual(shown[1][1], ["It may suit.", "It may ease pain."])

    def test_has_every_claim_of_an_article_that_says_all_there_is_to_say(self):
        article = a_full_article()
        for kind in Claim.Kind.values:
            with self.subTest(kind):
                self.assertTrue(Claim.objects.filter(article=article, kind=kind).exists())
        draft = preflight.DraftToCheck.of(article)

        shown = [row.text for group in table.evidence_table(draft).groups for row in group.rows]

        self.assertCountEqual(shown, [claim["text"] for claim in draft.content["claims"]])

    def test_numbers_sources_as_the_page_does(self):
        link(self.pain, self.first)
        link(self.help, self.second)

        numbers = {
            str(source.citation): source.number for source in the_matrix(self.article).sources
        }

        # Number 3 stands behind the contraindication, which every draft has and the page shows
        # after its opening.
        self.assertEqual(numbers[next(words for words in numbers if self.second.title in words)], 1)
        self.assertEqual(numbers[next(words for words in numbers if self.first.title in words)], 2)

    def test_says_what_each_source_says_and_who_checked_it(self):
        editor = an_editor()
        link(self.help, self.first, by=self.article.owner, checked_by=editor)
        link(self.help, self.second, stance="contradicts", quote="No.")
        link(self.pain, self.first, stance="mixed", quote="Perhaps.")
        link(self.pain, self.second, stance="background")

        helps, pain = self.rows()["It may suit."], self.rows()["It may ease pain."]

        self.assertEqual(
            [(one.sign, one.is_checked) for one in helps.citations], [("+", True), ("−", False)]
        )
        self.assertEqual(
            [(one.sign, one.words) for one in pain.citations],
            [("±", "mixed results"), ("○", "background only")],
        )
        self.assertEqual([len(row.cells) for row in (helps, pain)], [3, 3])
        self.assertEqual(helps.citations[0].where, "page 3")

    def test_makes_what_is_missing_and_what_disagrees_jump_out(self):
        self.assertEqual(self.flags("It may suit."), {"every_claim_has_evidence"})

        link(self.help, self.first, stance="contradicts", quote="No.")
        self.assertEqual(self.flags("It may suit."), {"spoken_against"})
        self.assertTrue(self.rows()["It may suit."].is_serious)

    def test_makes_wording_that_changed_since_jump_out(self):
        link(self.help, self.first)
        Claim.objects.filter(pk=self.help.pk).update(checked_text="It cures.")

        self.assertIn("words_are_those_the_evidence_was_linked_to", self.flags("It may suit."))

    def test_makes_a_source_that_was_taken_back_jump_out_in_row_and_column(self):
        link(self.help, self.first)
        Reference.objects.filter(pk=self.first.pk).update(
            integrity=Integrity.RETRACTED, integrity_checked_at=timezone.now()
        )

        self.assertIn("sources_still_stand", self.flags("It may suit."))
        self.assertEqual(
            [source.integrity for source in the_matrix(self.article).sources if source.is_absent],
            ["retracted"],
        )

    def test_shows_the_certainty_and_what_the_evidence_carries_at_most(self):
        link(self.help, a_reference(design=Design.RCT))
        Claim.objects.filter(pk=self.help.pk).update(certainty="high")

        row = self.rows()["It may suit."]

        self.assertEqual((row.certainty, row.highest), ("high", "moderate"))
        self.assertIn("certainty_stays_under_its_ceiling", {flag.code for flag in row.flags})
        self.assertEqual(self.rows()["It may ease pain."].highest, "")

    def test_counts_it_all(self):
        link(self.help, self.first)
        link(self.help, self.second, stance="mixed", quote="Perhaps.")

        totals = {
            total.label: (total.count, total.is_to_do) for total in the_matrix(self.article).totals
        }

        self.assertEqual(totals["claims"], (3, False))
        self.assertEqual(totals["sources"], (3, False))
        self.assertEqual(totals["links"], (3, False))
        self.assertEqual(totals["claims without evidence"], (1, True))
        self.assertEqual(totals["claims that sources speak against"], (1, True))
        self.assertEqual(totals["claims whose wording changed"], (0, False))
        self.assertEqual(totals["links nobody else has checked"], (3, True))

    def test_flags_nothing_the_preflight_does_not_find(self):
        link(self.help, self.first)
        draft = preflight.DraftToCheck.of(self.article)
        found = {(finding.code, finding.place) for finding in preflight.check_draft(draft)}

        for group in table.evidence_table(draft).groups:
            for row in group.rows:
                uid = str(Claim.objects.get(pk=row.pk).uid)
                codes = {flag.code for flag in row.flags} - {"spoken_against"}
                self.assertLessEqual({(code, uid) for code in codes}, found)

    def test_takes_14_queries_for_the_smallest_and_for_120_claims_by_60_sources(self):
        ContentType.objects.get_for_model(Article)
        large = a_large_article(120, 60)
        for article in (self.article, large):
            with self.assertNumQueries(14):
                found = the_matrix(article)
        self.assertEqual(
            (len(found.sources), sum(len(group.rows) for group in found.groups)), (61, 121)
        )


class TheEvidencePage(TestCase):
    def setUp(self):
        self.article = a_draft(body="<p>It may &lt;i&gt;help&lt;/i&gt; you.</p>")
        self.claim = mark(self.article, "It may <i>help</i> you.")
        self.reference = a_reference(
            csl={"title": "<script>x()</script>", "author": [{"family": "Osei & Sons"}]}
        )
        link(self.claim, self.reference, stance="contradicts", quote="No.")
        self.address = f"/admin/articles/article/{self.article.pk}/evidence/"

    def test_shows_signs_with_words_and_leads_to_the_claim(self):
        self.client.force_login(self.article.owner)
        html = " ".join(self.client.get(self.address).content.decode().split())

        self.assertIn(
            '−?</span><span class="visually-hidden">speaks against it, not checked </span>', html
        )
        self.assertIn(f"/admin/articles/claim/{self.claim.pk}/change/", html)
        self.assertIn("at most", html)
        self.assertIn("Osei &amp; Sons", html)
        self.assertIn("It may &lt;i&gt;help&lt;/i&gt; you.", html)
        self.assertNotIn("<script>x()", html)

    def test_leads_to_no_page_its_reader_may_not_see(self):
        self.client.force_login(a_user("Librarian"))

        answer = self.client.get(self.address)

        self.assertEqual(answer.status_code, 200)
        self.assertNotContains(answer, "/preview/")
        self.assertNotContains(answer, "/review/")

    def test_is_closed_to_administrators_who_see_no_claims(self):
        self.client.force_login(a_user("Administrator"))

        self.assertEqual(self.client.get(self.address).status_code, 403)

    def test_is_closed_to_strangers(self):
        self.assertIn("/admin/login/", self.client.get(self.address)["Location"])
        self.client.force_login(a_user())
        self.assertEqual(self.client.get(self.address).status_code, 403)

    def test_says_how_to_begin_when_nothing_is_claimed(self):
        self.client.force_login(self.article.owner)
        empty = Article.objects.create(title="Empty", slug="empty")

        self.assertContains(
            self.client.get(f"/admin/articles/article/{empty.pk}/evidence/"), "makes no claim yet"
        )

    def test_is_found_from_the_form_and_the_review_page(self):
        self.client.force_login(an_editor())
        for page in ("change", "review"):
            self.assertContains(
                self.client.get(f"/admin/articles/article/{self.article.pk}/{page}/"), self.address
            )

    def test_carries_the_strict_policy(self):
        self.client.force_login(self.article.owner)

        self.assertNotIn("unsafe", self.client.get(self.address)["Content-Security-Policy"])

    def test_takes_as_many_queries_for_a_large_article_as_for_a_small_one(self):
        ContentType.objects.get_for_model(Article)
        self.client.force_login(a_clinician())
        large = a_large_article(120, 60)
        # Of these 14 are the matrix; the others are the session, the account, its rights and the
        # article.
        for pk in (self.article.pk, large.pk):
            with self.assertNumQueries(19):
                answer = self.client.get(f"/admin/articles/article/{pk}/evidence/")
        self.assertContains(answer, "Sentence 119 may suit.")


class WhereASourceSaysIt(TestCase):
    def told(self, **how):
        article = a_draft(body="<p>It may suit. It may ease pain.</p>")
        source = a_reference(csl={"type": "article-journal", "title": "A trial", "page": "252-265"})
        for phrase in ("It may suit.", "It may ease pain."):
            link(mark(article, phrase), source, **how)
        return [
            finding
            for finding in preflight.check(article)
            if finding.code == "sources_are_named_to_the_page"
        ]

    def test_is_a_page_and_not_the_whole_work(self):
        for locator in ("252-265", "252–265", "252 - 265"):
            self.assertEqual(len(self.told(locator=locator)), 1, locator)  # once a source
        self.assertEqual(self.told(locator="259"), [])
        self.assertEqual(self.told(locator="252-265", locator_kind="section"), [])
