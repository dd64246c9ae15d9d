"""The form field for a list of names, which people type with commas between them."""

from django import forms

from physiohub.control_characters import without_control_characters


class NamesField(forms.CharField):
    """Clean "needling, dry needles" to ["needling", "dry needles"].

    Each name appears once. There are at most 40 names of 100 characters.
    """

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**{"max_length": 4_000, **kwargs})

    def prepare_value(self, value):
        return ", ".join(str(name) for name in value) if isinstance(value, list) else value

    def clean(self, value):
        value = without_control_characters(super().clean(value), line_break="\n")
        names = (" ".join(name.split())[:100] for name in value.replace("\n", ",").split(","))
        return list(dict.fromkeys(name for name in names if name))[:40]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
