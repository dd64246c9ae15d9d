"""What a question to another service came to.

A failure is an answer too, and never means that all is well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from references.formats.records import Record


class Outcome(StrEnum):
    """What a question came to."""

    FOUND = "found"
    #: The service answered, and does not have the work.
    NOT_FOUND = "not_found"
    #: This site looks nothing up.
    OFF = "off"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    #: The service asked us to come back later, or others are waiting already.
    BUSY = "busy"
    #: The service answered something that we cannot read.
    NONSENSE = "nonsense"


@dataclass(frozen=True)
class Answer:
    """What a service answered. `records` has what was found, best first; else it is empty.

    `sentence` says for a person what came of it. For every failure it begins with “could not be
    checked”.
    """

    outcome: Outcome
    service: str
    sentence: str = ""
    records: tuple[Record, ...] = ()

    @property
    def record(self) -> Record | None:
        """The one record asked for, or None."""
        return self.records[0] if self.records else None

    @property
    def is_failure(self) -> bool:
        """Whether nothing is known now: the work is neither found nor known to be missing."""
        return self.outcome not in (Outcome.FOUND, Outcome.NOT_FOUND)


def found(service: str, *records: Record) -> Answer:
    return Answer(Outcome.FOUND, service, records=records)


def not_found(service: str, what: object) -> Answer:
    sentence = _("%(service)s does not know %(what)s.") % {"service": service, "what": what}
    return Answer(Outcome.NOT_FOUND, service, sentence)


def failed(outcome: Outcome, service: str, *, seconds: int | None = None) -> Answer:
    """Return the Answer for a question that stayed open.

    `seconds` is how long the service asked us to wait.
    """
    sentence = _REASONS[outcome](service)
    if seconds:
        sentence += " " + _("Try again in %(seconds)s seconds.") % {"seconds": seconds}
    return Answer(outcome, service, sentence)


_REASONS: dict[Outcome, Callable[[str], str]] = {
    Outcome.OFF: lambda service: _(
        "could not be checked: looking up is switched off on this site."
    ),
    Outcome.UNREACHABLE: lambda service: (
        _("could not be checked: %s cannot be reached from here.") % service
    ),
    Outcome.TIMEOUT: lambda service: (
        _("could not be checked: %s did not answer in time.") % service
    ),
    Outcome.BUSY: lambda service: _("could not be checked: %s is busy.") % service,
    Outcome.NONSENSE: lambda service: (
        _("could not be checked: %s sent something we cannot read.") % service
    ),
}
