"""References in the admin: found by search, edited by hand, checked in bulk."""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from physiohub.deleting import NamesOnlyWhatOneMaySee
from references import (
    bulk_checking,
    changes,
    citing,
    identifiers,
    integrity,
    typed_lines,
    usage,
    versions,
)
from references.models import Reference

from . import bulk_checks
from .exporting import ExportingPages
from .filters import CitedInLiveArticles, Merged
from .finding import FindingPages
from .forms import ReferenceForm
from .looking_up import LookUpPages
from .merging import MergingPages
from .notices import NoticeInline
from .pasting import PastingPages

_KINDS = {
    usage.LIVE: _("Live page"),
    usage.DRAFT: _("Draft"),
    usage.EARLIER: _("Earlier version"),
}


@admin.register(Reference)
class ReferenceAdmin(
    FindingPages,
    PastingPages,
    LookUpPages,
    MergingPages,
    ExportingPages,
    NamesOnlyWhatOneMaySee,
    admin.ModelAdmin,
):
    form = ReferenceForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["title", "first_author", "year", "design", "identity", "integrity"]
    list_filter = ["integrity", "identity", CitedInLiveArticles, "design", "origin", Merged]
    search_fields = ["search_text__words"]
    # No title among them: then a far page is found in the index alone.
    ordering = ["first_author", "year", "pk"]
    list_per_page = 50
    autocomplete_fields = ["preprint_of", "version_of"]
    actions = ["check_identity", "check_integrity", "merge_selected"]
    change_list_template = "admin/references/reference/change_list.html"
    add_form_template = "admin/references/reference/add_form.html"
    change_form_template = "admin/references/reference/change_form.html"
    save_on_top = True
    readonly_fields = [
        "newer_version",
        "used_in",
        "as_printed",
        "raw",
        "repaired",
        "origin",
        "origin_detail",
        "identity",
        "identity_checked_at",
        "integrity",
        "integrity_checked_at",
        "merged_into",
    ]
    _work = (
        None,
        {
            "fields": [
                "kind",
                "title",
                "authors",
                "journal",
                ("year", "volume", "issue", "pages"),
                ("doi", "pmid"),
                ("pmcid", "isbn13"),
                "design",
                "url",
                "free_url",
                "archive_url",
            ]
        },
    )
    _more = (
        _("More about it"),
        {
            "classes": ["collapse"],
            "fields": ["peer_reviewed", "preprint_of", "version_of", "nct", "language", "csl"],
        },
    )
    add_fieldsets = [_work, _more]
    fieldsets = [
        (
            _("Where it stands"),
            {
                "fields": [
                    "as_printed",
                    ("identity", "identity_checked_at"),
                    ("integrity", "integrity_checked_at"),
                    "newer_version",
                    "used_in",
                    "merged_into",
                ]
            },
        ),
        _work,
        _more,
        (
            _("Where it came from"),
            {"classes": ["collapse"], "fields": ["raw", "repaired", "origin", "origin_detail"]},
        ),
    ]
    inlines = [NoticeInline]

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The form has its own fields of these names; the model's are derived from the record.
        names = kwargs.get("fields") or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in names if name not in {"title", "year", "volume"}]
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_queryset(self, request):
        return super().get_queryset(request).defer("payload", "raw")

    def get_search_results(self, request, queryset, search_term):
        return queryset.with_words(search_term) if search_term else queryset, False

    def get_paginator(self, request, queryset, *args, **kwargs):
        paginator = super().get_paginator(request, queryset, *args, **kwargs)
        # Of many hits the first are found soon; to count them all takes longer.
        if text := request.GET.get("q") or request.GET.get("term"):
            paginator.count = queryset.order_by().narrowed_down(text, few=8000).count()
        return paginator

    # What is shown -----------------------------------------------------------------------------

    @admin.display(description=_("as it is printed"))
    def as_printed(self, reference):
        return citing.ama_html(reference.csl)

    @admin.display(description=_("used in"))
    def used_in(self, reference):
        uses = usage.uses_of(reference)
        rows = (
            (
                _KINDS[use.kind],
                use.address,
                use.title,
                format_html_join("", "<li>“{}”</li>", ((claim,) for claim in use.claims)),
            )
            for use in uses
        )
        items = format_html_join("", '<li>{}: <a href="{}">{}</a><ul>{}</ul></li>', rows)
        return format_html('<ul class="uses">{}</ul>', items) if uses else _("Nowhere yet.")

    @admin.display(description=_("newer version"))
    def newer_version(self, reference):
        newer = versions.newer_versions([reference]).get(reference.pk)
        if newer is None:
            return _("None is known.")
        name = str(newer.reference) if newer.reference else newer.doi or newer.pmid or newer.label
        links = format_html_join(
            " ",
            '<a class="button" href="{}">{}</a>',
            (
                (address, _("Compare, and move the citations over"))
                for address in usage.addresses_to_move(reference)
            ),
        )
        return format_html("<bdi>{}</bdi> {}", name, links)

    @admin.display(description=_("what was repaired"))
    def repaired(self, reference):
        phrases = identifiers.REPAIRS | typed_lines.REPAIRS
        return "; ".join(phrases.get(code, code) for code in reference.repairs) or "-"

    # What is saved -----------------------------------------------------------------------------

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        at = timezone.now()
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            changes.reference_edited.send(
                type(form.instance), reference=form.instance, by=request.user, at=at
            )
        versions.note_newer_versions([form.instance], by=request.user, at=at)
        for formset in formsets:
            if formset.has_changed():
                integrity.update_after_edit(
                    form.instance, formset.new_objects, by=request.user, at=at
                )
                for row in formset.new_objects:
                    for sentence in row.consequences:
                        messages.warning(request, sentence)

    # What is done in bulk ----------------------------------------------------------------------

    @admin.action(
        description=_("Check identity: is it the work it says it is?"), permissions=["change"]
    )
    def check_identity(self, request, queryset):
        return self._check(request, queryset, of_integrity=False)

    @admin.action(
        description=_("Check integrity: was it retracted or corrected?"), permissions=["change"]
    )
    def check_integrity(self, request, queryset):
        return self._check(request, queryset, of_identity=False)

    def _check(self, request, queryset, **which):
        keys = list(queryset.filter(merged_into=None).values_list("pk", flat=True))
        check = bulk_checking.begin(keys, by=request.user, at=timezone.now(), **which)
        # The first slice at once, so that a few are done when the page comes.
        return bulk_checks.check_a_slice(check)
