"""Sending by e-mail what people have not read in their inbox.

This is the only module that knows about mail. Nothing is lost when the mail server is down. A
notification stays in the inbox, and it counts as mailed only once the mail server took it. Until
then it is tried again, each time after a longer wait.

No transaction is open during the talk with the server. A sender claims a recipient for two minutes
with one UPDATE. Of two senders one wins, on either database. If a sender is killed, its claim runs
out; at worst a digest arrives twice.
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

#: How long a sender may keep a recipient to itself.
LEASE = timedelta(minutes=2)
#: We never set a time further ahead than this. A later one comes from a clock that was set back,
#: so it is ignored.
FARTHEST_AHEAD = timedelta(days=2)
#: A digest lists so many notifications, and says how many more there are.
MOST_LINES = 50
#: Seconds a round may take: while a person may be waiting, and in the jobs.
SECONDS_AT_ONCE, SECONDS_PER_ROUND = 4, 30
_LONGEST_OUTAGE, _LONGEST_REFUSAL = timedelta(hours=1), timedelta(days=1)
#: Errors about one recipient or one message. Every other OSError is about the server.
_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


def listen() -> None:
    """Mail people as soon as they are notified, if they chose that or it is urgent."""
    inbox.notified.connect(_mail_notified_people, dispatch_uid="articles.mailing")


def _mail_notified_people(sender, recipients, **kwargs):
    if at_once := list(
        _people_to_mail_at_once().filter(pk__in=recipients).values_list("pk", flat=True)
    ):
        mail_at_once.enqueue(at_once)


@task()
def mail_at_once(recipients: list[int]) -> None:
    """Mail what waits for these accounts (ids). If that fails, the next round does it."""
    send_waiting(at=timezone.now(), only=recipients, seconds=SECONDS_AT_ONCE)


def set_delivery(user: User, how: str) -> None:
    """Send `user` e-mail in this way (Delivery.How) from now on."""
    Delivery.objects.update_or_create(user=user, defaults={"how": Delivery.How(how)})


def delivery_of(user: User) -> str:
    """Return how `user` gets e-mail (Delivery.How). Daily, if they did not choose."""
    delivery = Delivery.objects.filter(user=user).first()
    return Delivery.How(delivery.how) if delivery else Delivery.How.DAILY


def send_waiting(
    *, at: datetime, only: Iterable[int] | None = None, seconds: float = SECONDS_PER_ROUND
) -> int:
    """Mail people what they have not read, and return how many messages went out.

    It mails those whose turn it is at the moment `at`. Daily digests go out from DIGEST_HOUR on,
    local time, once a day. It ends after about `seconds`, and the next round does the rest. With
    `only` (ids of accounts) it mails nobody else. It never raises for what a mail server does.
    """
    started = time.monotonic()
    outage = MailOutage.objects.first()
    if outage and _is_ahead(outage.again_at, at):
        return 0
    people = (
        _people_to_mail_at_once().filter(pk__in=only) if only is not None else _people_to_mail(at)
    )
    people = people.filter(Q(delivery=None) | ~_ahead("delivery__again_at", at))
    sent = 0
    for person in list(people.order_by("pk")):
        passed = time.monotonic() - started
        if passed > seconds:
            break
        was_sent = _send_to(person, at=at + timedelta(seconds=int(passed)))
        if was_sent is None:
            break  # the server does not answer, so the others would fail too
        sent += was_sent
    return sent


def _send_to(person, *, at):
    """Send what waits for `person`, and return whether a message went out.

    Returns None when the mail server does not answer.
    """
    if not _lease(person, at):
        return False
    try:
        waiting = list(_waiting().filter(recipient=person).order_by("-pk"))
        if not waiting:
            return False
        try:
            # Each message has its own connection, so that an error with one does not stop the next.
            if _summary_mail(person, waiting).send() != 1:
                raise smtplib.SMTPDataError(0, "the message was not taken")
        except _REFUSALS as refusal:
            _note_refusal(person, refusal, at)
            return False
        except OSError as error:  # smtplib's own are among them
            _note_outage(error, at)
            return None
        except Exception as error:
            # The address or the text cannot become a message. This one waits, the others go out.
            _note_refusal(person, error, at)
            return False
        with transaction.atomic():
            Notification.objects.filter(
                pk__in=[notification.pk for notification in waiting]
            ).update(mailed_at=at)
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


def _lease(person, at):
    Delivery.objects.bulk_create([Delivery(user=person)], ignore_conflicts=True)
    free = Delivery.objects.filter(~_ahead("claimed_until", at), user=person)
    return free.update(claimed_until=at + LEASE) == 1


def _note_refusal(person, error, at):
    delivery = Delivery.objects.get(user=person)
    delivery.tries += 1
    delivery.failing_since = delivery.failing_since or at
    delivery.again_at = at + _wait(delivery.tries, _LONGEST_REFUSAL)
    delivery.said = _error_text(error)
    delivery.save(update_fields=["tries", "failing_since", "again_at", "said"])
    if delivery.tries == 1:
        log.warning("No mail could be sent to the account %s: %s", person.pk, delivery.said)


def _note_outage(error, at):
    text = _error_text(error)
    first_retry = at + _wait(1, _LONGEST_OUTAGE)
    outage, is_new = MailOutage.objects.get_or_create(
        pk=1, defaults={"since": at, "again_at": first_retry, "said": text}
    )
    if is_new:
        log.warning(
            "The mail server takes no mail (%s). It is tried again, and nothing is lost.", text
        )
        return
    outage.tries, outage.said = outage.tries + 1, text
    outage.again_at = at + _wait(outage.tries, _LONGEST_OUTAGE)
    outage.save(update_fields=["tries", "said", "again_at"])


def _wait(tries, longest):
    return min(timedelta(minutes=2 ** min(tries - 1, 12)), longest)


def _error_text(error):
    """Return the error as one line. It never holds a password."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


