"""The rows of an article that are one sentence each, whatever their kind, read in one query.

So more kinds cost no more. The glossary terms of the article's language come in the same query.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from articles.models import Article, GlossaryTerm, LiveArticle, Step

from . import contents
from .glossary import ListedTerm

_GLOSSARY = "words"
_NOTHING = Value("", output_field=CharField())


class SentenceRecord(NamedTuple):
    """A row of any of these tables, as the query gives it: "" for what its table does not have."""

    list_name: str  # its key in frozen content
    uid: UUID
    position: int
    pk: int
    text: str
    kind: str
    meaning: str  # of a glossary term
    claim_key: str
    page_uid: str
    page_title: str


def sentence_rows(article: Article) -> tuple[dict[str, list[dict[str, Any]]], list[ListedTerm]]:
    """Return ({list: its frozen rows}, the glossary terms of the article's language). One query."""
    kinds = {rows.name: rows for rows in contents.OWN_ROWS if rows.is_one_sentence}
    query = _terms(article.language).union(
        *(_records(article, rows) for rows in kinds.values()), all=True
    )
    return lists_of(SentenceRecord(*columns) for columns in query)


def lists_of(
    records: Iterable[SentenceRecord],
) -> tuple[dict[str, list[dict[str, Any]]], list[ListedTerm]]:
    """Return ({list: its frozen rows}, the glossary terms) among `records`. No query."""
    kinds = {rows.name: rows for rows in contents.OWN_ROWS if rows.is_one_sentence}
    records = sorted(records, key=lambda record: (record.position, record.pk))
    terms = [
        ListedTerm(str(record.uid), record.text, record.meaning)
        for record in records
        if record.list_name == _GLOSSARY
    ]
    lists = {
        name: [_frozen(record, rows) for record in records if record.list_name == name]
        for name, rows in kinds.items()
    }
    lists["steps"].sort(key=lambda row: list(Step.Phase.values).index(row["kind"]))
    return lists, terms


def _terms(language: str) -> QuerySet:
    return _select(
        GlossaryTerm.objects.filter(language=language),
        list_name=_text(_GLOSSARY),
        position=F("pk"),
        text=_as_text("word"),
        meaning=_as_text("meaning"),
    )


def _records(article: Article, rows: contents.Rows) -> QuerySet:
    names = {value.name for value in rows.values}
    columns: dict[str, Combinable] = {"list_name": _text(rows.name), "position": F("position")}
    if "text" in names:
        columns["text"] = _as_text("text")
    if "kind" in names:
        columns["kind"] = _as_text("kind")
    if "page" in names:
        columns["page_uid"] = _as_text("page__uid")
        columns["page_title"] = _live_title()
    if rows.is_claim:
        columns["claim_key"] = _as_text("claim__key")
    return _select(getattr(article, rows.accessor), **columns)


def _select(queryset: QuerySet, **columns: Combinable) -> QuerySet:
    """Return `queryset` as the columns of a SentenceRecord, in their order.

    Each has a name no model's field has, or Django would refuse to annotate it.
    """
    columns = {"uid": F("uid"), "pk": F("pk"), **columns}
    named = {f"record_{name}": columns.get(name, _NOTHING) for name in SentenceRecord._fields}
    return queryset.order_by().annotate(**named).values_list(*named)


def _live_title() -> Coalesce:
    """Return the title readers see now of the page a row leads to; "" while it is not live."""
    live = LiveArticle.objects.filter(article=OuterRef("page")).order_by().values("title")[:1]
    return Coalesce(Subquery(live), _NOTHING, output_field=CharField())


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def _as_text(field: str) -> Coalesce:
    return Coalesce(Cast(field, CharField()), _NOTHING)


def _frozen(record: SentenceRecord, rows: contents.Rows) -> dict[str, Any]:
    row: dict[str, Any] = {"uid": str(record.uid)}
    if any(value.name == "text" for value in rows.values):
        row["text"] = record.text
    if rows.is_claim:
        row["claim"] = record.claim_key or None
    if record.kind:
        row["kind"] = record.kind
    if record.page_uid:
        # SQLite keeps a uid without its dashes.
        row["page"] = {"uid": str(UUID(record.page_uid)), "title": record.page_title}
    return row
