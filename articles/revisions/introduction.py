"""The introduction of a text: what the treatment is, before who should not have it. Pure."""

from articles.models.claims import Direction
from articles.richtext.blocks import first_part
from articles.richtext.cleaning import plain_text
from articles.richtext.markers import claims_in

from .frozen_content import FrozenContent

#: A longer beginning is no introduction. Authors are asked for three sentences of at most 20 words;
#: a few more do no harm.
MOST_WORDS = 120


def split_introduction(content: FrozenContent) -> tuple[str, str]:
    """Return (introduction, rest) of the body.

    Together they are the body without its empty headings.

    The introduction is all before the second heading. It is "" where that is longer than
    MOST_WORDS, or says what the treatment is good for: safety comes before benefits.
    """
    first, rest = first_part(content["body"])
    if len(plain_text(first).split()) > MOST_WORDS or _promises_benefit(first, content):
        return "", first + rest
    return first, rest


def _promises_benefit(html: str, content: FrozenContent) -> bool:
    good = {claim["key"] for claim in content["claims"] if claim["direction"] == Direction.BETTER}
    return any(marked.key in good for marked in claims_in(html))
