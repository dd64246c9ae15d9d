"""What differs between two versions: all of it, and nothing else."""

import copy
import json

from django.test import SimpleTestCase, TestCase

from articles.models import ArticleContraindication, Claim, KeyPoint
from articles.revisions import freezing
from articles.revisions.changes import ADDED, CHANGED, MOVED, REMOVED, by_words
from articles.revisions.comparing import compare
from tests.builders import (
    a_contraindication,
    a_draft,
    a_reference,
    link,
    mark,
    set_claim,
    with_advice,
    with_condition,
    with_picture,
    with_side_effect,
)


def everything():
    """A draft in which every list has a row."""
    article = a_draft(
        body=(
            "<h2>How</h2><p>It uses a thin needle.</p><p>It <strong>may</strong> help some"
            " people.</p>"
        )
    )
    link(mark(article, "may"), a_reference(), quote="It may.", by=article.owner)
    link(with_condition(article, direction="better").claim, a_reference())
    link(with_side_effect(article, n=8, base=100, unit="visits").claim, a_reference())
    link(with_advice(article).claim, a_reference())
    link(article.indication_rows.create(text="You have pain.").claim, a_reference())
    article.comparisonrow_rows.create(aspect="Where", here="Muscle", there="Points")
    article.reading_entries.create(reference=a_reference())
    with_picture(article)
    return article


class TwoContents(TestCase):
    def test_that_are_the_same_have_no_difference(self):
        content = freezing.freeze(everything())
        again = json.loads(freezing.canonical(content))

        self.assertFalse(compare(content, again))

    def test_differ_wherever_any_value_at_all_differs(self):
        content = freezing.freeze(everything())
        places = list(leaves(content))
        self.assertGreater(len(places), 120)
        for path in places:
            other = copy.deepcopy(content)
            if not change(other, path):
                continue
            with self.subTest(path=path):
                self.assertTrue(compare(content, other), path)
                self.assertTrue(compare(other, content), path)

    def test_do_not_differ_by_a_row_typed_in_again(self):
        article = a_draft()
        before = freezing.freeze(article)
        row = ArticleContraindication.objects.get(article=article)
        links = [(citation.reference, citation) for citation in row.claim.citations.all()]
        term = row.contraindication
        certainty = row.claim.certainty
        row.delete()
        again = ArticleContraindication.objects.create(article=article, contraindication=term)
        set_claim(again.claim, certainty=certainty)
        for reference, citation in links:
            link(again.claim, reference, locator=citation.locator)

        self.assertEqual(
            [str(change) for change in compare(before, freezing.freeze(article)).changes], []
        )

    def test_do_not_differ_in_text_by_a_phrase_that_became_a_claim(self):
        article = a_draft()
        before = freezing.freeze(article)
        mark(article, "may suit some people")

        changes = compare(before, freezing.freeze(article)).changes

        self.assertEqual([(change.kind, change.code) for change in changes], [(ADDED, "claims")])


class AChange(TestCase):
    def setUp(self):
        self.article = everything()
        self.before = freezing.freeze(self.article)

    def compared(self):
        return compare(self.before, freezing.freeze(self.article))

    def test_of_safety_comes_first_and_says_what_was_and_what_is(self):
        ArticleContraindication.objects.create(
            article=self.article, contraindication=a_contraindication("a fever")
        )
        KeyPoint.objects.filter(article=self.article).update(text="Move.")
        row = self.article.articlesideeffect_rows.get()
        row.n = 9
        row.save()

        groups = self.compared().groups

        self.assertEqual(
            [group.title for group in groups], ["Who should not have it", "Side effects", "Text"]
        )
        self.assertEqual((groups[0].changes[0].kind, groups[0].changes[0].name), (ADDED, "a fever"))
        self.assertEqual(
            [(part.before, part.after) for part in groups[1].changes[0].values], [("8", "9")]
        )

    def test_of_certainty_and_evidence_names_the_claim(self):
        claim = Claim.objects.get(article=self.article, text="may")
        citation = claim.citations.get()
        set_claim(claim, certainty="low")
        link(
            claim,
            a_reference(csl={"type": "book", "title": "A new source"}),
            stance="mixed",
            quote="So so.",
        )
        citation.delete()

        groups = {group.title: group.changes for group in self.compared().groups}

        self.assertEqual(groups["How sure we are"][0].values[0].after, "low")
        self.assertEqual({change.kind for change in groups["Evidence"]}, {ADDED, REMOVED})
        self.assertIn("A new source", [change.name for change in groups["Evidence"]])
        self.assertEqual(groups["Evidence"][0].values[0].after, "may")

    def test_of_order_is_told_as_such(self):
        points = list(KeyPoint.objects.filter(article=self.article))
        points[0].position = 9
        points[0].save()

        changes = self.compared().changes

        self.assertEqual(
            [(change.kind, change.code) for change in changes], [(MOVED, "key_points")]
        )

    def test_of_the_text_is_told_block_by_block(self):
        self.article.body = self.article.body.replace("a thin needle", "a fine needle")
        self.article.save()

        change = self.compared().changes[0]

        self.assertEqual((change.kind, change.uid), (CHANGED, "block-1"))
        self.assertEqual(
            [(piece.kind, piece.words) for piece in change.values[0].runs],
            [("same", "It uses a "), ("removed", "thin"), ("added", "fine"), ("same", " needle.")],
        )


class WordByWord(SimpleTestCase):
    def test_both_texts_come_back(self):
        before, after = "It may ease pain, for a day.", "It may, perhaps, ease pain."
        pieces = by_words(before, after)

        self.assertEqual("".join(piece.words for piece in pieces if piece.kind != "added"), before)
        self.assertEqual("".join(piece.words for piece in pieces if piece.kind != "removed"), after)


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path


#: Names of things, not what they say: a row is told by its words.
NAMES = {"uid", "claim", "key", "schema"}


def change(content, path):
    """Change the value at `path`; False where it only names a thing."""
    if (
        path[-1] in NAMES
        or ("citations" in path and path[-1] == "reference")
        or "reading_list" in path
    ):
        return False
    for name in path[:-1]:
        content = content[name]
    value = content[path[-1]]
    if isinstance(value, bool):
        content[path[-1]] = not value
    elif isinstance(value, int):
        content[path[-1]] = value + 1
    elif value is None:
        content[path[-1]] = None if path[-1] in ("expert", "translation_of") else 5
        return content[path[-1]] is not None
    elif path[-1] == "body":
        content["body"] = value.replace("needle", "<em>needle</em>")
    else:
        content[path[-1]] = f"{value} more"
    return True
