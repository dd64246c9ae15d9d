"""What a thing is part of is chosen once.

A row moved away would change the article it leaves under nobody's name.
"""

from django.contrib import admin
from django.db import models
from django.test import RequestFactory, TestCase
from django.urls import reverse

from articles.models import (
    Alternative,
    AuditEntry,
    ComparisonRow,
    Indication,
    ReadingListEntry,
    RelatedPage,
    Step,
)
from articles.review import contributors, reviewing
from references.models import Notice
from tests.builders import (
    LATER,
    a_clinician,
    a_condition,
    a_draft,
    a_reference,
    a_superuser,
    an_editor,
    link,
    mark,
    published,
    with_advice,
    with_condition,
    with_finding,
    with_picture,
    with_side_effect,
)
from tests.forms import filled_in
from tests.frozen import digest_now


def with_every_kind_of_row(article):
    """The article, with a row of every kind the admin changes, and evidence for a phrase
    and a row.
    """
    by = article.owner
    link(mark(article, "may suit"), a_reference(), by=by)
    link(with_condition(article).claim, a_reference(), by=by)
    link(with_side_effect(article).claim, a_reference(), by=by)
    with_advice(article)
    with_finding(article)
    with_picture(article)
    Indication.objects.create(article=article, text="people who sit")
    ComparisonRow.objects.create(article=article, aspect="Time", here="short", there="long")
    ReadingListEntry.objects.create(article=article, reference=a_reference())
    Step.objects.create(article=article, text="Someone asks how you are.")
    Alternative.objects.create(article=article, text="You could wait.")
    RelatedPage.objects.create(article=article, page=a_draft())
    return article


def changed_in_the_admin():
    """(model, ModelAdmin) for every model whose rows somebody changes there."""
    request = RequestFactory().get("/admin/")
    request.user = a_superuser()
    for model, model_admin in admin.site._registry.items():
        ours = model._meta.app_label in {"articles", "references"}
        if ours and model_admin.has_change_permission(request):
            yield model, model_admin


def address_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


class WhatAThingIsPartOf(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = with_every_kind_of_row(a_draft(slug="stretching"))
        cls.other = with_every_kind_of_row(a_draft(slug="resting"))
        for _ in range(2):
            Notice.objects.create(reference=a_reference(), kind="correction", source="publisher")

    def setUp(self):
        self.client.force_login(a_superuser())

    def test_is_declared_by_every_model_that_the_admin_changes(self):
        for model, _admin in changed_in_the_admin():
            owners = [
                field.name
                for field in model._meta.fields
                if field.many_to_one
                and field.editable
                and field.remote_field.on_delete is models.CASCADE
            ]
            with self.subTest(model=model._meta.label):
                if owners:
                    self.assertEqual(owners, [model.belongs_to])

    def test_is_shown_as_text_and_no_posted_field_changes_it(self):
        tried = 0
        for model, _admin in changed_in_the_admin():
            name = getattr(model, "belongs_to", None)
            if name is None:
                continue
            row, stranger = (
                model._base_manager.order_by("pk").first(),
                model._base_manager.order_by("pk").last(),
            )
            owner, wanted = getattr(row, name), getattr(stranger, name)
            self.assertNotEqual(owner, wanted, f"{model.__name__} needs two rows here")
            with self.subTest(model=model._meta.label):
                page = self.client.get(address_of(row))
                self.assertNotIn(name, page.context["adminform"].form.fields)
                self.assertContains(page, str(owner))

                saved = self.client.post(address_of(row), filled_in(page, **{name: wanted.pk}))

                self.assertEqual(saved.status_code, 302)
                row.refresh_from_db()
                self.assertEqual(getattr(row, name), owner)
                tried += 1
        self.assertGreater(tried, 15)

    def test_is_not_changed_by_a_row_of_another_posted_under_it(self):
        claim, others = self.article.claims.first(), self.other.claims.first()
        reference, others_reference = (notice.reference for notice in Notice.objects.all()[:2])
        for here, there in (
            (self.article, self.other),
            (claim, others),
            (reference, others_reference),
        ):
            page = self.client.get(address_of(here))
            formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
            formsets = [formset for formset in formsets if formset.initial_forms]
            self.assertTrue(formsets)
            strangers = {
                formset.prefix: (
                    formset.model._base_manager.filter(**{formset.fk.name: there}).first()
                )
                for formset in formsets
            }
            ids = {f"{prefix}-0-id": stranger.pk for prefix, stranger in strangers.items()}
            places = {f"{formset.prefix}-0-{formset.fk.name}": there.pk for formset in formsets}
            for posted in (ids, places, {**ids, **places}):
                self.client.post(address_of(here), filled_in(page, **posted))
                for formset in formsets:
                    with self.subTest(of=here, rows=formset.prefix):
                        stranger = strangers[formset.prefix]
                        kept = formset.model._base_manager.filter(
                            **{formset.fk.name: there, "pk": stranger.pk}
                        )
                        self.assertTrue(kept.exists())

    def test_still_counts_where_a_thing_may_stand_there_only_once(self):
        row, taken = self.article.articlecondition_rows.get(), a_condition()
        self.article.articlecondition_rows.create(condition=taken)

        page = self.client.get(address_of(row))
        answer = self.client.post(address_of(row), filled_in(page, condition=taken.pk))

        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.context["adminform"].form.errors)

    def test_can_be_chosen_for_a_new_row(self):
        address = reverse("admin:articles_keypoint_add")
        filled = filled_in(self.client.get(address), article=self.article.pk, text="Move a little.")

        self.client.post(address, filled)

        self.assertTrue(self.article.keypoint_rows.filter(text="Move a little.").exists())
        newest = AuditEntry.objects.order_by("-pk").first()
        self.assertEqual(
            (newest.act, newest.subject_uid), (AuditEntry.Act.EDITED, self.article.uid)
        )


class AnEditorWhoSendsARowAway(TestCase):
    """The whole way, as it was done.

    Take a warning off a live article unseen, then approve that alone.
    """

    def test_changes_nothing(self):
        author, editor = a_clinician(), an_editor()
        article, other = published(a_draft(slug="stretching", by=author)).article, a_draft()
        mark(article, "may suit")
        link(article.claims.get(kind="text"), a_reference(), by=author)
        before = digest_now(article)
        self.client.force_login(editor)
        for row in (
            article.articlecontraindication_rows.get(),
            article.helpadvice_rows.get(),
            article.keypoint_rows.first(),
            article.claims.get(kind="text"),
        ):
            with self.subTest(row=row):
                page = self.client.get(address_of(row))
                self.client.post(address_of(row), filled_in(page, article=other.pk))
                self.assertEqual(digest_now(article), before)

    def test_counts_as_an_editor_of_what_was_changed(self):
        author, editor = a_clinician(), an_editor()
        article = published(a_draft(by=author)).article
        row = article.keypoint_rows.first()
        self.client.force_login(editor)

        page = self.client.get(address_of(row))
        self.client.post(address_of(row), filled_in(page, text="It may ease pain."))

        revision = reviewing.submit(article, by=author, at=LATER).revision
        self.assertIn("You edited this text", contributors.may_not_approve(revision, editor))
