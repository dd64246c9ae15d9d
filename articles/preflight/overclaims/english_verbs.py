"""Verbs that promise: by themselves ("eases"), with other words ("takes the pain away"), or by what
they say got better ("hurts less").
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from .english_grammar import Assertion
from .english_reading import STOPS, Reading
from .english_words import (
    ABLE,
    ADVERBS,
    BAD,
    BAD_OBJECT,
    BE,
    COMPARED,
    COURSE,
    DETERMINERS,
    FEWER,
    FREE,
    GOOD,
    GOOD_OBJECT,
    HEALTHIER,
    LESS_TROUBLE,
    MENDING,
    MINDFUL,
    OTHER_VERBS,
    PARTS_OF_BODY,
    PERSONS,
    READERS,
    SUFFERING,
    SURE,
    THINGS_TO_READ,
    TROUBLE_VERBS,
    VERBS,
    WELL,
    WORK_BEFORE,
    words,
)
from .promise import Force, Hedge, Promise

#: Words at which of_outcome finds something.
OUTCOMES = FEWER | BAD | GOOD | words("more sooner earlier looser")
#: "Strengthens your thigh" says what an exercise is for.
_MOVED = PARTS_OF_BODY - words("balance sleep mood strength appetite")
_TROUBLE = BAD | SUFFERING
_FAST = words("sooner faster quicker")
_GOOD_RESULTS = words("better less fewer faster quicker greater improved improvement")
_WITH_PERSON = words("get take make lead give bring offer provide speed")


# --- by themselves --------------------------------------------------------------------------
def of_verb(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise of the verb at `at`, which is in VERBS."""
    verb, form = VERBS[reading.words[at]]
    assertion = reading.assertion(at, form)
    if assertion is None or not _promises(reading, verb, at, form, assertion):
        return
    kind = Force.SURE if verb in SURE else Force.EFFECT
    if reading.is_for_everyone(at):
        kind = Force.ABSOLUTE
    if reading.words[at + 1 : at + 3] == ["some", "people"]:
        assertion = replace(assertion, hedge=min(assertion.hedge, Hedge.POSSIBLY))
    yield reading.promise(at, at, kind, assertion.hedge)


def _promises(reading, verb, at, form, assertion: Assertion) -> bool:
    if assertion.head in THINGS_TO_READ:
        return False
    if verb in _OF_ITS_OWN:
        return _OF_ITS_OWN[verb](reading, at, form, assertion)
    if assertion.is_passive:
        return _passive_promises(reading, verb, at, assertion)
    if assertion.head in PERSONS and verb not in {"cure", "heal", "fix"}:
        is_by_treatment = reading.word(0) == "by" or reading.has_agent(at)
        return is_by_treatment and bool(set(reading.behind(at)) & BAD)
    if assertion.head in PARTS_OF_BODY | BAD:
        # What the body or the pain does is the course of things, unless a treatment is tied to it.
        return verb in COURSE and not reading.behind(at) and reading.has_agent(at)
    return _has_object(reading, verb, at)


def _passive_promises(reading, verb, at, assertion):
    if assertion.head in PERSONS:
        return verb == "cure"
    about_health = set(assertion.subject) & (BAD | GOOD | {"it"})
    return bool(about_health) and (verb == "cure" or reading.has_agent(at))


def _has_object(reading, verb, at):
    """Does something about health stand behind the verb at `at`?"""
    behind = reading.behind(at)
    first = behind[0] if behind else ""
    if verb in {"prevent", "stop"} and first in READERS | PERSONS | {"the"}:
        doing = [word for word in reading.words[at + 2 : at + 6] if word.endswith("ing")]
        if doing:  # "stops you sleeping" is in the way, "stops you falling" is an effect
            return doing[0] in BAD
    if verb in FREE or (verb == "improve" and first == "how"):
        return True
    if first in {"it", "them", "this"}:
        return verb in MENDING | {"ease", "prevent"}
    if verb in MENDING and first in DETERMINERS and not set(behind) & {"place", "position"}:
        return True
    if verb in BAD_OBJECT:
        more = {"beat": COMPARED, "calm": words("baby babies child children infants")}
        return bool(set(behind) & (BAD | more.get(verb, BAD)))
    if verb in GOOD_OBJECT:  # "raises the risk" is no promise
        good = set(behind) & (GOOD - _MOVED | {"bones"})
        return bool(good) and not set(behind) & BAD
    return bool(set(behind) & (BAD | GOOD | PARTS_OF_BODY))


