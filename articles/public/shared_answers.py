"""Finished answers that all workers and machines share, in the Redis that CACHE_URL names.

It is the second place to look, after the memory of a worker. Nothing depends on it: whether an
answer holds is always asked of the database. Its key names the state of the public pages and the
build of the site, so an answer with an old look is never found. What is kept is signed, for others
may be able to write to a shared cache.
"""

import hashlib
import json
from collections.abc import Hashable
from functools import cache
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.utils import translation
from django.utils.crypto import salted_hmac

from articles.paper import typesetting
from physiohub import version

#: How long an answer is kept in seconds. One that is still asked for is made again once.
_KEPT = 60 * 60
_SIGNATURE = 32


def is_there() -> bool:
    """Whether the operator has set a cache that workers share."""
    return settings.CACHES["default"]["BACKEND"] == "physiohub.shared_cache.SharedCache"


def fetch(key: Hashable) -> tuple[dict[str, Any], bytes] | None:
    """Return what `share` was given for `key`; None where nothing of ours is found."""
    name = _name(key)
    found = _redis().bytes_of(name)
    if not found:
        return None
    signature, signed = found[:_SIGNATURE], found[_SIGNATURE:]
    if not compare_digest(signature, _sign(name, signed)):
        return None
    head, _line, body = signed.partition(b"\n")
    return json.loads(head), body


def share(key: Hashable, head: dict[str, Any], body: bytes = b"") -> None:
    """Keep `head`, which JSON can hold, and `body` for other workers."""
    name = _name(key)
    signed = json.dumps(head).encode() + b"\n" + body
    _redis().keep_bytes(name, _sign(name, signed) + signed, seconds=_KEPT)


def _redis() -> Any:
    return caches["default"]


def _name(key: Hashable) -> str:
    return "page:" + hashlib.sha256(f"{build_of_site()} {key!r}".encode()).hexdigest()[:40]


def _sign(name: str, signed: bytes) -> bytes:
    named = name.encode() + b"\n" + signed
    return salted_hmac("finished page", named, algorithm="sha256").digest()


@cache
def build_of_site() -> str:
    """Return a digest of all that pages are made from beside the database.

    It covers our files, the settings, and whether this machine can make PDFs.
    """
    with translation.override(None):  # names of languages are words, too
        values = repr([(name, getattr(settings, name)) for name in dir(settings) if name.isupper()])
    parts = [version.of_what_pages_are_made_from(), values, str(typesetting.is_possible())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
