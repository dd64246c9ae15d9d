"""The tables of rows under an article: labels for their fields, and rows that swap values.

In Django's tables a field has only a column head, which is no label for a screen reader.
"""

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.models.uniqueness import delete_rows_in_the_way


class NamedRows(forms.BaseInlineFormSet):
    @cached_property
    def empty_form(self):
        """The row that the browser copies for a new one.

        Django makes it again for each use, and the page of an article uses it three times: for its
        media, for the question whether it uploads files, and for the row itself.
        """
        return super().empty_form

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete this row")

    def save_existing_objects(self, commit=True):
        # Also for rows that will be deleted: another row may get their values.
        delete_rows_in_the_way([form.instance for form in self.initial_forms if form.has_changed()])
        return super().save_existing_objects(commit)


class NamesItsFields:
    """Mixin for a TabularInline: gives each field a label."""

    formset = NamedRows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field
