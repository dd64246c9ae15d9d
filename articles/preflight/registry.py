"""The list of rules, and what a rule finds."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from articles.refusals import Words

#: What a rule yields: what to do, and the uid of the row it is about ("" for none). Where an editor
#: may do it alone: what that editor is told, and the ids of accounts that may not.
Found = tuple[Words, str] | tuple[Words, str, Words, frozenset[int]]

_rules: "list[Rule]" = []


class Severity(enum.StrEnum):
    BLOCKER = "blocker"  # stops publishing
    HINT = "hint"  # worth a look


@dataclass(frozen=True)
class CheckMessage:
    """One thing to mend: `message` says what to do, in the author's words; `place` is the uid of
    the row, or "".
    """

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
    field: str = "body"  # where it is mended if it names no row

    @property
    def is_blocker(self) -> bool:
        return self.severity is Severity.BLOCKER and not self.signed_by


@dataclass(frozen=True)
class Rule:
    """A function that takes a Draft and yields (message, uid of the place or ""), and its code.

    It may add what an editor is told who can do it alone, and the ids of accounts that cannot
    (articles.preflight.addressing).
    """

    code: str
    severity: Severity
    function: Callable
    may_be_signed: bool = False
    field: str = "body"

    def __call__(self, draft):
        for message, place, *alone in self.function(draft):
            by_oneself, not_by = alone or ("", frozenset())
            yield CheckMessage(
                self.code,
                self.severity,
                str(message),
                place,
                self.may_be_signed,
                by_oneself=str(by_oneself),
                not_by=not_by,
                field=self.field,
            )


def _register(severity, *, may_be_signed=False):
    def rule(code: str, *, field: str = "body") -> Callable:
        """Make the function below a rule whose findings have this `code`.

        Databases keep the code with every exception somebody signed, and scripts know some codes:
        never change one, whatever the function is called. `field` is where a finding that names no
        row is mended: a field of the article or the name of its rows, as in "keypoint_rows".
        """
        if not isinstance(code, str):
            raise TypeError("A rule needs a code, such as @hints('titles_are_short').")
        if any(known.code == code for known in _rules):
            raise ValueError(f"Two rules have the code {code}.")

        def register(function: Callable) -> Rule:
            made = Rule(code, severity, function, may_be_signed, field)
            _rules.append(made)
            return made

        return register

    return rule


blocks = _register(Severity.BLOCKER)
#: Most blockers protect a patient whatever anybody says. Those that judge words may be wrong about
#: them, and a person may sign for an exception (articles.review.exceptions).
blocks_unless_signed = _register(Severity.BLOCKER, may_be_signed=True)
hints = _register(Severity.HINT)


def rules() -> tuple[Rule, ...]:
    """Every Rule, in the order they were registered."""
    return tuple(_rules)
