"""A page of search results, from the catalogue of live articles. No query is stored."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404

from articles.models import LiveArticle

from . import excerpts, index
from .query import MOST_LETTERS, terms

ON_A_PAGE = 20


@dataclass(frozen=True)
class Result:
    """A live article that was found, with the words that were sought marked."""

    live: LiveArticle
    title: list[excerpts.ExcerptPart]
    summary: list[excerpts.ExcerptPart]
    excerpt: excerpts.Excerpt | None


@dataclass(frozen=True)
class Results:
    """One page of results."""

    query: str  # as typed, cut to MOST_LETTERS
    has_words: bool
    results: list[Result]
    count: int
    is_capped: bool  # there are more than `count`
    are_partial: bool  # no page has all the words; these have some
    number: int  # of this page, from 1
    pages: int

    @property
    def address(self) -> str:
        """The beginning of the query string of each page, after the question mark."""
        return f"{urlencode({'q': self.query})}&"

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def search(typed: str, *, page: int = 1) -> Results:
    """Return the results for what was typed. At most three queries.

    Raises Http404 for a page that does not exist.
    """
    sought = terms(typed)
    hits, are_partial = index.find(sought), False
    if not hits and len(sought) > 1:
        hits, are_partial = index.find(sought, any_of=True), True
    count = min(len(hits), index.MOST)
    pages = max(1, -(-count // ON_A_PAGE))
    if not 1 <= page <= pages:
        raise Http404
    shown = hits[: index.MOST][(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    found = LiveArticle.objects.in_bulk(shown)
    results = [
        Result(
            live=live,
            title=excerpts.parts_of_excerpt(live.title, sought),
            summary=excerpts.parts_of_excerpt(live.summary, sought),
            excerpt=excerpts.best(live.sections, sought),
        )
        for live in (found[pk] for pk in shown if pk in found)
    ]
    return Results(
        query=typed[:MOST_LETTERS].strip(),
        has_words=bool(sought),
        results=results,
        count=count,
        is_capped=len(hits) > index.MOST,
        are_partial=are_partial and bool(hits),
        number=page,
        pages=pages,
    )
