"""What reviewers said must be settled first."""

from django.utils.translation import gettext as _

from .registry import blocks


@blocks("remarks_are_settled")
def comments_are_resolved(draft):
    for who, text, place in draft.remarks:
        yield (
            _("Settle the remark of %(who)s first: “%(text)s”") % {"who": who, "text": text[:200]},
            place,
        )
