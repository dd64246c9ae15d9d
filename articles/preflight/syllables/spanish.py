"""How many syllables a Spanish word has.

Spelling says it (Ortografía de la lengua española, RAE and ASALE, 2010): each vowel of "a", "e",
"o" is a syllable. "i" and "u" join the vowel beside them, unless an accent parts the two.
"""

import functools
import re

#: Letters that are not heard, and a "y" that is a vowel.
_SPELLING = (
    (re.compile("(?<!c)h"), ""),
    (re.compile("qu(?=[eiéí])"), "q"),
    (re.compile("gu(?=[eiéí])"), "g"),
    (re.compile("y(?![aeiouáéíóú])"), "i"),
)
_VOWELS = re.compile("[aeiouáéíóúü]+")
_STRONG = re.compile("[aeoáéó]")
#: "i" and "u" with an accent, beside a strong vowel; two that are the same.
_PARTED = re.compile("(?<=[aeoáéó])[íú]|[íú](?=[aeoáéó])")
_TWICE = re.compile("i(?=[ií])|u(?=[uú])")


@functools.lru_cache(maxsize=50_000)
def syllables_in_spanish(word: str) -> int:
    """Return how many syllables `word` has; at least one. `word` is one string of letters, NFC."""
    word = word.lower()
    for pattern, heard in _SPELLING:
        word = pattern.sub(heard, word)
    return max(1, sum(map(_in_vowels, _VOWELS.findall(word))))


def _in_vowels(vowels):
    strong = len(_STRONG.findall(vowels)) + len(_PARTED.findall(vowels))
    return max(1, strong) + len(_TWICE.findall(vowels))
