"""Names for the fields in a table of rows: the stock admin gives them a column head alone, which names nothing."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _


class NamedRows(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete this row")


class NamesItsFields:
    """Mixin for a TabularInline."""

    formset = NamedRows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field
