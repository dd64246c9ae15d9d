"""One typed reference, in AMA or Vancouver style, read into CSL-JSON; and a pasted list taken apart
into lines.

A reference is read from its end. What closes it (identifiers, address, date of access) is
recognised by its form and taken off; the imprint tells which kind of work it is; only then does the
front fall into authors and title. So a full stop inside a title does no harm, and a line that has
no imprint is refused rather than guessed.
"""

from .lists import begins_with_a_person, is_cut_in_a_range, placed, split_list
from .mending import REPAIRS, mend
from .parsing import NotAReference, TypedReference, parse

__all__ = [
    "REPAIRS",
    "NotAReference",
    "TypedReference",
    "begins_with_a_person",
    "is_cut_in_a_range",
    "mend",
    "parse",
    "placed",
    "split_list",
]
