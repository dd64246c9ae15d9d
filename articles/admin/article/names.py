"""A list of names, typed as people write one: with commas between."""

from django import forms

from physiohub.control_characters import taken_out


class NamesField(forms.CharField):
    """Cleans "needling, dry needles" to ["needling", "dry needles"].

    Each name once, at most 40 of 100 characters.
    """

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**{"max_length": 4_000, **kwargs})

    def prepare_value(self, value):
        return ", ".join(str(name) for name in value) if isinstance(value, list) else value

    def clean(self, value):
        value = taken_out(super().clean(value), line_break="\n")
        names = (" ".join(name.split())[:100] for name in value.replace("\n", ",").split(","))
        return list(dict.fromkeys(name for name in names if name))[:40]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
