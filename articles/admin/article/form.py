"""The form an article is written in."""

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
    """Knows which version it was opened on.

    A save over a colleague's is refused, with all that was typed kept.
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
        """What linking.evidence_of gives for the article as it is saved; nothing for a new one.

        Two queries, once.
        """
        return linking.evidence_of(self.instance) if self.instance.pk else []

    def _evidence_of_rows(self):
        """The evidence of rows, which travels with the form even untouched.

        Where a colleague deletes such a row meanwhile and the author keeps it, its evidence is
        still there. A phrase that loses its marker keeps its own.
        """
        of_rows = [
            (claim, links)
            for claim, links in self.saved_evidence
            if claim.kind != claim.Kind.TEXT and links
        ]
        return linking.state_of(self.instance, of_rows).as_json() if of_rows else ""

    @cached_property
    def changed_data(self):
        """Without evidence that is what the rows hold already.

        A save that changes nothing changes nothing.
        """
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
        """A tag longer than its column is an error of the database on PostgreSQL, and none on
        SQLite.
        """
        tags, most = self.cleaned_data["tags"], Tag._meta.get_field("name").max_length
        for tag in tags:
            if len(tag) > most:
                says = _(
                    "Shorten the tag “%(tag)s”: it has %(count)s characters, and %(most)s fit."
                )
                told = {"tag": tag[:80], "count": len(tag), "most": most}
                raise forms.ValidationError(says, code="too_long", params=told)
        return tags

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            # The row is fetched and locked: the admin runs every save in a transaction.
            now = Article.objects.select_for_update().get(pk=self.instance.pk).lock_version
            if cleaned.get("seen_version") != now:
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
