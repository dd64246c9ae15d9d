"""Words that promise more than the evidence carries, in English, Spanish and Arabic.

A promise is found by the grammar of its sentence: who does what, in which form, under which "may",
"not", "if" or "to". No list of forbidden words would do: "It does not cure" is as true as "It
cures" may be false. What each certainty carries is ours, by the wording GRADE suggests for results:
a plain sentence at high, "probably" at moderate, "may" at low. A wrong alarm stops a page, so what
the grammar cannot tell for sure it lets pass.
"""

from collections.abc import Iterator

from articles.models import Certainty

from .arabic import promises_in_arabic
from .english import promises_in_english
from .promise import Force, Hedge, Promise
from .spanish import promises_in_spanish

__all__ = [
    "Force",
    "Hedge",
    "Promise",
    "first_overclaim",
    "overclaims",
    "promises",
    "rank_needed",
    "rank_of",
]

_GRAMMARS = {
    "en": promises_in_english,
    "es": promises_in_spanish,
    "ar": promises_in_arabic,
}


_RANK = {
    Certainty.HIGH: 4, Certainty.MODERATE: 3, Certainty.LOW: 2, Certainty.VERY_LOW: 1,
    Certainty.NONE: 0,
    Certainty.NOT_RATED: 2,  # until somebody has rated it, "may" is fine
}  # fmt: skip
_NEVER = 5


def rank_of(certainty: str) -> int:
    """Return the rank of a claim's certainty, to compare with `rank_needed`."""
    return _RANK[Certainty(certainty)]


def rank_needed(promise: Promise) -> int:
    """Return the lowest rank of a certainty that carries `promise`; 5 is above all.

    A plain effect ("eases") passes at moderate. "Probably eases" is better there, but a page does
    not have to wait for it.
    """
    if promise.hedge is not Hedge.PLAINLY:
        return promise.hedge
    return {
        Force.EFFECT: 3,
        Force.SURE: 4,
        Force.ABSOLUTE: _NEVER,
        Force.COUNT: _NEVER,
    }[promise.kind]


def promises(text: str, language: str = "en") -> Iterator[Promise]:
    """Yield what plain `text` promises, in order. Nothing for a language without a grammar."""
    if grammar := _GRAMMARS.get(language):
        yield from grammar(text)


def overclaims(
    text: str, certainty: str, *, language: str = "en", is_sourced: bool = False
) -> Iterator[Promise]:
    """Yield each promise in plain `text` that `certainty` does not carry.

    `is_sourced` says that a study supports the text: then a count of people who got better may
    stand there.
    """
    for promise in promises(text, language):
        if promise.kind is Force.COUNT and is_sourced:
            continue
        if rank_needed(promise) > rank_of(certainty):
            yield promise


def first_overclaim(
    text: str, certainty: str, *, language: str = "en", is_sourced: bool = False
) -> str:
    """Return the first words of `text` that promise more than `certainty` carries, or ""."""
    found = overclaims(text, certainty, language=language, is_sourced=is_sourced)
    return next((promise.words for promise in found), "")
