"""How sure we are: of a claim as a line of a list, of a whole list, and what we are sure of."""

from collections import Counter
from dataclasses import dataclass, field

from articles.wording import (
    CERTAINTY_SUBJECTS,
    DISAGREE_IN_TEXT,
    UNSURE,
    UNTESTED_IN_TEXT,
    CertaintyWords,
    Count,
    certainty_sentence,
)

from .sources import CitationMark

#: Kinds of source that argue or explore, and measure no effect on people.
OVERVIEWS = {"narrative_review", "opinion", "laboratory"}
_NO_MORE_THAN_LOWEST = {"very-low", "none", "not-rated"}


@dataclass(frozen=True)
class RatedClaim:
    """A claim as a line of a list: its words, how sure we are, and its marks."""

    uid: str
    text: str
    sure: CertaintyWords
    says: str  # what studies show, as a sentence; "" where nothing was rated
    disagreement: str  # a sentence where sources disagree, else ""
    marks: list[CitationMark]
    note: str = ""
    row: dict = field(default_factory=dict)  # the frozen row, for what only its kind has
    sides: list[str] = field(default_factory=list)  # where they disagree: a sentence per side
    count: Count | None = None  # side effects only
    about: str = "effect"  # what we are sure of: a key of wording.ABOUT


@dataclass(frozen=True)
class OverallCertainty:
    """How sure we are about the lines of one list, said once.

    A line for which it is not so says so itself.
    """

    level: str  # "" where no level holds for most lines
    says: str  # "" where there is nothing to say for all

    @classmethod
    def of(cls, lines):
        if not lines:
            return cls("", "")
        (level, most), about = (
            Counter(line.sure.level for line in lines).most_common(1)[0],
            lines[0].about,
        )
        if any(line.about != about for line in lines):
            about = "harm"  # some are counted and some are not
        if 2 * most <= len(lines):
            level = ""
        says = (
            certainty_sentence(level, about, of_many=len(lines) > 1, is_general=most < len(lines))
            if level
            else ""
        )
        to_be_safe = str(CERTAINTY_SUBJECTS[about].if_unsure)
        if level not in UNSURE and any(line.sure.level in UNSURE for line in lines):
            says = f"{says} {to_be_safe}".strip()
        return cls(level, says)


def subject_of_row(row, name):
    """What we are sure of, or not, when we say what this row says.

    A key of wording.ABOUT, or "opinion".
    """
    if name == "side_effects":
        return "harm" if row["n"] is None else "number"
    if name == "contraindications":
        return "warning"
    return "opinion" if row.get("kind") == "expert" else "effect"


def subject_of_phrase(claim):
    """The same of a claim that is a phrase of the text, and no row."""
    return {"harm": "harm", "worse": "harm", "fact": "fact"}.get(claim["direction"], "effect")


def sources_disagree(claim):
    """Do the sources of a frozen claim say different things about it?"""
    stances = {link["stance"] for link in claim["citations"]}
    return "mixed" in stances or {"supports", "contradicts"} <= stances


def said_in_text(claim):
    """What stands behind a phrase of the text for every reader.

    In brackets, in the middle of a sentence.
    """
    if sources_disagree(claim):
        return DISAGREE_IN_TEXT
    return UNTESTED_IN_TEXT if claim["certainty"] == "none" and not claim["citations"] else ""


def rest_on_overviews_only(claims):
    """Is every source that is used as proof an overview, an opinion or a lab study, and rated no
    higher?
    """
    designs = {
        link["design"]
        for claim in claims
        for link in claim["citations"]
        if link["stance"] != "background"
    }
    levels = {claim["certainty"] for claim in claims}
    return (
        bool(designs)
        and designs <= OVERVIEWS
        and "very-low" in levels
        and levels <= _NO_MORE_THAN_LOWEST
    )
