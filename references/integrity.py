"""What became of a work after it came out: reading notices about it, and keeping its state.

“Not found” does not mean “clean”: a state other than “unchecked” is written only after a source has
answered.
"""

import datetime
import re
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from . import changes
from .formats.records import FoundNotice, Record
from .models import Integrity, Notice, Reference

Kind = Notice.Kind

#: What services and registers call a notice. Anything else is kept as “other”: it changes no state.
_KINDS = {
    "retraction": Kind.RETRACTION,
    "withdrawal": Kind.WITHDRAWAL,
    "removal": Kind.WITHDRAWAL,
    # Part of the results is void; which part, only a reader of the notice can say.
    "partial_retraction": Kind.CONCERN,
    "expression_of_concern": Kind.CONCERN,
    "correction": Kind.CORRECTION,
    "corrigendum": Kind.CORRECTION,
    "erratum": Kind.CORRECTION,
    "reinstatement": Kind.REINSTATEMENT,
    # These say only that the work came out again.
    "new_version": Kind.NEW_VERSION,
    "new_edition": Kind.NEW_VERSION,
    "version": Kind.NEW_VERSION,
}

#: What each kind makes of the work, gravest first.
_STATES = {
    Kind.RETRACTION: Integrity.RETRACTED,
    Kind.WITHDRAWAL: Integrity.WITHDRAWN,
    Kind.CONCERN: Integrity.CONCERN,
    Kind.CORRECTION: Integrity.CORRECTED,
}

#: From harmless to grave.
GRAVITY = [
    Integrity.UNCHECKED,
    Integrity.NONE_FOUND,
    Integrity.REINSTATED,
    Integrity.CORRECTED,
    Integrity.CONCERN,
    Integrity.NOTICE,
    Integrity.WITHDRAWN,
    Integrity.RETRACTED,
]


def kind_of(name: object) -> Notice.Kind:
    """Return the Kind of what a source calls a notice (“Expression of concern”)."""
    code = "_".join(re.findall("[a-z]+", str(name or "").lower()))
    return _KINDS.get(code, Kind.OTHER)


#: A notice as a source names it, or as it is stored.
AnyNotice = FoundNotice | Notice


def state_of(notices: Collection[AnyNotice], *, stated: str = "") -> Integrity:
    """Return the Integrity that follows from all that a source knows.

    It knows `notices`, and what the record itself `stated`. The gravest notice counts, not the
    first. A reinstatement lifts a retraction that is not younger than it. Without any notice:
    checked, none found.
    """
    if stated == Integrity.NOTICE:
        return Integrity.NOTICE
    reinstated = [notice for notice in notices if notice.kind == Kind.REINSTATEMENT]
    for kind, state in _STATES.items():
        in_force = [
            notice
            for notice in notices
            if notice.kind == kind and not _is_lifted(notice, reinstated)
        ]
        if in_force:
            return state
    if reinstated:
        return Integrity.REINSTATED
    return Integrity(stated) if stated else Integrity.NONE_FOUND


def what_a_record_says(record: Record) -> Integrity | None:
    """Return what `record` says became of the work; None where it says nothing against it."""
    if not record.notices and not record.integrity:
        return None
    said = _state_with(record.notices, record.integrity)
    return said if GRAVITY.index(said) >= GRAVITY.index(Integrity.CORRECTED) else None


def _state_with(notices, stated):
    """Return the state that `notices` give together with what the record `stated`."""
    return state_of(
        [*notices, *_notice_from_title(stated, notices)],
        stated=stated if stated == Integrity.NOTICE else "",
    )


def _is_lifted(notice, reinstated):
    return _means_absent(notice) and any(
        notice.date is None or later.date is None or later.date >= notice.date
        for later in reinstated
    )


def distinct(notices: Iterable[FoundNotice]) -> list[FoundNotice]:
    """Return `notices`, each once: a publisher and a register often tell of the same one."""
    kept: list[FoundNotice] = []
    for notice in notices:
        if not any(is_same_notice(notice, other) for other in kept):
            kept.append(notice)
    return kept


def is_same_notice(one: AnyNotice, other: AnyNotice) -> bool:
    """Return whether two notices, found or stored, are one: same kind, same identifier and date."""
    if one.kind != other.kind:
        return False
    if one.doi and other.doi:
        return one.doi.lower() == other.doi.lower()
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    return one.date == other.date or not (one.date and other.date)


# Crossref --------------------------------------------------------------------------------------


def read_crossref(work: dict) -> tuple[tuple[FoundNotice, ...], str]:
    """Return the notices about a Crossref work, as the API gives it, and its state or "".

    `updated-by`: somebody published a notice about this work. `update-to`: this record is the
    notice, unless it points at itself. The entries are not filtered by `source`: Retraction Watch
    alone knows some retractions.
    """
    own_doi = str(work.get("DOI") or "").lower()
    about_this, is_notice = list(_entries(work, "updated-by")), False
    for entry in _entries(work, "update-to"):
        if str(entry.get("DOI") or "").lower() == own_doi and own_doi:
            about_this.append(entry)
        elif kind_of(entry.get("type")) != Kind.NEW_VERSION:
            is_notice = True
    notices = distinct(
        notice
        for entry in about_this
        if (notice := _crossref_notice(entry)) and not _points_at(notice, own_doi)
    )
    is_about_it = any(notice.kind != Kind.NEW_VERSION for notice in notices)
    return tuple(notices), Integrity.NOTICE if is_notice and not is_about_it else ""


