"""The article: written, found, and where its other pages hang."""

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from articles import editing
from articles.models import Article, Publication
from articles.richtext import cleaning

from . import rows
from .article_form import ArticleForm
from .buffers import KeepsUnsavedWork
from .edits import RecordsEdits
from .merging import Merges
from .resending import KeepsWhatWasPosted
from .reviewing import ReviewPages

#: What the editor needs beyond the site's policy; on its own pages only (articles.richtext.ckeditor).
_EDITOR_POLICY = csp_update({"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]})


@admin.register(Article)
class ArticleAdmin(KeepsWhatWasPosted, ReviewPages, KeepsUnsavedWork, Merges, RecordsEdits, admin.ModelAdmin):
    form = ArticleForm
    list_display = ["title", "owner", "language", "modified_at", "is_live"]
    list_select_related = ["owner"]
    list_filter = ["language", "tags"]
    search_fields = ["title", "summary", "slug", "other_names"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["owner", "written_by", "translation_of"]
    save_on_top = True
    view_on_site = False
    change_form_template = "admin/articles/article/change_form.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", "kicker", "summary", "other_names", "body", "seen_version"]}),
        (_("Comparison and safety"), {"fields": ["compared_with", "no_known_contraindications"]}),
        (
            _("About the page"),
            {
                "fields": [
                    "written_by", "owner", "language", "translation_of", "tags", "evidence_searched_on", "funding",
                    "conflicts", "is_demonstration",
                ]
            },
        ),
    ]  # fmt: skip
    inlines = rows.INLINES

    @method_decorator(_EDITOR_POLICY)
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_queryset(self, request):
        live = Publication.objects.live().filter(article=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_live_page=Exists(live))

    @admin.display(boolean=True, description=_("live"))
    def is_live(self, article):
        return article.has_live_page

    def save_model(self, request, obj, form, change):
        if obj.owner_id is None:
            obj.owner = request.user
        if "body" in form.changed_data and (removed := cleaning.clean_and_tell(form.data.get("body", "")).removed):
            messages.warning(
                request, _("Taken out of the text, because pages may not hold it: %s.") % ", ".join(removed)
            )
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        editing.match_claims_to_text(form.instance)
