"""Notices about works. Some are written by hand: a publisher told us, and no register did."""

from django.contrib import admin, messages
from django.utils import timezone

from physiohub.belonging import StaysWhereItBelongs
from references import changes, integrity
from references.models import Notice


class NoticeInline(admin.StackedInline):
    model = Notice
    extra = 0
    fields = [("kind", "date"), ("source", "label"), ("doi", "pmid")]


@admin.register(Notice)
class NoticeAdmin(StaysWhereItBelongs, admin.ModelAdmin):
    list_display = ["reference", "kind", "date", "source"]
    list_select_related = ["reference"]
    list_filter = ["kind", "source"]
    search_fields = ["reference__title", "doi", "label"]
    autocomplete_fields = ["reference"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self._update_and_announce(request, obj.reference, [] if change else [obj])

    def delete_model(self, request, obj):
        reference = obj.reference
        super().delete_model(request, obj)
        self._update_and_announce(request, reference, [])

    def delete_queryset(self, request, queryset):
        for notice in queryset:
            self.delete_model(request, notice)

    def _update_and_announce(self, request, reference, new):
        """Do for a notice written by hand what is done for one that was looked up."""
        at = timezone.now()
        changes.reference_edited.send(type(reference), reference=reference, by=request.user, at=at)
        integrity.update_after_edit(reference, new, by=request.user, at=at)
        for row in new:
            for sentence in row.consequences:
                messages.warning(request, sentence)
