"""How a question leaves the house.

Over the network, out of a folder of recorded replies, or not at all.
"""

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

#: The only machines that are ever asked.
HOSTS = frozenset({"api.crossref.org", "eutils.ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov"})
MOST_BYTES = 5 * 1024 * 1024
_PIECE = 64 * 1024

#: Who asks: of no weight for the answer, so a recording holds for every site.
_WHO_ASKS = {"mailto", "email", "tool"}


class NoReply(Exception):
    """Nothing usable came back."""


class TooSlow(NoReply):
    """The time was up before the whole reply was there."""


class BadReply(NoReply):
    """It was too long, or not what a web server says."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: dict = field(default_factory=dict)  # names in lower case


class Network:
    """The real thing. Follows no redirect and unpacks nothing.

    What is read is what was sent, up to MOST_BYTES.
    """

    def __init__(self):
        self._opener = urllib.request.OpenerDirector()
        # What this opener has no handler for it cannot do: no http, no file, no redirect, no
        # password.
        for handler in self._handlers():
            self._opener.add_handler(handler)

    def _handlers(self):
        return [
            urllib.request.ProxyHandler(),
            urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        ]

    def send(self, url, headers, seconds):
        """The Reply to a GET of `url`, all of it within `seconds`; raises NoReply."""
        until = time.monotonic() + seconds
        # The opener knows no scheme but https, and `ask` only hosts of HOSTS.
        request = urllib.request.Request(url, headers={**headers, "Accept-Encoding": "identity"})  # noqa: S310
        try:
            answer = self._opener.open(request, timeout=seconds)
            if answer is None:
                raise NoReply
            with answer:
                body = self._read(answer, until)
                return Reply(
                    answer.status,
                    body,
                    {name.lower(): value for name, value in answer.headers.items()},
                )
        except TimeoutError as problem:
            raise TooSlow from problem
        except urllib.error.URLError as problem:
            raise (TooSlow if isinstance(problem.reason, TimeoutError) else NoReply) from problem
        except (OSError, ValueError, http.client.HTTPException) as problem:
            raise NoReply from problem

    @staticmethod
    def _read(answer, until):
        """The body, given up when the time is over or it grows too long.

        A slow drip must not hold anybody.
        """
        pieces, size = [], 0
        while True:
            if time.monotonic() > until:
                raise TooSlow
            piece = answer.read1(_PIECE)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise BadReply


class Recorded:
    """Replies from a folder of JSON files, each {"method", "url", "status", "headers", "body"} or a
    list of such.

    `body` is text, or JSON as it is. What was not recorded counts as unreachable.
    """

    def __init__(self, folder):
        self._replies = {}
        for path in sorted(Path(folder).glob("*.json")):
            try:
                recordings = json.loads(path.read_text(encoding="utf-8"))
                for recording in recordings if isinstance(recordings, list) else [recordings]:
                    self._keep(**recording)
            except (ValueError, TypeError, OSError) as problem:
                raise ImproperlyConfigured(
                    f"LOOKUP names the recording {path}, which cannot be read. Write it as"
                    ' {"method": "GET", "url": "…", "status": 200, "headers": {}, "body": …}.'
                ) from problem

    def _keep(self, *, url, body, method="GET", status=200, headers=None):
        body = body if isinstance(body, str) else json.dumps(body)
        headers = {name.lower(): str(value) for name, value in (headers or {}).items()}
        self._replies[method.upper(), _asked(url)] = Reply(int(status), body.encode(), headers)

    def send(self, url, headers, seconds):
        try:
            return self._replies["GET", _asked(url)]
        except KeyError:
            raise NoReply from None


def _asked(url):
    """`url` in the form recordings are compared in.

    Without who asks, its query in order, nothing percent-encoded.
    """
    parts = urlsplit(url)
    query = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in _WHO_ASKS
    )
    return urlunsplit(
        (parts.scheme, parts.netloc.lower(), unquote(parts.path), urlencode(query), "")
    )


@lru_cache(maxsize=8)
def sender(setting):
    """What the setting LOOKUP stands for: a Network, a Recorded, or None when looking up is off."""
    if setting == "off":
        return None
    if setting == "on":
        return Network()
    return Recorded(setting.removeprefix("recorded:"))