# People and notifications -----------------------------------------------------------------------


def _waiting():
    """Return notifications that still have to be mailed.

    They are neither read nor mailed, and the recipient wants e-mail.
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


def _is_to_be_mailed_at_once():
    urgent = _waiting().filter(recipient=OuterRef("pk"), key__startswith=inbox.URGENT)
    return Q(delivery__how=Delivery.How.AT_ONCE) | Exists(urgent.order_by())


def _people_to_mail_at_once():
    return _with_mail_waiting().filter(_is_to_be_mailed_at_once())


def _people_to_mail(at):
    is_due = _is_to_be_mailed_at_once()
    if timezone.localtime(at).hour >= settings.DIGEST_HOUR:
        # Any day but today counts, not only an earlier one. Else a clock that was set back would
        # stop the digests until that day came again.
        another_day = Q(delivery__digest_on=None) | ~Q(delivery__digest_on=timezone.localdate(at))
        is_due |= Q(delivery=None) | Q(another_day, delivery__how=Delivery.How.DAILY)
    return _with_mail_waiting().filter(is_due)


def _ahead(field, at):
    return Q(**{f"{field}__gt": at, f"{field}__lte": at + FARTHEST_AHEAD})


def _is_ahead(moment, at):
    return at < moment <= at + FARTHEST_AHEAD


def without_address() -> Q:
    """Return a condition on accounts: mail waits for them, and they have no e-mail address."""
    return Exists(_waiting().filter(recipient=OuterRef("pk")).order_by()) & Q(
        email="", is_active=True
    )


def outage_warning() -> str:
    """Return a sentence for the operator while the mail server takes no mail, else "".

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


def _summary_mail(person, waiting):
    """Return one plain message that lists what waits, newest first.

    It holds the sentences of the inbox and nothing else.
    """
    with translation.override(settings.LANGUAGE_CODE):
        count = len(waiting)
        lines = [
            _("Hello %s,") % audit.name_of(person),
            "",
            _("this is on %s and you have not read it yet:") % settings.SITE_NAME,
            "",
        ]
        for notification in waiting[:MOST_LINES]:
            address = settings.SITE_URL + reverse(
                "admin:articles_notification_open", args=[notification.pk]
            )
            lines += [" ".join(notification.text.split()), address, ""]
        if count > MOST_LINES:
            lines += [_("And %s more in your inbox.") % (count - MOST_LINES), ""]
        inbox_path = reverse("admin:articles_notification_inbox")
        settings_path = reverse("admin:articles_notification_how")
        lines += [
            _("Your inbox: %s") % (settings.SITE_URL + inbox_path),
            _("How you are told, and how often: %s") % (settings.SITE_URL + settings_path),
        ]
        subject = ngettext(
            "%(site)s: %(count)s thing to read", "%(site)s: %(count)s things to read", count
        )
        return mail.EmailMessage(
            subject=subject % {"site": settings.SITE_NAME, "count": count},
            body="\n".join(lines) + "\n",
            to=[person.email],
            # Automatic answers such as "I am on holiday" are not sent to it.
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )


def how_it_reads(how: str) -> str:
    """Return what a Delivery.How means, in the words of the form where people choose it."""
    return {
        Delivery.How.AT_ONCE: _("At once, a message for each thing"),
        Delivery.How.DAILY: _("Once a day, one message with all you have not read"),
        Delivery.How.NEVER: _("Never: I look into my inbox"),
    }[Delivery.How(how)]
