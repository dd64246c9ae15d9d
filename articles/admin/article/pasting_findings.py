"""The page that reads a pasted table of findings: each row is looked through before it is made."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.evidence import tables_of_findings
from articles.findings.tables import FLAGS, read_findings
from articles.models import Article, Certainty, Citation, Finding
from articles.models.findings import figure_text
from physiohub import policy
from references.models import Reference

MOST_LETTERS = 4_000_000


class TableForm(forms.Form):
    """What all rows of the table share."""

    reference = forms.ModelChoiceField(
        Reference.objects.all(),
        label=gettext_lazy("The source the table is from"),
        help_text=gettext_lazy("Not there? Add it under References first, then paste again."),
    )
    table = forms.CharField(
        label=gettext_lazy("Which table of it"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Its number, such as 2. The row is added by itself."),
    )
    intervention = forms.CharField(label=gettext_lazy("Treatment"), max_length=120)
    comparator = forms.CharField(label=gettext_lazy("Compared with"), max_length=120)
    population = forms.CharField(
        label=gettext_lazy("People, in plain words"), required=False, max_length=160
    )

    def __init__(self, *args, admin_site, **kwargs):
        super().__init__(*args, **kwargs)
        field = Citation._meta.get_field("reference")
        self.fields["reference"].widget = AutocompleteSelect(field, admin_site)
        self.fields["reference"].widget.choices = self.fields["reference"].choices


class FoundForm(forms.ModelForm):
    """What a person decides about one row of the table."""

    is_chosen = forms.BooleanField(label=gettext_lazy("make this one"), required=False)

    class Meta:
        model = Finding
        fields = [
            "outcome",
            "direction",
            "size",
            "happened",
            "better",
            "scale_low_words",
            "scale_high_words",
            "time",
            "note",
        ]

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["scale_low_words"].label = _("The low end means")
        self.fields["scale_high_words"].label = _("The high end means")
        is_people = found.kind == "count" and found.unit == "people"
        for name, is_asked in (
            ("happened", is_people),
            ("scale_low_words", found.kind == "scale"),
            ("scale_high_words", found.kind == "scale"),
            ("note", bool(found.note) or found.kind == "words"),
        ):
            if not is_asked:
                del self.fields[name]

    def _post_clean(self):
        """Leave the check of the whole finding to `tables_of_findings`, which knows the rest."""

    @property
    def decided(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}

    @property
    def flags(self):
        """Sentences about what is to be looked at, or is missing."""
        return [_(FLAGS[flag]) for flag in self.found.flags]

    @property
    def _scale(self):
        scale = self.found.scale
        if scale is None or scale.low is None or scale.high is None:
            return ""
        return f"{figure_text(scale.low)} … {figure_text(scale.high)}"

    @property
    def figures(self):
        """[(what, figure)] as the table has them."""
        found, values = self.found, tables_of_findings.finding_values(self.found)
        low, high = found.interval or (None, None)
        pairs = [
            (_("without"), figure_text(found.without)),
            (_("with"), figure_text(found.with_)),
            (_("difference"), figure_text(found.difference)),
            (
                _("interval"),
                f"{figure_text(low)} … {figure_text(high)}" if found.interval else "",
            ),
            (_("out of"), str(found.base or "")),
            (_("unit"), found.unit or ""),
            (_("scale"), self._scale),
            (_("people"), str(found.people or "")),
            (_("studies"), str(found.studies or "")),
            (_("as reported"), str(values["as_reported"])),
            (_("certainty"), str(Certainty(found.certainty).label)),
            (_("because of"), ", ".join(reason.replace("_", " ") for reason in found.reasons)),
        ]
        return [(what, figure) for what, figure in pairs if figure]


class PastingFindings:
    """Mixin for the article's ModelAdmin: adds the page and its address."""

    def get_urls(self):
        page = path(
            "<int:pk>/findings/",
            self.admin_site.admin_view(self.paste_findings),
            name="articles_article_findings",
        )
        return [page, *super().get_urls()]

    def paste_findings(self, request, pk):
        """Read a pasted table; with act=make, make findings of the rows that were chosen."""
        article = get_object_or_404(Article, pk=pk)
        if not policy.may(request.user, policy.WRITE):
            raise PermissionDenied
        html = request.POST.get("html", "")[:MOST_LETTERS]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Paste a table of findings"),
            "opts": self.opts,
            "article": article,
            "html": html,
            "table": None,
        }
        if html.strip():
            context |= self._looked_through(request, article, html)
            if made := context.pop("made", None):
                self.message_user(
                    request,
                    ngettext(
                        "%d finding was made. Look at it once more below.",
                        "%d findings were made. Look at each once more below.",
                        len(made),
                    )
                    % len(made),
                )
                address = reverse("admin:articles_article_change", args=[article.pk])
                return HttpResponseRedirect(f"{address}#finding_rows-group")
        return TemplateResponse(request, "admin/articles/article/findings.html", context)

    def _looked_through(self, request, article, html):
        """Read `html` and what was decided so far; {"made": …} once findings were made of it."""
        table = read_findings(html)
        sent = request.POST if request.POST.get("act") == "make" else None
        shared = TableForm(
            sent,
            admin_site=self.admin_site,
            initial={
                "intervention": table.intervention,
                "comparator": table.comparator,
                "population": table.population,
            },
        )
        rows = [
            FoundForm(sent, found=found, prefix=f"row-{number}", initial=_suggested(found))
            for number, found in enumerate(table.findings)
        ]
        context = {
            "table": table,
            "shared": shared,
            "rows": rows,
            "media": self.media + shared.media,
        }
        if sent is None or not table.findings:
            return context
        is_whole = all([shared.is_valid(), *(row.is_valid() for row in rows)])
        chosen = [row for row in rows if is_whole and row.cleaned_data["is_chosen"]]
        if is_whole and not chosen:
            shared.add_error(None, _("Choose at least one row."))
        elif is_whole and self._can_be_made(article, chosen, shared):
            context["made"] = tables_of_findings.make_findings(
                article, _as_decided(chosen), _source(shared), by=request.user, at=timezone.now()
            )
        return context

    def _can_be_made(self, article, chosen, shared):
        """Say beside each row why it cannot be a finding yet."""
        are_whole = True
        for row, decided in zip(chosen, _as_decided(chosen), strict=True):
            try:
                tables_of_findings.unsaved(article, decided, _source(shared))
            except ValidationError as problem:
                are_whole = False
                for sentence in problem.messages:
                    row.add_error(None, sentence)
        return are_whole


def _suggested(found):
    values = tables_of_findings.finding_values(found)
    is_measured = not tables_of_findings.NOT_MEASURED & set(found.flags)
    words = {name: values[name] for name in ("time", "better")}
    outcome = str(values["outcome"])
    # It stands in the middle of a sentence; short forms such as MRI stay.
    words["outcome"] = outcome if outcome[1:2].isupper() else outcome[:1].lower() + outcome[1:]
    note = found.note if found.kind == "words" else ""
    return {**words, "note": note[:300], "is_chosen": is_measured}


def _as_decided(rows):
    return [tables_of_findings.LookedThrough(row.found, row.decided) for row in rows]


def _source(shared):
    return tables_of_findings.TableSource(**shared.cleaned_data)
