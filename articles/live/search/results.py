"""A page of search results.

Reads the shelf of live articles and its index; keeps nothing of what was asked.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404

from articles.models import LiveArticle

from . import excerpts, index
from .query import MOST_LETTERS, terms

ON_A_PAGE = 20


@dataclass(frozen=True)
class Result:
    live: LiveArticle
    title: list[excerpts.ExcerptPart]
    summary: list[excerpts.ExcerptPart]
    excerpt: excerpts.Excerpt | None


@dataclass(frozen=True)
class Results:
    query: str  # as typed, cut to what is looked at
    has_words: bool
    results: list[Result]
    count: int
    is_capped: bool  # there are more than `count`
    are_partial: bool  # no page has all the words; these have some
    number: int  # of this page, from 1
    pages: int

    @property
    def address(self):
        """What the address of each of its pages begins with, after the question mark."""
        return f"{urlencode({'q': self.query})}&"

    @property
    def previous(self):
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self):
        return self.number + 1 if self.number < self.pages else None


def search(typed, *, page=1):
    """The Results for what was typed.

    At most three queries. Raises Http404 for a page there is not.
    """
    asked = terms(typed)
    hits, are_partial = index.find(asked), False
    if not hits and len(asked) > 1:
        hits, are_partial = index.find(asked, any_of=True), True
    count = min(len(hits), index.MOST)
    pages = max(1, -(-count // ON_A_PAGE))
    if not 1 <= page <= pages:
        raise Http404
    shown = hits[: index.MOST][(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    found = LiveArticle.objects.in_bulk(shown)
    results = [
        Result(
            live,
            excerpts.parts_of_excerpt(live.title, asked),
            excerpts.parts_of_excerpt(live.summary, asked),
            excerpts.best(live.sections, asked),
        )
        for live in (found[pk] for pk in shown if pk in found)
    ]
    return Results(
        typed[:MOST_LETTERS].strip(),
        bool(asked),
        results,
        count,
        len(hits) > index.MOST,
        are_partial and bool(hits),
        page,
        pages,
    )
