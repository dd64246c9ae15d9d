"""Finding what readers may see. Every public view asks here, and nothing here knows a working row."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from .models import Confirmation, Publication, SafetyNotice


@dataclass(frozen=True)
class LiveTitle:
    """A live article as lists show it."""

    slug: str
    title: str
    summary: str
    language: str
    is_demonstration: bool
    published_at: datetime

    @classmethod
    def of(cls, publication):
        content = publication.revision.content
        return cls(
            publication.slug, content["title"], content["summary"], content["language"],
            content["is_demonstration"], publication.at,
        )  # fmt: skip


def live_titles():
    """All live articles by title. Reads every live revision: one query, but the whole text of each."""
    live = Publication.objects.live().select_related("revision")
    return sorted(map(LiveTitle.of, live), key=lambda title: title.title.casefold())


def newest_titles(count):
    """The `count` articles published last, newest first. One query."""
    newest = Publication.objects.live().select_related("revision").order_by("-at", "-pk")[:count]
    return list(map(LiveTitle.of, newest))


def at_address(slug):
    """The newest publication of the article that has, or once had, this address. One query, two for an old address.

    It carries `first_published_at`, the moment of the article's first publication, and `due_on`, the day by which it
    should be looked at again (None where that was not computed). Raises Http404, the same for a
    draft as for nothing at all.
    """
    first = Publication.objects.filter(article=OuterRef("article")).order_by("number").values("at")[:1]
    confirmed = Confirmation.objects.filter(publication=OuterRef("pk")).order_by("-pk").values("review_due_on")[:1]
    publications = Publication.objects.select_related("revision", "withdrawal").annotate(
        first_published_at=Subquery(first), due_on=Coalesce(Subquery(confirmed), F("review_due_on"))
    )
    # A live page before a withdrawn one: two articles may have had one address, one after the other.
    here = publications.newest().filter(slug=slug)
    newest = here.order_by(F("withdrawal__pk").asc(nulls_first=True), "-at").first()
    if newest:
        return newest
    earlier = Publication.objects.filter(slug=slug).order_by("-at").first()
    if earlier is None:
        raise Http404
    return publications.newest().get(article=earlier.article_id)


def is_withdrawn(publication):
    return hasattr(publication, "withdrawal")


def open_notices(publication):
    """The safety notices that lie over this page now, newest first; each carries `reference_uid`, which may be None."""
    notices = SafetyNotice.objects.filter(article=publication.article_id, resolved_at=None)
    return list(notices.annotate(reference_uid=F("reference__uid")))
