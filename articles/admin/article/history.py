"""The history of an article: the entries of the audit log as sentences, newest first."""

import re
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import AuditEntry, Publication, Revision
from physiohub import policy

ON_A_PAGE = 50

_Act = AuditEntry.Act
#: {act: words}, if the version is known. `%(version)s` is the number of the kept revision.
_OF_A_VERSION = {
    _Act.SUBMITTED: _("asked for a review of version %(version)s"),
    _Act.APPROVED: _("approved version %(version)s"),
    _Act.CHANGES_REQUESTED: _("asked for changes to version %(version)s"),
    _Act.DECLINED: _("declined version %(version)s"),
    _Act.COMMENTED: _("made a comment on version %(version)s"),
    _Act.SCHEDULED: _("set a time for publishing version %(version)s"),
    _Act.UNSCHEDULED: _("took back the time set for publishing version %(version)s"),
    _Act.SCHEDULE_REFUSED: _("did not publish version %(version)s at the time set"),
    _Act.INVITED: _("invited a reader to version %(version)s"),
    _Act.OPENED: _("opened the invitation to read version %(version)s"),
    _Act.ANSWERED: _("answered the questions about version %(version)s"),
    _Act.OVERRODE: _("approved version %(version)s in an emergency, having edited it"),
    _Act.DISPUTED_EVIDENCE: _(
        "found in version %(version)s that a source does not say what is claimed"
    ),
}
#: The same, for acts on a live text. `%(number)s` is the version that readers have.
_PUBLISHED = {
    _Act.PUBLISHED: _("published version %(version)s; readers have it as version %(number)s"),
    _Act.CORRECTED: _(
        "published a correction, version %(version)s; readers have it as version %(number)s"
    ),
    _Act.WITHDRAWN: _("took down the page readers had, version %(number)s"),
    _Act.CONFIRMED: _("confirmed that the page readers have is still right, version %(number)s"),
}
#: The same, if no version is known.
_WITHOUT_VERSION = {
    _Act.EDITED: _("changed the draft"),
    _Act.IMPORTED: _("made the draft from a document"),
    _Act.CHECKED_EVIDENCE: _("read a source and found that it says what is claimed"),
    _Act.WITHDRAWN: _("took down the page readers had"),
}


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of the log, with a sentence for it."""

    entry: AuditEntry
    sentence: str
    version: int | None
    before: int | None  # the version it can be compared with


class ArticleHistory:
    """Mixin for the article's ModelAdmin: shows the history.

    A save that changed nothing does not appear in it.
    """

    def history_view(self, request, object_id, extra_context=None):
        is_number = re.fullmatch(r"[0-9]{1,19}", str(object_id))
        article = self._get(request, object_id if is_number else 0, policy.READ_HISTORY)
        entries = AuditEntry.objects.filter(subject_uid=article.uid)
        shown = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % article,
            "article": article,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            "object": article,
            "shown": shown,
            "pages": shown.paginator.get_elided_page_range(shown.number),
            "ellipsis": shown.paginator.ELLIPSIS,
            "lines": history_entries(article, shown.object_list),
            "compare": reverse("admin:articles_article_compare", args=[article.pk]),
            **(extra_context or {}),
        }
        return render(request, "admin/articles/article/history.html", context)

    def log_change(self, request, obj, message):
        if message:
            return super().log_change(request, obj, message)
        return None


def history_entries(article, entries):
    """Return a HistoryEntry for each of these entries of `article`, in their order. Two queries."""
    versions = dict(Revision.objects.filter(article=article).values_list("digest", "number"))
    published = {}
    for publication in (
        Publication.objects.filter(article=article).order_by("number").select_related("revision")
    ):
        published.setdefault(publication.revision.digest, []).append(publication)
    return [
        _history_entry(entry, versions.get(entry.digest), published.get(entry.digest, []))
        for entry in entries
    ]


def _history_entry(entry, version, publications):
    # A text may be published, withdrawn and published again. This takes the newest one at the time.
    number = next(
        (
            publication.number
            for publication in reversed(publications)
            if publication.at <= entry.at
        ),
        None,
    )
    if entry.act in _PUBLISHED and number:
        act = _PUBLISHED[entry.act] % {"version": version, "number": number}
    elif entry.act in _OF_A_VERSION and version:
        act = _OF_A_VERSION[entry.act] % {"version": version}
    else:
        act = _WITHOUT_VERSION.get(entry.act, entry.get_act_display())
    return HistoryEntry(
        entry,
        f"{entry.actor} {act}",
        version,
        version - 1 if version and version > 1 else None,
    )
