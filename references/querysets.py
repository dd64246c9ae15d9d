"""How the rest of the code asks for references."""

from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.utils.text import smart_split, unescape_string_literal

from physiohub.db import models

from . import csl, search_texts


class ReferenceQuerySet(models.QuerySet):
    def current(self) -> "ReferenceQuerySet":
        """Leave out the rows that were merged into another."""
        return self.filter(merged_into=None)

    def known_as(
        self, *, doi_key: str | None = None, pmid: str | None = None, pmcid: str | None = None
    ) -> "ReferenceQuerySet":
        """Return references that carry one of these identifiers (each may be None)."""
        any_identifier = Q(pk__in=[])
        for field, value in (("doi_key", doi_key), ("pmid", pmid), ("pmcid", pmcid)):
            if value:
                any_identifier |= Q(**{field: value})
        return self.filter(any_identifier)

    def with_words(self, text: str) -> "ReferenceQuerySet":
        """Return references that have all words of `text`, or parts of words, or "whole phrases".

        Either as they are written: in title, first author, journal, identifiers and the record as
        it came in; or in plain letters: in the title and the names of all authors.
        """
        words, keys = _words_of(text)
        as_written, in_plain_letters = Q(), Q(pk__in=[])
        for word in words:
            # The texts are in capitals by the database's own rules; Python writes SS for an ß.
            capitals = Upper(Value(word, output_field=models.TextField()))
            as_written &= Q(search_text__words__contains=capitals)
        if keys:
            in_plain_letters = Q(*(("search_text__keys__contains", key) for key in keys))
        return self.filter(in_plain_letters | as_written).narrowed_down(text, few=500)

    def narrowed_down(self, text: str, *, few: int) -> "ReferenceQuerySet":
        """Return the same, found by an index, where at most about `few` may be `with_words(text)`.

        Without the index the first of many are found sooner.
        """
        likely = search_texts.likely(_words_of(text), most=few, using=self.db)
        return self if likely is None else self.filter(pk__in=likely)


def _words_of(text):
    """Return the words of a search as they are written, and in plain letters."""
    words = [
        unescape_string_literal(word) if word[0] in "\"'" and word[0] == word[-1] else word
        for word in smart_split(text)
    ]
    return words, [key for word in text.split() if (key := csl.name_key(word))]
