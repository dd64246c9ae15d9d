"""The fixed words readers get: headings, how sure we are, counts. The same on every page.

They are translated, and written for a reading grade of 4 or below. The levels are GRADE's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .refusals import Words


@dataclass(frozen=True)
class CertaintyWords:
    """A level of certainty in words: a label with a meter, and the sentences beside it."""

    level: str
    chip: Words
    brief: Words  # beside a claim that is less sure, or surer, than the others
    dots: int | None  # filled dots of four; None: no meter
    better: Words
    no_difference: Words
    harm: Words
    because: Words

    def says(self, direction: str) -> Words:
        """Return the sentence about the effect, for a claim of this direction."""
        if self is CHECKED_AGAIN:
            return ""
        if direction == "unclear":
            return CERTAINTY_LEVELS["none" if self.level == "none" else "very-low"].better
        return {"no_difference": self.no_difference, "harm": self.harm, "worse": self.harm}.get(
            direction, self.better
        )


#: What readers are told has changed where a colleague found an unchecked page right as it was.
CHECKED_SINCE = _("A colleague has checked this page now. Its words are the same.")

#: {point of view of a review: what somebody checked}. In parentheses after a name.
CHECKED = {
    # Translators: what a colleague checked; in parentheses after a name.
    "clinical": _("the medical facts"),
    # Translators: what a colleague checked; in parentheses after a name.
    "plain_language": _("the plain words"),
}


def what_was_checked(kinds: Sequence[str]) -> str:
    """What somebody checked from these points of view: "the medical facts, the plain words"."""
    return with_commas([str(words) for kind, words in CHECKED.items() if kind in kinds])


def with_commas(parts: Sequence[str]) -> str:
    """Return `parts` as one list, with the comma of the active language."""
    return pgettext("between the parts of a list", ", ").join(parts)


# Comments for translators must be right above what they are about, or they are not found.
CERTAINTY_LEVELS = {
    words.level: words
    for words in (
        CertaintyWords(
            "high",
            # Translators: we, who wrote the page, are very sure. A label of one to three words, the
            # first of four.
            _("Very sure"), _("How sure: very"), 4,
            # Translators: "it" is the treatment; the sentence stands beside a problem such as "neck
            # pain". Certain.
            _("It helps."),
            # Translators: the treatment, compared with not having it. Certain.
            _("It makes little or no difference."),
            # Translators: the treatment brings this unwanted effect about. Certain.
            _("It causes this."),
            _("Good studies agree. New studies are unlikely to change this."),
        ),
        CertaintyWords(
            "moderate",
            # Translators: the second of four levels. Less than very, more than not very.
            _("Fairly sure"), _("How sure: fairly"), 3,
            # Translators: likely, more likely than "may". Keep the two apart.
            _("It probably helps."),
            # Translators: likely, more likely than "may". Keep the two apart.
            _("It probably makes little or no difference."),
            # Translators: likely, more likely than "may". Keep the two apart.
            _("It probably causes this."),
            _("Most good studies point this way. New studies could change this."),
        ),
        CertaintyWords(
            "low",
            # Translators: the third of four levels.
            _("Not very sure"), _("How sure: not very"), 2,
            # Translators: possible, less likely than "probably". No promise, and no permission.
            _("It may help."),
            # Translators: possible, less likely than "probably".
            _("It may make little or no difference."),
            # Translators: possible, less likely than "probably".
            _("It may cause this."),
            _("There are few good studies. New studies are likely to change this."),
        ),
        CertaintyWords(
            "very-low",
            # Translators: the lowest of four levels. We do not know; it does not mean that it does
            # not work.
            _("Not sure at all"), _("How sure: not at all"), 1,
            _("We do not know if it helps."), _("We do not know if it makes a difference."),
            _("We do not know if it causes this."),
            _("The studies are too few or too weak to tell."),
        ),
        CertaintyWords(
            "none",
            # Translators: no good study has tried the treatment for this. Nothing to do with
            # testing the reader.
            _("Not tested"), _("How sure: not tested"), 0,
            _("We found no good studies that test this."),
            _("We found no good studies that test this."),
            _("We found no good studies that test this."),
            _("That does not mean it does not work. It means no one has tested it well yet."),
        ),
        CertaintyWords(
            "not-rated",
            # Translators: we have not yet judged how good the proof is. Not a rating by readers.
            _("Not rated yet"), _("How sure: not rated yet"), None, "", "", "",
            _("No one on our team has rated the proof for this yet. "
              "Ask your physio what they think."),
        ),
    )
}  # fmt: skip

#: Stands in place of a level while a source of the claim is taken back or in doubt. It is no level
#: and nothing frozen holds it: live pages lay it over (docs/decisions/0034).
CHECKED_AGAIN = CertaintyWords(
    "checked-again",
    # Translators: we, who wrote the page. Beside a point of the page, in place of "Very sure".
    _("We are checking this again"),
    _("We are checking this again."),
    dots=None,
    better="",
    no_difference="",
    harm="",
    because="",
)

#: Kinds of study in plain words.
STUDY_KINDS = {
    "systematic_review": _("a review that gathered all the studies it could find"),
    # Translators: a randomised controlled trial, for people who do not know the word.
    "rct": _("a fair test: people were put into groups by chance"),
    "nonrandomised": _("a test of a treatment, but people were not put into groups by chance"),
    "cohort": _("a study that followed people over time"),
    "case_control": _("a study that looked back at people with and without the problem"),
    "cross_sectional": _("a survey"),
    "case_series": _("a report on a few people"),
    "guideline": _("advice from an expert group"),
    "narrative_review": _("an expert's overview"),
    "opinion": _("an opinion"),
    "laboratory": _("a lab or animal study"),
    "qualitative": _("a study of people's experiences"),
    "other": _("another kind of source"),
}

#: What a source says about the sentence it is cited for.
STANCES = {
    "supports": _("This source agrees."),
    "contradicts": _("This source says otherwise."),
    # Translators: both results for and results against the sentence it stands under.
    "mixed": _("This source found both."),
    "background": _("This source gives background. It is no proof."),
}
#: The same above the sentences it is cited for, in the list of sources.
STANCE_HEADINGS = {
    # Translators: the sentences of the page that rest on this source follow.
    **STANCES, "supports": _("Used for:"),
}  # fmt: skip

#: What a page says at once when something becomes known about a source of it.
RETRACTED_SOURCE = _("This study was taken back by its publisher. We no longer use it as proof.")
SOURCE_IN_DOUBT = _("Experts have doubts about this study. We are looking at it again.")

#: What a source says of itself, by the level read from its own words.
SOURCE_ITSELF = {
    # Translators: the source rates its own result. Certain.
    "high": _("The source itself is very sure."),
    "moderate": _("The source itself is fairly sure."),
    "low": _("The source itself is not very sure."),
    "very-low": _("The source itself is not sure at all."),
}
SOURCE_ITSELF_SAYS_NOTHING = _("The source does not say how sure it is.")
#: A review that counts a study which was taken back since.
INCLUDES_RETRACTED = _("It counts a study that was taken back.")

#: In the list of sources, by kind of study.
NEWER_VERSION = {
    "systematic_review": _("There is a newer version of this review."),
    "guideline": _("There is a newer version of this guideline."),
}
NEWER_VERSION_OF_A_WORK = _("There is a newer version of this work.")

STUDIES_DISAGREE = _("Studies do not agree on this.")
#: The same in the middle of somebody's sentence.
# Translators: stands in brackets inside a sentence, behind the words that studies do not agree on.
DISAGREE_IN_TEXT = _("studies do not agree on this")
# Translators: stands in brackets inside a sentence, behind the words that no study has tested.
UNTESTED_IN_TEXT = _("we found no good studies on this")
# Translators: stands in brackets inside a sentence, behind words of which a study was taken back.
CHECKED_AGAIN_IN_TEXT = _("we are checking this again")


#: How sure we are, as a sentence, by what it is that we are sure of. To be sure that it helps is
#: not to be sure of a number.
_SURE: dict[str, dict[str, Words]] = {
    "effect": {
        # Translators: we, who wrote the page. Certain.
        "high": _("We are very sure."),
        # Translators: the second of four levels.
        "moderate": _("We are fairly sure."),
        # Translators: the third of four levels.
        "low": _("We are not very sure."),
        # Translators: the lowest of four levels. We do not know.
        "very-low": _("We cannot be sure: there are too few good studies."),
    },
    # Of side effects: how many people get this, or these.
    "number": {
        "high": _("We are very sure of the count."),
        "moderate": _("We are fairly sure of the count."),
        "low": _("We are not very sure of the count."),
        "very-low": _("We cannot be sure of the count: there are too few good studies."),
    },
    "harm": {
        # Translators: the treatment brings this unwanted effect about. One effect, or those of a
        # list.
        "high": _("We are very sure that it causes this."),
        "moderate": _("We are fairly sure that it causes this."),
        "low": _("We are not very sure that it causes this."),
        "very-low": _("We cannot be sure that it causes this: there are too few good studies."),
    },
    "warning": {
        # Translators: of the warning not to have the treatment.
        "high": _("We are very sure of this risk."),
        "moderate": _("We are fairly sure of this risk."),
        # Doubt comes after the warning: read first, it would look like a permission.
        "low": _("To be safe, do not have it, even though we are not very sure."),
        "very-low": _("To be safe, do not have it, even though there are few studies."),
        "none": _("To be safe, do not have it, even though no one has tested this well yet."),
        "not-rated": _("To be safe, do not have it. We have not rated the proof yet."),
    },
    "ask_first": {
        # Translators: tell your physio of it before the treatment.
        "low": _("To be safe, tell your physio first, even though we are not very sure."),
        "very-low": _("To be safe, tell your physio first, even though there are few studies."),
        "none": _(
            "To be safe, tell your physio first, even though no one has tested this well yet."
        ),
        "not-rated": _("To be safe, tell your physio first. We have not rated the proof yet."),
    },
}
_UNTESTED: dict[str, Words] = {
    "effect": _("No one has tested it well yet."),
    "number": _("No one has counted it well yet. It may still happen."),
    "harm": _("No one has tested this well yet. It may still happen."),
}
_SURE["ask_first"] = {**_SURE["warning"], **_SURE["ask_first"]}
# A claim that describes a thing and promises nothing.
_SURE["fact"], _UNTESTED["fact"] = _SURE["effect"], _UNTESTED["effect"]

#: What we can be sure of. "ask_first" is a warning to ask first, "warning" one not to have it.
CERTAINTY_SUBJECTS = tuple(_SURE)
WARNINGS = ("warning", "ask_first")
#: Before anything else about a warning in doubt.
# Translators: about reasons not to have a treatment that no good study has shown.
TO_BE_SAFE = _("We warn you to be safe.")
#: After a list of warnings of which a few are less sure than most.
# Translators: though we are not sure that it is a risk.
IF_UNSURE = _("We warn you of the others too, to be safe.")
#: Said once, of what studies show and of the lists after it.
SAID_OF_LISTS_BELOW = _("This is true of the lists below too, unless a line says something else.")
#: Nobody rates what somebody thinks.
OPINION = _("This is an opinion, not proof.")

#: Levels at which a reader might take doubt for a permission.
UNSURE = {"low", "very-low", "none", "not-rated"}
_OUTLOOK = {
    "high": _("New studies are unlikely to change this."),
    "moderate": _("New studies could change this."),
    "low": _("New studies are likely to change this."),
}


def certainty_sentence(level: str, about: str = "effect", *, is_general: bool = False) -> str:
    """Return how sure we are, as sentences in the active language.

    `level` is a key of CERTAINTY_LEVELS, or that of CHECKED_AGAIN. `about` is one of
    CERTAINTY_SUBJECTS, or "opinion". `is_general`: it holds for most claims of a list, and a claim
    that differs says so itself.
    """
    if level == CHECKED_AGAIN.level:
        # To check a warning again is no permission to ignore it either.
        said = [TO_BE_SAFE] if about in WARNINGS else [OPINION] if about == "opinion" else []
        return " ".join(map(str, [*said, CHECKED_AGAIN.brief]))
    if about == "opinion":
        return str(OPINION)
    if about == "fact" and level == "not-rated":
        return ""  # what a thing is has no strength of proof
    # Translators: follows how sure we are of a list.
    differs = _("If a line is different, it says so.") if is_general else ""
    if about in WARNINGS and level in UNSURE:
        return " ".join(filter(None, map(str, (_SURE[about][level], differs))))
    if level == "not-rated":
        sure = CERTAINTY_LEVELS[level].because
    elif level == "none":
        sure = _UNTESTED.get(about, _UNTESTED["effect"])
    else:
        sure = _SURE[about][level]
    return " ".join(filter(None, map(str, (sure, differs, _OUTLOOK.get(level, "")))))


#: {language: words with which a writer says how long in a sentence without its subject}
_LASTING = {
    "en": (
        "lasts goes fades eases clears stops gets passes settles heals wears comes may can will"
        " should is usually often mostly"
    ),
    "es": "dura suele pasa desaparece puede se mejora cede va tarda",
    "ar": "يستمر تستمر يدوم تدوم يزول تزول يختفي تختفي يخف تخف قد عادة يمكن",
}


def how_long(words: str) -> str:
    """Return how long a side effect lasts as a sentence in the active language; "" stays "".

    `words` are a writer's: "lasts 1 to 2 days", "1 to 2 days", or a sentence.
    """
    words = " ".join(words.split())
    if not words:
        return ""
    first = words.split(" ", 1)[0]
    lasting = _LASTING.get((get_language() or "en")[:2], "").split()
    if first.lower() in lasting:
        # Translators: of a side effect: "It lasts 1 to 2 days." The verb is in %(what)s.
        said = gettext("It %(what)s.") % {"what": (first.lower() + words[len(first) :]).rstrip(".")}
    elif words[-1] in ".!?" or first != first.lower():
        said = with_full_stop(words)
    else:
        # Translators: of a side effect: "It lasts 1 to 2 days."
        said = gettext("It lasts %(time)s.") % {"time": words}
    return capfirst(said)


#: How many sources say the same, where sources do not agree.
_SIDES = {
    "supports": lambda count: ngettext(
        "%(count)s source agrees.", "%(count)s sources agree.", count
    ),
    "contradicts": lambda count: ngettext(
        "%(count)s source says otherwise.", "%(count)s sources say otherwise.", count
    ),
    "mixed": lambda count: ngettext(
        "%(count)s source found both.", "%(count)s sources found both.", count
    ),
}


def sides(stances: Sequence[str]) -> list[str]:
    """Return a sentence for each side of a disagreement, from the stances of its sources."""
    counts = ((phrase, stances.count(stance)) for stance, phrase in _SIDES.items())
    return [phrase(count) % {"count": count} for phrase, count in counts if count]


#: Where in a source to look.
_LOCATORS = {
    "page": _("page %s"),
    "pages": _("pages %s"),
    "section": _("section %s"),
    "table": _("table %s"),
    "figure": _("figure %s"),
    "paragraph": _("paragraph %s"),
}


def locator(kind: str, place: str) -> str:
    """Return where to look, in words; "" where it is not known.

    A range or a list of pages is "pages".
    """
    if kind == "page" and re.search(r"\w\s*[-–,;]\s*\w", place or ""):
        kind = "pages"
    return str(_LOCATORS.get(kind, "%s")) % place if place else ""


#: The section headings, by the id the section has on the page.
#: {part of the body: its name}, from head to foot: where readers find a problem.
BODY_PARTS = {
    "head": _("Head"),
    "neck": _("Neck"),
    "shoulder": _("Shoulder"),
    "arm": _("Arm and elbow"),
    "hand": _("Wrist and hand"),
    "chest": _("Chest: heart and lungs"),
    "back": pgettext_lazy("part of the body", "Back"),
    "pelvis": _("Pelvis and bladder"),
    "hip": _("Hip and buttock"),
    "leg": _("Thigh and calf"),
    "knee": _("Knee"),
    "foot": _("Ankle and foot"),
    "whole": _("The whole body"),
}

HEADINGS = {
    # Translators: for whom the treatment is not safe.
    "not": _("Who should not have it"),
    "what": _("What it is"),
    "compared": _("How it compares"),
    "studies": _("What studies show"),
    # Translators: the treatment might be right for these people; no promise that it works.
    "suits": _("Who it may suit"),
    # Translators: at a visit, step by step.
    "happens": _("What happens"),
    "effects": _("Side effects"),
    "help": _("When to get help"),
    "advice": _("What to do"),
    # Translators: other treatments, and doing nothing.
    "options": _("Other things you could try"),
    "ask": _("Questions to ask"),
    "experts": _("What our experts say"),
    # Translators: unusual words of this page, and what they mean.
    "words": _("Words we used"),
    "references": _("References"),
    "reading": _("Further reading"),
    "about": _("About this page"),
    "related": _("Related pages"),
}


def part_of_section(heading: Words) -> str:
    """Return what a sentence of the section under `heading` is called, apart from what it says."""
    # Translators: in a list of points that we check again, such as: pain, part of “What it is”.
    return gettext("part of “%(heading)s”") % {"heading": heading}


#: The parts of what happens, in the order of time.
PHASES = {
    # Translators: a heading: before the visit.
    "before": _("Before"),
    # Translators: a heading: during the visit.
    "during": _("During"),
    # Translators: a heading: after the visit.
    "after": _("After"),
}

#: The name of a table in the text, for those who cannot see it.
# Translators: a table of figures or words on a page, not furniture.
TABLE = _("Table")


@dataclass(frozen=True)
class Count:
    """How often something happened, and how often it did not.

    Out of a hundred where possible, so that counts can be compared. Never "common" or "rare":
    people take those words for much higher counts than are meant.
    """

    says: str
    other_side: str
    as_counted: str  # the numbers of the study, where `says` has them out of a hundred; else ""
    filled: int | None  # dots of a hundred; None: too few or too many to be drawn

    @property
    def drawing(self) -> str:
        """What the drawing shows, in words."""
        return gettext("%(filled)s of 100 dots are filled. %(says)s") % {
            "filled": self.filled,
            "says": self.says,
        }


def with_full_stop(text: str) -> str:
    """Return `text`, ended by a full stop where it has no end of its own. "" stays ""."""
    return text if not text or text[-1] in ".!?…؟。" else f"{text}."


def counted(n: int, base: int, unit: str) -> Count:
    """Return `n` in `base` of the `unit` as readers get it, in the active language."""
    filled = (200 * n + base) // (2 * base)  # out of a hundred, halves up
    error = abs(100 * n - filled * base)
    if base == 100 or n in {0, base} or 10 * error > 100 * n or filled == 100:
        # The numbers of the study. Drawn only where a hundred dots show it: 1 in 1,000 is not one
        # dot, and not none.
        return Count(
            _exact_count(n, base, unit),
            _rest(n, base, unit),
            "",
            None if error or not n else filled,
        )
    return Count(
        _rounded_count(filled, 100, unit) if error else _exact_count(filled, 100, unit),
        _rest(filled, 100, unit),
        gettext("The study counted %(n)s in %(base)s.") % {"n": _number(n), "base": _number(base)},
        filled,
    )


def count_phrase(n: int, base: int, unit: str) -> str:
    """Return a count as part of a sentence, in the active language: 8 in 100 visits.

    Its numbers are as they were typed.
    """
    return (_in_words(base, unit) % {"n": n, "base": base}).rstrip(".")


def _exact_count(n: int, base: int, unit: str) -> str:
    return _in_words(base, unit) % {"n": _number(n), "base": _number(base)}


def _in_words(base: int, unit: str) -> str:
    if unit == "people":
        # Translators: "16 in 100 people", out of so many; not a ratio of 16 to 100. The plural
        # follows the base.
        return ngettext("%(n)s in %(base)s person.", "%(n)s in %(base)s people.", base)
    if unit == "treatments":
        return ngettext("%(n)s in %(base)s treatment.", "%(n)s in %(base)s treatments.", base)
    return ngettext("%(n)s in %(base)s visit.", "%(n)s in %(base)s visits.", base)


def _rounded_count(n: int, base: int, unit: str) -> str:
    words = _ROUNDED.get(unit, _ROUNDED["visits"])
    return str(words) % {"n": _number(n), "base": _number(base)}


_ROUNDED = {
    "people": _("About %(n)s in %(base)s people."),
    "visits": _("About %(n)s in %(base)s visits."),
    "treatments": _("About %(n)s in %(base)s treatments."),
}


def _rest(n: int, base: int, unit: str) -> str:
    rest = base - n
    if n == 0:
        return gettext("It may still happen to some people.")
    if rest == 0 or unit == "treatments":
        # Surveys count events in treatments. One treatment can have more than one, so nobody knows
        # in how many there was none.
        return ""
    if unit == "people":
        # Translators: the other side of "16 in 100 people": the 84 who did not have this side
        # effect.
        words = ngettext(
            "The other person did not have it.", "The other %(rest)s did not have it.", rest
        )
    else:
        words = ngettext(
            "In the other visit there was none.", "In the other %(rest)s there was none.", rest
        )
    return words % {"rest": _number(rest)}


def _number(value: int) -> str:
    return number_format(value, decimal_pos=0, force_grouping=True)
