"""References side by side, and what people say of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import changes
from .models import Distinct, Reference

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class ComparedField:
    """One field of several references.

    `values` has what each of them says, in their order. `differs`: they do not all say the same.
    """

    name: "StrOrPromise"
    values: list[str]
    differs: bool


_COLUMNS = [
    ("title", _("Title")),
    ("authors", _("Authors")),
    ("container_title", _("Journal")),
    ("year", _("Year")),
    ("volume", _("Volume")),
    ("page", _("Pages")),
    ("doi", _("DOI")),
    ("pmid", _("PMID")),
    ("pmcid", _("PMCID")),
    ("isbn13", _("ISBN")),
    ("type", _("Type")),
    ("get_design_display", _("Kind of study")),
    ("get_identity_display", _("Identity")),
    ("get_integrity_display", _("Integrity")),
    ("url", _("Address")),
    ("free_url", _("Free full text")),
]


def side_by_side(references: Sequence[Reference]) -> list[ComparedField]:
    """Return a ComparedField for each field that at least one of `references` fills."""
    fields = []
    for column, name in _COLUMNS:
        values = [_value_of(reference, column) for reference in references]
        if any(values):
            fields.append(ComparedField(name, values, len(set(values)) > 1))
    return fields


def _value_of(reference, column):
    if column == "authors":
        names = reference.csl.get("author") or reference.csl.get("editor") or []
        return "; ".join(_name(name) for name in names if isinstance(name, dict))
    value = getattr(reference, column)
    return str((value() if callable(value) else value) or "")


def _name(name):
    return " ".join(filter(None, [name.get("family") or name.get("literal"), name.get("given")]))


@transaction.atomic
def tell_apart(references: Iterable[Reference], *, by: User, at: datetime) -> None:
    """Note that no two of `references` are the same work, so that nobody is asked again."""
    keys = sorted({reference.pk for reference in references})
    if Reference.objects.filter(pk__in=keys).count() < 2:
        return
    Distinct.objects.bulk_create(
        [
            Distinct(one_id=one, other_id=other, by=by, at=at)
            for one, other in combinations(keys, 2)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def tie_preprints(
    article: Reference, preprints: Iterable[Reference], *, by: User, at: datetime
) -> None:
    """Note that `preprints` are preprints of `article`: other works, that are shown as such."""
    rows = list(preprints)
    if article.preprint_of_id in {row.pk for row in rows}:
        article.preprint_of = None
        article.save(update_fields=["preprint_of"])
    for row in rows:
        row.preprint_of = article
        row.save(update_fields=["preprint_of"])
        changes.reference_edited.send(
            Reference, reference=row, by=by, at=at, summary=f"A preprint of “{article}”."
        )
    tell_apart([article, *rows], by=by, at=at)


def are_told_apart(references: Iterable[Reference]) -> bool:
    """Return whether somebody said that two of `references` are different works."""
    keys = [reference.pk for reference in references]
    return Distinct.objects.filter(Q(one__in=keys) & Q(other__in=keys)).exists()
