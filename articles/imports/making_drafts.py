"""Make a draft of an imported document: rows, references and a report, in one transaction."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify

from articles import audit, imports
from articles.drafts import edits
from articles.evidence import linking
from articles.models import (
    Alternative,
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticlePicture,
    ArticleSideEffect,
    AuditEntry,
    Citation,
    Claim,
    ComparisonRow,
    Condition,
    Contraindication,
    HelpAdvice,
    ImportedDocument,
    Indication,
    KeyPoint,
    Question,
    ReadingListEntry,
    Recommendation,
    SideEffect,
    Step,
    slug_for,
)
from articles.pictures import storage
from articles.richtext.headings import headings_in
from references import adding
from references.csl import Csl
from references.models import Reference

from .parts import Block, ImportedCitation, SuggestedClaim
from .pictures import DocumentPicture

#: Models of rows whose kind was read from the document.
_WITH_KIND = {Step, HelpAdvice, Recommendation}


class AlreadyImported(Exception):
    """The same document was imported before; `document` is that ImportedDocument."""

    def __init__(self, document: ImportedDocument) -> None:
        self.document = document
        super().__init__(
            f"This file was imported before, as “{document.article}”. Nothing was added."
        )


@dataclass
class ImportedDraft:
    """What an import made.

    - imported: the document as it was read
    - references: what became of each reference that could be read
    - unread_references: (line number, text, why) of each one that could not
    - claims: the accepted claims
    - messages_about_claims: why an accepted claim was not marked, or lacks a reference
    - citations_left: what the claims cite that were not accepted
    """

    article: Article
    imported: imports.ImportedArticle
    references: list[adding.Added] = field(default_factory=list)
    unread_references: list[tuple[int, str, str]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    messages_about_claims: list[str] = field(default_factory=list)
    citations_left: list[str] = field(default_factory=list)


def import_article(
    data: bytes, file_name: str, *, by: User | None, at: datetime, allow_duplicate: bool = False
) -> ImportedDraft:
    """Make a draft of the document in the bytes `data`. Accepts no claim and publishes nothing.

    Raises imports.CannotRead, whose str() says what to do with the file, and AlreadyImported unless
    `allow_duplicate`. Then nothing is written.
    """
    return make_draft(
        imports.read_document(data, file_name), by=by, at=at, allow_duplicate=allow_duplicate
    )


@transaction.atomic
def make_draft(
    document: imports.Document,
    *,
    by: User | None,
    at: datetime,
    allow_duplicate: bool = False,
    choices: imports.Choices | None = None,
) -> ImportedDraft:
    """Make a draft of `document` with the choices that `by` made.

    Publishes nothing. The accepted claims get the references that their sentences cite, as evidence
    that nobody has checked. Raises imports.CannotRead, and AlreadyImported unless
    `allow_duplicate`. Then nothing is written.
    """
    choices = choices or imports.Choices()
    imported = imports.structure(document.lines, document.messages, choices.moves)
    blocks, keys = imports.mark_claims(imported, choices.claims)
    body = "".join(block.html for block in blocks)
    imports.check_body(body)
    earlier = imported_before(document.sha256)
    if earlier and not allow_duplicate:
        raise AlreadyImported(earlier)
    title = (imported.title or document.file_name)[:150]
    article = Article.objects.create(
        title=title,
        slug=slug_for(title, taken=lambda slug: Article.objects.filter(slug=slug).exists()),
        kicker=imported.kicker,
        summary=imported.summary,
        body=body,
        compared_with=imported.comparison.there_name if imported.comparison else "",
        owner=by,
    )
    article.tags.add(*imported.tags)
    rows = _add_rows(article, imported)
    _add_pictures(article, blocks, document.pictures, by=by, at=at)
    draft = ImportedDraft(article, imported)
    added = _add_references(draft)
    _accept_claims(draft, choices.claims, keys, rows, added, by=by)
    ImportedDocument.objects.create(
        article=article,
        file_name=document.file_name,
        sha256=document.sha256,
        imported_by=by,
        imported_at=at,
        report=_report(draft, choices, by),
    )
    audit.record(AuditEntry.Act.IMPORTED, article, by=by, at=at, summary=document.file_name)
    return draft


def _add_pictures(
    article: Article,
    blocks: Iterable[Block],
    pictures: Iterable[DocumentPicture],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Put each picture under the last heading of the text that stands above it."""
    longest = ArticlePicture._meta.get_field("heading").max_length or 0
    headings = [
        (block.items[0][0], heading)
        for block in blocks
        for heading in headings_in(block.html)
        if len(heading) <= longest
    ]
    shown: set[int] = set()
    for document_picture in pictures:
        picture = storage.add_from_document(
            document_picture.data, alt=document_picture.alt, by=by, at=at
        )
        if picture.pk in shown:
            continue
        above = [heading for line, heading in headings if line <= document_picture.line]
        ArticlePicture.objects.create(
            article=article,
            picture=picture,
            heading=above[-1] if above else "",
            position=len(shown),
        )
        shown.add(picture.pk)


