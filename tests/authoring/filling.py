"""Filling in the article's form as a browser would send it back."""


def filled_in(client, address, **changed):
    """Every field of the form at `address`, its rows included, as it was opened, but for what `changed` says."""
    context = client.get(address).context
    form = context["adminform"].form
    data = {}
    for name in form.fields:
        value = form[name].value()
        if name == "tags":
            value = ", ".join(tag.name for tag in value) if value and not isinstance(value, str) else value
        if value is not False:  # an unticked box is not sent
            data[name] = "" if value is None else value
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        for field in formset.management_form:
            data[field.html_name] = field.value()
        for row in formset.initial_forms:
            for field in row:
                if field.value() is not False:
                    data[field.html_name] = "" if field.value() is None else field.value()
    return {**data, **changed}
