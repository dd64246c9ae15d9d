"""Every key of frozen content is compared, brought back, shown, told to translators, or says why.

A key that is frozen and forgotten elsewhere is a change nobody reviews, or words that are lost when
a version is brought back. Whoever adds a key to `articles.revisions.freezing` fills it in
`tests.builders.a_full_article`, and these tests say what else must know it (docs/decisions/0021).
"""

import ast
import copy
import re
from pathlib import Path
from unittest import mock

from django.core.cache import caches
from django.test import TestCase
from django.utils import translation

from articles.drafts import restoring, translations
from articles.models import Condition, Contraindication, Revision, SideEffect
from articles.revisions import comparing, freezing
from physiohub import message_catalogues
from tests import frozen
from tests.builders import LATER, a_full_article, a_person, a_picture, published

#: Say which row a row is, not what it says.
IDENTITY = ("uid", "key", "claim")

#: What `articles.revisions.freezing` puts into dicts that are no frozen content.
NO_KEYS = {"article", "leads_to", "called"}

SHAPE = "the shape, not the words"
SHARED = "shared by articles: shown as it is called when the page is frozen"
WITH_FIGURES = "goes with its figures: the database refuses it alone"
LIVE_TITLE = "the title of another page: readers get the one it has now"
REVIEWERS = "for reviewers: the matrix and the review page show it"
ON_ITS_OWN = "a translation is tried and answered for itself"
LISTS = "for colleagues: readers get the figures that are stored with the revision"
VOCABULARY = "shared by articles: the draft of a translation has it already"

#: What a term of the vocabulary says beside its name.
CODES = ("clinical_name", "icd10", "other_names[]", "snomed_ct")
CONDITION = [f"conditions[].condition.{key}" for key in (*CODES, "slug", "summary", "body_part")]
NAMED = [f"side_effects[].side_effect.{key}" for key in CODES]
NAMED += [f"contraindications[].contraindication.{key}" for key in CODES]
OF_FINDINGS = [f"findings[].side_effect.{key}" for key in CODES]

