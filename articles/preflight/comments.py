"""Comments that must be resolved before publishing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.preflight.draft import DraftToCheck

from .registry import Found, blocks


@blocks(
    "remarks_are_settled",
    many=gettext_lazy("%(count)s comments wait for an answer. Settle each of them first."),
)
def comments_are_resolved(draft: DraftToCheck) -> Iterator[Found]:
    for who, text, place in draft.blocking_comments:
        yield Found(
            _("Settle the comment of %(who)s first: “%(text)s”") % {"who": who, "text": text[:200]},
            place,
        )
