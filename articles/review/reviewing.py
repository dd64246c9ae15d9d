"""Review: asking for it, checking evidence, deciding. Each act is one function."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit, permissions, preflight
from articles.checklists import recording
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
from articles.revisions.storing import lock, save_revision
from physiohub import policy
from physiohub.control_characters import without_control_characters

from . import (
    checklists,
    comments,
    contributors,
    exceptions,
    interests,
    override_reasons,
    patient_readers,
)


@transaction.atomic
def submit(
    article: Article, *, by: User, at: datetime, note: str = "", kinds: Iterable[str] = ()
) -> ReviewRequest:
    """Ask for a review of the article as it is now. Returns the open ReviewRequest.

    Asking twice changes nothing. `kinds` are the points of view it is read from, clinical if none
    is given. Only one text is under review at a time, so an older open request for another text is
    closed. Its tasks go on, with their reviewers and days. What all checklists say of the text is
    stored with it.
    """
    permissions.require(
        by,
        policy.SUBMIT,
        otherwise=_("You may not ask for a review of this article. Ask its owner."),
    )
    revision = save_revision(article, by=by, at=at)
    recording.record_result(revision, at=at)
    open_request = ReviewRequest.objects.filter(article=article, closed_at=None).first()
    if open_request and open_request.revision_id == revision.pk:
        return open_request
    if open_request:
        open_request.closed_at = at
        open_request.save(update_fields=["closed_at"])
    before = list(open_request.tasks.all()) if open_request else []
    request, tasks = _ask(revision, before, kinds, by=by, at=at, note=note)
    _notify_reviewers(request, [task.assigned_to for task in tasks], by=by, at=at)
    return request


def ask_for_review_afterwards(
    revision: Revision,
    *,
    before: Iterable[ReviewTask],
    by: User,
    at: datetime,
    note: str,
    due_on: date,
) -> ReviewRequest:
    """Ask for the review of a text that went out without one. Returns the open ReviewRequest.

    It is wanted by the day `due_on`, from the clinical point of view and those of the tasks
    `before`, whose reviewers keep them. No other request may be open. Notifies nobody.
    """
    before = list(before)
    request, _tasks = _ask(
        revision, before, [ReviewTask.Kind.CLINICAL], by=by, at=at, note=note, due_on=due_on
    )
    return request


def _ask(revision, before, kinds, *, by, at, note, due_on=None):
    """Open a request, and return (request, its tasks).

    The tasks `before` go on, with their reviewers and days. `due_on` counts where it is given.
    """
    article = revision.article
    request = ReviewRequest.objects.create(
        article=article, revision=revision, requested_by=by, requested_at=at, note=note
    )
    earlier = {task.kind: task for task in before}
    tasks = [
        ReviewTask(
            request=request,
            kind=kind,
            assigned_to=earlier[kind].assigned_to if kind in earlier else None,
            due_on=due_on or (earlier[kind].due_on if kind in earlier else None),
        )
        for kind in dict.fromkeys([*earlier, *kinds] or [ReviewTask.Kind.CLINICAL])
    ]
    ReviewTask.objects.bulk_create(tasks)
    audit.record(
        AuditEntry.Act.SUBMITTED, article, by=by, at=at, digest=revision.digest, summary=note
    )
    return request, tasks


def _notify_reviewers(request, assigned, *, by, at):
    """Notify those who have a task, and all editors if nobody has taken one of the tasks.

    `assigned` has one entry for each task: its reviewer or None.
    """
    values = {"name": inbox.actor_name(by), "title": request.article}
    reviewers = [person for person in assigned if person]
    text = _("%(name)s sent a newer text of “%(title)s” for the review you are doing.") % values
    inbox.notify(reviewers, Notification.Kind.REVIEW, text, at=at, by=by, article=request.article)
    if None in assigned:
        others = [person for person in inbox.reviewers() if person not in reviewers]
        text = _("%(name)s asks for a review of “%(title)s”. Nobody has taken it yet.") % values
        inbox.notify(others, Notification.Kind.REVIEW, text, at=at, by=by, article=request.article)


@transaction.atomic
def assign(
    task: ReviewTask, *, to: User | None, due_on: date | None, by: User, at: datetime
) -> ReviewTask:
    """Give a review task to `to`, wanted by the day `due_on`.

    With `to` None any editor may take it. With `due_on` None there is no day.
    """
    permissions.require(
        by,
        policy.REVIEW,
        otherwise=_("Only editors hand out reviews. Ask one of them."),
    )
    task = ReviewTask.objects.select_for_update().get(pk=task.pk)
    if to is not None:
        if not policy.may(to, policy.REVIEW):
            raise Refused(_("%s may not review. Choose an editor.") % audit.name_of(to))
        if refusal := contributors.may_not_approve(task.request.revision, to):
            raise Refused(
                _("%s edited this text and may not approve it. Choose a colleague.")
                % audit.name_of(to),
                refusal,
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
        values = {
            "name": inbox.actor_name(by),
            "kind": task.get_kind_display(),
            "title": task.request.article,
        }
        text = _("%(name)s gave you the %(kind)s review of “%(title)s”.") % values
        if due_on:
            text += " " + _("It is wanted by %s.") % date_format(due_on, "j F Y")
        inbox.notify(
            [to], Notification.Kind.REVIEW, text, at=at, by=by, article=task.request.article
        )
    return task


#: What a second person reads of a citation, by its keys in frozen content.
_READ = (
    "stance",
    "design",
    "locator_kind",
    "locator",
    "quote",
    "source_certainty",
    "source_scheme",
)


def evidence_read(claim: Mapping[str, object], citation: Mapping[str, object]) -> str:
    """Return a short text for what a second person reads: the words, the source, what it says."""
    values = [claim["text"], citation["reference"], *(citation[name] for name in _READ)]
    values.append(bool(citation.get("includes_retracted")))  # left out while it is not so
    # Frozen content has no control characters. Old rows may.
    return freezing.digest_of(freezing.canonical(without_control_characters(values)))[:16]


def _evidence_now(citation):
    """The same of a citation as the database has it."""
    read = {name: getattr(citation, name) for name in _READ} | {
        "design": citation.design_used,
        "includes_retracted": citation.includes_retracted,
    }
    return evidence_read(
        {"text": citation.claim.text}, {"reference": str(citation.reference.uid), **read}
    )


@transaction.atomic
def check_evidence(citation: Citation, *, by: User, at: datetime, read: str = "") -> Citation:
    """Record that `by` read the source and that it says what the citation says.

    The person who added the citation may not check it. `read` is the `evidence_read` of what they
    saw, if it is known: what changed meanwhile is read again first.
    """
    permissions.require(
        by, policy.REVIEW, otherwise=_("Only editors check evidence. Ask one of them.")
    )
    citation = (
        Citation.objects.select_for_update()
        .select_related("claim__article", "reference")
        .get(pk=citation.pk)
    )
    if by.pk == citation.added_by_id:
        raise NotAllowed(
            _("You added this link yourself. Ask a colleague to check it against the source.")
        )
    if read and read != _evidence_now(citation):
        raise Refused(
            _("The words or the link changed since you opened the page. Read it again, then check.")
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
    """Record that `by` read the source and that it does not say this. Returns the Comment.

    `note` says what the source does say. It becomes a comment on the claim, which must be resolved
    before publishing. An earlier check of the citation is cleared.
    """
    permissions.require(
        by, policy.REVIEW, otherwise=_("Only editors check evidence. Ask one of them.")
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
    revision = save_revision(article, by=by, at=at)
    text = _("“%(source)s” does not say this: %(note)s") % {
        "source": citation.reference,
        "note": note.strip(),
    }
    comment = comments.add_comment(
        revision, by=by, at=at, text=text, row_uid=str(citation.claim.uid), is_blocking=True
    )
    if citation.checked_by_id:
        citation.clear_check()
        citation.save(update_fields=["checked_by", "checked_at"])
    audit.record(
        AuditEntry.Act.DISPUTED_EVIDENCE,
        article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=f"{citation.claim.text}: {text}"[:2000],
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
    reached: str = "",
) -> Decision:
    """Decide that this exact text may go to patients. Returns the Decision.

    `task` says from which point of view (None: the clinical one). `answers` are those to its
    checklist (articles.review.checklists), every one of them; they are frozen with their questions.
    From the point of view of patients, `reached` says how they were reached, unless an invited
    reader has answered (articles.review.patient_readers).

    Raises NotAllowed if `by` edited the text since it was last published, superusers too. Only a
    person with the right to override may give an `override_reason`, which is logged and shown
    (articles.review.override_reasons says what it must hold). That is no check by a colleague.
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
        reached=reached,
    )


