"""What the library has: by its words, and by an identifier."""

from django.db.models import Q

from references import csl
from references.models import Reference

MOST_SHOWN = 10
_MOST_COMPARED = 300
_MOST_WORDS = 12


def search(text):
    """At most MOST_SHOWN current references that hold all the words in title, author, journal or
    year; newest first.
    """
    words = [word for word in text.split()[:_MOST_WORDS] if csl.title_key(word)]
    if not words:
        return []
    found = Reference.objects.current()
    for word in words:
        matches = Q(title_key__contains=csl.title_key(word)) | Q(csl__author__icontains=word)
        matches |= Q(first_author__icontains=word) | Q(container_title__icontains=word)
        matches |= Q(authors_key__contains=csl.name_key(word))
        if word.isascii() and word.isdigit() and len(word) == 4:
            matches |= Q(year=int(word))
        found = found.filter(matches)
    keys = [{csl.title_key(word), csl.name_key(word)} for word in words]
    # The database looks into JSON as text, where “given” and “family” are in every record: look
    # again.
    hits = (
        reference
        for reference in found.order_by("-year", "title")[:_MOST_COMPARED]
        if _holds(reference, keys)
    )
    return [reference for reference, _place in zip(hits, range(MOST_SHOWN), strict=False)]


def _holds(reference, keys):
    names = reference.csl.get("author")
    people = (
        [" ".join(map(str, name.values())) for name in names if isinstance(name, dict)]
        if names
        else []
    )
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


def known_by(identifier):
    """The reference that carries `identifier`, the one it was merged into if it was.

    None when there is none.
    """
    if not identifier.key:
        return None
    column = {"doi": "doi_key", "isbn": "isbn13"}.get(identifier.kind, identifier.kind)
    references = Reference.objects.filter(**{column: identifier.key})
    # Chapters carry the ISBN of their book.
    return current(references.exclude(type="chapter") if identifier.kind == "isbn" else references)


def current(references):
    """The first of `references`, or the one it was merged into; None when there is none."""
    reference = references.first()
    while reference is not None and reference.merged_into_id:
        reference = reference.merged_into
    return reference
