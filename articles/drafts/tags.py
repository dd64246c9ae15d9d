"""Tags in the plural: renaming, merging or deleting one changes every article that has it."""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from taggit.models import TaggedItem

from articles.models import Article

from . import edits


@contextlib.contextmanager
def recording_tags(*, by: User | None, at: datetime) -> Iterator[None]:
    """Record an edit of each article whose tags change inside, in the same transaction."""
    with transaction.atomic():
        before = _tags_by_article()
        yield
        after = _tags_by_article()
        changed = [pk for pk in before.keys() | after.keys() if before.get(pk) != after.get(pk)]
        for article in Article.objects.filter(pk__in=changed).order_by("pk"):
            edits.record_edit(article, by=by, at=at, summary="tags")


def _tags_by_article() -> dict[int, list[str]]:
    """Return {id of an article: names of its tags}."""
    tags: dict[int, list[str]] = {}
    items = TaggedItem.objects.filter(content_type=ContentType.objects.get_for_model(Article))
    for pk, name in items.values_list("object_id", "tag__name").order_by("tag__name", "pk"):
        tags.setdefault(pk, []).append(name)
    return tags
