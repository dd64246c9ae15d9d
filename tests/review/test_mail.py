"""E-mail: what waits goes out once, by everybody's choice.

A mail server that is away, slow or rude loses nothing.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from unittest import mock

from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections
from django.test import SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django_tasks_db.models import DBTaskResult

from articles import checks
from articles.admin import dashboard
from articles.models import Delivery, MailOutage, Notification
from articles.notifications import email, inbox
from articles.publishing import jobs
from physiohub import roles
from tests.builders import a_clinician, a_draft, a_user

MORNING = datetime(2026, 3, 1, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def a_reader(how=None, **fields):
    """Somebody with an address, told in the way `how`."""
    user = a_user(**{"email": "sam@clinic.example", **fields})
    if how:
        email.set_delivery(user, how)
    return user


def told(*people, text="Dana asks for changes in “Needles”.", at=MORNING):
    inbox.notify(people, "decision", text, at=at, address="/admin/")


def not_mailed():
    return Notification.objects.filter(mailed_at=None).count()


class Server:
    """A mail server on loopback that keeps what it takes.

    `refuse` are addresses it does not want.
    """

    def __init__(self, refuse=(), hang_on=None):
        self.taken, self.refuse, self.hang_on = [], refuse, hang_on
        self.reached = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refuse:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.reached.set()
        if self.hang_on:
            await asyncio.sleep(self.hang_on)
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"

    @contextlib.contextmanager
    def running(self):
        controller = Controller(self, hostname="127.0.0.1", port=_free_port())
        controller.start()
        try:
            with override_settings(**smtp_at(controller.port)):
                yield self
        finally:
            controller.stop()


def smtp_at(port, timeout=2):
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_TIMEOUT": timeout,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
    }


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def a_server_that_says_nothing():
    """Takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        with override_settings(**smtp_at(listening.getsockname()[1], timeout=1)):
            yield


def mail_is_down():
    return override_settings(**smtp_at(_free_port()))


class ADigest(TestCase):
    def test_lists_what_was_not_read_with_addresses_that_lead_there(self):
        person = a_reader(first_name="Sam", last_name="Osei")
        told(person)
        told(person, text="Second\nline.")
        inbox.mark_read(Notification.objects.filter(text__startswith="Dana"), at=MORNING)
        told(person, text="Third.")

        self.assertEqual(email.send_waiting(at=MORNING), 1)

        message = mail.outbox[0]
        self.assertEqual(message.to, ["sam@clinic.example"])
        self.assertEqual(message.subject, "PhysioHub: 2 things to read")
        self.assertNotIn("Dana", message.body)
        self.assertIn("Hello Sam Osei,", message.body)
        third = Notification.objects.get(text="Third.")
        self.assertIn(
            f"Third.\nhttp://127.0.0.1:8000/admin/articles/notification/inbox/{third.pk}/",
            message.body,
        )
        self.assertIn("Second line.", message.body)
        self.assertEqual(message.extra_headers["Auto-Submitted"], "auto-generated")
        self.assertEqual(message.content_subtype, "plain")

    def test_goes_out_once_a_day_from_the_hour_on_that_is_set(self):
        person = a_reader()
        told(person)
        self.assertEqual(email.send_waiting(at=MORNING.replace(hour=6, minute=59)), 0)
        self.assertEqual(email.send_waiting(at=MORNING.replace(hour=7)), 1)
        told(person)
        self.assertEqual(email.send_waiting(at=MORNING + MINUTE), 0)
        self.assertEqual(email.send_waiting(at=MORNING + DAY), 1)
        self.assertEqual(email.send_waiting(at=MORNING + 2 * DAY), 0)

    def test_goes_out_though_the_clock_was_set_back_a_year(self):
        person = a_reader()
        told(person)
        email.send_waiting(at=MORNING + 365 * DAY)
        told(person)

        self.assertEqual(email.send_waiting(at=MORNING), 1)

    @override_settings(DIGEST_HOUR=7, TIME_ZONE="Asia/Tokyo")
    def test_keeps_the_hours_of_the_clinic(self):
        told(a_reader())
        self.assertEqual(email.send_waiting(at=datetime(2026, 3, 1, 21, 59, tzinfo=UTC)), 0)
        self.assertEqual(email.send_waiting(at=datetime(2026, 3, 1, 22, 1, tzinfo=UTC)), 1)

    def test_goes_to_nobody_who_does_not_want_it_has_no_address_or_left(self):
        told(a_reader("never"), a_reader(email=""), a_reader(is_active=False))

        self.assertEqual(email.send_waiting(at=MORNING), 0)
        self.assertEqual(mail.outbox, [])

    def test_says_how_many_more_there_are(self):
        person = a_reader()
        for number in range(email.MOST_LINES + 3):
            told(person, text=f"Line {number}.")
        email.send_waiting(at=MORNING)

        self.assertIn("And 3 more in your inbox.", mail.outbox[0].body)
        self.assertEqual(not_mailed(), 0)


