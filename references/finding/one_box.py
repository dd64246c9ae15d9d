"""From what a person pasted to the references it leads to; new works are added to the library."""

import time
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from references import adding, cards, changes
from references.models import Reference

from . import library, pasted, phrases
from .found import Found, PastedLine, Status
from .lookups import by_identifier

#: Seconds that looking up the identifiers of one pasted list may take. The person pastes the rest
#: again.
LOOKUP_SECONDS = 30


def find_or_add(text: str, *, by: User, at: datetime) -> Found:
    """Return the Found for what the user `by` pasted; a work that is new is added to the library.

    May ask Crossref or PubMed about an identifier that the library does not have, so it must not
    run inside a transaction. Never raises, whatever was pasted.
    """
    text, refusal = pasted.cleaned(text)
    if refusal:
        return Found(Status.NOT_ADDED, refusal)
    pieces = pasted.pieces(text)
    if len(pieces) > 1:
        return _find_list(pieces, by, at)
    piece = pieces[0] if pieces else text
    identifier = pasted.lone_identifier(piece)
    if identifier is not None:
        return by_identifier(identifier, piece, by, at)
    try:
        added = _add_typed_line(piece, by, at)
    except adding.CannotAdd as error:
        return _find_in_words(piece, str(error), by, at)
    return _found_from_line(added)


def search_only(text: str) -> Found:
    """Return the Found for words to search the library for. Asks no service and adds nothing."""
    text, refusal = pasted.cleaned(text)
    if refusal:
        return Found(Status.CHOOSE, refusal)
    identifier = pasted.lone_identifier(text)
    known = library.known_by(identifier) if identifier is not None else None
    references = [known] if known else library.search(text)
    return Found(Status.CHOOSE, phrases.hits(references), references)


def by_pk(pk: str) -> Found:
    """Return the Found for one primary key, as an address gives it: that reference, or none."""
    reference = None
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        reference = library.first_survivor(Reference.objects.filter(pk=int(pk)))
    references = [reference] if reference else []
    return Found(Status.CHOOSE, phrases.hits(references), references)


def _add_typed_line(piece, by, at):
    """Return the adding.Added of one typed line; raises CannotAdd."""
    try:
        with transaction.atomic():
            added = adding.add_typed_line(piece)
            if added.is_new:
                summary = _("Added from a typed line.")
                changes.reference_edited.send(
                    Reference, reference=added.reference, by=by, at=at, summary=summary
                )
            return added
    except IntegrityError as error:
        raise adding.CannotAdd(
            _("Somebody else is adding this work right now. Paste it again.")
        ) from error


def _found_from_line(added):
    if not added.is_new:
        return Found(Status.KNOWN, _("The library has it already."), [added.reference])
    sentences = [
        _("Added: %s.") % cards.short(added.reference),
        *phrases.what_was_repaired(added.reference.repairs),
    ]
    if added.needs_lookup:
        sentences.append(_("Look it up before you rely on it."))
    return Found(Status.CREATED, " ".join(sentences), [added.reference])


def _find_in_words(piece, why, by, at):
    """Return the Found for text that is no reference: by an identifier in it, else by its words."""
    if (identifier := pasted.identifier_in(piece)) is not None:
        return by_identifier(identifier, piece, by, at)
    if references := library.search(piece):
        return Found(Status.CHOOSE, phrases.hits(references), references)
    is_short = len(piece) <= 300 and "\n" not in piece
    message = _("Nothing in the library has all of these words.") + " "
    message += _("Paste the DOI or PMID of the work, or add it by hand.") if is_short else why
    return Found(Status.NOT_ADDED, message, prefill={"title": " ".join(piece.split())[:300]})


def _find_list(pieces, by, at):
    """Return the Found for several references. One that cannot be read does not stop the others."""
    until = time.monotonic() + LOOKUP_SECONDS
    lines = [_find_one_of_list(piece, by, at, until) for piece in pieces]
    counts = {status: sum(line.status == status for line in lines) for status in Status}
    message = _(
        "%(all)s references: %(new)s added, %(known)s known already, %(refused)s could not be read."
    ) % {
        "all": len(lines),
        "new": counts[Status.CREATED],
        "known": counts[Status.KNOWN],
        "refused": counts[Status.NOT_ADDED],
    }
    references = list(
        {line.reference.pk: line.reference for line in lines if line.reference}.values()
    )
    if not references:
        return Found(Status.NOT_ADDED, message, lines=lines)
    if len(references) > library.MOST_SHOWN:
        message += " " + _(
            "The first %(shown)s of the %(count)s that are in the library are shown here."
        ) % {"shown": library.MOST_SHOWN, "count": len(references)}
    return Found(Status.CHOOSE, message, references[: library.MOST_SHOWN], lines=lines)


def _find_one_of_list(piece, by, at, until):
    identifier = pasted.lone_identifier(piece)
    if identifier is not None:
        return _look_up_one_of_list(identifier, piece, by, at, until)
    try:
        added = _add_typed_line(piece, by, at)
    except adding.CannotAdd as error:
        if (identifier := pasted.identifier_in(piece)) is not None:
            return _look_up_one_of_list(identifier, piece, by, at, until)
        return PastedLine(piece, Status.NOT_ADDED, why=str(error))
    return PastedLine(piece, Status.CREATED if added.is_new else Status.KNOWN, added.reference)


def _look_up_one_of_list(identifier, piece, by, at, until):
    if time.monotonic() > until:
        why = _("There was no time left to look this up. Paste it once more.")
        return PastedLine(piece, Status.NOT_ADDED, why=why)
    found = by_identifier(identifier, piece, by, at)
    if found.status in (Status.KNOWN, Status.CREATED):
        return PastedLine(piece, found.status, found.references[0])
    return PastedLine(piece, Status.NOT_ADDED, why=found.message)
