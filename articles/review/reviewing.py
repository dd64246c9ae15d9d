"""Review: asking for it, checking evidence, deciding. Each act is one function."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit, permissions, preflight
from articles.models import (
    Article,
    AuditEntry,
    Citation,
    Comment,
    Decision,
    Notification,
    Publication,
    ReviewRequest,
    ReviewTask,
    Revision,
)
from articles.notifications import inbox
from articles.refusals import NotAllowed, Refused
from articles.revisions import freezing
from articles.revisions.storing import keep_revision, lock

from . import checklists, comments, contributors, exceptions, interests


@transaction.atomic
def submit(
    article: Article, *, by: User, at: datetime, note: str = "", kinds: Iterable[str] = ()
) -> ReviewRequest:
    """Ask for the article as it stands to be reviewed. Returns the open ReviewRequest; asking twice
    changes nothing.

    `kinds` are the points of view it is read from, clinical if none is given. An older open request
    for another text is closed, for there is one text under review at a time; its tasks go on, with
    who does them and by when.
    """
    permissions.require(
        by,
        "articles.change_article",
        otherwise=_("You may not ask for a review of this article. Ask its owner."),
    )
    revision = keep_revision(article, by=by, at=at)
    open_request = ReviewRequest.objects.filter(article=article, closed_at=None).first()
    if open_request and open_request.revision_id == revision.pk:
        return open_request
    if open_request:
        open_request.closed_at = at
        open_request.save(update_fields=["closed_at"])
    request = ReviewRequest.objects.create(
        article=article, revision=revision, requested_by=by, requested_at=at, note=note
    )
    before = {task.kind: task for task in open_request.tasks.all()} if open_request else {}
    wanted = dict.fromkeys([*before, *kinds] or [ReviewTask.Kind.CLINICAL])
    ReviewTask.objects.bulk_create(
        ReviewTask(
            request=request,
            kind=kind,
            assigned_to=before[kind].assigned_to if kind in before else None,
            due_on=before[kind].due_on if kind in before else None,
        )
        for kind in wanted
    )
    audit.record(
        AuditEntry.Act.SUBMITTED, article, by=by, at=at, digest=revision.digest, summary=note
    )
    _tell_reviewers(
        request,
        [before[kind].assigned_to if kind in before else None for kind in wanted],
        by=by,
        at=at,
    )
    return request


def _tell_reviewers(request, assigned, *, by, at):
    """Those who have a task hear that there is a newer text.

    Where nobody has one, all who may take it.
    """
    said = {"name": inbox.actor_name(by), "title": request.article}
    doing = [person for person in assigned if person]
    text = _("%(name)s sent a newer text of “%(title)s” for the review you are doing.") % said
    inbox.notify(doing, Notification.Kind.REVIEW, text, at=at, by=by, article=request.article)
    if None in assigned:
        others = [person for person in inbox.editors() if person not in doing]
        text = _("%(name)s asks for a review of “%(title)s”. Nobody has taken it yet.") % said
        inbox.notify(others, Notification.Kind.REVIEW, text, at=at, by=by, article=request.article)


@transaction.atomic
def assign(
    task: ReviewTask, *, to: User | None, due_on: date | None, by: User, at: datetime
) -> ReviewTask:
    """Give a review task to `to` (None.

    To whoever takes it), wanted by the day `due_on` (None: no day).
    """
    permissions.require(
        by,
        "articles.review_article",
        otherwise=_("Only editors hand out reviews. Ask one of them."),
    )
    task = ReviewTask.objects.select_for_update().get(pk=task.pk)
    if to is not None:
        if not permissions.may(to, "articles.review_article"):
            raise Refused(_("%s may not review. Choose an editor.") % audit.name_of(to))
        if reason := contributors.may_not_approve(task.request.revision, to):
            raise Refused(
                _("%s edited this text and may not approve it. Choose a colleague.")
                % audit.name_of(to),
                reason,
            )
    is_news = (task.assigned_to_id, task.due_on) != (to.pk if to else None, due_on)
    task.assigned_to, task.due_on = to, due_on
    task.save(update_fields=["assigned_to", "due_on"])
    summary = (
        f"{task.get_kind_display()}: {audit.name_of(to) if to else _('nobody')},"
        f" {due_on or _('no day')}"
    )
    audit.record(AuditEntry.Act.ASSIGNED, task.request.article, by=by, at=at, summary=summary)
    if to and is_news:
        said = {
            "name": inbox.actor_name(by),
            "kind": task.get_kind_display(),
            "title": task.request.article,
        }
        text = _("%(name)s gave you the %(kind)s review of “%(title)s”.") % said
        if due_on:
            text += " " + _("It is wanted by %s.") % date_format(due_on, "j F Y")
        inbox.notify(
            [to], Notification.Kind.REVIEW, text, at=at, by=by, article=task.request.article
        )
    return task


@transaction.atomic
def check_evidence(citation: Citation, *, by: User, at: datetime) -> Citation:
    """Record that `by` read the source and that it says what the link says.

    The one who added it may not.
    """
    permissions.require(
        by, "articles.review_article", otherwise=_("Only editors check evidence. Ask one of them.")
    )
    citation = (
        Citation.objects.select_for_update().select_related("claim__article").get(pk=citation.pk)
    )
    if by.pk == citation.added_by_id:
        raise NotAllowed(
            _("You added this link yourself. Ask a colleague to check it against the source.")
        )
    citation.checked_by, citation.checked_at = by, at
    citation.save(update_fields=["checked_by", "checked_at"])
    audit.record(
        AuditEntry.Act.CHECKED_EVIDENCE,
        citation.claim.article,
        by=by,
        at=at,
        summary=str(citation)[:2000],
    )
    return citation


@transaction.atomic
def dispute_evidence(citation: Citation, *, by: User, at: datetime, note: str) -> Comment:
    """Record that `by` read the source and that it does not say what the link says; `note` tells
    what it does say.

    It becomes a remark on the claim that must be settled before publishing, and takes back a check
    made before. Returns the Comment.
    """
    permissions.require(
        by, "articles.review_article", otherwise=_("Only editors check evidence. Ask one of them.")
    )
    if not note.strip():
        raise Refused(
            _("Write down what the source does say, or where you looked. The author needs it.")
        )
    citation = (
        Citation.objects.select_for_update(of=("self",))
        .select_related("claim__article", "reference")
        .get(pk=citation.pk)
    )
    article = citation.claim.article
    revision = keep_revision(article, by=by, at=at)
    said = _("“%(source)s” does not say this: %(note)s") % {
        "source": citation.reference,
        "note": note.strip(),
    }
    comment = comments.add_comment(
        revision, by=by, at=at, text=said, row_uid=str(citation.claim.uid), is_blocking=True
    )
    if citation.checked_by_id:
        citation.checked_by, citation.checked_at = None, None
        citation.save(update_fields=["checked_by", "checked_at"])
    audit.record(
        AuditEntry.Act.DISPUTED_EVIDENCE,
        article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=f"{citation.claim.text}: {said}"[:2000],
    )
    return comment


def approve(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    note: str = "",
    task: ReviewTask | None = None,
    override_reason: str = "",
    answers: Mapping[str, str] | None = None,
    is_told: bool = True,
) -> Decision:
    """Say that this exact text may go to patients. Returns the Decision.

    `task` says from which point of view (None: the clinical one); `answers` are those to its
    checklist (articles.review.checklists), frozen with their questions. An act that tells people of
    itself says that this is not told. Raises NotAllowed when `by` edited the text since it was last
    published (superusers too), unless the right to override is held and a reason is given: that is
    logged, and shown.
    """
    return _decide(
        Decision.Verdict.APPROVE,
        revision,
        by=by,
        at=at,
        note=note,
        task=task,
        override_reason=override_reason,
        answers=answers,
        is_told=is_told,
    )


def ask_for_changes(
    revision: Revision, *, by: User, at: datetime, note: str, task: ReviewTask | None = None
) -> Decision:
    """Say what must change first. `note` may not be empty."""
    return _decide(Decision.Verdict.CHANGES, revision, by=by, at=at, note=note, task=task)


def decline(
    revision: Revision, *, by: User, at: datetime, note: str, task: ReviewTask | None = None
) -> Decision:
    """Say that this should not be published. `note` may not be empty."""
    return _decide(Decision.Verdict.DECLINE, revision, by=by, at=at, note=note, task=task)


def round_of(article: Article) -> int:
    """How often the article was published or withdrawn so far.

    A decision speaks for the round it was made in.
    """
    counted = Publication.objects.filter(article=article).aggregate(
        published=Count("pk"), withdrawn=Count("withdrawal")
    )
    return counted["published"] + counted["withdrawn"]


def viewpoint_of(decision: Decision) -> str:
    """The point of view a decision was made from."""
    return decision.task.kind if decision.task else ReviewTask.Kind.CLINICAL


@dataclass(frozen=True)
class ApprovalState:
    """How far the review of one text has come."""

    decisions: list  # on this very text, each reviewer's latest from each point of view
    editors: set  # ids of accounts whose approval does not count
    approvals: dict  # {kind: approvals that count, for whichever text of this round}
    open_rows: dict  # {kind asked for: uids of rows nobody who counts has approved from there yet}
    round: list = field(default_factory=list)  # on whichever text of this round, oldest first


def approval_state(
    revision: Revision,
    *,
    live: Publication | Literal[False] | None = False,
    tasks: list[ReviewTask] | None = None,
) -> ApprovalState:
    """The ApprovalState of `revision`.

    A row counts as approved when an approval that counts holds its digest, whichever text that was
    given for, or when it is live as it stands: an edit reopens what it touched and nothing else.
    `live` is the live publication (None: there is none) and `tasks` those of the newest request,
    where they were fetched already.
    """
    if live is False:
        live = Publication.objects.live_of(revision.article)
    if tasks is None:
        tasks = tasks_of(revision.article)
    digests = freezing.row_digests(revision.content)
    known = set(freezing.row_digests(live.revision.content).items()) if live else set()
    editors, decisions = (
        contributors.contributors(revision, live=live),
        _of_this_round(revision.article),
    )
    approvals: dict[str, list[Decision]] = {}
    rows: dict[str, set[tuple[str, str]]] = {}
    for decision in decisions:
        if decision.verdict == Decision.Verdict.APPROVE and is_independent_approval(
            decision, editors
        ):
            approvals.setdefault(viewpoint_of(decision), []).append(decision)
            rows.setdefault(viewpoint_of(decision), set()).update(decision.row_digests.items())
    return ApprovalState(
        decisions=[decision for decision in decisions if decision.revision_id == revision.pk],
        editors=editors,
        approvals=approvals,
        open_rows={
            kind: [
                uid
                for uid, digest in digests.items()
                if (uid, digest) not in known | rows.get(kind, set())
            ]
            for kind in [task.kind for task in tasks] or [ReviewTask.Kind.CLINICAL]
        },
        round=decisions,
    )


def tasks_of(article: Article) -> list[ReviewTask]:
    """The tasks of the newest request for a review of the article, with the request.

    Empty where nobody asked.
    """
    newest = ReviewRequest.objects.filter(article=article).order_by("-pk").values("pk")[:1]
    return list(
        ReviewTask.objects.filter(request=Subquery(newest)).select_related(
            "request__requested_by__person", "assigned_to__person"
        )
    )


def is_independent_approval(decision: Decision, editors: Container[int]) -> bool:
    """Whether an approval is that of a second person, or an emergency somebody answers for."""
    return decision.by_id not in editors or bool(decision.override_reason)


def _of_this_round(article):
    """The latest decision of each reviewer on each text from each point of view, oldest first."""
    latest = {}
    # Counted in the same query, as `round_of` counts.
    published = Publication.objects.filter(article=article).order_by().values("article")
    published = published.annotate(published=Count("pk"), withdrawn=Count("withdrawal"))
    now = published.annotate(round=F("published") + F("withdrawn")).values("round")
    decisions = Decision.objects.filter(revision__article=article, round=Coalesce(Subquery(now), 0))
    for decision in decisions.select_related("task").order_by("pk"):
        latest[decision.by_id, viewpoint_of(decision), decision.revision_id] = decision
    return sorted(latest.values(), key=lambda decision: decision.pk)


@transaction.atomic
def _decide(
    verdict, revision, *, by, at, note, task, override_reason="", answers=None, is_told=True
):
    permissions.require(
        by,
        "articles.review_article",
        otherwise=_("Only editors decide on a review. Ask one of them."),
    )
    article = lock(revision.article)
    task = _task_of(task, revision)
    if verdict != Decision.Verdict.APPROVE:
        if not note.strip():
            raise Refused(_("Say in a few words what should change."))
        messages, override_reason = [], ""
    else:
        messages = _checked(revision, article, by)
        override_reason = _four_eyes(revision, override_reason, by=by, at=at)
    decision = Decision.objects.create(
        revision=revision,
        task=task,
        verdict=verdict,
        digest=revision.digest,
        row_digests=freezing.row_digests(revision.content),
        note=note,
        override_reason=override_reason,
        answers=checklists.freeze_answers(
            task.kind if task else ReviewTask.Kind.CLINICAL, answers or {}, verdict
        ),
        interests=interests.bearing_on(revision.content, by),
        exceptions=exceptions.signed_among(messages),
        round=round_of(article),
        by=by,
        by_name=audit.name_of(by),
        by_role=audit.role_of(by),
        at=at,
    )
    audit.record(
        _ACTS[verdict], revision.article, by=by, at=at, digest=revision.digest, summary=note
    )
    if is_told:
        _notify_of_decision(verdict, revision, article, by=by, at=at)
    return decision


def _task_of(task, revision):
    """The review task that a decision on `revision` answers: `task`, else the clinical one."""
    if task is None:
        return ReviewTask.objects.filter(
            request__revision=revision, request__closed_at=None, kind=ReviewTask.Kind.CLINICAL
        ).first()
    if task.request.revision_id != revision.pk:
        raise Refused(
            _(
                "The text was sent for review again meanwhile. "
                "Open the newest text and read it again."
            )
        )
    return task


def _checked(revision, article, by):
    """What the preflight says of a text that may be approved; raises Refused where it may not."""
    draft = preflight.DraftToCheck.of(article)
    if draft.digest != revision.digest:
        raise Refused(
            _("The text has changed since you opened it. Open the newest text and read it again.")
        )
    messages = preflight.check_draft(draft)
    if blockers := [message for message in messages if message.is_blocker]:
        raise Refused(*preflight.phrased_for(by, blockers))
    return messages


def _four_eyes(revision, override_reason, *, by, at):
    """ "" for a second person; else the reason given in an emergency, which is entered in the log.

    Raises NotAllowed.
    """
    reason = contributors.may_not_approve(revision, by)
    if not reason:
        return ""
    _need_override(by, override_reason, reason)
    audit.record(
        AuditEntry.Act.OVERRODE,
        revision.article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=override_reason,
    )
    return override_reason


def _notify_of_decision(verdict, revision, article, *, by, at):
    asking = ReviewRequest.objects.filter(revision=revision, closed_at=None)
    text = _TOLD[verdict] % {"name": inbox.actor_name(by), "title": article}
    people = [
        article.owner,
        *(request.requested_by for request in asking.select_related("requested_by")),
    ]
    inbox.notify(people, Notification.Kind.DECISION, text, at=at, by=by, article=article)


_ACTS = {
    Decision.Verdict.APPROVE: AuditEntry.Act.APPROVED,
    Decision.Verdict.CHANGES: AuditEntry.Act.CHANGES_REQUESTED,
    Decision.Verdict.DECLINE: AuditEntry.Act.DECLINED,
}
_TOLD = {
    Decision.Verdict.APPROVE: gettext_lazy("%(name)s approved “%(title)s”."),
    Decision.Verdict.CHANGES: gettext_lazy("%(name)s asks for changes in “%(title)s”."),
    Decision.Verdict.DECLINE: gettext_lazy(
        "%(name)s declined “%(title)s”: it should not be published."
    ),
}


def _need_override(user, reason, refusal):
    if not reason.strip():
        raise NotAllowed(refusal)
    permissions.require(user, "articles.override_review", otherwise=refusal)
