"""How often one network may do something in an hour, without writing down which network it was.

What is counted is a keyed hash of the address, in the cache, for an hour at most. The key is drawn
from the secret of the site and the hour: after it nobody, the site included, can tell whether two
counts were of one address.
"""

from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600


def is_too_often(act, address, *, at, most, most_of_all):
    """Count one more `act` (a short name) from `address`; is it over `most` of one network or
    `most_of_all` in an hour?

    `at` is an aware datetime. Where each worker has a cache of its own (locmem), each counts on its
    own.
    """
    hour = int(at.timestamp()) // HOUR
    one = salted_hmac(f"throttling {act} {hour}", _network(address), algorithm="sha256").hexdigest()
    return (
        _count(f"often:{act}:{hour}:{one}") > most
        or _count(f"often:{act}:{hour}:all") > most_of_all
    )


def _count(key):
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, HOUR)
        return 1


def _network(address):
    """One household has one IPv4 address, or a /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed if parsed.version == 4 else ip_network((parsed, 64), strict=False))
