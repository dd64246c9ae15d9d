"""Where works are used, as the apps that use them say. The library imports nothing from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import QuerySet

from .models import Reference

LIVE, DRAFT, EARLIER = "live", "draft", "earlier"


@dataclass(frozen=True)
class Use:
    """One text that uses a work.

    `kind` is LIVE, DRAFT or EARLIER (published once, not live now). `claims` are the sentences that
    rest on the work.
    """

    kind: str
    title: str
    address: str
    claims: list[str] = field(default_factory=list)


class UsageProvider(Protocol):
    """What an app that uses works offers the library."""

    def uses_of(self, reference: Reference) -> Iterable[Use]:
        """Yield every Use of `reference` in the app."""

    def live_uids(self) -> QuerySet:
        """Return a query for the uids of references that readers can see now."""

    def address_to_move(self, reference: Reference) -> str:
        """Return the address where what uses a work is moved to a newer version of it."""


_providers: list[UsageProvider] = []


def register(provider: UsageProvider) -> None:
    """Have `provider` asked about the uses of works from now on."""
    if provider not in _providers:
        _providers.append(provider)


def uses_of(reference: Reference) -> list[Use]:
    return [use for provider in _providers for use in provider.uses_of(reference)]


def addresses_to_move(reference: Reference) -> list[str]:
    """Return where the texts that use a work are moved to a newer version, for each provider."""
    return [provider.address_to_move(reference) for provider in _providers]


def live_uids() -> list[QuerySet]:
    """Return a query for each provider: the uids of references that readers can see now."""
    return [provider.live_uids() for provider in _providers]
