"""The text of a form compared block by block: what only one side changed, and what both did."""

from articles.revisions import diffing

from .opened_on import hash_of
from .units import Happened, Unit, who


def compare_bodies(was, mine, theirs):
    """Lists of blocks both agree on, and Units for what lies between (diff3, knowing the old blocks
    by hash only).
    """
    own, their = [hash_of(block) for block in mine], [hash_of(block) for block in theirs]
    if was is None:
        yield from _two_way(own, their, mine, theirs)
        return
    before = was["body"]
    at = own_at = their_at = 0
    for start, own_start, their_start, size in [
        *_synchronised(before, own, their),
        (len(before), len(own), len(their), 0),
    ]:
        yield from _between(
            before[at:start],
            mine[own_at:own_start],
            theirs[their_at:their_start],
            own[own_at:own_start],
            their[their_at:their_start],
            at,
        )
        if size:
            yield theirs[their_start : their_start + size]
        at, own_at, their_at = start + size, own_start + size, their_start + size


def _synchronised(before, own, their):
    """(start before, in mine, in theirs, length) of every run of blocks that all three have."""
    to_own = diffing.matching_blocks(before, own)
    to_their = diffing.matching_blocks(before, their)
    one = other = 0
    while one < len(to_own) and other < len(to_their):
        start, own_start, size = to_own[one]
        their_before, their_start, their_size = to_their[other]
        low, high = max(start, their_before), min(start + size, their_before + their_size)
        if low < high:
            yield low, own_start + low - start, their_start + low - their_before, high - low
        if start + size < their_before + their_size:
            one += 1
        else:
            other += 1


def _between(before, mine, theirs, own, their, at):
    if own == their:
        if theirs:
            yield theirs
    elif len(before) == len(own) == len(their):
        # As many blocks as before on both sides: each is compared with itself.
        for number, blocks in enumerate(zip(before, mine, theirs, own, their, strict=True)):
            if blocks[3] == blocks[4]:
                yield [blocks[2]]
            else:
                yield _block_unit(
                    [blocks[0]], [blocks[1]], [blocks[2]], [blocks[3]], [blocks[4]], at + number
                )
    else:
        yield _block_unit(before, mine, theirs, own, their, at)


def _block_unit(before, mine, theirs, own, their, at):
    if own and their:
        happened = who(before, own, their)
        if not before:
            happened = Happened.BOTH_CHANGED
    elif own == before:
        happened = Happened.THEY_DELETED if before else Happened.THEY_ADDED
    elif their == before:
        happened = Happened.I_DELETED if before else Happened.I_ADDED
    else:
        happened = Happened.THEY_DELETED_I_CHANGED if own else Happened.I_DELETED_THEY_CHANGED
    key = f"b-{at}-{hash_of([before, own])}"
    return Unit(key, "body", key, mine or None, theirs or None, happened, before)


def _two_way(own, their, mine, theirs):
    for change, own_from, own_to, their_from, their_to in diffing.opcodes(own, their):
        if change == "equal":
            yield theirs[their_from:their_to]
        else:
            key = f"b-{own_from}-{hash_of(own[own_from:own_to])}"
            yield Unit(
                key,
                "body",
                key,
                mine[own_from:own_to] or None,
                theirs[their_from:their_to] or None,
                Happened.DIFFERS,
            )
