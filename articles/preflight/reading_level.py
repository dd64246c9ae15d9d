"""How hard a text is, as a figure and a work list.

English gets the Flesch-Kincaid grade: the US school grade that reads it (Kincaid and others, 1975).
Spanish gets a score on the INFLESZ scale, which was made for texts to patients: up to 40 is very
hard, to 55 somewhat hard, to 65 normal, to 80 quite easy, above very easy (Barrio-Cantalejo and
others, An Sist Sanit Navar 2008;31(2):135-152; the formula is that of Szigriszt Pazos, 1993). Other
languages get no figure, only their long sentences.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from articles.richtext.letters import plain, without_signs

from .syllables.spoken import WORD, can_count, syllables

MAX_WORDS = 20
#: A line without a full stop counts as a sentence if it has so many words. A shorter one is a
#: heading or a name, and would pull the figure down.
WORDS_OF_A_SENTENCE = 6
#: {language: syllables of a hard word}. Spanish words have a third more syllables than English.
HARD = {"en": 3, "es": 4}

_SENTENCE_END = re.compile(
    r"(?<=[.!?؟…])(?<!\b(?:Dr|Mr|Ms|vs|Sr)\.)(?<!\b(?:Mrs|Dra|Sra)\.)(?<!\be\.g\.)(?<!\bi\.e\.)"
    r"[\"”’»)]?\s+(?![a-zà-ÿ])"
)
_ENDS_A_SENTENCE = re.compile(r"[.!?؟…][\"”’»)]?$")
#: {language: plurals that have "es" more than the singular}
_PLURAL_IN_ES = {
    "en": re.compile("(?:ss|x|ch|sh)es$"),
    "es": re.compile("[aeiou][dlnrj]es$"),
}
#: English endings that are a syllable of their own.
_SPOKEN_ENDING = re.compile("(?:ings?|(?:[sxzcg]|[cs]h)es|[td]ed)$", re.IGNORECASE)


@dataclass(frozen=True)
class ReadingLevel:
    grade: float  # Flesch-Kincaid grade of English sentences; 0 where there are none
    inflesz: float  # score of Spanish sentences; 0 where there are none
    sentences: int
    pieces: tuple["Piece", ...] = field(repr=False)
    language: str

    @property
    def long_sentences(self) -> tuple[str, ...]:
        return tuple(piece.text for piece in self.pieces if piece.is_long)

    @functools.cached_property
    def hard_words(self) -> tuple[str, ...]:
        """The most frequent first, as they are written most often; none in other languages."""
        if not can_count(self.language):
            return ()
        words = Counter(chain.from_iterable(piece.words for piece in self.pieces))
        return _hard_words(words, self.language)


class Piece(NamedTuple):
    """What stands between two ends of sentences or of lines."""

    text: str
    words: list[str]
    is_sentence: bool

    @property
    def is_long(self) -> bool:
        return self.is_sentence and len(self.words) > MAX_WORDS


def measure(text: str, language: str = "en") -> ReadingLevel:
    """Return the reading level of plain `text`, in which each line is a block.

    Short lines without a full stop, such as headings and names, do not count towards the figure.
    Their words count as hard words.
    """
    return level_of(pieces_of(text), language)


@functools.lru_cache(maxsize=4096)
def pieces_of(text: str) -> tuple[Piece, ...]:
    """Return the pieces of plain `text`, in which each line is a block.

    Remembered: the panel asks at every pause of the writer, for the same texts.
    """
    return tuple(
        Piece(
            piece,
            words := WORD.findall(piece),
            len(words) >= WORDS_OF_A_SENTENCE or bool(words and _ENDS_A_SENTENCE.search(piece)),
        )
        for line in without_signs(text).split("\n")
        for piece in map(str.strip, _SENTENCE_END.split(line))
    )


def level_of(pieces: Iterable[Piece], language: str) -> ReadingLevel:
    """Return the reading level of a text, or of several, by its `pieces`."""
    pieces = tuple(pieces)
    sentences = [piece for piece in pieces if piece.is_sentence]
    words = [piece.words for piece in sentences]
    return ReadingLevel(
        grade=flesch_kincaid(words) if language == "en" else 0.0,
        inflesz=inflesz(words) if language == "es" else 0.0,
        sentences=len(sentences),
        pieces=pieces,
        language=language,
    )


def flesch_kincaid(
    sentences: Sequence[Sequence[str]], count: Callable[[str, str], int] = syllables
) -> float:
    """Return the US school grade of English `sentences`, each a list of words; 0 for none."""
    per_sentence, per_word = _averages(sentences, "en", count)
    return max(0.0, 0.39 * per_sentence + 11.8 * per_word - 15.59) if per_word else 0.0


def inflesz(sentences: Sequence[Sequence[str]]) -> float:
    """Return the score of Spanish `sentences` on the INFLESZ scale; 0 for none."""
    per_sentence, per_word = _averages(sentences, "es", syllables)
    return max(0.0, 206.835 - 62.3 * per_word - per_sentence) if per_word else 0.0


def _averages(sentences, language, count):
    """Return (words in a sentence, syllables in a word); zeros where there is no word."""
    words = Counter(chain.from_iterable(sentences))
    if not words:
        return 0.0, 0.0
    spoken = sum(count(word, language) * times for word, times in words.items())
    return words.total() / len(sentences), spoken / words.total()


def _hard_words(words, language):
    forms = defaultdict(Counter)
    for word, count in words.items():
        if _is_hard(word, language):
            small = re.sub("['’]s$", "", word.lower())
            forms[singular(small, language)][small] += count
    by_frequency = sorted(forms.values(), key=lambda counts: -counts.total())
    return tuple(counts.most_common(1)[0][0] for counts in by_frequency)


@functools.lru_cache(maxsize=50_000)
def _is_hard(word, language):
    """Has a part of `word` many syllables? Figures and short forms in capitals are no words."""
    if not word[0].isalpha() or word.isupper() or "." in word:
        return False
    return any(
        _syllables_without_ending(part, language) >= HARD[language] for part in word.split("-")
    )


def _syllables_without_ending(word, language):
    """Return the syllables of `word` but for a simple ending: "diseases" is as easy as "disease".

    So does Gunning's fog index (The Technique of Clear Writing, 1952).
    """
    has_ending = language == "en" and _SPOKEN_ENDING.search(word)
    return syllables(word, language) - bool(has_ending)


def singular(word: str, language: str = "en") -> str:
    """Return one form for a word and its plural; not always a word itself.

    >>> singular("injuries"), singular("exercises"), singular("articulaciones", "es")
    ('injury', 'exercise', 'articulacion')
    """
    form = plain(word)
    if language == "en" and form.endswith("ies"):
        return form.removesuffix("ies") + "y"
    if language in _PLURAL_IN_ES and _PLURAL_IN_ES[language].search(form):
        return form.removesuffix("es")
    return form if form.endswith(("is", "us", "ss")) else form.removesuffix("s")
