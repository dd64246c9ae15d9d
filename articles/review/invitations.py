"""Readers without an account.

A link to one exact revision that expires, can be taken back, and whose use is logged.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from articles import audit, permissions
from articles.models import AuditEntry, Invitation, Notification, Revision
from articles.notifications import inbox
from articles.refusals import Refused

LASTS = timedelta(days=14)
MOST_QUESTIONS, MOST_LETTERS = 10, 4000
#: Invitations of one revision take no more remarks than this: a link that got out must not fill the
#: desk.
MOST_REMARKS = 200


@transaction.atomic
def invite(
    revision: Revision, *, by: User, at: datetime, name: str, questions: Iterable[str] = ()
) -> tuple[Invitation, str]:
    """Invite `name` to read `revision`.

    Returns (Invitation, secret): the secret is shown once and kept nowhere.
    """
    permissions.require(
        by, "articles.review_article", otherwise=_("Only editors invite readers. Ask one of them.")
    )
    if not name.strip():
        raise Refused(_("Say who you invite. Their remarks carry the name."))
    asked = [question.strip()[:300] for question in questions if question.strip()][:MOST_QUESTIONS]
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        revision=revision,
        name=name.strip()[:150],
        secret_digest=_digest(secret),
        questions=asked,
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
    """Close the link for good."""
    permissions.require(
        by,
        "articles.review_article",
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
    """The invitation `secret` opens at the moment `at`; raises Http404, the same for expired,
    revoked and made up.

    Looked up by digest: how long that takes tells nothing of how much of a guess was right.
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
    article, digest = invitation.revision.article, invitation.revision.digest
    audit.record(
        AuditEntry.Act.OPENED, article, by=None, at=at, digest=digest, name=invitation.name
    )


@transaction.atomic
def keep_answers(invitation: Invitation, *, at: datetime, answers: Mapping[str, str]) -> Invitation:
    """Keep what the reader answered, question by question. Once: what was answered stays."""
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
    """Whether this invitation may still say something."""
    return invitation.comments.count() < MOST_REMARKS


def _digest(secret):
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
