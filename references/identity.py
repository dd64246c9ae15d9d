"""Whether a record describes the work its identifiers lead to, and what a service says that we do
not.

A looked-up record is compared with ours; it never overwrites it. What differs is offered, and
accepting it is an act.
"""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from . import changes, csl
from .formats import crossref, pubmed_xml
from .models import Identity, Integrity, Reference

#: How alike two titles of one work are, of 1. Stricter where nobody looks before a record is taken.
SIMILAR, SURELY_SIMILAR = 0.9, 0.92
_SHORTEST_MAIN_TITLE = 20


@dataclass(frozen=True)
class Comparison:
    """`title` is how alike the titles are, of 1.

    `year` and `author` are None where one side says nothing.
    """

    title: float
    year: bool | None
    author: bool | None

    @property
    def is_same(self):
        """Whether both describe one work.

        Nothing speaks against it, and more than the title speaks for it.
        """
        parts = (self.year, self.author)
        return self.title >= SIMILAR and False not in parts and True in parts


def compare(ours, theirs):
    """The Comparison of two CSL-JSON records."""
    our_year, their_year = csl.year(ours), csl.year(theirs)
    years = abs(our_year - their_year) <= 1 if our_year and their_year else None
    our_author, their_author = _surname(ours), _surname(theirs)
    authors = our_author == their_author if our_author and their_author else None
    return Comparison(_likeness(ours.get("title"), theirs.get("title")), years, authors)


def is_surely(ours, theirs):
    """Whether a record found by its words alone may be taken without a person looking at it.

    Title, year and first author must agree, and volume or first page or DOI besides: a service's
    score proves nothing.
    """
    found = compare(ours, theirs)
    alike = found.title >= SURELY_SIMILAR and found.year and found.author
    return bool(alike) and any(
        one and one == other
        for one, other in (
            (_plain(ours.get("volume")), _plain(theirs.get("volume"))),
            (_first_page(ours), _first_page(theirs)),
            (_plain(ours.get("DOI")), _plain(theirs.get("DOI"))),
        )
    )


def _likeness(ours, theirs):
    return max(
        (
            fuzz.ratio(csl.title_key(one), csl.title_key(other)) / 100
            for one in _titles(ours)
            for other in _titles(theirs)
        ),
        default=0.0,
    )


def _titles(title):
    """The title, and without its subtitle where that leaves enough of it.

    Services and people often leave it off.
    """
    title = csl.without_tags(title)
    main = re.split(r"[:?.–—] ", title, maxsplit=1)[0]
    if csl.title_key(title):
        yield title
    if main != title and len(csl.title_key(main)) >= _SHORTEST_MAIN_TITLE:
        yield main


def _surname(record):
    """The first author's surname in letters only, particles in front.

    “van der Berg” however it is stored.
    """
    names = record.get("author") or record.get("editor") or []
    first = names[0] if isinstance(names, list) and names and isinstance(names[0], dict) else {}
    particles = (first.get("dropping-particle"), first.get("non-dropping-particle"))
    family = first.get("family") or first.get("literal") or first.get("name")
    return csl.title_key(" ".join(str(part) for part in (*particles, family) if part))


def _plain(value):
    return str(value or "").strip().lower()


def _first_page(record):
    return re.split(r"[-–—‐‑,;]", _plain(record.get("page")), maxsplit=1)[0].strip()


# What a service says differently ---------------------------------------------------------------

#: The fields a printed reference shows, with their names for people.
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
    """One field that a service says differently: `ours` is "" where we say nothing.

    Both are plain text.
    """

    field: str
    name: str
    ours: str
    theirs: str
    source: str
    is_human: bool  # ours was typed or corrected by a person


def differences(reference):
    """What the last answer about `reference` says differently, field by field.

    Reads no network and no table.
    """
    theirs, source = record_in(reference.payload)
    if not theirs:
        return []
    return [
        Difference(
            name,
            label(),
            as_text(name, reference.csl.get(name)),
            as_text(name, theirs[name]),
            source,
            reference.field_source.get(name) == "human",
        )
        for name, label in _FIELDS.items()
        if theirs.get(name) and not _says_the_same(name, reference.csl, theirs)
    ]


