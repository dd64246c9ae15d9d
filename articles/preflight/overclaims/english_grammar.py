"""How an English sentence puts a verb: plainly, with "may" or "not", as an order or a condition.

From the verb it walks left: through its group ("has not been shown to"), through the subject, to
what opened the clause ("if", "that", "because"). What it cannot read is not asserted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .english_words import (
    ADVERBS,
    BE,
    DETERMINERS,
    DO,
    DOUBTING_BEFORE_TO,
    DOUBTS,
    HAVE,
    IMPERATIVES,
    LIKELY_BEFORE_TO,
    MODALS,
    NEGATIVE_SUBJECTS,
    NEGATORS,
    NOT_PLURAL,
    NOUNS,
    OPENERS,
    OTHER_VERBS,
    PLURALS,
    POSSIBLE_MODALS,
    POSSIBLY,
    PREPOSITIONS,
    PROBABLE_MODALS,
    PROBABLY,
    PROMISING_BEFORE_TO,
    PRONOUNS,
    REPORTERS,
    REPORTS,
    SUBORDINATORS,
    TREATMENTS,
    VERBS,
    words,
)
from .promise import Hedge
from .sentences import Word

MARKS = frozenset(";:()–—…/.!?")
_JOINS = frozenset({"and", "or", ",", "but", "then", "plus"})
_GROUP_ADVERBS = ADVERBS | NEGATORS - {"no", "without"}
_NEGATING_ADVERBS = NEGATORS | {"hardly", "barely", "rarely", "seldom", "scarcely"}
_BEFORE_TO = ADVERBS - PROBABLY | {"not"}
_HELPERS = BE | HAVE | DO | MODALS
_VERBS_OF_CLAUSE = _HELPERS | VERBS.keys() | OTHER_VERBS.keys()
_BEFORE_MONTH = PREPOSITIONS | {"last", "next"}
_CLAUSE_BOUNDS = MARKS | OPENERS
_SUBJECT_BOUNDS = MARKS | OPENERS | _JOINS
_NO_SHARING = MARKS | (OPENERS - {"but"}) | {"it", "they"}
_SHARED_HELPERS = MODALS | DO | {"to"}
_BEHIND_DOING = DETERMINERS | words("up down out off weight")
#: With one of these behind it, a verb without a subject is no noun: "Works every time".
_BEHIND_BARE_VERB = DETERMINERS | words("like so wonders fast quickly immediately against even")
_THEORY = (["in", "theory"], ["in", "principle"], ["on", "paper"])
_SAID_BEFORE = words("that this which it")
_LEAVES_OPEN = NEGATORS | POSSIBLE_MODALS
_NEW_SUBJECT = PRONOUNS | DETERMINERS
_DENIALS = NEGATORS | NEGATIVE_SUBJECTS | DOUBTS
_TAKES_CLAUSE_BACK = _DENIALS | SUBORDINATORS - {"who", "which", "before"}
_GOVERNORS = PROMISING_BEFORE_TO | LIKELY_BEFORE_TO | DOUBTING_BEFORE_TO | words("learn learned")
_POSSIBLE_IN_CLAUSE = POSSIBLY | DOUBTING_BEFORE_TO | POSSIBLE_MODALS
_PROBABLE_IN_CLAUSE = PROBABLY | LIKELY_BEFORE_TO | PROBABLE_MODALS
_OPEN_QUESTION = words("unclear unknown unsure")
_KNOWING = words("certain clear know known knows say sure tell")
_NEVER_RELATIVE = MARKS | _JOINS | PREPOSITIONS | IMPERATIVES | PRONOUNS | BE
#: Words before which an -s form is a noun: "the benefits", "of cures".
_NOUN_FOLLOWS = (
    DETERMINERS - frozenset("this that these those both all each some".split())
) | PREPOSITIONS


_SEEING = {"see": "base", "sees": "s", "saw": "past", "seen": "past", "watched": "past"}


#: What evidence is said to be when it carries nothing.
_WEAK = frozenset("weak poor limited low thin lacking missing small mixed scarce sparse".split())


_NO_DOUBT = (
    "no doubt",
    "without doubt",
    "not only",
    "no question",
    "no reason to doubt",
    "not be denied",
    "not deny",
)
#: What may be said of a whole clause: "the claim that it helps".
_SAYINGS = frozenset(
    "evidence proof idea belief claim claims argument notion theory saying".split()
)


@dataclass(frozen=True)
class Assertion:
    """A verb that the sentence asserts."""

    hedge: Hedge
    subject: tuple[str, ...] = ()  # the words before its group, back to the start of the clause
    has_modal: bool = False
    is_passive: bool = False

    @property
    def head(self) -> str:
        """The word of the subject that says what it is: "effects" in "effects of the tape".

        "Raising" in "raising the leg"; "meniscus" in "the meniscus cushions the knee and".
        """
        words = list(self.subject)
        if words and words[-1] in _JOINS:
            return self._head_of_two_verbs()
        if words[1:] and words[0].endswith("ing") and words[1] in _BEHIND_DOING:
            return words[0]
        for at, word in enumerate(words):
            if at and word in PREPOSITIONS:
                words = words[:at]
                break
        return words[-1] if words else ""

    def _head_of_two_verbs(self) -> str:
        """The head of a subject that did something else before: it stands before that verb."""
        objects = (at for at, word in enumerate(self.subject) if at > 1 and word in DETERMINERS)
        verb = next(objects, 0) - 1
        return self.subject[verb - 1] if verb > 0 else ""


@dataclass
class _Group:
    """What stands left of a verb, gathered word by word."""

    at: int  # index of the first word left of the group
    hedge: Hedge = Hedge.PLAINLY
    is_negated: bool = False
    has_modal: bool = False
    has_finite: bool = False
    is_passive: bool = False

    def weaken(self, hedge: Hedge) -> None:
        self.hedge = min(self.hedge, hedge)


class Grammar:
    """The words of one sentence, and how it asserts each verb."""

    def __init__(self, places: Sequence[Word]) -> None:
        self.places = places
        self.words = [word.shown.lower() for word in places]

    def word(self, at: int) -> str:
        """The word at `at`; "" outside the sentence."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    # --- one verb ---------------------------------------------------------------------------
    def assertion(self, at: int, form: str) -> Assertion | None:
        """Return how the verb at `at` is asserted, or None if it is not.

        `form` is "base", "s", "past" or "ing".
        """
        group = self._group(at - 1, form)
        if group is None or group.is_negated:
            return None
        if not group.has_finite and not self._is_finite(group, at, form):
            if form != "base":
                return None
            is_joined = self.word(group.at) in _JOINS
            return self._shared(group, at) if is_joined else self._as_seen(group)
        return self._asserted(group, form)

    def _group(self, at: int, form: str) -> _Group | None:
        """Walk left from `at` through what belongs to the verb; None if it is not asserted."""
        group = _Group(at)
        seen_first = True
        while group.at >= 0:
            word = self.word(group.at)
            if word in {"not", "never"} and self.word(group.at + 1) in {"only", "just", "merely"}:
                pass
            elif word in _GROUP_ADVERBS:
                self._weigh_adverb(group, word)
            elif word in MODALS:
                if word == "may" and self._is_month(group.at):
                    break
                self._weigh_modal(group, word)
            elif word in BE and (form in {"past", "ing", "adjective"} or not seen_first):
                group.is_passive |= seen_first and form == "past"
                group.has_finite = True
            elif (word in HAVE and (form == "past" or not seen_first)) or (
                word in DO and (form == "base" or not seen_first)
            ):
                group.has_finite = True
            elif word == "to" and (form == "base" or not seen_first):
                if not self._weigh_infinitive(group):
                    return None
            else:
                break
            seen_first = seen_first and word in _GROUP_ADVERBS
            group.at -= 1
        return group

    @staticmethod
    def _weigh_adverb(group: _Group, word: str) -> None:
        if word in _NEGATING_ADVERBS:
            group.is_negated = True
        elif word in POSSIBLY:
            group.weaken(Hedge.POSSIBLY)
        elif word in PROBABLY:
            group.weaken(Hedge.PROBABLY)

    @staticmethod
    def _weigh_modal(group: _Group, word: str) -> None:
        group.has_finite = group.has_modal = True
        if word in POSSIBLE_MODALS:
            group.weaken(Hedge.POSSIBLY)
        elif word in PROBABLE_MODALS:
            group.weaken(Hedge.PROBABLY)

    def _weigh_infinitive(self, group: _Group) -> bool:
        """Weigh what stands before "to" at the group's place. False if that makes no promise."""
        at = group.at - 1
        while self.word(at) in _BEFORE_TO:
            at -= 1
        governor = self.word(at)
        if governor in DOUBTING_BEFORE_TO:
            group.weaken(Hedge.POSSIBLY)
        elif governor in LIKELY_BEFORE_TO:
            group.weaken(Hedge.PROBABLY)
        elif governor == "fail" and "not" in self.words[max(at - 2, 0) : at]:
            group.at, group.has_finite, group.has_modal = at - 2, True, True
            return True
        elif governor not in PROMISING_BEFORE_TO:
            return False
        group.at = at
        group.has_finite = True
        return True

    def _is_month(self, at: int) -> bool:
        return self.places[at].shown == "May" and self.word(at - 1) in _BEFORE_MONTH

    def _is_finite(self, group: _Group, at: int, form: str) -> bool:
        """Can the verb, without any helper, stand behind the word left of its group?"""
        before = self.word(group.at)
        if form == "s" and not before:
            return self.word(at) not in NOUNS or self.word(at + 1) in _BEHIND_BARE_VERB
        if form == "ing" or form == "adjective" or not before or before in MARKS:
            return False
        if before in _JOINS:
            return form != "base" and (form == "s" or self.word(group.at - 1) not in PREPOSITIONS)
        if before == "that":
            return form != "base" or self._is_plural(group.at - 1)
        if form == "s" and self.word(at + 1) in _HELPERS:
            return False  # "heel raises may ease"
        if form == "s" and self.word(at) not in NOUNS:
            return not before[0].isdigit()
        if form in {"s", "past"}:
            return before not in _NOUN_FOLLOWS and not before[0].isdigit()
        return self._is_plural(group.at)

    def _is_plural(self, at: int) -> bool:
        word = self.word(at)
        if word in PLURALS | {"which", "who"}:
            return True
        if word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in NOT_PLURAL:
            return True
        start = at
        while start > 0 and self.word(start - 1) not in _SUBJECT_BOUNDS:
            start -= 1
        if "who" in self.words[start + 1 : at] and self.word(start) in PLURALS:
            return True  # "people who have arthritis get"
        noun = next((n for n in range(start, at + 1) if self.word(n) in PREPOSITIONS), None)
        if noun and noun > start and self.word(start) not in IMPERATIVES:
            head = self.word(noun - 1)
            if head in PLURALS or (head.endswith("s") and not head.endswith(("ss", "us", "is"))):
                return self.word(at) not in PREPOSITIONS | DETERMINERS
        joined = any(self.word(at - back) in {"and", "plus"} for back in (1, 2, 3))
        return word in TREATMENTS and joined and word not in {"it", "this", "that"}

    def _shared(self, group: _Group, at: int) -> Assertion | None:
        """The assertion of a base form that shares the helper of a verb before it.

        "may ease pain and improve sleep": "may" belongs to both.
        """
        for before in range(group.at - 1, -1, -1):
            word = self.word(before)
            if word in _NO_SHARING:
                return None
            if word in _SHARED_HELPERS and not self._is_month(before):
                shared = self._group(before, "base")
                is_off = self.word(before + 1) == "not" and self.word(before + 2) != "only"
                if shared is None or shared.is_negated or (is_off and self.word(group.at) != "but"):
                    return None
                shared.weaken(group.hedge)
                return self._asserted(shared)
            if VERBS.get(word, ("", ""))[1] == "base" and before > 0:
                return self.assertion(before, "base")
        return None

    def _as_seen(self, group: _Group) -> Assertion | None:
        """The assertion of "it work" in "I have seen it work": what was seen is so."""
        for seen in range(group.at - 1, group.at - 4, -1):
            if form := _SEEING.get(self.word(seen)):
                assertion = self.assertion(seen, form)
                subject = self.words[seen + 1 : group.at + 1]
                if self._denies(subject) or subject[-1] in DETERMINERS - PRONOUNS:
                    return None  # "saw no benefit"
                return assertion and replace(assertion, subject=tuple(subject))
        return None

    def clause_hedge(self, at: int) -> Hedge | None:
        """How the clause around `at` is asserted, whatever its verb; None if it is not."""
        first = at
        while first > 0 and self.word(first - 1) not in _CLAUSE_BOUNDS | {","}:
            if self.word(first - 1) == "and" and self._starts_subject(first):
                break
            first -= 1
        left = self.words[first:at]
        if not _TAKES_CLAUSE_BACK.isdisjoint(left) or (
            left and (left[0] in IMPERATIVES or left[0] == "to")
        ):
            return None
        if "to" in left[-4:] and _GOVERNORS.isdisjoint(left):
            return None
        hedge = Hedge.PLAINLY
        for index, word in enumerate(left):
            if word in _POSSIBLE_IN_CLAUSE and not (
                word == "may" and self._is_month(first + index)
            ):
                hedge = Hedge.POSSIBLY
            if word in _PROBABLE_IN_CLAUSE or (index == 0 and word == "most"):
                hedge = min(hedge, Hedge.PROBABLY)
        if (set(left[:4]) & REPORTERS and set(left) & REPORTS) or (
            self.words[:1] == ["in"] and ({"study", "trial"} & set(self.words[:5]))
        ):
            hedge = Hedge.POSSIBLY
        return hedge

    # --- what opened the clause -------------------------------------------------------------
    def _asserted(self, group: _Group, form: str = "base") -> Assertion | None:
        """The assertion, if neither the subject nor what opened the clause takes it back."""
        start = self._start(group.at, form)
        if start is None:
            return None
        subject = self.words[start : group.at + 1]
        if self._denies(subject) or not self._weigh_opening(group, start, subject):
            return None
        if self._is_of_any_kind(start):
            return None
        if not subject and self.word(start - 1) in {"that", "which", "who"}:
            subject = self.left_of(start - 1)[-1:]  # "muscles that help"
        return Assertion(group.hedge, tuple(subject), group.has_modal, group.is_passive)

    def _start(self, end: int, form: str) -> int | None:
        """Index of the first word of the clause whose subject ends at `end`.

        None for a clause behind "if", "how", "until" and the like.
        """
        at = end
        while at >= 0:
            word = self.word(at)
            if word in _CLAUSE_BOUNDS:
                return at + 1
            if word == "," and at == end and self._comma_before(at) is not None:
                at = self._comma_before(at) or 0  # "It, however, helps"
            elif (word == "," and at != end) or (
                word in {"and", "or"} and at != end and self._starts_subject(at + 1)
            ):
                return at + 1
            elif word in {"who", "which", "that"} and self._is_relative(at):
                if not self._has_verb(at + 1, end):
                    return at + 1
            elif word == "why" and self.word(at - 1) in BE and self.word(at - 2) in _SAID_BEFORE:
                return at + 1  # "That is why stretching helps"
            elif word in SUBORDINATORS and not self._is_over(at, end, form):
                return None
            elif word == "that" and at < end and at > 0:
                return at + 1
            at -= 1
        return 0

    def _is_relative(self, at: int) -> bool:
        """Does "which" or "that" at `at` say more of the noun before it?"""
        before = self.word(at - 1)
        if self._is_asked(at):
            return False
        if self.word(at) == "that" or before == ",":
            return at > 0 and before not in MARKS | _JOINS - {","}
        return bool(before) and before not in _NEVER_RELATIVE

    def _is_asked(self, at: int) -> bool:
        """Does "which" at `at` ask what nobody knows: "We do not know which kind works best"?"""
        if self.word(at) != "which":
            return False
        before, doubted = self.word(at - 1), _DENIALS & set(self.left_of(at - 1)[-4:])
        return before in _OPEN_QUESTION or (before in _KNOWING and bool(doubted))

    def _has_verb(self, first: int, last: int) -> bool:
        """Does a clause from `first` to `last` hold a verb of its own?"""
        return any(
            not word.endswith("ing") and (word in _VERBS_OF_CLAUSE or word.endswith("ed"))
            for word in self.words[first : last + 1]
        )

    def _comma_before(self, at: int) -> int | None:
        for before in range(at - 1, max(at - 9, 0), -1):
            if self.word(before) == ",":
                return before
        return None

    def _starts_subject(self, at: int) -> bool:
        return self.word(at) in _NEW_SUBJECT

    def _is_over(self, opener: int, end: int, form: str) -> bool:
        """Has the clause behind "if" at `opener` ended, so that a new subject ends at `end`?

        "If you rest it heals": "you" and "it" are two subjects.
        """
        if self.word(opener) not in {"if", "when", "whenever", "once", "before", "until", "where"}:
            return False
        subjects = [at for at in range(opener + 1, end + 1) if self.word(at) in PRONOUNS]
        if form == "s" and subjects and self.word(subjects[-1]) in {"you", "they", "we", "i"}:
            return opener > 0
        return len(subjects) > 1 and subjects[-1] == end and subjects[-1] - subjects[0] > 1

    @staticmethod
    def _denies(subject: list[str]) -> bool:
        """Is it said of nothing and nobody: "No treatment", "Not all exercises"?"""
        return any(
            word in NEGATIVE_SUBJECTS and (at == 0 or subject[at - 1] not in PREPOSITIONS)
            for at, word in enumerate(subject)
        ) or subject[:1] in (["not"], ["hardly"])

    def _weigh_opening(self, group: _Group, start: int, subject: list[str]) -> bool:
        """Weigh "some people find (that)", "no proof that". False if the clause asserts nothing."""
        if any(word in POSSIBLY for word in subject[:2]) or self.words[:2] in _THEORY:
            group.weaken(Hedge.POSSIBLY)
        if any(word in PROBABLY | {"most"} for word in subject[:2]):
            group.weaken(Hedge.PROBABLY)
        if subject[:1] in (["in"], ["for"]) or self._is_one_study(start):
            self._weigh_scope(group, start)
        reported = next((at for at, word in enumerate(subject) if at and word in REPORTS), None)
        if reported is not None and reported < len(subject) - 1:
            return self._weigh_report(group, subject[: reported + 1])
        if "that" in subject[1:] or self.word(start - 1) == "that":
            return self._weigh_that(group, start)
        if subject[:1] == ["that"] and len(subject) > 1:  # "That it helps has not been shown"
            return not set(self.words[group.at + 1 :]) & (NEGATORS | DOUBTS)
        if {"who", "which"} & set(subject[1:]):
            return not self._is_order(start)
        return not self._is_doubted_below(group, subject)

    def _is_of_any_kind(self, start: int) -> bool:
        """ "A treatment that works for your friend may not work for you": no treatment is meant."""
        is_relative = start > 0 and self.word(start - 1) in {"that", "which", "who"}
        return (
            is_relative
            and self.word(0) in {"a", "an", "any", "anything", "something", "things"}
            and start < 6
            and not _LEAVES_OPEN.isdisjoint(self.words[start:])
        )

    def _is_one_study(self, start: int) -> bool:
        return self.word(start - 1) == "," and self.word(0) == "in"

    def _weigh_scope(self, group: _Group, start: int) -> None:
        """ "In one small study, ..." says of itself that it is one study."""
        opening = self.words[: start + 6] if self.word(0) == "in" else []
        if {"study", "trial"} & set(opening) and {"one", "a", "this", "small"} & set(opening[:4]):
            group.weaken(Hedge.POSSIBLY)

    @staticmethod
    def _weigh_report(group: _Group, report: list[str]) -> bool:
        """Weigh "some people find". False for "no study found", "we do not think"."""
        if set(report) & (NEGATORS | NEGATIVE_SUBJECTS):
            return False
        if set(report[:3]) & REPORTERS:
            group.weaken(Hedge.POSSIBLY)
        return True

    def _weigh_that(self, group: _Group, start: int) -> bool:
        """Weigh what stands before "that". False for "no proof that", "so that", "be sure that"."""
        that = start - 1 if self.word(start - 1) == "that" else self.words.index("that", start)
        left = self.left_of(that)
        if set(left) & _SAYINGS and (set(self.words[that + 1 :]) & (NEGATORS | DOUBTS | _WEAK)):
            return False
        if not left:
            return True
        if left[-1] in {"so", "sure", "hope", "want", "check", "such"}:
            return False
        if not _DENIALS.isdisjoint(left) and not self.has_no_doubt(left):
            return False
        if left[-1] in REPORTS and set(left[:3]) & REPORTERS:
            group.weaken(Hedge.POSSIBLY)
        if set(left) & SUBORDINATORS or self._is_order(that - len(left)):
            return left[-1] in {"know", "known", "proof", "evidence"}
        if self.has_no_doubt(left):
            return True
        if set(left) & (POSSIBLE_MODALS | POSSIBLY | {"possible"}):
            group.weaken(Hedge.POSSIBLY)
        if set(left) & (PROBABLY | {"probable"}):
            group.weaken(Hedge.PROBABLY)
        return True

    def left_of(self, at: int) -> list[str]:
        """The words of the clause before `at`."""
        first = at
        while first > 0 and self.word(first - 1) not in MARKS | {","}:
            first -= 1
        return self.words[first:at]

    @staticmethod
    def has_no_doubt(words: list[str]) -> bool:
        text = " ".join(words)
        return any(said in text for said in _NO_DOUBT)

    def _is_order(self, start: int) -> bool:
        """Does the clause at `start` tell somebody to do something?"""
        return self.word(start) in IMPERATIVES

    @staticmethod
    def _is_doubted_below(group: _Group, subject: list[str]) -> bool:
        """Does an order end here: "Do these exercises to see pain ..."?"""
        return bool(subject) and subject[0] in IMPERATIVES and not group.has_finite