#: {what: {key: why it is not}}. A key may end in "*". "known hole" is what the code should know and
#: does not yet: whoever teaches it takes the line out, and the test says so if they forget.
EXCEPT = {
    "compared": {
        "schema": SHAPE,
        "references[].csl": "CSL's own names for what a record holds",
    },
    "brought back": {
        "schema": SHAPE,
        "slug": "another article may have the address by now, and old ones lead on",
        "alternatives[].page.title": LIVE_TITLE,
        "related[].page.title": LIVE_TITLE,
        "claims[].text": "follows the words of its row, or of the text",
        "conditions[].condition.*": SHARED,
        "contraindications[].contraindication.*": SHARED,
        "side_effects[].side_effect.*": SHARED,
        "findings[].side_effect.*": SHARED,
        "findings[].kind": WITH_FIGURES,
        "findings[].interval_of": WITH_FIGURES,
        "pictures[].picture.*": SHARED,
        "recommendations[].expert.*": SHARED,
        "references[].*": SHARED,
        "written_by.*": SHARED,
        "words[].*": "found in the word list by what the text says",
        "translated_from.*": "known hole: an old text passes for made from today's original",
    },
    "shown": {
        "schema": SHAPE,
        "tags[]": "for lists of the dashboard",
        "translation_of": "looked up by its uid when the page is published",
        "translated_from.digest": "the page says on what day",
        "translated_from.number": "the page says on what day",
        "alternatives[].page.title": LIVE_TITLE,
        "related[].page.title": LIVE_TITLE,
        "no_known_contraindications": "shown where no reason is listed",
        "conditions[].condition.body_part": "for the drawing of the body, on other pages",
        **dict.fromkeys(NAMED, "found by search, and in the word list"),
        **dict.fromkeys([*OF_FINDINGS, "findings[].side_effect.name"], "shown by its own row"),
        "claims[].certainty_note": REVIEWERS,
        "claims[].certainty_reasons[]": REVIEWERS,
        "claims[].outcome": REVIEWERS,
        "claims[].size": REVIEWERS,
        "claims[].kind": "which list its row is in",
        "claims[].citations[].design": "shown of a source that does not say its own kind",
        "claims[].citations[].effect": REVIEWERS,
        "claims[].citations[].population_match": REVIEWERS,
        "claims[].citations[].source_certainty": REVIEWERS,
        "claims[].citations[].source_scheme": REVIEWERS,
        "references[].pmcid": "the free text is led to by its address",
        "references[].pmid": "shown of a source without a DOI",
        "references[].url": "shown of a source without a DOI",
        "pictures[].picture.files[].sha256": "proves that the file is the one that was approved",
        "pictures[].picture.files[].suffix": "browsers choose among them",
        "pictures[].picture.height": "that of its largest file is shown",
        "pictures[].picture.width": "that of its largest file is shown",
        "pictures[].picture.is_decorative": "its alternative text is empty then",
        "checklist_answers[].*": LISTS,
    },
    "told to translators": {
        "schema": SHAPE,
        "slug": "a translation has its own",
        "language": "a translation has its own",
        "tags[]": "for lists of the dashboard",
        "translation_of": "an original is no translation",
        "translated_from.*": "an original is no translation",
        "alternatives[].page.title": LIVE_TITLE,
        "related[].page.title": LIVE_TITLE,
        "words[].*": "a translation has its own, from the word list of its language",
        **dict.fromkeys([*CONDITION, *NAMED], VOCABULARY),
        "references[].*": "shared by articles: a translation names the same source",
        "checklist_answers[].*": ON_ITS_OWN,
        "user_tests[].*": ON_ITS_OWN,
        "claims[].kind": "which list its row is in",
        "claims[].certainty_note": REVIEWERS,
        "claims[].certainty_reasons[]": REVIEWERS,
        "claims[].comparator": REVIEWERS,
        "claims[].outcome": REVIEWERS,
        "claims[].population": REVIEWERS,
        "claims[].citations[].design": REVIEWERS,
        "claims[].citations[].effect": REVIEWERS,
        "claims[].citations[].population_match": REVIEWERS,
        "claims[].citations[].source_certainty": REVIEWERS,
        "claims[].citations[].source_scheme": REVIEWERS,
    },
}


def _said(content):
    """The paths of `content` that say something to somebody."""
    return [path for path in frozen.paths(content) if not path.endswith(IDENTITY)]


def _keys_written_in(module):
    """The words that code of `module` puts into a dict as keys."""
    found = set()
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(node, ast.Dict):
            found.update(key.value for key in node.keys if isinstance(key, ast.Constant))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found.update([node.slice.value] if isinstance(node.slice, ast.Constant) else [])
    return found


def _has_uids(rows):
    return isinstance(rows, list) and bool(rows) and "uid" in rows[0]


def _uids(rows):
    return [row["uid"] for row in rows]


def is_of(path, key):
    """Is `path` the `key` of the table, or one of those its star stands for?"""
    if key.endswith("*"):
        return path.startswith(key[:-1]) and not path.endswith(IDENTITY)
    return path == key