class BeingToldAtOnce(TestCase):
    def act(self, *people, text="Now."):
        with self.captureOnCommitCallbacks(execute=True):
            told(*people, text=text)

    def test_is_mailed_as_soon_as_the_act_is_through(self):
        # The task takes the clock as it is; what it was told at does not matter.
        self.act(a_reader("at_once"), a_reader("daily"), a_reader("never"), a_reader())

        self.assertEqual(len(mail.outbox), 1)
        self.assertEqual(not_mailed(), 3)

    def test_does_not_fail_the_act_when_mail_is_down(self):
        person = a_reader("at_once")
        with mail_is_down(), self.assertLogs("articles.notifications.email", "WARNING") as said:
            self.act(person)
            self.act(person)

        self.assertEqual(len(said.records), 1)
        self.assertEqual(not_mailed(), 2)

    def test_does_not_hold_up_the_act_for_long_when_mail_hangs(self):
        people = [a_reader("at_once") for _ in range(5)]
        begun = time.monotonic()
        with (
            a_server_that_says_nothing(),
            self.assertLogs("articles.notifications.email", "WARNING"),
        ):
            self.act(*people)

        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(not_mailed(), 5)
        self.assertEqual(MailOutage.objects.get().tries, 1)

    def test_does_not_hold_up_the_act_for_long_when_mail_is_slow(self):
        people = [a_reader("at_once", email=f"reader{n}@clinic.example") for n in range(8)]
        begun = time.monotonic()
        with (
            Server(hang_on=0.6).running() as server,
            mock.patch.object(email, "SECONDS_AT_ONCE", 1),
        ):
            self.act(*people)

        self.assertLess(time.monotonic() - begun, 6)
        self.assertLess(len(server.taken), 8)
        self.assertEqual(not_mailed(), 8 - len(server.taken))
        email.send_waiting(at=MORNING)
        self.assertEqual(not_mailed(), 0)

    def test_is_chosen_on_a_page_of_ones_own(self):
        person = a_reader()
        self.client.force_login(person)
        address = "/admin/articles/notification/inbox/how/"
        self.assertContains(self.client.get(address), "Your address is sam@clinic.example")

        self.client.post(address, {"how": "at_once"})

        self.assertEqual(email.delivery_of(person), "at_once")
        self.assertContains(
            self.client.get("/admin/articles/notification/inbox/"), "E-mail comes at once."
        )


