"""The tables of rows under an article: names for their fields, and rows that trade with one
another.

The stock admin gives fields a column head alone, which names nothing.
"""

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.models.uniqueness import make_room


class NamedRows(forms.BaseInlineFormSet):
    @cached_property
    def empty_form(self):
        """The row the browser copies for a new one.

        The stock formset makes it again each time, and the page of an article asks three times:
        for the files it needs, whether it uploads any, and for the row itself.
        """
        return super().empty_form

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete this row")

    def save_existing_objects(self, commit=True):
        # Those to be deleted as well: another row may get what one of them named.
        make_room([form.instance for form in self.initial_forms if form.has_changed()])
        return super().save_existing_objects(commit)


class NamesItsFields:
    """Mixin for a TabularInline."""

    formset = NamedRows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field
