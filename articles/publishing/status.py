"""The progress of a text: how far it has come, what comes next and whose turn it is.

It is a sentence for the review page and a few words for lists. Nothing here decides what may be
done; articles.review.reviewing and articles.publishing.publishing do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import audit
from articles.models import (
    Article,
    Decision,
    Publication,
    ReviewRequest,
    ReviewTask,
    Revision,
    Schedule,
)
from articles.preflight import CheckMessage
from articles.refusals import Words
from articles.review.reviewing import ApprovalState
from articles.revisions.frozen_content import FrozenContent
from physiohub import policy

from . import emergencies, open_points, publishing
from .open_points import OpenPoint

(
    DRAFT,
    IN_REVIEW,
    CHANGED_IN_REVIEW,
    CHANGES_ASKED,
    DECLINED,
    APPROVED,
    SCHEDULED,
    LIVE,
    LIVE_AND_CHANGED,
    WITHDRAWN,
) = (
    "draft",
    "in_review",
    "changed_in_review",
    "changes_asked",
    "declined",
    "approved",
    "scheduled",
    "live",
    "live_and_changed",
    "withdrawn",
)

WORDS = {
    DRAFT: gettext_lazy("not published yet"),
    IN_REVIEW: gettext_lazy("in review"),
    CHANGES_ASKED: gettext_lazy("changes asked for"),
    DECLINED: gettext_lazy("declined"),
    SCHEDULED: gettext_lazy("waits for its time"),
    LIVE: gettext_lazy("published"),
    LIVE_AND_CHANGED: gettext_lazy("changed since it was published"),
    WITHDRAWN: gettext_lazy("taken down"),
}


@dataclass(frozen=True)
class Progress:
    code: str
    says: str  # how far it has come, as a sentence
    next: str  # what comes next, and whose turn it is
    #: All that is open, the most serious first. Only without any is nothing to be done.
    open: list[OpenPoint] = field(default_factory=list)


def progress_of(
    *,
    user: User,
    revision: Revision | None,
    state: ApprovalState,
    tasks: list[ReviewTask],
    publication: Publication | None,
    schedule: Schedule | None,
    messages: list[CheckMessage],
    points: Sequence[OpenPoint],
) -> Progress:
    """Return the Progress of a draft, in words for `user`.

    `revision` is the one that holds the present draft (None: there is none), and `state` is the
    approval state of the draft. `tasks` are those of the newest request. `publication` is the
    newest one with its withdrawal, `schedule` the newest one. `messages` come from the preflight,
    `points` from `all_open_points`.
    """
    progress = _progress_of(user, revision, state, tasks, publication, schedule, messages, points)
    return replace(progress, open=list(points))


def _progress_of(user, revision, state, tasks, publication, schedule, messages, points):
    withdrawal = getattr(publication, "withdrawal", None) if publication else None
    live = publication if publication and withdrawal is None else None
    request = tasks[0].request if tasks and tasks[0].request.closed_at is None else None
    blockers = sum(message.is_blocker for message in messages)
    blockers += sum(point.code in (_LOST, "address_taken") for point in points)
    if schedule and schedule.outcome == Schedule.Outcome.WAITING:
        return _scheduled(schedule, revision, blockers, points)
    if live and revision and live.revision_id == revision.pk:
        if not live.is_emergency:
            return _is_live(live, points)
        if request is None:
            return _is_unchecked(live)
    if request is None:
        return _without_request(live, withdrawal, blockers)
    if negative := [
        decision
        for decision in _latest(state.decisions_of_round)
        if decision.revision_id == request.revision_id
        and decision.verdict != Decision.Verdict.APPROVE
    ]:
        return _changes_asked(
            negative, request, revision, is_writer=user.pk in state.contributor_ids
        )
    if revision is None or request.revision_id != revision.pk:
        return Progress(
            CHANGED_IN_REVIEW,
            _("A review was asked for, and the text was changed after that."),
            _(
                "The person who changed it asks for a review again, so that reviewers read it as it"
                " is now."
            ),
        )
    if not publishing.missing_approvals(state):
        if blockers:
            return Progress(
                APPROVED,
                _("This text is approved, but something stands in the way of publishing it."),
                _("See what is still to do."),
            )
        return Progress(APPROVED, _is_approved(state), _turn(user, policy.PUBLISH, _("publish it")))
    return _in_review(request, tasks, state, blockers, user)


def with_progress(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return `articles`, each with what `progress_in_brief` looks at. No further query."""
    publications = Publication.objects.newest().filter(article=OuterRef("pk"))
    request = ReviewRequest.objects.filter(article=OuterRef("pk"), closed_at=None)
    later = Decision.objects.filter(
        revision=OuterRef("revision"),
        by=OuterRef("by"),
        round=OuterRef("round"),
        pk__gt=OuterRef("pk"),
    )
    under_review = ReviewRequest.objects.filter(revision=OuterRef("revision"), closed_at=None)
    negative = (
        Decision.objects.filter(
            Exists(under_review), ~Exists(later), revision__article=OuterRef("pk")
        )
        .exclude(verdict=Decision.Verdict.APPROVE)
        .order_by("-pk")
    )
    waiting = Schedule.objects.filter(article=OuterRef("pk"), outcome="")
    return articles.annotate(
        newest_at=Subquery(publications.values("at")[:1]),
        withdrawn_at=Subquery(publications.values("withdrawal__at")[:1]),
        is_in_review=Exists(request),
        negative_verdict=Subquery(negative.values("verdict")[:1]),
        waits_until=Subquery(waiting.values("publish_at")[:1]),
    )


