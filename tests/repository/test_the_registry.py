"""The registry of what an article is made of knows every column, and every form knows the registry.

What it lists is walked key by key in test_every_frozen_key; here is that nothing is missing from
it.
"""

from typing import get_args, get_type_hints

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.test import SimpleTestCase, TestCase

from articles.models import Article, ChecklistAnswer, Citation, Claim, UserTest
from articles.revisions import contents, freezing, frozen_content
from articles.wording import HEADINGS
from physiohub import roles
from tests.builders import a_full_article

KEPT_APART = "keeps the row, says nothing"
NOT_OF_THE_TEXT = "about the work on the draft, not for readers"

#: Columns that are not frozen under a name of the registry, each for a reason.
NOT_LISTED = {
    "id": KEPT_APART,
    "uid": "frozen beside the registry's names",
    "article": KEPT_APART,
    "position": "the order of the list",
    "Article.owner": NOT_OF_THE_TEXT,
    "Article.lock_version": NOT_OF_THE_TEXT,
    "Article.created_at": NOT_OF_THE_TEXT,
    "Article.modified_at": NOT_OF_THE_TEXT,
    "Article.translated_on": "frozen with translated_from",
    "claim": "frozen as the claim's key",
    "Claim.key": "frozen beside the registry's names",
    "Claim.checked_text": NOT_OF_THE_TEXT,
    "Claim.rated_by": NOT_OF_THE_TEXT,
    "Claim.rated_at": NOT_OF_THE_TEXT,
    "Citation.reference": "frozen as the reference's uid",
    "Citation.note_private": NOT_OF_THE_TEXT,
    "Citation.added_by": NOT_OF_THE_TEXT,
    "Citation.added_at": NOT_OF_THE_TEXT,
    "Citation.checked_by": NOT_OF_THE_TEXT,
    "Citation.checked_at": NOT_OF_THE_TEXT,
    "Citation.override_reason": NOT_OF_THE_TEXT,
    "Citation.override_by": NOT_OF_THE_TEXT,
}

#: Values of the article that no field of its form holds.
NOT_TYPED = {"translated_from": "said by starting a translation, or by bringing it up to date"}


def listed():
    """(model, its values in the registry) of everything that is frozen."""
    yield Article, contents.VALUES
    yield Claim, contents.CLAIM
    yield Citation, contents.CITATION
    yield from ((rows.model, rows.values) for rows in contents.OWN_ROWS)


def is_empty(value):
    return value is None or value == "" or value == []


class TheShapeOfFrozenContent(SimpleTestCase):
    """articles.revisions.frozen_content has the keys the registry has, and no others."""

    def test_is_that_of_the_article(self):
        shape = frozen_content.FrozenContent
        beside = {"schema", "uid", "claims", "references", "reading_list"}
        left_out = {part.name for part in contents.CONTENTS if part.is_left_out_when_empty}

        self.assertEqual(keys_of(shape), {part.name for part in contents.CONTENTS} | beside)
        self.assertEqual(shape.__optional_keys__, left_out)

    def test_is_that_of_every_row(self):
        lists = get_type_hints(frozen_content.FrozenContent)
        for rows in contents.ROWS:
            with self.subTest(rows.name):
                (shape,) = get_args(lists[rows.name])
                beside = {"uid", "claim"} if rows.is_claim else {"uid"}
                names = {value.name for value in rows.values}
                self.assertEqual(keys_of(shape) - shape.__optional_keys__ - names - beside, set())
                self.assertEqual((names | beside) - keys_of(shape), set())

    def test_is_that_of_claims_and_what_they_cite(self):
        for shape, values, beside in (
            (frozen_content.FrozenClaim, contents.CLAIM, {"uid", "key", "citations"}),
            (frozen_content.FrozenCitation, contents.CITATION, {"uid", "reference"}),
            (frozen_content.FrozenReference, contents.REFERENCE, {"uid"}),
        ):
            with self.subTest(shape.__name__):
                self.assertEqual(keys_of(shape), {value.name for value in values} | beside)


def keys_of(shape):
    return shape.__required_keys__ | shape.__optional_keys__


class EveryColumn(SimpleTestCase):
    def test_is_in_the_registry_or_says_why_not(self):
        for model, values in listed():
            known = {value.field for value in values}
            columns = {field.name for field in model._meta.concrete_fields}
            unknown = {name for name in columns - known if name not in NOT_LISTED}
            with self.subTest(model=model.__name__):
                self.assertEqual(
                    {name for name in unknown if f"{model.__name__}.{name}" not in NOT_LISTED},
                    set(),
                )


class EverythingInTheRegistry(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.content = freezing.freeze(a_full_article())

    def test_is_filled_in_the_article_that_tests_walk(self):
        self.assertEqual(
            [part.name for part in contents.CONTENTS if is_empty(self.content.get(part.name))], []
        )
        for rows in contents.ROWS:
            for value in rows.values:
                with self.subTest(rows=rows.name, value=value.name):
                    held = [row.get(value.name) for row in rows.in_content(self.content)]
                    self.assertFalse(all(map(is_empty, held)))

    def test_is_named_once(self):
        names = [part.name for part in contents.CONTENTS]
        self.assertEqual(len(names), len(set(names)))
        for rows in contents.ROWS:
            names = [value.name for value in rows.values]
            self.assertEqual(len(names), len(set(names)), rows.name)

    def test_is_written_in_the_articles_form(self):
        model_admin = admin.site._registry[Article]
        typed = set(flatten_fieldsets(model_admin.fieldsets))
        self.assertEqual({value.field for value in contents.VALUES} - typed - set(NOT_TYPED), set())
        inlines = {inline.model for inline in model_admin.inlines}
        in_form = {rows.model for rows in contents.OWN_ROWS if rows.is_in_form}
        self.assertEqual(in_form - inlines, set())
        # The others have a page of their own (articles.admin.article.checklists).
        elsewhere = {rows.model for rows in contents.OWN_ROWS if not rows.is_in_form}
        self.assertEqual(elsewhere, {ChecklistAnswer, UserTest})

    def test_is_told_under_a_heading_that_there_is(self):
        for part in contents.CONTENTS:
            with self.subTest(part.name):
                self.assertIn(part.subject, contents.SUBJECTS)
                if isinstance(part, contents.Rows) and part.heading:
                    self.assertIn(part.heading, HEADINGS)

    def test_may_be_written_by_clinicians(self):
        for rows in contents.OWN_ROWS:
            for action in ("view", "add", "change", "delete"):
                permission = f"articles.{action}_{rows.model._meta.model_name}"
                self.assertIn(permission, roles.PERMISSIONS[roles.CLINICIAN])
