"""The evidence of an article as the state of its panel (articles.evidence.panel_state), and that
state as rows.
"""

import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Citation, Claim
from references.models import Reference

from .panel_state import CitationState, ClaimState, PanelState

#: Claims in the order of the page, each with its citations.
Evidence = list[tuple[Claim, list[Citation]]]


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

    def sentences(self) -> Iterator[str]:
        """For the history of the article: what happened, without field names."""
        for count, one, many in (
            (self.linked, "%d source linked", "%d sources linked"),
            (self.changed, "%d evidence link changed", "%d evidence links changed"),
            (self.unlinked, "%d evidence link taken away", "%d evidence links taken away"),
            (self.rated, "certainty of %d claim rated", "certainty of %d claims rated"),
            (
                self.confirmed,
                "evidence of %d claim confirmed for new words",
                "evidence of %d claims confirmed",
            ),
        ):
            if count:
                yield ngettext(one, many, count) % count


# --- from rows ---------------------------------------------------------------------------------
def evidence_of(article: Article) -> Evidence:
    """[(claim, [its citations, each with reference and checker])] in the order of the page.

    Two queries.
    """
    links: dict[int, list[Citation]] = {}
    for citation in Citation.objects.filter(claim__article=article).select_related(
        "reference", "checked_by__person"
    ):
        links.setdefault(citation.claim_id, []).append(citation)
    return [(claim, links.get(claim.pk, [])) for claim in Claim.objects.filter(article=article)]


def state_of(article: Article, evidence: Evidence | None = None) -> PanelState:
    """The State the article's rows hold.

    `evidence` is what `evidence_of` gave, where it was asked already.
    """
    return PanelState(
        {
            claim.key: ClaimState(
                text=claim.text,
                certainty=claim.certainty,
                reasons=list(claim.certainty_reasons),
                note=claim.certainty_note,
                links=[citation_state_of(citation) for citation in citations],
            )
            for claim, citations in (evidence_of(article) if evidence is None else evidence)
        }
    )


def citation_state_of(citation: Citation) -> CitationState:
    """A citation as the panel holds it. Reads `citation.reference`."""
    return CitationState(
        uid=str(citation.uid),
        reference=str(citation.reference.uid),
        stance=citation.stance,
        design=citation.design,
        locator_kind=citation.locator_kind,
        locator=citation.locator,
        quote=citation.quote,
        quote_language=citation.quote_language,
        population_match=citation.population_match,
        note=citation.note_public,
    )


def check_references(state: PanelState) -> dict[str, Reference]:
    """{uid: Reference} for every reference in `state`, merged ones followed to what they became.

    Raises ValidationError when one is not in the library. At most one query, and one more for
    merged ones.
    """
    wanted = {link.reference for claim in state.claims.values() for link in claim.links}
    found = {}
    for reference in Reference.objects.filter(uid__in=wanted).select_related("merged_into"):
        found[str(reference.uid)] = reference.survivor
    if missing := wanted - set(found):
        texts = [
            claim.text
            for claim in state.claims.values()
            if any(link.reference in missing for link in claim.links)
        ]
        raise ValidationError(
            _("A source linked to “%s” is no longer in the library. Take it out, or add it again.")
            % texts[0],
            code="unknown_reference",
        )
    return found


# --- into rows ---------------------------------------------------------------------------------
@transaction.atomic
def apply(article: Article, state: PanelState, *, by: User, at: datetime) -> Changes:
    """Make the article's claims and evidence what `state` says, and tell what changed (Changes).

    Call it after the rows and the markers in the text were saved (`editing.match_claims_to_text`).
    Keeps the link a claim has already, by reference and stance or by uid, so that comments on it
    and its check survive. Editing what a second person checked clears their check. About ten
    queries, however many claims.
    """
    changes = Changes()
    references = check_references(state)
    claims = {claim.key: claim for claim in Claim.objects.filter(article=article)}
    held: dict[int, list[Citation]] = {}
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
        was_rated = _rate(claim, wanted, by, at)
        if _remember(claim, bool(have), bool(pairs), confirms) or was_rated:
            rated.append(claim)
        changes.confirmed += confirms
        changes.rated += was_rated
    changes.linked, changes.unlinked = len(new), len(gone)
    changes.changed = sum(citation.was_changed for citation in kept)
    Citation.objects.filter(pk__in=[citation.pk for citation in gone]).delete()
    _draw_new_uids_where_taken(new)
    Citation.objects.bulk_create(new)
    Citation.objects.bulk_update(kept, [*_COLUMNS.values(), "reference", "position", *_CHECK])
    Claim.objects.bulk_update(rated, _RATING)
    removed = Claim.objects.filter(
        article=article, key__in=state.removed, kind=Claim.Kind.TEXT, position=None
    )
    if state.removed:
        changes.unlinked += removed.delete()[1].get("articles.Citation", 0)
    return changes


