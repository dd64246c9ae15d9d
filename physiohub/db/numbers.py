"""Numbers that no column holds match nothing.

Django says so of a number compared with a column of numbers. Of a list of numbers, and of the key
of another row, it does not: SQLite then fails, so an address with twenty digits in it was a server
error. These lookups take the places of Django's.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignObject, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def is_held(number: Any) -> bool:
    """Whether a column may hold `number`; true of anything that is not a whole number."""
    return not isinstance(number, int) or _SMALLEST <= number <= _LARGEST


class _SameRow(RelatedExact):
    def process_rhs(self, compiler, connection):
        if not is_held(self.rhs):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)


class _OneOf(In):
    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if is_held(value)]
        return super().process_rhs(compiler, connection)


class _OneOfRows(_OneOf, RelatedIn):
    pass


def register() -> None:
    """Let all queries of the site use them."""
    IntegerField.register_lookup(_OneOf)
    ForeignObject.register_lookup(_SameRow)
    ForeignObject.register_lookup(_OneOfRows)
