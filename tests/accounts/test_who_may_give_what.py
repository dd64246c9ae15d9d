"""Nobody gives alone what lets a text go out, administrators included."""

from datetime import timedelta

from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import TestCase, override_settings
from django.utils import timezone

from articles.accounts import access, passwords, rights
from articles.models import AccessRequest, AuditEntry, Notification
from articles.publishing import jobs
from articles.refusals import NotAllowed, Refused
from physiohub import roles
from tests.builders import LATER, NOON, a_clinician, a_superuser, a_user, an_editor
from tests.forms import filled_in

NEW = "correct horse 7 battery"


def an_administrator(**fields):
    return a_user(roles.ADMINISTRATOR, **fields)


def wanted(account, *role_names, **changed):
    return access.Wanted(
        **{
            "username": account.username,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "email": account.email,
            "is_active": account.is_active,
            "roles": list(Group.objects.filter(name__in=role_names)),
            **changed,
        }
    )


def roles_of(account):
    return set(account.groups.values_list("name", flat=True))


class TheFormOfAnAccount(TestCase):
    def setUp(self):
        self.administrator = an_administrator()
        self.editor = an_editor(email="eden@example.org")
        self.other = a_clinician(email="casey@example.org")
        self.client.force_login(self.administrator)

    def address(self, account):
        return f"/admin/auth/user/{account.pk}/change/"

    def post(self, account, **changed):
        data = filled_in(self.client.get(self.address(account)))
        return self.client.post(self.address(account), {**data, **changed}, follow=True)

    def test_makes_nobody_a_superuser_and_gives_no_right_by_hand(self):
        review = Permission.objects.get(codename="review_article")
        for account in (self.administrator, self.other):
            self.post(account, is_superuser="on", user_permissions=[review.pk], is_staff="on")

            account = User.objects.get(pk=account.pk)
            self.assertFalse(account.is_superuser)
            self.assertFalse(account.has_perm("articles.review_article"))

    def test_types_no_password_of_another_person(self):
        before = User.objects.get(pk=self.editor.pk).password
        address = f"/admin/auth/user/{self.editor.pk}/password/"

        self.client.get(address)
        self.client.post(address, {"password1": "qwertz-12345-x", "password2": "qwertz-12345-x"})
        self.post(self.editor, password="pbkdf2_sha256$x", password1="y", password2="y")

        self.assertEqual(User.objects.get(pk=self.editor.pk).password, before)

    def test_gives_a_writers_role_at_once_and_asks_a_second_person_for_an_editors(self):
        names = Group.objects.in_bulk(field_name="name")
        answer = self.post(self.other, roles=[names[roles.LIBRARIAN].pk, names[roles.EDITOR].pk])

        self.assertEqual(roles_of(self.other), {roles.LIBRARIAN})
        self.assertContains(answer, "A second person has to agree to the role Editor")
        self.assertTrue(Notification.objects.filter(recipient=self.editor, kind="account").exists())

    def test_does_not_change_the_roles_of_the_one_who_fills_it_in(self):
        editors = Group.objects.get(name=roles.EDITOR)

        answer = self.post(self.administrator, roles=[editors.pk])

        self.assertContains(answer, "cannot change your own roles")
        self.assertEqual(roles_of(self.administrator), {roles.ADMINISTRATOR})

    def test_deletes_neither_an_editor_nor_its_own_account(self):
        for account in (self.editor, self.administrator):
            answer = self.client.post(f"/admin/auth/user/{account.pk}/delete/", {"post": "yes"})
            self.assertEqual(answer.status_code, 403)

    def test_makes_an_account_with_a_link_for_its_first_password(self):
        clinicians = Group.objects.get(name=roles.CLINICIAN)

        answer = self.client.post(
            "/admin/auth/user/add/",
            {"username": "new.person", "roles": [clinicians.pk], "is_active": "on"},
            follow=True,
        )

        made = User.objects.get(username="new.person")
        self.assertFalse(made.has_usable_password())
        self.assertEqual(roles_of(made), {roles.CLINICIAN})
        answer = self.client.get(self.address(made))
        self.assertContains(answer, passwords.first_link(made).rsplit("/", 2)[0])

    def test_of_a_superuser_is_for_superusers(self):
        superuser = a_superuser()

        answer = self.client.post(self.address(superuser), {"username": "mine"})

        self.assertEqual(answer.status_code, 403)
        with self.assertRaises(NotAllowed):
            access.change(superuser, wanted(superuser), by=self.administrator, at=NOON)


class Roles(TestCase):
    def test_are_neither_emptied_nor_renamed_nor_deleted_in_the_admin(self):
        role = Group.objects.get(name=roles.EDITOR)
        held = set(role.permissions.values_list("codename", flat=True))
        for account in (an_administrator(), a_superuser()):
            self.client.force_login(account)
            for address in (f"{role.pk}/change/", f"{role.pk}/delete/", "add/", ""):
                self.client.post(
                    f"/admin/auth/group/{address}",
                    {
                        "name": "x",
                        "permissions": [],
                        "post": "yes",
                        "action": "delete_selected",
                        "_selected_action": [role.pk],
                    },
                )
        role.refresh_from_db()
        self.assertEqual(role.name, roles.EDITOR)
        self.assertEqual(set(role.permissions.values_list("codename", flat=True)), held)
        self.assertFalse(Group.objects.filter(name="x").exists())

    def test_that_need_two_are_those_that_let_texts_go_out_or_give_roles(self):
        found = set(rights.roles_that_need_two().values_list("name", flat=True))

        self.assertEqual(found, {roles.EDITOR, roles.ADMINISTRATOR})