class MailThatIsDown(TestCase):
    def test_is_tried_again_after_longer_and_longer_and_loses_nothing_and_sends_nothing_twice(self):
        told(a_reader(), a_reader(email="dana@clinic.example"))
        with mail_is_down(), self.assertLogs("articles.notifications.email", "WARNING") as said:
            now = MORNING
            for tries, minutes in ((1, 1), (2, 2), (3, 4), (4, 8)):
                self.assertEqual(email.send_waiting(at=now), 0)
                outage = MailOutage.objects.get()
                self.assertEqual((outage.tries, outage.again_at - now), (tries, minutes * MINUTE))
                email.send_waiting(at=now + MINUTE / 2)
                self.assertEqual(MailOutage.objects.get().tries, tries)
                now = outage.again_at
        self.assertEqual(len(said.records), 1)
        self.assertEqual(not_mailed(), 2)

        with (
            Server().running() as server,
            self.assertLogs("articles.notifications.email", "WARNING"),
        ):
            self.assertEqual(email.send_waiting(at=now), 2)
            self.assertEqual(email.send_waiting(at=now + DAY), 0)

        self.assertEqual(len(server.taken), 2)
        self.assertFalse(MailOutage.objects.exists())

    def test_is_never_waited_for_longer_than_an_hour(self):
        told(a_reader())
        MailOutage.objects.create(pk=1, since=MORNING, tries=40, again_at=MORNING, said="x")
        with mail_is_down():
            email.send_waiting(at=MORNING)

        self.assertEqual(MailOutage.objects.get().again_at, MORNING + 60 * MINUTE)

    def test_is_tried_at_once_when_the_clock_was_set_back(self):
        told(a_reader())
        MailOutage.objects.create(pk=1, since=MORNING, again_at=MORNING + 365 * DAY, said="x")

        with self.assertLogs("articles.notifications.email", "WARNING"):
            self.assertEqual(email.send_waiting(at=MORNING), 1)

    def test_is_told_to_the_operator_by_the_check_and_on_the_desk(self):
        self.assertEqual(checks.mail_goes_out(None), [])
        told(a_reader(), a_reader(email=""), a_reader("never"))
        with mail_is_down(), self.assertLogs("articles.notifications.email", "WARNING"):
            email.send_waiting(at=MORNING)

        [warning] = checks.mail_goes_out(None)
        self.assertIn(
            "1 message waits to be sent since 1 March 2026, 09:00: the mail server takes none",
            warning.msg,
        )
        administrator = a_user(roles.ADMINISTRATOR)
        self.assertEqual(dashboard.dashboard_of(administrator, on=MORNING.date()).mail, warning.msg)
        self.client.force_login(administrator)
        self.assertContains(self.client.get("/admin/"), "1 message waits to be sent")
        self.assertEqual(self.client.get("/admin/articles/delivery/").status_code, 200)
        self.assertEqual(dashboard.dashboard_of(a_clinician(), on=MORNING.date()).mail, "")

    def test_leaves_the_inbox_alone(self):
        person = a_reader()
        told(person)
        with mail_is_down(), self.assertLogs("articles.notifications.email", "WARNING"):
            email.send_waiting(at=MORNING)

        self.assertEqual(inbox.unread(person).count(), 1)


class AnAccountWithoutAnAddress(TestCase):
    def test_is_named_on_the_desk_of_administrators_once_something_waits_for_it(self):
        person, administrator = (
            a_clinician(email=""),
            a_user(roles.ADMINISTRATOR, email="ada@clinic.example"),
        )
        self.assertEqual(
            dashboard.dashboard_of(administrator, on=MORNING.date()).without_address, []
        )
        told(person)

        self.assertEqual(
            dashboard.dashboard_of(administrator, on=MORNING.date()).without_address, [person]
        )
        self.assertEqual(dashboard.dashboard_of(administrator, on=MORNING.date()).without_role, [])


class AnAddressThatIsRefused(TestCase):
    def test_does_not_hold_up_the_others_and_waits_by_itself(self):
        bad, good = a_reader(email="bad@clinic.example"), a_reader(email="good@clinic.example")
        told(bad, good)
        with Server(refuse=["bad@clinic.example"]).running() as server:
            with self.assertLogs("articles.notifications.email", "WARNING") as said:
                self.assertEqual(email.send_waiting(at=MORNING), 1)
                email.send_waiting(at=MORNING + MINUTE / 2)
                self.assertEqual(Delivery.objects.get(user=bad).tries, 1)
                email.send_waiting(at=MORNING + MINUTE)

            self.assertEqual(len(said.records), 1)
            self.assertNotIn("bad@clinic", said.records[0].getMessage().split("account")[0])
            self.assertEqual(Delivery.objects.get(user=bad).tries, 2)
            self.assertIn("no such mailbox", Delivery.objects.get(user=bad).said)
            self.assertFalse(MailOutage.objects.exists())

            server.refuse = []
            self.assertEqual(email.send_waiting(at=MORNING + 10 * MINUTE), 1)
        self.assertEqual(
            [to for to, _ in server.taken], [["good@clinic.example"], ["bad@clinic.example"]]
        )
        self.assertEqual(Delivery.objects.get(user=bad).tries, 0)

    def test_that_is_none_at_all_waits_too(self):
        told(a_reader(email="a@b\nBcc: all@clinic.example"), a_reader(email="good@clinic.example"))
        with self.assertLogs("articles.notifications.email", "WARNING"):
            self.assertEqual(email.send_waiting(at=MORNING), 1)
        self.assertEqual([message.to for message in mail.outbox], [["good@clinic.example"]])


