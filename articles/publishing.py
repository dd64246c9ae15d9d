"""Publishing and withdrawing. No other code writes a Publication or a Withdrawal."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from . import audit, freezing, impact, pictures, preflight, reviewing, works
from .models import AuditEntry, Decision, Publication, ReviewRequest, Withdrawal
from .refusals import NotAllowed, NotReadyToPublish, Refused
from .revising import digest_now, lock


@transaction.atomic
def publish(revision, *, by, at, change_note="", significance=Publication.Significance.CLINICAL):
    """Make this approved revision the live text of its article from the moment `at` (aware datetime).

    The working rows must still be what the revision froze, the preflight must find nothing that blocks, and somebody
    who did not edit the text must have approved exactly this digest. Raises NotReadyToPublish (what is missing) or
    NotAllowed (who may not), changing nothing. Returns the Publication; publishing what is already live returns that.
    """
    if not (by.is_active and by.has_perm("articles.publish_article")):
        raise NotAllowed(_("Only editors publish. Ask one of them."))
    article = lock(revision.article)
    live = live_publication(article)
    if live and live.revision_id == revision.pk:
        return live
    if digest_now(article) != revision.digest:
        raise NotReadyToPublish(
            _(
                "The text has changed since it was approved. "
                "Ask for a new review, so that somebody reads it as it is now."
            )
        )
    if blockers := preflight.blockers(article):
        raise NotReadyToPublish(*(finding.message for finding in blockers))
    approvals = _approvals(revision)
    content = revision.content
    if taken := Publication.objects.live().filter(slug=content["slug"]).exclude(article=article).first():
        raise NotReadyToPublish(
            _("The address “%(slug)s” belongs to the live page “%(title)s”. Choose another and ask for a review.")
            % {"slug": content["slug"], "title": taken.revision.content["title"]}
        )
    if lost := pictures.lost(content):
        raise NotReadyToPublish(
            *(_("The file of the picture “%s” is gone. Add the picture again.") % pictures.name_of(row) for row in lost)
        )
    last = Publication.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0
    publication = Publication.objects.create(
        article=article, revision=revision, number=last + 1, slug=content["slug"], language=content["language"],
        change_note=change_note, significance=significance,
        approvals=[_as_readers_see(decision) for decision in approvals],
        override_reason=" ".join(decision.override_reason for decision in approvals if decision.override_reason),
        by=by, by_name=audit.name_of(by), at=at,
    )  # fmt: skip
    pictures.list_published(publication)
    ReviewRequest.objects.filter(article=article, closed_at=None).update(closed_at=at)
    audit.record(AuditEntry.Act.PUBLISHED, article, by=by, at=at, digest=revision.digest, summary=change_note)
    impact.note_sources(publication, by=by, at=at)
    return publication


@transaction.atomic
def withdraw(article, *, by, at, reason):
    """Take the article's live page off the site. Readers who come back are told `reason`.

    Raises Refused when nothing is live or no reason is given. Returns the Withdrawal.
    """
    if not (by.is_active and by.has_perm("articles.publish_article")):
        raise NotAllowed(_("Only editors withdraw a page. Ask one of them."))
    if not reason.strip():
        raise Refused(_("Say in one plain sentence why the page is withdrawn. Readers see it."))
    article = lock(article)
    live = live_publication(article)
    if live is None:
        raise Refused(_("Nothing of this article is live, so there is nothing to withdraw."))
    withdrawal = Withdrawal.objects.create(
        publication=live, reason=reason.strip(), by=by, by_name=audit.name_of(by), at=at
    )
    works.follow(article)
    audit.record(AuditEntry.Act.WITHDRAWN, article, by=by, at=at, digest=live.revision.digest, summary=reason)
    return withdrawal


def live_publication(article):
    """What readers see of the article now, or None."""
    return Publication.objects.live().filter(article=article).select_related("revision").first()


def _approvals(revision):
    """The decisions that let this text out; raises NotReadyToPublish when they do not."""
    standing = reviewing.standing_decisions(revision)
    if against := [decision for decision in standing if decision.verdict != Decision.Verdict.APPROVE]:
        names = ", ".join(decision.by_name for decision in against)
        raise NotReadyToPublish(
            _("%(names)s asked for changes to this text. Make them and ask for a new review.") % {"names": names}
        )
    if not standing:
        raise NotReadyToPublish(
            _("Nobody has approved this text yet. Ask a colleague who did not edit it to review and approve it.")
        )
    contributors = reviewing.contributors(revision)
    independent = [decision for decision in standing if decision.by_id not in contributors or decision.override_reason]
    if not independent:
        raise NotReadyToPublish(
            _("Only people who edited this text have approved it. Ask a colleague who did not edit it to approve it.")
        )
    return independent


def _as_readers_see(decision):
    kind = decision.task.kind if decision.task else "clinical"
    return {"name": decision.by_name, "role": decision.by_role, "at": decision.at.isoformat(), "kind": kind}


def verify(publication):
    """Sentences about everything that is wrong with a stored publication; none means it is as it was approved."""
    revision = publication.revision
    if freezing.digest_of(revision.frozen) != revision.digest:
        yield f"{publication.slug}: the text of revision {revision.number} is not the text its digest was made of."
    approved = [
        decision
        for decision in revision.decisions.all()
        if decision.verdict == Decision.Verdict.APPROVE and decision.digest == revision.digest
    ]
    if not approved:
        yield f"{publication.slug}: nobody approved the text of publication {publication.number}."
    if revision.article_id != publication.article_id:
        yield f"{publication.slug}: publication {publication.number} shows the text of another article."
    for row in pictures.changed(revision.content):
        yield f"{publication.slug}: the picture “{pictures.name_of(row)}” is lost or is not what was approved."
