"""The references of a draft as a file."""

from django.http import Http404
from django.urls import path

from articles.live import cited_works
from articles.public.reference_pages import reference_file
from articles.revisions import freezing
from physiohub import policy
from references import exporting


class ReferenceFiles:
    """Mixin for the article's ModelAdmin: adds the file of the references of the draft.

    The public address gives the same for the live text.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.references)
        return [
            path("<int:pk>/references.<str:suffix>", view, name="articles_article_references"),
            *super().get_urls(),
        ]

    def references(self, request, pk, suffix):
        article = self._get(request, pk, policy.EXPORT_SOURCES)
        if suffix not in exporting.SUFFIXES:
            raise Http404
        references = cited_works.references_in_page_order(freezing.freeze(article))
        return reference_file(
            references, exporting.kind_of(suffix), f"{article.slug}-draft-references"
        )
