"""A reference as lists, panels and search boxes show it."""

from typing import TypedDict

from django.utils.translation import gettext as _

from . import citing
from .models import Reference


class Card(TypedDict):
    """Plain JSON values about a reference. All of it is text that templates must escape.

    `text` is the printed reference, `short` is “Dunning 2014”. Each `…_label` is its neighbour in
    words.
    """

    id: int
    uid: str
    text: str
    short: str
    title: str
    year: int | None
    design: str
    design_label: str
    identity: str
    identity_label: str
    integrity: str
    integrity_label: str
    counts_as_evidence: bool


def card(reference: Reference) -> Card:
    """"""
    return {
        "id": reference.pk,
        "uid": str(reference.uid),
        "text": citing.ama(reference.csl) if reference.title else reference.raw,
        "short": short(reference),
        "title": reference.title,
        "year": reference.year,
        "design": reference.design,
        "design_label": reference.get_design_display() if reference.design else "",
        "identity": reference.identity,
        "identity_label": str(reference.get_identity_display()),
        "integrity": reference.integrity,
        "integrity_label": str(reference.get_integrity_display()),
        "counts_as_evidence": reference.counts_as_evidence,
    }


def short(reference: Reference) -> str:
    """Return “Dunning 2014”, as colleagues speak of it; the title where the record names nobody."""
    name = reference.first_author or (reference.title or reference.raw)[:40] or _("no author")
    return f"{name} {reference.year or _('no year')}"
