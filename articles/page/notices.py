"""What stands above a page about its sources: one notice in plain words, and its points.

It is not of the frozen text: a study was taken back, or is in doubt, since that was approved.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from articles.models import SafetyNotice

from .checked_points import CheckedPoint
from .page import Page

#: On a phone, the names of more points would fill the screen.
_MOST_POINTS = 5


@dataclass(frozen=True)
class NoticeOnTop:
    """What stands above a page because of what became known after it was checked."""

    taken_back: int  # works behind the page
    in_doubt: int
    listed_taken_back: int  # works in further reading, on which nothing rests
    listed_in_doubt: int
    points: Sequence[CheckedPoint]
    more_points: int  # how many are not named
    numbers: Sequence[int]  # of the sources behind the page, in its list
    others: Sequence[SafetyNotice]  # each with a text of its own

    @classmethod
    def of(cls, notices: Iterable[SafetyNotice], page: Page) -> "NoticeOnTop | None":
        """Return what open `notices` say above `page`; None where there are none."""
        notices = list(notices or ())
        if not notices:
            return None
        about_works = [one for one in notices if one.is_about_source and one.notice_uid]
        behind = _by_kind(one for one in about_works if not _is_only_listed(one, page))
        listed = _by_kind(one for one in about_works if _is_only_listed(one, page))
        points = _told_apart(page.checked_points)
        named = points if len(points) <= _MOST_POINTS else points[: _MOST_POINTS - 1]
        return cls(
            taken_back=len(behind[SafetyNotice.Kind.RETRACTED_SOURCE]),
            in_doubt=len(behind[SafetyNotice.Kind.CONCERN_SOURCE]),
            listed_taken_back=len(listed[SafetyNotice.Kind.RETRACTED_SOURCE]),
            listed_in_doubt=len(listed[SafetyNotice.Kind.CONCERN_SOURCE]),
            points=named,
            more_points=len(points) - len(named),
            numbers=[
                entry.number
                for entry in page.references
                if entry.number and any(entry.uid in one.source_uids for one in about_works)
            ],
            others=[one for one in notices if one not in about_works],
        )

    @property
    def is_about_the_text(self) -> bool:
        """Whether a study behind the page was taken back or is in doubt."""
        return bool(self.taken_back or self.in_doubt)

    @property
    def is_about_studies(self) -> bool:
        """The same, or one in its further reading."""
        return self.is_about_the_text or bool(self.listed_taken_back or self.listed_in_doubt)

    @property
    def all_points(self) -> int:
        return len(self.points) + self.more_points


def _by_kind(notices: Iterable[SafetyNotice]) -> dict[SafetyNotice.Kind, set[str]]:
    """Return the works of `notices`. One that was taken back is no longer only in doubt."""
    works: dict[SafetyNotice.Kind, set[str]] = {kind: set() for kind in SafetyNotice.Kind}
    for notice in notices:
        works[SafetyNotice.Kind(notice.kind)].add(_work(notice))
    works[SafetyNotice.Kind.CONCERN_SOURCE] -= works[SafetyNotice.Kind.RETRACTED_SOURCE]
    return works


def _work(notice: SafetyNotice) -> str:
    """Return a name of the work: the first uid of all the rows it has, which may be merged."""
    return min(notice.source_uids, default=str(notice.notice_uid))


def _is_only_listed(notice: SafetyNotice, page: Page) -> bool:
    """Whether the work of a notice stands only in the further reading of the page."""
    return any(entry.uid in notice.source_uids for entry in page.further_reading) and not any(
        entry.uid in notice.source_uids for entry in page.references
    )


def _told_apart(points: Sequence[CheckedPoint]) -> list[CheckedPoint]:
    """Return `points`, those of one name with what tells them apart."""
    names = Counter(point.name for point in points)
    return [
        replace(point, name=f"{point.name} ({point.detail})")
        if point.detail and names[point.name] > 1
        else point
        for point in points
    ]
