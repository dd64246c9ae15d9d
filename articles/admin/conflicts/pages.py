"""The page a stale save is answered with.

Both versions side by side, unit by unit, and one button.
"""

import json

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.forms import TagField

from articles.admin.article.names import NamesField
from articles.drafts import edits
from articles.drafts.conflicts import choosing, comparing_forms, opened_on, side_by_side
from articles.drafts.conflicts.units import CHOICES, MINE, THEIRS, Happened
from articles.models import Article, AuditEntry, Certainty, Stance
from articles.revisions import storing
from articles.richtext import cleaning
from articles.richtext.vocabulary import CLAIM_KEY
from references.models import Reference

from . import resending
from .forms_as_documents import ChangeForm

#: The answer to a stale save: nothing was saved, and whoever reads only the status (a script, a
#: log, a proxy) must see that too. Browsers show the page of a 409 like any other.
CONFLICT = 409

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)

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


class ResolvesSaveConflicts:
    """Mixin for a ModelAdmin whose objects are an article or part of one.

    No save goes over another unseen.
    """

    change_form_template = "admin/articles/change_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        is_no_save = getattr(request, "only_shows", False) or hasattr(request, "rehearsal")
        if request.method != "POST" or object_id is None or is_no_save:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():  # the lock must last until the save
            answer = self._merge(request, object_id)
            if answer is None:
                answer = super().changeform_view(request, object_id, form_url, extra_context)
                if _names_a_row_that_is_gone(answer):
                    answer = self._merge(request, object_id, is_stale=True) or answer
        return answer

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """The form carries what it was opened on."""
        if request.method == "POST":
            context["opened_on"] = request.POST.get("opened_on", "")
        elif change and self.has_change_permission(request, obj):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            document = ChangeForm(context["adminform"].form, formsets, obj).document()
            context["opened_on"] = _opened_on(obj, document)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_formset(self, request, form, formset, change):
        make_again(request, formset)
        super().save_formset(request, form, formset, change)

    def _merge(self, request, object_id, *, is_stale=False):
        """The page, if this save is stale.

        None if it can go on, perhaps as what was chosen on the page.
        """
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            return None  # the admin has its own words for that
        is_merged = "merge-posted" in request.POST
        data = _unpacked(request.POST["merge-posted"]) if is_merged else request.POST
        if obj is not None:
            article = storing.lock(edits.article_of(obj))
            obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._deleted(request, data)
        is_article = isinstance(obj, Article)
        if (
            is_article
            and not is_merged
            and not is_stale
            and data.get("seen_version") == str(article.lock_version)
        ):
            return None
        was = opened_on.recall(data.get("opened_on", ""))
        now = ChangeForm.opened_now(self, request, obj)
        theirs = now.document()
        if (
            not is_article
            and not is_merged
            and not is_stale
            and opened_on.is_as_remembered(was, theirs)
        ):
            return None
        mine = now.posted(data, was, theirs)
        comparison = comparing_forms.compare_forms(was, mine, theirs)
        choices, texts = _choices(request.POST, comparison)
        against, undecided = opened_on.digest(theirs), []
        is_current = request.POST.get("merge-against") == against
        if (is_merged and is_current) or not comparison.units:
            try:
                result = choosing.merged_form(comparison, choices, texts)
            except choosing.Undecided as problem:
                undecided = problem.keys
            else:
                packed, request.made_again = now.pack(result, theirs, data)
                if is_article:
                    packed["seen_version"] = str(article.lock_version)
                packed["opened_on"] = _opened_on(obj, theirs)
                packed._mutable = False
                request.POST = packed
                return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("Changed meanwhile: %s") % obj,
            "saves": _saves_since(was, edits.article_of(obj), request.user),
            "parts": Showing(now, comparison, choices, texts, undecided).parts(),
            "undecided": len(undecided),
            "came_again": is_merged and not is_current,
            "posted": json.dumps(
                [[name, text] for name, texts in data.lists() for text in texts if name != _TOKEN]
            ),
            "against": against,
        }
        page = TemplateResponse(request, "admin/conflicts/merge.html", context, status=CONFLICT)
        page.has_no_editor = True
        return page

    def _deleted(self, request, data):
        """All that was typed into the form of something that is there no more, ready to be made
        anew.
        """
        form = ChangeForm.opened_now(self, request, None)
        blank = form.document()
        posted = form.posted(data, opened_on.recall(data.get("opened_on", "")), blank)
        packed, _again = form.pack(posted, blank, data)
        address = None
        if self.has_add_permission(request):
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        typed = Showing(form, comparing_forms.compare_forms(None, posted, blank)).typed()
        return resending.page_of_something_deleted(request, typed, packed, address)


def make_again(request, formset):
    """Give rows that were deleted meanwhile, and kept on the page, the uid and the claim
    they had.
    """
    for row in formset.extra_forms:
        key = getattr(request, "made_again", {}).get(row.prefix)
        if key and hasattr(row.instance, "uid") and _is_free(formset.model, key):
            row.instance.uid = key
        claim = formset.data.get(f"{row.prefix}-claim_key", "")
        if hasattr(row.instance, "claim_key") and CLAIM_KEY.match(claim):
            row.instance.claim_key = claim


def _is_free(model, uid):
    try:
        return not model._base_manager.filter(uid=uid).exists()
    except ValidationError:  # no uid at all
        return False


def _opened_on(obj, document):
    newest = (
        AuditEntry.objects.filter(subject_uid=edits.article_of(obj).uid)
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    return json.dumps(
        {**opened_on.remember(document), "entry": newest.first() or 0}, separators=(",", ":")
    )


def _unpacked(text):
    """The form as it was first posted.

    It comes from our own page, so anything else is somebody's making.
    """
    try:
        pairs = json.loads(text)
        data = QueryDict(mutable=True)
        for name, value in pairs:
            data.appendlist(*map(_text, (name, value)))
    except (ValueError, TypeError, RecursionError) as problem:
        raise SuspiciousOperation("merge-posted holds no form") from problem
    return data


def _text(value):
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # half a surrogate pair fits in no database and on no page
    return value.replace("\0", "")


def _choices(data, comparison):
    choices = {unit.key: data.get(f"merge-choice-{unit.key}") for unit in comparison.units}
    texts = {}
    for unit in comparison.units:
        start = f"merge-text-{unit.key}-"
        found = {
            name.removeprefix(start): cleaning.normalise_newlines(data[name])
            for name in data
            if name.startswith(start)
        }
        if found:
            texts[unit.key] = found
    return choices, texts


def _names_a_row_that_is_gone(answer):
    """Whether a form came back because a posted row is there no more, which the admin does not say
    anywhere.
    """
    context = getattr(answer, "context_data", None) or {}
    for inline in context.get("inline_admin_formsets", ()):
        formset = inline.formset
        if formset.is_bound and any(
            formset.model._meta.pk.name in row.errors for row in formset.initial_forms
        ):
            return True
    return False


def _saves_since(was, article, user):
    """Who saved since the form was opened.

    [(name or None for the reader themselves, moment, what)], newest first.
    """
    entries = AuditEntry.objects.filter(
        subject_uid=article.uid, act__in=[AuditEntry.Act.EDITED, AuditEntry.Act.IMPORTED]
    )
    since = was.get("entry") if was else None
    entries = (
        entries.filter(pk__gt=since)[:10]
        if isinstance(since, int) and since < 2**62
        else entries[:1]
    )
    return [
        (None if entry.actor_id == user.pk else entry.actor_name, entry.at, entry.summary)
        for entry in entries
    ]


class Showing:
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
