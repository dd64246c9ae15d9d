"""Adjectives and nouns that promise: effective, best, safe, guaranteed, no side effects."""

import re
from collections.abc import Iterator

from .english_grammar import Assertion
from .english_reading import Reading
from .english_words import (
    ADVERBS,
    BAD,
    BE,
    COMPARED,
    DETERMINERS,
    DO,
    EFFECTIVE,
    GOOD,
    HELPFUL,
    MODALS,
    NEGATORS,
    PARTS_OF_BODY,
    PERSONS,
    READERS,
    SAFE,
    SUBORDINATORS,
    THINGS_TO_READ,
    TREATMENT_NOUNS,
    TREATMENTS,
    VERBS,
    words,
)
from .promise import Force, Hedge, Promise

#: Words at which of_adjective and of_absolute find something.
ADJECTIVES = EFFECTIVE | SAFE | HELPFUL | words("free best better than superior proven")
_PRAISING = words("brilliant excellent fantastic good great ideal perfect superb wonderful")
ADJECTIVES |= _PRAISING
ABSOLUTES = words("""
    guarantee guarantees guaranteed guaranteeing miracle miracles free no without zero fail fails
    harm damage injure hurt harms damages injures hurts cure cures most as safely
""")
_BESIDE = words("and , safe effective painless very highly simple easy cheap gentle natural quick")
_ARTICLES = words("a an the most more one of another")
_BEFORE_BEST = words("the our one of most very by far a")
_BETTER = words("faster better less fewer sooner stronger easier quicker")
_SAID = EFFECTIVE | SAFE | HELPFUL
_NO_ANSWER = words("not depends one unclear unknown what")
_HARMS = words("effects effect risk risks danger dangers complications downside downsides")
_KINDS_OF_HARM = words("any real at all nasty bad unwanted further major serious side lasting")
_SEARCHING = words("find seek search look looking seeking searching hope far")
_BESIDE_IN_HEADING = _BESIDE | _SAID | words("affordable proven reliable")
_ENDS_HEADING = frozenset({"", "and", ",", ":", ".", "!", "for"})
_PRAISE = words("much well good fast quickly effective helpful")
#: What a body does, said to be harmless.
_SIGNS = words("""
    click clicking clicks crack cracking cracks creak creaking creaks crunching grating grinding
    lump noise noises pop popping pops snap snapping sound sounds tingling twitch twitching
""")
_SERVICES = words("""
    appointment confidential confidentiality date place privacy private refund seat slot
""")
_TOO_VAGUE = words("thing way ways means")
_NOT_IN_HEADING = BE | DO | MODALS | words("has have does is was")
_GETS_BETTER = BAD | words("""
    chance chances feel get gets heal healing heals hurts improve improves outcome outcomes
    recover recovers recovery result results return sleep walk
""")
_MAY_STAND_BEFORE = ADVERBS - NEGATORS - {"how"}
_POWERFUL = EFFECTIVE | words("efficient potent powerful reliable successful")
_BEST_ONE = TREATMENT_NOUNS | words("medication painkiller pill workout")
_OTHER_ONES = TREATMENT_NOUNS | words("drug injection medication pill stretch surgery tablet")
_REPLACED = words("""
    injection injections medication medicine medicines operation painkillers surgery tablets
""")
_SOME = words("almost many most nearly some")
_ALL = words("anybody anyone everybody everyone")
_DOES_HARM = words("hurt hurts harms damages injures")
_OWN_BODY = words("your yourself yourselves")
_FOUND = words("found reported saw recorded so said")


