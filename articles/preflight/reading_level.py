"""How hard a text is, as a figure and a work list (English)."""

import re
from collections import Counter
from dataclasses import dataclass

from .syllables.spoken import syllables

MAX_WORDS = 20
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z0-9“\"'(])")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")


@dataclass(frozen=True)
class ReadingLevel:
    grade: float  # Flesch-Kincaid grade of the whole sentences; 0 where there are none
    sentences: int
    long_sentences: tuple[str, ...]
    hard_words: tuple[str, ...]  # three syllables or more, most frequent first


def measure(text: str) -> ReadingLevel:
    """Return the reading level of plain `text`, in which each line is a block.

    Only lines that end like sentences count towards the grade. Headings and list items have no full
    stop: they would run together into one endless sentence, or pull the figure down.
    """
    sentences = [
        sentence.strip()
        for line in text.split("\n")
        if re.search(r"[.!?][\"”’)]?$", line)
        for sentence in _SENTENCE_END.split(line)
    ]
    counts = Counter(word.lower() for word in _WORD.findall(text) if syllables(word, "en") >= 3)
    return ReadingLevel(
        grade=_flesch_kincaid(sentences),
        sentences=len(sentences),
        long_sentences=tuple(s for s in sentences if len(_WORD.findall(s)) > MAX_WORDS),
        hard_words=tuple(word for word, _count in counts.most_common()),
    )


def _flesch_kincaid(sentences):
    """Return the US school grade of these sentences (Kincaid and others, 1975); 0 for none."""
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        return 0.0
    per_word = sum(syllables(word, "en") for word in words) / len(words)
    return max(0.0, 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59)
