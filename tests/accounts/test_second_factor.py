"""A password alone lets nobody in: each account has an authenticator app and recovery codes."""

import io
import re
from binascii import unhexlify
from datetime import timedelta
from unittest import mock

from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.accounts import access, factor_links, logging_in, second_factors
from articles.demonstration import people
from articles.models import AccessRequest, AuditEntry, Notification, RememberedDevice
from articles.refusals import NotAllowed, Refused
from physiohub import roles
from tests.builders import NOON, a_clinician, a_superuser, a_user, an_editor
from tests.second_factor import CODE, LOG_IN, SET_UP, an_app, code_of, code_with, log_in

PASSWORD = "correct horse 7 battery"


def log_of(account):
    """What the audit log says of the second factor of `account`, the oldest first."""
    entries = AuditEntry.objects.filter(
        subject_name=account.username,
        act__in=[AuditEntry.Act.FACTOR, AuditEntry.Act.NOT_LET_IN],
    )
    return [entry.summary for entry in entries.order_by("pk")]


class WithAnAccount(TestCase):
    def setUp(self):
        self.wren = a_clinician(username="wren", password=PASSWORD, email="wren@example.org")

    def password(self, client=None, *, name="wren", password=PASSWORD, **more):
        data = {"username": name, "password": password, **more}
        return (client or self.client).post(LOG_IN, data)

    def is_in(self, client=None):
        return (client or self.client).get("/admin/your-log-ins/").status_code == 200


class AFirstLogIn(WithAnAccount):
    def key(self):
        return unhexlify(self.client.session["half log-in"]["key"])

    def test_leads_to_an_app_and_recovery_codes_before_anything_else(self):
        answer = self.password(next="/admin/articles/article/")
        self.assertRedirects(answer, SET_UP)
        self.assertFalse(self.is_in())
        page = self.client.get(SET_UP)
        self.assertContains(page, '<path class="ink" d="M')
        [typed] = re.findall(r'id="factor-key" dir="ltr">([A-Z2-7 ]+)<', page.content.decode())
        self.assertEqual(typed.replace(" ", ""), second_factors.key_in_words(self.key().hex()))

        answer = self.client.post(SET_UP, {"code": code_with(self.key())})

        codes = re.findall(r"<code>(\d{4} \d{4} \d{4})</code>", answer.content.decode())
        self.assertEqual(len(set(codes)), 10)
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertContains(answer, 'href="/admin/articles/article/"')
        self.assertTrue(self.is_in())
        self.assertEqual(
            log_of(self.wren), ["began to set up an app", "app set up", "new recovery codes"]
        )
        actors = AuditEntry.objects.filter(act=AuditEntry.Act.FACTOR).values_list("actor_id")
        self.assertEqual(set(actors), {(self.wren.pk,)})

    def test_shows_the_recovery_codes_only_once(self):
        self.password()
        self.client.get(SET_UP)
        sent = {"code": code_with(self.key())}
        self.client.post(SET_UP, sent)

        self.assertRedirects(self.client.post(SET_UP, sent), LOG_IN, target_status_code=302)
        self.assertEqual(TOTPDevice.objects.count(), 1)

    def test_keeps_nothing_after_a_wrong_code(self):
        self.password()
        self.client.get(SET_UP)
        key = self.key()
        self.assertContains(self.client.post(SET_UP, {"code": "000000"}), "not right")

        self.assertFalse(TOTPDevice.objects.exists())
        self.assertFalse(self.is_in())
        self.assertEqual(self.key(), key)

    def test_makes_no_second_app_where_two_began_at_once(self):
        other = Client()
        for client in (self.client, other):
            self.password(client)
            client.get(SET_UP)
        self.client.post(SET_UP, {"code": code_with(self.key())})

        theirs = unhexlify(other.session["half log-in"]["key"])
        other.post(SET_UP, {"code": code_with(theirs)})

        self.assertEqual(TOTPDevice.objects.get().key, self.app_key())
        self.assertFalse(self.is_in(other))

    def app_key(self):
        return TOTPDevice.objects.order_by("pk").first().key


