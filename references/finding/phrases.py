"""Names and sentences that several answers share."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from references import identifiers, typed_lines

NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN"}


def what_was_repaired(codes):
    """A sentence about what was changed, in a list; empty when nothing was."""
    told = identifiers.REPAIRS | typed_lines.REPAIRS
    done = [told[code] for code in codes if code in told and code not in identifiers.HARMLESS]
    return [_("We %s.") % _(" and ").join(done)] if done else []


def hits(references):
    """The sentence that says how many works the words were found in."""
    if not references:
        return _("Nothing in the library has all of these words.")
    return ngettext(
        "%(count)s work in the library fits.",
        "%(count)s works in the library fit.",
        len(references),
    ) % {"count": len(references)}
