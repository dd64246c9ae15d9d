"""The catalogue of what is live, which lists and search read: adding to it and removing from it.

It (articles.models.catalogue, articles.live.search.index) holds copies from frozen content alone,
written in the transaction that publishes or withdraws, so it never shows what is not live.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from articles.findings.figures import is_small_count
from articles.models import (
    Certainty,
    Claim,
    LiveArticle,
    LiveFinding,
    LiveTerm,
    LiveTopicFinding,
    Publication,
)
from articles.page.certainty import sources_disagree
from articles.revisions import contents
from articles.revisions.frozen_content import AnyContent, AnyRow, FrozenClaim, FrozenContent
from articles.wording import CERTAINTY_LEVELS

from . import totals
from .search import index, sections

#: (list, the key under which a row names its term, kind of term). Kinds are named for that key.
_TERMS = [
    (rows.name, rows.term, LiveTerm.Kind(rows.term)) for rows in contents.OWN_ROWS if rows.term
]
#: What a page of a condition shows of a claim, and of each of its citations.
_OF_CLAIM = ("text", "kind", "certainty", "direction", "population", "comparator")
_OF_CITATION = ("stance", "source_certainty", "source_scheme", "includes_retracted")
_RANKS = {level: rank for rank, level in enumerate(CERTAINTY_LEVELS)}


@dataclass(frozen=True)
class _Entry:
    """A live article with the content that it is made from."""

    live: LiveArticle
    content: FrozenContent


def add(publication: Publication) -> LiveArticle:
    """Show this publication in lists and search, instead of an earlier one.

    About twelve queries, however many pages there are. Where a condition gets or loses a name in
    its language, pages in other languages about that condition are put into search again.
    """
    gone = _take_out(publication.article_id)
    [entry] = _put_in([publication])
    brought = totals.names_of_no_other([entry.live])
    _put_into_search([entry])
    _put_names_into_other_pages(_changed(gone, brought), [entry.live.pk])
    return entry.live


def add_first(publications: Sequence[Publication]) -> list[LiveArticle]:
    """Show these publications, of articles that the catalogue does not have, at once."""
    entries = _put_in(publications)
    lives = [entry.live for entry in entries]
    brought = totals.names_of_no_other(lives)
    _put_into_search(entries)
    _put_names_into_other_pages(_changed({}, brought), [live.pk for live in lives])
    return lives


def remove(article_id: int) -> None:
    """Show nothing of this article in lists and search, nor what it alone calls its conditions."""
    _put_names_into_other_pages(_changed(_take_out(article_id), {}), [])


def _put_in(publications: Sequence[Publication]) -> list[_Entry]:
    entries = _write(publications)
    totals.add_to_counts([entry.live for entry in entries], +1)
    return entries


def _take_out(article_id: int) -> totals.Names:
    """Take an article out of the catalogue; return what it alone called its conditions."""
    live = LiveArticle.objects.select_for_update(no_key=True).filter(article=article_id).first()
    if live is None:
        return {}
    alone = totals.names_of_no_other([live])
    index.remove(live.pk)
    totals.add_to_counts([live], -1)
    live.delete()
    return alone


def _changed(before: totals.Names, after: totals.Names) -> dict[str, set[str]]:
    """Return {address of a condition: languages in which a name of it came or went}."""
    found: dict[str, set[str]] = {}
    for slug in {*before, *after}:
        old, new = before.get(slug, {}), after.get(slug, {})
        if changed := {code for code in {*old, *new} if old.get(code) != new.get(code)}:
            found[slug] = changed
    return found


#: Pages that `rebuild` writes in one transaction: no reader or writer waits long for it.
IN_A_BATCH = 200


def rebuild() -> Iterator[int]:
    """Write the catalogue and the search index again, from what is live.

    Yields after each batch how many pages it has done; each page is done twice: its rows, then its
    place in the index, which holds the names that other pages bring. Each batch is a transaction of
    its own. So readers go on searching, and a page has its old rows until it has new ones. Memory
    does not grow with the number of pages.
    """
    # The order in which they were published: of two names of one thing the newest is shown.
    live = Publication.objects.live().order_by("at", "pk").values_list("article", flat=True)
    articles = list(live)
    for batch in _batches(articles):
        with transaction.atomic():
            _write_again(batch)
        yield len(batch)
    _remove_all_but(articles)
    totals.count_again()
    for batch in _batches(articles):
        with transaction.atomic():
            _put_into_search(_entries_of(batch))
        yield len(batch)
    index.finish()


def _batches(articles: list[int]) -> Iterator[list[int]]:
    return (articles[at : at + IN_A_BATCH] for at in range(0, len(articles), IN_A_BATCH))


def _write_again(articles: list[int]) -> None:
    """Write the rows of these articles again. The search index knows them by keys that stay."""
    # Locked first: what is published meanwhile waits, and what was published before is seen.
    locked = LiveArticle.objects.select_for_update(no_key=True).filter(article__in=articles)
    keys = dict(locked.order_by("pk").values_list("article", "pk"))
    live = Publication.objects.live().filter(article__in=articles).select_related("revision")
    found = {publication.article_id: publication for publication in live}
    LiveArticle.objects.filter(article__in=articles).delete()
    _write([found[pk] for pk in articles if pk in found], keys)


def _remove_all_but(articles: list[int]) -> None:
    """Remove what is not live. In an ordinary catalogue there is none."""
    known = set(articles)
    stored = LiveArticle.objects.order_by().values_list("article", flat=True)
    for article in [pk for pk in stored.iterator() if pk not in known]:
        if not Publication.objects.live().filter(article=article).exists():
            with transaction.atomic():
                remove(article)


def _entries_of(articles: list[int]) -> list[_Entry]:
    stored = LiveArticle.objects.filter(article__in=articles)
    return [
        _Entry(live, live.publication.revision.content)
        for live in stored.select_related("publication__revision")
    ]


def _write(
    publications: Sequence[Publication], keys: Mapping[int, int] | None = None
) -> list[_Entry]:
    """Write the rows of these publications; `keys`: those that their articles keep."""
    entries = [
        _Entry(_live(one, one.revision.content, (keys or {}).get(one.article_id)), content)
        for one in publications
        for content in [one.revision.content]
    ]
    LiveArticle.objects.bulk_create(entry.live for entry in entries)
    terms = [term for entry in entries for term in _terms(entry.live, entry.content)]
    totals.set_totals(terms, [entry.live for entry in entries])
    LiveTerm.objects.bulk_create(terms)
    findings = [found for entry in entries for found in _findings(entry.live, entry.content)]
    LiveFinding.objects.bulk_create(findings)
    slugs: dict[int, list[str]] = {}
    for term in terms:
        if term.kind == LiveTerm.Kind.CONDITION and term.slug:
            slugs.setdefault(term.live_id, []).append(term.slug)
    LiveTopicFinding.objects.bulk_create(
        _topic_finding(found, slug) for found in findings for slug in slugs.get(found.live_id, ())
    )
    return entries


def _topic_finding(found: LiveFinding, slug: str) -> LiveTopicFinding:
    return LiveTopicFinding(
        finding=found,
        slug=slug,
        language=found.live.language,
        sort_key=found.sort_key,
        outcome_key=found.outcome_key,
        certainty_rank=found.certainty_rank,
        title_key=found.live.sort_key,
        is_small_count=bool(found.row) and is_small_count(found.row),
    )


def _live(publication: Publication, content: FrozenContent, pk: int | None) -> LiveArticle:
    return LiveArticle(
        pk=pk,
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
    models = (LiveArticle, LiveTerm, LiveFinding, LiveTopicFinding)
    tables = {model._meta.db_table for model in models}
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
                language=live.language,
                certainty_rank=_RANKS[rating.get("certainty", Certainty.NOT_RATED)],
                sort_key=live.sort_key,
                **rating,
            )
    for row in content.get("words", ()):
        if row["meaning"]:
            yield LiveTerm(
                live=live,
                kind=LiveTerm.Kind.WORD,
                name=row["word"],
                summary=row["meaning"],
                language=live.language,
                sort_key=live.sort_key,
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


def _put_names_into_other_pages(changed: Mapping[str, set[str]], but: Sequence[int]) -> None:
    """Let names that came find pages about their conditions in other languages, and gone ones not.

    `changed`: {address of the condition: languages in which a name came or went}.
    """
    for slug, languages in changed.items():
        pages = LiveTerm.objects.filter(kind=LiveTerm.Kind.CONDITION, slug=slug)
        if len(languages) == 1:
            pages = pages.exclude(language=next(iter(languages)))
        found = pages.exclude(live__in=but).order_by("live").values_list("live__article", flat=True)
        for batch in _batches(list(found)):
            _put_into_search(_entries_of(batch))


def _put_into_search(entries: Sequence[_Entry]) -> None:
    slugs = {slug for entry in entries for slug in _slugs_of(entry.content)}
    names = totals.names_of_conditions(slugs)
    index.put(
        [
            (entry.live.pk, entry.live.language, _words(entry.live, entry.content, names))
            for entry in entries
        ]
    )


def _slugs_of(content: AnyContent) -> set[str]:
    return {row["condition"].get("slug", "") for row in content["conditions"]} - {""}


def _words(
    live: LiveArticle, content: FrozenContent, names: Mapping[str, Mapping[str, set[str]]]
) -> index.Words:
    in_other_languages = {
        name
        for slug in _slugs_of(content)
        for language, called in names.get(slug, {}).items()
        if language != live.language
        for name in called
    }
    return index.Words(
        title=live.title,
        names=" ".join(sections.other_names_of(content)),
        conditions=" ".join([*sections.conditions_of(content), *sorted(in_other_languages)]),
        summary=live.summary,
        body=" ".join(f"{heading} {text}" for heading, text in live.sections),
    )
