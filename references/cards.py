"""A reference in a few plain values, for lists that scripts show."""

from . import citing


def card(reference):
    """{"id", "uid", "text" (the AMA line, plain text), "short", "title", "year", "design", …}; plain JSON values.

    Everything in it is text for a script to show as text, never HTML. No query.
    """
    return {
        "id": reference.pk,
        "uid": str(reference.uid),
        "text": citing.ama(reference.csl) if reference.title else reference.raw,
        "short": f"{reference.first_author or (reference.title or reference.raw)[:40]} {reference.year or ''}".strip(),
        "title": reference.title,
        "year": reference.year,
        "design": reference.design,
        "design_label": str(reference.get_design_display()) if reference.design else "",
        "identity": reference.identity,
        "identity_label": str(reference.get_identity_display()),
        "integrity": reference.integrity,
        "integrity_label": str(reference.get_integrity_display()),
        "counts_as_evidence": reference.counts_as_evidence,
    }
