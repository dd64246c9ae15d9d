"""Keeping revisions: content once frozen stays."""

from django.db import transaction
from django.db.models import Max

from . import freezing
from .models import Article, Revision


def lock(article):
    """The article's row, fetched afresh and locked until the transaction ends.

    select_for_update().count() or .exists() would lock nothing on PostgreSQL: the row itself must be fetched.
    """
    return Article.objects.select_for_update().get(pk=article.pk)


@transaction.atomic
def keep_revision(article, *, by, at):
    """The revision that holds the article as it stands now, made if there is none yet.

    Content seen before gives the revision it had then: a save that changes nothing makes nothing.
    """
    lock(article)
    content = freezing.freeze(article)
    frozen = freezing.canonical(content)
    digest = freezing.digest_of(frozen)
    revision = Revision.objects.filter(article=article, digest=digest).first()
    if revision is None:
        newest = Revision.objects.filter(article=article).aggregate(newest=Max("number"))["newest"] or 0
        revision = Revision.objects.create(
            article=article, number=newest + 1, schema=content["schema"], digest=digest, frozen=frozen,
            created_by=by, created_at=at,
        )  # fmt: skip
    return revision


def digest_now(article):
    """The digest the article's working rows would have if they were frozen now."""
    return freezing.digest_of(freezing.canonical(freezing.freeze(article)))
