"""The shape of frozen content, schema 1: what `freezing.freeze` makes and everything else reads.

Names here are keys of stored JSON and never change. A key that is NotRequired is left out while it
is empty, as revisions older than it do not have it: so what was approved before keeps its digest.

Full copies of everything a page shows are in it (names of conditions, people, references as
CSL-JSON), so that nothing changed elsewhere afterwards can change what was approved. Whether a
source was retracted is not in it: live pages show safety notices over the frozen text.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from references.csl import Csl

#: Any JSON value.
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
#: A frozen row of a kind that is known only when the code runs (articles.revisions.contents).
AnyRow = Mapping[str, Any]
#: Frozen content whose keys are known only when the code runs.
AnyContent = Mapping[str, Any]
#: {uid of a row or name of a text block: digest}
RowDigests = dict[str, str]


class FrozenPerson(TypedDict):
    uid: str
    name: str
    role: str
    registration: str


class FrozenTerm(TypedDict):
    """A condition, a side effect or a contraindication."""

    uid: str
    name: str
    clinical_name: str
    other_names: list[str]
    icd10: str
    snomed_ct: str
    slug: NotRequired[str]  # of conditions alone, as are the two below
    summary: NotRequired[str]
    body_part: NotRequired[str]


class FrozenPictureFile(TypedDict):
    width: int
    height: int
    suffix: str
    sha256: str


class FrozenPicture(TypedDict):
    uid: str
    alt: str  # "" where it is decorative
    is_decorative: bool
    credit: str
    licence: str
    width: int
    height: int
    sha256: str
    files: list[FrozenPictureFile]


class LinkedPage(TypedDict):
    """A page this one leads to.

    The title is what readers of it saw when this was frozen, "" while it was not live. Readers
    follow the uid (articles.live.pages), so a page that was renamed since has its new name.
    """

    uid: str
    title: str


class TranslatedFrom(TypedDict):
    """The revision of the original that a translation was made from."""

    digest: str
    number: int
    on: str  # a date


class SentenceRow(TypedDict):
    """A key point, advice on help, a question or a step: what is one sentence of a kind."""

    uid: str
    text: str
    kind: NotRequired[str]  # questions have none


class AlternativeRow(TypedDict):
    uid: str
    text: str
    page: NotRequired[LinkedPage]


class RelatedRow(TypedDict):
    uid: str
    page: LinkedPage


class FrozenComparisonRow(TypedDict):
    uid: str
    aspect: str
    here: str
    there: str


class FrozenClaimRow(TypedDict):
    """What all rows that are claims have."""

    uid: str
    claim: str | None  # its key in `claims`


class ConditionRow(FrozenClaimRow):
    condition: FrozenTerm
    note: str


class IndicationRow(FrozenClaimRow):
    text: str


#: A starting risk of a finding, figures as text; "low" and "high" may be "".
FrozenRisk = TypedDict(
    "FrozenRisk", {"label": str, "without": str, "with": str, "low": str, "high": str}
)

#: What studies found for one outcome. Figures are decimal numbers as text, without zeros at their
#: end: JSON's own numbers would not be exact. (Python reserves the name `with`, so this
#: is no class.)
_Figures = TypedDict(
    "_Figures",
    {
        "without": str | None,
        "with": str | None,
        "difference": str | None,
        "low": str | None,
        "high": str | None,
        "scale_low": str | None,
        "scale_high": str | None,
        "mid": str | None,
    },
)


class FindingRow(_Figures, FrozenClaimRow):
    outcome: str
    interval_of: str  # "with", "difference" or ""
    base: int | None
    unit: str  # of a count "people" or "events"
    kind: str  # "count", "scale", "amount" or "words"
    direction: str
    size: str
    intervention: str
    comparator: str
    population: str
    time: str
    happened: str
    scale_low_words: str
    scale_high_words: str
    better: str  # "low", "high" or ""
    scale_name: str
    mid_source: str
    people: int | None
    studies: int | None
    starting_risks: list[FrozenRisk]
    is_derived: bool
    is_converted: bool
    show_interval: bool | None
    outcome_term: str
    as_reported: str
    side_effect: FrozenTerm | None
    note: str


class SideEffectRow(FrozenClaimRow):
    side_effect: FrozenTerm
    n: int | None
    base: int | None
    unit: str
    how_long: str
    what_to_do: NotRequired[str]
    is_serious: bool
    note: str


class ContraindicationRow(FrozenClaimRow):
    contraindication: FrozenTerm
    action: str  # "stop" or "ask_first"
    note: str


class RecommendationRow(FrozenClaimRow):
    kind: str  # "do", "dont" or "expert"
    text: str
    expert: FrozenPerson | None


class GlossaryRow(TypedDict):
    """A glossary term the text says. Key: "words"."""

    uid: str
    word: str
    meaning: str  # "" where it is not explained


class PictureRow(TypedDict):
    uid: str
    heading: str  # of the text; "" at the top
    caption: str
    picture: FrozenPicture


class UserTestRow(TypedDict):
    """People the page is for tried it."""

    uid: str
    tested_on: str  # a date
    people: int
    who: str
    changed: str


class ChecklistAnswerRow(TypedDict):
    uid: str
    code: str
    answer: str  # "yes", "no" or "na"
    reason: str
    product_said: str  # "" where the product does not tell it


class FrozenCitation(TypedDict):
    uid: str
    reference: str  # its uid in `references`
    stance: str
    design: str
    locator_kind: str
    locator: str
    quote: str
    quote_language: str
    population_match: str
    effect: Json
    source_certainty: str
    source_scheme: str
    includes_retracted: NotRequired[bool]
    note: str


class FrozenClaim(TypedDict):
    uid: str
    key: str
    text: str
    certainty: str
    certainty_reasons: list[str]
    certainty_note: str
    direction: str
    size: str
    population: str
    outcome: str
    comparator: str
    kind: str
    citations: list[FrozenCitation]


class FrozenReference(TypedDict):
    uid: str
    csl: Csl  # CSL-JSON
    design: str
    doi: str
    pmid: str | None
    pmcid: str | None
    url: str
    free_url: str
    peer_reviewed: bool | None


class FrozenContent(TypedDict):
    """A whole article. Lists are in the order of their rows' positions."""

    schema: int
    uid: str
    slug: str
    title: str
    kicker: str
    other_names: list[str]
    summary: str
    language: str
    translation_of: str | None  # uid of the original
    translated_from: NotRequired[TranslatedFrom]
    tags: list[str]
    is_demonstration: bool
    compared_with: str
    no_known_contraindications: bool
    evidence_searched_on: str | None  # a date
    funding: str
    conflicts: str
    written_by: FrozenPerson | None
    body: str  # clean HTML
    key_points: list[SentenceRow]
    comparison: list[FrozenComparisonRow]
    contraindications: list[ContraindicationRow]
    conditions: list[ConditionRow]
    findings: NotRequired[list[FindingRow]]
    indications: list[IndicationRow]
    steps: NotRequired[list[SentenceRow]]  # kind: before, during or after
    side_effects: list[SideEffectRow]
    help: list[SentenceRow]
    recommendations: list[RecommendationRow]
    alternatives: NotRequired[list[AlternativeRow]]
    questions: list[SentenceRow]
    words: NotRequired[list[GlossaryRow]]
    pictures: NotRequired[list[PictureRow]]
    related: NotRequired[list[RelatedRow]]
    user_tests: NotRequired[list[UserTestRow]]
    checklist_answers: NotRequired[list[ChecklistAnswerRow]]
    claims: list[FrozenClaim]
    references: list[FrozenReference]
    reading_list: list[str]  # uids of references
