"""Passing on by e-mail what people have not read in their inbox. The only module that knows of
mail.

Nothing is lost when mail is down: what a person is told stands in their inbox, and counts as mailed
only once the mail server took it. Until then it is tried again, each time after a longer wait. No
transaction is open while a server talks: a sender claims a recipient for two minutes with one
UPDATE, which one of two senders wins on either database. A sender that is killed leaves a claim
that runs out; at worst a digest arrives twice.
"""

import logging
import smtplib
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from articles import audit
from articles.models import Delivery, MailOutage, Notification

from . import inbox

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)
#: Times that lie further ahead than we ever set them come from a clock that was set back: they hold
#: nobody up.
FARTHEST = timedelta(days=2)
#: A digest lists so many lines, and says how many more there are.
MOST_LINES = 50
#: Seconds a round may take: whoever runs it has other things to do, and a person may wait for the
#: first kind.
A_MOMENT, A_WHILE = 4, 30
_LONGEST_OUTAGE, _LONGEST_REFUSAL = timedelta(hours=1), timedelta(days=1)
#: What a server says of one recipient or one message; all else that goes wrong is about the server.
_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


def listen() -> None:
    inbox.notified.connect(_somebody_was_told, dispatch_uid="articles.mailing")


def _somebody_was_told(sender, recipients, **kwargs):
    if at_once := list(_at_once().filter(pk__in=recipients).values_list("pk", flat=True)):
        mail_at_once.enqueue(at_once)


@task()
def mail_at_once(recipients: list[int]) -> None:
    """Mail these accounts (ids) what waits for them. If it fails, the next round does it."""
    send_waiting(at=timezone.now(), only=recipients, seconds=A_MOMENT)


def set_delivery(user: User, how: str) -> None:
    """Tell `user` by e-mail in this way (Delivery.How) from now on."""
    Delivery.objects.update_or_create(user=user, defaults={"how": Delivery.How(how)})


def delivery_of(user: User) -> str:
    """The Delivery.How of one person."""
    delivery = Delivery.objects.filter(user=user).first()
    return Delivery.How(delivery.how) if delivery else Delivery.How.DAILY


def send_waiting(
    *, at: datetime, only: Iterable[int] | None = None, seconds: float = A_WHILE
) -> int:
    """Mail everybody whose turn it is at the moment `at` what they have not read. Returns how many
    messages went out.

    Daily digests go out from DIGEST_HOUR on, local time, once a day. Ends after about `seconds`;
    the rest has its turn in the next round. `only` (ids of accounts) leaves all others out. Never
    raises for what a mail server does.
    """
    begun = time.monotonic()
    outage = MailOutage.objects.first()
    if outage and _lies_ahead(outage.again_at, at):
        return 0
    people = _at_once().filter(pk__in=only) if only is not None else _whose_turn_it_is(at)
    people = people.filter(Q(delivery=None) | ~_ahead("delivery__again_at", at))
    sent = 0
    for person in list(people.select_related("person").order_by("pk")):
        passed = time.monotonic() - begun
        if passed > seconds:
            break
        went = _send_to(person, at=at + timedelta(seconds=int(passed)))
        if went is None:
            break  # the server is away: it is for the others too
        sent += went
    return sent


def _send_to(person, *, at):
    """Whether a message went out to `person`; None when the mail server does not answer."""
    if not _claim(person, at):
        return False
    try:
        waiting = list(_waiting().filter(recipient=person).order_by("-pk"))
        if not waiting:
            return False
        try:
            # A connection each: what a server said to the last one must not be held against the
            # next.
            if _digest(person, waiting).send() != 1:
                raise smtplib.SMTPDataError(0, "the message was not taken")
        except _REFUSALS as refusal:
            _note_refusal(person, refusal, at)
            return False
        except OSError as problem:  # smtplib's own are among them
            _note_outage(problem, at)
            return None
        except Exception as problem:
            # An address or a text that cannot be made into a message: this one waits, the others go
            # out.
            _note_refusal(person, problem, at)
            return False
        with transaction.atomic():
            Notification.objects.filter(pk__in=[each.pk for each in waiting]).update(mailed_at=at)
            Delivery.objects.filter(user=person).update(
                digest_on=timezone.localdate(at),
                tries=0,
                failing_since=None,
                again_at=None,
                said="",
            )
        if MailOutage.objects.all().delete()[0]:
            log.warning("The mail server takes mail again.")
        return True
    finally:
        Delivery.objects.filter(user=person).update(claimed_until=None)


def _claim(person, at):
    Delivery.objects.bulk_create([Delivery(user=person)], ignore_conflicts=True)
    free = Delivery.objects.filter(~_ahead("claimed_until", at), user=person)
    return free.update(claimed_until=at + CLAIM) == 1


def _note_refusal(person, problem, at):
    delivery = Delivery.objects.get(user=person)
    delivery.tries += 1
    delivery.failing_since = delivery.failing_since or at
    delivery.again_at = at + _wait(delivery.tries, _LONGEST_REFUSAL)
    delivery.said = _said(problem)
    delivery.save(update_fields=["tries", "failing_since", "again_at", "said"])
    if delivery.tries == 1:
        log.warning("No mail could be sent to the account %s: %s", person.pk, delivery.said)


