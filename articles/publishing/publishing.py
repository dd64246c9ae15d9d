"""Publishing, correcting, withdrawing, confirming.

No other code writes a Publication, Withdrawal or Confirmation.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit, permissions, preflight
from articles.checklists import recording
from articles.drafts import translations
from articles.live import catalogue, cited_works, source_notices
from articles.models import (
    Article,
    AuditEntry,
    Confirmation,
    Decision,
    Notification,
    Publication,
    ReviewRequest,
    ReviewTask,
    Revision,
    SafetyNotice,
    Schedule,
    Withdrawal,
)
from articles.notifications import inbox
from articles.pictures import storage
from articles.refusals import NotReadyToPublish, Refused
from articles.review import exceptions, reviewing
from articles.review.reviewing import ApprovalState
from articles.revisions import freezing, review_dates
from articles.revisions.comparing import compare
from articles.revisions.frozen_content import FrozenContent
from articles.revisions.storing import (
    lock,
    lock_with_all_it_shows,
    lock_with_shared,
    save_revision,
)
from articles.wording import CHECKED_SINCE
from physiohub import policy

from . import correcting, emergencies


@transaction.atomic
def publish(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    change_note: str = "",
    significance: str = Publication.Significance.CLINICAL,
) -> Publication:
    """Make this approved revision the live text of its article. Returns the Publication.

    `at` is an aware datetime. If the revision is live already, its publication is returned. But if
    it went live in an emergency and colleagues have approved it since, it is published again: the
    new version is one that somebody checked.

    - The draft must still be what the revision froze.
    - The preflight must find no blocker.
    - Somebody who did not edit the text must have approved exactly this digest, after the live text
      was published.
    - From each point of view that was asked for, every row must be approved as it is.

    If only an approval with an override reason makes that true, it is an emergency
    (articles.publishing.emergencies): the page names nobody who did not check it.

    What goes live is the stored revision, so readers get exactly the approved digest. The draft and
    the shared things it shows are locked from the comparison until all is written. So an edit is
    either complete before that, and then nothing is published. Or it happens after that, and then
    it counts as an edit since this publication, and its author may not approve it.

    Raises NotReadyToPublish (what is missing) or NotAllowed (who may not), and changes nothing.
    """
    _require_publisher(by, policy.PUBLISH)
    revision, article = lock_with_all_it_shows(revision)
    live = Publication.objects.live_of(article)
    is_live = live is not None and live.revision_id == revision.pk
    if live and is_live and not live.is_emergency:
        return live
    check_messages = _check_before_publishing(revision, article, by=by)
    approvals, override_reason = _approvals(revision, by=by)
    if live and is_live:
        if override_reason:
            return live
        change_note = change_note or _checked_since(content=revision.content)
    return _put_live(
        revision,
        article,
        approvals,
        check_messages,
        by=by,
        at=at,
        change_note=change_note,
        significance=significance,
        override_reason=override_reason,
    )


@transaction.atomic
def correct(
    article: Article,
    *,
    by: User,
    at: datetime,
    change_note: str,
    seen: str,
) -> Publication:
    """Approve and publish the correction of a small mistake in one act. Returns the Publication.

    Only harmless wording may differ from the live page, else it raises Refused
    (articles.publishing.correcting). `by` approves the change, so it may not be a person who made
    it. `seen` is the digest of the text they read. Readers see that it is a correction. Who checked
    the page, and when, stays as it was: `by` read the change and not all of the text.
    """
    _require_publisher(by, policy.CORRECT)
    if not change_note.strip():
        raise Refused(_("Say in one plain sentence what was put right. Readers see it."))
    article = lock_with_shared(article, freezing.freeze(article))
    live = Publication.objects.live_of(article)
    if live is None:
        raise Refused(
            _("Nothing of this article is live, so there is nothing to correct. Ask for a review.")
        )
    revision = save_revision(article, by=by, at=at)
    if revision.digest != seen:
        raise Refused(
            _("The text has changed since you opened it. Open the newest text and read it again.")
        )
    if not compare(live.revision.content, revision.content):
        raise Refused(_("The text is what readers see already."))
    if sentences := reasons_not_to_correct(live, revision.content):
        raise Refused(*sentences)
    check_messages = _check_before_publishing(revision, article, by=by)
    reviewing.approve_correction(revision, by=by, at=at, note=change_note)
    return _put_live(
        revision,
        article,
        [],
        check_messages,
        by=by,
        at=at,
        change_note=change_note.strip(),
        significance=Publication.Significance.CORRECTION,
        approvals_before=live.approvals,
    )


@transaction.atomic
def confirm(
    article: Article, *, by: User, at: datetime, evidence_searched_on: date | None, note: str = ""
) -> Confirmation:
    """Record that the live page is still right. Returns the Confirmation.

    `evidence_searched_on` is the day of the last search for new studies. The text and its version
    stay the same. Raises Refused while a safety notice is open.
    """
    _require_publisher(by, policy.CONFIRM)
    article = lock(article)
    live = Publication.objects.live_of(article)
    if live is None:
        raise Refused(_("Nothing of this article is live, so there is nothing to confirm."))
    if live.is_emergency:
        raise Refused(
            _(
                "Readers have a text that was published in an emergency. It must be reviewed and"
                " published again before anybody can confirm it."
            )
        )
    if evidence_searched_on is None or evidence_searched_on > at.date():
        raise Refused(_("Give the day you last looked for new studies. It cannot lie ahead."))
    if evidence_searched_on < live.last_searched_on():
        raise Refused(
            _(
                "The evidence was searched after that day already. Give the day of the newest"
                " search."
            )
        )
    if SafetyNotice.objects.filter(article=article, resolved_at=None).exists():
        raise Refused(_("A safety notice is open on this page. Settle it first."))
    confirmation = Confirmation.objects.create(
        publication=live,
        evidence_searched_on=evidence_searched_on,
        note=note.strip(),
        review_due_on=review_dates.review_due(
            live.revision.content, searched_on=evidence_searched_on
        ).on,
        by=by,
        by_name=audit.name_of(by),
        at=at,
    )
    audit.record(
        AuditEntry.Act.CONFIRMED, article, by=by, at=at, digest=live.revision.digest, summary=note
    )
    return confirmation


@transaction.atomic
def withdraw(article: Article, *, by: User, at: datetime, reason: str) -> Withdrawal:
    """Take the article's live page off the site. Returns the Withdrawal.

    Readers who open the page see `reason`. Raises Refused if nothing is live or no reason is given.
    """
    _require_publisher(by, policy.WITHDRAW)
    if not reason.strip():
        raise Refused(_("Say in one plain sentence why the page is taken down. Readers see it."))
    article = lock(article)
    live = Publication.objects.live_of(article)
    if live is None:
        raise Refused(_("Nothing of this article is live, so there is nothing to take down."))
    withdrawal = Withdrawal.objects.create(
        publication=live, reason=reason.strip(), by=by, by_name=audit.name_of(by), at=at
    )
    catalogue.remove(article.pk)
    # A text that waits for its time would put back a page that somebody took down.
    Schedule.objects.filter(article=article, outcome="").update(
        outcome=Schedule.Outcome.CANCELLED, ended_at=at, said=_("The page was taken down.")
    )
    cited_works.refresh_for_article(article)
    audit.record(
        AuditEntry.Act.WITHDRAWN, article, by=by, at=at, digest=live.revision.digest, summary=reason
    )
    text = _("%(name)s took the page “%(title)s” off the site.")
    text %= {"name": inbox.actor_name(by), "title": live.revision.content["title"]}
    inbox.notify([article.owner], Notification.Kind.PUBLISHING, text, at=at, by=by, article=article)
    return withdrawal


def reasons_not_to_publish(revision: Revision, *, by: User | None = None) -> list[str]:
    """Return sentences that say to `by` why this revision cannot be published now.

    Empty if it can be published. Changes nothing.
    """
    try:
        _check_before_publishing(revision, revision.article, by=by)
        _approvals(revision, by=by)
    except NotReadyToPublish as refusal:
        return refusal.sentences
    return []


def reasons_not_to_correct(live: Publication, content: FrozenContent) -> list[str]:
    """Return sentences that say why `content` cannot replace the live text as a small correction.

    Empty if it can.
    """
    if live.is_emergency:
        return [
            _(
                "Readers have a text that was published in an emergency. A small correction is not"
                " enough: ask for a review, so that a colleague reads all of it."
            )
        ]
    return correcting.refusals(live.revision.content, content)


def _checked_since(content):
    """What readers are told has changed when a colleague found a text right as it is."""
    with translation.override(content["language"]):
        return str(CHECKED_SINCE)


def _check_before_publishing(revision, article, *, by=None):
    """Check what every text needs before it goes live, and return its check messages.

    Raises NotReadyToPublish.
    """
    draft = preflight.DraftToCheck.of(article)
    if draft.digest != revision.digest:
        raise NotReadyToPublish(
            _(
                "The text has changed since it was approved. "
                "Ask for a new review, so that somebody reads it as it is now."
            )
        )
    check_messages = preflight.check_draft(draft)
    if blockers := [message for message in check_messages if message.is_blocker]:
        raise NotReadyToPublish(*preflight.sentences_for(by, blockers))
    content = revision.content
    if (
        other := Publication.objects.live()
        .filter(slug=content["slug"])
        .exclude(article=article)
        .first()
    ):
        raise NotReadyToPublish(
            _(
                "The address “%(slug)s” belongs to the live page “%(title)s”. Choose another and"
                " ask for a review."
            )
            % {"slug": content["slug"], "title": other.revision.content["title"]}
        )
    if lost := what_is_lost(content):
        raise NotReadyToPublish(*lost)
    return check_messages


def what_is_lost(content: FrozenContent) -> list[str]:
    """Return a sentence for each picture of `content` whose file is gone. A look for each file."""
    return [
        _("The file of the picture “%s” is gone. Add the picture again.")
        % storage.picture_name(row)
        for row in storage.rows_with_missing_files(content)
    ]


def _put_live(
    revision,
    article,
    approvals,
    check_messages,
    *,
    by,
    at,
    change_note,
    significance,
    override_reason="",
    approvals_before=(),
):
    """Write the Publication of a text that passed all checks, and all that follows from it.

    `approvals_before` are those of an earlier publication that go on, as it has them.
    """
    recording.record_result(revision, at=at)
    content = revision.content
    last = Publication.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0
    searched = content["evidence_searched_on"]
    searched_on = date.fromisoformat(searched) if searched else at.date()
    publication = Publication.objects.create(
        article=article,
        revision=revision,
        number=last + 1,
        slug=content["slug"],
        language=content["language"],
        change_note=change_note,
        significance=significance,
        approvals=[*approvals_before, *map(approval_for_readers, approvals)],
        override_reason=override_reason,
        exceptions=exceptions.signed_among(check_messages),
        review_due_on=review_dates.review_due(content, searched_on=searched_on).on,
        by=by,
        by_name=audit.name_of(by),
        at=at,
    )
    storage.publish_pictures(publication)
    catalogue.add(publication)
    translations.record_translation(publication)
    tasks = reviewing.tasks_of(article)
    ReviewRequest.objects.filter(article=article, closed_at=None).update(closed_at=at)
    _end_schedules(article, revision, at)
    is_correction = significance == Publication.Significance.CORRECTION
    act = AuditEntry.Act.CORRECTED if is_correction else AuditEntry.Act.PUBLISHED
    in_emergency = _("In an emergency, before a colleague checked it: %s") % override_reason
    summary = [change_note, in_emergency] if override_reason else [change_note]
    audit.record(
        act, article, by=by, at=at, digest=revision.digest, summary=" ".join(filter(None, summary))
    )
    source_notices.update_after_publication(publication, by=by, at=at)
    if override_reason:
        emergencies.follow_up(publication, tasks=tasks, by=by, at=at)
    else:
        _notify_owner(publication, by=by, at=at)
    return publication


def _end_schedules(article, revision, at):
    waiting = Schedule.objects.filter(article=article, outcome="")
    waiting.filter(revision=revision).update(outcome=Schedule.Outcome.PUBLISHED, ended_at=at)
    waiting.update(
        outcome=Schedule.Outcome.CANCELLED,
        ended_at=at,
        said=_("A newer text was published before the time came."),
    )


def _notify_owner(publication, *, by, at):
    text = (
        _("%(name)s corrected the page “%(title)s”.")
        if publication.significance == Publication.Significance.CORRECTION
        else _("%(name)s published “%(title)s”.")
    )
    text %= {"name": inbox.actor_name(by), "title": publication.revision.content["title"]}
    inbox.notify(
        [publication.article.owner],
        Notification.Kind.PUBLISHING,
        text,
        at=at,
        by=by,
        article=publication.article,
        key=notification_key(publication),
    )


def notification_key(publication: Publication) -> str:
    """Return the key of notifications about this publication, so that nobody gets two."""
    return f"published:{publication.pk}"


def missing_approvals(state: ApprovalState, *, by: User | None = None) -> list[str]:
    """Return sentences that say to `by` which approvals a text lacks; empty if it has all."""
    may_approve = by is not None and policy.may_decide(by, state.contributor_ids)
    against = [
        decision for decision in state.decisions if decision.verdict != Decision.Verdict.APPROVE
    ]
    if against:
        return [_changes_were_asked_for(against, by)]
    # What patients said is no approval.
    of_staff = [decision for decision in state.decisions if not reviewing.is_of_patients(decision)]
    if not of_staff:
        return [str(_NOBODY[may_approve])]
    if not any(
        reviewing.counts_as_approval(decision, state.contributor_ids) for decision in of_staff
    ):
        return [str(_ONLY_EDITORS[may_approve])]
    unfinished = (
        kind for kind, rows in state.open_rows.items() if kind not in state.approvals or rows
    )
    kind = next(unfinished, None)
    return [_UNFINISHED[may_approve] % {"kind": ReviewTask.Kind(kind).label}] if kind else []


#: {may this person approve?: what to do next}
_NOBODY = {
    True: gettext_lazy(
        "Nobody has approved this text yet. You did not edit it: read it, and approve it first."
    ),
    False: gettext_lazy(
        "Nobody has approved this text yet. "
        "Ask a colleague who did not edit it to review and approve it."
    ),
}
_ONLY_EDITORS = {
    True: gettext_lazy(
        "Only people who edited this text have approved it. "
        "You did not: read it, and approve it first."
    ),
    False: gettext_lazy(
        "Only people who edited this text have approved it. "
        "Ask a colleague who did not edit it to approve it."
    ),
}
_UNFINISHED = {
    True: gettext_lazy(
        "The %(kind)s review is not finished. "
        "Approve the text as it is now from that point of view."
    ),
    False: gettext_lazy(
        "The %(kind)s review is not finished. Ask who does it to approve the text as it is now."
    ),
}


def _changes_were_asked_for(decisions, by):
    others = [decision.by_name for decision in decisions if not by or decision.by_id != by.pk]
    if not others:
        return _(
            "You asked for changes to this text. "
            "It waits for them, or for you to approve it after all."
        )
    sentence = _("%(names)s asked for changes to this text. Make them and ask for a new review.")
    return sentence % {"names": ", ".join(others)}


def _approvals(revision, *, by=None):
    """Return (approvals on which this text goes live, reason for an emergency), or raise.

    The reason is "" if colleagues approved all of it. Raises NotReadyToPublish.
    """
    state = reviewing.approval_state(revision)
    if missing := missing_approvals(state, by=by):
        raise NotReadyToPublish(*missing)
    checks = emergencies.checks_of(state)
    if emergencies.is_emergency(state):
        return checks, emergencies.reason_of(state)
    for kind in state.open_rows:
        # Rows that this text kept from an earlier one may have been approved there. The person who
        # approved them signs for this text too.
        newest = state.checks[kind][-1]
        checks += [newest] if newest not in checks else []
    return checks, ""


def _require_publisher(user, act):
    permissions.require(
        user,
        act,
        otherwise=_("Only editors publish a page or take one down. Ask one of them."),
    )


def approval_for_readers(decision: Decision) -> dict[str, Any]:
    """Return what a publication keeps of an approval, and readers see of it."""
    approval = {
        "name": decision.by_name,
        "role": decision.by_role,
        "at": decision.at.isoformat(),
        "kind": reviewing.viewpoint_of(decision),
        "by": decision.by_id,
    }
    if decision.interests:
        approval["interests"] = decision.interests
    if reviewing.is_of_patients(decision):
        approval |= {"reached": decision.reached, "invited": decision.invitation_id is not None}
    return approval


def verify(publication: Publication) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with a stored publication.

    It yields nothing if the publication is as it was approved.
    """
    revision = publication.revision
    if freezing.digest_of(revision.frozen) != revision.digest:
        yield (
            f"{publication.slug}: the text of revision {revision.number} is not the text its digest"
            " was made of."
        )
    approved = [
        decision
        for decision in revision.decisions.select_related("task")
        if decision.verdict == Decision.Verdict.APPROVE
        and decision.digest == revision.digest
        and not reviewing.is_of_patients(decision)
    ]
    if not approved:
        yield f"{publication.slug}: nobody approved the text of publication {publication.number}."
    if revision.article_id != publication.article_id:
        yield (
            f"{publication.slug}: publication {publication.number} shows the text of another"
            " article."
        )
    for row in storage.rows_with_altered_files(revision.content):
        yield (
            f"{publication.slug}: the picture “{storage.picture_name(row)}” is lost or is not what"
            " was approved."
        )
