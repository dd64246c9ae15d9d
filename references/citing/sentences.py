"""The sentences of a printed line, and the capitals of book titles."""

import re
from collections.abc import Iterable

from .markup import TAGS, plain

_CLOSING_MARKS = "\ue001\ue003\ue005\ue007"


def _sentence(text):
    """Return `text` with a full stop, unless it has a mark at its end.

    Inside closing quotation marks.
    """
    unmarked = text.rstrip(_CLOSING_MARKS)
    body = unmarked.rstrip("”’")
    quotes = unmarked[len(body) :]
    if quotes == "’" and "‘" not in body:
        # An apostrophe, as in “the rights of athletes’”.
        body, quotes = unmarked, ""
    if body.rstrip(_CLOSING_MARKS)[-1:] in (".", "?", "!"):
        return text
    return f"{body}.{text[len(body) :]}" if quotes else f"{text}."


def line(sentences: Iterable[str], tail: str) -> str:
    """Return the printed line: each sentence with its full stop, and `tail` as it is."""
    parts = [_sentence(sentence) for sentence in sentences if sentence]
    return " ".join([*parts, tail] if tail else parts)


def in_book(editors: str, book: str) -> list[str]:
    """Return the sentences that name the book of a chapter, as far as it is known."""
    if not book:
        return [editors]
    return [f"In: {editors}", book] if editors else [f"In: {book}"]


#: Words that stay small inside a title. The CSL styles leave longer prepositions small as well; the
#: printed AMA manual stops at three letters.
_SMALL_WORDS = frozenset(
    "a across after against along among an and around as at before behind below between beyond but"
    " by c ca de despite down during et except for from in inside into like near nor of off on onto"
    " or over per since so than that the through throughout till to toward towards under until up"
    " upon via von vs. when with within without yet".split()
)
_WORD_EDGES = "()[]{}.,;:!?\"'“”‘’" + "".join(TAGS)


def title_case(title: str) -> str:
    """Return `title` as AMA sets book titles: capitals on all but small words between others."""
    words = title.split(" ")
    previous = ":"
    for place, word in enumerate(words):
        starts = previous[-1:] in (":", "?", "!")
        parts = re.split("([-–—])", word)
        for index, part in enumerate(parts):
            bare = part if part == "vs." else part.strip(_WORD_EDGES)
            if not bare.islower() or not bare[0].isalpha():
                continue
            is_edge = (starts and index == 0) or (
                place == len(words) - 1 and index == len(parts) - 1
            )
            if len(bare) == 1:
                # A letter is not a word (“Baja y San Francisco”), except where one is expected.
                # The article “a” is a word that stays small: “as a Response”.
                is_expected = bare != "a" and index == 0 and previous in _SMALL_WORDS
                is_capital = is_edge or is_expected
            else:
                is_capital = is_edge or bare not in _SMALL_WORDS
            if is_capital:
                parts[index] = part.replace(bare, bare[0].upper() + bare[1:], 1)
        words[place] = "".join(parts)
        previous = plain(word)
    return " ".join(words)
