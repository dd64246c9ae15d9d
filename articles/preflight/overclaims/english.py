"""What an English text promises.

Words that may promise are in english_words; how a sentence puts them is in english_grammar.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from .english_adjectives import ABSOLUTES, ADJECTIVES, of_absolute, of_adjective, of_whole_sentence
from .english_figures import FIGURES, of_figure
from .english_grammar import MARKS
from .english_outcomes import BEGINS_OUTCOME, of_noun
from .english_phrases import of_phrase
from .english_reading import Reading
from .english_turns import asks_for_harm, in_answer, in_plain_order
from .english_verbs import OUTCOMES, of_outcome, of_verb, of_verb_left_out
from .english_words import NEGATORS, OTHER_VERBS, VERBS, words
from .promise import Force, Hedge, Promise
from .sentences import Sentence, sentences_of


def promises_in_english(text: str) -> Iterator[Promise]:
    """Yield what plain English `text` promises, in the order of its words."""
    sentences = sentences_of(text)
    balanced = _balanced(sentences)
    for number, sentence in enumerate(sentences):
        if number in balanced:
            continue
        answer = sentences[number + 1] if number + 1 < len(sentences) else None
        yield from _each_once(_of_sentence(sentence, answer, text))


def _of_sentence(sentence: Sentence, answer: Sentence | None, text: str) -> Iterator[Promise]:
    """What `sentence` promises; a question does if the `answer` behind it says yes."""
    if not sentence.is_question:
        yield from _in_reading(Reading(in_plain_order(sentence.words), text))
    elif stated := in_answer(sentence, answer):
        end = sentence.start + len(sentence.text)
        for promise in _in_reading(Reading(stated, text)):
            if promise.start < end:  # what the answer promises is read as its own sentence
                yield promise
    elif denied := asks_for_harm(sentence, answer):
        first, last = denied
        yield Promise(text[first.start : last.end], first.start, Force.ABSOLUTE)


def _each_once(found: Iterable[Promise]) -> Iterator[Promise]:
    """The promises in the order of their words. Two rules may find the same one."""
    ends: dict[tuple[Force, Hedge], int] = {}
    for promise in sorted(found, key=lambda one: (one.start, -one.end)):
        if promise.start >= ends.get((promise.kind, promise.hedge), 0):
            yield promise
            ends[promise.kind, promise.hedge] = promise.end


#: {word: what may find a promise at it}. Few words of a sentence are in here.
_RULES: dict[str, list[Callable[[Reading, int], Iterator[Promise]]]] = {}
for _rule, _words in (
    (of_verb, VERBS),
    (of_phrase, OTHER_VERBS),
    (of_adjective, ADJECTIVES),
    (of_absolute, ABSOLUTES),
    (of_outcome, OUTCOMES),
    (of_noun, BEGINS_OUTCOME),
    (of_figure, FIGURES),
):
    for _word in _words:
        _RULES.setdefault(_word, []).append(_rule)


def _in_reading(reading: Reading) -> list[Promise]:
    warned = _end_of_warning(reading)
    return [one for one in _found_in(reading) if one.start >= warned]


def _found_in(reading: Reading) -> list[Promise]:
    found = [*_counts(reading), *of_whole_sentence(reading), *of_verb_left_out(reading)]
    for at, word in enumerate(reading.words):
        for rule in _RULES.get(word, ()):
            found += rule(reading, at)
    return found


# --- warnings ---------------------------------------------------------------------------------
_WARNING = re.compile(
    r"(?:(?:please|always|so) )?(?:(?:be|stay) (?:\w+ )?(?:careful|cautious|sceptical|skeptical"
    r"|suspicious|wary) (?:about|of|with|when|if)|(?:be )?beware of|beware if"
    r"|(?:watch|look) out for|steer clear of|(?:stay|keep) away from|ignore|distrust|mistrust"
    r"|(?:question|avoid) (?:any\w*|ads?|adverts?|claims?|offers?|people|websites?))\b"
)
_WARNS = words("""
    always avoid be beware distrust ignore keep look mistrust please question so stay steer watch
