"""Evidence and claims: what the evidence panel holds, and how it becomes rows.

The panel's state travels in one hidden form field as JSON and is saved in the article's own transaction:

    {"claims": {KEY: {"text": …, "certainty": …, "reasons": […], "note": …, "confirmed": false,
                      "links": [{"uid", "reference", "stance", "design", "locator_kind", "locator", "quote",
                                 "quote_language", "population_match", "note"}]}},
     "removed": [KEY …]}

`text` matters only for a phrase whose marker was taken away again before the first save; `reference` is a uid of the
library; a link's `uid` may be drawn in the browser. `confirmed` says that the evidence still fits changed words.
What the state does not name stays as it is, so a form without it (no JavaScript) changes no evidence.
"""

import json
import uuid
from dataclasses import asdict, dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Certainty, Citation, Claim, Stance
from articles.richtext.cleaning import normalise_newlines
from articles.richtext.vocabulary import CLAIM_KEY
from references.models import Design, Reference

MAX_BYTES, MAX_CLAIMS, MAX_LINKS = 2_000_000, 1_000, 60

_MALFORMED = gettext_lazy(
    "The evidence panel sent something this site cannot read, so its evidence was not saved. Your text is still here. "
    "Reload the page in a new window and link the evidence there."
)


@dataclass
class Link:
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
class State:
    claims: dict = field(default_factory=dict)  # key -> ClaimState
    removed: list = field(default_factory=list)

    def as_json(self):
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass
class Changes:
    """How many links and ratings an `apply` touched."""

    linked: int = 0
    changed: int = 0
    unlinked: int = 0
    rated: int = 0
    confirmed: int = 0

    def __bool__(self):
        return any(asdict(self).values())

    def sentences(self):
        """For the history of the article: what happened, without field names."""
        for count, one, many in (
            (self.linked, "%d source linked", "%d sources linked"),
            (self.changed, "%d evidence link changed", "%d evidence links changed"),
            (self.unlinked, "%d evidence link taken away", "%d evidence links taken away"),
            (self.rated, "certainty of %d claim rated", "certainty of %d claims rated"),
            (self.confirmed, "evidence of %d claim confirmed for new words", "evidence of %d claims confirmed"),
        ):
            if count:
                yield ngettext(one, many, count) % count


# --- from rows ------------------------------------------------------------------------------------------------
def evidence_of(article):
    """[(claim, [its citations, each with reference and checker])] in the order of the page. Two queries."""
    links = {}
    for citation in Citation.objects.filter(claim__article=article).select_related("reference", "checked_by__person"):
        links.setdefault(citation.claim_id, []).append(citation)
    return [(claim, links.get(claim.pk, [])) for claim in Claim.objects.filter(article=article)]


def state_of(article, evidence=None):
    """The State the article's rows hold; `evidence` is what `evidence_of` gave, where it was asked already."""
    return State(
        {
            claim.key: ClaimState(
                text=claim.text,
                certainty=claim.certainty,
                reasons=list(claim.certainty_reasons),
                note=claim.certainty_note,
                links=[link_of(citation) for citation in citations],
            )
            for claim, citations in (evidence_of(article) if evidence is None else evidence)
        }
    )


def link_of(citation):
    """A citation as the panel holds it. Reads `citation.reference`."""
    return Link(
        uid=str(citation.uid), reference=str(citation.reference.uid), stance=citation.stance, design=citation.design,
        locator_kind=citation.locator_kind, locator=citation.locator, quote=citation.quote,
        quote_language=citation.quote_language, population_match=citation.population_match, note=citation.note_public,
    )  # fmt: skip


def differs(state, before):
    """Whether applying `state` to rows that hold `before` would change anything."""
    if any(key in before.claims for key in state.removed):
        return True
    empty = ClaimState()
    for key, claim in state.claims.items():
        was = before.claims.get(key, empty)
        if claim.confirmed or replace(claim, text="") != replace(was, text=""):
            return True
    return False


