"""Making and changing accounts. Each act is entered in the audit log by `recording`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit, permissions
from articles.models import AccessRequest, AuditEntry, Notification
from articles.notifications import inbox
from articles.refusals import NotAllowed, Refused
from physiohub import policy

from . import factor_links, rights

#: What is saved at once, and what people are told of it.
_NAMES = {
    "username": gettext_lazy("user name"),
    "first_name": gettext_lazy("first name"),
    "last_name": gettext_lazy("last name"),
    "email": gettext_lazy("e-mail address"),
    "is_active": gettext_lazy("whether they may log in"),
}


@dataclass(frozen=True)
class Wanted:
    """What an account is to be. Superusers and rights by hand are not in it, on purpose."""

    username: str
    first_name: str
    last_name: str
    email: str
    roles: Collection[Group]
    is_active: bool = True


@transaction.atomic
def make_account(wanted: Wanted, *, by: User, at: datetime) -> tuple[User, list[AccessRequest]]:
    """Make an account that has no password yet. Returns it, and what waits for a second person.

    Raises NotAllowed unless `by` may add accounts.
    """
    permissions.require(by, policy.MAKE_ACCOUNTS, otherwise=_("Only administrators make accounts."))
    account = User(
        username=wanted.username,
        first_name=wanted.first_name,
        last_name=wanted.last_name,
        email=wanted.email,
        is_active=wanted.is_active,
        is_staff=True,
    )
    account.set_unusable_password()
    account.save()
    return account, _give(account, wanted.roles, by=by, at=at)


@transaction.atomic
def change(account: User, wanted: Wanted, *, by: User, at: datetime) -> list[AccessRequest]:
    """Change an account, and return what waits for a second person.

    All else is done at once. Raises NotAllowed unless `by` may change accounts, and where they
    would change their own roles or close their own account.
    """
    permissions.require(
        by, policy.CHANGE_ACCOUNTS, otherwise=_("Only administrators change accounts.")
    )
    account = User.objects.select_for_update().get(pk=account.pk)
    if not policy.may_change_account(by, account):
        raise NotAllowed(
            _(
                "This account has more rights than yours. Its owner, or another superuser, changes"
                " it."
            )
        )
    before = set(account.groups.all())
    if account == by and (before != set(wanted.roles) or not wanted.is_active):
        raise NotAllowed(
            _(
                "You cannot change your own roles or close your own account. Ask another"
                " administrator."
            )
        )
    requests = []
    new_address = wanted.email != account.email
    must_ask = new_address and account != by and rights.is_protected(account)
    if must_ask and rights.who_may_agree(by, account):
        requests.append(_ask(account, email=wanted.email, by=by, at=at))
        new_address = False
    was_protected, taken = rights.is_protected(account), before - set(wanted.roles)
    changed: list[str] = []
    for name in _NAMES:
        if (name != "email" or new_address) and getattr(account, name) != getattr(wanted, name):
            setattr(account, name, getattr(wanted, name))
            changed.append(str(_NAMES[name]))
    account.save(update_fields=list(_NAMES))
    if taken:
        account.groups.remove(*taken)
        changed.append(_("roles taken away: %s") % ", ".join(sorted(map(str, taken))))
    requests += _give(account, set(wanted.roles) - before, by=by, at=at)
    if was_protected and changed:
        text = _("%(name)s changed the account “%(account)s” (%(what)s).") % {
            "name": inbox.actor_name(by),
            "account": audit.name_of(account),
            "what": ", ".join(changed),
        }
        _tell([account, *inbox.administrators()], text, account, by=by, at=at)
    return requests


def _give(account, roles, *, by, at):
    """Give `roles` to `account`, or ask a second person for those that need two."""
    need_two = set(rights.roles_that_need_two()) & set(roles)
    if need_two and not rights.who_may_agree(by, account):
        # The first people of a new site: there is nobody to ask yet.
        need_two = set()
    account.groups.add(*(set(roles) - need_two))
    return [
        _ask(account, role=role, by=by, at=at)
        for role in sorted(need_two, key=lambda role: role.name)
    ]


@transaction.atomic
def send_factor_link(account: User, *, by: User, at: datetime) -> AccessRequest | None:
    """Send a link to set up a new second factor to the mail of `account`, and tell them.

    For an account with power a second person has to agree first: returns what waits for them, None
    where it was sent. Raises NotAllowed unless `by` may change accounts, or for their own, and
    Refused where no link can be sent.
    """
    permissions.require(
        by, policy.CHANGE_ACCOUNTS, otherwise=_("Only administrators send such links.")
    )
    if account == by:
        raise NotAllowed(_("Ask another administrator: nobody sends themselves such a link."))
    factor_links.check_can_be_sent(account)
    if rights.is_protected(account) and rights.who_may_agree(by, account):
        return _ask(account, is_second_factor=True, by=by, at=at)
    audit.record(
        AuditEntry.Act.FACTOR,
        account,
        by=by,
        at=at,
        summary=_("sent a link to set up a new one"),
    )
    text = _("%(name)s sent a link to set up a new second factor to the mail of “%(account)s”.") % {
        "name": inbox.actor_name(by),
        "account": audit.name_of(account),
    }
    _tell([account, *inbox.administrators()], text, account, by=by, at=at)
    factor_links.mail_factor_link(account)
    return None


def _ask(account, *, by, at, role=None, email="", is_second_factor=False):
    same = AccessRequest.objects.filter(
        account=account,
        role=role,
        is_second_factor=is_second_factor,
        outcome=AccessRequest.Outcome.OPEN,
    )
    waiting = same.first()
    if waiting is not None and waiting.email == email and waiting.is_open(at=at):
        return waiting
    same.update(outcome=AccessRequest.Outcome.TAKEN_BACK, decided_by=by, decided_at=at)
    request = AccessRequest.objects.create(
        account=account,
        role=role,
        email=email,
        is_second_factor=is_second_factor,
        asked_by=by,
        asked_at=at,
    )
    _enter(request, _("asked for %s") % request.wanted, by=by, at=at)
    text = _(
        "%(name)s asks to give “%(account)s” %(wanted)s. It takes a second person: say yes or no."
    )
    _tell(rights.who_may_agree(by, account), _words(text, request, by), request, by=by, at=at)
    return request


def agree(request: AccessRequest, *, by: User, at: datetime) -> AccessRequest:
    """Give what was asked for.

    Raises NotAllowed unless `by` is an editor or administrator and neither who asked nor whose
    account it is, and Refused where it is decided already or who asked may ask no longer.
    """
    with transaction.atomic():
        request = _to_decide(request, by=by, at=at)
        asker = request.asked_by
        if asker is None or not policy.may(asker, policy.CHANGE_ACCOUNTS, policy.MAKE_ACCOUNTS):
            raise Refused(
                _(
                    "The person who asked may not do so any longer. Another administrator can ask"
                    " again."
                )
            )
        account = User.objects.select_for_update().get(pk=request.account_id)
        if request.role is not None:
            account.groups.add(request.role)
        elif request.is_second_factor:
            factor_links.check_can_be_sent(account)
        else:
            account.email = request.email
            account.save(update_fields=["email"])
        _decide(request, AccessRequest.Outcome.AGREED, _("agreed to %s"), by=by, at=at)
        text = _("%(name)s agreed: “%(account)s” now has %(wanted)s.")
        people = [asker, account, *inbox.administrators()]
        _tell(people, _words(text, request, by), request, by=by, at=at)
        if request.is_second_factor:
            factor_links.mail_factor_link(account)  # last: if it fails, nothing was decided
    return request


def turn_down(request: AccessRequest, *, by: User, at: datetime) -> AccessRequest:
    """Say no; who asked takes it back with this. Raises as `agree` does."""
    with transaction.atomic():
        request = _to_decide(request, by=by, at=at, is_own=request.asked_by_id == by.pk)
        if request.asked_by_id == by.pk:
            outcome, entered = AccessRequest.Outcome.TAKEN_BACK, _("took back %s")
        else:
            outcome, entered = AccessRequest.Outcome.DECLINED, _("declined %s")
        _decide(request, outcome, entered, by=by, at=at)
        text = _("%(name)s said no: “%(account)s” does not get %(wanted)s.")
        _tell([request.asked_by], _words(text, request, by), request, by=by, at=at)
    return request


def let_lapse(at: datetime) -> int:
    """Close the requests that nobody decided in time, and tell who asked. Returns how many."""
    late = AccessRequest.objects.filter(
        outcome=AccessRequest.Outcome.OPEN, asked_at__lte=at - AccessRequest.LASTS
    )
    count = 0
    for pk in list(late.values_list("pk", flat=True)):
        with transaction.atomic():
            request = (
                late.select_for_update(of=("self",))
                .select_related("account", "role", "asked_by")
                .filter(pk=pk)
                .first()
            )
            if request is None:  # somebody decided it just now
                continue
            _decide(request, AccessRequest.Outcome.LAPSED, _("lapsed: %s"), by=None, at=at)
            text = _("Nobody decided in time whether “%(account)s” gets %(wanted)s. Ask again.")
            words = text % {"account": audit.name_of(request.account), "wanted": request.wanted}
            _tell([request.asked_by], words, request, by=None, at=at)
            count += 1
    return count


def may_decide(request: AccessRequest, by: User) -> bool:
    """Whether `by` may be the second person."""
    return policy.may_agree(by, asked_by=request.asked_by_id, about=request.account_id)


def _to_decide(request, *, by, at, is_own=False):
    request = (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("account", "role", "asked_by")
        .get(pk=request.pk)
    )
    if not is_own and not may_decide(request, by):
        raise NotAllowed(
            _(
                "Another editor or administrator decides this: not who asked, and not whose account"
                " it is."
            )
        )
    if request.outcome != AccessRequest.Outcome.OPEN:
        raise Refused(_("This is decided already: %s.") % request.get_outcome_display())
    if not request.is_open(at=at):
        raise Refused(_("Nobody decided this in time, so it has lapsed. It can be asked again."))
    return request


def _decide(request, outcome, entered, *, by, at):
    request.outcome, request.decided_by, request.decided_at = outcome, by, at
    request.save(update_fields=["outcome", "decided_by", "decided_at"])
    _enter(request, entered % request.wanted, by=by, at=at)


def _enter(request, summary, *, by, at):
    audit.record(AuditEntry.Act.ACCOUNT, request.account, by=by, at=at, summary=summary)


def _words(text, request, by):
    return text % {
        "name": inbox.actor_name(by),
        "account": audit.name_of(request.account),
        "wanted": request.wanted,
    }


def _tell(people, text, about, *, by, at):
    address = (
        reverse("admin:articles_accessrequest_decide", args=[about.pk])
        if isinstance(about, AccessRequest)
        else reverse("admin:articles_notification_inbox")
    )
    inbox.notify(people, Notification.Kind.ACCOUNT, text, at=at, by=by, address=address)
