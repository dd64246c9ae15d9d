"""What the rest of the code asks of articles, citations and publications."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


class InsertOnlyError(TypeError):
    """Somebody tried to change or delete a row that is written once."""


class InsertOnlyQuerySet(models.QuerySet):
    """Allows reading and adding only."""

    def _refuse(self, *args, **kwargs):
        raise InsertOnlyError(
            f"Rows of the {self.model._meta.verbose_name} table are written once: add a new one."
        )

    # Templates must not call it either.
    _refuse.alters_data = True  # type: ignore[attr-defined]
    update = delete = bulk_update = update_or_create = _raw_delete = _refuse


class ArticleQuerySet(models.QuerySet):
    """Working copies. Nothing a reader gets comes from here."""

    def owned_by(self, user: AbstractBaseUser) -> Self:
        return self.filter(owner=user)


class CitationQuerySet(models.QuerySet):
    """Sources under claims."""

    def clear_checks(self) -> int:
        """Take back the second person's checks: they were made for something else."""
        return self.update(checked_by=None, checked_at=None)


class PublicationQuerySet(InsertOnlyQuerySet):
    """Public views start from `live` or `newest`; both know nothing of drafts."""

    def newest(self) -> Self:
        """Return the newest publication of each article, withdrawn ones too."""
        later = self.model._base_manager.filter(
            article=OuterRef("article"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def live(self) -> Self:
        """Return what readers may read now.

        The newest publication of each article, unless it was withdrawn.
        """
        return self.newest().filter(Q(withdrawal=None))

    def live_of(self, article: Any) -> Any:
        """Return what readers see of `article` now, with its text; or None. One query."""
        return self.live().filter(article=article).select_related("revision").first()

    def newest_of(self, article: Any) -> Any:
        """Return the newest publication of `article`, with text and withdrawal; or None.

        One query.
        """
        return (
            self.newest().filter(article=article).select_related("revision", "withdrawal").first()
        )

    def in_an_emergency(self) -> Self:
        """Those that went out before a colleague had done every check that was asked for."""
        return self.exclude(override_reason="")

    def with_due_on(self) -> Self:
        """Give each `due_on`, the day somebody has to look at the page again.

        The last confirmation sets it, else the publication. It is None for what was published
        before such days were computed.
        """
        confirmation: Any = self.model._meta.get_field("confirmations").related_model
        last = confirmation._base_manager.filter(publication=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            due_on=Coalesce(Subquery(last.values("review_due_on")[:1]), F("review_due_on"))
        )

    def due(self, *, on: date) -> Self:
        """Return live pages that somebody must look at again by the day `on`, longest ago first."""
        return self.live().with_due_on().filter(due_on__lte=on).order_by("due_on")

    def citing(self, reference_uid: UUID) -> Self:
        """Return those whose frozen text names this reference as evidence or further reading."""
        # In frozen text a uid is 36 letters that nothing else looks like.
        return self.filter(revision__frozen__contains=str(reference_uid))
