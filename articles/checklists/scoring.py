"""The result of all lists: what the product sees, overruled and completed by what people answer.

Scored as each list is scored by its makers. A question nobody has answered counts as not met, so no
score can be too good.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from django.utils.translation import gettext as _

from articles.revisions.frozen_content import ChecklistAnswerRow, FrozenContent

from .content_view import ContentView
from .items import CHECKLISTS, Checklist, Item
from .observations import NO, NOT_APPLICABLE, YES, Circumstances, Observation, observe

PRODUCT, PERSON = "product", "person"


class ItemResult(TypedDict):
    """What came out for one item. Names are keys of stored JSON and never change."""

    code: str
    wording: str
    answer: str  # "yes", "no", "na"; "" while nobody answered
    by: str  # "product", "person" or ""
    words: str  # what the product saw, or "" where it sees nothing
    place: str  # the id of that section on the page, "" where it is not there
    heading: str  # what the page calls that section
    product_said: str  # its answer, also where a person overruled it
    reason: str  # the person's


class ListScore(TypedDict):
    """One list in figures. Names are keys of stored JSON and never change."""

    code: str
    name: str
    part: str
    met: int
    of: int  # items that apply
    unanswered: int
    percentage: int | None  # where the list is scored so
    passes: bool | None  # where it has a mark to reach


class AllResults(TypedDict):
    results: list[ItemResult]
    scores: list[ListScore]


def result_of(content: FrozenContent, around: Circumstances) -> AllResults:
    """Return what all lists say of frozen `content`."""
    view = ContentView(content)
    observed = observe(view, around)
    answers = {row["code"]: row for row in content.get("checklist_answers", ())}
    found: dict[str, ItemResult] = {}
    for checklist in CHECKLISTS:
        for item in checklist.items:
            result = _result(item, observed.get(item.code), answers.get(item.code), view)
            if item.needs and found[item.needs]["answer"] == NO:
                result["answer"] = NO
                result["words"] = _("It counts only where the page has one main message.")
            found[item.code] = result
    scores = [_score(one, [found[item.code] for item in one.items]) for one in CHECKLISTS]
    return {"results": list(found.values()), "scores": scores}


def _result(
    item: Item,
    seen: Observation | None,
    answered: ChecklistAnswerRow | None,
    view: ContentView,
) -> ItemResult:
    seen = seen or Observation("", "")
    # An answer without a reason was given where the product could not tell. Now that it can, the
    # text has changed since.
    is_heard = answered and (not seen.answer or answered["reason"])
    given = answered["answer"] if answered and is_heard else ""
    is_persons = bool(given) and given != seen.answer
    return {
        "code": item.code,
        "wording": str(item.wording),
        "answer": given or seen.answer,
        "by": PERSON if is_persons else PRODUCT if seen.answer else "",
        "words": seen.words,
        "place": seen.place if view.has_section(seen.place) else "",
        "heading": view.heading_of(seen.place),
        "product_said": seen.answer,
        "reason": answered["reason"] if answered else "",
    }


def _score(checklist: Checklist, results: Sequence[ItemResult]) -> ListScore:
    apply = [one for one in results if one["answer"] != NOT_APPLICABLE]
    met = sum(one["answer"] == YES for one in apply)
    is_in_percent = checklist.is_percentage and bool(apply)
    return {
        "code": checklist.code,
        "name": checklist.name,
        "part": str(checklist.part),
        "met": met,
        "of": len(apply),
        "unanswered": sum(not one["answer"] for one in apply),
        "percentage": (200 * met + len(apply)) // (2 * len(apply)) if is_in_percent else None,
        "passes": (
            met * 100 >= checklist.passes_at * len(apply)
            if checklist.passes_at is not None
            else None
        ),
    }


def by_list(
    results: Iterable[ItemResult], scores: Iterable[ListScore]
) -> list[tuple[ListScore, list[ItemResult]]]:
    """Return [(score, its items)] of a stored result, whatever lists there are today."""
    known: Mapping[str, str] = {
        item.code: checklist.code for checklist in CHECKLISTS for item in checklist.items
    }
    results = list(results)
    return [
        (score, [one for one in results if known.get(one["code"]) == score["code"]])
        for score in scores
    ]
