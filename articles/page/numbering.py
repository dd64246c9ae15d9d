"""Citation numbers: given where a source is first cited, from the top of the page to its end.

They are stored nowhere.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from articles.findings.figures import common_base
from articles.findings.sentences import finding_text
from articles.findings.source_certainty import source_level
from articles.revisions import contents
from articles.revisions.frozen_content import (
    AnyContent,
    AnyRow,
    FrozenCitation,
    FrozenClaim,
    FrozenContent,
)
from articles.wording import (
    CHECKED_AGAIN,
    INCLUDES_RETRACTED,
    SOURCE_ITSELF,
    STANCE_HEADINGS,
    STANCES,
    STUDIES_DISAGREE,
    STUDY_KINDS,
    certainty_sentence,
    count_phrase,
    locator,
)

from .certainty import sources_disagree, subject_of_phrase, subject_of_row
from .sources import CitationMark, CitedSentence, SourceEntry, source_entry


@dataclass(frozen=True)
class ClaimList:
    """A list of claims on the page: the frozen rows under `key` that hold the values of `only`."""

    name: str
    key: str
    only: Mapping[str, object] = field(default_factory=dict)

    def rows(self, content: AnyContent) -> list[AnyRow]:
        """Return its rows; revisions older than the list have none."""
        return [
            row
            for row in content.get(self.key, ())
            if all(row[name] == value for name, value in self.only.items())
        ]


INTRODUCTION, MAIN_TEXT = "introduction", "main text"
#: The parts of a page that cite, from its top to its end: numbers follow this order.
READING_ORDER: tuple[str | ClaimList, ...] = (
    INTRODUCTION,
    ClaimList("stop_if", "contraindications", {"action": "stop"}),
    ClaimList("ask_first_if", "contraindications", {"action": "ask_first"}),
    MAIN_TEXT,
    ClaimList("conditions", "conditions"),
    ClaimList("findings", "findings"),
    ClaimList("indications", "indications"),
    ClaimList("side_effects", "side_effects", {"is_serious": False}),
    ClaimList("serious_side_effects", "side_effects", {"is_serious": True}),
    ClaimList("do", "recommendations", {"kind": "do"}),
    ClaimList("do_not", "recommendations", {"kind": "dont"}),
    ClaimList("expert_views", "recommendations", {"kind": "expert"}),
)


class Numbering:
    """The sources of frozen content that were cited so far. Cite in the order of the page.

    `checked_again` are the keys of claims whose certainty readers do not get now.
    """

    def __init__(self, content: FrozenContent, checked_again: Collection[str] = ()) -> None:
        self._checked_again = checked_again
        self._claims = {claim["key"]: claim for claim in content["claims"]}
        self._references = {reference["uid"]: reference for reference in content["references"]}
        self._entries: dict[str, SourceEntry] = {}
        self._subjects = {
            row["claim"]: subject_of_row(row, rows.name)
            for rows, row in contents.rows_that_are_claims(content)
        }
        # The text of such a claim has the count in it, in the language it was typed under.
        self._counts = {
            row["claim"]: row for row in content["side_effects"] if row["n"] is not None
        }
        self._findings = {row["claim"]: row for row in content.get("findings", ())}

    @property
    def entries(self) -> list[SourceEntry]:
        """The sources cited so far, by number."""
        return list(self._entries.values())

    def without_number(self, uids: Iterable[str]) -> list[SourceEntry]:
        """Return those of the references `uids` that nothing rests on."""
        return [source_entry(self._references[uid]) for uid in uids if uid not in self._entries]

    def cite(self, key: str | None) -> list[CitationMark]:
        """Return the marks for one occurrence of a claim, by number."""
        claim = self._claims.get(key or "")
        if claim is None:
            return []
        marks: dict[str, CitationMark] = {}
        for citation in claim["citations"]:
            entry = self._entry(citation)
            if entry.uid not in marks:
                marks[entry.uid] = entry.new_mark()
            sentence = entry.cited_for(self._cited_sentence(claim, citation))
            if marks[entry.uid].anchor not in sentence.anchors:
                sentence.anchors.append(marks[entry.uid].anchor)
        return sorted(marks.values(), key=lambda mark: mark.number)

    def _entry(self, citation: FrozenCitation) -> SourceEntry:
        """Return the source of a citation, with the next number if it has none yet."""
        uid = citation["reference"]
        if uid not in self._entries:
            self._entries[uid] = source_entry(self._references[uid], len(self._entries) + 1)
        entry = self._entries[uid]
        entry.is_evidence |= citation["stance"] != "background"
        entry.kind = entry.kind or STUDY_KINDS.get(citation["design"], "")
        return entry

    def _cited_sentence(self, claim: FrozenClaim, citation: FrozenCitation) -> CitedSentence:
        subject = self._subjects.get(claim["key"]) or subject_of_phrase(claim)
        is_checked_again = claim["key"] in self._checked_again
        level = CHECKED_AGAIN.level if is_checked_again else claim["certainty"]
        return CitedSentence(
            text=self._text_of(claim),
            stance=STANCES[citation["stance"]],
            heading=STANCE_HEADINGS[citation["stance"]],
            quote=citation["quote"],
            quote_language=citation["quote_language"],
            locator=locator(citation["locator_kind"], citation["locator"]),
            note=citation["note"],
            source_says=_what_it_says_of_itself(citation),
            certainty=certainty_sentence(level, subject),
            disagreement=STUDIES_DISAGREE if sources_disagree(claim) else "",
            people=claim["population"],
            comparator=claim["comparator"],
        )

    def _text_of(self, claim: FrozenClaim) -> str:
        if finding := self._findings.get(claim["key"]):
            base, is_checked_again = common_base([finding]), claim["key"] in self._checked_again
            text = finding_text(finding, claim, base, is_checked_again=is_checked_again)
            return f"{finding['outcome']}: {text.whole}" if text.whole else finding["outcome"]
        row = self._counts.get(claim["key"])
        if row is None or row["n"] is None or row["base"] is None:
            return claim["text"]
        return f"{row['side_effect']['name']}: {count_phrase(row['n'], row['base'], row['unit'])}"


def _what_it_says_of_itself(citation: FrozenCitation) -> str:
    """Return how sure the source is itself, and whether it counts a study that was taken back."""
    level = source_level(citation["source_certainty"], citation["source_scheme"])
    says = [SOURCE_ITSELF[level]] if level else []
    if citation.get("includes_retracted"):
        says.append(INCLUDES_RETRACTED)
    return " ".join(map(str, says))
