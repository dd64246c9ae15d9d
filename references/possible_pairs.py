"""Pairs of references that may be one work, found as references come in.

Each reference has a few keys (MatchingKey), and only references that share one are compared. So a
new reference costs the same in a library of any size, and a page that lists the pairs only reads
them.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from . import csl as csl_json
from . import matching
from .models import Distinct, MatchingKey, PossiblePair, Reference

Likeness = PossiblePair.Likeness

#: References compared in one transaction.
_BATCH = 200
#: Of more references with one key nobody can say which are one work: "Editorial Board 2019".
_LARGEST_GROUP = 60
#: The beginning of a title that is enough to look at the rest.
_BEGINNING = 24
#: Titles at least this alike belong to one work if the volume and the first page agree too.
_SIMILAR_TITLE = 0.6
_NUMBER = re.compile(r"\d+")


def keys_of(reference: Reference) -> set[str]:
    """Return what another reference of the same work would have too, at least in part."""
    keys = set()
    title, author = reference.title_key, csl_json.title_key(reference.first_author)
    if reference.isbn13:
        keys.add(f"isbn {reference.isbn13}")
    if len(title) >= matching.SHORTEST_TITLE:
        keys |= {f"title {title}", f"begins {title[:_BEGINNING]}"}
    page = matching.first_page(reference.page)
    if reference.volume and page:
        keys.add(f"place {reference.volume} {page}")
    if author and reference.year:
        # Of two years that are one apart, as print and online are, each half is shared by one.
        keys |= {f"author {author} {half}" for half in {reference.year, reference.year + 1}}
    return {_short(key) for key in keys}


def _short(key):
    if len(key) <= 120:
        return key
    return f"{key[:60]} {hashlib.sha256(key.encode()).hexdigest()[:50]}"


def likeness_of(one: Reference, other: Reference) -> Likeness | None:
    """Return why two references may be one work; None where nobody needs to look."""
    conflict = matching.identifiers_conflict(one, other)
    owns = matching.owns_isbn(one.type) and matching.owns_isbn(other.type)
    same_title = bool(one.title_key) and one.title_key == other.title_key
    if one.isbn13 and one.isbn13 == other.isbn13 and (owns or same_title):
        return Likeness.ISBN
    if matching.may_be_same(one, other):
        return Likeness.TITLE
    if conflict or not matching.same_year(one, other):
        return None
    if _has_nearly_the_title_of(one, other):
        return Likeness.SPELLING
    return Likeness.PLACE if _has_the_place_of(one, other) else None


def _has_nearly_the_title_of(one, other):
    if not matching.same_title(one.title, other.title):
        return False
    # "Part 1" and "part 2" are as alike as a title and its misprint.
    if _NUMBER.findall(one.title) != _NUMBER.findall(other.title):
        return False
    return _may_agree(matching.same_author(one, other), one.first_author, other.first_author)


def _has_the_place_of(one, other):
    places = [(work.volume, matching.first_page(work.page)) for work in (one, other)]
    if places[0] != places[1] or not all(places[0]):
        return False
    journals = [csl_json.title_key(work.container_title)[:8] for work in (one, other)]
    same_journal = journals[0] == journals[1] and bool(journals[0])
    return (
        same_journal
        or matching.same_author(one, other)
        or matching.similarity(one.title, other.title) >= _SIMILAR_TITLE
    )


def _may_agree(agrees, value, other_value):
    """What is not given speaks against nothing."""
    return agrees or not (value and other_value)


def compare_new(*, most: int = 1_000) -> int:
    """Compare references that changed since they were last compared, at most about `most`.

    Returns how many are left. Each takes about a millisecond.
    """
    for _batch in range(0, most, _BATCH):
        if not _compare_batch():
            return 0
    return Reference.objects.filter(is_compared=False).count()


@transaction.atomic
def _compare_batch():
    """Compare a few references; returns whether there may be more."""
    waiting = Reference.objects.filter(is_compared=False).order_by("pk")
    rows = {row.pk: row for row in _described(waiting)[:_BATCH]}
    if not rows:
        return False
    keys = {pk: keys_of(row) for pk, row in rows.items() if row.merged_into_id is None}
    MatchingKey.objects.filter(reference__in=rows).delete()
    PossiblePair.objects.filter(Q(one__in=rows) | Q(other__in=rows)).delete()
    MatchingKey.objects.bulk_create(
        MatchingKey(reference_id=pk, key=key) for pk, found in keys.items() for key in sorted(found)
    )
    PossiblePair.objects.bulk_create(_pairs_among(rows, keys), ignore_conflicts=True)
    # No save: that would derive everything again.
    Reference.objects.filter(pk__in=rows).update(is_compared=True)
    return len(rows) == _BATCH


def _pairs_among(rows: dict[int, Reference], keys: dict[int, set[str]]) -> Iterator[PossiblePair]:
    """Yield the pairs of `rows` with each other and with the rest of the library."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    shared = MatchingKey.objects.filter(key__in={key for found in keys.values() for key in found})
    for pk, key in shared.filter(reference__merged_into=None).values_list("reference", "key"):
        groups[key].append(pk)
    near = {
        (one, other)
        for group in groups.values()
        if len(group) <= _LARGEST_GROUP
        for one, other in combinations(sorted(group), 2)
        if one in rows or other in rows
    }
    others = {pk for pair in near for pk in pair if pk not in rows}
    works = rows | {row.pk: row for row in _described(Reference.objects.filter(pk__in=others))}
    for one, other in sorted(near):
        if likeness := likeness_of(works[one], works[other]):
            is_certain = matching.is_certain(works[one], works[other])
            yield PossiblePair(one_id=one, other_id=other, likeness=likeness, is_certain=is_certain)


def _described(references: QuerySet[Reference]) -> QuerySet[Reference]:
    """Return `references` without what is large and describes no work."""
    return references.defer("raw", "payload", "field_source", "repairs")


def open_pairs() -> QuerySet[PossiblePair]:
    """Return the pairs that nobody has decided about, certain ones first."""
    told_apart = Distinct.objects.filter(one=OuterRef("one"), other=OuterRef("other"))
    return PossiblePair.objects.filter(
        ~Exists(told_apart), one__merged_into=None, other__merged_into=None
    )
