"""What reviewers declare that they may gain or lose, and where it bears on an article."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Interest
from articles.refusals import NotAllowed, Refused
from articles.revisions.frozen_content import FrozenContent


@transaction.atomic
def declare(*, by: User, at: datetime, text: str, topic: str = "") -> Interest:
    """Record an interest of `by`, for everything about `topic` ("": every article)."""
    if not (by.is_active and by.is_staff):
        raise NotAllowed(_("Only colleagues with an account declare interests."))
    if not text.strip():
        raise Refused(_("Say in one sentence what you may gain or lose."))
    return Interest.objects.create(user=by, topic=topic.strip(), text=text.strip(), declared_at=at)


@transaction.atomic
def end(interest: Interest, *, by: User, at: datetime) -> Interest:
    """It holds no longer. What it was frozen with keeps it."""
    interest = Interest.objects.select_for_update().get(pk=interest.pk)
    if interest.user_id != by.pk:
        raise NotAllowed(_("Only the person who declared an interest ends it."))
    if interest.ended_at is None:
        interest.ended_at = at
        interest.save(update_fields=["ended_at"])
    return interest


def bearing_on(content: FrozenContent, user: User) -> str:
    """The interests of `user` that bear on frozen `content`, as one text of lines.

    "" when there are none.
    """
    words = [content["title"], *content["tags"], *content["other_names"]]
    words += [row["condition"]["name"] for row in content["conditions"]]
    said = "\n".join(words).casefold()
    standing = Interest.objects.filter(user=user, ended_at=None).order_by("pk")
    return "\n".join(
        f"{interest.topic}: {interest.text}" if interest.topic else interest.text
        for interest in standing
        if interest.topic.casefold() in said
    )
