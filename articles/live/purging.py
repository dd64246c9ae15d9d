"""Telling the caches on the way, a CDN or a proxy, that readers would see something else now.

Where the operator lets them send pages without asking (SHARED_CACHE_SECONDS), they are told to drop
all pages of this site (PURGE_URL) as soon as any has changed. All pages have one key: which page
shows what cannot be listed without forgetting something, and what is forgotten is a stale page.

Each change is told twice. Once at once, after its transaction, from the task queue; and once within
a minute, by the jobs, which try until it is taken. So a page that was on its way to the cache
while the first purge came does not stay, and nothing is missed that no request did.
"""

import http.client
import json
import logging
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django_tasks import task

from articles.models import PublicState

from . import public_state

log = logging.getLogger(__name__)

#: How long a cache may take for each step of its answer. A person may be waiting for it.
_SECONDS = 3

Answer = TypeVar("Answer")


class NotPurged(Exception):
    """The cache did not take the purge; str() says what it answered."""


def key_of_site() -> str:
    """Return the key that all kept answers of this site have: its host."""
    return urlsplit(settings.SITE_URL).netloc


def tags() -> dict[str, str]:
    """Return the headers that name the key, as Fastly and Varnish, and as Cloudflare read it."""
    if not settings.PURGE_URL:
        return {}
    return {"Surrogate-Key": key_of_site(), "Cache-Tag": key_of_site()}


def purge_after(act: Callable[[], Answer]) -> Answer:
    """Do `act` and return what it returns; purge if readers would see something else after it.

    For requests that may write. No transaction of ours may be open.
    """
    if not settings.PURGE_URL:
        return act()
    before = _token()
    answer = act()
    if _token() != before:
        purge_at_once.enqueue()
    return answer


def _token() -> str | None:
    try:
        return public_state.token()
    except DatabaseError:
        return None


@task()
def purge_at_once() -> None:
    """Purge. If that fails, the next round of the jobs does it."""
    try:
        send_purge()
    except NotPurged as error:
        log.warning("The cache was not purged (%s). It is tried again within a minute.", error)


def purge_what_changed() -> bool:
    """Purge if anything has changed since this was last done. Returns whether it had.

    Raises NotPurged; then the next call tries again.
    """
    if not settings.PURGE_URL:
        return False
    token = public_state.token()
    if token is None or PublicState.objects.filter(purged=token).exists():
        return False
    send_purge()
    # The token from before the purge: what changed meanwhile is purged next time.
    PublicState.objects.update(purged=token)
    return True


def send_purge() -> None:
    """Ask the cache to drop all pages. Raises NotPurged."""
    url = urlsplit(settings.PURGE_URL)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=_SECONDS)
    body = json.dumps({"tags": [key_of_site()]})
    headers = {
        "Content-Type": "application/json",
        "Surrogate-Key": key_of_site(),
        **settings.PURGE_HEADER,
    }
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotPurged(type(error).__name__) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotPurged(f"it answered {status}")
