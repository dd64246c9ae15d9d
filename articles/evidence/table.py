"""The evidence of one article as a table: a row for each claim, a column for each source.

Pure: it takes the draft of the preflight and returns values for a template. The flags are those of
the preflight, so this page and the list of things to do cannot differ.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles import preflight
from articles.models import Certainty, Claim, Stance
from articles.page.page import Page
from articles.preflight import DraftToCheck
from articles.refusals import Words
from articles.richtext.markers import claims_in
from articles.wording import locator
from references import csl
from references.models import Integrity

#: The sign of a stance, for people who see the table. Its words are the label of the Stance.
SIGNS = {Stance.SUPPORTS: "+", Stance.CONTRADICTS: "−", Stance.MIXED: "±", Stance.BACKGROUND: "○"}

_TITLES = {
    Claim.Kind.CONTRAINDICATION: _("Reasons not to have it"),
    Claim.Kind.TEXT: _("Phrases in the text"),
    Claim.Kind.CONDITION: _("Conditions it is tried for"),
    Claim.Kind.FINDING: _("Findings"),
    Claim.Kind.INDICATION: _("People it may suit"),
    Claim.Kind.SIDE_EFFECT: _("Side effects"),
    Claim.Kind.RECOMMENDATION: _("Advice"),
}

_AGAINST = {Stance.CONTRADICTS, Stance.MIXED}
#: {code: (words, whether it is serious)} of the flags of a row. All codes but the first are codes
#: of check messages of the preflight.
_FLAGS = {
    "spoken_against": (_("sources speak against it"), True),
    "every_claim_has_evidence": (_("no evidence"), True),
    "sources_still_stand": (_("rests on a source that was taken back"), True),
    "words_are_those_the_evidence_was_linked_to": (
        _("wording changed since evidence was linked"),
        True,
    ),
    "certainty_stays_under_its_ceiling": (_("rated above what its evidence carries"), True),
    "claims_are_no_surer_than_their_sources": (_("surer than its sources are themselves"), True),
    "claims_promise_no_more_than_their_evidence": (_("words too sure for its certainty"), True),
    "links_say_where_to_look": (_("does not say where to look"), False),
    "claims_rest_on_more_than_background": (_("background only"), False),
}
#: A source in one of these states still counts, but its readers should know about it.
_IN_DOUBT = {Integrity.CONCERN, Integrity.CORRECTED, Integrity.REINSTATED}


@dataclass(frozen=True)
class TableColumn:
    """A source."""

    number: int  # as the page numbers it
    label: str  # short: Osei 2020
    citation: SafeString  # in full, AMA
    integrity: str  # plain words
    is_absent: bool  # retracted, or itself a notice: it supports nothing
    is_in_doubt: bool
    claim_count: int  # how many claims cite it


@dataclass(frozen=True)
class TableCitation:
    """What one source contributes to one claim."""

    source: TableColumn
    stance: str
    is_checked: bool
    where: str  # "page 3", or ""
    quote: str

    @property
    def sign(self) -> str:
        return SIGNS[Stance(self.stance)]

    @property
    def words(self) -> Words:
        return Stance(self.stance).label


@dataclass(frozen=True)
class Flag:
    code: str
    words: str
    is_serious: bool


@dataclass(frozen=True)
class TableRow:
    """A claim."""

    pk: int | None
    text: str
    certainty: str  # plain words
    highest: str  # the highest its evidence carries, plain words; "" if nothing supports it
    flags: tuple[Flag, ...]
    cells: tuple[tuple[TableCitation, ...], ...]  # one for each source, in their order

    @property
    def citations(self) -> list[TableCitation]:
        return [citation for cell in self.cells for citation in cell]

    @property
    def is_serious(self) -> bool:
        return any(flag.is_serious for flag in self.flags)


@dataclass(frozen=True)
class TableGroup:
    title: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Total:
    label: str
    count: int
    is_to_do: bool


@dataclass(frozen=True)
class EvidenceTable:
    groups: tuple[TableGroup, ...]  # in the order of the page, none empty
    sources: tuple[TableColumn, ...]  # as the page numbers them
    totals: tuple[Total, ...]


def evidence_table(draft: DraftToCheck) -> EvidenceTable:
    """Return the evidence of `draft` as a table."""
    page = Page(draft.content)
    claims = {claim["key"]: claim for claim in draft.content["claims"]}
    records = {reference["uid"]: reference["csl"] for reference in draft.content["references"]}
    claim_counts = Counter(
        uid
        for claim in claims.values()
        for uid in {citation["reference"] for citation in claim["citations"]}
    )
    sources = {
        entry.uid: _column(draft, entry, records[entry.uid], claim_counts[entry.uid])
        for entry in page.references
    }
    flags = _flags_by_claim(draft)
    groups = []
    for kind, keys in _claim_keys_in_page_order(page).items():
        shown = [claims[key] for key in dict.fromkeys(keys) if key in claims]
        rows = tuple(
            _table_row(draft, claim, sources, flags.get(claim["uid"], ())) for claim in shown
        )
        if rows:
            groups.append(TableGroup(str(_TITLES[kind]), rows))
    columns = tuple(sources.values())
    return EvidenceTable(tuple(groups), columns, _totals(groups, columns))


def _claim_keys_in_page_order(page):
    """Return {kind of claim: keys}, both in the order of the page."""

    def keys_of(*lists):
        return [line.row["claim"] for lines in lists for line in lines]

    return {
        Claim.Kind.CONTRAINDICATION: keys_of(page.stop_if, page.ask_first_if),
        Claim.Kind.TEXT: [marked.key for marked in claims_in(page.content["body"])],
        Claim.Kind.CONDITION: keys_of(page.conditions),
        Claim.Kind.FINDING: keys_of(
            [
                finding.line
                for findings in (page.findings, *page.side_effect_findings.values())
                for finding in findings
            ]
        ),
        Claim.Kind.INDICATION: keys_of(page.indications),
        Claim.Kind.SIDE_EFFECT: keys_of(page.side_effects, page.serious_side_effects),
        Claim.Kind.RECOMMENDATION: keys_of(page.do, page.do_not, page.expert_views),
    }


def _column(draft, entry, record, claim_count):
    source = draft.sources[entry.uid]
    author, year = csl.first_author(record), csl.year(record)
    return TableColumn(
        number=entry.number,
        label=" ".join(str(part) for part in (author, year) if part) or entry.title[:30],
        citation=entry.citation,
        integrity=str(Integrity(source.integrity).label),
        is_absent=source.counts_as_absent,
        is_in_doubt=source.integrity in _IN_DOUBT,
        claim_count=claim_count,
    )


def _flags_by_claim(draft):
    """Return {claim uid: codes of _FLAGS}."""
    flags = {}
    for message in preflight.check_draft(draft):
        flags.setdefault(message.place, set()).add(message.code)
    for claim in draft.content["claims"]:
        if _AGAINST & {citation["stance"] for citation in claim["citations"]}:
            flags.setdefault(claim["uid"], set()).add("spoken_against")
    return flags


def _table_row(draft, claim, sources, codes):
    cells = {}
    for citation in claim["citations"]:
        cells.setdefault(citation["reference"], []).append(
            TableCitation(
                sources[citation["reference"]],
                citation["stance"],
                citation["uid"] in draft.checked,
                locator(citation["locator_kind"], citation["locator"]),
                citation["quote"],
            )
        )
    has_support = any(citation["stance"] == Stance.SUPPORTS for citation in claim["citations"])
    return TableRow(
        pk=draft.claim_pks.get(claim["uid"]),
        text=claim["text"],
        certainty=str(Certainty(claim["certainty"]).label),
        highest=(
            str(Certainty(preflight.evidence.ceiling(draft, claim)).label) if has_support else ""
        ),
        flags=tuple(
            Flag(code, str(words), serious)
            for code, (words, serious) in _FLAGS.items()
            if code in codes
        ),
        cells=tuple(tuple(cells.get(uid, ())) for uid in sources),
    )


def _totals(groups, sources):
    rows = [row for group in groups for row in group.rows]
    citations = [citation for row in rows for citation in row.citations]
    flags = Counter(flag.code for row in rows for flag in row.flags)
    figures = [
        (_("claims"), len(rows), False),
        (_("sources"), len(sources), False),
        (_("links"), len(citations), False),
        (_("claims without evidence"), flags["every_claim_has_evidence"], True),
        (_("claims that sources speak against"), flags["spoken_against"], True),
        (
            _("claims whose wording changed"),
            flags["words_are_those_the_evidence_was_linked_to"],
            True,
        ),
        (_("claims rated too high"), flags["certainty_stays_under_its_ceiling"], True),
        (_("sources taken back"), sum(source.is_absent for source in sources), True),
        (
            _("links nobody else has checked"),
            sum(not citation.is_checked for citation in citations),
            True,
        ),
    ]
    return tuple(
        Total(str(label), count, is_a_task and count > 0) for label, count, is_a_task in figures
    )
