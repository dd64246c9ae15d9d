"""What people answer to the lists, and the tests with readers. Each act is an edit of the draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import permissions
from articles.drafts import edits
from articles.models import Article, ChecklistAnswer, UserTest
from articles.refusals import Refused
from articles.revisions import freezing
from articles.revisions.storing import lock
from physiohub import policy

from .content_view import ContentView
from .items import ITEMS, PLACES
from .observations import observe
from .recording import circumstances_of

LONGEST_REASON = 300


@dataclass(frozen=True)
class Given:
    """An answer as a form holds it; `answer` "" where there is none."""

    answer: str = ""
    reason: str = ""


class AnswersRefused(Refused):
    """Nothing was saved. `by_code` says beside each item why."""

    def __init__(self, by_code: Mapping[str, str]) -> None:
        super().__init__(*by_code.values())
        self.by_code = by_code


def answers_of(article: Article) -> dict[str, Given]:
    """Return {code: answer} of the draft. One query."""
    rows = ChecklistAnswer.objects.filter(article=article)
    return {row.code: Given(row.answer, row.reason) for row in rows}


@transaction.atomic
def save_answers(
    article: Article,
    given: Mapping[str, Given],
    *,
    shown: Mapping[str, Given],
    by: User,
    at: datetime,
) -> int:
    """Save the answers `given` that differ from those that were `shown`; return how many.

    What a colleague answered meanwhile stays. If both changed one item, nothing is saved and
    AnswersRefused says which: a second save, which was shown their answer, replaces it. It also
    says which answers overrule the product without a reason.
    """
    _require_editor(by)
    article = lock(article)
    stored = answers_of(article)
    changed = {
        code: answer
        for code, answer in given.items()
        if code in ITEMS and answer != shown.get(code, Given())
    }
    changed = {code: one for code, one in changed.items() if one != stored.get(code, Given())}
    said = {code: seen.answer for code, seen in _observed(article).items()} if changed else {}
    if problems := {
        code: problem
        for code, answer in changed.items()
        if (
            problem := _problem(
                answer, said.get(code, ""), stored.get(code, Given()), shown.get(code, Given())
            )
        )
    }:
        raise AnswersRefused(problems)
    for code, answer in changed.items():
        _store(article, code, answer, said.get(code, ""))
    if changed:
        _put_in_order(article)
        words = ngettext("%d answer to checklists", "%d answers to checklists", len(changed)) % len(
            changed
        )
        edits.record_edit(article, by=by, at=at, summary=f"{words}: {', '.join(changed)}")
    return len(changed)


def _observed(article):
    return observe(ContentView(freezing.freeze(article)), circumstances_of(article))


def _problem(answer, product_said, stored, shown):
    """Why an answer may not be saved; "" if it may."""
    if stored != shown:
        theirs = ChecklistAnswer.Answer(stored.answer).label if stored.answer else _("no answer")
        return _(
            "A colleague changed this meanwhile. Their answer: %s. Save again to put yours in its"
            " place."
        ) % " ".join(filter(None, (f"{theirs}.", stored.reason)))
    if answer.answer and answer.answer not in ChecklistAnswer.Answer.values:
        return _("Choose yes, no, or does not apply.")
    if len(answer.reason) > LONGEST_REASON:
        return _("Shorten the reason: at most %d letters fit.") % LONGEST_REASON
    if answer.reason and not answer.answer:
        return _("Choose an answer for your reason.")
    if product_said and answer.answer not in ("", product_said) and not answer.reason:
        return _("Say why: your answer overrules what the page was seen to have.")
    return ""


def _store(article, code, answer, product_said):
    if not answer.answer or answer.answer == product_said:
        # What the product says itself needs no answer.
        ChecklistAnswer.objects.filter(article=article, code=code).delete()
        return
    values = {"answer": answer.answer, "reason": answer.reason, "product_said": product_said}
    ChecklistAnswer.objects.update_or_create(article=article, code=code, defaults=values)


def _put_in_order(article):
    """Give answers the order of the lists, so that equal answers freeze to one digest."""
    rows = sorted(ChecklistAnswer.objects.filter(article=article), key=_place)
    for position, row in enumerate(rows):
        row.position = position
    ChecklistAnswer.objects.bulk_update(rows, ["position"])


def _place(row):
    return PLACES.get(row.code, len(PLACES))


# --- tests with readers -------------------------------------------------------------------------
@dataclass(frozen=True)
class UserTestEntry:
    """What is told about a test with readers."""

    tested_on: date
    people: int
    who: str
    changed: str = ""


def as_shown(test: UserTest | UserTestEntry) -> str:
    """Return a short text for what a form shows of a test; another one once it was changed."""
    values = [str(test.tested_on), test.people, test.who, test.changed]
    return freezing.digest_of(freezing.canonical(values))[:16]


@transaction.atomic
def save_user_test(
    article: Article,
    told: UserTestEntry,
    *,
    by: User,
    at: datetime,
    test: UserTest | None = None,
    shown: str = "",
) -> UserTest:
    """Add a test with readers, or change `test`, of which the form showed `shown` (as_shown).

    Raises Refused where a colleague changed it meanwhile, or something is missing.
    """
    article = _ready_to_edit(article, test, shown, by)
    row = test or UserTest(
        article=article, position=UserTest.objects.filter(article=article).count()
    )
    for name, value in vars(told).items():
        setattr(row, name, value)
    if told.tested_on > at.date():
        raise Refused(_("The day of the test cannot lie ahead."))
    try:
        row.full_clean()
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    row.save()
    edits.record_edit(article, by=by, at=at, summary=_("test with readers: %s") % row)
    return row


@transaction.atomic
def remove_user_test(
    article: Article, test: UserTest, *, shown: str, by: User, at: datetime
) -> None:
    """Take a test with readers out of the draft. Raises Refused as `save_user_test` does."""
    article = _ready_to_edit(article, test, shown, by)
    summary = _("test with readers taken out: %s") % test
    test.delete()
    edits.record_edit(article, by=by, at=at, summary=summary)


def _ready_to_edit(article, test, shown, by):
    _require_editor(by)
    article = lock(article)
    if test is not None:
        stored = UserTest.objects.filter(pk=test.pk, article=article).first()
        if stored is None:
            raise Refused(_("A colleague took this test out meanwhile. Add it as a new one."))
        if as_shown(stored) != shown:
            raise Refused(
                _("A colleague changed this test meanwhile. Look at it again, then save.")
            )
    return article


def _require_editor(user):
    permissions.require(
        user,
        policy.WRITE,
        otherwise=_("You may not change this article. Ask its owner."),
    )
