"""What an English text promises.

Words that may promise are in english_words; how a sentence puts them is in english_grammar.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from . import Hedge, Kind, Promise
from . import english_words as words_of
from .english_grammar import MARKS, Grammar, Statement
from .sentences import Sentence, sentences_of

_STOPS = MARKS | {",", "but", "because", "so", "if", "when", "while", "although"}
_AGENT_BEFORE = frozenset("with by under after through from thanks during following using".split())
#: "if you use it": a treatment is done.
_DOINGS = frozenset("use do wear practise practice train exercise stretch join try follow start begin take learned learn".split())
_GOOD_RESULTS = frozenset("better less fewer faster quicker greater improved improvement".split())
_TROUBLE_VERBS = frozenset("""
    hurt hurts leak leaks cough coughs ache aches suffer suffers fall falls limp limps wheeze snore
""".split())
_OBJECT_PRONOUNS = frozenset("you me people them us him her patients your".split())


def promises(text: str) -> Iterator[Promise]:
    """Yield what plain English `text` promises, in the order of its words."""
    sentences = sentences_of(text)
    neutral = _both_sides(sentences)
    for number, sentence in enumerate(sentences):
        if number in neutral or sentence.is_question or not _MAY_PROMISE.search(sentence.text):
            continue
        yield from sorted(_Promises(sentence, text).all(), key=lambda promise: promise.start)


_SOME_SAY = re.compile(
    r"(?:^|[:,] )(?:some|a few|several|one|two|three|four|many|older|small|early)\b.*\b(?:stud|trial|review|research|people|expert|"
    r"guideline|therapist|physiotherapist|patient)",
    re.I,
)
_NOT_SO = re.compile(r"\bbut (?:that|this|it) is (?:not (?:true|so)|wrong|false|a myth|untrue)\b", re.I)
_OTHERS_SAY = re.compile(
    r"\bbut (?:there is|we have|we found) (?:no|little)\b|\b(?:others?|other (?:studies|trials|reviews|people)|newer ones|the rest|some)\b[^.;]*\b"
    r"(?:not|n't|no|none|nothing|little|disagree|less|worse)\b|\b(?:larger|bigger|newer|better|later|second|third|other)\b"
    r" (?:one|ones|study|studies|trial|trials)\b[^.;]*\b(?:no|not|nothing|none|little)\b|\bothers (?:find|found|say|said|did|do) (?:no|not)\b",
    re.I,
)  # fmt: skip


def _both_sides(sentences: list[Sentence]) -> set[int]:
    """Indexes of sentences that tell of studies on both sides: "Some say … Others do not."."""
    neutral: set[int] = set()
    for at, sentence in enumerate(sentences):
        if _NOT_SO.search(sentence.text):
            neutral.add(at)
        if not (first := _SOME_SAY.search(sentence.text)):
            continue
        if _OTHERS_SAY.search(sentence.text[first.end() :]):
            neutral.add(at)
        elif at + 1 < len(sentences) and _OTHERS_SAY.search(sentences[at + 1].text):
            neutral |= {at, at + 1}
    return neutral


class _Promises(Grammar):
    """The promises of one sentence of `text`."""

    def __init__(self, sentence: Sentence, text: str) -> None:
        super().__init__(sentence)
        self.text = text

    def all(self) -> Iterator[Promise]:
        yield from self._counts(" ".join(self.words))
        for at, word in enumerate(self.words):
            if word in words_of.VERBS:
                yield from self._verb(at)
            if word in words_of.OTHER_VERBS:
                yield from self._phrase(at)
            yield from self._adjective(at)
            yield from self._absolute(at)
            yield from self._outcome(at)

    def _promise(self, first, last, kind, hedge=Hedge.PLAINLY):
        start, end = self.places[first].start, self.places[last].end
        return Promise(self.text[start:end], start, kind, hedge)

    # --- verbs that promise by themselves ---------------------------------------------------
    def _verb(self, at):
        verb, form = words_of.VERBS[self.words[at]]
        statement = self.statement(at, form)
        if statement is None or not self._promises_by(verb, form, at, statement):
            return
        kind = Kind.SURE if verb in words_of.SURE else Kind.EFFECT
        if self.words[at + 1 : at + 3] == ["some", "people"]:
            statement = replace(statement, hedge=min(statement.hedge, Hedge.POSSIBLY))
        if self._is_for_everyone(at):
            kind = Kind.ABSOLUTE
        yield self._promise(at, at, kind, statement.hedge)

    def _promises_by(self, verb, form, at, statement: Statement) -> bool:
        if statement.head in words_of.THINGS_TO_READ:
            return False
        if verb in {"help", "work", "benefit", "prove"}:
            return getattr(self, f"_{verb}_promises")(at, form, statement)
        if statement.is_passive:
            return self._passive_promises(verb, at, statement)
        if statement.head in words_of.PERSONS and verb not in {"cure", "heal", "fix"}:
            is_by_treatment = self.word(0) == "by" or self._has_agent(at)
            return is_by_treatment and bool(set(self._object(at)) & words_of.BAD)
        if statement.head in words_of.PARTS_OF_BODY | words_of.BAD:
            return verb in words_of.COURSE and not self._object(at) and self._has_agent(at)
        return self._has_object(verb, at, statement)

    def _passive_promises(self, verb, at, statement):
        if statement.head in words_of.PERSONS:
            return verb == "cure"
        about_health = set(statement.subject) & (words_of.BAD | words_of.GOOD | {"it"})
        return bool(about_health) and (verb == "cure" or self._has_agent(at))

    def _has_object(self, verb, at, statement):
        behind = self._object(at)
        if verb in {"prevent", "stop", "keep"} and set(behind[:1]) & (
            _OBJECT_PRONOUNS | words_of.PERSONS | {"the"}
        ):
            doing = [word for word in self.words[at + 2 : at + 6] if word.endswith("ing")]
            if doing:
                return bool(set(doing[:1]) & words_of.BAD)
        if verb in words_of.FREE or (verb == "improve" and behind[:1] == ["how"]):
            return True
        if behind[:1] in (["it"], ["them"], ["this"]):
            return verb in {"heal", "fix", "cure", "ease", "repair", "prevent"}
        bad, good = words_of.BAD, words_of.GOOD
        if verb in {"heal", "fix", "cure", "mend", "repair"} and behind[:1] and (
            behind[0] in words_of.DETERMINERS and not set(behind) & {"place", "position"}
        ):
            return True
        if verb in {"strengthen", "build", "raise", "open", "double"}:
            return bool(set(behind) & (good - words_of.PARTS_OF_BODY | bad | {"bones"}))
        if verb in {"reduce", "lessen", "decrease", "lower", "cut", "diminish", "minimise", "stop",
                    "minimize", "limit", "end", "control", "manage", "tackle", "fight",
                    "combat", "beat", "kill", "remove", "eliminate", "erase", "banish", "calm",
                    "numb", "prevent", "settle", "clear", "tame", "quieten", "dull", "dampen", "curb", "slash",
                    "halve", "shrink", "quell", "counter", "counteract", "avert", "slow", "delay",
                    "conquer", "defeat", "overcome", "melt", "dissolve", "flush"}:  # fmt: skip
            return bool(set(behind) & (bad | (words_of.COMPARED if verb == "beat" else set())))
        return bool(set(behind) & (bad | good))

    def _help_promises(self, at, form, statement):
        behind = self.words[at + 1 : at + 6]
        people = words_of.PERSONS - {"many", "others", "who", "people"}
        if statement.head in people | words_of.PARTS_OF_BODY:
            return False
        first = behind[0] if behind else ""
        if first == "to" and statement.subject[-1:] == ("it",):
            return self._is_effect(at + 2)
        if first in {"if", "when"} and statement.subject[-1:] == ("it",):
            return False
        if first in {"us", "your", "the"} and set(behind[1:2]) & words_of.PERSONS:
            return False
        next_verb = [word for word in behind if word not in _OBJECT_PRONOUNS | {"to", "the"}]
        return first != "us" and not (next_verb and next_verb[0] in words_of.MINDFUL)

    def _is_effect(self, at):
        while self.word(at) in words_of.ADVERBS:
            at += 1
        verb, form = words_of.VERBS.get(self.word(at), ("", ""))
        return bool(verb) and verb != "work" and bool(
            set(self._object(at)) & (words_of.BAD | words_of.GOOD)
        )

    def _work_promises(self, at, form, statement):
        following = self.word(at + 1)
        if following in words_of.DETERMINERS or following in {
            "out", "with", "on", "hard", "harder", "in", "at", "from", "as", "together", "through",
            "towards", "by", "like", "up", "round", "around", "under", "within", "alone", "shifts",
        }:  # fmt: skip
            return False
        return statement.head not in words_of.PERSONS | words_of.PARTS_OF_BODY | words_of.BAD

    def _benefit_promises(self, at, form, statement):
        if form == "s" and self.word(at + 1) not in words_of.DETERMINERS | words_of.PERSONS | {"from"}:
            return False
        return statement.head not in {"we", "i"}

    def _prove_promises(self, at, form, statement):
        return self.word(at + 1) != "to" or statement.is_passive

    # --- what stands behind a verb ----------------------------------------------------------
    def _object(self, at, most=8):
        """The words behind the verb at `at` up to the end of its clause, at most `most`."""
        behind = []
        for word in self.words[at + 1 : at + 1 + most]:
            if word == "," and behind and behind[-1] in words_of.SUFFERING:
                continue
            if word in _STOPS or word in _AGENT_BEFORE:
                break
            behind.append(word)
        return behind

    def _has_agent(self, at):
        """Is a treatment named behind the verb, as in "with exercise", "after three sessions"?"""
        behind = range(at + 1, min(at + 12, len(self.words)))
        in_front = [0] if self.word(0) in _AGENT_BEFORE | {"if", "when", "once"} else []
        if self.word(0) == "by" and self.word(1).endswith("ing"):
            return True
        for where in (*in_front, *behind):
            if self.word(where) in MARKS:
                return False
            if self.words[where : where + 3] == ["with", "or", "without"]:
                return False
            near = self.words[where + 1 : where + 7]
            if self.word(where) in _AGENT_BEFORE | {"who"} and set(near) & words_of.AGENTS:
                return True
            if self.word(where) in {"if", "when", "once"} and set(near[:3]) & _DOINGS:
                return True
        return False

    def _is_for_everyone(self, at):
        near = " ".join(self.words[at : at + 6])
        return any(
            said in near
            for said in ("everyone", "everybody", "every time", "all people", "all patients", "anyone")
        )

    # --- verbs that promise together with other words -----------------------------------------
    def _phrase(self, at):
        verb, form = words_of.OTHER_VERBS[self.words[at]]
        behind = self.words[at + 1 : at + 8]
        kind = self._kind_of_phrase(verb, at, behind)
        if kind is None:
            return
        statement = self.statement(at, form)
        if statement is None or statement.head in words_of.THINGS_TO_READ:
            return
        if verb in {"take", "get", "make", "lead", "give", "bring", "offer", "provide", "speed"} and (
            statement.head in words_of.PERSONS and kind is Kind.EFFECT and verb != "get"
        ) and self.word(0) != "by":
            return
        last = min(at + 3, len(self.words) - 1)
        while last > at and self.words[last] in MARKS | {","}:
            last -= 1
        yield self._promise(at, last, kind, statement.hedge)

    def _kind_of_phrase(self, verb, at, behind):
        """What the verb at `at` promises together with the words `behind` it; None if nothing."""
        near = set(self._object(at))
        is_tied = self._has_agent(at) or self._names_treatment_before(at)
        for kind, verbs, is_said in self._phrases(at, behind, near, is_tied):
            if verb in verbs and is_said:
                return kind
        return None

    def _phrases(self, at, behind, near, is_tied):
        """(kind, verbs, whether the words around make it a promise) for each kind of phrase."""
        bad = near & words_of.BAD
        less = set(behind[:3]) & words_of.LESS_TROUBLE
        trouble = bad or near & (words_of.SUFFERING | {"hurt", "ache", "medicine", "tablets"})
        sooner = near & {"sooner", "faster", "quicker"}
        yield Kind.EFFECT, {"take"}, bad and near & {"away", "edge", "off", "out"}
        yield Kind.EFFECT, {"do"}, behind[:2] == ["away", "with"] and set(behind) & words_of.BAD
        yield Kind.EFFECT, {"give"}, "back" in near and near & words_of.GOOD - {"back"}
        yield Kind.EFFECT, {"take"}, {"pressure", "strain", "load"} & near and "off" in near
        yield Kind.EFFECT, {"bring", "keep"}, bad and near & {"down", "away", "bay", "off"}
        yield Kind.SURE, {"get"}, behind[:2] == ["rid", "of"] and bad
        yield Kind.EFFECT, {"make"}, "sure" not in near and near & words_of.HEALTHIER
        yield Kind.EFFECT, {"make"}, near & words_of.FEWER and near & (
            words_of.SUFFERING | {"hurt", "ache"}
        )
        yield Kind.EFFECT, {"keep"}, behind[:1] and behind[0] in _OBJECT_PRONOUNS and (
            near & words_of.WELL
        )
        yield Kind.EFFECT, {"lead"}, behind[:1] == ["to"] and near & _GOOD_RESULTS
        yield Kind.EFFECT, {"give", "bring", "offer", "provide"}, near & {"relief", "cure"}
        yield Kind.EFFECT, {"speed", "accelerate"}, near & {"recovery", "healing"}
        yield Kind.EFFECT, {"get", "return", "walk", "run", "leave", "recover"}, sooner and is_tied
        yield Kind.EFFECT, {"go"}, not behind or behind[0] in {"away", "."} and (
            self._has_agent(at) and bool(set(self.words[:at]) & words_of.BAD)
        )
        yield Kind.EFFECT, {"get", "become"}, behind[:1] and behind[0] in words_of.HEALTHIER and (
            behind[0] != "better" and is_tied
        )
        yield Kind.EFFECT, {"feel", "get"}, set(behind[:2]) & {"better", "well"} and (
            self._has_agent(at)
        )
        yield Kind.EFFECT, {"sleep", "walk", "move", "breathe", "climb", "bend"}, (
            set(behind[:4]) & {"better", "further", "faster", "easier", "easily"} and is_tied
        )
        yield Kind.EFFECT, {"walk", "run", "move", "live", "sleep"}, (
            behind[:2] == ["without", "pain"] and is_tied
        )
        yield Kind.EFFECT, {"recover", "settle", "fade", "drop", "disappear", "vanish"}, (
            self._has_agent(at)
        )
        yield Kind.EFFECT, {"have", "need", "feel", "report", "get", "suffer", "catch"}, (
            less and trouble and is_tied
        )
        yield Kind.EFFECT, {"cough", "hurt", "ache", "suffer"}, less and is_tied
        yield Kind.EFFECT, {"become", "get"}, set(behind[:2]) & {"rarer", "milder"} and (
            is_tied or "will" in self.words[:at]
        )
        yield Kind.EFFECT, {"fall"}, "fewer" in self.words[max(at - 3, 0) : at] and is_tied
        yield Kind.EFFECT, {"have"}, "benefits" in behind[:3] and not near & {"no", "and"}

    def _names_treatment_before(self, at):
        """Is a treatment named before the verb at `at`, in the subject or in front of it?"""
        vague = {"that", "this", "these", "it", "them"}
        named = words_of.TREATMENTS - vague | {"movement", "moving", "course", "practice"}
        return bool(set(self.words[:at]) & named) or self._begins_with_doing()

    # --- a better course, whatever the verb --------------------------------------------------
    def _outcome(self, at):
        """ "Your wound hurts less if you roll", "With insoles the pain is gone"."""
        if not self._is_better(at) or not self._is_tied(at):
            return
        hedge = self.clause_hedge(at)
        if hedge:
            last = at
            while last + 1 < len(self.words) and self.word(last + 1) not in _STOPS and last < at + 2:
                last += 1
            yield self._promise(at, last, Kind.EFFECT, hedge)

    def _is_better(self, at):
        word, behind = self.words[at], self.words[at + 1 : at + 4]
        trouble = words_of.BAD | words_of.SUFFERING
        if word in {"less", "fewer"}:
            return bool(set(behind) & trouble) or self.word(at - 1) in _TROUBLE_VERBS
        if word in words_of.BAD and behind:
            after = set(behind[:1]) & (words_of.BE | {"goes", "go", "went", "will"})
            return bool(after) and bool(set(behind[1:]) & {"down", "away", "gone", "history", "past"})
        if word in words_of.GOOD:
            return behind[:2] in (["goes", "up"], ["go", "up"], ["went", "up"])
        if word == "more":
            return bool(behind) and behind[0] in {"easily", "quickly", "freely"}
        if word in {"sooner", "earlier", "looser"}:
            return self.word(at - 1) not in words_of.DETERMINERS
        return False

    def _is_tied(self, at):
        """Does the sentence name a treatment, or what the reader does?"""
        if set(self.words) & words_of.TIES:
            return True
        return self._has_agent(at) or self._begins_with_doing() or self.word(0) == "by"

    def _begins_with_doing(self):
        """Is the subject what somebody does: "Pulling your toes up"?"""
        first = self.word(0)
        return first.endswith("ing") and first not in words_of.BAD | words_of.GOOD

    # --- adjectives -----------------------------------------------------------------------------
    def _adjective(self, at):
        word = self.words[at]
        if word in words_of.EFFECTIVE | words_of.SAFE | words_of.HELPFUL | {"free", "miraculous"}:
            yield from self._said_of(at)
        if word == "best" or (word == "effective" and self.word(at - 1) == "most"):
            yield from self._best(at)
        if word == "than":
            yield from self._better_than(at)
        if word == "proven" and self.word(at - 1) in {"clinically", "scientifically", "a", "the"}:
            if self.word(at + 1) in words_of.TREATMENT_NOUNS and not self._is_denied(at):
                yield self._promise(at, at, Kind.SURE)

    def _said_of(self, at):
        word = self.words[at]
        kind = Kind.EFFECT if word in words_of.HELPFUL else Kind.SURE
        if word == "free":
            if not (self.word(at - 1) in {"pain", "symptom"} or self.word(at + 1) == "of") or not (
                set(self.words[at - 1 : at + 3]) & {"pain", "symptoms", "symptom"}
            ):
                return
        if word in words_of.SAFE:
            kind = Kind.ABSOLUTE
            if self._stands_alone(at):
                yield self._promise(at, at, kind)
                return
            if self.word(at + 1) in {"to", "for"} and not self._is_for_everyone(at):
                kind = Kind.SURE
        if word in words_of.HELPFUL and self.word(at + 1) in {"to", "if", "when"}:
            return
        first = at - 1 if word == "free" and self.word(at - 1) in {"pain", "symptom"} else at
        statement = self._predicate(first)
        if statement is None or statement.head in words_of.THINGS_TO_READ | words_of.PARTS_OF_BODY:
            return
        if word == "free" and not (statement.has_modal or self._has_agent(at)):
            return
        if word in words_of.EFFECTIVE and self.word(at - 1) in {"how", "less"}:
            return
        yield self._promise(first, at, kind, statement.hedge)

    def _stands_alone(self, at):
        """Is the adjective at `at` said without a verb, as in a heading: "Completely safe"?"""
        left = at - 1
        while self.word(left) in words_of.ADVERBS - words_of.NEGATORS - {"how"}:
            left -= 1
        return left < 0 and self.word(at + 1) in {"", "and", ",", ":", ".", "!", "for"}

    def _predicate(self, at):
        """How the adjective at `at` is said of something, by "is" or before a treatment; or None."""
        left = at - 1
        while self.word(left) in {"and", "safe", "effective", "very", "highly", "simple", "easy",
                                  "cheap", "gentle"}:  # fmt: skip
            left -= 1
        after = at + 1
        while self.word(after) in {"and", "effective", "safe", "cheap", "simple", "gentle"}:
            after += 1
        if self.word(after) in words_of.TREATMENT_NOUNS:
            while self.word(left) in {"a", "an", "the", "most", "more", "one", "of", "another"}:
                left -= 1
        found = self.statement(left + 1, "adjective")
        return found

    def _is_denied(self, at):
        """Does a word like "no" or "not", or a condition, stand before `at` in its clause?"""
        left = self._left_of(at)
        return bool(
            set(left) & (words_of.NEGATORS | words_of.NEGATIVE_SUBJECTS | words_of.SUBORDINATORS)
        ) and not self._has_no_doubt(left)

    def _best(self, at):
        if self.word(at - 1) in words_of.VERBS:
            return
        after = at + 1
        if self.word(after) in {"known", "possible", "available", "single", "physical"}:
            after += 1
        if self.word(after) not in words_of.TREATMENT_NOUNS - {"thing", "way", "ways", "means"}:
            return
        left = at - 1
        while self.word(left) in {"the", "our", "one", "of", "most", "very", "by", "far", "a"}:
            left -= 1
        if self.word(left) in words_of.BE | words_of.ADVERBS:
            statement = self.statement(left + 1, "adjective")
            hedge = statement and statement.hedge
        else:
            later = set(self.words[after:])
            is_subject = left < 0 and not later & {"not", "depends", "one", "unclear", "unknown", "what"}
            hedge = Hedge.PLAINLY if is_subject else None
        if hedge:
            yield self._promise(at, after, Kind.SURE, hedge)

    def _better_than(self, at):
        compared = set(self.words[at + 1 : at + 5])
        comparative = self.word(at - 1)
        is_more = self.word(at - 2) in {"more", "safer"} and comparative in words_of.EFFECTIVE | {
            "helpful"
        }
        if not (comparative in {"better", "safer"} or is_more) or not (
            compared & words_of.COMPARED - {"no", "nothing"}
        ):
            return
        first = at - 2 if is_more else at - 1
        if self.word(first - 1) in {"no", "not", "any"} or {"no", "nothing"} & compared:
            return
        statement = self.statement(first, "adjective")
        if statement:
            yield self._promise(first, at, Kind.SURE, statement.hedge)

    # --- what no certainty carries ----------------------------------------------------------------
    def _absolute(self, at):
        word = self.words[at]
        if word.startswith("guarantee") and not self._is_denied(at):
            yield self._promise(at, at, Kind.ABSOLUTE)
        if word in {"miracle", "miracles"} and not self._is_denied(at):
            yield self._promise(at, at, Kind.ABSOLUTE)
        if word in {"no", "without", "zero"}:
            yield from self._without_harm(at)
        if word == "free" and self.word(at - 1) == "risk" and not self._is_denied(at):
            yield self._promise(at - 1, at, Kind.ABSOLUTE)
        if word in {"fail", "fails"} and self.word(at - 1) in {"never", "not"}:
            if self.word(at - 1) == "never" or self.word(at - 2) == "can":
                yield self._promise(at - 1, at, Kind.ABSOLUTE)
        if word in {"harm", "damage", "injure"} and self.word(at - 1) in {"not", "never"}:
            yield from self._no_harm(at)
        if word == "doubt" and self.word(at - 1) == "no":
            return
        if word in {"cure", "cures"} and self.word(at - 1) in {"a", "the", "miracle", "certain", "sure"}:
            if not self._is_denied(at) and self._is_cure(at):
                yield self._promise(at, at, Kind.SURE)
        if word == "nothing" and re.search(r"can not (?:cure|fix|heal|help)", " ".join(self.words[at:])):
            yield self._promise(at, at, Kind.SURE)
        if at == 0 and (word == "nothing" or self.words[:2] == ["no", "other"]):
            yield from self._superlative()

    def _superlative(self):
        """ "Nothing works better", "No other treatment relieves it as well as massage"."""
        verbs = [at for at, word in enumerate(self.words[:7]) if word in words_of.VERBS]
        rest = " ".join(self.words)
        if verbs and re.search(r"\b(?:better|more)\b|\bas (?:well|fast|quickly) as\b|\bbeats\b", rest):
            yield self._promise(0, verbs[0], Kind.SURE)

    def _is_cure(self, at):
        left = set(self._left_of(at))
        if "far" in left:
            return False
        return bool(left & words_of.BE) or (self.word(at + 1) == "for" and not (
            left & {"find", "seek", "search", "look", "looking", "seeking", "searching", "hope"}
        ))

    def _without_harm(self, at):
        after = at + 1
        while self.word(after) in {"any", "real", "at", "all", "nasty", "bad", "unwanted", "further",
                                   "major", "serious", "side", "lasting"}:  # fmt: skip
            after += 1
        if self.word(after) not in {"effects", "effect", "risk", "risks", "danger", "dangers",
                                    "complications", "downside", "downsides"}:  # fmt: skip
            return
        following = set(self.words[after + 1 : after + 4])
        if following & {"were", "was", "found", "reported", "seen", "than"} or self._is_denied(at):
            return
        if set(self._left_of(at)) & {"found", "reported", "saw", "recorded", "so", "said"}:
            return
        kind = Kind.SURE if {"serious", "major", "lasting"} & set(self.words[at:after]) else Kind.ABSOLUTE
        yield self._promise(at, after, kind)

    def _no_harm(self, at):
        left = self.words[:at]
        subject = [word for word in left if word not in words_of.MODALS | words_of.DO | {"not", "never"}]
        if set(subject) & (words_of.PERSONS | words_of.SUBORDINATORS | words_of.BAD | {"mean", "means"}):
            return
        kind = Kind.ABSOLUTE if "can" in left[-3:] or left[-1:] == ["never"] else Kind.SURE
        yield self._promise(at - 1, at, kind)

    # --- counts -------------------------------------------------------------------------------------
    def _counts(self, text):
        found = _COUNT.search(text) or _TIMES.search(text)
        if found and not self._is_denied_in(text[: found.start()]):
            at = text[: found.start()].count(" ")
            last = at + found[0].count(" ")
            yield self._promise(at, last, Kind.COUNT)

    @staticmethod
    def _is_denied_in(text):
        return bool(set(text.split()) & (words_of.NEGATORS | {"if", "whether", "no"}))


_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|half|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety)"
)
_BETTER = (
    r"(?:(?:get|gets|got|feel|feels|felt|are|were|was|is|become|became|do|did) (?:much |far |a lot )?"
    r"(?:better|well again|pain free|symptom free|cured|dry|continent|free of (?:\w+ ){0,2}(?:pain|symptoms)|healed"
    r"|helped|back to normal|back at work|without pain|satisfied)"
    r"|recover(?:s|ed)?|improved?|improves|benefit(?:s|ed)?|had less|have less|(?:walk|walked|ran|run) without"
    r"|heal(?:s|ed)?|(?:had|have) no (?:more )?pain|no longer (?:had|have|feel|felt|needed|need)"
    r"|said (?:that )?it helped|avoid(?:ed)? surgery|slept better|returned to|success)"
)
_COUNT = re.compile(
    rf"\b(?:{_NUMBER} (?:in|of|out of) (?:every |all )?{_NUMBER}\b|\d+(?:\.\d+)? ?%|{_NUMBER} percent"
    rf"|half of|(?:a|two|three) (?:third|quarter)s? of)[^.;]{{0,90}}?\b{_BETTER}"
)
_TIMES = re.compile(
    rf"\b(?:{_NUMBER} times|twice) (?:more likely|as likely|likelier) to (?:recover|get better|improve|heal|walk)"
)
#: A quick look: without any of these, nothing is promised, and no grammar is needed.
_MAY_PROMISE = re.compile(
    r"\b(?:" + "|".join(
        sorted(map(re.escape, {*words_of.VERBS, *words_of.OTHER_VERBS}
               | words_of.EFFECTIVE | words_of.SAFE | words_of.HELPFUL))
    ) + r"|best|than|guarant\w+|miracle\w*|no|without|zero|free|proven|cure|\d+ ?%|half|times|never|out of|in"
    r"|less|fewer|more|sooner|earlier|looser|gone|down|up|away|history|nothing)\b",
    re.I,
)  # fmt: skip
