"""Who edited what a text shows, and therefore may not approve it."""

from typing import Literal

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

from articles import audit
from articles.models import LiveTerm, Publication, Revision
from articles.revisions import freezing

EDITED_IT = gettext_lazy(
    "You edited this text, or something it shows, since it was last published. "
    "Ask a colleague who did not to approve it."
)


def may_not_approve(revision: Revision, user: User) -> str:
    """The sentence that says why `user` may not approve this text; "" when they may."""
    return str(EDITED_IT) if user.pk in contributors(revision) else ""


def contributors(
    revision: Revision, *, live: Publication | Literal[False] | None = False
) -> set[int]:
    """Ids of the accounts that edited what `revision` shows since its article was last published.

    Counts the article, its rows, and the shared things it shows: conditions, people, references,
    words. A word comes into a text by itself, so whoever wrote what it means counts however long
    ago that was, until a second person has let some page with that meaning go live. `live` is the
    live publication (None: there is none) where it was fetched already. One query; up to three
    where the text explains words.
    """
    words = revision.content.get("words", ())
    uids = freezing.uids_in(revision.content)
    if not words:
        return audit.editors_of(uids, since_publication_of=revision.article)
    if live is False:
        live = Publication.objects.live_of(revision.article)
    was = live.revision.content.get("words", ()) if live else ()
    on_pages = LiveTerm.objects.filter(
        kind=LiveTerm.Kind.WORD,
        live__language=revision.content["language"],
        name__in=[row["word"] for row in words],
    )
    read = set(on_pages.values_list("name", "summary"))
    is_read = {row["uid"] for row in words if row in was or (row["word"], row["meaning"]) in read}
    unread = {row["uid"] for row in words if row["meaning"]} - is_read
    return audit.editors_of(uids - is_read, since_publication_of=revision.article, ever=unread)
