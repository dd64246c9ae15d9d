"""From an imported document to a draft: rows, references and a report, in one transaction."""

import hashlib
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils.text import slugify

from references import adding

from . import audit, editing
from .importing import read_article
from .models import (
    Article,
    ArticleCondition,
    ArticleContraindication,
    ArticleSideEffect,
    AuditEntry,
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
    slug_for,
)


class AlreadyImported(Exception):
    """This very document was imported before; `document` is that import."""

    def __init__(self, document):
        self.document = document
        super().__init__(f"This file was imported before, as “{document.article}”. Nothing was added.")


@dataclass
class Draft:
    """What an import made: the article, what was read, and the references with how each came out."""

    article: Article
    read: object
    references: list = field(default_factory=list)  # references.adding.Added
    unread_references: list = field(default_factory=list)  # (line number, text, why)


@transaction.atomic
def import_article(data, file_name, *, by, at, again=False):
    """Make a draft of the document in the bytes `data`. Never publishes, never accepts a claim.

    Raises importing.CannotRead (what to do with the file) and, unless `again`, AlreadyImported; either way nothing
    is written.
    """
    read = read_article(data, file_name)
    sha256 = hashlib.sha256(data).hexdigest()
    before = ImportedDocument.objects.filter(sha256=sha256).select_related("article").first()
    if before and not again:
        raise AlreadyImported(before)
    title = (read.title or file_name)[:150]
    article = Article.objects.create(
        title=title,
        slug=slug_for(title, taken=lambda slug: Article.objects.filter(slug=slug).exists()),
        kicker=read.kicker[:80],
        summary=read.summary,
        body=read.body_html,
        compared_with=read.comparison.there_name[:80] if read.comparison else "",
        owner=by,
    )
    article.tags.add(*read.tags)
    _add_rows(article, read)
    draft = Draft(article, read)
    _add_references(draft)
    ImportedDocument.objects.create(
        article=article, file_name=file_name[:255], sha256=sha256, imported_by=by, imported_at=at,
        report={
            "line_uses": [asdict(use) for use in read.line_uses],
            "suggested_claims": [asdict(claim) for claim in read.suggested_claims],
            "notes": read.notes,
            "repairs": [
                {"reference": str(added.reference.uid), "repairs": list(added.reference.repairs)}
                for added in draft.references
                if added.reference.repairs
            ],
            "unread_references": [list(unread) for unread in draft.unread_references],
        },
    )  # fmt: skip
    audit.record(AuditEntry.Act.IMPORTED, article, by=by, at=at, summary=file_name)
    return draft


def _add_rows(article, read):
    def text_rows(model, rows, **fields):
        for position, row in enumerate(rows):
            extra = {name: getattr(row, source) for name, source in fields.items()}
            model.objects.create(article=article, position=position, text=row.text[:300], **extra)

    text_rows(KeyPoint, read.key_points)
    text_rows(HelpAdvice, read.help_advice, kind="kind")
    text_rows(Question, read.questions)
    text_rows(Indication, read.indications)
    text_rows(Recommendation, read.recommendations, kind="kind")
    if read.comparison:
        for position, (here, there) in enumerate(read.comparison.rows):
            ComparisonRow.objects.create(article=article, position=position, here=here[:300], there=there[:300])
    for position, row in enumerate(_once(read.conditions)):
        ArticleCondition.objects.create(article=article, position=position, condition=_condition(row.text))
    for position, row in enumerate(_once(read.side_effects)):
        ArticleSideEffect.objects.create(
            article=article, position=position, side_effect=_term(SideEffect, row.text), n=row.n, base=row.base,
            unit=row.unit, how_long=row.how_long, is_serious=row.is_serious,
        )  # fmt: skip
    for position, row in enumerate(_once(read.contraindications)):
        ArticleContraindication.objects.create(
            article=article, position=position, contraindication=_term(Contraindication, row.text), action=row.kind
        )
    editing.match_claims_to_text(article)


def _once(rows):
    """Without a second row of the same name: an article says each thing once."""
    return {row.text.casefold(): row for row in reversed(rows)}.values().__reversed__()


def _term(model, name, **fields):
    """The shared term of this name, whatever its capitals, made if there is none."""
    name = name[:120]
    return model.objects.filter(name__iexact=name).first() or model.objects.create(name=name, **fields)


def _condition(name):
    taken = Condition.objects.filter
    base = slugify(name, allow_unicode=True)[:110] or "condition"
    slug, number = base, 2
    while taken(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return _term(Condition, name, slug=slug)


def _add_references(draft):
    for row in draft.read.references:
        try:
            added = adding.add_typed_line(row.text)
        except adding.CannotAdd as problem:
            draft.unread_references.append((row.line, row.text, str(problem)))
            continue
        draft.references.append(added)
        ReadingListEntry.objects.get_or_create(
            article=draft.article, reference=added.reference, defaults={"position": len(draft.references)}
        )
