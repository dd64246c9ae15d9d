"""Newer versions of works: that a review or a guideline came out again, and where.

Crossref calls it `new_version`, PubMed `UpdateIn`. Cochrane gives each version of a review a DOI of
its own, “10.1002/14651858.CD003523.pub3”, so the library itself shows where it has a newer one. And
a person may say of a reference that it is a version of another. All of it becomes a Notice about
the older work. Such a notice changes no state: the older version says what it always said.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from . import citing, integrity
from .formats.records import FoundNotice
from .models import Notice, Reference

_COCHRANE = re.compile(r"(10\.1002/14651858\.[a-z]{2}[0-9]{6})(?:\.pub([0-9]{1,2}))?")
#: No review has come out more often.
_MOST_VERSIONS = 30


@dataclass(frozen=True)
class NewerVersion:
    """A newer version of a work. `reference` is None where the library does not have it yet."""

    doi: str
    pmid: str
    on: date | None
    label: str
    reference: Reference | None

    @property
    def identifier(self) -> str:
        """What to paste to look it up; "" where nothing is known but its words."""
        return self.doi or (f"PMID: {self.pmid}" if self.pmid else "")


def newer_versions(references: Collection[Reference]) -> dict[int, NewerVersion]:
    """Return {primary key: the newest version known} of those `references` that have a newer one.

    A version that was itself retracted is none. One query where there is nothing to tell, else two.
    """
    pks = [reference.pk for reference in references]
    notices = list(Notice.objects.filter(kind=Notice.Kind.NEW_VERSION, reference__in=pks))
    return _newest(notices) if notices else {}


def newer_versions_by_uid(uids: Iterable[UUID | str]) -> dict[str, NewerVersion]:
    """Return the same by uid; a uid may be that of a row which was merged into another."""
    uids = list(uids)
    is_named = Q(reference__uid__in=uids) | Q(reference__merged_from__uid__in=uids)
    notices = list(Notice.objects.filter(is_named, kind=Notice.Kind.NEW_VERSION).distinct())
    if not notices:
        return {}
    newest = _newest(notices)
    rows = Reference.objects.filter(uid__in=uids).values_list("uid", "pk", "merged_into")
    return {
        str(uid): newest[merged_into or pk]
        for uid, pk, merged_into in rows
        if (merged_into or pk) in newest
    }


def _newest(notices):
    named = Q(doi_key__in=[notice.doi.lower() for notice in notices if notice.doi])
    named |= Q(pmid__in=[notice.pmid for notice in notices if notice.pmid])
    named |= Q(version_of__in=[notice.reference_id for notice in notices])
    rows = list(Reference.objects.current().filter(named).defer("raw", "payload"))
    found = {}
    for notice in notices:
        row = next((row for row in rows if _is_named_by(notice, row)), None)
        if row is not None and (row.pk == notice.reference_id or not row.counts_as_evidence):
            continue
        newer = NewerVersion(notice.doi, notice.pmid, notice.date, notice.label, row)
        rank = _number(notice.doi), notice.date or date.min, row is not None, notice.pk
        found[notice.reference_id] = max(
            found.get(notice.reference_id, (rank, newer)), (rank, newer), key=lambda each: each[0]
        )
    return {pk: newer for pk, (_rank, newer) in found.items()}


def _is_named_by(notice, row):
    if notice.doi or notice.pmid:
        return bool(
            (notice.doi and row.doi_key == notice.doi.lower())
            or (notice.pmid and row.pmid == notice.pmid)
        )
    return row.version_of_id == notice.reference_id


def _number(doi):
    """Return which version of a Cochrane review has this DOI; 0 for any other work."""
    match = _COCHRANE.fullmatch(doi.lower())
    return int(match[2] or 1) if match else 0


# What the library itself shows -----------------------------------------------------------------


def note_newer_versions(
    references: Iterable[Reference], *, by: User | None, at: datetime
) -> list[Notice]:
    """Write a notice on every work of which the library has a newer version, by `references`.

    They may be the older or the newer ones. Returns the new notices. No query for works that are
    neither a Cochrane review nor said to be a version of another.
    """
    references = list(references)
    older_and_newer = _cochrane_pairs(references)
    older_and_newer += [
        (older.survivor, reference) for reference in references if (older := reference.version_of)
    ]
    new = []
    for older, newer in older_and_newer:
        notice = FoundNotice(
            Notice.Kind.NEW_VERSION,
            doi=newer.doi,
            pmid=newer.pmid or "",
            source="library",
            label=citing.ama(newer.csl)[:300],
        )
        if newer.pk != older.pk and newer.counts_as_evidence:
            new += integrity.record_notices(older, [notice], by=by, at=at, is_checked=False)
    return new


def _cochrane_pairs(references):
    reviews = {
        match[1]
        for reference in references
        if reference.doi_key and (match := _COCHRANE.fullmatch(reference.doi_key))
    }
    if not reviews:
        return []
    dois = [
        f"{review}{ending}"
        for review in reviews
        for ending in ("", *(f".pub{number}" for number in range(1, _MOST_VERSIONS)))
    ]
    versions: dict[str, list[Reference]] = {}
    for row in Reference.objects.current().filter(doi_key__in=dois).defer("raw", "payload"):
        versions.setdefault(_COCHRANE.fullmatch(row.doi_key)[1], []).append(row)
    pairs = []
    for rows in versions.values():
        newest = max(rows, key=lambda row: _number(row.doi_key))
        pairs += [(row, newest) for row in rows if row is not newest]
    return pairs