def _help_promises(reading, at, _form, assertion):
    behind = reading.words[at + 1 : at + 6]
    if assertion.head in PERSONS - ABLE | PARTS_OF_BODY:
        return False
    first = behind[0] if behind else ""
    if assertion.subject[-1:] == ("it",) and first in {"to", "if", "when"}:
        return first == "to" and _is_effect(reading, at + 2)  # else it is advice
    if first in {"us", "your", "the"} and set(behind[1:2]) & PERSONS:
        return False
    doing = [word for word in behind if word not in READERS | {"to", "the"}]
    return first != "us" and not (doing and doing[0] in MINDFUL)


def _is_effect(reading, at):
    while reading.word(at) in ADVERBS:
        at += 1
    verb, _form = VERBS.get(reading.word(at), ("", ""))
    return verb not in {"", "work"} and bool(set(reading.behind(at)) & (BAD | GOOD))


def _work_promises(reading, at, _form, assertion):
    if reading.word(at + 1) in DETERMINERS | WORK_BEFORE:
        return False
    return assertion.head not in PERSONS | PARTS_OF_BODY | BAD


def _benefit_promises(reading, at, form, assertion):
    if form == "s" and reading.word(at + 1) not in DETERMINERS | PERSONS | {"from"}:
        return False  # "the benefits"
    return assertion.head not in {"we", "i"}


def _prove_promises(reading, at, _form, assertion):
    return reading.word(at + 1) != "to" or assertion.is_passive


_OF_ITS_OWN: dict[str, Callable[[Reading, int, str, Assertion], bool]] = {
    "help": _help_promises,
    "work": _work_promises,
    "benefit": _benefit_promises,
    "prove": _prove_promises,
}


