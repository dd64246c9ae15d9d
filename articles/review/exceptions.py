"""Signing for an exception: a person answers, with a reason, for a message of the preflight."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit, permissions, preflight
from articles.models import Article, AuditEntry, SignedException
from articles.preflight import CheckMessage
from articles.refusals import Refused
from articles.revisions.storing import lock
from physiohub import policy


@transaction.atomic
def sign(
    article: Article, *, code: str, place: str, by: User, at: datetime, reason: str
) -> SignedException:
    """Let the check message `code` at `place` pass for the present words.

    Returns the SignedException. Any edit of the words undoes it. Reviewers see who signed and why,
    and it is frozen with their decision. Raises Refused for messages that nobody may sign for.
    """
    permissions.require(
        by,
        policy.SIGN_EXCEPTION,
        otherwise=_("You may not sign for this article. Ask its owner."),
    )
    if not reason.strip():
        raise Refused(_("Say in one sentence why this may stand. Reviewers read it."))
    article = lock(article)
    draft = preflight.DraftToCheck.of(article)
    messages = [
        message
        for message in preflight.check_draft(draft)
        if (message.code, message.place) == (code, place) and message.is_blocker
    ]
    if not messages:
        raise Refused(_("There is nothing to sign for there any more. Open the page again."))
    message = messages[0]
    if not message.may_be_signed:
        raise Refused(_("Nobody can sign for this: %s") % message.message)
    if message.only_editors_sign:
        permissions.require(
            by,
            policy.REVIEW,
            otherwise=_("Only an editor may sign for this. Ask one, or change the sentence."),
        )
    signed = SignedException.objects.create(
        article=article,
        code=code,
        place=place,
        digest=draft.digest_at(place),
        message=message.message,
        reason=reason.strip(),
        by=by,
        by_name=audit.name_of(by),
        at=at,
    )
    audit.record(
        AuditEntry.Act.SIGNED,
        article,
        by=by,
        at=at,
        summary=f"{message.message} — {reason.strip()}",
    )
    return signed


def signed_among(messages: list[CheckMessage]) -> list[dict[str, str]]:
    """Return the signed exceptions among `messages`, as they are frozen with a decision."""
    return [
        {"message": message.message, "reason": message.reason, "by_name": message.signed_by}
        for message in messages
        if message.signed_by
    ]
