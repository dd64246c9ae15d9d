"""The questions a reviewer answers, by point of view.

They are frozen with the answers, so their wording may be improved here. The questions on plain
language are the items of PEMAT-P that apply to a text page, with their numbers (Patient Education
Materials Assessment Tool for printable materials, AHRQ, 2013).
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Decision, ReviewTask
from articles.refusals import Refused

ANSWERS = {
    "yes": gettext_lazy("agree"),
    "no": gettext_lazy("disagree"),
    "na": gettext_lazy("does not apply"),
}

QUESTIONS = {
    ReviewTask.Kind.CLINICAL: [
        ("claims", gettext_lazy("Each claim says what its sources say, and no more.")),
        ("harms", gettext_lazy("Harms and reasons not to have it are complete, as far as I know.")),
        ("help", gettext_lazy("The signs to get help for are right, and so is how soon.")),
        ("local", gettext_lazy("It fits how we treat people here.")),
    ],
    ReviewTask.Kind.PLAIN_LANGUAGE: [
        ("pemat-1", gettext_lazy("The material makes its purpose completely evident.")),
        (
            "pemat-2",
            gettext_lazy(
                "The material does not include information or content "
                "that distracts from its purpose."
            ),
        ),
        ("pemat-3", gettext_lazy("The material uses common, everyday language.")),
        (
            "pemat-4",
            gettext_lazy(
                "Medical terms are used only to familiarize audience with the terms, "
                "and are defined."
            ),
        ),
        ("pemat-5", gettext_lazy("The material uses the active voice.")),
        (
            "pemat-6",
            gettext_lazy("Numbers appearing in the material are clear and easy to understand."),
        ),
        ("pemat-7", gettext_lazy("The material does not expect the user to perform calculations.")),
        (
            "pemat-8",
            gettext_lazy("The material breaks or “chunks” information into short sections."),
        ),
        ("pemat-9", gettext_lazy("The material’s sections have informative headers.")),
        ("pemat-10", gettext_lazy("The material presents information in a logical sequence.")),
        ("pemat-11", gettext_lazy("The material provides a summary.")),
        (
            "pemat-15",
            gettext_lazy(
                "The material uses visual aids whenever they could "
                "make content more easily understood."
            ),
        ),
        (
            "pemat-20",
            gettext_lazy("The material clearly identifies at least one action the user can take."),
        ),
        (
            "pemat-21",
            gettext_lazy("The material addresses the user directly when describing actions."),
        ),
        (
            "pemat-22",
            gettext_lazy("The material breaks down any action into manageable, explicit steps."),
        ),
    ],
    ReviewTask.Kind.PATIENT_READER: [
        ("what", gettext_lazy("A patient could say in their own words what the treatment is.")),
        ("risk", gettext_lazy("A patient could say what may go wrong, and how often.")),
        ("help", gettext_lazy("A patient could say when to get help, and from whom.")),
    ],
}


def freeze_answers(kind: str, answers: Mapping[str, str], verdict: str) -> list[dict[str, str]]:
    """Return [{code, question, answer}] for the answered questions of the checklist.

    An approval needs all answers, from each point of view. Raises Refused, naming those that are
    missing.
    """
    questions = QUESTIONS[ReviewTask.Kind(kind)]
    if verdict == Decision.Verdict.APPROVE:
        missing = [question for code, question in questions if answers.get(code) not in ANSWERS]
        if missing:
            raise Refused(
                _("Answer each question of the checklist first. These are open:"),
                *(f"“{question}”" for question in missing),
            )
    return [
        {"code": code, "question": str(question), "answer": str(ANSWERS[answers[code]])}
        for code, question in questions
        if answers.get(code) in ANSWERS
    ]
