"""Django's models, with text fields that keep no control characters, whatever path a text came by.

To be imported in the place of django.db.models, as that of django.contrib.gis is: then no field can
be forgotten. Save, bulk_create, update and lookups all ask a field for what the database gets.
Migrations see Django's own fields.
"""

from django.db.models import *  # noqa: F403
from django.db.models import CharField as _CharField
from django.db.models import JSONField as _JSONField
from django.db.models import SlugField as _SlugField
from django.db.models import TextField as _TextField
from django.db.models import URLField as _URLField

from physiohub.control_characters import taken_out


class _WithoutControlCharacters:
    #: What stands where a line was broken.
    line_break = " "

    def to_python(self, value):
        """Forms ask this, and for all but JSON the database does too: get_prep_value calls it."""
        return self._clean(super().to_python(value))

    def pre_save(self, model_instance, add):
        """What is saved is what the object holds from now on."""
        value = super().pre_save(model_instance, add)
        if (cleaned := self._clean(value)) is not value:
            setattr(model_instance, self.attname, cleaned)
        return cleaned

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{type(self).__name__}", args, kwargs

    def _clean(self, value):
        return taken_out(value, line_break=self.line_break)


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
