"""From working rows to frozen content: the one way in to review, publication and the page.

The shape of frozen content is in `frozen_content`; which values and rows it has, in `contents`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Exists, Model, OuterRef

from articles.models import (
    Article,
    Citation,
    Claim,
    Condition,
    Contraindication,
    Person,
    Picture,
    SideEffect,
)
from articles.models.findings import figure_text
from articles.models.vocabulary import SharedTerm
from articles.richtext.blocks import named_blocks
from articles.richtext.markers import claims_in
from physiohub.control_characters import without_control_characters
from references.models import Reference

from . import contents, glossary
from .frozen_content import (
    AnyContent,
    FrozenClaim,
    FrozenContent,
    FrozenPerson,
    FrozenPicture,
    FrozenTerm,
    RowDigests,
)
from .sentence_rows import sentence_rows

SCHEMA = 1
#: Their order has no meaning. Whether one is there shows in the rows that name it.
_WITHOUT_ORDER = {"claims", "references"}


def freeze(article: Article) -> FrozenContent:
    """Return the article's working rows as plain JSON values.

    Only reads: 12 queries, whatever the size, and one more where there are findings, tests with
    readers, or answers to checklists, each. The article row is read from the database too, so a
    stale instance freezes what the database says.
    """
    article = (
        Article.objects.select_related("written_by", "translation_of", "translated_from")
        .prefetch_related("tags")  # type: ignore[misc]  # taggit's manager has no types
        .annotate(**{_has(rows): _are_there(rows) for rows in _RARE_ROWS})
        .get(pk=article.pk)
    )
    sentences, terms = sentence_rows(article)
    return content_of(
        Parts(
            article,
            sentences=sentences,
            terms=terms,
            rows={
                rows.name: _fetched(article, rows)
                for rows in contents.OWN_ROWS
                if not rows.is_one_sentence and getattr(article, _has(rows), True)
            },
            claims=list(Claim.objects.filter(article=article)),
            citations=list(
                Citation.objects.filter(claim__article=article).select_related("reference")
            ),
            reading_list=[
                entry.reference for entry in article.reading_entries.select_related("reference")
            ],
        )
    )


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The working rows of an article, all of them fetched, each list in the order of its rows.

    What they point to is fetched too, as are the tags of the article and what it is a translation
    of.
    """

    article: Article = field(kw_only=False)
    sentences: Mapping[str, list[dict[str, Any]]]  # as articles.revisions.sentence_rows gives them
    terms: list[glossary.ListedTerm]  # all of its language
    rows: Mapping[str, Iterable[Any]]  # {list: its rows}, of lists of more than a sentence each
    claims: list[Claim]
    citations: list[Citation]
    reading_list: list[Reference]


def content_of(parts: Parts) -> FrozenContent:
    """Return these rows as plain JSON values. No query."""
    article = parts.article
    content: dict[str, Any] = {"schema": SCHEMA, "uid": str(article.uid)}
    for value in contents.VALUES:
        frozen = _frozen(article, value, article.language)
        if frozen or not value.is_left_out_when_empty:
            content[value.name] = frozen
    for rows in contents.OWN_ROWS:
        if rows.is_one_sentence:
            found = parts.sentences[rows.name]
        else:
            found = [_row(row, rows, article.language) for row in parts.rows.get(rows.name, ())]
        if found or not rows.is_left_out_when_empty:
            content[rows.name] = found
    content.update(_evidence(parts, content))
    if used := glossary.words_in(content, parts.terms):
        content["words"] = used
    # Old rows, and tags, may still hold control characters.
    return cast(FrozenContent, without_control_characters(content))


#: Lists that most articles do not have, and that cost a query of their own.
_RARE_ROWS = [
    rows
    for rows in contents.OWN_ROWS
    if rows.is_left_out_when_empty and (rows.is_claim or not rows.is_in_form)
]


def _has(rows: contents.Rows) -> str:
    return f"has_{rows.name}"


def _are_there(rows: contents.Rows) -> Exists:
    return Exists(rows.model._default_manager.filter(article=OuterRef("pk")))


def canonical(content: object) -> str:
    """Return `content` as its one JSON text: sorted keys, no blanks, letters as they are."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest_of(frozen: str) -> str:
    """Return SHA-256 of a canonical JSON text, as 64 hexadecimal digits."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def row_digests(content: AnyContent) -> RowDigests:
    """Return a digest for every row, for every block of the text, and for all the rest.

    Rows are named by their uid, blocks "text:…" and the rest "article". Comparing two of these says
    which rows changed, so that an edit reopens only what it touched.
    """
    digests: RowDigests = {}
    rest: dict[str, object] = {}
    for name, value in content.items():
        if name == "body":
            blocks = named_blocks(value)
            digests.update({block: digest_of(canonical([name, html])) for block, html in blocks})
            rest[name] = [block for block, _html in blocks]
        elif _are_rows(value):
            # The list's name counts too: a row moved to another list is another statement.
            digests.update({row["uid"]: digest_of(canonical([name, row])) for row in value})
            if name not in _WITHOUT_ORDER:
                rest[name] = [row["uid"] for row in value]
        else:
            rest[name] = value
    return {**digests, "article": digest_of(canonical(rest))}


