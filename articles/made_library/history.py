"""The revisions, approvals and publications of many made-up pages at once.

Rows as the services leave them (articles.review.reviewing, articles.publishing.publishing), written
by the hundred. The database holds them against the same triggers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from articles import audit
from articles.checklists.observations import Circumstances
from articles.checklists.scoring import result_of
from articles.live import catalogue, cited_works
from articles.models import (
    AuditEntry,
    ChecklistResult,
    Decision,
    Publication,
    PublishedCitation,
    PublishedTranslation,
    ReviewRequest,
    ReviewTask,
    Revision,
    SafetyNotice,
    Withdrawal,
)
from articles.publishing import publishing
from articles.review import checklists
from articles.revisions import freezing, review_dates
from articles.revisions.frozen_content import FrozenContent

from .rows import PageRows
from .works import uid_of

#: A second version follows the first by so many days.
_LATER = timedelta(days=30)
_NOTE = "Please read this made-up page."


@dataclass
class MadeText:
    """One text of a page, on its way to readers."""

    made: PageRows
    number: int
    content: FrozenContent
    at: datetime
    revision: Revision
    checklists: ChecklistResult

    @property
    def is_newest(self) -> bool:
        return self.number == 2 or not self.made.number.has_two_versions

    @property
    def is_live(self) -> bool:
        return self.is_newest and not self.made.number.is_withdrawn

    @property
    def asked_at(self) -> datetime:
        return self.at - timedelta(days=1)


def write_history(versions: Sequence[MadeText]) -> None:
    """Freeze, review and publish pages whose rows are saved, and take some of them down again."""
    Revision.objects.bulk_create(version.revision for version in versions)
    ChecklistResult.objects.bulk_create(version.checklists for version in versions)
    requests = ReviewRequest.objects.bulk_create(map(_request, versions))
    ReviewTask.objects.bulk_create(ReviewTask(request=request) for request in requests)
    out = [version for version in versions if not version.made.number.is_draft]
    decisions = Decision.objects.bulk_create(map(_decision, out))
    published = Publication.objects.bulk_create(map(_publication, out, decisions))
    _write_what_follows(out, published)
    AuditEntry.objects.bulk_create(chain.from_iterable(map(_log, versions)))
    live = [one for version, one in zip(out, published, strict=True) if version.is_live]
    catalogue.add_first(live)
    cited_works.refresh({work.uid for version in versions for work in _works(version.made)})


def _works(made: PageRows):  # type: ignore[no-untyped-def]
    return (citation.reference for citation in made.citations)


def made_texts_of(made: PageRows) -> list[MadeText]:
    """Return the texts of a page, the newest last. The first of two has a step less.

    Nothing is saved, and nothing need be: this is half of the work on a page, and no transaction
    has to wait for it.
    """
    texts = [made.content]
    if made.number.has_two_versions:
        first = {**made.content, "steps": made.content["steps"][:-1]}
        texts.insert(0, first)  # type: ignore[arg-type]
    return [_version(made, number, content) for number, content in enumerate(texts, start=1)]


def _version(made: PageRows, number: int, content: FrozenContent) -> MadeText:
    at = made.number.first_published_at + (number - 1) * _LATER
    frozen = freezing.canonical(content)
    asked_at = at - timedelta(days=1)
    revision = Revision(
        article=made.article,
        number=number,
        schema=content["schema"],
        digest=freezing.digest_of(frozen),
        frozen=frozen,
        created_by=made.ground.people.writer,
        created_at=asked_at,
    )
    revision.content = content  # not read from its text once more
    around = Circumstances(acts_logged=1, languages=frozenset([content["language"]]))
    checklists = ChecklistResult(revision=revision, at=asked_at, **result_of(content, around))
    return MadeText(made, number, content, at, revision, checklists)


def _request(version: MadeText) -> ReviewRequest:
    is_open = version.made.number.is_draft
    return ReviewRequest(
        article=version.made.article,
        revision=version.revision,
        requested_by=version.made.ground.people.writer,
        requested_at=version.asked_at,
        note=_NOTE,
        closed_at=None if is_open else version.at,
    )


def _decision(version: MadeText) -> Decision:
    kind, by = ReviewTask.Kind.CLINICAL, version.made.ground.people.approver
    answers = {code: "yes" for code, _question in checklists.QUESTIONS[kind]}
    return Decision(
        revision=version.revision,
        verdict=Decision.Verdict.APPROVE,
        digest=version.revision.digest,
        row_digests=freezing.row_digests(version.content),
        answers=checklists.freeze_answers(kind, answers, Decision.Verdict.APPROVE),
        round=version.number - 1,
        by=by,
        by_name=audit.name_of(by),
        by_role=audit.role_of(by, version.content["language"]),
        at=version.at,
    )


def _publication(version: MadeText, decision: Decision) -> Publication:
    content, number = version.content, version.made.number
    words = version.made.page.words
    due = review_dates.review_due(content, searched_on=number.searched_on)
    return Publication(
        article=version.made.article,
        revision=version.revision,
        number=version.number,
        slug=content["slug"],
        language=content["language"],
        change_note=words.new_version if version.number > 1 else "",
        approvals=[publishing.approval_for_readers(decision)],
        review_due_on=due.on,
        by=decision.by,
        by_name=decision.by_name,
        at=version.at,
    )


def _write_what_follows(out: list[MadeText], published: list[Publication]) -> None:
    pairs = list(zip(out, published, strict=True))
    PublishedCitation.objects.bulk_create(
        PublishedCitation(publication=publication, reference_uid=reference["uid"])
        for version, publication in pairs
        for reference in version.content["references"]
    )
    PublishedTranslation.objects.bulk_create(
        PublishedTranslation(
            publication=publication,
            of=version.made.article.translation_of,
            made_from=version.made.article.translated_from,
        )
        for version, publication in pairs
        if version.made.article.translation_of
    )
    Withdrawal.objects.bulk_create(
        Withdrawal(
            publication=publication,
            reason=version.made.page.words.withdrawn[version.made.number.number % 2],
            by=publication.by,
            by_name=publication.by_name,
            at=_withdrawn_at(version),
        )
        for version, publication in pairs
        if version.is_newest and not version.is_live
    )
    SafetyNotice.objects.bulk_create(
        SafetyNotice(
            uid=uid_of(version.made.number.seed, "notice", version.made.number.number),
            article=publication.article,
            text=version.made.page.words.notices[version.made.number.number // 100 % 2],
            opened_by=publication.by,
            opened_at=_noticed_at(version),
        )
        for version, publication in pairs
        if version.is_live and version.made.number.has_notice
    )


def _withdrawn_at(version: MadeText) -> datetime:
    return version.at + timedelta(days=10)


def _noticed_at(version: MadeText) -> datetime:
    return version.at + timedelta(days=12)


def _log(version: MadeText) -> Iterable[AuditEntry]:
    """Yield what the log says of this text, in the order in which it happened."""
    people, number = version.made.ground.people, version.made.number
    act, digest = AuditEntry.Act, version.revision.digest
    yield _entry(version, act.EDITED, people.writer, version.asked_at)
    yield _entry(version, act.SUBMITTED, people.writer, version.asked_at, digest, _NOTE)
    if number.is_draft:
        return
    yield _entry(version, act.APPROVED, people.approver, version.at, digest)
    note = version.made.page.words.new_version if version.number > 1 else ""
    yield _entry(version, act.PUBLISHED, people.approver, version.at, digest, note)
    if version.is_newest and not version.is_live:
        reason = version.made.page.words.withdrawn[number.number % 2]
        at = _withdrawn_at(version)
        yield _entry(version, act.WITHDRAWN, people.approver, at, digest, reason)
    if version.is_live and number.has_notice:
        yield _entry(version, act.NOTICE_OPENED, people.approver, _noticed_at(version))


def _entry(version, act, by, at, digest="", summary=""):  # type: ignore[no-untyped-def]
    return audit.unsaved_entry(
        act, version.made.article, by=by, at=at, digest=digest, summary=summary
    )
