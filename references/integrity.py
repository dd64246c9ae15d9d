"""What became of a work after it came out: reading notices about it, and keeping its state.

Not found is not clean: a state other than “unchecked” is only ever written after a source has
answered.
"""

import datetime
import re

from django.db import transaction

from . import changes
from .formats.records import FoundNotice
from .models import Integrity, Notice, Reference

Kind = Notice.Kind

#: What services and registers call a notice. What is not here is kept as “other”, and harms
#: nothing.
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
}
#: No concern at all: the work came out once more.
_HARMLESS = {"new_version", "new_edition", "version"}

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


def kind_of(name):
    """The Kind for what a source calls a notice (“Expression of concern”), or None when it is no
    concern.
    """
    name = "_".join(re.findall("[a-z]+", str(name or "").lower()))
    return None if name in _HARMLESS else _KINDS.get(name, Kind.OTHER)


def state_of(notices, *, stated=""):
    """The Integrity that follows from everything a source knows: `notices` and what the record
    itself `stated`.

    The gravest notice counts, never the first. A reinstatement lifts a retraction that is not
    younger than it. Without any: checked, none found.
    """
    if stated == Integrity.NOTICE:
        return Integrity.NOTICE
    reinstated = [notice for notice in notices if notice.kind == Kind.REINSTATEMENT]
    lifted = False
    for kind, state in _STATES.items():
        of_kind = [notice for notice in notices if notice.kind == kind]
        if kind in (Kind.RETRACTION, Kind.WITHDRAWAL):
            of_kind, all_of_kind = (
                [notice for notice in of_kind if not _is_lifted(notice, reinstated)],
                of_kind,
            )
            lifted |= len(of_kind) < len(all_of_kind)
        if of_kind:
            return state
    if stated and not reinstated:
        return Integrity(stated)
    return Integrity.REINSTATED if lifted or reinstated else Integrity.NONE_FOUND


def _is_lifted(notice, reinstated):
    return any(
        notice.date is None or later.date is None or later.date >= notice.date
        for later in reinstated
    )


def distinct(notices):
    """`notices` without those that say the same.

    A publisher and a register telling of one notice.
    """
    kept = []
    for notice in notices:
        if not any(is_same(notice, other) for other in kept):
            kept.append(notice)
    return kept


def is_same(one, other):
    """Whether two notices (found or stored) are one.

    Same kind, and no identifier or date that tells them apart.
    """
    if one.kind != other.kind:
        return False
    if one.doi and other.doi:
        return one.doi.lower() == other.doi.lower()
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    return one.date == other.date or not (one.date and other.date)


# Titles ----------------------------------------------------------------------------------------

_MARK = re.compile(
    r"^\s*(?:\[\s*(?P<boxed>retracted|withdrawn)(?: article| paper)?\s*\]\s*[:.–—-]?"
    r"|(?P<bare>RETRACTED|Retracted|WITHDRAWN|Withdrawn)(?:"
    r" (?:ARTICLE|Article|article|PAPER|Paper|CHAPTER|Chapter))?"
    r"\s*[:–—])\s*(?=\S)"
    r"|(?P<noted>(?<=\S)\s*\(retracted article[^()]{0,200}\)\s*$)",
    re.I,
)
_BARE = re.compile(r"^\s*(?:RETRACTED|Retracted|WITHDRAWN|Withdrawn)\b")


def without_mark(title):
    """`title` without the “RETRACTED:” a publisher put before it, and the state that says; "" when
    there is none.

    The word alone proves nothing: a jet stream retracts too.
    """
    mark = _MARK.search(title)
    if not mark or (mark["bare"] and not _BARE.match(title)):
        return title, ""
    word = (mark["boxed"] or mark["bare"] or "retracted").lower()
    bare = (title[: mark.start()] + title[mark.end() :]).strip()
    return bare, Integrity.WITHDRAWN if word == "withdrawn" else Integrity.RETRACTED


# Crossref --------------------------------------------------------------------------------------