# --- with other words -----------------------------------------------------------------------
def of_phrase(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise of the verb at `at`, which is in OTHER_VERBS, with the words behind it."""
    verb, form = OTHER_VERBS[reading.words[at]]
    phrases = (*_phrases(reading, at), *_phrases_of_course(reading, at))
    kind = next(
        (kind for kind, verbs, is_said in phrases if verb in verbs.split() and is_said), None
    )
    assertion = reading.assertion(at, form) if kind else None
    if not kind or assertion is None or assertion.head in THINGS_TO_READ:
        return
    is_person = assertion.head in PERSONS and reading.word(0) != "by"
    if is_person and kind is Force.EFFECT and verb in _WITH_PERSON and not reading.is_tied(at):
        return
    last = min(at + 3, len(reading.words) - 1)
    while last > at and reading.words[last] in STOPS:
        last -= 1
    yield reading.promise(at, last, kind, assertion.hedge)


def _phrases(reading, at):
    """(kind, verbs, whether the words around make it a promise) of what a treatment does."""
    behind, near = reading.words[at + 1 : at + 8], set(reading.behind(at))
    first, bad = behind[0] if behind else "", near & BAD
    suffering = near & (SUFFERING | {"hurt", "ache"})
    yield Force.EFFECT, "take", bad and near & {"away", "edge", "off", "out"}
    yield Force.EFFECT, "take", near & {"pressure", "strain", "load"} and "off" in near
    yield Force.EFFECT, "do", behind[:2] == ["away", "with"] and set(behind) & BAD
    yield Force.EFFECT, "bring keep", bad and near & {"down", "away", "bay", "off"}
    yield Force.EFFECT, "give", "back" in near and near & GOOD - {"back"}
    yield Force.EFFECT, "give bring offer provide", near & {"relief", "cure"}
    yield Force.SURE, "get", behind[:2] == ["rid", "of"] and bad
    yield Force.EFFECT, "make", "sure" not in near and near & HEALTHIER
    yield Force.EFFECT, "make", near & FEWER and suffering
    yield Force.EFFECT, "keep", first in READERS and near & WELL
    yield Force.EFFECT, "lead", first == "to" and near & _GOOD_RESULTS
    yield Force.EFFECT, "speed accelerate", near & {"recovery", "healing"}
    yield Force.EFFECT, "get", first in READERS and "".join(behind[1:2]).endswith("ing")
    yield Force.EFFECT, "have", "benefits" in behind[:3] and not near & {"no", "and"}


def _phrases_of_course(reading, at):
    """The same of what gets better: a promise if a treatment is tied to it."""
    behind, near = reading.words[at + 1 : at + 8], set(reading.behind(at))
    first = behind[0] if behind else ""
    has_agent = reading.has_agent(at)
    is_tied = has_agent or reading.names_treatment_before(at)
    less = set(behind[:3]) & LESS_TROUBLE
    trouble = near & (BAD | SUFFERING | {"hurt", "ache", "medicine", "tablets"})
    is_bad_before = bool(set(reading.words[:at]) & BAD)
    yield Force.EFFECT, "go", first in {"", ".", "away"} and is_bad_before and has_agent
    yield Force.EFFECT, "feel get", set(behind[:2]) & {"better", "well"} and has_agent
    yield Force.EFFECT, "recover settle fade drop disappear vanish", has_agent
    yield Force.EFFECT, "get return walk run leave recover", near & _FAST and is_tied
    yield Force.EFFECT, "get become", first in HEALTHIER - {"better"} and is_tied
    yield (
        Force.EFFECT,
        "sleep walk move breathe climb bend",
        (set(behind[:4]) & {"better", "further", "faster", "easier", "easily"} and is_tied),
    )
    yield (
        Force.EFFECT,
        "walk run move live sleep",
        behind[:2] == ["without", "pain"] and is_tied,
    )
    yield Force.EFFECT, "have need feel report get suffer catch", less and trouble and is_tied
    yield Force.EFFECT, "have get", first == "more" and near & GOOD and is_tied
    yield Force.EFFECT, "cough hurt ache suffer", less and is_tied
    yield (
        Force.EFFECT,
        "become get",
        set(behind[:2]) & {"rarer", "milder"} and (is_tied or "will" in reading.words[:at]),
    )
    yield Force.EFFECT, "fall", "fewer" in reading.words[max(at - 3, 0) : at] and is_tied


# --- by what got better -----------------------------------------------------------------------
def of_outcome(reading: Reading, at: int) -> Iterator[Promise]:
    """ "Your wound hurts less if you roll", "With insoles the pain is gone": whatever the verb."""
    if not _is_better(reading, at) or not reading.is_tied(at):
        return
    if hedge := reading.clause_hedge(at):
        last = at
        while last < at + 2 and reading.word(last + 1) not in STOPS | {""}:
            last += 1
        yield reading.promise(at, last, Force.EFFECT, hedge)


def _is_better(reading, at):
    word, behind = reading.words[at], reading.words[at + 1 : at + 4]
    first = behind[0] if behind else ""
    if word in FEWER:
        return bool(_TROUBLE.intersection(behind)) or reading.word(at - 1) in TROUBLE_VERBS
    if word in BAD:
        is_gone = bool(set(behind[1:]) & {"down", "away", "gone", "history", "past"})
        return is_gone and first in BE | {"goes", "go", "went", "will"}
    if word in GOOD:
        return behind[:2] in (["goes", "up"], ["go", "up"], ["went", "up"])
    if word == "more":
        return first in {"easily", "quickly", "freely"}
    return word in {"sooner", "earlier", "looser"} and reading.word(at - 1) not in DETERMINERS
