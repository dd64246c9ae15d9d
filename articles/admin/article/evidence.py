"""The page that shows the evidence of an article as a table, for people who check it."""

from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles import preflight
from articles.evidence import table
from physiohub import policy


class EvidencePage:
    """Mixin for the article's ModelAdmin: adds the page and its address."""

    def get_urls(self):
        page = path(
            "<int:pk>/evidence/",
            self.admin_site.admin_view(self.evidence),
            name="articles_article_evidence",
        )
        return [page, *super().get_urls()]

    def evidence(self, request, pk):
        article = self._get(request, pk, policy.READ_EVIDENCE)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Evidence: %s") % article,
            "opts": self.opts,
            "article": article,
            "matrix": table.evidence_table(preflight.DraftToCheck.of(article, evidence_only=True)),
            "may_open_claims": policy.may(request.user, policy.READ_CLAIMS),
        }
        return TemplateResponse(request, "admin/evidence/table.html", context)
