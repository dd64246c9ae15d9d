"""When a page must be reviewed again: computed from its claims, never typed. The earliest counts.

The spans are ours. What may harm is reviewed every year. The lower the certainty, the sooner, since
the next study may change it. Where the newest source is old already, it takes half the time.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from articles.models import Certainty, Claim
from references import csl

from .frozen_content import FrozenClaim, FrozenContent

#: Months a claim holds, by risk and by certainty.
RISKY = {Claim.Kind.CONTRAINDICATION, Claim.Kind.SIDE_EFFECT}
MONTHS_FOR_RISK = 12
MONTHS = {
    Certainty.HIGH: 36,
    Certainty.MODERATE: 24,
    Certainty.LOW: 24,
    Certainty.VERY_LOW: 18,
    Certainty.NONE: 18,
    Certainty.NOT_RATED: 12,
}
MONTHS_WITHOUT_CLAIMS = 36
YEARS_THAT_ARE_OLD = 10


@dataclass(frozen=True)
class Due:
    """The day of a review, and why it is that day."""

    on: date
    because: str  # a sentence for colleagues


def review_due(content: FrozenContent, *, searched_on: date) -> Due:
    """Return when the page must be reviewed, its evidence last searched on `searched_on`."""
    years = {row["uid"]: csl.year(row["csl"]) for row in content["references"]}
    found = [_of_claim(claim, years, searched_on) for claim in content["claims"]]
    return min(
        found,
        key=lambda due: due.on,
        default=Due(
            _later(searched_on, MONTHS_WITHOUT_CLAIMS),
            _("It makes no claim that evidence could overtake."),
        ),
    )


def _of_claim(claim: FrozenClaim, years: dict[str, int | None], searched_on: date) -> Due:
    months = MONTHS[Certainty(claim["certainty"])]
    because = _("“%(text)s” is rated %(rated)s")
    if claim["kind"] in RISKY and months >= MONTHS_FOR_RISK:
        months, because = MONTHS_FOR_RISK, _("“%(text)s” is about harm")
    cited = (years.get(citation["reference"]) or 0 for citation in claim["citations"])
    newest = max(cited, default=0)
    if newest and searched_on.year - newest > YEARS_THAT_ARE_OLD:
        months, because = months // 2, _("The newest source of “%(text)s” is old")
    values = {"text": claim["text"], "rated": Certainty(claim["certainty"]).label}
    return Due(_later(searched_on, months), because % values)


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
