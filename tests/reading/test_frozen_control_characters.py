"""What was frozen with control characters in it, before they were taken out on the way in: it is
shown all the same.

What was published is never changed, so whoever shows it must bear it.
"""

import json
import re
from xml.etree import ElementTree

from django.apps import apps
from django.core.cache import caches
from django.db import connection, models
from django.test import TestCase

from articles.drafts import edits
from articles.live import catalogue
from articles.models import (
    GlossaryTerm,
    Publication,
    Question,
    Revision,
    SafetyNotice,
    Step,
    triggers,
)
from articles.paper import typesetting
from articles.publishing import publishing
from articles.revisions import freezing
from articles.revisions.comparing import compare
from physiohub.control_characters import may_have_control_characters
from references.exporting import SUFFIXES
from references.models import Reference
from tests.builders import LATER, NOON, reviewed
from tests.review.test_comparing import everything

ANY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: Put between words in place of a blank: a line broken in Word, and others XML has no way to write.
STAIN = "\x0b\x01\x7f\ufffe"


def stained(value):
    """`value` with control characters between its words.

    What is one word names a thing, and stays.
    """
    if isinstance(value, str):
        return re.sub(" (?![^<]*>)", STAIN, value)  # not within a tag
    if isinstance(value, dict):
        return {key: stained(inner) for key, inner in value.items()}
    return [stained(inner) for inner in value] if isinstance(value, list) else value


def stain(model):
    """Write control characters into every text of every row, past every guard but the
    database's own.
    """
    put, get = connection.ops.quote_name, connection.cursor
    for field in model._meta.local_concrete_fields:
        is_json = isinstance(field, models.JSONField)
        is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        if not (is_text or is_json) or field.name == "frozen":
            continue
        for pk, value in model._base_manager.values_list("pk", field.name):
            if value in (None, ""):
                continue
            new = json.dumps(stained(value)) if is_json else stained(value)
            if is_text and field.max_length:
                new = new[: field.max_length]
            with get() as cursor:
                table, column = put(model._meta.db_table), put(field.column)
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {put(model._meta.pk.column)} = %s",
                    [new, model._meta.pk.get_db_prep_value(pk, connection)],
                )


def refreeze(revision):
    frozen = freezing.canonical(stained(revision.content))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_revision SET frozen = %s, digest = %s WHERE id = %s",
            [frozen, freezing.digest_of(frozen), revision.pk],
        )


class APageFrozenWithControlCharacters(TestCase):
    def setUp(self):
        for cache in caches.all():
            cache.clear()
        article = everything()
        article.slug, article.title = "stretching", "Stretching the calf"
        article.kicker, article.funding, article.conflicts = (
            "A few words",
            "Nobody paid",
            "None to tell",
        )
        article.other_names = ["calf stretch"]
        article.save()
        Step.objects.create(article=article, text="You lie on a couch.")
        Question.objects.create(article=article, text="Does it hurt much?")
        GlossaryTerm.objects.create(word="thin needle", meaning="A needle that is thin.")
        article.tags.add("calf pain")
        edits.record_edit(article, by=article.owner, at=NOON)
        revision, editor = reviewed(article)
        publishing.publish(revision, by=editor, at=NOON, change_note="The first one.")
        article.refresh_from_db()
        article.summary = "It is for sore muscles."
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        revision, editor = reviewed(article, at=LATER)
        publishing.publish(revision, by=editor, at=LATER, change_note="New words for it.")
        SafetyNotice.objects.create(article=article, text="We look at it again.", opened_at=LATER)
        triggers.remove(connection)
        try:
            for model in apps.get_app_config("articles").get_models():
                stain(model)
            stain(Reference)
            for revision in Revision.objects.all():
                refreeze(revision)
        finally:
            triggers.install(connection)
        self.publication = Publication.objects.get(number=2)
        self.assertIn("\x0b", self.publication.change_note)
        self.assertIn("\x01", json.loads(self.publication.revision.frozen)["title"])

    def test_is_shown_at_every_public_address(self):
        content = self.publication.revision.content
        cited = content["references"][0]["uid"]
        condition = content["conditions"][0]["condition"]["slug"]
        page = "/articles/stretching/"
        addresses = [
            "/",
            "/articles/",
            page,
            f"{page}card-2.png",
            f"{page}feedback/thanks/",
            "/conditions/",
            f"/conditions/{condition}/",
            "/words/",
            "/search/?q=calf",
            "/search/?q=stretching",
            "/sitemap.xml",
            "/sitemap-1.xml",
            "/feed/",
            f"{page}handout/",
            f"{page}handout/?size=large",
            f"{page}handout/?with=sources",
            f"{page}versions/",
            f"{page}versions/1/",
            *(f"{page}references.{suffix}" for suffix in SUFFIXES),
            "/references/",
            "/references/?q=trial",
            f"/references/{cited}/",
            "/robots.txt",
            "/about/",
        ]
        if typesetting.is_possible():
            addresses += [f"{page}handout.pdf", f"{page}handout.pdf?with=sources"]
        for address in addresses:
            with self.subTest(address):
                answer = self.client.get(address, follow="handout.pdf" in address)
                self.assertEqual(answer.status_code, 200)
                said = b"".join(answer.streaming_content) if answer.streaming else answer.content
                if "xml" in answer["Content-Type"]:
                    ElementTree.fromstring(said)  # noqa: S314
                if "references." in address:
                    self.assertIsNone(ANY.search(said.decode()))
                for data in re.findall(
                    rb'<script type="application/ld\+json">(.*?)</script>', said
                ):
                    self.assertEqual(json.loads(data)["@context"], "https://schema.org")

    def test_is_told_of_in_the_feed_with_all_its_words(self):
        root = ElementTree.fromstring(self.client.get("/feed/").content)  # noqa: S314
        entry = next(root.iter("{http://www.w3.org/2005/Atom}entry"))
        said = {part.tag.rpartition("}")[2]: " ".join((part.text or "").split()) for part in entry}

        self.assertEqual(said["title"], "Stretching the calf")
        self.assertIn("New words for it.", said["summary"])

    def test_is_put_on_the_shelf_again(self):

        list(catalogue.rebuild())

        self.assertContains(self.client.get("/search/?q=calf"), "Stretching")

    def test_is_frozen_without_them_the_next_time_and_differs_in_nothing_one_sees(self):
        article = self.publication.article
        article.tags.add(f"new{STAIN}tag")

        frozen = freezing.canonical(freezing.freeze(article))

        self.assertFalse(may_have_control_characters(frozen))
        changes = compare(self.publication.revision.content, json.loads(frozen)).changes
        self.assertEqual([change.code for change in changes], ["tags"])

    def test_keeps_its_digest(self):
        for revision in Revision.objects.all():
            self.assertEqual(freezing.digest_of(revision.frozen), revision.digest)
            self.assertIn("\\u000b", revision.frozen)
