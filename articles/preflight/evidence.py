"""Rules about evidence.

The ceilings are our own. They fit the levels of GRADE, but GRADE does not state them.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.findings.source_certainty import source_level, surest_level
from articles.models import Certainty, Claim
from articles.preflight.draft import DraftToCheck
from articles.revisions import contents
from articles.revisions.frozen_content import FrozenCitation, FrozenClaim
from references.models import Design, Identity, Integrity

from .registry import Found, blocks, blocks_unless_signed, hints

_RANK = {
    Certainty.NOT_RATED: 0, Certainty.NONE: 0,
    Certainty.VERY_LOW: 1, Certainty.LOW: 2, Certainty.MODERATE: 3, Certainty.HIGH: 4,
}  # fmt: skip

#: The highest certainty that one citation of each design can carry.
CEILING = {
    Design.SYSTEMATIC_REVIEW: Certainty.HIGH,
    Design.GUIDELINE: Certainty.HIGH,
    Design.RCT: Certainty.MODERATE,
    Design.NONRANDOMISED: Certainty.LOW,
    Design.COHORT: Certainty.LOW,
    Design.CASE_CONTROL: Certainty.LOW,
    Design.CROSS_SECTIONAL: Certainty.LOW,
    Design.CASE_SERIES: Certainty.VERY_LOW,
    Design.QUALITATIVE: Certainty.VERY_LOW,
    Design.NARRATIVE_REVIEW: Certainty.VERY_LOW,
    Design.OPINION: Certainty.VERY_LOW,
    Design.LABORATORY: Certainty.VERY_LOW,
}
_OBSERVATIONAL = {Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.NONRANDOMISED}
_RATE_THEMSELVES = {Design.SYSTEMATIC_REVIEW, Design.GUIDELINE}
_RAISING = {"large_effect", "dose_response", "confounding_opposes"}
YEARS_THAT_ARE_OLD = 10


def ceiling(draft: DraftToCheck, claim: FrozenClaim) -> Certainty:
    """Return the highest certainty that the supporting citations of `claim` carry.

    It is very low when no citation counts. Observational studies carry low, or moderate with a
    recorded reason for rating up.
    """
    best = Certainty.VERY_LOW
    for citation in claim["citations"]:
        if citation["stance"] != "supports" or (
            _is_absent(draft, citation) and citation["uid"] not in draft.overrides
        ):
            continue
        level = (
            CEILING.get(Design(citation["design"]), Certainty.VERY_LOW)
            if citation["design"]
            else best
        )
        if says_nothing_of_itself(citation):
            level = Certainty.MODERATE
        if citation["design"] in _OBSERVATIONAL and _RAISING & set(claim["certainty_reasons"]):
            level = Certainty.MODERATE
        best = max(best, level, key=lambda certainty: _RANK[certainty])
    return best


@blocks(
    "every_claim_has_evidence",
    many=gettext_lazy(
        "%(count)s claims have no evidence. Link evidence to each, or rate it “no"
        " studies found” if you searched and found none."
    ),
)
def every_claim_has_evidence(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        if (
            claim["citations"]
            or claim["certainty"] == Certainty.NONE
            or _is_an_experts_view(draft, claim)
        ):
            continue
        yield Found(
            _(
                "Link evidence to “%s”, or rate it “no studies found” if you searched and found"
                " none."
            )
            % claim["text"],
            claim["uid"],
        )


@blocks(
    "every_row_is_a_claim",
    many=gettext_lazy(
        "%(count)s rows have lost their claims. Open each, save it once, and link its evidence."
    ),
)
def every_row_is_a_claim(draft: DraftToCheck) -> Iterator[Found]:
    for _rows, row in contents.rows_that_are_claims(draft.content):
        if row["claim"] is None:
            yield Found(
                _(
                    "A row of this article has lost its claim. Open it, save it once, and link its"
                    " evidence."
                ),
                row["uid"],
            )


@blocks(
    "evidence_is_checked_by_a_second_person",
    many=gettext_lazy(
        "%(count)s links wait for a colleague’s check. Ask a colleague to check each"
        " against its source."
    ),
    many_for_editors=gettext_lazy(
        "%(count)s links wait for a check. Check each against its source."
    ),
)
def evidence_is_checked_by_a_second_person(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        unchecked = [
            citation["uid"]
            for citation in claim["citations"]
            if citation["uid"] not in draft.checked
        ]
        if unchecked:
            yield Found(
                _("Ask a colleague to check the evidence for “%s” against its sources.")
                % claim["text"],
                claim["uid"],
                _("Check the evidence for “%s” against its sources.") % claim["text"],
                frozenset(who for uid in unchecked if (who := draft.added_by.get(uid))),
                len(unchecked),
            )


@blocks(
    "certainty_stays_under_its_ceiling",
    many=gettext_lazy(
        "%(count)s claims are rated higher than their evidence carries. Lower each,"
        " link stronger evidence, or give the reason."
    ),
)
def certainty_stays_under_its_ceiling(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        highest = ceiling(draft, claim)
        if (
            _RANK[Certainty(claim["certainty"])] > _RANK[highest]
            and not claim["certainty_note"].strip()
        ):
            yield Found(
                _(
                    "“%(text)s” is rated %(rated)s, but its evidence carries %(highest)s at most. "
                    "Lower it, link stronger evidence, or give the reason."
                )
                % {
                    "text": claim["text"],
                    "rated": Certainty(claim["certainty"]).label,
                    "highest": Certainty(highest).label,
                },
                claim["uid"],
            )


def says_nothing_of_itself(citation: FrozenCitation) -> bool:
    """Whether it is a review or a guideline, which rate themselves, and nobody typed how.

    Words that name no level count as none. It then carries no more than moderate.
    """
    level = source_level(citation["source_certainty"], citation["source_scheme"])
    return citation["design"] in _RATE_THEMSELVES and level is None


def level_of_surest_source(draft: DraftToCheck, claim: FrozenClaim) -> Certainty | None:
    """Return how sure the surest source of `claim` is: by its own words, else by its design.

    None where no source that supports it says how sure it is. A source that was taken back is none.
    """
    supporting = [
        citation
        for citation in claim["citations"]
        if citation["stance"] == "supports"
        and not (_is_absent(draft, citation) and citation["uid"] not in draft.overrides)
    ]
    own = {
        one["uid"]: source_level(one["source_certainty"], one["source_scheme"])
        for one in supporting
    }
    if not any(own.values()):
        return None
    return surest_level(
        own[one["uid"]]
        or (Certainty.MODERATE if says_nothing_of_itself(one) else _carried_by_design(one))
        for one in supporting
    )


def _carried_by_design(citation: FrozenCitation) -> Certainty:
    if not citation["design"]:
        return Certainty.VERY_LOW
    return CEILING.get(Design(citation["design"]), Certainty.VERY_LOW)


@blocks_unless_signed(
    "claims_are_no_surer_than_their_sources",
    many=gettext_lazy(
        "%(count)s claims are surer than the surest of their sources says it is. Lower each, or"
        " sign for it with a reason."
    ),
)
def claims_are_no_surer_than_their_sources(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        level = level_of_surest_source(draft, claim)
        if level and _RANK[Certainty(claim["certainty"])] > _RANK[level]:
            yield Found(
                _(
                    "“%(text)s” is rated %(rated)s, but the surest of its sources says %(level)s of"
                    " itself. Lower it, or sign for it with a reason."
                )
                % {
                    "text": claim["text"],
                    "rated": Certainty(claim["certainty"]).label,
                    "level": level.label,
                },
                claim["uid"],
            )


@hints(
    "reviews_say_how_sure_they_are",
    many=gettext_lazy(
        "%(count)s claims rest on a review or guideline without its own rating. Type how sure each"
        " says it is: until then it carries no more than “moderate”."
    ),
)
def reviews_say_how_sure_they_are(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        silent = next(
            (
                citation
                for citation in claim["citations"]
                if citation["stance"] == "supports" and says_nothing_of_itself(citation)
            ),
            None,
        )
        if silent and claim["certainty"] not in {Certainty.NOT_RATED, Certainty.NONE}:
            yield Found(
                _(
                    "Type how sure “%(source)s” says it is of “%(text)s”, with the level it names,"
                    " such as low: until then it carries no more than “moderate”."
                )
                % {"source": draft.source(silent).label, "text": claim["text"]},
                claim["uid"],
            )


@hints(
    "reviews_without_retracted_studies",
    many=gettext_lazy(
        "%(count)s claims rest on a review that counts a study which was taken back. Look for a"
        " newer review, or say in a note what it means."
    ),
)
def reviews_without_retracted_studies(draft: DraftToCheck) -> Iterator[Found]:
    for claim, citation in _citations(draft):
        if citation.get("includes_retracted") and citation["stance"] == "supports":
            yield Found(
                _(
                    "“%(source)s” counts a study that was taken back. Look for a newer review for"
                    " “%(text)s”, or say in a note what it means."
                )
                % {"source": draft.source(citation).label, "text": claim["text"]},
                claim["uid"],
            )


@blocks(
    "links_say_where_to_look",
    many=gettext_lazy("%(count)s links do not say where to look. Add the page or a quote to each."),
)
def links_say_where_to_look(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        for citation in claim["citations"]:
            if citation["stance"] == "supports" and not (citation["quote"] or citation["locator"]):
                yield Found(
                    _("Add the page or a quote from “%(source)s”, which supports “%(text)s”.")
                    % {
                        "source": draft.source(citation).label,
                        "text": claim["text"],
                    },
                    claim["uid"],
                )
            if citation["stance"] in {"contradicts", "mixed"} and not citation["quote"]:
                yield Found(
                    _("Quote what “%(source)s” says about “%(text)s”.")
                    % {
                        "source": draft.source(citation).label,
                        "text": claim["text"],
                    },
                    claim["uid"],
                )


@blocks(
    "sources_still_stand",
    many=gettext_lazy(
        "%(count)s links lead to sources that no longer stand. Take each out, or write"
        " down why it is cited on purpose."
    ),
)
def sources_still_stand(draft: DraftToCheck) -> Iterator[Found]:
    for claim, citation in _citations(draft):
        source = draft.source(citation)
        if source.counts_as_absent and citation["uid"] not in draft.overrides:
            yield Found(
                _(
                    "“%(source)s” is %(state)s. Take it out from under “%(text)s”, "
                    "or write down why it is cited on purpose."
                )
                % {
                    "source": source.label,
                    "state": Integrity(source.integrity).label,
                    "text": claim["text"],
                },
                claim["uid"],
            )


@blocks(
    "sources_are_what_they_say",
    many=gettext_lazy(
        "The identifiers of %(count)s sources belong to other works. Correct each reference."
    ),
)
def sources_are_what_they_say(draft: DraftToCheck) -> Iterator[Found]:
    for uid, source in draft.sources.items():
        if source.identity == Identity.MISMATCH:
            yield Found(
                _("The identifier of “%s” belongs to another work. Correct the reference.")
                % source.label,
                uid,
            )


@blocks(
    "words_are_those_the_evidence_was_linked_to",
    many=gettext_lazy(
        "The wording of %(count)s claims changed since evidence was linked. Check for"
        " each that the evidence still fits."
    ),
)
def words_are_those_the_evidence_was_linked_to(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        if claim["key"] in draft.reworded_claims:
            yield Found(
                _(
                    "The wording of “%s” changed since evidence was linked. Check that the evidence"
                    " still fits."
                )
                % claim["text"],
                claim["uid"],
            )


@hints("sources_have_been_checked")
def sources_have_been_checked(draft: DraftToCheck) -> Iterator[Found]:
    unchecked = [
        source.label for source in draft.sources.values() if source.integrity == Integrity.UNCHECKED
    ]
    if unchecked:
        yield Found(
            _(
                "Look up the sources that nobody looked up yet (%s): any of them may have been"
                " taken back."
            )
            % len(unchecked)
        )


@hints(
    "repaired_identifiers_have_been_looked_up",
    many=gettext_lazy("%(count)s identifiers were repaired and not looked up yet. Verify each."),
)
def repaired_identifiers_have_been_looked_up(draft: DraftToCheck) -> Iterator[Found]:
    for uid, source in draft.sources.items():
        if source.repairs and source.identity == Identity.UNRESOLVED:
            yield Found(
                _("The identifier of “%s” was repaired and not looked up yet. Verify it.")
                % source.label,
                uid,
            )


@hints(
    "claims_rest_on_more_than_background",
    many=gettext_lazy(
        "%(count)s claims have background only. Link a study to each: background is no evidence."
    ),
)
def claims_rest_on_more_than_background(draft: DraftToCheck) -> Iterator[Found]:
    for claim in draft.content["claims"]:
        if claim["citations"] and all(
            citation["stance"] == "background" for citation in claim["citations"]
        ):
            yield Found(
                _("Link a study to “%s”: it has background only, which is no evidence.")
                % claim["text"],
                claim["uid"],
            )


@hints(
    "sources_are_named_to_the_page",
    many=gettext_lazy(
        "%(count)s sources are named with all their pages. Say on which page each of them says it."
    ),
)
def sources_are_named_to_the_page(draft: DraftToCheck) -> Iterator[Found]:
    """A reader who checks a sentence should not have to read the whole work."""
    pages_of_work = {
        entry["uid"]: _dashed(entry["csl"].get("page")) for entry in draft.content["references"]
    }
    named = set()
    for claim, citation in _citations(draft):
        pages = pages_of_work[citation["reference"]]
        if (
            "-" not in pages
            or citation["locator_kind"] != "page"
            or _dashed(citation["locator"]) != pages
        ):
            continue
        if citation["reference"] not in named:
            named.add(citation["reference"])
            yield Found(
                _("Say on which page “%(source)s” says it: %(pages)s are all its pages.")
                % {
                    "source": draft.source(citation).label,
                    "pages": citation["locator"],
                },
                claim["uid"],
            )


def _dashed(pages):
    return re.sub(r"\s*[‐‑–—-]+\s*", "-", str(pages or "")).strip()


def _citations(draft):
    return (
        (claim, citation) for claim in draft.content["claims"] for citation in claim["citations"]
    )


def _is_absent(draft, citation):
    return draft.source(citation).counts_as_absent


def _is_an_experts_view(draft, claim):
    """Return whether `claim` is the opinion of a named person.

    Such an opinion is shown under the name, apart from evidence, and carries no rating.
    """
    return claim["kind"] == Claim.Kind.RECOMMENDATION and any(
        row["claim"] == claim["key"] and row["kind"] == "expert"
        for row in draft.content["recommendations"]
    )
