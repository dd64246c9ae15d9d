"""The findings of a page: each in sentences and a picture, under what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.findings import pictures, sentences
from articles.findings.figures import common_base
from articles.findings.pictures import FindingPicture
from articles.findings.sentences import FindingText
from articles.revisions.frozen_content import AnyRow, FindingRow, FrozenClaim, FrozenContent
from articles.wording import with_commas
from references import csl

from .certainty import RatedClaim


@dataclass(frozen=True)
class ShownFinding:
    """A finding as the page shows it."""

    line: RatedClaim
    heading: str
    text: FindingText
    picture: FindingPicture | None
    details: list[tuple[str, str]]  # (what, in words): who, compared with what, when, how many
    year: int | None  # of the newest source that supports it
    rests_on: str  # "59 studies, 12,981 people"; "" where it is not known

    @property
    def anchor(self) -> str:
        """The id of its sentences, which name its picture."""
        return f"finding-{self.line.uid}"


@dataclass(frozen=True)
class Outcome:
    """The findings on one outcome of one treatment.

    Where they point apart, or one is surer than another, the page sets them side by side.
    """

    findings: list[ShownFinding]

    @property
    def is_disputed(self) -> bool:
        said = {(one.line.row["direction"], one.line.frozen_level) for one in self.findings}
        return len(said) > 1

    @property
    def newest_first(self) -> list[ShownFinding]:
        return sorted(self.findings, key=lambda one: -(one.year or 0))


def by_outcome(findings: Iterable[ShownFinding]) -> list[Outcome]:
    """Return `findings`, which stand by outcome already (`together`), as outcomes."""
    groups = groupby(findings, key=lambda one: _outcome(one.line.row))
    return [Outcome(list(found)) for _key, found in groups]


def together(rows: Iterable[AnyRow]) -> list[AnyRow]:
    """Return `rows` with those on one outcome together, in the order each is named first."""
    by_key: dict[tuple[str, str], list[AnyRow]] = {}
    for row in rows:
        by_key.setdefault(_outcome(row), []).append(row)
    return [row for found in by_key.values() for row in found]


def _outcome(row: AnyRow) -> tuple[str, str]:
    return row["outcome"].casefold(), row["intervention"].casefold()


def shown_findings(
    lines: Iterable[RatedClaim], claims: Mapping[str, FrozenClaim], content: FrozenContent
) -> list[ShownFinding]:
    """Return the findings of one list of `content`, in the active language.

    Their counts of people are out of one base.
    """
    years = {reference["uid"]: csl.year(reference["csl"]) for reference in content["references"]}
    lines = list(lines)
    base = common_base(line.row for line in lines)  # type: ignore[misc]  # rows of findings
    found = []
    for line in lines:
        row: FindingRow = line.row  # type: ignore[assignment]
        claim = claims.get(row["claim"] or "")
        found.append(
            ShownFinding(
                line,
                capfirst(row["outcome"]),
                sentences.finding_text(row, claim, base, is_checked_again=line.is_checked_again),
                pictures.picture_of(row, claim, base),
                _details(row),
                _newest_year(claim, years),
                _rests_on(row["studies"], row["people"]),
            )
        )
    return found


def _newest_year(claim: FrozenClaim | None, years: Mapping[str, int | None]) -> int | None:
    citations = claim["citations"] if claim else []
    supporting = (one["reference"] for one in citations if one["stance"] == "supports")
    return max((year for uid in supporting if (year := years.get(uid))), default=None)


def study_details(row: FindingRow) -> list[tuple[str, str]]:
    """Return [(what, in words)]: who was studied, compared with what, when, and how many."""
    found = [
        # Translators: who was studied. The people follow.
        (_("Who:"), row["population"]),
        # Translators: what the treatment was set beside. It follows.
        (_("Compared with:"), row["comparator"]),
        # Translators: after which time it was measured. The time follows.
        (_("When:"), row["time"] or _("not said")),
        # Translators: on how many studies and people it rests. They follow.
        (_("Rests on:"), _rests_on(row["studies"], row["people"])),
    ]
    return [(label, words) for label, words in found if words]


def _details(row: FindingRow) -> list[tuple[str, str]]:
    found = [
        *study_details(row),
        # Translators: a change so small that people just notice it: where that number is from.
        (_("Smallest change people notice:"), row["mid_source"]),
        # Translators: as the source itself puts it, for clinicians. It follows.
        (_("In the source:"), "; ".join(filter(None, _in_the_source(row)))),
    ]
    return [(label, words) for label, words in found if words]


def _in_the_source(row: FindingRow) -> tuple[str, str, str]:
    return row["outcome_term"], row["scale_name"], row["as_reported"]


def _rests_on(studies: int | None, people: int | None) -> str:
    parts = []
    if studies:
        parts.append(
            ngettext("%(count)s study", "%(count)s studies", studies)
            % {"count": sentences.whole_number(studies)}
        )
    if people:
        parts.append(
            ngettext("%(count)s person", "%(count)s people", people)
            % {"count": sentences.whole_number(people)}
        )
    return with_commas(parts)


def shown_under(
    lines: Mapping[str, Sequence[RatedClaim]],
    claims: Mapping[str, FrozenClaim],
    content: FrozenContent,
) -> dict[str, list[ShownFinding]]:
    """Return `lines`, {uid of a side effect's row: its findings}, as the page shows them."""
    together = [line for found in lines.values() for line in found]
    shown = {one.line.uid: one for one in shown_findings(together, claims, content)}
    return {uid: [shown[line.uid] for line in found] for uid, found in lines.items()}


def about(side_effect: str, content: FrozenContent) -> list[FindingRow]:
    """Return the findings of `content` about the side effect with that uid."""
    return [row for row in content.get("findings", ()) if _side_effect(row) == side_effect]


def stands_under_a_side_effect(row: AnyRow, content: FrozenContent) -> bool:
    """Whether the page lists the side effect that the finding `row` is about."""
    return _side_effect(row) in {one["side_effect"]["uid"] for one in content["side_effects"]}


def _side_effect(row: AnyRow) -> str:
    return row["side_effect"]["uid"] if row["side_effect"] else ""
