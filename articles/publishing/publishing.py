"""Publishing, correcting, withdrawing, confirming.

No other code writes a Publication, Withdrawal or Confirmation.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit, permissions, preflight
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
from articles.revisions.storing import (
    keep_revision,
    lock,
    lock_with_all_it_shows,
    lock_with_shared,
)

from . import correcting


@transaction.atomic
def publish(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    change_note: str = "",
    significance: str = Publication.Significance.CLINICAL,
) -> Publication:
    """Make this approved revision the live text of its article from the moment `at` (aware
    datetime).

    The working rows must still be what the revision froze, the preflight must find nothing that
    blocks, and somebody who did not edit the text must have approved exactly this digest, after
    whatever is live was published. Every point of view that was asked for must have approved every
    row as it stands.

    What goes live is the revision as the database holds it, so it is exactly the approved digest
    whatever happens to the working rows meanwhile. They are locked all the same, shared things
    included, from before they are compared until all is written: an edit comes wholly before (then
    nothing is published) or wholly after (then it is counted as an edit since this publication, and
    whoever made it may not approve it).

    Raises NotReadyToPublish (what is missing) or NotAllowed (who may not), changing nothing.
    Returns the Publication; publishing what is already live returns that.
    """
    _need_publisher(by)
    revision, article = lock_with_all_it_shows(revision)
    live = Publication.objects.live_of(article)
    if live and live.revision_id == revision.pk:
        return live
    findings = _gate(revision, article, by=by)
    approvals = _approvals(revision, by=by)
    return _put_live(
        revision,
        article,
        approvals,
        findings,
        by=by,
        at=at,
        change_note=change_note,
        significance=significance,
    )


@transaction.atomic
def correct(
    article: Article,
    *,
    by: User,
    at: datetime,
    change_note: str,
    seen: str,
    override_reason: str = "",
) -> Publication:
    """The light path for a small mistake: read, approved and published in one act, under a label of
    its own.

    For harmless wording of the text (articles.publishing.correcting): Refused once anything else
    differs from the live page. The editor who presses the button approves the change, so nobody who
    made it may; `seen` is the digest of what they read. Returns the Publication.
    """
    _need_publisher(by)
    if not change_note.strip():
        raise Refused(_("Say in one plain sentence what was put right. Readers see it."))
    article = lock_with_shared(article, freezing.freeze(article))
    live = Publication.objects.live_of(article)
    if live is None:
        raise Refused(
            _("Nothing of this article is live, so there is nothing to correct. Ask for a review.")
        )
    revision = keep_revision(article, by=by, at=at)
    if revision.digest != seen:
        raise Refused(
            _("The text has changed since you opened it. Open the newest text and read it again.")
        )
    if not compare(live.revision.content, revision.content):
        raise Refused(_("The text is what readers see already."))
    if sentences := correcting.refusals(live.revision.content, revision.content):
        raise Refused(*sentences)
    findings = _gate(revision, article, by=by)
    decision = reviewing.approve(
        revision, by=by, at=at, note=change_note, override_reason=override_reason, notifies=False
    )
    return _put_live(
        revision,
        article,
        [decision],
        findings,
        by=by,
        at=at,
        change_note=change_note.strip(),
        significance=Publication.Significance.CORRECTION,
    )


@transaction.atomic
def confirm(
    article: Article, *, by: User, at: datetime, evidence_searched_on: date | None, note: str = ""
) -> Confirmation:
    """Say that the live page is still right, its evidence searched again on the day
    `evidence_searched_on`.

    No edit, no new version: a date of its own. Raises Refused while a safety notice is open.
    Returns the Confirmation.
    """
    _need_publisher(by)
    article = lock(article)
    live = Publication.objects.live_of(article)
    if live is None:
        raise Refused(_("Nothing of this article is live, so there is nothing to confirm."))
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
    """Take the article's live page off the site. Readers who come back are told `reason`.

    Raises Refused when nothing is live or no reason is given. Returns the Withdrawal.
    """
    _need_publisher(by)
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
    # What was to follow waits for nobody now: it would put back a page that somebody took down.
    Schedule.objects.filter(article=article, outcome="").update(
        outcome=Schedule.Outcome.CANCELLED, ended_at=at, said=_("The page was taken down.")
    )
    cited_works.follow(article)
    audit.record(
        AuditEntry.Act.WITHDRAWN, article, by=by, at=at, digest=live.revision.digest, summary=reason
    )
    text = _("%(name)s took the page “%(title)s” off the site.")
    text %= {"name": inbox.actor_name(by), "title": live.revision.content["title"]}
    inbox.notify([article.owner], Notification.Kind.PUBLISHING, text, at=at, by=by, article=article)
    return withdrawal


def reasons_not_to_publish(revision: Revision, *, by: User | None = None) -> list[str]:
    """Sentences that say to `by` why this revision cannot be published now; empty when it can.

    Changes nothing.
    """
    try:
        _gate(revision, revision.article, by=by)
        _approvals(revision, by=by)
    except NotReadyToPublish as refusal:
        return refusal.sentences
    return []


def _gate(revision, article, *, by=None):
    """What must hold for any text before it goes live.

    Returns the findings of the preflight, or raises.
    """
    draft = preflight.DraftToCheck.of(article)
    if draft.digest != revision.digest:
        raise NotReadyToPublish(
            _(
                "The text has changed since it was approved. "
                "Ask for a new review, so that somebody reads it as it is now."
            )
        )
    findings = preflight.check_draft(draft)
    if blocking := [finding for finding in findings if finding.is_blocker]:
        raise NotReadyToPublish(*preflight.phrased_for(by, blocking))
    content = revision.content
    if (
        taken := Publication.objects.live()
        .filter(slug=content["slug"])
        .exclude(article=article)
        .first()
    ):
        raise NotReadyToPublish(
            _(
                "The address “%(slug)s” belongs to the live page “%(title)s”. Choose another and"
                " ask for a review."
            )
            % {"slug": content["slug"], "title": taken.revision.content["title"]}
        )
    if lost := storage.lost(content):
        raise NotReadyToPublish(
            *(
                _("The file of the picture “%s” is gone. Add the picture again.")
                % storage.picture_name(row)
                for row in lost
            )
        )
    return findings


def _put_live(revision, article, approvals, findings, *, by, at, change_note, significance):
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
        approvals=[_as_readers_see(decision) for decision in approvals],
        override_reason=" ".join(
            decision.override_reason for decision in approvals if decision.override_reason
        ),
        exceptions=exceptions.signed_among(findings),
        review_due_on=review_dates.review_due(content, searched_on=searched_on).on,
        by=by,
        by_name=audit.name_of(by),
        at=at,
    )
    storage.publish_pictures(publication)
    catalogue.add(publication)
    translations.record_translation(publication)
    ReviewRequest.objects.filter(article=article, closed_at=None).update(closed_at=at)
    waiting = Schedule.objects.filter(article=article, outcome="")
    waiting.filter(revision=revision).update(outcome=Schedule.Outcome.PUBLISHED, ended_at=at)
    waiting.update(
        outcome=Schedule.Outcome.CANCELLED,
        ended_at=at,
        said=_("A newer text was published before the time came."),
    )
    act = (
        AuditEntry.Act.CORRECTED
        if significance == Publication.Significance.CORRECTION
        else AuditEntry.Act.PUBLISHED
    )
    audit.record(act, article, by=by, at=at, digest=revision.digest, summary=change_note)
    source_notices.note_sources(publication, by=by, at=at)
    is_small = significance == Publication.Significance.CORRECTION
    text = (
        _("%(name)s corrected the page “%(title)s”.")
        if is_small
        else _("%(name)s published “%(title)s”.")
    )
    text %= {"name": inbox.actor_name(by), "title": content["title"]}
    inbox.notify(
        [article.owner],
        Notification.Kind.PUBLISHING,
        text,
        at=at,
        by=by,
        article=article,
        key=notification_key(publication),
    )
    return publication


def notification_key(publication: Publication) -> str:
    """The key under which people are told that something was published, however they come to be."""
    return f"published:{publication.pk}"


def missing_approvals(state: ApprovalState, *, by: User | None = None) -> list[str]:
    """Sentences that say to `by` which approvals a text in this ApprovalState lacks; often none."""
    may_approve = (
        by is not None
        and permissions.may(by, "articles.review_article")
        and by.pk not in state.editors
    )
    against = [made for made in state.decisions if made.verdict != Decision.Verdict.APPROVE]
    if against:
        return [_said_against(against, by)]
    if not state.decisions:
        return [str(_NOBODY[may_approve])]
    if not any(reviewing.is_independent_approval(made, state.editors) for made in state.decisions):
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


def _said_against(decisions, by):
    others = [made.by_name for made in decisions if not by or made.by_id != by.pk]
    if not others:
        return _(
            "You asked for changes to this text. "
            "It waits for them, or for you to approve it after all."
        )
    said = _("%(names)s asked for changes to this text. Make them and ask for a new review.")
    return said % {"names": ", ".join(others)}


def _approvals(revision, *, by=None):
    """The decisions that let this text out; raises NotReadyToPublish when they do not."""
    state = reviewing.approval_state(revision)
    if missing := missing_approvals(state, by=by):
        raise NotReadyToPublish(*missing)
    independent = [
        decision
        for decision in state.decisions
        if reviewing.is_independent_approval(decision, state.editors)
    ]
    for kind in state.open_rows:
        # Who approved the rows this text kept from an earlier one signs for it too.
        newest = state.approvals[kind][-1]
        independent += [newest] if newest not in independent else []
    return independent


def _need_publisher(user):
    permissions.require(
        user,
        "articles.publish_article",
        otherwise=_("Only editors publish a page or take one down. Ask one of them."),
    )


def _as_readers_see(decision):
    said = {
        "name": decision.by_name,
        "role": decision.by_role,
        "at": decision.at.isoformat(),
        "kind": reviewing.viewpoint_of(decision),
    }
    return {**said, "interests": decision.interests} if decision.interests else said


def verify(publication: Publication) -> Iterator[str]:
    """Sentences about everything that is wrong with a stored publication.

    None means it is as it was approved.
    """
    revision = publication.revision
    if freezing.digest_of(revision.frozen) != revision.digest:
        yield (
            f"{publication.slug}: the text of revision {revision.number} is not the text its digest"
            " was made of."
        )
    approved = [
        decision
        for decision in revision.decisions.all()
        if decision.verdict == Decision.Verdict.APPROVE and decision.digest == revision.digest
    ]
    if not approved:
        yield f"{publication.slug}: nobody approved the text of publication {publication.number}."
    if revision.article_id != publication.article_id:
        yield (
            f"{publication.slug}: publication {publication.number} shows the text of another"
            " article."
        )
    for row in storage.changed(revision.content):
        yield (
            f"{publication.slug}: the picture “{storage.picture_name(row)}” is lost or is not what"
            " was approved."
        )
