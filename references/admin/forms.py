"""The form for a work: fields that people know, and the CSL-JSON record for those who want it."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from references import csl as csl_json
from references import identifiers, identity
from references.models import Reference

TYPES = [
    ("article-journal", _("journal article")),
    ("article", _("preprint")),
    ("book", _("book")),
    ("chapter", _("chapter of a book")),
    ("report", _("report or guideline")),
    ("webpage", _("web page")),
    ("thesis", _("thesis")),
    ("paper-conference", _("conference paper")),
]
#: Form field, CSL field.
_TEXTS = {
    "title": "title",
    "journal": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
}
_FIELDS = {**_TEXTS, "kind": "type", "authors": "author", "year": "issued"}
_IDENTIFIERS = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn13": "ISBN"}
_HINTS = {
    "doi": _("Enter the DOI as it appears on the article, for example 10.1136/bmj.n71."),
    "pmid": _("Enter the number PubMed gives the article, for example 18603654."),
    "pmcid": _("Enter the number as PubMed Central writes it, for example PMC2565641."),
    "isbn13": _("Enter the ISBN as it stands in the book, for example 978-0-7817-5560-3."),
}


class ReferenceForm(forms.ModelForm):
    """What a person types is marked as human, so that no look-up overwrites it later."""

    kind = forms.ChoiceField(
        label=_("Type"), choices=TYPES, required=False, initial="article-journal"
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
    )
    authors = forms.CharField(
        label=_("Authors"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_(
            "One a line: surname, comma, first names or initials. Organisations without a comma."
        ),
    )
    journal = forms.CharField(label=_("Journal or book"), required=False, max_length=500)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1000, max_value=2999)
    volume = forms.CharField(label=_("Volume"), required=False, max_length=60)
    issue = forms.CharField(label=_("Issue"), required=False, max_length=60)
    pages = forms.CharField(label=_("Pages"), required=False, max_length=60)
    doi = forms.CharField(label="DOI", required=False, max_length=600)
    pmid = forms.CharField(label="PMID", required=False, max_length=200)
    pmcid = forms.CharField(label="PMCID", required=False, max_length=200)
    isbn13 = forms.CharField(label="ISBN", required=False, max_length=200)

    class Meta:
        model = Reference
        # The fieldsets of the admin name the rest.
        fields = ["csl"]

    def __init__(self, *args, initial=None, instance=None, **kwargs):
        shown = fields_of(instance.csl) if instance is not None and instance.pk else {}
        super().__init__(*args, initial={**shown, **(initial or {})}, instance=instance, **kwargs)
        if "csl" in self.fields:
            self.fields["csl"].required = False
            # Compare with the record in the database, not with a copy that the browser sends back.
            self.fields["csl"].show_hidden_initial = False
        kind = self.initial.get("kind")
        if "kind" in self.fields and kind and kind not in dict(TYPES):
            # A type from a file that TYPES does not have stays as it is.
            self.fields["kind"].choices = [*TYPES, (kind, kind)]

    def clean(self):
        cleaned = super().clean()
        csl = cleaned.get("csl") or {}
        if not isinstance(csl, dict):
            # The model says what is wrong.
            return cleaned
        csl = dict(csl)
        for name in set(_TEXTS) & set(self.changed_data):
            _set_or_remove(csl, _TEXTS[name], " ".join(str(cleaned.get(name) or "").split()))
        if "kind" in self.changed_data or "type" not in csl:
            _set_or_remove(csl, "type", cleaned.get("kind") or csl.get("type") or "article-journal")
        if "authors" in self.changed_data:
            _set_or_remove(csl, "author", _people(cleaned.get("authors") or ""))
        if "year" in self.changed_data:
            year = cleaned.get("year")
            _set_or_remove(csl, "issued", {"date-parts": [[year]]} if year else None)
        for name, key in _IDENTIFIERS.items():
            if name in self.changed_data:
                _set_or_remove(csl, key, cleaned.get(name))
            elif csl.get(key) and not cleaned.get(name) and "csl" in self.changed_data:
                # The person typed it into the record instead.
                cleaned[name] = self._identifier(name, str(csl[key]))
                _set_or_remove(csl, key, cleaned[name])
        self._refuse_known_works(cleaned)
        cleaned["csl"] = csl
        return cleaned

    def clean_doi(self):
        return self._identifier("doi", self.cleaned_data["doi"])

    def clean_pmid(self):
        return self._identifier("pmid", self.cleaned_data["pmid"])

    def clean_pmcid(self):
        return self._identifier("pmcid", self.cleaned_data["pmcid"])

    def clean_isbn13(self):
        return self._identifier("isbn13", self.cleaned_data["isbn13"])

    def _identifier(self, name, typed):
        """Return the identifier in what was typed, as it is stored.

        Repairs are noted on the record.
        """
        if not (typed or "").strip():
            return ""
        read = identifiers.isbn if name == "isbn13" else getattr(identifiers, name)
        identifier = read(typed)
        if not identifier.is_usable and identifier.status != identifiers.Status.CANDIDATE:
            self.add_error(name, forms.ValidationError(_HINTS[name], code=f"no_{name}"))
            return ""
        codes = [code for code in identifier.repairs if code not in identifiers.HARMLESS]
        self.instance.repairs = list(dict.fromkeys([*(self.instance.repairs or []), *codes]))
        return identifier.display if name == "doi" else identifier.key

    def _refuse_known_works(self, cleaned):
        """Say which reference has an identifier already, before the database refuses the row."""
        others = Reference.objects.exclude(pk=self.instance.pk)
        for name in _IDENTIFIERS:
            value = cleaned.get(name)
            if not value:
                continue
            column, key = ("doi_key", value.lower()) if name == "doi" else (name, value)
            same = others.filter(**{column: key})
            if name == "isbn13":
                if cleaned.get("kind") == "chapter":
                    continue
                same = same.exclude(type="chapter")
            if known := same.first():
                message = _("The library has this work already: “%s”. Use that one.") % known
                self.add_error(name, forms.ValidationError(message, code="known"))

    def _post_clean(self):
        super()._post_clean()
        reference, csl = self.instance, self.cleaned_data.get("csl")
        if self.errors or not isinstance(csl, dict):
            return
        before = self.initial.get("csl") if reference.pk else {}
        before = before if isinstance(before, dict) else {}
        changed = {name for name in {*csl, *before} if csl.get(name) != before.get(name)}
        reference.csl = csl
        # `derive` fills the record from these columns: a value that was emptied must not come back.
        reference.doi = str(csl.get("DOI") or "")
        reference.pmid, reference.pmcid = csl.get("PMID") or None, csl.get("PMCID") or None
        reference.isbn13 = self.cleaned_data.get("isbn13") or None
        reference.field_source = {
            **(reference.field_source or {}),
            **dict.fromkeys(changed, "human"),
        }
        identity.after_edit(reference, changed)


def _people(text):
    return [person(line) for line in text.splitlines() if any(map(str.isalnum, line))]


def _set_or_remove(csl, key, value):
    if value:
        csl[key] = value
    else:
        csl.pop(key, None)


def fields_of(csl):
    """Return the form's own fields, filled from CSL-JSON.

    An address can prefill them with these too.
    """
    shown = {
        name: csl_json.without_tags(csl.get(key)) if name != "title" else str(csl.get(key) or "")
        for name, key in _TEXTS.items()
    }
    names = csl.get("author")
    shown["authors"] = "\n".join(map(_as_line, names)) if isinstance(names, list) else ""
    shown["year"] = csl_json.year(csl) or ""
    shown["kind"] = str(csl.get("type") or "")
    return {name: value for name, value in shown.items() if value}


def _as_line(name):
    if not isinstance(name, dict):
        return str(name)
    if not name.get("family"):
        return str(name.get("literal") or name.get("name") or name.get("given") or "")
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"), name["family"])
    family = " ".join(str(part) for part in particles if part)
    return ", ".join(str(part) for part in (family, name.get("given"), name.get("suffix")) if part)


_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[-‐]?){1,4}")


def person(line):
    """Return a CSL name: “Osei, Ama” and “Osei A” are people, “World Health Organization” is not.

    >>> person("van der Berg, Piet, Jr")
    {'family': 'van der Berg', 'given': 'Piet', 'suffix': 'Jr'}
    """
    parts = [" ".join(part.split()) for part in line.split(",") if part.strip()]
    if len(parts) > 1:
        return dict(zip(("family", "given", "suffix"), parts, strict=False))
    words = parts[0].split() if parts else []
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]) and words[-1].upper() == words[-1]:
        return {"family": " ".join(words[:-1]), "given": words[-1]}
    return {"literal": " ".join(words)}
