"""A comparison of two versions of a form in words, for the page of a save conflict."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.forms import TagField

from articles.admin.article.names import NamesField
from articles.drafts.conflicts import choosing, side_by_side
from articles.drafts.conflicts.units import CHOICES, MINE, THEIRS, Happened
from articles.models import Article, Certainty, Stance
from articles.richtext import cleaning
from references.models import Reference

_WHAT_HAPPENED = {
    Happened.I_CHANGED: gettext_lazy("Only you changed this."),
    Happened.THEY_CHANGED: gettext_lazy("Only the other save changed this."),
    Happened.BOTH_CHANGED: gettext_lazy("Both changed this. Please choose."),
    Happened.I_ADDED: gettext_lazy("You added this."),
    Happened.THEY_ADDED: gettext_lazy("The other save added this."),
    Happened.I_DELETED: gettext_lazy("You took this away."),
    Happened.THEY_DELETED: gettext_lazy("The other save took this away. You did not change it."),
    Happened.I_DELETED_THEY_CHANGED: gettext_lazy(
        "You took this away, and the other save changed it. Please choose."
    ),
    Happened.THEY_DELETED_I_CHANGED: gettext_lazy(
        "The other save took this away, and you changed it. Please choose."
    ),
    Happened.DIFFERS: gettext_lazy("The two differ here. Please choose."),
}
_HAVE_NOT = {
    Happened.I_ADDED: gettext_lazy("Not there."),
    Happened.THEY_ADDED: gettext_lazy("Not there."),
    Happened.DIFFERS: gettext_lazy("Not there."),
}


class ComparisonInWords:
    """A Comparison in words, for the page."""

    def __init__(self, form, comparison, choices=(), texts=(), undecided=()):
        self.form, self.comparison = form, comparison
        self.choices, self.texts, self.undecided = dict(choices), dict(texts), undecided
        self.names = {}  # of rows and sources, looked up once

    def parts(self):
        """[(heading, [unit …])] in the order of the form; each unit a dict for the template."""
        references = {
            link["reference"]
            for unit in self.comparison.units
            if unit.kind == "evidence"
            for entry in (unit.mine, unit.theirs)
            if entry
            for link in entry["links"]
        }
        self.references = {
            str(found.uid): str(found) for found in Reference.objects.filter(uid__in=references)
        }
        parts = {}
        for number, unit in enumerate(self.comparison.units, 1):
            parts.setdefault(self._part(unit), []).append(self._shown(number, unit))
        return list(parts.items())

    def summary(self):
        """[(heading, [what happened …])], for who only wants to know what differs."""
        parts = {}
        for unit in self.comparison.units:
            parts.setdefault(self._part(unit), []).append(self.legend(unit))
        return list(parts.items())

    def typed(self):
        """[(what, text)] of my side alone, to be read and copied."""
        found = []
        for unit in self.comparison.units:
            if unit.mine:
                lines = [
                    "".join(text for text, _only in mine)
                    for _label, _theirs, mine in self._lines(unit)
                ]
                found.append((self.legend(unit), "\n".join(lines)))
        return found

    def _part(self, unit):
        if unit.kind == "field":
            model = self.form.form._meta.model
            return (
                _("Title and details") if model is Article else capfirst(model._meta.verbose_name)
            )
        if unit.kind == "body":
            return _("Text")
        if unit.kind == "evidence":
            return _("Evidence")
        return capfirst(self.form.formsets[unit.group].model._meta.verbose_name_plural)

    def legend(self, unit):
        """What the unit is called: a field's label, a row's or a block's first words, a claim's
        text.
        """
        if unit.kind == "field":
            return capfirst(str(self.form.form.fields[unit.name].label or unit.name))
        if unit.kind == "body":
            words = cleaning.plain_text((unit.theirs or unit.mine)[0])
        elif unit.kind == "evidence":
            words = (unit.theirs or unit.mine)["text"]
        else:
            words = self._name_of_row(unit.group, unit.theirs or unit.mine)
        return words if len(words) <= 80 else words[:79].rstrip() + "…"

    def _shown(self, number, unit):
        choice = self.choices.get(unit.key)
        choice = choice if choice in CHOICES else unit.happened.side
        boxes = self._boxes(unit)
        can_combine = unit.can_combine and (unit.kind in {"body", "evidence"} or bool(boxes))
        return {
            "key": unit.key,
            "number": number,
            "legend": self.legend(unit),
            "happened": _WHAT_HAPPENED[unit.happened],
            "must_choose": unit.happened.side is None,
            "is_undecided": unit.key in self.undecided,
            "choice": choice,
            "lines": list(self._lines(unit)),
            "has_mine": unit.mine is not None,
            "has_theirs": unit.theirs is not None,
            "mine_missing": _HAVE_NOT.get(unit.happened, _("Taken away.")),
            "can_combine": can_combine,
            "boxes": boxes,
            "combine": (
                {
                    "body": _("Keep both, yours first. Tidy up in the editor afterwards."),
                    "evidence": _("Combine: the sources of both."),
                }.get(unit.kind, _("Combine: write it below."))
            ),
        }

    def _lines(self, unit):
        """[(label, theirs, mine)], the two as lists of (text, is only on this side)."""
        if unit.kind == "row":
            is_on_both = unit.mine is not None and unit.theirs is not None
            for name, field in self.form.typed(unit.group).items():
                own, their = (row.values[name] if row else "" for row in (unit.mine, unit.theirs))
                if (own != their) if is_on_both else (name != "position" and (own or their)):
                    yield (
                        capfirst(str(field.label or name)),
                        *self._marked(field, their, own, is_on_both),
                    )
            return
        if unit.kind == "field":
            field = self.form.form.fields[unit.name]
            own, their = self._said(field, unit.mine), self._said(field, unit.theirs)
        elif unit.kind == "body":
            own, their = (
                "\n".join(map(cleaning.plain_text, side or ())) for side in (unit.mine, unit.theirs)
            )
        else:
            own, their = self._said_evidence(unit.mine), self._said_evidence(unit.theirs)
        label = ""
        if own == their:
            label = _("The words are the same; bold, links or marked claims differ.")
        elif side_by_side.is_rewritten(their, own):
            label = _("This part was rewritten. Compare it by eye.")
        yield (
            label,
            *side_by_side.words_side_by_side(their, own, by_lines=unit.kind == "evidence"),
        )

    def _marked(self, field, theirs, mine, is_on_both):
        """What one side alone has is not marked word by word: all of it would be."""
        theirs, mine = self._said(field, theirs), self._said(field, mine)
        return (
            side_by_side.words_side_by_side(theirs, mine)
            if is_on_both
            else ([(theirs, False)], [(mine, False)])
        )

    def _said(self, field, text):
        """A posted text as a person reads it."""
        if isinstance(field, forms.BooleanField):
            return _("yes") if text else _("no")
        if isinstance(field, forms.ModelChoiceField) and text:
            known = self.names.setdefault(field.queryset.model, {})
            if text not in known:
                try:
                    known[text] = field.label_from_instance(field.queryset.get(pk=text))
                except (field.queryset.model.DoesNotExist, ValueError):
                    known[text] = text
            return known[text]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(text, text))
        return text

    def _name_of_row(self, group, row):
        """The first words or thing in it that say what it is about."""
        fields = self.form.typed(group)
        best = [
            name
            for name, field in fields.items()
            if _is_words(field) or isinstance(field, forms.ModelChoiceField)
        ]
        return next(
            (self._said(fields[name], row.values[name]) for name in best if row.values[name]),
            _("(empty)"),
        )

    def _said_evidence(self, entry):
        if entry is None:
            return ""
        certainty = dict(Certainty.choices).get(entry["certainty"], entry["certainty"])
        lines = [_("Certainty: %s") % certainty]
        if entry["reasons"]:
            lines.append(
                _("Reasons: %s")
                % ", ".join(reason.replace("_", " ") for reason in entry["reasons"])
            )
        if entry["note"]:
            lines.append(_("Note: %s") % entry["note"])
        if entry["confirmed"]:
            lines.append(_("The evidence still fits the changed words."))
        for link in entry["links"]:
            stance = dict(Stance.choices).get(link["stance"], link["stance"])
            source = self.references.get(link["reference"], _("a source no longer in the library"))
            where = " ".join(part for part in (link["locator_kind"], link["locator"]) if part)
            parts = [
                f"{capfirst(str(stance))}: {source}",
                where,
                link["quote"] and f"“{link['quote']}”",
                link["note"],
            ]
            lines.append("; ".join(part for part in parts if part))
        return "\n".join(lines)

    def _boxes(self, unit):
        """The boxes of "combine", one for each text that differs."""
        if not unit.can_combine or unit.kind not in {"field", "row"}:
            return []
        if unit.kind == "field":
            one_sided = {MINE: unit.mine, THEIRS: unit.theirs}.get(unit.happened.side)
            texts = [
                (unit.name, self.form.form.fields[unit.name], unit.mine, unit.theirs, one_sided)
            ]
        else:
            own, their = unit.mine.values, unit.theirs.values
            texts = [
                (name, field, own[name], their[name], choosing.changed_by_one(unit, name))
                for name, field in self.form.typed(unit.group).items()
                if own[name] != their[name]
            ]
        written = self.texts.get(unit.key, {})
        return [
            {
                "name": f"merge-text-{unit.key}-{name}",
                "label": capfirst(str(field.label or name)),
                "text": written.get(
                    name, _both(field, own, their) if one_sided is None else one_sided
                ),
            }
            for name, field, own, their, one_sided in texts
            if _is_words(field)
        ]


def _is_words(field):
    return isinstance(field, forms.CharField) and not isinstance(
        field, (forms.SlugField, forms.EmailField)
    )


def _both(field, own, their):
    """Where a box of "combine" begins: both texts, or for lists what is on either."""
    if isinstance(field, (NamesField, TagField)):
        return ", ".join(
            dict.fromkeys(word for text in (own, their) for word in text.split(", ") if word)
        )
    return choosing.both_texts(own, their)
