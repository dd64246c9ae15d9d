"""The admin of single claims, citations and rows: for reviewers, and without JavaScript."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.conflicts.pages import ResolvesSaveConflicts, restore_identity
from articles.evidence import linking
from articles.models import (
    Alternative,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    Citation,
    Claim,
    ComparisonRow,
    Finding,
    HelpAdvice,
    Indication,
    KeyPoint,
    Question,
    ReadingListEntry,
    Recommendation,
    RelatedPage,
    Step,
)
from physiohub.belonging import BelongingForm, StaysWhereItBelongs

from .edits import RecordsEdits
from .findings import StartingRisksField

_OF_ITS_ROW = ("outcome", "population", "comparator", "direction", "size")


class CitationInline(admin.StackedInline):
    model = Citation
    extra = 0
    autocomplete_fields = ["reference"]
    fields = [
        ("reference", "stance"),
        ("design", "population_match"),
        ("locator_kind", "locator"),
        "quote",
        ("source_certainty", "source_scheme"),
        "note_public",
        "note_private",
        "override_reason",
        "position",
    ]


class ClaimForm(BelongingForm):
    """If the words changed since evidence was linked, a person can confirm that it still fits.

    The form says which words the person read. If they change meanwhile, as they do where a shared
    term is renamed, the save meets a conflict like any other.
    """

    words_read = forms.CharField(label=_("words"), required=False, widget=forms.HiddenInput)
    evidence_fits = forms.BooleanField(
        label=_("the evidence still fits these words"),
        required=False,
        help_text=_(
            "Tick this after reading the sources again. A colleague then checks the evidence once"
            " more."
        ),
    )

    class Meta:
        model = Claim
        fields = "__all__"  # the admin chooses what is shown

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words_read"].initial = self.instance.text
        if not self.instance.wording_has_changed:
            self.fields.pop("evidence_fits", None)


@admin.register(Claim)
class ClaimAdmin(StaysWhereItBelongs, ResolvesSaveConflicts, RecordsEdits, admin.ModelAdmin):
    form = ClaimForm
    list_display = ["text", "article", "kind", "certainty"]
    list_select_related = ["article"]
    list_filter = ["kind", "certainty"]
    search_fields = ["text", "article__title", "key"]
    autocomplete_fields = ["article"]
    readonly_fields = ["kind", "text", "rated_by", "rated_at"]
    inlines = [CitationInline]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return (
            fields
            if obj and obj.wording_has_changed
            else [name for name in fields if name != "evidence_fits"]
        )

    def get_readonly_fields(self, request, obj=None):
        """What a claim says is typed once: that of a finding in its row."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *_OF_ITS_ROW] if obj and obj.kind == Claim.Kind.FINDING else fields

    def has_add_permission(self, request):
        return False  # people add a claim by marking a phrase or adding a row

    def save_model(self, request, obj, form, change):
        if "certainty" in form.changed_data:
            obj.rated_by, obj.rated_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        restore_identity(request, formset)
        for deleted in formset.deleted_forms:
            if deleted.instance.pk:
                deleted.instance.delete()
        for citation in formset.save(commit=False):
            linking.save_citation(citation, request.user)
        linking.remember_wording(
            form.instance, confirmed=form.cleaned_data.get("evidence_fits", False)
        )


@admin.register(Citation)
class CitationAdmin(StaysWhereItBelongs, ResolvesSaveConflicts, RecordsEdits, admin.ModelAdmin):
    list_display = ["claim", "reference", "stance", "is_checked"]
    list_select_related = ["claim", "reference", "checked_by"]
    list_filter = ["stance"]
    search_fields = ["claim__text", "reference__title", "quote"]
    autocomplete_fields = ["claim", "reference"]
    readonly_fields = ["added_by", "checked_by", "checked_at"]

    @admin.display(boolean=True, description=_("checked"))
    def is_checked(self, citation):
        return citation.checked_by_id is not None

    def save_model(self, request, obj, form, change):
        linking.save_citation(obj, request.user)
        linking.remember_wording(obj.claim)


class RowAdmin(StaysWhereItBelongs, ResolvesSaveConflicts, RecordsEdits, admin.ModelAdmin):
    """The page of one row, which people reach by search or link.

    Rows are edited in the form of their article, so no menu lists them.
    """

    list_display = ["__str__", "article", "position"]
    list_select_related = ["article"]
    search_fields = ["article__title"]
    autocomplete_fields = ["article"]

    def has_module_permission(self, request):
        return False


class TermRowAdmin(RowAdmin):
    def get_autocomplete_fields(self, request):
        return [
            "article",
            *[
                name
                for name in ("condition", "side_effect", "contraindication")
                if hasattr(self.model, name)
            ],
        ]


class RecommendationAdmin(RowAdmin):
    autocomplete_fields = ["article", "expert"]
    search_fields = ["article__title", "text"]


class ReadingListAdmin(RowAdmin):
    autocomplete_fields = ["article", "reference"]
    search_fields = ["article__title", "reference__title"]


class PageLinkRowAdmin(RowAdmin):
    """A row that may link to another page."""

    autocomplete_fields = ["article", "page"]


class FindingAdmin(RowAdmin):
    formfield_overrides = {models.JSONField: {"form_class": StartingRisksField}}
    autocomplete_fields = ["article", "side_effect"]
    search_fields = ["article__title", "outcome"]


admin.site.register(Finding, FindingAdmin)
admin.site.register([KeyPoint, HelpAdvice, Question, Indication, ComparisonRow, Step], RowAdmin)
admin.site.register([Alternative, RelatedPage], PageLinkRowAdmin)
admin.site.register([ArticleCondition, ArticleSideEffect, ArticleContraindication], TermRowAdmin)
admin.site.register(Recommendation, RecommendationAdmin)
admin.site.register(ReadingListEntry, ReadingListAdmin)