def progress_in_brief(article: Article) -> Words:
    """Return a few words on the progress of an article from `with_progress`."""
    return WORDS[_code_of(article)]


def _code_of(article):
    if article.waits_until:
        return SCHEDULED
    if article.negative_verdict == Decision.Verdict.CHANGES:
        return CHANGES_ASKED
    if article.negative_verdict == Decision.Verdict.DECLINE:
        return DECLINED
    if article.is_in_review:
        return IN_REVIEW
    if article.withdrawn_at:
        return WITHDRAWN
    if article.newest_at is None:
        return DRAFT
    return LIVE_AND_CHANGED if article.modified_at > article.newest_at else LIVE


def open_in_brief(points: Sequence[OpenPoint]) -> str:
    """Return a few words for lists: the most serious of `points`, and how many more there are.

    "" where nothing is open.
    """
    if not points:
        return ""
    words, more = points[0].brief, len(points) - 1
    return words + " " + ngettext("(%s more)", "(%s more)", more) % more if more else words


# What is open ----------------------------------------------------------------------------------

_BLOCKERS, _LOST = "blockers", "picture_lost"


def all_open_points(
    article: Article, messages: Iterable[CheckMessage], contents: Iterable[FrozenContent]
) -> list[OpenPoint]:
    """Return all that is open about `article`, the most serious first. One query.

    `messages` are those of the preflight. `contents` are the texts that readers have or may get: it
    looks for the file of each picture.
    """
    points = open_points.open_points_of(article.pk, at=timezone.now())
    lost = dict.fromkeys(
        sentence for content in contents for sentence in publishing.what_is_lost(content)
    )
    found = [_picture_lost(article, sentence) for sentence in lost]
    if blockers := sum(message.is_blocker for message in messages):
        found.append(_not_ready(article, blockers))
    graver = [point for point in points if point.code in _GRAVER_THAN_BLOCKERS]
    return [*graver, *found, *(point for point in points if point not in graver)]


def _picture_lost(article, sentence):
    return OpenPoint(
        _LOST,
        _("a picture is lost"),
        _("The site cannot show a picture of this page."),
        sentence,
        reverse("admin:articles_article_change", args=[article.pk]),
    )


def _is_approved(state):
    if emergencies.is_emergency(state):
        return _("This text can go out in an emergency. A colleague has not done every check.")
    return _("This text is approved.")


def _is_unchecked(live):
    return Progress(
        LIVE,
        _("Readers have this text, as version %s. It was published in an emergency.") % live.number,
        _("Ask for a review, so that a colleague checks it."),
    )


def _not_ready(article, blockers):
    says = ngettext(
        "%s thing stands in the way of publishing this text.",
        "%s things stand in the way of publishing this text.",
        blockers,
    )
    return OpenPoint(
        _BLOCKERS,
        _("not ready"),
        says % blockers,
        _("See what is still to do, and mend it."),
        reverse("admin:articles_article_review", args=[article.pk]) + "#todo",
    )


#: What concerns readers now, or was promised and has not happened.
_GRAVER_THAN_BLOCKERS = {
    kind.code
    for kind in open_points.KINDS[: [kind.code for kind in open_points.KINDS].index("due")]
}


# Sentences -------------------------------------------------------------------------------------


