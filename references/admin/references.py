"""The library in the admin: every record reachable and searchable."""

from django.contrib import admin
from django.utils import timezone

from references import changes
from references.models import Notice, Reference


class NoticeInline(admin.TabularInline):
    model = Notice
    extra = 0


@admin.register(Reference)
class ReferenceAdmin(admin.ModelAdmin):
    list_display = ["title", "first_author", "year", "design", "identity", "integrity"]
    list_filter = ["design", "identity", "integrity", "origin"]
    search_fields = ["title", "first_author", "container_title", "doi", "doi_key", "pmid", "pmcid", "raw"]
    autocomplete_fields = ["preprint_of", "version_of"]
    readonly_fields = ["raw", "repairs", "origin", "origin_detail", "identity", "integrity", "merged_into"]
    fieldsets = [
        (None, {"fields": ["csl", "design", ("doi", "pmid"), ("pmcid", "isbn13"), "url", "free_url", "archive_url"]}),
        (
            "Standing",
            {"fields": ["identity", "integrity", "peer_reviewed", "preprint_of", "version_of", "nct", "language"]},
        ),
        ("Where it came from", {"fields": ["raw", "repairs", "origin", "origin_detail", "merged_into"]}),
    ]
    inlines = [NoticeInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            changes.reference_edited.send(
                type(form.instance), reference=form.instance, by=request.user, at=timezone.now()
            )


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    list_display = ["reference", "kind", "date", "source"]
    list_select_related = ["reference"]
    list_filter = ["kind", "source"]
    search_fields = ["reference__title", "doi", "label"]
    autocomplete_fields = ["reference"]
