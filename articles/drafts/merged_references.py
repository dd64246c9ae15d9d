"""What merging two references does to drafts: citations move, and two alike become one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

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
def fold_citations(kept: Citation, lost: Citation) -> None:
    """Make one citation of two with the same claim and stance. No quote and no note is lost.

    If what a second person checked of `kept` changes, such as its quote, it has to be checked
    again.
    """
    checked = kept.checked_values()
    for name in _FILLED:
        if getattr(kept, name) in (None, ""):
            setattr(kept, name, getattr(lost, name))
    kept.includes_retracted = kept.includes_retracted or lost.includes_retracted
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
    if checked != kept.checked_values():
        kept.clear_check()


def _citations_were_moved(
    sender: object,
    merge: Any,
    rows: Any,
    by: User | None,
    at: datetime,
    summary: str,
    **kwargs: Any,
) -> None:
    articles = {
        article.pk: article for row in rows if (article := edits.article_of(row)) is not None
    }
    for article in articles.values():
        edits.record_edit(article, by=by, at=at, summary=summary)


def listen() -> None:
    """Learn of references that are merged."""
    changes.links_moved.connect(_citations_were_moved, dispatch_uid="articles.folding")
