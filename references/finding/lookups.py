"""One identifier: known to the library, or looked up at Crossref or PubMed and added."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from references import cards, changes, identifiers, integrity, versions
from references.identifiers import Identifier
from references.lookup import crossref, pubmed
from references.models import Identity, Origin, Reference

from . import library, phrases
from .found import Found, Status, prefill


def by_identifier(identifier: Identifier, piece: str, by: User, at: datetime) -> Found:
    """Return the Found for one identifier, which was read from the text `piece`.

    May ask a service, and add a work.
    """
    known = library.known_by(identifier)
    if identifier.status == identifiers.Status.SHORT_DOI:
        address = f"https://doi.org/{identifier.key}"
        return Found(
            Status.NOT_ADDED,
            _("This short DOI stands for a longer one. Open %s and paste the DOI you find there.")
            % address,
        )
    if identifier.status == identifiers.Status.CANDIDATE:
        return _ask_whether(identifier, known, piece)
    if known:
        return Found(Status.KNOWN, _("The library has it already."), [known])
    return _look_up(identifier, piece, by, at)


def _ask_whether(identifier, known, piece):
    """Return the Found for what may be an identifier: a person confirms it by writing it out."""
    label = f"{phrases.NAMES[identifier.kind]} {identifier.display}"
    if known:
        return Found(Status.CHOOSE, _("Did you mean %s? Then it is this one.") % label, [known])
    if references := library.search(piece):
        return Found(Status.CHOOSE, phrases.hits(references), references)
    return Found(
        Status.NOT_ADDED,
        _("Did you mean %(written)s? Then paste it like that.") % {"written": label},
        prefill=prefill(identifier),
    )


_SERVICES = {"doi": crossref.work, "pmid": pubmed.article, "pmcid": pubmed.by_pmcid}


def _look_up(identifier, piece, by, at):
    name = f"{phrases.NAMES[identifier.kind]} {identifier.display}"
    if identifier.kind == "isbn":
        message = (
            _("%s is not in the library yet, and books cannot be looked up here. Add it by hand.")
            % name
        )
        return Found(Status.NOT_ADDED, message, prefill=prefill(identifier))
    answer = _SERVICES[identifier.kind](identifier.display)
    if answer.record is None:
        if answer.is_failure:
            message = _(
                "%(name)s is not in the library yet, and %(why)s Add it by hand, or try again"
                " later."
            )
        else:
            message = _(
                "%(why)s Compare it letter by letter with your source, or add the work by hand."
            )
        return Found(
            Status.NOT_ADDED,
            message % {"name": name, "why": answer.sentence},
            prefill=prefill(identifier),
        )
    reference, is_new = _add_record(answer, identifier, piece, by, at)
    if not is_new:
        return Found(Status.KNOWN, _("The library has it already."), [reference])
    message = _("Added from %(service)s: %(short)s. Check that it is the work you mean.") % {
        "service": answer.service,
        "short": cards.short(reference),
    }
    return Found(
        Status.CREATED,
        " ".join([message, *phrases.what_was_repaired(identifier.repairs)]),
        [reference],
    )


def _add_record(answer, identifier, piece, by, at):
    """Add what was looked up, once; (the reference, whether it is new)."""
    record = answer.record
    doi = str(record.csl.get("DOI") or "")
    known = Reference.objects.known_as(
        doi_key=doi.lower() or None, pmid=record.pmid or None, pmcid=record.pmcid or None
    )
    if reference := library.first_survivor(known):
        return reference, False
    reference = _reference_from(answer, identifier, piece, at)
    try:
        with transaction.atomic():
            reference.save()
            changes.reference_edited.send(
                Reference,
                reference=reference,
                by=by,
                at=at,
                summary=_("Added from %s.") % answer.service,
            )
            integrity.record_notices(
                reference, record.notices, stated=record.integrity, by=by, at=at
            )
            versions.note_newer_versions([reference], by=by, at=at)
    except IntegrityError:
        # Somebody else added it while we asked.
        if reference := library.first_survivor(known.all()):
            return reference, False
        raise
    reference.refresh_from_db()
    return reference, True


def _reference_from(answer, identifier, piece, at):
    """Return a reference, not saved yet, with what was looked up."""
    record = answer.record
    return Reference(
        csl=record.csl,
        doi=str(record.csl.get("DOI") or ""),
        pmid=record.pmid or None,
        pmcid=record.pmcid or None,
        isbn13=record.isbn13 or None,
        nct=record.nct,
        language=record.language,
        raw=piece,
        origin=Origin.DOI if identifier.kind == "doi" else Origin.PMID,
        origin_detail=answer.service,
        payload=record.payload,
        payload_at=at,
        field_source=dict.fromkeys(record.csl, answer.service.lower()),
        repairs=[code for code in identifier.repairs if code not in identifiers.HARMLESS],
        design=record.design,
        peer_reviewed=False if record.csl.get("type") == "article" else None,
        identity=Identity.RESOLVED,
        identity_checked_at=at,
    )
