"""The history of an article: what the audit log says of it, as sentences, newest first."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Article, AuditEntry, Publication, Revision

ON_A_PAGE = 50

_Act = AuditEntry.Act
#: What each act was, of a text whose version is known; `%(version)s` is the number drafts are kept
#: under.
_OF_A_VERSION = {
    _Act.SUBMITTED: _("asked for a review of version %(version)s"),
    _Act.APPROVED: _("approved version %(version)s"),
    _Act.CHANGES_REQUESTED: _("asked for changes to version %(version)s"),
    _Act.DECLINED: _("declined version %(version)s"),
    _Act.COMMENTED: _("made a remark on version %(version)s"),
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
_PUBLISHED = {
    _Act.PUBLISHED: _("published version %(version)s; readers have it as version %(number)s"),
    _Act.CORRECTED: _(
        "published a correction, version %(version)s; readers have it as version %(number)s"
    ),
    _Act.WITHDRAWN: _("took down the page readers had, version %(number)s"),
    _Act.CONFIRMED: _("confirmed that the page readers have is still right, version %(number)s"),
}
_ALONE = {
    _Act.EDITED: _("changed the draft"),
    _Act.IMPORTED: _("made the draft from a document"),
    _Act.CHECKED_EVIDENCE: _("read a source and found that it says what is claimed"),
    _Act.WITHDRAWN: _("took down the page readers had"),
}


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of the log, to be read."""

    entry: AuditEntry
    sentence: str
    version: int | None
    before: int | None  # the version it can be compared with


class ArticleHistory:
    """Mixin for the article's ModelAdmin.

    Its history, and no line in it for a save that changed nothing.
    """

    def history_view(self, request, object_id, extra_context=None):
        article = get_object_or_404(Article, pk=object_id if str(object_id).isdecimal() else 0)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
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
    """The Lines of these audit entries of `article`, in their order. Two queries."""
    versions = dict(Revision.objects.filter(article=article).values_list("digest", "number"))
    published = {}
    for publication in (
        Publication.objects.filter(article=article).order_by("number").select_related("revision")
    ):
        published.setdefault(publication.revision.digest, []).append(publication)
    return [
        _line(entry, versions.get(entry.digest), published.get(entry.digest, []))
        for entry in entries
    ]


def _line(entry, version, publications):
    # A text may have been published, withdrawn and published again: the newest that was there then.
    number = next((made.number for made in reversed(publications) if made.at <= entry.at), None)
    if entry.act in _PUBLISHED and number:
        what = _PUBLISHED[entry.act] % {"version": version, "number": number}
    elif entry.act in _OF_A_VERSION and version:
        what = _OF_A_VERSION[entry.act] % {"version": version}
    else:
        what = _ALONE.get(entry.act, entry.get_act_display())
    return HistoryEntry(
        entry,
        f"{entry.actor_name} {what}",
        version,
        version - 1 if version and version > 1 else None,
    )
