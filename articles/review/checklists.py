"""The questions a reviewer answers, by point of view.

They are frozen with the answers, so their wording may be improved. The questions on plain language
are those items of PEMAT-P that a reader of words can answer, as articles.checklists.items has them.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checklists.answering import Given
from articles.checklists.items import ITEMS
from articles.models import Article, Decision, ReviewTask
from articles.refusals import Refused, Words

ANSWERS = {
    "yes": gettext_lazy("agree"),
    "no": gettext_lazy("disagree"),
    "na": gettext_lazy("does not apply"),
}

#: Numbers of PEMAT-P.
_ABOUT_WORDS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 20, 21, 22)

QUESTIONS: dict[str, list[tuple[str, Words]]] = {
    ReviewTask.Kind.CLINICAL: [
        ("claims", gettext_lazy("Each claim says what its sources say, and no more.")),
        ("harms", gettext_lazy("Harms and reasons not to have it are complete, as far as I know.")),
        ("help", gettext_lazy("The signs to get help for are right, and so is how soon.")),
        ("local", gettext_lazy("It fits how we treat people here.")),
    ],
    ReviewTask.Kind.PLAIN_LANGUAGE: [
        (f"pemat-{number}", ITEMS[f"pemat-{number}"].wording) for number in _ABOUT_WORDS
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


def answers_of_last_review(article: Article) -> dict[str, Given]:
    """Return {code: answer} that the last reviewer of the plain words gave, with their name.

    So a person need not answer them again under the article's checklists. One query.
    """
    decisions = Decision.objects.filter(
        revision__article=article, task__kind=ReviewTask.Kind.PLAIN_LANGUAGE
    )
    last = decisions.exclude(answers=[]).order_by("-pk").first()
    if last is None:
        return {}
    answers = {str(label): answer for answer, label in ANSWERS.items()}
    reason = _("Review of the plain words by %s") % last.by_name
    return {
        row["code"]: Given(answers[row["answer"]], reason)
        for row in last.answers
        if row["answer"] in answers
    }
