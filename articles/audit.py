"""The record of who did what, and who therefore may not approve it."""

from .models import AuditEntry


def record(act, subject, *, by, at, digest="", summary=""):
    """Write one entry about `subject` (anything with a uid). `by` may be None for the site itself."""
    return AuditEntry.objects.create(
        act=act,
        at=at,
        actor_id=by.pk if by else None,
        actor_name=name_of(by) if by else "the site",
        subject_type=subject._meta.model_name,
        subject_uid=subject.uid,
        subject_name=str(subject)[:300],
        digest=digest,
        summary=summary,
    )


def editors_of(uids, *, since):
    """Ids of the accounts that edited any of these things after the entry whose key is `since` (None: ever).

    By the order in which entries were written, not by their time: clocks jump.
    """
    entries = AuditEntry.objects.filter(
        subject_uid__in=uids, act__in=[AuditEntry.Act.EDITED, AuditEntry.Act.IMPORTED], actor_id__isnull=False
    )
    if since is not None:
        entries = entries.filter(pk__gt=since)
    return set(entries.order_by().values_list("actor_id", flat=True).distinct())


def last_publication_of(article):
    """The key of the entry that tells of the article's last publication; None before the first."""
    acts = [AuditEntry.Act.PUBLISHED, AuditEntry.Act.CORRECTED]
    entries = AuditEntry.objects.filter(subject_uid=article.uid, act__in=acts)
    return entries.order_by("-pk").values_list("pk", flat=True).first()


def name_of(user):
    """A person as colleagues and readers know them, never empty."""
    person = getattr(user, "person", None)
    return (person.name if person else "") or user.get_full_name() or user.get_username()


def role_of(user):
    person = getattr(user, "person", None)
    return person.role if person else ""
