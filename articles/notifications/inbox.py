"""Notifying people: one line in their inbox, written in the transaction of the act it is about.

An act that is rolled back notifies nobody. Nothing here knows about e-mail; what sends mail listens
to `notified`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Article, Notification
from physiohub import policy

#: Sent once the transaction of the act is committed. `recipients` is a list of ids of accounts.
notified = Signal()
#: A notification whose key begins so is mailed at once, to people with a daily digest too.
URGENT = "emergency:"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def notify(
    people: Iterable[User | None],
    kind: str,
    text: str,
    *,
    at: datetime,
    by: User | None = None,
    article: Article | None = None,
    address: str = "",
    key: str = "",
) -> None:
    """Put `text`, one plain sentence, into the inbox of each of `people`, once each.

    `by`, who did it, gets no notification, nor do closed accounts; None is ignored. The line leads
    to `address`, a path within the site, else to the review page of `article`. Nobody is notified
    twice under the same `key`.
    """
    if not address and article is not None:
        address = reverse("admin:articles_article_review", args=[article.pk])
    _write(
        [
            Notification(
                recipient=person,
                kind=kind,
                text=text,
                address=address,
                article=article,
                key=key,
                at=at,
            )
            for person in {person.pk: person for person in people if person is not None}.values()
        ],
        by=by,
    )


def notify_each(
    texts: Mapping[User, str], kind: str, *, at: datetime, address: str, by: User | None = None
) -> None:
    """Put a sentence of their own into the inbox of each person, in one query.

    All of them lead to `address`. Who gets none is said at `notify`.
    """
    _write(
        [
            Notification(recipient=person, kind=kind, text=text, address=address, at=at)
            for person, text in texts.items()
        ],
        by=by,
    )


def _write(notifications, *, by):
    """Write `notifications`, but none to `by` and to closed accounts; then tell who sends mail."""
    longest = Notification._meta.get_field("text").max_length or 0
    wanted = [
        notification
        for notification in notifications
        if notification.recipient.is_active
        and not (by is not None and notification.recipient_id == by.pk)
    ]
    if not wanted:
        return
    for notification in wanted:
        notification.text = Truncator(notification.text).chars(longest)
    Notification.objects.bulk_create(
        wanted, ignore_conflicts=any(notification.key for notification in wanted)
    )
    recipients = [notification.recipient_id for notification in wanted]
    # The act is done: an error here must not look as if it had failed.
    transaction.on_commit(
        lambda: notified.send_robust(sender=Notification, recipients=recipients), robust=True
    )


def reviewers() -> list[User]:
    """Return the active accounts that may review; superusers, if there are none.

    One query, or two.
    """
    return list(_accounts_with(policy.REVIEW)) or list(
        _accounts_with(policy.REVIEW, superusers=True)
    )


def administrators() -> list[User]:
    """Return the active accounts that may change accounts, with superusers. One query."""
    return list(_accounts_with(policy.CHANGE_ACCOUNTS, superusers=True))


def _accounts_with(act, *, superusers=False):
    (right,) = act.needs
    return get_user_model().objects.with_perm(
        right, include_superusers=superusers, backend=_BACKEND
    )


def actor_name(by: User | None) -> str:
    """Return the name of who did it, as the beginning of a sentence."""
    return audit.name_of(by) if by else _("The site")


def unread(user: User) -> QuerySet[Notification]:
    """Return the notifications that `user` has not read, newest first."""
    return Notification.objects.filter(recipient=user, read_at=None)


def mark_read(notifications: QuerySet[Notification], *, at: datetime) -> int:
    """Mark the unread ones among these as read, and return how many there were."""
    return notifications.filter(read_at=None).update(read_at=at)
