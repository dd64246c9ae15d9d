"""Rows that are written once and never change: the first of their three guards.

The others are the queryset (articles.models.querysets) and a database trigger
(articles.models.triggers), for what does not come through Django.
"""

from typing import Any, NoReturn

from physiohub.db import models

from .querysets import InsertOnlyError, InsertOnlyQuerySet


class InsertOnly(models.Model):
    """A row that is written once."""

    objects = InsertOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # deletions that cascade go through the base manager

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise InsertOnlyError(
                f"A {self._meta.verbose_name} is written once: add a new one instead."
            )
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise InsertOnlyError(f"A {self._meta.verbose_name} is never deleted.")
