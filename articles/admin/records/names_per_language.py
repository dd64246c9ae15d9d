"""Forms that ask for words in each language of the site: names of terms, roles of people."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.article.names import NamesField

#: (key in SharedTerm.names, label, form field, its options)
_PARTS = (
    ("name", _("plain name"), forms.CharField, {"max_length": 120}),
    ("clinical_name", _("clinical name"), forms.CharField, {"max_length": 200}),
    ("other_names", _("other names"), NamesField, {}),
)
_SUMMARY = ("summary", _("summary"), forms.CharField, {"max_length": 300})


def _field_name(part, code):
    return f"{part}_{code}".replace("-", "_")


def _fields(parts):
    """Return {name: form field}, one for each of `parts` in each language of the site."""
    return {
        _field_name(part, code): kind(
            label=f"{label} ({name})",
            required=False,
            widget=forms.TextInput(attrs={"class": "vTextField", "lang": code, "dir": "auto"}),
            **options,
        )
        for code, name in settings.LANGUAGES
        for part, label, kind, options in parts
    }


def fieldsets_of_languages(parts, *, own, filled):
    """Return a fieldset for each language but `own`, folded where it is not `filled`."""
    return [
        (
            _("In %s") % name,
            {
                "fields": [_field_name(part, code) for part in parts],
                "classes": [] if code in filled else ["collapse"],
            },
        )
        for code, name in settings.LANGUAGES
        if code != own
    ]


class _NamesForm(forms.ModelForm):
    parts = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, words in self.instance.names.items():
            for part in self.parts:
                self.initial[_field_name(part, code)] = words.get(part, "")

    def clean(self):
        cleaned = super().clean()
        own = cleaned.get("language", self.instance.language)
        known = [code for code, _name in settings.LANGUAGES]
        names = {code: words for code, words in self.instance.names.items() if code not in known}
        for code in known:
            words = {part: cleaned.get(_field_name(part, code)) for part in self.parts}
            words = {part: said for part, said in words.items() if said}
            if code == own or not words:
                continue
            if "name" not in words:
                self.add_error(
                    _field_name("name", code),
                    ValidationError(
                        _("Say here what patients call it, or leave this language empty."),
                        code="no_name",
                    ),
                )
            names[code] = words
        if not self.errors:
            self.instance.names = names
        return cleaned


def _names_form(name, parts):
    return type(
        name, (_NamesForm,), {**_fields(parts), "parts": tuple(part for part, *_rest in parts)}
    )


TermForm = _names_form("TermForm", _PARTS)
ConditionForm = _names_form("ConditionForm", (*_PARTS, _SUMMARY))


class _RolesForm(forms.ModelForm):
    parts = ("role",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, role in self.instance.roles.items():
            self.initial[_field_name("role", code)] = role

    def clean(self):
        cleaned = super().clean()
        asked = {code: cleaned.get(_field_name("role", code)) for code, _name in settings.LANGUAGES}
        roles = {**self.instance.roles, **asked}
        self.instance.roles = {code: role for code, role in roles.items() if role}
        return cleaned


PersonForm = type(
    "PersonForm",
    (_RolesForm,),
    _fields([("role", _("role"), forms.CharField, {"max_length": 150})]),
)
