"""Searching the library by words, and by an identifier."""

from itertools import islice

from django.db.models import Q, QuerySet

from references import csl
from references.identifiers import Identifier
from references.models import Reference

MOST_SHOWN = 10
_MOST_COMPARED = 300
_MOST_WORDS = 12


def search(text: str) -> list[Reference]:
    """Return current references with all the words of `text`, newest first; at most MOST_SHOWN.

    A word may be in title, author, journal or year.
    """
    words = [word for word in text.split()[:_MOST_WORDS] if csl.title_key(word)]
    if not words:
        return []
    references = Reference.objects.current().defer("payload")
    for word in words:
        matches = Q(title_key__contains=csl.title_key(word)) | Q(csl__author__icontains=word)
        matches |= Q(first_author__icontains=word) | Q(container_title__icontains=word)
        matches |= Q(authors_key__contains=csl.name_key(word))
        if word.isascii() and word.isdigit() and len(word) == 4:
            matches |= Q(year=int(word))
        references = references.filter(matches)
    keys = [{csl.title_key(word), csl.name_key(word)} for word in words]
    # The database searches JSON as text, where “given” and “family” are in every record.
    hits = (
        reference
        for reference in references.order_by("-year", "title")[:_MOST_COMPARED]
        if _has_words(reference, keys)
    )
    return list(islice(hits, MOST_SHOWN))


def _has_words(reference, keys):
    """Return whether the reference has each word, given as the set of its spellings."""
    names = reference.csl.get("author") or ()
    people = [" ".join(map(str, name.values())) for name in names if isinstance(name, dict)]
    places = [
        reference.title_key,
        reference.authors_key,
        *map(csl.title_key, [reference.container_title, reference.first_author, *people]),
    ]
    return all(
        any(key in place for key in spellings for place in places)
        or str(reference.year) in spellings
        for spellings in keys
    )


def known_by(identifier: Identifier) -> Reference | None:
    """Return the reference that has `identifier`, or the one it was merged into.

    None without any.
    """
    if not identifier.key:
        return None
    column = {"doi": "doi_key", "isbn": "isbn13"}.get(identifier.kind, identifier.kind)
    references = Reference.objects.filter(**{column: identifier.key})
    # Chapters have the ISBN of their book.
    if identifier.kind == "isbn":
        references = references.exclude(type="chapter")
    return first_survivor(references)


def first_survivor(references: QuerySet[Reference]) -> Reference | None:
    """Return the first of `references`, or the one it was merged into; None when there are none."""
    reference = references.first()
    return reference.survivor if reference else None
