"""What helps for a condition, and how sure we are: what live pages say of it, by outcome.

From the catalogue. Each line says what its page says, in the language of that page; so lines that
do not agree stand together, and nothing weighs them but how sure each is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.findings import pictures, sentences
from articles.findings.figures import common_base
from articles.findings.pictures import FindingPicture
from articles.models import LiveArticle, LiveFinding
from articles.page.certainty import sources_disagree, what_sources_say
from articles.page.findings import study_details
from articles.revisions.frozen_content import AnyRow
from articles.wording import (
    CERTAINTY_LEVELS,
    CHECKED_AGAIN,
    STUDIES_DISAGREE,
    CertaintyWords,
    Words,
    sides,
)

from .languages import place_of
from .pages import has_claim_in_doubt, has_open_notice, live_pages_about


@dataclass(frozen=True)
class TopicLine:
    """What one live page says of one outcome, in its own words and its own language."""

    live: LiveArticle
    has_notice: bool
    effect: str  # what the treatment does, or that nobody knows
    numbers: list[str]  # sentences; of a phrase of the text there are none
    note: str
    disagreement: list[Words]  # sentences, where the sources of the page do not agree
    details: list[tuple[str, str]]  # (what, in words): who, compared with what, how many
    source_says: list[Words]  # how sure its sources are themselves
    certainty: CertaintyWords


@dataclass(frozen=True)
class TopicOutcome:
    """An outcome, and all that live pages say of it, the surest first."""

    heading: str
    language: str  # of the heading
    lines: list[TopicLine]


@dataclass(frozen=True)
class Example:
    """A finding of a live page, drawn, to show what pages are like. `address` leads to it there."""

    heading: str
    line: TopicLine
    picture: FindingPicture
    address: str


def example(articles: Sequence[LiveArticle]) -> Example | None:
    """Return the surest finding of these articles that is rated and drawn, or None. One query.

    What gets better comes before what gets worse; of equally sure ones the first article's is
    taken. An article with an open safety notice gives none: nobody should meet it without that.
    """
    places = {article.pk: place for place, article in enumerate(articles)}
    found = (
        LiveFinding.objects.filter(live__in=places)
        .select_related("live")
        .defer("live__sections")
        .annotate(has_notice=has_open_notice())
    )

    def how_good(one: LiveFinding) -> tuple[bool, int, int, int]:
        return one.row["direction"] != "better", one.certainty_rank, places[one.live_id], one.pk

    candidates = [one for one in found if one.row and not one.has_notice]  # type: ignore[attr-defined]
    for one in sorted(candidates, key=how_good):
        base = common_base([one.row])
        with translation.override(one.live.language):
            picture = pictures.picture_of(one.row, one.claim or None, base)
        if picture and CERTAINTY_LEVELS[one.claim.get("certainty", "not-rated")].dots:
            address = f"{one.live.get_absolute_url()}#finding-{one.row['uid']}"
            return Example(capfirst(one.outcome), _line(one, base), picture, address)
    return None


def findings_about(slug: str, language: str) -> QuerySet[LiveFinding]:
    """Return what live articles about this condition found, by outcome, the surest first.

    What articles in `language` found comes before all else, and what is checked again last of its
    outcome. LiveFinding rows with `live`. Each has `has_notice`: does that article have a safety
    notice now? One query; a queryset, to be sliced.
    """
    return (
        LiveFinding.objects.filter(live__in=live_pages_about(slug))
        .select_related("live")
        .defer("live__sections")
        .annotate(has_notice=has_open_notice(), has_claim_in_doubt=has_claim_in_doubt())
        .order_by(place_of("live__language", language), *_SUREST_FIRST)
    )


_SUREST_FIRST = (
    "sort_key",
    "outcome_key",
    "has_claim_in_doubt",
    "certainty_rank",
    "live__sort_key",
    "pk",
)


def topic_outcomes(slug: str, found: Sequence[LiveFinding]) -> list[TopicOutcome]:
    """Return `found`, a slice of what is found about this condition, as its page shows it.

    One query, or none where there is nothing.
    """
    bases = _bases(slug, found)
    outcomes = []
    for (key, language), group in groupby(
        found, key=lambda one: (one.outcome_key, one.live.language)
    ):
        rows = list(group)
        lines = [_line(one, bases[key]) for one in rows]
        outcomes.append(TopicOutcome(capfirst(rows[0].outcome), language, lines))
    return outcomes


def _bases(slug: str, found: Sequence[LiveFinding]) -> Mapping[str, int]:
    """Return {key of an outcome: out of how many people its counts are told}. One query, or none.

    Where a slice cuts an outcome, its counts beyond the cut have their say too: on every page of
    the list they are out of the same number.
    """
    if not found:
        return {}
    cut = {found[0].outcome_key, found[-1].outcome_key}
    counts: dict[str, list] = {one.outcome_key: [] for one in found}
    for one in found:
        if one.row and one.outcome_key not in cut:
            counts[one.outcome_key].append(one.row)
    everywhere = LiveFinding.objects.filter(live__in=live_pages_about(slug))
    elsewhere = everywhere.filter(outcome_key__in=cut, row__kind="count").order_by()
    for key, row in elsewhere.values_list("outcome_key", "row"):
        counts[key].append(row)
    return {key: common_base(rows) for key, rows in counts.items()}


def _line(found: LiveFinding, base: int) -> TopicLine:
    claim = found.claim
    with translation.override(found.live.language):
        text = (
            sentences.finding_text(found.row, claim, base, is_checked_again=found.is_checked_again)
            if found.row
            else None
        )
        disagree = bool(claim) and sources_disagree(claim)
        stances = [one["stance"] for one in claim.get("citations", ())]
        effect = text.effect if text else capfirst(claim["text"])
        return TopicLine(
            live=found.live,
            has_notice=found.has_notice,  # type: ignore[attr-defined]  # set by findings_about
            effect=effect,
            numbers=text.numbers if text else [],
            note=found.row.get("note", ""),
            disagreement=[STUDIES_DISAGREE, *sides(stances)] if disagree else [],
            details=_details(found.row, claim, beside=f"{found.live.title} {effect}"),
            source_says=(
                what_sources_say(claim, is_checked_again=found.is_checked_again) if claim else []
            ),
            certainty=(
                CHECKED_AGAIN
                if found.is_checked_again
                else CERTAINTY_LEVELS[claim.get("certainty", "not-rated")]
            ),
        )


def _details(row: Any, claim: AnyRow, beside: str) -> list[tuple[str, str]]:
    """Return (what, in words). The treatment is named where the words `beside` do not name it."""
    if not row:
        found = [(_("Who:"), claim["population"]), (_("Compared with:"), claim["comparator"])]
        return [(label, words) for label, words in found if words]
    tried = row["intervention"]
    is_named = tried.casefold() in beside.casefold()
    # Translators: the treatment that was tested. It follows.
    return [*([] if is_named else [(_("What was tried:"), tried)]), *study_details(row)]
