"""Figures of speech that promise: "say goodbye to pain", "works wonders", "a sure way".

They say by habit what their words do not, so no grammar finds them: they stand here as a list.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .english_reading import Reading
from .english_words import BAD, GOOD, PARTS_OF_BODY, SUFFERING, words
from .promise import Force, Promise


class _Figure(NamedTuple):
    key: str  # a word of the figure; it is looked for where this word stands
    said: re.Pattern[str]
    force: Force
    about: frozenset[str] | None = None  # one of these stands in the sentence too


_TROUBLE = BAD | SUFFERING | words("splints sciatica leaking")
_HEALTH = _TROUBLE | GOOD | PARTS_OF_BODY
_IT = (
    r"(?:it|this|that|they|treatment|therapy|physio|physiotherapy|exercises?|yoga|pilates"
    r"|programme|program|class|classes)(?: has| have)? "
)
_WHOSE = r"(?:your|my|her|his|their|our|you|me)"


def _figure(key, said, force=Force.EFFECT, about=None):
    return _Figure(key, re.compile(rf"(?<!\S)(?:{said})(?!\S)"), force, about)


_FIGURES = (
    _figure("goodbye", r"(?:say|wave|bid|kiss)(?: \S+){0,4}? goodbye", about=_TROUBLE),
    _figure("gone", r"gone (?:are the days|is)", about=_TROUBLE),
    _figure("past", r"a thing of the past", about=_TROUBLE),
    _figure("history", r"(?:is|are|will be) history", about=_TROUBLE),
    _figure("wonders", r"(?:work|do)(?:s|es|ed)? wonders"),
    _figure("trick", r"do(?:es)? the trick", about=_HEALTH),
    _figure("charm", r"work(?:s|ed)? like a charm", Force.SURE),
    _figure("magic", r"work(?:s|ed)? (?:like|its|their) magic|magic bullet", Force.SURE),
    _figure("life", rf"{_IT}(?:changed|changes|transformed|transforms) {_WHOSE} life"),
    _figure("lives", rf"{_IT}(?:changes|transforms) lives"),
    _figure("lease", r"(?:a )?new lease (?:of|on) life"),
    _figure("clock", r"turn(?:s|ed)? back the clock"),
    _figure("years", r"(?:take|takes|took) years off|(?:feel|feels|felt) (?:\S+ )?years younger"),
    _figure("none", r"second to none", Force.SURE),
    _figure("top", r"com(?:e|es|ing) out on top|came out on top", Force.SURE),
    _figure("changer", r"a game changer", about=_HEALTH),
    _figure("answer", r"the answer to", about=_TROUBLE),
    _figure("key", r"the key to (?:beating|ending|curing|stopping|preventing|avoiding)"),
    _figure("secret", r"the secret (?:to|of) (?:beating|ending|curing|stopping|preventing)"),
    _figure("new", r"(?:as )?good as new", about=_HEALTH),
    _figure("time", r"in no time", about=_HEALTH | words("feet")),
    _figure("standard", r"the gold standard for(?! (?!treat)\S+ing)", Force.SURE, _HEALTH),
    _figure("revolution", r"nothing short of a revolution", about=_HEALTH),
    _figure("miracle", r"nothing short of a miracle", Force.ABSOLUTE),
    _figure("numbered", r"days are numbered", about=_TROUBLE),
    _figure("off", r"pay(?:s)? off", about=_TROUBLE),
    _figure("end", r"put(?:s|ting)? an end to", about=_TROUBLE),
    _figure("bud", r"nip(?:s|ped)?(?: \S+){1,3}? in the bud", about=_TROUBLE),
    _figure("way", r"(?:a|the|one) (?:sure|certain|surefire|foolproof) way", Force.ABSOLUTE),
    _figure("sure", r"sure fire", Force.ABSOLUTE),
    _figure("foolproof", r"foolproof", Force.ABSOLUTE),
    _figure("down", rf"never (?:let|lets) {_WHOSE} down", Force.ABSOLUTE),
    _figure(
        "wrong", r"(?:it|this|that) can not go wrong(?! if)|nothing can go wrong", Force.ABSOLUTE
    ),
    _figure("again", r"you will never (?:\S+ ){1,6}?again", Force.ABSOLUTE, _TROUBLE),
    _figure("never", r"will never (?:come back|return)", Force.ABSOLUTE, _TROUBLE),
    _figure("fail", r"^without fail", Force.ABSOLUTE, _HEALTH),
    _figure("assured", r"^(?:you can |please )?rest assured", Force.ABSOLUTE, _TROUBLE),
    *(
        _figure(
            key,
            r"(?:are|is|be) (?:certain|sure|bound) to (?:feel|get|have|notice|see)"
            rf" (?:\S+ ){{0,2}}?{key}",
            Force.ABSOLUTE,
        )
        for key in ("improvement", "better", "relief", "difference", "benefit", "results")
    ),
)
_OF_KEY: dict[str, list[_Figure]] = {}
for _one in _FIGURES:
    _OF_KEY.setdefault(_one.key, []).append(_one)
#: Words at which of_figure may find something.
FIGURES = _OF_KEY.keys()


def of_figure(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise of the figure of speech that has its key word at `at`."""
    for figure in _OF_KEY[reading.words[at]]:
        first = max(at - 9, 0)
        near = " ".join(reading.words[first : at + 5])
        found = figure.said.search(near)
        if not found or (figure.about and figure.about.isdisjoint(reading.words)):
            continue
        start = first + near.count(" ", 0, found.start())
        last = start + found[0].count(" ")
        if start <= at <= last and (hedge := reading.clause_hedge(start)):
            yield reading.promise(start, last, figure.force, hedge)
