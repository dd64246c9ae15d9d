"""The evidence of one article at a glance: its claims by its sources.

Pure: takes a preflight Draft, gives values for a template. What jumps out is what the preflight
finds, so that this page and the list of things to do cannot differ.
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

#: A sign for those who see the table; the words are Stance's own.
SIGNS = {Stance.SUPPORTS: "+", Stance.CONTRADICTS: "−", Stance.MIXED: "±", Stance.BACKGROUND: "○"}

_TITLES = {
    Claim.Kind.CONTRAINDICATION: _("Reasons not to have it"),
    Claim.Kind.TEXT: _("Phrases in the text"),
    Claim.Kind.CONDITION: _("Conditions it is tried for"),
    Claim.Kind.INDICATION: _("People it may suit"),
    Claim.Kind.SIDE_EFFECT: _("Side effects"),
    Claim.Kind.RECOMMENDATION: _("Advice"),
}

_SPEAK_AGAINST = {Stance.CONTRADICTS, Stance.MIXED}
#: What a row is marked with: words, and whether it must jump out. All but the first are codes of
#: preflight findings.
_FLAGS = {
    "spoken_against": (_("sources speak against it"), True),
    "every_claim_has_evidence": (_("no evidence"), True),
    "sources_still_stand": (_("rests on a source that was taken back"), True),
    "words_are_those_the_evidence_was_linked_to": (
        _("wording changed since evidence was linked"),
        True,
    ),
    "certainty_stays_under_its_ceiling": (_("rated above what its evidence carries"), True),
    "claims_promise_no_more_than_their_evidence": (_("words too sure for its certainty"), True),
    "links_say_where_to_look": (_("does not say where to look"), False),
    "claims_rest_on_more_than_background": (_("background only"), False),
}
#: What became of a source that readers of it should know, though it still counts.
_IN_DOUBT = {Integrity.CONCERN, Integrity.CORRECTED, Integrity.REINSTATED}


@dataclass(frozen=True)
class TableColumn:
    """A column."""

    number: int  # as the page numbers it
    label: str  # short: Osei 2020
    citation: SafeString  # in full, AMA
    integrity: str  # plain words
    is_absent: bool  # taken back, or itself a notice: supports nothing
    is_in_doubt: bool
    uses: int  # how many claims name it


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
    highest: str  # the highest its evidence carries, plain words; "" where nothing supports it
    flags: tuple[Flag, ...]
    cells: tuple[tuple[TableCitation, ...], ...]  # one a source, in the order of the columns

    @property
    def links(self) -> list[TableCitation]:
        return [link for cell in self.cells for link in cell]

    @property
    def is_serious(self) -> bool:
        return any(flag.is_serious for flag in self.flags)


@dataclass(frozen=True)
class TableGroup:
    title: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Total:
    what: str
    count: int
    is_to_do: bool


@dataclass(frozen=True)
class EvidenceTable:
    groups: tuple[TableGroup, ...]  # in the order of the page, none empty
    sources: tuple[TableColumn, ...]  # as the page numbers them
    totals: tuple[Total, ...]


def evidence_table(draft: DraftToCheck) -> EvidenceTable:
    """The EvidenceTable of `draft`."""
    page = Page(draft.content)
    claims = {claim["key"]: claim for claim in draft.content["claims"]}
    records = {reference["uid"]: reference["csl"] for reference in draft.content["references"]}
    uses = Counter(
        uid
        for claim in claims.values()
        for uid in {link["reference"] for link in claim["citations"]}
    )
    sources = {
        entry.uid: _source(draft, entry, records[entry.uid], uses[entry.uid])
        for entry in page.references
    }
    flagged = _flagged(draft)
    groups = []
    for kind, keys in _keys_in_page_order(page).items():
        shown = [claims[key] for key in dict.fromkeys(keys) if key in claims]
        rows = tuple(_row(draft, claim, sources, flagged.get(claim["uid"], ())) for claim in shown)
        if rows:
            groups.append(TableGroup(str(_TITLES[kind]), rows))
    columns = tuple(sources.values())
    return EvidenceTable(tuple(groups), columns, _totals(groups, columns))


def _keys_in_page_order(page):
    """{kind of claim: keys}, both in the order of the page."""

    def keys_of(*lists):
        return [line.row["claim"] for lines in lists for line in lines]

    return {
        Claim.Kind.CONTRAINDICATION: keys_of(page.stop_if, page.ask_first_if),
        Claim.Kind.TEXT: [marked.key for marked in claims_in(page.content["body"])],
        Claim.Kind.CONDITION: keys_of(page.conditions),
        Claim.Kind.INDICATION: keys_of(page.indications),
        Claim.Kind.SIDE_EFFECT: keys_of(page.side_effects, page.serious_side_effects),
        Claim.Kind.RECOMMENDATION: keys_of(page.do, page.do_not, page.expert_views),
    }


def _source(draft, entry, record, uses):
    known = draft.sources[entry.uid]
    author, year = csl.first_author(record), csl.year(record)
    return TableColumn(
        number=entry.number,
        label=" ".join(str(part) for part in (author, year) if part) or entry.title[:30],
        citation=entry.citation,
        integrity=str(Integrity(known.integrity).label),
        is_absent=known.counts_as_absent,
        is_in_doubt=known.integrity in _IN_DOUBT,
        uses=uses,
    )


def _flagged(draft):
    """{claim uid: codes of _FLAGS}."""
    found = {}
    for finding in preflight.check_draft(draft):
        found.setdefault(finding.place, set()).add(finding.code)
    for claim in draft.content["claims"]:
        if _SPEAK_AGAINST & {link["stance"] for link in claim["citations"]}:
            found.setdefault(claim["uid"], set()).add("spoken_against")
    return found


def _row(draft, claim, sources, codes):
    links = {}
    for link in claim["citations"]:
        links.setdefault(link["reference"], []).append(
            TableCitation(
                sources[link["reference"]],
                link["stance"],
                link["uid"] in draft.checked,
                locator(link["locator_kind"], link["locator"]),
                link["quote"],
            )
        )
    has_support = any(link["stance"] == Stance.SUPPORTS for link in claim["citations"])
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
        cells=tuple(tuple(links.get(uid, ())) for uid in sources),
    )


def _totals(groups, sources):
    rows = [row for group in groups for row in group.rows]
    links = [link for row in rows for link in row.links]
    flags = Counter(flag.code for row in rows for flag in row.flags)
    figures = [
        (_("claims"), len(rows), False),
        (_("sources"), len(sources), False),
        (_("links"), len(links), False),
        (_("claims without evidence"), flags["every_claim_has_evidence"], True),
        (_("claims that sources speak against"), flags["spoken_against"], True),
        (
            _("claims whose wording changed"),
            flags["words_are_those_the_evidence_was_linked_to"],
            True,
        ),
        (_("claims rated too high"), flags["certainty_stays_under_its_ceiling"], True),
        (_("sources taken back"), sum(source.is_absent for source in sources), True),
        (_("links nobody else has checked"), sum(not link.is_checked for link in links), True),
    ]
    return tuple(
        Total(str(what), count, is_a_task and count > 0) for what, count, is_a_task in figures
    )
