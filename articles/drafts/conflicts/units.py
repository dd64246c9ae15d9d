"""The things that differ between two versions of a form, and who changed each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from .form_state import BaseHashes, Entry, FormRow, FormState

MINE, THEIRS, COMBINED = "mine", "theirs", "combined"
CHOICES = (MINE, THEIRS, COMBINED)

#: What one side has, and the hashes of what it was.
Side = TypeVar("Side")
Hashes = TypeVar("Hashes")


class Happened(StrEnum):
    """Who changed a unit, and how."""

    I_CHANGED = "i_changed"
    THEY_CHANGED = "they_changed"
    BOTH_CHANGED = "both_changed"
    I_ADDED = "i_added"
    THEY_ADDED = "they_added"
    I_DELETED = "i_deleted"
    THEY_DELETED = "they_deleted"
    I_DELETED_THEY_CHANGED = "i_deleted_they_changed"
    THEY_DELETED_I_CHANGED = "they_deleted_i_changed"
    DIFFERS = "differs"  # the form did not say what it was opened on

    @property
    def side(self) -> str | None:
        """The side to choose where only one changed it; None where a person must decide."""
        if self in {self.I_CHANGED, self.I_ADDED, self.I_DELETED}:
            return MINE
        return THEIRS if self in {self.THEY_CHANGED, self.THEY_ADDED, self.THEY_DELETED} else None


@dataclass
class Unit(Generic[Side, Hashes]):
    """One thing that differs.

    `mine` and `theirs` are None where that side no longer has it, or does not have it yet.
    """

    kind: ClassVar[str] = ""
    group: ClassVar[str] = ""

    key: str  # the same in every round, as long as my side is the same
    name: str  # of the field; the key of the row or of the claim
    mine: Side | None
    theirs: Side | None
    happened: Happened
    was: Hashes | None = None  # what the form was opened on

    @property
    def can_combine(self) -> bool:
        """Whether both sides have something to put together."""
        return self.mine is not None and self.theirs is not None


class FieldUnit(Unit[str, str]):
    kind = "field"


class BlocksUnit(Unit[list[str], list[str]]):
    """Blocks of the text between blocks that both sides agree on."""

    kind = "body"


class RowUnit(Unit[FormRow, dict[str, str]]):
    kind = "row"

    @property
    def group(self) -> str:  # type: ignore[override]
        row = self.mine or self.theirs
        return row.group if row else ""


class EvidenceUnit(Unit[Entry, list[str]]):
    kind = "evidence"


AnyUnit = FieldUnit | BlocksUnit | RowUnit | EvidenceUnit
#: The text of a form: lists of blocks both sides agree on, and units between them.
ComparedBody = list[list[str] | BlocksUnit]


@dataclass
class FormComparison:
    """Two versions of a form, and all units that differ, in the order of the form."""

    mine: FormState
    theirs: FormState
    units: list[AnyUnit]
    body: ComparedBody


def who_changed(before: object, mine: object, theirs: object) -> Happened:
    """Return who changed what both sides have.

    All are hashes; `before` is None where it is not known.
    """
    if before is None:
        return Happened.DIFFERS
    if theirs == before:
        return Happened.I_CHANGED
    return Happened.THEY_CHANGED if mine == before else Happened.BOTH_CHANGED


def who_changed_one_side(
    was: BaseHashes | None, before: object, now: object, *, is_mine: bool
) -> Happened:
    """Return the same of what only one side has: `now` are its hashes.

    `was` is None where the form remembers nothing at all.
    """
    if before is None:
        if was is None:
            return Happened.DIFFERS
        return Happened.I_ADDED if is_mine else Happened.THEY_ADDED
    is_unchanged = before == now
    if is_mine:
        return Happened.THEY_DELETED if is_unchanged else Happened.THEY_DELETED_I_CHANGED
    return Happened.I_DELETED if is_unchanged else Happened.I_DELETED_THEY_CHANGED
