"""The piece of a page that answers a search.

Plain text in pieces, so that a template can mark the words found.
"""

import re
from dataclasses import dataclass

from articles.richtext.letters import SIGNS, letter_for_letter, spelt

#: About two lines on a telephone.
LETTERS = 180


@dataclass(frozen=True)
class ExcerptPart:
    text: str  # plain text
    is_hit: bool


@dataclass(frozen=True)
class Excerpt:
    heading: str  # of the section it comes from; may be ""
    pieces: list[ExcerptPart]


def best(sections, terms):
    """The Excerpt of the section ([[heading, text], …]) with most of the terms.

    None where no text has any.
    """
    pattern = _pattern(terms)
    chosen, most = None, 0
    for heading, text in sections:
        count = (
            len({hit[0][:4] for hit in pattern.finditer(letter_for_letter(text))}) if terms else 0
        )
        if count > most:
            chosen, most = (heading, text), count
    if chosen is None:
        return None
    heading, text = chosen
    return Excerpt(heading, parts_of_excerpt(_cut(text, pattern), terms))


def parts_of_excerpt(text, terms):
    """`text` in pieces: put together they are `text`, and those that are hits are words of
    `terms`.
    """
    found, end = [], 0
    if terms:
        for hit in _pattern(terms).finditer(letter_for_letter(text)):
            found += [
                ExcerptPart(text[end : hit.start()], False),
                ExcerptPart(text[hit.start() : hit.end()], True),
            ]
            end = hit.end()
    return [piece for piece in (*found, ExcerptPart(text[end:], False)) if piece.text]


def _pattern(terms):
    """Words as an index takes them for the same: from the same stem, whatever their ending."""
    words = sorted(
        {letter_for_letter(word) for term in terms for word in term.words}, key=len, reverse=True
    )
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(_stem, words)) + r")(?![^\W_])")


def _stem(word):
    if len(word) < 4:
        return spelt(word) + "s?" + SIGNS
    # An ending of up to three letters, off or on: needling, needles; but no longer word that only
    # begins alike.
    stem = word[: max(4, len(word) - 3)]
    return spelt(stem) + rf"(?:[^\W_]{SIGNS}){{0,{len(word) - len(stem) + 3}}}"


def _cut(text, pattern):
    """At most LETTERS letters of `text` round the first hit, from word to word, with … where
    something is left out.
    """
    if len(text) <= LETTERS:
        return text
    hit = pattern.search(letter_for_letter(text))
    start = max(0, hit.start() - LETTERS // 3)
    if start:
        start = text.find(" ", start, hit.start()) + 1 or hit.start()
    end = min(len(text), start + LETTERS)
    if end < len(text):
        end = max(text.rfind(" ", hit.end(), end), hit.end())
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
