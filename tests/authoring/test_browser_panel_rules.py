"""The rules of the evidence panel, case by case.

Its modules that touch no page are run by a browser, without a form.
"""

import pytest

from tests.browser import BrowserTestCase

#: A claim marked in the text that says what it said when its one source was linked.
LINKED = {
    "key": "c000000000",
    "kind": "text",
    "text": "It may suit.",
    "checked_text": "It may suit.",
    "certainty": "low",
    "links": [{"reference": "r1"}],
    "isMarked": True,
    "isSaved": True,
    "hadLinks": True,
}
BLOCKER = {"is_blocker": True, "code": "shows_evidence", "message": "Show a source."}
DRIFT = {
    "is_blocker": True,
    "code": "words_are_those_the_evidence_was_linked_to",
    "message": "It said otherwise.",
}
HINT = {"is_blocker": False, "code": "is_short", "message": "It is long."}
WORDS = {
    "opinion": "an expert's own view",
    "no_evidence": "No evidence",
    "sources_one": "1 source",
    "sources": "{count} sources",
    "deleted": "Deleted",
    "row_removed": "Row removed",
    "removed": "Marker removed",
    "drifted": "Words changed",
    "no_claims": "No claims yet",
    "count_one": "1 claim",
    "count": "{count} claims",
    "bare": "{count} without evidence",
    "all_linked": "all with evidence",
    "markers_removed": "{count} with the marker removed",
}
CERTAINTY = [["low", "Low"], ["none", "None needed"], ["not-rated", "Not rated"]]


def claim(**changed):
    return {**LINKED, **changed}


GONE = claim(isMarked=False)
BARE = claim(links=[], hadLinks=False, certainty="not-rated")
REWORDED = claim(text="It cures.")
A_ROW = claim(isMarked=False, isRow=True)
DELETED = claim(isDeleted=True)


