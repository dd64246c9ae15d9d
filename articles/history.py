"""The history of a page as readers see it: from publications alone, so no draft shows through."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils import translation

from . import showing
from .comparing import Comparison, compare
from .models import Confirmation, Publication


@dataclass(frozen=True)
class Version:
    """One version of a page, with its four dates; `text_changed_at` is when its words were last changed."""

    number: int
    publication: Publication
    published_at: datetime
    text_changed_at: datetime
    searched_on: date | None
    confirmed_at: datetime | None
    is_current: bool
    changes: Comparison | None  # from the version before; None: it is the first, or they were not asked for

    @property
    def what_changed(self):
        """The changes as (what, sign, name), clinical ones first, at most twelve."""
        return [(change.what, change.says, change.name) for change in self.changes.changes[:12]] if self.changes else []


def versions_at(slug):
    """(the newest publication of the article at this address, its Versions, newest first). Raises Http404.

    Reads every version of the article once: three queries, but the whole text of each.
    """
    newest = showing.at_address(slug)
    publications = list(
        Publication.objects.filter(article=newest.article_id).select_related("revision").order_by("number")
    )
    confirmed = {}
    for confirmation in Confirmation.objects.filter(publication__article=newest.article_id).order_by("pk"):
        confirmed[confirmation.publication_id] = confirmation
    with translation.override(newest.language):  # what changed is said in the language of the page
        return newest, _versions(newest, publications, confirmed)[::-1]


def _versions(newest, publications, confirmed):
    versions, before, text_changed_at = [], None, None
    for publication in publications:
        content = publication.revision.content
        changes = compare(before, content) if before else None
        if text_changed_at is None or changes:
            text_changed_at = publication.at
        confirmation = confirmed.get(publication.pk)
        searched = content["evidence_searched_on"]
        versions.append(
            Version(
                number=publication.number,
                publication=publication,
                published_at=publication.at,
                text_changed_at=text_changed_at,
                searched_on=confirmation.evidence_searched_on
                if confirmation
                else (date.fromisoformat(searched) if searched else None),
                confirmed_at=confirmation.at if confirmation else None,
                is_current=publication.pk == newest.pk and not showing.is_withdrawn(newest),
                changes=changes,
            )
        )
        before = content
    return versions


def version_at(slug, number):
    """(the newest publication, the Publication with this number, what has changed since). Raises Http404."""
    newest = showing.at_address(slug)
    publication = (
        Publication.objects.filter(article=newest.article_id, number=number).select_related("revision").first()
    )
    if publication is None:
        raise Http404
    with translation.override(publication.language):
        return newest, publication, compare(publication.revision.content, newest.revision.content)
