"""Bringing a work into the library, once."""

from dataclasses import dataclass

from django.db import transaction

from . import matching, typed_lines
from .csl import Csl
from .models import Identity, Origin, Reference


class CannotAdd(Exception):
    """The text is not a reference that we can read; str() says what to do."""


@dataclass(frozen=True)
class Added:
    """A reference of the library, and whether it was new.

    `needs_lookup`: an identifier was repaired or is missing, so a person compares the record with
    the source.
    """

    reference: Reference
    is_new: bool
    needs_lookup: bool


@transaction.atomic
def add_typed_line(line: str) -> Added:
    """Return the library's reference for a typed line: one it has, or a new one.

    A new one keeps the line as `raw`, and repaired identifiers are marked as not looked up. Raises
    CannotAdd.
    """
    try:
        typed = typed_lines.parse(line)
    except typed_lines.NotAReference as error:
        raise CannotAdd(str(error)) from error
    draft = Reference(
        csl=dict(typed.csl), raw=typed.raw, origin=Origin.PASTE, repairs=list(typed.repairs)
    )
    draft.derive()
    known = matching.known_typed_work(draft)
    if known is not None:
        return Added(known, False, known.identity == Identity.UNRESOLVED)
    if not (draft.doi_key or draft.pmid or draft.pmcid):
        draft.identity = Identity.NO_IDENTIFIER
    draft.field_source = dict.fromkeys(typed.csl, "paste")
    draft.save()
    return Added(draft, True, typed.needs_lookup)


@transaction.atomic
def add_record(csl: Csl, raw: str) -> Added:
    """Return the library's reference for a record of fields: one it has, or a new one.

    `csl` conforms already, as references.formats.conforming makes it. `raw` is the record as one
    printed line.
    """
    draft = Reference(csl=dict(csl), raw=raw, origin=Origin.PASTE)
    draft.derive()
    match = matching.Library([draft]).match(draft)
    if match is not None:
        known = match.reference
        return Added(known, False, known.identity == Identity.UNRESOLVED)
    if not (draft.doi_key or draft.pmid or draft.pmcid):
        draft.identity = Identity.NO_IDENTIFIER
    draft.field_source = dict.fromkeys(csl, "file")
    draft.save()
    return Added(draft, True, False)
