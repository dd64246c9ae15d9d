"""Publishing at a set time.

A schedule names one revision: when the time comes it is that text or none.
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
    """Let this approved revision go live at the moment `publish_at`. A time set before for the
    article gives way.

    It must be ready to be published now; when the time comes it passes the very same gate again.
    Returns the Schedule.
    """
    permissions.require(
        by,
        "articles.publish_article",
        otherwise=_("Only editors set a time for publishing. Ask one of them."),
    )
    if publish_at is None or publish_at <= at:
        raise Refused(_("Choose a time that lies ahead, or publish now."))
    article = lock(revision.article)
    if sentences := publishing.reasons_not_to_publish(revision, by=by):
        raise NotReadyToPublish(*sentences)
    cancel(article, by=by, at=at)
    made = Schedule.objects.create(
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
    return made


@transaction.atomic
def cancel(article: Article, *, by: User, at: datetime) -> None:
    """Take back the time set for the article; nothing happens where none is set."""
    permissions.require(
        by,
        "articles.publish_article",
        otherwise=_("Only editors take back a time for publishing. Ask one of them."),
    )
    article = lock(article)
    for waiting in Schedule.objects.filter(article=article, outcome=""):
        _end(waiting, Schedule.Outcome.CANCELLED, at)
        audit.record(
            AuditEntry.Act.UNSCHEDULED, article, by=by, at=at, digest=waiting.revision.digest
        )


_SHOWN = ("pk", "publish_at", "by_name", "revision_id", "outcome", "ended_at", "said")


def with_newest(articles: QuerySet[Article]) -> QuerySet[Article]:
    """`articles` (a queryset), each with its newest Schedule for `newest_of`. No further query."""
    newest = Schedule.objects.filter(article=OuterRef("pk")).order_by("-pk")
    return articles.annotate(
        **{f"newest_schedule_{name}": Subquery(newest.values(name)[:1]) for name in _SHOWN}
    )


def newest_of(article: Article) -> Schedule | None:
    """The newest Schedule of an article from `with_newest`, or None.

    Its revision is named, not fetched.
    """
    values = {name: getattr(article, f"newest_schedule_{name}") for name in _SHOWN}
    return Schedule(article=article, **values) if values["pk"] else None


def publish_due(*, at: datetime) -> list[Schedule]:
    """Publish whatever is due at the moment `at`, each in a transaction of its own. Returns the
    schedules that ended.

    One that cannot be published now is refused for good, with the reason kept and told: it never
    goes out later by itself. Run twice, at once or with a clock set back, it publishes once.
    """
    due = Schedule.objects.filter(outcome="", publish_at__lte=at).order_by("publish_at", "pk")
    return [ended for waiting in list(due) if (ended := _try(waiting, at))]


@transaction.atomic
def _try(waiting, at):
    lock_with_all_it_shows(waiting.revision)
    waiting = (
        Schedule.objects.select_for_update(of=("self",))
        .select_related("revision", "by")
        .get(pk=waiting.pk)
    )
    if waiting.outcome or waiting.publish_at > at:
        return None  # somebody else was quicker
    try:
        with transaction.atomic():
            publication = publishing.publish(
                waiting.revision, by=waiting.by, at=at, change_note=waiting.change_note
            )
    except Refused as refusal:
        _end(waiting, Schedule.Outcome.REFUSED, at, str(refusal))
        audit.record(
            AuditEntry.Act.SCHEDULE_REFUSED,
            waiting.article,
            by=None,
            at=at,
            digest=waiting.revision.digest,
            summary=str(refusal),
        )
        text = _("“%(title)s” was not published at the time set: %(reason)s")
        _tell(waiting, text % {"title": waiting.article, "reason": refusal}, at)
    else:
        _end(waiting, Schedule.Outcome.PUBLISHED, at)
        text = _("“%(title)s” was published at the time set.") % {"title": waiting.article}
        _tell(waiting, text, at, key=publishing.notification_key(publication))
    return waiting


def _tell(ended, text, at, key=""):
    """The site did it: whoever set the time hears of it like the others."""
    people = [ended.article.owner, ended.by, *inbox.editors()]
    inbox.notify(people, Notification.Kind.PUBLISHING, text, at=at, article=ended.article, key=key)


def _end(waiting, outcome, at, said=""):
    waiting.outcome, waiting.ended_at, waiting.said = outcome, at, said
    waiting.save(update_fields=["outcome", "ended_at", "said"])
