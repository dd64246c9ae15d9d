"""The acts of the review page: what its buttons do.

Each takes (request, article, at), does one act and returns (message, place). The message is for the
person, and the place is where on the page they go on. `assign` belongs to the queue and `restore`
to the comparison; they return only the message. Any act may raise Refused. Nothing here decides;
the functions that are called do.
"""

import re

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from articles.drafts import restoring
from articles.models import Citation, Comment, Invitation, Publication, ReviewTask, Revision
from articles.publishing import publishing, scheduling
from articles.refusals import Refused
from articles.review import comments, exceptions, invitations, reviewing
from physiohub import policy

_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def submit(request, article, at):
    kinds = [kind for kind in request.POST.getlist("kind") if kind in ReviewTask.Kind.values]
    reviewing.submit(
        article, by=request.user, at=at, note=request.POST.get("note", ""), kinds=kinds
    )
    return (
        _("Review asked for. An editor who did not edit the text can approve it now."),
        "asked",
    )


def check_evidence(request, article, at):
    read = request.POST.get("read", "")
    reviewing.check_evidence(_citation(request, article), by=request.user, at=at, read=read)
    return _("Noted: you read the source and it says this."), _place_of_next_citation(request)


def dispute_evidence(request, article, at):
    citation = _citation(request, article)
    reviewing.dispute_evidence(citation, by=request.user, at=at, note=request.POST.get("note", ""))
    return _(
        "Noted as a comment that must be settled before publishing. The author sees it."
    ), _place_of_next_citation(request)


def approve(request, article, at):
    revision, decision = _decision(request, article)
    prefix = f"answer-{request.POST.get('kind') or ReviewTask.Kind.CLINICAL}-"
    answers = {
        name.removeprefix(prefix): value
        for name, value in request.POST.items()
        if name.startswith(prefix)
    }
    made = reviewing.approve(
        revision,
        at=at,
        override_reason=request.POST.get("override_reason", ""),
        answers=answers,
        reached=request.POST.get("reached", ""),
        **decision,
    )
    return _message_after_approval(request, made), ""


def ask_for_changes(request, article, at):
    revision, decision = _decision(request, article)
    reviewing.ask_for_changes(revision, at=at, **decision)
    return _("Noted. The author sees what you asked for."), ""


def decline(request, article, at):
    revision, decision = _decision(request, article)
    reviewing.decline(revision, at=at, **decision)
    return _("Noted. The author sees that this will not be published, and why."), ""


def publish(request, article, at):
    note = request.POST.get("note", "")
    significance = request.POST.get("significance") or Publication.Significance.CLINICAL
    if significance not in (
        Publication.Significance.CLINICAL,
        Publication.Significance.EDITORIAL,
    ):
        raise Refused(_("Say whether what the page says has changed, or only its wording."))
    revision = _revision_seen(request, article)
    publishing.publish(
        revision, by=request.user, at=at, change_note=note, significance=significance
    )
    return _("Published. Readers see it now."), ""


def schedule(request, article, at):
    when = _date_or_none(parse_datetime, request.POST.get("publish_at"))
    if when is not None and timezone.is_naive(when):
        when = timezone.make_aware(when)
    revision = _revision_seen(request, article)
    scheduling.schedule(
        revision,
        by=request.user,
        at=at,
        publish_at=when,
        change_note=request.POST.get("note", ""),
    )
    return _("It is published at the time you set, if the text has not changed by then."), ""


def cancel_schedule(request, article, at):
    scheduling.cancel(article, by=request.user, at=at)
    return _("Taken back. Nothing is published by itself."), ""


def correct(request, article, at):
    publishing.correct(
        article,
        by=request.user,
        at=at,
        change_note=request.POST.get("note", ""),
        seen=request.POST.get("digest", ""),
    )
    return _("Corrected. Readers see it now, with what was put right."), ""


def confirm(request, article, at):
    searched = _date_or_none(parse_date, request.POST.get("searched_on"))
    publishing.confirm(
        article,
        by=request.user,
        at=at,
        evidence_searched_on=searched,
        note=request.POST.get("note", ""),
    )
    return _("Noted: it is still right. Readers see the date."), ""


def withdraw(request, article, at):
    publishing.withdraw(article, by=request.user, at=at, reason=request.POST.get("note", ""))
    return _("Taken down. Readers are told why."), ""


def add_comment(request, article, at):
    parent = _number(request.POST.get("parent"))
    comment = comments.add_comment(
        _revision_seen(request, article),
        by=request.user,
        at=at,
        text=request.POST.get("text", ""),
        row_uid=request.POST.get("row", ""),
        quoted=request.POST.get("quoted", ""),
        is_blocking=request.POST.get("is_blocking") == "yes",
        parent=(
            get_object_or_404(Comment, pk=parent, parent=None, revision__article=article)
            if parent
            else None
        ),
    )
    return _("Noted."), f"remark-{comment.parent_id or comment.pk}"


