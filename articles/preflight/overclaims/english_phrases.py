"""Verbs that promise only together with other words: "takes the pain away", "hurts less"."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from .english_reading import STOPS, Reading
from .english_words import (
    AGENTS,
    BAD,
    FEWER,
    GIVING_WAY,
    GOOD,
    HEALTHIER,
    LESS_TROUBLE,
    OTHER_VERBS,
    PARTS_OF_BODY,
    PERSONS,
    READERS,
    SUFFERING,
    THINGS_TO_READ,
    TRAINED,
    WELL,
    words,
)
from .promise import Force, Promise

_FAST = words("sooner faster quicker")
_GOOD_RESULTS = words("better less fewer faster quicker greater improved improvement")
_WITH_PERSON = words("get take make lead give bring keep let offer provide speed")
_GOOD_TO_GIVE = GOOD - {"back"} | words("feeling sensation speech use")
_HURTING = SUFFERING | {"hurt", "ache"}
_TROUBLE = BAD | _HURTING | words("medicine tablets")
_GETS_BETTER = words("heal recover less fewer better faster sooner")
_GONE = words("vanish disappear fade melt stop away")
_EASIER = words("better further faster easier easily")
_WITH_TIE = STOPS | words("once as after with by from for")
_SUBJECTS_OF_TROUBLE = BAD | words("it they")


_AGAIN = words("again")
_WELL = WELL - words("active calm moving still well")
_LITTLE_BY_LITTLE = words("each every gradually over slowly time")
_PARTS = PARTS_OF_BODY | GOOD | READERS


class Around:
    """What stands around the verb at `at`, looked up when a phrase asks for it."""

    def __init__(self, reading: Reading, at: int) -> None:
        self.reading, self.at = reading, at
        self.words = reading.words[at + 1 : at + 8]
        self.first = self.words[0] if self.words else ""

    @cached_property
    def near(self) -> frozenset[str]:
        """The words behind the verb, up to the end of the clause or a treatment."""
        return frozenset(self.reading.behind(self.at))

    @cached_property
    def has_agent(self) -> bool:
        return self.reading.has_agent(self.at) or self.reading.is_foretold(self.at)

    @cached_property
    def is_tied(self) -> bool:
        """Is a treatment tied to the verb, or named before it?"""
        return self.has_agent or self.reading.names_treatment_before(self.at)

    @cached_property
    def is_promised(self) -> bool:
        """Is it what the reader will get: "You will sleep better"? Not "a little each day"."""
        is_for_reader = self.reading.words[max(self.at - 2, 0) : self.at] == ["you", "will"]
        return is_for_reader and _LITTLE_BY_LITTLE.isdisjoint(self.reading.words)

    @cached_property
    def before(self) -> frozenset[str]:
        return frozenset(self.reading.words[: self.at])

    def says(self, words: str) -> bool:
        """Do exactly these words stand behind the verb?"""
        wanted = words.split()
        return self.words[: len(wanted)] == wanted

    def has_in_row(self, said: str) -> bool:
        """Do these words stand near, one behind the other?"""
        return f" {said} " in f" {' '.join(self.reading.behind(self.at))} "

    def has(self, *groups: frozenset[str]) -> bool:
        """Is a word of each group near?"""
        return not any(self.near.isdisjoint(group) for group in groups)

    def soon(self, group: frozenset[str], most: int) -> bool:
        """Is one of the next `most` words in `group`?"""
        return not group.isdisjoint(self.words[:most])


def _responds(around: Around) -> bool:
    """Does it respond to treatment, and is not only "patients who respond" meant?"""
    return (
        around.first == "to"
        and not AGENTS.isdisjoint(around.words[1:5])
        and around.reading.word(around.at - 1) != "who"
    )


class _Phrase(NamedTuple):
    verbs: str
    is_said: Callable[[Around], bool]
    kind: Force = Force.EFFECT


#: What a treatment does.
_DONE = (
    _Phrase("take", lambda a: a.has(BAD, words("away down edge off out"))),
    _Phrase("take", lambda a: a.has(words("pressure strain load"), words("off"))),
    _Phrase("take", lambda a: a.says("the edge off")),
    _Phrase("do", lambda a: a.says("away with") and a.soon(BAD, 7)),
    _Phrase("do", lambda a: a.says("no harm"), Force.ABSOLUTE),
    _Phrase("bring keep", lambda a: a.has(BAD, words("down away bay off"))),
    _Phrase("give bring", lambda a: "back" in a.near and a.has(_GOOD_TO_GIVE)),
    _Phrase(
        "keep",
        lambda a: "free" in a.near and a.soon(words("of from"), 5) and a.soon(BAD, 7),
    ),
    _Phrase("get", lambda a: a.has(BAD, words("down under"))),
    _Phrase("give bring offer provide", lambda a: a.has(words("relief cure"))),
    _Phrase("get", lambda a: a.says("rid of") and a.has(BAD), Force.SURE),
    _Phrase("make", lambda a: "sure" not in a.near and a.has(HEALTHIER)),
    _Phrase("make", lambda a: a.has(FEWER, _HURTING)),
    _Phrase("make", lambda a: a.has(BAD, _GONE) or (a.has(BAD) and a.has_in_row("go down"))),
    _Phrase("draw flush wash", lambda a: a.has(words("toxins poison poisons acid"))),
    _Phrase("keep", lambda a: a.first in READERS and a.has(WELL)),
    _Phrase("keep stop", lambda a: "from" in a.words and a.soon(words("stiffer worse weaker"), 7)),
    _Phrase(
        "keep",
        lambda a: "from" in a.words and a.soon(_PARTS, 3) and a.soon(GIVING_WAY, 7),
    ),
    _Phrase("lead", lambda a: a.first == "to" and a.has(_GOOD_RESULTS)),
    _Phrase("speed accelerate", lambda a: a.has(words("recovery healing"))),
    _Phrase("get", lambda a: a.first in READERS and "".join(a.words[1:2]).endswith("ing")),
    _Phrase(
        "see ward stave fend switch turn wipe shake",
        lambda a: a.has(words("off down out"), _TROUBLE),
    ),
    _Phrase("spare save", lambda a: a.first in READERS and a.soon(BAD, 4)),
    _Phrase("mean", lambda a: a.first in READERS and a.soon(_GETS_BETTER, 4)),
    _Phrase("respond", _responds),
    _Phrase("wake", lambda a: "up" in a.near and a.has(PARTS_OF_BODY)),
    _Phrase(
        "have",
        lambda a: "benefits" in a.words[:3] and not a.has(words("no and")),
    ),
)
#: What gets better: a promise if a treatment is tied to it.
_COURSE = (
    _Phrase(
        "go",
        lambda a: (
            (a.first in _WITH_TIE | {"", "away"} and not BAD.isdisjoint(a.before)) and a.has_agent
        ),
    ),
    _Phrase("melt", lambda a: a.first == "away" and not _SUBJECTS_OF_TROUBLE.isdisjoint(a.before)),
    _Phrase("feel get", lambda a: a.soon(words("better well"), 2) and a.has_agent),
    _Phrase("recover settle fade drop disappear vanish thaw", lambda a: a.has_agent),
    _Phrase("get return walk run leave recover thaw", lambda a: a.has(_FAST) and a.is_tied),
    _Phrase(
        "get become",
        lambda a: a.first in HEALTHIER - {"better"} and (a.is_tied or a.is_promised),
    ),
    _Phrase("stay remain", lambda a: a.first in _WELL and (a.is_tied or a.is_promised)),
    _Phrase("walk run move sleep climb work", lambda a: a.soon(_AGAIN, 4) and a.has_agent),
    _Phrase("grow", lambda a: a.says("out of") and a.soon(_FAST, 6) and a.reading.is_tied(a.at)),
    _Phrase(
        "sleep walk move breathe climb bend",
        lambda a: a.soon(_EASIER, 4) and (a.is_tied or a.is_promised),
    ),
    _Phrase("walk run move live sleep", lambda a: a.says("without pain") and a.is_tied),
    _Phrase(
        "have need feel report get suffer catch",
        lambda a: a.soon(LESS_TROUBLE, 3) and a.has(_TROUBLE) and (a.is_tied or a.is_promised),
    ),
    _Phrase("make", lambda a: a.has(words("recovery")) and a.is_tied),
    _Phrase("avoid outgrow", lambda a: a.has(BAD) and a.has_agent),
    _Phrase("have get", lambda a: a.first == "more" and a.has(GOOD) and a.is_tied),
    _Phrase(
        "cough hurt ache suffer",
        lambda a: a.soon(LESS_TROUBLE, 3) and (a.is_tied or a.is_promised),
    ),
    _Phrase(
        "become get",
        lambda a: a.soon(words("rarer milder"), 2) and (a.is_tied or "will" in a.before),
    ),
    _Phrase("fall", lambda a: "fewer" in a.reading.words[max(a.at - 3, 0) : a.at] and a.is_tied),
)
_OF_VERB: dict[str, list[_Phrase]] = {}
for _phrase in (*_DONE, *_COURSE):
    for _verb in _phrase.verbs.split():
        _OF_VERB.setdefault(_verb, []).append(_phrase)


def of_phrase(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise of the verb at `at`, which is in OTHER_VERBS, with the words behind it."""
    verb, form = OTHER_VERBS[reading.words[at]]
    around = Around(reading, at)
    kind = next((one.kind for one in _OF_VERB.get(verb, ()) if one.is_said(around)), None)
    assertion = reading.assertion(at, form) if kind else None
    if not kind or assertion is None or assertion.head in THINGS_TO_READ:
        return
    is_of_body = assertion.head in PARTS_OF_BODY and assertion.subject[0] not in TRAINED
    if kind is Force.EFFECT and is_of_body and not around.is_tied:
        return  # "The kidneys flush toxins out"
    is_person = assertion.head in PERSONS and reading.word(0) != "by"
    if is_person and assertion.is_passive:
        return  # "You will be given pain relief"
    if is_person and kind is Force.EFFECT and verb in _WITH_PERSON and not reading.is_tied(at):
        return
    last = min(at + 3, len(reading.words) - 1)
    while last > at and reading.words[last] in STOPS:
        last -= 1
    yield reading.promise(at, last, kind, assertion.hedge)
