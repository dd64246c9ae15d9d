"""The model field a body is stored in."""

from django import forms
from django.core.exceptions import ValidationError

from physiohub.db import models

from . import cleaning


class BodyFormField(forms.CharField):
    """Knows that editors write the same text with other blanks and line ends: that is no change."""

    def has_changed(self, initial, data):
        try:
            return cleaning.clean(initial or "") != cleaning.clean(data or "")
        except cleaning.TooMuchHtml:
            return True


class BodyField(models.TextField):
    """HTML that has passed the boundary, whatever path it came by: form, import, script, update()
    or bulk_create().

    Migrations see a plain TextField, so they never depend on the editor in use.
    """

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": BodyFormField, **kwargs})

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self._cleaned(value), connection)

    def pre_save(self, model_instance, add):
        value = self._cleaned(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def clean(self, value, model_instance):
        try:
            return super().clean(cleaning.clean(value), model_instance)
        except cleaning.TooMuchHtml as problem:
            raise ValidationError(str(problem), code="too_much_html") from problem

    @staticmethod
    def _cleaned(value):
        return cleaning.clean(value) if isinstance(value, str) else value