def imported_before(sha256: str) -> ImportedDocument | None:
    """Return the newest import of a file with this SHA-256, or None."""
    return ImportedDocument.objects.filter(sha256=sha256).select_related("article").first()


def _report(draft: ImportedDraft, choices: imports.Choices, by: User | None) -> dict[str, Any]:
    """Return what every line became and who moved what, as JSON values.

    The report is kept for good, because the draft will change. Its keys never change.
    """
    imported = draft.imported
    return {
        "line_uses": [asdict(use) for use in imported.line_uses],
        "suggested_claims": [
            {**asdict(claim), "is_accepted": claim.id in choices.claims}
            for claim in imported.suggested_claims
        ],
        "notes": imported.messages,
        "moves": [{**move, "by": audit.name_of(by) if by else ""} for move in choices.log],
        "remarks": [
            {**asdict(point), "is_seen": point.id in choices.seen}
            for point in imported.points_to_check
        ],
        "repairs": [
            {"reference": str(added.reference.uid), "repairs": list(added.reference.repairs)}
            for added in draft.references
            if added.reference.repairs
        ],
        "unread_references": [list(unread) for unread in draft.unread_references],
        "unlinked": [*draft.messages_about_claims, *draft.citations_left],
    }


def _add_rows(article: Article, imported: imports.ImportedArticle) -> dict[int, Model]:
    """Make the rows of the article, and return {line number: row}.

    The rows of the comparison are made too, but they are no claims and are not returned.
    """
    made: dict[int, Model] = {}
    texts = (
        (KeyPoint, imported.key_points),
        (Step, imported.steps),
        (HelpAdvice, imported.help_advice),
        (Alternative, imported.alternatives),
        (Question, imported.questions),
        (Indication, imported.indications),
        (Recommendation, imported.recommendations),
    )
    for model, rows in texts:
        for position, row in enumerate(rows):
            kind = {"kind": row.kind} if model in _WITH_KIND else {}
            made[row.line] = model._default_manager.create(
                article=article, position=position, text=row.text, **kind
            )
    made |= _add_rows_of_terms(article, imported)
    if imported.comparison:
        for position, (here, there) in enumerate(imported.comparison.rows):
            ComparisonRow.objects.create(article=article, position=position, here=here, there=there)
    edits.match_claims_to_text(article)
    return made


def _add_rows_of_terms(article: Article, imported: imports.ImportedArticle) -> dict[int, Model]:
    """Make the rows that name a condition, a side effect or a contraindication.

    Returns {line number: row}. A term that is new to the site is made too.
    """
    made: dict[int, Model] = {}
    for position, row in enumerate(imported.conditions):
        made[row.line] = ArticleCondition.objects.create(
            article=article, position=position, condition=_condition(row.text, article.language)
        )
    for position, row in enumerate(imported.side_effects):
        made[row.line] = ArticleSideEffect.objects.create(
            article=article,
            position=position,
            side_effect=_shared_term(SideEffect, row.text, article.language),
            n=row.n,
            base=row.base,
            unit=row.unit,
            how_long=row.how_long,
            what_to_do=row.what_to_do,
            is_serious=row.is_serious,
            note=row.note,
        )
    for position, row in enumerate(imported.contraindications):
        made[row.line] = ArticleContraindication.objects.create(
            article=article,
            position=position,
            contraindication=_shared_term(Contraindication, row.text, article.language),
            action=row.kind,
        )
    return made


