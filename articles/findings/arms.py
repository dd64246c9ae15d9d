"""What people had, at the beginning of a sentence or inside it: "With exercise", "without it".

The writer names a treatment and what it was compared with as bare words. A phrase of negation
becomes "without …"; one that begins with a word such as "after" stays as it is.
"""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language


@dataclass(frozen=True)
class _Language:
    having: str
    lacking: str
    negations: tuple[str, ...]  # what a phrase begins with that names the lack of something
    leads: frozenset[str]  # words that already say how it was had


_LANGUAGES = {
    "en": _Language(
        "with",
        "without",
        ("no", "not having", "not doing"),
        frozenset("with without after before during on in by when while doing having".split()),
    ),
    "es": _Language(
        "con",
        "sin",
        ("ningún", "ninguna", "no hacer"),
        frozenset("con sin tras después antes durante en al cuando a".split()),
    ),
    "ar": _Language(
        "مع",
        "بلا",
        ("لا", "عدم"),
        frozenset("مع بلا بدون بعد قبل أثناء خلال دون من عند".split()),
    ),
}


def arm(phrase: str, *, inside: bool = False) -> str:
    """Return `phrase` as an arm of a study, in the active language.

    With a capital letter, unless it stands `inside` a sentence.

    >>> arm("no exercise"), arm("exercise"), arm("after pretend surgery")
    ('Without exercise', 'With exercise', 'After pretend surgery')
    """
    words = _LANGUAGES[(get_language() or "en")[:2]]
    phrase = " ".join(phrase.split())
    small = phrase.lower()
    if negation := _negation(phrase, words):
        said = f"{words.lacking} {phrase[len(negation) + 1 :]}"
    elif small.split(" ", 1)[0] in words.leads:
        said = phrase[:1].lower() + phrase[1:]
    else:
        said = f"{words.having} {phrase}"
    return said if inside else capfirst(said)


def names_a_lack(phrase: str) -> bool:
    """Return whether `phrase` says that people went without something, in the active language.

    >>> names_a_lack("no exercise"), names_a_lack("pretend surgery")
    (True, False)
    """
    words = _LANGUAGES[(get_language() or "en")[:2]]
    small = phrase.lower().split()
    return bool(_negation(" ".join(small), words)) or small[:1] == [words.lacking]


def _negation(phrase: str, words: _Language) -> str:
    small = phrase.lower()
    return next((each for each in words.negations if small.startswith(f"{each} ")), "")
