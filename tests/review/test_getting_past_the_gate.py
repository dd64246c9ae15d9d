"""What somebody would try who wants readers to see a text that nobody approved."""

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.urls import reverse
from taggit.models import Tag

from articles.drafts import edits
from articles.models import Article, Decision, Publication, Revision
from articles.models.querysets import InsertOnlyError
from articles.publishing import publishing
from articles.refusals import Refused
from articles.review import contributors, reviewing
from articles.revisions.storing import save_revision
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_superuser,
    an_editor,
    approved,
    published,
    reviewed,
)
from tests.frozen import digest_now


class Attempt(TestCase):
    def act(self, user, article, act, **data):
        self.client.force_login(user)
        address = reverse("admin:articles_article_review", args=[article.pk])
        return self.client.post(
            address, {"act": act, "digest": digest_now(article), **data}, follow=True
        )


def not_approved(article=None):
    """A revision that was kept and that nobody approved."""
    article = article or a_draft()
    return save_revision(article, by=article.owner, at=NOON)


def as_live(revision, *, by, **changed):
    """A Publication of `revision`, made past the service and not yet saved."""
    content = revision.content
    return Publication(
        **{
            "article": revision.article,
            "revision": revision,
            "number": 1,
            "slug": content["slug"],
            "language": content["language"],
            "by": by,
            "by_name": "Nobody",
            "at": NOON,
            **changed,
        }
    )


class APublicationMadePastTheService(TestCase):
    """The table itself takes a publication only of a text that has an approval of its own
    digest.
    """

    def refuses(self, write):
        with self.assertRaises(DatabaseError) as refused, transaction.atomic():
            write()
        self.assertIn("approved", str(refused.exception))
        self.assertFalse(Publication.objects.exists())

    def test_is_refused_without_an_approval(self):
        revision = not_approved()
        self.refuses(as_live(revision, by=revision.article.owner).save)
        self.refuses(
            lambda: Publication.objects.bulk_create([as_live(revision, by=revision.article.owner)])
        )

    def test_is_refused_when_all_who_decided_asked_for_changes(self):
        revision = not_approved()
        reviewing.ask_for_changes(revision, by=an_editor(), at=NOON, note="Too strong.")
        self.refuses(as_live(revision, by=revision.article.owner).save)

    def test_is_refused_on_the_approval_of_another_text(self):
        article = a_draft()
        reviewed(article)
        article.summary = "Quokka."
        article.save()
        self.refuses(as_live(not_approved(article), by=article.owner).save)

    def test_is_refused_with_the_text_of_another_article(self):
        revision, editor = reviewed(a_draft())
        self.refuses(as_live(revision, by=editor, article=a_draft()).save)

    def test_is_refused_by_way_of_a_fixture(self):
        revision = not_approved()
        row = as_live(revision, by=revision.article.owner)
        row.pk = 99
        self.refuses(lambda: self.load(row))

    def load(self, *rows):
        import tempfile

        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(serialize("json", rows))
            file.flush()
            call_command("loaddata", file.name, verbosity=0)


class AnApprovalMadeUp(TestCase):
    def test_for_another_text_than_it_names_is_refused(self):
        revision = not_approved()
        with self.assertRaises(DatabaseError), transaction.atomic():
            Decision.objects.create(
                revision=revision,
                verdict="approve",
                digest="0" * 64,
                by=an_editor(),
                by_name="Kim",
                at=NOON,
            )


class ARevisionMadeUp(TestCase):
    def test_whose_text_is_not_what_its_digest_was_made_of_is_refused(self):
        article = a_draft()
        revision = not_approved(article)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Revision.objects.create(
                article=article,
                number=9,
                schema=1,
                digest="0" * 64,
                frozen=revision.frozen,
                created_at=NOON,
            )

    def test_is_read_afresh_when_it_is_published(self):
        article = a_draft()
        revision, editor = reviewed(article)
        revision.frozen = revision.frozen.replace(
            "sore muscles", "every cancer"
        )  # as code in between might do
        revision.content["slug"] = "elsewhere"
        revision.digest = "0" * 64

        publication = publishing.publish(revision, by=editor, at=LATER)

        self.assertEqual(publication.slug, article.slug)
        self.assertNotIn("every cancer", publication.revision.frozen)


