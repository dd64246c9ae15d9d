"""Publishing at a set time.

A schedule names one revision. When the time comes, that text is published or none.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from articles import audit, permissions
from articles.models import Article, AuditEntry, Notification, Revision, Schedule
from articles.notifications import inbox
from articles.refusals import NotReadyToPublish, Refused
from articles.revisions.storing import lock, lock_with_all_it_shows
from physiohub import policy

from . import publishing


@transaction.atomic
def schedule(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    publish_at: datetime | None,
    change_note: str = "",
) -> Schedule:
    """Let this approved revision go live at the moment `publish_at`. Returns the Schedule.

    It replaces an earlier schedule of the article. The revision must be ready to be published now.
    When the time comes it must pass the same checks again.
    """
    permissions.require(
        by,
        policy.PUBLISH,
        otherwise=_("Only editors set a time for publishing. Ask one of them."),
    )
    if publish_at is None or publish_at <= at:
        raise Refused(_("Choose a time that lies ahead, or publish now."))
    article = lock(revision.article)
    if sentences := publishing.reasons_not_to_publish(revision, by=by):
        raise NotReadyToPublish(*sentences)
    cancel(article, by=by, at=at)
    new_schedule = Schedule.objects.create(
        article=article,
        revision=revision,
        publish_at=publish_at,
        change_note=change_note,
        by=by,
        by_name=audit.name_of(by),
        at=at,
    )
    audit.record(
        AuditEntry.Act.SCHEDULED,
        article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=publish_at.isoformat(),
    )
    return new_schedule


@transaction.atomic
def cancel(article: Article, *, by: User, at: datetime) -> None:
    """Cancel the schedule of the article, if it has one."""
    permissions.require(
        by,
        policy.PUBLISH,
        otherwise=_("Only editors take back a time for publishing. Ask one of them."),
    )
    article = lock(article)
    for planned in Schedule.objects.filter(article=article, outcome=""):
        _end(planned, Schedule.Outcome.CANCELLED, at)
        audit.record(
            AuditEntry.Act.UNSCHEDULED, article, by=by, at=at, digest=planned.revision.digest
        )


_FIELDS = ("pk", "publish_at", "by_name", "revision_id", "outcome", "ended_at", "said")


def with_newest(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return `articles`, each with its newest Schedule for `newest_of`. No further query."""
    newest = Schedule.objects.filter(article=OuterRef("pk")).order_by("-pk")
    return articles.annotate(
        **{f"newest_schedule_{name}": Subquery(newest.values(name)[:1]) for name in _FIELDS}
    )


def newest_of(article: Article) -> Schedule | None:
    """Return the newest Schedule of an article from `with_newest`, or None.

    Its revision is not fetched; only its key is known.
    """
    values = {name: getattr(article, f"newest_schedule_{name}") for name in _FIELDS}
    return Schedule(article=article, **values) if values["pk"] else None


def publish_due(*, at: datetime) -> list[Schedule]:
    """Publish what is due at the moment `at`. Returns the schedules that ended.

    Each has its own transaction. If a text cannot be published now, its schedule ends as refused:
    it never goes live later by itself. The reason is stored, and people are notified. If this runs
    twice, even at the same time or with a clock set back, it publishes once.
    """
    due = Schedule.objects.filter(outcome="", publish_at__lte=at).order_by("publish_at", "pk")
    outcomes = (_publish_one(planned, at) for planned in list(due))
    return [ended for ended in outcomes if ended]


@transaction.atomic
def _publish_one(planned, at):
    lock_with_all_it_shows(planned.revision)
    planned = (
        Schedule.objects.select_for_update(of=("self",))
        .select_related("revision", "by")
        .get(pk=planned.pk)
    )
    if planned.outcome or planned.publish_at > at:
        return None  # another process was faster
    try:
        with transaction.atomic():
            publication = publishing.publish(
                planned.revision, by=planned.by, at=at, change_note=planned.change_note
            )
    except Refused as refusal:
        _end(planned, Schedule.Outcome.REFUSED, at, str(refusal))
        audit.record(
            AuditEntry.Act.SCHEDULE_REFUSED,
            planned.article,
            by=None,
            at=at,
            digest=planned.revision.digest,
            summary=str(refusal),
        )
        text = _("“%(title)s” was not published at the time set: %(reason)s")
        _notify_of_outcome(planned, text % {"title": planned.article, "reason": refusal}, at)
    else:
        _end(planned, Schedule.Outcome.PUBLISHED, at)
        text = _("“%(title)s” was published at the time set.") % {"title": planned.article}
        _notify_of_outcome(planned, text, at, key=publishing.notification_key(publication))
    return planned


def _notify_of_outcome(planned, text, at, key=""):
    """Notify the owner, the editors, and the person who set the time: the site did it, not they."""
    people = [planned.article.owner, planned.by, *inbox.reviewers()]
    inbox.notify(
        people, Notification.Kind.PUBLISHING, text, at=at, article=planned.article, key=key
    )


def _end(planned, outcome, at, said=""):
    planned.outcome, planned.ended_at, planned.said = outcome, at, said
    planned.save(update_fields=["outcome", "ended_at", "said"])
