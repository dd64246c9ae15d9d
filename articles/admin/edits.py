"""Every change made in the admin is entered as one, whatever page it was made on."""

from django.utils import timezone

from articles import editing


class RecordsEdits:
    """Mixin for a ModelAdmin whose objects articles show, or are part of an article."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        summary = self.save_more(request, form)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            self.record_edit(request, form.instance, summary)

    def save_more(self, request, form):
        """Save what is neither form nor rows, and tell in words what it was; called once rows are saved."""
        return ""

    def delete_model(self, request, obj):
        self.record_edit(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def record_edit(self, request, obj, summary=""):
        editing.record_edit(obj, by=request.user, at=timezone.now(), summary=summary)