def read_crossref(work):
    """(notices about the work, state the record states itself or "") from a Crossref work, as the
    API gives it.

    `updated-by`: somebody published a notice about this work. `update-to`: this record is the
    notice, unless it points at itself. Not filtered by `source`: some retractions are known to
    Retraction Watch alone.
    """
    own = str(work.get("DOI") or "").lower()
    about, is_notice = list(_entries(work, "updated-by")), False
    for entry in _entries(work, "update-to"):
        if str(entry.get("DOI") or "").lower() == own and own:
            about.append(entry)
        elif kind_of(entry.get("type")) is not None:
            is_notice = True
    notices = distinct(notice for entry in about if (notice := _crossref_notice(entry)))
    return tuple(notices), Integrity.NOTICE if is_notice and not notices else ""


def _entries(work, field):
    listed = work.get(field)
    return (
        (entry for entry in listed if isinstance(entry, dict)) if isinstance(listed, list) else ()
    )


def _crossref_notice(entry):
    kind = kind_of(entry.get("type"))
    if kind is None:
        return None
    updated = entry.get("updated")
    return FoundNotice(
        kind=kind,
        date=whole_date(updated.get("date-parts") if isinstance(updated, dict) else None),
        doi=str(entry.get("DOI") or "")[:255],
        source="Retraction Watch" if entry.get("source") == "retraction-watch" else "publisher",
        label=str(entry.get("label") or entry.get("type") or "")[:300],
    )


def whole_date(date_parts):
    """The date in CSL's or Crossref's `date-parts`, or None unless year, month and day are all
    there.

    A notice dated by year alone keeps its year nowhere: no day may be invented.
    """
    try:
        return datetime.date(*map(int, date_parts[0][:3]))
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None


# Keeping it ------------------------------------------------------------------------------------


@transaction.atomic
def keep(reference, notices, *, by, at, stated="", is_checked=True):
    """Write what is known of `reference` now: a Notice row for each of `notices` that is new, and
    the state it makes.

    `stated` is what the record says of itself, "" or an Integrity. `is_checked` says that a source
    answered for this very work; without it a work with no notice stays as it was. `by` may be None
    for the site itself. Sends changes.notice_arrived for each new row. Returns the new rows; each
    carries `consequences`, sentences about what others did because of it.
    """
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    stored = list(reference.notices.all())
    if stated in (Integrity.RETRACTED, Integrity.WITHDRAWN) and not any(
        _makes_absent(one) for one in [*stored, *notices]
    ):
        kind = Kind.RETRACTION if stated == Integrity.RETRACTED else Kind.WITHDRAWAL
        notices = [
            *notices,
            FoundNotice(kind, source="title", label="Only the title of the record says so."),
        ]
    new = []
    for notice in distinct(notices):
        if known := next((row for row in stored if is_same(row, notice)), None):
            _complete(known, notice)
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
    _tell(reference, new, by=by, at=at)
    return new


@transaction.atomic
def noted(reference, new, *, by, at):
    """Bring the state in line with notices a person wrote, changed or took away by hand; `new` are
    those written now.

    What is known of a work without any notice left is nothing: it is unchecked again.
    """
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    stored = list(reference.notices.all())
    if stored:
        reference.integrity, reference.integrity_checked_at = state_of(stored), at
    elif reference.integrity not in (Integrity.NONE_FOUND, Integrity.NOTICE):
        reference.integrity, reference.integrity_checked_at = Integrity.UNCHECKED, None
    reference.save(update_fields=["integrity", "integrity_checked_at"])
    _tell(reference, new, by=by, at=at)


def _tell(reference, new, *, by, at):
    for row in new:
        answers = changes.notice_arrived.send(Notice, reference=reference, notice=row, by=by, at=at)
        row.consequences = [
            sentence for _receiver, sentences in answers for sentence in sentences or ()
        ]


def _makes_absent(notice):
    return notice.kind in (Kind.RETRACTION, Kind.WITHDRAWAL)


def _complete(row, notice):
    """Fill in what `row` did not know.

    A second source often has the date or the DOI the first one lacked.
    """
    blanks = [
        name for name in ("date", "doi", "pmid") if not getattr(row, name) and getattr(notice, name)
    ]
    for name in blanks:
        setattr(row, name, getattr(notice, name))
    if blanks:
        row.save(update_fields=blanks)
