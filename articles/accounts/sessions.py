"""How long a log-in lasts, and which ones somebody has open.

A log-in ends after half an hour (IDLE_MINUTES) in which nothing was asked for, and in any case
twelve hours after it began. One that was made with a password alone ends at once, and all of a
person end when their second factor goes. The save of a form that comes too late is shown with all
that was typed (articles.admin.conflicts.resending).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, logout, signals
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import logging_in

LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
#: How exact the time of the last request is: each step costs a query that writes.
_STEP = timedelta(minutes=1)
_BEGAN, _SEEN, _AGENT = "began", "seen", "agent"
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def listen() -> None:
    signals.user_logged_in.connect(_begin, dispatch_uid="sessions")
    post_delete.connect(_end_with_the_app, sender=TOTPDevice, dispatch_uid="sessions")


def _begin(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    now = timezone.now().timestamp()
    request.session[_BEGAN] = request.session[_SEEN] = now
    request.session[_AGENT] = agent_of(request)


def _end_with_the_app(sender: type, instance: TOTPDevice, **kwargs: Any) -> None:
    for session, _data in _sessions_of(instance.user_id, timezone.now()):
        session.delete()


class EndsOldLogIns:
    """Middleware: a log-in ends before the view if it is too old, was idle for too long, or came
    without a second factor. All that is for staff alone is below /admin/.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Public pages ask for no session: they do not look whether somebody is logged in.
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            self._look_at(request, timezone.now())
        return self.get_response(request)

    def _look_at(self, request: HttpRequest, now: datetime) -> None:
        # One from before there were limits begins now.
        began = request.session.setdefault(_BEGAN, now.timestamp())
        seen = request.session.setdefault(_SEEN, now.timestamp())
        idle = timedelta(seconds=now.timestamp() - seen)
        is_over = idle > settings.LONGEST_IDLE or now.timestamp() - began > LONGEST.total_seconds()
        if is_over or not logging_in.is_whole(request.session):
            logout(request)
        elif idle >= _STEP or idle < -_STEP:  # or the clock was set back
            request.session[_SEEN] = now.timestamp()


@dataclass(frozen=True)
class OpenLogIn:
    """`name` stands for its key, which nobody is shown."""

    name: str
    began: datetime
    seen: datetime
    agent: str
    is_this: bool


def open_log_ins(user: User, *, this: str | None, at: datetime) -> list[OpenLogIn]:
    """Return what `user` has open, the newest first; `this` is the key of the one that asks.

    Reads every open log-in of the site: there are as many as people who work here.
    """
    found = [
        OpenLogIn(
            name=_name_of(session.session_key),
            began=_moment(data.get(_BEGAN), at),
            seen=_moment(data.get(_SEEN), at),
            agent=data.get(_AGENT) or _("unknown browser"),
            is_this=session.session_key == this,
        )
        for session, data in _sessions_of(user.pk, at)
    ]
    return sorted(found, key=lambda one: (one.is_this, one.seen), reverse=True)


def end_log_in(user: User, name: str, *, at: datetime) -> bool:
    """End one of the log-ins of `user`, and return whether it was there."""
    for session, _data in _sessions_of(user.pk, at):
        if constant_time_compare(_name_of(session.session_key), name):
            session.delete()
            return True
    return False


def clear_ended(at: datetime) -> int:
    """Delete log-ins that have ended, and return how many there were."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def agent_of(request: HttpRequest) -> str:
    """Return the browser and the device `request` comes from, in words; "" where it says none."""
    return _agent_in_words(request.headers.get("User-Agent", ""))


def _sessions_of(pk: int, at: datetime) -> Iterator[tuple[Session, dict[str, Any]]]:
    for session in Session.objects.filter(expire_date__gt=at).iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(pk) and BACKEND_SESSION_KEY in data:
            yield session, data


def _name_of(key: str) -> str:
    return salted_hmac("name of a log-in", key, algorithm="sha256").hexdigest()[:24]


def _moment(stamp: Any, at: datetime) -> datetime:
    return datetime.fromtimestamp(stamp, tz=at.tzinfo) if stamp else at


def _agent_in_words(agent: str) -> str:
    """Return the browser and the device that say so in a User-Agent; "" for others."""
    browser = next((name for name in _BROWSERS if f"{name}/" in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return ", ".join(filter(None, [_NAMES.get(browser, browser), system]))
