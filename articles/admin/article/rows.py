"""The rows of an article, under its form."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from articles.models import (
    Alternative,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    ComparisonRow,
    HelpAdvice,
    Indication,
    KeyPoint,
    Question,
    ReadingListEntry,
    Recommendation,
    RelatedPage,
    Step,
)
from articles.models.rows import ClaimRow

from .evidence_panel import RowEvidenceWidget
from .naming import NamedRows, NamesItsFields


class FetchedSelect(AutocompleteSelect):
    """A select that shows the chosen object without a query.

    The object was fetched with the row. Django's own select asks for it again in every row.
    """

    fetched = None

    def optgroups(self, name, value, attr=None):
        if self.fetched is None or [str(choice) for choice in value] != [str(self.fetched.pk)]:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options.append(
            self.create_option(name, self.fetched.pk, str(self.fetched), [str(self.fetched.pk)], 1)
        )
        return [(None, options, 0)]


def show_what_was_fetched(form):
    """Give the selects of `form` the objects that were fetched with its instance."""
    for name, field in form.fields.items():
        # The admin wraps the select, for the add button.
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, FetchedSelect):
            widget.fetched = form.instance._state.fields_cache.get(name)


class ShowsWhatWasFetched:
    """Mixin for a ModelAdmin or an inline: objects that were fetched need no more queries."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields and "widget" not in kwargs:
            kwargs["widget"] = FetchedSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RowForm(forms.ModelForm):
    """A row whose related objects were fetched with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_what_was_fetched(self)


class RowKeyField(forms.CharField):
    """The key of a row's claim.

    The browser draws it for every new row, so it alone does not count as a change.
    """

    widget = RowEvidenceWidget

    def __init__(self):
        super().__init__(required=False, label=_("evidence"))

    def has_changed(self, initial, data):
        return False


class ClaimRowForm(RowForm):
    """A row that is a claim.

    Its key comes from the browser, so that people can link evidence before the row is saved.
    """

    claim_key = RowKeyField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.claim_id:
            self.fields["claim_key"].initial = self.instance.claim.key

    def save(self, commit=True):
        self.instance.claim_key = self.cleaned_data["claim_key"]
        return super().save(commit)


class RowsOfOneArticle(NamedRows):
    """Rows that know their article: they say terms in its language, without asking for it."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.article = self.instance
        return form


class RowsOfAnArticle(ShowsWhatWasFetched, NamesItsFields):
    """Mixin for an inline: rows in their order, fetched with what they show."""

    extra = 0
    formset = RowsOfOneArticle
    ordering = ["position"]

    def get_queryset(self, request):
        rows, fetched = super().get_queryset(request), [*self.autocomplete_fields, *self._claim]
        return rows.select_related(*fetched) if fetched else rows

    @property
    def _claim(self):
        return ["claim"] if issubclass(self.model, ClaimRow) else []


class RowInline(RowsOfAnArticle, admin.TabularInline):
    form = RowForm

    def get_fields(self, request, obj=None):
        """Put the evidence first and the position last.

        So the button of the panel is visible on a narrow screen too.
        """
        names = [
            name
            for name in super().get_fields(request, obj)
            if name not in ("position", "claim_key")
        ]
        return [*(["claim_key"] if self._claim else []), *names, "position"]


class ClaimRowInline(RowInline):
    form = ClaimRowForm


class KeyPointInline(RowInline):
    model = KeyPoint


class ContraindicationInline(ClaimRowInline):
    model = ArticleContraindication
    autocomplete_fields = ["contraindication"]


class ConditionInline(ClaimRowInline):
    model = ArticleCondition
    autocomplete_fields = ["condition"]


class IndicationInline(ClaimRowInline):
    model = Indication


class SideEffectInline(ClaimRowInline):
    model = ArticleSideEffect
    autocomplete_fields = ["side_effect"]


class HelpAdviceInline(RowInline):
    model = HelpAdvice


class RecommendationInline(ClaimRowInline):
    model = Recommendation
    autocomplete_fields = ["expert"]


class StepInline(RowInline):
    model = Step


class AlternativeInline(RowInline):
    model = Alternative
    fk_name = "article"
    autocomplete_fields = ["page"]


class QuestionInline(RowInline):
    model = Question


class ComparisonInline(RowInline):
    model = ComparisonRow


class RelatedPageInline(RowInline):
    model = RelatedPage
    fk_name = "article"
    autocomplete_fields = ["page"]


class ReadingListInline(RowInline):
    model = ReadingListEntry
    autocomplete_fields = ["reference"]
