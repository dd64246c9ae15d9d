"""Two texts side by side, with the words that only one of them has."""

import re

from articles.revisions import diffing


def words_side_by_side(theirs, mine, *, by_lines=False):
    """Two lists of (text, is only on this side): theirs and mine, word by word, or line by line."""
    one, other = _tokens(theirs), _tokens(mine)
    if by_lines or diffing.is_too_much(one, other):
        one, other = theirs.splitlines(keepends=True), mine.splitlines(keepends=True)
    left, right = [], []
    for change, one_from, one_to, other_from, other_to in diffing.opcodes(one, other):
        is_only_here = change != "equal"
        if one_from < one_to:
            left.append(("".join(one[one_from:one_to]), is_only_here))
        if other_from < other_to:
            right.append(("".join(other[other_from:other_to]), is_only_here))
    return left, right


def is_rewritten(theirs, mine):
    """Is so much different that `words` compares lines, or nothing at all?"""
    return diffing.is_too_much(_tokens(theirs), _tokens(mine))


def _tokens(text):
    return re.findall(r"\w+|\s+|[^\w\s]", text)
