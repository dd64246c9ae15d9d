"""Links with which people set a password. Nobody sets that of another person by hand.

A link goes to the mail of its account. It works once, for as long as PASSWORD_RESET_TIMEOUT says.
Only a new account, which can do nothing alone and never had a password, has a link that an
administrator can hand over: a clinic may have no mail server.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from articles import audit, permissions
from articles.models import AuditEntry, Notification
from articles.notifications import inbox
from articles.refusals import Refused
from physiohub import policy

from . import rights

log = logging.getLogger(__name__)

_ONLY_ADMINISTRATORS = gettext_lazy("Only administrators send such links.")


def first_link(account: User) -> str:
    """Return the address with which a new account sets its first password; "" for all others."""
    if (
        account.has_usable_password()
        or account.last_login is not None
        or not account.is_active
        or rights.is_protected(account)
    ):
        return ""
    return _link(account)


def send_link(account: User, *, by: User, at: datetime) -> None:
    """Send a link to the mail of `account`, and tell them and all other administrators.

    Raises NotAllowed unless `by` may change accounts, and Refused where there is no address, or the
    mail server takes nothing.
    """
    permissions.require(by, policy.CHANGE_ACCOUNTS, otherwise=_ONLY_ADMINISTRATORS)
    if not account.is_active:
        raise Refused(_("This account is closed. Open it first."))
    if not account.email:
        raise Refused(
            _(
                "This account has no e-mail address. Enter one, or let the person who runs the"
                " server set a password there: manage.py changepassword %s"
            )
            % account.get_username()
        )
    try:
        _mail_link(account)
    except OSError as error:
        log.warning("A link to set a password was not sent: %s", error)
        raise Refused(
            _("The mail server did not take it. Try again later, or tell who runs the server.")
        ) from error
    with transaction.atomic():
        audit.record(
            AuditEntry.Act.PASSWORD,
            account,
            by=by,
            at=at,
            summary=_("sent a link to set a new one"),
        )
        text = _("%(name)s sent a link to set a new password to the mail of “%(account)s”.") % {
            "name": inbox.actor_name(by),
            "account": audit.name_of(account),
        }
        _tell([account, *inbox.administrators()], text, by=by, at=at)


def tell_of_new_password(account: User, *, at: datetime) -> None:
    """Tell them that a link was used, and administrators where the account can let texts go out."""
    text = _(
        "A new password was set for “%s” with a link from e-mail. If it was somebody else, tell an"
        " administrator at once."
    )
    people = inbox.administrators() if rights.is_protected(account) else []
    _tell([account, *people], text % audit.name_of(account), by=None, at=at)


def with_address(address: str) -> QuerySet[User]:
    """Return the accounts that may ask for a link by this e-mail address."""
    return User.objects.filter(email__iexact=address, is_active=True, is_staff=True)


@task()
def mail_forgotten(address: str) -> None:
    """Send a link to each account with this address, if there is any: nobody hears which."""
    for account in with_address(address):
        try:
            _mail_link(account)
        except OSError as error:
            log.warning("A link to set a password was not sent: %s", error)


def _link(account):
    address = reverse(
        "password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(account.pk)),
            "token": default_token_generator.make_token(account),
        },
    )
    return settings.SITE_URL + address


def _mail_link(account):
    text = _(
        "Hello %(name)s,\n\n"
        "with this link you set a new password at %(site)s. It works once, for %(days)s days:\n\n"
        "%(link)s\n\n"
        "If you did not ask for it, do nothing, and tell an administrator.\n"
    ) % {
        "name": audit.name_of(account),
        "site": settings.SITE_NAME,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "link": _link(account),
    }
    subject = _("A new password at %s") % settings.SITE_NAME
    mail.EmailMessage(subject, text, to=[account.email]).send()


def _tell(people, text, *, by, at):
    address = reverse("admin:articles_notification_inbox")
    inbox.notify(people, Notification.Kind.ACCOUNT, text, at=at, by=by, address=address)
