"""Two references side by side, and the pairs somebody should look at."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import matching
from .models import Distinct, Reference


@dataclass(frozen=True)
class ComparedField:
    """One field of several references: its name, what each says, and whether they differ."""

    name: str
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


def side_by_side(references):
    """A Line for each field that at least one of `references` fills."""
    lines = []
    for column, name in _COLUMNS:
        values = [_said(reference, column) for reference in references]
        if any(values):
            lines.append(ComparedField(name, values, len(set(values)) > 1))
    return lines


def _said(reference, column):
    if column == "authors":
        names = reference.csl.get("author") or reference.csl.get("editor") or []
        return "; ".join(_name(name) for name in names if isinstance(name, dict))
    value = getattr(reference, column)
    return str((value() if callable(value) else value) or "")


def _name(name):
    return " ".join(filter(None, [name.get("family") or name.get("literal"), name.get("given")]))


def is_certain(one, other):
    """Whether two references are one work beyond a person's doubt: then merging takes one click."""
    same_isbn = one.isbn13 and one.isbn13 == other.isbn13 and matching.is_whole(one.type)
    return not matching.contradict(one, other) and bool(same_isbn or matching.same_work(one, other))


def pairs():
    """The matching.Duplicates nobody has told apart, certain ones first.

    Reads a few columns of the library once.
    """
    apart = set(Distinct.objects.values_list("one", "other"))
    return [pair for pair in matching.duplicates() if (pair.one, pair.other) not in apart]


@transaction.atomic
def tell_apart(references, *, by, at):
    """Note that no two of `references` are the same work; nobody is asked again."""
    keys = sorted({reference.pk for reference in references})
    known = Reference.objects.filter(pk__in=keys).count()
    if known < 2:
        return
    Distinct.objects.bulk_create(
        [
            Distinct(one_id=one, other_id=other, by=by, at=at)
            for place, one in enumerate(keys)
            for other in keys[place + 1 :]
        ],
        ignore_conflicts=True,
    )


def are_told_apart(references):
    keys = [reference.pk for reference in references]
    return Distinct.objects.filter(Q(one__in=keys) & Q(other__in=keys)).exists()
