"""The list of rules, and what a rule finds."""

import enum
import functools
from dataclasses import dataclass

_rules = []


class Severity(enum.StrEnum):
    BLOCKER = "blocker"  # stops publishing
    HINT = "hint"  # worth a look


@dataclass(frozen=True)
class Finding:
    """One thing to mend: `message` says what to do, in the author's words; `place` is the uid of the row, or ""."""

    code: str
    severity: Severity
    message: str
    place: str = ""

    @property
    def is_blocker(self):
        return self.severity is Severity.BLOCKER


def rule(severity):
    """Register a function that takes a Draft and yields (message, uid of the place or "").

    The function's name is the code of its findings.
    """

    def register(function):
        @functools.wraps(function)
        def run(draft):
            for message, place in function(draft):
                yield Finding(function.__name__, severity, str(message), place)

        _rules.append(run)
        return run

    return register


blocks = rule(Severity.BLOCKER)
hints = rule(Severity.HINT)


def rules():
    return tuple(_rules)
