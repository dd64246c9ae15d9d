"""From an imported document to a draft: rows, references and a report, in one transaction."""

from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils.text import slugify

from articles import audit, imports
from articles.drafts import edits
from articles.evidence import linking
from articles.models import (
    Alternative,
    Article,
    ArticleCondition,
    ArticleContraindication,
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
from references import adding


class AlreadyImported(Exception):
    """This very document was imported before; `document` is that import."""

    def __init__(self, document):
        self.document = document
        super().__init__(
            f"This file was imported before, as “{document.article}”. Nothing was added."
        )


@dataclass
class ImportedDraft:
    """What an import made: the article, what was read, and the references with how each
    came out.
    """

    article: Article
    read: object
    references: list = field(default_factory=list)  # references.adding.Added
    unread_references: list = field(default_factory=list)  # (line number, text, why)
    claims: list = field(default_factory=list)  # articles.models.Claim: the accepted ones
    unlinked: list = field(
        default_factory=list
    )  # accepted, but not marked or not linked: sentences that say why


def import_article(data, file_name, *, by, at, again=False):
    """Make a draft of the document in the bytes `data`. Never publishes, never accepts a claim.

    Raises imports.CannotRead (what to do with the file) and, unless `again`, AlreadyImported;
    either way nothing is written.
    """
    return make_draft(imports.read_document(data, file_name), by=by, at=at, again=again)


@transaction.atomic
def make_draft(document, *, by, at, again=False, choices=None):
    """Make a draft of an imports.Document as the imports.Choices of `by` say.

    Never publishes; accepts the claims that were chosen, with the references their sentences name
    as evidence that nobody has checked. Raises imports.CannotRead and, unless `again`,
    AlreadyImported; either way nothing is written.
    """
    choices = choices or imports.Choices()
    read = imports.structure(document.lines, document.notes, choices.moves)
    blocks, keys = imports.mark_claims(read, choices.claims)
    body = "".join(block.html for block in blocks)
    imports.check_body(body)
    before = imported_before(document.sha256)
    if before and not again:
        raise AlreadyImported(before)
    title = (read.title or document.file_name)[:150]
    article = Article.objects.create(
        title=title,
        slug=slug_for(title, taken=lambda slug: Article.objects.filter(slug=slug).exists()),
        kicker=read.kicker,
        summary=read.summary,
        body=body,
        compared_with=read.comparison.there_name if read.comparison else "",
        owner=by,
    )
    article.tags.add(*read.tags)
    rows = _add_rows(article, read)
    draft = ImportedDraft(article, read)
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


def imported_before(sha256):
    """The newest import of a file with these bytes, or None."""
    return ImportedDocument.objects.filter(sha256=sha256).select_related("article").first()


def _report(draft, choices, by):
    """What every line became and who moved what: kept for good, for the draft will change."""
    read = draft.read
    return {
        "line_uses": [asdict(use) for use in read.line_uses],
        "suggested_claims": [
            {**asdict(claim), "is_accepted": claim.id in choices.claims}
            for claim in read.suggested_claims
        ],
        "notes": read.notes,
        "moves": [{**move, "by": audit.name_of(by) if by else ""} for move in choices.log],
        "remarks": [
            {**asdict(remark), "is_seen": remark.id in choices.seen} for remark in read.remarks
        ],
        "repairs": [
            {"reference": str(added.reference.uid), "repairs": list(added.reference.repairs)}
            for added in draft.references
            if added.reference.repairs
        ],
        "unread_references": [list(unread) for unread in draft.unread_references],
        "unlinked": draft.unlinked,
    }


def _add_rows(article, read):
    """{line number: row} of the typed rows, which are made here."""
    made = {}

    def text_rows(model, rows, **fields):
        for position, row in enumerate(rows):
            extra = {name: getattr(row, source) for name, source in fields.items()}
            made[row.line] = model.objects.create(
                article=article, position=position, text=row.text, **extra
            )

    text_rows(KeyPoint, read.key_points)
    text_rows(Step, read.steps, kind="kind")
    text_rows(HelpAdvice, read.help_advice, kind="kind")
    text_rows(Alternative, read.alternatives)
    text_rows(Question, read.questions)
    text_rows(Indication, read.indications)
    text_rows(Recommendation, read.recommendations, kind="kind")
    if read.comparison:
        for position, (here, there) in enumerate(read.comparison.rows):
            ComparisonRow.objects.create(article=article, position=position, here=here, there=there)
    for position, row in enumerate(read.conditions):
        made[row.line] = ArticleCondition.objects.create(
            article=article, position=position, condition=_condition(row.text)
        )
    for position, row in enumerate(read.side_effects):
        made[row.line] = ArticleSideEffect.objects.create(
            article=article,
            position=position,
            side_effect=_term(SideEffect, row.text),
            n=row.n,
            base=row.base,
            unit=row.unit,
            how_long=row.how_long,
            is_serious=row.is_serious,
            note=row.note,
        )
    for position, row in enumerate(read.contraindications):
        made[row.line] = ArticleContraindication.objects.create(
            article=article,
            position=position,
            contraindication=_term(Contraindication, row.text),
            action=row.kind,
        )
    edits.match_claims_to_text(article)
    return made


def _accept_claims(draft, accepted, keys, rows, added, *, by):
    """Evidence for the accepted claims.

    The references their sentences name, as supporting and unchecked.
    """
    for suggested in draft.read.suggested_claims:
        if suggested.id not in accepted:
            continue
        if suggested.phrases:
            claim = Claim.objects.filter(
                article=draft.article, key=keys.get(suggested.id, "")
            ).first()
        else:
            claim = getattr(rows.get(suggested.line), "claim", None)
        if claim is None:
            draft.unlinked.append(
                f"Mark this claim by hand, for its words stand inside another one: {suggested.text}"
            )
            continue
        draft.claims.append(claim)
        missing, linked = [], set()
        for position, cited in enumerate(suggested.citations):
            reference = added.get(cited.line)
            if reference is None:
                missing.append(cited.typed)
                continue
            if reference.pk not in linked:
                linked.add(reference.pk)
                linking.save_citation(
                    Citation(claim=claim, reference=reference, position=position), by
                )
        if missing:
            typed = ", ".join(missing)
            why = f"{typed} was not found or not read"
            draft.unlinked.append(f"Link the reference by hand ({why}): {suggested.text}")
        linking.remember_wording(claim)


def _term(model, name, **fields):
    """The shared term of this name, whatever its capitals, made if there is none."""
    name = name[:120]
    return model.objects.filter(name__iexact=name).first() or model.objects.create(
        name=name, **fields
    )


def _condition(name):
    taken = Condition.objects.filter
    base = slugify(name, allow_unicode=True)[:110] or "condition"
    slug, number = base, 2
    while taken(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return _term(Condition, name, slug=slug)


def _add_references(draft):
    """{line number: Reference} of the references that could be read; the others are noted."""
    by_line = {}
    for row in draft.read.references:
        try:
            added = adding.add_typed_line(row.work)
        except adding.CannotAdd as problem:
            draft.unread_references.append((row.line, row.text, str(problem)))
            continue
        draft.references.append(added)
        by_line[row.line] = added.reference
        ReadingListEntry.objects.get_or_create(
            article=draft.article,
            reference=added.reference,
            defaults={"position": len(draft.references)},
        )
    return by_line
