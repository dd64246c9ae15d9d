"""Changing a term that articles share: what it touches, and who is told.

The save of the term itself reaches the drafts that name it (articles.models.term_changes).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import audit
from articles.models import Article, AuditEntry, Citation, Notification, Publication
from articles.models.term_changes import TermChange
from articles.models.vocabulary import SharedTerm
from articles.notifications import inbox

from . import edits

#: A notification spends about this many characters on the titles of pages. It is one line.
_LETTERS_FOR_TITLES = 240


@dataclass(frozen=True)
class Use:
    """Where a shared term is named, and what rests on its name."""

    drafts: list[Article]  # by title, each with `is_live`
    checks: int  # of the evidence of its claims; another name takes them back

    @property
    def live(self) -> int:
        """How many of them have a live page. It stays as it is until it is published again."""
        return sum(draft.is_live for draft in self.drafts)  # type: ignore[attr-defined]


def use_of(term: SharedTerm) -> Use:
    """Where `term` is named. Two queries."""
    rows = term.article_rows  # type: ignore[attr-defined]  # of each subclass
    live = Publication.objects.live().filter(article=OuterRef("pk"))
    drafts = Article.objects.filter(pk__in=rows.values("article")).annotate(is_live=Exists(live))
    checked = Citation.objects.filter(claim__in=rows.values("claim"), checked_by__isnull=False)
    return Use(list(drafts), checked.count())


@transaction.atomic
def record_change(term: SharedTerm, *, by: User | None, at: datetime, summary: str = "") -> None:
    """Record that `by` changed the shared `term`, after it was saved.

    It is an edit of the term and of every draft that names it, so `by` may approve none of them.
    The owners of these drafts are told once, with all their pages in one line. Where an account is
    closed, the editors look after the page. At most six queries, however many drafts there are.
    """
    edits.record_edit(term, by=by, at=at, summary=summary)
    change = term.change
    if change is None or not change.drafts:
        return
    said = _what_happened(term, change)
    audit.record_each(AuditEntry.Act.EDITED, change.drafts, by=by, at=at, summary=said)
    texts = {
        person: f"{inbox.actor_name(by)}: {said} {_where(drafts, change)}"
        for person, drafts in _by_owner(change.drafts).items()
    }
    address = reverse(f"admin:articles_{term._meta.model_name}_change", args=[term.pk])
    inbox.notify_each(texts, Notification.Kind.TERM, at=at, by=by, address=address)


def _what_happened(term: SharedTerm, change: TermChange) -> str:
    values = {
        "kind": term._meta.verbose_name,
        "old": Truncator(change.old_name).chars(70),
        "new": Truncator(change.new_name).chars(70),
    }
    if change.is_renamed:
        return _("The %(kind)s “%(old)s” is called “%(new)s” now.") % values
    return _("What is said of the %(kind)s “%(new)s” has changed.") % values


def _where(drafts: list[Article], change: TermChange) -> str:
    """Which of a person's drafts it is in, and what they do now."""
    values = {"pages": _in_quotes(drafts)}
    if change.is_renamed:
        return _("Read it in %(pages)s, and see if the evidence still fits.") % values
    return _("Read it in %(pages)s.") % values


def _in_quotes(drafts: Iterable[Article]) -> str:
    titles = [f"“{Truncator(draft).chars(70)}”" for draft in drafts]
    lengths = accumulate(len(title) for title in titles)
    named = titles[: sum(length <= _LETTERS_FOR_TITLES for length in lengths)]
    words = ", ".join(named)
    if more := len(titles) - len(named):
        words += " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    return words


def _by_owner(drafts: Iterable[Article]) -> dict[User, list[Article]]:
    """{person to tell: their drafts}."""
    of: dict[User, list[Article]] = defaultdict(list)
    without_owner = []
    for draft in drafts:
        if draft.owner is not None and draft.owner.is_active:
            of[draft.owner].append(draft)
        else:
            without_owner.append(draft)
    for editor in inbox.reviewers() if without_owner else ():
        of[editor].extend(without_owner)
    return dict(of)
