"""Bringing a work into the library, once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from . import integrity, matching, title_marks, typed_lines, versions
from .csl import Csl
from .models import Identity, Origin, Reference


class CannotAdd(Exception):
    """The text is not a reference that we can read; str() says what to do."""


@dataclass(frozen=True)
class Added:
    """A reference of the library, and whether it was new.

    `needs_lookup`: an identifier was repaired or is missing, so a person compares the record with
    the source. `given_up`: (name of an identifier, the other work that has it) for each that the
    text gave and the new reference does not have.
    """

    reference: Reference
    is_new: bool
    needs_lookup: bool
    given_up: tuple[tuple[str, Reference], ...] = ()


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
        _keep_integrity(known, typed.integrity)
        return Added(known, False, known.identity == Identity.UNRESOLVED)
    given_up = _save_new(draft, "paste", matching.Library([draft]), typed.integrity)
    return Added(draft, True, typed.needs_lookup or bool(given_up), given_up)


@transaction.atomic
def add_record(csl: Csl, raw: str) -> Added:
    """Return the library's reference for a record of fields: one it has, or a new one.

    `csl` conforms already, as references.formats.conforming makes it, but its title may be marked
    as retracted. `raw` is the record as one printed line.
    """
    marked = title_marks.read(csl.get("title", ""))
    bare = {"title": marked.title} if marked.title else {}
    draft = Reference(csl={**csl, **bare}, raw=raw, origin=Origin.PASTE)
    draft.derive()
    library = matching.Library([draft])
    match = library.match(draft)
    if match is not None:
        known = match.reference
        _keep_integrity(known, marked.state)
        return Added(known, False, known.identity == Identity.UNRESOLVED)
    given_up = _save_new(draft, "file", library, marked.state)
    return Added(draft, True, bool(given_up), given_up)


def _save_new(draft, source, library, stated):
    """Save a new reference without the identifiers that other works have; returns those.

    `stated` is what its title said became of it.
    """
    given_up = tuple(library.give_up_identifiers(draft))
    if not (draft.doi_key or draft.pmid or draft.pmcid):
        draft.identity = Identity.NO_IDENTIFIER
    draft.field_source = dict.fromkeys(draft.csl, source)
    draft.save()
    _keep_integrity(draft, stated)
    versions.note_newer_versions([draft], by=None, at=timezone.now())
    return given_up


def _keep_integrity(reference, stated):
    """Keep what a title said became of the work."""
    if stated:
        integrity.record_notices(
            reference, (), by=None, at=timezone.now(), stated=stated, is_checked=False
        )
        reference.refresh_from_db(fields=["integrity", "integrity_checked_at"])