def record_in(payload):
    """(CSL-JSON, name of the service) of a stored answer; ({}, "") when there is none."""
    if not isinstance(payload, dict):
        return {}, ""
    if payload.get("format") == "pubmed_xml":
        return next(pubmed_xml.read(str(payload.get("xml") or ""))).csl, "PubMed"
    return crossref.record(payload).csl, "Crossref"


def as_text(name, value):
    """A CSL value as people read it."""
    if name in csl.NAME_FIELDS and isinstance(value, list):
        return ", ".join(
            " ".join(map(str, name.values())) for name in value if isinstance(name, dict)
        )
    if name in csl.DATE_FIELDS and isinstance(value, dict):
        parts = (value.get("date-parts") or [[]])[0]
        return "-".join(f"{part:02}" if isinstance(part, int) else str(part) for part in parts)
    return csl.without_tags(value) if isinstance(value, str) else str(value or "")


def _says_the_same(name, ours, theirs):
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
    """First and last page in full: 1132–6 and 1132-1136 are the same."""
    first, *rest = re.split(r"\s*[-–—‐‑]+\s*", _plain(page), maxsplit=1)
    last = rest[0] if rest else first
    return first, first[: len(first) - len(last)] + last if last.isdigit() else last


def _people(names):
    """Surname and first initial of each: a line has initials where a service has names."""
    people = [name for name in names if isinstance(name, dict)] if isinstance(names, list) else []
    return [
        (
            csl.title_key(name.get("family") or name.get("literal")),
            csl.title_key(name.get("given"))[:1],
        )
        for name in people
    ]


@transaction.atomic
def accept(reference, field, *, by, at):
    """Take one field from the service's answer, on the word of `by`.

    Does nothing when nothing differs there.
    """
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    offered = next(
        (difference for difference in differences(reference) if difference.field == field), None
    )
    if offered is None:
        return reference
    theirs, source = record_in(reference.payload)
    reference.csl[field] = theirs[field]
    reference.field_source[field] = source.lower()
    reference.save(update_fields=["csl", "field_source", "modified_at"])
    summary = _("Took from %(service)s: %(field)s, “%(theirs)s” instead of “%(ours)s”.") % {
        "service": source,
        "field": offered.name,
        "theirs": offered.theirs,
        "ours": offered.ours,
    }
    changes.reference_edited.send(Reference, reference=reference, by=by, at=at, summary=summary)
    return reference


@transaction.atomic
def verify(reference, *, by, at):
    """Note that `by` compared the record with the source itself and found that they agree."""
    reference = Reference.objects.select_for_update().get(pk=reference.pk)
    reference.identity, reference.identity_checked_by, reference.identity_checked_at = (
        Identity.VERIFIED,
        by,
        at,
    )
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
_TELLING = {"title", "author", "editor", "issued"}


def after_edit(reference, fields):
    """Bring the standing of `reference` (not saved yet) in line with what a person changed: CSL
    field names.

    Another identifier has not been looked up, whatever was known of the old one. Other words are
    compared with the last answer; where there is none, nobody has compared them with anything.
    """
    if {"DOI", "PMID", "PMCID"} & set(fields):
        reference.payload = reference.payload_at = None
        if not reference.pk or not reference.notices.exists():
            reference.integrity, reference.integrity_checked_at = Integrity.UNCHECKED, None
    elif not _TELLING & set(fields):
        return
    theirs, _source = record_in(reference.payload)
    has_identifier = any(reference.csl.get(name) for name in ("DOI", "PMID", "PMCID"))
    if theirs:
        state = Identity.RESOLVED if compare(reference.csl, theirs).is_same else Identity.MISMATCH
    else:
        state = Identity.UNRESOLVED if has_identifier else Identity.NO_IDENTIFIER
    if state != Identity.RESOLVED or reference.identity != Identity.VERIFIED:
        reference.identity, reference.identity_checked_by = state, None
