"""Comments with their replies, as the review page shows them."""

from dataclasses import dataclass

from articles.models import Comment
from articles.review import comments


@dataclass(frozen=True)
class CommentOnPage:
    """A comment with its replies."""

    comment: Comment
    replies: list[Comment]
    stands: bool  # are the words it is about still there?
    on_page: str
    may_not_resolve: str
    typed: dict

    @property
    def is_open(self):
        return self.comment.resolved_at is None


def comments_of(all_comments, content, user, contributor_ids, anchors, refusal):
    return [
        CommentOnPage(
            comment,
            replies,
            stands,
            anchors.get(str(comment.row_uid or ""), ""),
            comments.may_not_resolve(comment, user, contributor_ids),
            refusal.typed_in(f"remark-{comment.pk}"),
        )
        for comment, replies, stands in comments.with_replies(all_comments, content)
    ]
