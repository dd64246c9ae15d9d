"""Sentences that say something in another order, or with a part left out.

They are put in the plain order, and then read as any other: "Only with time does it ease" as "with
time it does ease", "Does it help? Yes." as "it does help".
"""

import re
from collections.abc import Iterator

from .english_reading import Reading
from .english_words import (
    BE,
    DETERMINERS,
    DO,
    EFFECTIVE,
    HELPFUL,
    MODALS,
    OTHER_VERBS,
    PREPOSITIONS,
    SAFE,
    VERBS,
    words,
)
from .sentences import Sentence, Word

_HELPERS = MODALS | DO | BE | words("has have had")
_SAID = EFFECTIVE | SAFE | HELPFUL
_YES = re.compile(
    r"\W*(?:yes|absolutely|certainly|definitely|of course|indeed|undoubtedly|without (?:a )?doubt"
    r"|(?:it|they) (?:does|do|is|are|will))\b",
    re.I,
)
_NO_SURE_YES = re.compile(
    r"\b(?:but|may|might|can|could|if|some|sometimes|often|probably|perhaps|for many|not|n't"
    r"|unless|depends?)\b",
    re.I,
)
_NONE = re.compile(
    r"\W*(?:none|no|nothing|not at all)\b[^\w]*(?:none|whatsoever|at all)?\W*$", re.I
)
_HARMS = words("risk risks danger dangers harm harms downside downsides effects complications")


def in_plain_order(words: list[Word]) -> list[Word]:
    """The `words` of a sentence, with its helper behind the subject if it stands before it."""
    if words and words[0].shown.lower() == "only":
        for at in range(3, len(words)):
            if words[at].shown.lower() in _HELPERS:
                return _moved(words[1:], at - 1) or words
    return words


def in_answer(question: Sentence, answer: Sentence | None) -> list[Word] | None:
    """The words of a `question` to which the `answer` says yes, as a statement; else None."""
    if answer is None or not _YES.match(answer.text) or _NO_SURE_YES.search(answer.text):
        return None
    asked = [word for word in question.words if word.shown != "?"]
    if not asked or asked[0].shown.lower() not in _HELPERS:
        return asked if len(asked) <= 3 else None  # "Safe? Yes."
    stated = _moved(asked, 0)
    return stated and [*stated, *answer.words[1:]]  # "Yes, with early walking"


def asks_for_harm(question: Sentence, answer: Sentence | None) -> tuple[Word, Word] | None:
    """First and last word of a question for risks that the `answer` denies; else None."""
    if answer is None or not _NONE.match(answer.text):
        return None
    asked = [word for word in question.words if word.shown != "?"]
    if any(word.shown.lower() in _HARMS for word in asked):
        return asked[0], asked[-1]
    return None


def verbs_left_out(reading: Reading) -> Iterator[tuple[int, str, int]]:
    """Yield (index of the helper, verb left out, its index): "... but compression will"."""
    for at, word in enumerate(reading.words):
        if word not in _LEFT_OUT_AFTER or reading.word(at + 1) not in _ENDS:
            continue
        for before in range(at - 1, 0, -1):
            verb, _form = VERBS.get(reading.words[before], ("", ""))
            if verb and reading.word(before - 1) not in _NOUN_MARKS:
                yield at, verb, before
                break


_LEFT_OUT_AFTER = MODALS | DO
_ENDS = frozenset({"", ".", "!", ",", ";", ")"})
_NOUN_MARKS = PREPOSITIONS | DETERMINERS


def _plainly(helper: Word) -> Word:
    """Return the helper of a question as its answer means it: "Can it help? Yes." says it will."""
    return helper._replace(shown="will") if helper.shown.lower() in {"can", "could"} else helper


def _moved(words: list[Word], helper: int) -> list[Word] | None:
    """The words with the helper right before the first word behind it that may promise."""
    for at in range(helper + 2, len(words)):
        word, before = words[at].shown.lower(), words[at - 1].shown.lower()
        form = (VERBS.get(word) or OTHER_VERBS.get(word) or ("", ""))[1]
        if (form in {"base", "past"} and before not in _NOUN_MARKS) or word in _SAID:
            subject = words[helper + 1 : at]
            return [*words[:helper], *subject, _plainly(words[helper]), *words[at:]]
    return None
