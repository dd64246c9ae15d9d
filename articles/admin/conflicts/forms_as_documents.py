"""Turning a change form with its rows into a FormState, and a FormState into what a browser posts.

articles.drafts.conflicts.comparing_forms compares form states.
"""

import copy
import json

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.http import QueryDict

from articles.admin.article.names import NamesField
from articles.drafts.conflicts.form_state import FormRow, FormState
from articles.evidence import linking, panel_state
from articles.models import Article
from articles.richtext import blocks, cleaning
from articles.richtext.allowed_html import CLAIM_KEY

#: Fields of the form that nobody types. `evidence` has its own place in a FormState.
_HIDDEN_FIELDS = {"seen_version", "opened_on", "evidence"}


class ChangeForm:
    """The form and the rows of a change page, as it would open now."""

    def __init__(self, form, formsets, obj):
        self.form, self.obj = form, obj
        self.formsets = {formset.prefix: formset for formset in formsets}

    @classmethod
    def opened_now(cls, model_admin, request, obj):
        """Read everything again. `obj` is None on the page for a new object."""
        get_request = copy.copy(request)
        get_request.method = "GET"
        form_class = model_admin.get_form(
            get_request,
            obj,
            change=obj is not None,
            fields=flatten_fieldsets(model_admin.get_fieldsets(get_request, obj)),
        )
        form = form_class(instance=obj) if obj else form_class()
        formsets, _ = model_admin._create_formsets(
            get_request, obj or form.instance, change=obj is not None
        )
        return cls(form, formsets, obj)

    # From the form to a FormState ----------------------------------------------------------------

    def document(self):
        """Return what the database holds, as the untouched form would post it."""
        untouched = {name: _as_posted(self.form[name]) for name in self.form.fields}
        rows = {}
        for prefix, formset in self.formsets.items():
            for row in formset.initial_forms:
                claim = ""
                if getattr(row.instance, "claim_id", None) and "claim" not in row.fields:
                    claim = row.instance.claim.key  # fetched with the row
                values = {
                    name: _normalised(row.fields[name], _as_posted(row[name]))
                    for name in self._typed(formset)
                }
                rows[key_of(prefix, row.instance)] = self._row(
                    formset, values, str(row.instance.pk), claim
                )
        return FormState(
            fields={
                name: _normalised(self.form.fields[name], untouched[name])
                for name in self._plain_fields()
            },
            body=_blocks(untouched.get("body", "")),
            rows=rows,
            evidence=self._evidence_now(),
        )

    def posted(self, data, opened, now):
        """Return the FormState in `data` (a QueryDict).

        What `data` does not name is taken from `now`, the FormState of this form. `opened` (from
        articles.drafts.conflicts.form_state.recall) knows rows that were deleted meanwhile.
        """
        fields = {
            name: (
                _normalised(field, data.get(name, ""))
                if name in data or isinstance(field, forms.BooleanField)
                else now.fields[name]
            )
            for name, field in self._plain_fields().items()
        }
        evidence, removed = _evidence(data.get("evidence", ""))
        return FormState(
            fields=fields,
            body=_blocks(data["body"]) if "body" in data else now.body,
            rows=self._posted_rows(data, opened, now),
            evidence=evidence,
            removed=removed,
        )

    def _posted_rows(self, data, opened, now):
        keys = {
            (row["group"], row["pk"]): key
            for key, row in (opened["rows"] if opened else {}).items()
            if row["pk"]
        }
        keys.update({(row.group, row.pk): key for key, row in now.rows.items()})
        rows = {}
        for prefix, formset in self.formsets.items():
            total, initial = (
                _count(data, f"{prefix}-TOTAL_FORMS"),
                _count(data, f"{prefix}-INITIAL_FORMS"),
            )
            if total is None:
                rows.update({key: row for key, row in now.rows.items() if row.group == prefix})
                continue
            blank = {
                name: _normalised(field, _as_posted(formset.empty_form[name]))
                for name, field in self._typed(formset).items()
            }
            for number in range(min(total, formset.absolute_max)):
                name = f"{prefix}-{number}"
                pk = data.get(f"{name}-{formset.model._meta.pk.name}", "").strip()
                if f"{name}-DELETE" in data:
                    continue
                key = keys.get((prefix, pk)) or (f"gone-{prefix}-{pk}" if pk else f"new-{name}")
                values_before = now.rows[key].values if key in now.rows else blank
                values = {
                    field_name: (
                        _normalised(field, data.get(f"{name}-{field_name}", ""))
                        if f"{name}-{field_name}" in data or isinstance(field, forms.BooleanField)
                        else values_before[field_name]
                    )
                    for field_name, field in self._typed(formset).items()
                }
                if not pk and number >= (initial or 0) and values == blank:
                    continue
                claim = data.get(f"{name}-claim_key", "")
                if not CLAIM_KEY.match(claim):
                    claim = opened["rows"][key]["claim"] if opened and key in opened["rows"] else ""
                rows[key] = self._row(formset, values, pk, claim)
        return rows

    # From a FormState to the form ----------------------------------------------------------------

    def pack(self, document, now, data):
        """Return (QueryDict, rows created again): what a browser would post to save `document`.

        `now` is the FormState of this form. Rows in `now` that `document` does not have are ticked
        for deletion. What `data` holds besides the form, such as the pressed button, is kept. Rows
        created again were saved once and deleted meanwhile: {form prefix: key of the row}.
        """
        packed, created_again = QueryDict(mutable=True), {}
        for name, values in data.lists():
            if not self._is_of_the_form(name) and not name.startswith("merge-"):
                packed.setlist(name, values)
        for name, field in self._plain_fields().items():
            _put(packed, name, field, document.fields[name])
        if "body" in self.form.fields:
            packed["body"] = blocks.join(document.body)
        if document.evidence is not None:
            packed["evidence"] = json.dumps(
                {"claims": document.evidence, "removed": document.removed}, ensure_ascii=False
            )
        elif "evidence" in data:
            packed["evidence"] = data["evidence"]  # not readable: the form reports it
        for prefix, formset in self.formsets.items():
            saved = [key for key, row in now.rows.items() if row.group == prefix]
            new = [
                key
                for key, row in document.rows.items()
                if row.group == prefix and key not in now.rows
            ]
            packed[f"{prefix}-TOTAL_FORMS"], packed[f"{prefix}-INITIAL_FORMS"] = (
                str(len(saved + new)),
                str(len(saved)),
            )
            packed[f"{prefix}-MIN_NUM_FORMS"], packed[f"{prefix}-MAX_NUM_FORMS"] = (
                "0",
                str(formset.max_num),
            )
            for number, key in enumerate([*saved, *new]):
                name, row = f"{prefix}-{number}", document.rows.get(key, now.rows.get(key))
                packed[f"{name}-{formset.model._meta.pk.name}"] = (
                    now.rows[key].pk if key in now.rows else ""
                )
                packed[f"{name}-{formset.fk.name}"] = str(self.obj.pk) if self.obj else ""
                for field_name, field in self._typed(formset).items():
                    _put(packed, f"{name}-{field_name}", field, row.values[field_name])
                if row.claim:
                    packed[f"{name}-claim_key"] = row.claim
                if key not in document.rows:
                    packed[f"{name}-DELETE"] = "on"
                if key not in now.rows and not key.startswith(("new-", "gone-")):
                    created_again[name] = key
        return packed, created_again

    # Parts of the form ---------------------------------------------------------------------------

    def row_fields(self, group):
        """Return {name: form field} of what a person types into a row of the formset `group`."""
        return self._typed(self.formsets[group])

    def _plain_fields(self):
        return {
            name: field
            for name, field in self.form.fields.items()
            if name not in _HIDDEN_FIELDS | {"body"}
        }

    @staticmethod
    def _typed(formset):
        if not hasattr(formset, "typed_fields"):
            not_typed = {
                formset.model._meta.pk.name,
                formset.fk.name,
                "DELETE",
                "ORDER",
                "claim_key",
            }
            formset.typed_fields = {
                name: field
                for name, field in formset.empty_form.fields.items()
                if name not in not_typed
            }
        return formset.typed_fields

    def _row(self, formset, values, pk, claim):
        natural_key = ""
        for constraint in formset.model._meta.total_unique_constraints:
            names = [name for name in constraint.fields if name != formset.fk.name]
            if len(names) < len(constraint.fields) and all(values.get(name) for name in names):
                natural_key = "|".join(values[name] for name in names)
        return FormRow(formset.prefix, values, pk, claim, natural_key)

    def _evidence_now(self):
        if not isinstance(self.obj, Article):
            return None
        return json.loads(linking.state_of(self.obj, self.form.saved_evidence).to_json_text())[
            "claims"
        ]

    def _is_of_the_form(self, name):
        return (
            name in self.form.fields
            or name in _HIDDEN_FIELDS
            or any(name.startswith(f"{prefix}-") for prefix in self.formsets)
        )


