"""A change form as a browser sends it.

Everything it holds, untouched but for what a test changes.
"""

from django import forms


def filled_in(answer, **changed):
    """What the form in the response `answer` would post.

    Its fields, its rows, and what it carries hidden.
    """
    context = answer.context
    form = context["adminform"].form
    data = {name: value for bound in form for name, value in _posted(bound)}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        data.update((field.html_name, field.value()) for field in formset.management_form)
        for row in formset:
            data.update(pair for bound in row for pair in _posted(bound))
    for name in ("opened_on", "buffer_key"):
        if context.get(name):
            data[name] = context[name]
    return {**data, **changed}


def add_row(data, prefix, **values):
    """`data` with one more row typed into the formset `prefix`."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {**data, f"{prefix}-{number}-id": "", **row, f"{prefix}-TOTAL_FORMS": number + 1}


def _posted(bound):
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return [(bound.html_name, "on")] if value else []
    value = bound.field.widget.format_value(value)
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return [(bound.html_name, "" if value is None else value)]


def findings_in(answer):
    """All that the preflight finds in a form, from the panel's `answer`."""
    return [finding for line in answer["lines"] for finding in line["findings"]]
