"""The pages about sources in question: a list of all, and a page for each with its articles."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles.live import source_notices
from references import citing
from references.models import Reference

_PAGE_SIZE = 20


class ImpactPages:
    """Mixin for the ModelAdmin of safety notices: adds these pages, for owners and editors."""

    def get_urls(self):
        view = self.admin_site.admin_view
        urls = [
            path("impact/", view(self.impacts), name="articles_impact_list"),
            path("impact/<int:pk>/", view(self.impact), name="articles_impact"),
        ]
        return urls + super().get_urls()

    def impacts(self, request):
        self._require_view(request)
        reviews = request.user.has_perm("articles.review_article")
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
            "may_settle": request.user.has_perm("articles.publish_article"),
        }
        return self._page(request, "impact", _("What this source holds up"), context)

    def _require_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request, name, title, context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/safetynotice/{name}.html", context)
