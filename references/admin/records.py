"""What imports and merges have written. It can be read, and a merge can be undone."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin
from references import merging
from references.models import Distinct, Merge, PossiblePair, ReferenceImport, SourceRecord

from .uploading import UploadPages


@admin.register(SourceRecord)
class SourceRecordAdmin(ReadOnlyAdmin):
    list_display = ["reference", "origin", "origin_detail", "added_at"]
    list_select_related = ["reference"]
    list_filter = ["origin"]
    search_fields = ["reference__title", "origin_detail", "raw"]


@admin.register(Distinct)
class DistinctAdmin(ReadOnlyAdmin):
    """Deleting a row asks again whether the two are one work."""

    list_display = ["one", "other", "by", "at"]
    list_select_related = ["one", "other", "by"]
    search_fields = ["one__title", "other__title"]

    def has_delete_permission(self, request, obj=None):
        return policy.may(request.user, policy.CHANGE_REFERENCES)


@admin.register(PossiblePair)
class PossiblePairAdmin(ReadOnlyAdmin):
    """Every pair that was found. Those nobody has decided about are on a page of their own."""

    list_display = ["one", "other", "likeness", "is_certain"]
    list_select_related = ["one", "other"]
    list_filter = ["likeness", "is_certain"]
    search_fields = ["one__title", "other__title"]


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ["lose", "keep", "by", "at", "undone_by", "undone_at"]
    list_select_related = ["lose", "keep", "by", "undone_by"]
    search_fields = ["lose__title", "keep__title", "lose__doi_key", "keep__doi_key"]
    actions = ["undo"]

    def has_undo_permission(self, request):
        return policy.may(request.user, policy.CHANGE_REFERENCES)

    @admin.action(description=_("Undo the selected merges"), permissions=["undo"])
    def undo(self, request, queryset):
        # The newest first, because a later merge may build on an earlier one.
        for merge in queryset.order_by("-at", "-pk"):
            try:
                merging.unmerge(merge, by=request.user, at=timezone.now())
            except merging.CannotMerge as reason:
                self.message_user(request, f"“{merge}”: {reason}", messages.WARNING)
            else:
                self.message_user(request, _("“%s” stand apart again.") % merge, messages.SUCCESS)


@admin.register(ReferenceImport)
class ReferenceImportAdmin(UploadPages, ReadOnlyAdmin):
    list_display = [
        "file_name",
        "by",
        "at",
        "state",
        "found",
        "created",
        "merged",
        "refused",
        "go_on",
    ]
    change_list_template = "admin/references/referenceimport/change_list.html"
    list_select_related = ["by"]
    list_filter = ["state", "format"]
    search_fields = ["file_name"]
    fields = [
        "file_name",
        "format",
        "size",
        "by",
        "at",
        "state",
        ("found", "created", "merged", "refused"),
        "progressed_at",
        "finished_at",
        "refusals",
        "remarks",
    ]
    readonly_fields = ["refusals", "remarks"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("preview")

    @admin.display(description=_("what to do"))
    def go_on(self, upload):
        is_open = upload.finished_at is None
        words = _("Go on") if is_open else _("See what came of it")
        address = reverse("admin:references_referenceimport_progress", args=[upload.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, words)

    @admin.display(description=_("what was refused"))
    def refusals(self, upload):
        if reason := upload.report.get("reason"):
            return reason
        return _lines((entry, entry["reason"]) for entry in upload.report.get("refusals", ()))

    @admin.display(description=_("what to look at"))
    def remarks(self, upload):
        return _lines((entry, entry["text"]) for entry in upload.report.get("remarks", ()))


def _lines(entries):
    rows = ((entry["number"], entry["line"], text) for entry, text in entries)
    return format_html_join("", "<p>Record {}, line {}: {}</p>", rows) or _("Nothing.")
