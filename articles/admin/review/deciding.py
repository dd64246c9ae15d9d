"""The forms with which a reviewer decides."""

from articles.models import ReviewTask
from articles.review import checklists


def decide_form(kind, refusal, *, is_open):
    """Return the decision form of one point of view, with its checklist and what was typed."""
    key = f"decide-{kind}"
    typed = refusal.typed_in(key)
    return {
        "kind": kind,
        "label": ReviewTask.Kind(kind).label,
        "key": key,
        "typed": typed,
        "is_open": is_open or bool(typed),
        "questions": [
            (f"answer-{kind}-{code}", question, typed.get(f"answer-{kind}-{code}", ""))
            for code, question in checklists.QUESTIONS[kind]
        ],
        "answers": checklists.ANSWERS.items(),
    }
