"""The text of a form compared block by block: what only one side changed, and what both did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from articles.revisions import diffing

from .form_state import BaseHashes, hash_of
from .units import BlocksUnit, Happened, who_changed


class _Blocks:
    """Blocks of a text and their hashes."""

    def __init__(self, html: list[str], hashes: list[str]) -> None:
        self.html = html
        self.hashes = hashes

    @classmethod
    def of(cls, html: Sequence[str]) -> "_Blocks":
        return cls(list(html), [hash_of(block) for block in html])

    def __bool__(self) -> bool:
        return bool(self.html)

    def __len__(self) -> int:
        return len(self.html)

    def part(self, start: int, end: int) -> "_Blocks":
        return _Blocks(self.html[start:end], self.hashes[start:end])


@dataclass
class _Stretch:
    """The blocks between two runs that all three versions have."""

    start: int  # its place in the text the form was opened on
    before: list[str]  # hashes
    mine: _Blocks
    theirs: _Blocks


class _Run(NamedTuple):
    """A run of blocks that all three versions have, by its place in each."""

    start: int
    mine: int
    theirs: int
    size: int


def compare_bodies(
    was: BaseHashes | None, mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[list[str] | BlocksUnit]:
    """Yield the lists of blocks both agree on, and units for what is between them.

    This is diff3, with the old blocks known by their hashes alone.
    """
    own, their = _Blocks.of(mine), _Blocks.of(theirs)
    if was is None:
        yield from _two_way(own, their)
        return
    before = was["body"]
    end = _Run(len(before), len(own), len(their), 0)
    at = own_at = their_at = 0
    for run in [*_runs(before, own.hashes, their.hashes), end]:
        stretch = _Stretch(
            start=at,
            before=before[at : run.start],
            mine=own.part(own_at, run.mine),
            theirs=their.part(their_at, run.theirs),
        )
        yield from _compare_stretch(stretch)
        at, own_at, their_at = run.start + run.size, run.mine + run.size, run.theirs + run.size
        if run.size:
            yield their.html[run.theirs : their_at]


def _runs(before: Sequence[str], own: Sequence[str], their: Sequence[str]) -> Iterator[_Run]:
    to_own = diffing.matching_blocks(before, own)
    to_their = diffing.matching_blocks(before, their)
    one = other = 0
    while one < len(to_own) and other < len(to_their):
        start, own_start, size = to_own[one]
        their_before, their_start, their_size = to_their[other]
        low, high = max(start, their_before), min(start + size, their_before + their_size)
        if low < high:
            yield _Run(low, own_start + low - start, their_start + low - their_before, high - low)
        if start + size < their_before + their_size:
            one += 1
        else:
            other += 1


def _compare_stretch(stretch: _Stretch) -> Iterator[list[str] | BlocksUnit]:
    mine, theirs = stretch.mine, stretch.theirs
    if mine.hashes == theirs.hashes:
        if theirs:
            yield theirs.html
    elif len(stretch.before) == len(mine) == len(theirs):
        # As many blocks as before on both sides: each is compared with itself.
        for number, before in enumerate(stretch.before):
            own, their = mine.part(number, number + 1), theirs.part(number, number + 1)
            if own.hashes == their.hashes:
                yield their.html
            else:
                yield _unit(_Stretch(stretch.start + number, [before], own, their))
    else:
        yield _unit(stretch)


def _unit(stretch: _Stretch) -> BlocksUnit:
    key = f"b-{stretch.start}-{hash_of([stretch.before, stretch.mine.hashes])}"
    return BlocksUnit(
        key=key,
        name=key,
        mine=stretch.mine.html or None,
        theirs=stretch.theirs.html or None,
        happened=_happened(stretch),
        was=stretch.before,
    )


def _happened(stretch: _Stretch) -> Happened:
    before, mine, theirs = stretch.before, stretch.mine.hashes, stretch.theirs.hashes
    if mine and theirs:
        return who_changed(before, mine, theirs) if before else Happened.BOTH_CHANGED
    if mine == before:
        return Happened.THEY_DELETED if before else Happened.THEY_ADDED
    if theirs == before:
        return Happened.I_DELETED if before else Happened.I_ADDED
    return Happened.THEY_DELETED_I_CHANGED if mine else Happened.I_DELETED_THEY_CHANGED


def _two_way(mine: _Blocks, theirs: _Blocks) -> Iterator[list[str] | BlocksUnit]:
    """Yield the same where nobody knows what the form was opened on."""
    for act, start, end, their_start, their_end in diffing.opcodes(mine.hashes, theirs.hashes):
        own, their = mine.part(start, end), theirs.part(their_start, their_end)
        if act == "equal":
            yield their.html
        else:
            key = f"b-{start}-{hash_of(own.hashes)}"
            happened = Happened.DIFFERS
            yield BlocksUnit(key, key, own.html or None, their.html or None, happened)
