"""The manners of asking: who may be asked, how often, how long we wait, and when we come back."""

import contextlib
import logging
import threading
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from . import sending
from .answers import Outcome

_log = logging.getLogger(__name__)

#: Seconds for one question with all its attempts. A person is waiting.
PATIENCE = 20
_ONE_ATTEMPT = 10
_ATTEMPTS = 3
_MOST_REDIRECTS = 2
_REDIRECTS = {301, 302, 303, 307, 308}
_COME_BACK = {429, 500, 502, 503, 504}

#: Seconds between two questions to one host, one at a time. Half of what the services allow without
#: a key, because a site runs in several processes that do not see each other: Crossref 5 a second,
#: PubMed 3.
INTERVALS = {"api.crossref.org": 0.4, "eutils.ncbi.nlm.nih.gov": 0.7, "pmc.ncbi.nlm.nih.gov": 0.7}


class Failed(Exception):
    """The question stays open.

    `outcome` says why, `seconds` how long we were asked to wait (or None).
    """

    def __init__(self, outcome, seconds=None):
        self.outcome, self.seconds = outcome, seconds
        super().__init__(outcome)


class Pace:
    """One host's turn: one question at a time, and none before it is due.

    Shared by all threads of the process.
    """

    def __init__(self, interval, *, clock=time.monotonic, sleep=time.sleep):
        self._interval, self._clock, self._sleep = interval, clock, sleep
        self._turn = threading.Lock()
        self._due = 0.0

    @contextlib.contextmanager
    def turn(self, patience):
        """Wait for our turn, at most `patience` seconds.

        Raises Failed(BUSY) when it would take longer.
        """
        started = self._clock()
        if not self._turn.acquire(timeout=max(0, patience)):
            raise Failed(Outcome.BUSY)
        try:
            wait = self._due - self._clock()
            if wait > patience - (self._clock() - started):
                raise Failed(Outcome.BUSY, round(wait) + 1)
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                self._due = max(self._due, self._clock() + self._interval)
        finally:
            self._turn.release()

    def rest(self, seconds):
        """Ask nothing for `seconds`, whoever wants to: the service said so."""
        self._due = max(self._due, self._clock() + seconds)


_paces = {host: Pace(interval) for host, interval in INTERVALS.items()}


@dataclass(frozen=True)
class Question:
    """`path` begins with a slash and is percent-encoded already; `query` is not."""

    host: str
    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def url(self):
        return f"https://{self.host}{self.path}" + (
            f"?{urlencode(self.query)}" if self.query else ""
        )


def ask(question, *, paces=_paces, clock=time.monotonic):
    """The Reply (200 or 404) to `question`; raises Failed.

    Takes PATIENCE seconds at most, a little more at worst.
    """
    try:
        send = sending.sender(settings.LOOKUP)
    except ImproperlyConfigured as problem:
        # Whoever asks can do nothing about it; whoever runs the site reads the log.
        _log.warning("%s", problem)
        raise Failed(Outcome.UNREACHABLE) from problem
    if send is None:
        raise Failed(Outcome.OFF)
    until = clock() + PATIENCE
    url, redirects, attempt = question.url, 0, 1
    while True:
        host = _allowed_host(url)
        with paces[host].turn(until - clock()):
            seconds = min(_ONE_ATTEMPT, until - clock())
            if seconds <= 0:
                raise Failed(Outcome.TIMEOUT)
            try:
                reply = send.send(url, _headers(), seconds)
            except sending.TooSlow:
                raise Failed(Outcome.TIMEOUT) from None
            except sending.BadReply:
                raise Failed(Outcome.NONSENSE) from None
            except sending.NoReply:
                raise Failed(Outcome.UNREACHABLE) from None
            if reply.status in _COME_BACK:
                # Within our turn, so that nobody slips in before the rest is known.
                wait = _asked_to_wait(reply, attempt)
                paces[host].rest(wait)
        if reply.status in (200, 404):
            return reply
        if reply.status in _REDIRECTS and redirects < _MOST_REDIRECTS:
            # A merged DOI leads to the one it was merged into, on the same machine.
            url, redirects = _joined(url, reply.headers.get("location", "")), redirects + 1
        elif reply.status in _COME_BACK:
            if attempt == _ATTEMPTS or wait > until - clock():
                outcome = Outcome.BUSY if reply.status in (429, 503) else Outcome.UNREACHABLE
                raise Failed(outcome, round(wait) + 1)
            attempt += 1
        else:
            raise Failed(Outcome.NONSENSE)


def _allowed_host(url):
    """The host of `url` when we may ask it; raises Failed.

    Guards redirects: where we begin is fixed.
    """
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme == "https" and parts.netloc == parts.hostname
    except ValueError:
        is_plain = False
    if not is_plain or parts.netloc not in sending.HOSTS:
        raise Failed(Outcome.NONSENSE)
    return parts.netloc


def _joined(url, location):
    try:
        return urljoin(url, location)
    except ValueError:
        raise Failed(Outcome.NONSENSE) from None


def _headers():
    contact = f"; mailto:{settings.LOOKUP_CONTACT}" if settings.LOOKUP_CONTACT else ""
    return {
        "User-Agent": f"PhysioHub/1 ({settings.SITE_URL}{contact})",
        "Accept": "application/json, text/xml, */*",
    }


def _asked_to_wait(reply, attempt):
    """Seconds from Retry-After (a number or a date), else 1, 2, 4 …"""
    stated = reply.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return min(int(stated), 3600)
    if stated:
        with contextlib.suppress(ValueError, TypeError):
            seconds = (parsedate_to_datetime(stated) - timezone.now()).total_seconds()
            return min(max(seconds, 1), 3600)
    return 2 ** (attempt - 1)
