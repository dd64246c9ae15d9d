"""Recording every change that people make in the admin as an edit."""

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.drafts import edits


class RecordsEdits:
    """Mixin for a ModelAdmin of objects that articles show, or that are part of an article."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        summary = self.save_more(request, form)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            summaries = [*(what_changed(form, formsets) if change else ()), summary]
            self.record_edit(
                request, form.instance, "; ".join(words for words in summaries if words)
            )

    def save_more(self, request, form):
        """Save what is neither form nor rows, and return in words what it was.

        It is called after the rows are saved.
        """
        return ""

    def delete_model(self, request, obj):
        self.record_edit(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def record_edit(self, request, obj, summary=""):
        edits.record_edit(obj, by=request.user, at=timezone.now(), summary=summary)


def what_changed(form, formsets):
    """Yield what a save changed: the fields by their labels, then each kind of rows."""
    labels = [
        str(form.fields[name].label or name)
        for name in form.changed_data
        if name in form.fields and not form.fields[name].widget.is_hidden
    ]
    if labels:
        yield _("changed: %s") % ", ".join(labels)
    for formset in formsets:
        counts = [
            (_("%s added"), len(formset.new_objects)),
            (_("%s changed"), len(formset.changed_objects)),
            (_("%s taken out"), len(formset.deleted_objects)),
        ]
        if rows := ", ".join(words % number for words, number in counts if number):
            yield f"{formset.model._meta.verbose_name_plural}: {rows}"
