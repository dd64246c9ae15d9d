"""A change of a shared term reaches every draft that names it, in the save of the term.

Frozen texts keep the words they were frozen with, so live pages stay as they were published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from physiohub.db import models

from .article import Article
from .claims import Citation, Claim


@dataclass(frozen=True)
class TermChange:
    """What one save of a shared term changed, and what it reached."""

    old_name: str  # in a language in which it was renamed, if it was
    new_name: str
    drafts: list[Article]  # that name it, each with its owner; the oldest first
    cleared: int  # checks of evidence that were taken back, for they were made for other words

    @property
    def is_renamed(self) -> bool:
        return self.old_name != self.new_name


def reach(before: Any, term: Any) -> TermChange:
    """Carry what changed between `before` and the saved `term` into the drafts that name it.

    A new name in Spanish concerns the Spanish drafts alone. Both are one SharedTerm, before and
    after the save.

    Claims say the new words, and nobody has checked their evidence for these yet. A form of such a
    draft that was opened earlier is known to be out of date. Call it in the transaction of the
    save: it locks the drafts, and shared things are locked before articles everywhere. Two queries
    where nothing changed; else six, however many drafts there are (on SQLite one more for every 300
    claims).
    """
    rows = term.article_rows
    own, same = _languages_without_change(before, term)
    if own and len(same) == len(settings.LANGUAGES):
        return TermChange(before.name, before.name, [], 0)
    rows = rows.exclude(article__language__in=same)
    naming = Article.objects.filter(pk__in=rows.values("article"))
    drafts = list(naming.select_related("owner").select_for_update(of=("self",)).order_by("pk"))
    changed = []
    for row in rows.select_related("claim", "article"):
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
    names = _names(before, term, [draft.language for draft in drafts])
    return TermChange(*names, drafts, cleared)


def _languages_without_change(before: Any, term: Any) -> tuple[bool, list[str]]:
    """Return whether its own words stay the same, and the languages in which all of it does."""
    codes = [code for code, _name in settings.LANGUAGES]
    same = [code for code in codes if _said(before, code) == _said(term, code)]
    return _said(before, before.language) == _said(term, term.language), same


def _said(term: Any, language: str) -> tuple[Any, ...]:
    """Return all that a text in `language` says of `term`."""
    codes = (getattr(term, name, "") for name in ("uid", "icd10", "snomed_ct", "slug"))
    return (term.words_in(language), *codes)


def _names(before: Any, term: Any, languages: Iterable[str]) -> tuple[str, str]:
    """Return its old and its new name, in the first of `languages` that has a new one."""
    both = [(before.name_in(code), term.name_in(code)) for code in languages]
    return next((names for names in both if names[0] != names[1]), (before.name, before.name))