def approve_correction(revision: Revision, *, by: User, at: datetime, note: str) -> Decision:
    """Decide that the correction of a small mistake may go out. Returns the Decision.

    `by` read what differs and not all of the text, so there is no checklist. Notifies nobody.
    """
    return _decide(
        Decision.Verdict.APPROVE, revision, by=by, at=at, note=note, task=None, is_correction=True
    )


def ask_for_changes(
    revision: Revision, *, by: User, at: datetime, note: str, task: ReviewTask | None = None
) -> Decision:
    """Decide that the text must change first. `note` says what; it may not be empty."""
    return _decide(Decision.Verdict.CHANGES, revision, by=by, at=at, note=note, task=task)


def decline(
    revision: Revision, *, by: User, at: datetime, note: str, task: ReviewTask | None = None
) -> Decision:
    """Decide that this should not be published. `note` says why; it may not be empty."""
    return _decide(Decision.Verdict.DECLINE, revision, by=by, at=at, note=note, task=task)


def round_number_of(article: Article) -> int:
    """Return how often the article was published or withdrawn so far.

    A decision counts only in the round it was made in.
    """
    counts = Publication.objects.filter(article=article).aggregate(
        published=Count("pk"), withdrawn=Count("withdrawal")
    )
    return counts["published"] + counts["withdrawn"]


