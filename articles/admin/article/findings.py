"""Findings under the form of an article: many fields, of which each kind shows its own."""

from decimal import Decimal

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Finding
from articles.models.findings import checked_risks, figure_text
from physiohub.control_characters import without_control_characters

from .naming import NamedRows
from .rows import ClaimRowForm, RowsOfAnArticle

_RISK = ("label", "without", "with", "low", "high")


class StartingRisksField(forms.CharField):
    """Clean "high risk; 1200; 924" to {"label": "high risk", "without": "1200", …}, a line each."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**{"max_length": 1_000, **kwargs, "required": False})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        lines = (";".join(f" {risk.get(name, '')}" for name in _RISK) for risk in value)
        return "\n".join(line.strip().rstrip("; ") for line in lines)

    def clean(self, value):
        value = without_control_characters(super().clean(value), line_break="\n")
        lines = [line.split(";") for line in value.splitlines() if line.strip()]
        if any(len(parts) > len(_RISK) for parts in lines):
            lines = [[""]]  # no risk: the sentence about it says how to write one
        try:
            return checked_risks([dict(zip(_RISK, parts, strict=False)) for parts in lines])
        except ValidationError as error:
            raise ValidationError(error.message_dict["starting_risks"]) from error

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class FindingForm(ClaimRowForm):
    """Shows figures as they were typed, without the zeros that the database adds."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = Decimal(figure_text(value))


class RowsOfFindings(NamedRows):
    """Asks for findings only of an article that has some: most have none."""

    def get_queryset(self):
        if getattr(self.instance, "has_findings", True):
            return super().get_queryset()
        return self.queryset.none()


class FindingInline(RowsOfAnArticle, admin.StackedInline):
    """A finding has too many fields for a line. Those of other kinds are hidden by the browser."""

    model = Finding
    form = FindingForm
    formset = RowsOfFindings
    formfield_overrides = {models.JSONField: {"form_class": StartingRisksField}}
    autocomplete_fields = ["side_effect"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "claim_key",
                    ("outcome", "kind"),
                    ("intervention", "comparator"),
                    ("direction", "size"),
                    ("population", "time"),
                ]
            },
        ),
        (
            _("Its numbers"),
            {
                "classes": ["finding-numbers"],
                "fields": [
                    "happened",
                    ("unit", "base"),
                    ("scale_low", "scale_low_words"),
                    ("scale_high", "scale_high_words"),
                    "better",
                    ("without_value", "with_value", "difference"),
                    ("low", "high", "interval_of"),
                    "show_interval",
                    ("mid", "mid_source"),
                    "starting_risks",
                    ("is_derived", "is_converted"),
                ],
            },
        ),
        (
            _("What it rests on, and where it stands"),
            {
                "fields": [
                    ("people", "studies"),
                    "as_reported",
                    ("outcome_term", "scale_name"),
                    "note",
                    ("side_effect", "position"),
                ]
            },
        ),
    ]

    def get_fields(self, request, obj=None):
        """All that the fieldsets show."""
        return flatten_fieldsets(self.fieldsets)
