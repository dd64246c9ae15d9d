"""Where a work is used, told by those who use it: the library imports nothing from them."""

from dataclasses import dataclass, field

LIVE, DRAFT, EARLIER = "live", "draft", "earlier"

_tellers: list = []


@dataclass(frozen=True)
class Use:
    """`kind` is LIVE, DRAFT or EARLIER (published once, not live now).

    `claims` are the words that rest on the work.
    """

    kind: str
    title: str
    address: str
    claims: list[str] = field(default_factory=list)


def register(teller):
    """Let `teller` speak: it has uses_of(reference), an iterable of Use, and live_uids(), a query
    for uids.
    """
    if teller not in _tellers:
        _tellers.append(teller)


def uses_of(reference):
    return [use for teller in _tellers for use in teller.uses_of(reference)]


def live_uids():
    """Queries for the uids of references that readers can see now, one from each teller."""
    return [teller.live_uids() for teller in _tellers]