@pytest.mark.browser
class ThePanelsRules(BrowserTestCase):
    def answers(self, module, cases):
        """[what `module` answers]: `cases` are (name of a function, *its arguments)."""
        page = self.open("/robots.txt")
        return page.evaluate(
            """async ([address, cases]) => {
                const rules = await import(address);
                return cases.map(([name, ...given]) => rules[name](...given));
            }""",
            [f"/static/articles/panel/{module}.js", cases],
        )

    def are_answered(self, module, table):
        """`table`: rows of (what is expected, name of a function, *its arguments)."""
        found = self.answers(module, [row[1:] for row in table])
        for (expected, *asked), answer in zip(table, found, strict=True):
            with self.subTest(asked=asked):
                self.assertEqual(answer, expected)

    def test_say_whether_words_are_no_longer_those_the_evidence_was_linked_to(self):
        self.are_answered(
            "rules",
            [
                (False, "hasNewWording", LINKED),
                (True, "hasNewWording", REWORDED),
                (True, "hasNewWording", claim(text="It may suit")),  # a full stop is a change
                (False, "hasNewWording", claim(text="It cures.", confirmed=True)),
                (False, "hasNewWording", claim(text="It cures.", links=[])),
                (False, "hasNewWording", claim(text="It cures.", checked_text="")),
                (True, "hasNewWording", claim(text="It cures.", isMarked=False, isRow=True)),
                (
                    False,
                    "hasNewWording",
                    claim(text="It cures.", isMarked=False, isRow=True, isSaved=False),
                ),
            ],
        )

    def test_say_what_is_bare_and_what_lost_its_marker(self):
        self.are_answered(
            "rules",
            [
                (False, "isBare", LINKED),
                (True, "isBare", BARE),
                (False, "isBare", claim(links=[], certainty="none")),
                (False, "isBare", claim(links=[], isOpinion=True)),
                (False, "isRemoved", LINKED),
                (True, "isRemoved", GONE),
                (
                    True,
                    "isRemoved",
                    claim(isMarked=False, links=[]),
                ),  # it had some when the form was opened
                (False, "isRemoved", claim(isMarked=False, links=[], hadLinks=False)),
                (
                    True,
                    "isRemoved",
                    claim(isMarked=False, hadLinks=False),
                ),  # linked and unmarked in this window
                (False, "isRemoved", A_ROW),
                (True, "isLinkedTo", LINKED, "r1"),
                (False, "isLinkedTo", LINKED, "r2"),
            ],
        )

    def test_say_how_a_claim_looks(self):
        self.are_answered(
            "rules",
            [
                ("linked", "lookOf", LINKED, []),
                ("attention", "lookOf", LINKED, [HINT]),
                ("attention", "lookOf", REWORDED, []),
                ("bare", "lookOf", BARE, [BLOCKER]),
                ("removed", "lookOf", GONE, []),
                ("removed", "lookOf", DELETED, []),
                ("removed", "lookOf", claim(isMarked=False, isRow=True, rowGoes=True), []),
                ("linked", "lookInText", LINKED),
                ("attention", "lookInText", REWORDED),
                ("bare", "lookInText", BARE),
            ],
        )

    def test_say_which_cards_a_filter_shows(self):
        def passes(expected, one, filter, *, is_open=False, findings=()):
            return (
                expected,
                "passes",
                one,
                {"filter": filter, "isOpen": is_open, "findings": list(findings)},
            )

        self.are_answered(
            "rules",
            [
                passes(True, LINKED, "all"),
                passes(False, LINKED, "bare"),
                passes(False, LINKED, "attention"),
                passes(True, LINKED, "bare", is_open=True),  # the open card stays
                passes(True, LINKED, "attention", findings=[HINT]),
                passes(True, GONE, "attention"),
                passes(True, BARE, "bare"),
                passes(False, claim(links=[], rowGoes=True), "bare"),
                passes(False, DELETED, "all"),
                passes(True, DELETED, "all", is_open=True),
            ],
        )

    def test_read_the_kind_of_a_row_from_its_field(self):
        self.are_answered(
            "rules",
            [
                ("condition", "kindOf", "articlecondition_rows-0-claim_key"),
                ("side_effect", "kindOf", "articlesideeffect_rows-3-claim_key"),
                ("contraindication", "kindOf", "articlecontraindication_rows-1-claim_key"),
                ("recommendation", "kindOf", "recommendation_rows-0-claim_key"),
                ("indication", "kindOf", "indication_rows-0-claim_key"),
            ],
        )

    def test_tell_an_address_of_a_work_from_words_of_its_title(self):
        self.are_answered(
            "rules",
            [
                (True, "looksLikeAnAddress", "10.1136/bmj.n71"),
                (True, "looksLikeAnAddress", "see https://doi.org/10.1136/bmj.n71"),
                (True, "looksLikeAnAddress", "PMID 33782057"),
                (True, "looksLikeAnAddress", "pmc8005924"),
                (True, "looksLikeAnAddress", "33782057"),
                (True, "looksLikeAnAddress", "One reference.\nAnother."),
                (False, "looksLikeAnAddress", "dry needling 2021"),
                (False, "looksLikeAnAddress", "2021"),
                (False, "looksLikeAnAddress", "Osei"),
            ],
        )

    def test_say_what_stands_on_a_card(self):
        def flags(expected, one, findings=(), *, is_open=False):
            about = {
                "words": WORDS,
                "certainty": CERTAINTY,
                "findings": list(findings),
                "isOpen": is_open,
            }
            return (expected, "flagsOf", one, about)

        self.are_answered(
            "wording",
            [
                flags(["1 source", "Low"], LINKED),
                flags(
                    ["2 sources", "Low"], claim(links=[{"reference": "r1"}, {"reference": "r2"}])
                ),
                flags(["No evidence"], BARE, [BLOCKER]),  # the card says it already
                flags(["1 source", "Low", "Show a source."], LINKED, [HINT, BLOCKER]),
                flags(["1 source", "Low"], LINKED, [BLOCKER], is_open=True),  # said inside the card
                flags(["1 source", "Low", "Words changed"], REWORDED, [DRIFT]),
                flags(["an expert's own view"], claim(links=[], isOpinion=True)),
                flags(["No evidence", "None needed"], claim(links=[], certainty="none")),
                flags(["Marker removed", "Low"], GONE),
                flags(["Row removed", "Low"], claim(isMarked=False, isRow=True, rowGoes=True)),
                flags(["Deleted", "Low"], DELETED),
            ],
        )

    def test_fill_the_blanks_of_a_sentence(self):
        row = {"n": "3", "base": "100", "unit": "people"}
        self.are_answered(
            "wording",
            [
                (
                    "Linked: {source} <b>",
                    "fill",
                    "Linked: {name}",
                    {"name": "{source} <b>"},
                ),  # filled once
                ("{other}", "fill", "{other}", {"name": "x"}),
                ("pain: 3 in 100 people", "rowSaid", "pain", row),
                ("pain", "rowSaid", "pain", {**row, "n": ""}),
                ("", "rowSaid", "", row),
                ("Low", "labelOf", CERTAINTY, "low"),
                ("odd", "labelOf", CERTAINTY, "odd"),
                ("No claims yet", "summaryOf", {"shown": 0, "bare": 0, "removed": 0}, WORDS),
                (
                    "1 claim, all with evidence",
                    "summaryOf",
                    {"shown": 1, "bare": 0, "removed": 0},
                    WORDS,
                ),
                (
                    "3 claims, 2 without evidence, 1 with the marker removed",
                    "summaryOf",
                    {"shown": 3, "bare": 2, "removed": 1},
                    WORDS,
                ),
            ],
        )

    def test_send_with_the_form_what_was_touched_and_nothing_else(self):
        page = self.open("/robots.txt")
        sent = page.evaluate(
            """async () => {
                const { Claims } = await import("/static/articles/panel/claims.js");
                const saved = { text: "As it was.", links: [], certainty: "low" };
                const claims = new Claims({ c1: saved, c2: saved, c3: saved });
                const untouched = claims.asJson();
                claims.overlay("no JSON");
                const kept = { c1: { text: "Kept in the buffer." } };
                claims.overlay(JSON.stringify({ claims: kept, removed: ["c2", "c9"] }));
                claims.of("c3").text = "Changed by nobody.";
                return [untouched, JSON.parse(claims.asJson())];
            }"""
        )

        untouched, state = sent
        self.assertEqual(untouched, "")
        self.assertEqual(state["removed"], ["c2"])
        self.assertEqual(list(state["claims"]), ["c1"])
        self.assertEqual(state["claims"]["c1"]["text"], "Kept in the buffer.")
        self.assertEqual(state["claims"]["c1"]["certainty"], "low")
