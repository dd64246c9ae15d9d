"""What somebody may not read they do not read by another way either."""

import re
from unittest import mock

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse

from articles.models import Article, Interest, Notification
from physiohub import policy, roles
from physiohub.deleting import NamesOnlyWhatOneMaySee
from physiohub.read_only import ReadOnlyAdmin
from tests.builders import NOON, a_clinician, a_draft, a_superuser, a_user, an_editor


class TheListOfWhatIsDeletedWithSomething(TestCase):
    def test_does_not_tell_an_administrator_what_others_were_told(self):
        account = a_clinician()
        Notification.objects.create(
            recipient=account, kind="review", text="Quokka.", at=NOON, address="/admin/"
        )
        self.client.force_login(a_user(roles.ADMINISTRATOR))

        answer = self.client.get(reverse("admin:auth_user_delete", args=[account.pk]))

        self.assertContains(answer, "Notification")
        self.assertContains(answer, account.username)
        self.assertNotContains(answer, "Quokka")

    def test_names_nothing_that_a_role_that_deletes_may_not_open(self):
        for role, rights in roles.PERMISSIONS.items():
            for model, model_admin in admin.site._registry.items():
                if f"{model._meta.app_label}.delete_{model._meta.model_name}" not in rights:
                    continue
                if isinstance(model_admin, NamesOnlyWhatOneMaySee):
                    continue
                for relation in model._meta.related_objects:
                    other = relation.related_model._meta
                    with self.subTest(role=role, model=model._meta.label, names=other.label):
                        self.assertIn(f"{other.app_label}.view_{other.model_name}", rights)


class AFilterInTheAddressOfAList(TestCase):
    def test_reaches_nothing_that_is_not_shown(self):
        request = mock.Mock(user=a_superuser())
        tried = 0
        for model, model_admin in admin.site._registry.items():
            if not isinstance(model_admin, ReadOnlyAdmin):
                continue
            for name in model_admin.exclude or ():
                tried += 1
                with self.subTest(model=model._meta.label, field=name):
                    allowed = model_admin.lookup_allowed(f"{name}__startswith", "a", request)
                    self.assertFalse(allowed)
        self.assertGreater(tried, 1)

    def test_reaches_no_password_and_no_row_of_another_model(self):
        request = mock.Mock(user=a_superuser())
        for model, model_admin in admin.site._registry.items():
            for field in model._meta.get_fields():
                if field.is_relation and field.related_model is not None:
                    other = field.related_model
                    names = [one.name for one in other._meta.fields if not one.primary_key]
                    hidden = {"password", "secret_digest", "text", "raw", "note_private"}
                    for name in hidden.intersection(names):
                        lookup = f"{field.name}__{name}__startswith"
                        with self.subTest(model=model._meta.label, lookup=lookup):
                            self.assertFalse(model_admin.lookup_allowed(lookup, "a", request))


class AnActionOnRowsOfAList(TestCase):
    def test_asks_for_a_right_where_it_does_more_than_read(self):
        #: Files of what the list shows, and an act that looks at whose row it is.
        known = re.compile("export_.*|end_selected")
        request = mock.Mock(user=a_superuser(), GET={})
        for model, model_admin in admin.site._registry.items():
            for name, (action, _name, _words) in model_admin.get_actions(request).items():
                with self.subTest(model=model._meta.label, action=name):
                    asks = getattr(action, "allowed_permissions", None)
                    self.assertTrue(asks or known.fullmatch(name))


class TheWayToAPublicAddress(TestCase):
    def test_does_not_tell_what_a_draft_is_called(self):
        draft = a_draft(slug="quokka-therapy")
        kind = ContentType.objects.get_for_model(Article)
        address = f"/admin/r/{kind.pk}/{draft.pk}/"
        for who, status in ((a_user(), 403), (an_editor(), 302)):
            self.client.force_login(who)
            answer = self.client.get(address)
            self.assertEqual(answer.status_code, status)
        for bad in (f"/admin/r/{kind.pk}/x/", "/admin/r/999999999999999999999/1/", "/admin/r/a/1/"):
            self.assertEqual(self.client.get(bad).status_code, 403)


class AnInterest(TestCase):
    def test_is_shown_to_its_owner_and_to_people_who_read_reviews(self):
        owner = a_user(roles.LIBRARIAN)
        Interest.objects.create(user=owner, text="I teach quokkas.", declared_at=NOON)
        address = reverse("admin:articles_interest_changelist")
        for who, sees in (
            (owner, True),
            (an_editor(), True),
            (a_user(roles.LIBRARIAN), False),
            (a_user(), False),
        ):
            self.client.force_login(who)
            answer = self.client.get(address)
            (self.assertContains if sees else self.assertNotContains)(answer, "quokkas")


class ALink(TestCase):
    """A page offers no way that ends with a refusal."""

    def test_to_a_page_of_a_draft_is_for_those_who_may_open_it(self):
        article = a_draft()
        pages = {
            "preview": policy.READ_DRAFT,
            "evidence": policy.READ_EVIDENCE,
            "checklists": policy.READ_DRAFT,
            "review": policy.READ_REVIEW,
            "feedback": policy.READ_FEEDBACK,
        }
        for role in roles.PERMISSIONS:
            who = a_user(role)
            self.client.force_login(who)
            for address in (
                reverse("admin:articles_article_change", args=[article.pk]),
                reverse("admin:articles_article_changelist"),
            ):
                html = self.client.get(address).content.decode()
                for name, act in pages.items():
                    link = reverse(f"admin:articles_article_{name}", args=[article.pk])
                    with self.subTest(role=role, page=address, link=name):
                        if not policy.may(who, act):
                            self.assertNotIn(f'"{link}"', html)


class ARole(TestCase):
    def test_loses_with_an_update_what_its_table_does_not_say(self):
        group = Group.objects.get(name=roles.LIBRARIAN)
        group.permissions.add(Permission.objects.get(codename="view_auditentry"))
        group.permissions.remove(Permission.objects.get(codename="delete_reference"))

        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)

        self.test_holds_nothing_that_its_table_does_not_say()

    def test_holds_nothing_that_its_table_does_not_say(self):
        for role in roles.PERMISSIONS:
            held = {
                f"{right.content_type.app_label}.{right.codename}"
                for right in Group.objects.get(name=role).permissions.select_related("content_type")
            }
            self.assertEqual(held, set(roles.PERMISSIONS[role]), role)
