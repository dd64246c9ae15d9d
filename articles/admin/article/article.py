"""The article: written, found, and where its other pages hang."""

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.admin.conflicts.buffers import KeepsUnsavedWork
from articles.admin.conflicts.pages import ResolvesSaveConflicts
from articles.admin.conflicts.resending import KeepsWhatWasPosted
from articles.admin.imports.pages import ImportPages
from articles.admin.review.reviewing import ReviewPages
from articles.drafts import edits
from articles.evidence import linking
from articles.models import Article, Publication
from articles.publishing import status
from articles.richtext import cleaning

from . import preflight_json, rows
from .edits import RecordsEdits
from .evidence import EvidencePage
from .evidence_panel import panel
from .exporting import ReferenceFiles
from .feedback import FeedbackPage
from .form import ArticleForm
from .history import ArticleHistory
from .names import NamesField
from .pictures import PictureInline
from .translating import TranslationPage

#: What the editor needs beyond the site's policy; on its own pages only (articles.richtext.editor).
_EDITOR_POLICY = csp_update({"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]})


@admin.register(Article)
class ArticleAdmin(
    KeepsWhatWasPosted,
    EvidencePage,
    ImportPages,
    FeedbackPage,
    TranslationPage,
    ReferenceFiles,
    ReviewPages,
    KeepsUnsavedWork,
    ResolvesSaveConflicts,
    ArticleHistory,
    RecordsEdits,
    rows.ShowsWhatWasFetched,
    admin.ModelAdmin,
):
    form = ArticleForm
    list_display = ["title", "owner", "language", "modified_at", "where_it_stands", "is_live"]
    list_select_related = ["owner"]
    list_filter = ["language", "tags"]
    search_fields = ["title", "summary", "slug", "other_names"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["owner", "written_by", "translation_of"]
    view_on_site = False
    change_form_template = "admin/articles/article/change_form.html"
    change_list_template = "admin/articles/article/change_list.html"
    formfield_overrides = {models.JSONField: {"form_class": NamesField}}
    fieldsets = [
        (None, {"fields": ["title", "slug", "kicker", "summary", "other_names", "body"]}),
        (_("Comparison and safety"), {"fields": ["compared_with", "no_known_contraindications"]}),
        (
            _("About the page"),
            {
                "fields": [
                    "written_by",
                    "owner",
                    "language",
                    "translation_of",
                    "tags",
                    "evidence_searched_on",
                    "funding",
                    "conflicts",
                    "is_demonstration",
                ]
            },
        ),
    ]
    inlines = [*rows.INLINES, PictureInline]

    @method_decorator(_EDITOR_POLICY)
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_queryset(self, request):
        live = Publication.objects.live().filter(article=OuterRef("pk"))
        found = super().get_queryset(request).annotate(has_live_page=Exists(live))
        return status.with_progress(found.select_related(*self.autocomplete_fields))

    @admin.display(description=_("where it stands"))
    def where_it_stands(self, article):
        address = reverse("admin:articles_article_review", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, status.progress_in_brief(article))

    @admin.display(boolean=True, description=_("live"))
    def is_live(self, article):
        return article.has_live_page

    def save_model(self, request, obj, form, change):
        if obj.owner_id is None:
            obj.owner = request.user
        if "body" in form.changed_data and (
            removed := cleaning.clean_and_describe(form.data.get("body", "")).removed
        ):
            sentence = _("Taken out of the text, because pages may not hold it: %s.") % ", ".join(
                removed
            )
            if hasattr(request, "rehearsal"):
                request.rehearsal.append(sentence)
            else:
                messages.warning(request, sentence)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        gone = {formset.data.get(f"{row.prefix}-claim_key") for row in formset.deleted_forms}
        if state := form.cleaned_data["evidence"]:
            # Evidence goes with its row; what the form still says of it must not come back as a
            # claim without a place.
            state.claims = {key: claim for key, claim in state.claims.items() if key not in gone}

    def save_more(self, request, form):
        edits.match_claims_to_text(form.instance)
        state = form.cleaned_data["evidence"]
        if state is None:
            return ""
        form.evidence_changes = linking.apply(
            form.instance, state, by=request.user, at=timezone.now()
        )
        return "; ".join(form.evidence_changes.sentences())

    def construct_change_message(self, request, form, formsets, add=False):
        """What happened to the evidence in words, in place of "changed evidence"."""
        message = super().construct_change_message(request, form, formsets, add)
        if changes := getattr(form, "evidence_changes", None):
            for entry in message:
                fields = entry.get("changed", {}).get("fields", [])
                if form.fields["evidence"].label in fields:
                    fields.remove(form.fields["evidence"].label)
                    fields.extend(changes.sentences())
        return message

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        context["is_nav_sidebar_enabled"] = False  # the room is for text and evidence
        if not add and not self.has_change_permission(request, obj):
            return super().render_change_form(request, context, add, change, form_url, obj)
        posted = form["evidence"].value() if form.is_bound else ""
        context["evidence_panel"] = panel(None if add else obj, form.saved_evidence, posted)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- where the author stands ---------------------------------------------------------------
    def get_urls(self):
        standing = self.admin_site.admin_view(self.standing)
        return [
            path("standing/", standing, name="articles_article_standing"),
            path("<int:pk>/standing/", standing, name="articles_article_standing"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def standing(self, request, pk=None):
        """What the publishing gate would say if the form were saved as it stands now: it is saved,
        asked, undone.

        The very code that saves and the very rules that gate, so that author and gate cannot
        disagree. Answers JSON: {"findings": […], "ceilings": {claim key: level}, "reading": {…}} or
        {"cannot_save": [sentences]}.
        """
        request.rehearsal = []
        with transaction.atomic():
            response = self.changeform_view(request, str(pk) if pk else None)
            transaction.set_rollback(True)
        if isinstance(response, JsonResponse):
            return response
        if hasattr(response, "context_data"):
            return JsonResponse(preflight_json.preflight_of_refused_form(response.context_data))
        raise Http404

    def response_add(self, request, obj, post_url_continue=None):
        if hasattr(request, "rehearsal"):
            return JsonResponse(preflight_json.preflight_of_article(obj, removed=request.rehearsal))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if hasattr(request, "rehearsal"):
            return JsonResponse(preflight_json.preflight_of_article(obj, removed=request.rehearsal))
        return super().response_change(request, obj)
