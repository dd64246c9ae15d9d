"""The spans in which two lists of tokens differ, where they differ little. Pure."""

from collections.abc import Sequence

from .tokens import Token

#: (start, end, start in the new list, end in the new list)
Span = tuple[int, int, int, int]


def changed_spans(
    old: Sequence[Token], new: Sequence[Token], *, most_edits: int
) -> list[Span] | None:
    """Return the spans that differ, in order; None if that takes more than `most_edits`.

    A token removed or added is an edit. It finds the fewest tokens to remove and to add
    (Myers 1986), and stops when there are too many. So the number of steps is a few times the
    number of tokens.
    """
    was, now = [token[:2] for token in old], [token[:2] for token in new]
    reached = {0: _end_of_match(was, now, 0, 0)}
    came_from: list[tuple[dict[int, int], dict[int, int]]] = []
    for _edits in range(most_edits + 1):
        if reached.get(len(was) - len(now)) == len(was):
            return _spans(came_from, len(was) - len(now))
        farther, came = {}, {}
        for diagonal in range(-len(came_from) - 1, len(came_from) + 2, 2):
            # A step from the diagonal above adds a token of `new`. A step from the one below
            # removes a token of `old`.
            ways = [
                (reached.get(diagonal + 1), diagonal + 1),
                (_one_further(reached, diagonal - 1), diagonal - 1),
            ]
            ways = [
                (place, before)
                for place, before in ways
                if place is not None and place <= len(was) and 0 <= place - diagonal <= len(now)
            ]
            if ways:
                place, came[diagonal] = max(ways)
                farther[diagonal] = _end_of_match(was, now, place, diagonal)
        came_from.append((reached, came))
        reached = farther
    return None


def _one_further(reached, diagonal):
    return reached[diagonal] + 1 if diagonal in reached else None


def _end_of_match(old, new, place, diagonal):
    """Return the place in `old` up to which both are equal from `place` on."""
    while place < len(old) and place - diagonal < len(new) and old[place] == new[place - diagonal]:
        place += 1
    return place


def _spans(came_from, diagonal):
    """Return the spans along the shortest path, by following it back."""
    steps = []
    for reached, came in reversed(came_from):
        before = came[diagonal]
        was, goes = reached[before], before < diagonal
        steps.append((was, was + goes, was - before, was - before + (not goes)))
        diagonal = before
    spans = []
    for start, end, new_start, new_end in reversed(steps):
        if spans and spans[-1][1] == start and spans[-1][3] == new_start:
            spans[-1] = (spans[-1][0], end, spans[-1][2], new_end)
        else:
            spans.append((start, end, new_start, new_end))
    return spans
