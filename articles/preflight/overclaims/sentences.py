"""Text as sentences, and a sentence as words that know their place in the text."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

_LONGEST = 600
_END = re.compile(r"(?<=[.!?؟])[\"”’)\]]*\s+(?=[^\W_a-z]|[\"“'(¿¡\[]|$)|\n+")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?: ?%)?|[^\W\d_]+(?:['’][^\W\d_]+)?|[;:,()–—?!.¿¡…/]")
#: Short forms, written out: each becomes two words at the same place.
_NOT = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall"}
_TWO_IN_ONE = frozenset({"cannot", "Cannot"})
_ENDINGS = {"'ll": "will", "'re": "are", "'ve": "have", "'d": "would"}
_IS = frozenset("it that there he she what who here".split())


class Word(NamedTuple):
    shown: str
    start: int  # its place in the whole text
    end: int


@dataclass(frozen=True)
class Sentence:
    text: str
    start: int = 0  # its place in the whole text

    @cached_property
    def words(self) -> list[Word]:
        """The words and the marks between them. Short forms are written out: "doesn't" is two.

        Parts that a hyphen joins are words by themselves.
        """
        words = []
        for found in _TOKEN.finditer(self.text):
            shown, start, end = found[0], self.start + found.start(), self.start + found.end()
            if shown.isalpha() and shown not in _TWO_IN_ONE:
                words.append(Word(shown, start, end))
            else:
                words += [Word(part, start, end) for part in _written_out(shown)]
        return words

    @property
    def is_question(self) -> bool:
        return self.text.rstrip('"”’) ').endswith(("?", "؟"))


@lru_cache(maxsize=1024)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of plain `text`. A new line ends a sentence.

    Remembered, so that all rules share the words of a sentence.

    What has no end after 600 letters is cut between two words: the grammar looks back from every
    verb, so its time grows with the square of a sentence.
    """
    sentences, start = [], 0
    for end in (*_END.finditer(text), None):
        last = end.start() if end else len(text)
        while last - start > _LONGEST:
            blank = text.rfind(" ", start + 1, start + _LONGEST)
            cut = blank if blank > 0 else start + _LONGEST
            sentences.append(Sentence(text[start:cut], start))
            start = cut
        if text[start:last].strip():
            sentences.append(Sentence(text[start:last], start))
        start = end.end() if end else last
    return tuple(sentences)


def _written_out(word: str) -> tuple[str, ...]:
    if "'" not in word and "’" not in word and word not in _TWO_IN_ONE:
        return (word,)
    word = word.replace("’", "'")
    small = word.lower()
    if small in _NOT:
        return (_NOT[small], "not")
    if small.endswith("n't"):
        return (word[:-3], "not")
    for ending, full in _ENDINGS.items():
        if small.endswith(ending):
            return (word[: -len(ending)], full)
    if small.endswith("'s") and small[:-2] in _IS:
        return (word[:-2], "is")
    return (word,)
