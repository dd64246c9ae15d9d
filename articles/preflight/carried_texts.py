"""Every text a reader gets, and what carries it: its own claim, the claims of the page, or nothing.

Which texts these are stands in articles.revisions.contents; one that is added there is read here.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from articles.models import Certainty
from articles.revisions import contents
from articles.revisions.frozen_content import FrozenClaim, FrozenContent
from articles.richtext.blocks import named_blocks
from articles.richtext.markers import Span, text_and_spans

#: These sum the page up: they rest on its claims.
_SUMS_UP = frozenset({"title", "kicker", "summary"})
_LONGEST_PLACE = 80
#: A claim that nobody rated may be a plain fact. It carries a page only where no claim is rated.
_FROM_LEAST_SURE = (
    Certainty.NOT_RATED,
    Certainty.NONE,
    Certainty.VERY_LOW,
    Certainty.LOW,
    Certainty.MODERATE,
    Certainty.HIGH,
)


class Carrier(Enum):
    """What stands behind a text."""

    CLAIM = "claim"  # its own, with its certainty
    PAGE = "page"  # the surest claim of the page
    NOTHING = "nothing"


@dataclass(frozen=True)
class CarriedText:
    """A plain text that a reader gets."""

    text: str
    #: Uid of its row, name of the article's value, or name of the block of the body.
    place: str
    carrier: Carrier
    claim: FrozenClaim | None = None  # that carries it all
    spans: tuple[tuple[Span, FrozenClaim], ...] = field(default=())  # parts that are claims

    def claim_at(self, start: int, end: int) -> FrozenClaim | None:
        """Return the claim that carries the words from `start` to `end`, if one does."""
        for span, claim in self.spans:
            if span.start < end and start < span.end:
                return claim
        return self.claim


def surest(claims: list[FrozenClaim]) -> FrozenClaim | None:
    """Return the claim with the highest certainty; None where there is no claim."""
    return max(
        claims,
        key=lambda claim: _FROM_LEAST_SURE.index(Certainty(claim["certainty"])),
        default=None,
    )


def carried_texts(content: FrozenContent) -> Iterator[CarriedText]:
    """Yield every text of `content` that its author wrote for readers, list by list.

    The alternative texts of pictures and the notes beside the evidence are among them.
    """
    claims = {claim["key"]: claim for claim in content["claims"]}
    claim_of_row = {
        row["uid"]: claims[row["claim"]]
        for _rows, row in contents.rows_that_are_claims(content)
        if row["claim"] in claims
    }
    key_points = {row["uid"] for row in content["key_points"]}
    best = surest(content["claims"])
    for text, value, uid in contents.texts_for_readers(content):
        if value.name == "body":
            yield from _of_body(text, claims)
        elif not text:
            continue
        elif claim := claim_of_row.get(uid):
            # The claim's own words are signed for with the claim, a note with its row.
            place = claim["uid"] if text == claim["text"] else uid
            yield CarriedText(text, place, Carrier.CLAIM, claim)
        elif value.name in _SUMS_UP or uid in key_points:
            yield CarriedText(text, uid or value.name, Carrier.PAGE, best)
        else:
            yield CarriedText(text, uid or value.name, Carrier.NOTHING)
    for row in content.get("pictures", ()):
        if row["picture"]["alt"]:
            yield CarriedText(row["picture"]["alt"], row["uid"], Carrier.NOTHING)
    for claim in content["claims"]:
        for citation in claim["citations"]:
            if citation["note"]:
                yield CarriedText(citation["note"], claim["uid"], Carrier.CLAIM, claim)


def place_of_block(name: str) -> str:
    """Return the place of a block of the body, at most 80 letters long."""
    if len(name) <= _LONGEST_PLACE:
        return name
    return f"text:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _of_body(body: str, claims: dict[str, FrozenClaim]) -> Iterator[CarriedText]:
    for name, html in named_blocks(body):
        text, spans = text_and_spans(html)
        carriers = tuple((span, claims[span.key]) for span in spans if span.key in claims)
        yield CarriedText(text, place_of_block(name), Carrier.NOTHING, spans=carriers)
