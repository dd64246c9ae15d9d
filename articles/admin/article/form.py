"""The form of an article."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles.evidence import linking, panel_state
from articles.models import Article
from articles.richtext import editor

from .evidence_panel import EvidenceField
from .rows import show_what_was_fetched


class ArticleForm(forms.ModelForm):
    """A form that knows on which version it was opened.

    If a colleague saved meanwhile, the save is refused and the form keeps what was typed.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    evidence = EvidenceField()

    class Meta:
        model = Article
        exclude = ["uid", "lock_version"]  # noqa: DJ006  (the fieldsets below say what is shown)
        widgets = {"body": editor.widget(), "summary": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_what_was_fetched(self)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.lock_version
            self.fields["evidence"].initial = self._evidence_of_rows

    @cached_property
    def saved_evidence(self):
        """The result of linking.evidence_of for the saved article; empty for a new one.

        Two queries, once.
        """
        return linking.evidence_of(self.instance) if self.instance.pk else []

    def _evidence_of_rows(self):
        """Return the evidence of rows, which the form holds even if nobody touched it.

        If a colleague deletes such a row meanwhile and the author keeps it, its evidence is still
        there. A phrase does not need this: it keeps its evidence when it loses its marker.
        """
        evidence_of_rows = [
            (claim, citations)
            for claim, citations in self.saved_evidence
            if claim.kind != claim.Kind.TEXT and citations
        ]
        return (
            linking.state_of(self.instance, evidence_of_rows).to_json_text()
            if evidence_of_rows
            else ""
        )

    @cached_property
    def changed_data(self):
        """The names of changed fields, without evidence that the rows hold already."""
        changed = super().changed_data
        if "evidence" in changed and self.is_bound and not self._evidence_differs:
            changed.remove("evidence")
        return changed

    @property
    def _evidence_differs(self):
        state = self.cleaned_data.get("evidence") if hasattr(self, "cleaned_data") else None
        if state is None:
            return False
        return panel_state.differs(state, linking.state_of(self.instance, self.saved_evidence))

    def clean_tags(self):
        """Refuse a tag that is too long: PostgreSQL would raise an error, SQLite would not."""
        tags, limit = self.cleaned_data["tags"], Tag._meta.get_field("name").max_length
        for tag in tags:
            if len(tag) > limit:
                sentence = _(
                    "Shorten the tag “%(tag)s”: it has %(count)s characters, and %(most)s fit."
                )
                params = {"tag": tag[:80], "count": len(tag), "most": limit}
                raise forms.ValidationError(sentence, code="too_long", params=params)
        return tags

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            # This locks the row until the end of the save, which the admin runs in a transaction.
            current_version = (
                Article.objects.select_for_update().get(pk=self.instance.pk).lock_version
            )
            if cleaned.get("seen_version") != current_version:
                self.add_error(
                    None,
                    forms.ValidationError(
                        _(
                            "Somebody changed this article meanwhile, so nothing was saved. What"
                            " you typed is still here: open the article in a new window, compare,"
                            " copy over what you need and save there."
                        ),
                        code="changed_meanwhile",
                    ),
                )
        return cleaned