class ALogInWithAnApp(WithAnAccount):
    def setUp(self):
        super().setUp()
        self.app = an_app(self.wren)

    def code(self, code, client=None):
        return (client or self.client).post(CODE, {"code": code})

    def test_needs_password_and_code_and_gets_a_new_session(self):
        self.assertRedirects(self.password(next="/admin/articles/article/"), CODE)
        before = self.client.session.session_key
        self.assertFalse(self.is_in())
        page = self.client.get(CODE).content.decode()
        self.assertIn('autocomplete="one-time-code"', page)
        self.assertIn('inputmode="numeric"', page)

        answer = self.code(code_of(self.app))

        self.assertEqual(answer["Location"], "/admin/articles/article/")
        self.assertTrue(self.is_in())
        self.assertNotEqual(self.client.session.session_key, before)

    def test_takes_a_code_only_once(self):
        code = code_of(self.app)
        self.password()
        self.assertEqual(self.code(code).status_code, 302)
        other = Client()
        self.password(other)

        self.assertContains(self.code(code, other), "used already")
        self.assertFalse(self.is_in(other))
        self.code(code_of(self.app, later=1), other)
        self.assertTrue(self.is_in(other))
        self.assertTrue(self.is_in(), "A log-in elsewhere ends none.")

    def test_takes_a_recovery_code_once_and_tells_its_owner(self):
        [code, *_others] = second_factors.make_recovery_codes(self.wren)
        self.password()
        answer = self.client.post(CODE, {"code": f"{code[:4]} {code[4:8]}-{code[8:]}"}, follow=True)

        self.assertContains(answer, "9 are left")
        self.assertTrue(self.is_in())
        self.assertIn("A recovery code of", Notification.objects.get().text)
        self.assertIn("recovery code used", log_of(self.wren))
        self.client.logout()
        self.password()
        self.assertContains(self.code(code), "not right")

    def test_keeps_no_recovery_code_as_it_is(self):
        codes = second_factors.make_recovery_codes(self.wren)

        kept = " ".join(StaticToken.objects.values_list("token", flat=True))
        self.assertFalse([code for code in codes if code in kept])

    def test_takes_neither_the_recovery_codes_nor_the_app_of_a_colleague(self):
        casey = a_clinician(username="casey", password=PASSWORD)
        [theirs, *_others] = second_factors.make_recovery_codes(casey)
        second_factors.make_recovery_codes(self.wren)
        self.password()

        for code in (theirs, code_of(an_app(casey)), "", "1" * 12, "x" * 40, "٣" * 6, "-1"):
            with self.subTest(code):
                self.assertEqual(self.code(code).status_code, 200)
        self.assertFalse(self.is_in())

    def test_looks_at_no_eleventh_code_and_tells_the_owner(self):
        self.password()
        for _ in range(10):
            self.code("000000")
        answer = self.code(code_of(self.app))

        self.assertContains(answer, "Too many wrong", status_code=429)
        self.assertGreater(int(answer["Retry-After"]), 0)
        self.assertEqual(self.password().status_code, 429)
        self.assertEqual(log_of(self.wren), ["app set up", *["wrong code"] * 10])
        self.assertIn("Somebody knows the password", Notification.objects.get().text)

    def test_ends_half_way_after_ten_minutes_and_with_a_new_password(self):
        self.password()
        later = timezone.now() + logging_in.WITHIN + timedelta(seconds=1)
        with mock.patch("articles.admin.accounts.second_factor.timezone.now", return_value=later):
            self.assertRedirects(self.code(code_of(self.app)), LOG_IN)
        self.password()
        self.wren.set_password("another horse 8 battery")
        self.wren.save()
        self.assertRedirects(self.code(code_of(self.app)), LOG_IN)

    def test_leads_to_no_new_app_without_a_link(self):
        self.password()
        self.assertRedirects(self.client.get(SET_UP), LOG_IN)

    def test_goes_to_no_other_site(self):
        self.password(next="https://evil.example/")
        self.assertEqual(self.code(code_of(self.app))["Location"], "/admin/")

    @override_settings(SECOND_FACTOR=False)
    def test_needs_no_code_where_the_site_is_reached_by_this_machine_alone(self):
        self.assertRedirects(self.password(), "/admin/")


