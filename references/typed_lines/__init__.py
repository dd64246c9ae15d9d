"""Reading typed references into CSL-JSON; and splitting a pasted list.

The styles are AMA and Vancouver, and APA and Harvard, which have the year behind the authors.

A reference is read from its end. What closes it (identifiers, address, date of access) is
recognised by its form and taken off. The imprint tells which kind of work it is. Only then is the
front split into authors and title. So a full stop inside a title does no harm, and a line without
an imprint is refused rather than guessed.
"""

from .lists import (
    begins_with_a_person,
    closes_the_line_before,
    is_cut_in_a_range,
    is_numbered,
    placed,
    split_references,
)
from .mending import REPAIRS, mend
from .parsing import InDoubt, NotAReference, TypedReference, parse

__all__ = [
    "REPAIRS",
    "InDoubt",
    "NotAReference",
    "TypedReference",
    "begins_with_a_person",
    "closes_the_line_before",
    "is_cut_in_a_range",
    "is_numbered",
    "mend",
    "parse",
    "placed",
    "split_references",
]
