"""A table that was read becomes findings, once a person has looked at each of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.drafts import edits
from articles.findings.tables import FindingInTable, RelativeEffect
from articles.models import Article, Certainty, Citation, Finding
from articles.models.findings import figure_text
from references.models import Reference

_PLACES = Decimal("0.001")
#: What a table may say of an outcome without measuring it: offered, and not chosen.
NOT_MEASURED = {"not_estimable", "no_studies"}


@dataclass(frozen=True)
class LookedThrough:
    """One row of a table with what a person decided about it, by the fields of a Finding."""

    found: FindingInTable
    decided: dict[str, str]


@dataclass(frozen=True)
class TableSource:
    """What all rows of a table share."""

    reference: Reference
    table: str  # its number in the source, or ""
    intervention: str
    comparator: str
    population: str


def finding_values(found: FindingInTable) -> dict[str, object]:
    """Return the fields of a Finding that `found` fills by itself.

    Where one end of an interval is missing, both are left out. A value with the treatment that was
    reckoned is left to the page, which says so.
    """
    is_reckoned = "with_reckoned" in found.flags
    low, high = found.interval or (None, None)
    has_interval = low is not None and high is not None
    scale = found.scale
    has_ends = found.kind == "scale" and scale is not None
    return {
        "outcome": found.outcome[:120],
        "time": found.time[:80],
        "kind": found.kind,
        "unit": (found.unit or "")[:20],
        "base": found.base,
        "without_value": _figure(found.without),
        "with_value": None if is_reckoned else _figure(found.with_),
        "difference": _figure(found.difference),
        "low": _figure(low) if has_interval else None,
        "high": _figure(high) if has_interval else None,
        "interval_of": (found.interval_of or "") if has_interval else "",
        "scale_low": _figure(scale.low) if scale and has_ends else None,
        "scale_high": _figure(scale.high) if scale and has_ends else None,
        "better": (scale.better or "") if scale else "",
        "people": found.people or None,
        "studies": found.studies or None,
        "as_reported": _as_reported(found.relative),
        "starting_risks": [
            {
                "label": risk.label[:80],
                "without": figure_text(_figure(risk.without)),
                "with": figure_text(_figure(risk.with_)),
                "low": figure_text(_figure(risk.low)) if risk.high is not None else "",
                "high": figure_text(_figure(risk.high)) if risk.low is not None else "",
            }
            for risk in found.starting_risks
            if risk.without is not None and risk.with_ is not None
        ],
    }


def _figure(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_PLACES)


def _as_reported(relative: RelativeEffect | None) -> str:
    if relative is None or relative.value is None:
        return ""
    low, high = relative.ci or (None, None)
    value = f"{relative.measure} {figure_text(relative.value)}".strip()
    if low is None or high is None:
        return value
    return f"{value} ({figure_text(low)} to {figure_text(high)})"


def unsaved(article: Article, row: LookedThrough, source: TableSource) -> Finding:
    """Return the Finding of a row, not saved. Raises ValidationError: why it cannot be one."""
    finding = Finding(
        article=article,
        intervention=source.intervention,
        comparator=source.comparator,
        population=source.population,
        **{**finding_values(row.found), **row.decided},
    )
    finding.full_clean(exclude=["claim"])
    return finding


@transaction.atomic
def make_findings(
    article: Article,
    rows: Sequence[LookedThrough],
    source: TableSource,
    *,
    by: User,
    at: datetime,
) -> list[Finding]:
    """Make a finding of each row, with its certainty, its reasons, and the cell as its locator.

    All or none. Raises ValidationError.
    """
    last = article.finding_rows.order_by("-position").values_list("position", flat=True).first()
    made = []
    for position, row in enumerate(rows, -1 if last is None else last):
        finding = unsaved(article, row, source)
        finding.position = position + 1
        finding.save()
        _rate_and_cite(finding, row.found, source, by, at)
        made.append(finding)
    if made:
        summary = _("%(count)s findings made of a table of %(source)s.") % {
            "count": len(made),
            "source": source.reference,
        }
        edits.record_edit(article, by=by, at=at, summary=summary)
    return made


def _rate_and_cite(
    finding: Finding, found: FindingInTable, source: TableSource, by: User, at: datetime
) -> None:
    claim = finding.claim
    if claim is None:
        raise ValidationError(_("The finding has lost its claim. Start again."))
    claim.certainty = Certainty(found.certainty)
    claim.certainty_reasons = list(found.reasons)
    claim.checked_text = claim.text
    if claim.certainty != Certainty.NOT_RATED:
        claim.rated_by, claim.rated_at = by, at
    claim.save()
    is_rated = claim.certainty not in {Certainty.NOT_RATED, Certainty.NONE}
    Citation.objects.create(
        claim=claim,
        reference=source.reference,
        added_by=by,
        locator_kind=Citation.Locator.TABLE,
        locator=_locator(source.table, found.row),
        source_certainty=str(Certainty(found.certainty).label) if is_rated else "",
        source_scheme="GRADE" if is_rated else "",
    )


def _locator(table: str, row: int) -> str:
    place = _("row %s") % row
    return f"{table.strip()[:40]}, {place}" if table.strip() else place
