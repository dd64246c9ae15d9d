"""Enters in the audit log what happens to accounts, roles, log-ins, passwords and second factors.

It listens to the models themselves, so a command, a shell or a form yet to come is entered too.
Only changes in bulk (QuerySet.update) pass by; nothing here makes any.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import signals
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles import audit
from articles.models import AuditEntry, RememberedDevice

#: Says who acts: asked when an entry is made, for a log-in changes it within a request.
_who_acts: ContextVar[Callable[[], User | None]] = ContextVar("who acts", default=lambda: None)
#: Fields of an account whose change is entered. All others say nothing about who may do what.
_FIELDS = (
    "username",
    "first_name",
    "last_name",
    "email",
    "is_active",
    "is_staff",
    "is_superuser",
)
_NAMED = {"username", "first_name", "last_name", "email"}
_LONGEST_PATH = 200
#: What is entered when one of these is made, and when it goes.
_FACTORS = {
    TOTPDevice: (gettext_lazy("app set up"), gettext_lazy("app taken away")),
    StaticDevice: (gettext_lazy("new recovery codes"), None),
    StaticToken: (None, gettext_lazy("recovery code used")),
    RememberedDevice: (
        gettext_lazy("asked for no code here: %s"),
        gettext_lazy("asked for a code again: %s"),
    ),
}


class RemembersWhoActs:
    """Middleware: entries made while a request is answered name the account that sent it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with _acting(lambda: _account_of(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Enter that somebody who is logged in asked for what they may not have.

        The first of a day for each address: who tried is what matters, not how often they reload.
        """
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            audit.record_first_of_a_day(
                AuditEntry.Act.REFUSED,
                request.user,
                by=request.user,
                at=timezone.now(),
                summary=f"{request.method} {request.path[:_LONGEST_PATH]}",
            )


@contextmanager
def _acting(who: Callable[[], User | None]) -> Iterator[None]:
    before = _who_acts.set(who)
    try:
        yield
    finally:
        _who_acts.reset(before)


def acting_as(account: User) -> AbstractContextManager[None]:
    """Enter in the name of `account`, who showed in another way than by a log-in who they are."""
    return _acting(lambda: account)


def _account_of(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def listen() -> None:
    """Connect the receivers."""
    pre_save.connect(_remember_account, sender=User, dispatch_uid="accounts")
    post_save.connect(_enter_account, sender=User, dispatch_uid="accounts")
    pre_delete.connect(_enter_deletion, sender=User, dispatch_uid="accounts")
    pre_delete.connect(_enter_deletion, sender=Group, dispatch_uid="accounts")
    for through in (
        User.groups.through,
        User.user_permissions.through,
        Group.permissions.through,
    ):
        m2m_changed.connect(_enter_rights, sender=through, dispatch_uid="accounts")
    for factor in _FACTORS:
        post_save.connect(_enter_new_factor, sender=factor, dispatch_uid="accounts")
        pre_delete.connect(_enter_lost_factor, sender=factor, dispatch_uid="accounts")
    signals.user_logged_in.connect(_enter_log_in, dispatch_uid="accounts")
    signals.user_login_failed.connect(_enter_wrong_password, dispatch_uid="accounts")


def _remember_account(sender: type, instance: User, raw: bool = False, **kwargs: Any) -> None:
    known = None if raw or instance.pk is None else User.objects.filter(pk=instance.pk).first()
    instance._account_before = known  # type: ignore[attr-defined]


def _enter_account(
    sender: type, instance: User, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if raw:
        return
    before = getattr(instance, "_account_before", None)
    if created or before is None:
        _enter(AuditEntry.Act.ACCOUNT, instance, summary=_("made: %s") % _all_of(instance))
        return
    changed = [name for name in _FIELDS if getattr(before, name) != getattr(instance, name)]
    if changed:
        words = (_one_of(instance, name, before) for name in changed)
        _enter(AuditEntry.Act.ACCOUNT, instance, summary="; ".join(words))
    if before.password != instance.password and _is_new_password(instance):
        _enter(AuditEntry.Act.PASSWORD, instance)


def _is_new_password(account: User) -> bool:
    """Whether somebody chose it: a stronger hash of the same one is no change."""
    return account._password is not None or not account.has_usable_password()  # type: ignore[attr-defined]


def _all_of(account: User) -> str:
    rights = [name for name in ("is_staff", "is_superuser") if getattr(account, name)]
    return ", ".join([account.get_username(), *filter(None, [account.email]), *rights])


def _one_of(account: User, name: str, before: User) -> str:
    if name in _NAMED:
        return f"{name}: {getattr(before, name) or '–'} → {getattr(account, name) or '–'}"
    return f"{name}: {'yes' if getattr(account, name) else 'no'}"


def _enter_deletion(sender: type, instance: User | Group, **kwargs: Any) -> None:
    _enter(AuditEntry.Act.ACCOUNT, instance, summary=_("deleted"))


def _enter_rights(
    sender: type,
    instance: Any,
    action: str,
    reverse: bool,
    model: type,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    """Enter roles and permissions that were given or taken, once for each holder."""
    if action == "pre_clear":
        _enter(AuditEntry.Act.ACCOUNT, instance, summary=_("all taken: %s") % _kind(model))
        return
    if action not in ("post_add", "post_remove") or not pk_set:
        return
    others = model.objects.filter(pk__in=pk_set)  # type: ignore[attr-defined]
    holders, given = (others, [instance]) if reverse else ([instance], others)
    words = _("given: %s") if action == "post_add" else _("taken: %s")
    names = ", ".join(sorted(_name(one) for one in given))
    for holder in holders:
        _enter(AuditEntry.Act.ACCOUNT, holder, summary=words % names)


def _kind(model: type) -> str:
    return str(model._meta.verbose_name_plural)  # type: ignore[attr-defined]


def _name(one: Any) -> str:
    if isinstance(one, Permission):
        return f"{one.content_type.app_label}.{one.codename}"
    return str(one)


def _enter_new_factor(
    sender: type, instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    words, _gone = _FACTORS[sender]
    if created and not raw and words:
        _enter_factor(instance, words)


def _enter_lost_factor(sender: type, instance: Any, origin: Any, **kwargs: Any) -> None:
    """Enter what was taken away by itself, not what goes with its account or its list."""
    _made, words = _FACTORS[sender]
    is_itself = origin is instance or getattr(origin, "model", None) is sender
    if words and is_itself:
        _enter_factor(instance, words)


def _enter_factor(factor: Any, words: Any) -> None:
    if isinstance(factor, RememberedDevice):
        account, summary = factor.account, words % factor
    else:
        account = factor.device.user if isinstance(factor, StaticToken) else factor.user
        summary = str(words)
    _enter(AuditEntry.Act.FACTOR, account, summary=summary)


def enter_factor_begun(account: User) -> None:
    """Enter that somebody who showed the password of `account` began to set up an app."""
    _enter(AuditEntry.Act.FACTOR, account, summary=_("began to set up an app"))


def enter_wrong_code(account: User) -> None:
    """Enter that somebody who showed the password of `account` typed a wrong code."""
    _enter(AuditEntry.Act.NOT_LET_IN, account, summary=_("wrong code"))


def _enter_log_in(sender: type, user: User, **kwargs: Any) -> None:
    _enter(AuditEntry.Act.LOGGED_IN, user, by=user)


def _enter_wrong_password(sender: str, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Enter a wrong password of an account there is.

    The name of one there is not is not kept: people type their password there.
    """
    account = User.objects.filter(username=credentials.get("username", "")).first()
    if account is not None:
        _enter(AuditEntry.Act.NOT_LET_IN, account, summary=_("wrong password"))


def _enter(act: str, subject: Any, *, summary: str = "", by: User | None = None) -> None:
    audit.record(
        act, subject, by=by or _who_acts.get()(), at=timezone.now(), summary=summary[:2000]
    )
