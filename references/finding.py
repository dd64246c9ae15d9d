"""The one box: whatever a person pasted about a work, and the reference it leads to.

Tried in this order: an identifier, repaired by rule; typed references, one or a list; words to search the library
for. What the library has is never looked up, and what is looked up is never asked for twice.
"""

import re
import time
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import adding, cards, changes, citing, csl, identifiers, integrity, typed_lines
from .lookup import crossref, pubmed
from .models import Identity, Origin, Reference

MOST_LETTERS = 20_000
MOST_SHOWN = 10
#: Seconds that looking up the identifiers of one pasted list may take; the rest is pasted again.
LOOKUP_SECONDS = 30
_MOST_COMPARED = 300
_MOST_WORDS = 12


class Status(StrEnum):
    KNOWN = "known"  # the library has it
    CREATED = "created"
    CHOOSE = "choose"  # a person has to say which
    ADD = "add"  # nothing found: to be added by hand


@dataclass(frozen=True)
class Line:
    """What became of one reference of a pasted list. `status` is known, created, or add: then `why` says why not."""

    text: str
    status: Status
    reference: Reference | None = None
    why: str = ""


@dataclass(frozen=True)
class Found:
    """`message` is one or two plain sentences. `references` holds one sure answer, or those to choose from.

    `prefill` is what the form for adding by hand can begin with, by field. `lines` accounts for every reference of
    a pasted list, and is empty for anything else.
    """

    status: Status
    message: str
    references: list[Reference] = field(default_factory=list)
    prefill: dict = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def find(text, *, by, at):
    """The Found for what a person (`by`, a user) pasted at the moment `at`; adds to the library what is new.

    May ask Crossref or PubMed about an identifier the library does not have, so it must not run inside a
    transaction. Never raises for anything that was pasted.
    """
    text, problem = _taken(text)
    if problem:
        return Found(Status.ADD, problem)
    pieces = _pieces(text)
    if len(pieces) > 1:
        return _list(pieces, by, at)
    piece = pieces[0] if pieces else text
    identifier = lone_identifier(piece)
    if identifier is not None:
        return _by_identifier(identifier, piece, by, at)
    try:
        added = _add_line(piece, by, at)
    except adding.CannotAdd as problem:
        return _without_a_line(piece, str(problem), by, at)
    return _as_added(added)


def search_only(text):
    """The Found for words to search the library for; looks nothing up and adds nothing."""
    text, problem = _taken(text)
    if problem:
        return Found(Status.CHOOSE, problem)
    identifier = lone_identifier(text)
    known = known_by(identifier) if identifier is not None else None
    references = [known] if known else search(text)
    return Found(Status.CHOOSE, _hits(references), references)


def by_pk(pk):
    """The Found with the one reference of this primary key, as text from an address; none when there is none."""
    reference = (
        _current(Reference.objects.filter(pk=int(pk))) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    )
    references = [reference] if reference else []
    return Found(Status.CHOOSE, _hits(references), references)


def search(text):
    """At most MOST_SHOWN current references that hold all the words in title, author, journal or year; newest first."""
    words = [word for word in text.split()[:_MOST_WORDS] if csl.title_key(word)]
    if not words:
        return []
    found = Reference.objects.current()
    for word in words:
        matches = Q(title_key__contains=csl.title_key(word)) | Q(csl__author__icontains=word)
        matches |= Q(first_author__icontains=word) | Q(container_title__icontains=word)
        matches |= Q(authors_key__contains=csl.name_key(word))
        if word.isascii() and word.isdigit() and len(word) == 4:
            matches |= Q(year=int(word))
        found = found.filter(matches)
    keys = [{csl.title_key(word), csl.name_key(word)} for word in words]
    # The database looks into JSON as text, where “given” and “family” are in every record: look again.
    hits = (reference for reference in found.order_by("-year", "title")[:_MOST_COMPARED] if _holds(reference, keys))
    return [reference for reference, _place in zip(hits, range(MOST_SHOWN), strict=False)]


