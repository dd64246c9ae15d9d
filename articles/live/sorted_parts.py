"""Long lists, read page by page: each page begins where the one before it ended.

A list is a sequence of parts, each in the order of an index. A page is found by the key of a row in
its address, so it costs the same at the end of the list as at its beginning. A page that is asked
for by its number alone is counted off in the index, up to a bound.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

#: No more rows than this are counted off to find a page by its number.
MOST_SKIPPED = 60_000


class NoSuchPage(LookupError):
    """The list has no such page."""


@dataclass(frozen=True)
class SortedPart:
    """Rows in the order of `order` and their primary key, of which there are `count`."""

    rows: QuerySet
    order: tuple[str, ...]
    count: int

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.order, "pk")


@dataclass(frozen=True)
class PageOfParts:
    """A page of a list, in the words of Django's paginator; `previous` and `following` lead on."""

    rows: list[Any]
    number: int
    num_pages: int
    previous: str  # what the address says for the page before; "" where there is none
    following: str

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class SortedParts:
    """All parts of a list, in its order."""

    parts: Sequence[SortedPart]
    #: All rows in this order: what fits on one page is read in one query.
    whole: QuerySet

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    def page(
        self, number: int, size: int, *, after: str = "", before: str = "", name: str = "page"
    ) -> PageOfParts:
        """Return a page of `size` rows.

        `after` and `before` are keys that addresses of other pages gave; one that makes no sense is
        passed over. Raises NoSuchPage. A query for each part that it has rows of, and two where it
        is asked for by its number alone.
        """
        num_pages = max(1, -(-self.count // size))
        if not 1 <= number <= num_pages:
            raise NoSuchPage
        if num_pages == 1:
            return PageOfParts(list(self.whole[:size]), 1, 1, "", "")
        if number > 1 and (place := self._place(after)):
            rows = self._from(place, size)
        elif number > 1 and (place := self._place(before)):
            rows = self._back_from(place, size)
        else:
            rows = self._skipped((number - 1) * size, size)
        back = f"{number - 1}&{name}_before={self._key(rows[0])}" if rows and number > 2 else ""
        on = f"{number + 1}&{name}_after={self._key(rows[-1])}" if rows else ""
        return PageOfParts(
            [row for _part, row in rows],
            number,
            num_pages,
            back or ("1" if number > 1 else ""),
            on if number < num_pages else "",
        )

    def _from(self, place: "_Place", size: int) -> list[tuple[int, Any]]:
        found: list[tuple[int, Any]] = []
        for at in range(place.part, len(self.parts)):
            part = self.parts[at]
            rows = part.rows.order_by(*part.fields)
            if at == place.part:
                rows = rows.filter(_beyond(part.fields, place.values, "gt"))
            found += [(at, row) for row in rows[: size - len(found)]]
            if len(found) == size:
                break
        return found

    def _back_from(self, place: "_Place", size: int) -> list[tuple[int, Any]]:
        found: list[tuple[int, Any]] = []
        for at in range(place.part, -1, -1):
            part = self.parts[at]
            rows = part.rows.order_by(*(f"-{field}" for field in part.fields))
            if at == place.part:
                rows = rows.filter(_beyond(part.fields, place.values, "lt"))
            found += [(at, row) for row in rows[: size - len(found)]]
            if len(found) == size:
                break
        return found[::-1]

    def _skipped(self, skipped: int, size: int) -> list[tuple[int, Any]]:
        """Return the rows after so many. What is counted off is read from the index alone."""
        if skipped > MOST_SKIPPED:
            raise NoSuchPage
        found: list[tuple[int, Any]] = []
        for at, part in enumerate(self.parts):
            if skipped >= part.count:
                skipped -= part.count
                continue
            rows = part.rows.order_by(*part.fields)
            wanted = size - len(found)
            if skipped:
                pks = rows.values("pk")[skipped : skipped + wanted]
                rows = rows.filter(pk__in=pks)
            found += [(at, row) for row in rows[:wanted]]
            skipped = 0
            if len(found) == size:
                break
        return found

    def _key(self, found: tuple[int, Any]) -> str:
        at, row = found
        values = [getattr(row, field) for field in self.parts[at].fields]
        return urlsafe_b64encode(json.dumps([at, *values]).encode()).decode().rstrip("=")

    def _place(self, key: str) -> "_Place | None":
        try:
            at, *values = json.loads(urlsafe_b64decode(f"{key}=="))
            part = self.parts[at]
        except (ValueError, TypeError, IndexError):
            return None
        is_whole = len(values) == len(part.fields) and isinstance(at, int) and at >= 0
        kinds = [_kind_of(part, field) for field in part.fields]
        if not is_whole or [type(value) for value in values] != kinds:
            return None
        return _Place(at, values)


@dataclass(frozen=True)
class _Place:
    part: int
    values: list[Any]


def _kind_of(part: SortedPart, field: str) -> type:
    meta = part.rows.model._meta
    found = meta.pk if field == "pk" else meta.get_field(field)
    return str if found.get_internal_type() in {"CharField", "TextField"} else int  # type: ignore[union-attr]


def _beyond(fields: Sequence[str], values: Sequence[Any], way: str) -> Q:
    """Return the condition that the fields come after (`gt`) or before (`lt`) the values.

    The first field is bounded by itself too, so that an index leads to the place.
    """
    alternatives = Q()
    for at, field in enumerate(fields):
        same = Q(**dict(zip(fields[:at], values[:at], strict=True)))
        alternatives |= same & Q(**{f"{field}__{way}": values[at]})
    return Q(**{f"{fields[0]}__{way}e": values[0]}) & alternatives