class AKeyOfFrozenContent(TestCase):
    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.article = a_full_article(slug="warmth")
        cls.publication = published(cls.article)
        cls.content = cls.publication.revision.content
        cls.other_uids = {
            "condition": str(Condition.objects.create(name="sore hip", slug="sore-hip").uid),
            "side_effect": str(SideEffect.objects.create(name="an itch").uid),
            "contraindication": str(Contraindication.objects.create(name="a fever").uid),
            "written_by": str(a_person().uid),
            "expert": str(a_person().uid),
            "picture": str(a_picture().uid),
            "page": str(published(title="Stretching").article.uid),
            "translation_of": cls.content["alternatives"][0]["page"]["uid"],
        }

    def with_another(self, *paths):
        changed = copy.deepcopy(self.content)
        for path in paths:
            frozen.change(changed, path, other_uids=self.other_uids)
        return changed

    def holds(self, what, is_so, *, paths=None):
        """Every key but those of EXCEPT passes `is_so`, and none of those does."""
        paths = paths or _said(self.content)
        is_not = {path for path in paths if not is_so(path)}
        excepted = {key: {path for path in paths if is_of(path, key)} for key in EXCEPT[what]}

        forgotten = sorted(is_not.difference(*excepted.values()))
        self.assertEqual(forgotten, [], f"These keys are not {what}.")
        self.assertEqual(
            {key: sorted(found - is_not) for key, found in excepted.items() if found - is_not},
            {},
            f"These are {what} now: take them out of EXCEPT.",
        )
        self.assertEqual([key for key, found in excepted.items() if not found], [])

    def test_is_filled_in_the_article_the_tests_walk(self):
        filled = frozen.paths(self.content)
        empty = {path for path, _holder, _key in frozen.places(self.content)} - set(filled)

        # No expert on most rows, no effect on most links.
        empty = {path for path in empty if not any(full.startswith(f"{path}.") for full in filled)}
        self.assertEqual(sorted(empty), [])

    def test_is_filled_even_if_left_out_while_empty(self):
        said = {part for path in frozen.paths(self.content) for part in re.findall(r"\w+", path)}

        self.assertEqual(sorted(_keys_written_in(freezing) - said - NO_KEYS), [])

    def test_is_compared_under_a_label(self):
        labels = {
            message.string
            for message in message_catalogues.stored("es")
            if isinstance(message.string, str)
        }

        def is_compared(path):
            # In Spanish: a label is translated there, the bare name of a key is not.
            with translation.override("es"):
                found = comparing.compare(self.content, self.with_another(path))
                return any(is_said(change) for change in found.changes)

        def is_said(change):
            differ = [value for value in change.values if value.before != value.after]
            is_labelled = all(not value.label or str(value.label) in labels for value in differ)
            return str(change.label) in labels and is_labelled and bool(differ or not change.values)

        self.holds("compared", is_compared)

    def test_is_brought_back(self):
        # Rows keep their uids; that of a shared thing says which one is meant.
        shared = tuple(f"{name}.uid" for name in self.other_uids)
        uids = [path for path in frozen.paths(self.content) if path.endswith(shared)]
        paths = [*_said(self.content), *uids]
        alone = [key for key, why in EXCEPT["brought back"].items() if why == WITH_FIGURES]
        changed = self.with_another(*(path for path in paths if path not in alone))
        revision = frozen.revision_of(freezing.canonical(changed))

        article = restoring.restore(revision, by=self.article.owner, at=LATER)

        again = freezing.freeze(article)
        at = frozen.values_at
        self.holds(
            "brought back",
            lambda path: at(again, path) == at(changed, path) != at(self.content, path),
            paths=paths,
        )
        # No row comes, goes or trades places. Sources and words are those the text names by now.
        for name, rows in changed.items():
            if name not in ("references", "words") and _has_uids(rows):
                order = sorted if name in ("claims", "steps") else list
                self.assertEqual(order(_uids(again[name])), order(_uids(rows)), name)

    def test_is_shown(self):
        def page_of(content):
            caches["pieces"].clear()  # sources of a page are kept under its digest
            with mock.patch.object(Revision, "content", content):
                return self.client.get("/articles/warmth/").content

        before = page_of(self.content)
        self.assertEqual(before, page_of(copy.deepcopy(self.content)))
        self.holds("shown", lambda path: page_of(self.with_another(path)) != before)

    def test_is_told_to_translators(self):
        self.holds(
            "told to translators",
            lambda path: bool(
                translations.changes_of_original(self.content, self.with_another(path))
            ),
        )
