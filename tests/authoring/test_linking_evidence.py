"""What the evidence panel sends, and what becomes of it."""

import json
import uuid
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles import preflight
from articles.drafts import edits
from articles.evidence import linking, panel_state
from articles.models import Citation, Claim
from articles.review import reviewing
from articles.richtext.markers import new_key
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_reference,
    an_editor,
    link,
    mark,
    with_finding,
)


def a_link(reference, **fields):
    return {
        "uid": str(uuid.uuid4()),
        "reference": str(reference.uid),
        "stance": "supports",
        **fields,
    }


def sent(claims=None, removed=()):
    """The field as a browser fills it: {key: [links]} or {key: whole entry}."""
    entries = {
        key: value if isinstance(value, dict) else {"links": value}
        for key, value in (claims or {}).items()
    }
    return json.dumps({"claims": entries, "removed": list(removed)})


def save(article, *, by, at=LATER, **state):
    return linking.apply(article, panel_state.parse(sent(**state)), by=by, at=at)


class EvidenceFromThePanel(TestCase):
    def setUp(self):
        self.author, self.editor = a_clinician(), an_editor()
        self.article = a_draft(by=self.author)
        self.claim = mark(self.article, "may suit")
        self.reference = a_reference()

    def citation(self):
        return Citation.objects.get(claim=self.claim)

    def test_becomes_links_a_rating_and_the_words_they_were_linked_to(self):
        changes = save(
            self.article,
            by=self.author,
            claims={
                self.claim.key: {
                    "certainty": "low",
                    "reasons": ["imprecision"],
                    "note": "Two small trials.",
                    "links": [
                        a_link(self.reference, quote="It eased pain.", locator="3"),
                        a_link(a_reference()),
                    ],
                }
            },
        )

        self.claim.refresh_from_db()
        self.assertEqual(
            (self.claim.certainty, self.claim.certainty_reasons), ("low", ["imprecision"])
        )
        self.assertEqual((self.claim.rated_by, self.claim.rated_at), (self.author, LATER))
        self.assertEqual(self.claim.checked_text, "may suit")
        first = self.claim.citations.first()
        self.assertEqual(
            (first.quote, first.locator_kind, first.added_by),
            ("It eased pain.", "page", self.author),
        )
        self.assertEqual(
            list(changes.sentences()), ["2 sources linked", "certainty of 1 claim rated"]
        )

    def test_sent_again_changes_nothing(self):
        entry = {self.claim.key: [a_link(self.reference, quote="x")]}
        save(self.article, by=self.author, claims=entry)
        before = Citation.objects.filter(claim=self.claim).values().get()

        changes = save(self.article, by=self.editor, claims=entry)

        self.assertFalse(changes)
        self.assertEqual(Citation.objects.filter(claim=self.claim).values().get(), before)
        self.assertFalse(
            panel_state.differs(panel_state.parse(sent(entry)), linking.state_of(self.article))
        )

    def test_keeps_the_uid_of_a_link_and_what_the_panel_does_not_show(self):
        old = link(self.claim, self.reference, by=self.author, note_private="Ask Jo.")

        save(
            self.article,
            by=self.author,
            claims={self.claim.key: [a_link(self.reference, quote="new")]},
        )

        self.assertEqual((self.citation().uid, self.citation().note_private), (old.uid, "Ask Jo."))

    def test_says_whom_a_claim_is_about_and_is_told_in_the_history(self):
        changes = save(
            self.article,
            by=self.author,
            claims={self.claim.key: {"population": "adults", "comparator": "no heat"}},
        )

        self.claim.refresh_from_db()
        self.assertEqual((self.claim.population, self.claim.comparator), ("adults", "no heat"))
        self.assertEqual(list(changes.sentences()), ["whom or what 1 claim is about was changed"])

    def test_that_does_not_send_what_it_does_not_know_leaves_it(self):
        self.claim.population = "adults"
        self.claim.save()
        citation = link(self.claim, self.reference, source_certainty="low", includes_retracted=True)
        state = asdict(linking.citation_state_of(citation))
        for name in ("source_certainty", "source_scheme", "includes_retracted"):
            del state[name]
        old = {"links": [state], "certainty": self.claim.certainty}

        parsed = panel_state.parse(sent({self.claim.key: old}))
        self.assertFalse(panel_state.differs(parsed, linking.state_of(self.article)))
        save(self.article, by=self.author, claims={self.claim.key: old})

        self.claim.refresh_from_db()
        self.assertEqual(self.claim.population, "adults")
        self.assertEqual(
            (self.citation().source_certainty, self.citation().includes_retracted), ("low", True)
        )

    def test_changes_nothing_that_the_row_of_a_finding_says(self):
        finding = with_finding(self.article, population="adults")
        claims = {finding.claim.key: {"population": "children", "comparator": "rest"}}
        save(self.article, by=self.author, claims=claims)
        finding.claim.refresh_from_db()
        self.assertEqual(finding.claim.population, "adults")

    def test_leaves_alone_every_claim_it_does_not_name(self):
        link(self.claim, self.reference, by=self.author)

        save(self.article, by=self.author, claims={new_key(): []})

        self.assertTrue(self.claim.citations.exists())

    def test_takes_away_what_the_author_took_away(self):
        link(self.claim, self.reference, by=self.author)

        save(self.article, by=self.author, claims={self.claim.key: []})

        self.claim.refresh_from_db()
        self.assertFalse(self.claim.citations.exists())
        self.assertEqual(self.claim.checked_text, "")

    def test_may_swap_the_stances_of_two_links_to_one_source(self):
        first = link(self.claim, self.reference, by=self.author)
        second = link(self.claim, self.reference, by=self.author, stance="contradicts", quote="no")
        entry = [
            a_link(self.reference, uid=str(first.uid), stance="contradicts", quote="yes"),
            a_link(self.reference, uid=str(second.uid), stance="supports", quote="no"),
        ]

        save(self.article, by=self.author, claims={self.claim.key: entry})

        self.assertEqual(
            {(citation.stance, citation.quote) for citation in self.claim.citations.all()},
            {("contradicts", "yes"), ("supports", "no")},
        )

    def test_edited_after_a_check_must_be_checked_again(self):
        old = link(self.claim, self.reference, by=self.author, checked_by=self.editor)

        save(
            self.article,
            by=self.author,
            claims={
                self.claim.key: [
                    a_link(self.reference, uid=str(old.uid), locator_kind="page", locator="4")
                ]
            },
        )

        self.assertIsNone(self.citation().checked_by)

    def test_with_a_new_note_for_readers_keeps_its_check(self):
        old = link(self.claim, self.reference, by=self.author, checked_by=self.editor)
        same = {**asdict(linking.citation_state_of(old)), "note": "A small study."}

        save(self.article, by=self.author, claims={self.claim.key: [same]})

        self.assertEqual(self.citation().checked_by, self.editor)

    def test_for_a_phrase_unmarked_before_the_first_save_is_kept_without_a_place(self):
        key = new_key()

        save(
            self.article,
            by=self.author,
            claims={key: {"text": "It cures.", "links": [a_link(self.reference)]}},
        )

        kept = Claim.objects.get(article=self.article, key=key)
        self.assertEqual((kept.text, kept.position, kept.citations.count()), ("It cures.", None, 1))

    def test_of_a_removed_marker_goes_only_when_the_author_says_so(self):
        link(self.claim, self.reference, by=self.author)
        self.article.body = "<p>Nothing is claimed.</p>"
        self.article.save()
        edits.match_claims_to_text(self.article)
        self.assertTrue(Claim.objects.filter(pk=self.claim.pk, position=None).exists())

        save(self.article, by=self.author, removed=[self.claim.key])

        self.assertFalse(Claim.objects.filter(pk=self.claim.pk).exists())

    def test_of_a_claim_that_stands_in_the_text_cannot_be_removed_that_way(self):
        link(self.claim, self.reference, by=self.author)

        save(self.article, by=self.author, removed=[self.claim.key])

        self.assertTrue(self.claim.citations.exists())

    def test_of_a_merged_reference_hangs_on_what_it_became(self):
        self.reference.merged_into = a_reference()
        self.reference.save()

        save(self.article, by=self.author, claims={self.claim.key: [a_link(self.reference)]})

        self.assertEqual(self.citation().reference, self.reference.merged_into)

    def test_costs_no_more_for_more_claims(self):
        references = [a_reference() for _ in range(4)]
        self.article.body = "".join(
            f'<p><mark data-claim="{new_key()}">Sentence {n} may suit.</mark></p>'
            for n in range(60)
        )
        self.article.save()
        edits.match_claims_to_text(self.article)
        claims = {
            claim.key: [a_link(references[0]), a_link(references[1])]
            for claim in Claim.objects.filter(
                article=self.article, kind="text", position__isnull=False
            )
        }

        with CaptureQueriesContext(connection) as queries:
            save(self.article, by=self.author, claims=claims)

        self.assertEqual(Citation.objects.filter(claim__article=self.article).count(), 121)
        self.assertLessEqual(
            len(queries), 12
        )  # the savepoint counts two; SQLite takes an insert in two goes


