"""Admin pages where people choose once what an object belongs to; later it is only shown.

A row moved to another article would also change the article it leaves, and nobody would be named
for that. A model says in `belongs_to` which foreign key it belongs to.
"""

from django import forms


class BelongingForm(forms.ModelForm):
    """Checks constraints on the parent too, which the form of a saved object does not send."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {self._meta.model.belongs_to}


class StaysWhereItBelongs:
    """Mixin for a ModelAdmin of a model with `belongs_to`. Its form is a BelongingForm."""

    form = BelongingForm

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, self.model.belongs_to] if obj is not None else fields

    def get_fields(self, request, obj=None):
        """Put the parent first."""
        parent = self.model.belongs_to
        return [parent, *(name for name in super().get_fields(request, obj) if name != parent)]
