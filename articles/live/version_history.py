"""The history of a page as readers see it: from publications alone, so no draft shows through."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.core.cache import caches
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils import translation

from articles.models import Confirmation, Publication, Revision
from articles.revisions.comparing import compare

from . import pages

#: Of each group so many changes are told to readers one by one; how many more there are is said.
MOST_TOLD = 100
#: Comparisons are kept this long (seconds).
_KEPT = 7 * 24 * 60 * 60


@dataclass(frozen=True)
class ChangesForReaders:
    """What readers are told of a comparison. Falsy: nothing differs."""

    groups: list  # of (title, [(what, sign, name)], how many more there are)

    def __bool__(self):
        return bool(self.groups)

    @classmethod
    def of(cls, comparison):
        return cls(
            [
                (
                    str(group.title),
                    [
                        (str(change.what), str(change.says), change.name)
                        for change in group.changes[:MOST_TOLD]
                    ],
                    max(0, len(group.changes) - MOST_TOLD),
                )
                for group in comparison.groups
            ]
        )

    @property
    def first(self):
        """The changes of all groups as (what, sign, name), clinical ones first, at most twelve."""
        return [change for _title, changes, _more in self.groups for change in changes][:12]


@dataclass(frozen=True)
class Version:
    """One version of a page, with its four dates.

    `text_changed_at` is when its words were last changed.
    """

    number: int
    publication: Publication
    published_at: datetime
    text_changed_at: datetime
    searched_on: date | None
    confirmed_at: datetime | None
    is_current: bool
    changes: ChangesForReaders | None  # from the version before; None: it is the first

    @property
    def what_changed(self):
        return self.changes.first if self.changes else []


def versions_at(slug):
    """(the newest publication of the article at this address, its Versions, newest first). Raises
    Http404.

    At most three queries. Texts are read and compared for the first who asks, and never again.
    """
    newest = pages.at_address(slug)
    confirmed = Confirmation.objects.filter(publication=OuterRef("pk")).order_by("-pk")
    publications = list(
        Publication.objects.filter(article=newest.article_id)
        .select_related("revision")
        .defer("revision__frozen")
        .annotate(
            confirmed_at=Subquery(confirmed.values("at")[:1]),
            confirmed_search=Subquery(confirmed.values("evidence_searched_on")[:1]),
        )
        .order_by("number")
    )
    with translation.override(newest.language):  # what changed is said in the language of the page
        return newest, _versions(newest, publications)[::-1]


def _versions(newest, publications):
    revisions = [publication.revision for publication in publications]
    told = _told([(None, revisions[0]), *pairwise(revisions)])
    versions, text_changed_at = [], None
    for publication, (searched_on, changes) in zip(publications, told, strict=True):
        if text_changed_at is None or changes:
            text_changed_at = publication.at
        searched_on = date.fromisoformat(searched_on) if searched_on else None
        versions.append(
            Version(
                number=publication.number,
                publication=publication,
                published_at=publication.at,
                text_changed_at=text_changed_at,
                searched_on=publication.confirmed_search or searched_on,
                confirmed_at=publication.confirmed_at,
                is_current=publication.pk == newest.pk and not pages.is_withdrawn(newest),
                changes=changes,
            )
        )
    return versions


def version_at(slug, number):
    """(the newest publication, the one with this number, Told what changed since).

    Raises Http404.
    """
    newest = pages.at_address(slug)
    publication = (
        Publication.objects.filter(article=newest.article_id, number=number)
        .select_related("revision")
        .first()
    )
    if publication is None:
        raise Http404
    with translation.override(publication.language):
        return newest, publication, _told([(publication.revision, newest.revision)])[0][1]


def _told(pairs):
    """For each pair of revisions: (the day the later one says evidence was searched on, Told).

    Told is None where there is no earlier one. Kept under the two digests, since what was published
    never changes; why in each worker's memory: docs/decisions/0020.
    """
    cache, language = caches["comparisons"], translation.get_language()
    keys = [f"{language}:{one.digest if one else 'new'}:{other.digest}" for one, other in pairs]
    kept = cache.get_many(keys)
    made = {}
    new = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in kept}
    _read(revision for pair in new.values() for revision in pair if revision)
    for key, (before, after) in new.items():
        changes = ChangesForReaders.of(compare(before.content, after.content)) if before else None
        made[key] = after.content["evidence_searched_on"], changes
    if made:
        cache.set_many(made, _KEPT)
    return [(kept.get(key) or made[key]) for key in keys]


def _read(revisions):
    """Fetch the text of those that came without it. One query, or none."""
    unread = [revision for revision in revisions if "frozen" in revision.get_deferred_fields()]
    if unread:
        found = Revision.objects.filter(pk__in={one.pk for one in unread})
        frozen = dict(found.values_list("pk", "frozen"))
        for revision in unread:
            revision.frozen = frozen[revision.pk]
