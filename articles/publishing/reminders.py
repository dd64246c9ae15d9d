"""Reminders of what is due. If nothing happens, more people are reminded.

Each reminder has a key with the day it was due. So a person gets it once, whenever and however
often this runs, and a new day starts new reminders. A clock that jumps does no harm.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Decision, Notification, Publication, ReviewTask
from articles.notifications import inbox

#: Days before (negative) or after the day on which a page must be looked at again.
OWNER_BEFORE, OWNER_ON_THE_DAY, EDITORS_LATE, ADMINISTRATORS_LATE = -30, 0, 14, 45
#: The same for a review.
REVIEWER_BEFORE, REVIEWER_LATE, EDITORS_TOO = -3, 1, 7
#: A page that was published in an emergency: editors are reminded so many days after it and again
#: and again, administrators from this day on too, until colleagues have checked it.
UNCHECKED_EVERY, UNCHECKED_ADMINISTRATORS = 3, 6


@dataclass(frozen=True)
class Reminder:
    people: list
    text: str
    key: str
    article: object


def send_reminders(*, on: date, at: datetime) -> int:
    """Notify everybody of what is due on the day `on`, and return how many notifications that were.

    Nobody is notified twice.
    """
    editors, administrators = inbox.reviewers(), inbox.administrators()
    reminders = [
        *_page_reminders(on, editors, administrators),
        *_review_reminders(on, editors),
        *_unchecked_reminders(on, editors, administrators),
    ]
    keys = {reminder.key for reminder in reminders}
    notified = set(Notification.objects.filter(key__in=keys).values_list("recipient", "key"))
    count = 0
    # In one transaction, so that people who are mailed at once get one message for all of them.
    with transaction.atomic():
        for reminder in reminders:
            people = [
                person for person in reminder.people if person is not None and person.is_active
            ]
            people = [person for person in people if (person.pk, reminder.key) not in notified]
            inbox.notify(
                people,
                Notification.Kind.DUE,
                reminder.text,
                at=at,
                article=reminder.article,
                key=reminder.key,
            )
            notified |= {(person.pk, reminder.key) for person in people}
            count += len(people)
    return count


def _page_reminders(on, editors, administrators):
    soon = Publication.objects.due(on=on - timedelta(days=OWNER_BEFORE))
    for publication in soon.select_related("article__owner"):
        article, due_on = publication.article, publication.due_on
        # If the owner has left, the editors look after the page.
        owners = [article.owner] if article.owner and article.owner.is_active else editors
        values = {"title": article, "date": date_format(due_on, "j F Y")}
        days = (on - due_on).days
        if days < OWNER_ON_THE_DAY:
            yield Reminder(
                owners,
                _("“%(title)s” is to be looked at again by %(date)s.") % values,
                _key("page", publication.pk, due_on, "soon"),
                article,
            )
            continue
        yield Reminder(
            owners,
            _("“%(title)s” is to be looked at again now: it was due on %(date)s.") % values,
            _key("page", publication.pk, due_on, "due"),
            article,
        )
        late = _("Nobody has looked at “%(title)s” again: it was due on %(date)s.") % values
        if days >= EDITORS_LATE:
            yield Reminder(editors, late, _key("page", publication.pk, due_on, "late"), article)
        if days >= ADMINISTRATORS_LATE:
            # The same key, so that an editor who is also an administrator gets it once.
            yield Reminder(
                administrators, late, _key("page", publication.pk, due_on, "late"), article
            )


def _review_reminders(on, editors):
    done = Decision.objects.filter(task=OuterRef("pk"))
    open_tasks = ReviewTask.objects.filter(
        ~Exists(done), request__closed_at=None, due_on__lte=on + timedelta(days=-REVIEWER_BEFORE)
    )
    for task in open_tasks.select_related("request__article", "assigned_to"):
        article, due_on = task.request.article, task.due_on
        values = {
            "title": article,
            "kind": task.get_kind_display(),
            "date": date_format(due_on, "j F Y"),
        }
        days = (on - due_on).days
        # Not the key of the task: a newer text has new tasks, and the day stays the same.
        review = f"{article.pk}:{task.kind}"
        if days < REVIEWER_LATE:
            text = _("Your %(kind)s review of “%(title)s” is wanted by %(date)s.") % values
            yield Reminder(
                [task.assigned_to], text, _key("review", review, due_on, "soon"), article
            )
            continue
        text = _("Your %(kind)s review of “%(title)s” is late: it was wanted by %(date)s.") % values
        yield Reminder([task.assigned_to], text, _key("review", review, due_on, "late"), article)
        if days >= EDITORS_TOO:
            text = (
                _("The %(kind)s review of “%(title)s” is late: it was wanted by %(date)s.") % values
            )
            others = [person for person in editors if person.pk != task.assigned_to_id]
            yield Reminder(others, text, _key("review", review, due_on, "late"), article)


def _unchecked_reminders(on, editors, administrators):
    unchecked = Publication.objects.live().in_an_emergency().select_related("article")
    for publication in unchecked.order_by("pk"):
        published_on = timezone.localdate(publication.at)
        days = (on - published_on).days // UNCHECKED_EVERY * UNCHECKED_EVERY
        if days < UNCHECKED_EVERY:
            continue
        text = _(
            "“%(title)s” was published in an emergency on %(date)s, and its review is still not"
            " done."
        ) % {"title": publication.article, "date": date_format(published_on, "j F Y")}
        day = published_on + timedelta(days=days)
        key = _key("unchecked", publication.pk, day, "again")
        yield Reminder(editors, text, key, publication.article)
        if days >= UNCHECKED_ADMINISTRATORS:
            # The same key, so that an editor who is also an administrator gets it once.
            yield Reminder(administrators, text, key, publication.article)


def _key(kind, subject, due_on, step):
    return f"due:{kind}:{subject}:{due_on.isoformat()}:{step}"
