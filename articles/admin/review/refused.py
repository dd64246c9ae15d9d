"""An act that was refused or cancelled. The page shows again what was typed for it."""

from dataclasses import dataclass, field

from articles.models import ReviewTask


@dataclass(frozen=True)
class RefusedAct:
    """What was typed for an act that was refused or cancelled, and the reasons."""

    form: str = ""  # the key of the form it was typed in
    sentences: list = field(default_factory=list)
    typed: dict = field(default_factory=dict)

    def typed_in(self, form):
        """Return what was typed in this form, by field; empty for every other form."""
        return self.typed if form == self.form else {}


def form_of(act, posted):
    """Return the key of the form that sent an act. Its id on the page is "form-" and this key."""
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
    """Return all values of `name` in `typed`, a QueryDict, or {} if nothing was typed."""
    return typed.getlist(name) if hasattr(typed, "getlist") else typed.get(name, [])
