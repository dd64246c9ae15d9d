"""Two texts side by side, with the words that only one of them has."""

from articles.revisions import diffing

#: (text, is it only on this side?)
Piece = tuple[str, bool]


def words_side_by_side(
    theirs: str, mine: str, *, by_lines: bool = False
) -> tuple[list[Piece], list[Piece]]:
    """Return theirs and mine in pieces, word by word.

    Line by line if they are too long for that.
    """
    one, other = diffing.words_of(theirs), diffing.words_of(mine)
    if by_lines or diffing.is_too_much(one, other):
        one, other = theirs.splitlines(keepends=True), mine.splitlines(keepends=True)
    left, right = [], []
    for act, start, end, other_start, other_end in diffing.opcodes(one, other):
        is_only_here = act != "equal"
        if start < end:
            left.append(("".join(one[start:end]), is_only_here))
        if other_start < other_end:
            right.append(("".join(other[other_start:other_end]), is_only_here))
    return left, right


def is_too_long_for_words(theirs: str, mine: str) -> bool:
    """Return whether the two are too long to be compared word by word."""
    return diffing.is_too_much(diffing.words_of(theirs), diffing.words_of(mine))