def of_adjective(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise of the adjective at `at`."""
    word = reading.words[at]
    if word in _SAID:
        yield from _said_of(reading, at)
    if word == "free":
        yield from _free_of_pain(reading, at)
    if word == "best" or (word in EFFECTIVE and reading.word(at - 1) == "most"):
        yield from _best(reading, at)
    if word == "than":
        yield from _better_than(reading, at)
    if word in _PRAISING and reading.word(at + 1) == "for":
        yield from _good_for(reading, at)
    if word == "superior" and reading.word(at + 1) == "to":
        yield from _compared(reading, at, at + 1)
    if word == "better":
        yield from _no_better_one(reading, at)
    is_named_so = reading.word(at - 1) in {"clinically", "scientifically", "a", "the", ""}
    is_proven = (
        word == "proven" and is_named_so and (reading.word(at + 1) in TREATMENT_NOUNS | {"relief"})
    )
    if is_proven and not reading.is_denied(at):
        yield reading.promise(at, at, Force.SURE)


def _said_of(reading, at):
    word = reading.words[at]
    following = reading.word(at + 1)
    kind = Force.EFFECT if word in HELPFUL else Force.SURE
    if word == "harmless" and not _SIGNS.isdisjoint(reading.words):
        return  # "Your knee may click, and that is harmless"
    if word in SAFE:
        kind = Force.ABSOLUTE
        if _stands_alone(reading, at):
            yield reading.promise(at, at, kind)
            return
        is_for_some = following == "for" and not _SOME.isdisjoint(reading.words[at + 2 : at + 4])
        if (following == "to" and not reading.is_for_everyone(at)) or is_for_some:
            kind = Force.SURE
    if word in HELPFUL and following in {"to", "if", "when"}:
        return  # "It is helpful to rest"
    if word in EFFECTIVE and reading.word(at - 1) in {"how", "less"}:
        return
    assertion = _predicate(reading, at)
    if assertion and assertion.head not in THINGS_TO_READ | PARTS_OF_BODY:
        yield reading.promise(at, at, kind, assertion.hedge)


def _free_of_pain(reading, at):
    is_compound = reading.word(at - 1) in {"pain", "symptom", "injury"}
    is_of_pain = reading.word(at + 1) == "of" and reading.word(at + 2) in {"pain", "symptoms"}
    if not (is_compound or is_of_pain):
        return
    first = at - 1 if is_compound else at
    verb = first - 2 if reading.word(first - 1) in {"out", "home"} else first - 1
    if is_compound and reading.word(verb) in words("leave walk stay run live remain"):
        said = reading.assertion(verb, "base")
        if said and (said.subject[:1] == ("our",) or reading.is_tied(at)):
            yield reading.promise(verb, at, Force.SURE, said.hedge)
        return
    assertion = _predicate(reading, first)
    if assertion and (assertion.has_modal or reading.has_agent(at)):
        yield reading.promise(first, at, Force.SURE, assertion.hedge)


def _stands_alone(reading, at):
    """Is the adjective at `at` said without a verb, as in a heading: "Completely safe"?"""
    left = at - 1
    while reading.word(left) in _MAY_STAND_BEFORE:
        left -= 1
    begins = left < 0 or reading.word(left) in {":", "–", "—"}
    is_joined = reading.word(at + 1) in {"and", ","}
    if is_joined and left == at - 1 and reading.word(at + 2) not in _BESIDE_IN_HEADING:
        return False  # "Safe and warm"
    return begins and reading.word(at + 1) in _ENDS_HEADING


def _predicate(reading, at):
    """The Assertion of the adjective at `at`, by "is" or before a treatment; None if it is none."""
    left, after = at - 1, at + 1
    while reading.word(left) in _BESIDE:
        left -= 1
    while reading.word(after) in _BESIDE:
        after += 1
    if reading.word(left) in _ARTICLES and reading.word(left - 1) == "":
        return _of_heading(reading, after)
    if reading.word(after) in TREATMENT_NOUNS:
        while reading.word(left) in _ARTICLES:
            left -= 1
    return reading.assertion(left + 1, "adjective")


def _of_heading(reading, after):
    """ "A harmless and painless treatment": plainly, if no verb says anything else of it."""
    is_named = reading.word(after) in TREATMENT_NOUNS
    rest = reading.words[after + 1 :]
    return Assertion(Hedge.PLAINLY) if is_named and _NOT_IN_HEADING.isdisjoint(rest) else None


def _best(reading, at):
    if reading.word(at - 1) in VERBS:
        return
    after = at + 1
    if reading.word(after) in {"known", "possible", "available", "single", "physical"}:
        after += 1
    if reading.word(after) not in _BEST_ONE - _TOO_VAGUE:
        return
    left = at - 1
    while reading.word(left) in _BEFORE_BEST:
        left -= 1
    if reading.word(left) in BE | ADVERBS:
        assertion = reading.assertion(left + 1, "adjective")
        if assertion:
            yield reading.promise(at, after, Force.SURE, assertion.hedge)
    elif left < 0 and not set(reading.words[after:]) & _NO_ANSWER:
        yield reading.promise(at, after, Force.SURE, Hedge.PLAINLY)  # "The best treatment for ..."


def _better_than(reading, at):
    comparative = reading.word(at - 1)
    is_more = reading.word(at - 2) == "more" and comparative in EFFECTIVE | {"helpful"}
    if comparative in {"better", "safer"} or is_more:
        yield from _compared(reading, at - 2 if is_more else at - 1, at)


def _compared(reading, first, last):
    compared = set(reading.words[last + 1 : last + 5])
    if not compared & COMPARED or {"no", "nothing"} & compared:
        return
    if reading.word(first - 1) in {"no", "not", "any"}:
        return
    if first == 0:  # "Better than any pill: a brisk walk"
        yield reading.promise(first, last, Force.SURE)
    elif assertion := reading.assertion(first, "adjective"):
        yield reading.promise(first, last, Force.SURE, assertion.hedge)


def _good_for(reading, at):
    """ "Clamshells are excellent for hip pain", "It is great for relieving tension"."""
    behind = reading.behind(at + 1, 5)
    if not PERSONS.isdisjoint(behind):
        return
    assertion = reading.assertion(at, "adjective")
    if not assertion or assertion.head in THINGS_TO_READ | PARTS_OF_BODY:
        return
    is_treatment = not TREATMENTS.isdisjoint(assertion.subject) or reading.begins_with_doing()
    about = BAD | PARTS_OF_BODY | GOOD - {"walking"} if is_treatment else BAD
    if not about.isdisjoint(behind):
        yield reading.promise(at, at + 1, Force.EFFECT, assertion.hedge)


def _no_better_one(reading, at):
    """ "You will not find a better exercise", "There is no better treatment for it"."""
    if reading.word(at + 1) not in TREATMENT_NOUNS - _TOO_VAGUE:
        return
    left = reading.left_of(at)
    is_none = left[-1:] == ["no"] and not BE.isdisjoint(left)
    if is_none or left[-3:] == ["not", "find", "a"]:
        yield reading.promise(at, at + 1, Force.SURE)


# --- what no certainty carries ----------------------------------------------------------------
def of_absolute(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise at `at` that no certainty carries, and of the cure that only high does."""
    word, before = reading.words[at], reading.word(at - 1)
    is_absolute = word.startswith(("guarantee", "miracle")) or (word == "free" and before == "risk")
    is_of_service = not _SERVICES.isdisjoint(reading.words)  # "We guarantee your privacy"
    if is_absolute and not is_of_service and not reading.is_denied(at):
        yield reading.promise(at - 1 if word == "free" else at, at, Force.ABSOLUTE)
    if word in {"no", "without", "zero"}:
        yield from _without_harm(reading, at)
    if word == "no" and reading.word(at + 1) == "longer":
        yield from _no_longer_needed(reading, at)
    if word == "safely":
        yield from _safely_for_all(reading, at)
    if word in {"fail", "fails"} and (
        before == "never" or reading.words[at - 2 : at] == ["can", "not"]
    ):
        yield reading.promise(at - 1, at, Force.ABSOLUTE)
    if word in {"harm", "damage", "injure"} and before in {"not", "never"}:
        yield from _no_harm(reading, at)
    if word in _DOES_HARM and before == "never" and reading.word(at + 1) in DETERMINERS | READERS:
        yield from _no_harm(reading, at)  # "It never hurts to ask" is an idiom
    if word == "hurt" and before == "not" and _can_not_hurt(reading, at):
        yield from _no_harm(reading, at)
    if word == "free" and reading.word(at + 1) in {"of", "from"}:
        yield from _free_of_harm(reading, at)
    if word == "most" and reading.word(at + 1) in _POWERFUL - EFFECTIVE:
        yield from _best(reading, at + 1)
    if word == "as" and reading.word(0) == "no":
        yield from _none_as_good(reading, at)
    if (
        word in {"cure", "cures"}
        and before in {"a", "the", "miracle", "certain", "sure"}
        and (not reading.is_denied(at) and _is_cure(reading, at))
    ):
        yield reading.promise(at, at, Force.SURE)


def of_whole_sentence(reading: Reading) -> Iterator[Promise]:
    """The promise of a sentence that begins with "nothing", "no other" or "the sooner"."""
    if reading.word(0) == "the":
        yield from _the_more_the_better(reading)
    elif reading.word(0) in {"no", "nobody", "nothing"} or "nothing" in reading.words:
        yield from _superlative(reading)


def _superlative(reading):
    """ "Nothing works better", "nothing it cannot cure", "Nobody who does it needs surgery"."""
    if reading.word(0) == "nobody" or reading.words[:2] == ["no", "one"]:
        text = " ".join(reading.words)
        if re.match(r"(?:nobody|no one) who\b.*\bneed(?:s|ed) (?:an |the )?(?:surgery|op)", text):
            yield reading.promise(0, 0, Force.ABSOLUTE)
    if "nothing" not in reading.words and reading.words[:2] != ["no", "other"]:
        return
    text = " ".join(reading.words)
    if re.search(r"\bnothing\b.* can not (?:cure|fix|heal|help)", text):
        yield reading.promise(0, 0, Force.SURE)
    if reading.word(0) == "nothing" or reading.words[:2] == ["no", "other"]:
        verbs = [at for at, word in enumerate(reading.words[:7]) if word in VERBS]
        better = r"\b(?:better|more)\b|\bas (?:well|fast|quickly) as\b|\bbeats\b"
        if verbs and re.search(better, text):
            yield reading.promise(0, verbs[0], Force.SURE)


def _no_longer_needed(reading, at):
    """ "Surgery is no longer needed after this programme"."""
    needed = reading.word(at + 2) in {"needed", "necessary", "required"}
    if not needed or _REPLACED.isdisjoint(reading.words[:at]) or not reading.has_agent(at):
        return
    if hedge := reading.clause_hedge(at):
        yield reading.promise(at, at + 2, Force.EFFECT, hedge)


def _safely_for_all(reading, at):
    """ "Anyone can do these safely", "They can be done safely by everyone"."""
    if "can" not in reading.words or "to" in reading.words[:at] or reading.is_denied(at):
        return
    is_for_all = reading.word(0) in _ALL or not _ALL.isdisjoint(reading.words[at + 1 : at + 4])
    if is_for_all:
        yield reading.promise(at, at, Force.ABSOLUTE)


def _the_more_the_better(reading):
    """ "The sooner you start physio, the faster your wrist gets better"."""
    if reading.word(0) != "the" or reading.word(1) not in {"sooner", "more", "earlier", "longer"}:
        return
    for at, word in enumerate(reading.words[:-2]):
        is_better = reading.word(at + 1) == "the" and reading.word(at + 2) in _BETTER
        near = reading.words[at + 3 : at + 7]
        if word == "," and is_better and not _GETS_BETTER.isdisjoint(near):
            yield reading.promise(at + 1, at + 2, Force.EFFECT)


def _is_cure(reading, at):
    left = set(reading.left_of(at))
    if left & _SEARCHING:
        return False
    return bool(left & BE) or reading.word(at + 1) == "for"


def _can_not_hurt(reading, at):
    """ "It cannot hurt you"; "It can't hurt to ask" is an idiom."""
    return reading.words[at - 2 : at] == ["can", "not"] and (
        reading.word(at + 1) in _OWN_BODY | {"you", "the", "anyone", "anybody"}
    )


def _free_of_harm(reading, at):
    """ "The device is free of side effects"."""
    after = at + 2
    while reading.word(after) in _KINDS_OF_HARM:
        after += 1
    if reading.word(after) in _HARMS and (assertion := _predicate(reading, at)):
        yield reading.promise(at, after, Force.ABSOLUTE, assertion.hedge)


def _none_as_good(reading, at):
    """ "No pill does as much for arthritis as walking"."""
    is_of_treatment = not _OTHER_ONES.isdisjoint(reading.words[1:3])
    is_praise = reading.word(at + 1) in _PRAISE
    if (
        is_of_treatment
        and is_praise
        and "as" in reading.words[at + 2 :]
        and reading.word(at + 2) != "known"
    ):
        yield reading.promise(0, at + 1, Force.SURE)


def _without_harm(reading, at):
    after = at + 1
    while reading.word(after) in _KINDS_OF_HARM:
        after += 1
    is_effect = reading.word(after) in {"effect", "effects"}
    if reading.word(after) not in _HARMS or (is_effect and after == at + 1):
        return
    following = set(reading.words[after + 1 : after + 4])
    if following & {"were", "was", "found", "reported", "seen", "than"} or reading.is_denied(at):
        return
    if set(reading.left_of(at)) & _FOUND:
        return
    is_limited = {"serious", "major", "lasting"} & set(reading.words[at:after])
    yield reading.promise(at, after, Force.SURE if is_limited else Force.ABSOLUTE)


def _no_harm(reading, at):
    left = reading.words[:at]
    if left == ["you", "can", "not"] and reading.word(at + 1) in _OWN_BODY:
        left = left[-2:]  # "You cannot hurt yourself"
    subject = set(left) - MODALS - DO - {"not", "never"}
    if subject & (PERSONS | SUBORDINATORS | BAD | {"mean", "means"}):
        return
    is_never = "can" in left[-3:] or left[-1:] == ["never"]
    yield reading.promise(at - 1, at, Force.ABSOLUTE if is_never else Force.SURE)
