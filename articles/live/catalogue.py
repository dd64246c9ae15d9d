"""The catalogue of what is live, which lists and search read: adding to it and removing from it.

It (articles.models.catalogue, articles.live.search.index) holds copies from frozen content alone,
written in the transaction that publishes or withdraws, so it never shows what is not live.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from unicodedata import combining, normalize

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from articles.models import Certainty, Claim, LiveArticle, LiveFinding, LiveTerm, Publication
from articles.page.certainty import sources_disagree
from articles.revisions import contents
from articles.revisions.frozen_content import AnyContent, AnyRow, FrozenClaim, FrozenContent
from articles.wording import CERTAINTY_LEVELS

from .search import index, sections

#: (list, the key under which a row names its term, kind of term). Kinds are named for that key.
_TERMS = [
    (rows.name, rows.term, LiveTerm.Kind(rows.term)) for rows in contents.OWN_ROWS if rows.term
]
#: What a page of a condition shows of a claim, and of each of its citations.
_OF_CLAIM = ("text", "kind", "certainty", "direction", "population", "comparator")
_OF_CITATION = ("stance", "source_certainty", "source_scheme", "includes_retracted")
_RANKS = {level: rank for rank, level in enumerate(CERTAINTY_LEVELS)}


def add(publication: Publication) -> LiveArticle:
    """Show this publication in lists and search, instead of an earlier one.

    Ten queries, six where there is no earlier one. Where it brings a name of a condition that is
    new in its language, pages in other languages about that condition are put into search again.
    """
    remove(publication.article_id)
    content = publication.revision.content
    live = _live(publication, content)
    live.save()
    LiveTerm.objects.bulk_create(_terms(live, content))
    LiveFinding.objects.bulk_create(_findings(live, content))
    others = _terms_of_other_pages(live, content)
    index.put(live.pk, live.language, _words(live, content, others))
    _put_names_into_other_pages(live, others)
    return live


def add_first(publications: Sequence[Publication]) -> None:
    """Show these publications, of articles that the catalogue does not have, at once."""
    contents_ = [publication.revision.content for publication in publications]
    lives = LiveArticle.objects.bulk_create(map(_live, publications, contents_))
    pairs = list(zip(lives, contents_, strict=True))
    LiveTerm.objects.bulk_create(term for pair in pairs for term in _terms(*pair))
    LiveFinding.objects.bulk_create(found for pair in pairs for found in _findings(*pair))
    for live, content in pairs:
        index.put(
            live.pk, live.language, _words(live, content, _terms_of_other_pages(live, content))
        )


def _live(publication: Publication, content: FrozenContent) -> LiveArticle:
    return LiveArticle(
        article_id=publication.article_id,
        publication=publication,
        slug=publication.slug,
        language=publication.language,
        title=content["title"],
        sort_key=sort_key(content["title"]),
        summary=content["summary"],
        other_names=content["other_names"],
        is_demonstration=content["is_demonstration"],
        sections=sections.sections_of(content),
        published_at=publication.at,
    )


def remove(article_id: int) -> None:
    """Show nothing of this article in lists and search."""
    live = LiveArticle.objects.filter(article=article_id).first()
    if live:
        index.remove(live.pk)
        live.delete()


@transaction.atomic
def rebuild() -> Iterator[Publication]:
    """Empty the catalogue and fill it from what is live; yields each publication once it is there.

    In one transaction: readers see the old catalogue until the new one is complete.
    """
    index.clear()
    LiveArticle.objects.all().delete()
    # The order in which they were published: of two names of one thing the newest is shown.
    for publication in (
        Publication.objects.live().select_related("revision").order_by("at", "pk").iterator(200)
    ):
        add(publication)
        yield publication


def sort_key(title: str) -> str:
    """Return `title` as lists are sorted: without accents and capitals."""
    return "".join(
        letter for letter in normalize("NFKD", title).casefold() if not combining(letter)
    )[:200]


def install_after_migrate(sender: object, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the index, and fill an empty catalogue from what is live: a post_migrate receiver.

    An index that was made in another way than today's is made again: it holds words in another form
    than search looks for.
    """
    connection = connections[using]
    tables = {model._meta.db_table for model in (LiveArticle, LiveTerm, LiveFinding)}
    if not tables <= set(connection.introspection.table_names()):
        return
    index.install(connection)
    if using == DEFAULT_DB_ALIAS and not (
        index.is_current(connection) and LiveArticle.objects.exists()
    ):
        for _ in rebuild():
            pass


