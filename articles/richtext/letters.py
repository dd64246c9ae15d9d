"""One plain form of letters, for text and for queries: no accents, vowel signs or hamzas.

People leave them out when they type. Done here and not by the database, so that both databases find
the same: PostgreSQL's `unaccent` needs a superuser, and neither it nor SQLite knows Arabic. Pure.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from unicodedata import category, normalize

#: Letters that readers type for one another and that Unicode does not decompose. In Arabic: alef
#: with wasla, final yeh without dots, teh marbuta; and the yeh and kaf of Persian keyboards.
_ALIKE = str.maketrans({"\u0671": "ا", "\u0649": "ي", "\u0629": "ه", "\u06cc": "ي", "\u06a9": "ك"})
#: A stroke that fills a line: no letter at all.
_TATWEEL = "\u0640"
#: No word has the same letter more often in a row.
_LONGEST_RUN = 2
#: Signs over letters that are characters of their own: accents typed apart, Arabic vowel signs,
#: tatweel.
SIGNS = "[\u0300-\u036f\u064b-\u065f\u0670\u0640]*"


def plain(text: str) -> str:
    """Return `text` in small letters without accents, hamzas and vowel signs.

    >>> plain("Ciática"), plain("أَلَم")
    ('ciatica', 'الم')
    """
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(_letters(normalize("NFD", text))).translate(_ALIKE)


def without_signs(text: str) -> str:
    """Return `text` without vowel signs and tatweel. Accents stay: NFC joins each to its letter."""
    return text if text.isascii() else "".join(_letters(normalize("NFC", text)))


def says_something(text: str, *, letters: int, different: int) -> bool:
    """Whether `text` has so many letters of any script, and so many different ones.

    Blanks, digits and signs do not count, nor does one letter that is held down.

    >>> says_something("Wrong dose", letters=9, different=5)
    True
    >>> says_something("aaaaaaaaaaaa", letters=9, different=5)
    False
    """
    found = [plain(letter) for letter in normalize("NFC", text) if letter.isalpha()]
    count = sum(min(len(list(run)), _LONGEST_RUN) for _letter, run in groupby(found))
    return count >= letters and len(set(found)) >= different


@lru_cache(maxsize=4096)
def plain_letter(letter: str) -> str:
    """Return the plain form of a letter as one letter, so that places in a text stay the same.

    A sign stays itself.
    """
    return (plain(letter) or letter)[0]


def letter_for_letter(text: str) -> str:
    """Return `text` in plain letters, one for each of its own: places in both are the same."""
    return text.lower() if text.isascii() else "".join(map(plain_letter, text))


def pattern_for_word(word: str) -> str:
    """Return a pattern for the letters of `word`, with any signs, in a `letter_for_letter` text."""
    return "".join(re.escape(letter) + SIGNS for letter in letter_for_letter(word))


def _letters(text: str) -> Iterator[str]:
    return (letter for letter in text if letter != _TATWEEL and category(letter) != "Mn")
