"""Remarks on a sentence: made, answered, settled. They hang on a row's uid and the words quoted."""

import uuid
from collections.abc import Container
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles import audit, permissions
from articles.models import Article, AuditEntry, Comment, Invitation, Notification, Revision
from articles.notifications import inbox
from articles.refusals import NotAllowed, Refused
from articles.revisions.frozen_content import FrozenContent
from articles.richtext import blocks
from articles.richtext.cleaning import plain_text

from . import contributors

#: Letters of a remark that are kept.
MOST = 4000


@transaction.atomic
def add_comment(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    text: str,
    row_uid: str = "",
    quoted: str = "",
    is_blocking: bool = False,
    parent: Comment | None = None,
) -> Comment:
    """Say something about `revision`, about the words `quoted` in the row `row_uid` where these are
    given.

    The words must stand there, word for word, so that whoever reads the remark later finds what it
    was about. A `parent` makes it an answer, which blocks nothing. Returns the Comment.
    """
    permissions.require(
        by,
        *permissions.TO_COMMENT,
        otherwise=_("You may read this, but not comment on it. Ask an editor."),
    )
    return _write(
        revision,
        text=text,
        row_uid=row_uid,
        quoted=quoted,
        is_blocking=is_blocking,
        parent=parent,
        at=at,
        by=by,
        by_name=audit.name_of(by),
    )


@transaction.atomic
def add_guest_comment(
    invitation: Invitation, *, at: datetime, text: str, quoted: str = ""
) -> Comment:
    """The same from somebody without an account, about the very revision they were invited to.

    It blocks nothing.
    """
    return _write(
        invitation.revision,
        text=text,
        row_uid="",
        quoted=quoted,
        is_blocking=False,
        parent=None,
        at=at,
        by=None,
        by_name=invitation.name,
        invitation=invitation,
    )


def _write(
    revision, *, text, row_uid, quoted, is_blocking, parent, at, by, by_name, invitation=None
):
    text, quoted = text.strip()[:MOST], " ".join(quoted[:MOST].split())
    if not text:
        raise Refused(_("Write down what you want to say."))
    if parent is not None:
        row_uid, quoted, is_blocking = parent.row_uid or "", parent.quoted, False
    elif quoted and not any(
        quoted in words
        for uid, words in places_to_comment_on(revision.content)
        if row_uid in ("", uid)
    ):
        raise Refused(
            _(
                "“%s” does not stand there word for word. Select the words on the page, or copy"
                " them."
            )
            % quoted
        )
    comment = Comment.objects.create(
        revision=revision,
        row_uid=_uuid(row_uid),
        quoted=quoted,
        text=text,
        parent=parent,
        is_blocking=is_blocking,
        by=by,
        by_name=by_name,
        invitation=invitation,
        at=at,
    )
    audit.record(
        AuditEntry.Act.COMMENTED,
        revision.article,
        by=by,
        at=at,
        digest=revision.digest,
        summary=text[:2000],
        name=by_name,
    )
    _tell(comment, at=at)
    return comment


def _tell(comment, *, at):
    """Those in a thread hear of an answer, owners of what must be settled.

    Who invited a reader, of their first.
    """
    article, by, said = comment.revision.article, comment.by, {"name": comment.by_name}
    said["title"] = article
    if comment.parent_id:
        thread = Comment.objects.filter(
            Q(pk=comment.parent_id) | Q(parent=comment.parent_id)
        ).select_related("by")
        text = _("%(name)s answered a remark on “%(title)s” that you take part in.") % said
        people = [other.by for other in thread]
        inbox.notify(people, Notification.Kind.REMARK, text, at=at, by=by, article=article)
    elif comment.is_blocking:
        text = (
            _("%(name)s made a remark on “%(title)s” that must be settled before publishing.")
            % said
        )
        inbox.notify([article.owner], Notification.Kind.REMARK, text, at=at, by=by, article=article)
    elif invitation := comment.invitation:
        text = _("%(name)s, whom you invited, made remarks on “%(title)s”.") % said
        key = f"remarks:{invitation.pk}"
        inbox.notify(
            [invitation.invited_by], Notification.Kind.REMARK, text, at=at, article=article, key=key
        )