class WordsThatChanged(TestCase):
    def setUp(self):
        self.author, self.editor = a_clinician(), an_editor()
        self.article = a_draft(by=self.author)
        self.claim = mark(self.article, "may suit")
        self.link = link(self.claim, a_reference(), by=self.author, checked_by=self.editor)
        self.article.body = self.article.body.replace("may suit", "cures")
        self.article.save()
        edits.match_claims_to_text(self.article)
        self.claim.refresh_from_db()
        self.same = asdict(linking.citation_state_of(self.link))

    def codes(self):
        return {finding.code for finding in preflight.check(self.article) if finding.is_blocker}

    def test_are_known_to_the_gate(self):
        self.assertTrue(self.claim.wording_has_changed)
        self.assertIn("words_are_those_the_evidence_was_linked_to", self.codes())

    def test_stay_unconfirmed_when_one_more_source_is_linked(self):
        save(
            self.article,
            by=self.author,
            claims={self.claim.key: [self.same, a_link(a_reference())]},
        )

        self.claim.refresh_from_db()
        self.assertTrue(self.claim.wording_has_changed)

    def test_are_settled_by_a_person_and_then_checked_by_another_again(self):
        save(
            self.article,
            by=self.author,
            claims={self.claim.key: {"confirmed": True, "links": [self.same]}},
        )

        self.claim.refresh_from_db()
        self.assertFalse(self.claim.wording_has_changed)
        self.assertIsNone(self.claim.citations.get().checked_by)
        self.assertIn("evidence_is_checked_by_a_second_person", self.codes())
        reviewing.check_evidence(self.link, by=self.editor, at=NOON)
        self.assertNotIn("words_are_those_the_evidence_was_linked_to", self.codes())

    def test_are_settled_in_the_same_way_on_the_claims_own_page(self):
        linking.remember_wording(self.claim)
        self.assertTrue(self.claim.wording_has_changed)

        linking.remember_wording(self.claim, confirmed=True)

        self.assertFalse(self.claim.wording_has_changed)
        self.assertIsNone(self.claim.citations.get().checked_by)