def _holds(reference, keys):
    names = reference.csl.get("author")
    people = [" ".join(map(str, name.values())) for name in names if isinstance(name, dict)] if names else []
    places = [
        reference.title_key,
        reference.authors_key,
        *map(csl.title_key, [reference.container_title, reference.first_author, *people]),
    ]
    return all(
        any(key in place for key in spellings for place in places) or str(reference.year) in spellings
        for spellings in keys
    )


def lone_identifier(text):
    """The identifier `text` is, wrapped in nothing but a label or an address; None when it is something else."""
    for read in _READERS:
        found = read(text)
        is_one = found.is_usable or found.status in (identifiers.Status.CANDIDATE, identifiers.Status.SHORT_DOI)
        if is_one and not {"extracted", "cut"} & set(found.repairs):
            return found
    return None


_READERS = (
    identifiers.doi,
    identifiers.pmcid,
    lambda text: identifiers.pmid(text, one_box=True),
    identifiers.isbn,
)


def known_by(identifier):
    """The reference that carries `identifier`, the one it was merged into if it was; None when there is none."""
    if not identifier.key:
        return None
    column = {"doi": "doi_key", "isbn": "isbn13"}.get(identifier.kind, identifier.kind)
    references = Reference.objects.filter(**{column: identifier.key})
    # Chapters carry the ISBN of their book.
    return _current(references.exclude(type="chapter") if identifier.kind == "isbn" else references)


def _current(references):
    reference = references.first()
    while reference is not None and reference.merged_into_id:
        reference = reference.merged_into
    return reference


def _taken(text):
    """(what was pasted without what no database stores, "") or ("", the sentence that says why not)."""
    text = text if isinstance(text, str) else ""
    if len(text) > MOST_LETTERS:
        return "", _("This is too much at once. Paste at most %(most)s letters.") % {"most": f"{MOST_LETTERS:,}"}
    text = "".join(letter for letter in text if letter != "\x00" and not "\ud800" <= letter <= "\udfff").strip()
    return (text, "") if text else ("", _("Paste a DOI, a PMID, a reference, or a few words of a title."))


