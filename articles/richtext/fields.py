"""The model field a body is stored in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from physiohub.db import models

from . import cleaning


class BodyFormField(forms.CharField):
    """Sees no change where only blanks and line ends differ, as editors write them."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return cleaning.clean(initial or "") != cleaning.clean(data or "")
        except cleaning.TooMuchHtml:
            return True


class BodyField(models.TextField):
    """HTML that has passed the boundary on every path: form, import, script, update() and so on.

    Migrations see a plain TextField, so they never depend on the editor in use.
    """

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": BodyFormField, **kwargs})

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(self._cleaned(value), connection)

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        value = self._cleaned(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def clean(self, value: Any, model_instance: Model | None) -> Any:
        try:
            return super().clean(cleaning.clean(value), model_instance)
        except cleaning.TooMuchHtml as problem:
            raise ValidationError(str(problem), code="too_much_html") from problem

    @staticmethod
    def _cleaned(value: Any) -> Any:
        return cleaning.clean(value) if isinstance(value, str) else value
