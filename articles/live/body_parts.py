"""Problems by the part of the body where people feel them, from head to foot."""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.models import LiveTerm
from articles.wording import BODY_PARTS, Words


@dataclass(frozen=True)
class PartOfBody:
    """A part of the body, and the problems of live pages that are there.

    `part` is a key of wording.BODY_PARTS; "" for those of which no page says where they are.
    """

    part: str
    name: Words
    conditions: list[LiveTerm]


def by_body_part(conditions: Iterable[LiveTerm]) -> list[PartOfBody]:
    """Return `conditions` by part of the body, each part in their order; empty parts are left out.

    A part that this version does not know counts as none: it stood in a text frozen by another one.
    """
    found: dict[str, list[LiveTerm]] = {part: [] for part in [*BODY_PARTS, ""]}
    for condition in conditions:
        found.get(condition.body_part, found[""]).append(condition)
    return [
        PartOfBody(part, BODY_PARTS.get(part, ""), here) for part, here in found.items() if here
    ]
