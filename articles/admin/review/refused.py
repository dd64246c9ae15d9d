"""An act that did not happen, with what was typed for it: the page gives everything back."""

from dataclasses import dataclass, field

from articles.models import ReviewTask


@dataclass(frozen=True)
class RefusedAct:
    """An act that did not happen, or was called off: what was typed for it, and why."""

    form: str = ""  # the key of the form it was typed in
    sentences: list = field(default_factory=list)
    typed: dict = field(default_factory=dict)

    def typed_in(self, form):
        """What was typed in this form, by field; empty for every other form."""
        return self.typed if form == self.form else {}


def form_of(act, posted):
    """The key of the form an act was sent from; its id on the page is "form-" and this."""
    if act in ("check", "dispute"):
        return f"evidence-{posted.get('citation', '')}"
    if act in ("approve", "changes", "decline"):
        return f"decide-{posted.get('kind') or ReviewTask.Kind.CLINICAL}"
    if act in ("settle", "reopen") or (act == "remark" and posted.get("parent")):
        return f"remark-{posted.get('parent') or posted.get('comment')}"
    if act == "sign":
        return f"sign-{posted.get('code', '')}-{posted.get('place', '')}"
    if act == "revoke":
        return f"revoke-{posted.get('invitation', '')}"
    return {"remark": "remark", "schedule": "publish"}.get(act, act)


def values_of(typed, name):
    """All that was chosen under `name` in what was typed: a QueryDict, or {} where nothing was."""
    return typed.getlist(name) if hasattr(typed, "getlist") else typed.get(name, [])
