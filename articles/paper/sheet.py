"""What stands on the one sheet of paper, and what gives way where it does not fit on two sides.

Pure: takes a Page, gives values for templates. Whether it fits is measured in `handouts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from articles.page.certainty import RatedClaim
from articles.page.findings import ShownFinding
from articles.page.page import Page, Phase
from articles.revisions.frozen_content import SentenceRow
from articles.wording import HEADINGS, Words

Row = TypeVar("Row")


class GivesWay(NamedTuple):
    """One step: of this part, no more than so many are left."""

    part: str
    most: int


#: No step of ORDER concerns these.
SAFETY = ("key points", "who should not have it", "when to get help", "serious side effects")

#: How much there is of each part before anything gives way. What is not named here is whole.
AT_FIRST = {"lines for notes": 14, "lines under a question": 2, "drawings": 1, "details": 1}

#: What gives way, the first first. Safety is not among it: where safety alone fills more than two
#: sides, there are more sides. Empty lines go before words, and words before advice. Within a list
#: the rows at its end go first, since writers put the most important one on top.
ORDER = (
    *(GivesWay("lines for notes", most) for most in range(13, -1, -1)),
    GivesWay("lines under a question", 1),
    GivesWay("drawings", 0),
    GivesWay("questions", 6),
    GivesWay("questions", 5),
    GivesWay("questions", 4),
    GivesWay("lines under a question", 0),
    # How long a side effect lasts, notes on it, and what to do about it.
    GivesWay("details", 0),
    GivesWay("questions", 3),
    *(GivesWay("steps", most) for most in (12, 9, 7, 6, 5, 4, 3)),
    GivesWay("questions", 0),
    *(GivesWay("things to do", most) for most in (8, 6, 4, 3, 2)),
    GivesWay("steps", 0),
    *(GivesWay("side effects", most) for most in (12, 10, 8, 6, 5, 4, 3, 2)),
    *(GivesWay("things not to do", most) for most in (8, 6, 4, 3, 2)),
    GivesWay("things to do", 0),
    GivesWay("side effects", 0),
    GivesWay("things not to do", 0),
)


@dataclass(frozen=True)
class EffectOnPaper:
    """A side effect as the sheet says it. `numbers` are sentences; none where nobody counted it."""

    line: RatedClaim
    numbers: list[str]
    how_long: str
    note: str
    what_to_do: str
    is_drawn: bool

    @property
    def is_counted(self) -> bool:
        return bool(self.numbers) or self.line.note_counts

    @property
    def says_more(self) -> bool:
        """Whether words follow its name."""
        return bool(self.numbers or self.how_long or self.note or self.what_to_do)


class Sheet:
    """What a page says on one sheet after the first `steps` steps of ORDER were taken."""

    def __init__(self, page: Page, steps: int = 0) -> None:
        self.page = page
        self._most = dict(AT_FIRST) | {step.part: step.most for step in ORDER[:steps]}

    def _first(self, part: str, rows: Sequence[Row]) -> list[Row]:
        return list(rows[: self._most.get(part)])

    # --- room to write -------------------------------------------------------------------------
    @property
    def lines_for_notes(self) -> range:
        return range(self._most["lines for notes"])

    @property
    def lines_under_a_question(self) -> range:
        return range(self._most["lines under a question"])

    # --- what may give way ---------------------------------------------------------------------
    @property
    def questions(self) -> list[SentenceRow]:
        return self._first("questions", self.page.questions)

    @cached_property
    def phases(self) -> list[Phase]:
        """What happens before, during and after, without the last steps if they gave way."""
        most = self._most.get("steps", len(self.page.steps))
        found = []
        for phase in self.page.phases:
            if rows := phase.rows[: max(0, most - phase.first + 1)]:
                found.append(Phase(phase.heading, rows, phase.first))
        return found

    @property
    def do(self) -> list[RatedClaim]:
        return self._first("things to do", self.page.do)

    @property
    def do_not(self) -> list[RatedClaim]:
        return self._first("things not to do", self.page.do_not)

    @cached_property
    def side_effects(self) -> list[EffectOnPaper]:
        """Those that are not serious, counted ones first."""
        has_details = bool(self._most["details"])
        shown = self._first("side effects", self.page.side_effects)
        return _counted_first([self._on_paper(line, has_details=has_details) for line in shown])

    @cached_property
    def serious_side_effects(self) -> list[EffectOnPaper]:
        """The serious ones, always with all that the page says of them."""
        lines = self.page.serious_side_effects
        return _counted_first([self._on_paper(line, has_details=True) for line in lines])

    def _on_paper(self, line: RatedClaim, *, has_details: bool) -> EffectOnPaper:
        numbers = [line.count.says, line.count.other_side] if line.count else []
        if line.count and has_details:
            numbers.append(line.count.as_counted)
        for finding in self.page.side_effect_findings.get(line.uid, ()):
            numbers += _sentences(finding)
        is_drawn = line.count is not None and line.count.filled is not None
        return EffectOnPaper(
            line,
            [sentence for sentence in numbers if sentence],
            line.how_long if has_details else "",
            # A note may be the only place with a count.
            line.note if has_details or line.note_counts else "",
            line.row.get("what_to_do", "") if has_details else "",
            is_drawn and bool(self._most["drawings"]),
        )

    # --- what gave way -------------------------------------------------------------------------
    @cached_property
    def left_out(self) -> list[Words]:
        """The headings of the parts of which the page says more, in the order of the page."""
        page = self.page
        gave_way = {
            "happens": sum(len(phase.rows) for phase in self.phases) < len(page.steps),
            "effects": len(self.side_effects) < len(page.side_effects) or self._lacks_details,
            "advice": len(self.do) < len(page.do) or len(self.do_not) < len(page.do_not),
            "ask": len(self.questions) < len(page.questions),
        }
        return [HEADINGS[part] for part, is_less in gave_way.items() if is_less]

    @property
    def _lacks_details(self) -> bool:
        return any(
            (effect.line.row.get("how_long", "") and not effect.how_long)
            or (effect.line.note and not effect.note)
            or (effect.line.row.get("what_to_do", "") and not effect.what_to_do)
            or (effect.line.count and effect.line.count.as_counted not in ["", *effect.numbers])
            for effect in self.side_effects
        )


def _counted_first(effects: list[EffectOnPaper]) -> list[EffectOnPaper]:
    return sorted(effects, key=lambda effect: not effect.is_counted)


def _sentences(finding: ShownFinding) -> list[str]:
    return [str(finding.text.effect), *map(str, finding.text.numbers)]
