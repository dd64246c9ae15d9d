"""Where two texts differ, and the bound on how much work anybody may ask for to learn it."""

from unittest import mock

from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from articles.drafts.conflicts import side_by_side
from articles.page.marked_changes import MarkedPage
from articles.revisions import diffing, freezing
from articles.revisions.changes import CHANGED, ChangedValue, by_words
from articles.revisions.comparing import compare
from articles.revisions.comparing_text import body_changes
from tests.builders import a_draft

lists_of_words = st.lists(st.sampled_from(["it", "may", "help", " ", "."]), max_size=30)


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


class TwoListsOfWords(SimpleTestCase):
    @given(lists_of_words, lists_of_words)
    def test_are_both_made_up_of_what_is_said_to_be_the_same_and_what_is_not(self, old, new):
        at = new_at = 0
        for act, start, end, new_start, new_end in diffing.opcodes(old, new):
            self.assertEqual((start, new_start), (at, new_at))
            self.assertLess(start + new_start, end + new_end)
            if act == "equal":
                self.assertEqual(old[start:end], new[new_start:new_end])
            at, new_at = end, new_end
        self.assertEqual((at, new_at), (len(old), len(new)))

    def test_keep_as_many_words_as_can_be_kept(self):
        self.assertEqual(
            list(diffing.opcodes(["a", "b", "c"], ["b", "x", "c"])),
            [
                ("delete", 0, 1, 0, 0),
                ("equal", 1, 2, 0, 1),
                ("insert", 2, 2, 1, 2),
                ("equal", 2, 3, 2, 3),
            ],
        )

    def test_are_compared_whatever_their_length_where_little_of_it_changed(self):
        old = [str(number) for number in range(100_000)]
        new = [*old[:50_000], "new", *old[50_000:]]

        self.assertEqual(
            [act for act, *_ in diffing.opcodes(old, new)], ["equal", "insert", "equal"]
        )

    @mock.patch.object(diffing, "MOST_WORK", 100)
    def test_beyond_the_bound_are_rewritten_but_for_how_they_begin_and_end(self):
        old = ["same", *map(str, range(11)), "end"]
        new = ["same", *map(str, range(10, -1, -1)), "end"]

        self.assertTrue(diffing.is_too_much(old, new))
        self.assertEqual(
            list(diffing.opcodes(old, new)),
            [("equal", 0, 1, 0, 1), ("replace", 1, 12, 1, 12), ("equal", 12, 13, 12, 13)],
        )
        self.assertFalse(diffing.is_too_much(old[:11], new[:11]))


class TheBound(SimpleTestCase):
    def test_lets_texts_of_six_thousand_words_be_compared_word_by_word(self):
        words = [str(number * 7_919 % 10_007) for number in range(6_000)]
        pieces = by_words(" ".join(words), " ".join(reversed(words)))

        self.assertGreater(len(pieces), 100)

    def test_is_said_where_it_is_met(self):
        part = ChangedValue("", "one two three", "four five six", by_words=True)
        self.assertEqual(part.note, "")

        with mock.patch.object(diffing, "MOST_WORK", 10):
            self.assertEqual(part.note, "This part was rewritten. Compare it by eye.")
            self.assertEqual([piece.kind for piece in part.runs], ["removed", "added"])

    def test_is_never_said_of_what_is_not_compared_by_words(self):
        with mock.patch.object(diffing, "MOST_WORK", 0):
            self.assertEqual(ChangedValue("", "", "four five six", by_words=True).note, "")
            self.assertEqual(ChangedValue("", "one", "two").note, "")

    def test_says_of_two_saves_that_the_text_was_rewritten(self):
        with mock.patch.object(diffing, "MOST_WORK", 3):
            self.assertEqual(
                side_by_side.words_side_by_side("one two three", "four five six"),
                ([("one two three", True)], [("four five six", True)]),
            )
            self.assertTrue(side_by_side.is_too_long_for_words("one two three", "four five six"))
        self.assertFalse(side_by_side.is_too_long_for_words("one two three", "four five six"))


class AReviewersPage(TestCase):
    def test_beyond_the_bound_leaves_no_new_word_unmarked(self):
        before = freezing.freeze(a_draft(body="<p>One two.</p>"))
        after = {**before, "body": "<p>Three &amp; four.</p>"}

        with mock.patch.object(diffing, "MOST_WORK", 3):
            page = MarkedPage(after, compare(before, after))

        self.assertIn("<del>One two</del>", page.body)
        self.assertIn("<ins>Three &amp; four</ins>", page.body)


class LookingForWhatAParagraphWasBefore(SimpleTestCase):
    def test_ends_when_its_budget_is_spent_and_no_word_is_lost(self):
        old = [f"old{n} old{n}x old{n}y." for n in range(40)]
        new = [f"new{n} new{n}x new{n}y." for n in range(40)]

        with mock.patch.object(diffing, "MOST_WORK", 100):
            changes = body_changes(paragraphs(*old), paragraphs(*new))

        self.assertEqual({change.name for change in changes}, {*old, *new})

    def test_costs_no_more_than_its_budget(self):
        seeker = diffing.Lookalikes([["a", " ", "b"]] * 1_000)
        tried = 0

        def extract_iter(_query, choices, **_how):
            nonlocal tried
            tried += len(choices)
            return iter(())

        with mock.patch.object(diffing.process, "extract_iter", extract_iter):
            for _ in range(1_000):
                seeker.first(["c"], start=0, end=1_000)

        self.assertLessEqual(tried * diffing.OF_A_PAIR, diffing.MOST_WORK)

    def test_takes_what_is_too_long_to_compare_for_a_version_of_what_stood_there(self):
        with mock.patch.object(diffing, "MOST_WORK", 10):
            changes = body_changes("<p>One two three.</p>", "<p>Four five six.</p>")

            self.assertEqual(
                [(change.kind, change.values[0].note != "") for change in changes],
                [(CHANGED, True)],
            )

    def test_knows_a_long_paragraph_by_how_it_begins_and_ends(self):
        words = [f"word{number}" for number in range(60)]
        with mock.patch.object(diffing, "MOST_WORK", 100):
            changes = body_changes(
                paragraphs(" ".join(words)), paragraphs(" ".join([*words[:50], "new", *words[51:]]))
            )

            self.assertEqual(
                [(change.kind, change.values[0].note) for change in changes], [(CHANGED, "")]
            )

    def test_finds_it_among_others(self):
        old = ["Rest your arm for a day.", "Then move it a little each hour."]
        new = ["Quite another thing!", "Then move it a little every hour."]

        changes = body_changes(paragraphs(*old), paragraphs(*new))

        changed = [change for change in changes if change.kind == CHANGED]
        self.assertEqual(
            [change.values[0].before for change in changed if change.name == new[1]], [old[1]]
        )
