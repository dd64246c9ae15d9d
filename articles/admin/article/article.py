"""The admin of articles: the form, the list, and the other pages of an article."""

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
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
from articles.models import Article, Finding, Publication
from articles.publishing import open_points, status
from articles.richtext import cleaning
from physiohub import policy

from . import preflight_json, rows
from .checklists import ChecklistPage
from .edits import RecordsEdits
from .evidence import EvidencePage
from .evidence_panel import panel
from .exporting import ReferenceFiles
from .feedback import FeedbackPage
from .form import ArticleForm
from .history import ArticleHistory
from .inlines import INLINES
from .names import NamesField
from .pasting_findings import PastingFindings
from .translating import TranslationPage

#: What the text editor needs besides the policy of the site, on its own pages only
#: (articles.richtext.editor).
_EDITOR_POLICY = csp_update({"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]})


class WhatIsOpen(admin.SimpleListFilter):
    """Articles about which one kind of thing is open, for example a safety notice."""

    title = _("what is open")
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.brief) for kind in open_points.KINDS]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(open_points.articles_with(self.value(), at=timezone.now()))


class ArticleList(ChangeList):
    """The list of articles, each with its `open_points`: one more query for the whole page."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        pks = [article.pk for article in self.result_list]
        found = open_points.open_articles(pks, at=timezone.now())
        leads_to_review = policy.may(request.user, policy.READ_REVIEW)
        for article in self.result_list:
            article.leads_to_review = leads_to_review
            article.open_points = found[article.pk].points if article.pk in found else []


@admin.register(Article)
class ArticleAdmin(
    KeepsWhatWasPosted,
    EvidencePage,
    PastingFindings,
    ChecklistPage,
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
    list_filter = [WhatIsOpen, "language", "tags"]
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
    inlines = INLINES

    @method_decorator(_EDITOR_POLICY)
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_queryset(self, request):
        live = Publication.objects.live().filter(article=OuterRef("pk"))
        findings = Finding.objects.filter(article=OuterRef("pk"))
        articles = (
            super()
            .get_queryset(request)
            .annotate(has_live_page=Exists(live), has_findings=Exists(findings))
        )
        return status.with_progress(articles.select_related(*self.autocomplete_fields))

    def has_view_permission(self, request, obj=None):
        return policy.may(request.user, policy.SEE_ARTICLES, policy.WRITE)

    def has_add_permission(self, request):
        return policy.may(request.user, policy.BEGIN)

    def has_change_permission(self, request, obj=None):
        return policy.may(request.user, policy.WRITE)

    def get_changelist(self, request, **kwargs):
        return ArticleList

    @admin.display(description=_("where it stands"))
    def where_it_stands(self, article):
        stands = status.progress_in_brief(article)
        if article.leads_to_review:
            address = reverse("admin:articles_article_review", args=[article.pk])
            stands = format_html('<a href="{}">{}</a>', address, stands)
        if is_open := status.open_in_brief(article.open_points):
            return format_html('{}<br><strong class="open-point">{}</strong>', stands, is_open)
        return stands

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
        for row in formset.forms:
            if picture := getattr(row, "described", None):
                # Other articles show it too.
                self.record_edit(request, picture, _("changed: %s") % row.fields["alt"].label)
        deleted_keys = {
            formset.data.get(f"{row.prefix}-claim_key") for row in formset.deleted_forms
        }
        if state := form.cleaned_data["evidence"]:
            # The evidence of a row is deleted with the row. The form still holds it, but it must
            # not come back as a claim without a place.
            state.claims = {
                key: claim for key, claim in state.claims.items() if key not in deleted_keys
            }

    def save_more(self, request, form):
        edits.match_claims_to_text(form.instance)
        if "language" in form.changed_data:
            edits.say_terms_in_its_language(form.instance)
        state = form.cleaned_data["evidence"]
        if state is None:
            return ""
        form.evidence_changes = linking.apply(
            form.instance, state, by=request.user, at=timezone.now()
        )
        return "; ".join(form.evidence_changes.sentences())

    def construct_change_message(self, request, form, formsets, add=False):
        """Say in words what happened to the evidence, instead of "changed evidence"."""
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
        context["is_nav_sidebar_enabled"] = False  # text and evidence need the room
        if not add and not self.has_change_permission(request, obj):
            return super().render_change_form(request, context, add, change, form_url, obj)
        if not add:
            context["progress"] = status.progress_in_brief(obj)
            context["open_points"] = open_points.open_points_of(obj.pk, at=timezone.now())
        posted = form["evidence"].value() if form.is_bound else ""
        context["evidence_panel"] = panel(
            None if add else obj, form.saved_evidence, posted, user=request.user
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    # The preflight of the unsaved form -----------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view(self.preflight_of_form)
        return [
            path("standing/", view, name="articles_article_standing"),
            path("<int:pk>/standing/", view, name="articles_article_standing"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def preflight_of_form(self, request, pk=None):
        """Return the check messages that the article would have if the form were saved now.

        The form is saved, checked and rolled back. It is the code that saves and the rules that
        block publishing, so what the author sees here is what publishing will say. Answers JSON:
        {"lines": [{"message": …, "findings": […]}], "ceilings": {claim key: level}, "reading": {…}}
        or {"cannot_save": [sentences]}.
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

    def _rehearsed(self, request, article):
        return JsonResponse(
            preflight_json.preflight_of_article(article, request.user, removed=request.rehearsal)
        )

    def response_add(self, request, obj, post_url_continue=None):
        if hasattr(request, "rehearsal"):
            return self._rehearsed(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if hasattr(request, "rehearsal"):
            return self._rehearsed(request, obj)
        return super().response_change(request, obj)
