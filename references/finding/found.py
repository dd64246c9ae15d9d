"""What the one box answers."""

from dataclasses import dataclass, field
from enum import StrEnum

from references.models import Reference


class Status(StrEnum):
    KNOWN = "known"  # the library has it
    CREATED = "created"
    CHOOSE = "choose"  # a person has to say which
    ADD = "add"  # nothing found: to be added by hand


@dataclass(frozen=True)
class PastedLine:
    """What became of one reference of a pasted list.

    `status` is known, created, or add: then `why` says why not.
    """

    text: str
    status: Status
    reference: Reference | None = None
    why: str = ""


@dataclass(frozen=True)
class Found:
    """`message` is one or two plain sentences. `references` holds one sure answer, or those to
    choose from.

    `prefill` is what the form for adding by hand can begin with, by field. `lines` accounts for
    every reference of a pasted list, and is empty for anything else.
    """

    status: Status
    message: str
    references: list[Reference] = field(default_factory=list)
    prefill: dict = field(default_factory=dict)
    lines: list[PastedLine] = field(default_factory=list)


def prefill(identifier):
    """What the form for adding by hand can begin with when this identifier is all that is known."""
    return {"isbn13" if identifier.kind == "isbn" else identifier.kind: identifier.display}
