"""A page of search results, from the catalogue of live articles. No query is stored."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404

from articles.live.languages import InLanguage, by_language, readers_language
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
    groups: list[InLanguage]  # the same by language
    count: int
    is_capped: bool  # there are more than `count`
    are_partial: bool  # no page has all the words; these have some
    number: int  # of this page, from 1
    pages: int
    took_too_long: bool = False

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
    """Return the results for what was typed, in the reader's language first. At most three queries.

    Raises Http404 for a page that does not exist.
    """
    sought, language = terms(typed), readers_language()
    took_too_long, hits, are_partial = False, [], False
    try:
        hits = index.find(sought, language=language)
        if not hits and len(sought) > 1:
            hits, are_partial = index.find(sought, language=language, any_of=True), True
    except index.TookTooLong:
        took_too_long, page = True, 1
    count, is_capped = min(len(hits), index.MOST), len(hits) > index.MOST
    pages = max(1, -(-count // ON_A_PAGE))
    if not 1 <= page <= pages:
        raise Http404
    hits = hits[: index.MOST]
    shown = [pk for pk, _language in hits[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]]
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
        groups=by_language(
            results,
            language,
            lambda result: result.live.language,
            Counter(code for _pk, code in hits),
        ),
        count=count,
        is_capped=is_capped,
        are_partial=are_partial and bool(hits),
        number=page,
        pages=pages,
        took_too_long=took_too_long,
    )
