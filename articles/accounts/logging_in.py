"""A log-in in two steps: name and password, then a code. Before the second nobody is logged in.

Between the two the session says who showed a password, for a few minutes, and Django counts it as
nobody's. So no view has to ask: who is logged in has shown both.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from . import second_factors

#: How long somebody may take from the password to the code.
WITHIN = timedelta(minutes=10)
_HALF, _WHOLE, _BY_LINK = "half log-in", "second factor", "link for a second factor"


def begin_log_in(
    request: HttpRequest,
    account: User,
    *,
    to: str,
    at: datetime,
    replaces: int | None = None,
) -> None:
    """Note that `account` showed its password, and wants to go `to` a path of this site.

    `replaces` is the number of the app that may be replaced by one that is set up now.
    """
    request.session.cycle_key()
    request.session[_HALF] = {
        "account": account.pk,
        # A password that is changed meanwhile ends it.
        "password": account.get_session_auth_hash(),
        "backend": getattr(account, "backend", "django.contrib.auth.backends.ModelBackend"),
        "at": at.timestamp(),
        "to": to,
        "replaces": replaces,
    }


def who_began(request: HttpRequest, *, at: datetime) -> User | None:
    """Return the account that showed its password a few minutes ago, if it may log in still."""
    half = request.session.get(_HALF)
    if not half or not 0 <= at.timestamp() - half["at"] <= WITHIN.total_seconds():
        return None
    account = User.objects.filter(pk=half["account"], is_active=True, is_staff=True).first()
    if account is None or not constant_time_compare(
        half["password"], account.get_session_auth_hash()
    ):
        return None
    return account


def where_to(request: HttpRequest) -> str:
    return str(request.session[_HALF]["to"])


def replaced_app(request: HttpRequest) -> int | None:
    """Return the number of the app that may be replaced, None where there must be none."""
    found: int | None = request.session[_HALF]["replaces"]
    return found


def may_set_up(request: HttpRequest, account: User) -> bool:
    """Whether this log-in leads to a new app: there is none, or it may be replaced."""
    return replaced_app(request) is not None or second_factors.app_of(account) is None


def key_to_set_up(request: HttpRequest) -> tuple[str, bool]:
    """Return the key of the app that is being set up, and whether it was drawn just now."""
    half: dict[str, Any] = request.session[_HALF]
    if is_new := "key" not in half:
        request.session[_HALF] = {**half, "key": second_factors.draw_key()}
    return str(request.session[_HALF]["key"]), is_new


def finish_log_in(request: HttpRequest, account: User) -> None:
    """Log in: both were shown. The session gets a new key."""
    half = request.session.pop(_HALF)
    request.session.pop(_BY_LINK, None)
    if SESSION_KEY in request.session:
        request.session.cycle_key()  # Django keeps the key of who was logged in already
    login(request, account, backend=half["backend"])
    mark_as_whole(request.session)


def mark_as_whole(session: SessionBase) -> None:
    """Note in a session that both factors were shown."""
    session[_WHOLE] = True


def is_whole(session: SessionBase) -> bool:
    """Whether both factors were shown, where the site asks for two."""
    return not settings.SECOND_FACTOR or session.get(_WHOLE) is True


def keep_link(request: HttpRequest, account: User, app: int) -> None:
    """Note that somebody came by a link to set up a new second factor instead of `app`."""
    request.session[_BY_LINK] = [account.pk, app]


def app_to_replace(request: HttpRequest, account: User) -> int | None:
    """Return the number of the app that the link of `account` replaces, None without a link."""
    pk, app = request.session.get(_BY_LINK, (None, None))
    return app if pk == account.pk else None
