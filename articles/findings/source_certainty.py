"""How sure a source says it is of itself, read from its own words.

Words and symbols of GRADE in English, Spanish and Arabic, the letters of 1A to 2C and of SORT.
Where two of them differ the lower counts: some tables print ⊕⊕⊝⊝ beside "very low".
"""

import re
from collections.abc import Iterable

from articles.models import Certainty

_RANK = {Certainty.VERY_LOW: 1, Certainty.LOW: 2, Certainty.MODERATE: 3, Certainty.HIGH: 4}
_BY_RANK = {rank: level for level, rank in _RANK.items()}
_FILLED, _CIRCLES = re.compile("[⊕⨁●]"), re.compile("[⊕⨁●⊝⊖⊗◯○]")
_CIRCLES_OF_GRADE = 4
#: The longer words first, or "very low" would be read as "low" too.
_WORDS = [
    (
        re.compile(r"\bvery[\s-]+low\b|\bmuy\s+baj[oa]|منخفض\w*\s+جد", re.IGNORECASE),
        Certainty.VERY_LOW,
    ),
    (re.compile(r"\blow\b|\bbaj[oa]\b|منخفض", re.IGNORECASE), Certainty.LOW),
    (re.compile(r"\bmoderate\b|\bmoderad[oa]\b|متوسط", re.IGNORECASE), Certainty.MODERATE),
    (re.compile(r"\bhigh\b|\balt[oa]\b|عالي|مرتفع", re.IGNORECASE), Certainty.HIGH),
]
_LETTERS = {"A": Certainty.HIGH, "B": Certainty.MODERATE, "C": Certainty.LOW}
_LETTER = {
    "1a-2c": re.compile(r"\b[12]\s*([ABC])\b", re.IGNORECASE),
    "sort": re.compile(r"(?:^|\b(?:grade|level|sort)\s*:?\s*)([ABC])\b", re.IGNORECASE),
}


def source_level(words: str, scheme: str = "") -> Certainty | None:
    """Return the level that a source gives itself in its own `words`; None where none is read.

    >>> source_level("⊕⊕⊝⊝ low"), source_level("1B", "1A-2C"), source_level("level 4")
    (<Certainty.LOW: 'low'>, <Certainty.MODERATE: 'moderate'>, None)
    """
    found = set()
    if len(_CIRCLES.findall(words)) == _CIRCLES_OF_GRADE and (filled := _FILLED.findall(words)):
        found.add(_BY_RANK[len(filled)])
    if letter := _LETTER.get(scheme.strip().lower()):
        found |= {_LETTERS[match[1].upper()] for match in letter.finditer(words)}
    rest = words
    for pattern, level in _WORDS:
        if pattern.search(rest):
            found.add(level)
            rest = pattern.sub(" ", rest)
    return min(found, key=lambda level: _RANK[level], default=None)


def surest_level(levels: Iterable[Certainty]) -> Certainty | None:
    return max(levels, key=lambda level: _RANK[level], default=None)
