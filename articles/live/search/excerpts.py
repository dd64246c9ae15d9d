"""The part of a page that answers a search: plain text in pieces, so that hits can be marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.richtext.letters import SIGNS, letter_for_letter, pattern_for_word

from .query import SearchTerm

#: About two lines on a telephone.
LETTERS = 180


@dataclass(frozen=True)
class ExcerptPart:
    """A piece of an excerpt: words that were sought, or what is between them."""

    text: str  # plain text
    is_hit: bool


@dataclass(frozen=True)
class Excerpt:
    """A part of a section, with its hits marked."""

    heading: str  # of the section it comes from; may be ""
    pieces: list[ExcerptPart]


def best(sections: Iterable[Sequence[str]], terms: Sequence[SearchTerm]) -> Excerpt | None:
    """Return an excerpt of the section with most of the terms; None where no section has any.

    `sections` are [heading, text].
    """
    if not terms:
        return None
    pattern = _pattern(terms)
    chosen, most = None, 0
    for heading, text in sections:
        count = len({hit[0][:4] for hit in pattern.finditer(letter_for_letter(text))})
        if count > most:
            chosen, most = (heading, text), count
    if chosen is None:
        return None
    heading, text = chosen
    return Excerpt(heading, parts_of_excerpt(_cut(text, pattern), terms))


def parts_of_excerpt(text: str, terms: Sequence[SearchTerm]) -> list[ExcerptPart]:
    """Return `text` in pieces; the hits are words of `terms`. Put together they are `text`."""
    found: list[ExcerptPart] = []
    end = 0
    if terms:
        for hit in _pattern(terms).finditer(letter_for_letter(text)):
            found += [
                ExcerptPart(text[end : hit.start()], False),
                ExcerptPart(text[hit.start() : hit.end()], True),
            ]
            end = hit.end()
    return [piece for piece in (*found, ExcerptPart(text[end:], False)) if piece.text]


def _pattern(terms: Sequence[SearchTerm]) -> re.Pattern[str]:
    """Return a pattern for words with the stem of a term, whatever their ending."""
    words = sorted(
        {letter_for_letter(word) for term in terms for word in term.words}, key=len, reverse=True
    )
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(_stem, words)) + r")(?![^\W_])")


def _stem(word: str) -> str:
    if len(word) < 4:
        return pattern_for_word(word) + "s?" + SIGNS
    # An ending of up to three letters, off or on: needling, needles; but no longer word that only
    # has the same beginning.
    stem = word[: max(4, len(word) - 3)]
    return pattern_for_word(stem) + rf"(?:[^\W_]{SIGNS}){{0,{len(word) - len(stem) + 3}}}"


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    """Return at most LETTERS letters of whole words round the first hit, with … for the rest."""
    hit = pattern.search(letter_for_letter(text))
    if len(text) <= LETTERS or hit is None:
        return text
    start = max(0, hit.start() - LETTERS // 3)
    if start:
        start = text.find(" ", start, hit.start()) + 1 or hit.start()
    end = min(len(text), start + LETTERS)
    if end < len(text):
        end = max(text.rfind(" ", hit.end(), end), hit.end())
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
