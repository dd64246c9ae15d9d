"""A new second factor for somebody who lost phone and recovery codes.

An administrator can have a link sent to the person's own mail, and no more. It leads to the log-in:
who has it needs the password as well. For an account with power a second person agrees first
(articles.accounts.access): with their mailbox alone nobody must be able to take such an account
over.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from articles import audit
from articles.models import AuditEntry, Notification
from articles.notifications import inbox
from articles.refusals import Refused

from . import rights, second_factors

log = logging.getLogger(__name__)


class _Tokens(PasswordResetTokenGenerator):
    """A token works until another app is set up, the person logs in, or the password changes."""

    key_salt = "articles.accounts.factor_links"

    def _make_hash_value(self, user, timestamp):
        app = second_factors.app_of(user)
        return f"{super()._make_hash_value(user, timestamp)}{app.pk if app else ''}"


_tokens = _Tokens()


def mail_factor_link(account: User) -> None:
    """Send the link. Raises Refused where there is no address or the mail server takes nothing."""
    check_can_be_sent(account)
    text = _(
        "Hello %(name)s,\n\n"
        "with this link and your password you set up a new second factor at %(site)s. It works"
        " once, for %(days)s days:\n\n"
        "%(link)s\n\n"
        "If you did not ask for it, do nothing, and tell an administrator.\n"
    ) % {
        "name": audit.name_of(account),
        "site": settings.SITE_NAME,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "link": settings.SITE_URL + _address(account),
    }
    subject = _("A new second factor at %s") % settings.SITE_NAME
    try:
        mail.EmailMessage(subject, text, to=[account.email]).send()
    except OSError as error:
        log.warning("A link to set up a second factor was not sent: %s", error)
        raise Refused(
            _("The mail server did not take it. Try again later, or tell who runs the server.")
        ) from error


def check_can_be_sent(account: User) -> None:
    """Raise Refused where a link could lead to nothing."""
    if not account.is_active:
        raise Refused(_("This account is closed. Open it first."))
    if second_factors.app_of(account) is None:
        raise Refused(
            _("This account has no second factor yet. It is set up with the next log-in.")
        )
    if not account.email:
        raise Refused(
            _(
                "This account has no e-mail address. Enter one, or let the person who runs the"
                " server take the second factor away: manage.py reset_second_factor %s"
            )
            % account.get_username()
        )


def account_with(uidb64: str, token: str) -> User | None:
    """Return the account a link was sent to, None where it does not work any longer."""
    try:
        pk = int(urlsafe_base64_decode(uidb64))
        account = User.objects.filter(pk=pk, is_active=True).first()
    except (ValueError, OverflowError):
        return None
    if account is None or second_factors.app_of(account) is None:
        return None
    return account if _tokens.check_token(account, token) else None


def tell_of_new_factor(account: User, *, at: datetime) -> None:
    """Tell them that another app was set up, and administrators where the account has power."""
    text = _(
        "A new second factor was set up for “%s”. If it was somebody else, tell an administrator at"
        " once."
    )
    people = inbox.administrators() if rights.is_protected(account) else []
    _tell([account, *people], text % audit.name_of(account), at=at)


def tell_of_recovery_code(account: User, *, at: datetime) -> None:
    """Tell them that a recovery code was used."""
    text = _("A recovery code of “%s” was used. If it was somebody else, tell an administrator.")
    _tell([account], text % audit.name_of(account), at=at)


def tell_of_wrong_codes(account: User, *, at: datetime) -> None:
    """Tell them, once a day, that somebody who has their password tries codes."""
    text = _(
        "Somebody knows the password of “%s” and tried many wrong codes. If it was not you, change"
        " your password at once."
    )
    key = f"{inbox.URGENT}wrong codes {account.pk} {at.date()}"
    _tell([account], text % audit.name_of(account), at=at, key=key)


def reset_on_the_server(account: User, *, at: datetime) -> bool:
    """Take the second factor away on the server, and return whether there was one.

    The next log-in sets up another. The account and administrators are told, and all log-ins end.
    """
    if not second_factors.remove(account):
        return False
    summary = _("reset on the server; the next log-in sets up another")
    audit.record(AuditEntry.Act.FACTOR, account, by=None, at=at, summary=summary)
    text = _(
        "The second factor of “%s” was reset on the server. The next log-in sets up another. If"
        " nobody asked for it, tell who runs the server."
    )
    _tell([account, *inbox.administrators()], text % audit.name_of(account), at=at)
    return True


def _address(account):
    return reverse(
        "second_factor_link",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(account.pk)),
            "token": _tokens.make_token(account),
        },
    )


def _tell(people, text, *, at, key=""):
    """Mail it at once, to people with a daily digest too."""
    key = key or f"{inbox.URGENT}second factor {at.isoformat()}"
    address = reverse("admin:articles_notification_inbox")
    inbox.notify(people, Notification.Kind.ACCOUNT, text, at=at, address=address, key=key)
