"""The result of all lists, made once for a revision and then only read."""

from datetime import datetime

from django.db.models import Q

from articles.models import Article, AuditEntry, ChecklistResult, Publication, Revision
from articles.revisions.frozen_content import FrozenContent

from .observations import Circumstances
from .scoring import AllResults, result_of


def circumstances_of(article: Article) -> Circumstances:
    """Return what is known about an article beside its content. Two queries."""
    original = article.translation_of_id or article.pk
    live = Publication.objects.live().filter(
        Q(article=original) | Q(article__translation_of=original)
    )
    return Circumstances(
        acts_logged=AuditEntry.objects.filter(subject_uid=article.uid).count(),
        languages=frozenset(live.order_by().values_list("language", flat=True)),
    )


def result_of_draft(article: Article, content: FrozenContent) -> AllResults:
    """Return what all lists say of the draft with this frozen `content`. Two queries."""
    return result_of(content, circumstances_of(article))


def record_result(revision: Revision, *, at: datetime) -> ChecklistResult:
    """Return the result of all lists for `revision`, made and stored if there is none yet."""
    stored = ChecklistResult.objects.filter(revision=revision).first()
    if stored is not None:
        return stored
    found = result_of_draft(revision.article, revision.content)
    return ChecklistResult.objects.create(revision=revision, at=at, **found)