class ARoundTrip(TestCase):
    def test_over_smtp_arrives_as_it_was_written(self):
        told(a_reader(), text="“Nadeln” – Ünal fragt.")
        with Server().running() as server:
            email.send_waiting(at=MORNING)

        [(recipients, content)] = server.taken
        self.assertEqual(recipients, ["sam@clinic.example"])
        message = message_from_bytes(content, policy=policy.default)
        self.assertEqual(message["From"], settings.DEFAULT_FROM_EMAIL)
        self.assertEqual(message.get_content_type(), "text/plain")
        self.assertIn("“Nadeln” – Ünal fragt.", message.get_content())
        self.assertEqual(not_mailed(), 0)

    def test_that_ends_after_the_text_was_given_counts_as_not_sent(self):
        told(a_reader())
        slow, logs = (
            Server(hang_on=5).running(),
            self.assertLogs("articles.notifications.email", "WARNING"),
        )
        with slow, logs, override_settings(EMAIL_TIMEOUT=1):
            self.assertEqual(email.send_waiting(at=MORNING), 0)
        self.assertEqual(not_mailed(), 1)


class TwoSendersAtOnce(TransactionTestCase):
    def test_send_everything_once(self):
        people = [a_reader(email=f"reader{number}@clinic.example") for number in range(4)]
        told(*people)
        sent, start = [], threading.Barrier(3)

        def send():
            try:
                start.wait(10)
                sent.append(email.send_waiting(at=MORNING))
            finally:
                connections.close_all()

        with Server(hang_on=0.1).running() as server:
            threads = [threading.Thread(target=send) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)

        self.assertEqual(sum(sent), 4)
        self.assertEqual(
            sorted(to for [to], _ in server.taken), [person.email for person in people]
        )
        self.assertEqual(not_mailed(), 0)

    def test_do_not_hold_a_transaction_open_while_the_server_talks(self):
        told(a_reader())
        server = Server(hang_on=1)
        with server.running():
            thread = threading.Thread(
                target=lambda: (email.send_waiting(at=MORNING), connections.close_all())
            )
            thread.start()
            self.assertTrue(server.reached.wait(10))
            begun = time.monotonic()
            a_draft()  # somebody writes meanwhile
            self.assertLess(time.monotonic() - begun, 0.9)
            thread.join(20)
        self.assertEqual(not_mailed(), 0)

    def test_one_of_whom_died_leaves_the_rest_to_the_other_after_a_while(self):
        person = a_reader()
        told(person)
        self.assertTrue(email._lease(person, MORNING))

        self.assertEqual(email.send_waiting(at=MORNING + MINUTE), 0)
        # A clock that runs a little behind takes nothing from who has it.
        self.assertEqual(email.send_waiting(at=MORNING - MINUTE), 0)
        self.assertEqual(email.send_waiting(at=MORNING + 3 * MINUTE), 1)


class AWorkerKilledWhileSending(TransactionTestCase):
    """manage.py db_worker, a process of its own, over a real mail server."""

    def worker(self, port):
        return subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay"],
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "TASKS": "database",
                "EMAIL_URL": f"smtp://127.0.0.1:{port}?timeout=30",
            },
        )

    def test_loses_nothing(self):
        person = a_reader("at_once")
        with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            told(person)
        self.assertEqual(DBTaskResult.objects.get().status, "READY")
        server = Server(hang_on=30)
        controller = Controller(server, hostname="127.0.0.1", port=_free_port())
        controller.start()
        self.addCleanup(controller.stop)

        worker = self.worker(controller.port)
        reached = server.reached.wait(60)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)

        self.assertTrue(reached, "the worker never came to send")
        self.assertEqual(DBTaskResult.objects.get().status, "RUNNING")
        self.assertEqual(not_mailed(), 1)

        server.hang_on = None
        later = datetime.now(UTC) + timedelta(hours=1)
        list(jobs.tend_tasks(later))
        self.assertEqual(DBTaskResult.objects.get().status, "READY")
        Delivery.objects.update(
            claimed_until=datetime.now(UTC) - MINUTE
        )  # the claim ran out meanwhile
        self.assertEqual(self.worker(controller.port).wait(60), 0)

        self.assertEqual(DBTaskResult.objects.get().status, "SUCCESSFUL")
        self.assertEqual(not_mailed(), 0)
        self.assertEqual([to for to, _ in server.taken], [["sam@clinic.example"]])


