"""The pages about a draft as a whole: preview, queue, review, comparison and log.

The acts of these pages are in articles.admin.review.acts.
"""

import csv
import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import (
    Article,
    AuditEntry,
    Publication,
    ReviewTask,
    Revision,
    Schedule,
)
from articles.notifications import inbox
from articles.page.page import Page
from articles.publishing import scheduling
from articles.refusals import Refused
from articles.revisions import freezing
from articles.revisions.comparing import compare
from physiohub import policy

from . import acts, confirming
from .page import ReviewPage
from .refused import RefusedAct, form_of
from .versions import versions_of

_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ReviewPages:
    """Mixin for the article's ModelAdmin: adds these pages and their addresses."""

    def get_urls(self):
        def at(address, view, name):
            return path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")

        return [
            at("queue/", self.queue, "queue"),
            at("<int:pk>/preview/", self.preview, "preview"),
            at("<int:pk>/review/", self.review, "review"),
            at("<int:pk>/review/confirm/", self.confirm, "review_confirm"),
            at("<int:pk>/compare/", self.compare, "compare"),
            at("<int:pk>/log.csv", self.log, "log"),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        """Show the draft as readers would get it. Saves nothing."""
        article = self._get(request, pk, policy.READ_DRAFT)
        content = freezing.freeze(article)
        context = {
            "page": Page(content, picture_url_name="admin:articles_picture_file"),
            "notices": [],
            "page_language": article.language,
        }
        return _private(render(request, "articles/draft_preview.html", context))

    def queue(self, request):
        """Show what waits for a review or a set time, the most urgent first.

        A POST assigns a review task.
        """
        self._require(request, policy.SEE_QUEUE)
        if request.method == "POST":
            return self._do_and_redirect(
                request, acts.assign, reverse("admin:articles_article_queue")
            )
        tasks = ReviewTask.objects.filter(request__closed_at=None).select_related(
            "request__article__owner", "request__requested_by", "assigned_to"
        )
        context = {
            "title": _("Waiting for a review"),
            "tasks": sorted(
                tasks,
                key=lambda task: (task.due_on is None, task.due_on, task.request.requested_at),
            ),
            "schedules": Schedule.objects.filter(outcome="").select_related("article"),
            "refused": (
                Schedule.objects.filter(outcome="refused")
                .select_related("article")
                .order_by("-ended_at")[:10]
            ),
            "overdue": Publication.objects.due(on=timezone.localdate()).select_related(
                "article__owner", "revision"
            ),
            "reviewers": sorted(
                inbox.reviewers(), key=lambda user: (user.last_name, user.username)
            ),
            "may_assign": policy.may(request.user, policy.REVIEW),
            "today": timezone.localdate(),
        }
        return _private(render(request, "admin/review/queue.html", context))

    def compare(self, request, pk):
        """Show what differs between two versions of the article."""
        article = self._get(request, pk, policy.COMPARE_VERSIONS)
        if request.method == "POST":
            return self._do_and_redirect(request, acts.restore, request.get_full_path(), article)
        versions = list(versions_of(article))
        if not versions:
            messages.warning(
                request, _("No version of this article was kept yet. Ask for a review first.")
            )
            return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article.pk]))
        numbers = {str(version["number"]): version["pk"] for version in versions}
        after = numbers.get(request.GET.get("after", ""), versions[0]["pk"])
        before = numbers.get(
            request.GET.get("before", ""), versions[min(1, len(versions) - 1)]["pk"]
        )
        revisions = Revision.objects.in_bulk({before, after})
        context = {
            "title": _("What differs: %s") % article,
            "article": article,
            "versions": versions,
            "before": revisions[before],
            "after": revisions[after],
            "comparison": compare(revisions[before].content, revisions[after].content),
            "may_restore": policy.may(request.user, policy.WRITE),
        }
        return _private(render(request, "admin/review/compare.html", context))

    def log(self, request, pk):
        """Return the audit log of the article, oldest first, as a file for a spreadsheet."""
        article = self._get(request, pk, policy.READ_HISTORY)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="log-{article.pk}.csv"'
        writer = csv.writer(response)
        writer.writerow(["at", "who", "act", "digest", "summary"])
        for entry in (
            AuditEntry.objects.filter(subject_uid=article.uid)
            .order_by("pk")
            .iterator(chunk_size=500)
        ):
            row = [entry.at.isoformat(), entry.actor, entry.act, entry.digest, entry.summary]
            # A spreadsheet would run a cell that begins like a formula.
            writer.writerow(
                [
                    f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
                    for cell in row
                ]
            )
        return _private(response)

    def review(self, request, pk):
        """Show the page as readers would get it, with its changes marked and the panel beside it.

        A POST does one act.
        """
        article = self._get(request, pk, policy.READ_REVIEW)
        if request.method == "POST":
            return self._do_act(request, article)
        return self._page(request, article)

    def confirm(self, request, pk):
        """Show what an act would do, before the person does it.

        The act is done and rolled back. So if it would be refused, it is refused here already, and
        the form keeps what was typed.
        """
        article = self._get(request, pk, policy.READ_REVIEW)
        posted = request.POST
        if cancelled := posted.get("back"):
            return self._page(request, article, RefusedAct(form_of(cancelled, posted), [], posted))
        act = posted.get("act")
        if act not in confirming.CONFIRMED_ACTS:
            return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article.pk]))
        before = Publication.objects.newest_of(article)
        try:
            with transaction.atomic():
                acts.ACTS[act](request, article, timezone.now())
                after = Publication.objects.newest_of(article)
                transaction.set_rollback(True)
        except Refused as refusal:
            return self._page(
                request, article, RefusedAct(form_of(act, posted), refusal.sentences, posted)
            )
        context = confirming.confirmation_context(
            article, act, posted, before=before, after=after, at=timezone.now()
        )
        return _private(render(request, "admin/review/confirm.html", context))

    def _page(self, request, article, refusal=None):
        """Return the review page. After a refusal it still holds what was typed."""
        against = request.GET.get("against", "")
        context = ReviewPage(article, request.user, against=against, refusal=refusal).context()
        context["outcomes"] = [
            (str(message), message.extra_tags) for message in messages.get_messages(request)
        ]
        return _private(render(request, "admin/review/page.html", context))

    def _do_act(self, request, article):
        name = request.POST.get("act")
        act = acts.ACTS.get(name)
        if act is None:
            raise PermissionDenied
        try:
            with transaction.atomic():
                message, place = act(request, article, timezone.now())
        except Refused as refusal:
            return self._page(
                request,
                article,
                RefusedAct(form_of(name, request.POST), refusal.sentences, request.POST),
            )
        messages.success(request, message, extra_tags=place)
        address = reverse("admin:articles_article_review", args=[article.pk])
        return HttpResponseRedirect(f"{address}#{place or 'where'}")

    def _do_and_redirect(self, request, act, back, *args):
        try:
            with transaction.atomic():
                messages.success(request, act(request, *args, timezone.now()))
        except Refused as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
        return HttpResponseRedirect(back)

    def _get(self, request, pk, act):
        """Return the article. Who may not do `act` does not learn whether there is one."""
        self._require(request, act)
        return get_object_or_404(scheduling.with_newest(Article.objects.all()), pk=pk)

    def _require(self, request, act):
        if not policy.may(request.user, act):
            raise PermissionDenied


def _private(response):
    response["Cache-Control"] = "no-store, private"
    return response