def viewpoint_of(decision: Decision) -> str:
    """Return the point of view that a decision was made from."""
    return decision.task.kind if decision.task else ReviewTask.Kind.CLINICAL


@dataclass(frozen=True)
class ApprovalState:
    """How far the review of one text has come."""

    #: On exactly this text: the latest of each reviewer from each point of view.
    decisions: list
    #: Ids of accounts whose approval does not count.
    contributor_ids: set[int]
    #: {point of view: approvals that count, of any text of this round}
    approvals: dict
    #: {point of view asked for: uids of rows that no approval that counts covers yet}
    open_rows: dict
    #: The same two without approvals in an emergency: what colleagues checked, and what they
    #: did not.
    checks: dict
    unchecked_rows: dict
    #: All decisions of this round, on any text, oldest first.
    decisions_of_round: list = field(default_factory=list)


def approval_state(
    revision: Revision,
    *,
    live: Publication | Literal[False] | None = False,
    tasks: list[ReviewTask] | None = None,
) -> ApprovalState:
    """Return the ApprovalState of `revision`.

    A row is approved if an approval that counts holds its digest, even one of another text. It is
    also approved if it is live unchanged, unless it went live in an emergency. So an edit reopens
    the rows it changed and no others. `live` is the live publication (None: there is none) and
    `tasks` are those of the newest request, if they were fetched already.
    """
    if live is False:
        live = Publication.objects.live_of(revision.article)
    if tasks is None:
        tasks = tasks_of(revision.article)
    digests = freezing.row_digests(revision.content)
    live_rows: set[tuple[str, str]] = set()
    if live and not live.is_emergency:
        live_rows.update(freezing.row_digests(live.revision.content).items())
    contributor_ids = contributors.contributors(revision, live=live)
    decisions = _latest_decisions(revision.article)
    approvals, checks = _by_viewpoint(decisions, contributor_ids)
    kinds = [task.kind for task in tasks] or [ReviewTask.Kind.CLINICAL]
    return ApprovalState(
        decisions=[decision for decision in decisions if decision.revision_id == revision.pk],
        contributor_ids=contributor_ids,
        approvals=approvals,
        open_rows={
            kind: _rows_without(approvals.get(kind, ()), digests, live_rows) for kind in kinds
        },
        checks=checks,
        unchecked_rows={
            kind: _rows_without(checks.get(kind, ()), digests, live_rows) for kind in kinds
        },
        decisions_of_round=decisions,
    )


