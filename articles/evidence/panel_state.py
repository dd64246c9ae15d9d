"""What the evidence panel sends and gets: its state as JSON, read strictly.

The state travels in one hidden form field and is saved in the article's own transaction
(articles.evidence.linking):

    {"claims": {KEY: {"text": …, "certainty": …, "reasons": […], "note": …, "confirmed": false,
                      "links": [{"uid", "reference", "stance", "design", "locator_kind", "locator",
                        "quote",
                                 "quote_language", "population_match", "note"}]}},
     "removed": [KEY …]}

`text` matters only for a phrase whose marker was taken away again before the first save;
`reference` is a uid of the library; a link's `uid` may be drawn in the browser. `confirmed` says
that the evidence still fits changed words. What the state does not name stays as it is, so a form
without it (no JavaScript) changes no evidence.
"""

import json
import uuid
from dataclasses import asdict, dataclass, field, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Certainty, Citation, Claim, Stance
from articles.richtext.cleaning import normalise_newlines
from articles.richtext.vocabulary import CLAIM_KEY
from references.models import Design

MAX_BYTES, MAX_CLAIMS, MAX_LINKS = 2_000_000, 1_000, 60

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
    note: str = ""


@dataclass
class ClaimState:
    text: str = ""
    certainty: str = Certainty.NOT_RATED
    reasons: list = field(default_factory=list)
    note: str = ""
    confirmed: bool = False
    links: list = field(default_factory=list)


@dataclass
class PanelState:
    claims: dict = field(default_factory=dict)  # key -> ClaimState
    removed: list = field(default_factory=list)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def differs(state: PanelState, before: PanelState) -> bool:
    """Whether applying `state` to rows that hold `before` would change anything."""
    if any(key in before.claims for key in state.removed):
        return True
    empty = ClaimState()
    for key, claim in state.claims.items():
        was = before.claims.get(key, empty)
        if claim.confirmed or replace(claim, text="") != replace(was, text=""):
            return True
    return False


def parse(text: str) -> PanelState:
    """The State in the JSON `text`. Raises ValidationError for anything that is not exactly one.

    Too long a quote or a wrong choice is told in words about that claim; everything else that
    cannot come from the panel gets one sentence. No state is ever half read.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ValidationError(
            _("There is too much evidence for one page. Split the article."), code="too_much"
        )
    try:
        data = json.loads(text, parse_constant=_no_constants)
    except (ValueError, RecursionError) as problem:
        raise _malformed() from problem
    _need(isinstance(data, dict) and set(data) <= {"claims", "removed"})
    claims, removed = data.get("claims", {}), data.get("removed", [])
    _need(isinstance(claims, dict) and isinstance(removed, list) and len(claims) <= MAX_CLAIMS)
    _need(all(_is_key(key) for key in [*claims, *removed]) and len(removed) <= MAX_CLAIMS)
    return PanelState(
        {key: _claim(value) for key, value in claims.items()}, list(dict.fromkeys(removed))
    )


def _claim(value):
    _need(isinstance(value, dict) and set(value) <= set(ClaimState.__dataclass_fields__))
    text, note = _string(value, "text", most=20_000), _string(value, "note", most=20_000)
    certainty, reasons = value.get("certainty", Certainty.NOT_RATED), value.get("reasons", [])
    _need(
        isinstance(certainty, str) and certainty in Certainty.values and isinstance(reasons, list)
    )
    _need(all(isinstance(reason, str) and reason in Claim.REASONS for reason in reasons))
    _need(isinstance(value.get("confirmed", False), bool))
    links = value.get("links", [])
    _need(isinstance(links, list) and len(links) <= MAX_LINKS)
    links = [_link(link, text) for link in links]
    if len({(link.reference, link.stance) for link in links}) < len(links):
        raise ValidationError(
            _("The same source is linked twice in the same way to “%s”. Take one of the two out.")
            % text,
            code="linked_twice",
        )
    _fit(note, Claim, "certainty_note", _("the reason for its certainty"), text)
    return ClaimState(
        text, certainty, list(dict.fromkeys(reasons)), note, value.get("confirmed", False), links
    )


def _link(value, text):
    _need(isinstance(value, dict) and set(value) <= set(CitationState.__dataclass_fields__))
    _need(_is_uuid(value.get("uid")) and _is_uuid(value.get("reference")))
    words = {
        name: _string(value, name, most=20_000)
        for name in CitationState.__dataclass_fields__
        if name in value
    }
    link = CitationState(**words)
    _need(link.stance in Stance.values and link.design in ["", *Design.values])
    _need(link.locator_kind in ["", *Citation.Locator.values])
    _need(link.population_match in ["", *Citation.PopulationMatch.values])
    for name, column, called in (
        ("quote", "quote", _("the quote")),
        ("locator", "locator", _("the place")),
        ("note", "note_public", _("the note for readers")),
        ("quote_language", "quote_language", _("the language of the quote")),
    ):
        _fit(getattr(link, name), Citation, column, called, text)
    if link.locator and not link.locator_kind:
        link.locator_kind = Citation.Locator.PAGE
    return link


def _fit(words, model, column, called, text):
    most = model._meta.get_field(column).max_length
    if len(words) > most:
        raise ValidationError(
            _("Shorten %(what)s under “%(claim)s”: it has %(count)s characters, and %(most)s fit.")
            % {"what": called, "claim": text[:80], "count": len(words), "most": most},
            code="too_long",
        )


def _string(value, name, *, most):
    words = value.get(name, "")
    _need(isinstance(words, str) and len(words) <= most)
    try:
        words.encode()
    except UnicodeEncodeError as problem:  # half of a surrogate pair
        raise _malformed() from problem
    return normalise_newlines(words).strip()


def _is_key(key):
    return isinstance(key, str) and CLAIM_KEY.match(key)


def _is_uuid(text):
    try:
        return isinstance(text, str) and str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _no_constants(name):
    raise ValueError(name)


def _need(condition):
    if not condition:
        raise _malformed()


def _malformed():
    return ValidationError(str(_MALFORMED), code="malformed_evidence")
