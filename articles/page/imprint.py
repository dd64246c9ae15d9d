"""What a page says of its publication beside the frozen text, and how long a check of it holds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NotRequired, TypedDict, cast

from django.utils import timezone

from articles.models import Decision, Publication

#: For so many years a check holds; then the page itself says that it is late.
CHECK_HOLDS_YEARS = 2


class Approver(TypedDict):
    """A person who approved the text, as the publication names them."""

    name: str
    role: str
    at: datetime
    kind: str
    interests: NotRequired[str]  # what they declared


@dataclass(frozen=True)
class Imprint:
    """Who approved a publication, when, and which version it is."""

    number: int
    published_at: datetime
    change_note: str
    checked_by: list[Approver]
    first_published_at: datetime | None = None  # None: not asked for
    digest: str = ""  # of the revision
    # The day its claims, or a later confirmation, set for the next check.
    due_on: date | None = None
    # Why it went out before colleagues had done every check; "" where they had.
    override_reason: str = ""

    @classmethod
    def of(cls, publication: Publication) -> "Imprint":
        return cls(
            number=publication.number,
            published_at=publication.at,
            change_note=publication.change_note,
            checked_by=[_approver(approval) for approval in _checks(publication)],
            first_published_at=getattr(publication, "first_published_at", None),
            digest=publication.revision.digest,
            due_on=getattr(publication, "due_on", publication.review_due_on),
            override_reason=publication.override_reason,
        )

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
        """Who checked it last; None when nobody is named."""
        return max(self.checked_by, key=lambda approver: approver["at"], default=None)

    @property
    def checked_at(self) -> datetime | None:
        """The moment it was last checked; None when nobody is named."""
        return max((approver["at"] for approver in self.checked_by), default=None)


def _checks(publication: Publication) -> list[dict[str, str]]:
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


def _approver(approval: dict[str, str]) -> Approver:
    """Return an approval as a publication keeps it, with its moment as a datetime."""
    return cast(Approver, {**approval, "at": datetime.fromisoformat(approval["at"])})