@transaction.atomic
def resolve(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Say that a remark is dealt with.

    One that blocks is settled by who made it, or by an editor who did not edit.
    """
    comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("revision__article")
        .get(pk=comment.pk)
    )
    if comment.resolved_at:
        return comment
    blocks_others = comment.is_blocking and comment.by_id != by.pk
    if reason := may_not_resolve(
        comment, by, contributors.contributors(comment.revision) if blocks_others else ()
    ):
        raise NotAllowed(reason)
    comment.resolved_by, comment.resolved_by_name, comment.resolved_at = by, audit.name_of(by), at
    comment.save(update_fields=["resolved_by", "resolved_by_name", "resolved_at"])
    audit.record(
        AuditEntry.Act.SETTLED, comment.revision.article, by=by, at=at, summary=comment.text[:2000]
    )
    return comment


@transaction.atomic
def reopen(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Take back that a remark is dealt with.

    Whoever may comment may: it only ever asks for another look.
    """
    comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("revision__article")
        .get(pk=comment.pk)
    )
    permissions.require(
        by,
        *permissions.TO_COMMENT,
        otherwise=_("You may read this, but not reopen it. Ask an editor."),
    )
    if comment.resolved_at is None:
        return comment
    comment.resolved_by, comment.resolved_by_name, comment.resolved_at = None, "", None
    comment.save(update_fields=["resolved_by", "resolved_by_name", "resolved_at"])
    audit.record(
        AuditEntry.Act.UNSETTLED,
        comment.revision.article,
        by=by,
        at=at,
        summary=comment.text[:2000],
    )
    return comment


def may_not_resolve(comment: Comment, user: User, editors: Container[int]) -> str:
    """The sentence that says who settles this remark when `user` may not; "" when they may.

    `editors` are the ids of accounts that edited the text it is about
    (articles.review.contributors).
    """
    if comment.is_blocking and comment.by_id != user.pk:
        if not permissions.may(user, "articles.review_article") or user.pk in editors:
            return (
                _(
                    "%s asked for this to be settled first. They settle it, or an editor who did"
                    " not edit the text."
                )
                % comment.by_name
            )
    elif not permissions.may(user, *permissions.TO_COMMENT):
        return _("You may read this, but not settle it. Ask an editor.")
    return ""


def all_on(article: Article) -> list[Comment]:
    """Every remark and answer on the article, oldest first."""
    return list(Comment.objects.filter(revision__article=article).order_by("at", "pk"))


def with_replies(
    comments: list[Comment], content: FrozenContent
) -> list[tuple[Comment, list[Comment], bool]]:
    """[(comment, answers, does it still stand in `content`?)] of `comments`, open ones first, else
    oldest first.
    """
    answers: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.parent_id:
            answers.setdefault(comment.parent_id, []).append(comment)
    now = places_to_comment_on(content)
    first = [comment for comment in comments if comment.parent_id is None]
    first.sort(key=lambda comment: comment.resolved_at is not None)
    return [(comment, answers.get(comment.pk, []), _stands(comment, now)) for comment in first]


def places_to_comment_on(content: FrozenContent) -> list[tuple[str, str]]:
    """[(uid of a row, its words)] of all a remark can be about.

    The text's blocks have the uid "".
    """
    found = [("", " ".join(plain_text(block).split())) for block in blocks.split(content["body"])]
    found += [("", content["title"]), ("", content["summary"])]
    for name, rows in content.items():
        if name == "references":
            continue
        if (
            isinstance(rows, list)
            and rows
            and all(isinstance(row, dict) and "uid" in row for row in rows)
        ):
            found += [(row["uid"], " ".join(_strings(row))) for row in rows]
    return found


def _strings(row):
    for value in row.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _strings(value)


def _stands(comment, now):
    if comment.quoted:
        return any(
            comment.quoted in words
            for uid, words in now
            if not comment.row_uid or uid == str(comment.row_uid)
        )
    return not comment.row_uid or any(uid == str(comment.row_uid) for uid, _words in now)


def _uuid(text):
    try:
        return uuid.UUID(str(text)) if text else None
    except ValueError:
        raise Refused(_("Choose the place on the page your remark is about.")) from None
