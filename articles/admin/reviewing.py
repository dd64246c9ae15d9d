"""Preview, review, publishing: the pages about a draft as a whole. They phrase; the services decide."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import freezing, preflight, publishing, reviewing
from articles.models import Article, Citation, Revision
from articles.page import Page
from articles.refusals import Refused
from articles.revising import digest_now


class ReviewPages:
    """Mixin for the article's ModelAdmin: adds the pages and their addresses."""

    def get_urls(self):
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="articles_article_preview"),
            path("<int:pk>/review/", self.admin_site.admin_view(self.review), name="articles_article_review"),
        ]
        return own + super().get_urls()

    def preview(self, request, pk):
        """The draft as readers would get it, through the same renderer; saves nothing."""
        article = self._get(request, pk)
        content = freezing.freeze(article)
        context = {
            "page": Page(content, pictures_at="admin:articles_picture_file"),
            "notices": [],
            "page_language": article.language,
        }
        response = render(request, "articles/draft_preview.html", context)
        response["Cache-Control"] = "no-store, private"
        return response

    def review(self, request, pk):
        """What is still missing, and the acts: ask for review, check evidence, approve, publish, withdraw."""
        article = self._get(request, pk)
        if request.method == "POST":
            return self._act(request, article)
        now = digest_now(article)
        revision = Revision.objects.filter(article=article, digest=now).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review and publishing: %s") % article,
            "opts": self.opts,
            "article": article,
            "digest": now,
            "findings": preflight.check(article),
            "revision": revision,
            "decisions": reviewing.standing_decisions(revision) if revision else [],
            "refusal": reviewing.may_not_approve(revision, request.user) if revision else "",
            "unchecked": Citation.objects.filter(claim__article=article, checked_by=None).select_related(
                "claim", "reference"
            ),
            "live": publishing.live_publication(article),
            "may_review": request.user.has_perm("articles.review_article"),
            "may_publish": request.user.has_perm("articles.publish_article"),
        }
        return TemplateResponse(request, "admin/articles/article/review.html", context)

    def _act(self, request, article):
        acts = {
            "submit": self._submit, "check": self._check, "approve": self._approve, "changes": self._ask_for_changes,
            "publish": self._publish, "withdraw": self._withdraw,
        }  # fmt: skip
        act = acts.get(request.POST.get("act"))
        if act is None:
            raise PermissionDenied
        try:
            with transaction.atomic():
                messages.success(request, act(request, article, timezone.now()))
        except Refused as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("admin:articles_article_review", args=[article.pk]))

    def _submit(self, request, article, at):
        reviewing.submit(article, by=request.user, at=at, note=request.POST.get("note", ""))
        return _("Review asked for. An editor who did not edit the text can approve it now.")

    def _check(self, request, article, at):
        citation = get_object_or_404(Citation, pk=request.POST.get("citation"), claim__article=article)
        reviewing.check_evidence(citation, by=request.user, at=at)
        return _("Noted: you read the source and it says this.")

    def _approve(self, request, article, at):
        reviewing.approve(
            self._revision(request, article), by=request.user, at=at, note=request.POST.get("note", ""),
            override_reason=request.POST.get("override_reason", ""),
        )  # fmt: skip
        return _("Approved as it stands. It can be published now.")

    def _ask_for_changes(self, request, article, at):
        reviewing.ask_for_changes(
            self._revision(request, article), by=request.user, at=at, note=request.POST.get("note", "")
        )
        return _("Noted. The author sees what you asked for.")

    def _publish(self, request, article, at):
        note = request.POST.get("note", "")
        publishing.publish(self._revision(request, article), by=request.user, at=at, change_note=note)
        return _("Published. Readers see it now.")

    def _withdraw(self, request, article, at):
        publishing.withdraw(article, by=request.user, at=at, reason=request.POST.get("note", ""))
        return _("Withdrawn. Readers are told why.")

    def _revision(self, request, article):
        """The text the person had before them; it may be older than the draft, and then the service says so."""
        revision = Revision.objects.filter(article=article, digest=request.POST.get("digest", "")).first()
        if revision is None:
            raise Refused(_("This text has not been sent for review yet. Ask for a review first."))
        return revision

    def _get(self, request, pk):
        article = get_object_or_404(Article, pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article
