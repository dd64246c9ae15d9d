"""Merging two versions of a form, without a form.

Who changed what, and what follows from each choice.
"""

import json
import unittest
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from articles.drafts.conflicts import form_state, side_by_side
from articles.drafts.conflicts.choosing import Undecided, merged_form
from articles.drafts.conflicts.comparing_forms import compare_forms
from articles.drafts.conflicts.form_state import FormRow, FormState, base_hashes
from articles.drafts.conflicts.units import COMBINED, MINE, THEIRS, Happened
from articles.richtext import blocks
from articles.richtext.cleaning import clean

WORDS = st.sampled_from(["", "a", "b", "c", "keep moving", "it may suit"])
BLOCKS = st.lists(st.sampled_from([f"<p>{word}</p>" for word in "abcdef"]), max_size=6)
KEYS = [f"c00000000{number}" for number in range(4)]


def entries():
    link = st.builds(
        lambda reference, stance: {
            "uid": reference + stance,
            "reference": reference,
            "stance": stance,
        },
        st.sampled_from("xyz"),
        st.sampled_from(["supports", "mixed"]),
    )
    return st.builds(
        lambda certainty, links: {
            "text": "It helps.",
            "certainty": certainty,
            "reasons": [],
            "note": "",
            "confirmed": False,
            "links": list({found["uid"]: found for found in links}.values()),
        },
        st.sampled_from(["low", "high", "not-rated"]),
        st.lists(link, max_size=3),
    )


def documents():
    """Documents of one form: the same fields, rows that may be there or not."""
    row = st.builds(
        lambda text, kind: FormRow("points", {"text": text, "kind": kind}, pk="1"), WORDS, WORDS
    )
    return st.builds(
        FormState,
        fields=st.fixed_dictionaries({"title": WORDS, "summary": WORDS}),
        body=BLOCKS,
        rows=st.dictionaries(st.sampled_from(["one", "two", "three"]), row),
        evidence=st.fixed_dictionaries({key: entries() for key in KEYS[:2]}),
    )


def said(document):
    """What a document says, without how the database numbers it."""
    rows = {key: (row.group, row.values) for key, row in document.rows.items()}
    evidence = {
        key: {name: value for name, value in entry.items() if name != "text"}
        for key, entry in (document.evidence or {}).items()
    }
    return document.fields, document.body, rows, evidence


def merged(was, mine, theirs, choice):
    comparison = compare_forms(was and base_hashes(was), mine, theirs)
    return merged_form(comparison, {unit.key: choice for unit in comparison.units})