""")
_ENDS_WARNING = MARKS | {"but", "because", "instead"}


def _end_of_warning(reading: Reading) -> int:
    """Place in the text up to which it warns of a promise: "Be careful with miracle cures"."""
    if reading.word(0) not in _WARNS or not _WARNING.match(" ".join(reading.words[:6])):
        return 0
    for at, word in enumerate(reading.words):
        is_new_clause = word in {",", "and"} and reading.word(at + 1) in {"it", "this"}
        if word in _ENDS_WARNING or is_new_clause:
            return reading.places[at].end
    return reading.places[-1].end


# --- studies on both sides --------------------------------------------------------------------
_SOME_SAY = re.compile(
    r"(?:^|[:,] )(?:some|a few|several|one|two|three|four|many|older|small|early)\b"
    r".*\b(?:stud|trial|review|research|people|expert|guideline|therapist|physiotherapist|patient)",
    re.I,
)
_OTHERS_SAY = re.compile(
    r"\bbut (?:there is|we have|we found) (?:no|little)\b"
    r"|\b(?:others?|other (?:studies|trials|reviews|people)|newer ones|the rest|some)\b[^.;]*"
    r"\b(?:not|n't|no|none|nothing|little|disagree|less|worse)\b"
    r"|\b(?:larger|bigger|newer|better|later|second|third|other)"
    r" (?:one|ones|study|studies|trial|trials)\b[^.;]*\b(?:no|not|nothing|none|little)\b"
    r"|\b(?:two|three|four|five|six|seven|eight|\d+|most) (?:\w+ )?(?:found|saw|showed|reported)\b"
    r"[^.;]*\b(?:no|not|nothing|none|little)\b"
    r"|\bothers (?:find|found|say|said|did|do) (?:no|not)\b",
    re.I,
)
_NOT_SO = re.compile(
    r"\bbut (?:that|this|it) is (?:not (?:true|so)|wrong|false|a myth|untrue)\b", re.I
)


def _balanced(sentences: Sequence[Sentence]) -> set[int]:
    """Indexes of sentences that tell of both sides ("Some say … Others do not.") or of an error."""
    found: set[int] = set()
    for at, sentence in enumerate(sentences):
        if " but " in sentence.text and _NOT_SO.search(sentence.text):
            found.add(at)
        if not (first := _SOME_SAY.search(sentence.text)):
            continue
        if _OTHERS_SAY.search(sentence.text[first.end() :]):
            found.add(at)
        elif at + 1 < len(sentences) and _OTHERS_SAY.search(sentences[at + 1].text):
            found |= {at, at + 1}
    return found


# --- counts of people who got better ------------------------------------------------------------
_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|half|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety)"
)
_BETTER = (
    r"(?:(?:get|gets|got|feel|feels|felt|are|were|was|is|become|became|do|did)"
    r" (?:much |far |a lot )?"
    r"(?:better|well again|back (?:on|at|in|to) (?:\w+ ){0,2}"
    r"(?:road|work|school|sport|field|pitch)|pain free|symptom free"
    r"|cured|dry|continent|healed|helped|satisfied"
    r"|free of (?:\w+ ){0,2}(?:pain|symptoms)|back to normal|back at work|without pain)"
    r"|recover(?:s|ed)?|improved?|improves|benefit(?:s|ed)?|heal(?:s|ed)?|(?:had|have) less"
    r"|(?:walk|walked|ran|run) without|(?:had|have) no (?:more )?pain"
    r"|no longer (?:had|have|feel|felt|needed|need)|said (?:that )?it helped|avoid(?:ed)? surgery"
    r"|slept better|return(?:s|ed)? to (?:work|sport|school|running|play|normal)|success"
    r"|(?:goes|go|went)(?= away\b| [.!]|$))"
)
_PATIENT = r"(?:patients?|participants?|persons?|people|women|men|runners?|players?|clients?)"
_COUNTED = re.compile(
    r"\d|%|\b(?:in|of|times|twice|half|rate)\b|^(?:every|all|not one|none)\b| our "
)
_COUNT = re.compile(
    rf"\b(?:{_NUMBER} (?:times )?(?:in|of|out of) (?:every |all )?{_NUMBER}\b|\d+(?:\.\d+)? ?%"
    rf"|{_NUMBER} percent|half of|(?:a|two|three) (?:third|quarter)s? of)[^.;]{{0,90}}?\b{_BETTER}"
    rf"|\b(?:{_NUMBER} times|twice) (?:more likely|as likely|likelier) to"
    r" (?:recover|get better|improve|heal|walk)"
    rf"|\b(?:recover|heal|improve|get better|walk)(?:s|ed)? (?:{_NUMBER} times|twice|half)"
    r" (?:as (?:fast|quickly|well|far)|faster|quicker)"
    rf"|\bsuccess rate (?:of|is|was) (?:\w+ )?{_NUMBER}\b(?! ?%? (?:for|in|at) \S+ing)"
    rf"|^(?:every|all)(?: of)?(?: the| our)? (?:{_NUMBER} )?{_PATIENT}\b[^.;,]{{0,40}}?\b{_BETTER}"
    rf"|^(?:most|many|nearly all|almost all)(?: of)? our {_PATIENT}\b[^.;,]{{0,40}}?\b{_BETTER}"
    rf"|^(?:not one|none)(?: of)?(?: the| our| them)? (?:{_NUMBER} )?(?:{_PATIENT} )?"
    r"(?:ever )?(?:has|had|have|was|were|developed|suffered)\b[^.;,]{0,40}?"
    r"\b(?:complications?|side effects?|problems?|hurt|harmed|injur(?:y|ies|ed)|relapsed?)\b"
)


_TAKES_COUNT_BACK = NEGATORS | {"if", "whether"}


def _counts(reading: Reading) -> Iterator[Promise]:
    text = " ".join(reading.words)
    if _COUNTED.search(text) and (found := _COUNT.search(text)):
        before = text[: found.start()]
        if _TAKES_COUNT_BACK.isdisjoint(before.split()):
            at = before.count(" ")
            yield reading.promise(at, at + found[0].count(" "), Force.COUNT)
