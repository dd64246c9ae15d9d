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
    may_be_signed: bool = False  # somebody may answer for it with a reason
    signed_by: str = ""  # who does, and why
    reason: str = ""
    # What an editor is told who may do it alone, and the ids of accounts that may not.
    by_oneself: str = ""
    not_by: frozenset = frozenset()

    @property
    def is_blocker(self):
        return self.severity is Severity.BLOCKER and not self.signed_by


def rule(severity, *, may_be_signed=False):
    """Register a function that takes a Draft and yields (message, uid of the place or "").

    It may add what an editor is told who can do it alone, and the ids of accounts that cannot (articles.preflight.
    addressing).

    The function's name is the code of its findings. Most blockers protect a patient whatever anybody says; those
    that judge words may be wrong about them, and a person may sign for an exception (articles.signing).
    """

    def register(function):
        @functools.wraps(function)
        def run(draft):
            for message, place, *alone in function(draft):
                by_oneself, not_by = alone or ("", frozenset())
                yield Finding(
                    function.__name__, severity, str(message), place, may_be_signed, by_oneself=str(by_oneself),
                    not_by=not_by,
                )  # fmt: skip

        _rules.append(run)
        return run

    return register


blocks = rule(Severity.BLOCKER)
blocks_unless_signed = rule(Severity.BLOCKER, may_be_signed=True)
hints = rule(Severity.HINT)


def rules():
    return tuple(_rules)
