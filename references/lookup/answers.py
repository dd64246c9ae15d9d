"""What a question to another service came to.

A failure is an answer too, and never means that all is well.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from references.formats.records import Record


class Outcome(StrEnum):
    FOUND = "found"
    NOT_FOUND = "not_found"  # the service answered, and does not have it
    OFF = "off"  # this site does not look anything up
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    BUSY = "busy"  # it asked us to come back later, or others are waiting already
    NONSENSE = "nonsense"  # it answered something we cannot read


@dataclass(frozen=True)
class Answer:
    """`records` holds what was found, best first; it is empty unless `outcome` is FOUND.

    `sentence` says what came of it, for a person; for every failure it begins with “could not be
    checked”.
    """

    outcome: Outcome
    service: str
    sentence: str = ""
    records: tuple[Record, ...] = ()

    @property
    def record(self):
        """The one record asked for, or None."""
        return self.records[0] if self.records else None

    @property
    def is_failure(self):
        """Whether nothing is known now: neither found nor known to be missing."""
        return self.outcome not in (Outcome.FOUND, Outcome.NOT_FOUND)


def found(service, *records):
    return Answer(Outcome.FOUND, service, records=records)


def not_found(service, what):
    sentence = _("%(service)s does not know %(what)s.") % {"service": service, "what": what}
    return Answer(Outcome.NOT_FOUND, service, sentence)


def failed(outcome, service, *, seconds=None):
    """The Answer for a question that stayed open.

    `seconds` is how long the service asked us to wait.
    """
    sentence = _REASONS[outcome](service)
    if seconds:
        sentence += " " + _("Try again in %(seconds)s seconds.") % {"seconds": seconds}
    return Answer(outcome, service, sentence)


_REASONS = {
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
