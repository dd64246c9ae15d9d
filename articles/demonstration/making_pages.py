"""From the files of a page to a page readers have: imported, linked, reviewed and published.

Every step is the service that the admin calls, done in the name of a person who may do it.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from articles import preflight
from articles.checklists import answering
from articles.drafts import edits
from articles.evidence import linking
from articles.evidence.panel_state import CitationState, ClaimState, PanelState
from articles.imports import making_drafts
from articles.models import (
    Alternative,
    Article,
    ArticlePicture,
    Citation,
    Claim,
    Finding,
    KeyPoint,
    Person,
    Publication,
    RelatedPage,
    ReviewTask,
)
from articles.pictures import storage
from articles.publishing import publishing
from articles.review import checklists, exceptions, reviewing
from articles.richtext.markers import mark_first, new_key
from references import importing
from references.models import Reference

from .page_files import Evidence, PageFile, checklist_answers

#: What every page says of itself.
FUNDING = "Nobody paid for this page."
CONFLICTS = "Nothing. The people named here are made up."
PICTURE_CREDIT, PICTURE_LICENCE = "PhysioHub", "CC0"


@dataclass(frozen=True)
class People:
    """The accounts that make a page."""

    writer: User
    checker: User
    approver: User
    librarian: User


def people_of(page: PageFile) -> People:
    """Return the people that the file names. Raises User.DoesNotExist."""
    names = (page.writer, page.checker, page.approver, "librarian")
    return People(*(User.objects.get(username=name) for name in names))


def import_draft(page: PageFile, *, now: datetime) -> Article:
    """Bring in the sources and the text of `page`, and return its draft with its own address."""
    people, at = people_of(page), now - timedelta(days=page.days_ago + 3)
    importing.import_file(page.sources, file_name=f"{page.slug}.json", by=people.librarian, at=at)
    draft = making_drafts.import_article(
        page.text, f"{page.slug}.md", by=people.writer, at=at, allow_duplicate=True
    )
    Article.objects.filter(pk=draft.article.pk).update(slug=page.slug)
    return Article.objects.get(pk=draft.article.pk)


@transaction.atomic
def complete(page: PageFile, article: Article, *, now: datetime) -> None:
    """Add what an author adds after the import: rows, findings, evidence, the picture."""
    people, at = people_of(page), now - timedelta(days=page.days_ago + 2)
    _describe(page, article, people, now)
    _complete_rows(page, article, people, at)
    _lead_to_pages(page, article)
    _add_findings(page, article)
    _add_picture(page, article, people, at)
    _link_evidence(page, article, people, at)
    _answer_checklists(page, article, people, now)
    edits.record_edit(article, by=people.writer, at=at, summary="Completed and linked to evidence.")


@transaction.atomic
def review_and_publish(page: PageFile, article: Article, *, now: datetime) -> Publication:
    """Have the evidence checked, the text approved by somebody else, and the page published."""
    people, at = people_of(page), now - timedelta(days=page.days_ago)
    day_before = at - timedelta(days=1)
    for citation in Citation.objects.filter(claim__article=article):
        reviewing.check_evidence(citation, by=people.checker, at=day_before)
    _sign_exceptions(page, article, people, day_before)
    request = reviewing.submit(article, by=people.writer, at=day_before, note="Please read it.")
    answers = {code: "yes" for code, _question in checklists.QUESTIONS[ReviewTask.Kind.CLINICAL]}
    reviewing.approve(request.revision, by=people.approver, at=at, answers=answers)
    return publishing.publish(
        request.revision, by=people.approver, at=at, change_note=page.change_note
    )


def _describe(page: PageFile, article: Article, people: People, now: datetime) -> None:
    article.is_demonstration = True
    article.written_by = Person.objects.get(user=people.writer)
    article.funding, article.conflicts = FUNDING, CONFLICTS
    article.other_names = page.other_names
    if page.searched_days_ago is not None:
        article.evidence_searched_on = (now - timedelta(days=page.searched_days_ago)).date()
    article.tags.add(*page.tags)
    for phrase in _phrases_in_text(page, article):
        article.body = mark_first(article.body, phrase, new_key())
    article.save()
    edits.match_claims_to_text(article)


def _phrases_in_text(page: PageFile, article: Article) -> Iterator[str]:
    """Yield the claims of the file that no row says."""
    said_by_rows = set(Claim.objects.filter(article=article).values_list("text", flat=True))
    counted = {f"{name}: {_count(fields)}" for name, fields in page.side_effects.items()}
    for claim in page.claims:
        if claim.text and claim.text not in said_by_rows | counted:
            yield claim.text


def _count(fields: Mapping[str, object]) -> str:
    return f"{fields.get('n')} in {fields.get('base')} {fields.get('unit')}"


def _complete_rows(page: PageFile, article: Article, people: People, at: datetime) -> None:
    """Fill the fields of rows and shared terms that an import leaves empty."""
    last = KeyPoint.objects.filter(article=article).order_by("-position", "-pk")[0]
    last.kind = KeyPoint.Kind.NEXT_STEP
    last.save()
    rows = article.comparisonrow_rows.order_by("position")
    for row, aspect in zip(rows, page.comparison, strict=True):
        row.aspect = aspect
        row.save()
    for accessor, term, all_fields in (
        ("articlesideeffect_rows", "side_effect", page.side_effects),
        ("articlecontraindication_rows", "contraindication", page.contraindications),
    ):
        for name, fields in all_fields.items():
            row = getattr(article, accessor).get(**{f"{term}__name": name})
            for field, value in fields.items():
                setattr(row, field, value)
            row.full_clean()
            row.save()
    for name, fields in page.conditions.items():
        condition = article.articlecondition_rows.get(condition__name=name).condition
        if condition.summary:
            continue  # another page has described it
        for field, value in fields.items():
            setattr(condition, field, value)
        condition.slug = condition.slug or slugify(name)
        condition.full_clean()
        condition.save()
        edits.record_edit(condition, by=people.writer, at=at)
    for view in article.recommendation_rows.filter(kind="expert"):
        view.expert = Person.objects.get(user=people.approver)
        view.save()


def _lead_to_pages(page: PageFile, article: Article) -> None:
    """Let rows lead to other pages of the library, as far as these are there."""
    there = {
        other.slug: other
        for other in Article.objects.filter(slug__in=[*page.alternatives.values(), *page.related])
    }
    for text, slug in page.alternatives.items():
        row = Alternative.objects.get(article=article, text=text)
        row.page = there.get(slug)
        row.save()
    found = [there[slug] for slug in page.related if slug in there]
    for position, other in enumerate(found):
        RelatedPage.objects.create(article=article, page=other, position=position)


def _add_findings(page: PageFile, article: Article) -> None:
    for position, entry in enumerate(page.findings):
        finding = Finding(article=article, position=position, **entry.values)
        if entry.side_effect:
            finding.side_effect = article.articlesideeffect_rows.get(
                side_effect__name=entry.side_effect
            ).side_effect
        finding.full_clean(exclude=["claim"])
        finding.save()


def _add_picture(page: PageFile, article: Article, people: People, at: datetime) -> None:
    if page.picture is None:
        return
    picture = storage.add(
        (page.folder / "picture.png").read_bytes(),
        by=people.writer,
        at=at,
        alt=page.picture.alt,
        caption=page.picture.caption,
        credit=PICTURE_CREDIT,
        licence=PICTURE_LICENCE,
    )
    ArticlePicture.objects.create(article=article, picture=picture, heading=page.picture.heading)


def _answer_checklists(page: PageFile, article: Article, people: People, now: datetime) -> None:
    at = now - timedelta(days=page.days_ago + 2)
    given = {code: answering.Given(said) for code, said in checklist_answers().items()}
    answering.save_answers(article, given, shown={}, by=people.writer, at=at)
    if test := page.user_test:
        tested_on = (now - timedelta(days=test.days_ago)).date()
        told = answering.UserTestEntry(tested_on, test.people, test.who, test.changed)
        answering.save_user_test(article, told, by=people.writer, at=at)


# Evidence --------------------------------------------------------------------------------------


def references_of(page: PageFile) -> dict[str, Reference]:
    """Return {id of a work in the file: its reference in the library}."""
    return {key: _reference(item) for key, item in page.works.items()}


def _reference(item: Mapping[str, str]) -> Reference:
    current = Reference.objects.current()
    if item.get("DOI"):
        return current.get(doi_key=item["DOI"].lower())
    if item.get("PMID"):
        return current.get(pmid=item["PMID"])
    return current.get(title=item["title"])


def _link_evidence(page: PageFile, article: Article, people: People, at: datetime) -> None:
    """Rate and cite every claim through the state that the evidence panel sends."""
    references = references_of(page)
    state = PanelState()
    for claim, evidence in _evidence_of_claims(page, article):
        state.claims[claim.key] = ClaimState(
            text=claim.text,
            certainty=evidence.certainty,
            reasons=evidence.reasons,
            note=evidence.certainty_note,
            outcome=evidence.outcome,
            population=evidence.population,
            comparator=evidence.comparator,
            links=[
                CitationState(
                    uid=str(uuid.uuid4()),
                    reference=str(references[source.work].uid),
                    stance=source.stance,
                    design=source.design,
                    locator_kind=source.locator_kind,
                    locator=source.locator,
                    quote=source.quote,
                    quote_language=source.quote_language if source.quote else "",
                    population_match=source.population_match,
                    source_certainty=source.certainty,
                    source_scheme=source.scheme,
                    includes_retracted=source.includes_retracted,
                    note=source.note,
                )
                for source in evidence.sources
            ],
        )
        for name in ("direction", "size"):
            if (value := getattr(evidence, name)) is not None:
                setattr(claim, name, value)
        claim.save(update_fields=["direction", "size"])
    linking.apply(article, state, by=people.writer, at=at)


def _evidence_of_claims(page: PageFile, article: Article) -> Iterator[tuple[Claim, Evidence]]:
    """Yield every claim of the article with its evidence.

    Raises LookupError for a claim of the file that the page does not make. An expert's view has
    no evidence.
    """
    by_text = {entry.text: entry for entry in page.claims if entry.text}
    by_kind = {entry.kind: entry for entry in page.claims if entry.kind}
    findings = dict(zip(_claims_of_findings(article), page.findings, strict=True))
    views = article.recommendation_rows.filter(kind="expert").values_list("claim", flat=True)
    said = set()
    for claim in Claim.objects.filter(article=article).exclude(pk__in=views):
        if claim.pk in findings:
            yield claim, findings[claim.pk].evidence
        elif entry := by_text.get(claim.text) or by_kind.get(claim.kind):
            said.add(claim.text)
            yield claim, entry.evidence
    if missing := by_text.keys() - said:
        raise LookupError(f"{page.slug}: the page does not say “{'”, “'.join(sorted(missing))}”.")


def _claims_of_findings(article: Article) -> Iterator[int]:
    return iter(article.finding_rows.order_by("position").values_list("claim", flat=True))


def _sign_exceptions(page: PageFile, article: Article, people: People, at: datetime) -> None:
    for claim, evidence in _evidence_of_claims(page, article):
        for code, reason in evidence.signed.items():
            exceptions.sign(
                article, code=code, place=str(claim.uid), by=people.checker, at=at, reason=reason
            )


def what_stands_against(article: Article) -> list[str]:
    """Return a line for each message of the preflight, blockers first."""
    return [
        f"{'BLOCKS' if message.is_blocker else 'hint'} {message.code}: {message.message}"
        for message in preflight.check(article)
    ]