def _by_viewpoint(decisions, contributor_ids):
    """({point of view: approvals that count}, the same for those of colleagues alone)."""
    approvals, checks = {}, {}
    for decision in decisions:
        if counts_as_approval(decision, contributor_ids):
            approvals.setdefault(viewpoint_of(decision), []).append(decision)
        if is_independent_approval(decision, contributor_ids):
            checks.setdefault(viewpoint_of(decision), []).append(decision)
    return approvals, checks


def _rows_without(approvals, digests, live_rows):
    """Uids of the rows of `digests` that are neither live nor in one of these approvals."""
    approved = live_rows.union(*(decision.row_digests.items() for decision in approvals))
    return [uid for uid, digest in digests.items() if (uid, digest) not in approved]


def tasks_of(article: Article) -> list[ReviewTask]:
    """Return the tasks of the newest review request of the article, with the request.

    Empty if nobody asked for a review.
    """
    newest = ReviewRequest.objects.filter(article=article).order_by("-pk").values("pk")[:1]
    return list(
        ReviewTask.objects.filter(request=Subquery(newest)).select_related(
            "request__requested_by", "assigned_to"
        )
    )


def is_independent_approval(decision: Decision, contributor_ids: Container[int]) -> bool:
    """Whether a second person approved."""
    return (
        decision.verdict == Decision.Verdict.APPROVE
        and decision.by_id not in contributor_ids
        and not decision.override_reason
    )


def counts_as_approval(decision: Decision, contributor_ids: Container[int]) -> bool:
    """Whether a second person approved, or somebody did in an emergency, with a reason."""
    return is_independent_approval(decision, contributor_ids) or (
        decision.verdict == Decision.Verdict.APPROVE and bool(decision.override_reason)
    )


def decisions_of_this_round() -> QuerySet[Decision]:
    """Return the decisions that count now, those of the present round of each article. One query.

    The query counts the rounds in the way of `round_number_of`.
    """
    of_article = Publication.objects.filter(article=OuterRef("revision__article")).order_by()
    counts = of_article.values("article").annotate(
        published=Count("pk"), withdrawn=Count("withdrawal")
    )
    this_round = counts.annotate(round=F("published") + F("withdrawn")).values("round")
    return Decision.objects.filter(round=Coalesce(Subquery(this_round), 0))


def _latest_decisions(article):
    """The latest decision of each reviewer, text and point of view, oldest first."""
    latest = {}
    decisions = decisions_of_this_round().filter(revision__article=article)
    for decision in decisions.select_related("task").order_by("pk"):
        latest[decision.by_id, viewpoint_of(decision), decision.revision_id] = decision
    return sorted(latest.values(), key=lambda decision: decision.pk)


def is_of_patients(decision: Decision) -> bool:
    """Whether a decision records what patients said. It is no approval by a colleague."""
    return viewpoint_of(decision) == ReviewTask.Kind.PATIENT_READER


