"""The data of the evidence panel beside the editor, and the hidden field that holds its state."""

from dataclasses import asdict

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit
from articles.evidence import linking, panel_state
from articles.models import Certainty, Citation, Claim, Stance
from articles.models.claims import SOURCE_SCHEMES
from articles.richtext import editor
from physiohub import policy
from references.cards import card
from references.models import Design, Reference

from .evidence_panel_words import WORDS
from .pasting_words import PASTING_WORDS


class EvidenceField(forms.CharField):
    """The state of the panel as JSON (articles.evidence.panel_state).

    It cleans to a PanelState, or to None if the panel sent nothing. A malformed state is an error
    of the form, never an exception, and the form keeps what was typed.
    """

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, strip=False, label=gettext_lazy("evidence"))

    def clean(self, value):
        if not value:
            return None
        state = panel_state.parse(value)
        linking.check_references(state)
        return state


class RowEvidenceWidget(forms.TextInput):
    """The hidden key of a row's claim, and a button that opens the claim in the panel."""

    template_name = "admin/evidence/row.html"


def panel(article, evidence, posted="", *, user):
    """Return the JSON values for the panel of `article` (None on the add page), shown to `user`.

    `evidence` is the result of linking.evidence_of. `posted` is the field of a form that has
    errors. Its sources are looked up too, so that the panel can show them. At most one query.
    """
    state = linking.state_of(article, evidence)
    references = {
        str(citation.reference.uid): card(citation.reference)
        for _claim, citations in evidence
        for citation in citations
    }
    for reference in Reference.objects.filter(uid__in=_references_in(posted) - set(references)):
        references[str(reference.uid)] = card(reference)
    return {
        "claims": {
            claim.key: {
                **asdict(state.claims[claim.key]),
                "uid": str(claim.uid),
                "kind": claim.kind,
                "checked_text": claim.checked_text,
                "checks": {
                    str(citation.uid): audit.name_of(citation.checked_by)
                    for citation in citations
                    if citation.checked_by is not None
                },
            }
            for claim, citations in evidence
        },
        "references": references,
        "choices": {
            "certainty": _options(Certainty),
            "stance": _options(Stance),
            "design": [["", _("as the source says")], *_options(Design)],
            "locator_kind": _options(Citation.Locator),
            "population_match": [["", _("not said")], *_options(Citation.PopulationMatch)],
            "source_scheme": [["", _("not said")], *([name, name] for name in SOURCE_SCHEMES)],
            "kind": _options(Claim.Kind),
            "reasons": _reasons(),
        },
        "limits": {
            "quote": Citation._meta.get_field("quote").max_length,
            "locator": Citation._meta.get_field("locator").max_length,
            "note": Citation._meta.get_field("note_public").max_length,
            "source_certainty": Citation._meta.get_field("source_certainty").max_length,
            "scope": Claim._meta.get_field("population").max_length,
            "certainty_note": Claim._meta.get_field("certainty_note").max_length,
        },
        "addresses": _addresses(article, user),
        "words": {
            **{key: str(words) for key, words in WORDS.items()},
            "pasting": {key: str(words) for key, words in PASTING_WORDS.items()},
        },
    }


def _addresses(article, user):
    """Return the addresses that the scripts ask; "" for what `user` may not do."""
    return {
        "adapter": editor.adapter_url(),
        "find": reverse("admin:references_reference_find"),
        "standing": reverse(
            "admin:articles_article_standing", args=[article.pk] if article else []
        ),
        "add_picture": (
            reverse("admin:articles_picture_add") if policy.may(user, policy.ADD_PICTURES) else ""
        ),
        "import": (
            reverse("admin:articles_article_import") if policy.may(user, policy.BEGIN) else ""
        ),
    }


def _references_in(posted):
    """Return the uids of the references in a posted state; none if it cannot be read."""
    try:
        state = panel_state.parse(posted) if posted else panel_state.PanelState()
    except forms.ValidationError:
        return set()
    return {citation.reference for claim in state.claims.values() for citation in claim.links}


def _options(choices):
    return [[value, str(label)] for value, label in choices.choices]


def _reasons():
    """Return the reasons of GRADE to rate down and up, in words."""
    return [
        ["risk_of_bias", _("Rated down: the studies may be biased")],
        ["inconsistency", _("Rated down: the studies disagree")],
        ["indirectness", _("Rated down: other people, treatments or outcomes than ours")],
        ["imprecision", _("Rated down: too few people, wide margins")],
        ["publication_bias", _("Rated down: unfavourable studies may be missing")],
        ["large_effect", _("Rated up: a large effect")],
        ["dose_response", _("Rated up: more of it does more")],
        ["confounding_opposes", _("Rated up: known distortions would hide the effect")],
    ]
