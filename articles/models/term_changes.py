"""A change of a shared term reaches every draft that names it, in the save of the term.

Frozen texts keep the words they were frozen with, so live pages stay as they were published.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from physiohub.db import models

from .article import Article
from .claims import Citation, Claim


@dataclass(frozen=True)
class TermChange:
    """What one save of a shared term changed, and what it reached."""

    old_name: str
    is_renamed: bool
    drafts: list[Article]  # that name it, each with its owner; the oldest first
    cleared: int  # checks of evidence that were taken back, for they were made for other words


def reach(before: Any, term: Any) -> TermChange:
    """Carry what changed between `before` and the saved `term` into every draft that names it.

    Both are one SharedTerm, before and after the save.

    Claims say the new words, and nobody has checked their evidence for these yet. A form of such a
    draft that was opened earlier is known to be out of date. Call it in the transaction of the
    save: it locks the drafts, and shared things are locked before articles everywhere. Two queries
    where nothing changed; else six, however many drafts there are (on SQLite one more for every 300
    claims).
    """
    rows = term.article_rows
    if not _differ(before, term):
        return TermChange(before.name, False, [], 0)
    naming = Article.objects.filter(pk__in=rows.values("article"))
    drafts = list(naming.select_related("owner").select_for_update(of=("self",)).order_by("pk"))
    changed = []
    for row in rows.select_related("claim"):
        if row.claim is not None and row.claim.text != str(row):
            row.claim.text = str(row)
            changed.append(row.claim)
    cleared = 0
    if changed:
        Claim.objects.bulk_update(changed, ["text"])
        checked = Citation.objects.filter(claim__in=changed, checked_by__isnull=False)
        cleared = checked.clear_checks()
    Article.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        lock_version=models.F("lock_version") + 1, modified_at=timezone.now()
    )
    return TermChange(before.name, before.name != term.name, drafts, cleared)


def _differ(before: Any, term: Any) -> bool:
    return any(
        getattr(before, field.attname) != getattr(term, field.attname)
        for field in term._meta.concrete_fields
    )