class WhoChangedATag(Attempt):
    """The names of tags are part of the text, so whoever changes one changed the articles
    that carry it.
    """

    def setUp(self):
        self.article = a_draft()
        self.article.tags.add("neck")
        self.admin = a_superuser()
        self.revision, self.editor = reviewed(self.article)
        self.client.force_login(self.admin)

    def may_not_approve(self, user):
        revision = save_revision(self.article, by=self.admin, at=LATER)
        self.assertNotEqual(revision.digest, self.revision.digest)
        self.assertIn("You edited this text", contributors.may_not_approve(revision, user))

    def test_may_not_approve_the_text_that_carries_it(self):
        tag = Tag.objects.get()
        address = reverse("admin:taggit_tag_change", args=[tag.pk])
        data = {"name": "cures neck pain", "slug": tag.slug}
        for inline in self.client.get(address).context["inline_admin_formsets"]:
            data |= {field.html_name: field.value() for field in inline.formset.management_form}
            for row in inline.formset:
                data |= {bound.html_name: bound.value() or "" for bound in row}
        self.assertEqual(self.client.post(address, data).status_code, 302)

        self.may_not_approve(self.admin)

    def test_may_not_after_deleting_it_either(self):
        address = reverse("admin:taggit_tag_delete", args=[Tag.objects.get().pk])
        self.assertEqual(self.client.post(address, {"post": "yes"}).status_code, 302)

        self.may_not_approve(self.admin)

    def test_may_not_after_deleting_it_from_the_list(self):
        self.client.post(
            reverse("admin:taggit_tag_changelist"),
            {
                "action": "delete_selected",
                "_selected_action": [Tag.objects.get().pk],
                "post": "yes",
            },
        )

        self.may_not_approve(self.admin)


