"""Telling people: lines in their inboxes, written in the transaction of the act that they tell of.

An act that is rolled back tells nobody. Nothing here knows of e-mail: whoever passes the
news on listens to `told`.
"""

from collections.abc import Iterable
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

#: Sent once the transaction of the act is through: `recipients` is a list of ids of accounts.
notified = Signal()
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

    Left out are `by`, who did it, accounts that are closed, and None. It leads to `address`, a path
    within the site, else to the review page of `article`. Whoever was told something under the same
    `key` before is not told again.
    """
    recipients = {
        person.pk: person
        for person in people
        if person is not None and person.is_active and not (by is not None and person.pk == by.pk)
    }
    if not recipients:
        return
    if not address and article is not None:
        address = reverse("admin:articles_article_review", args=[article.pk])
    text = Truncator(text).chars(Notification._meta.get_field("text").max_length or 0)
    Notification.objects.bulk_create(
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
            for person in recipients.values()
        ],
        ignore_conflicts=bool(key),
    )
    # Robust: the act is done, and whatever fails from here on must not look as if it were not.
    transaction.on_commit(
        lambda: notified.send_robust(sender=Notification, recipients=list(recipients)), robust=True
    )


def editors() -> list[User]:
    """Active accounts that may review. On a site without any: superusers. One query, or two."""
    return list(_holders("articles.review_article")) or list(
        _holders("articles.review_article", superusers=True)
    )


def administrators() -> list[User]:
    """Active accounts that may change accounts, superusers among them. One query."""
    return list(_holders("auth.change_user", superusers=True))


def _holders(permission, *, superusers=False):
    return get_user_model().objects.with_perm(
        permission, include_superusers=superusers, backend=_BACKEND
    )


def actor_name(by: User | None) -> str:
    """Who did it, as a sentence about it begins."""
    return audit.name_of(by) if by else _("The site")


def unread(user: User) -> QuerySet[Notification]:
    """What the person has not read yet, newest first, as a query."""
    return Notification.objects.filter(recipient=user, read_at=None)


def mark_read(notifications: QuerySet[Notification], *, at: datetime) -> int:
    """Mark what is unread among these as read. Returns how many that were."""
    return notifications.filter(read_at=None).update(read_at=at)