def _note_outage(problem, at):
    said = _said(problem)
    first_wait = at + _wait(1, _LONGEST_OUTAGE)
    outage, is_new = MailOutage.objects.get_or_create(
        pk=1, defaults={"since": at, "again_at": first_wait, "said": said}
    )
    if is_new:
        log.warning(
            "The mail server takes no mail (%s). It is tried again, and nothing is lost.", said
        )
        return
    outage.tries, outage.said = outage.tries + 1, said
    outage.again_at = at + _wait(outage.tries, _LONGEST_OUTAGE)
    outage.save(update_fields=["tries", "said", "again_at"])


def _wait(tries, longest):
    return min(timedelta(minutes=2 ** min(tries - 1, 12)), longest)


def _said(problem):
    """What went wrong in the words of whoever noticed; no password is ever part of it."""
    return " ".join(f"{type(problem).__name__}: {problem}".split())[:300]


# Who and what ----------------------------------------------------------------------------------


def _waiting():
    """What is to be mailed one day.

    Nobody has read it, nobody was mailed it, and its recipient wants it.
    """
    return Notification.objects.filter(
        read_at=None, mailed_at=None, recipient__is_active=True
    ).exclude(recipient__delivery__how=Delivery.How.NEVER)


def _with_mail_waiting():
    waiting = _waiting().filter(recipient=OuterRef("pk"))
    return (
        get_user_model()
        .objects.filter(Exists(waiting.order_by()), is_active=True)
        .exclude(email="")
    )


def _at_once():
    return _with_mail_waiting().filter(delivery__how=Delivery.How.AT_ONCE)


def _whose_turn_it_is(at):
    whose = Q(delivery__how=Delivery.How.AT_ONCE)
    if timezone.localtime(at).hour >= settings.DIGEST_HOUR:
        # Another day than today, not an earlier one: a clock set back would hold it up for as long.
        another_day = Q(delivery__digest_on=None) | ~Q(delivery__digest_on=timezone.localdate(at))
        whose |= Q(delivery=None) | Q(another_day, delivery__how=Delivery.How.DAILY)
    return _with_mail_waiting().filter(whose)


def _ahead(field, at):
    return Q(**{f"{field}__gt": at, f"{field}__lte": at + FARTHEST})


def _lies_ahead(moment, at):
    return at < moment <= at + FARTHEST


def without_address() -> Q:
    """A condition on accounts: something waits to be mailed to them, and they have no address."""
    return Exists(_waiting().filter(recipient=OuterRef("pk")).order_by()) & Q(
        email="", is_active=True
    )


def outage_warning() -> str:
    """A sentence for the operator while the mail server takes nothing; "" while it does.

    One query, or two.
    """
    outage = MailOutage.objects.first()
    if outage is None:
        return ""
    count = _waiting().exclude(recipient__email="").count()
    since = date_format(timezone.localtime(outage.since), "j F Y, H:i")
    return ngettext(
        "%(count)s message waits to be sent since %(since)s: the mail server takes none"
        " (%(said)s).",
        "%(count)s messages wait to be sent since %(since)s: the mail server takes none"
        " (%(said)s).",
        count,
    ) % {"count": count, "since": since, "said": outage.said}


# The message -----------------------------------------------------------------------------------


def _digest(person, waiting):
    """One plain message that lists what waits, newest first.

    Titles and sentences of the inbox, and nothing else.
    """
    with translation.override(settings.LANGUAGE_CODE):
        count = len(waiting)
        lines = [
            _("Hello %s,") % audit.name_of(person),
            "",
            _("this is on %s and you have not read it yet:") % settings.SITE_NAME,
            "",
        ]
        for each in waiting[:MOST_LINES]:
            address = settings.SITE_URL + reverse(
                "admin:articles_notification_open", args=[each.pk]
            )
            lines += [" ".join(each.text.split()), address, ""]
        if count > MOST_LINES:
            lines += [_("And %s more in your inbox.") % (count - MOST_LINES), ""]
        inbox, how = (
            reverse("admin:articles_notification_inbox"),
            reverse("admin:articles_notification_how"),
        )
        lines += [
            _("Your inbox: %s") % (settings.SITE_URL + inbox),
            _("How you are told, and how often: %s") % (settings.SITE_URL + how),
        ]
        subject = ngettext(
            "%(site)s: %(count)s thing to read", "%(site)s: %(count)s things to read", count
        )
        return mail.EmailMessage(
            subject=subject % {"site": settings.SITE_NAME, "count": count},
            body="\n".join(lines) + "\n",
            to=[person.email],
            # So that nobody's "I am on holiday" answers it.
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )


def how_it_reads(how: str) -> str:
    """What a way of being told means, as a person chooses it."""
    return {
        Delivery.How.AT_ONCE: _("At once, a message for each thing"),
        Delivery.How.DAILY: _("Once a day, one message with all you have not read"),
        Delivery.How.NEVER: _("Never: I look into my inbox"),
    }[Delivery.How(how)]
