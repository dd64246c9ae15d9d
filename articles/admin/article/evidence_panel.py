"""What the evidence panel beside the editor needs to know, and the hidden field its state travels
in.
"""

from dataclasses import asdict

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit
from articles.evidence import linking, panel_state
from articles.models import Certainty, Citation, Claim, Stance
from articles.richtext import editor
from references.cards import card
from references.models import Design, Reference


class EvidenceField(forms.CharField):
    """The state of the panel (articles.evidence.panel_state) as JSON; cleans to a State.

    None when the panel sent nothing.

    Malformed state is an error of the form, never an exception, and what was typed stays.
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
    """In an inline row: the key of its claim, hidden, and a button that opens its card in the
    panel.
    """

    template_name = "admin/evidence/row.html"


def panel(article, evidence, posted=""):
    """Plain JSON values for the panel of `article` (None on the add page). One query at most.

    `evidence` is what linking.evidence_of gives. `posted` is the field as it came back with a form
    that has errors: its sources are looked up too, so that the panel can show them.
    """
    state = linking.state_of(article, evidence)
    references = {
        str(link.reference.uid): card(link.reference)
        for _claim, links in evidence
        for link in links
    }
    for reference in Reference.objects.filter(uid__in=_named(posted) - set(references)):
        references[str(reference.uid)] = card(reference)
    return {
        "claims": {
            claim.key: {
                **asdict(state.claims[claim.key]),
                "uid": str(claim.uid),
                "kind": claim.kind,
                "checked_text": claim.checked_text,
                "checks": {
                    str(link.uid): audit.name_of(link.checked_by)
                    for link in links
                    if link.checked_by is not None
                },
            }
            for claim, links in evidence
        },
        "references": references,
        "choices": {
            "certainty": _options(Certainty),
            "stance": _options(Stance),
            "design": [["", _("as the source says")], *_options(Design)],
            "locator_kind": _options(Citation.Locator),
            "population_match": [["", _("not said")], *_options(Citation.PopulationMatch)],
            "kind": _options(Claim.Kind),
            "reasons": _reasons(),
        },
        "limits": {
            "quote": Citation._meta.get_field("quote").max_length,
            "locator": Citation._meta.get_field("locator").max_length,
            "note": Citation._meta.get_field("note_public").max_length,
            "certainty_note": Claim._meta.get_field("certainty_note").max_length,
        },
        "addresses": {
            "adapter": editor.adapter_url(),
            "find": reverse("admin:references_reference_find"),
            "standing": reverse(
                "admin:articles_article_standing", args=[article.pk] if article else []
            ),
        },
        "words": _words(),
    }


def _named(posted):
    """Uids of the references in a state that came back; none when it cannot be read."""
    try:
        state = panel_state.parse(posted) if posted else panel_state.PanelState()
    except forms.ValidationError:
        return set()
    return {link.reference for claim in state.claims.values() for link in claim.links}


def _options(choices):
    return [[value, str(label)] for value, label in choices.choices]


def _reasons():
    """GRADE's reasons to rate down and up, in words."""
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


def _words():
    """Every sentence the panel says, translated here.

    Its scripts hold none. {name} is filled in there.
    """
    return {
        "no_claims": _(
            "No claims yet. Mark a phrase in the text and press Ctrl+Alt+M, or add a row below."
        ),
        "count_one": _("1 claim"),
        "count": _("{count} claims"),
        "bare": _("{count} without evidence"),
        "all_linked": _("all with evidence"),
        "show_all": _("All"),
        "show_bare": _("Without evidence"),
        "show_attention": _("To look at"),
        "nothing_here": _("Nothing here."),
        "add": _("Add a source"),
        "add_hint": _("Letters of a title or author, a DOI, PMID or web address; then Enter"),
        "searching": _("Searching …"),
        "looking_up": _("Looking it up …"),
        "still_looking": _("Still waiting for an answer. Press Escape to stop waiting."),
        "stopped": _("Stopped. Nothing was added."),
        "unreachable": _("This site did not answer. Check your connection and press Enter again."),
        "logged_out": _("You are logged out. Log in in a new window, then press Enter again."),
        "no_match": _("Not in the library. Press Enter to look it up."),
        "add_by_hand": _("Add it by hand …"),
        "linked": _("Linked: {source}"),
        "already": _("{source} is linked to this claim already."),
        "stance": _("This source"),
        "opinion": _("an expert's own view"),
        "design": _("Kind of study, as used here"),
        "place": _("Which"),
        "place_kind": _("Where in it"),
        "quote": _("Quote, word for word"),
        "note": _("Note for readers, in plain words"),
        "population": _("The people in it are"),
        "more": _("More"),
        "take_away": _("Take away"),
        "take_away_this": _("Take away {source}"),
        "taken_away": _("Taken away: {source}"),
        "put_back": _("Put back"),
        "certainty": _("How sure are we"),
        "at_most": _("This evidence carries “{level}” at most."),
        "why": _("Why this level"),
        "reasons": _("Reasons for the rating"),
        "in_text": _("Show in the text"),
        "to_row": _("Go to the row"),
        "unmark": _("It is no claim"),
        "drifted": _("Wording changed since evidence was linked."),
        "was": _("It was: “{text}”"),
        "still_fits": _("I read the sources again: the evidence fits the new wording"),
        "still_fits_hint": _("A colleague checks the evidence once more afterwards."),
        "no_evidence": _("No evidence"),
        "sources_one": _("1 source"),
        "sources": _("{count} sources"),
        "removed": _("Marker removed"),
        "removed_hint": _(
            "Undo in the text (Ctrl+Z) brings it back. Its evidence stays with the draft until you"
            " delete it."
        ),
        "removed_before": _(
            "Its marker was removed before. Its evidence stays until you delete it."
        ),
        "markers_removed": _("{count} with the marker removed"),
        "touches": _(
            "Your selection touches this claim. For another claim, select words outside it."
        ),
        "delete": _("Delete its evidence"),
        "deleted": _("Its evidence goes when you save."),
        "row_removed": _("This row goes when you save, and its evidence with it."),
        "checked_by": _("Checked by {name}"),
        "unchecked": _("Not checked by a second person yet"),
        "retracted": _("{state}: counts as no evidence."),
        "limit": _("{count} of {most} characters"),
        "standing": _("Before publishing"),
        "ready": _("Nothing is missing."),
        "hints": _("Hints"),
        "checking": _("Checking …"),
        "not_checked": _("This could not be checked just now. It is checked again when you go on."),
        "cannot_save": _("Not ready to save yet"),
        "stale": _("Somebody changed this article meanwhile. Saving shows you both versions."),
        "grade": _("Reading grade {grade} (aim for {aim} or below)"),
        "hard_words": _("Hard words: {words}"),
        "long_sentences": _("Sentences over {most} words: {count}"),
        "evidence_button": _("Evidence"),
        "new_row": _("new row"),
        "open_panel": _("Evidence"),
        "close_panel": _("Close"),
    }
