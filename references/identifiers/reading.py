"""One function for each kind of identifier, from any text.

A text that is refused as one kind may hold another, which is then offered: that takes all the
grammars, and is why these functions stand apart from them.
"""

from dataclasses import replace

from .characters import as_text
from .dois import settled_doi
from .identifier import Status
from .isbns import read_isbn
from .pubmed import read_pmcid, read_pmid


def _with_offer(found, pasted):
    """`found`, and if it was rejected, the identifier of another kind that `pasted` plainly is."""
    if found.status != Status.REJECTED or not found.why.startswith("not a"):
        return found
    others = (settled_doi(pasted), read_pmid(pasted, one_box=True), read_pmcid(pasted))
    return replace(found, offered=next((other for other in others if other.is_usable), None))


def doi(pasted):
    """The DOI in `pasted`: a bare DOI, a link, or a line of text with one in it (the first counts).

    The key is the DOI in lower case, because DOIs that differ only in case are the same DOI (DOI
    Handbook, "Numbering"). A DOI without its "10." is repaired behind a label or doi.org; alone it
    is only a candidate.

    >>> doi("https://doi.org/10.1136/BMJ.n71.").key
    '10.1136/bmj.n71'
    """
    pasted = as_text(pasted)
    return _with_offer(settled_doi(pasted), pasted)


def pmid(pasted, *, one_box=False):
    """The PubMed number in `pasted`: 1 to 8 digits, no leading zero, with or without a label or
    address.

    With `one_box` the text comes from a box that takes any identifier: there a bare number is never
    more than a candidate. A number between 1800 and 2100 without a label is taken for a year.
    """
    pasted = as_text(pasted)
    found = _with_offer(read_pmid(pasted, one_box=one_box), pasted)
    if found.offered and found.offered.kind == "pmcid":
        return replace(found, why="that is a PMCID")
    return found


def pmcid(pasted):
    """The PubMed Central number in `pasted`, as "PMC" and 1 to 8 digits.

    A version (".1") is left off.
    """
    pasted = as_text(pasted)
    return _with_offer(read_pmcid(pasted), pasted)


def isbn(pasted):
    """The ISBN in `pasted` as 13 digits without hyphens, its check digit verified (ISO 2108).

    An ISBN-10 becomes its ISBN-13, which is not a repair: both name the same book. ISMN, the number
    of printed music (979-0), is refused. A letter O where a zero makes the check digit right is a
    candidate.
    """
    pasted = as_text(pasted)
    return _with_offer(read_isbn(pasted), pasted)
