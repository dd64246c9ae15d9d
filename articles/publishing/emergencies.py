"""Publication in an emergency: an author approved their own text, with a reason.

Readers are told so, all editors and administrators hear of it at once, and the review that was
skipped is asked for. articles.publishing.reminders repeats that until it is done.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Decision, Notification, Publication, ReviewTask
from articles.notifications import inbox
from articles.review import reviewing
from articles.review.reviewing import ApprovalState

#: The review that was skipped is wanted so soon.
REVIEW_WITHIN = timedelta(days=3)


def is_emergency(state: ApprovalState) -> bool:
    """Whether a text that may go out would do so in an emergency: colleagues alone do not carry it.

    It is one if no colleague approved exactly this text, or if one of the points of view that was
    asked for has rows that no colleague approved.
    """
    by_colleagues = [
        decision for decision in checks_of(state) if not reviewing.is_of_patients(decision)
    ]
    return not by_colleagues or any(
        kind not in state.checks or rows for kind, rows in state.unchecked_rows.items()
    )


def checks_of(state: ApprovalState) -> list[Decision]:
    """Return the approvals of exactly this text by colleagues who did not edit it.

    What patients said, as a colleague recorded it, is among them.
    """
    return [
        decision
        for decision in state.decisions
        if reviewing.is_independent_approval(decision, state.contributor_ids)
    ]


def reason_of(state: ApprovalState) -> str:
    """Return the reasons that were given for this text, and for rows it kept from earlier ones."""
    newest = [approvals[-1] for approvals in state.approvals.values()]
    reasons = [decision.override_reason for decision in [*state.decisions, *newest]]
    return " ".join(dict.fromkeys(filter(None, reasons)))


def follow_up(
    publication: Publication, *, tasks: Iterable[ReviewTask], by: User, at: datetime
) -> None:
    """Ask for the review that was skipped, and tell all editors and administrators at once.

    `tasks` are those of the request before, which is closed.
    """
    reason = publication.override_reason
    due_on = timezone.localdate(at) + REVIEW_WITHIN
    reviewing.ask_for_review_afterwards(
        publication.revision,
        before=tasks,
        by=by,
        at=at,
        note=_("Published in an emergency, before a colleague checked it: %s") % reason,
        due_on=due_on,
    )
    text = _(
        "%(name)s published “%(title)s” in an emergency, before a colleague checked it. The review"
        " is wanted by %(date)s. The reason: %(reason)s"
    )
    text %= {
        "name": inbox.actor_name(by),
        "title": publication.revision.content["title"],
        "date": date_format(due_on, "j F Y"),
        "reason": reason,
    }
    people = [publication.article.owner, *inbox.reviewers(), *inbox.administrators()]
    inbox.notify(
        people,
        Notification.Kind.PUBLISHING,
        text,
        at=at,
        by=by,
        article=publication.article,
        key=f"{inbox.URGENT}{publication.pk}",
    )
