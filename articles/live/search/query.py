"""What somebody typed into the search box, as terms.

Only letters and digits remain, so nothing of it is read as an engine's own language.
"""

import re
from dataclasses import dataclass

from articles.richtext.letters import without_signs

#: More than this makes the search slower and no better.
MOST_LETTERS = 200
MOST_WORDS = 10

_QUOTES = re.compile(r"[“”„«»＂]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class SearchTerm:
    """A word, or words in quotes that must be found together: letters and digits, no capitals."""

    words: tuple[str, ...]
    is_prefix: bool = False  # the last word may go on: somebody is still typing it


def terms(typed: str) -> list[SearchTerm]:
    """Return the terms of what was typed, in order, each once; none where it has no word.

    >>> terms('need')
    [SearchTerm(words=('need',), is_prefix=True)]
    """
    text = _QUOTES.sub('"', without_signs(typed[:MOST_LETTERS]))
    found: list[SearchTerm] = []
    room = MOST_WORDS
    pieces = text.split('"')
    for number, piece in enumerate(pieces):
        words = [word.lower() for word in _WORD.findall(piece)][:room]
        room -= len(words)
        # Odd pieces are between two quotes; a quote that is never closed does not count.
        if number % 2 and number < len(pieces) - 1:
            found += [SearchTerm(tuple(words))] if words else []
        else:
            found += [SearchTerm((word,)) for word in words]
    if found and not text.rstrip().endswith('"') and _may_go_on(found[-1]):
        found[-1] = SearchTerm(found[-1].words, is_prefix=True)
    return list(dict.fromkeys(found))


def _may_go_on(term: SearchTerm) -> bool:
    """Return whether the term may be the beginning of a longer word."""
    if len(term.words) > 1:
        return False
    # Many words begin with the same single letter: to look all of them up helps nobody and is slow.
    return len(term.words[0]) > 1 or not term.words[0].isascii()
