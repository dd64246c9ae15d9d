"""The rules for asking: which hosts, how often, how long we wait, and when we try again."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from . import sending
from .answers import Outcome

logger = logging.getLogger(__name__)

#: Seconds for one question with all its attempts. A person is waiting.
PATIENCE = 20
_SECONDS_PER_ATTEMPT = 10
_MOST_ATTEMPTS = 3
_MOST_REDIRECTS = 2
_REDIRECTS = {301, 302, 303, 307, 308}
_RETRY_LATER = {429, 500, 502, 503, 504}

#: Seconds between two questions to one host. Without a key, Crossref allows 5 questions a second
#: and PubMed 3. We ask half as often: a site has several processes that do not see each other.
INTERVALS = {"api.crossref.org": 0.4, "eutils.ncbi.nlm.nih.gov": 0.7, "pmc.ncbi.nlm.nih.gov": 0.7}


Clock = Callable[[], float]


class Failed(Exception):
    """The question stays open.

    `outcome` says why. `seconds` is how long we were asked to wait, or None.
    """

    def __init__(self, outcome: Outcome, seconds: int | None = None) -> None:
        self.outcome, self.seconds = outcome, seconds
        super().__init__(outcome)


class Pace:
    """The pace for one host: one question at a time, and an interval between two.

    All threads of the process share it.
    """

    def __init__(
        self, interval: float, *, clock: Clock = time.monotonic, sleep: Callable = time.sleep
    ) -> None:
        self._interval, self._clock, self._sleep = interval, clock, sleep
        self._turn = threading.Lock()
        self._due = 0.0

    @contextlib.contextmanager
    def turn(self, patience: float) -> Iterator[None]:
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

    def pause(self, seconds: float) -> None:
        """Let nobody ask for `seconds`: the service said so."""
        self._due = max(self._due, self._clock() + seconds)


_paces = {host: Pace(interval) for host, interval in INTERVALS.items()}


@dataclass(frozen=True)
class Question:
    """What to ask a host. `path` begins with a slash and is percent-encoded; `query` is not."""

    host: str
    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}" + (
            f"?{urlencode(self.query)}" if self.query else ""
        )


def ask(
    question: Question, *, paces: Mapping[str, Pace] = _paces, clock: Clock = time.monotonic
) -> sending.Reply:
    """Return the Reply (200 or 404) to `question`; raises Failed.

    Takes PATIENCE seconds, or a little more at worst.
    """
    try:
        sender = sending.sender(settings.LOOKUP)
    except ImproperlyConfigured as error:
        # The person who asks can do nothing about it. The person who runs the site reads the log.
        logger.warning("%s", error)
        raise Failed(Outcome.UNREACHABLE) from error
    if sender is None:
        raise Failed(Outcome.OFF)
    deadline = clock() + PATIENCE
    url, redirects, attempt = question.url, 0, 1
    while True:
        host = _allowed_host(url)
        with paces[host].turn(deadline - clock()):
            reply = _send(sender, url, deadline - clock())
            if reply.status in _RETRY_LATER:
                # Within our turn, so that nobody else asks before the pause begins.
                wait = _seconds_to_wait(reply, attempt)
                paces[host].pause(wait)
        if reply.status in (200, 404):
            return reply
        if reply.status in _REDIRECTS and redirects < _MOST_REDIRECTS:
            # A merged DOI leads to the one it was merged into, on the same machine.
            url, redirects = _joined(url, reply.headers.get("location", "")), redirects + 1
        elif reply.status in _RETRY_LATER:
            if attempt == _MOST_ATTEMPTS or wait > deadline - clock():
                outcome = Outcome.BUSY if reply.status in (429, 503) else Outcome.UNREACHABLE
                raise Failed(outcome, round(wait) + 1)
            attempt += 1
        else:
            raise Failed(Outcome.NONSENSE)


def _send(sender, url, seconds_left):
    """Return the Reply of one attempt; raises Failed."""
    seconds = min(_SECONDS_PER_ATTEMPT, seconds_left)
    if seconds <= 0:
        raise Failed(Outcome.TIMEOUT)
    try:
        return sender.send(url, _headers(), seconds)
    except sending.TooSlow:
        raise Failed(Outcome.TIMEOUT) from None
    except sending.BadReply:
        raise Failed(Outcome.NONSENSE) from None
    except sending.NoReply:
        raise Failed(Outcome.UNREACHABLE) from None


def _allowed_host(url):
    """Return the host of `url` if we may ask it; raises Failed.

    Where we begin is fixed. This guards redirects.
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


def _seconds_to_wait(reply, attempt):
    """Return seconds from Retry-After (a number or a date), else 1, 2, 4 …"""
    stated = reply.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return min(int(stated), 3600)
    if stated:
        with contextlib.suppress(ValueError, TypeError):
            seconds = (parsedate_to_datetime(stated) - timezone.now()).total_seconds()
            return min(max(seconds, 1), 3600)
    return 2 ** (attempt - 1)
