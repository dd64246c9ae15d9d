"""The side effects of a page: those without numbers of their own come together, in one list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from .certainty import RatedClaim


@dataclass(frozen=True)
class SideEffectGroup:
    """Side effects that stand next to each other."""

    lines: Sequence[RatedClaim]
    is_counted: bool  # each has a count, or findings: numbers to show under a heading
    is_unknown: bool  # nobody knows how many people get these


def in_groups(lines: Sequence[RatedClaim], counted_below: Collection[str]) -> list[SideEffectGroup]:
    """Return `lines` in groups, in their own order, which their citation numbers follow.

    `counted_below` are the uids of rows that have findings: those say the numbers.
    """

    def kind(line: RatedClaim) -> tuple[bool, bool]:
        is_counted = line.count is not None or line.uid in counted_below
        return is_counted, not is_counted and not line.note_counts

    return [SideEffectGroup(list(together), *which) for which, together in groupby(lines, key=kind)]
