"""What gets better, said as a noun: "less pain", "relief from headaches", "a full recovery".

By itself such a noun promises nothing: "Better balance" may be a heading. It does as what a
treatment brings, as what is seen, in a list of benefits, or alone with a time or a treatment.
"""

from collections.abc import Iterator

from .english_reading import STOPS, Reading
from .english_words import (
    ADVERBS,
    BAD,
    BE,
    DETERMINERS,
    DO,
    DOUBTS,
    GOOD,
    HAVE,
    MODALS,
    NEGATORS,
    PARTS_OF_BODY,
    PERSONS,
    POSSIBLE_MODALS,
    POSSIBLY,
    SELLERS,
    SUFFERING,
    THINGS_TO_READ,
    VERBS,
    words,
)
from .promise import Force, Hedge, Promise

_LESS = words("decreased fewer less lower milder reduced")
_MORE = words("""
    better deeper faster greater healthier improved increased more quicker restored smoother
    steadier stronger
""")
_FULL = words("complete fast full good great lasting quick rapid speedy total")
_ENDS_WELL = words("healing outcome outcomes recovery relief result results")
_FROM = words("freedom protection relief")
_DOWN = words("decline decrease drop fall reduction reductions")
_UP = words("boost gain gains improvement improvements increase")
_TROUBLE = BAD | SUFFERING | words("medicine painkillers tablets")
#: Words at which an outcome or the proof of one may begin.
BEGINS_OUTCOME = (
    _LESS
    | _MORE
    | _FULL
    | _FROM
    | _DOWN
    | _UP
    | words("no benefit benefits pain symptom evidence effect effects")
)
_SKIPPED = DETERMINERS | ADVERBS | _FULL | words("big clear marked real significant steady")

#: They bring what stands behind them. {form: kind of form}
_BRINGING = {
    **dict.fromkeys(
        words("""
            achieve bring contribute create deliver ensure gain give guarantee lead mean offer
            produce promise provide result yield
        """),
        "base",
    ),
    **dict.fromkeys(
        words("""
            achieves brings contributes creates delivers ensures gives guarantees leads means
            offers produces promises provides results yields
        """),
        "s",
    ),
    **dict.fromkeys(
        words("""
            achieved brought delivered gave led meant offered produced promised provided resulted
        """),
        "past",
    ),
}
#: A person may promise too.
_PROMISING = words("guarantee guarantees promise promises promised ensure ensures")
_SHOWING = {
    **dict.fromkeys(words("confirm demonstrate establish prove show"), "base"),
    **dict.fromkeys(words("confirms demonstrates establishes proves shows"), "s"),
    **dict.fromkeys(words("confirmed demonstrated established proved proven showed shown"), "past"),
}
_STUDIES = words("evidence research review reviews science studies study trial trials")
_SEEN = words("achieved observed noted seen immediate lasting permanent noticeable rapid")
_LABELS = words("advantages benefit benefits effect effects gains outcome result results reward")
_LISTING = words(": include includes are is")
_LEFT_OPEN = POSSIBLE_MODALS | POSSIBLY | words("possible potential hoped intended")
_FINITE = BE | HAVE | DO | MODALS | (VERBS.keys() - GOOD - BAD) | words("that who how why ?")
_TIMES = words("day days hour hours minute minutes month months session sessions week weeks")
_STRONG = words("clear compelling convincing excellent good overwhelming robust solid strong")
_ANIMALS = words("animals mice rats rabbits laboratory")
_LACKING = NEGATORS | DOUBTS | words("lacking limited missing rare scarce")
_BEHIND_EVIDENCE = words("for behind back backs backed favours support supports supported")
#: "A calming effect", "a pain-relieving effect".
_GOOD_EFFECTS = words("""
    analgesic beneficial calming curative easing healing inflammatory positive protective relaxing
    relieving restorative soothing
""")
_WANTED = words("more need needs want without")


def of_noun(reading: Reading, at: int) -> Iterator[Promise]:
    """The promise of the outcome that begins at `at`."""
    word = reading.words[at]
    if word == "evidence":
        yield from _strong_evidence(reading, at)
        return
    if word in {"benefit", "benefits"}:
        yield from _benefit(reading, at)
        return
    if word in {"effect", "effects"}:
        yield from _good_effect(reading, at)
        return
    last = _end_of_outcome(reading, at)
    if last is None:
        return
    first = at
    while reading.word(first - 1) in _SKIPPED:
        first -= 1
    hedge = _as_brought(reading, first) or _as_listed(reading, first)
    if not hedge and (_is_seen(reading, last) or _stands_alone(reading, first, last)):
        hedge = reading.clause_hedge(at)
    if hedge:
        yield reading.promise(at, last, Force.EFFECT, hedge)


def _end_of_outcome(reading: Reading, at: int) -> int | None:
    """Index of the last word of the outcome that begins at `at`; None if none does."""
    word, behind = reading.words[at], reading.words[at + 1 : at + 6]
    first = behind[0] if behind else ""
    if word in {"pain", "symptom"}:
        return at + 1 if first == "relief" else None
    if word in _FULL | _MORE and first in _ENDS_WELL:
        return at + 1
    if word == "no":
        return _in_phrase(behind[1:3], BAD, at + 2) if first == "more" else None
    if word in _LESS:
        return _in_phrase(behind[:3], _TROUBLE, at + 1)
    if word in _MORE:
        return _in_phrase(behind[:2], GOOD, at + 1)
    if word in _FROM and first == "from":
        return _in_phrase(behind[1:], BAD, at + 2)
    if word in _DOWN and first in {"in", "of"}:
        return _in_phrase(behind[1:], BAD, at + 2)
    if word in _UP and first in {"in", "of", "to"}:
        return _in_phrase(behind[1:], GOOD, at + 2)
    return None