MALFORMED = [
    "[]", "null", "1", '"x"', "{", '{"claims": []}', '{"claims": {"c123456789": []}}',
    '{"claims": {"x": {}}}', '{"claims": {"c123456789\\n": {}}}',
    '{"claims": {"c123456789": {"links": ["x"]}}}', '{"other": 1}',
    '{"claims": {"c123456789": {"links": [{"uid": "x", "reference": "y"}]}}}', '{"removed": [1]}',
    '{"claims": {"c123456789": {"certainty": "sure"}}}',
    '{"claims": {"c123456789": {"certainty": ["low"]}}}',
    '{"claims": {"c123456789": {"text": "\\ud800"}}}', '{"claims": {"c123456789": {"note": NaN}}}',
    "[" * 100_000, '{"claims": {"c123456789": {"confirmed": 1}}}',
    '{"claims": {"c123456789": {"reasons": ["fun"]}}}',
]  # fmt: skip


class StateThatIsMalformed(HypothesisTestCase):
    def test_is_told_in_words(self):
        for text in MALFORMED:
            with self.subTest(text=text[:60]), self.assertRaises(ValidationError):
                panel_state.parse(text)

    def test_names_the_claim_whose_quote_is_too_long(self):
        text = sent(
            {"c123456789": {"text": "It helps.", "links": [a_link(a_reference(), quote="x" * 401)]}}
        )

        with self.assertRaisesMessage(ValidationError, "Shorten the quote under “It helps.”"):
            panel_state.parse(text)

    def test_names_the_claim_whose_source_is_gone(self):
        missing = {"uid": str(uuid.uuid4()), "reference": str(uuid.uuid4())}

        with self.assertRaisesMessage(ValidationError, "no longer in the library"):
            linking.check_references(
                panel_state.parse(sent({"c123456789": {"text": "It helps.", "links": [missing]}}))
            )

    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.text()
            | st.sampled_from(["c123456789", "supports", "low"]),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "claims",
                            "removed",
                            "c123456789",
                            "links",
                            "uid",
                            "reference",
                            "stance",
                            "text",
                        ]
                    ),
                    inner,
                )
            ),
            max_leaves=12,
        )
    )
    @hypothesis_settings(suppress_health_check=[HealthCheck.too_slow])
    def test_never_comes_through_half_read(self, value):
        try:
            state = panel_state.parse(json.dumps(value))
        except ValidationError:
            return
        self.assertEqual(panel_state.parse(state.to_json_text()), state)
