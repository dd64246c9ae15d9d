"""Limit how often one network may do something in an hour, without storing which network it was.

The cache holds a count under a keyed hash of the address, for an hour at most. The key of the hash
comes from the secret of the site and the hour. After that hour nobody, not even the site, can tell
whether two counts were of one address.
"""

from datetime import datetime
from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600


def is_too_often(act: str, address: str, *, at: datetime, most: int, most_of_all: int) -> bool:
    """Count one more `act` from `address`, and return whether that is too often.

    `act` is a short name. In an hour one network may do it `most` times, and all networks together
    `most_of_all` times. `at` is an aware datetime. Where each worker has a cache of its own
    (locmem), each worker counts for itself.
    """
    hour = int(at.timestamp()) // HOUR
    one = salted_hmac(f"throttling {act} {hour}", _network(address), algorithm="sha256").hexdigest()
    return (
        _count(f"often:{act}:{hour}:{one}") > most
        or _count(f"often:{act}:{hour}:all") > most_of_all
    )


def _count(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # the key expired between the two calls
        cache.set(key, 1, HOUR)
        return 1


def _network(address: str) -> str:
    """Return what one household has: an IPv4 address, or a /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed if parsed.version == 4 else ip_network((parsed, 64), strict=False))