class Merging(unittest.TestCase):
    @given(st.none() | documents(), documents(), documents())
    def test_with_all_mine_gives_mine_and_with_all_theirs_gives_theirs(self, was, mine, theirs):
        self.assertEqual(said(merged(was, mine, theirs, MINE)), said(mine))
        self.assertEqual(said(merged(was, mine, theirs, THEIRS)), said(theirs))

    @given(documents(), documents())
    def test_asks_nothing_where_only_one_side_changed_anything(self, was, changed):
        remembered = base_hashes(was)

        self.assertEqual(
            said(merged_form(compare_forms(remembered, changed, was), {})), said(changed)
        )
        self.assertEqual(
            said(merged_form(compare_forms(remembered, was, changed), {})), said(changed)
        )

    @given(documents(), documents(), documents())
    def test_gives_both_where_they_changed_different_things(self, was, one, other):
        mine = replace(was, fields={**was.fields, "title": one.fields["title"]}, rows=one.rows)
        theirs = replace(
            was, fields={**was.fields, "summary": other.fields["summary"]}, body=other.body
        )

        result = merged_form(compare_forms(base_hashes(was), mine, theirs), {})

        self.assertEqual(
            result.fields, {"title": one.fields["title"], "summary": other.fields["summary"]}
        )
        self.assertEqual(result.body, other.body)
        self.assertEqual(said(result)[2], said(mine)[2])

    @given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=3, max_size=8), st.data())
    def test_gives_both_where_they_changed_different_blocks(self, names, data):
        was = [f"<p>{name}</p>" for name in names]
        first = data.draw(st.integers(0, len(was) - 1))
        second = data.draw(st.integers(0, len(was) - 1).filter(lambda number: number != first))
        mine, theirs, both = list(was), list(was), list(was)
        mine[first] = both[first] = "<p>mine</p>"
        theirs[second] = both[second] = "<p>theirs</p>"

        remembered = base_hashes(FormState(body=was))
        result = merged_form(
            compare_forms(remembered, FormState(body=mine), FormState(body=theirs)), {}
        )

        self.assertEqual(result.body, both)

    @given(st.none() | documents(), documents(), documents())
    def test_combining_loses_no_block_no_link_and_no_row_of_either(self, was, mine, theirs):
        comparison = compare_forms(was and base_hashes(was), mine, theirs)
        units = [unit for unit in comparison.units if unit.can_combine]
        choices = {unit.key: MINE for unit in comparison.units} | {
            unit.key: COMBINED for unit in units
        }

        result = merged_form(comparison, choices)

        for unit in units:
            if unit.kind == "body":
                self.assertLessEqual({*unit.mine, *unit.theirs}, set(result.body))
            if unit.kind == "evidence":
                links = {
                    (link["reference"], link["stance"])
                    for link in result.evidence[unit.name]["links"]
                }
                for link in [*unit.mine["links"], *unit.theirs["links"]]:
                    self.assertIn((link["reference"], link["stance"]), links)
            if unit.kind == "row":
                self.assertIn(unit.name, result.rows)

    def test_refuses_to_guess_where_both_changed_the_same(self):
        was, mine, theirs = (
            FormState(fields={"title": title}) for title in ("Old", "Mine", "Theirs")
        )
        comparison = compare_forms(base_hashes(was), mine, theirs)

        with self.assertRaises(Undecided) as refused:
            merged_form(comparison, {})
        self.assertEqual(refused.exception.keys, ["f-title"])

    def test_refuses_to_guess_where_nobody_knows_what_the_form_was_opened_on(self):
        comparison = compare_forms(
            None, FormState(fields={"title": "Mine"}), FormState(fields={"title": "Theirs"})
        )

        self.assertEqual(comparison.units[0].happened, Happened.DIFFERS)

    def test_names_a_row_they_deleted_while_i_changed_it_and_makes_it_again_with_its_evidence(
        self,
    ):
        entry = {
            "text": "a bruise",
            "certainty": "low",
            "reasons": [],
            "note": "",
            "confirmed": False,
            "links": [1],
        }
        row = FormRow("effects", {"note": "old"}, pk="7", claim=KEYS[0])
        was = FormState(rows={"uid": row}, evidence={KEYS[0]: entry})
        mine = replace(was, rows={"uid": replace(row, values={"note": "mine"})})
        comparison = compare_forms(base_hashes(was), mine, FormState(evidence={}))

        self.assertEqual(
            [unit.happened for unit in comparison.units], [Happened.THEY_DELETED_I_CHANGED]
        )
        kept = merged_form(comparison, {"r-uid": MINE})
        self.assertEqual((kept.rows["uid"].pk, kept.rows["uid"].claim), ("", KEYS[0]))
        self.assertEqual(kept.evidence, {KEYS[0]: entry})
        gone = merged_form(comparison, {"r-uid": THEIRS})
        self.assertEqual((gone.rows, gone.evidence), ({}, {}))

    def test_takes_a_row_both_added_for_one(self):
        own = FormRow("conditions", {"condition": "3", "note": "mine"}, natural="3")
        their = FormRow("conditions", {"condition": "3", "note": ""}, pk="9", natural="3")
        was = base_hashes(FormState())

        comparison = compare_forms(
            was, FormState(rows={"new-0": own}), FormState(rows={"uid": their})
        )

        self.assertEqual([unit.happened for unit in comparison.units], [Happened.BOTH_CHANGED])
        self.assertEqual(merged_form(comparison, {"r-uid": MINE}).rows["uid"].pk, "9")

    def test_sent_twice_adds_nothing_twice(self):
        row = FormRow("points", {"text": "new"})
        saved = FormState(rows={"uid": replace(row, pk="4")})

        self.assertEqual(
            compare_forms(base_hashes(FormState()), FormState(rows={"new-0": row}), saved).units, []
        )

    def test_a_row_changed_in_two_places_is_combined_place_by_place(self):
        was, own, their = (
            FormState(rows={"uid": FormRow("points", {"text": text, "kind": kind}, pk="4")})
            for text, kind in (("old", "point"), ("mine", "point"), ("old", "next_step"))
        )
        comparison = compare_forms(base_hashes(was), own, their)

        values = merged_form(comparison, {"r-uid": COMBINED}).rows["uid"].values

        self.assertEqual(values, {"text": "mine", "kind": "next_step"})

    def test_what_a_person_wrote_to_combine_two_texts_is_taken_as_it_stands(self):
        was, mine, theirs = (
            FormState(fields={"title": title}) for title in ("Old", "Mine", "Theirs")
        )
        comparison = compare_forms(base_hashes(was), mine, theirs)

        result = merged_form(comparison, {"f-title": COMBINED}, {"f-title": {"title": "Ours"}})

        self.assertEqual(result.fields["title"], "Ours")


