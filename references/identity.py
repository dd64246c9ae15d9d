"""Whether a record describes the work that its identifiers lead to.

A service's record is compared with ours and never overwrites it. Where they differ, a person is
offered the service's words and may accept them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from . import changes, csl
from .csl import Csl
from .formats import crossref, pubmed_xml
from .models import Identity, Integrity, Reference

#: How similar two titles of one work are, of 1. Stricter where no person looks at the record first.
SIMILAR, CERTAINLY_SIMILAR = 0.9, 0.92
_SHORTEST_MAIN_TITLE = 20


@dataclass(frozen=True)
class Comparison:
    """How far two records agree.

    `title` is how similar the titles are, of 1. `year` and `author` are None where one side says
    nothing.
    """

    title: float
    year: bool | None
    author: bool | None

    @property
    def is_same(self) -> bool:
        """Whether both are one work: nothing contradicts it, and more than the title says so."""
        parts = (self.year, self.author)
        return self.title >= SIMILAR and False not in parts and True in parts


def compare(ours: Csl, theirs: Csl) -> Comparison:
    """Return the Comparison of two CSL-JSON records."""
    our_year, their_year = csl.year(ours), csl.year(theirs)
    years = abs(our_year - their_year) <= 1 if our_year and their_year else None
    our_author, their_author = _surname(ours), _surname(theirs)
    authors = our_author == their_author if our_author and their_author else None
    return Comparison(_title_similarity(ours.get("title"), theirs.get("title")), years, authors)


def is_certainly_same(ours: Csl, theirs: Csl) -> bool:
    """Return whether a record found by its words alone may be taken without a person looking at it.

    Title, year and first author must agree, and also the volume, the first page or the DOI. The
    score that a service gives proves nothing.
    """
    comparison = compare(ours, theirs)
    if comparison.title < CERTAINLY_SIMILAR or not (comparison.year and comparison.author):
        return False
    return any(
        one and one == other
        for one, other in (
            (_lowered(ours.get("volume")), _lowered(theirs.get("volume"))),
            (_first_page(ours), _first_page(theirs)),
            (_lowered(ours.get("DOI")), _lowered(theirs.get("DOI"))),
        )
    )


def _title_similarity(ours, theirs):
    return max(
        (
            fuzz.ratio(csl.title_key(one), csl.title_key(other)) / 100
            for one in _titles(ours)
            for other in _titles(theirs)
        ),
        default=0.0,
    )


def _titles(title):
    """Yield the title, and the title without its subtitle where enough of it is left.

    Services and people often leave the subtitle off.
    """
    title = csl.without_tags(title)
    main = re.split(r"[:?.–—] ", title, maxsplit=1)[0]
    if csl.title_key(title):
        yield title
    if main != title and len(csl.title_key(main)) >= _SHORTEST_MAIN_TITLE:
        yield main


def _surname(record):
    """Return the first author's surname in letters only, with its particles in front.

    “van der Berg” gives the same however it is stored.
    """
    name = csl.first_contributor(record)
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = csl.family_or_literal(name)
    return csl.title_key(" ".join(str(part) for part in (*particles, family) if part))


def _lowered(value):
    return str(value or "").strip().lower()


def _first_page(record):
    return re.split(r"[-–—‐‑,;]", _lowered(record.get("page")), maxsplit=1)[0].strip()


# What a service says differently ---------------------------------------------------------------

#: The fields that a printed reference shows, with their names for people.
_FIELDS = {
    "title": lambda: _("title"),
    "author": lambda: _("authors"),
    "editor": lambda: _("editors"),
    "container-title": lambda: _("journal or book"),
    "issued": lambda: _("date"),
    "volume": lambda: _("volume"),
    "issue": lambda: _("issue"),
    "page": lambda: _("pages"),
    "edition": lambda: _("edition"),
}


@dataclass(frozen=True)
class Difference:
    """One field in which a service differs from us, both values as plain text.

    `ours` is "" where we say nothing. `is_human`: a person typed or corrected ours.
    """

    field: str
    name: str
    ours: str
    theirs: str
    source: str
    is_human: bool


def differences(reference: Reference) -> list[Difference]:
    """Return where the last answer about `reference` differs from it, field by field.

    Asks no service and no table.
    """
    theirs, source = record_in(reference.payload)
    if not theirs:
        return []
    return [
        Difference(
            name,
            label(),
            value_in_words(name, reference.csl.get(name)),
            value_in_words(name, theirs.get(name)),
            source,
            reference.field_source.get(name) == "human",
        )
        for name, label in _FIELDS.items()
        if theirs.get(name) and not _is_same_value(name, reference.csl, theirs)
    ]


def record_in(payload: object) -> tuple[Csl, str]:
    """Return (CSL-JSON, name of the service) of a stored answer; ({}, "") when there is none."""
    if not isinstance(payload, dict):
        return {}, ""
    if payload.get("format") == "pubmed_xml":
        return next(pubmed_xml.read(str(payload.get("xml") or ""))).csl, "PubMed"
    return crossref.record(payload).csl, "Crossref"


def value_in_words(field: str, value: object) -> str:
    """Return a CSL value as people read it."""
    if field in csl.NAME_FIELDS and isinstance(value, list):
        return ", ".join(
            " ".join(map(str, name.values())) for name in value if isinstance(name, dict)
        )
    if field in csl.DATE_FIELDS and isinstance(value, dict):
        parts = (value.get("date-parts") or [[]])[0]
        return "-".join(f"{part:02}" if isinstance(part, int) else str(part) for part in parts)
    return csl.without_tags(value) if isinstance(value, str) else str(value or "")


def _is_same_value(name, ours, theirs):
    if name in csl.NAME_FIELDS:
        return _people(ours.get(name)) == _people(theirs[name])
    if name == "issued":
        return csl.year(ours) == csl.year(theirs)
    if name == "container-title":
        journals = {
            csl.title_key(theirs.get(field))
            for field in ("container-title", "container-title-short")
        }
        return csl.title_key(ours.get(name)) in journals
    if name == "page":
        return _pages(ours.get(name)) == _pages(theirs[name])
    return csl.title_key(ours.get(name)) == csl.title_key(theirs[name])


def _pages(page):
    """Return first and last page in full: 1132–6 and 1132-1136 are the same."""
    first, *rest = re.split(r"\s*[-–—‐‑]+\s*", _lowered(page), maxsplit=1)
    last = rest[0] if rest else first
    return first, first[: len(first) - len(last)] + last if last.isdigit() else last


def _people(names):
    """Return surname and first initial of each: a line has initials where a service has names."""
    return [
        (
            csl.title_key(name.get("family") or name.get("literal")),
            csl.title_key(name.get("given"))[:1],
        )
        for name in (names if isinstance(names, list) else [])
        if isinstance(name, dict)
    ]


@transaction.atomic
def accept(reference: Reference, field: str, *, by: User, at: datetime) -> Reference:
    """Take one field from the service's answer, on the word of `by`.

    Does nothing where the field does not differ.
    """
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    difference = next((one for one in differences(reference) if one.field == field), None)
    if difference is None:
        return reference
    theirs, source = record_in(reference.payload)
    reference.csl[field] = theirs.get(field)
    reference.field_source[field] = source.lower()
    reference.save(update_fields=["csl", "field_source", "modified_at"])
    summary = _("Took from %(service)s: %(field)s, “%(theirs)s” instead of “%(ours)s”.") % {
        "service": source,
        "field": difference.name,
        "theirs": difference.theirs,
        "ours": difference.ours,
    }
    changes.reference_edited.send(Reference, reference=reference, by=by, at=at, summary=summary)
    return reference


@transaction.atomic
def verify(reference: Reference, *, by: User, at: datetime) -> Reference:
    """Note that `by` compared the record with the source itself, and that they agree."""
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    reference.identity = Identity.VERIFIED
    reference.identity_checked_by = by
    reference.identity_checked_at = at
    reference.save(update_fields=["identity", "identity_checked_by", "identity_checked_at"])
    changes.reference_edited.send(
        Reference,
        reference=reference,
        by=by,
        at=at,
        summary=_("Compared with the source itself: it is this work."),
    )
    return reference


#: Fields that say which work a record is about.
_DESCRIBING = {"title", "author", "editor", "issued"}


def after_edit(reference: Reference, fields: Iterable[str]) -> None:
    """Bring identity and integrity of `reference` (not saved yet) in line with a person's edit.

    `fields` are the CSL fields that changed. With another identifier, nothing is known any more: it
    has not been looked up. Other words are compared with the last answer; where there is none,
    nobody has compared them with anything.
    """
    if {"DOI", "PMID", "PMCID"} & set(fields):
        reference.payload = reference.payload_at = None
        if not reference.pk or not reference.notices.exists():
            reference.integrity, reference.integrity_checked_at = Integrity.UNCHECKED, None
    elif not _DESCRIBING & set(fields):
        return
    theirs, _source = record_in(reference.payload)
    has_identifier = any(reference.csl.get(name) for name in ("DOI", "PMID", "PMCID"))
    if theirs:
        state = Identity.RESOLVED if compare(reference.csl, theirs).is_same else Identity.MISMATCH
    else:
        state = Identity.UNRESOLVED if has_identifier else Identity.NO_IDENTIFIER
    if state != Identity.RESOLVED or reference.identity != Identity.VERIFIED:
        reference.identity, reference.identity_checked_by = state, None
