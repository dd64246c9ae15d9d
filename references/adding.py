"""Bringing a work into the library, once."""

from dataclasses import dataclass

from django.db import transaction

from . import typed_lines
from .models import Identity, Origin, Reference


class CannotAdd(Exception):
    """The text is no reference we can read; str() says what to do."""


@dataclass(frozen=True)
class Added:
    reference: Reference
    is_new: bool
    needs_lookup: bool  # an identifier was repaired or is missing: compare it with the source


@transaction.atomic
def add_typed_line(line):
    """The reference a typed line names: the one the library has, or a new one that keeps the line
    as `raw`.

    Repaired identifiers are marked as not looked up. Raises CannotAdd.
    """
    try:
        typed = typed_lines.parse(line)
    except typed_lines.NotAReference as problem:
        raise CannotAdd(str(problem)) from problem
    new = Reference(
        csl=dict(typed.csl), raw=typed.raw, origin=Origin.PASTE, repairs=list(typed.repairs)
    )
    new.derive()
    # A row that was merged keeps its identifiers, and leads to the row that stands for it.
    known = Reference.objects.known_as(doi_key=new.doi_key, pmid=new.pmid, pmcid=new.pmcid).first()
    known = known and known.survivor
    if known is None and not (new.doi_key or new.pmid or new.pmcid):
        known = (
            Reference.objects.current()
            .filter(title_key=new.title_key, year=new.year)
            .exclude(title_key="")
            .first()
        )
    if known is not None:
        return Added(known, False, known.identity == Identity.UNRESOLVED)
    if not (new.doi_key or new.pmid or new.pmcid):
        new.identity = Identity.NO_IDENTIFIER
    new.field_source = dict.fromkeys(typed.csl, "paste")
    new.save()
    return Added(new, True, typed.needs_lookup)
