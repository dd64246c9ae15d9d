"""Saving revisions: content once frozen stays."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Max

from articles.models import (
    Article,
    Condition,
    Contraindication,
    GlossaryTerm,
    Person,
    Picture,
    Revision,
    SideEffect,
)
from references.models import Reference

from . import freezing
from .frozen_content import AnyContent

#: What articles share, in the order it is locked.
SHARED = (Condition, SideEffect, Contraindication, GlossaryTerm, Person, Picture, Reference)


def lock(article: Article) -> Article:
    """Return the article's row, fetched afresh and locked until the transaction ends.

    select_for_update().count() or .exists() would lock nothing on PostgreSQL: the row itself must
    be fetched.
    """
    return Article.objects.select_for_update().get(pk=article.pk)


def lock_with_shared(article: Article, content: AnyContent) -> Article:
    """Return `lock`, and the shared things `content` shows too, until the transaction ends.

    At most eight queries. Shared rows are locked before the article, in the order that merging and
    retractions use, so there is no deadlock. Other transactions may still add rows that name them.
    SQLite lets one writer in at a time, so there the article is enough.
    """
    if connection.features.has_select_for_no_key_update:
        uids = freezing.uids_in(content)
        for model in SHARED:
            rows = model.objects.select_for_update(no_key=True).filter(uid__in=uids).order_by("pk")
            list(rows.values_list("pk"))
    return lock(article)


def lock_with_all_it_shows(revision: Revision) -> tuple[Revision, Article]:
    """Return (revision as the database has it, its article), with all its text shows locked."""
    revision = Revision.objects.select_related("article").get(pk=revision.pk)
    return revision, lock_with_shared(revision.article, revision.content)


@transaction.atomic
def save_revision(article: Article, *, by: User | None, at: datetime) -> Revision:
    """Return the revision of the article as it is now, made if there is none yet.

    Content that was frozen before has its revision already: a save that changes nothing makes none.
    """
    lock(article)
    content = freezing.freeze(article)
    frozen = freezing.canonical(content)
    digest = freezing.digest_of(frozen)
    revision = Revision.objects.filter(article=article, digest=digest).first()
    if revision is None:
        newest = (
            Revision.objects.filter(article=article).aggregate(newest=Max("number"))["newest"] or 0
        )
        revision = Revision.objects.create(
            article=article,
            number=newest + 1,
            schema=content["schema"],
            digest=digest,
            frozen=frozen,
            created_by=by,
            created_at=at,
        )
    return revision
