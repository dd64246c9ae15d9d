"""The one box: a person pastes anything about a work, and gets the reference it leads to.

It is read in this order: as an identifier, repaired by rule; as typed references, one or a list; as
words to search the library for. What the library has is not looked up, and no service is asked
twice.
"""

from .found import Found, PastedLine, Status
from .library import search
from .one_box import by_pk, find_or_add, search_only
from .pasted import MOST_LETTERS
from .understanding import Understood, understand

__all__ = [
    "MOST_LETTERS",
    "Found",
    "PastedLine",
    "Status",
    "Understood",
    "by_pk",
    "find_or_add",
    "search",
    "search_only",
    "understand",
]
