"""Browsers that are not asked for a code for some days. Off unless REMEMBER_DEVICE_DAYS is set.

The cookie is signed and holds a secret. It works for one account, with the password and the app
that it had then, until its owner forgets it under "Your log-ins".
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from articles.models import RememberedDevice

from . import second_factors, sessions

#: Django adds the name of the cookie to it, and with it the account.
_SALT = "a remembered device"


def remember(request: HttpRequest, response: HttpResponse, account: User, *, at: datetime) -> None:
    """Ask for no code here for REMEMBER_DEVICE_DAYS; without that setting nothing happens."""
    if not settings.REMEMBER_DEVICE_DAYS:
        return
    secret, lasts = secrets.token_urlsafe(32), timedelta(days=settings.REMEMBER_DEVICE_DAYS)
    RememberedDevice.objects.create(
        account=account,
        key=_hashed(secret),
        bound_to=_bound_to(account),
        agent=sessions.agent_of(request),
        at=at,
        until=at + lasts,
    )
    response.set_signed_cookie(
        _cookie_of(account),
        secret,
        salt=_SALT,
        max_age=lasts,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def is_remembered(request: HttpRequest, account: User, *, at: datetime) -> bool:
    """Whether the browser that sent `request` need not show a code of `account`."""
    if not settings.REMEMBER_DEVICE_DAYS:
        return False
    secret = request.get_signed_cookie(
        _cookie_of(account),
        default="",
        salt=_SALT,
        max_age=timedelta(days=settings.REMEMBER_DEVICE_DAYS),
    )
    if not secret:
        return False
    return remembered(account, at=at).filter(key=_hashed(secret)).exists()


def remembered(account: User, *, at: datetime) -> QuerySet[RememberedDevice]:
    """Return the browsers that are remembered with the password and the app of today."""
    return RememberedDevice.objects.filter(
        account=account, bound_to=_bound_to(account), until__gt=at
    ).order_by("-at", "-pk")


def forget(account: User, pk: str, *, at: datetime) -> bool:
    """Forget one browser of `account`, and return whether it was remembered."""
    found = remembered(account, at=at).filter(pk=int(pk)) if _is_number(pk) else None
    return bool(found is not None and found.delete()[0])


def clear_forgotten(at: datetime) -> int:
    """Delete what is over, and return how many there were."""
    return RememberedDevice.objects.filter(until__lt=at).delete()[0]


def _is_number(pk: str) -> bool:
    return pk.isascii() and pk.isdecimal() and len(pk) < 18


def _cookie_of(account: User) -> str:
    name = f"device-{account.pk}"
    return f"__Host-{name}" if settings.IS_HTTPS else name


def _hashed(secret: str) -> str:
    return salted_hmac(_SALT, secret, algorithm="sha256").hexdigest()


def _bound_to(account: User) -> str:
    app = second_factors.app_of(account)
    bound = f"{account.pk}\0{account.password}\0{app.key if app else ''}"
    return salted_hmac("what a device is bound to", bound, algorithm="sha256").hexdigest()
