"""A page from frozen content: what the public page, the draft preview and the handout show, in reading order.

Pure: takes content (articles.freezing), gives values for templates. Citation numbers are handed out here, by first
use from the top of the page to its end, and are stored nowhere.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from references import citing

from .richtext.citations import body_with_citations
from .wording import STANCES, STUDIES_DISAGREE, STUDY_KINDS, SURENESS, Sureness


@dataclass(frozen=True)
class Mark:
    """A superscript number in the text: leads to its entry in the list, and can be come back to."""

    number: int
    anchor: str  # id of this occurrence, e.g. "c7-2"

    @property
    def target(self):
        return f"r{self.number}"


@dataclass(frozen=True)
class Use:
    """One sentence a source is used for."""

    text: str
    stance: str  # a sentence
    quote: str
    locator: str
    note: str


@dataclass
class Entry:
    """A source in the list at the foot of the page."""

    uid: str
    number: int | None  # None: further reading, nothing rests on it
    citation: SafeString
    doi: str
    pmid: str
    url: str
    free_url: str
    kind: str  # kind of study, plain words
    is_preprint: bool = False
    marks: list[Mark] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    @property
    def doi_url(self):
        return f"https://doi.org/{self.doi}" if self.doi else ""


@dataclass(frozen=True)
class Line:
    """A claim as a line of a list: its words, how sure we are, and its marks."""

    uid: str
    text: str
    sure: Sureness
    says: str  # what studies show, as a sentence; "" where nothing was rated
    disagreement: str  # a sentence where sources disagree, else ""
    marks: list[Mark]
    note: str = ""
    row: dict = field(default_factory=dict)  # the frozen row, for what only its kind has


class Page:
    """What a page says. Attributes are computed in reading order; a template may use them in any."""

    def __init__(self, content):
        self.content = content
        self.title = content["title"]
        self.kicker = content["kicker"]
        self.summary = content["summary"]
        self.language = content["language"]
        self.other_names = content["other_names"]
        self.is_demonstration = content["is_demonstration"]
        self.written_by = content["written_by"]
        self.funding = content["funding"]
        self.conflicts = content["conflicts"]
        self.evidence_searched_on = _date(content["evidence_searched_on"])
        self.tags = content["tags"]
        self.compared_with = content["compared_with"]
        self.comparison = content["comparison"]
        self.questions = content["questions"]
        self.key_points = content["key_points"]
        self.help_now, self.help_today, self.help_routine = (
            [row for row in content["help"] if row["kind"] == kind] for kind in ("now", "today", "routine")
        )
        self.no_known_contraindications = content["no_known_contraindications"]

        self._claims = {claim["key"]: claim for claim in content["claims"]}
        self._references = {reference["uid"]: reference for reference in content["references"]}
        self._entries = {}
        # In the order of the page, for numbers are handed out as they are asked for.
        reasons = self._lines("contraindications", lambda row: row["contraindication"]["name"])
        self.stop_if = [line for line in reasons if line.row["action"] == "stop"]
        self.ask_first_if = [line for line in reasons if line.row["action"] == "ask_first"]
        self.body = body_with_citations(content["body"], self._cite)
        self.conditions = self._lines("conditions", lambda row: row["condition"]["name"])
        self.indications = self._lines("indications", lambda row: row["text"])
        effects = self._lines("side_effects", lambda row: row["side_effect"]["name"])
        self.side_effects = [line for line in effects if not line.row["is_serious"]]
        self.serious_side_effects = [line for line in effects if line.row["is_serious"]]
        advice = self._lines("recommendations", lambda row: row["text"])
        self.do = [line for line in advice if line.row["kind"] == "do"]
        self.do_not = [line for line in advice if line.row["kind"] == "dont"]
        self.expert_views = [line for line in advice if line.row["kind"] == "expert"]
        self.references = sorted(self._entries.values(), key=lambda entry: entry.number)

    @cached_property
    def further_reading(self):
        """Sources on the reading list that nothing rests on: never shown as evidence."""
        return [self._entry(uid, None) for uid in self.content["reading_list"] if uid not in self._entries]

    @cached_property
    def sureness_levels(self):
        """The levels this page uses, surest first, so that it explains no others."""
        used = {self._claims[row["claim"]]["certainty"] for row in self.content["conditions"] if row["claim"]}
        return [sureness for level, sureness in SURENESS.items() if level in used]

    def _lines(self, name, words):
        return [self._line(row, words(row)) for row in self.content[name]]

    def _line(self, row, text):
        claim = self._claims.get(row["claim"]) or {"certainty": "not-rated", "direction": "", "citations": []}
        stances = {link["stance"] for link in claim["citations"]}
        disagree = "mixed" in stances or {"supports", "contradicts"} <= stances
        sure = SURENESS[claim["certainty"]]
        return Line(
            uid=row["uid"],
            text=text,
            sure=sure,
            says=sure.says(claim["direction"]),
            disagreement=STUDIES_DISAGREE if disagree else "",
            marks=self._cite(row["claim"]),
            note=row.get("note", ""),
            row=row,
        )

    def _cite(self, key):
        """The marks for one occurrence of a claim, in the order its sources are numbered."""
        claim = self._claims.get(key)
        if claim is None:
            return []
        marks = {}
        for link in claim["citations"]:
            entry = self._entries.get(link["reference"])
            if entry is None:
                entry = self._entries[link["reference"]] = self._entry(link["reference"], len(self._entries) + 1)
            if entry.number not in marks:
                mark = Mark(entry.number, f"c{entry.number}-{len(entry.marks) + 1}")
                entry.marks.append(mark)
                marks[entry.number] = mark
            use = Use(
                claim["text"], STANCES[link["stance"]], link["quote"],
                " ".join(filter(None, [link["locator_kind"], link["locator"]])), link["note"],
            )  # fmt: skip
            if use not in entry.uses:
                entry.uses.append(use)
        return [marks[number] for number in sorted(marks)]

    def _entry(self, uid, number):
        reference = self._references[uid]
        return Entry(
            uid=uid,
            number=number,
            citation=citing.ama_html(reference["csl"], doi=False),
            doi=reference["doi"],
            pmid=reference["pmid"] or "",
            url=reference["url"],
            free_url=reference["free_url"],
            kind=STUDY_KINDS.get(reference["design"], ""),
        )


@dataclass(frozen=True)
class Imprint:
    """What stands about a publication outside its frozen text: who approved, when, which version."""

    number: int
    published_at: datetime
    change_note: str
    checked_by: list[dict]  # {name, role, at (datetime), kind}

    @classmethod
    def of(cls, publication):
        return cls(
            publication.number,
            publication.at,
            publication.change_note,
            [{**approval, "at": datetime.fromisoformat(approval["at"])} for approval in publication.approvals],
        )

    @property
    def checked_at(self):
        """When it was last checked; None when nobody is named."""
        return max((person["at"] for person in self.checked_by), default=None)


def _date(text):
    return date.fromisoformat(text) if text else None