def resolve_comment(request, article, at):
    comment = get_object_or_404(
        Comment, pk=_number(request.POST.get("comment")), revision__article=article
    )
    comments.resolve(comment, by=request.user, at=at)
    return _("Settled. You find it under the settled ones, and can reopen it there."), "remarks"


def reopen_comment(request, article, at):
    comment = get_object_or_404(
        Comment, pk=_number(request.POST.get("comment")), revision__article=article
    )
    comments.reopen(comment, by=request.user, at=at)
    return _("Open again."), f"remark-{comment.pk}"


def sign_exception(request, article, at):
    exceptions.sign(
        article,
        code=request.POST.get("code", ""),
        place=request.POST.get("place", ""),
        by=request.user,
        at=at,
        reason=request.POST.get("reason", ""),
    )
    return _("Signed. Reviewers see your reason."), "todo"


def invite(request, article, at):
    questions = request.POST.get("questions", "").splitlines()
    revision = _revision_seen(request, article)
    _invitation, secret = invitations.invite(
        revision, by=request.user, at=at, name=request.POST.get("name", ""), questions=questions
    )
    address = request.build_absolute_uri(reverse("articles:invited", args=[secret]))
    return (
        _("Send this link. It is shown only now, and works for %(days)s days: %(address)s")
        % {"days": invitations.LASTS.days, "address": address},
        "readers",
    )


def revoke_invitation(request, article, at):
    invitation = get_object_or_404(
        Invitation, pk=_number(request.POST.get("invitation")), revision__article=article
    )
    invitations.revoke(invitation, by=request.user, at=at)
    return _("Taken back. The link does not work any more."), "readers"


def assign(request, at):
    task = get_object_or_404(ReviewTask, pk=_number(request.POST.get("task")))
    to = get_user_model().objects.filter(pk=_number(request.POST.get("to"))).first()
    due_on = _date_or_none(parse_date, request.POST.get("due_on"))
    reviewing.assign(task, to=to, due_on=due_on, by=request.user, at=at)
    return _("Handed out. They see it on their dashboard.")


def restore(request, article, at):
    revision = get_object_or_404(
        Revision, article=article, pk=_number(request.POST.get("revision"))
    )
    if uid := request.POST.get("row", ""):
        restoring.restore_row(revision, uid, by=request.user, at=at)
        return _("The row is back in the draft. Ask for a review when you are done.")
    restoring.restore(revision, by=request.user, at=at)
    return _("The text is back in the draft. Ask for a review when you are done.")


#: {name that the form sends: the act}
ACTS = {
    "submit": submit,
    "check": check_evidence,
    "dispute": dispute_evidence,
    "approve": approve,
    "changes": ask_for_changes,
    "decline": decline,
    "publish": publish,
    "withdraw": withdraw,
    "remark": add_comment,
    "settle": resolve_comment,
    "reopen": reopen_comment,
    "sign": sign_exception,
    "schedule": schedule,
    "cancel": cancel_schedule,
    "correct": correct,
    "confirm": confirm,
    "invite": invite,
    "revoke": revoke_invitation,
}


# What the form names ---------------------------------------------------------------------------


def _citation(request, article):
    """Return the citation that the form names by its uid or its number."""
    wanted = request.POST.get("citation", "")
    key = {"pk": wanted} if _number(wanted) else {"uid": wanted}
    try:
        return get_object_or_404(Citation, claim__article=article, **key)
    except (ValueError, ValidationError) as error:
        raise PermissionDenied from error


def _decision(request, article):
    """Return the revision, and the arguments that all three decisions take."""
    revision = _revision_seen(request, article)
    kind = request.POST.get("kind", "")
    task = ReviewTask.objects.filter(
        request__revision=revision, request__closed_at=None, kind=kind
    ).first()
    return revision, {"by": request.user, "note": request.POST.get("note", ""), "task": task}


def _revision_seen(request, article):
    """Return the revision that the person read.

    It may be older than the draft. Then the function that does the act refuses it.
    """
    revision = Revision.objects.filter(
        article=article, digest=request.POST.get("digest", "")
    ).first()
    if revision is None:
        raise Refused(_("This text has not been sent for review yet. Ask for a review first."))
    return revision


def _message_after_approval(request, decision):
    """Say whether the text can be published now, or another review is not finished."""
    if decision.override_reason:
        return _(
            "Noted, with your reason. It is no check by a colleague, and the page will say so."
        )
    if publishing.missing_approvals(reviewing.approval_state(decision.revision)):
        return _(
            "Approved as it stands. The other reviews that were asked for are not finished yet."
        )
    if policy.may(request.user, policy.PUBLISH):
        return _("Approved as it stands. It can be published now.")
    return _("Approved as it stands. Somebody who publishes can do so now.")


def _place_of_next_citation(request):
    """Return the place of the next citation to check, which the form names."""
    wanted = request.POST.get("next", "")
    return f"evidence-{wanted}" if _UID.fullmatch(wanted) else "evidence"


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _date_or_none(parse, text):
    """Return what `parse` reads in `text`, or None if that is no date."""
    try:
        return parse(text or "")
    except ValueError:
        return None