def _accept_claims(
    draft: ImportedDraft,
    accepted: Collection[str],
    keys: Mapping[str, str],
    rows: Mapping[int, Model],
    added: Mapping[int, Reference],
    *,
    by: User | None,
) -> None:
    """Give the accepted claims the references that their sentences cite.

    Each citation says that the reference supports the claim, and that nobody has checked it. `keys`
    is {id of a suggested claim: key of the claim}, `added` {line number: reference}.
    """
    for suggested in draft.imported.suggested_claims:
        if suggested.id not in accepted:
            if suggested.citations:
                cited = "; ".join(f"{one.typed} ({one.said})" for one in suggested.citations)
                draft.citations_left.append(
                    f"Line {suggested.line}, not ticked: {suggested.text} It cites {cited}."
                )
            continue
        claim = _claim_of(suggested, draft.article, keys, rows)
        if claim is None:
            draft.messages_about_claims.append(
                f"Mark this claim by hand, for its words stand inside another one: {suggested.text}"
            )
            continue
        draft.claims.append(claim)
        missing = _cite(claim, suggested.citations, added, by=by)
        if missing:
            reason = f"{', '.join(missing)} was not found or not read"
            draft.messages_about_claims.append(
                f"Link the reference by hand ({reason}): {suggested.text}"
            )
        linking.remember_wording(claim)


def _claim_of(
    suggested: SuggestedClaim, article: Article, keys: Mapping[str, str], rows: Mapping[int, Model]
) -> Claim | None:
    """Return the claim a suggestion became: a marked phrase of the text, or a row."""
    if suggested.phrases:
        return Claim.objects.filter(article=article, key=keys.get(suggested.id, "")).first()
    return getattr(rows.get(suggested.line), "claim", None)


def _cite(
    claim: Claim,
    citations: Iterable[ImportedCitation],
    added: Mapping[int, Reference],
    *,
    by: User | None,
) -> list[str]:
    """Save what `claim` cites, and return the typed marks that lead to no reference."""
    missing: list[str] = []
    cited: set[int] = set()
    for position, citation in enumerate(citations):
        reference = added.get(citation.line) if citation.line is not None else None
        if reference is None:
            missing.append(citation.typed)
        elif reference.pk not in cited:
            cited.add(reference.pk)
            place = {"locator_kind": citation.locator_kind, "locator": citation.locator}
            linking.save_citation(
                Citation(claim=claim, reference=reference, position=position, **place), by
            )
    return missing


def _shared_term(model, name, language, **fields):
    """Return the shared term called `name`, whatever its capitals; made if there is none."""
    name = name[:120]
    return (
        model.objects.called(name, language).first()
        or model.objects.filter(name__iexact=name).first()
        or model.objects.create(name=name, language=language, **fields)
    )


def _condition(name: str, language: str) -> Condition:
    """Return the condition called `name`; made with a free slug if there is none."""
    base = slugify(name, allow_unicode=True)[:110] or "condition"
    slug, number = base, 2
    while Condition.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return _shared_term(Condition, name, language, slug=slug)


def _add_references(draft: ImportedDraft) -> dict[int, Reference]:
    """Add the references to the library, and return {line number: reference}.

    Those that cannot be read go into `draft.unread_references`.
    """
    by_line = {}
    for row in draft.imported.references:
        try:
            added = (
                adding.add_record(cast(Csl, row.csl), row.text)
                if row.csl is not None
                else adding.add_typed_line(row.work)
            )
        except adding.CannotAdd as error:
            draft.unread_references.append((row.line, row.text, str(error)))
            continue
        draft.references.append(added)
        draft.messages_about_claims += [
            f"Line {row.line}: its {name} is that of another work in the library, “{other}”. The"
            f" reference was added without it, so look up the right one: {row.text}"
            for name, other in added.given_up
        ]
        by_line[row.line] = added.reference
        ReadingListEntry.objects.get_or_create(
            article=draft.article,
            reference=added.reference,
            defaults={"position": len(draft.references)},
        )
    return by_line