class ARequest(TestCase):
    def setUp(self):
        self.administrator, self.editor = an_administrator(), an_editor()
        self.account = a_clinician(email="casey@example.org")
        [self.request] = access.change(
            self.account,
            wanted(self.account, roles.CLINICIAN, roles.EDITOR),
            by=self.administrator,
            at=NOON,
        )

    def test_gives_nothing_until_a_second_person_agrees(self):
        self.assertEqual(roles_of(self.account), {roles.CLINICIAN})

        access.agree(self.request, by=self.editor, at=LATER)

        self.assertEqual(roles_of(self.account), {roles.CLINICIAN, roles.EDITOR})

    def test_is_not_agreed_to_by_who_asked_who_gets_it_or_who_may_not(self):
        for person in (self.administrator, self.account, a_clinician(), a_user(roles.LIBRARIAN)):
            with self.subTest(person=person), self.assertRaises(NotAllowed):
                access.agree(self.request, by=person, at=LATER)
        self.assertEqual(roles_of(self.account), {roles.CLINICIAN})

    def test_can_be_declined_and_taken_back_and_then_stays_so(self):
        access.turn_down(self.request, by=self.editor, at=LATER)

        with self.assertRaises(Refused):
            access.agree(self.request, by=self.editor, at=LATER)
        self.request.refresh_from_db()
        self.assertEqual(self.request.outcome, AccessRequest.Outcome.DECLINED)

    def test_falls_with_the_rights_of_who_asked(self):
        self.administrator.groups.clear()

        with self.assertRaises(Refused):
            access.agree(self.request, by=self.editor, at=LATER)

    def test_lapses_after_two_weeks_and_can_then_be_asked_again(self):
        late = NOON + AccessRequest.LASTS
        with self.assertRaisesMessage(Refused, "It can be asked again."):
            access.agree(self.request, by=self.editor, at=late)

        [again] = access.change(
            self.account,
            wanted(self.account, roles.CLINICIAN, roles.EDITOR),
            by=self.administrator,
            at=late,
        )
        access.agree(again, by=self.editor, at=late)

        self.assertNotEqual(again, self.request)
        self.assertIn(roles.EDITOR, roles_of(self.account))

    def test_is_closed_by_the_clock_and_who_asked_is_told(self):
        just_before = NOON + AccessRequest.LASTS - timedelta(seconds=1)
        self.assertEqual(list(jobs.let_requests_lapse(just_before)), [])

        self.assertEqual(len(list(jobs.let_requests_lapse(NOON + AccessRequest.LASTS))), 1)

        self.request.refresh_from_db()
        self.assertEqual(self.request.outcome, AccessRequest.Outcome.LAPSED)
        told = Notification.objects.filter(recipient=self.administrator, text__contains="in time")
        self.assertTrue(told.exists())
        self.assertTrue(AuditEntry.objects.filter(summary__startswith="lapsed").exists())

    def test_says_on_its_page_when_it_lapses(self):
        address = f"/admin/articles/accessrequest/{self.request.pk}/decide/"
        self.client.force_login(self.editor)
        AccessRequest.objects.update(asked_at=timezone.now())
        self.assertContains(self.client.get(address), "It lapses on")

        AccessRequest.objects.update(asked_at=timezone.now() - AccessRequest.LASTS)
        answer = self.client.get(address)
        self.assertContains(answer, "It has lapsed")
        self.assertNotContains(answer, "Yes, I agree")

    def test_is_asked_once(self):
        again = access.change(
            self.account,
            wanted(self.account, roles.CLINICIAN, roles.EDITOR),
            by=self.administrator,
            at=LATER,
        )

        self.assertEqual(again, [self.request])

    def test_has_a_page_where_only_the_second_person_has_the_button(self):
        AccessRequest.objects.update(asked_at=timezone.now())
        address = f"/admin/articles/accessrequest/{self.request.pk}/decide/"
        self.client.force_login(self.administrator)
        self.assertNotContains(self.client.get(address), "Yes, I agree")
        self.client.post(address, {"act": "agree"})
        self.assertEqual(roles_of(self.account), {roles.CLINICIAN})

        self.client.force_login(self.editor)
        self.assertContains(self.client.get(address), "Yes, I agree")
        self.client.post(address, {"act": "agree"})
        self.assertEqual(roles_of(self.account), {roles.CLINICIAN, roles.EDITOR})


