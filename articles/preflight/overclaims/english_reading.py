"""An English sentence, with the questions that every kind of promise asks of it."""

from collections.abc import Sequence
from itertools import takewhile

from .english_grammar import MARKS, Grammar
from .english_words import (
    AGENTS,
    BAD,
    BE,
    DO,
    FRONTED,
    GOOD,
    HAVE,
    MODALS,
    NEGATIVE_SUBJECTS,
    NEGATORS,
    SUBORDINATORS,
    SUFFERING,
    TIES,
    VAGUE,
    words,
)
from .promise import Force, Hedge, Promise
from .sentences import Word

STOPS = MARKS | {",", "but", "because", "so", "if", "when", "once", "while", "although"}
_STOPS_OR_AGENT = STOPS | words("with by under after through from thanks during following using")
_AGENT_BEFORE = words("with by under after through from thanks during following using")
_CONDITIONS = words("if when once")
#: "if you use it": a treatment is done.
_DOINGS = words("""
    stick keep come attend complete use do wear practise practice train exercise stretch join try
    follow start begin take learned learn
""")
_AGENT_OR_WHO = _AGENT_BEFORE | {"who"}
_IN_FRONT = _AGENT_BEFORE | _CONDITIONS
_NAMED = FRONTED - VAGUE - words("surgery operation injection injections")
_DOERS = words("people those patients adults children women men everyone")
#: "People who have", "if you feel": nobody does anything.
_STATES = (
    BE
    | HAVE
    | DO
    | MODALS
    | words("""
    catch cough fall feel forget get hear live lose miss need notice rest see sit skip sleep smoke
    stand still suffer think wait wake want wish
""")
)
#: Complaints that need not end by themselves, as wounds and bruises do.
_STUBBORN = BAD - words("""
    bleeding bruising colds cough coughing fracture fractures infection infections scar scars
    sneezing swelling tear tears wear
""")
_OUTRIGHT = words("away completely down for forever good soon quickly . !")
TIMES = words("day days hour hours minute minutes month months week weeks")
_EVERYONE = ("everyone", "everybody", "every time", "all people", "all patients", "anyone")


class Reading(Grammar):
    """A sentence of `text`: the words at their `places`, in the order in which to read them."""

    def __init__(self, places: Sequence[Word], text: str) -> None:
        super().__init__(places)
        self.text = text

    def promise(self, first: int, last: int, kind: Force, hedge: Hedge = Hedge.PLAINLY) -> Promise:
        """The promise in the words from `first` to `last`, which may stand in another order."""
        said = self.places[first : last + 1]
        start, end = min(word.start for word in said), max(word.end for word in said)
        return Promise(self.text[start:end], start, kind, hedge)

    def behind(self, at: int, most: int = 8) -> list[str]:
        """The words behind `at` up to the end of the clause or a treatment, at most `most`."""
        found: list[str] = []
        for word in self.words[at + 1 : at + 1 + most]:
            if word == "," and found and found[-1] in SUFFERING:
                continue  # "tired, aching feet"
            if word in _STOPS_OR_AGENT:
                break
            found.append(word)
        return found

    def has_agent(self, at: int) -> bool:
        """Is a treatment tied to the word at `at`, as in "with exercise", "if you use it"?"""
        if self.word(0) == "by" and self.word(1).endswith("ing"):
            return True
        in_front = [0] if self.word(0) in _IN_FRONT else []
        for where in (*in_front, *range(at + 1, min(at + 12, len(self.words)))):
            word = self.words[where]
            if word in MARKS or self.words[where : where + 3] == ["with", "or", "without"]:
                return False
            if word == "thanks" and self.word(where + 1) == "to":
                return True
            near = list(takewhile(lambda one: one not in STOPS, self.words[where + 1 : where + 7]))
            if word in _AGENT_OR_WHO and not AGENTS.isdisjoint(near):
                return True
            if word in _CONDITIONS and not _DOINGS.isdisjoint(near[:3]):
                return True
        return False

    def is_foretold(self, at: int) -> bool:
        """Will the verb at `at` come true for the reader, with or without a treatment?

        "Your pain will go away.", "Do these daily and your pain will go". With a time behind it,
        it may be the course of things.
        """
        if "will" not in self.words[max(at - 2, 0) : at]:
            return False
        behind = self.words[at + 1 :]
        if self.word(0) == "your":
            head = self.words[max(at - 3, 0) : at]
            return not _STUBBORN.isdisjoint(head) and _OUTRIGHT.issuperset(behind)
        return self.word(0) in _DOINGS and "and" in self.words[:at] and TIMES.isdisjoint(behind)

    def names_treatment_before(self, at: int) -> bool:
        """Is a treatment named before `at`, in the subject or in front of it?"""
        return (
            not _NAMED.isdisjoint(self.words[:at])
            or self.begins_with_doing()
            or self.begins_with_doers()
        )

    def begins_with_doers(self) -> bool:
        """Is it about "people who" do something, or what comes "if you" do it?"""
        if self.word(0) in {"if", "when"}:
            return self.word(1) == "you" and self.word(2) not in _STATES
        return self.word(1) == "who" and self.word(0) in _DOERS and self.word(2) not in _STATES

    def is_tied(self, at: int) -> bool:
        """Does the sentence name a treatment, or what the reader does?"""
        return bool(
            set(self.words) & TIES
            or self.has_agent(at)
            or self.begins_with_doing()
            or self.begins_with_doers()
            or self.word(0) == "by"
        )

    def begins_with_doing(self) -> bool:
        """Is the subject what somebody does: "Pulling your toes up"?"""
        return self.word(0).endswith("ing") and self.word(0) not in BAD | GOOD

    def is_for_everyone(self, at: int) -> bool:
        """Is it said of everybody, right behind `at`?"""
        near = " ".join(self.words[at : at + 6])
        return any(said in near for said in _EVERYONE)

    def is_denied(self, at: int) -> bool:
        """Does a word like "no" or "not", or a condition, stand before `at` in its clause?"""
        left = self.left_of(at)
        taken_back = set(left) & (NEGATORS | NEGATIVE_SUBJECTS | SUBORDINATORS)
        return bool(taken_back) and not self.has_no_doubt(left)