def _points_at(notice, own_doi):
    """Return whether a work is called the newer version of itself."""
    return notice.kind == Kind.NEW_VERSION and notice.doi.lower() == own_doi


def _entries(work, field):
    entries = work.get(field)
    return (
        (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()
    )


def _crossref_notice(entry):
    kind = kind_of(entry.get("type"))
    updated = entry.get("updated")
    return FoundNotice(
        kind=kind,
        date=full_date(updated.get("date-parts") if isinstance(updated, dict) else None),
        doi=str(entry.get("DOI") or "")[:255],
        source="Retraction Watch" if entry.get("source") == "retraction-watch" else "publisher",
        label=str(entry.get("label") or entry.get("type") or "")[:300],
    )


def full_date(date_parts: Any) -> datetime.date | None:
    """Return the date in CSL's or Crossref's `date-parts`.

    None unless year, month and day are all there.

    The year of a notice dated by year alone is not kept: no day may be invented.
    """
    try:
        return datetime.date(*map(int, date_parts[0][:3]))
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None


# Keeping notices -------------------------------------------------------------------------------


@transaction.atomic
def record_notices(
    reference: Reference,
    notices: Collection[FoundNotice],
    *,
    by: User | None,
    at: datetime.datetime,
    stated: str = "",
    is_checked: bool = True,
) -> list[Notice]:
    """Write what is known of `reference` now: each new notice, and the state that follows.

    `stated` is what the record says of itself, "" or an Integrity. `is_checked` means that a source
    answered for this very work. Without it, a work without notices stays as it was. `by` may be
    None for the site itself. Sends changes.notice_arrived for each new row. Returns the new rows;
    each carries `consequences`, sentences about what others did because of it.
    """
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    stored = list(reference.notices.all())
    new = []
    for notice in distinct([*notices, *_notice_from_title(stated, [*stored, *notices])]):
        if known := next((row for row in stored if is_same_notice(row, notice)), None):
            _fill_blanks(known, notice)
            continue
        row = Notice.objects.create(
            reference=reference,
            kind=notice.kind,
            date=notice.date,
            doi=notice.doi,
            pmid=notice.pmid,
            source=notice.source,
            label=notice.label,
        )
        stored.append(row)
        new.append(row)
    state = state_of(stored, stated=stated if stated == Integrity.NOTICE else "")
    if is_checked or (state not in (Integrity.NONE_FOUND, reference.integrity)):
        reference.integrity, reference.integrity_checked_at = state, at
        reference.save(update_fields=["integrity", "integrity_checked_at"])
    _announce(reference, new, by=by, at=at)
    return new


@transaction.atomic
def update_after_edit(
    reference: Reference, new: Iterable[Notice], *, by: User, at: datetime.datetime
) -> None:
    """Bring the state in line with notices that a person wrote, changed or deleted by hand.

    `new` are those written now. A work without any notice left is unchecked again: nothing is known
    of it.
    """
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    stored = list(reference.notices.exclude(kind=Kind.NEW_VERSION))
    if stored:
        reference.integrity, reference.integrity_checked_at = state_of(stored), at
    elif reference.integrity not in (Integrity.NONE_FOUND, Integrity.NOTICE):
        reference.integrity, reference.integrity_checked_at = Integrity.UNCHECKED, None
    reference.save(update_fields=["integrity", "integrity_checked_at"])
    _announce(reference, new, by=by, at=at)


def _announce(reference, new, *, by, at):
    for row in new:
        answers = changes.notice_arrived.send(Notice, reference=reference, notice=row, by=by, at=at)
        row.consequences = [
            sentence for _receiver, sentences in answers for sentence in sentences or ()
        ]


def _notice_from_title(stated, notices):
    """Return the notice of which the title alone tells, in a list.

    Empty where `notices` say it too, or what is graver.
    """
    kinds = list(_STATES)
    kind = next((kind for kind in kinds if _STATES[kind] == stated), None)
    if kind is None:
        return []
    as_grave = set(kinds[: max(2, kinds.index(kind) + 1)])
    if any(notice.kind in as_grave for notice in notices):
        return []
    return [FoundNotice(kind, source="title", label="Only the title of the record says so.")]


def _means_absent(notice):
    return notice.kind in (Kind.RETRACTION, Kind.WITHDRAWAL)


def _fill_blanks(row, notice):
    """Fill in what `row` lacks: a second source often has the date or the DOI."""
    blanks = [
        name for name in ("date", "doi", "pmid") if not getattr(row, name) and getattr(notice, name)
    ]
    for name in blanks:
        setattr(row, name, getattr(notice, name))
    if blanks:
        row.save(update_fields=blanks)
