"""Promises found clause by clause, for languages whose verbs say by their form who does what.

A clause ends at a mark or at a word such as "but". In it, words before the promise take it back
("no", "if", "to") or weaken it ("may", "probably").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .promise import Force, Hedge, Promise
from .sentences import Sentence, sentences_of


@dataclass(frozen=True)
class Pattern:
    """Words that promise."""

    kind: Force
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None  # found in the clause, it is no promise
    only_with: re.Pattern[str] | None = None  # it is one only if the clause has this too
    needs_hedge: bool = False  # a form that says nothing by itself: an infinitive, a subjunctive


@dataclass(frozen=True)
class Language:
    clause_end: re.Pattern[str]
    takes_back: re.Pattern[str]  # before the promise, in its clause
    possibly: re.Pattern[str]  # in its clause; so is "probably"
    probably: re.Pattern[str]
    both_sides: re.Pattern[str]  # in one sentence: studies on both sides
    order: re.Pattern[str]  # at the start of a sentence: it tells the reader to do something
    by_itself: re.Pattern[str]  # at the start of a clause: what the body or a person does
    asks: re.Pattern[str]  # at the start of a question
    says_yes: re.Pattern[str]  # at the start of its answer
    left_out: re.Pattern[str]  # a clause that repeats the promise before, without its verb
    patterns: Sequence[Pattern]

    def promises(self, text: str) -> Iterator[Promise]:
        """Yield what plain `text` promises, in the order of its words."""
        for promise in self._in_small_letters(text):
            yield promise._replace(words=text[promise.start : promise.end])

    def _in_small_letters(self, text: str) -> Iterator[Promise]:
        """What `text` promises, in small letters: patterns that heed case are twice as fast."""
        sentences = [
            Sentence(_small(sentence.text), sentence.start) for sentence in sentences_of(text)
        ]
        for number, sentence in enumerate(sentences):
            if sentence.is_question:
                answer = sentences[number + 1].text if number + 1 < len(sentences) else ""
                if not self._confirms(answer):
                    continue
                asked = self.asks.match(sentence.text)
                start = asked.end() if asked else 0
                sentence = Sentence(sentence.text[start:], sentence.start + start)
            if not self.both_sides.search(sentence.text):
                yield from self._of_sentence(sentence)

    def _confirms(self, answer: str) -> bool:
        """Is the answer a plain yes?"""
        return bool(self.says_yes.match(answer)) and not any(
            weaker.search(answer) for weaker in (self.possibly, self.probably, self.takes_back)
        )

    def _of_sentence(self, sentence: Sentence) -> Iterator[Promise]:
        start = 0
        for end in (*self.clause_end.finditer(sentence.text), None):
            clause = sentence.text[start : end.start() if end else len(sentence.text)]
            found = list(self._of_clause(clause, sentence.start + start))
            if not found and self.left_out.fullmatch(clause) and self._has_words(sentence, start):
                words = clause.strip(" .!")
                at = sentence.start + start + clause.index(words)
                found = [Promise(words, at, Force.EFFECT)]
            yield from sorted(found, key=lambda promise: promise.start)
            start = end.end() if end else start

    def _has_words(self, sentence: Sentence, end: int) -> bool:
        """Does a promising word stand in the sentence before `end`, denied or not?"""
        return any(pattern.words.search(sentence.text, 0, end) for pattern in self.patterns)

    def _of_clause(self, clause: str, start: int) -> Iterator[Promise]:
        for pattern in self.patterns:
            for found in pattern.words.finditer(clause):
                if hedge := self._hedge(pattern, clause, found):
                    words = found[0].strip()
                    at = start + found.start() + found[0].index(words)
                    yield Promise(words, at, pattern.kind, hedge)

    def _hedge(self, pattern: Pattern, clause: str, found: re.Match[str]) -> Hedge | None:
        before = clause[: found.start()]
        if self.takes_back.search(before) or self.order.search(clause):
            return None
        if pattern.kind in {Force.EFFECT, Force.SURE} and self.by_itself.match(clause):
            return None
        if pattern.unless and pattern.unless.search(clause):
            return None
        if pattern.only_with and not pattern.only_with.search(clause):
            return None
        if self.possibly.search(before):
            return Hedge.POSSIBLY
        if self.probably.search(before):
            return Hedge.PROBABLY
        return None if pattern.needs_hedge else Hedge.PLAINLY


def _small(text: str) -> str:
    """The text in small letters, each at its place: "İ" would become two."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
