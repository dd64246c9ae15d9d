"""Dates that escalate: who hears of what is due, and who next when nothing happens.

Each rung is told under a key that names the day it was due, so that it is told once whenever and
however often this runs, and a new date begins anew. A clock that jumps does no harm: what was told
stays told.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Decision, Notification, Publication, ReviewTask
from articles.notifications import inbox

#: Days before (less than nothing) or after the day on which a page is to be looked at again.
OWNER_BEFORE, OWNER_ON_THE_DAY, EDITORS_LATE, ADMINISTRATORS_LATE = -30, 0, 14, 45
#: The same for a review.
REVIEWER_BEFORE, REVIEWER_LATE, EDITORS_TOO = -3, 1, 7


@dataclass(frozen=True)
class Rung:
    people: list
    text: str
    key: str
    article: object


def send_reminders(*, on: date, at: datetime) -> int:
    """Tell everybody what is due on the day `on` (a date) and was not told yet.

    Returns how many lines were written.
    """
    editors, administrators = inbox.editors(), inbox.administrators()
    rungs = [*_pages(on, editors, administrators), *_reviews(on, editors)]
    keys = {rung.key for rung in rungs}
    known = set(Notification.objects.filter(key__in=keys).values_list("recipient", "key"))
    written = 0
    # All at once, so that who is mailed at once gets one message and not one for each.
    with transaction.atomic():
        for rung in rungs:
            people = [person for person in rung.people if person is not None and person.is_active]
            people = [person for person in people if (person.pk, rung.key) not in known]
            inbox.notify(
                people, Notification.Kind.DUE, rung.text, at=at, article=rung.article, key=rung.key
            )
            known |= {(person.pk, rung.key) for person in people}
            written += len(people)
    return written


def _pages(on, editors, administrators):
    soon = Publication.objects.due(on=on - timedelta(days=OWNER_BEFORE))
    for publication in soon.select_related("article__owner"):
        article, due_on = publication.article, publication.due_on
        # A page whose owner has left falls to the editors.
        owner = [article.owner] if article.owner and article.owner.is_active else editors
        said = {"title": article, "date": date_format(due_on, "j F Y")}
        days = (on - due_on).days
        if days < OWNER_ON_THE_DAY:
            yield Rung(
                owner,
                _("“%(title)s” is to be looked at again by %(date)s.") % said,
                _key("page", publication.pk, due_on, "soon"),
                article,
            )
            continue
        yield Rung(
            owner,
            _("“%(title)s” is to be looked at again now: it was due on %(date)s.") % said,
            _key("page", publication.pk, due_on, "due"),
            article,
        )
        late = _("Nobody has looked at “%(title)s” again: it was due on %(date)s.") % said
        if days >= EDITORS_LATE:
            yield Rung(editors, late, _key("page", publication.pk, due_on, "late"), article)
        if days >= ADMINISTRATORS_LATE:
            # The same key: who is both hears of it once.
            yield Rung(administrators, late, _key("page", publication.pk, due_on, "late"), article)


def _reviews(on, editors):
    done = Decision.objects.filter(task=OuterRef("pk"))
    open_tasks = ReviewTask.objects.filter(
        ~Exists(done), request__closed_at=None, due_on__lte=on + timedelta(days=-REVIEWER_BEFORE)
    )
    for task in open_tasks.select_related("request__article", "assigned_to"):
        article, due_on = task.request.article, task.due_on
        said = {
            "title": article,
            "kind": task.get_kind_display(),
            "date": date_format(due_on, "j F Y"),
        }
        days = (on - due_on).days
        # Not the task: a newer text has new ones, and the day stays.
        what = f"{article.pk}:{task.kind}"
        if days < REVIEWER_LATE:
            text = _("Your %(kind)s review of “%(title)s” is wanted by %(date)s.") % said
            yield Rung([task.assigned_to], text, _key("review", what, due_on, "soon"), article)
            continue
        text = _("Your %(kind)s review of “%(title)s” is late: it was wanted by %(date)s.") % said
        yield Rung([task.assigned_to], text, _key("review", what, due_on, "late"), article)
        if days >= EDITORS_TOO:
            text = (
                _("The %(kind)s review of “%(title)s” is late: it was wanted by %(date)s.") % said
            )
            others = [person for person in editors if person.pk != task.assigned_to_id]
            yield Rung(others, text, _key("review", what, due_on, "late"), article)


def _key(kind, what, due_on, rung):
    return f"due:{kind}:{what}:{due_on.isoformat()}:{rung}"
