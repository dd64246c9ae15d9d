"""What somebody typed into the search box, as terms.

Whatever it is, no sign of it reaches an engine's own language.
"""

import re
from dataclasses import dataclass

from articles.richtext.letters import without_signs

#: More than this says no more about what is wanted, and costs.
MOST_LETTERS = 200
MOST_WORDS = 10

_QUOTES = re.compile(r"[“”„«»＂]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class SearchTerm:
    """A word, or words in quotes that must stand together.

    Letters and digits only, in small letters.
    """

    words: tuple[str, ...]
    is_prefix: bool = False  # the last word may go on: somebody is still typing it


def terms(typed):
    """The terms of what was typed, in order, each once; none where it holds no word.

    >>> terms('"neck pain" need')
    [Term(words=('neck', 'pain'), is_prefix=False), Term(words=('need',), is_prefix=True)]
    """
    text = _QUOTES.sub('"', without_signs(typed[:MOST_LETTERS]))
    found, room = [], MOST_WORDS
    pieces = text.split('"')
    for number, piece in enumerate(pieces):
        words = [word.lower() for word in _WORD.findall(piece)][:room]
        room -= len(words)
        # Between two quotes; a quote that is never closed counts for nothing.
        if number % 2 and number < len(pieces) - 1:
            found += [SearchTerm(tuple(words))] if words else []
        else:
            found += [SearchTerm((word,)) for word in words]
    if (
        found
        and len(found[-1].words) == 1
        and not text.rstrip().endswith('"')
        and _may_go_on(found[-1].words[0])
    ):
        found[-1] = SearchTerm(found[-1].words, is_prefix=True)
    return list(dict.fromkeys(found))


def _may_go_on(word):
    # One letter begins half the words of a language: looking all of them up helps nobody and costs
    # much.
    return len(word) > 1 or not word.isascii()