@transaction.atomic
def _decide(
    verdict,
    revision,
    *,
    by,
    at,
    note,
    task,
    override_reason="",
    answers=None,
    reached="",
    is_correction=False,
):
    permissions.require(
        by,
        policy.DECIDE,
        otherwise=_("Only editors decide on a review. Ask one of them."),
    )
    article = lock(revision.article)
    task = _task_of(task, revision)
    if verdict != Decision.Verdict.APPROVE:
        if not note.strip():
            raise Refused(_("Say in a few words what should change."))
        messages, override_reason = [], ""
    else:
        messages = _check_before_approval(revision, article, by)
        override_reason = _override_reason(revision, override_reason, by=by, at=at)
    kind = task.kind if task else ReviewTask.Kind.CLINICAL
    answers = [] if is_correction else checklists.freeze_answers(kind, answers or {}, verdict)
    ground = _ground_of_patients(verdict, revision, kind, reached, override_reason)
    decision = Decision.objects.create(
        revision=revision,
        task=task,
        verdict=verdict,
        digest=revision.digest,
        row_digests=freezing.row_digests(revision.content),
        note=note,
        override_reason=override_reason,
        answers=answers,
        reached=ground.reached,
        invitation=ground.invitation,
        interests=interests.relevant_to(revision.content, by),
        exceptions=exceptions.signed_among(messages),
        round=round_number_of(article),
        by=by,
        by_name=audit.name_of(by),
        by_role=audit.role_of(by, revision.content["language"]),
        at=at,
    )
    if not override_reason:  # an override has an entry of its own in the log
        parts = [note] if is_correction else [ReviewTask.Kind(kind).label, ground.reached, note]
        summary = ": ".join(str(part) for part in parts if part)
        audit.record(_ACTS[verdict], article, by=by, at=at, digest=revision.digest, summary=summary)
    if not is_correction:
        _notify_of_decision(decision, revision, article, by=by, at=at)
    return decision


def _ground_of_patients(verdict, revision, kind, reached, override_reason):
    """What an approval from the point of view of patients rests on; nothing for other decisions.

    In an emergency nobody waits for patients, and the page does not say that one read it.
    """
    is_approval = verdict == Decision.Verdict.APPROVE and not override_reason
    if kind != ReviewTask.Kind.PATIENT_READER or not is_approval:
        return patient_readers.Ground()
    return patient_readers.ground_of(revision, reached)


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


def _check_before_approval(revision, article, by):
    """Return the check messages of a text, or raise Refused if it may not be approved."""
    draft = preflight.DraftToCheck.of(article)
    if draft.digest != revision.digest:
        raise Refused(
            _("The text has changed since you opened it. Open the newest text and read it again.")
        )
    messages = preflight.check_draft(draft)
    if blockers := [message for message in messages if message.is_blocker]:
        raise Refused(*preflight.sentences_for(by, blockers))
    return messages


def _override_reason(revision, override_reason, *, by, at):
    """Return the reason for which an editor of the text may approve it, or "" for a second person.

    The reason is logged. Raises NotAllowed if the person may not override, or gave no reason.
    """
    refusal = contributors.may_not_approve(revision, by)
    if not refusal:
        return ""
    override_reason = _require_override(by, override_reason, refusal)
    audit.record(
        AuditEntry.Act.OVERRODE,
        revision.article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=override_reason,
    )
    return override_reason


def _notify_of_decision(decision, revision, article, *, by, at):
    requests = ReviewRequest.objects.filter(revision=revision, closed_at=None)
    words = _OVERRIDDEN if decision.override_reason else _NOTIFICATIONS[decision.verdict]
    text = words % {
        "name": inbox.actor_name(by),
        "title": article,
        "kind": ReviewTask.Kind(viewpoint_of(decision)).label,
    }
    people = [
        article.owner,
        *(request.requested_by for request in requests.select_related("requested_by")),
    ]
    inbox.notify(people, Notification.Kind.DECISION, text, at=at, by=by, article=article)


_ACTS = {
    Decision.Verdict.APPROVE: AuditEntry.Act.APPROVED,
    Decision.Verdict.CHANGES: AuditEntry.Act.CHANGES_REQUESTED,
    Decision.Verdict.DECLINE: AuditEntry.Act.DECLINED,
}
_NOTIFICATIONS = {
    Decision.Verdict.APPROVE: gettext_lazy("%(name)s approved “%(title)s”: %(kind)s review."),
    Decision.Verdict.CHANGES: gettext_lazy("%(name)s asks for changes in “%(title)s”."),
    Decision.Verdict.DECLINE: gettext_lazy(
        "%(name)s declined “%(title)s”: it should not be published."
    ),
}


_OVERRIDDEN = gettext_lazy(
    "%(name)s let “%(title)s” pass in an emergency, having edited it. No colleague has checked it."
)


def _require_override(user, reason, refusal):
    if not reason.strip():
        raise NotAllowed(refusal)
    permissions.require(user, policy.OVERRIDE, otherwise=refusal)
    return override_reasons.reason_in_words(reason)
