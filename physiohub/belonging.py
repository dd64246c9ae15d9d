"""What an object is part of is chosen once, when it is added: the admin shows it as text from then
on.

A row moved to another article would change the article it leaves under nobody's name. A model says
what its rows are part of in `belongs_to`, the name of a foreign key.
"""

from django import forms


class BelongingForm(forms.ModelForm):
    """Looks at constraints over what an object is part of too, though a saved one does not
    post it.
    """

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {self._meta.model.belongs_to}


class StaysWhereItBelongs:
    """Mixin for a ModelAdmin of a model with `belongs_to`; its form is a BelongingForm."""

    form = BelongingForm

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, self.model.belongs_to] if obj is not None else fields

    def get_fields(self, request, obj=None):
        """What it is part of comes first, as where it stands does on a page."""
        place = self.model.belongs_to
        return [place, *(name for name in super().get_fields(request, obj) if name != place)]