def key_of(prefix, row):
    """Return the key of a row, which never changes: its uid, if it has one."""
    return str(row.uid) if hasattr(row, "uid") else f"{prefix}-pk-{row.pk}"


def _as_posted(bound_field):
    """Return what a browser would post for the untouched field."""
    value = bound_field.value()
    if isinstance(bound_field.field, forms.BooleanField):
        return "on" if value else ""
    value = bound_field.field.widget.format_value(value)
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def _normalised(field, text):
    """Return `text` in a form in which equal content is equal text. It can be posted again."""
    text = cleaning.normalise_newlines(text).strip()
    if isinstance(field, (forms.ModelChoiceField, forms.ChoiceField)):
        return text  # looking up the choice would cost a query for each row
    if isinstance(field, forms.BooleanField):
        return "on" if text and text.lower() not in {"false", "0"} else ""
    try:
        value = field.clean(text)
    except ValidationError:
        return text
    if value is None or value == "":
        return ""
    if isinstance(field, NamesField):
        return field.prepare_value(value)
    if isinstance(field, forms.JSONField):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list):
        # Tags, whose order has no meaning.
        return ", ".join(f'"{word}"' for word in sorted(map(str, value)))
    return str(value)


def _put(packed, name, field, text):
    if isinstance(field.widget, forms.TextInput):
        text = " ".join(text.splitlines())  # the box of "combine" has several lines
    if text or not isinstance(field, forms.BooleanField):
        packed[name] = text


def _blocks(html):
    try:
        return blocks.split(cleaning.clean(html))
    except cleaning.TooMuchHtml:
        return [html]  # the form refuses it with its own message


def _evidence(text):
    """Return (claims, removed) as plain values; (None, []) for no state or an unreadable one."""
    if not text.strip():
        return None, []
    try:
        state = json.loads(panel_state.parse(text).to_json_text())
    except ValidationError:
        return None, []
    return state["claims"], state["removed"]


def _count(data, name):
    try:
        return max(0, int(data[name]))
    except (KeyError, ValueError):
        return None
