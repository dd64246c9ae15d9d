"""No draft changes without an entry in the log that names who changed it, and what.

A draft shows much that is not its own: terms, people, pictures, works, tags, words of the glossary.
Whoever changes one of those changes every draft that shows it, and may not approve it. So each
value that freezing reads is changed here in each way there is, found by walking models and forms,
and two articles that share all they can are frozen before and after.
"""

import contextlib
import io
import shutil
import tempfile

from django import forms
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import TestCase, override_settings
from django.urls import reverse
from taggit.models import Tag

from articles.checklists import answering
from articles.drafts import newer_versions, restoring
from articles.models import (
    Article,
    ArticlePicture,
    AuditEntry,
    Citation,
    Claim,
    Condition,
    Contraindication,
    GlossaryTerm,
    Person,
    Picture,
    SideEffect,
)
from articles.revisions import contents, freezing
from articles.revisions.storing import save_revision
from references import importing, merging
from references.models import Reference
from tests.builders import (
    LATER,
    NOON,
    a_draft,
    a_full_article,
    a_full_reference,
    a_picture,
    a_superuser,
    an_image,
    link,
    with_picture,
)
from tests.forms import filled_in
from tests.review.test_every_way_to_write import COMMANDS, TASKS, tasks, unrendered

_CHANGED = {AuditEntry.Act.EDITED, AuditEntry.Act.IMPORTED}
#: What articles show and share. Of each, the admin's form is walked field by field.
SHARED = (Condition, SideEffect, Contraindication, Person, Picture, GlossaryTerm, Reference, Tag)