def save_citation(citation: Citation, by: User) -> None:
    """Save one link edited by hand.

    Who added it, and a check is cleared when what was checked changed.
    """
    if citation.pk is None:
        citation.added_by = by
    else:
        before = Citation.objects.get(pk=citation.pk)
        if any(
            getattr(before, name) != getattr(citation, name) for name in Citation.CHECKED_FIELDS
        ):
            citation.added_by = by
            _clear_check(citation)
    if citation.override_reason and citation.override_by_id is None:
        citation.override_by = by
    citation.save()


@transaction.atomic
def remember_wording(claim: Claim, *, confirmed: bool = False) -> None:
    """After links changed: evidence stands for these words, if it is the first, or if a person says
    so.

    One more source under words that changed meanwhile does not say that the older ones still fit.
    Confirming clears the second person's checks: they were made for other words.
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
_RATING = [
    "certainty",
    "certainty_reasons",
    "certainty_note",
    "rated_by",
    "rated_at",
    "checked_text",
]
_COLUMNS = {
    "stance": "stance",
    "design": "design",
    "locator_kind": "locator_kind",
    "locator": "locator",
    "quote": "quote",
    "quote_language": "quote_language",
    "population_match": "population_match",
    "note": "note_public",
}
_CHECK = ("added_by", "checked_by", "checked_at")


def _make_detached(article, state, claims):
    """Rows for phrases that were marked, got evidence and lost their marker again before they were
    ever saved.
    """
    new = [
        Claim(article=article, key=key, text=wanted.text)
        for key, wanted in state.claims.items()
        if key not in claims and wanted.links and key not in state.removed
    ]
    claims.update({claim.key: claim for claim in Claim.objects.bulk_create(new)})


def _pair(links, have, references):
    """([(link, its citation or None)], citations nothing asks for).

    By reference and stance first: two links that swapped their stance would otherwise meet the
    unique constraint half way.
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
    if checked is not None and checked != [
        getattr(citation, name) for name in Citation.CHECKED_FIELDS
    ]:
        citation.added_by = (
            by  # whoever edits it now stands for it, and another person must look again
        )
        _clear_check(citation)
    return citation.was_changed or moved


def _clear_check(citation):
    citation.checked_by, citation.checked_at = None, None


def _rate(claim, wanted, by, at):
    was = (claim.certainty, list(claim.certainty_reasons), claim.certainty_note)
    is_new = was != (wanted.certainty, wanted.reasons, wanted.note)
    if is_new:
        claim.certainty, claim.certainty_reasons, claim.certainty_note = (
            wanted.certainty,
            wanted.reasons,
            wanted.note,
        )
        claim.rated_by, claim.rated_at = by, at
    return is_new


def _remember(claim, had_links, has_links, confirms):
    was = claim.checked_text
    if not has_links:
        claim.checked_text = ""
    elif not had_links or confirms or not was:
        claim.checked_text = claim.text
    return claim.checked_text != was


def _draw_new_uids_where_taken(citations):
    """A uid the browser drew is taken only when somebody meddles or a form is sent twice.

    Never an error.
    """
    taken = {
        str(uid)
        for uid in Citation.objects.filter(
            uid__in=[citation.uid for citation in citations]
        ).values_list("uid", flat=True)
    }
    for citation in citations:
        if citation.uid in taken:
            citation.uid = str(uuid.uuid4())
        taken.add(citation.uid)