class EveryAddressOfStaff(WithAnAccount):
    """All that is for staff is below /admin/, and one middleware stands before all of it."""

    #: Where somebody goes on who showed a password.
    NEXT = {"second_factor_code", "second_factor_set_up"}

    def addresses(self, resolver=None, prefix="/"):
        """(name, an address) of every pattern."""
        for entry in (resolver or get_resolver()).url_patterns:
            route = getattr(entry.pattern, "_route", None)
            if route is None:  # the admin's last one, for addresses it does not know
                route = "nothing-there"
            address = prefix + re.sub(r"<[^>]+>", "1", route)
            if isinstance(entry, URLPattern):
                yield entry.name or address, address
            else:
                yield from self.addresses(entry, address)

    def test_is_closed_to_a_password_alone_and_to_a_log_in_half_way(self):
        an_app(self.wren)
        self.wren.is_superuser = True
        self.wren.save()
        stranger, half, alone, closed = Client(), Client(), Client(), 0
        self.password(half)
        alone.force_login(self.wren)
        session = alone.session
        del session["second factor"]
        for name, address in self.addresses():
            if not address.startswith("/admin/") or name in self.NEXT:
                continue
            with self.subTest(name):
                session.create()  # each address ended the last one
                alone.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
                wanted = stranger.get(address)
                closed += wanted.get("Location", "").startswith(LOG_IN)
                for client in (half, alone):
                    answer = client.get(address)
                    self.assertEqual(answer.status_code, wanted.status_code, address)
                    self.assertEqual(answer.get("Location"), wanted.get("Location"), address)
        self.assertGreater(closed, 250)

    def test_is_below_admin(self):
        """What is not there looks at no account: it answers a colleague as it does anybody."""
        self.client.force_login(a_superuser())
        reader = Client()
        for name, address in self.addresses():
            if not address.startswith("/admin/"):
                with self.subTest(name):
                    answers = [client.get(address).status_code for client in (self.client, reader)]
                    self.assertEqual(answers[0], answers[1], address)

    def test_of_django_otp_is_not_there(self):
        self.client.force_login(a_superuser())
        for app in ("otp_totp/totpdevice", "otp_static/staticdevice"):
            self.assertEqual(self.client.get(f"/admin/{app}/").status_code, 404)


class OnesOwnPage(WithAnAccount):
    ADDRESS = "/admin/second-factor/"

    def setUp(self):
        super().setUp()
        self.app = an_app(self.wren)
        self.old = second_factors.make_recovery_codes(self.wren)
        self.elsewhere = Client()
        self.elsewhere.force_login(self.wren)
        log_in(self.client, self.wren, PASSWORD, app=self.app)

    def test_makes_new_recovery_codes_for_a_code(self):
        self.assertContains(self.client.get(self.ADDRESS), "10 recovery codes are left")
        answer = self.client.post(self.ADDRESS, {"code": "000000", "act": "codes"})
        self.assertContains(answer, "not right")
        answer = self.client.post(self.ADDRESS, {"code": self.old[0], "act": "codes"})

        self.assertEqual(len(re.findall(r"<code>[\d ]+</code>", answer.content.decode())), 10)
        self.assertFalse(second_factors.is_right(self.wren, self.old[1]))
        self.assertTrue(self.is_in(self.elsewhere))

    def test_sets_up_another_phone_for_a_code_and_ends_all_other_log_ins(self):
        answer = self.client.post(self.ADDRESS, {"code": code_of(self.app, later=1), "act": "app"})
        self.assertRedirects(answer, SET_UP)
        key = unhexlify(self.client.session["half log-in"]["key"])
        answer = self.client.post(SET_UP, {"code": code_with(key)})

        self.assertContains(answer, "Your recovery codes")
        self.assertEqual(TOTPDevice.objects.get().key, key.hex())
        self.assertTrue(self.is_in())
        self.assertFalse(self.is_in(self.elsewhere))
        self.assertIn("app taken away", log_of(self.wren))

    def test_sets_up_no_other_phone_without_a_code(self):
        self.client.post(self.ADDRESS, {"code": "000000", "act": "app"})
        self.assertRedirects(self.client.get(SET_UP), LOG_IN, target_status_code=302)