def database_url():
    """The test database as DATABASE_URL has it."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    place = f"{said['HOST']}:{said['PORT'] or 5432}/{said['NAME']}"
    return f"postgres://{said['USER']}:{said['PASSWORD']}@{place}"


class WhatKeepsGoing(TestCase):
    def test_does_all_jobs_though_one_fails(self):
        told(a_reader())

        def fails(at):
            raise ZeroDivisionError

        every_job = [fails, *jobs.JOBS]
        with (
            mock.patch.object(jobs, "JOBS", every_job),
            self.assertLogs("articles.publishing.jobs", "ERROR"),
        ):
            failed = jobs.tick(at=MORNING)

        self.assertEqual(failed, ["fails"])
        self.assertEqual(len(mail.outbox), 1)

    def test_forgets_old_tasks_and_gives_up_one_that_kills_its_workers(self):
        old, left, deadly = (
            DBTaskResult.objects.create(
                status=status,
                task_path="articles.mailing.mail_at_once",
                backend_name="default",
                args_kwargs={"args": [[]], "kwargs": {}},
                started_at=MORNING,
                finished_at=finished,
                worker_ids=workers,
                exception_class_path="",
                traceback="",
            )
            for status, finished, workers in (
                ("SUCCESSFUL", MORNING - 15 * DAY, ["a"]),
                ("RUNNING", None, ["a"]),
                ("RUNNING", None, ["a", "b", "c"]),
            )
        )
        list(jobs.tend_tasks(MORNING + 14 * MINUTE))
        self.assertFalse(DBTaskResult.objects.filter(pk=old.pk).exists())
        self.assertEqual(DBTaskResult.objects.get(pk=left.pk).status, "RUNNING")

        list(jobs.tend_tasks(MORNING + 15 * MINUTE))
        self.assertEqual(DBTaskResult.objects.get(pk=left.pk).status, "READY")
        self.assertEqual(DBTaskResult.objects.get(pk=deadly.pk).status, "FAILED")

    def test_exits_1_for_cron_when_something_failed(self):
        with (
            mock.patch.object(jobs, "tick", return_value=["mail"]),
            self.assertRaises(SystemExit) as ended,
        ):
            call_command("keep_going", "--once")
        self.assertEqual(ended.exception.code, 1)


class ASignalToStop(SimpleTestCase):
    def test_ends_the_wait_at_whatever_moment_it_comes(self):
        """In a process of its own, for one that waits for ever ends nothing."""
        many = """
import random, signal
from physiohub.told_to_stop import ToldToStop
for _ in range(4000):
    told = ToldToStop([signal.SIGALRM])
    signal.setitimer(signal.ITIMER_REAL, random.uniform(2e-6, 4e-5))
    told.wait(600)
    assert told
    told.close()
"""
        done = subprocess.run(
            [sys.executable, "-c", many], cwd=settings.BASE_DIR, timeout=120, check=False
        )
        self.assertEqual(done.returncode, 0)


class TheProcessThatKeepsGoing(TransactionTestCase):
    def test_does_its_jobs_at_once_and_ends_cleanly_when_told_to(self):
        told(a_reader())
        process = subprocess.Popen(
            [sys.executable, "manage.py", "keep_going"],
            cwd=settings.BASE_DIR,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "DIGEST_HOUR": "0",
                "EMAIL_URL": "dummy://",
            },
        )
        for _ in range(300):
            if not not_mailed() or process.poll() is not None:
                break
            time.sleep(0.1)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _out, errors = process.communicate(timeout=40)

        self.assertEqual((process.returncode, errors), (0, ""))
        self.assertLess(time.monotonic() - begun, 30)
        self.assertEqual(not_mailed(), 0)