class TheMemoryOfAForm(unittest.TestCase):
    @given(documents())
    def test_comes_back_as_it_was(self, document):
        was = base_hashes(document)

        self.assertEqual(form_state.parse_base(json.dumps(was)), was)
        self.assertIs(form_state.is_as_remembered(was, document), True)

    @given(
        st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)
    )
    def test_made_up_is_as_good_as_none(self, text):
        self.assertIsNone(form_state.parse_base(text))

    def test_with_one_part_made_up_is_as_good_as_none(self):
        was = base_hashes(FormState(fields={"title": "a"}))
        for part, value in (
            ("fields", []),
            ("body", {"a": 1}),
            ("rows", {"a": 1}),
            ("evidence", {"c": [1, 2]}),
        ):
            with self.subTest(part=part):
                self.assertIsNone(form_state.parse_base(json.dumps({**was, part: value})))


class Words(unittest.TestCase):
    @given(st.text(alphabet="ab \n.é"), st.text(alphabet="ab \n.é"))
    def test_marked_are_all_there(self, theirs, mine):
        left, right = side_by_side.words_side_by_side(theirs, mine)

        self.assertEqual("".join(text for text, _ in left), theirs)
        self.assertEqual("".join(text for text, _ in right), mine)
        self.assertEqual(
            [text for text, is_only_here in left if not is_only_here],
            [text for text, is_only_here in right if not is_only_here],
        )

    def test_are_marked_one_by_one(self):
        left, right = side_by_side.words_side_by_side("It may suit.", "It will suit.")

        self.assertEqual([text for text, is_only_here in left if is_only_here], ["may"])
        self.assertEqual([text for text, is_only_here in right if is_only_here], ["will"])


PIECES = [
    "word",
    "<p>",
    "</p>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<blockquote>",
    "</blockquote>",
    "<h2>t</h2>",
    "<br>",
    "<table><tr><td>x</td></tr></table>",
    '<mark data-claim="c000000001">',
    "</mark>",
    '<a href="http://x.example/>y">',
    "</a>",
    "&lt;p&gt;",
]


class Blocks(unittest.TestCase):
    @given(st.lists(st.sampled_from(PIECES), max_size=15))
    def test_joined_are_the_text_again_and_split_alike(self, pieces):
        html = clean(" ".join(pieces))
        found = blocks.split(html)

        self.assertEqual("".join("".join(found).split()), "".join(html.split()))
        self.assertEqual(blocks.split(blocks.join(found)), found)

    def test_are_paragraphs_headings_lists_and_loose_words(self):
        html = clean(
            "loose"
            " <b>words</b><p>one</p>\n\n<ul><li>a</li><li><ul><li>b</li></ul></li></ul><h2>h</h2>"
        )

        self.assertEqual(
            blocks.split(html),
            [
                "loose <strong>words</strong>",
                "<p>one</p>",
                "<ul><li>a</li><li><ul><li>b</li></ul></li></ul>",
                "<h2>h</h2>",
            ],
        )

    def test_do_not_differ_by_how_an_editor_lays_them_out(self):
        laid_out = (
            "<ul>\n\t<li>One</li>\n\t<li>Two <em>thin</em>"
            " word</li>\n</ul>\n\n<p>Three<br>\nfour</p>\n"
        )

        self.assertEqual(
            blocks.split(laid_out),
            ["<ul><li>One</li><li>Two <em>thin</em> word</li></ul>", "<p>Three<br>four</p>"],
        )