class TheAddressOfAnEditor(TestCase):
    """Passwords go there, so it is as good as the account."""

    def setUp(self):
        self.administrator = an_administrator()
        self.editor = an_editor(email="eden@example.org")

    def change(self, account, **changed):
        names = roles_of(account)
        return access.change(
            account, wanted(account, *names, **changed), by=self.administrator, at=NOON
        )

    def test_waits_for_a_second_person(self):
        another = an_editor()
        [request] = self.change(self.editor, email="mine@example.net")
        self.editor.refresh_from_db()
        self.assertEqual(self.editor.email, "eden@example.org")

        access.agree(request, by=another, at=LATER)

        self.editor.refresh_from_db()
        self.assertEqual(self.editor.email, "mine@example.net")

    def test_of_a_closed_editor_waits_too(self):
        an_editor()
        self.editor.is_active = False
        self.editor.save()

        self.assertEqual(len(self.change(self.editor, email="mine@example.net")), 1)

    def test_of_a_writer_changes_at_once(self):
        writer = a_clinician(email="wren@example.org")

        self.assertEqual(self.change(writer, email="new@example.org"), [])
        writer.refresh_from_db()
        self.assertEqual(writer.email, "new@example.org")


class AChangeOfAnAccountWithPower(TestCase):
    def test_is_told_to_its_owner_and_to_the_other_administrators(self):
        administrator, other = an_administrator(), an_administrator()
        editor = an_editor()

        access.change(editor, wanted(editor), by=administrator, at=NOON)

        for person in (editor, other):
            [line] = Notification.objects.filter(recipient=person)
            self.assertIn("roles taken away: Editor", line.text)


class TheFirstPeopleOfASite(TestCase):
    def test_are_given_their_roles_without_a_second_person_for_there_is_none(self):
        superuser, account = a_superuser(), a_clinician()

        left = access.change(account, wanted(account, roles.EDITOR), by=superuser, at=NOON)

        self.assertEqual((left, roles_of(account)), ([], {roles.EDITOR}))


class ALinkToSetAPassword(TestCase):
    def setUp(self):
        self.administrator, self.other = an_administrator(), an_administrator()
        self.editor = an_editor(email="eden@example.org")

    def link(self):
        [message] = mail.outbox
        [line] = [line for line in message.body.splitlines() if line.startswith("http")]
        return line.split("/", 3)[3]

    def set_password(self, link, password=NEW):
        answer = self.client.get(f"/{link}", follow=True)
        return self.client.post(
            answer.request["PATH_INFO"], {"new_password1": password, "new_password2": password}
        )

    def test_goes_to_the_mail_of_the_account_and_works_once(self):
        self.client.force_login(self.administrator)
        self.client.post(f"/admin/auth/user/{self.editor.pk}/link/", follow=True)
        self.client.logout()
        self.assertEqual(mail.outbox[0].to, ["eden@example.org"])

        self.assertEqual(self.set_password(self.link()).status_code, 302)

        self.assertTrue(self.client.login(username=self.editor, password=NEW))
        self.client.logout()
        self.set_password(self.link(), "another horse 8 battery")
        self.assertFalse(
            self.client.login(username=self.editor, password="another horse 8 battery")
        )

    def test_is_told_to_its_owner_and_to_another_administrator(self):
        passwords.send_link(self.editor, by=self.administrator, at=NOON)

        for person in (self.editor, self.other):
            self.assertTrue(Notification.objects.filter(recipient=person).exists())
        [entry] = AuditEntry.objects.filter(act="password")
        self.assertEqual(entry.actor_id, self.administrator.pk)

    def test_to_hand_over_is_only_for_a_new_account_without_power(self):
        new = User.objects.create(username="new", is_staff=True)
        new.set_unusable_password()
        new.save()
        self.assertTrue(passwords.first_link(new))

        new.groups.add(Group.objects.get(name=roles.EDITOR))
        self.assertEqual(passwords.first_link(User.objects.get(pk=new.pk)), "")
        self.assertEqual(passwords.first_link(self.editor), "")

    def test_without_an_address_says_what_to_do(self):
        with self.assertRaisesRegex(Refused, "changepassword"):
            passwords.send_link(an_editor(), by=self.administrator, at=NOON)

    @override_settings(EMAIL_BACKEND="tests.accounts.no_mail.Backend")
    def test_that_the_mail_server_does_not_take_says_so(self):
        with self.assertRaisesRegex(Refused, "mail server"):
            passwords.send_link(self.editor, by=self.administrator, at=NOON)
        self.assertFalse(AuditEntry.objects.filter(act="password").exists())

    def test_is_asked_for_by_its_owner_and_the_answer_tells_nobody_who_has_an_account(self):
        known = self.client.post("/admin/password/forgotten/", {"email": "EDEN@example.org"})
        unknown = self.client.post("/admin/password/forgotten/", {"email": "nobody@example.org"})

        self.assertEqual(known.status_code, unknown.status_code)
        self.assertEqual(known.headers["Location"], unknown.headers["Location"])
        self.assertEqual(len(mail.outbox), 1)
        self.set_password(self.link())
        entry = AuditEntry.objects.filter(act="password").latest("pk")
        self.assertEqual(entry.actor_id, self.editor.pk)