def _in_phrase(behind, wanted, start):
    """Index of the first word in `wanted`, before the phrase ends; `start` is that of the first."""
    for at, word in enumerate(behind, start):
        if word in wanted:
            return at
        if word in STOPS or word in {"of", "in", "for", "than", "and", "or", "to"}:
            return None
    return None


def _as_brought(reading, first):
    """The Hedge of an outcome that something brings: "leads to less pain"; None if nothing does."""
    verb = first - 1
    if reading.word(verb) in {"to", "in", "about"}:
        verb -= 1
    if reading.word(verb) in {"come", "comes"} and reading.word(0) in {"with", "from", "through"}:
        return reading.clause_hedge(verb)
    form = _BRINGING.get(reading.word(verb))
    assertion = reading.assertion(verb, form) if form else None
    if assertion is None or assertion.head in THINGS_TO_READ | PARTS_OF_BODY | SELLERS:
        return None
    if assertion.head in PERSONS and reading.word(verb) not in _PROMISING:
        return None
    return assertion.hedge


def _as_listed(reading, first):
    """The Hedge of the first outcome of a list: "Benefits: less pain"; None if it is in none."""
    if reading.word(first - 1) in {"include", "includes", "are"} and reading.word(first) == ":":
        first -= 1
    at = first - 1
    while reading.word(at) in _LISTING and at > first - 3:
        at -= 1
    before = reading.words[: at + 1]
    if at == first - 1 or len(before) > 5 or _LABELS.isdisjoint(before):
        return None
    if not (NEGATORS | DOUBTS).isdisjoint(before):
        return None
    return Hedge.PLAINLY if _LEFT_OPEN.isdisjoint(before) else Hedge.POSSIBLY


def _is_seen(reading, last):
    """Is it said to be seen, lasting or a benefit: "Pain relief is immediate"?"""
    for at in range(last + 1, min(last + 7, len(reading.words))):
        word = reading.words[at]
        if word in BE:
            after = at + 1
            while reading.word(after) in ADVERBS - NEGATORS:
                after += 1
            is_benefit = reading.words[after : after + 2] == ["one", "of"] or (
                reading.word(after) in {"a", "the"}
            )
            return reading.word(after) in _SEEN or (
                is_benefit and not _LABELS.isdisjoint(reading.words[after : after + 5])
            )
        if word in STOPS or word in MODALS:
            return False
    return False


def _stands_alone(reading, first, last):
    """Is there no verb, but a time or a treatment: "Relief from headaches within two weeks"?"""
    others = reading.words[:first] + reading.words[last + 1 :]
    if reading.word(first - 1) == ":" and reading.words[first : first + 2] == ["no", "more"]:
        return reading.word(last + 1) in {"", ".", "!"}
    if first == 0 and _is_first_of_three(reading):
        return True
    if first > 0 or ":" in others or not _FINITE.isdisjoint(others):
        return False
    if "!" in others or reading.has_agent(last):
        return True
    return any(
        word in {"within", "in", "after"} and not _TIMES.isdisjoint(others[at + 1 : at + 4])
        for at, word in enumerate(others)
    )


def _is_first_of_three(reading):
    """ "A stronger grip, a straighter back, a calmer mind": no verb, and one after the other."""
    parts, part = [], []
    for word in [*reading.words, "."]:
        if word in STOPS or word == "and":
            parts.append(part)
            part = []
            if word in {":", ".", "!"}:
                break
        else:
            part.append(word)
    return len(parts) >= 3 and all(
        len(part) <= 4
        and not set(part) & _FINITE
        and (part[0] in _LESS | _MORE or any(word.endswith("er") for word in part[:2]))
        for part in parts
        if part
    )


def _benefit(reading, at):
    """ "Studies have demonstrated a clear benefit", "The benefits last"."""
    if reading.word(at + 1) in {"last", "lasts", "lasted", "remain", "continue"}:
        if hedge := reading.clause_hedge(at):
            yield reading.promise(at, at + 1, Force.EFFECT, hedge)
        return
    verb = at - 1
    while reading.word(verb) in _SKIPPED - NEGATORS:
        verb -= 1
    form = _SHOWING.get(reading.word(verb))
    if not _ANIMALS.isdisjoint(reading.words):
        return
    assertion = reading.assertion(verb, form) if form and verb < at - 1 else None
    if assertion and not _STUDIES.isdisjoint(assertion.subject):
        yield reading.promise(verb, at, Force.EFFECT, assertion.hedge)


def _good_effect(reading, at):
    """ "Massage has a calming effect on the muscles"."""
    first = at - 1
    if reading.word(first) not in _GOOD_EFFECTS:
        return
    while reading.word(first) in _GOOD_EFFECTS | ADVERBS | {"a", "the", "pain", "anti", "and"}:
        first -= 1
    if reading.word(first) in HAVE and first > 0:
        form = "s" if reading.word(first) == "has" else "past"
        if assertion := reading.assertion(first, "base" if reading.word(first) == "have" else form):
            yield reading.promise(first + 1, at, Force.EFFECT, assertion.hedge)


def _strong_evidence(reading, at):
    """ "There is strong evidence for dry needling"."""
    is_strong = reading.word(at - 1) in _STRONG or reading.words[at - 2 : at] == ["high", "quality"]
    if not is_strong or reading.word(at + 1) not in _BEHIND_EVIDENCE:
        return
    if not _LACKING.isdisjoint(reading.words[at + 2 :]):
        return
    if _WANTED.isdisjoint(reading.left_of(at)) and (hedge := reading.clause_hedge(at)):
        yield reading.promise(at - 1, at, Force.SURE, hedge)
