"""Changing a draft: whoever changes one, by whatever path, says so here."""

from django.db import transaction
from django.db.models import F

from articles import audit
from articles.models import Article, AuditEntry, Claim
from articles.richtext.markers import claims_in
from references import changes


@transaction.atomic
def record_edit(subject, *, by, at, summary=""):
    """Note that `by` changed `subject`: an article, a part of one, or a shared thing articles show.

    Bumps the article's lock_version, so that a form opened before is known to be stale, and enters
    the change in the audit log, where four-eyes looks. A part of an article counts as its article.
    """
    article = article_of(subject)
    if article is not None:
        Article.objects.filter(pk=article.pk).update(
            lock_version=F("lock_version") + 1, modified_at=at
        )
    return audit.record(
        AuditEntry.Act.EDITED, article or subject, by=by, at=at, summary=summary[:2000]
    )


def article_of(subject):
    """The article `subject` is, or is a part of; None for shared things."""
    if isinstance(subject, Article):
        return subject
    if hasattr(subject, "article_id"):
        return subject.article
    claim = getattr(subject, "claim", None)
    return claim.article if claim is not None else None


def match_claims_to_text(article):
    """Make the rows of claims marked in the body agree with the markers there.

    A new marker gets a claim; words and order follow the text. A claim whose marker is gone keeps
    its row as long as evidence hangs on it (position None: the draft shows it as removed), else it
    goes.
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
        row = rows.get(key)
        if row is None:
            new.append(Claim(article=article, key=key, text=found.text, position=found.position))
        elif (row.text, row.position) != (found.text, found.position):
            row.text, row.position = found.text, found.position
            changed.append(row)
    Claim.objects.bulk_create(new)
    Claim.objects.bulk_update(changed, ["text", "position"])


def _a_reference_was_edited(sender, reference, by, at, summary="", **kwargs):
    record_edit(reference, by=by, at=at, summary=summary)


def listen():
    """Hear of edits in the evidence library, which knows nothing of articles."""
    changes.reference_edited.connect(_a_reference_was_edited, dispatch_uid="articles.editing")
