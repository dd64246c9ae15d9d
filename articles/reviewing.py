"""Review: asking for it, checking evidence, deciding. Each act is one function."""

from django.db import transaction
from django.utils.translation import gettext as _

from . import audit, freezing, preflight
from .models import AuditEntry, Citation, Decision, Publication, ReviewRequest, ReviewTask
from .refusals import NotAllowed, Refused
from .revising import digest_now, keep_revision, lock


@transaction.atomic
def submit(article, *, by, at, note="", kinds=(ReviewTask.Kind.CLINICAL,)):
    """Ask for the article as it stands to be reviewed. Returns the open ReviewRequest; asking twice changes nothing.

    An older open request for another text is closed: there is one text under review at a time.
    """
    _need(by, "articles.change_article", _("You may not ask for a review of this article. Ask its owner."))
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
    ReviewTask.objects.bulk_create(ReviewTask(request=request, kind=kind) for kind in kinds)
    audit.record(AuditEntry.Act.SUBMITTED, article, by=by, at=at, digest=revision.digest, summary=note)
    return request


@transaction.atomic
def check_evidence(citation, *, by, at):
    """Record that `by` read the source and that it says what the link says. The one who added it may not."""
    _need(by, "articles.review_article", _("Only editors check evidence. Ask one of them."))
    citation = Citation.objects.select_for_update().select_related("claim__article").get(pk=citation.pk)
    if by.pk == citation.added_by_id:
        raise NotAllowed(_("You added this link yourself. Ask a colleague to check it against the source."))
    citation.checked_by, citation.checked_at = by, at
    citation.save(update_fields=["checked_by", "checked_at"])
    audit.record(AuditEntry.Act.CHECKED_EVIDENCE, citation.claim.article, by=by, at=at, summary=str(citation)[:2000])
    return citation


def approve(revision, *, by, at, note="", task=None, override_reason=""):
    """Say that this exact text may go to patients. Returns the Decision.

    Raises NotAllowed when `by` edited the text since it was last published (superusers too), unless the right to
    override is held and a reason is given: that is logged, and shown.
    """
    return _decide(
        Decision.Verdict.APPROVE, revision, by=by, at=at, note=note, task=task, override_reason=override_reason
    )


def ask_for_changes(revision, *, by, at, note, task=None):
    """Say what must change first. `note` may not be empty."""
    return _decide(Decision.Verdict.CHANGES, revision, by=by, at=at, note=note, task=task)


def decline(revision, *, by, at, note, task=None):
    """Say that this should not be published. `note` may not be empty."""
    return _decide(Decision.Verdict.DECLINE, revision, by=by, at=at, note=note, task=task)


def may_not_approve(revision, user):
    """The sentence that says why `user` may not approve this text; "" when they may."""
    if user.pk in contributors(revision):
        return _(
            "You edited this text, or something it shows, since it was last published. "
            "Ask a colleague who did not to approve it."
        )
    return ""


def contributors(revision):
    """Ids of the accounts that edited what `revision` shows since its article was last published.

    Counts the article, its rows, and the shared things it shows: conditions, people, references.
    """
    content = revision.content
    last = Publication.objects.filter(article=revision.article_id).order_by("-number").first()
    editors = audit.editors_of(freezing.uids_in(content), since=last.at if last else None)
    return editors | {revision.created_by_id} & editors


def standing_decisions(revision):
    """Each reviewer's latest decision on this text, oldest first."""
    latest = {}
    for decision in Decision.objects.filter(revision=revision, digest=revision.digest).order_by("at", "pk"):
        latest[decision.by_id] = decision
    return list(latest.values())


@transaction.atomic
def _decide(verdict, revision, *, by, at, note, task, override_reason=""):
    _need(by, "articles.review_article", _("Only editors decide on a review. Ask one of them."))
    lock(revision.article)
    if verdict != Decision.Verdict.APPROVE and not note.strip():
        raise Refused(_("Say in a few words what should change."))
    if verdict == Decision.Verdict.APPROVE:
        if digest_now(revision.article) != revision.digest:
            raise Refused(_("The text has changed since you opened it. Open the newest text and read it again."))
        if blockers := preflight.blockers(revision.article):
            raise Refused(*(finding.message for finding in blockers))
        if reason := may_not_approve(revision, by):
            _need_override(by, override_reason, reason)
            audit.record(
                AuditEntry.Act.OVERRODE, revision.article, by=by, at=at, digest=revision.digest, summary=override_reason
            )
        else:
            override_reason = ""
    decision = Decision.objects.create(
        revision=revision, task=task, verdict=verdict, digest=revision.digest,
        row_digests=freezing.row_digests(revision.content), note=note, override_reason=override_reason,
        by=by, by_name=audit.name_of(by), by_role=audit.role_of(by), at=at,
    )  # fmt: skip
    audit.record(_ACTS[verdict], revision.article, by=by, at=at, digest=revision.digest, summary=note)
    return decision


_ACTS = {
    Decision.Verdict.APPROVE: AuditEntry.Act.APPROVED,
    Decision.Verdict.CHANGES: AuditEntry.Act.CHANGES_REQUESTED,
    Decision.Verdict.DECLINE: AuditEntry.Act.DECLINED,
}


def _need(user, permission, sentence):
    if not (user.is_active and user.has_perm(permission)):
        raise NotAllowed(sentence)


def _need_override(user, reason, refusal):
    if not reason.strip():
        raise NotAllowed(refusal)
    _need(user, "articles.override_review", refusal)
