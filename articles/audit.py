"""The record of who did what, and who therefore may not approve it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from physiohub import policy

from .models import AuditEntry, Publication

#: Records keep so many letters of a name. First and last name together may be longer.
LONGEST_NAME = 150
#: Entries of one kind that `record_first_of_a_day` makes about one thing in a day, at most.
MOST_IN_A_DAY = 100


def record(
    act: str,
    subject: Any,
    *,
    by: User | None,
    at: datetime,
    digest: str = "",
    summary: str = "",
    name: str = "",
) -> AuditEntry:
    """Write one entry about `subject` (anything with a uid, an account or a role).

    `by` is None for the site itself, and for a person without an account, whose `name` is given.
    """
    entry = unsaved_entry(act, subject, by=by, at=at, digest=digest, summary=summary, name=name)
    entry.save()
    return entry


def record_first_of_a_day(
    act: str,
    subject: Any,
    *,
    by: User | None,
    at: datetime,
    digest: str = "",
    summary: str = "",
    name: str = "",
) -> AuditEntry | None:
    """Write an entry unless the same one was written in the 24 hours before `at`.

    For what anybody can do again and again, like opening a page: the log cannot lose entries, so
    it must not be filled by reloading. In those hours there are at most MOST_IN_A_DAY entries of
    this act about `subject`, for addresses can be invented without end. Two queries.
    """
    entry = unsaved_entry(act, subject, by=by, at=at, digest=digest, summary=summary, name=name)
    lately = AuditEntry.objects.filter(
        subject_uid=entry.subject_uid, act=act, at__gt=at - timedelta(days=1)
    ).order_by()
    what = ("digest", "summary", "actor_id", "actor_name")
    written = list(lately.values_list(*what)[:MOST_IN_A_DAY])
    if len(written) == MOST_IN_A_DAY or tuple(getattr(entry, one) for one in what) in written:
        return None
    entry.save()
    return entry


def record_each(
    act: str, subjects: Iterable[Any], *, by: User | None, at: datetime, summary: str = ""
) -> None:
    """Write one entry about each of `subjects`, in one query."""
    AuditEntry.objects.bulk_create(
        unsaved_entry(act, subject, by=by, at=at, summary=summary) for subject in subjects
    )


def unsaved_entry(
    act: str,
    subject: Any,
    *,
    by: User | None,
    at: datetime,
    digest: str = "",
    summary: str = "",
    name: str = "",
) -> AuditEntry:
    """Return the entry that `record` writes, for callers who write many at once."""
    return AuditEntry(
        act=act,
        at=at,
        actor_id=by.pk if by else None,
        actor_name=name_of(by) if by else name or AuditEntry.THE_SITE,
        subject_type=subject._meta.model_name,
        subject_uid=_uid_of(subject),
        subject_name=str(subject)[:300],
        digest=digest,
        summary=summary,
    )


def entries_for(user: User) -> QuerySet[AuditEntry]:
    """Return the entries `user` may read: those about accounts are for administrators."""
    if policy.may(user, policy.SEE_ACCOUNTS):
        return AuditEntry.objects.all()
    return AuditEntry.objects.exclude(act__in=AuditEntry.OF_ACCOUNTS)


def _uid_of(subject: Any) -> UUID:
    """Return the uid of `subject`. That of an account or a role follows from its key."""
    found: UUID | None = getattr(subject, "uid", None)
    return found or uuid5(NAMESPACE_OID, f"{subject._meta.label_lower}:{subject.pk}")


def contributor_ids(
    uids: Iterable[str | UUID],
    *,
    since_publication_of: Any,
    always_counted: Iterable[str | UUID] = (),
) -> set[int]:
    """Return ids of accounts that edited any of these things since the article was last published.

    If it was never published: everybody who edited them. A publication in an emergency does not
    count: no colleague has read what they edited before it. `always_counted` are the uids of things
    whose editors count in any case. Entries are ordered by primary key, not by time, because clocks
    can be set back. One query.
    """
    in_an_emergency = Publication.objects.in_an_emergency().filter(
        article__uid=OuterRef("subject_uid"),
        revision__digest=OuterRef("digest"),
        at=OuterRef("at"),
    )
    published = AuditEntry.objects.filter(
        ~Exists(in_an_emergency.order_by()),
        subject_uid=since_publication_of.uid,
        act__in=[AuditEntry.Act.PUBLISHED, AuditEntry.Act.CORRECTED],
    ).order_by("-pk")
    since = Q(subject_uid__in=uids, pk__gt=Coalesce(Subquery(published.values("pk")[:1]), 0))
    entries = AuditEntry.objects.filter(
        since | Q(subject_uid__in=always_counted) if always_counted else since,
        act__in=[AuditEntry.Act.EDITED, AuditEntry.Act.IMPORTED],
        actor_id__isnull=False,
    )
    actors = entries.order_by().values_list("actor_id", flat=True).distinct()
    return {actor for actor in actors if actor is not None}


def name_of(user: Any) -> str:
    """Return the name of an account, never empty: for approvals, publications and the log.

    It comes from the account alone, which only administrators change. Anybody who writes may
    change a Person.
    """
    return str(user.get_full_name() or user.get_username())[:LONGEST_NAME]


def role_of(user: Any, language: str) -> str:
    """Return what readers of a page in `language` are told that the person does, "" if nobody said.

    It comes from the Person that an administrator tied to the account (articles.review.accounts).
    """
    person = getattr(user, "person", None)
    return person.role_in(language) if person else ""
