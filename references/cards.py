"""A reference as lists, panels and search boxes show it."""

from django.utils.translation import gettext as _

from . import citing


def card(reference):
    """Plain JSON values about `reference`.

    Everything in it is text, to be escaped wherever it is shown.
    """
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


def short(reference):
    """“Dunning 2014”, as colleagues speak of it; the title where nobody is named."""
    name = reference.first_author or (reference.title or reference.raw)[:40] or _("no author")
    return f"{name} {reference.year or _('no year')}"
