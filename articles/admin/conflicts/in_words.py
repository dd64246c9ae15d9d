"""A comparison of two versions of a form in words, for the page of a save conflict."""

from functools import cached_property

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
_MISSING = {
    Happened.I_ADDED: gettext_lazy("Not there."),
    Happened.THEY_ADDED: gettext_lazy("Not there."),
    Happened.DIFFERS: gettext_lazy("Not there."),
}


class ComparisonInWords:
    """A FormComparison in words, for the template."""

    def __init__(self, form, comparison, choices=(), texts=(), undecided=()):
        self.form, self.comparison = form, comparison
        self.choices, self.texts, self.undecided = dict(choices), dict(texts), undecided
        self.names = {}  # {model: {key: name}} of chosen objects, looked up once

    def parts(self):
        """Return [(heading, [unit …])] in the order of the form; each unit is a dict."""
        parts = {}
        for number, unit in enumerate(self.comparison.units, 1):
            parts.setdefault(self._part(unit), []).append(self._unit_for_template(number, unit))
        return list(parts.items())

    @cached_property
    def references(self):
        """{uid: title} of the references in the evidence of both sides. One query."""
        uids = {
            citation["reference"]
            for unit in self.comparison.units
            if unit.kind == "evidence"
            for entry in (unit.mine, unit.theirs)
            if entry
            for citation in entry["links"]
        }
        found = Reference.objects.filter(uid__in=uids)
        return {str(reference.uid): str(reference) for reference in found}

    def summary(self):
        """Return [(heading, [name of a unit …])] of all that differs."""
        parts = {}
        for unit in self.comparison.units:
            parts.setdefault(self._part(unit), []).append(self.legend(unit))
        return list(parts.items())

    def my_texts(self):
        """Return [(name of a unit, text)] of my side only, to read and to copy."""
        typed = []
        for unit in self.comparison.units:
            if unit.mine:
                lines = [
                    "".join(text for text, _only in mine)
                    for _label, _theirs, mine in self._lines(unit)
                ]
                typed.append((self.legend(unit), "\n".join(lines)))
        return typed

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
        """Return the name of a unit.

        It is the label of a field, the first words of a row or a block, or the text of a claim.
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

    def _unit_for_template(self, number, unit):
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
            "mine_missing": _MISSING.get(unit.happened, _("Taken away.")),
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
        """Yield (label, theirs, mine), both as lists of (text, whether only this side has it)."""
        if unit.kind == "row":
            is_on_both = unit.mine is not None and unit.theirs is not None
            for name, field in self.form.row_fields(unit.group).items():
                mine, theirs = (row.values[name] if row else "" for row in (unit.mine, unit.theirs))
                if (mine != theirs) if is_on_both else (name != "position" and (mine or theirs)):
                    yield (
                        capfirst(str(field.label or name)),
                        *self._side_by_side(field, theirs, mine, is_on_both),
                    )
            return
        if unit.kind == "field":
            field = self.form.form.fields[unit.name]
            mine, theirs = (
                self._value_in_words(field, unit.mine),
                self._value_in_words(field, unit.theirs),
            )
        elif unit.kind == "body":
            mine, theirs = (
                "\n".join(map(cleaning.plain_text, side or ())) for side in (unit.mine, unit.theirs)
            )
        else:
            mine, theirs = self._evidence_in_words(unit.mine), self._evidence_in_words(unit.theirs)
        label = ""
        if mine == theirs:
            label = _("The words are the same; bold, links or marked claims differ.")
        elif side_by_side.is_too_long_for_words(theirs, mine):
            label = _("This part was rewritten. Compare it by eye.")
        yield (
            label,
            *side_by_side.words_side_by_side(theirs, mine, by_lines=unit.kind == "evidence"),
        )

    def _side_by_side(self, field, theirs, mine, is_on_both):
        """Mark the words that differ, but not if only one side has the row: all would be marked."""
        theirs, mine = self._value_in_words(field, theirs), self._value_in_words(field, mine)
        return (
            side_by_side.words_side_by_side(theirs, mine)
            if is_on_both
            else ([(theirs, False)], [(mine, False)])
        )

    def _value_in_words(self, field, text):
        """Return a posted text as a person reads it."""
        if isinstance(field, forms.BooleanField):
            return _("yes") if text else _("no")
        if isinstance(field, forms.ModelChoiceField) and text:
            names = self.names.setdefault(field.queryset.model, {})
            if text not in names:
                try:
                    names[text] = field.label_from_instance(field.queryset.get(pk=text))
                except (field.queryset.model.DoesNotExist, ValueError):
                    names[text] = text
            return names[text]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(text, text))
        return text

    def _name_of_row(self, group, row):
        """Return the first text or chosen object in a row, as its name."""
        fields = self.form.row_fields(group)
        naming_fields = [
            name
            for name, field in fields.items()
            if _holds_text(field) or isinstance(field, forms.ModelChoiceField)
        ]
        return next(
            (
                self._value_in_words(fields[name], row.values[name])
                for name in naming_fields
                if row.values[name]
            ),
            _("(empty)"),
        )

    def _evidence_in_words(self, entry):
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
        for citation in entry["links"]:
            stance = dict(Stance.choices).get(citation["stance"], citation["stance"])
            source = self.references.get(
                citation["reference"], _("a source no longer in the library")
            )
            where = " ".join(
                part for part in (citation["locator_kind"], citation["locator"]) if part
            )
            parts = [
                f"{capfirst(str(stance))}: {source}",
                where,
                citation["quote"] and f"“{citation['quote']}”",
                citation["note"],
            ]
            lines.append("; ".join(part for part in parts if part))
        return "\n".join(lines)

    def _boxes(self, unit):
        """Return the text boxes of "combine", one for each text that differs."""
        if not unit.can_combine or unit.kind not in {"field", "row"}:
            return []
        if unit.kind == "field":
            one_sided = {MINE: unit.mine, THEIRS: unit.theirs}.get(unit.happened.side)
            texts = [
                (unit.name, self.form.form.fields[unit.name], unit.mine, unit.theirs, one_sided)
            ]
        else:
            mine, theirs = unit.mine.values, unit.theirs.values
            texts = [
                (name, field, mine[name], theirs[name], choosing.changed_by_one(unit, name))
                for name, field in self.form.row_fields(unit.group).items()
                if mine[name] != theirs[name]
            ]
        written = self.texts.get(unit.key, {})
        return [
            {
                "name": f"merge-text-{unit.key}-{name}",
                "label": capfirst(str(field.label or name)),
                "text": written.get(
                    name, _both_texts(field, mine, theirs) if one_sided is None else one_sided
                ),
            }
            for name, field, mine, theirs, one_sided in texts
            if _holds_text(field)
        ]


def _holds_text(field):
    return isinstance(field, forms.CharField) and not isinstance(
        field, (forms.SlugField, forms.EmailField)
    )


def _both_texts(field, mine, theirs):
    """Return the first text in a box of "combine": both texts, or all items of both lists."""
    if isinstance(field, (NamesField, TagField)):
        return ", ".join(
            dict.fromkeys(word for text in (mine, theirs) for word in text.split(", ") if word)
        )
    return choosing.both_texts(mine, theirs)