def _is_live(live, points):
    if points:
        step = points[0].next
    else:
        step = _(
            "Nothing has to be done until the draft changes or the page is due for another look."
        )
    return Progress(LIVE, _("Readers have this text, as version %s.") % live.number, step)


def _scheduled(schedule, revision, blockers, points):
    moment = date_and_time(schedule.publish_at)
    if revision is None or schedule.revision_id != revision.pk:
        return Progress(
            SCHEDULED,
            _("A time was set for publishing (%s), but the text has changed since.") % moment,
            _(
                "It will not be published then. Take the time back, and ask for a review of the"
                " text as it is now."
            ),
        )
    says = _("This text is approved and goes to readers on %s.") % moment
    if any(point.code == "schedule_late" for point in points):
        says = _("This text is approved and should have gone to readers on %s.") % moment
    if blockers:
        step = _("Something stands in the way, so it would be refused then. Mend it first.")
    elif points:
        step = points[0].next
    else:
        step = _("Nothing has to be done. If the text changes before then, it is not published.")
    return Progress(SCHEDULED, says, step)


def _without_request(live, withdrawal, blockers):
    mend = _("The writer mends what is still to do, then asks for a review.")
    ask = _("The writer asks for a review when it is ready.")
    if withdrawal:
        return Progress(
            WITHDRAWN,
            _("Readers do not have this page: it was taken down on %s.")
            % date_and_time(withdrawal.at),
            _("To put it back, mend the text and ask for a review; or leave it as it is."),
        )
    if live:
        return Progress(
            LIVE_AND_CHANGED,
            _(
                "Readers have version %s. The draft differs from it, and nobody has asked for a"
                " review."
            )
            % live.number,
            mend if blockers else ask,
        )
    return Progress(
        DRAFT,
        _("This is a draft. Nobody has asked for a review, and readers do not have it."),
        mend if blockers else ask,
    )


def _changes_asked(negative, request, revision, *, is_writer):
    names = ", ".join(dict.fromkeys(decision.by_name for decision in negative))
    is_declined = any(decision.verdict == Decision.Verdict.DECLINE for decision in negative)
    code = DECLINED if is_declined else CHANGES_ASKED
    says = (_("%s declined this text.") if is_declined else _("%s asked for changes.")) % names
    if revision is not None and request.revision_id == revision.pk:
        if is_writer:
            return Progress(
                code, says, _("It is your turn: make the changes, then ask for a review again.")
            )
        return Progress(code, says, _("The writer makes the changes and asks for a review again."))
    says = f"{says} {_('The text was changed since.')}"
    if is_writer:
        return Progress(code, says, _("It is your turn: ask for a review again when it is ready."))
    return Progress(code, says, _("The writer asks for a review again."))


def _in_review(request, tasks, state, blockers, user):
    says = _("%(name)s asked for a review on %(when)s.") % {
        "name": audit.name_of(request.requested_by),
        "when": date_and_time(request.requested_at),
    }
    waiting = [
        task for task in tasks if task.kind not in state.approvals or state.open_rows.get(task.kind)
    ]
    if any(task.assigned_to_id == user.pk for task in waiting):
        step = _("It is your turn: read it, then decide.")
    elif names := [audit.name_of(task.assigned_to) for task in waiting if task.assigned_to]:
        step = _("It is the turn of %s to read it and decide.") % ", ".join(dict.fromkeys(names))
    elif not policy.may_decide(user, state.contributor_ids):
        step = _("An editor who did not edit it reads it and decides.")
    else:
        step = _(
            "It waits for an editor who did not edit it. That may be you: read it, then decide."
        )
    if waiting and len(waiting) < len(tasks):
        kinds = ", ".join(str(ReviewTask.Kind(task.kind).label) for task in waiting)
        says += " " + _("Still open: %s.") % kinds
    if blockers:
        step += " " + _("Some things must be mended first.")
    return Progress(IN_REVIEW, says, step)


def _turn(user, act, what):
    if policy.may(user, act):
        return _("It is your turn, or that of another editor: %s.") % what
    return _("It is an editor's turn: %s.") % what


def _latest(decisions):
    """The newest decision of each reviewer on each text, oldest first."""
    return list(
        {
            (decision.by_id, decision.revision_id, decision.task_id): decision
            for decision in decisions
        }.values()
    )


def date_and_time(at: datetime) -> str:
    """Return a moment in words, in the time zone of the site."""
    return formats.date_format(timezone.localtime(at), "j F Y, H:i")
