"""DOI, PMID, PMCID and ISBN as people paste them, brought to the one form they are stored and
compared in.

Four functions, one per grammar, each from any text to an Identifier. Nothing is looked up and
nothing is guessed beyond the rules in the tables here; every change carries a code, so that the
author can be told what was done. All of them read a text of n characters in time that grows with n,
whatever is in it.
"""

from .identifier import HARMLESS, REPAIRS, Identifier, Status
from .reading import doi, isbn, pmcid, pmid

__all__ = ["HARMLESS", "REPAIRS", "Identifier", "Status", "doi", "isbn", "pmcid", "pmid"]