# --- from the browser -----------------------------------------------------------------------------------------
def parse(text):
    """The State in the JSON `text`. Raises ValidationError for anything that is not exactly one.

    Too long a quote or a wrong choice is told in words about that claim; everything else that cannot come from the
    panel gets one sentence. No state is ever half read.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ValidationError(_("There is too much evidence for one page. Split the article."), code="too_much")
    try:
        data = json.loads(text, parse_constant=_no_constants)
    except (ValueError, RecursionError) as problem:
        raise _malformed() from problem
    _need(isinstance(data, dict) and set(data) <= {"claims", "removed"})
    claims, removed = data.get("claims", {}), data.get("removed", [])
    _need(isinstance(claims, dict) and isinstance(removed, list) and len(claims) <= MAX_CLAIMS)
    _need(all(_is_key(key) for key in [*claims, *removed]) and len(removed) <= MAX_CLAIMS)
    return State({key: _claim(value) for key, value in claims.items()}, list(dict.fromkeys(removed)))


def check_references(state):
    """{uid: Reference} for every reference in `state`, merged ones followed to what they became.

    Raises ValidationError when one is not in the library. At most one query, and one more for merged ones.
    """
    wanted = {link.reference for claim in state.claims.values() for link in claim.links}
    found = {}
    for reference in Reference.objects.filter(uid__in=wanted).select_related("merged_into"):
        uid = str(reference.uid)
        while reference.merged_into_id:
            reference = reference.merged_into
        found[uid] = reference
    if missing := wanted - set(found):
        texts = [
            claim.text for claim in state.claims.values() if any(link.reference in missing for link in claim.links)
        ]
        raise ValidationError(
            _("A source linked to “%s” is no longer in the library. Take it out, or add it again.") % texts[0],
            code="unknown_reference",
        )
    return found


def _claim(value):
    _need(isinstance(value, dict) and set(value) <= set(ClaimState.__dataclass_fields__))
    text, note = _string(value, "text", most=20_000), _string(value, "note", most=20_000)
    certainty, reasons = value.get("certainty", Certainty.NOT_RATED), value.get("reasons", [])
    _need(isinstance(certainty, str) and certainty in Certainty.values and isinstance(reasons, list))
    _need(all(isinstance(reason, str) and reason in Claim.REASONS for reason in reasons))
    _need(isinstance(value.get("confirmed", False), bool))
    links = value.get("links", [])
    _need(isinstance(links, list) and len(links) <= MAX_LINKS)
    links = [_link(link, text) for link in links]
    if len({(link.reference, link.stance) for link in links}) < len(links):
        raise ValidationError(
            _("The same source is linked twice in the same way to “%s”. Take one of the two out.") % text,
            code="linked_twice",
        )
    _fit(note, Claim, "certainty_note", _("the reason for its certainty"), text)
    return ClaimState(text, certainty, list(dict.fromkeys(reasons)), note, value.get("confirmed", False), links)


def _link(value, text):
    _need(isinstance(value, dict) and set(value) <= set(Link.__dataclass_fields__))
    _need(_is_uuid(value.get("uid")) and _is_uuid(value.get("reference")))
    words = {name: _string(value, name, most=20_000) for name in Link.__dataclass_fields__ if name in value}
    link = Link(**words)
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


# --- into rows ------------------------------------------------------------------------------------------------
@transaction.atomic
def apply(article, state, *, by, at):
    """Make the article's claims and evidence what `state` says, and tell what changed (Changes).

    Call it after the rows and the markers in the text were saved (`editing.match_claims_to_text`). Keeps the link
    a claim has already, by reference and stance or by uid, so that comments on it and its check survive. Editing
    what a second person checked clears their check. About ten queries, however many claims.
    """
    changes = Changes()
    references = check_references(state)
    claims = {claim.key: claim for claim in Claim.objects.filter(article=article)}
    held = {}
    for citation in Citation.objects.filter(claim__article=article).select_related("reference"):
        held.setdefault(citation.claim_id, []).append(citation)
    _make_detached(article, state, claims)
    gone, kept, new, rated = [], [], [], []
    for key, wanted in state.claims.items():
        claim = claims.get(key)
        if claim is None:
            continue
        have = held.get(claim.pk, [])
        pairs, left = _pair(wanted.links, have, references)
        gone += left
        confirms = wanted.confirmed and claim.has_drifted and bool(have)
        for position, (link, citation) in enumerate(pairs):
            if citation is None:
                citation = Citation(claim=claim, uid=link.uid, added_by=by)
                _fill(citation, link, references, position)
                new.append(citation)
            elif _fill(citation, link, references, position, by=by) or confirms:
                if confirms:
                    _clear_check(citation)
                kept.append(citation)
        if _rate(claim, wanted, by, at) | _remember(claim, bool(have), bool(pairs), confirms):
            rated.append(claim)
        changes.confirmed += confirms
    changes.rated = sum(claim.was_rated for claim in rated)
    changes.linked, changes.unlinked = len(new), len(gone)
    changes.changed = sum(citation.was_changed for citation in kept)
    Citation.objects.filter(pk__in=[citation.pk for citation in gone]).delete()
    _draw_new_uids_where_taken(new)
    Citation.objects.bulk_create(new)
    Citation.objects.bulk_update(kept, [*_COLUMNS.values(), "reference", "position", *_CHECK])
    Claim.objects.bulk_update(
        rated, ["certainty", "certainty_reasons", "certainty_note", "rated_by", "rated_at", "checked_text"]
    )
    removed = Claim.objects.filter(article=article, key__in=state.removed, kind=Claim.Kind.TEXT, position=None)
    if state.removed:
        changes.unlinked += removed.delete()[1].get("articles.Citation", 0)
    return changes


def save_link(citation, by):
    """Save one link edited by hand: who added it, and a check is cleared when what was checked changed."""
    if citation.pk is None:
        citation.added_by = by
    else:
        before = Citation.objects.get(pk=citation.pk)
        if any(getattr(before, name) != getattr(citation, name) for name in Citation.CHECKED_FIELDS):
            citation.added_by = by
            _clear_check(citation)
    if citation.override_reason and citation.override_by_id is None:
        citation.override_by = by
    citation.save()


@transaction.atomic
def remember_wording(claim, *, confirmed=False):
    """After links changed: evidence stands for these words, if it is the first, or if a person says so.

    One more source under words that changed meanwhile does not say that the older ones still fit. Confirming clears
    the second person's checks: they were made for other words.
    """
    links = list(claim.citations.all())
    is_drifted = claim.has_drifted
    if not links:
        claim.checked_text = ""
    elif not claim.checked_text or confirmed:
        claim.checked_text = claim.text
    if links and is_drifted and confirmed:
        claim.citations.update(checked_by=None, checked_at=None)
    claim.save(update_fields=["checked_text"])


#: Fields of a Link and the columns they fill.
_COLUMNS = {
    "stance": "stance", "design": "design", "locator_kind": "locator_kind", "locator": "locator", "quote": "quote",
    "quote_language": "quote_language", "population_match": "population_match", "note": "note_public",
}  # fmt: skip
_CHECK = ("added_by", "checked_by", "checked_at")


def _make_detached(article, state, claims):
    """Rows for phrases that were marked, got evidence and lost their marker again before they were ever saved."""
    new = [
        Claim(article=article, key=key, text=wanted.text)
        for key, wanted in state.claims.items()
        if key not in claims and wanted.links and key not in state.removed
    ]
    claims.update({claim.key: claim for claim in Claim.objects.bulk_create(new)})


def _pair(links, have, references):
    """([(link, its citation or None)], citations nothing asks for).

    By reference and stance first: two links that swapped their stance would otherwise meet the unique constraint
    half way.
    """
    by_pair = {(citation.reference_id, citation.stance): citation for citation in have}
    taken = {}
    for number, link in enumerate(links):
        citation = by_pair.get((references[link.reference].pk, link.stance))
        if citation is not None and citation not in taken.values():
            taken[number] = citation
    left = {str(citation.uid): citation for citation in have if citation not in taken.values()}
    for number, link in enumerate(links):
        if number not in taken and link.uid in left:
            taken[number] = left.pop(link.uid)
    return [(link, taken.get(number)) for number, link in enumerate(links)], list(left.values())


def _fill(citation, link, references, position, *, by=None):
    """Bring the citation to what `link` says; whether anything changed."""
    reference = references[link.reference]
    checked = [getattr(citation, name) for name in Citation.CHECKED_FIELDS] if citation.pk else None
    values = {column: getattr(link, name) for name, column in _COLUMNS.items()}
    values["reference_id"] = reference.pk
    citation.was_changed = any(getattr(citation, name) != value for name, value in values.items())
    moved = citation.position != position
    for name, value in values.items():
        setattr(citation, name, value)
    citation.position = position
    if checked is not None and checked != [getattr(citation, name) for name in Citation.CHECKED_FIELDS]:
        citation.added_by = by  # whoever edits it now stands for it, and another person must look again
        _clear_check(citation)
    return citation.was_changed or moved


def _clear_check(citation):
    citation.checked_by, citation.checked_at = None, None


def _rate(claim, wanted, by, at):
    was = (claim.certainty, list(claim.certainty_reasons), claim.certainty_note)
    claim.was_rated = was != (wanted.certainty, wanted.reasons, wanted.note)
    if claim.was_rated:
        claim.certainty, claim.certainty_reasons, claim.certainty_note = wanted.certainty, wanted.reasons, wanted.note
        claim.rated_by, claim.rated_at = by, at
    return claim.was_rated


def _remember(claim, had_links, has_links, confirms):
    was = claim.checked_text
    if not has_links:
        claim.checked_text = ""
    elif not had_links or confirms or not was:
        claim.checked_text = claim.text
    return claim.checked_text != was


def _draw_new_uids_where_taken(citations):
    """A uid the browser drew is taken only when somebody meddles or a form is sent twice; never an error."""
    taken = {
        str(uid)
        for uid in Citation.objects.filter(uid__in=[citation.uid for citation in citations]).values_list(
            "uid", flat=True
        )
    }
    for citation in citations:
        if citation.uid in taken:
            citation.uid = str(uuid.uuid4())
        taken.add(citation.uid)
