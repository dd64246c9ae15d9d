"""What a person pasted, brought to the references it leads to.

What is new goes into the library.
"""

import time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from references import adding, cards, changes, identifiers
from references.models import Reference

from . import library, pasted, phrases
from .found import Found, PastedLine, Status
from .lookups import by_identifier

#: Seconds that looking up the identifiers of one pasted list may take; the rest is pasted again.
LOOKUP_SECONDS = 30


def find(text, *, by, at):
    """The Found for what a person (`by`, a user) pasted at the moment `at`; adds to the library
    what is new.

    May ask Crossref or PubMed about an identifier the library does not have, so it must not run
    inside a transaction. Never raises for anything that was pasted.
    """
    text, problem = pasted.taken(text)
    if problem:
        return Found(Status.ADD, problem)
    pieces = pasted.pieces(text)
    if len(pieces) > 1:
        return _list(pieces, by, at)
    piece = pieces[0] if pieces else text
    identifier = pasted.lone_identifier(piece)
    if identifier is not None:
        return by_identifier(identifier, piece, by, at)
    try:
        added = _add_line(piece, by, at)
    except adding.CannotAdd as problem:
        return _without_a_line(piece, str(problem), by, at)
    return _as_added(added)


def search_only(text):
    """The Found for words to search the library for; looks nothing up and adds nothing."""
    text, problem = pasted.taken(text)
    if problem:
        return Found(Status.CHOOSE, problem)
    identifier = pasted.lone_identifier(text)
    known = library.known_by(identifier) if identifier is not None else None
    references = [known] if known else library.search(text)
    return Found(Status.CHOOSE, phrases.hits(references), references)


def by_pk(pk):
    """The Found with the one reference of this primary key, as text from an address.

    None when there is none.
    """
    reference = (
        library.current(Reference.objects.filter(pk=int(pk)))
        if pk.isascii() and pk.isdigit() and len(pk) < 19
        else None
    )
    references = [reference] if reference else []
    return Found(Status.CHOOSE, phrases.hits(references), references)


def _add_line(piece, by, at):
    """The adding.Added of one typed line; raises CannotAdd."""
    try:
        with transaction.atomic():
            added = adding.add_typed_line(piece)
            if added.is_new:
                summary = _("Added from a typed line.")
                changes.reference_edited.send(
                    Reference, reference=added.reference, by=by, at=at, summary=summary
                )
            return added
    except IntegrityError as problem:
        raise adding.CannotAdd(
            _("Somebody else is adding this work right now. Paste it again.")
        ) from problem


def _as_added(added):
    if not added.is_new:
        return Found(Status.KNOWN, _("The library has it already."), [added.reference])
    told = [
        _("Added: %s.") % cards.short(added.reference),
        *phrases.what_was_repaired(added.reference.repairs),
    ]
    if added.needs_lookup:
        told.append(_("Look it up before you rely on it."))
    return Found(Status.CREATED, " ".join(told), [added.reference])


def _without_a_line(piece, why, by, at):
    """No reference: an identifier somewhere in the words, else the words themselves."""
    inside = identifiers.doi(piece)
    if inside.is_usable:
        return by_identifier(inside, piece, by, at)
    if references := library.search(piece):
        return Found(Status.CHOOSE, phrases.hits(references), references)
    is_short = len(piece) <= 300 and "\n" not in piece
    message = _("Nothing in the library has all of these words.") + " "
    message += _("Paste the DOI or PMID of the work, or add it by hand.") if is_short else why
    return Found(Status.ADD, message, prefill={"title": " ".join(piece.split())[:300]})


def _list(pieces, by, at):
    """Every piece for itself: one that cannot be read keeps no other from going in."""
    until = time.monotonic() + LOOKUP_SECONDS
    lines = [_line(piece, by, at, until) for piece in pieces]
    counts = {status: sum(line.status == status for line in lines) for status in Status}
    message = _(
        "%(all)s references: %(new)s added, %(known)s known already, %(refused)s could not be read."
    ) % {
        "all": len(lines),
        "new": counts[Status.CREATED],
        "known": counts[Status.KNOWN],
        "refused": counts[Status.ADD],
    }
    references = list(
        {line.reference.pk: line.reference for line in lines if line.reference}.values()
    )
    if not references:
        return Found(Status.ADD, message, lines=lines)
    if len(references) > library.MOST_SHOWN:
        message += (
            " " + _("The first %s are shown here; all are in the library.") % library.MOST_SHOWN
        )
    return Found(Status.CHOOSE, message, references[: library.MOST_SHOWN], lines=lines)


def _line(piece, by, at, until):
    identifier = pasted.lone_identifier(piece)
    if identifier is not None:
        if time.monotonic() > until:
            return PastedLine(
                piece,
                Status.ADD,
                why=_("There was no time left to look this up. Paste it once more."),
            )
        found = by_identifier(identifier, piece, by, at)
        if found.status in (Status.KNOWN, Status.CREATED):
            return PastedLine(piece, found.status, found.references[0])
        return PastedLine(piece, Status.ADD, why=found.message)
    try:
        added = _add_line(piece, by, at)
    except adding.CannotAdd as problem:
        return PastedLine(piece, Status.ADD, why=str(problem))
    return PastedLine(piece, Status.CREATED if added.is_new else Status.KNOWN, added.reference)
