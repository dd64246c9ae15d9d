"""The forms in which a reviewer decides."""

from articles.models import ReviewTask
from articles.review import checklists


def decide_form(kind, refusal, *, is_open):
    """A checklist as it is filled in.

    (kind, its name, questions with the answer given, what was typed, open?).
    """
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
