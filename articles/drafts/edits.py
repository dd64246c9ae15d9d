"""Changing a draft: every path that changes one records it here."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from articles import audit
from articles.models import Article, AuditEntry, Claim
from articles.revisions import contents
from articles.richtext.markers import claims_in
from references import changes


@transaction.atomic
def record_edit(subject: Any, *, by: User | None, at: datetime, summary: str = "") -> AuditEntry:
    """Record that `by` changed `subject`: an article, a part of one, or a shared thing.

    Raises the article's lock_version, so that a form opened before is known to be out of date, and
    enters the change in the audit log, which the four-eyes rule reads. A part of an article counts
    as its article.
    """
    article = article_of(subject)
    if article is not None:
        Article.objects.filter(pk=article.pk).update(
            lock_version=F("lock_version") + 1, modified_at=at
        )
    return audit.record(
        AuditEntry.Act.EDITED, article or subject, by=by, at=at, summary=summary[:2000]
    )


def article_of(subject: Any) -> Article | None:
    """Return the article `subject` is, or is a part of; None for shared things."""
    if isinstance(subject, Article):
        return subject
    if hasattr(subject, "article_id"):
        return subject.article
    claim = getattr(subject, "claim", None)
    return claim.article if claim is not None else None


def match_claims_to_text(article: Article) -> None:
    """Make the claims of the text agree with the markers in it.

    A new marker gets a claim; words and order follow the text. A claim whose marker is gone keeps
    its row as long as it has citations (position None: the draft shows it as removed). Else it is
    deleted.
    """
    marked = {claim.key: claim for claim in claims_in(article.body)}
    rows = {row.key: row for row in Claim.objects.filter(article=article)}
    for key, row in rows.items():
        if row.kind != Claim.Kind.TEXT or key in marked:
            continue
        if row.citations.exists():
            Claim.objects.filter(pk=row.pk).update(position=None)
        else:
            row.delete()
    changed, new = [], []
    for key, found in marked.items():
        if key not in rows:
            new.append(Claim(article=article, key=key, text=found.text, position=found.position))
        elif (rows[key].text, rows[key].position) != (found.text, found.position):
            rows[key].text, rows[key].position = found.text, found.position
            changed.append(rows[key])
    Claim.objects.bulk_create(new)
    Claim.objects.bulk_update(changed, ["text", "position"])


def say_terms_in_its_language(article: Article) -> None:
    """Give the claims of rows that name a shared term its name in the language of the article.

    For an article whose language was changed: its rows themselves have not. At most two queries for
    each kind of rows, and one for each claim that changes.
    """
    for rows in contents.CLAIM_ROWS:
        if not rows.term:
            continue
        for row in getattr(article, rows.accessor).select_related("claim", rows.term):
            if row.claim is not None and row.claim.text != str(row):
                row.claim.text = str(row)
                row.claim.save(update_fields=["text"])


def _a_reference_was_edited(
    sender: object, reference: Any, by: User | None, at: datetime, summary: str = "", **kwargs: Any
) -> None:
    record_edit(reference, by=by, at=at, summary=summary)


def listen() -> None:
    """Learn of edits in the evidence library, which knows nothing of articles."""
    changes.reference_edited.connect(_a_reference_was_edited, dispatch_uid="articles.editing")
