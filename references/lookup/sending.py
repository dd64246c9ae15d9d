"""How a question is sent: over the network, or answered from a folder of recorded replies."""

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

#: The only machines that are ever asked.
HOSTS = frozenset({"api.crossref.org", "eutils.ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov"})
MOST_BYTES = 5 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024

#: They say who asks. The answer does not depend on them, so a recording is good for every site.
_CALLER_PARAMETERS = {"mailto", "email", "tool"}


class NoReply(Exception):
    """Nothing usable came back."""


class TooSlow(NoReply):
    """The time was up before the whole reply was there."""


class BadReply(NoReply):
    """It was too long, or not what a web server says."""


@dataclass(frozen=True)
class Reply:
    """What came back; the names of `headers` are in lower case."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Network:
    """Sends over the network. Follows no redirect and unpacks nothing.

    What is read is what was sent, up to MOST_BYTES.
    """

    def __init__(self) -> None:
        self._opener = urllib.request.OpenerDirector()
        # The opener can do only what it has a handler for: no http, file, redirect or password.
        for handler in self._handlers():
            self._opener.add_handler(handler)

    def _handlers(self):
        return [
            urllib.request.ProxyHandler(),
            urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        ]

    def send(self, url: str, headers: Mapping[str, str], seconds: float) -> Reply:
        """Return the Reply to a GET of `url`, all of it within `seconds`; raises NoReply."""
        deadline = time.monotonic() + seconds
        # The opener knows no scheme but https, and `ask` only hosts of HOSTS.
        request = urllib.request.Request(url, headers={**headers, "Accept-Encoding": "identity"})  # noqa: S310
        try:
            response: Any = self._opener.open(request, timeout=seconds)
            if response is None:
                raise NoReply
            with response:
                body = self._read(response, deadline)
                received = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, body, received)
        except TimeoutError as error:
            raise TooSlow from error
        except urllib.error.URLError as error:
            raise (TooSlow if isinstance(error.reason, TimeoutError) else NoReply) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NoReply from error

    @staticmethod
    def _read(response, deadline):
        """Return the body; raises NoReply when the time is over or it grows too long.

        A server that sends a byte now and then must not keep anybody waiting.
        """
        chunks, size = [], 0
        while True:
            if time.monotonic() > deadline:
                raise TooSlow
            chunk = response.read1(_CHUNK_BYTES)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise BadReply


class Recorded:
    """Replies from a folder of JSON files.

    Each file is {"method", "url", "status", "headers", "body"} or a list of such; `body` is text,
    or JSON as it is. What was not recorded counts as unreachable.
    """

    def __init__(self, folder: str | Path) -> None:
        self._replies: dict[tuple[str, str], Reply] = {}
        for path in sorted(Path(folder).glob("*.json")):
            try:
                recordings = json.loads(path.read_text(encoding="utf-8"))
                for recording in recordings if isinstance(recordings, list) else [recordings]:
                    self._add(**recording)
            except (ValueError, TypeError, OSError) as error:
                raise ImproperlyConfigured(
                    f"LOOKUP names the recording {path}, which cannot be read. Write it as"
                    ' {"method": "GET", "url": "…", "status": 200, "headers": {}, "body": …}.'
                ) from error

    def _add(self, *, url, body, method="GET", status=200, headers=None):
        body = body if isinstance(body, str) else json.dumps(body)
        headers = {name.lower(): str(value) for name, value in (headers or {}).items()}
        self._replies[method.upper(), _recording_key(url)] = Reply(
            int(status), body.encode(), headers
        )

    def send(self, url: str, headers: Mapping[str, str], seconds: float) -> Reply:
        """Return the recorded Reply for `url`; raises NoReply."""
        try:
            return self._replies["GET", _recording_key(url)]
        except KeyError:
            raise NoReply from None


def _recording_key(url):
    """Return `url` as recordings are compared: without who asks, query sorted, nothing encoded."""
    parts = urlsplit(url)
    query = sorted(
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if pair[0] not in _CALLER_PARAMETERS
    )
    return urlunsplit(
        (parts.scheme, parts.netloc.lower(), unquote(parts.path), urlencode(query), "")
    )


@lru_cache(maxsize=8)
def sender(setting: str) -> Network | Recorded | None:
    """Return what the setting LOOKUP stands for; None when this site looks nothing up."""
    if setting == "off":
        return None
    if setting == "on":
        return Network()
    return Recorded(setting.removeprefix("recorded:"))