class ARowWrittenOnce(TestCase):
    """Conflicts that end in an update or a replacement, through Django and past it."""

    def setUp(self):
        self.publication = published()
        self.revision = self.publication.revision

    def stays(self, write, *errors):
        with self.assertRaises(errors or (DatabaseError, InsertOnlyError)), transaction.atomic():
            write()
        self.assertEqual(Revision.objects.get(pk=self.revision.pk).frozen, self.revision.frozen)

    def forged(self):
        copy = Revision.objects.get(pk=self.revision.pk)
        copy.frozen = "{}"
        return copy

    def test_is_not_updated_by_bulk_create(self):
        how = {"update_conflicts": True, "update_fields": ["frozen"], "unique_fields": ["id"]}
        self.stays(lambda: Revision.objects.bulk_create([self.forged()], **how))
        self.stays(lambda: Revision.objects.bulk_update([self.forged()], ["frozen"]))
        self.stays(lambda: Revision._base_manager.filter(pk=self.revision.pk).update(frozen="{}"))
        self.stays(
            lambda: Revision.objects.update_or_create(
                pk=self.revision.pk, defaults={"frozen": "{}"}
            )
        )

    def test_is_not_updated_by_saving_it_as_fixtures_do(self):
        self.stays(lambda: self.forged().save_base(raw=True))

    def test_is_not_updated_by_sql(self):
        table = Revision._meta.db_table
        columns = ", ".join(field.column for field in Revision._meta.local_fields)
        copy = f"SELECT {columns} FROM {table} WHERE id = {self.revision.pk}"
        statements = [
            (
                f"INSERT INTO {table} ({columns}) {copy} ON CONFLICT (id) DO UPDATE SET frozen ="
                " '{}'"
            ),
            f"UPDATE {table} SET frozen = '{{}}'",
            f"DELETE FROM {table}",
            f"WITH gone AS (SELECT 1) UPDATE {table} SET frozen = '{{}}'",
        ]
        if connection.vendor == "sqlite":
            statements += [
                (
                    f"INSERT INTO {table} ({columns}) {copy} AND true ON CONFLICT DO UPDATE SET"
                    " frozen = '{}'"
                ),
                f"REPLACE INTO {table} ({columns}) {copy}",
                f"UPDATE OR REPLACE {table} SET frozen = '{{}}'",
            ]
        else:
            statements += [
                f"TRUNCATE {table} CASCADE",
                "TRUNCATE articles_article CASCADE",
                "TRUNCATE auth_user CASCADE",
            ]
        for statement in statements:
            with self.subTest(statement=statement[:60]):
                self.stays(lambda statement=statement: self.run_sql(statement), DatabaseError)

    def run_sql(self, statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def test_is_not_taken_away_by_raw(self):
        list(Revision.objects.raw(f"SELECT * FROM {Revision._meta.db_table}"))
        self.stays(
            lambda: list(
                Revision.objects.raw(f"DELETE FROM {Revision._meta.db_table} RETURNING *")
            ),
            DatabaseError,
        )


class AForgedPost(Attempt):
    def setUp(self):
        self.article = a_draft()
        self.revision, self.editor = reviewed(self.article)

    def nothing_is_live(self):
        self.assertFalse(Publication.objects.exists())

    def test_with_the_approved_text_of_another_article_publishes_nothing(self):
        other = a_draft()
        save_revision(other, by=other.owner, at=NOON)
        self.act(self.editor, other, "publish", digest=self.revision.digest)
        self.act(self.editor, other, "correct", digest=self.revision.digest, note="x")
        self.act(
            self.editor,
            other,
            "schedule",
            digest=self.revision.digest,
            publish_at="2999-01-01T12:00",
        )
        self.act(self.editor, other, "approve", digest=self.revision.digest)
        self.nothing_is_live()
        self.assertFalse(Decision.objects.filter(revision__article=other).exists())

    def test_with_an_older_text_publishes_and_approves_nothing(self):
        self.article.summary = "Quokka."
        self.article.save()
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        before = Decision.objects.count()
        for act in ("publish", "approve", "schedule"):
            self.act(
                self.editor,
                self.article,
                act,
                digest=self.revision.digest,
                publish_at="2999-01-01T12:00",
            )
        self.nothing_is_live()
        self.assertEqual(Decision.objects.count(), before)

    def test_with_a_task_of_an_older_request_is_refused(self):
        task = self.revision.review_requests.get().tasks.get()
        self.article.summary = "Quokka."
        self.article.save()
        edits.record_edit(self.article, by=self.article.owner, at=LATER)
        newer = reviewing.submit(self.article, by=self.article.owner, at=LATER).revision
        with self.assertRaises(Refused):
            approved(newer, by=an_editor(), at=LATER, task=task)

    def test_of_somebody_who_may_not_publish_publishes_nothing(self):
        librarian = a_clinician()
        librarian.groups.set([Group.objects.get(name="Librarian")])
        administrator = a_clinician()
        administrator.groups.set([Group.objects.get(name="Administrator")])
        gone = an_editor(is_active=False)
        outside = an_editor(is_staff=False)
        for user in (self.article.owner, librarian, administrator, gone, outside):
            for act in ("publish", "correct", "schedule", "withdraw", "approve"):
                with self.subTest(user=user, act=act):
                    self.act(user, self.article, act, note="x", publish_at="2999-01-01T12:00")
                    self.nothing_is_live()
        self.assertEqual(Decision.objects.count(), 1)

    def test_with_parameters_of_the_admin_adds_and_changes_no_record(self):
        publication = publishing.publish(self.revision, by=self.editor, at=LATER)
        self.client.force_login(a_superuser())
        for model in (
            "publication",
            "revision",
            "decision",
            "withdrawal",
            "auditentry",
            "schedule",
        ):
            for address in (
                reverse(f"admin:articles_{model}_add") + "?_popup=1&_to_field=id",
                reverse(f"admin:articles_{model}_changelist") + "?_popup=1&_to_field=id",
                reverse(f"admin:articles_{model}_change", args=[publication.pk])
                + "?_popup=1&_to_field=id",
                reverse(f"admin:articles_{model}_delete", args=[publication.pk]) + "?_popup=1",
            ):
                data = {
                    "article": self.article.pk,
                    "revision": self.revision.pk,
                    "number": 2,
                    "slug": "x",
                    "_saveasnew": 1,
                    "form-TOTAL_FORMS": 1,
                    "form-INITIAL_FORMS": 1,
                    "form-0-id": publication.pk,
                    "form-0-slug": "x",
                    "_save": "Save",
                    "post": "yes",
                    "action": "delete_selected",
                    "_selected_action": publication.pk,
                }
                with self.subTest(address=address):
                    self.assertIn(self.client.post(address, data).status_code, (200, 302, 403, 404))
        self.assertEqual(
            list(Publication.objects.values_list("slug", "number")), [(self.article.slug, 1)]
        )


class DeletingWhatALivePageShows(TestCase):
    """By the pages that delete one thing, and the action that deletes many.

    The live page stays byte for byte.
    """

    def test_changes_no_byte_of_it(self):
        from articles.models import Condition, Contraindication, Person, Picture, SideEffect
        from references.models import Reference
        from tests.builders import a_reference, link, with_condition, with_picture, with_side_effect

        article = a_draft(slug="stretching")
        link(with_condition(article).claim, a_reference(), by=article.owner)
        link(
            with_side_effect(article, n=1, base=10, unit="people").claim,
            a_reference(),
            by=article.owner,
        )
        with_picture(article)
        published(article)
        page = self.client.get("/articles/stretching/").content
        admin = a_superuser()
        models = (
            Article,
            Condition,
            SideEffect,
            Contraindication,
            Person,
            Picture,
            Reference,
            type(admin),
            Tag,
            Group,
        )
        for model in models:
            label = f"{model._meta.app_label}_{model._meta.model_name}"
            for one_by_one in (True, False):
                with self.subTest(model=label, one_by_one=one_by_one):
                    self.client.force_login(admin)
                    ids = [
                        pk for pk in model.objects.values_list("pk", flat=True) if pk != admin.pk
                    ]
                    if one_by_one:
                        for pk in ids:
                            self.client.post(
                                reverse(f"admin:{label}_delete", args=[pk]), {"post": "yes"}
                            )
                    else:
                        data = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
                        self.client.post(reverse(f"admin:{label}_changelist"), data)
                    self.client.logout()
                    self.assertEqual(self.client.get("/articles/stretching/").content, page)
        self.assertEqual(Publication.objects.live().count(), 1)