def _terms(live: LiveArticle, content: AnyContent) -> Iterator[LiveTerm]:
    claims = {claim["key"]: claim for claim in content["claims"]}
    for rows, name, kind in _TERMS:
        for row in content[rows]:
            term = row[name]
            rating = {}
            if kind == LiveTerm.Kind.CONDITION and (claim := claims.get(row["claim"])):
                rating = {
                    "claim_key": claim["key"],
                    "certainty": claim["certainty"],
                    "direction": claim["direction"],
                    "is_disputed": sources_disagree(claim),
                }
            yield LiveTerm(
                live=live,
                kind=kind,
                slug=term.get("slug", ""),
                name=term["name"],
                clinical_name=term["clinical_name"],
                other_names=term["other_names"],
                summary=term.get("summary", ""),
                body_part=term.get("body_part", ""),
                note=row["note"],
                **rating,
            )
    for row in content.get("words", ()):
        if row["meaning"]:
            yield LiveTerm(
                live=live, kind=LiveTerm.Kind.WORD, name=row["word"], summary=row["meaning"]
            )


def _findings(live: LiveArticle, content: FrozenContent) -> Iterator[LiveFinding]:
    """Yield the findings of a page, then the phrases of its text that name an outcome."""
    claims = {claim["key"]: claim for claim in content["claims"]}
    for row in content.get("findings", ()):
        yield _finding(live, row["outcome"], claims.get(row["claim"] or ""), row)
    for claim in content["claims"]:
        if claim["kind"] == Claim.Kind.TEXT and claim["outcome"].strip():
            yield _finding(live, claim["outcome"], claim, {})


def _finding(
    live: LiveArticle, outcome: str, claim: FrozenClaim | None, row: AnyRow
) -> LiveFinding:
    outcome = " ".join(outcome.split())
    return LiveFinding(
        live=live,
        outcome=outcome,
        outcome_key=outcome.casefold()[:200],
        sort_key=sort_key(outcome),
        certainty_rank=_RANKS[claim["certainty"] if claim else Certainty.NOT_RATED],
        row=row,
        claim_key=claim["key"] if claim else "",
        claim=_what_is_shown(claim) if claim else {},
    )


def _what_is_shown(claim: AnyRow) -> dict[str, Any]:
    citations = [
        {name: one[name] for name in _OF_CITATION if name in one} for one in claim["citations"]
    ]
    return {**{name: claim[name] for name in _OF_CLAIM}, "citations": citations}


def _terms_of_other_pages(live: LiveArticle, content: FrozenContent) -> list[LiveTerm]:
    """Return what all other pages call the conditions of this one, each with `live`."""
    slugs = {row["condition"].get("slug", "") for row in content["conditions"]} - {""}
    if not slugs:
        return []
    terms = LiveTerm.objects.filter(kind=LiveTerm.Kind.CONDITION, slug__in=slugs).order_by()
    return list(terms.exclude(live=live).select_related("live").defer("live__sections"))


def _put_names_into_other_pages(live: LiveArticle, others: Iterable[LiveTerm]) -> None:
    """Let the names of this page's conditions find pages about them in other languages.

    A name that a page brought stays there when the page is withdrawn: it still means the same.
    """
    if all(_is_in(term, live) for term in others):
        return
    own = LiveTerm.objects.filter(live=live, kind=LiveTerm.Kind.CONDITION)
    known = {(term.slug, name) for term in others if _is_in(term, live) for name in _names_of(term)}
    new = {term.slug for term in own if not {(term.slug, n) for n in _names_of(term)} <= known}
    found = {term.live_id for term in others if term.slug in new and not _is_in(term, live)}
    pages = LiveArticle.objects.filter(pk__in=found).select_related("publication__revision")
    for page in pages.iterator(50):
        content = page.publication.revision.content
        index.remove(page.pk)
        others_of_page = _terms_of_other_pages(page, content)
        index.put(page.pk, page.language, _words(page, content, others_of_page))


def _is_in(term: LiveTerm, live: LiveArticle) -> bool:
    return term.live.language == live.language


def _names_of(term: LiveTerm) -> set[str]:
    return {term.name, term.clinical_name, *term.other_names} - {""}


def _words(live: LiveArticle, content: FrozenContent, others: Iterable[LiveTerm]) -> index.Words:
    in_other_languages = {
        name for term in others if not _is_in(term, live) for name in _names_of(term)
    }
    return index.Words(
        title=live.title,
        names=" ".join(sections.other_names_of(content)),
        conditions=" ".join([*sections.conditions_of(content), *sorted(in_other_languages)]),
        summary=live.summary,
        body=" ".join(f"{heading} {text}" for heading, text in live.sections),
    )
