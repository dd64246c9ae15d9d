"""What a page says of its publication beside the frozen text, and how long a check of it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypedDict

from django.utils import timezone

from articles.models import Decision, Publication, ReviewTask

#: For so many years a check holds; then the page itself says that it is late.
CHECK_HOLDS_YEARS = 2


class Approver(TypedDict):
    """A colleague who approved the text, once, with all their points of view."""

    name: str
    role: str
    at: datetime  # when they did it last
    kinds: list[str]  # points of view (articles.models.ReviewTask.Kind)


class PatientReading(TypedDict):
    """Patients read the text: how they were reached, in the words of who reached them.

    "" where an invited reader answered questions about it.
    """

    reached: str
    at: datetime


@dataclass(frozen=True)
class ListFigure:
    """What one list for good health information says of a page, in figures."""

    code: str
    name: str
    met: int
    of: int  # 100 where the list is scored so
    unanswered: int


@dataclass(frozen=True)
class Imprint:
    """Who approved a publication, when, and which version it is."""

    number: int
    published_at: datetime
    change_note: str
    checked_by: list[Approver]
    read_by_patients: list[PatientReading] = field(default_factory=list)
    first_published_at: datetime | None = None  # None: not asked for
    digest: str = ""  # of the revision
    # The day its claims, or a later confirmation, set for the next check.
    due_on: date | None = None
    # Why it went out before colleagues had done every check; "" where they had.
    override_reason: str = ""
    # What lists for good health information say of it; empty where that was not asked or not kept.
    scores: list[ListFigure] = field(default_factory=list)

    @classmethod
    def of(cls, publication: Publication) -> "Imprint":
        approvals = _checks(publication)
        return cls(
            number=publication.number,
            published_at=publication.at,
            change_note=publication.change_note,
            checked_by=_approvers(publication, approvals),
            read_by_patients=_patient_readings(approvals),
            first_published_at=getattr(publication, "first_published_at", None),
            digest=publication.revision.digest,
            due_on=getattr(publication, "due_on", publication.review_due_on),
            override_reason=publication.override_reason,
            scores=_list_figures(getattr(publication, "checklist_scores", None) or ()),
        )

    @property
    def list_names(self) -> list[str]:
        """The lists it was measured by, each once."""
        return list(dict.fromkeys(figure.name for figure in self.scores))

    @property
    def unanswered(self) -> int:
        """How many questions of the lists nobody has answered."""
        return sum(figure.unanswered for figure in self.scores)

    @property
    def is_emergency(self) -> bool:
        """Whether it went out before colleagues had done every check."""
        return bool(self.override_reason)

    @property
    def code(self) -> str:
        """What to say on the telephone to name exactly this text: 3-a1b2c3d4."""
        return f"{self.number}-{self.digest[:8]}"

    @property
    def next_check_on(self) -> date | None:
        """The day by which somebody should check it again; None when nobody is named.

        What was published before such days were computed holds for CHECK_HOLDS_YEARS. What went out
        in an emergency waits for its first check, and the page says so.
        """
        if self.is_emergency:
            return None
        if self.due_on is not None:
            return self.due_on
        if self.checked_at is None:
            return None
        checked = timezone.localdate(self.checked_at)
        try:
            return checked.replace(year=checked.year + CHECK_HOLDS_YEARS)
        except ValueError:  # 29 February
            return checked.replace(year=checked.year + CHECK_HOLDS_YEARS, day=28)

    @property
    def is_late(self) -> bool:
        """Whether that day is over. Asks the clock: a page nobody looks after says so by itself."""
        return self.next_check_on is not None and self.next_check_on < timezone.localdate()

    @property
    def checker(self) -> Approver | None:
        """Who checked last what it says; None when nobody is named.

        If only other points of view are known: who checked it last from one of those.
        """
        clinical = [one for one in self.checked_by if ReviewTask.Kind.CLINICAL in one["kinds"]]
        return max(clinical or self.checked_by, key=lambda one: one["at"], default=None)

    @property
    def checked_at(self) -> datetime | None:
        """The moment it was last checked; None when nobody is named."""
        return max((approver["at"] for approver in self.checked_by), default=None)


def _list_figures(scores: Sequence[Mapping[str, Any]]) -> list[ListFigure]:
    """Return stored scores (articles.checklists.scoring.ListScore), the parts of one list added up.

    Parts in per cent stay apart: two of them make no third.
    """
    found: dict[str, ListFigure] = {}
    for score in scores:
        if score["percentage"] is not None:
            key, met, of = score["code"], score["percentage"], 100
        else:
            key, met, of = score["name"], score["met"], score["of"]
        before = found.get(key) or ListFigure(score["code"], score["name"], 0, 0, 0)
        found[key] = replace(
            before,
            met=before.met + met,
            of=before.of + of,
            unanswered=before.unanswered + score["unanswered"],
        )
    return list(found.values())


def _checks(publication: Publication) -> Sequence[Mapping[str, Any]]:
    """Return the approvals of a publication by colleagues who did not edit its text.

    Publications in an emergency used to keep the approval of the author among them. One query for
    such a publication, else none.
    """
    if not publication.is_emergency:
        return publication.approvals
    checks = Decision.objects.filter(
        revision=publication.revision_id, verdict=Decision.Verdict.APPROVE, override_reason=""
    )
    known = {(name, at.isoformat()) for name, at in checks.values_list("by_name", "at")}
    return [
        approval
        for approval in publication.approvals
        if (approval["name"], approval["at"]) in known
    ]


def _approvers(publication: Publication, approvals: Sequence[Mapping[str, Any]]) -> list[Approver]:
    """Return each colleague once, in the order they first approved."""
    of_colleagues = [one for one in approvals if one["kind"] != ReviewTask.Kind.PATIENT_READER]
    accounts = _accounts(publication, of_colleagues)
    found: dict[Any, Approver] = {}
    for approval, account in zip(of_colleagues, accounts, strict=True):
        at = datetime.fromisoformat(approval["at"])
        one = found.setdefault(
            account, Approver(name=approval["name"], role=approval["role"], at=at, kinds=[])
        )
        if at >= one["at"]:
            one |= {"name": approval["name"], "role": approval["role"], "at": at}
        if approval["kind"] not in one["kinds"]:
            one["kinds"].append(approval["kind"])
    return list(found.values())


def _accounts(publication: Publication, approvals: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return who gave each approval: two people may have one name, and one person two roles.

    Approvals used to be kept without the account. Then decisions tell: one query, if a name is
    there twice, else none.
    """
    names = [approval["name"] for approval in approvals]
    known: dict[tuple[str, str], int] = {}
    if len(set(names)) < len(names) and any("by" not in approval for approval in approvals):
        decisions = Decision.objects.filter(revision__article=publication.article_id)
        rows = decisions.filter(by_name__in=names).values_list("by_name", "at", "by")
        known = {(name, at.isoformat()): by for name, at, by in rows}
    return [
        approval.get("by") or known.get((approval["name"], approval["at"]), approval["name"])
        for approval in approvals
    ]


def _patient_readings(approvals: Sequence[Mapping[str, Any]]) -> list[PatientReading]:
    """Return how patients read the text.

    Approvals from their point of view used to be kept without that: then nobody knows that one did.
    """
    return [
        PatientReading(reached=approval["reached"], at=datetime.fromisoformat(approval["at"]))
        for approval in approvals
        if approval["kind"] == ReviewTask.Kind.PATIENT_READER
        and (approval.get("reached") or approval.get("invited"))
    ]
