"""Finding what readers may see. Every public view asks here, and nothing here knows a working row."""

from dataclasses import dataclass

from django.http import Http404

from .models import Publication, SafetyNotice


@dataclass(frozen=True)
class LiveTitle:
    """A live article as lists show it."""

    slug: str
    title: str
    summary: str
    is_demonstration: bool

    @classmethod
    def of(cls, publication):
        content = publication.revision.content
        return cls(publication.slug, content["title"], content["summary"], content["is_demonstration"])


def live_titles():
    """All live articles by title. Reads every live revision: one query, but the whole text of each."""
    live = Publication.objects.live().select_related("revision")
    return sorted(map(LiveTitle.of, live), key=lambda title: title.title.casefold())


def at_address(slug):
    """The newest publication of the article that has, or once had, this address. One query, two for an old address.

    Raises Http404, the same for a draft as for nothing at all.
    """
    publications = Publication.objects.select_related("revision", "withdrawal")
    newest = publications.newest().filter(slug=slug).order_by("withdrawal", "-at").first()
    if newest:
        return newest
    earlier = Publication.objects.filter(slug=slug).order_by("-at").first()
    if earlier is None:
        raise Http404
    return publications.newest().get(article=earlier.article_id)


def is_withdrawn(publication):
    return hasattr(publication, "withdrawal")


def open_notices(publication):
    """The safety notices that lie over this page now, newest first."""
    return list(SafetyNotice.objects.filter(article=publication.article_id, resolved_at=None))
