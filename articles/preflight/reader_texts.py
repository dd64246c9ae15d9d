"""Every text a reader gets, and what carries it: its own claim, the claims of the page, or nothing.

What an article is made of stands in articles.revisions.contents; a text that is added there is read
here too.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from articles.models import Certainty
from articles.revisions import contents
from articles.revisions.frozen_content import AnyContent, FrozenClaim
from articles.richtext.blocks import named_blocks
from articles.richtext.markers import Span, text_and_spans

#: What these say rests on the claims of the page: they sum it up.
_SUMS_UP = frozenset({"title", "kicker", "summary", "key_points"})
#: Who paid and what somebody may gain is said of people, not of a treatment.
_LONGEST_PLACE = 80

_RANK = {
    Certainty.HIGH: 5, Certainty.MODERATE: 4, Certainty.LOW: 3, Certainty.NOT_RATED: 2,
    Certainty.VERY_LOW: 1, Certainty.NONE: 0,
}  # fmt: skip


class Carried(Enum):
    """What stands behind a text."""

    BY_CLAIM = "claim"  # its own claim, with its certainty
    BY_PAGE = "page"  # the surest claim of the page
    BY_NOTHING = "nothing"


@dataclass(frozen=True)
class ReaderText:
    """A plain text that a reader gets."""

    text: str
    #: Uid of its row, name of the article's value, or name of the block of the body.
    place: str
    carried: Carried
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
    return max(claims, key=lambda claim: _RANK[Certainty(claim["certainty"])], default=None)


def reader_texts(content: AnyContent) -> Iterator[ReaderText]:
    """Yield every text of `content` that its author wrote for readers, in the order of the page."""
    claims = {claim["key"]: claim for claim in content["claims"]}
    best = surest(content["claims"])
    for part in contents.CONTENTS:
        carried = Carried.BY_PAGE if part.name in _SUMS_UP else Carried.BY_NOTHING
        carrier = best if carried is Carried.BY_PAGE else None
        if part.name == "body":
            yield from _of_body(content["body"], claims)
        elif isinstance(part, contents.Rows):
            if part.is_own:
                yield from _of_rows(part, content, claims, carried, carrier)
        elif part.is_explained and content.get(part.name):
            yield ReaderText(content[part.name], part.name, carried, carrier)
    yield from _of_evidence(content)


def place_of_block(name: str) -> str:
    """Return the place of a block of the body, at most 80 letters long."""
    if len(name) <= _LONGEST_PLACE:
        return name
    return f"text:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _of_body(body: str, claims: dict[str, FrozenClaim]) -> Iterator[ReaderText]:
    for name, html in named_blocks(body):
        text, spans = text_and_spans(html)
        carriers = tuple((span, claims[span.key]) for span in spans if span.key in claims)
        yield ReaderText(text, place_of_block(name), Carried.BY_NOTHING, spans=carriers)


def _of_rows(part, content, claims, carried, carrier):
    for row in part.in_content(content):
        claim = claims.get(row["claim"]) if part.is_claim else None
        for value in part.values:
            text = _text_of(row, value)
            if not text:
                continue
            if claim:
                # The claim's own words are signed for with the claim, its note with the row.
                place = claim["uid"] if text == claim["text"] else row["uid"]
                yield ReaderText(text, place, Carried.BY_CLAIM, claim)
            else:
                yield ReaderText(text, row["uid"], carried, carrier)


def _text_of(row, value):
    if not value.is_explained and value.name != "picture":
        return ""
    frozen = row[value.name]
    if value.describe is contents.as_term:
        return frozen["name"]
    return frozen["alt"] if value.name == "picture" else frozen


def _of_evidence(content: AnyContent) -> Iterator[ReaderText]:
    """The notes that readers find with the evidence of a claim."""
    for claim in content["claims"]:
        for citation in claim["citations"]:
            if citation["note"]:
                yield ReaderText(citation["note"], claim["uid"], Carried.BY_CLAIM, claim)
