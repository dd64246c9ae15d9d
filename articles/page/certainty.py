"""How sure we are: of one claim, of a whole list, and what it is that we are sure of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from articles.findings.source_certainty import source_level, surest_level
from articles.revisions import contents
from articles.revisions.frozen_content import AnyRow, FrozenClaim
from articles.wording import (
    CERTAINTY_LEVELS,
    CHECKED_AGAIN,
    CHECKED_AGAIN_IN_TEXT,
    DISAGREE_IN_TEXT,
    IF_UNSURE,
    INCLUDES_RETRACTED,
    SAID_OF_LISTS_BELOW,
    SOURCE_ITSELF,
    SOURCE_ITSELF_SAYS_NOTHING,
    STUDIES_DISAGREE,
    TO_BE_SAFE,
    UNSURE,
    UNTESTED_IN_TEXT,
    WARNINGS,
    CertaintyWords,
    Count,
    Words,
    certainty_sentence,
    counted,
    how_long,
    sides,
)

from .sources import CitationMark

#: Kinds of source that argue or explore, and measure no effect on people.
DESIGNS_THAT_MEASURE_NO_EFFECT = {"narrative_review", "opinion", "laboratory"}
_AT_MOST_VERY_LOW = {"very-low", "none", "not-rated"}
#: Lists whose rows name a term of the shared vocabulary, and the key of that term.
_TERMS = {rows.name: rows.term for rows in contents.CLAIM_ROWS if rows.term}
#: The key of what a row is about, where it is not its words.
_SUBJECTS = {"findings": "outcome"}


@dataclass(frozen=True)
class RatedClaim:
    """A claim in a list: its words, how sure we are, and its citation marks."""

    uid: str
    text: str
    certainty: CertaintyWords  # what readers are told: a level, or CHECKED_AGAIN laid over it
    frozen_level: str  # the level as it was approved
    says: Words  # what studies show, as a sentence; "" where nothing was rated
    disagreement: Words  # a sentence where sources disagree, else ""
    marks: list[CitationMark]
    note: str = ""
    row: AnyRow = field(default_factory=dict)  # the frozen row, for what only its kind has
    sides: list[str] = field(default_factory=list)  # where they disagree: a sentence per side
    count: Count | None = None  # of side effects alone
    subject: str = "effect"  # what we are sure of: one of CERTAINTY_SUBJECTS, or "opinion"
    people: str = ""  # who was studied
    comparator: str = ""
    source_says: list[Words] = field(default_factory=list)  # how sure its sources are themselves

    @property
    def is_checked_again(self) -> bool:
        return self.certainty is CHECKED_AGAIN

    @property
    def how_long(self) -> str:
        """How long a side effect lasts, as a sentence; "" where nobody said it."""
        return how_long(self.row.get("how_long", ""))

    @property
    def note_counts(self) -> bool:
        """Whether the note has numbers, such as a range of counts that no single count holds."""
        return any(letter.isdigit() for letter in self.note)


def rated_claim(
    row: AnyRow,
    list_name: str,
    claim: FrozenClaim | None,
    marks: list[CitationMark],
    *,
    is_checked_again: bool = False,
) -> RatedClaim:
    """Return the claim of a frozen row. `claim` is None for a row that nobody rated yet."""
    level = claim["certainty"] if claim else "not-rated"
    words = CHECKED_AGAIN if is_checked_again else CERTAINTY_LEVELS[level]
    disagree = claim is not None and sources_disagree(claim)
    stances = [citation["stance"] for citation in claim["citations"]] if claim else []
    return RatedClaim(
        uid=row["uid"],
        text=name_of_row(row, list_name),
        certainty=words,
        frozen_level=level,
        says=words.says(claim["direction"] if claim else ""),
        disagreement=STUDIES_DISAGREE if disagree else "",
        marks=marks,
        note=row.get("note", ""),
        row=row,
        sides=sides(stances) if disagree else [],
        count=counted(row["n"], row["base"], row["unit"]) if row.get("n") is not None else None,
        subject=subject_of_row(row, list_name),
        people=claim["population"] if claim else "",
        comparator=claim["comparator"] if claim else "",
        source_says=(what_sources_say(claim, is_checked_again=is_checked_again) if claim else []),
    )


def name_of_row(row: AnyRow, list_name: str) -> str:
    """Return what a row that is a claim is about: its term, its outcome, or its words."""
    if list_name in _TERMS:
        return row[_TERMS[list_name]]["name"]
    return row[_SUBJECTS.get(list_name, "text")]


def what_sources_say(claim: FrozenClaim, *, is_checked_again: bool = False) -> list[Words]:
    """Return what readers must know of the sources of `claim`, as they rate themselves.

    That of the surest one; that none says it, of a claim nobody rated; and whether a review counts
    a study that was taken back. While the claim `is_checked_again`, only the last.
    """
    supporting = [one for one in claim["citations"] if one["stance"] == "supports"]
    levels = [source_level(one["source_certainty"], one["source_scheme"]) for one in supporting]
    found: list[Words] = []
    if is_checked_again:
        pass  # the surest source may be the one that was taken back
    elif level := surest_level(level for level in levels if level):
        found.append(SOURCE_ITSELF[level])
    elif supporting and claim["certainty"] == "not-rated" and claim["kind"] == "finding":
        found.append(SOURCE_ITSELF_SAYS_NOTHING)
    if any(one.get("includes_retracted") for one in supporting):
        found.append(INCLUDES_RETRACTED)
    return found


def say_the_same(lines: Sequence[RatedClaim]) -> bool:
    """Return whether more than one line say one sentence, and no more: it is said once for all."""
    said = {(str(line.says), line.certainty.level) for line in lines}
    more = any(
        line.note or line.disagreement or line.people or line.comparator or line.source_says
        for line in lines
    )
    return len(lines) > 1 and len(said) == 1 and not more


@dataclass(frozen=True)
class OverallCertainty:
    """How sure we are of most claims of a list, said once. A claim that differs says so itself."""

    level: str  # "" where no level holds for most claims
    says: str  # "" where there is nothing to say for all

    @classmethod
    def of(cls, claims: Sequence[RatedClaim]) -> "OverallCertainty":
        if not claims:
            return cls("", "")
        subject = _subject_of_all(claims)
        # A claim that is checked again says so itself, and this is about all others.
        others = [claim for claim in claims if not claim.is_checked_again]
        if not others:
            return cls("", str(TO_BE_SAFE) if subject in WARNINGS else "")
        level, count = Counter(claim.certainty.level for claim in others).most_common(1)[0]
        if 2 * count <= len(others):
            level = ""
        sentences = []
        if level:
            is_general = count < len(claims)
            sentences.append(certainty_sentence(level, subject, is_general=is_general))
        is_any_unsure = any(
            claim.is_checked_again or claim.certainty.level in UNSURE for claim in claims
        )
        if subject in WARNINGS and level not in UNSURE and is_any_unsure:
            sentences.append(str(IF_UNSURE))
        return cls(level, " ".join(filter(None, sentences)))


def said_of_all_studies(
    studies: Sequence[RatedClaim], lists: Iterable[OverallCertainty]
) -> OverallCertainty:
    """Return how sure we are of all that `studies` show, where that is one level, said once.

    It also speaks for those `lists` of which most lines have that level. They come after it, and
    `unless_said_above` takes their own sentence away.
    """
    levels = {claim.certainty.level for claim in studies}
    level = levels.pop() if len(levels) == 1 else ""
    if level not in CERTAINTY_LEVELS or level == "not-rated":
        return OverallCertainty("", "")
    sentences: list[Words] = [certainty_sentence(level)]
    if level == "none":
        sentences = [CERTAINTY_LEVELS[level].because]
    if any(overall.level == level for overall in lists):
        sentences.append(SAID_OF_LISTS_BELOW)
    return OverallCertainty(level, " ".join(map(str, sentences)))


def unless_said_above(overall: OverallCertainty, above: OverallCertainty) -> OverallCertainty:
    """Return `overall` of a list, without its sentence where the one `above` speaks for it."""
    return replace(overall, says="") if overall.level and overall.level == above.level else overall


def _subject_of_all(claims: Sequence[RatedClaim]) -> str:
    subjects = {claim.subject for claim in claims}
    # Where some side effects are counted and some are not.
    return "harm" if len(subjects) > 1 else claims[0].subject


def subject_of_row(row: AnyRow, list_name: str) -> str:
    """Return what we are sure of in a row: one of CERTAINTY_SUBJECTS, or "opinion"."""
    if list_name == "side_effects":
        return "harm" if row["n"] is None else "number"
    if list_name == "contraindications":
        return "ask_first" if row["action"] == "ask_first" else "warning"
    return "opinion" if row.get("kind") == "expert" else "effect"


def subject_of_phrase(claim: FrozenClaim) -> str:
    """Return what we are sure of in a claim that is a phrase of the text, and no row."""
    return {"harm": "harm", "worse": "harm", "fact": "fact"}.get(claim["direction"], "effect")


def sources_disagree(claim: FrozenClaim) -> bool:
    """Return whether the sources of a claim say different things about it."""
    stances = {citation["stance"] for citation in claim["citations"]}
    return "mixed" in stances or {"supports", "contradicts"} <= stances


def note_in_text(claim: FrozenClaim, *, is_checked_again: bool = False) -> Words:
    """Return what every reader must know of a claim in the text at once; "" for nothing.

    It comes right after the claim, in brackets, in the middle of a sentence.
    """
    if is_checked_again:
        return CHECKED_AGAIN_IN_TEXT
    if sources_disagree(claim):
        return DISAGREE_IN_TEXT
    return UNTESTED_IN_TEXT if claim["certainty"] == "none" and not claim["citations"] else ""


def rest_on_overviews_only(claims: Iterable[FrozenClaim]) -> bool:
    """Return whether all evidence is overviews, opinions or lab studies, with no higher rating."""
    claims = list(claims)
    designs = {
        citation["design"]
        for claim in claims
        for citation in claim["citations"]
        if citation["stance"] != "background"
    }
    levels = {claim["certainty"] for claim in claims}
    if not designs or not designs <= DESIGNS_THAT_MEASURE_NO_EFFECT:
        return False
    return "very-low" in levels and levels <= _AT_MOST_VERY_LOW
