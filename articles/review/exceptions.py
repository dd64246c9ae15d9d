"""Signing for an exception: a person answers, with a reason, for what a rule of the preflight
found.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit, permissions, preflight
from articles.models import Article, AuditEntry, SignedException
from articles.preflight import CheckMessage
from articles.refusals import Refused
from articles.revisions.storing import lock


@transaction.atomic
def sign(
    article: Article, *, code: str, place: str, by: User, at: datetime, reason: str
) -> SignedException:
    """Let the finding `code` at `place` pass for the words as they stand; any edit of them undoes
    it.

    Reviewers see who signed and why, and it is frozen with what they decide. Raises Refused for
    findings that nobody may sign for. Returns the SignedException.
    """
    permissions.require(
        by,
        "articles.change_article",
        otherwise=_("You may not sign for this article. Ask its owner."),
    )
    if not reason.strip():
        raise Refused(_("Say in one sentence why this may stand. Reviewers read it."))
    article = lock(article)
    draft = preflight.DraftToCheck.of(article)
    found = [
        f
        for f in preflight.check_draft(draft)
        if (f.code, f.place) == (code, place) and f.is_blocker
    ]
    if not found:
        raise Refused(_("There is nothing to sign for there any more. Open the page again."))
    if not found[0].may_be_signed:
        raise Refused(_("Nobody can sign for this: %s") % found[0].message)
    signed = SignedException.objects.create(
        article=article,
        code=code,
        place=place,
        digest=draft.digest_at(place),
        message=found[0].message,
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
        summary=f"{found[0].message} — {reason.strip()}",
    )
    return signed


def signed_among(findings: list[CheckMessage]) -> list[dict[str, str]]:
    """The exceptions among `findings`, as they are frozen with a decision."""
    return [
        {"message": f.message, "reason": f.reason, "by_name": f.signed_by}
        for f in findings
        if f.signed_by
    ]
