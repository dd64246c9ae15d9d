"""The people who edited what a text shows. They may not approve it."""

from typing import Literal

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from articles import audit
from articles.models import LiveTerm, LiveTotal, Publication, Revision
from articles.revisions import freezing

EDITED_IT = gettext_lazy(
    "You edited this text, or something it shows, since it was last published. "
    "Ask a colleague who did not to approve it."
)


def may_not_approve(revision: Revision, user: User) -> str:
    """Return a sentence that says why `user` may not approve this text, or "" if they may."""
    return str(EDITED_IT) if user.pk in contributors(revision) else ""


def contributors(
    revision: Revision, *, live: Publication | Literal[False] | None = False
) -> set[int]:
    """Return the ids of accounts that edited what `revision` shows since the last publication.

    The article counts, with its rows and the shared things it shows: conditions, people, references
    and glossary terms. A glossary term is shown wherever a text uses its word, without anybody
    adding it. So the author of its meaning counts at any age, until a second person has published a
    page with that meaning. `live` is the live publication, if it was fetched already (None: there
    is none). One query; up to three if the text explains glossary terms.
    """
    terms = revision.content.get("words", ())
    uids = freezing.uids_in(revision.content)
    if not terms:
        return audit.contributor_ids(uids, since_publication_of=revision.article)
    if live is False:
        live = Publication.objects.live_of(revision.article)
    # What went out in an emergency was not read by a second person.
    checked = live if live and not live.is_emergency else None
    live_terms = checked.revision.content.get("words", ()) if checked else ()
    by_colleagues = LiveTerm.objects.filter(
        total=OuterRef("pk"), live__publication__override_reason=""
    )
    # One row for each meaning, however many pages explain the word so.
    on_live_pages = LiveTotal.objects.filter(
        Exists(by_colleagues.order_by()),
        kind=LiveTotal.Kind.WORD,
        language=revision.content["language"],
        name__in=[term["word"] for term in terms],
    )
    live_meanings = set(on_live_pages.values_list("name", "summary"))
    approved = {
        term["uid"]
        for term in terms
        if term in live_terms or (term["word"], term["meaning"]) in live_meanings
    }
    not_approved = {term["uid"] for term in terms if term["meaning"]} - approved
    return audit.contributor_ids(
        uids - approved, since_publication_of=revision.article, always_counted=not_approved
    )
