"""The state of the evidence panel as JSON, which is read strictly.

The panel sends its state in one hidden form field. The state is saved in the transaction of the
article (articles.evidence.linking). "links" are citations:

    {"claims": {KEY: {"text": …, "certainty": …, "reasons": […], "note": …, "confirmed": false,
                      "outcome": …, "population": …, "comparator": …,
                      "links": [{"uid", "reference", "stance", "design", "locator_kind", "locator",
                                 "quote", "quote_language", "population_match", "source_certainty",
                                 "source_scheme", "includes_retracted", "note"}]}},
     "removed": [KEY …]}

`text` matters only for a phrase whose marker was taken away again before the first save.
`reference` is the uid of a reference in the library. The browser may draw the `uid` of a new
citation. `confirmed` says that the evidence still fits changed words. What the state does not name
does not change. So a form without a state (no JavaScript) changes no evidence.
"""

import json
import uuid
from dataclasses import asdict, dataclass, field
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Certainty, Citation, Claim, Stance
from articles.richtext.allowed_html import CLAIM_KEY
from articles.richtext.cleaning import normalise_newlines
from references.models import Design

#: What a claim is about, beside its words.
SCOPE = ("outcome", "population", "comparator")
MAX_BYTES, MAX_CLAIMS, MAX_CITATIONS = 2_000_000, 1_000, 60

_MALFORMED = gettext_lazy(
    "The evidence panel sent something this site cannot read, so its evidence was not saved. Your"
    " text is still here. Reload the page in a new window and link the evidence there."
)


@dataclass
class CitationState:
    uid: str
    reference: str
    stance: str = Stance.SUPPORTS
    design: str = ""
    locator_kind: str = ""
    locator: str = ""
    quote: str = ""
    quote_language: str = ""
    population_match: str = ""
    # None: not sent, as by a page that was opened before this site knew them. They stay.
    source_certainty: str | None = None
    source_scheme: str | None = None
    includes_retracted: bool | None = None
    note: str = ""


@dataclass
class ClaimState:
    text: str = ""
    certainty: str = Certainty.NOT_RATED
    reasons: list = field(default_factory=list)
    note: str = ""
    confirmed: bool = False
    # None: not sent, so it stays; of a finding they are typed in its row.
    outcome: str | None = None
    population: str | None = None
    comparator: str | None = None
    links: list = field(default_factory=list)


@dataclass
class PanelState:
    claims: dict = field(default_factory=dict)  # key -> ClaimState
    removed: list = field(default_factory=list)

    def to_json_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def differs(state: PanelState, before: PanelState) -> bool:
    """Return whether saving `state` would change anything in rows that hold `before`."""
    if any(key in before.claims for key in state.removed):
        return True
    empty = ClaimState()
    for key, claim in state.claims.items():
        claim_before = before.claims.get(key, empty)
        if claim.confirmed or not _says_the_same(claim, claim_before):
            return True
    return False


def _says_the_same(sent: ClaimState, held: ClaimState) -> bool:
    own = {**vars(sent), "text": None, "links": None}
    if any(value is not None and value != getattr(held, name) for name, value in own.items()):
        return False
    pairs = zip_longest(sent.links, held.links, fillvalue=CitationState("", ""))
    return all(
        value is None or value == getattr(link_held, name)
        for link, link_held in pairs
        for name, value in vars(link).items()
    )


