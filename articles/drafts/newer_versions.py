"""Moving what a draft says of a work to the newer version of that work.

Only drafts change. What readers have stays until the draft is published again, and that needs a
second person: the newer version may say something else, so every moved citation waits for a check.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article, Citation, ReadingListEntry
from physiohub import policy
from references import cards
from references.models import Reference

from . import edits
from .merged_references import fold_citations


@transaction.atomic
def move_citations(
    older: Reference, newer: Reference, articles: Iterable[Article], *, by: User, at: datetime
) -> list[Article]:
    """Have the drafts of `articles` cite `newer` where they cite `older`; those that changed.

    Raises Refused for people who may not edit articles.
    """
    permissions.require(
        by,
        policy.WRITE,
        otherwise=_("Only people who write articles change what they cite. Ask one of them."),
    )
    summary = _("Cites %(newer)s in place of %(older)s.") % {
        "newer": cards.short(newer),
        "older": cards.short(older),
    }
    changed = []
    for article in articles:
        moved = _move_claims(article, older, newer) + _move_reading_list(article, older, newer)
        if moved:
            edits.record_edit(article, by=by, at=at, summary=summary)
            changed.append(article)
    return changed


def _move_claims(article, older, newer):
    cited = Citation.objects.select_for_update().filter(claim__article=article)
    there = {(each.claim_id, each.stance): each for each in cited.filter(reference=newer)}
    citations = list(cited.filter(reference=older))
    for citation in citations:
        if kept := there.get((citation.claim_id, citation.stance)):
            fold_citations(kept, citation)
            citation.delete()
            citation = kept
        else:
            citation.reference = newer
            # That it was cited on purpose was said of the other version.
            citation.override_reason, citation.override_by = "", None
        note = _("Moved here from %s. Look whether the quote and its place are still right.")
        citation.note_private = "\n".join(
            filter(None, [citation.note_private, note % cards.short(older)])
        )
        citation.clear_check()
        citation.save()
    return len(citations)


def _move_reading_list(article, older, newer):
    entries = ReadingListEntry.objects.filter(article=article)
    if entries.filter(reference=newer).exists():
        return entries.filter(reference=older).delete()[0]
    return entries.filter(reference=older).update(reference=newer)
