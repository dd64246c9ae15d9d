"""The list of rules, and what a rule finds."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from articles.refusals import Words
from articles.revisions import contents

#: What a rule yields: what to do, and the place it is about (see CheckMessage). If an editor
#: may do it alone, also: the message for such an editor, and the ids of accounts that may not.
Found = tuple[Words, str] | tuple[Words, str, Words, frozenset[int]]

#: Places that are values of the article itself: their field has their name.
_OWN_VALUES = frozenset(value.name for value in contents.VALUES if value.is_explained)

_rules: "list[Rule]" = []


class Severity(enum.StrEnum):
    BLOCKER = "blocker"  # stops publishing
    HINT = "hint"  # worth a look


@dataclass(frozen=True)
class CheckMessage:
    """What a rule found.

    `message` says what to do, in the author's words. `place` is the uid of the row, the name of the
    article's own value or of a block of its body, or "".
    """

    code: str
    severity: Severity
    message: str
    place: str = ""
    may_be_signed: bool = False  # somebody may answer for it with a reason
    only_editors_sign: bool = False  # and that is an editor
    signed_by: str = ""  # who signed
    reason: str = ""  # why they signed
    for_editors: str = ""  # the message for an editor who may do it alone
    except_for: frozenset = frozenset()  # ids of accounts that may not do it alone
    field: str = "body"  # where to mend it if it names no row

    @property
    def is_blocker(self) -> bool:
        return self.severity is Severity.BLOCKER and not self.signed_by


@dataclass(frozen=True)
class Rule:
    """A function that takes a DraftToCheck and yields what it found, and the code of its messages.

    What it yields is described at `Found`. articles.preflight.phrasing chooses the words for the
    person who reads.
    """

    code: str
    severity: Severity
    function: Callable
    may_be_signed: bool = False
    only_editors_sign: bool = False
    field: str = "body"

    def __call__(self, draft):
        for message, place, *editors in self.function(draft):
            for_editors, except_for = editors or ("", frozenset())
            yield CheckMessage(
                self.code,
                self.severity,
                str(message),
                place,
                self.may_be_signed,
                self.only_editors_sign,
                for_editors=str(for_editors),
                except_for=except_for,
                field=place if place in _OWN_VALUES else self.field,
            )


def _register(severity, *, may_be_signed=False, only_editors_sign=False):
    def rule(code: str, *, field: str = "body") -> Callable:
        """Make the function below a rule whose messages have this `code`.

        Never change a code, even if the function gets another name: databases keep it with every
        signed exception, and scripts know some codes. `field` is where to mend what names no row.
        It is a field of the article or the name of its rows, as in "keypoint_rows".
        """
        if not isinstance(code, str):
            raise TypeError("A rule needs a code, such as @hints('titles_are_short').")
        if any(known.code == code for known in _rules):
            raise ValueError(f"Two rules have the code {code}.")

        def register(function: Callable) -> Rule:
            new_rule = Rule(code, severity, function, may_be_signed, only_editors_sign, field)
            _rules.append(new_rule)
            return new_rule

        return register

    return rule


blocks = _register(Severity.BLOCKER)
#: Most blockers protect a patient, and nobody can overrule them. Those that judge words may be
#: wrong, so a person may sign for an exception (articles.review.exceptions).
blocks_unless_signed = _register(Severity.BLOCKER, may_be_signed=True)
#: A sentence that may change somebody's treatment: an editor answers for it.
blocks_unless_an_editor_signs = _register(
    Severity.BLOCKER, may_be_signed=True, only_editors_sign=True
)
hints = _register(Severity.HINT)


def rules() -> tuple[Rule, ...]:
    """Return every Rule, in the order they were registered."""
    return tuple(_rules)