def parse(text: str) -> PanelState:
    """Return the PanelState in the JSON `text`.

    Raises ValidationError for anything else; a state is read whole or not at all. A text that is
    too long or a source that is linked twice gets a sentence about its claim. Everything that
    cannot come from the panel gets the same sentence.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ValidationError(
            _("There is too much evidence for one page. Split the article."), code="too_much"
        )
    try:
        data = json.loads(text, parse_constant=_no_constants)
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    _require(isinstance(data, dict) and set(data) <= {"claims", "removed"})
    claims, removed = data.get("claims", {}), data.get("removed", [])
    _require(isinstance(claims, dict) and isinstance(removed, list) and len(claims) <= MAX_CLAIMS)
    _require(all(_is_key(key) for key in [*claims, *removed]) and len(removed) <= MAX_CLAIMS)
    return PanelState(
        {key: _claim(value) for key, value in claims.items()}, list(dict.fromkeys(removed))
    )


def _claim(value):
    _require(isinstance(value, dict) and set(value) <= set(ClaimState.__dataclass_fields__))
    text, note = _string(value, "text", limit=20_000), _string(value, "note", limit=20_000)
    certainty, reasons = value.get("certainty", Certainty.NOT_RATED), value.get("reasons", [])
    _require(
        isinstance(certainty, str) and certainty in Certainty.values and isinstance(reasons, list)
    )
    _require(all(isinstance(reason, str) and reason in Claim.REASONS for reason in reasons))
    _require(isinstance(value.get("confirmed", False), bool))
    citations = value.get("links", [])
    _require(isinstance(citations, list) and len(citations) <= MAX_CITATIONS)
    citations = [_citation(citation, text) for citation in citations]
    if len({(citation.reference, citation.stance) for citation in citations}) < len(citations):
        raise ValidationError(
            _("The same source is linked twice in the same way to “%s”. Take one of the two out.")
            % text,
            code="linked_twice",
        )
    _check_length(note, Claim, "certainty_note", _("the reason for its certainty"), text)
    scope = {
        name: None if value.get(name) is None else _string(value, name, limit=20_000)
        for name in SCOPE
    }
    for name, words in scope.items():
        _check_length(words or "", Claim, name, _("whom and what it is about"), text)
    return ClaimState(
        text,
        certainty,
        list(dict.fromkeys(reasons)),
        note,
        value.get("confirmed", False),
        **scope,
        links=citations,
    )


def _citation(value, text):
    _require(isinstance(value, dict) and set(value) <= set(CitationState.__dataclass_fields__))
    _require(_is_uuid(value.get("uid")) and _is_uuid(value.get("reference")))
    includes_retracted = value.get("includes_retracted")
    _require(includes_retracted in (None, True, False))
    fields = {
        name: _string(value, name, limit=20_000)
        for name in CitationState.__dataclass_fields__
        if value.get(name) is not None and name != "includes_retracted"
    }
    citation = CitationState(**fields, includes_retracted=includes_retracted)
    _require(citation.stance in Stance.values and citation.design in ["", *Design.values])
    _require(citation.locator_kind in ["", *Citation.Locator.values])
    _require(citation.population_match in ["", *Citation.PopulationMatch.values])
    for name, column, name_in_words in (
        ("quote", "quote", _("the quote")),
        ("locator", "locator", _("the place")),
        ("note", "note_public", _("the note for readers")),
        ("quote_language", "quote_language", _("the language of the quote")),
        ("source_certainty", "source_certainty", _("how sure the source is itself")),
        ("source_scheme", "source_scheme", _("the scale of that certainty")),
    ):
        _check_length(getattr(citation, name) or "", Citation, column, name_in_words, text)
    if citation.locator and not citation.locator_kind:
        citation.locator_kind = Citation.Locator.PAGE
    return citation


def _check_length(value, model, column, name_in_words, claim_text):
    limit = model._meta.get_field(column).max_length
    if len(value) > limit:
        raise ValidationError(
            _("Shorten %(what)s under “%(claim)s”: it has %(count)s characters, and %(most)s fit.")
            % {"what": name_in_words, "claim": claim_text[:80], "count": len(value), "most": limit},
            code="too_long",
        )


def _string(value, name, *, limit):
    text = value.get(name, "")
    _require(isinstance(text, str) and len(text) <= limit)
    try:
        text.encode()
    except UnicodeEncodeError as error:  # a lone surrogate
        raise _malformed() from error
    return normalise_newlines(text).strip()


def _is_key(key):
    return isinstance(key, str) and CLAIM_KEY.match(key)


def _is_uuid(text):
    try:
        return isinstance(text, str) and str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _no_constants(name):
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)


def _require(condition):
    if not condition:
        raise _malformed()


def _malformed():
    return ValidationError(str(_MALFORMED), code="malformed_evidence")
