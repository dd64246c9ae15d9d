"""The pages about sources in question: a list of all, and a page for each with its articles."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.drafts import newer_versions
from articles.live import source_notices
from articles.refusals import Refused
from physiohub import policy
from references import citing, pairs, versions
from references.models import Reference

_PAGE_SIZE = 20


def _newer_version_of(reference):
    return versions.newer_versions([reference]).get(reference.pk)


class ImpactPages:
    """Mixin for the ModelAdmin of safety notices: adds these pages, for owners and editors."""

    def get_urls(self):
        view = self.admin_site.admin_view
        urls = [
            path("impact/", view(self.impacts), name="articles_impact_list"),
            path("impact/<int:pk>/", view(self.impact), name="articles_impact"),
            path("impact/<int:pk>/newer/", view(self.newer), name="articles_newer_version"),
        ]
        return urls + super().get_urls()

    def impacts(self, request):
        self._require_view(request)
        reviews = policy.may(request.user, policy.REVIEW)
        page = Paginator(
            source_notices.references_in_question(request.user, reviews=reviews), _PAGE_SIZE
        ).get_page(request.GET.get("page"))
        context = {"page": page, "references": list(page), "reviews": reviews}
        return self._page(request, "impacts", _("Sources in question"), context)

    def impact(self, request, pk):
        self._require_view(request)
        in_question = source_notices.reference_in_question(
            get_object_or_404(Reference.objects.defer("raw", "payload"), pk=pk)
        )
        context = {
            "found": in_question,
            "printed": citing.ama_html(in_question.reference.csl),
            "may_settle": policy.may(request.user, policy.SETTLE_NOTICE),
            "newer": _newer_version_of(in_question.reference),
        }
        return self._page(request, "impact", _("What this source holds up"), context)

    def newer(self, request, pk):
        """Compare a source with its newer version. POST `article`s: their drafts cite that one."""
        self._require_view(request)
        older = get_object_or_404(Reference.objects.defer("payload"), pk=pk)
        newer = _newer_version_of(older)
        drafts = source_notices.impact(older).drafts
        if request.method == "POST" and newer and newer.reference:
            return self._move(request, older, newer.reference, drafts)
        both = [older, newer.reference] if newer and newer.reference else []
        context = {
            "older": older,
            "newer": newer,
            "printed": [(row, citing.ama_html(row.csl)) for row in both],
            "fields": pairs.side_by_side(both) if both else [],
            "drafts": drafts,
            "may_move": policy.may(request.user, policy.WRITE),
            "may_add": policy.may(request.user, policy.ADD_REFERENCES),
        }
        return self._page(request, "newer_version", _("A newer version of this source"), context)

    def _move(self, request, older, newer, drafts):
        chosen = set(request.POST.getlist("article"))
        articles = [draft.article for draft in drafts if str(draft.article.pk) in chosen]
        try:
            changed = newer_versions.move_citations(
                older, newer, articles, by=request.user, at=timezone.now()
            )
        except Refused as reason:
            self.message_user(request, str(reason), messages.ERROR)
            changed = []
        for article in changed:
            address = reverse("admin:articles_article_review", args=[article.pk])
            self.message_user(
                request,
                format_html(
                    _("The draft “{}” cites the newer version now. {}"),
                    article,
                    format_html('<a href="{}">{}</a>', address, _("Look at what is to do")),
                ),
                messages.SUCCESS,
            )
        if not articles:
            self.message_user(request, _("Choose at least one draft."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:articles_newer_version", args=[older.pk]))

    def _require_view(self, request):
        if not policy.may(request.user, policy.SEE_DOUBTED_SOURCES):
            raise PermissionDenied

    def _page(self, request, name, title, context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/safetynotice/{name}.html", context)
