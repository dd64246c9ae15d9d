"""Verbs that promise by themselves ("eases"), and what is said to get better ("hurts less")."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from .english_grammar import Assertion
from .english_reading import STOPS, Reading
from .english_turns import verbs_left_out
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
    GIVING_WAY,
    GOOD,
    GOOD_OBJECT,
    HOLDING,
    MENDING,
    MINDFUL,
    PARTS_OF_BODY,
    PERSONS,
    READERS,
    SUFFERING,
    SURE,
    THINGS_TO_READ,
    TIME,
    TRAINED,
    TROUBLE_VERBS,
    VERBS,
    WORK_BEFORE,
    words,
)
from .promise import Force, Hedge, Promise

#: Words at which of_outcome finds something.
OUTCOMES = FEWER | BAD | GOOD | words("more sooner earlier looser")
#: "Strengthens your thigh" says what an exercise is for.
_MOVED = PARTS_OF_BODY - words("balance sleep mood strength appetite")
_TROUBLE = BAD | SUFFERING
_WORKED_ON = (DETERMINERS | WORK_BEFORE) - {"every"}
#: {verb: what it promises to change besides what is bad or good}
_MORE_OBJECTS = {
    **dict.fromkeys(words("beat outdo outperform surpass trump"), COMPARED),
    "calm": words("baby babies child children infants"),
    "shorten": words("stay time rehabilitation"),
}
_ENDING = words("cure ease end heal prevent relieve stop")
#: What a good chair may be said to prevent; pressure and strain it does take away.
_AILING = BAD - words("cause causes load need pressure strain strains stress tension")
#: "The cast protects the bone" says what it is for.
_COVERS = words("bandage boot cast dressing helmet pad padding pads plaster sling")
_ABOUT_HEALTH = BAD | GOOD | PARTS_OF_BODY
_GOOD_IN_GENERAL = GOOD - _MOVED | {"bones"}
_NEVER_HELPS = PERSONS - ABLE | PARTS_OF_BODY | TIME
_NO_TREATMENT = PERSONS | PARTS_OF_BODY | BAD | TIME
_OF_THE_BODY = PARTS_OF_BODY | BAD | TIME


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
    if assertion.head in THINGS_TO_READ and not (
        assertion.head in HOLDING and verb in _ENDING and not _AILING.isdisjoint(reading.behind(at))
    ):
        return False
    if verb in _OF_ITS_OWN:
        return _OF_ITS_OWN[verb](reading, at, form, assertion)
    if assertion.is_passive:
        return _passive_promises(reading, verb, at, assertion)
    if verb == "protect" and assertion.head in _COVERS and BAD.isdisjoint(reading.behind(at)):
        return False
    if verb == "fix" and "to" in reading.behind(at):
        return False  # "We fix the frame to the bone"
    if assertion.head in PERSONS and verb not in {"cure", "heal", "fix"}:
        if reading.word(0) == "by":  # "By bending your knees you protect your back"
            return _has_object(reading, verb, at)
        return reading.has_agent(at) and not BAD.isdisjoint(reading.behind(at))
    if assertion.head in _OF_THE_BODY and assertion.subject[0] not in TRAINED:
        # What the body or the pain does is the course of things, unless a treatment is tied to it.
        if reading.is_foretold(at):
            return verb in COURSE
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
    if verb in {"prevent", "stop"} and _gives_way(reading.words[at + 1 : at + 6]):
        return True
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
        return bool(set(behind) & (_TROUBLE | _MORE_OBJECTS.get(verb, BAD)))
    if verb in GOOD_OBJECT:  # "raises the risk" is no promise
        good = _GOOD_IN_GENERAL.intersection(behind)
        return bool(good) and not set(behind) & BAD
    return not (_ABOUT_HEALTH | _MORE_OBJECTS.get(verb, BAD)).isdisjoint(behind)


def _gives_way(behind):
    """ "(stops) your knee from giving way": is it a weak part of the body that does?"""
    return (
        not GIVING_WAY.isdisjoint(behind[1:])
        and not (PARTS_OF_BODY | READERS).isdisjoint(behind[:3])
        and _COVERS.isdisjoint(behind)
    )


def _help_promises(reading, at, _form, assertion):
    behind = reading.words[at + 1 : at + 6]
    if assertion.head in _NEVER_HELPS:
        return False
    first = behind[0] if behind else ""
    if at == 0 and first in {"with", "in", "at"} and _ABOUT_HEALTH.isdisjoint(behind):
        return False  # "Helps with dressing", in a form
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
    following = reading.word(at + 2)
    is_by_doing = reading.word(at + 1) == "by" and following.endswith("ing")
    is_often = following in {"time", "times"}  # "works each time"
    if reading.word(at + 1) in _WORKED_ON and not (is_by_doing or is_often):
        return False
    return assertion.head not in _NO_TREATMENT


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


def of_verb_left_out(reading: Reading) -> Iterator[Promise]:
    """The promises of helpers that stand for a verb before: "Ice will not ease it, heat will"."""
    for at, verb, place in verbs_left_out(reading):
        assertion = reading.assertion(at + 1, "base")
        if assertion is None or assertion.head in _NO_TREATMENT | THINGS_TO_READ:
            continue
        if verb in FREE or _has_object(reading, verb, place):
            kind = Force.SURE if verb in SURE else Force.EFFECT
            yield reading.promise(at, at, kind, assertion.hedge)


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
