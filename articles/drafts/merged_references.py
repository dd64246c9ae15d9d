"""What merging two references does to drafts: links move, and two that say the same become one."""

from articles.models import Citation
from references import changes, merging

from . import edits

_FILLED = (
    "design",
    "population_match",
    "effect",
    "source_certainty",
    "source_scheme",
    "note_public",
    "override_reason",
    "override_by_id",
)


@merging.resolves(Citation)
def fold_citations(kept, lost):
    """Make one evidence link of two with the same claim and stance; no quote and no note of `lost`
    goes missing.

    A link whose quote or place changed that way has to be checked again.
    """
    checked = [getattr(kept, name) for name in Citation.CHECKED_FIELDS]
    for name in _FILLED:
        if getattr(kept, name) in (None, ""):
            setattr(kept, name, getattr(lost, name))
    if not kept.locator:
        kept.locator_kind, kept.locator = lost.locator_kind, lost.locator
    if not kept.quote:
        kept.quote, kept.quote_language = lost.quote, lost.quote_language
    notes = [kept.note_private, lost.note_private]
    if lost.quote and lost.quote != kept.quote:
        where = f" ({lost.get_locator_kind_display()} {lost.locator})" if lost.locator else ""
        notes.append(f"Also quoted: “{lost.quote}”{where}")
    if lost.note_public and lost.note_public != kept.note_public:
        notes.append(f"Also noted for readers: {lost.note_public}")
    kept.note_private = "\n".join(dict.fromkeys(filter(None, notes)))
    if checked != [getattr(kept, name) for name in Citation.CHECKED_FIELDS]:
        kept.checked_by = kept.checked_at = None


def _links_were_moved(sender, merge, rows, by, at, summary, **kwargs):
    articles = {
        article.pk: article for row in rows if (article := edits.article_of(row)) is not None
    }
    for article in articles.values():
        edits.record_edit(article, by=by, at=at, summary=summary)


def listen():
    """Hear of references that are merged."""
    changes.links_moved.connect(_links_were_moved, dispatch_uid="articles.folding")
