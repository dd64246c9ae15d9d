"""Turning the evidence of an article into the state of its panel, and that state into rows.

The shape of the state is in articles.evidence.panel_state.
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

from .panel_state import SCOPE, CitationState, ClaimState, PanelState

#: Claims in the order of the page, each with its citations.
Evidence = list[tuple[Claim, list[Citation]]]


@dataclass
class Changes:
    """How many citations and ratings `apply` changed."""

    linked: int = 0
    changed: int = 0
    unlinked: int = 0
    rated: int = 0
    confirmed: int = 0
    described: int = 0

    def __bool__(self):
        return any(asdict(self).values())

    def sentences(self) -> Iterator[str]:
        """Yield what happened, for the history of the article, without field names."""
        for count, one, many in (
            (self.linked, "%d source linked", "%d sources linked"),
            (self.changed, "%d evidence link changed", "%d evidence links changed"),
            (self.unlinked, "%d evidence link taken away", "%d evidence links taken away"),
            (self.rated, "certainty of %d claim rated", "certainty of %d claims rated"),
            (
                self.confirmed,
                "evidence of %d claim confirmed for new words",
                "evidence of %d claims confirmed for new words",
            ),
            (
                self.described,
                "whom or what %d claim is about was changed",
                "whom or what %d claims are about was changed",
            ),
        ):
            if count:
                yield ngettext(one, many, count) % count


# From rows to state ----------------------------------------------------------------------------


def evidence_of(article: Article) -> Evidence:
    """Return [(claim, [its citations, with reference and checker])] in the order of the page.

    Two queries.
    """
    citations: dict[int, list[Citation]] = {}
    for citation in Citation.objects.filter(claim__article=article).select_related(
        "reference", "checked_by"
    ):
        citations.setdefault(citation.claim_id, []).append(citation)
    return [(claim, citations.get(claim.pk, [])) for claim in Claim.objects.filter(article=article)]


def state_of(article: Article, evidence: Evidence | None = None) -> PanelState:
    """Return the PanelState that the article's rows hold.

    `evidence` is the result of `evidence_of`, if it was fetched already.
    """
    return PanelState(
        {
            claim.key: ClaimState(
                text=claim.text,
                certainty=claim.certainty,
                reasons=list(claim.certainty_reasons),
                note=claim.certainty_note,
                outcome=_of_panel(claim, claim.outcome),
                population=_of_panel(claim, claim.population),
                comparator=_of_panel(claim, claim.comparator),
                links=[citation_state_of(citation) for citation in citations],
            )
            for claim, citations in (evidence_of(article) if evidence is None else evidence)
        }
    )


def _of_panel(claim: Claim, words: str) -> str | None:
    """Return `words` as the panel holds them: None of a finding, whose row holds them."""
    return None if claim.kind == Claim.Kind.FINDING else words


def citation_state_of(citation: Citation) -> CitationState:
    """Return a citation as the panel holds it. Reads `citation.reference`."""
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
        source_certainty=citation.source_certainty,
        source_scheme=citation.source_scheme,
        includes_retracted=citation.includes_retracted,
        note=citation.note_public,
    )


def check_references(state: PanelState) -> dict[str, Reference]:
    """Return {uid: Reference} for every reference in `state`.

    For a merged reference it gives the one it was merged into. Raises ValidationError if one is not
    in the library. One query, and one more for merged references.
    """
    wanted = {citation.reference for claim in state.claims.values() for citation in claim.links}
    references = {}
    for reference in Reference.objects.filter(uid__in=wanted).select_related("merged_into"):
        references[str(reference.uid)] = reference.survivor
    if missing := wanted - set(references):
        texts = [
            claim.text
            for claim in state.claims.values()
            if any(citation.reference in missing for citation in claim.links)
        ]
        raise ValidationError(
            _("A source linked to “%s” is no longer in the library. Take it out, or add it again.")
            % texts[0],
            code="unknown_reference",
        )
    return references


# From state to rows ----------------------------------------------------------------------------


@transaction.atomic
def apply(article: Article, state: PanelState, *, by: User, at: datetime) -> Changes:
    """Save the claims and the evidence in `state` as rows of the article. Returns the Changes.

    Call it after the rows and the markers in the text were saved (`edits.match_claims_to_text`).
    A citation that a claim has already is kept, by reference and stance or by uid, so its check and
    the comments on it survive. If somebody edits what a second person checked, the check is
    cleared. About ten queries, however many claims.
    """
    changes = Changes()
    references = check_references(state)
    claims = {claim.key: claim for claim in Claim.objects.filter(article=article)}
    citations_of: dict[int, list[Citation]] = {}
    for citation in Citation.objects.filter(claim__article=article).select_related("reference"):
        citations_of.setdefault(citation.claim_id, []).append(citation)
    _create_detached_claims(article, state, claims)
    removed, kept, new, changed_claims = [], [], [], []
    for key, wanted in state.claims.items():
        claim = claims.get(key)
        if claim is None:
            continue
        present = citations_of.get(claim.pk, [])
        pairs, not_wanted = _match_citations(wanted.links, present, references)
        removed += not_wanted
        is_confirmed = wanted.confirmed and claim.wording_has_changed and bool(present)
        for position, (sent, citation) in enumerate(pairs):
            if citation is None:
                citation = Citation(claim=claim, uid=sent.uid, added_by=by)
                _update_citation(citation, sent, references, position)
                new.append(citation)
            elif _update_citation(citation, sent, references, position, by=by) or is_confirmed:
                if is_confirmed:
                    citation.clear_check()
                kept.append(citation)
        was_rated = _update_rating(claim, wanted, by, at)
        was_described = _update_scope(claim, wanted)
        has_new_words = _update_checked_text(claim, bool(present), bool(pairs), is_confirmed)
        if has_new_words or was_rated or was_described:
            changed_claims.append(claim)
        changes.described += was_described
        changes.confirmed += is_confirmed
        changes.rated += was_rated
    changes.linked, changes.unlinked = len(new), len(removed)
    changes.changed = sum(citation.was_changed for citation in kept)
    Citation.objects.filter(pk__in=[citation.pk for citation in removed]).delete()
    _replace_taken_uids(new)
    Citation.objects.bulk_create(new)
    Citation.objects.bulk_update(
        kept, [*_COLUMN_OF_FIELD.values(), "reference", "position", *_CHECK_COLUMNS]
    )
    Claim.objects.bulk_update(changed_claims, _RATING)
    detached = Claim.objects.filter(
        article=article, key__in=state.removed, kind=Claim.Kind.TEXT, position=None
    )
    if state.removed:
        changes.unlinked += detached.delete()[1].get("articles.Citation", 0)
    return changes


def save_citation(citation: Citation, by: User | None) -> None:
    """Save one citation that `by` edited in its own form.

    If `by` changed what a second person checked, the check is cleared and `by` answers for it.
    """
    if citation.pk is None:
        citation.added_by = by
    else:
        before = Citation.objects.get(pk=citation.pk)
        if before.checked_values() != citation.checked_values():
            citation.added_by = by
            citation.clear_check()
    if citation.override_reason and citation.override_by_id is None:
        citation.override_by = by
    citation.save()


@transaction.atomic
def remember_wording(claim: Claim, *, confirmed: bool = False) -> None:
    """Remember the words the evidence is for, after the citations of `claim` changed.

    These are the present words if the evidence is the first, or if a person confirmed that it still
    fits. One more source does not show that the older ones fit changed words. Confirming clears the
    checks of a second person, because they were made for other words.
    """
    has_citations = claim.citations.exists()
    wording_had_changed = claim.wording_has_changed
    if not has_citations:
        claim.checked_text = ""
    elif not claim.checked_text or confirmed:
        claim.checked_text = claim.text
    if has_citations and wording_had_changed and confirmed:
        claim.citations.clear_checks()
    claim.save(update_fields=["checked_text"])


#: What rating a claim, or linking evidence to it, may change.
_RATING = [
    "certainty",
    "certainty_reasons",
    "certainty_note",
    "rated_by",
    "rated_at",
    "checked_text",
    *SCOPE,
]
#: Fields of a CitationState and the columns they fill.
_COLUMN_OF_FIELD = {
    "stance": "stance",
    "design": "design",
    "locator_kind": "locator_kind",
    "locator": "locator",
    "quote": "quote",
    "quote_language": "quote_language",
    "population_match": "population_match",
    "source_certainty": "source_certainty",
    "source_scheme": "source_scheme",
    "includes_retracted": "includes_retracted",
    "note": "note_public",
}
_CHECK_COLUMNS = ("added_by", "checked_by", "checked_at")


def _create_detached_claims(article, state, claims):
    """Create claims for phrases that have evidence but no marker in the text.

    They were marked, got evidence and lost their marker again before the first save.
    """
    new = [
        Claim(article=article, key=key, text=wanted.text)
        for key, wanted in state.claims.items()
        if key not in claims and wanted.links and key not in state.removed
    ]
    claims.update({claim.key: claim for claim in Claim.objects.bulk_create(new)})


def _match_citations(all_sent, present, references):
    """Return ([(what was sent, its citation or None)], citations that were not sent).

    It matches by reference and stance first. Else two citations that swapped their stance would
    break the unique constraint for a moment.
    """
    by_pair = {(citation.reference_id, citation.stance): citation for citation in present}
    taken = {}
    for number, sent in enumerate(all_sent):
        citation = by_pair.get((references[sent.reference].pk, sent.stance))
        if citation is not None and citation not in taken.values():
            taken[number] = citation
    left = {str(citation.uid): citation for citation in present if citation not in taken.values()}
    for number, sent in enumerate(all_sent):
        if number not in taken and sent.uid in left:
            taken[number] = left.pop(sent.uid)
    return [(sent, taken.get(number)) for number, sent in enumerate(all_sent)], list(left.values())


def _update_citation(citation, sent, references, position, *, by=None):
    """Make the citation what `sent` says, and return whether anything changed."""
    reference = references[sent.reference]
    checked = citation.checked_values() if citation.pk else None
    values = {
        column: value
        for name, column in _COLUMN_OF_FIELD.items()
        if (value := getattr(sent, name)) is not None
    }
    values["reference_id"] = reference.pk
    citation.was_changed = any(getattr(citation, name) != value for name, value in values.items())
    moved = citation.position != position
    for name, value in values.items():
        setattr(citation, name, value)
    citation.position = position
    if checked is not None and checked != citation.checked_values():
        # The person who edits it answers for it now, and somebody else must check it again.
        citation.added_by = by
        citation.clear_check()
    return citation.was_changed or moved


def _update_rating(claim, wanted, by, at):
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


def _update_scope(claim, wanted):
    new = {name: getattr(wanted, name) for name in SCOPE}
    new = {name: words for name, words in new.items() if words is not None}
    if claim.kind == Claim.Kind.FINDING or all(
        getattr(claim, name) == words for name, words in new.items()
    ):
        return False
    for name, words in new.items():
        setattr(claim, name, words)
    return True


def _update_checked_text(claim, had_citations, has_citations, is_confirmed):
    was = claim.checked_text
    if not has_citations:
        claim.checked_text = ""
    elif not had_citations or is_confirmed or not was:
        claim.checked_text = claim.text
    return claim.checked_text != was


def _replace_taken_uids(citations):
    """Give a new uid to citations whose uid another citation has.

    The browser made the uid. It is taken only if a form is sent twice or somebody tampered with it,
    and that is no error.
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
