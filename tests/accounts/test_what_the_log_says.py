"""What happens to accounts, roles, log-ins and passwords stands in the audit log."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import TestCase

from articles import audit
from articles.models import AuditEntry
from physiohub import roles
from tests.builders import NOON, a_clinician, a_draft, a_superuser, a_user, an_editor

DAY = timedelta(days=1)
PASSWORD, NEW = "correct horse 7 battery", "another horse 8 battery"


def newest():
    return AuditEntry.objects.order_by("-pk").first()


class TheAuditLog(TestCase):
    def test_names_every_way_an_account_changes(self):
        account = a_clinician()
        role = Group.objects.get(name=roles.EDITOR)
        for act, says in {
            "made a superuser": lambda: self.save(account, is_superuser=True),
            "closed": lambda: self.save(account, is_active=False),
            "a new address": lambda: self.save(account, email="new@example.org"),
            "a role given": lambda: account.groups.add(role),
            "a role given from its other side": lambda: role.user_set.add(a_user()),
            "all roles taken": lambda: account.groups.clear(),
            "a right by hand": lambda: account.user_permissions.add(role.permissions.first()),
            "a role emptied": lambda: role.permissions.clear(),
            "a role deleted": lambda: role.delete(),
            "deleted": lambda: account.delete(),
        }.items():
            with self.subTest(act):
                before = AuditEntry.objects.filter(act="account").count()
                says()
                self.assertGreater(AuditEntry.objects.filter(act="account").count(), before)

    def save(self, account, **fields):
        for name, value in fields.items():
            setattr(account, name, value)
        account.save()

    def test_names_a_superuser_made_on_the_server(self):
        call_command("createsuperuser", username="root", email="r@example.org", interactive=False)

        self.assertIn("is_superuser", newest().summary)
        self.assertEqual(newest().actor_name, "the site")

    def test_names_who_is_logged_in_for_what_they_do(self):
        superuser, account = a_superuser(), a_clinician()
        self.client.force_login(superuser)
        self.client.post(
            f"/admin/auth/user/{account.pk}/change/",
            {"username": "renamed", "is_active": "on"},
        )

        entry = AuditEntry.objects.filter(act="account", summary__contains="renamed").get()
        self.assertEqual(entry.actor_id, superuser.pk)

    def test_names_a_log_in_and_a_wrong_password_but_no_password(self):
        account = a_clinician(password=PASSWORD)
        self.client.login(username=account.username, password="a wrong one")
        self.assertEqual(newest().act, "not_let_in")

        self.client.login(username=account.username, password=PASSWORD)

        self.assertEqual((newest().act, newest().actor_id), ("logged_in", account.pk))
        self.assertNotIn("wrong one", str(list(AuditEntry.objects.values())))

    def test_keeps_no_name_that_nobody_has_for_people_type_passwords_there(self):
        self.client.login(username="my secret password", password="x")

        self.assertFalse(AuditEntry.objects.exists())

    def test_names_a_new_password_and_not_a_stronger_hash_of_the_old_one(self):
        account = a_clinician(password=PASSWORD)
        entries = AuditEntry.objects.filter(act="password")
        pbkdf2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
        with self.settings(PASSWORD_HASHERS=[pbkdf2, *settings.PASSWORD_HASHERS]):
            self.assertTrue(User.objects.get(pk=account.pk).check_password(PASSWORD))
            self.assertNotEqual(User.objects.get(pk=account.pk).password, account.password)
            self.assertFalse(entries.exists())

            self.client.force_login(User.objects.get(pk=account.pk))
            self.client.post(
                "/admin/password_change/",
                {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
            )

        self.assertEqual(entries.get().actor_id, account.pk)

    def test_names_a_page_that_was_refused(self):
        clinician = a_clinician()
        self.client.force_login(clinician)
        self.client.get("/admin/auth/user/")

        self.assertEqual((newest().act, newest().actor_id), ("refused", clinician.pk))
        self.assertIn("/admin/auth/user/", newest().summary)

    def test_names_what_anybody_can_repeat_once_a_day_and_is_never_filled_by_it(self):
        clinician = a_clinician()
        self.client.force_login(clinician)
        refused = AuditEntry.objects.filter(act="refused")
        for _times in range(3):
            self.client.get("/admin/auth/user/")
        self.assertEqual(refused.count(), 1)
        self.client.get("/admin/auth/group/")
        self.assertEqual(refused.count(), 2)

        article = a_draft()
        for name in map(str, range(audit.MOST_IN_A_DAY + 5)):
            audit.record_first_of_a_day("opened", article, by=None, at=NOON, name=name)
        opened = AuditEntry.objects.filter(act="opened")
        self.assertEqual(opened.count(), audit.MOST_IN_A_DAY)
        audit.record_first_of_a_day("opened", article, by=None, at=NOON + DAY, name="0")
        self.assertEqual(opened.filter(actor_name="0").count(), 2)

    def test_of_accounts_is_read_by_administrators_alone(self):
        an_editor(username="zadie")
        for reader, sees in {
            a_clinician(): False,
            an_editor(): False,
            a_user(roles.ADMINISTRATOR): True,
        }.items():
            with self.subTest(reader=reader):
                self.client.force_login(reader)
                answer = self.client.get("/admin/articles/auditentry/?q=zadie")
                self.assertEqual(answer.context["cl"].result_count > 0, sees)
