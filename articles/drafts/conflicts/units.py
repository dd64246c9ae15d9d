"""The things that differ between two versions of a form, and who changed each."""

from dataclasses import dataclass
from enum import StrEnum

from .opened_on import FormState

MINE, THEIRS, COMBINED = "mine", "theirs", "combined"
CHOICES = (MINE, THEIRS, COMBINED)


class Happened(StrEnum):
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
    def side(self):
        """The side to choose where only one changed it; None where a person must decide."""
        if self in {self.I_CHANGED, self.I_ADDED, self.I_DELETED}:
            return MINE
        return THEIRS if self in {self.THEY_CHANGED, self.THEY_ADDED, self.THEY_DELETED} else None


@dataclass
class Unit:
    """One thing that differs.

    `mine` and `theirs` are None where that side has it no more, or not yet.
    """

    key: str  # the same in every round, as long as my side is the same
    kind: str  # "field", "body", "row" or "evidence"
    name: str  # the field's name, the row's or the claim's key
    mine: object
    theirs: object
    happened: Happened
    was: object = None  # hashes of what the form was opened on

    @property
    def group(self):
        row = self.mine or self.theirs
        return row.group if self.kind == "row" else ""

    @property
    def can_combine(self):
        """Whether "combine" means anything.

        For text on both sides, and always for evidence and blocks.
        """
        return self.mine is not None and self.theirs is not None


@dataclass
class FormComparison:
    mine: FormState
    theirs: FormState
    units: list
    body: list  # its pieces: a list of blocks both agree on, or a Unit


def who(before, mine, theirs):
    """Who changed what is on both sides, by hashes; `before` is None where nobody knows."""
    if before is None:
        return Happened.DIFFERS
    if theirs == before:
        return Happened.I_CHANGED
    return Happened.THEY_CHANGED if mine == before else Happened.BOTH_CHANGED


def who_one_sided(was, before, hashed, *, is_mine):
    """The same for what one side alone has; `was` says whether anything is remembered at all."""
    if before is None:
        if was is None:
            return Happened.DIFFERS
        return Happened.I_ADDED if is_mine else Happened.THEY_ADDED
    is_unchanged = before == hashed
    if is_mine:
        return Happened.THEY_DELETED if is_unchanged else Happened.THEY_DELETED_I_CHANGED
    return Happened.I_DELETED if is_unchanged else Happened.I_DELETED_THEY_CHANGED