@override_settings(REMEMBER_DEVICE_DAYS=7)
class ARememberedDevice(WithAnAccount):
    def setUp(self):
        super().setUp()
        self.app = an_app(self.wren)
        self.password()
        self.client.post(CODE, {"code": code_of(self.app), "remember": "on"})

    def again(self):
        """Where a new log-in in the same browser leads."""
        cookie = self.client.cookies[f"device-{self.wren.pk}"].value
        self.client = Client()
        self.client.cookies[f"device-{self.wren.pk}"] = cookie
        return self.password()["Location"]

    def test_is_asked_for_no_code(self):
        self.assertEqual(self.again(), "/admin/")
        self.assertTrue(self.is_in())
        self.assertIn("asked for no code here: unknown browser", log_of(self.wren))

    def test_is_asked_again_when_anything_it_is_bound_to_is_another(self):
        self.assertEqual(self.again(), "/admin/")
        app = TOTPDevice.objects.get()
        for field, value in (("key", "ab" * 20), ("user", self.wren)):
            setattr(app, field, value)
        app.save()
        self.assertEqual(self.again(), CODE)

    def test_is_asked_again_after_a_new_password(self):
        self.wren.set_password("another horse 8 battery")
        self.wren.save()
        cookie = self.client.cookies[f"device-{self.wren.pk}"].value
        other = Client()
        other.cookies[f"device-{self.wren.pk}"] = cookie
        answer = self.password(other, password="another horse 8 battery")
        self.assertEqual(answer["Location"], CODE)

    def test_is_asked_again_after_the_time_and_without_the_setting(self):
        later = timezone.now() + timedelta(days=7, seconds=1)
        with mock.patch("articles.accounts.admin_site.timezone.now", return_value=later):
            self.assertEqual(self.again(), CODE)
        with self.settings(REMEMBER_DEVICE_DAYS=0):
            self.assertEqual(self.again(), CODE)

    def test_is_no_device_of_a_colleague_and_no_altered_cookie(self):
        casey = a_clinician(username="casey", password=PASSWORD)
        an_app(casey)
        cookie = self.client.cookies[f"device-{self.wren.pk}"].value
        other = Client()
        other.cookies[f"device-{casey.pk}"] = cookie
        self.assertEqual(self.password(other, name="casey")["Location"], CODE)
        self.client.cookies[f"device-{self.wren.pk}"] = cookie[:-2] + "xx"
        self.assertEqual(self.again(), CODE)

    def test_is_forgotten_by_its_owner_alone(self):
        device = RememberedDevice.objects.get()
        colleague = Client()
        colleague.force_login(a_clinician())
        colleague.post("/admin/your-log-ins/", {"device": device.pk})
        self.assertTrue(RememberedDevice.objects.exists())
        self.assertContains(self.client.get("/admin/your-log-ins/"), f'value="{device.pk}"')

        self.client.post("/admin/your-log-ins/", {"device": device.pk})

        self.assertEqual(self.again(), CODE)
        self.assertIn("asked for a code again: unknown browser", log_of(self.wren))


