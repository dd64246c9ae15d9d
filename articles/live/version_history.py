"""The history of a page as readers see it: from publications alone, so no draft shows through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.core.cache import caches
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils import translation

from articles.models import Confirmation, Publication, Revision
from articles.revisions import contents
from articles.revisions.changes import Comparison
from articles.revisions.comparing import compare

from . import pages

#: Readers see so many changes of each group one by one, and how many more there are.
MOST_SHOWN = 100
#: Comparisons are kept this long (seconds).
_KEPT = 7 * 24 * 60 * 60


#: (kind of thing, what happened to it, its name)
ChangeInWords = tuple[str, str, str]

#: Lists whose changes are for colleagues.
_NOT_FOR_READERS = {rows.name for rows in contents.OWN_ROWS if not rows.is_for_readers}


@dataclass(frozen=True)
class ChangesForReaders:
    """What readers see of a comparison. Falsy: nothing differs."""

    # (title, changes, how many more there are)
    groups: list[tuple[str, list[ChangeInWords], int]]

    def __bool__(self) -> bool:
        return bool(self.groups)

    @classmethod
    def of(cls, comparison: Comparison) -> "ChangesForReaders":
        found = []
        for group in comparison.groups:
            if changes := [one for one in group.changes if one.code not in _NOT_FOR_READERS]:
                shown = [
                    (str(change.label), str(change.kind_label), change.name)
                    for change in changes[:MOST_SHOWN]
                ]
                found.append((str(group.title), shown, max(0, len(changes) - MOST_SHOWN)))
        return cls(found)

    @property
    def first(self) -> list[ChangeInWords]:
        """The changes of all groups, clinical ones first, at most twelve."""
        return [change for _title, changes, _more in self.groups for change in changes][:12]


@dataclass(frozen=True)
class Version:
    """One version of a page, with its four dates."""

    number: int
    publication: Publication
    published_at: datetime
    text_changed_at: datetime  # when its words were last changed
    searched_on: date | None
    confirmed_at: datetime | None
    is_current: bool
    changes: ChangesForReaders | None  # from the version before; None: it is the first

    @property
    def what_changed(self) -> list[ChangeInWords]:
        return self.changes.first if self.changes else []


def versions_at(slug: str) -> tuple[Publication, list[Version]]:
    """Return (the newest publication of the article at this address, its versions, newest first).

    Raises Http404. At most three queries. Texts are read and compared for the first reader who
    asks, and never again.
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
    # Changes are described in the language of the page.
    with translation.override(newest.language):
        return newest, _versions(newest, publications)[::-1]


#: (the day the evidence was searched, changes from the revision before)
_ComparedPair = tuple[str | None, ChangesForReaders | None]


def _versions(newest: Publication, publications: Sequence[Any]) -> list[Version]:
    """Return the versions of one article.

    `publications` are all of them, each with `confirmed_at` and `confirmed_search`.
    """
    revisions = [publication.revision for publication in publications]
    compared = _compared([(None, revisions[0]), *pairwise(revisions)])
    versions, text_changed_at = [], newest.at
    for publication, (searched, changes) in zip(publications, compared, strict=True):
        if changes is None or changes:
            text_changed_at = publication.at
        searched_on = date.fromisoformat(searched) if searched else None
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


def publication_at(slug: str, number: int) -> tuple[Publication, Publication]:
    """Return (the newest publication, the one with this number). Raises Http404."""
    newest = pages.at_address(slug)
    found = Publication.objects.filter(article=newest.article_id, number=number)
    publication = found.select_related("revision").first()
    if publication is None:
        raise Http404
    return newest, publication


def version_at(slug: str, number: int) -> tuple[Publication, Publication, ChangesForReaders | None]:
    """Return (the newest publication, the one with this number, what has changed since then).

    Raises Http404.
    """
    newest, publication = publication_at(slug, number)
    return newest, publication, changes_between(publication, newest)


def printed_at(slug: str, number: int, digest: str) -> tuple[Publication, Publication]:
    """Return (the newest publication, the one that was printed), by what the code on paper says.

    `digest` is the beginning of that of its revision, so this is never another article that had
    the address before or after. Raises Http404. Two queries.
    """
    found = Publication.objects.filter(
        slug=slug, number=number, revision__digest__startswith=digest
    )
    printed = found.select_related("revision").order_by("pk").last()
    if printed is None:
        raise Http404
    return pages.publications_to_show().newest().get(article=printed.article_id), printed


def changes_between(before: Publication, after: Publication) -> ChangesForReaders | None:
    """Return what readers see of the changes, in the language of `before`."""
    with translation.override(before.language):
        return _compared([(before.revision, after.revision)])[0][1]


def _compared(pairs: Sequence[tuple[Revision | None, Revision]]) -> list[_ComparedPair]:
    """Return (the day the evidence of the later one was searched, changes) of each pair.

    The changes are None where there is no earlier one. Kept under the two digests, since what was
    published never changes; why in each worker's memory: docs/decisions/0020.
    """
    cache, language = caches["comparisons"], translation.get_language()
    keys = [f"{language}:{one.digest if one else 'new'}:{other.digest}" for one, other in pairs]
    kept: dict[str, _ComparedPair] = cache.get_many(keys)
    made: dict[str, _ComparedPair] = {}
    new = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in kept}
    _read(revision for pair in new.values() for revision in pair if revision)
    for key, (before, after) in new.items():
        changes = ChangesForReaders.of(compare(before.content, after.content)) if before else None
        made[key] = after.content["evidence_searched_on"], changes
    if made:
        cache.set_many(made, _KEPT)
    return [(kept.get(key) or made[key]) for key in keys]


def _read(revisions: Iterable[Revision]) -> None:
    """Fetch the text of those that came without it. One query, or none."""
    unread = [revision for revision in revisions if "frozen" in revision.get_deferred_fields()]
    if unread:
        found = Revision.objects.filter(pk__in={one.pk for one in unread})
        frozen = dict(found.values_list("pk", "frozen"))
        for revision in unread:
            revision.frozen = frozen[revision.pk]