def _pieces(text):
    """The references in `text`, one string each: a line that is an identifier or an address stands for itself, and
    the lines between such lines fall apart as a pasted list does.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return typed_lines.split_list(text)
    pieces, between = [], []
    for line in [*lines, None]:
        stands_alone = line is not None and (_ADDRESS.fullmatch(line) or lone_identifier(line) is not None)
        if line is not None and not stands_alone:
            between.append(line)
            continue
        if between:
            pieces += typed_lines.split_list("\n".join(between))
            between = []
        if stands_alone:
            pieces.append(line)
    return pieces


_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


# Understanding, before anything is done ---------------------------------------------------------------------


@dataclass(frozen=True)
class Understood:
    """What one piece of a pasted text was read as; nothing was looked up and nothing written.

    `kind` is "identifier", "line" or "words". `printed` is the identifier, the printed reference, or the words.
    `known` is the reference the library has. `told` holds sentences: what was repaired, or why it cannot be read.
    `csl` is what a typed line says, to fill a form with.
    """

    text: str
    kind: str
    printed: str
    known: Reference | None = None
    told: list[str] = field(default_factory=list)
    csl: dict = field(default_factory=dict)
    is_usable: bool = True


def understand(text):
    """[Understood], one for each reference in what was pasted, and "" or the sentence that says why there is none."""
    text, problem = _taken(text)
    return [_understood(piece) for piece in (_pieces(text) or [text])] if text else [], problem


def _understood(piece):
    identifier = lone_identifier(piece)
    if identifier is None:
        try:
            typed = typed_lines.parse(piece)
        except typed_lines.NotAReference as problem:
            identifier = identifiers.doi(piece)
            if not identifier.is_usable:
                return Understood(piece, "words", " ".join(piece.split())[:300], told=[str(problem)], is_usable=False)
        else:
            printed, told = citing.ama(typed.csl), _what_was_repaired(typed.repairs)
            return Understood(piece, "line", printed, _known_line(typed.csl), told, typed.csl)
    told = _what_was_repaired(identifier.repairs)
    is_sure = identifier.is_usable
    if not is_sure:
        told.append(_("This may be a %s. Write that in front of it if it is.") % _NAMES[identifier.kind])
    name = f"{_NAMES[identifier.kind]} {identifier.display}"
    return Understood(piece, "identifier", name, known_by(identifier), told, _prefill(identifier), is_usable=is_sure)


def _known_line(record):
    """The reference a typed line would lead to, by the rules of adding.add_typed_line; None when it is new."""
    new = Reference(csl=dict(record))
    new.derive()
    if new.doi_key or new.pmid or new.pmcid:
        return _current(Reference.objects.known_as(doi_key=new.doi_key, pmid=new.pmid, pmcid=new.pmcid))
    return Reference.objects.current().filter(title_key=new.title_key, year=new.year).exclude(title_key="").first()


# One identifier --------------------------------------------------------------------------------------------


def _by_identifier(identifier, piece, by, at):
    known = known_by(identifier)
    if identifier.status == identifiers.Status.SHORT_DOI:
        address = f"https://doi.org/{identifier.key}"
        return Found(
            Status.ADD, _("This short DOI stands for a longer one. Open %s and paste the DOI you find there.") % address
        )
    if identifier.status == identifiers.Status.CANDIDATE:
        return _doubtful(identifier, known, piece)
    if known:
        return Found(Status.KNOWN, _("The library has it already."), [known])
    return _looked_up(identifier, piece, by, at)


def _doubtful(identifier, known, piece):
    """A number that may be an identifier: a person says so by writing it out."""
    written = f"{_NAMES[identifier.kind]} {identifier.display}"
    if known:
        return Found(Status.CHOOSE, _("Did you mean %s? Then it is this one.") % written, [known])
    if references := search(piece):
        return Found(Status.CHOOSE, _hits(references), references)
    return Found(
        Status.ADD,
        _("Did you mean %(written)s? Then paste it like that.") % {"written": written},
        prefill=_prefill(identifier),
    )


_NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN"}
_QUESTIONS = {"doi": crossref.work, "pmid": pubmed.article, "pmcid": pubmed.by_pmcid}


def _looked_up(identifier, piece, by, at):
    name = f"{_NAMES[identifier.kind]} {identifier.display}"
    if identifier.kind == "isbn":
        message = _("%s is not in the library yet, and books cannot be looked up here. Add it by hand.") % name
        return Found(Status.ADD, message, prefill=_prefill(identifier))
    answer = _QUESTIONS[identifier.kind](identifier.display)
    if answer.record is None:
        if answer.is_failure:
            message = _("%(name)s is not in the library yet, and %(why)s Add it by hand, or try again later.")
        else:
            message = _("%(why)s Compare it letter by letter with your source, or add the work by hand.")
        return Found(Status.ADD, message % {"name": name, "why": answer.sentence}, prefill=_prefill(identifier))
    reference, is_new = _keep(answer, identifier, piece, by, at)
    if not is_new:
        return Found(Status.KNOWN, _("The library has it already."), [reference])
    message = _("Added from %(service)s: %(short)s. Check that it is the work you mean.") % {
        "service": answer.service,
        "short": cards.short(reference),
    }
    return Found(Status.CREATED, " ".join([message, *_what_was_repaired(identifier.repairs)]), [reference])


def _prefill(identifier):
    return {"isbn13" if identifier.kind == "isbn" else identifier.kind: identifier.display}


def _keep(answer, identifier, piece, by, at):
    """(reference, whether it is new): what was looked up, in the library once."""
    record = answer.record
    doi = str(record.csl.get("DOI") or "")
    known = Reference.objects.known_as(
        doi_key=doi.lower() or None, pmid=record.pmid or None, pmcid=record.pmcid or None
    )
    if reference := _current(known):
        return reference, False
    reference = Reference(
        csl=record.csl,
        doi=doi,
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
    try:
        with transaction.atomic():
            reference.save()
            changes.reference_edited.send(
                Reference, reference=reference, by=by, at=at, summary=_("Added from %s.") % answer.service
            )
            integrity.keep(reference, record.notices, stated=record.integrity, by=by, at=at)
    except IntegrityError:
        # Somebody else added it while we asked.
        if reference := _current(known.all()):
            return reference, False
        raise
    reference.refresh_from_db()
    return reference, True


def _what_was_repaired(codes):
    """A sentence about what was changed, in a list; empty when nothing was."""
    told = identifiers.REPAIRS | typed_lines.REPAIRS
    done = [told[code] for code in codes if code in told and code not in identifiers.HARMLESS]
    return [_("We %s.") % _(" and ").join(done)] if done else []


# Typed references ------------------------------------------------------------------------------------------


def _add_line(piece, by, at):
    """The adding.Added of one typed line; raises CannotAdd."""
    try:
        with transaction.atomic():
            added = adding.add_typed_line(piece)
            if added.is_new:
                summary = _("Added from a typed line.")
                changes.reference_edited.send(Reference, reference=added.reference, by=by, at=at, summary=summary)
            return added
    except IntegrityError as problem:
        raise adding.CannotAdd(_("Somebody else is adding this work right now. Paste it again.")) from problem


def _as_added(added):
    if not added.is_new:
        return Found(Status.KNOWN, _("The library has it already."), [added.reference])
    told = [_("Added: %s.") % cards.short(added.reference), *_what_was_repaired(added.reference.repairs)]
    if added.needs_lookup:
        told.append(_("Look it up before you rely on it."))
    return Found(Status.CREATED, " ".join(told), [added.reference])


def _without_a_line(piece, why, by, at):
    """No reference: an identifier somewhere in the words, else the words themselves."""
    inside = identifiers.doi(piece)
    if inside.is_usable:
        return _by_identifier(inside, piece, by, at)
    if references := search(piece):
        return Found(Status.CHOOSE, _hits(references), references)
    is_short = len(piece) <= 300 and "\n" not in piece
    message = _("Nothing in the library has all of these words.") + " "
    message += _("Paste the DOI or PMID of the work, or add it by hand.") if is_short else why
    return Found(Status.ADD, message, prefill={"title": " ".join(piece.split())[:300]})


def _hits(references):
    if not references:
        return _("Nothing in the library has all of these words.")
    return ngettext("%(count)s work in the library fits.", "%(count)s works in the library fit.", len(references)) % {
        "count": len(references)
    }


def _list(pieces, by, at):
    """Every piece for itself: one that cannot be read keeps no other from going in."""
    until = time.monotonic() + LOOKUP_SECONDS
    lines = [_line(piece, by, at, until) for piece in pieces]
    counts = {status: sum(line.status == status for line in lines) for status in Status}
    message = _("%(all)s references: %(new)s added, %(known)s known already, %(refused)s could not be read.") % {
        "all": len(lines), "new": counts[Status.CREATED], "known": counts[Status.KNOWN], "refused": counts[Status.ADD],
    }  # fmt: skip
    references = list({line.reference.pk: line.reference for line in lines if line.reference}.values())
    if not references:
        return Found(Status.ADD, message, lines=lines)
    if len(references) > MOST_SHOWN:
        message += " " + _("The first %s are shown here; all are in the library.") % MOST_SHOWN
    return Found(Status.CHOOSE, message, references[:MOST_SHOWN], lines=lines)


def _line(piece, by, at, until):
    identifier = lone_identifier(piece)
    if identifier is not None:
        if time.monotonic() > until:
            return Line(piece, Status.ADD, why=_("There was no time left to look this up. Paste it once more."))
        found = _by_identifier(identifier, piece, by, at)
        if found.status in (Status.KNOWN, Status.CREATED):
            return Line(piece, found.status, found.references[0])
        return Line(piece, Status.ADD, why=found.message)
    try:
        added = _add_line(piece, by, at)
    except adding.CannotAdd as problem:
        return Line(piece, Status.ADD, why=str(problem))
    return Line(piece, Status.CREATED if added.is_new else Status.KNOWN, added.reference)
