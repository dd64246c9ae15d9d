"""The words the rest of the code uses to ask for references."""

from django.db import models
from django.db.models import Q


class ReferenceQuerySet(models.QuerySet):
    def current(self):
        """Without the rows that were merged into another."""
        return self.filter(merged_into=None)

    def known_as(self, *, doi_key=None, pmid=None, pmcid=None):
        """References that carry one of these identifiers (each may be None)."""
        wanted = Q(pk__in=[])
        for field, value in (("doi_key", doi_key), ("pmid", pmid), ("pmcid", pmcid)):
            if value:
                wanted |= Q(**{field: value})
        return self.filter(wanted)
