"""DOI, PMID, PMCID and ISBN as people paste them, in the one form they are stored and compared in.

There are four functions, one for each grammar, from any text to an Identifier. Nothing is looked
up, and nothing is guessed beyond the rules in the tables here. Every change has a code, so that the
author can be told what was done. The time to read a text grows with its length, whatever is in it.
"""

from .identifier import HARMLESS, REPAIRS, Identifier, Status
from .reading import doi, isbn, pmcid, pmid

__all__ = ["HARMLESS", "REPAIRS", "Identifier", "Status", "doi", "isbn", "pmcid", "pmid"]
