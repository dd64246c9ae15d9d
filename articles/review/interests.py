"""Interests: what reviewers may gain or lose, and which articles it is about."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Interest
from articles.refusals import NotAllowed, Refused
from articles.revisions.frozen_content import FrozenContent
from physiohub import policy


@transaction.atomic
def declare(*, by: User, at: datetime, text: str, topic: str = "") -> Interest:
    """Record an interest of `by`, for everything about `topic` ("": every article)."""
    if not policy.works_here(by):
        raise NotAllowed(_("Only colleagues with an account declare interests."))
    if not text.strip():
        raise Refused(_("Say in one sentence what you may gain or lose."))
    return Interest.objects.create(user=by, topic=topic.strip(), text=text.strip(), declared_at=at)


@transaction.atomic
def end(interest: Interest, *, by: User, at: datetime) -> Interest:
    """End an interest. Decisions that were frozen with it keep it."""
    interest = Interest.objects.select_for_update().get(pk=interest.pk)
    if interest.user_id != by.pk:
        raise NotAllowed(_("Only the person who declared an interest ends it."))
    if interest.ended_at is None:
        interest.ended_at = at
        interest.save(update_fields=["ended_at"])
    return interest


def relevant_to(content: FrozenContent, user: User) -> str:
    """Return the interests of `user` that bear on frozen `content`, one a line.

    "" if there are none.
    """
    words = [content["title"], *content["tags"], *content["other_names"]]
    words += [row["condition"]["name"] for row in content["conditions"]]
    topics = "\n".join(words).casefold()
    open_interests = Interest.objects.filter(user=user, ended_at=None).order_by("pk")
    return "\n".join(
        f"{interest.topic}: {interest.text}" if interest.topic else interest.text
        for interest in open_interests
        if interest.topic.casefold() in topics
    )
