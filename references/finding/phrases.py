"""Names and sentences that several answers share."""

from collections.abc import Iterable, Sized

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from references import identifiers, typed_lines

NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN"}


def what_was_repaired(codes: Iterable[str]) -> list[str]:
    """Return the sentence about what was repaired, in a list; an empty list when nothing was."""
    phrases = identifiers.REPAIRS | typed_lines.REPAIRS
    repairs = [
        phrases[code] for code in codes if code in phrases and code not in identifiers.HARMLESS
    ]
    return [_("We %s.") % _(" and ").join(repairs)] if repairs else []


def hits(references: Sized) -> str:
    """Return the sentence that says how many works have the words."""
    if not references:
        return _("Nothing in the library has all of these words.")
    return ngettext(
        "%(count)s work in the library fits.",
        "%(count)s works in the library fit.",
        len(references),
    ) % {"count": len(references)}
