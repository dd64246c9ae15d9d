"""Comments on a sentence: making, answering, resolving and reopening them.

A comment is tied to its place by the uid of a row and by the quoted words.
"""

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
from physiohub import policy

from . import contributors

#: At most this many characters of a comment are kept.
MAX_LETTERS = 4000


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
    """Comment on `revision`, or on the words `quoted` in its row `row_uid`. Returns the Comment.

    The row must hold the words exactly, so that people who read the comment later find what it is
    about. With a `parent` it is a reply, and a reply blocks nothing.
    """
    permissions.require(
        by,
        policy.COMMENT,
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
    """Add a comment by somebody without an account, on the revision they were invited to read.

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
    text, quoted = text.strip()[:MAX_LETTERS], " ".join(quoted[:MAX_LETTERS].split())
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
    _notify_of_comment(comment, at=at)
    return comment


def _notify_of_comment(comment, *, at):
    """Notify people of a new comment.

    A reply notifies those who take part. A comment that blocks notifies the owner. The first
    comment of an invited reader notifies the editor who invited them.
    """
    article, by = comment.revision.article, comment.by
    values = {"name": comment.by_name, "title": article}
    if comment.parent_id:
        thread = Comment.objects.filter(
            Q(pk=comment.parent_id) | Q(parent=comment.parent_id)
        ).select_related("by")
        text = _("%(name)s answered a comment on “%(title)s” that you take part in.") % values
        people = [other.by for other in thread]
        inbox.notify(people, Notification.Kind.REMARK, text, at=at, by=by, article=article)
    elif comment.is_blocking:
        text = (
            _("%(name)s made a comment on “%(title)s” that must be settled before publishing.")
            % values
        )
        inbox.notify([article.owner], Notification.Kind.REMARK, text, at=at, by=by, article=article)
    elif invitation := comment.invitation:
        text = _("%(name)s, whom you invited, made comments on “%(title)s”.") % values
        key = f"remarks:{invitation.pk}"
        inbox.notify(
            [invitation.invited_by], Notification.Kind.REMARK, text, at=at, article=article, key=key
        )


@transaction.atomic
def resolve(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Mark a comment as resolved.

    A comment that blocks is resolved by its author, or by an editor who did not edit the text.
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
    """Mark a resolved comment as open again.

    Everybody who may comment may do so: it only asks for another look.
    """
    comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("revision__article")
        .get(pk=comment.pk)
    )
    permissions.require(
        by,
        policy.COMMENT,
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


def may_not_resolve(comment: Comment, user: User, contributor_ids: Container[int]) -> str:
    """Return a sentence that says who resolves this comment if `user` may not, else "".

    `contributor_ids` are the ids of accounts that edited the text (articles.review.contributors).
    """
    if not policy.may_settle(
        user,
        author=comment.by_id,
        blocks=comment.is_blocking,
        contributors=contributor_ids,
    ):
        if comment.is_blocking and comment.by_id != user.pk:
            return (
                _(
                    "%s asked for this to be settled first. They settle it, or an editor who did"
                    " not edit the text."
                )
                % comment.by_name
            )
        return _("You may read this, but not settle it. Ask an editor.")
    return ""


def all_on(article: Article) -> list[Comment]:
    """Return every comment and reply on the article, oldest first."""
    return list(Comment.objects.filter(revision__article=article).order_by("at", "pk"))


def with_replies(
    comments: list[Comment], content: FrozenContent
) -> list[tuple[Comment, list[Comment], bool]]:
    """Return [(comment, its replies, whether `content` still holds its place)].

    Open comments come first, then resolved ones, each from the oldest to the newest.
    """
    replies: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.parent_id:
            replies.setdefault(comment.parent_id, []).append(comment)
    places = places_to_comment_on(content)
    roots = [comment for comment in comments if comment.parent_id is None]
    roots.sort(key=lambda comment: comment.resolved_at is not None)
    return [(comment, replies.get(comment.pk, []), _is_in(comment, places)) for comment in roots]


def places_to_comment_on(content: FrozenContent) -> list[tuple[str, str]]:
    """Return [(uid of a row, its words)] of all that a comment can be about.

    Blocks of the text, the title and the summary have the uid "".
    """
    places = [("", " ".join(plain_text(block).split())) for block in blocks.split(content["body"])]
    places += [("", content["title"]), ("", content["summary"])]
    for name, rows in content.items():
        if name == "references":
            continue
        if (
            isinstance(rows, list)
            and rows
            and all(isinstance(row, dict) and "uid" in row for row in rows)
        ):
            places += [(row["uid"], " ".join(_texts_in(row))) for row in rows]
    return places


def _texts_in(row):
    for value in row.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts_in(value)


def _is_in(comment, places):
    """Whether the row and the words of `comment` are still among `places`."""
    if comment.quoted:
        return any(
            comment.quoted in words
            for uid, words in places
            if not comment.row_uid or uid == str(comment.row_uid)
        )
    return not comment.row_uid or any(uid == str(comment.row_uid) for uid, _words in places)


def _uuid(text):
    try:
        return uuid.UUID(str(text)) if text else None
    except ValueError:
        raise Refused(_("Choose the place on the page your comment is about.")) from None
