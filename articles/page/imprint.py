"""What stands about a publication outside its frozen text, and how long a check of it holds."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

#: For so many years a check holds; then the page itself says that it is late.
CHECK_HOLDS_YEARS = 2


@dataclass(frozen=True)
class Imprint:
    """What stands about a publication outside its frozen text.

    Who approved, when, which version.
    """

    number: int
    published_at: datetime
    change_note: str
    checked_by: list[dict]  # {name, role, at (datetime), kind}
    first_published_at: datetime | None = None  # None: not asked for
    digest: str = ""  # of the revision
    due_on: date | None = (
        None  # the day its claims, or a later confirmation, set for the next check
    )
    override_reason: str = ""  # why nobody but its editors checked it; "" where a second person did

    @classmethod
    def of(cls, publication):
        return cls(
            publication.number,
            publication.at,
            publication.change_note,
            [
                {**approval, "at": datetime.fromisoformat(approval["at"])}
                for approval in publication.approvals
            ],
            getattr(publication, "first_published_at", None),
            publication.revision.digest,
            getattr(publication, "due_on", publication.review_due_on),
            publication.override_reason,
        )

    @property
    def code(self):
        """What to say on the telephone to name exactly this text: 3-a1b2c3d4."""
        return f"{self.number}-{self.digest[:8]}"

    @property
    def next_check_on(self):
        """The day by which somebody should check it again; None when nobody is named.

        What was published before such days were computed holds for CHECK_HOLDS_YEARS.
        """
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
    def is_late(self):
        """Is it past that day? Asks the clock: a page nobody looks after must say so by itself."""
        return self.next_check_on is not None and self.next_check_on < timezone.localdate()

    @property
    def checker(self):
        """Who checked it last; None when nobody is named."""
        return max(self.checked_by, key=lambda person: person["at"], default=None)

    @property
    def checked_at(self):
        """When it was last checked; None when nobody is named."""
        return max((person["at"] for person in self.checked_by), default=None)
