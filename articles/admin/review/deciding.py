"""The forms with which a reviewer decides."""

from articles.models import ReviewTask
from articles.review import checklists, patient_readers


def decide_form(kind, refusal, *, is_open):
    """Return the decision form of one point of view, with its checklist and what was typed.

    After an approval that was refused, it knows which questions are still open.
    """
    key = f"decide-{kind}"
    typed = refusal.typed_in(key)
    wants_all = typed.get("act") == "approve"
    return {
        "kind": kind,
        "label": ReviewTask.Kind(kind).label,
        "key": key,
        "typed": typed,
        "is_open": is_open or bool(typed),
        "questions": [
            (name, question, given, wants_all and given not in checklists.ANSWERS)
            for name, question, given in _questions(kind, typed)
        ],
        "is_of_patients": kind == ReviewTask.Kind.PATIENT_READER,
        "longest": patient_readers.LONGEST,
        "answers": checklists.ANSWERS.items(),
    }


def _questions(kind, typed):
    """Yield (name of the field, question, answer that was given or "")."""
    for code, question in checklists.QUESTIONS[kind]:
        name = f"answer-{kind}-{code}"
        yield name, question, typed.get(name, "")


def by_person(decisions):
    """Return [(name, their decisions)], so that each person is named once."""
    found = {}
    for decision in decisions:
        found.setdefault(decision.by_id, []).append(decision)
    return [(theirs[-1].by_name, theirs) for theirs in found.values()]