def _are_rows(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, dict) and "uid" in row for row in value)
    )


def uids_in(content: AnyContent) -> set[str]:
    """Return every uid in `content`: of the article, its rows, and the shared things it shows."""
    found: set[str] = set()
    waiting: list[object] = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "uid" in value:
                found.add(value["uid"])
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _frozen(row: Model, value: contents.Value, language: str) -> Any:
    """Return `value` of a model's row as JSON; what is shared, in words of `language`."""
    if value.frozen_by:
        return value.frozen_by(row)
    held = getattr(row, value.field)
    if isinstance(held, Model):
        return _COPIES[type(held)](held, language)
    if isinstance(held, Decimal):
        return figure_text(held)  # exact, which a JSON number is not
    return held.isoformat() if isinstance(held, date) else held


def _fetched(article: Article, rows: contents.Rows) -> Iterable[Any]:
    """Return the rows of one kind, with what they point to. One query."""
    fetched = [
        value.field for value in rows.values if rows.model._meta.get_field(value.field).is_relation
    ]
    if rows.is_claim:
        fetched.append("claim")
    found = getattr(article, rows.accessor).all()
    return found.select_related(*fetched) if fetched else found


def _row(row: Any, rows: contents.Rows, language: str) -> dict[str, Any]:
    values = _values(row, rows.values, language)
    if rows.is_claim:
        values["claim"] = row.claim.key if row.claim else None
    return values


def _evidence(parts: Parts, content: AnyContent) -> dict[str, Any]:
    """Return the claims that are shown, their citations, and the references those name."""
    shown = {marked.key for marked in claims_in(content["body"])}
    shown.update(
        row["claim"] for _rows, row in contents.rows_that_are_claims(content) if row["claim"]
    )
    # A phrase whose marker was removed keeps its citations in the draft, but nobody is shown it.
    claims = [claim for claim in parts.claims if claim.key in shown]
    citations: dict[int, list[Citation]] = defaultdict(list)
    for citation in parts.citations:
        citations[citation.claim_id].append(citation)
    cited = [citation.reference for claim in claims for citation in citations[claim.pk]]
    references: dict[str, Reference] = {str(one.uid): one for one in (*cited, *parts.reading_list)}
    language = parts.article.language
    return {
        "claims": [_claim(claim, citations[claim.pk], language) for claim in claims],
        "references": [
            _values(references[uid], contents.REFERENCE, language) for uid in sorted(references)
        ],
        "reading_list": [str(reference.uid) for reference in parts.reading_list],
    }


def _values(row: Any, values: Iterable[contents.Value], language: str) -> dict[str, Any]:
    frozen = {"uid": str(row.uid)}
    for value in values:
        held = _frozen(row, value, language)
        if held or not value.is_left_out_when_empty:
            frozen[value.name] = held
    return frozen


def _claim(claim: Claim, citations: Iterable[Citation], language: str) -> FrozenClaim:
    frozen = {
        **_values(claim, contents.CLAIM, language),
        "key": claim.key,
        "citations": [
            {
                **_values(citation, contents.CITATION, language),
                "reference": str(citation.reference.uid),
            }
            for citation in citations
        ],
    }
    return cast(FrozenClaim, frozen)


def _picture(picture: Picture, _language: str) -> FrozenPicture:
    return {
        "uid": str(picture.uid),
        "alt": picture.alt_shown,
        "is_decorative": picture.is_decorative,
        "credit": picture.credit,
        "licence": picture.licence,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
        "files": picture.renditions,
    }


def _term(term: SharedTerm, language: str) -> FrozenTerm:
    words = term.words_in(language)
    frozen: FrozenTerm = {
        "uid": str(term.uid),
        "name": words.name,
        "clinical_name": words.clinical_name,
        "other_names": words.other_names,
        "icd10": term.icd10,
        "snomed_ct": term.snomed_ct,
    }
    # Of conditions alone; left out where empty, as in revisions older than they are.
    if slug := getattr(term, "slug", ""):
        frozen["slug"] = slug
    if words.summary:
        frozen["summary"] = words.summary
    if body_part := getattr(term, "body_part", ""):
        frozen["body_part"] = body_part
    return frozen


def _person(person: Person, language: str) -> FrozenPerson:
    return {
        "uid": str(person.uid),
        "name": person.name,
        "role": person.role_in(language),
        "registration": person.registration,
    }


#: How a shared thing that a row points to is copied, in words of a language.
_COPIES: dict[type[Model], Callable[[Any, str], object]] = {
    Condition: _term,
    SideEffect: _term,
    Contraindication: _term,
    Person: _person,
    Picture: _picture,
}
