"""A pasted table of findings is looked through, row by row, before anything is made of it."""

from django.test import TestCase
from django.urls import reverse

from articles import preflight
from articles.models import Article, Citation, Finding
from articles.revisions import freezing
from tests.builders import a_clinician, a_draft, a_reference, a_user

TABLE = """
<table>
<caption>Summary of findings: heat wrap compared to no heat wrap for a sore shoulder</caption>
<tr><td colspan="7">Patient or population: adults with a sore shoulder<br>Intervention: heat wrap
<br>Comparison: no heat wrap</td></tr>
<tr><th>Outcomes</th><th>Risk with no heat wrap</th><th>Risk with heat wrap</th>
<th>Relative effect (95% CI)</th><th>No. of participants (studies)</th>
<th>Certainty of the evidence (GRADE)</th><th>Comments</th></tr>
<tr><td>Red skin, follow-up: 1 day</td><td>40 per 1000</td><td>100 per 1000 (52 to 192)</td>
<td>RR 2.5 (1.3 to 4.8)</td><td>412 (5 RCTs)</td><td>⊕⊕⊕⊝ MODERATE<sup>a</sup></td><td></td></tr>
<tr><td>Pain, scale from 0 to 10, lower is better, follow-up: 6 weeks</td>
<td>The mean pain was 5.1</td><td>MD 1.3 lower (1.9 lower to 0.7 lower)</td><td>-</td>
<td>300 (4 RCTs)</td><td>⊕⊕⊝⊝ LOW<sup>a</sup></td><td></td></tr>
<tr><td>Serious harm</td><td colspan="2">Not estimable</td><td>-</td><td>120 (2 RCTs)</td><td>-</td>
<td>See comment: nobody had any.</td></tr>
<tr><td colspan="7">a. Downgraded for imprecision.</td></tr>
</table>
"""


class APastedTable(TestCase):
    def setUp(self):
        self.writer = a_clinician()
        self.client.force_login(self.writer)
        self.article = a_draft(by=self.writer)
        self.address = reverse("admin:articles_article_findings", args=[self.article.pk])
        self.reference = a_reference(design="systematic_review")

    def looked_through(self, **changed):
        """What the form posts once somebody has decided about each row."""
        return {
            "html": TABLE,
            "act": "make",
            "reference": self.reference.pk,
            "table": "2",
            "intervention": "a heat wrap",
            "comparator": "no heat wrap",
            "population": "adults with a sore shoulder",
            "row-0-is_chosen": "on",
            "row-0-outcome": "red skin",
            "row-0-direction": "worse",
            "row-0-size": "unknown",
            "row-0-happened": "had red skin",
            "row-0-better": "low",
            "row-0-time": "1 day",
            "row-1-is_chosen": "on",
            "row-1-outcome": "pain",
            "row-1-direction": "better",
            "row-1-size": "unknown",
            "row-1-better": "low",
            "row-1-scale_low_words": "no pain",
            "row-1-scale_high_words": "worst pain",
            "row-1-time": "6 weeks",
            "row-2-outcome": "serious harm",
            "row-2-size": "unknown",
            **changed,
        }

    def test_is_shown_row_by_row_and_makes_nothing_yet(self):
        answer = self.client.post(self.address, {"html": TABLE})

        rows = answer.context["rows"]
        self.assertEqual(rows[0].found.outcome, "Red skin")
        self.assertEqual(
            [row.initial["is_chosen"] for row in rows], [True, True, False]
        )  # what nobody measured is offered, and not chosen
        self.assertContains(answer, "no heat wrap")
        self.assertFalse(Finding.objects.exists())

    def test_becomes_findings_with_certainty_citation_and_the_cell_as_locator(self):
        before = Article.objects.get(pk=self.article.pk).lock_version

        answer = self.client.post(self.address, self.looked_through())

        self.assertEqual(answer.status_code, 302)
        red, pain = Finding.objects.order_by("position")
        self.assertEqual((red.base, red.without_value, red.with_value), (1000, 40, 100))
        self.assertEqual((red.low, red.high, red.interval_of), (52, 192, "with"))
        self.assertEqual(
            (red.claim.certainty, red.claim.certainty_reasons), ("moderate", ["imprecision"])
        )
        self.assertEqual(red.as_reported, "RR 2.5 (1.3 to 4.8)")
        self.assertIsNone(pain.with_value)  # the table has the difference: the page reckons
        self.assertEqual(str(pain.difference), "-1.300")
        citation = Citation.objects.get(claim=pain.claim)
        self.assertEqual(citation.reference, self.reference)
        self.assertEqual((citation.locator_kind, citation.locator), ("table", "2, row 4"))
        self.assertEqual((citation.source_certainty, citation.source_scheme), ("low", "GRADE"))
        self.assertEqual(citation.added_by, self.writer)
        self.assertGreater(Article.objects.get(pk=self.article.pk).lock_version, before)

    def test_becomes_findings_the_gate_has_nothing_against_but_their_check(self):
        self.client.post(self.address, self.looked_through())
        uids = {uid for row in Finding.objects.all() for uid in (str(row.uid), str(row.claim.uid))}
        against = {
            message.code
            for message in preflight.check(self.article)
            if message.is_blocker and message.place in uids
        }
        self.assertEqual(against, {"evidence_is_checked_by_a_second_person"})

    def test_makes_all_or_none_and_says_beside_the_row_why(self):
        answer = self.client.post(self.address, self.looked_through(**{"row-1-better": ""}))

        self.assertContains(answer, "which end is better")
        self.assertContains(answer, 'value="had red skin"')  # nothing typed is lost
        self.assertFalse(Finding.objects.exists())

    def test_asks_for_what_is_missing(self):
        for changed, words in (
            ({"reference": ""}, "This field is required."),
            ({"comparator": ""}, "This field is required."),
            ({"row-0-is_chosen": "", "row-1-is_chosen": ""}, "Choose at least one row."),
        ):
            with self.subTest(changed):
                data = {
                    name: value for name, value in self.looked_through(**changed).items() if value
                }
                self.assertContains(self.client.post(self.address, data), words)
                self.assertFalse(Finding.objects.exists())

    def test_that_is_none_says_what_to_do(self):
        for html in ("hello", "<table><tr><td>1</td></tr></table>", "<table>" * 500, "<script>"):
            with self.subTest(html[:20]):
                answer = self.client.post(self.address, {"html": html})
                self.assertContains(answer, 'role="alert"')
                self.assertNotContains(answer, "Make findings of the chosen rows")

    def test_adds_behind_the_findings_there_are(self):
        self.client.post(self.address, self.looked_through())
        self.client.post(self.address, self.looked_through())
        positions = list(Finding.objects.order_by("position").values_list("position", flat=True))
        self.assertEqual(positions, [0, 1, 2, 3])
        self.assertEqual(len(freezing.freeze(self.article)["findings"]), 4)

    def test_is_for_those_who_may_change_the_article(self):
        self.client.force_login(a_user(is_staff=True))
        self.assertEqual(self.client.get(self.address).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(self.address).status_code, 302)
