"""What helps for a condition, and how sure we are: what live pages say of it, by outcome.

From the catalogue. Each line says what its page says, in the language of that page; so lines that
do not agree stand together, and nothing weighs them but how sure each is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.findings import pictures, sentences
from articles.findings.figures import common_base
from articles.findings.pictures import FindingPicture
from articles.models import LiveArticle, LiveFinding, LiveTopicFinding
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

from .pages import AboutCondition, has_claim_in_doubt, has_open_notice, parts_by_doubt
from .sorted_parts import SortedParts


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


def findings_about(about: AboutCondition, language: str) -> SortedParts:
    """Return what live articles about a condition found, by outcome, the surest first.

    What articles in `language` found comes before all else. LiveTopicFinding rows with `finding`,
    and that with `live`, to be read page by page. Each has `has_notice`: does that article have a
    safety notice now? No query.
    """
    rows = (
        LiveTopicFinding.objects.filter(slug=about.slug)
        .select_related("finding__live")
        .defer("finding__live__sections")
        .annotate(
            has_notice=has_open_notice("finding__live"),
            has_claim_in_doubt=has_claim_in_doubt("finding__"),
        )
    )
    return parts_by_doubt(rows, language, about.findings, {}, _SUREST_FIRST)


_SUREST_FIRST = ("sort_key", "outcome_key", "certainty_rank", "title_key")


def findings_of(page: Iterable[Any]) -> list[LiveFinding]:
    """Return the findings of a page of `findings_about`; what is checked again last of its outcome.

    A notice comes and goes, so the index knows nothing of it: an outcome that two pages of the list
    share has it last on each.
    """
    found = []
    for row in page:
        row.finding.has_notice = row.has_notice
        row.finding.has_claim_in_doubt = row.has_claim_in_doubt
        found.append(row.finding)
    places = {_outcome_of(one): place for place, one in reversed(list(enumerate(found)))}
    return sorted(found, key=lambda one: (places[_outcome_of(one)], one.is_checked_again))


def _outcome_of(found: LiveFinding) -> tuple[str, str]:
    return found.outcome_key, found.live.language


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
        if one.row:
            counts[one.outcome_key].append(one.row)
    small = LiveTopicFinding.objects.filter(slug=slug, outcome_key__in=cut, is_small_count=True)
    has_small = set(small.order_by().values_list("outcome_key", flat=True).distinct())
    bases = {key: common_base(rows) for key, rows in counts.items()}
    # A count that stands alone is told out of as many as it needs.
    return {key: max(base, 1000) if key in has_small else base for key, base in bases.items()}


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
