"""Invitations of readers without an account.

The reader gets a link to one exact revision. The link expires and can be revoked, and its use is
logged.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from articles import audit, permissions
from articles.models import AuditEntry, Invitation, Notification, Revision
from articles.notifications import inbox
from articles.refusals import Refused
from physiohub import policy

LASTS = timedelta(days=14)
MOST_QUESTIONS, MOST_LETTERS = 10, 4000
#: An invitation takes no more comments than this: a link that got out must not fill the dashboard.
MAX_COMMENTS = 200


@transaction.atomic
def invite(
    revision: Revision, *, by: User, at: datetime, name: str, questions: Iterable[str] = ()
) -> tuple[Invitation, str]:
    """Invite `name` to read `revision`. Returns (Invitation, secret).

    The secret is shown once and stored nowhere.
    """
    permissions.require(
        by, policy.REVIEW, otherwise=_("Only editors invite readers. Ask one of them.")
    )
    if not name.strip():
        raise Refused(_("Say who you invite. Their comments carry the name."))
    cleaned = [question.strip()[:300] for question in questions if question.strip()][
        :MOST_QUESTIONS
    ]
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        revision=revision,
        name=name.strip()[:150],
        secret_digest=_digest(secret),
        questions=cleaned,
        invited_by=by,
        invited_at=at,
        expires_at=at + LASTS,
    )
    audit.record(
        AuditEntry.Act.INVITED,
        revision.article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=invitation.name,
    )
    return invitation, secret


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Close the link for ever."""
    permissions.require(
        by,
        policy.REVIEW,
        otherwise=_("Only editors take back invitations. Ask one of them."),
    )
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.revoked_at is None:
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        audit.record(
            AuditEntry.Act.REVOKED,
            invitation.revision.article,
            by=by,
            at=at,
            summary=invitation.name,
        )
    return invitation


def found_by(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation that `secret` opens at the moment `at`.

    Raises Http404. Expired, revoked and invented secrets look the same. It looks for the digest,
    so the time it takes does not show how much of a guess was right.
    """
    invitation = (
        Invitation.objects.filter(secret_digest=_digest(secret), revoked_at=None, expires_at__gt=at)
        .select_related("revision__article")
        .first()
    )
    if invitation is None:
        raise Http404
    return invitation


def log_opening(invitation: Invitation, *, at: datetime) -> None:
    """Enter the first opening of a day: a page that is read over and over is opened once."""
    article, digest = invitation.revision.article, invitation.revision.digest
    audit.record_first_of_a_day(
        AuditEntry.Act.OPENED, article, by=None, at=at, digest=digest, name=invitation.name
    )


@transaction.atomic
def keep_answers(invitation: Invitation, *, at: datetime, answers: Sequence[str]) -> Invitation:
    """Store the answers of the reader, in the order of the questions. They answer only once."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("revision__article")
        .get(pk=invitation.pk)
    )
    if invitation.answered_at:
        raise Refused(_("You have answered these questions already. Thank you."))
    if not any(text.strip() for text in answers):
        raise Refused(_("Write an answer first. “I do not know” is a good answer too."))
    invitation.answers = [
        {"question": question, "answer": text.strip()[:MOST_LETTERS]}
        for question, text in zip(invitation.questions, answers, strict=False)
    ]
    invitation.answered_at = at
    invitation.save(update_fields=["answers", "answered_at"])
    article, digest = invitation.revision.article, invitation.revision.digest
    audit.record(
        AuditEntry.Act.ANSWERED, article, by=None, at=at, digest=digest, name=invitation.name
    )
    text = _("%(name)s answered the questions about “%(title)s”.") % {
        "name": invitation.name,
        "title": article,
    }
    inbox.notify(
        [invitation.invited_by, article.owner],
        Notification.Kind.REMARK,
        text,
        at=at,
        article=article,
    )
    return invitation


def takes_comments(invitation: Invitation) -> bool:
    """Whether the reader may still add a comment."""
    return invitation.comments.count() < MAX_COMMENTS


def _digest(secret):
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
