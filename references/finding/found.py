"""What the one box answers."""

from dataclasses import dataclass, field
from enum import StrEnum

from references.identifiers import Identifier
from references.models import Reference


class Status(StrEnum):
    """KNOWN: the library has it. CREATED: it is new there. CHOOSE: a person says which.

    NOT_ADDED: it has to be added by hand. (Scripts know it as "add".)
    """

    KNOWN = "known"
    CREATED = "created"
    CHOOSE = "choose"
    NOT_ADDED = "add"


@dataclass(frozen=True)
class PastedLine:
    """What became of one reference of a pasted list.

    `status` is KNOWN, CREATED or NOT_ADDED. With NOT_ADDED, `why` says why it was not added.
    """

    text: str
    status: Status
    reference: Reference | None = None
    why: str = ""


@dataclass(frozen=True)
class Found:
    """What the text in the box led to. `message` is one or two plain sentences.

    `references` holds the one that it certainly is, or those to choose from. `prefill` is what the
    form for adding by hand can begin with, by field. `lines` has every reference of a pasted list,
    and is empty for anything else.
    """

    status: Status
    message: str
    references: list[Reference] = field(default_factory=list)
    prefill: dict[str, str] = field(default_factory=dict)
    lines: list[PastedLine] = field(default_factory=list)


def prefill(identifier: Identifier) -> dict[str, str]:
    """Return what the form for adding by hand can begin with when only an identifier is known."""
    return {"isbn13" if identifier.kind == "isbn" else identifier.kind: identifier.display}
