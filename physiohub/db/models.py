"""Django's models, with text fields that never store control characters.

Import this instead of django.db.models, as one does with django.contrib.gis, so that no field can
be forgotten. Save, bulk_create, update and lookups all ask the field for the value to send to the
database, so all of them are covered. Migrations see Django's own fields.
"""

from django.db.models import *  # noqa: F403
from django.db.models import CharField as _CharField
from django.db.models import JSONField as _JSONField
from django.db.models import SlugField as _SlugField
from django.db.models import TextField as _TextField
from django.db.models import URLField as _URLField

from physiohub.control_characters import without_control_characters


class _WithoutControlCharacters:
    #: What a line break becomes.
    line_break = " "

    def to_python(self, value):
        """Clean what forms send. get_prep_value calls this too, except for JSON."""
        return self._clean(super().to_python(value))

    def pre_save(self, model_instance, add):
        """Clean the value, and set it on the object, so that both agree."""
        value = super().pre_save(model_instance, add)
        if (cleaned := self._clean(value)) is not value:
            setattr(model_instance, self.attname, cleaned)
        return cleaned

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{type(self).__name__}", args, kwargs

    def _clean(self, value):
        return without_control_characters(value, line_break=self.line_break)


class CharField(_WithoutControlCharacters, _CharField):  # type: ignore[no-redef]
    pass


class SlugField(_WithoutControlCharacters, _SlugField):  # type: ignore[no-redef]
    pass


class URLField(_WithoutControlCharacters, _URLField):  # type: ignore[no-redef]
    pass


class TextField(_WithoutControlCharacters, _TextField):  # type: ignore[no-redef]
    line_break = "\n"


class JSONField(_WithoutControlCharacters, _JSONField):  # type: ignore[no-redef]
    def get_prep_value(self, value):
        return self._clean(super().get_prep_value(value))
