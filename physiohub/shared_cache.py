"""The cache that all workers and machines share, in Redis. It may be lost at any time.

A Redis that is down or hangs costs one short wait. Then nobody asks it for some seconds, and each
worker goes on with a memory of its own. What Redis holds is never unpickled, because who can
write to a shared cache could otherwise run code here.
"""

import json
import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

#: How long each step of a talk with Redis may take, in seconds.
_PATIENCE = 0.02
#: For how long nobody asks a Redis that has failed, in seconds.
_PAUSE = 5.0
#: By address, when a Redis that has failed is asked again (time.monotonic). One for all threads.
_asked_again_at: dict[str, float] = {}


class Plainly:
    """Values as JSON: what comes back is a number, a text or a list, and never code."""

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError:
            return None  # not ours


def _or_in_own_memory(name: str) -> Callable[..., Any]:
    """Return the method `name` of Redis, which turns to our own memory while Redis is away."""

    def method(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        return self.ask(
            lambda: getattr(RedisCache, name)(self, *args, **kwargs),
            otherwise=lambda: getattr(self.own_memory, name)(*args, **kwargs),
        )

    method.__name__ = name
    return method


class SharedCache(RedisCache):
    """Django's cache in Redis, with little patience and something to fall back on."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "serializer": Plainly,
            "socket_timeout": _PATIENCE,
            "socket_connect_timeout": _PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._address = server
        self.own_memory = LocMemCache(f"instead of {server}", {})

    add = _or_in_own_memory("add")
    get = _or_in_own_memory("get")
    set = _or_in_own_memory("set")
    touch = _or_in_own_memory("touch")
    delete = _or_in_own_memory("delete")
    get_many = _or_in_own_memory("get_many")
    set_many = _or_in_own_memory("set_many")
    delete_many = _or_in_own_memory("delete_many")
    has_key = _or_in_own_memory("has_key")
    incr = _or_in_own_memory("incr")
    clear = _or_in_own_memory("clear")

    def ask(self, question: Callable[[], Any], *, otherwise: Callable[[], Any]) -> Any:
        """Return what `question` finds in Redis, or what `otherwise` says while Redis is away."""
        if time.monotonic() < _asked_again_at.get(self._address, 0):
            return otherwise()
        try:
            return question()
        except (RedisError, OSError) as error:
            log.warning(
                "The cache does not answer (%s). We go on without it for %d seconds.",
                type(error).__name__,
                _PAUSE,
            )
            _asked_again_at[self._address] = time.monotonic() + _PAUSE
            return otherwise()

    @cached_property
    def _raw(self) -> Any:
        return self._cache.get_client(write=True)

    def bytes_of(self, key: str) -> bytes | None:
        """Return the bytes that are kept under `key`; None where there are none, or no Redis."""
        return self.ask(lambda: self._raw.get(key), otherwise=lambda: None)

    def keep_bytes(self, key: str, data: bytes, *, seconds: int) -> None:
        """Keep `data` for so long, if Redis answers."""
        self.ask(lambda: self._raw.set(key, data, ex=seconds), otherwise=lambda: None)