class ALostPhone(WithAnAccount):
    def setUp(self):
        super().setUp()
        self.app = an_app(self.wren)
        self.administrator = a_user(roles.ADMINISTRATOR, email="ada@example.org")
        self.other = an_editor()

    def send(self, account=None, by=None):
        return access.send_factor_link(
            account or self.wren, by=by or self.administrator, at=timezone.now()
        )

    def link(self):
        [link] = re.findall(r"https?://[^/]+(/admin/second-factor/\S+)", mail.outbox[-1].body)
        return link

    def test_is_replaced_by_a_link_in_ones_own_mail_and_the_password(self):
        elsewhere = Client()
        elsewhere.force_login(self.wren)
        page = f"/admin/auth/user/{self.wren.pk}/"
        self.client.force_login(self.administrator)
        self.client.post(page + "second-factor/")
        self.assertEqual(mail.outbox[-1].to, ["wren@example.org"])
        self.assertIn("sent a link to set up a new one", log_of(self.wren))
        told = Notification.objects.filter(recipient=self.wren, text__contains="sent a link")
        self.assertTrue(told.exists())

        person = Client()
        self.assertRedirects(person.get(self.link()), LOG_IN)
        self.assertFalse(self.is_in(person))
        self.assertRedirects(self.password(person), SET_UP)
        key = unhexlify(person.session["half log-in"]["key"])
        person.post(SET_UP, {"code": code_with(key)})

        self.assertTrue(self.is_in(person))
        self.assertFalse(self.is_in(elsewhere))
        self.assertEqual(TOTPDevice.objects.get().key, key.hex())
        again = Client()
        again.get(self.link())
        self.assertRedirects(self.password(again), CODE)

    def test_is_not_replaced_by_the_link_of_a_colleague(self):
        self.send()
        casey = a_clinician(username="casey", password=PASSWORD)
        an_app(casey)
        self.client.get(self.link())
        self.assertRedirects(self.password(name="casey"), CODE)

    def test_keeps_its_app_until_another_is_set_up(self):
        self.send()
        person = Client()
        person.get(self.link())
        self.password(person)
        self.assertEqual(TOTPDevice.objects.get(), self.app)

    def test_of_an_editor_takes_two_people(self):
        editor = an_editor(email="eden@example.org")
        an_app(editor)
        asked = self.send(editor)
        self.assertEqual(mail.outbox, [])
        self.assertEqual(self.send(editor), asked)
        for nobody in (self.administrator, editor, self.wren):
            with self.subTest(nobody), self.assertRaises(NotAllowed):
                access.agree(asked, by=nobody, at=NOON)

        access.agree(asked, by=self.other, at=timezone.now())

        self.assertEqual([message.to for message in mail.outbox], [["eden@example.org"]])

    def test_of_an_editor_may_wait_beside_a_new_address(self):
        editor = an_editor(email="eden@example.org")
        an_app(editor)
        asked = self.send(editor)
        wanted = access.Wanted(
            editor.username, "Eden", "", "new@example.org", list(editor.groups.all())
        )
        [other] = access.change(editor, wanted, by=self.administrator, at=NOON)
        self.assertEqual(
            {asked.wanted, other.wanted},
            {
                "a link to set up a new second factor",
                "the e-mail address new@example.org",
            },
        )

    def test_is_not_decided_where_the_mail_server_takes_nothing(self):
        editor = an_editor(email="eden@example.org")
        an_app(editor)
        asked = self.send(editor)
        with (
            self.settings(EMAIL_BACKEND="tests.accounts.no_mail.Backend"),
            self.assertRaises(Refused),
        ):
            access.agree(asked, by=self.other, at=timezone.now())
        self.assertTrue(AccessRequest.objects.get(pk=asked.pk).is_open)

    def test_is_nothing_a_clinician_or_its_owner_sends_a_link_for(self):
        an_app(self.administrator)
        for account, by in ((self.wren, a_clinician()), (self.administrator, self.administrator)):
            with self.assertRaises(NotAllowed):
                self.send(account, by)
        with self.assertRaisesMessage(Refused, "no second factor yet"):
            self.send(a_clinician(email="x@example.org"))

    def test_is_reset_on_the_server_and_everybody_concerned_is_told(self):
        self.client.force_login(self.wren)
        with mock.patch("builtins.input", return_value="casey"), self.assertRaises(CommandError):
            call_command("reset_second_factor", "wren", verbosity=0)
        self.assertTrue(self.is_in())

        with self.captureOnCommitCallbacks(execute=True):
            call_command("reset_second_factor", "wren", "--yes", verbosity=0)

        self.assertFalse(self.is_in())
        self.assertFalse(TOTPDevice.objects.exists())
        self.assertIn("reset on the server; the next log-in sets up another", log_of(self.wren))
        self.assertEqual(
            {message.to[0] for message in mail.outbox}, {"wren@example.org", "ada@example.org"}
        )
        self.assertRedirects(self.password(), SET_UP)
        with self.assertRaises(CommandError):
            call_command("reset_second_factor", "wren", "--yes", verbosity=0)

    def test_has_no_link_that_works_after_its_owner_logged_in(self):
        self.send()
        log_in(Client(), self.wren, PASSWORD, app=self.app)
        self.assertIsNone(factor_links.account_with(*self.link().strip("/").split("/")[-2:]))


class TheDemonstration(TestCase):
    def test_tells_codes_of_its_own_people_alone(self):
        drawn = people.add(new_passwords=False)
        name, password, _role = drawn[0]
        for _ in range(2):  # the second within the same half minute
            self.client.post(LOG_IN, {"username": name, "password": password})
            printed = io.StringIO()
            call_command("demo_code", name, stdout=printed)
            answer = self.client.post(CODE, {"code": printed.getvalue()})
            self.assertEqual(answer["Location"], "/admin/")
            self.client.logout()
        with self.assertRaisesMessage(people.NoCode, "half a minute"):
            people.code_for(name)
        an_app(a_clinician(username="wren"))
        for nobody in ("wren", "nobody"):
            with self.assertRaises(people.NoCode):
                people.code_for(nobody)
        with self.assertRaises(CommandError):
            call_command("demo_code", "wren")
