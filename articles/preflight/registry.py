"""The list of rules, and what a rule finds."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from articles.refusals import Words
from articles.revisions import contents

#: Places that are values of the article itself: their field has their name.
_OWN_VALUES = frozenset(value.name for value in contents.VALUES if value.is_explained)

_rules: "list[Rule]" = []


class Severity(enum.StrEnum):
    BLOCKER = "blocker"  # stops publishing
    HINT = "hint"  # worth a look


class Found(NamedTuple):
    """What a rule yields: see the fields of the same names in CheckMessage."""

    message: Words
    place: str = ""
    for_editors: Words = ""
    except_for: frozenset[int] = frozenset()
    number: int = 1


@dataclass(frozen=True)
class Repeated:
    """What to do about the messages of one rule together, if it has more than one.

    Each sentence holds `%(count)s`, which is two or more.
    """

    message: Words
    for_editors: Words = ""


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
    number: int = 1  # of the things it is about, such as the links of one claim
    repeated: Repeated | None = None  # what to do about it and others like it

    @property
    def is_blocker(self) -> bool:
        return self.severity is Severity.BLOCKER and not self.signed_by


@dataclass(frozen=True)
class Rule:
    """A function that takes a DraftToCheck and yields each Found, and the code of its messages.

    articles.preflight.phrasing chooses the words for the person who reads.
    """

    code: str
    severity: Severity
    function: Callable
    may_be_signed: bool = False
    only_editors_sign: bool = False
    field: str = "body"
    repeated: Repeated | None = None

    def __call__(self, draft):
        for found in self.function(draft):
            yield CheckMessage(
                self.code,
                self.severity,
                str(found.message),
                found.place,
                self.may_be_signed,
                self.only_editors_sign,
                for_editors=str(found.for_editors),
                except_for=found.except_for,
                field=found.place if found.place in _OWN_VALUES else self.field,
                number=found.number,
                repeated=self.repeated,
            )


def _register(severity, *, may_be_signed=False, only_editors_sign=False):
    def rule(
        code: str, *, field: str = "body", many: Words = "", many_for_editors: Words = ""
    ) -> Callable:
        """Make the function below a rule whose messages have this `code`.

        Never change a code, even if the function gets another name: databases keep it with every
        signed exception, and scripts know some codes. `field` is where to mend what names no row.
        It is a field of the article or the name of its rows, as in "keypoint_rows". `many` says
        what to do about several messages at once; a rule that can yield several needs it. It holds
        `%(count)s`, which is two or more. `many_for_editors` says the same to an editor who may do
        it alone.
        """
        if not isinstance(code, str):
            raise TypeError("A rule needs a code, such as @hints('titles_are_short').")
        if any(known.code == code for known in _rules):
            raise ValueError(f"Two rules have the code {code}.")

        def register(function: Callable) -> Rule:
            repeated = Repeated(many, many_for_editors) if many else None
            new_rule = Rule(
                code, severity, function, may_be_signed, only_editors_sign, field, repeated
            )
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