class ADraft(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.media = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.media, ignore_errors=True)
        with override_settings(MEDIA_ROOT=cls.media):
            super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        cls.who = a_superuser()
        cls.article = a_full_article()
        cls.other = a_draft(body=cls.article.body)
        cls.share_everything()
        cls.all = [cls.article, cls.other]

    @classmethod
    def share_everything(cls):
        cls.other.tags.add(*cls.article.tags.all())
        Article.objects.filter(pk=cls.other.pk).update(written_by=cls.article.written_by)
        for rows in contents.OWN_ROWS:
            for row in getattr(cls.article, rows.accessor).all():
                if (rows.is_claim and rows.term) or rows.model is ArticlePicture:
                    fields = {
                        field.name: getattr(row, field.name)
                        for field in rows.model._meta.concrete_fields
                        if field.name not in ("id", "uid", "article", "claim")
                    }
                    copy = rows.model._default_manager.create(article=cls.other, **fields)
                    if rows.is_claim:
                        for citation in row.claim.citations.all():
                            link(copy.claim, citation.reference, by=cls.who)

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))
        self.client.force_login(self.who)

    # --- what must hold --------------------------------------------------------------------------
    def contents_now(self, *articles):
        return {article.pk: freezing.freeze(article) for article in articles or self.all}

    @contextlib.contextmanager
    def taken_back(self):
        """In here rows change; yields a function that gives the uids named to have been changed."""
        newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

        def named(by):
            entries = AuditEntry.objects.filter(pk__gt=newest, act__in=_CHANGED)
            entries = entries.filter(actor_id=by and by.pk)
            return {str(uid) for uid in entries.values_list("subject_uid", flat=True)}

        with transaction.atomic():
            yield named
            transaction.set_rollback(True)

    @contextlib.contextmanager
    def entered(self, *, by, before):
        """In here a draft may change if an entry names `by`, and the article or what it shows.

        Yields a set to which the articles that changed are added. All of it is taken back.
        """
        changed = set()
        with self.taken_back() as named:
            yield changed
            for pk, content in before.items():
                after = freezing.freeze(Article(pk=pk))
                if content != after:
                    changed.add(pk)
                    shown = freezing.uids_in(content) | freezing.uids_in(after)
                    self.assertTrue(named(by) & shown, f"No entry names {by} for article {pk}.")

    # --- forms -----------------------------------------------------------------------------------
    def test_shows_nothing_that_a_form_changes_without_an_entry(self):
        """Field by field: what a save changes of a shared row, it enters."""
        shown = set().union(*map(freezing.uids_in, self.contents_now().values()))
        articles = {str(article.uid) for article in self.all}
        for model in SHARED:
            rows = model.objects.order_by("pk")
            row = next((row for row in rows if str(getattr(row, "uid", "")) in shown), rows.first())
            own = {str(row.uid)} if hasattr(row, "uid") else articles
            address, data, values = self.form_of(row)
            made = 0
            for name, value in values.items():
                with self.subTest(model=model.__name__, field=name), self.taken_back() as named:
                    before = self.values_of(row)
                    self.client.post(address, {**data, name: value})
                    if self.values_of(row) != before:
                        made += 1
                        self.assertTrue(named(self.who) & own)
            self.assertGreater(made, 0, model)

    def values_of(self, row):
        values = type(row).objects.values().get(pk=row.pk)
        values.pop("modified_at", None)
        return values

    def test_has_no_rows_that_a_form_changes_without_an_entry(self):
        before = self.contents_now(self.article)
        changed_by = 0
        for model in [rows.model for rows in contents.OWN_ROWS] + [Claim, Citation]:
            its = "claim__article" if model is Citation else "article"
            row = model.objects.filter(**{its: self.article}).first()
            if not hasattr(admin.site._registry[model], "record_edit"):
                continue  # it is written on a page of its own
            address, data, values = self.form_of(row)
            with (
                self.subTest(model=model.__name__),
                self.entered(by=self.who, before=before) as changed,
            ):
                self.client.post(address, {**data, **values})
                if "position" in values:  # what else is posted may not be valid together
                    self.client.post(address, {**data, "position": values["position"]})
            changed_by += bool(changed)
        self.assertGreater(changed_by, 8)

    def test_is_changed_in_no_list(self):
        """A list that is edited in place saves rows past the form that records its edits."""
        for model, model_admin in admin.site._registry.items():
            self.assertFalse(model_admin.list_editable, model)

    def form_of(self, row):
        """(address, what the form holds, another value for each of its fields)."""
        opts = row._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        with unrendered():
            page = self.client.get(address)
        page.context = page.context_data
        form, data = page.context["adminform"].form, filled_in(page)
        values = {
            name: another_value(field, data.get(name))
            for name, field in form.fields.items()
            if not field.disabled and name not in ("opened_on", "words_read")
        }
        return address, data, {name: value for name, value in values.items() if value is not None}

    def test_gives_a_picture_its_words_in_the_form_of_one_article_and_enters_the_picture(self):
        picture = a_picture(upload=an_image(60, 40), alt="x")
        Picture.objects.filter(pk=picture.pk).update(alt="", needs_alt=True)
        for article in self.all:
            with_picture(article, picture)
        address = reverse("admin:articles_article_change", args=[self.other.pk])
        data = filled_in(self.client.get(address))
        its = next(
            name.removesuffix("-picture")
            for name, value in data.items()
            if name.endswith("-picture") and str(value) == str(picture.pk)
        )
        with self.entered(by=self.who, before=self.contents_now()) as changed:
            answer = self.client.post(address, {**data, f"{its}-alt": "A physio holds a knee."})
            self.assertEqual(answer.status_code, 302)
        self.assertEqual(changed, {self.article.pk, self.other.pk})

    # --- deleting --------------------------------------------------------------------------------
    def test_loses_nothing_without_an_entry(self):
        before, changed_by = self.contents_now(self.article), set()
        kinds = [*SHARED, *(rows.model for rows in contents.OWN_ROWS), Claim, Citation]
        for number, model in enumerate(kinds):
            opts = model._meta
            its = {"claim__article": "Citation", "article": "Claim"}
            row = (
                model.objects.order_by("pk")
                .filter(
                    **{key: self.article for key, name in its.items() if name == model.__name__}
                )
                .last()
            )
            if number % 2:
                address = reverse(f"admin:{opts.app_label}_{opts.model_name}_delete", args=[row.pk])
                data = {"post": "yes"}
            else:
                address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
                data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            with (
                self.subTest(model=opts.label),
                self.entered(by=self.who, before=before) as changed,
            ):
                self.client.post(address, data)
            if changed:
                changed_by.add(model)
        self.assertGreater(len(changed_by), 8)

    # --- acts, commands --------------------------------------------------------------------------
    def test_changes_by_no_act_without_an_entry(self):
        by_whom = {"by": self.who, "at": LATER}
        source = Citation.objects.filter(claim__article=self.other).first().reference
        older = self.article.revisions.order_by("number").last() or save_revision(
            self.article, by=self.who, at=NOON
        )
        Article.objects.filter(pk=self.article.pk).update(summary="Another summary.")
        filled = (
            b"TY  - JOUR\nTI  - %s\nDO  - %s\nAB  - None\nVL  - 99\nUR  - https://a.org\nER  -\n"
        )
        Reference.objects.filter(pk=source.pk).update(url="")
        given = {"discern-2": answering.Given("no", "It is not.")}
        acts = {
            "restore": lambda: restoring.restore(older, **by_whom),
            "answer": lambda: answering.save_answers(
                self.article, given, shown={"discern-2": answering.Given()}, **by_whom
            ),
            "merge": lambda: merging.merge(a_full_reference(), source, **by_whom),
            "newer": lambda: newer_versions.move_citations(
                source, a_full_reference(), [self.article, self.other], **by_whom
            ),
            "import": lambda: importing.import_file(
                filled % (source.title.encode(), source.doi.encode()), file_name="a.ris", **by_whom
            ),
        }
        before = self.contents_now()
        for name, act in acts.items():
            with self.subTest(name), self.entered(by=self.who, before=before) as changed:
                act()
            self.assertTrue(changed, f"{name} changed nothing")

    def test_is_left_alone_by_commands_and_tasks_that_do_other_work(self):
        for name, arguments in {
            **COMMANDS,
            "remove_orphaned_tags": [],
            "clearsessions": [],
        }.items():
            if isinstance(arguments, str) or name == "demo":
                continue  # a test of its own runs it; what the demonstration makes is new
            with self.subTest(command=name):
                self.is_left_alone_by(
                    lambda name=name, arguments=arguments: call_command(
                        name, *arguments, stdout=io.StringIO(), stderr=io.StringIO()
                    )
                )
        for name, task in tasks().items():
            with self.subTest(task=name):
                self.is_left_alone_by(lambda name=name, task=task: task.func(*TASKS[name]))

    def is_left_alone_by(self, work):
        before = self.contents_now()
        with self.taken_back(), contextlib.suppress(SystemExit, CommandError):
            with transaction.atomic():
                work()
            self.assertEqual(self.contents_now(), before)

    def test_comes_back_from_a_merge_under_a_name(self):
        lose = Citation.objects.filter(claim__article=self.other).first().reference
        merge = merging.merge(a_full_reference(), lose, by=self.who, at=LATER)
        with self.entered(by=self.who, before=self.contents_now()) as changed:
            merging.unmerge(merge, by=self.who, at=LATER)
        self.assertTrue(changed)

    def test_has_its_tags_merged_under_a_name(self):
        session = self.client.session
        session["selected_tag_ids"] = ",".join(str(tag.pk) for tag in Tag.objects.all())
        session.save()
        with self.entered(by=self.who, before=self.contents_now()) as changed:
            self.client.post(reverse("admin:taggit_tag_merge_tags"), {"new_tag_name": "warmth"})
        self.assertEqual(len(changed), 2)

    def test_has_its_tags_put_together_by_a_command_that_says_so(self):
        self.other.tags.remove("heat")
        self.other.tags.add(Tag.objects.create(name="HEAT", slug="heat-2"))
        self.other.tags.add(Tag.objects.create(name="hEat", slug="heat-3"))
        with (
            self.settings(TAGGIT_CASE_INSENSITIVE=True),
            self.entered(by=None, before=self.contents_now()) as changed,
        ):
            call_command("deduplicate_tags", stdout=io.StringIO())
        self.assertTrue(changed)


def another_value(field, value):
    """A value that the field takes, other than the one it has; None where there is none to try."""
    if isinstance(field, forms.NullBooleanField):
        return "false" if value in (True, "true") else "true"
    if isinstance(field, forms.BooleanField):
        return "" if value else "on"
    if isinstance(field, (forms.FileField, forms.ModelMultipleChoiceField)):
        return None
    if isinstance(field, (forms.ModelChoiceField, forms.ChoiceField)):
        keys = [str(getattr(key, "value", key)) for key, _label in field.choices]
        return next((key for key in keys if key and key != str(value)), None)
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return str((int(float(value)) if value not in (None, "") else 0) + 1)
    if isinstance(field, forms.DateField):
        return "2026-02-02"
    if isinstance(field, forms.URLField):
        return "https://example.org/another"
    return f"{value or ''} quokka".strip() if isinstance(field, forms.CharField) else None
