"""How the rest of the code asks for references."""

from django.db import models
from django.db.models import Q


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
