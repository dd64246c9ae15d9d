"""One function for each kind of identifier, from any text.

A text that is refused as one kind may hold another, which is then offered. That takes all grammars,
so these functions are not in the modules of the grammars.
"""

from dataclasses import replace

from .characters import pasted_text
from .dois import read_doi
from .identifier import Identifier
from .isbns import read_isbn
from .pubmed import read_pmcid, read_pmid


def _with_offer(identifier, pasted):
    """Return `identifier`.

    If it was rejected, with the one of another kind that `pasted` plainly is.
    """
    if not identifier.may_be_of_another_kind:
        return identifier
    others = (read_doi(pasted), read_pmid(pasted, one_box=True), read_pmcid(pasted))
    return replace(identifier, offered=next((other for other in others if other.is_usable), None))


def doi(pasted: object) -> Identifier:
    """Return the DOI in `pasted`: a bare DOI, a link, or text with a DOI in it (the first counts).

    The key is the DOI in lower case, because DOIs that differ only in case are the same DOI (DOI
    Handbook, “Numbering”). A DOI without its “10.” is repaired after a label or doi.org; alone it
    is only a candidate.

    >>> doi("https://doi.org/10.1136/BMJ.n71.").key
    '10.1136/bmj.n71'
    """
    text = pasted_text(pasted)
    return _with_offer(read_doi(text), text)


def pmid(pasted: object, *, one_box: bool = False) -> Identifier:
    """Return the PubMed number in `pasted`: 1 to 8 digits, with or without a label or address.

    With `one_box`, the text comes from a box that takes any identifier: there a number without a
    label is at most a candidate. Elsewhere, a number between 1800 and 2100 without a label may be a
    year, and so is a candidate too.
    """
    text = pasted_text(pasted)
    identifier = _with_offer(read_pmid(text, one_box=one_box), text)
    if identifier.offered and identifier.offered.kind == "pmcid":
        return replace(identifier, why="that is a PMCID")
    return identifier


def pmcid(pasted: object) -> Identifier:
    """Return the PubMed Central number in `pasted`: “PMC” and 1 to 8 digits, no version (“.1”)."""
    text = pasted_text(pasted)
    return _with_offer(read_pmcid(text), text)


def isbn(pasted: object) -> Identifier:
    """Return the ISBN in `pasted` as 13 digits, its check digit verified (ISO 2108).

    An ISBN-10 becomes its ISBN-13. That is not a repair: both name the same book. An ISMN, the
    number of printed music (979-0), is refused. A letter O is a candidate where a zero makes the
    check digit right.
    """
    text = pasted_text(pasted)
    return _with_offer(read_isbn(text), text)
