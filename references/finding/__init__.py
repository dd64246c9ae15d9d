"""The one box: whatever a person pasted about a work, and the reference it leads to.

Tried in this order: an identifier, repaired by rule; typed references, one or a list; words to
search the library for. What the library has is never looked up, and what is looked up is never
asked for twice.
"""

from .found import Found, PastedLine, Status
from .library import search
from .one_box import by_pk, find, search_only
from .pasted import MOST_LETTERS
from .understanding import Understood, understand

__all__ = [
    "MOST_LETTERS",
    "Found",
    "PastedLine",
    "Status",
    "Understood",
    "by_pk",
    "find",
    "search",
    "search_only",
    "understand",
]
