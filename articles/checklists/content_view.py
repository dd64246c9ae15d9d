"""Frozen content as checklists ask about it: what it tells, in which numbers, in which parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext

from articles.findings import figures, pictures, sentences
from articles.findings.arms import names_a_lack
from articles.models import Certainty
from articles.preflight import DraftToCheck
from articles.preflight.readability import Readability, readability_of
from articles.revisions import contents
from articles.revisions.frozen_content import (
    AnyRow,
    FindingRow,
    FrozenClaim,
    FrozenContent,
    SideEffectRow,
)
from articles.richtext import blocks
from articles.richtext.cleaning import plain_text
from articles.richtext.headings import HEADING, headings_in
from articles.wording import HEADINGS, counted

#: More words than that under one heading are more than a tired reader takes in.
MOST_WORDS_OF_A_PART = 200
#: Lists of rows that a reader sees as one list, by the heading they stand under.
_LISTS = {
    "key": ("key_points",),
    "not": ("contraindications",),
    "suits": ("indications",),
    "happens": ("steps",),
    "effects": ("side_effects",),
    "help": ("help",),
    "advice": ("recommendations",),
    "options": ("alternatives",),
    "ask": ("questions",),
}
#: What else a section needs to be there, beside _LISTS.
_SECTIONS = {
    "compared": ("comparison",),
    "studies": ("conditions", "findings"),
    "reading": ("reading_list",),
    "related": ("related",),
}
#: {kind of a claim: directions of a good side}. A condition has none where nobody chose one.
_GOOD = {"condition": {"", "better"}, "finding": {"better"}, "text": {"better"}}
_TELLS = {"high", "moderate", "low"}
_LIST = re.compile(r"<(ul|ol)>")


@dataclass(frozen=True)
class Part:
    """A stretch of the body under one heading of its author."""

    anchor: str
    heading: str  # "" before the first
    words: int


class ContentView:
    """Frozen content, read once. `language` is active while sentences and arms are looked at."""

    def __init__(self, content: FrozenContent) -> None:
        self.content = content
        self.language = content["language"]
        self.claims: dict[str, FrozenClaim] = {claim["key"]: claim for claim in content["claims"]}

    # --- sections ------------------------------------------------------------------------------
    def has_section(self, anchor: str) -> bool:
        """Return whether the page has a place with this id."""
        if anchor == "not":
            named = self.content["no_known_contraindications"] or self.content["contraindications"]
            return bool(named)
        if anchor == "references":
            return any(claim["citations"] for claim in self.content["claims"])
        if anchor == "words":
            return any(row["meaning"] for row in self.content.get("words", ()))
        if anchor == "about" or anchor in self._headings_of_parts:
            return True
        names = _LISTS.get(anchor) or _SECTIONS.get(anchor) or ()
        return any(self.content.get(name) for name in names)

    def heading_of(self, anchor: str) -> str:
        """Return what the page calls that place, for colleagues."""
        if anchor == "key":
            return gettext("Key points")
        return str(self._headings_of_parts.get(anchor) or HEADINGS.get(anchor) or "")

    @cached_property
    def _headings_of_parts(self) -> dict[str, str]:
        return {part.anchor: part.heading for part in self.parts}

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of the body; the text before the first heading belongs to "what"."""
        first, *rest = HEADING.split(self.content["body"])
        found = [Part("what", "", _words_in(first))] if plain_text(first).strip() else []
        for number, (heading, text) in enumerate(zip(rest[::2], rest[1::2], strict=True), 1):
            name = " ".join(plain_text(heading).split())
            found.append(Part(f"part-{number}", name, _words_in(text)))
        return found

    @property
    def headings(self) -> list[str]:
        return headings_in(self.content["body"])

    @property
    def lists(self) -> Iterator[tuple[str, int]]:
        """Yield (anchor, number of lines) of every list on the page."""
        for anchor, names in _LISTS.items():
            if lines := sum(len(self.content.get(name, ())) for name in names):  # type: ignore[misc,arg-type]
                yield anchor, lines
        anchor, number = "what", 0
        for block in blocks.split(self.content["body"]):
            if HEADING.match(block):
                number += 1
                anchor = f"part-{number}"
            elif _LIST.match(block):
                yield anchor, block.count("<li>")

    @property
    def tables(self) -> list[str]:
        """The tables of the body, as HTML."""
        found = blocks.split(self.content["body"])
        return [block for block in found if block.startswith("<table")]

    @cached_property
    def texts(self) -> list[str]:
        """Every text the author wrote, as plain text."""
        return [
            plain_text(text) if value.name == "body" else text
            for text, value, _uid in contents.texts_for_readers(self.content)
            if text
        ]

    @cached_property
    def readability(self) -> Readability:
        return readability_of(DraftToCheck(content=self.content))

    @property
    def is_measured(self) -> bool:
        """Whether there is a figure for how hard its words are."""
        return self.language in {"en", "es"} and bool(self.readability.page.sentences)

    # --- evidence ------------------------------------------------------------------------------
    @property
    def cited(self) -> set[str]:
        """Uids of the references something rests on."""
        citations = (one for claim in self.content["claims"] for one in claim["citations"])
        return {citation["reference"] for citation in citations}

    @property
    def effects(self) -> list[FrozenClaim]:
        """Claims that the treatment does something for somebody."""
        kinds = {"condition", "finding"}
        return [claim for claim in self.content["claims"] if claim["kind"] in kinds]

    def level_of(self, row: AnyRow) -> str:
        claim = self.claims.get(row["claim"] or "")
        return claim["certainty"] if claim else Certainty.NOT_RATED.value

    def says_for_whom(self, row: AnyRow) -> bool:
        """Whether the claim of `row` names the people it is about."""
        claim = self.claims.get(row["claim"] or "")
        return bool(claim and claim["population"])

    @property
    def good_sides(self) -> int:
        """How many good sides of the treatment the page tells, surer than "we do not know"."""
        return sum(
            claim["certainty"] in _TELLS and claim["direction"] in directions
            for claim in self.content["claims"]
            if (directions := _GOOD.get(claim["kind"]))
        )

    @property
    def bad_sides(self) -> int:
        worse = [
            row
            for row in self.findings
            if row["direction"] == "worse" and row["side_effect"] is None
        ]
        effects, reasons = self.content["side_effects"], self.content["contraindications"]
        return len(worse) + len(effects) + len(reasons)

    # --- numbers -------------------------------------------------------------------------------
    @property
    def findings(self) -> list[FindingRow]:
        return self.content.get("findings", [])

    @cached_property
    def told_findings(self) -> list[FindingRow]:
        """Findings of which readers get the numbers."""
        return [row for row in self.findings if sentences.tells_numbers(row, self.level_of(row))]

    @property
    def told_counts(self) -> list[FindingRow]:
        return [row for row in self.told_findings if row["kind"] == "count"]

    @property
    def counted_effects(self) -> list[SideEffectRow]:
        """Side effects that say how often they come."""
        return [row for row in self.content["side_effects"] if row["n"] is not None]

    @property
    def effects_without_finding(self) -> list[SideEffectRow]:
        """Counted side effects whose number stands alone, with nothing to compare it with."""
        compared = {row["side_effect"]["uid"] for row in self.told_counts if row["side_effect"]}
        return [row for row in self.counted_effects if row["side_effect"]["uid"] not in compared]

    @property
    def tells_chances(self) -> bool:
        return bool(self.told_counts or self.counted_effects)

    @cached_property
    def drawn(self) -> int:
        """How many findings and counts the page draws by itself."""
        base = figures.common_base(self.findings)
        with translation.override(self.language):
            found = [
                pictures.picture_of(row, self.claims.get(row["claim"] or ""), base)
                for row in self.told_findings
            ]
            dots = [self._count_of(row).filled for row in self.counted_effects]
        return sum(picture is not None for picture in found) + sum(map(bool, dots))

    @property
    def bases(self) -> set[int]:
        """Out of how many the page counts, each once."""
        found = {figures.common_base(self.findings)} if self.told_counts else set()
        with translation.override(self.language):
            for row in self.counted_effects:
                # What is drawn, or told beside the numbers of the study, is out of a hundred.
                is_of_hundred = self._count_of(row).filled is not None
                found.add(100 if is_of_hundred else int(row["base"] or 0))
        return found

    @staticmethod
    def _count_of(row: SideEffectRow):
        return counted(int(row["n"] or 0), int(row["base"] or 1), row["unit"])

    @property
    def compares_with_nothing_done(self) -> bool:
        """Whether a finding tells what happened to people who went without."""
        with translation.override(self.language):
            return any(
                row["without"] is not None and names_a_lack(row["comparator"])
                for row in self.findings
            )

    @property
    def shown_pictures(self) -> list[AnyRow]:
        """Pictures that say something."""
        rows = self.content.get("pictures", [])
        return [row for row in rows if not row["picture"]["is_decorative"]]

    # --- what to do ----------------------------------------------------------------------------
    @property
    def actions(self) -> list[str]:
        """What readers are asked to do."""
        steps = [
            row["text"] for row in self.content["key_points"] if row.get("kind") == "next_step"
        ]
        return steps + self.advice

    @property
    def advice(self) -> list[str]:
        rows = self.content["recommendations"]
        return [row["text"] for row in rows if row["kind"] != "expert"]


def _words_in(html: str) -> int:
    return len(plain_text(html).split())
